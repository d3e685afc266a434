"""Round levels around what is drawn, and days that have room for a label."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.labs.course_chart import LABEL, MOST_LEVELS, labelled, levels


@pytest.mark.parametrize(
    ("amounts", "log", "expected"),
    [
        ((3, 41), False, (0, 10, 20, 30, 40, 50)),
        ((7.2, 11.9), False, (7, 8, 9, 10, 11, 12)),
        ((5,), False, (5, 6)),
        ((), False, (0, 1)),
        ((), True, (1, 10)),
        ((3, 41), True, (2, 5, 10, 20, 50)),
        ((0, -1), True, (1, 10)),
        ((1, 100_000), True, (1, 10, 100, 1000, 10_000, 100_000)),
    ],
)
def test_levels(amounts, log, expected):
    assert levels(amounts, log) == expected


@given(st.lists(st.floats(1e-6, 1e9), min_size=1, max_size=20), st.booleans())
def test_levels_enclose_everything(amounts, log):
    found = levels(amounts, log)
    assert list(found) == sorted(set(found))
    assert found[0] <= min(amounts) * (1 + 1e-6) and found[-1] >= max(amounts) * (1 - 1e-6)
    assert log or len(found) <= MOST_LEVELS + 3


def test_the_best_sampled_days_are_labelled_and_never_overlap():
    days, n = np.array([0.0, 1, 3, 14, 15, 28]), np.array([9.0, 10, 9, 2, 8, 9])
    assert days[labelled(days, n, False, 600)].tolist() == [1, 3, 15, 28]
    assert days[labelled(days, n, True, 600)].tolist() == [0, 1, 3, 15, 28]
    assert len(labelled(np.array([]), np.array([]), False, 600)) == 0
    for each in (np.linspace(0, 5000, 200), np.linspace(-9, 0, 50)):
        for pixels in (260, 550):
            shown = each[labelled(each, np.ones(len(each)), False, pixels)]
            assert len(shown) > 1 and np.diff(shown).min() * pixels / np.ptp(each) >= LABEL * (1 - 1e-9)
