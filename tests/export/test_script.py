"""The Python script of every exhibit makes what the page shows: the same numbers, tests and chart, from the reader's
own file."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from test_exhibits import firsts, others, shown
from walking import ROOT

from lib import __main__ as command_line
from lib import notebook
from lib.cohort.analysis import Analysis, with_study_codes
from lib.cohort.view import from_parameters
from lib.derived.course_answer import selected
from lib.exhibits import EXHIBITS, entries, of_id
from lib.export import script
from lib.export.script import python_script
from lib.intake.draft import read_files
from lib.publication.exhibit import Figure
from lib.publication.options import ANY, NotAllowed

pytestmark = pytest.mark.made_once

VIEWS = {
    "pomalidomide_cohort": (
        {
            "by": ["arm"],
            "where": ["age=40..72"],
            "unit": ["weeks"],
            "groups": [
                '{"groups":[["Maintained",["Pomalidomide"],"#aa3377"],["Not'
                ' \\"kept\\"",["Control"],""]],"reference":"Not \\"kept\\""}'
            ],
        },
        {"arm": 30.0},
    ),
    "complete_cohort": (
        {"by": ["age_years@55,65"], "where": ["emd=yes|no", "CRS >= 1"], "excluded": ["included"]},
        {"age_years": None},
    ),
}


def looked_at(stem):
    """A view as a reader leaves it: the analysis, and what a script says of it."""
    parameters, known_at = VIEWS[stem]
    cohort = notebook.open_cohort(ROOT / "data" / f"{stem}.xlsx")
    for name, day in known_at.items():
        cohort = cohort.with_known_at(name, day)
    view, dropped = from_parameters(parameters, cohort)
    assert not dropped
    analysis = Analysis(cohort, selected(cohort, view.selection), view.grouping, view.unit)
    return analysis, script.seen(view, cohort, known_at)


def chosen(entry, analysis):
    """Values of its options that are not the usual ones, as many as go together."""
    values = {}
    for offer in entry.offers(analysis):
        for value in others(offer)[:1] if offer.is_open else ():
            needed, of = offer.option.only_with or ("", None)
            more = {offer.name: value} | ({needed: 100.0 if of == ANY else of} if needed else {})
            if entry.spec.is_offered(analysis, entry.variant, values | more):
                values |= more
    return values


@cache
def read(files, mapping):
    return read_files(files, mapping)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a script on the workbook of this name; gives what it has made. A workbook is read once, and pictures are not
    drawn."""
    drawn = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(notebook, "read_files", lambda files, mapping=None: read(tuple(files), mapping))
    monkeypatch.setattr(notebook, "figure_file", lambda figure, *_: drawn.append(figure) or b"picture")

    def run(text, stem):
        assert text.count("['cohort.xlsx']") == 1
        names: dict = {}
        exec(text.replace("['cohort.xlsx']", repr([str(ROOT / "data" / f"{stem}.xlsx")])), names)
        return names["made"], drawn

    return run


def by_turns(views):
    """Every exhibit, in one of the views by turns where several have it: (name of the view, entry)."""
    having = {}
    for stem, (analysis, _) in views.items():
        for entry in firsts(analysis):
            having.setdefault(entry.spec.id + entry.spec.title, []).append((stem, entry))
    return [found[place % len(found)] for place, found in enumerate(having.values())]


def test_the_script_of_every_exhibit_makes_it(run, capsys):
    views = {stem: looked_at(stem) for stem in VIEWS}
    tried = by_turns(views)
    assert len(tried) >= 50 and {stem for stem, _ in tried} == set(VIEWS)
    for stem, entry in tried:
        analysis, seen = views[stem]
        values = chosen(entry, analysis)
        exhibit = entry.spec.make(analysis, entry.variant, values)
        options = entry.spec.unusual(analysis, entry.variant, values)
        text = python_script(entry.id, options, seen, exhibit)
        made, drawn = run(text, stem)
        assert len(text.splitlines()) <= 16 and all(f"{name}=" in text for name in options), entry.id
        assert shown(made.exhibit) == shown(exhibit), entry.id
        assert not isinstance(exhibit, Figure) or repr(drawn[-1].numbers) == repr(exhibit.numbers), entry.id
    assert "may differ" not in capsys.readouterr().out


