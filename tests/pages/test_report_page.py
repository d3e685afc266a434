"""The report: ticked on any page, ordered and named on Report, made in the background of what stands on the screen."""

import json
from threading import Event

import pytest
from walking import charts, go, opened, option, places, said

import lib.export.report
import lib.survival.summary
from lib.export.methods_text import methods_paragraph
from lib.export.report import Made
from lib.publication.spec import Failed
from lib.survival.kaplan_meier import KAPLAN_MEIER
from pages.frame import background, report_making

pytestmark = pytest.mark.made_once

CURVES, MEDIANS = "survival.ttp", "survival.ttp.summary"


@pytest.fixture(autouse=True)
def pool(monkeypatch):
    """A server's own pool, so that no test waits for the work of another."""
    found = background.Pool()
    monkeypatch.setattr(background, "pool", lambda: found)


@pytest.fixture
def written(monkeypatch):
    """Documents as JSON: what the report holds, without the time that Word needs. `hold` keeps them from being
    written."""

    class Writer:
        hold: Event | None = None

        def __call__(self, report, kind, form, _formats, progress):
            progress(0, 2, "Writing")
            if self.hold is not None:
                assert self.hold.wait(20)
            progress(1, 2, "Packing")
            parts = [
                {"id": part.exhibit.id, "heading": part.heading, "words": part.words}
                | {"failed": isinstance(part.exhibit, Failed)}
                | (
                    {}
                    if isinstance(part.exhibit, Failed)
                    else {"n": part.exhibit.n, "all": repr(part.exhibit), "numbers": repr(part.exhibit.numbers)}
                )
                for part in report.parts
            ]
            of = {
                "title": report.title,
                "kind": kind,
                "of": report.provenance.sentence,
                "size": form.size,
                "methods": report.with_methods,
            }
            failed = tuple(part.exhibit for part in report.parts if isinstance(part.exhibit, Failed))
            return Made(json.dumps(of | {"parts": parts}).encode(), failed)

    writer = Writer()
    monkeypatch.setattr(lib.export.report, "report_made", writer)
    return writer


def box_of(app, exhibit_id):
    (box,) = (each for each in app.checkbox if str(each.key).rpartition(" ")[0] == f"in report {exhibit_id}")
    return box


def tick(app, exhibit_id, ticked=True):
    box = box_of(app, exhibit_id)
    (box.check() if ticked else box.uncheck()).run()
    assert not app.exception, app.exception


def make(app):
    app.button(key="make report").click().run()
    for _ in range(200):
        if not app.session_state["report job"].job.is_active:
            break
        Event().wait(0.05)
    app.run()
    assert not app.exception, app.exception


def result(app):
    job = app.session_state["report job"].job
    assert job.state == "done", job.state
    return json.loads(job.result.content)


def listed(app):
    return app.radio(key="report item").options


def test_what_is_ticked_beside_export_stands_on_the_report_page_and_the_other_way_round():
    app = opened("survival")
    tick(app, MEDIANS)
    tick(app, CURVES)
    go(app, "report")
    assert [name.replace("\\", "") for name in listed(app)] == [
        "1. Medians and comparison: Time to progression",
        "2. Kaplan-Meier curves: Time to progression",
    ]
    app.button(key="report Down").click().run()
    assert "Kaplan-Meier" in listed(app)[0] and app.radio(key="report item").value == MEDIANS, "it stays marked"
    tick(app, "baseline.table_one")
    app.button(key="report remove").click().run()
    assert len(listed(app)) == 2 and "Table 1" in listed(app)[1]
    go(app, "survival")
    assert box_of(app, CURVES).value and not box_of(app, MEDIANS).value
    tick(app, CURVES, False)
    go(app, "report")
    assert [name[-7:] for name in listed(app)] == ["Table 1"]


def test_a_tick_that_the_program_sets_is_a_new_box_so_that_no_browser_sends_its_old_state_back():
    app = opened("report")
    before = box_of(app, "baseline.table_one").key
    app.button(key="usual report").click().run()
    now = box_of(app, "baseline.table_one")
    assert now.value and now.key != before
    now.uncheck().run()
    assert box_of(app, "baseline.table_one").key == now.key and len(listed(app)) == 6


def test_the_usual_ones_are_added_to_what_is_ticked():
    app = opened("survival")
    tick(app, CURVES)
    usual = listed(go(app, "report").button(key="usual report").click().run())
    assert len(usual) == len({*usual}) > 6 and "Kaplan-Meier" in usual[0]


