"""Units: of laboratory values, of times, and what is written beside a time. Hand-worked numbers."""

import math

import pandas as pd
import pytest

from lib.intake.cells.dates import counted_from_zero, with_unit_in_days, with_units_by_row
from lib.intake.cells.numbers import how_long, unit_word, with_one_unit


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
