"""Units: of laboratory values, of times, and what is written beside a time. Hand-worked numbers.

One unit a laboratory test: spellings, counts, masses and amounts are converted where the factor is known, and
reported; never two mixed.
"""

import math
from pathlib import Path

import pandas as pd
import pytest
from workbooks import read

from lib.intake.apply.rows import counted_from_zero
from lib.intake.cells.dates import with_unit_in_days, with_units_by_row
from lib.intake.cells.units import factor_between, how_long, unit_word, with_one_unit
from lib.intake.draft import read_workbook


def lab_rows(*rows):
    return pd.DataFrame(rows, columns=["test", "value", "unit", "limit", "lower_limit"])


def test_the_unit_of_most_rows_counts_and_limits_move_along():
    rows = lab_rows(
        ("ANC", 1.5, "10^9/L", None, 1.8),
        ("ANC", 0.4, "G/L", None, 1.8),
        ("ANC", 0.3, "10^9/L", None, 1.8),
        ("ANC", 500.0, "/µL", 100.0, 1800.0),
        ("CRP", 1.2, "mg/dL", None, None),
        ("CRP", 5.0, "mg/L", None, None),
        ("CRP", 7.0, "mg/L", None, None),
        ("LDH", 250.0, "U/L", None, None),
        ("LDH", 4.2, "µkat/L", None, None),
    )
    found, findings = with_one_unit(rows, "Labs")
    assert list(found["value"]) == pytest.approx([1.5, 0.4, 0.3, 0.5, 12.0, 5.0, 7.0, 250.0, 252.0])
    assert list(found["unit"]) == ["10^9/L"] * 4 + ["mg/L"] * 3 + ["U/L"] * 2
    assert found.loc[3, "limit"] == pytest.approx(0.1) and found.loc[3, "lower_limit"] == pytest.approx(1.8)
    assert [finding.problem for finding in findings] == [
        '1 value of ANC in "G/L" was turned into "10^9/L": 1 G/L = 1 10^9/L.',
        '1 value of ANC in "/µL" was turned into "10^9/L": 1 /µL = 0.001 10^9/L.',
        '1 value of CRP in "mg/dL" was turned into "mg/L": 1 mg/dL = 10 mg/L.',
        '1 value of LDH in "µkat/L" was turned into "U/L": 1 µkat/L = 60 U/L.',
    ]
    assert rows.loc[3, "value"] == 500.0  # the frame that was handed in is untouched


def test_counts_and_masses_of_one_test_are_not_mixed():
    found, findings = with_one_unit(lab_rows(("x", 1.0, "g/L", None, None), ("x", 2.0, "10^9/L", None, None)), "Labs")
    assert list(found["unit"]) == ["g/L", "10^9/L"] and not findings


def test_nothing_to_turn():
    empty = lab_rows()
    assert with_one_unit(empty, "Labs")[0] is empty
    without = lab_rows(("ANC", 1.0, None, None, None))
    assert with_one_unit(without, "Labs") == (without, [])


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("DAYS", "days"),
        ("Monate", "months"),
        ("yrs.", "years"),
        ("(h)", "hours"),
        ("Wochen", "weeks"),
        ("个月", "months"),
        ("[mois]", "months"),
        ("mg", ""),
        ("", ""),
    ],
)
def test_a_word_for_a_unit_of_time(written, unit):
    assert unit_word(written) == unit


@pytest.mark.parametrize(
    ("unit", "days"),
    [("hours", 0.5), ("days", 12.0), ("weeks", 84.0), ("months", 365.25), ("years", 4383.0)],
)
def test_times_in_days(unit, days):
    assert with_unit_in_days([12.0, None], unit) == [pytest.approx(days), None]


def test_what_a_unit_is_in_words():
    assert [how_long(unit) for unit in ("hours", "weeks", "months", "years")] == [
        "one day is 24 hours",
        "one week is 7 days",
        "one month is 30.4375 days",
        "one year is 365.25 days",
    ]


def test_units_that_stand_beside_each_time():
    found = with_units_by_row(
        {
            "time": [1.0, 2.0, 48.0, math.nan, 5.0, 6.0],
            "entry": [0.5, None, 24.0, None, None, None],
            "unit": ["YEARS", "Monate", "h", "years", "fortnights", None],
        }
    )
    assert found["unit"] == ["days", "months", "days", "days", "fortnights", None]  # what is no unit is a finding later
    assert found["time"][:3] == [365.25, 2.0, 2.0] and math.isnan(found["time"][3]) and found["time"][4:] == [5.0, 6.0]
    assert found["entry"] == [182.625, None, 1.0, None, None, None]


