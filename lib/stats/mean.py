"""The mean of values and its confidence interval by Student's t distribution, as R's t.test(x)$conf.int gives it."""

import numpy as np

from lib.stats.arrays import Floats
from lib.stats.estimate import Estimate


def mean(values: Floats) -> Estimate:
    """The mean with its 95 % interval (from two values on)."""
    if not len(values):
        return Estimate(None, reason="no values")
    middle = float(values.mean())
    if len(values) < 2:
        return Estimate(middle, note="one value: no interval")
    from scipy.special import stdtrit

    half = float(stdtrit(len(values) - 1, 0.975) * values.std(ddof=1) / np.sqrt(len(values)))
    return Estimate(middle, middle - half, middle + half)
