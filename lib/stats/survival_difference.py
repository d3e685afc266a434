"""The difference of two Kaplan-Meier curves over time, S1(t) - S2(t), with pointwise limits.

The limits of the two curves (log-log; exact before the first event) are put together by the method of variance estimates recovery:
S1 - S2 - root((S1 - low1)^2 + (high2 - S2)^2) to S1 - S2 + root((high1 - S1)^2 + (S2 - low2)^2), so that they exist, and hold, also where one
curve is still at 1 (docs/simulation.md). Pointwise: they hold for one time chosen beforehand, not for the whole curve.
Source: Zou & Donner 2008 (MOVER); Newcombe 1998.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.stats.arrays import Floats, Names
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import SurvivalCurve, kaplan_meier
from lib.stats.risk_sets import from_each


@dataclass(frozen=True)
class SurvivalDifference:
    """A row at each distinct time of either group while both have somebody at risk; no rows exactly when there is a `reason`.

    `low` and `high` are NaN where one of the curves is 0.
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
        return no_difference(f"no patients in {names[0] if not first.any() else names[1]}", n, level)
    times = np.unique(np.append(time[first | second], 0.0))
    times = times[(_at_risk(times, time, entry, first) > 0) & (_at_risk(times, time, entry, second) > 0)]
    if len(times) == 0:
        return no_difference("the groups are never at risk together", n, level)
    curves = [
        kaplan_meier(time[mine], event[mine], None if entry is None else entry[mine], level) for mine in (first, second)
    ]
    (one, one_low, one_high), (other, other_low, other_high) = (_at(curve, times) for curve in curves)
    difference = one - other
    low = difference - np.hypot(one - one_low, other_high - other)  # NaN stays NaN
    high = difference + np.hypot(one_high - one, other - other_low)
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


def _at(curve: SurvivalCurve, times: Floats) -> tuple[Floats, Floats, Floats]:
    """S and its limits at each time."""
    rows = np.searchsorted(curve.time, times, side="right") - 1
    return curve.survival[rows], curve.low[rows], curve.high[rows]


def no_difference(reason: str, n: int, level: float = 0.95) -> SurvivalDifference:
    """No curve, for this reason."""
    nothing = np.array([])
    return SurvivalDifference(nothing, nothing, nothing, nothing, n, level, reason)