def test_a_tick_moves_no_chart_and_stays_through_filters_and_pages():
    app = opened("survival")
    before = charts(app)[0].proto.spec, places(app)
    tick(app, CURVES)
    assert (charts(app)[0].proto.spec, places(app)) == before
    app.pills(key="filter emd").set_value(["yes"]).run()
    assert box_of(app, CURVES).value and places(app) == before[1]
    go(app, "swimmer")
    go(app, "survival")
    assert box_of(app, CURVES).value


@pytest.mark.usefixtures("written")
def test_the_document_is_what_stands_on_the_screen():
    app = opened("survival")
    app.pills(key="filter emd").set_value(["yes"]).run()
    option(app, "ci_scale").set_value("plain").run()
    for exhibit_id in (MEDIANS, CURVES):
        tick(app, exhibit_id)
    go(app, "report")
    app.text_input(key=f"report heading {MEDIANS}").set_value("Who lived without progression").run()
    app.text_area(key=f"report words {MEDIANS}").set_value("As the reviewer asked.").run()
    app.text_input(key="report title box").set_value("Answer to reviewer 2").run()
    assert "Who lived without progression" in listed(app)[0]
    make(app)
    document = result(app)
    assert (document["title"], document["kind"], document["size"]) == ("Answer to reviewer 2", "docx", "174mm")
    assert document["of"].startswith("7 of 16 patients (Extramedullary disease: yes)")
    first, second, looked_at = document["parts"]
    assert looked_at["id"] == "ledger"
    assert (first["id"], first["heading"], first["words"]) == (
        MEDIANS,
        "Who lived without progression",
        "As the reviewer asked.",
    )
    assert (second["id"], second["heading"], second["n"]) == (CURVES, "", 7)
    analysis = app.session_state["analyses"][-1][1]
    plain, usual = (
        repr(KAPLAN_MEIER.make(analysis, "ttp", {"ci_scale": scale}).numbers) for scale in ("plain", "log-log")
    )
    assert second["numbers"] == plain != usual
    (download,) = app.get("download_button")
    assert download.key == "download report" and report_making.KINDS[document["kind"]] in download.label


@pytest.mark.usefixtures("written")
def test_a_file_of_another_selection_says_so():
    app = opened("report")
    tick(app, "baseline.table_one")
    make(app)
    assert "Made at" in said(app.caption) and "of 16 of 16 patients" in said(app.caption) and not app.warning
    app.pills(key="filter emd").set_value(["yes"]).run()
    assert "selection was changed" in said(app.warning) and "of 16 of 16 patients" in said(app.caption)
    app.pills(key="filter emd").set_value([]).run()
    assert not app.warning
    app.button(key="usual report").click().run()
    assert "report was changed" in said(app.info)


def test_cancelled_nothing_is_offered_and_it_can_be_made_again(written):
    written.hold = Event()
    app = opened("report")
    tick(app, "baseline.table_one")
    app.button(key="make report").click().run()
    app.run()
    assert app.button(key="make report").disabled
    assert any(word in progress(app) for word in ("Beginning", "Computing", "Writing"))
    app.button(key="cancel report").click().run()
    assert "Cancelled." in said(app.info) and not app.get("download_button")
    written.hold.set()
    make(app)
    assert result(app)["parts"][0]["id"] == "baseline.table_one"


def progress(app):
    return " ".join(each.proto.text for each in app.get("progress"))


def test_two_sessions_are_made_at_once_and_the_third_waits_its_turn(written, monkeypatch):
    written.hold = Event()
    apps = []
    for name in ("first", "second", "third"):
        app = opened("report")
        tick(app, "baseline.table_one")
        if name == "second":
            app.pills(key="filter emd").set_value(["yes"]).run()
        monkeypatch.setattr(report_making.session, "session_id", lambda name=name: name)
        app.button(key="make report").click().run()
        apps.append(app)
    assert "Waiting\\: 1 before yours." in progress(apps[2])
    go(apps[2], "survival")
    assert len(charts(apps[2])) == 1, "other pages work while it waits"
    go(apps[2], "report")
    written.hold.set()
    for app in apps:
        for _ in range(400):
            if not app.session_state["report job"].job.is_active:
                break
            Event().wait(0.05)
    assert [result(app)["of"].split(" patients")[0] for app in apps] == ["16 of 16", "7 of 16", "16 of 16"]


