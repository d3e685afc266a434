"""Periods: their limits are within, a missing day is in none but the whole time."""

import pandas as pd
import pytest

from lib.derived.adverse_events import EARLY, LATE, MIDDLE, WHOLE, Period

DAYS = pd.Series([-1.0, 0.0, 30.0, 31.0, 90.0, 91.0, float("nan")])


@pytest.mark.parametrize(
    ("period", "label", "held"),
    [
        (WHOLE, "", [1, 1, 1, 1, 1, 1, 1]),
        (EARLY, "day 0–30", [0, 1, 1, 0, 0, 0, 0]),
        (MIDDLE, "day 31–90", [0, 0, 0, 1, 1, 0, 0]),
        (LATE, "after day 90", [0, 0, 0, 0, 0, 1, 0]),
        (Period(-5, 0), "day -5–0", [1, 1, 0, 0, 0, 0, 0]),
    ],
)
def test_what_is_within(period, label, held):
    assert period.holds(DAYS).tolist() == [bool(one) for one in held] and period.label == label
