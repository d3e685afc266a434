"""Restricted mean survival time: the mean time without the event up to tau, the area under the Kaplan-Meier curve.

Variance: sum of A(t)^2 d / (n (n - d)) over event times, A(t) the area from t to tau (Greenwood), as R's
summary(survfit, rmean=tau) and survRM2; lifelines gives the variance of min(T, tau) instead, about n times too large.
Source: Irwin 1949; Royston & Parmar 2013; Uno et al. 2014.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from lib.stats.arrays import Floats, Names
from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.kaplan_meier import NOBODY, SurvivalCurve
from lib.stats.survival_limits import greenwood_terms

NO_SPREAD: Final = "no spread of events before tau: no interval"
ONE_NO_SPREAD: Final = "one group has no spread of events before tau: the interval is too narrow"


def default_tau(time: Floats, group: Names, names: Sequence[str]) -> float | None:
    """The smallest of the groups' largest observed times; None if nobody is in any of them.

    Groups without patients are passed over. Source: Royston & Parmar 2013; Tian et al. 2020.
    """
    largest = [float(time[group == name].max()) for name in names if np.any(group == name)]
    return min(largest) if largest else None


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
    return Estimate(mean, mean - half, mean + half, curve.level)


def rmst_difference(curve: SurvivalCurve, reference: SurvivalCurve, tau: float) -> tuple[Estimate, TestResult]:
    """The restricted mean less that of the reference, with its z test."""
    name, n = f"difference in restricted mean survival time to {tau:g} (z test)", curve.n + reference.n
    reason = _why_not_both(curve, reference, tau)
    if reason:
        return Estimate(None, level=curve.level, reason=reason), not_done(name, n, reason)
    (mean, error), (other, other_error) = _area(curve, tau), _area(reference, tau)
    return _compared(name, n, mean - other, (error, other_error), curve.level)


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
    value, low, high = (
        None if log is None else float(np.exp(log)) for log in (log_ratio.value, log_ratio.low, log_ratio.high)
    )
    return Estimate(value, low, high, curve.level, note=log_ratio.note), test


def _compared(
    name: str, n: int, value: float, errors: tuple[float, float], level: float
) -> tuple[Estimate, TestResult]:
    error = float(np.hypot(*errors))
    if error == 0:
        return Estimate(value, level=level, note=NO_SPREAD), not_done(name, n, "no spread of events before tau")
    from scipy.special import ndtr

    half, z = _z(level) * error, value / error
    note = ONE_NO_SPREAD if min(errors) == 0 else ""
    p = 2 * float(ndtr(-abs(z)))
    return Estimate(value, value - half, value + half, level, note=note), TestResult(name, z, None, p, n)


def _area(curve: SurvivalCurve, tau: float) -> tuple[float, float]:
    """The area under the curve up to tau, and its standard error."""
    before = curve.time < tau
    areas = curve.survival[before] * np.diff(np.append(curve.time[before], tau))
    beyond = np.cumsum(areas[::-1])[::-1]  # from each time on
    terms = greenwood_terms(curve.n_at_risk[before], curve.events[before])
    return float(areas.sum()), float(np.sqrt(np.sum(beyond**2 * terms)))


def _why_not_both(curve: SurvivalCurve, reference: SurvivalCurve, tau: float) -> str:
    return _why_not(curve, tau) or (f"reference: {why}" if (why := _why_not(reference, tau)) else "")


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