@pytest.mark.usefixtures("written", "made_anew")
def test_an_exhibit_that_fails_stands_with_its_reason(monkeypatch):
    def fails(*_, **__):
        raise KeyError("JOHN DOE 4711")

    app = opened("report")
    app.button(key="usual report").click().run()
    app.segmented_control(key="report page").set_value("survival").run()
    tick(app, "survival.ttp.milestones")
    monkeypatch.setattr(lib.survival.summary, "milestones", fails)
    make(app)
    parts = result(app)["parts"]
    assert [part["id"] for part in parts if part["failed"]] == ["survival.ttp.milestones"] and parts[-1][
        "id"
    ] == "ledger"
    assert len(parts) == 9
    assert "1 exhibit could not be made" in said(app.warning) and "Survival at 6, 12 and 24 months" in said(app.warning)
    assert "DOE" not in said(app.warning)


@pytest.mark.usefixtures("written")
def test_patients_are_pseudonyms_unless_asked_otherwise():
    app = opened("report")
    app.segmented_control(key="report page").set_value("kinetics").run()
    tick(app, "kinetics.parameters")
    ids = sorted(app.session_state["cohort"].patients["patient_id"])
    make(app)
    text = result(app)["parts"][0]["all"]
    assert "P01" in text and not [each for each in ids if f"'{each}'" in text and each not in text_codes(len(ids))]
    app.checkbox(key="report pseudonyms").uncheck().run()
    make(app)
    assert ids[0] in result(app)["parts"][0]["all"]


def text_codes(n):
    return [f"P{number:02}" for number in range(1, n + 1)]


@pytest.mark.usefixtures("written")
def test_empty_states_are_one_kind_sentence_each():
    app = opened("report")
    assert "Nothing is ticked yet" in said(app.info) and app.button(key="make report").disabled
    app = opened("report", where=["emd=yes", "sex=M", "arm=Control", "age_years=44..45"])
    assert len(app.info) == 1 and "No patient fits all of these filters" in app.info[0].value


def test_a_search_finds_exhibits_of_every_page():
    app = opened("report")
    app.text_input(key="report search").set_value("survival subgroups overall").run()
    assert [box.label.replace("\\", "") for box in app.checkbox if str(box.key).startswith("in report")] == [
        "Survival: Subgroups: Overall survival"
    ]
    app.text_input(key="report search").set_value("no such thing").run()
    assert "No exhibit of these data is called so." in said(app.caption)
    app.text_input(key="report search").set_value("s").run()
    assert f"the first {30} are shown" in said(app.caption)


@pytest.mark.usefixtures("written")
def test_methods_stand_at_the_end_unless_they_are_unticked():
    app = opened("report")
    tick(app, "baseline.table_one")
    make(app)
    assert result(app)["methods"] is True
    app.checkbox(key="report methods").uncheck().run()
    make(app)
    assert result(app)["methods"] is False


@pytest.mark.usefixtures("written")
def test_a_report_of_a_subgroup_says_how_many_comparisons_were_looked_at_its_own_included():
    app = opened("report")
    app.pills(key="filter emd").set_value(["yes"]).run()
    app.segmented_control(key="report page").set_value("survival").run()
    tick(app, MEDIANS)
    make(app)
    assert "1 of 1 comparison looked at so far in this session" in result(app)["parts"][0]["all"]
    assert len(app.session_state["ledgers"][app.session_state["cohort"].fingerprint]) == 1, "kept for the session"


def test_the_methods_paragraph_is_of_what_is_ticked(monkeypatch):
    from pages.frame import report_panel

    seen = []
    monkeypatch.setattr(
        report_panel,
        "methods_paragraph",
        lambda exhibits, of: (seen.append([each.id for each in exhibits]), methods_paragraph(exhibits, of))[1],
    )
    app = opened("report")
    tick(app, "baseline.table_one")
    app.session_state["section Statistical methods and STROBE list"] = True
    app.run()
    assert not app.exception
    assert seen[-1:] == [["baseline.table_one"]] and "Statistical analysis" in app.code[0].value


@pytest.mark.usefixtures("written")
def test_comparisons_looked_at_stand_at_the_end_where_there_are_several():
    app = opened("report")
    app.segmented_control(key="report page").set_value("survival").run()
    tick(app, MEDIANS)
    make(app)
    assert [part["id"] for part in result(app)["parts"]] == [MEDIANS], "one comparison"
    app.segmented_control(key="report page").set_value("response").run()
    tick(app, "response.rates")
    make(app)
    *_, last = result(app)["parts"]
    assert last["id"] == "ledger" and "p (Holm)" in last["all"]
    app.checkbox(key="report methods").uncheck().run()
    make(app)
    assert [part["id"] for part in result(app)["parts"]] == [MEDIANS, "response.rates"]
