"""The samples of one series as arrays."""

import numpy as np
from golden.reference import floats

from lib.kinetics.samples import Samples


def test_below_the_limit_the_amount_is_nothing_and_a_choice_keeps_rows_together():
    given = Samples(floats(1, 7, 14), floats(np.nan, 900, 80), np.array([True, False, False]), floats(50, 50, np.nan))
    assert given.amount.tolist() == [0, 900, 80]
    late = given.where(given.day > 1)
    assert (late.day.tolist(), late.amount.tolist(), late.below.tolist()) == ([7, 14], [900, 80], [False, False])
