"""The work of a report, and scripts: the same from the page as from the command line, by hand or by a session."""

from threading import Event

import pytest
from walking import ROOT, go, opened, option

import lib.__main__ as command_line
import lib.export.report
import lib.survival.milestones
from lib.export.report import Made
from lib.ledger import Ledger
from pages.frame import background, kept, report_making

pytestmark = pytest.mark.made_once

CURVES, MEDIANS = "survival.ttp", "survival.ttp.summary"
PYTHON = {f"{CURVES}.py", f"{MEDIANS}.py"}
IN_R = {f"{name}.{ending}" for name in (CURVES, MEDIANS) for ending in ("R", "r.csv")}
EXAMPLE = str(ROOT / "data" / "pomalidomide_cohort.xlsx")


@pytest.fixture
def told(monkeypatch):
    """The reports that were to be written."""
    found, pool = [], background.Pool()
    monkeypatch.setattr(background, "pool", lambda: pool)
    for module in (lib.export.report, command_line):
        monkeypatch.setattr(module, "report_made", lambda report, *_: found.append(report) or Made(b"", ()))
    return found


def test_scripts_of_a_package_are_those_of_the_command_line(monkeypatch, told, tmp_path):
    makers, original = [], kept._maker
    monkeypatch.setattr(kept, "_maker", lambda analysis: makers.append(original(analysis)) or makers[-1])
    app = opened("survival")
    app.pills(key="filter emd").set_value(["yes"]).run()
    app.get_by_key("compare by").set_value("sex").run()
    option(app, "ci_scale").set_value("plain").run()
    for name in (CURVES, MEDIANS):
        next(box for box in app.checkbox if str(box.key).startswith(f"in report {name} ")).check().run()
    go(app, "report").segmented_control(key="report kind").set_value("zip").run()
    app.session_state["session menu"] = True
    for mask in (0, 2):
        app.number_input(key="mask below").set_value(mask).run()
        app.button(key="make report").click().run()
        while app.session_state["report job"].job.is_active:
            Event().wait(0.05)
        assert_the_command_line_writes_the_same(told, tmp_path, mask, makers[-1]())
    assert len(told) == 6


def assert_the_command_line_writes_the_same(told, tmp_path, mask, session):
    """By hand and by the session: the scripts of the report made last."""
    scripts = told[-1].scripts
    assert set(scripts) == (PYTHON if mask else PYTHON | IN_R), "data of patients go with no masked report"
    assert (b"mask_below=2" in scripts[f"{CURVES}.py"]) == bool(mask) and b"ci_scale='plain'" in scripts[f"{CURVES}.py"]
    saved = tmp_path / "s.json"
    saved.write_bytes(session)
    chosen = [part for name in (CURVES, MEDIANS) for part in ("--only", name, "--set", f"{name}.ci_scale=plain")]
    by_hand = ["--by", "sex", "--where", "emd=yes", "--mask", str(mask), *chosen]
    out = ["--out", str(tmp_path), "--format", "zip", "--pseudonyms"]
    for asked in (by_hand, ["--session", str(saved)]):
        assert command_line.main(["report", EXAMPLE, *out, *asked]) == 0
        assert told[-1].scripts == scripts


def test_the_work_calls_nothing_of_streamlit(monkeypatch):
    """It is handed everything, so a thread without a session makes the same report."""
    from lib.cohort.analysis import Analysis
    from lib.cohort.view import first_view
    from lib.export.print_form import PrintForm
    from lib.export.report import Item
    from pages.frame.examples import FIRST

    cohort = FIRST.cohort
    analysis = Analysis(cohort, cohort, first_view(cohort).grouping, "months")
    request = report_making.Request(
        "", (Item("baseline.table_one"), Item("no.such")), {}, "docx", PrintForm(), (), True, True, None, Ledger(), ""
    )
    steps = []
    monkeypatch.setattr(lib.export.report, "report_made", lambda *_: Made(b"a file", ()))
    assert report_making.made(request, analysis, lambda *step: steps.append(step)).content == b"a file"
    assert [step[:2] for step in steps] == [(0, 4), (1, 4)]
