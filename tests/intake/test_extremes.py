"""Headings of hundreds of letters and numbers beyond every chart: read, and reported.

Fifty damaged copies of a workbook; `make fuzz` tries a thousand.
"""

import pytest
from workbooks import read

from intake.fuzz import outcome
from lib.cohort.finding import Finding


def said(findings: tuple[Finding, ...], words: str) -> list[tuple[str, int | None, str, str]]:
    return [(each.sheet, each.row, each.column, each.problem) for each in findings if words in each.problem]


def test_a_heading_of_600_letters_is_cut_and_told() -> None:
    cohort = read({"Patients": [["patient_id", "x" * 600], ["P1", 1.5], ["P2", 2.5], ["P3", 7.5], ["P4", 8.25]]})
    assert "x" * 500 in cohort.patients.columns
    reported = "This heading has more than 500 letters; the first 500 are read."
    assert said(cohort.findings, "heading") == [("Patients", 1, "B", reported)]


def test_a_number_that_no_chart_can_show_is_told() -> None:
    labs = [
        ["patient_id", "test", "day", "value", "unit"],
        ["P1", "CRP", 0, 1e300, "mg/L"],
        ["P1", "CRP", 1e9, 5, "mg/L"],
    ]
    patients = [["patient_id", "burden"], ["P1", 1e300], ["P2", 3.5], ["P3", 4.5], ["P4", 5.5]]
    cohort = read({"Patients": patients, "Labs": labs})
    reported = "1e+300 is outside what a chart can show; it is used as it stands."
    assert said(cohort.findings, "chart") == [
        ("Patients", 2, "B (burden)", reported),
        ("Labs", 2, "D (value)", reported),
    ]
    assert said(cohort.findings, "20 years") == [
        ("Labs", 3, "C (day)", "This day is more than 20 years from the infusion.")
    ]
    assert cohort.tables["labs"]["value"].tolist() == [1e300, 5]


@pytest.mark.parametrize("fifth", range(5))
def test_every_damage_is_read_or_refused_in_one_sentence(fifth):
    assert {outcome(seed) for seed in range(fifth * 10, fifth * 10 + 10)} <= {"read", "read with findings", "refused"}
