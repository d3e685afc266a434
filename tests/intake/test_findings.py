"""Bad uploads: each problem with its place, its words and its fix, and the rest of the cohort works."""

import datetime as dt
import math
from collections import defaultdict
from functools import cache
from itertools import zip_longest

import pytest
from workbooks import ENDPOINTS, EVENTS, FOUR, GOOD, PATIENTS, ids, of, only, read, read_with

from lib.cohort.finding import MOST_A_COLUMN
from lib.cohort.selection import Clause, Selection, select


@cache
def good_cohort():
    return read(GOOD)


BAD_CELLS = [
    ("Patients", "D (age_years)", "fifty", '"fifty" is not a number.'),
    ("Patients", "D (age_years)", dt.datetime(1973, 3, 1), '"1973-03-01" is not a number.'),
    ("Patients", "D (age_years)", "#REF!", '"#REF!" is a spreadsheet error.'),
    ("Patients", "D (age_years)", "=B1*2", "This formula has no value."),
    ("Patients", "D (age_years)", -1, "-1 is less than 0, which cannot be."),
    ("Patients", "D (age_years)", 500, "500 is more than 120, which cannot be."),
    ("Patients", "C (emd)", "maybe", '"maybe" is neither yes nor no.'),
    ("Patients", "B (arm)", "#N/A", '"#N/A" is a spreadsheet error.'),
    ("Patients", "B (arm)", dt.datetime(2023, 4, 3), '"2023-04-03" is a date.'),
    ("Patients", "E (infusion_date)", "3.4.x", '"3.4.x" is not a date.'),
    ("Patients", "F (analysis_set)", "out", '"out" is neither included nor excluded.'),
    ("Adverse events", "C (grade)", "III-IV", '"III-IV" is not a grade.'),
    ("Adverse events", "C (grade)", 6, '"6" is not a grade.'),
    ("Adverse events", "D (start_day)", "day 3", '"day 3" is not a number.'),
    ("Responses", "C (response)", "good", '"good" is not a response.'),
    ("Responses", "D (infusion)", 0, "0 is less than 1, which cannot be."),
    ("Responses", "D (infusion)", "second", '"second" is not a whole number.'),
    ("Kinetics", "C (value)", "many", '"many" is not a number.'),
    ("Kinetics", "C (value)", -5, "-5 is less than 0, which cannot be."),
    ("Kinetics", "E (lloq)", "low", '"low" is not a number.'),
    ("Therapies", "C (ongoing)", "perhaps", '"perhaps" is neither yes nor no.'),
]


def one_of_each_column():
    """The bad cells in as few workbooks as hold them, at most one in a column."""
    columns = defaultdict(list)
    for bad in BAD_CELLS:
        columns[bad[:2]].append(bad)
    return [[bad for bad in turn if bad] for turn in zip_longest(*columns.values())]


@pytest.mark.parametrize("bad", one_of_each_column(), ids=len)
def test_bad_cells_are_missing_with_their_reasons_and_the_rest_works(bad):
    sheets = {name: [list(row) for row in rows] for name, rows in GOOD.items()}
    for sheet, column, value, _ in bad:
        sheets[sheet][1]["ABCDEF".index(column[0])] = value
    cohort, good = read(sheets), good_cohort()
    assert len(cohort.findings) == len(bad) and all(each.fix.endswith(".") for each in cohort.findings)
    assert {
        (each.severity, each.sheet, each.row, each.column, each.value, each.problem) for each in cohort.findings
    } == {
        ("error", sheet, 2, column, value.date().isoformat() if isinstance(value, dt.datetime) else str(value), problem)
        for sheet, column, value, problem in bad
    }
    assert ids(cohort) == list(PATIENTS), "no patient is lost"
    assert {name: len(table) for name, table in cohort.tables.items()} == {
        name: len(table) for name, table in good.tables.items()
    }
    for sheet, column, *_ in bad:
        table = cohort.patients if sheet == "Patients" else cohort.tables[sheet.lower().replace(" ", "_")]
        name = column[3:-1]
        if name in table.columns:
            assert table[name].iloc[0] == INSTEAD[name] if name in INSTEAD else table[name].isna().iloc[0], name


INSTEAD = {"analysis_set": "included", "infusion": 1}  # what an empty cell means, where it means something


def test_every_bad_cell_is_reported_at_once():
    cohort = read({"Patients": [FOUR[0], ["P1", "A", "maybe", "old"], ["P2", "A", "?!", 500], ["P3", "B", "no", 60]]})
    assert [(found.row, found.column) for found in cohort.findings] == [
        (2, "C (emd)"),
        (3, "C (emd)"),
        (2, "D (age_years)"),
        (3, "D (age_years)"),
    ]


def test_a_patient_id_twice():
    cohort = read({"Patients": [*FOUR, ["P2", "B", "yes", 33]]})
    found = only(cohort)
    assert (found.severity, found.sheet, found.row, found.column, found.value) == (
        "error",
        "Patients",
        6,
        "A (patient_id)",
        "P2",
    )
    assert found.problem == "This row has the same patient_id as a row above it and was set aside."
    assert ids(cohort) == list(PATIENTS)
    assert cohort.patients["arm"].tolist() == ["A", "A", "B", "B"], "the first row counts"


def test_a_row_without_an_id():
    cohort = read({"Patients": [*FOUR, [None, "B", "yes", 33], ["#REF!", "B", "yes", 33]]})
    assert [(found.row, found.column, found.value) for found in of(cohort, "error")] == [
        (7, "A (patient_id)", "#REF!"),
        (6, "A (patient_id)", ""),
        (7, "A (patient_id)", ""),
    ]
    assert ids(cohort) == list(PATIENTS)