def test_a_count_without_a_day_zero():
    values = {"day": [1.0, -1.0, 29.0, math.nan], "source_row": [2, 3, 4, 5]}
    (note,) = counted_from_zero(values, "day", "AE", "C (ASTDY)")
    assert values["day"][:3] == [0.0, -1.0, 28.0] and math.isnan(values["day"][3])
    assert note.severity == "note" and note.column == "C (ASTDY)"


def test_a_zero_in_a_count_without_a_day_zero_is_told():
    values = {"day": [0.0, 2.0, 0.0], "source_row": [7, 8, 9]}
    _, warning = counted_from_zero(values, "day", "AE", "C")
    assert values["day"] == [0.0, 1.0, 0.0]
    assert (warning.severity, warning.row) == ("warning", 7) and warning.problem.startswith("2 days are 0")


def test_no_days_at_all_say_nothing():
    assert counted_from_zero({"day": [math.nan, None], "source_row": [2, 3]}, "day", "AE", "C") == []


CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize(
    "unit",
    [
        "10^9/L",
        "G/L",
        "K/uL",
        "x10^9/L",
        "10*9/L",
        "10**9/L",
        "/nl",
        "Gpt/l",
        "x 10^9/l",
        "10⁹/L",
        "10e9/L",
        "Tsd/µl",
        "10^3/µL",
        "×10⁹/L",
        "10^3/mm^3",
    ],
)
def test_spellings_of_one_unit(unit):
    assert factor_between("Neutrophils", "10^9/L", unit) == 1
    assert factor_between("Eosinophile", "10^9/L", unit) == 1


@pytest.mark.parametrize(
    ("test", "unit", "other", "factor"),
    [
        ("Neutrophils", "10^9/L", "cells/µL", 0.001),
        ("Neutrophils", "10^9/L", "/µl", 0.001),
        ("Neutrophils", "10^9/L", "%", None),
        ("creatinine", "µmol/L", "mg/dL", 88.4017),
        ("bilirubin", "µmol/L", "mg/dL", 17.1040),
        ("Glucose", "mmol/L", "mg/dL", 0.0555075),
        ("Calcium", "mg/dL", "mmol/L", 4.0078),
        ("Hb", "g/L", "mmol/L", 16.114),
        ("Hb", "g/dL", "mmol/L", 1.6114),
        ("uric acid", "µmol/L", "mg/dL", 59.4848),
        ("LDH", "U/L", "µkat/L", 60),
        ("CRP", "mg/L", "mg/dL", 10),
        ("M-protein", "g/L", "g/dL", 10),
        ("unheard of", "mmol/L", "mg/dL", None),
        ("CRP", "mg/L", "points", None),
    ],
)
def test_factors(test, unit, other, factor):
    found = factor_between(test, unit, other)
    assert found is None if factor is None else found == pytest.approx(factor, rel=1e-5)


def test_a_template_shaped_sheet_becomes_one_series():
    cohort = read_workbook((CASES / "39_lab_units_template.xlsx").read_bytes(), "39.xlsx")
    assert cohort.labs["unit"].unique().tolist() == ["10^9/L"] and cohort.labs["patient_id"].nunique() == 16
    assert cohort.labs.query("day == 0")["value"].round(2).tolist() == [round(3 + n / 100, 2) for n in range(16)]
    assert sum("were turned into" in each.problem for each in cohort.findings) == 3


def test_conversion_moves_limits_and_is_told_and_the_unknown_stays_apart():
    labs = [
        ["patient_id", "day", "test", "value", "unit", "upper_limit"],
        ["P1", 0, "Kreatinin", 90, "µmol/l", 100],
        ["P2", 0, "Kreatinin", 110, "µmol/l", 100],
        ["P3", 0, "Kreatinin", 1, "mg/dl", 1.2],
        ["P1", 7, "score", 3, "points", None],
        ["P2", 7, "score", 4, "mg/L", None],
    ]
    cohort = read({"Patients": [["patient_id"], ["P1"], ["P2"], ["P3"]], "Labs": labs})
    assert cohort.labs["value"].round(1).tolist() == [90, 110, 88.4, 3, 4] and cohort.labs["upper_limit"].round(
        1
    ).tolist()[:3] == [100, 100, 106.1]
    assert cohort.labs["unit"].tolist() == ["µmol/l"] * 3 + ["points", "mg/L"]
    (reported,) = [each for each in cohort.findings if "turned into" in each.problem]
    assert "88.4017" in reported.problem
