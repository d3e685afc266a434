"""Limits of S on three scales: by hand at the edges; against R in test_kaplan_meier.py."""

import numpy as np
import pytest
from golden.reference import floats

from lib.stats.survival_limits import TRANSFORMS, greenwood_terms, survival_limits

Z = 1.959963984540054


def test_greenwood_terms_end_with_the_curve():
    assert greenwood_terms(floats(4, 2, 1, 0), floats(1, 0, 1, 0)).tolist() == [1 / 12, 0, 0, 0]


def test_by_hand():
    times, survival, greenwood = floats(3), floats(0.75), floats(1 / 12)
    error = np.sqrt(1 / 12)
    low, high = survival_limits(times, survival, greenwood, 0.95, "plain")
    assert (low[0], high[0]) == (pytest.approx(0.75 - Z * 0.75 * error), 1)
    low, high = survival_limits(times, survival, greenwood, 0.95, "log")
    assert (low[0], high[0]) == (pytest.approx(0.75 * np.exp(-Z * error)), 1)
    low, high = survival_limits(times, survival, greenwood, 0.95, "log-log")
    power = np.exp(Z * error / np.log(0.75))
    assert (low[0], high[0]) == (pytest.approx(0.75 ** (1 / power)), pytest.approx(0.75**power))


def test_where_nothing_has_happened_yet_only_log_log_has_no_limits():
    for transform in TRANSFORMS:
        low, high = survival_limits(floats(0, 2), floats(1, 1), floats(0, 0), 0.95, transform)
        assert (low[0], high[0]) == (1, 1)
        assert np.isnan([low[1], high[1]]).all() == (transform == "log-log")


def test_a_curve_at_0_has_no_limits():
    for transform in TRANSFORMS:
        low, high = survival_limits(floats(2), floats(0), floats(0.5), 0.95, transform)
        assert np.isnan([low[0], high[0]]).all()


def test_plain_limits_are_cut_at_0_and_others_never_get_there():
    low = {name: survival_limits(floats(2), floats(0.1), floats(2), 0.95, name)[0][0] for name in TRANSFORMS}
    assert low["plain"] == 0 < low["log-log"] < 0.1 and 0 < low["log"] < 0.1


def test_nobody():
    for transform in TRANSFORMS:
        low, high = survival_limits(floats(), floats(), floats(), 0.95, transform)
        assert len(low) == len(high) == 0
