"""Numbers rounded to significant digits."""

import numpy as np
import pytest

from lib.cohort.time_unit import significant


@pytest.mark.parametrize(
    ("number", "rounded"),
    [
        (49.00000000000001, 49),
        (0.1 + 0.2, 0.3),
        (1.609856262833675, 1.60985626),
        (-7.0000000001, -7),
        (123456789012, 123456789000),
        (99999999.99, 1e8),
        (4.9e-324, 0.0),
    ],
)
def test_nine_digits(number, rounded):
    assert significant(np.array([number]), 9)[0] == rounded


def test_what_is_no_number_stays():
    assert np.isnan(significant(np.array([np.nan]), 9)[0])
    assert significant(np.array([np.inf, -np.inf, 0.0]), 9).tolist() == [np.inf, -np.inf, 0.0]
