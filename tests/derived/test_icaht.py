"""ICAHT by hand: every count of days is worked out beside its case. Counts are 10^9/L (0.5 = 500/µL)."""

import math

import numpy as np
import pytest

from lib.derived.icaht import (
    DEATH,
    NOT_FOLLOWED,
    NOT_MEASURED,
    OPEN,
    TOO_FEW_LATE,
    TOO_SHORT,
    TOO_THIN,
    Counts,
    Grade,
    early_grade,
    icaht,
    late_grade,
)

# name: values by day, (early grade, days <= 500, days <= 100, longest stretch <= 500)
BY_HAND = {
    # 1. never at or below 500: no day counts
    "never low": ({0: 2.0, 7: 0.8, 14: 1.5, 21: 2.0, 28: 3.0}, (0, 0, 0, 0)),
    # 2. 0.4 on day 4 holds on days 4, 5, 6; above from day 7 on: 3 days, under 7
    "three days": ({0: 2.0, 4: 0.4, 7: 0.9, 14: 1.5, 21: 2.0, 28: 3.0}, (1, 3, 0, 3)),
    # 3. 0.5 exactly counts (<=): days 4 to 9 = 6 days, the last number of grade 1
    "six days at 500": ({0: 2.0, 4: 0.5, 10: 0.51, 17: 1.5, 24: 2.0}, (1, 6, 0, 6)),
    # 4. days 4 to 10 = 7 days, the first number of grade 2
    "seven days": ({0: 2.0, 4: 0.3, 11: 0.6, 18: 1.5, 25: 2.0}, (2, 7, 0, 7)),
    # 5. days 3 to 15 = 13 days (3-9 by the value of day 3, 10-15 by that of day 10), the last number of grade 2
    "thirteen days": ({0: 2.0, 3: 0.4, 10: 0.2, 16: 0.9, 23: 1.5, 30: 2.0}, (2, 13, 0, 13)),
    # 6. cumulative, not consecutive: days 2-8 (7) and 16-22 (7) = 14 days: grade 3, neither stretch longer than 7
    "two stretches": ({0: 2.0, 2: 0.4, 9: 0.8, 16: 0.3, 23: 1.5, 30: 2.0}, (3, 14, 0, 7)),
    # 7. <= 100 on days 3 to 9 = 7 days: grade 3 by depth; <= 500 on the same 7 days alone would be grade 2
    "seven days at 100": ({0: 1.5, 3: 0.1, 10: 0.7, 17: 1.5, 24: 2.0}, (3, 7, 7, 7)),
    # 8. <= 100 on days 3 to 16 = 14 days (3-9, 10-16): grade 4 by depth, although it recovers on day 17
    "fourteen days at 100": ({0: 1.5, 3: 0.05, 10: 0.1, 17: 0.7, 24: 2.0}, (4, 14, 14, 14)),
    # 9. never above 500: all 31 days (0 to 30), none <= 100: grade 4
    "never above": ({0: 0.5, 7: 0.3, 14: 0.2, 21: 0.4, 28: 0.5}, (4, 31, 0, 31)),
    # 10. above on day 0 only: days 1 to 30 = 30 days; grade 3, since one day was above 500
    "above on day 0": ({0: 0.6, 1: 0.4, 8: 0.3, 15: 0.2, 22: 0.4, 29: 0.5}, (3, 30, 0, 30)),
    # 11. two values on day 4: the lower (0.4) counts for days 4, 5, 6 = 3 days; that of day 3 (0.9) only for day 3
    "ties on a day": ({0: 2.0, 3: 0.9, 4.2: 1.4, 4.8: 0.4, 7: 0.9, 14: 1.5, 21: 2.0, 28: 3.0}, (1, 3, 0, 3)),
    # 12. the value of day -1 (0.4) holds on days 0 to 4 = 5 days; that of day -9 is too old to count
    "before the infusion": ({-9: 3.0, -1: 0.4, 5: 0.8, 12: 1.2, 19: 2.0, 26: 2.0}, (1, 5, 0, 5)),
    # 13. no value before day 3: days 0 to 2 take the first one (0.4), with days 3, 4, 5 that is 6 days
    "first value on day 3": ({3: 0.4, 6: 0.8, 13: 1.2, 20: 2.0, 27: 2.0}, (1, 6, 0, 6)),
}


@pytest.mark.parametrize("case", list(BY_HAND))
def test_an_early_grade_by_hand(case):
    values, expected = BY_HAND[case]
    found = icaht(Counts.measured(values))
    assert (found.early.grade, found.days_low, found.days_very_low, found.longest_low) == expected
    assert found.early.reason == "" and found.last_day == 30


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, NOT_MEASURED),
        ({4: math.nan}, NOT_MEASURED),
        ({-5: 0.2, -1: 0.1}, NOT_MEASURED),  # before the infusion only
        ({40: 0.2, 50: 0.1}, NOT_MEASURED),
        ({10: 0.2}, TOO_THIN),  # one value
        ({0: 1.0, 7: 1.0, 14: 1.0, 22: 1.0, 29: 1.0}, TOO_THIN),  # days 15 to 21 are 7 days without
        ({7: 1.0, 14: 1.0, 21: 1.0, 28: 1.0}, TOO_THIN),  # days 0 to 6
        ({0: 1.0, 7: 1.0, 14: 1.0, 21: 1.0, 23: 1.0}, TOO_THIN),  # days 24 to 30
    ],
)
def test_not_gradable_where_sampling_is_too_thin(values, reason):
    found = icaht(Counts.measured(values))
    assert found.early == Grade(None, reason) and found.days_low is None


