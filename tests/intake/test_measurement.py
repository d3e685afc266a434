"""Values below a limit of quantification."""

import pytest
from workbooks import of, only, read_with


def kinetics(value: object, lloq: object):
    return read_with(kinetics=[["patient_id", "day", "value", "unit", "lloq"], ["P1", 7, value, "copies", lloq]])


@pytest.mark.parametrize(
    ("value", "lloq", "below", "limit"),
    [
        (5000, 1000, False, 1000),
        (1000, 1000, False, 1000),
        (999, 1000, True, 1000),
        (0, 1000, True, 1000),
        ("<1000", None, True, 1000),
        ("<1000", 500, True, 500),
        ("BLQ", 1000, True, 1000),
        (5000, None, False, None),
        (5, 0, False, None),
        (None, 1000, False, 1000),
    ],
)
def test_below_or_not(value, lloq, below, limit):
    cohort = kinetics(value, lloq)
    row = cohort.kinetics.iloc[0]
    assert [found.severity for found in cohort.findings] == ["note"] * (value == 999)  # a number, not marked as below
    assert (row["below"], None if row.isna()["lloq"] else row["lloq"]) == (below, limit)
    assert (row["specimen"], row["assay"]) == ("blood", "assay not stated")


@pytest.mark.parametrize("value", ["BLQ", 0, "undetectable"])
def test_below_an_unknown_limit_is_told(value):
    cohort = kinetics(value, None)
    found = only(cohort)
    assert (found.severity, found.sheet, found.row, found.column) == ("warning", "Kinetics", 2, "E (lloq)")
    assert cohort.kinetics["below"].tolist() == [True]


def test_an_unreadable_value_is_missing_and_not_below():
    cohort = kinetics("lots", 1000)
    assert cohort.kinetics["below"].tolist() == [False]
    assert cohort.kinetics["value"].isna().all()
    assert len(of(cohort, "error")) == 1


def test_labs_below_a_limit():
    cohort = read_with(
        labs=[["patient_id", "day", "test", "value"], ["P1", 7, "CRP", "<0.5"], ["P1", 8, "base excess", -2]]
    )
    assert cohort.labs["below"].tolist() == [True, False]
    assert cohort.labs["limit"][0] == 0.5
    assert cohort.findings == ()


def test_one_day_measured_twice_is_told_but_two_units_are_two_series():
    header = ["patient_id", "day", "date", "value", "unit"]
    cohort = read_with(
        infusions=[["patient_id", "infusion", "date"], ["P1", 1, "2023-01-01"]],
        kinetics=[
            header,
            ["P1", 7, None, 5, "copies"],
            ["P1", 7, None, 3, "%"],
            ["P1", 7, None, 6, "copies"],
            ["P1", None, "2023-01-08", 8, "copies"],
            ["P1", None, None, 9, "copies"],
            ["P1", None, None, 9.5, "copies"],
        ],
    )
    assert cohort.kinetics["value"].tolist() == [5, 3, 6, 8, 9, 9.5]  # kept: lib/kinetics makes one of them
    reported = of(cohort, "warning")
    assert [finding.row for finding in reported] == [4, 5] and all(
        "count as one" in finding.problem for finding in reported
    )
    assert of(cohort, "error") == []
