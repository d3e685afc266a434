"""MaxCombo: the largest of four weighted log-rank tests of two groups, for differences that come early, late or in between.

Weights Fleming-Harrington (0,0), (0,1), (1,0), (1,1); p is the probability that the largest |z| of a normal vector with the
estimated correlation is as large. Since three of the four are linearly independent, that probability is an integral over a
half sphere, done here on a fixed grid: scipy's and mvtnorm's are drawn at random and no good for small p.
Source: Lin et al. 2020 (Cross-Pharma NPH working group); Karrison 2016; radial integration as Deak 1980.
"""

from functools import cache
from typing import Final

import numpy as np

from lib.stats.arrays import Floats, Names
from lib.stats.estimate import TestResult, not_done
from lib.stats.risk_sets import RiskSets, risk_sets
from lib.stats.weighted_logrank import Weighting, covariance, excess, weights, why_not

WEIGHTINGS: Final = (Weighting(0, 0), Weighting(0, 1), Weighting(1, 0), Weighting(1, 1))
NAME: Final = "MaxCombo (largest |z| of Fleming-Harrington (0,0), (0,1), (1,0), (1,1))"
DIMENSIONS: Final = 3  # (0,1) is (0,0) less (1,0)
HEIGHTS, TURNS = 150, 500  # points of the grid: p is right to about 1e-5 of itself


def maxcombo(
    time: Floats, event: Floats, group: Names, entry: Floats | None = None, stratum: Names | None = None
) -> TestResult:
    """Whether the hazards of two groups differ under any of the four weights; the statistic is the largest |z|.

    A weight without variance (as (0,1) when there is one event time) takes no part.
    """
    sets = risk_sets(time, event, group, entry=entry, stratum=stratum)
    name = NAME if stratum is None else f"stratified {NAME}"
    reason = why_not(sets, np.ones(len(sets.events)))
    if not reason and sets.groups_with_patients > 2:
        reason = "made for two groups"
    if reason:
        return not_done(name, sets.n, reason)
    z, correlation = standardised(sets)
    usable = np.diag(correlation) > 0
    largest = float(np.abs(z).max())
    return TestResult(name, largest, None, _exceeded(largest, correlation[np.ix_(usable, usable)]), sets.n)


def standardised(sets: RiskSets) -> tuple[Floats, Floats]:
    """z of the second of two groups under each weight (above 0: more events than expected), and their correlation.

    A weight without variance has z 0 and zeros in its row and column.
    """
    each = [weights(sets, weighting) for weighting in WEIGHTINGS]
    variance = np.array([[covariance(sets, first * second)[1, 1] for second in each] for first in each])
    spread = np.sqrt(np.diag(variance))
    inverse = np.divide(1, spread, out=np.zeros_like(spread), where=spread > 0)
    z = np.array([excess(sets, weight)[1] for weight in each]) * inverse
    return z, variance * np.outer(inverse, inverse)


def _exceeded(largest: float, correlation: Floats) -> float:
    """P(some |Z| >= largest): in each direction of the sphere the tail of a chi with 3 df beyond the nearest face."""
    if largest == 0:
        return 1.0
    from scipy.special import chdtrc

    values, vectors = np.linalg.eigh(correlation)
    axes = vectors[:, -DIMENSIONS:] * np.sqrt(np.maximum(values[-DIMENSIONS:], 0))
    directions, shares = _half_sphere()
    nearest = largest / np.abs(directions[:, : axes.shape[1]] @ axes.T).max(axis=1)
    return float(min(1.0, shares @ chdtrc(DIMENSIONS, nearest**2)))


@cache
def _half_sphere() -> tuple[Floats, Floats]:
    """Directions over a half sphere, and the share of its surface that each stands for."""
    heights, parts = np.polynomial.legendre.leggauss(HEIGHTS)
    heights, parts = (heights + 1) / 2, parts / 2
    turns = (np.arange(TURNS) + 0.5) * 2 * np.pi / TURNS
    flat = np.sqrt(1 - heights**2)[:, None]
    directions = [flat * np.cos(turns), flat * np.sin(turns), np.repeat(heights[:, None], TURNS, axis=1)]
    return np.stack([part.ravel() for part in directions], axis=1), np.repeat(parts / TURNS, TURNS)
