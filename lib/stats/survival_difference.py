"""The difference of two Kaplan-Meier curves over time, S1(t) - S2(t), with pointwise limits.

Limits by Greenwood's variances on the plain scale. Pointwise: they hold for one time chosen beforehand, not for the whole curve.
Equal to the difference of R's summary(survfit)$surv with the root of the summed squares of $std.err.
Source: Klein, Logan, Harhoff & Andersen 2007 (naive test at a fixed time).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.stats.arrays import Floats, Names
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import SurvivalCurve, kaplan_meier
from lib.stats.risk_sets import from_each
from lib.stats.survival_limits import TOLERANCE, greenwood_terms


@dataclass(frozen=True)
class SurvivalDifference:
    """A row at each distinct time of either group while both have somebody at risk; no rows exactly when there is a `reason`.

    `low` and `high` are NaN while neither group has had an event, and where one of the curves is 0.
    """

    time: Floats
    difference: Floats
    low: Floats
    high: Floats
    n: int
    level: float = 0.95
    reason: str = ""


def survival_difference(
    time: Floats,
    event: Floats,
    group: Names,
    names: tuple[str, str],
    entry: Floats | None = None,
    level: float = 0.95,
) -> SurvivalDifference:
    """The curve of the first of `names` less that of the second."""
    first, second = (group == name for name in names)
    n = int(np.sum(first | second))
    if not (first.any() and second.any()):
        return _without(f"no patients in {names[0] if not first.any() else names[1]}", n, level)
    times = np.unique(np.append(time[first | second], 0.0))
    times = times[(_at_risk(times, time, entry, first) > 0) & (_at_risk(times, time, entry, second) > 0)]
    if len(times) == 0:
        return _without("the groups are never at risk together", n, level)
    curves = [kaplan_meier(time[mine], event[mine], None if entry is None else entry[mine]) for mine in (first, second)]
    (one, variance), (other, other_variance) = (_at(curve, times) for curve in curves)
    from scipy.special import ndtri

    error = np.sqrt(variance + other_variance)
    undefined = (error == 0) | (one < TOLERANCE) | (other < TOLERANCE)
    half = np.where(undefined, np.nan, ndtri((1 + level) / 2) * error)
    difference = one - other
    low, high = np.maximum(difference - half, -1), np.minimum(difference + half, 1)  # NaN stays NaN
    return SurvivalDifference(times, difference, low, high, n, level)


def difference_at(difference: SurvivalDifference, time: float) -> Estimate:
    """The difference at a time chosen beforehand, with its limits; not estimable once one group has nobody at risk."""
    if difference.reason:
        return Estimate(None, level=difference.level, reason=difference.reason)
    if not difference.time[0] <= time <= difference.time[-1]:
        return Estimate(None, level=difference.level, reason="one of the groups has nobody at risk then")
    row = int(np.searchsorted(difference.time, time, side="right")) - 1
    value, low, high = (float(column[row]) for column in (difference.difference, difference.low, difference.high))
    if np.isnan(low):
        return Estimate(value, level=difference.level)
    return Estimate(value, low, high, difference.level)


def _at_risk(times: Floats, time: Floats, entry: Floats | None, mine: npt.NDArray[np.bool_]) -> Floats:
    """How many of the group are at risk at each time."""
    there = from_each(times, time[mine])
    return there if entry is None else there - from_each(times, entry[mine & (entry > 0)])


def _at(curve: SurvivalCurve, times: Floats) -> tuple[Floats, Floats]:
    """S and its variance at each time."""
    rows = np.searchsorted(curve.time, times, side="right") - 1
    greenwood = np.cumsum(greenwood_terms(curve.n_at_risk, curve.events))
    return curve.survival[rows], (curve.survival**2 * greenwood)[rows]


def _without(reason: str, n: int, level: float) -> SurvivalDifference:
    nothing = np.array([])
    return SurvivalDifference(nothing, nothing, nothing, nothing, n, level, reason)
