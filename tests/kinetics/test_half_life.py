"""The half-life by log-linear regression: exact decay gives it exactly; the worked examples are in test_parameters."""

import numpy as np
import pytest
from golden.reference import floats

from lib.kinetics.half_life import half_life


def test_exact_decay():
    day = np.arange(0.0, 61.0, 10.0)
    found = half_life(day, 1e5 * 0.5 ** (day / 7))
    assert found.days == pytest.approx(7) and found.adjusted_r2 == pytest.approx(1)
    assert (found.n, found.first_day, found.last_day, found.reason) == (6, 10, 60, "")


def test_two_points_after_the_peak_are_no_line():
    assert half_life(floats(7, 14, 21), floats(900, 300, 100)) is None


@pytest.mark.parametrize("amount", [100.0, 0.1, 123.456])
def test_a_flat_tail_has_no_r2_and_no_half_life(amount):
    day = floats(7, 14, 21, 28, 35, 42)
    assert half_life(day, floats(900, *[amount] * 5)) is None
    fall = half_life(day, floats(900, 800, 400, amount, amount, amount))
    assert fall is None or (np.isfinite(fall.adjusted_r2) and fall.n > 3)
