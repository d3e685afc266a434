"""Differences between two curves: restricted means, and the curves themselves over time.

Restricted mean survival time: the mean time without the event up to tau, the area under the Kaplan-Meier curve.

Variance: sum of A(t)^2 d / (n (n - d)) over event times, A(t) the area from t to tau (Greenwood), as R's
summary(survfit, rmean=tau) and survRM2; lifelines gives the variance of min(T, tau) instead, about n times too large.
Source: Irwin 1949; Royston & Parmar 2013; Uno et al. 2014.

The difference of two Kaplan-Meier curves over time, S1(t) - S2(t), with pointwise limits.

The limits of the two curves (log-log; exact before the first event) are put together by the method of variance
estimates recovery: S1 - S2 - root((S1 - low1)^2 + (high2 - S2)^2) to S1 - S2 + root((high1 - S1)^2 + (S2 - low2)^2), so
that they exist, and hold, also where one curve is still at 1 (docs/simulation.md). Pointwise: they hold for one time
chosen beforehand, not for the whole curve.
Source: Zou & Donner 2008 (MOVER); Newcombe 1998.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.estimate import (
    COMPARED_FROM,
    DESCRIBED,
    FEW_EVENTS,
    FIRTH_BELOW,
    TOO_FEW,
    Estimate,
    Floats,
    Names,
    TestResult,
    compared_groups,
    not_done,
    sizes_of,
)
from lib.stats.kaplan_meier import NOBODY, SurvivalCurve, greenwood_terms, kaplan_meier
from lib.stats.risk_sets import from_each

NO_SPREAD: Final = "no spread of events before tau: no interval"
ONE_NO_SPREAD: Final = "a group has no spread of events before tau: the interval would be too narrow"
LITTLE: Final = f"fewer than {FIRTH_BELOW} events: the limits are somewhat narrow, p somewhat small"
CUT_AT_TAU: Final = "limits cut at 0 and tau, beyond which no mean can lie"
DIFFERENCE_CUT: Final = "limits cut at minus tau and tau, beyond which no difference can lie"


def default_tau(time: Floats, group: Names, names: Sequence[str]) -> float | None:
    """The smallest of the groups' largest observed times; None if nobody is in any of them.

    Groups of one or two do not count, unless there are no others: tau is not set by a single patient.
    Source: Royston & Parmar 2013; Tian et al. 2020.
    """
    sizes = sizes_of(group, tuple(names))
    counting = compared_groups(sizes) or tuple(name for name, n in sizes.items() if n)
    return min((float(time[group == name].max()) for name in counting), default=None)


def restricted_mean(curve: SurvivalCurve, tau: float) -> Estimate:
    """The mean time up to tau with its normal limits, in the unit of the times.

    Not estimable beyond the last observation unless the curve has reached 0 there.
    """
    reason = _why_not(curve, tau)
    if reason:
        return Estimate(None, level=curve.level, reason=reason)
    mean, error = _area(curve, tau)
    if error == 0:
        return Estimate(mean, level=curve.level, note=NO_SPREAD)
    half = _z(curve.level) * error
    low, high = max(0.0, mean - half), min(tau, mean + half)
    return Estimate(mean, low, high, curve.level, note=CUT_AT_TAU if (low, high) != (mean - half, mean + half) else "")


def rmst_difference(curve: SurvivalCurve, reference: SurvivalCurve, tau: float) -> tuple[Estimate, TestResult]:
    """The restricted mean less that of the reference, with its z test.

    Withheld, by the one policy for small samples, for groups of one or two and below FEW_EVENTS events of the two, and
    where a group has no spread of events before tau: its variance would count as 0.
    """
    name, n = f"difference in restricted mean survival time to {tau:g} (z test)", curve.n + reference.n
    reason = _why_not_both(curve, reference, tau)
    if reason:
        return Estimate(None, level=curve.level, reason=reason), not_done(name, n, reason)
    (mean, error), (other, other_error) = _area(curve, tau), _area(reference, tau)
    found, test = _compared(name, n, mean - other, (error, other_error), curve.level)
    if found.low is None or found.high is None:
        return found, test
    notes = [LITTLE] if curve.n_events + reference.n_events < FIRTH_BELOW else []
    notes += [DIFFERENCE_CUT] if max(-found.low, found.high) > tau else []
    return replace(found, low=max(-tau, found.low), high=min(tau, found.high), note="; ".join(notes)), test


def rmst_ratio(curve: SurvivalCurve, reference: SurvivalCurve, tau: float) -> tuple[Estimate, TestResult]:
    """The restricted mean divided by that of the reference; limits and z test on the logarithm (delta method)."""
    name, n = f"ratio of restricted mean survival times to {tau:g} (z test of the logarithm)", curve.n + reference.n
    reason = _why_not_both(curve, reference, tau)
    (mean, error), (other, other_error) = (
        ((0.0, 0.0), (0.0, 0.0)) if reason else (_area(curve, tau), _area(reference, tau))
    )
    if not reason and min(mean, other) == 0:
        reason = "a restricted mean is 0"
    if reason:
        return Estimate(None, level=curve.level, reason=reason), not_done(name, n, reason)
    log_ratio, test = _compared(name, n, float(np.log(mean / other)), (error / mean, other_error / other), curve.level)
    if log_ratio.value is None:
        return log_ratio, test
    value, low, high = (
        None if log is None else float(np.exp(log)) for log in (log_ratio.value, log_ratio.low, log_ratio.high)
    )
    note = LITTLE if curve.n_events + reference.n_events < FIRTH_BELOW else ""
    return Estimate(value, low, high, curve.level, note=note), test


def _compared(
    name: str, n: int, value: float, errors: tuple[float, float], level: float
) -> tuple[Estimate, TestResult]:
    error = float(np.hypot(*errors))
    if min(errors) == 0:
        return Estimate(None, level=level, reason=ONE_NO_SPREAD), not_done(name, n, ONE_NO_SPREAD)
    from scipy.special import ndtr

    half, z = _z(level) * error, value / error
    p = 2 * float(ndtr(-abs(z)))
    return Estimate(value, value - half, value + half, level), TestResult(name, z, None, p, n)


def _area(curve: SurvivalCurve, tau: float) -> tuple[float, float]:
    """The area under the curve up to tau, and its standard error."""
    before = curve.time < tau
    areas = curve.survival[before] * np.diff(np.append(curve.time[before], tau))
    beyond = np.cumsum(areas[::-1])[::-1]  # from each time on
    terms = greenwood_terms(curve.n_at_risk[before], curve.events[before])
    return float(areas.sum()), float(np.sqrt(np.sum(beyond**2 * terms)))


def _why_not_both(curve: SurvivalCurve, reference: SurvivalCurve, tau: float) -> str:
    reason = _why_not(curve, tau) or (f"reference: {why}" if (why := _why_not(reference, tau)) else "")
    if reason or min(curve.n, reference.n) < COMPARED_FROM:
        return reason or DESCRIBED
    return TOO_FEW if curve.n_events + reference.n_events < FEW_EVENTS else ""


def _why_not(curve: SurvivalCurve, tau: float) -> str:
    if curve.n == 0:
        return NOBODY
    if tau <= 0:
        return "tau is not above 0"
    last = float(curve.time[-1])
    if tau > last and curve.survival[-1] > 0:
        return f"observed only until {last:g}, when the curve had not reached 0"
    return ""


def _z(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))


@dataclass(frozen=True)
class SurvivalDifference:
    """A row at each distinct time of either group while both have somebody at risk; no rows exactly when there is a
    `reason`.

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
    time: Floats, event: Floats, group: Names, names: tuple[str, str], entry: Floats | None = None
) -> SurvivalDifference:
    """The curve of the first of `names` less that of the second."""
    first, second = (group == name for name in names)
    n = int(np.sum(first | second))
    if not (first.any() and second.any()):
        return no_difference(f"no patients in {names[0] if not first.any() else names[1]}", n)
    times = np.unique(np.append(time[first | second], 0.0))
    times = times[(_at_risk(times, time, entry, first) > 0) & (_at_risk(times, time, entry, second) > 0)]
    if len(times) == 0:
        return no_difference("the groups are never at risk together", n)
    curves = [kaplan_meier(time[mine], event[mine], None if entry is None else entry[mine]) for mine in (first, second)]
    (one, one_low, one_high), (other, other_low, other_high) = (_at(curve, times) for curve in curves)
    difference = one - other
    low = difference - np.hypot(one - one_low, other_high - other)  # NaN stays NaN
    high = difference + np.hypot(one_high - one, other - other_low)
    return SurvivalDifference(times, difference, low, high, n)


def _at_risk(times: Floats, time: Floats, entry: Floats | None, mine: npt.NDArray[np.bool_]) -> Floats:
    """How many of the group are at risk at each time."""
    there = from_each(times, time[mine])
    return there if entry is None else there - from_each(times, entry[mine & (entry > 0)])


def _at(curve: SurvivalCurve, times: Floats) -> tuple[Floats, Floats, Floats]:
    """S and its limits at each time."""
    rows = np.searchsorted(curve.time, times, side="right") - 1
    return curve.survival[rows], curve.low[rows], curve.high[rows]


def no_difference(reason: str, n: int) -> SurvivalDifference:
    """No curve, for this reason."""
    nothing = np.array([])
    return SurvivalDifference(nothing, nothing, nothing, nothing, n, reason=reason)