@pytest.mark.parametrize("sheet", ["Adverse events", "Responses", "Kinetics", "Therapies"])
def test_an_unknown_patient_in_an_event_sheet(sheet):
    good = GOOD[sheet]
    cohort = read({**GOOD, sheet: [*good, ["P9", *good[1][1:]]]})
    found = only(cohort)
    assert (found.severity, found.sheet, found.row, found.column, found.value) == (
        "error",
        sheet,
        4,
        "A (patient_id)",
        "P9",
    )
    assert found.problem == 'Patient "P9" is not in Patients; the row was set aside.'
    assert cohort.tables[sheet.lower().replace(" ", "_")]["patient_id"].tolist() == ["P1", "P2"]


@pytest.mark.parametrize(
    ("bad", "value", "reason", "fix"),
    [
        (
            ["P1", "pfs", 5, "months", "maybe"],
            "5 months",
            "event not stated",
            "Write 1 if it happened and 0 if the patient was censored.",
        ),
        (["P1", "pfs", -5, "months", 1], "-5 months", "negative time", "Time counts from the infusion; correct it."),
        (
            ["P1", "pfs", "soon", "months", 1],
            "",
            "time missing",
            "Write the time to the event or to the end of observation.",
        ),
        (["P1", "pfs", 5, "years", 1], "5 years", "unit of time not readable", "Write days, weeks or months."),
        (["P1", "pfs", 12, "months", 1], "12 months", "progression after death", "Correct one of the two times."),
        (["P1", "ttp", 300, "days", 0], "300 days", "followed beyond death", "Correct one of the two times."),
    ],
)
def test_a_contradiction_removes_only_the_endpoint_concerned(bad, value, reason, fix):
    cohort = read_with(endpoints=[ENDPOINTS, ["P1", "os", 6, "months", 1], bad, ["P2", "pfs", 3, "months", 1]])
    found = of(cohort, "error")[-1]
    assert (found.sheet, found.row, found.column, found.value, found.fix) == ("Endpoints", 3, "C (time)", value, fix)
    assert found.problem == f'{bad[1].upper()} of patient "P1" is not used: {reason}.'
    assert cohort.endpoints["problem"].tolist() == ["", reason, ""]
    assert ids(cohort) == list(PATIENTS)


def test_an_unreadable_event_code_is_never_censored():
    codes = ["1", 2, "x?", "LFU", "0"]
    cohort = read_with(
        endpoints=[ENDPOINTS, *(["P1", f"own{place}", 5, "months", code] for place, code in enumerate(codes))]
    )
    events = cohort.endpoints["event"].tolist()
    assert (events[0], events[4]) == (1, 0)
    assert all(math.isnan(event) for event in events[1:4])
    assert [found.value for found in of(cohort, "error") if found.column == "E (event)"] == ["2", "x?", "LFU"]


def test_a_negative_day_is_kept_and_told():
    cohort = read_with(adverse_events=[EVENTS, ["P1", "CRS", 2, -3, 5]])
    found = only(cohort)
    assert (found.severity, found.row, found.column, found.value) == ("note", 2, "D (start_day)", "-3")
    assert cohort.adverse_events["start_day"].tolist() == [-3]


@pytest.mark.parametrize(
    "name",
    [
        "below",
        "limit",
        "lloq",
        "day",
        "date",
        "stop_day",
        "stop_date",
        "source_row",
        "sheet",
        "problem",
        "column",
        "specimen",
    ],
)
def test_a_further_column_of_any_name_does_no_harm(name):
    rows = {
        **GOOD,
        "Labs": [["patient_id", "day", "test", "value"], ["P1", 7, "CRP", "<5"]],
        "Endpoints": [ENDPOINTS, ["P1", "os", 3, "months", 1]],
    }
    for sheet in ("Labs", "Kinetics", "Responses", "Adverse events", "Endpoints", "Patients"):
        header, *others = rows[sheet]
        if name not in header:
            rows[sheet] = [[*header, name], *([*row, "abc"] for row in others)]
    cohort = read(rows)
    assert cohort.n == 4
    assert cohort.labs["below"].tolist() == [True]
    assert cohort.endpoints["problem"].tolist() == [""]


def test_too_many_problems_are_counted_not_listed():
    rows = [[f"P{place}", "old"] for place in range(MOST_A_COLUMN + 20)]
    cohort = read({"Patients": [["patient_id", "age_years"], *rows]})
    assert len(cohort.findings) == MOST_A_COLUMN + 1
    assert cohort.findings[-1].problem == "20 more problems in this column are not listed."


def test_errors_stand_before_warnings_before_notes():
    cohort = read(
        {
            "To do": [["call"]],
            "Patients": FOUR,
            "Adverse events": [EVENTS, ["P1", "CRS", 7, 9, 5], ["P9", "CRS", 1, 1, 5]],
        }
    )
    assert [found.severity for found in cohort.findings] == ["error", "error", "warning", "note"]


def test_the_rest_of_a_cohort_with_findings_works():
    cohort = read(
        {
            "Patients": [FOUR[0], ["P1", "A", "maybe", 50], *FOUR[2:]],
            "Adverse events": [EVENTS, ["P9", "CRS", 1, 1, 5], ["P1", "CRS", "high", 1, 5]],
        }
    )
    chosen = select(cohort, Selection((Clause("emd", ("yes",), keep_missing=True),)))
    assert ids(chosen) == ["P1", "P3", "P4"]
    assert chosen.adverse_events["patient_id"].tolist() == ["P1"]
