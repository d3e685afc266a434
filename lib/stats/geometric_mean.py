"""The geometric mean of positive values, its interval, and the geometric coefficient of variation."""

import numpy as np

from lib.stats.arrays import Floats
from lib.stats.estimate import Estimate


def geometric_mean(values: Floats) -> Estimate:
    """The geometric mean of values above 0, with its 95 % interval by t on the logarithms (from two values on)."""
    if not len(values):
        return Estimate(None, reason="no values")
    logs = np.log(values)
    middle = float(logs.mean())
    if len(logs) < 2:
        return Estimate(float(np.exp(middle)), note="one value: no interval")
    from scipy.special import stdtrit

    half = float(stdtrit(len(logs) - 1, 0.975) * logs.std(ddof=1) / np.sqrt(len(logs)))
    return Estimate(float(np.exp(middle)), float(np.exp(middle - half)), float(np.exp(middle + half)))


def geometric_cv(values: Floats) -> float | None:
    """The geometric coefficient of variation in percent, 100 sqrt(exp(var(ln x)) - 1); None for fewer than two values."""
    return 100 * float(np.sqrt(np.exp(np.log(values).var(ddof=1)) - 1)) if len(values) > 1 else None
