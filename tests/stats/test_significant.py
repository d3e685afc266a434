"""Nine significant digits: what is equal on paper is equal in the computer."""

import math

import numpy as np
import pytest

from lib.stats.estimate import ratio, significant

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (0.0, 0.0),
        (-0.0, 0.0),
        (3.0000000000000004, 3.0),
        (2.9999999999999996, 3.0),
        (0.99999999999, 1.0),
        (9.9999999999, 10.0),
        (1e-300, 1e-300),
        (123456789.4, 123456789.0),
        (1234567894.0, 1234567890.0),
        (-3.6 / 1.2, -3.0),
        (1e22, 1e22),
        (5e-324, 5e-324),
    ],
)
def test_nine_digits_are_kept(value, kept):
    assert significant(value) == pytest.approx(kept, rel=1e-15)
    if abs(value) > 1e-290:
        assert float(significant(value)) == kept


def test_missing_and_infinite_values_stay():
    assert math.isnan(significant(NAN)) and significant(math.inf) == math.inf and significant(-math.inf) == -math.inf
    assert significant([]).shape == (0,) and significant([[1.0], [2.0]]).shape == (2, 1)


def test_every_multiple_of_every_limit_is_that_multiple():
    """Limits with up to two decimals, multiples of CTCAE: the ratio of the written product to the limit is the multiple
    itself."""
    limits = np.round(np.arange(0.01, 60, 0.01), 2)
    for multiple in (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0, 10.0, 20.0):
        written = np.array([float(f"{multiple * limit:.6g}") for limit in limits])
        assert (ratio(written, limits) == multiple).all(), multiple


def test_a_limit_that_is_none_gives_no_multiple():
    assert np.isnan(ratio([1.0, 1.0, 1.0, NAN], [0.0, -2.0, NAN, 1.0])).all()
