"""Limits of S on three scales: by hand at the edges; against R in test_kaplan_meier.py."""

import numpy as np
import pytest
from golden.reference import floats

from lib.stats.kaplan_meier import TRANSFORMS, greenwood_terms, survival_limits
from lib.stats.proportions import exact_share

Z = 1.959963984540054


def test_greenwood_terms_end_with_the_curve():
    assert greenwood_terms(floats(4, 2, 1, 0), floats(1, 0, 1, 0)).tolist() == [1 / 12, 0, 0, 0]


def test_by_hand():
    survival, greenwood, at_risk = floats(0.75), floats(1 / 12), floats(4)
    error = np.sqrt(1 / 12)
    low, high = survival_limits(survival, greenwood, at_risk, 0.95, "plain")
    assert (low[0], high[0]) == (pytest.approx(0.75 - Z * 0.75 * error), 1)
    low, high = survival_limits(survival, greenwood, at_risk, 0.95, "log")
    assert (low[0], high[0]) == (pytest.approx(0.75 * np.exp(-Z * error)), 1)
    low, high = survival_limits(survival, greenwood, at_risk, 0.95, "log-log")
    power = np.exp(Z * error / np.log(0.75))
    assert (low[0], high[0]) == (pytest.approx(0.75 ** (1 / power)), pytest.approx(0.75**power))


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("n", [1, 2, 5, 8, 30])
def test_before_the_first_event_the_lower_limit_is_that_of_n_of_n(n, transform):
    low, high = survival_limits(floats(1), floats(0), floats(n), 0.95, transform)
    assert (low[0], high[0]) == (pytest.approx(exact_share(n, n).low), 1)


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_with_nobody_at_risk_and_at_0_there_are_no_limits(transform):
    low, high = survival_limits(floats(1, 0), floats(0, 0.5), floats(0, 1), 0.95, transform)
    assert np.isnan([*low, *high]).all()


def test_plain_limits_are_cut_at_0_and_others_never_get_there():
    low = {name: survival_limits(floats(0.1), floats(2), floats(1), 0.95, name)[0][0] for name in TRANSFORMS}
    assert low["plain"] == 0 < low["log-log"] < 0.1 and 0 < low["log"] < 0.1


def test_nobody():
    for transform in TRANSFORMS:
        low, high = survival_limits(floats(), floats(), floats(), 0.95, transform)
        assert len(low) == len(high) == 0
