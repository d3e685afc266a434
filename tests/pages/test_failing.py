"""An exhibit that fails is one sentence in its place: on the page, and in the report with the reason and everything
else."""

import json

import pytest
import walking
from streamlit.testing.v1 import AppTest
from walking import ROOT, charts, count, go, opened, printed, said

import lib.exhibits
import lib.survival.kaplan_meier
import lib.survival.summary
import lib.toxicity.events
from lib import __main__ as command_line
from lib.export import figure_file
from pages.frame import output

EXAMPLE = str(ROOT / "data" / "pomalidomide_cohort.xlsx")
CELL = "JOHN DOE 4711"
SOME = (
    "swimmer.plot",
    "survival.ttp*",
    "survival.os",
    "survival.os.milestones",
    "toxicity.grades",
    "toxicity.table",
    "toxicity.timeline",
    "kinetics.profile",
)


def fails(*_, **__):
    raise KeyError(CELL)


@pytest.fixture
def standing(monkeypatch):
    monkeypatch.setattr(output, "standing", walking.STANDING)


def texts(app):
    return said([*app.markdown, *app.caption, *app.error, *app.info, *app.warning])


@pytest.mark.usefixtures("standing")
def test_a_figure_that_fails_leaves_the_rest_of_its_page(monkeypatch, caplog):
    whole = opened("survival")
    monkeypatch.setattr(lib.survival.kaplan_meier, "survival_figure", fails)
    app = opened("survival")
    (sentence,) = (error.value for error in app.error)
    assert sentence == "“Kaplan-Meier curves” could not be made of these data. The rest of the page is not affected."
    assert len(printed(app)) == len(printed(whole)) >= 2, "medians and milestones stand"
    assert count(app) == "16 of 16 patients"
    assert CELL not in texts(app) and CELL not in caplog.text, "no value of a cell, on the screen or in the log"
    assert "KeyError in test_failing.py" in caplog.text
    app.pills(key="filter emd").set_value(["yes"]).run()
    assert count(app) == "7 of 16 patients", "the page goes on working"


@pytest.mark.usefixtures("standing")
def test_a_result_behind_a_table_that_fails_leaves_the_rest(monkeypatch):
    monkeypatch.setattr(lib.survival.summary, "milestones", fails)
    app = opened("survival")
    assert [error.value.split(" could")[0] for error in app.error] == ["“Survival at 6, 12 and 24 months”"]
    assert len(charts(app)) == 1 and len(printed(app)) == 1


@pytest.mark.usefixtures("standing")
def test_a_tab_whose_result_fails_says_so_and_other_pages_work(monkeypatch):
    import lib.kinetics.series

    monkeypatch.setattr(lib.kinetics.series, "_of_selected", fails)
    app = opened("kinetics")
    assert [error.value for error in app.error] == [
        "This tab could not be made of these data. The rest of the page is not affected."
    ]
    assert CELL not in texts(app)
    go(app, "survival")
    assert not app.error and len(charts(app)) == 1


@pytest.mark.usefixtures("standing")
def test_a_page_that_stops_on_purpose_is_no_failure():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["cohort"] = "deadbeef"
    app.run()
    assert not app.error and "Open the workbook this link was made from" in app.info[0].value


def report(tmp_path, capsys):
    some = [part for name in SOME for part in ("--only", name)]
    code = command_line.main(["report", EXAMPLE, "--out", str(tmp_path / "out"), "--formats", "", *some])
    content = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    return code, {entry["id"]: entry for entry in content["exhibits"]}, capsys.readouterr()


def test_the_report_writes_everything_but_the_exhibit_that_fails(monkeypatch, tmp_path, capsys):
    code, whole, _ = report(tmp_path / "whole", capsys)
    assert code == 0 and len(whole) > 10 and not any(entry["reason"] for entry in whole.values())
    monkeypatch.setattr(lib.survival.summary, "milestones", fails)
    code, made, printed = report(tmp_path, capsys)
    assert code == 1
    assert list(made) == list(whole), "every id in its place"
    failed = {name: entry for name, entry in made.items() if entry["reason"]}
    assert set(failed) == {name for name in whole if name.endswith(".milestones")}
    for entry in failed.values():
        assert "KeyError in test_failing.py" in entry["reason"] and CELL not in entry["reason"]
        assert entry["files"] == [] and entry["kind"] == "failed"
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {name for entry in made.values() for name in entry["files"]} | {"results.json", "methods.txt"} == names
    assert "survival.ttp.milestones: Could not be made" in printed.err and "could not be made" in printed.out


def test_the_report_goes_on_where_a_whole_question_fails(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(lib.toxicity.events, "incidence", fails)
    code, made, _ = report(tmp_path, capsys)
    assert code == 1 and made["toxicity.grades"]["reason"] and made["toxicity.table"]["kind"] == "failed"
    assert made["toxicity.timeline"]["files"] and made["kinetics.profile"]["files"]


def test_the_report_goes_on_where_a_picture_cannot_be_drawn(monkeypatch, tmp_path):
    draw = figure_file.rendering

    def fails_for_one(jobs):
        if any("lane" in job["chart"]["datasets"] for job in jobs):
            raise RuntimeError(CELL)
        yield from draw(jobs)

    some = ("--only", "survival.ttp", "--only", "swimmer.plot")
    monkeypatch.setattr(figure_file, "rendering", fails_for_one)
    code = command_line.main(["report", EXAMPLE, "--out", str(tmp_path / "out"), "--formats", "svg", *some])
    entries = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))["exhibits"]
    assert code == 1
    assert {entry["id"]: entry["files"] for entry in entries} == {
        "swimmer.plot": ["swimmer.plot.csv"],
        "survival.ttp": ["survival.ttp.csv", "survival.ttp.svg"],
    }
    assert [bool(entry["reason"]) for entry in entries] == [True, False]
