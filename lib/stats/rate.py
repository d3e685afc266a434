"""Events by person-time: the rate with its exact Poisson limits, as R's poisson.test.

Source: Garwood 1936, Biometrika 28:437: the limits are quantiles of gamma distributions.
"""

from lib.stats.estimate import Estimate


def exact_rate(events: int, time: float, level: float = 0.95) -> Estimate:
    """Events in this much time at risk, each unit of it, with exact limits; the lower is 0 where nothing happened."""
    from scipy.stats import gamma

    if not time > 0:
        return Estimate(None, level=level, reason="no time at risk")
    tail = (1 - level) / 2
    low = float(gamma.ppf(tail, events)) / time if events else 0.0
    return Estimate(events / time, low, float(gamma.isf(tail, events + 1)) / time, level)
