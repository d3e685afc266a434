"""The distribution behind Dunnett's test: the largest |t| of several groups that share one control and one variance.

Given the control's mean and the estimated variance the groups are independent, so that two integrals give it, whatever the
number of groups; by Gauss and Legendre, to 1e-8. scipy's dunnett draws random points and errs by up to 3e-4 of p.
Source: Dunnett 1955; Hsu 1996, ch. 3 (sizes of groups may differ).
"""

from functools import cache
from typing import Final

import numpy as np

from lib.stats.arrays import Floats

NODES: Final = 96
FARTHEST: Final = 8.5  # of a standard normal: beyond it less than 1e-16
TAIL: Final = 1e-15  # of the estimated standard deviation


def largest_below(t: float, shares: Floats, df: int) -> float:
    """The probability that no |t| of any group exceeds `t`; `shares` holds n / (n + n of the control) of each group."""
    from scipy.special import ndtr

    z, of_z, s, of_s = _grid(df)
    within = np.ones((len(s), len(z)))
    for share in shares:
        middle, spread = np.sqrt(share) * z[np.newaxis, :], np.sqrt(1 - share)
        reach = t * s[:, np.newaxis]
        within *= ndtr((middle + reach) / spread) - ndtr((middle - reach) / spread)
    return float(of_s @ within @ of_z)


def dunnett_quantile(probability: float, shares: Floats, df: int) -> float:
    """The t that `largest_below` says is not exceeded with this probability."""
    from scipy.optimize import brentq
    from scipy.special import stdtrit

    alone = float(stdtrit(df, (1 + probability) / 2))
    bonferroni = float(stdtrit(df, 1 - (1 - probability) / 2 / len(shares)))
    if len(shares) == 1:
        return alone
    return float(
        brentq(lambda t: largest_below(t, shares, df) - probability, alone * 0.99, bonferroni * 1.01, xtol=1e-7)
    )


@cache
def _grid(df: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Places and weights: of a standard normal, and of an estimated standard deviation on `df` degrees of freedom."""
    from scipy.special import gammainccinv, gammaincinv, gammaln

    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    z = FARTHEST * nodes
    of_z = FARTHEST * weights * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    low, high = np.sqrt(2 * gammaincinv(df / 2, TAIL) / df), np.sqrt(2 * gammainccinv(df / 2, TAIL) / df)
    s = (high - low) / 2 * nodes + (high + low) / 2
    density = np.exp((df / 2) * np.log(df / 2) + np.log(2) - gammaln(df / 2) + (df - 1) * np.log(s) - df * s**2 / 2)
    return z, of_z, s, (high - low) / 2 * weights * density