def test_the_thinnest_sampling_that_is_enough():
    assert icaht(Counts.measured({6: 1.0, 13: 1.0, 20: 1.0, 27: 1.0})).early == Grade(0)
    assert icaht(Counts.measured({0: 1.0, 7: 1.0, 14: 1.0, 21: 1.0, 24: 1.0})).early == Grade(0)


def below(values, limits):
    """Measured values, and limits by day of those below them."""
    return Counts((*values, *limits), (*values.values(), *(0.0 for _ in limits)), (*values.values(), *limits.values()))


def test_values_below_a_limit_of_detection():
    """<0.1 is at or below 100 for certain; <0.5 may be, or not; without a limit it may be anything."""
    above = {0: 1.0, 10: 0.8, 17: 1.0, 24: 2.0}
    certain = icaht(below(above, {3: 0.1}))  # days 3 to 9 = 7 days <= 100: grade 3
    assert (certain.early, certain.days_low, certain.days_very_low) == (Grade(3), 7, 7)
    # <0.5 on days 3 to 9: 7 days <= 500 is grade 2, but grade 3 if it was <= 100
    assert icaht(below(above, {3: 0.5})).early == Grade(None, OPEN)
    # <0.5 on days 8 and 9 only: 2 days, grade 1 whatever it was
    assert icaht(below({0: 1.0, 3: 0.9, 10: 0.8, 17: 1.0, 24: 2.0}, {8: 0.5})).early == Grade(1)
    assert icaht(below(above, {3: math.inf})).early == Grade(None, OPEN)


def test_values_count_until_death_progression_or_the_next_therapy():
    low = {0: 0.4, 5: 0.3, 10: 0.2, 15: 0.4, 20: 2.0, 27: 2.0}
    # to day 16: days 0 to 16 = 17 days <= 500, none above. After death nothing can rise: grade 4; else 17 days: grade 3
    assert icaht(Counts.measured(low), 16.0, DEATH).early == Grade(4)
    cut = icaht(Counts.measured(low), 16.4, "progression")
    assert (cut.early, cut.days_low, cut.last_day, cut.late) == (Grade(3), 17, 16, Grade(None, NOT_FOLLOWED))
    # to day 4: 5 days only
    assert icaht(Counts.measured(low), 4.0, "progression").early == Grade(None, TOO_SHORT)
    assert icaht(Counts.measured(low), 4.0, DEATH).early == Grade(4)
    assert icaht(Counts.measured({0: 1.0}), 4.0, DEATH).early == Grade(None, TOO_SHORT)


WEEKLY = dict.fromkeys(range(0, 31, 7), 2.0)


@pytest.mark.parametrize(
    ("late", "grade"),
    [
        ({35: 2.0, 60: 1.6}, 0),
        ({35: 1.5, 60: 1.5}, 1),
        ({35: 0.9, 60: 1.5}, 1),
        ({35: 1.0, 60: 0.05}, 2),
        ({35: 0.5, 60: 0.4}, 3),
        ({35: 0.1, 60: 0.1}, 4),
        ({35: 0.1, 60: 2.0, 90: 0.9}, 2),
        ({31: 0.4, 31.5: 0.3, 60: 2.0}, 0),
    ],
)
def test_a_late_grade_is_reached_on_two_days(late, grade):
    """The second lowest day decides: one low value is transient, and two on a day are one."""
    found = icaht(Counts.measured({**WEEKLY, **late}))
    assert found.late == Grade(grade) and found.early == Grade(0) and found.n_early == 5


def test_late_is_not_gradable_with_one_day_or_an_open_value():
    assert icaht(Counts.measured({**WEEKLY, 35: 0.1})).late == Grade(None, TOO_FEW_LATE)
    assert icaht(Counts.measured({**WEEKLY, 30: 0.1, 35: 0.1})).late == Grade(None, TOO_FEW_LATE)  # day 30 is early
    assert icaht(Counts.measured({**WEEKLY, 35: 0.1, 60: 0.1}), 50.0, "progression").late == Grade(None, TOO_FEW_LATE)
    assert icaht(below(WEEKLY, {35: 0.1, 40: 0.1})).late == Grade(4)
    assert icaht(below(WEEKLY, {35: 0.5, 40: 0.5})).late == Grade(None, OPEN)


def test_every_boundary_of_the_rule():
    assert [early_grade(days, 0, False) for days in (0, 1, 6, 7, 13, 14, 30)] == [0, 1, 1, 2, 2, 3, 3]
    assert [early_grade(14, days, False) for days in (6, 7, 13, 14)] == [3, 3, 3, 4] and early_grade(7, 6, False) == 2
    assert early_grade(31, 0, True) == 4
    assert [late_grade(amount) for amount in (1.51, 1.5, 1.01, 1.0, 0.51, 0.5, 0.11, 0.1)] == [0, 1, 1, 2, 2, 3, 3, 4]


def test_the_order_of_rows_is_nothing_and_lower_counts_are_no_lower_grade():
    draw = np.random.default_rng(3)
    for _ in range(20):
        days = np.sort(draw.choice(np.arange(-5, 90), 40, replace=False)).astype(float)
        counts = draw.lognormal(-0.5, 1, 40)
        found = icaht(Counts(tuple(days), tuple(counts), tuple(counts)))
        order = draw.permutation(40)
        assert icaht(Counts(tuple(days[order]), tuple(counts[order]), tuple(counts[order]))) == found
        lower = icaht(Counts(tuple(days), tuple(counts / 3), tuple(counts / 3)))
        assert (lower.early.grade or 0) >= (found.early.grade or 0) and (lower.late.grade or 0) >= (
            found.late.grade or 0
        )
