"""Who is behind a count: as many patients as it says, in every cell of every table that tells it, and in no file."""

import io
import json
import re
import zipfile
from dataclasses import replace
from functools import cache

import pytest
from golden.cohorts import ROOT, arms, by, cohort, example, follow_up, nobody, selected, synthetic

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import everybody
from lib.cohort.view import first_view
from lib.exhibits import Entry, chosen, entries
from lib.export.figure_file import figure_job
from lib.export.print_form import PrintForm
from lib.export.provenance import Provenance
from lib.export.report import Part, Report, report_file, results_file
from lib.export.table_file import TABLE_FORMATS, data_files
from lib.intake.draft import read_workbook
from lib.publication.exhibit import Figure, Table
from lib.publication.options import NotAllowed
from lib.publication.who import HEADING
from lib.session import saved_session, to_text

COUNT = re.compile(r"^(\d[\d,]*)(?=$| \([<>]?[\d.]+ %\)|/\d)|; (\d[\d,]*) at risk$|, n = (\d[\d,]*)$")
OF_HEADING = re.compile(r"\(n = (\d[\d,]*)\)|\((\d[\d,]*)\)$")
NOBODY = ("–", "·", "0/0", "NE")


@cache
def complete():
    path = ROOT / "data" / "complete_cohort.xlsx"
    return read_workbook(path.read_bytes(), path.name)


def analysis(opened, *where, written="arm", unit="months", **how):
    grouping = by(opened, written) if written else everybody(opened)
    return Analysis(opened, selected(opened, *where, **how), grouping, unit)


@cache
def gaps():
    """p2 has no values, p3 no group, p4 neither; p1 had two infusions."""
    patients = [*arms(A=["p1", "p2", "p5"], B=["p6"]), {"patient_id": "p3"}, {"patient_id": "p4"}]
    sexes = {"p1": "F", "p3": "M", "p5": "F", "p6": "M"}
    patients = [{**row, "sex": sexes.get(row["patient_id"])} for row in patients]
    infusions = [{"patient_id": row["patient_id"], "infusion": 1, "day": 0} for row in patients]
    events = [
        ("p1", 2, 1, "yes"),
        ("p1", 3, 2, "no"),
        ("p1", 5, 310, "no"),
        ("p3", 4, 1, "yes"),
        ("p5", None, 1, None),
        ("p6", 1, 310, "yes"),
    ]
    return cohort(
        patients,
        infusions=[*infusions, {"patient_id": "p1", "infusion": 2, "day": 300}],
        responses=[
            {"patient_id": patient, "infusion": 1, "day": 28, "response": level}
            for patient, level in (("p1", "CR"), ("p3", "PR"), ("p5", "PD"), ("p6", "SD"))
        ],
        endpoints=follow_up("os", p1=(14.0, 0), p3=(3.0, 1), p5=(7.0, 1), p6=(30.0, 0)),
        adverse_events=[
            {
                "patient_id": patient,
                "infusion": 1,
                "term": term,
                "grade": grade,
                "start_day": day,
                "stop_day": day + 1,
                "serious": serious,
            }
            for term in ("CRS", "Fever")
            for patient, grade, day, serious in events
        ],
    )


def of_nobody():
    return Analysis(example(), nobody(example()), by(example()), "months")


CASES = {
    "example": lambda: analysis(example()),
    "example, one group": lambda: analysis(example(), written=""),
    "complete, groups of a number": lambda: analysis(complete(), written="age_years@55,65"),
    "complete, filtered": lambda: analysis(complete(), "sex=F", unit="days"),
    "synthetic": lambda: analysis(synthetic(), "age_years=30..60"),
    "nobody": of_nobody,
    "one patient": lambda: analysis(example(), "age_years=71..71"),
    "no values, no group": lambda: analysis(gaps()),
    "second infusion": lambda: analysis(gaps(), infusion=2),
    "the excluded, too": lambda: analysis(example(), include_excluded=True),
}


EVERY_VARIANT = ("example", "complete, groups of a number")


def counted(cell):
    """What a cell counts; None where it counts nobody."""
    if not isinstance(cell, str):
        return int(cell)
    found = COUNT.search(cell)
    if not found:
        return 0 if cell in NOBODY else None
    return int(next(filter(None, found.groups())).replace(",", ""))


def telling(of):
    return [
        each
        for each in entries(of)
        if isinstance(each, Entry) and each.spec.who and each.spec.is_offered(of, each.variant)
    ]


@cache
def usual(opened):
    """Results that no option changes are computed once for all options."""
    return analysis(opened())


def walk(of, entry, values=None):
    """The rows of the exhibit; fails where it is not told of as many patients as a cell says."""
    exhibit, who = entry.spec.make(of, entry.variant, values), entry.spec.behind(of, entry.variant, values)
    known = set(map(str, of.opened.patients["patient_id"]))
    data = exhibit.data
    for (y, x), patients in who.items():
        assert patients <= known
        place = f"{entry.id} row {y} column {x}"
        if y == HEADING:
            said = OF_HEADING.search(data.columns[x])
            assert not said or int(next(filter(None, said.groups())).replace(",", "")) == len(patients), place
            continue
        cell = data.iat[y, x]
        n = counted(cell)
        if isinstance(exhibit, Table) and (cell == "" or n is None):
            raise AssertionError(f"{place}: {cell!r} counts nobody")
        assert n == len(patients), f"{place}: {cell!r}, {len(patients)} patients"
    columns = {x for _, x in who}
    silent = [(y, x) for x in columns for y, cell in enumerate(data.iloc[:, x]) if counted(cell) and (y, x) not in who]
    assert not silent, f"{entry.id}: counts of which nobody is told at {silent}"
    return data


