"""Days, weeks, months: stored times stay as they were written, shown times are converted and not rounded."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.cohort.time_unit import DAYS_PER, UNITS, from_days, in_unit


def one(time, unit, wanted):
    return in_unit(pd.Series([time]), pd.Series([unit]), wanted).iloc[0]


def test_no_times():
    empty = pd.Series(dtype="float64")
    assert in_unit(empty, pd.Series(dtype="object"), "months").tolist() == from_days(empty, "weeks").tolist() == []


@pytest.mark.parametrize(
    ("time", "unit", "wanted", "shown"),
    [(1, "months", "days", 30.4375), (12, "months", "weeks", 365.25 / 7), (365.25, "days", "months", 12), (-7, "days", "weeks", -1), (0, "weeks", "days", 0)],
)  # fmt: skip
def test_a_month_is_a_twelfth_of_a_year(time, unit, wanted, shown):
    assert one(time, unit, wanted) == pytest.approx(shown)


@pytest.mark.parametrize("unit", UNITS)
def test_a_time_in_its_own_unit_is_not_touched(unit):
    assert one(0.1 + 0.2, unit, unit) == 0.1 + 0.2


def test_every_row_has_its_own_unit_and_one_that_is_unknown_gives_no_time():
    times = in_unit(pd.Series([1.0, 61.0, float("nan"), 5.0]), pd.Series(["months", "days", "days", "years"]), "days")
    assert times.tolist()[:2] == [30.4375, 61] and times.isna().tolist() == [False, False, True, True]


def test_study_days_stay_days_or_become_the_wanted_unit():
    days = pd.Series([-14.0, 0.0, 61.0])
    assert from_days(days, "days") is days
    assert from_days(days, "weeks").tolist() == [-2, 0, 61 / 7]


@settings(deadline=None)
@given(st.floats(-1e5, 1e5), st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_there_and_back_is_the_same_time(time, unit, wanted):
    assert one(one(time, unit, wanted), wanted, unit) == pytest.approx(time)
    assert one(time, unit, "days") == pytest.approx(time * DAYS_PER[unit])
