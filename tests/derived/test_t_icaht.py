"""T-ICAHT by hand, against every cell of the published table; and recoveries that did not last."""

import math

import numpy as np
import pytest

from lib.derived.icaht import (
    DEATH,
    NOT_FOLLOWED,
    NOT_MEASURED,
    TOO_FEW_LATE,
    TOO_SHORT,
    TOO_THIN,
    Counts,
    early_t_grade,
    icaht,
    joined,
    t_icaht,
)


def daily(low, days, rest=200.0, start=3):
    """A value every day from 0 to 30: `low` on so many days from day `start` on."""
    return {float(day): low if start <= day < start + days else rest for day in range(31)}


@pytest.mark.parametrize(
    ("low", "days", "grade"),
    [
        (50, 10, 0),
        (49, 1, 1),
        (49, 6, 1),
        (49, 7, 2),
        (49, 27, 2),
        (20, 7, 2),
        (19, 1, 3),
        (19, 13, 3),
        (19, 14, 4),
    ],
)
def test_early_by_the_table(low, days, grade):
    found = t_icaht(Counts.measured(daily(low, days)))
    assert found.early.grade == grade
    assert (found.days_low, found.days_very_low) == (days if low < 50 else 0, days if low < 20 else 0)


def test_days_are_cumulative_and_the_depth_decides():
    values = daily(49, 3) | dict.fromkeys((10.0, 11.0, 12.0, 13.0), 49.0)
    found = t_icaht(Counts.measured(values))
    assert (found.early.grade, found.days_low, found.longest_low) == (2, 7, 4)
    assert early_t_grade(20, 1) == 3 and early_t_grade(0, 0) == 0


@pytest.mark.parametrize(
    ("values", "grade"),
    [
        ({40: 120, 60: 130}, 0),
        ({40: 99, 60: 130}, 0),
        ({40: 99, 60: 99}, 1),
        ({40: 49, 60: 49, 90: 200}, 2),
        ({40: 49, 60: 99}, 1),
        ({40: 19, 45: 19, 46: 300}, 3),
        ({40: 19, 53: 19}, 4),
        ({40: 19, 52: 19}, 3),
        ({40: 100, 60: 100}, 0),
        ({101: 10, 105: 10}, None),
    ],
)
def test_late_by_the_table(values, grade):
    found = t_icaht(Counts.measured(daily(200, 0) | {float(day): float(value) for day, value in values.items()}))
    assert found.late.grade == grade and (grade is not None or found.late.reason == TOO_FEW_LATE)


def test_what_is_not_gradable():
    for values, reason in (({}, NOT_MEASURED), ({4: math.nan}, NOT_MEASURED), ({10: 30.0}, TOO_THIN)):
        assert t_icaht(Counts.measured(values)).early.reason == reason
    died = t_icaht(Counts.measured({0.0: 10.0, 3.0: 10.0}), 4.0, DEATH)
    assert died.early.reason == TOO_SHORT and died.late.reason == NOT_FOLLOWED


def test_a_limit_of_detection_is_under_it():
    counts = Counts(tuple(range(31)), (0.0,) * 31, (float(np.nextafter(20, 0)),) * 31)
    assert t_icaht(counts).early.grade == 4


def test_a_recovery_of_fewer_than_three_days_counts_with_the_days_around_it():
    flags = np.array([0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0], dtype=bool)
    assert joined(flags).astype(int).tolist() == [0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0]
    assert (
        not joined(np.zeros(5, dtype=bool)).any()
        and joined(np.ones(5, dtype=bool)).all()
        and len(joined(np.zeros(0, dtype=bool))) == 0
    )
    # days 3-5 and 8-10 at 0.4, above on days 6 and 7: 8 days, grade 2 (6 without the two days: grade 1)
    values = {float(day): 0.4 if day in (3, 4, 5, 8, 9, 10) else 2.0 for day in range(31)}
    found = icaht(Counts.measured(values))
    assert (found.early.grade, found.days_low, found.longest_low) == (2, 8, 8)
    values |= {8.0: 2.0}  # above on days 6, 7 and 8: a stable recovery
    assert icaht(Counts.measured(values)).days_low == 5
