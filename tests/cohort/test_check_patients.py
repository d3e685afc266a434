"""One patient under two ids, ids that are names, ages that nobody has; and dates that cannot be true."""

import datetime as dt

import pandas as pd
import pytest

from cohort.checked import reported, rows, schema
from lib.cohort.check import check_patients, same_patient
from lib.cohort.check_course import check_dates

NAN = float("nan")


def doubts(*ids: str, **columns: list[object]):
    table = rows("patients", *({"patient_id": patient} for patient in ids)).assign(**columns)
    return check_patients(table, "Patients")


def test_nobody_no_doubts():
    assert doubts() == []


@pytest.mark.parametrize("other", ["p1", "P01", "P 1", "P1 ", "P001", "Ｐ1"])
def test_ids_that_differ_only_in_what_is_easily_mistyped(other):
    problem = f'"{other}" and "P1" differ only in capitals, spaces or zeros; they are read as two patients.'
    assert reported(doubts("P1", "P2", other)) == [("warning", 4, "patient_id", problem)]


@pytest.mark.parametrize("other", ["P10", "P1-1", "P1a", "Q1", "1", "P11", "P100"])
def test_other_ids_are_other_patients(other):
    assert doubts("P1", other) == []
    assert same_patient("0") == same_patient("00") == "0"


@pytest.mark.parametrize(
    "ids",
    [
        ["Anna Schmidt", "P2"],
        ["Schmidt, Anna", "P2"],
        ["O'Neil Mary", "P2", "P3"],
        ["张伟", "P2"],
        ["Smith", "Miller", "Weber"],
        ["Dr. Jean-Paul Lefèvre", "P2"],
    ],
)
def test_ids_that_look_like_names_are_counted_and_not_repeated(ids):
    found = [doubt for doubt in doubts(*ids) if "names" in doubt.problem]
    assert len(found) == 1
    assert (found[0].severity, found[0].row, found[0].value) == ("warning", None, "")
    assert not any(each in found[0].sentence() for each in ids if len(each) > 3)


@pytest.mark.parametrize(
    "ids",
    [
        ["P1", "P2"],
        ["SYN-0001", "SYN-0002"],
        ["Patient A", "Patient B"],
        ["Pt C", "Pt D"],
        ["A", "B", "C"],
        ["UPN 12", "UPN 13"],
        ["ABC", "DEF", "GHI"],
        ["01-701-1015"],
        ["患者一", "病人二"],
        ["CAR T", "CAR U"],
    ],
)
def test_study_codes_are_no_names(ids):
    assert doubts(*ids) == []


@pytest.mark.parametrize(("age", "n"), [(0, 1), (101, 1), (1, 0), (100, 0), (NAN, 0), (64.5, 0)])
def test_ages(age, n):
    found = doubts("P1", age_years=[float(age)])
    assert (
        reported(found)
        == [("warning", 2, "age_years", f"{age:g} years is an implausible age at infusion; it is used as it stands.")]
        * n
    )


ALIKE = {"age_years": [61.0, 55.0, 61.0], "arm": ["A", "B", "A"], "sex": ["F", "M", "F"], "emd": ["yes", "no", "yes"]}
MEASURED = {
    "LDH": [231.0, 187.0, 231.0],
    "dose": [3.2, 2.9, 3.2],
    "OS_months": [12.4, 8.1, 12.4],
    "β2M": [2.25, 4.5, 2.25],
}


def many(columns: dict[str, list[object]]) -> dict[str, list[object]]:
    """The three patients among 27 others, who are all different."""
    spread = {
        name: [f"{name}{place}" if isinstance(cells[0], str) else place * 1.0 + 2 for place in range(27)]
        for name, cells in columns.items()
    }
    return {name: [*columns[name], *spread[name]] for name in columns}


def test_two_ids_with_the_same_values_in_all_columns():
    ids = [f"P{place}" for place in range(30)]
    problem = 'Patients "P0" and "P2" are alike in all columns: perhaps one patient was entered twice.'
    assert reported(doubts(*ids, **many(ALIKE | MEASURED))) == [("warning", 4, "patient_id", problem)]
    other = many(ALIKE | MEASURED)
    other["LDH"][2] = 232.0
    assert doubts(*ids, **other) == []
    missing = {name: [*cells[:2], None, *cells[3:]] for name, cells in many(ALIKE | MEASURED).items()}
    assert doubts(*ids, **missing) == []


def test_patients_may_be_alike_by_chance():
    assert doubts("P1", "P2", "P3", **ALIKE) == []
    ids = [f"P{place}" for place in range(40)]
    assert (
        doubts(*ids, arm=["A", "B"] * 20, sex=["F", "F", "M", "M"] * 10, emd=["yes"] * 40, age_years=[60.0] * 40) == []
    )


TODAY = dt.date(2024, 6, 1)


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        (dt.date(1989, 12, 31), "This date is before 1990."),
        (dt.date(1990, 1, 1), None),
        (dt.date(2024, 6, 2), "This date is in the future."),
        (TODAY, None),
        (None, None),
    ],
)
def test_dates_that_cannot_be_true_are_told_and_not_repeated(day, problem):
    table = rows("labs", {"test": "CRP"}, {"test": "CRP"}).assign(date=pd.Series([None, day], dtype="object"))
    found = check_dates(table, schema("labs"), "Labs", TODAY)
    assert reported(found) == ([("warning", 3, "date", problem)] if problem else [])
    assert not any(finding.value for finding in found)


def test_every_date_column_is_looked_at():
    early = dt.date(1899, 12, 30)
    table = rows("patients", {}).assign(infusion_date=[early], death_date=[early])
    assert [found.column for found in check_dates(table, schema("patients"), "Patients", TODAY)] == [
        "infusion_date",
        "death_date",
    ]
    assert check_dates(rows("patients"), schema("patients"), "Patients", TODAY) == []
    assert check_dates(table[["source_row"]], schema("patients"), "Patients", TODAY) == []