@pytest.mark.parametrize("case", CASES)
def test_as_many_patients_as_the_cell_says(case):
    """Of every endpoint, series and term in two cases; elsewhere of the first of each: others are counted alike."""
    of = CASES[case]()
    every = telling(of)
    firsts = {entry.spec.id + entry.spec.title: entry for entry in reversed(every)}
    for entry in every if case in EVERY_VARIANT else firsts.values():
        walk(of, entry)


@pytest.mark.parametrize(
    "setting",
    [
        ("baseline.*", "total", "last"),
        ("baseline.*", "total", "none"),
        ("baseline.*", "missing", "note"),
        ("baseline.*", "p_values", "yes"),
        ("baseline.*", "levels", "prior_lines: >=5; 3 = 3 to 4; 4 = 3 to 4"),
        ("baseline.*", "levels", "sex: M"),
        ("baseline.*", "headings", "emd:Disease|prior_lines:Before"),
        ("response.*", "confirmed", "yes"),
        ("response.*", "denominator", "evaluable"),
        ("response.*", "own_landmark", "45"),
        ("toxicity.*", "rate", "per patient-year"),
        ("toxicity.*", "differences", "no"),
        ("toxicity.*", "adjustment", "Holm"),
        ("toxicity.*", "period", "Day 0–30"),
        ("toxicity.*", "computed", "CTCAE v5"),
        ("toxicity.*", "minimum_incidence", "30"),
        ("toxicity.*", "until_next", "no"),
        ("toxicity.*", "lines", "CRS: grade >= 3; any grade"),
        ("survival.*", "share", "75 %"),
        ("labs.*", "version", "CTCAE v6"),
    ],
    ids=" ".join,
)
def test_whatever_the_options(setting):
    assert sum(changed(usual(opened), setting) for opened in (example, gaps)), "this option changes nothing here"


def changed(of, setting):
    """How many exhibits the setting changes; all of them are walked."""
    try:
        every = [(entry, values) for entry, values in chosen(of, [setting[0]], [setting]) if values and entry.spec.who]
    except NotAllowed:
        return 0
    walked = [(walk(of, entry, values), entry.spec.make(of, entry.variant).data) for entry, values in every]
    return sum(not now.equals(before) for now, before in walked)


def test_rows_of_kinds_of_events():
    (entry,) = (each for each in telling(analysis(gaps())) if each.id == "toxicity.table")
    of, kinds = analysis(gaps()), ("any grade", "serious", "grade >= 3")
    walk(of, entry, {"rows": kinds})
    assert "serious" in " ".join(row[0] for row in entry.spec.make(of, None, {"rows": kinds}).rows)


def test_the_patients_themselves():
    of = analysis(gaps())
    who = {
        entry.id: (entry.spec.make(of, entry.variant).data, entry.spec.behind(of, entry.variant))
        for entry in telling(of)
    }

    def behind(exhibit, row, column):
        data, found = who[exhibit]
        return sorted(found[[str(each).strip() for each in data.iloc[:, 0]].index(row), column])

    assert behind("baseline.table_one", "F", 1) == ["p1", "p5"] and behind("baseline.table_one", "M", 1) == ["p3", "p6"]
    assert behind("baseline.table_one", "missing", 1) == ["p2", "p4"] and behind(
        "baseline.table_one", "missing", 2
    ) == ["p2"]
    assert behind("response.best", "CR", 1) == behind("response.best", "CR", 2) == ["p1"]
    assert behind("toxicity.table", "CRS, grade ≥ 3", 1) == ["p1"] and behind(
        "toxicity.table", "Fever, any grade", 2
    ) == ["p1", "p5"]
    assert behind("survival.os.summary", "A", 2) == ["p5"] and behind("survival.os.milestones", "A", 3) == ["p1"]
    assert sorted(who["toxicity.table"][1][HEADING, 2]) == ["p1", "p2", "p5"]


def test_nobody_is_told_of_masked_cells():
    of = replace(analysis(example()), mask_below=5)
    assert not any(entry.spec.offers_who(of) or entry.spec.behind(of, entry.variant) for entry in telling(of))


def test_no_file_holds_a_patient_of_whom_the_screen_can_tell():
    """The first variant of each exhibit: files of others are made alike."""
    of = analysis(synthetic())
    provenance = Provenance.of_cohort(of.selected, of.grouping)
    made = []
    for entry in {each.spec.id + each.spec.title: each for each in reversed(telling(of))}.values():
        assert any("ZQX" in each for who in entry.spec.behind(of, entry.variant).values() for each in who), entry.id
        exhibit = entry.spec.make(of, entry.variant)
        made.append(exhibit)
        contents = data_files(exhibit, provenance, [each for each in TABLE_FORMATS if each != "docx"])
        if isinstance(exhibit, Figure):  # all that the renderer gets
            contents["figure"] = json.dumps(figure_job(exhibit, provenance, ("svg",), PrintForm())).encode()
        for file_format, content in contents.items():
            assert b"ZQX" not in unpacked(content), f"{exhibit.id} as {file_format}"
        assert "ZQX" not in repr(exhibit) + repr(dict(vars(exhibit)))
    report = Report("All", tuple(map(Part, made)), provenance)
    assert "ZQX" not in results_file(report, ()) and b"ZQX" not in unpacked(report_file(report, "docx"))
    assert "ZQX" not in to_text(saved_session(synthetic(), first_view(synthetic())))


def unpacked(content):
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())
