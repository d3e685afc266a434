"""The mean with its interval: as R's t.test."""

import numpy as np
import pytest

from lib.stats.means import mean


def test_as_r():
    found = mean(np.array([1.0, 2, 6]))  # t.test(c(1, 2, 6))$conf.int
    assert (found.value, found.low, found.high) == pytest.approx((3, -3.572420, 9.572420), abs=1e-5)


def test_no_value_one_value_and_ties():
    assert mean(np.array([])).reason == "no values"
    assert (mean(np.array([4.0])).value, mean(np.array([4.0])).low) == (4, None)
    assert mean(np.array([4.0, 4.0])).low == 4