def test_a_script_of_one_patient_or_of_a_term_that_reports_leave_out(run):
    analysis, seen = looked_at("complete_cohort")
    patient = analysis.selected.patients["patient_id"].iloc[3]
    specs = [spec for spec in EXHIBITS if spec.of_one_patient]
    assert len(specs) == 5
    for spec in specs:
        if spec.is_offered(analysis, patient):
            exhibit = spec.make(analysis, patient)
            made, _ = run(python_script(spec.id, {}, seen, exhibit, patient), "complete_cohort")
            assert shown(made.exhibit) == shown(exhibit), spec.id
    with pytest.raises(NotAllowed, match="none of the selected patients"):
        run(python_script(spec.id, {}, seen, exhibit, script.WHICH_PATIENT), "complete_cohort")
    listed = {entry.id for entry in entries(analysis)}
    (onset,) = (spec for spec in EXHIBITS if spec.more)
    rare = next(term for term in onset.more(analysis) if onset.id_of(term) not in listed)
    exhibit = onset.make(analysis, rare)
    made, _ = run(python_script(onset.id_of(rare), {}, seen, exhibit), "complete_cohort")
    assert shown(made.exhibit) == shown(exhibit)


def test_a_script_runs_by_itself_and_says_when_the_file_is_another(tmp_path):
    analysis, seen = looked_at("pomalidomide_cohort")
    exhibit = of_id(analysis, "survival.os").spec.make(analysis, "os")
    text = python_script("survival.os", {}, replace(seen, fingerprint="0000"), exhibit)
    (tmp_path / "cohort.xlsx").write_bytes((ROOT / "data" / "pomalidomide_cohort.xlsx").read_bytes())
    (tmp_path / "again.py").write_text(text, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "again.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (
        ran.stdout.startswith("This is not the file that the script was made from") and "Maintained v Not" in ran.stdout
    )
    assert (tmp_path / "survival.os.pdf").read_bytes().startswith(b"%PDF") and (tmp_path / "survival.os.csv").exists()


def test_a_script_of_study_codes_gives_them_too(run):
    analysis, seen = looked_at("pomalidomide_cohort")
    coded = replace(analysis, opened=with_study_codes(analysis.opened), selected=with_study_codes(analysis.selected))
    exhibit = of_id(coded, "swimmer.plot").spec.make(coded)
    text = python_script(
        "swimmer.plot",
        {},
        replace(seen, coded=True, arguments={"by": "arm", "groups": seen.arguments["groups"]}),
        exhibit,
    )
    made, _ = run(text, "pomalidomide_cohort")
    assert set(made.exhibit.data["patient"]) <= {f"P{number:02}" for number in range(1, 18)}


def test_a_script_names_mapping_and_several_files_and_no_file_of_the_reader():
    analysis, seen = looked_at("pomalidomide_cohort")
    exhibit = of_id(analysis, "baseline.table_one").spec.make(analysis)
    text = python_script("baseline.table_one", {}, replace(seen, mapped=True, files=2), exhibit)
    assert "FILES = ['table_1.csv', 'table_2.csv']" in text and "mapping=MAPPING" in text
    assert "pomalidomide_cohort" not in text and not any(
        name in text for name in analysis.opened.patients["patient_id"]
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"known_at": {"armm": 3}}, 'no column "armm"'),
        ({"by": "arm", "groups": {"groups": [["All", ["Control"], ""]], "reference": ""}}, "each level of Arm once"),
        (
            {
                "by": "arm",
                "groups": {"groups": [["A", ["Control"], "red"], ["B", ["Pomalidomide"], ""]], "reference": ""},
            },
            "colours as",
        ),
        (
            {
                "by": "arm",
                "groups": {"groups": [["A", ["Control"], ""], ["B", ["Pomalidomide"], ""]], "reference": "C"},
            },
            'called "C"',
        ),
    ],
)
def test_groups_and_days_that_cannot_be_followed_are_refused(asked, said):
    cohort, _ = looked_at("pomalidomide_cohort")
    with pytest.raises(notebook.Refused, match=said):
        notebook.viewed(cohort.opened, **asked)


def test_a_report_writes_the_script_of_each_exhibit(tmp_path, run):
    out, file = tmp_path / "out", str(ROOT / "data" / "pomalidomide_cohort.xlsx")
    asked = [
        "--by",
        "emd",
        "--where",
        "arm=Control",
        "--set",
        "toxicity.onset.crs.least=grade >= 3",
        "--set",
        "survival.os.ci_scale=log",
    ]
    only = [part for name in ("survival.os", "toxicity.onset.crs", "baseline.table_one") for part in ("--only", name)]
    assert command_line.main(["report", file, "--out", str(out), "--formats", "", "--scripts", *asked, *only]) == 0
    results = {each["id"]: each for each in json.loads((out / "results.json").read_text())["exhibits"]}
    assert len(results) == 3 and len(list(out.glob("*.py"))) == 3 and (out / "survival.os.R").exists()
    for path in out.glob("*.py"):
        made, _ = run(path.read_text(encoding="utf-8"), "pomalidomide_cohort")
        reported = results[made.exhibit.id]
        assert (made.exhibit.title, made.exhibit.n) == (reported["title"], reported["n"])
        rows = [[None if pd.isna(value) else value for value in row] for row in made.exhibit.numbers.rows]
        assert rows == reported["table"]["rows"]
