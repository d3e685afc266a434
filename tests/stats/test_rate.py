"""Rates with exact limits, beside R 4's poisson.test(events, time)."""

import pytest

from lib.stats.proportions import exact_rate

OF_R = {  # events, time: rate, low, high
    (0, 3.5): (0, 0, 1.05396555832),
    (1, 2): (0.5, 0.0126589039921, 2.78582169547),
    (7, 123.25): (0.0567951318458, 0.0228345886533, 0.117019678391),
    (30, 0.175): (171.428571429, 115.662137265, 244.724945113),
}


@pytest.mark.parametrize("given", OF_R)
def test_limits_of_r(given):
    found = exact_rate(*given)
    assert (found.value, found.low, found.high) == pytest.approx(OF_R[given], rel=1e-10)


def test_without_time_at_risk_there_is_no_rate():
    assert exact_rate(0, 0.0).reason == exact_rate(2, 0.0).reason == "no time at risk"
