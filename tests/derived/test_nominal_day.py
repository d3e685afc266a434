"""Nominal days: the commonest, their windows, and each patient's nearest sample."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.derived.sampling import near_days, nominal_days, window


def samples(*rows) -> pd.DataFrame:
    """Rows of (patient, day, value)."""
    return pd.DataFrame(rows, columns=["patient", "day", "value"]).astype({"day": float, "value": float})


@pytest.mark.parametrize(
    ("day", "days"), [(0, 0), (1, 1), (3, 1), (10, 1), (14, 1), (28, 3), (90, 9), (180, 18), (-5, 1)]
)
def test_windows_are_a_tenth_of_the_day_and_at_least_one(day, days):
    assert window(day) == days


def test_nominal_days_are_the_commonest_and_take_their_neighbours():
    assert nominal_days(pd.Series([28, 28, 28, 27, 30, 31, 14, 14, 0, 1])) == (0, 1, 14, 28)
    assert nominal_days(pd.Series([], dtype=float)) == ()
    assert nominal_days(pd.Series([-3.0])) == (-3,)


def test_each_patient_gives_the_nearest_sample_and_none_from_before_the_infusion():
    table = samples(("a", 26, 1), ("a", 29, 2), ("b", 27, 3), ("b", 29, 4), ("c", 32, 5))
    near = near_days(table, (28,))
    assert dict(zip(near["patient"], near["value"], strict=True)) == {"a": 2, "b": 3}
    before = samples(("a", 0, 1), ("b", 1, 2))
    assert near_days(before, (1,))["patient"].tolist() == ["b"]


@given(st.lists(st.integers(-10, 200), min_size=1, max_size=40))
def test_every_sample_lies_in_the_window_of_a_nominal_day(days):
    nominal = nominal_days(pd.Series(days, dtype=float))
    assert list(nominal) == sorted(set(nominal))
    assert all(any(abs(day - other) <= window(other) for other in nominal) for day in days)
    assert nominal_days(pd.Series(days[::-1], dtype=float)) == nominal
