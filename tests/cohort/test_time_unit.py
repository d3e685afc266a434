"""Days, weeks, months: times are compared on one exact scale, and look the same from every unit."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.cohort.time_unit import DAYS_PER, UNITS, days_in, from_days, in_unit


def one(time, unit, wanted):
    return in_unit(pd.Series([time]), pd.Series([unit]), wanted).iloc[0]


def test_no_times():
    empty = pd.Series(dtype="float64")
    assert in_unit(empty, pd.Series(dtype="object"), "months").tolist() == from_days(empty, "weeks").tolist() == []


@pytest.mark.parametrize(
    ("time", "unit", "wanted", "shown"),
    [
        (1, "months", "days", 30.4375),
        (12, "months", "weeks", 365.25 / 7),
        (365.25, "days", "months", 12),
        (-7, "days", "weeks", -1),
        (0, "weeks", "days", 0),
    ],
)
def test_a_month_is_a_twelfth_of_a_year(time, unit, wanted, shown):
    assert one(time, unit, wanted) == pytest.approx(shown)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("time", [0.3, 9.7, 12.345, 1.234567, 1000.25])
def test_a_time_in_its_own_unit_stays_as_it_was_written(time, unit):
    assert one(time, unit, unit) == time == one(np.nextafter(time, 0), unit, unit)


@pytest.mark.parametrize("wanted", UNITS)
def test_one_time_in_three_units_is_one_time(wanted):
    for days in range(1, 1200, 7):
        written = [
            (days, "days"),
            (days / 7, "weeks"),
            (days / 30.4375, "months"),
            (days * (1 / 30.4375), "months"),
            (float(f"{days / 30.4375:.9g}"), "months"),
        ]
        assert len({one(time, unit, wanted) for time, unit in written}) == 1, days


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1e4), st.sampled_from(UNITS)), min_size=2, max_size=8))
def test_order_and_ties_are_the_same_in_every_unit(written):
    time, unit = pd.Series([time for time, _ in written]), pd.Series([unit for _, unit in written])
    ranks = [in_unit(time, unit, wanted).rank(method="dense").tolist() for wanted in UNITS]
    assert ranks[0] == ranks[1] == ranks[2]


def test_every_row_has_its_own_unit_and_one_that_is_unknown_gives_no_time():
    times = in_unit(pd.Series([1.0, 61.0, float("nan"), 5.0]), pd.Series(["months", "days", "days", "years"]), "days")
    assert times.tolist()[:2] == [30.4375, 61] and times.isna().tolist() == [False, False, True, True]


def test_study_days_stay_days_or_become_the_wanted_unit():
    days = pd.Series([-14.0, 0.0, 61.0])
    assert from_days(days, "days").tolist() == days.tolist()
    assert days_in(61, "weeks") == from_days(days, "weeks").iloc[2]
    assert from_days(days, "weeks").tolist() == pytest.approx([-2, 0, 61 / 7])


@settings(deadline=None)
@given(st.floats(-1e5, 1e5), st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_there_and_back_is_the_same_time(time, unit, wanted):
    assert one(one(time, unit, wanted), wanted, unit) == pytest.approx(time, rel=1e-6, abs=2e-5)
    assert one(time, unit, "days") == pytest.approx(time * DAYS_PER[unit], rel=1e-6, abs=2e-5)
