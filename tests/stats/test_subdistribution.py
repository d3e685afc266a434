"""Weights of who had another cause, and sums over weighted risk sets, by hand."""

import numpy as np
import pytest
from golden.reference import floats

from lib.stats.fine_gray import log_likelihood, sums_at_risk, weighing

TIME, CAUSE = floats(1, 2, 3, 4, 5), floats(2, 0, 1, 0, 1)
COVARIATES = floats(1, 0, 1, 0, 1)[:, None]


def test_the_curve_of_censoring_is_taken_just_before_each_time():
    given = weighing(TIME, CAUSE, 1, COVARIATES)
    assert given.uncensored == pytest.approx([1, 1, 3 / 4, 3 / 4, 3 / 8])
    assert given.events.tolist() == [3, 5] and given.uncensored_at_events == pytest.approx([3 / 4, 3 / 8])


def test_who_had_another_cause_stays_at_risk_with_a_falling_weight():
    sums = sums_at_risk(weighing(TIME, CAUSE, 1, COVARIATES), floats(0))
    assert sums.total == pytest.approx([3 + 3 / 4, 1 + 3 / 8])
    assert sums.mean[:, 0] == pytest.approx([(2 + 3 / 4) / 3.75, 1])
    assert sums.covariance[:, 0, 0] == pytest.approx([sums.mean[0, 0] * (1 - sums.mean[0, 0]), 0])


def test_the_likelihood_is_breslows_where_there_is_no_competitor():
    given = weighing(floats(1, 1, 2), floats(1, 1, 1), 1, floats(1, 0, 0)[:, None])
    ratio = np.exp(0.5)
    assert log_likelihood(given, floats(0.5)) == pytest.approx(0.5 - 2 * np.log(ratio + 2) - np.log(1))
