"""The session in the sidebar: what is saved there opens again in another session, whatever stood on its pages
before."""

import json
from functools import cache
from io import BytesIO

import pytest
from openpyxl import load_workbook
from walking import ROOT, XLSX, go, opened, option, said

from lib.ledger import Ledger
from pages.frame import kept

pytestmark = pytest.mark.made_once


@cache
def own():
    """The example as somebody's own file: its content is another."""
    content = BytesIO()
    load_workbook(ROOT / "data" / "pomalidomide_cohort.xlsx").save(content)
    return "mine.xlsx", content.getvalue(), XLSX


def newer():
    """The same with one patient more."""
    book, content = load_workbook(BytesIO(own()[1])), BytesIO()
    like = next(book["Patients"].iter_rows(min_row=2, values_only=True))
    book["Patients"].append(["P99", *like[1:]])
    book["Endpoints"].append(["P99", "os", 20, "months", 0])
    book.save(content)
    return "newer.xlsx", content.getvalue(), XLSX


@pytest.fixture
def save(monkeypatch):
    """Saves the session of an app, as pressing Save session would."""
    makers, original = [], kept._maker
    monkeypatch.setattr(kept, "_maker", lambda analysis: makers.append(original(analysis)) or makers[-1])

    def press(app):
        app.session_state["session menu"] = True
        app.run()
        assert not app.exception
        return makers[-1]()

    return press


def drop(app, *files):
    """Put files into the upload box of the page."""
    app.file_uploader(key="upload").set_value(list(files)).run()
    assert not app.exception
    return app


def session_file(content):
    return "any name.json", content, "application/json"


def arranged():
    """Somebody's own file with a grouping, an endpoint, a tab and options, on several pages."""
    app = go(drop(opened(), own()), "survival")
    app.get_by_key("compare by").set_value("sex").run()
    app.get_by_key("endpoint").set_value("os").run()
    option(app, "ci_scale").set_value("plain").run()
    app.session_state["survival tab"] = "Models and subgroups"
    app.run()
    option(go(app, "swimmer"), "sort").set_value("Best response").run()
    app = go(app, "report")
    app.segmented_control(key="report kind").set_value("zip").run()
    app.pills(key="report table formats").set_value(["tex"]).run()
    return app


@pytest.fixture(scope="module")
def kept_once():
    """What was saved of `arranged`, made once."""
    return []


@pytest.fixture
def saved(kept_once, save):
    if not kept_once:
        kept_once.append(save(arranged()))
    return kept_once[0]


def test_a_session_opens_in_another_and_what_it_does_not_say_is_as_usual(save, saved):
    written = json.loads(saved)
    assert written["shown"] == {"endpoint": "os", "survival tab": "models"} and written["view"]["by"] == ["sex"]
    assert written["formats"] == ["svg", "pdf", "png", "tex"]
    assert written["options"]["swimmer.plot"] == {"sort": "Best response"} and "mine" not in saved.decode()
    other = opened("toxicity")  # where something else was chosen
    option(other, "period").set_value(
        "first 30 days" if "first 30 days" in option(other, "period").options else option(other, "period").options[1]
    ).run()
    drop(go(other, "home"), own(), session_file(saved))
    assert "Same file." in said(other.caption)
    again = json.loads(save(other))
    assert {name: again[name] for name in written} == written
    go(other, "survival")
    assert dict(other.query_params) == {
        "cohort": written["fingerprint"][:8],
        "by": "sex",
        "endpoint": "os",
        "tab": "models",
    }
    assert not other.sidebar.warning
    other.button(key="dismiss changes").click().run()
    assert "The session is open" not in said(other.caption)


def test_a_session_waits_for_its_file_and_can_be_forgotten(saved):
    app = drop(opened(), session_file(saved))
    assert "16 patients) waits for its file" in said(app.info)
    app.button(key="forget session page").click().run()
    assert not app.info
    drop(app, own())
    assert "The session is open" not in said(app.caption) and "by" not in app.query_params
    app = drop(opened(), session_file(saved))
    drop(app, newer())
    assert "One patient more: 17, were 16." in said(app.caption) and app.query_params["by"] == "sex"
    assert "Same file." not in said(app.caption)


def test_the_session_of_an_example_needs_no_file(save):
    app = opened()
    app.get_by_key("compare by").set_value("sex").run()
    again = drop(opened(), session_file(save(app)))
    assert "Same file." in said(again.caption) and again.query_params["by"] == "sex"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "This is not a saved session"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"sheets": []}', "saved answers about columns"),
        (b'{"version":1,"fingerprint":"a","n":1,"view":{},"rows":[]}', "rows: it is not known here"),
    ],
)
def test_a_file_that_is_no_session_changes_nothing_and_is_refused_in_one_sentence(content, words):
    app = drop(opened(), session_file(content))
    assert words in said(app.error) and app.query_params["cohort"] == "286337f1"
    drop(app, own())
    assert not app.error and app.query_params["cohort"] != "286337f1"


def test_the_link_is_that_of_the_address_and_names_no_patient(save):
    app = go(drop(opened(), own()), "survival")
    app.get_by_key("compare by").set_value("sex").run()
    app.get_by_key("endpoint").set_value("os").run()
    save(app)
    assert app.query_params["by"] == "sex" and app.query_params["endpoint"] == "os"
    (link,) = app.sidebar.code
    assert all(f"{name}={value}" in link.value for name, value in app.query_params.items())
    go(app, "patient")
    app.button(key="Next patient").click().run()
    save(app)
    (link,) = app.sidebar.code
    assert "patient=" not in link.value and app.get_by_key("patient box").value not in link.value.partition("?")[2]


def looked_at(app):
    """The ledger of the open workbook."""
    found = app.session_state["ledgers"] if "ledgers" in app.session_state else {}  # noqa: SIM401
    return found.get(app.session_state["cohort"].fingerprint, Ledger())


def test_comparisons_and_masking_of_a_session_count_on_for_its_file_alone(save):
    app = go(drop(opened(), own()), "survival")
    app.get_by_key("compare by").set_value("sex").run()
    app.get_by_key("compare by").set_value("arm").run()
    go(app, "report").number_input(key="mask below").set_value(4).run()
    content = save(app)
    saved = json.loads(content)
    assert saved["mask_below"] == 4 and len(saved["ledger"]) > 1
    other = drop(opened(), own(), session_file(content))
    ledger = looked_at(other)
    assert set(saved["ledger"][0].values()) == set(vars(ledger.looks[0]).values()) and len(ledger) >= len(
        saved["ledger"]
    )
    assert go(other, "report").number_input(key="mask below").value == 4
    go(other, "baseline")
    assert "Counts below 4 are masked." in said(other.caption)
    elsewhere = json.dumps(saved | {"fingerprint": "0" * 64}).encode()
    third = drop(opened(), own(), session_file(elsewhere))
    assert f"{len(saved['ledger'])} comparisons looked at then, in the other file: counting begins again." in said(
        third.caption
    )
    assert not looked_at(third)
