"""Product-limit (Kaplan-Meier) curves with log-log Greenwood limits, and their quantiles.

All our own, as R's survfit: lifelines counts who enters at a time as at risk at that time, and refuses late entries altogether
once nobody of those at risk is left; it compares S(t) <= 0.5 in floating point and ignores the midpoint rule, so that four of
eight events give a median one rank too late. Rule for quantiles: the first t with S(t) <= q + 1e-8; where S(t) equals q and the
curve falls further later, the midpoint of that flat stretch (as R's print.survfit and Prism).
Source: Kaplan & Meier 1958; Kalbfleisch & Prentice 1980 (log-log); Brookmeyer & Crowley 1982 (limits of a quantile).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.estimate import Estimate

Floats = npt.NDArray[np.float64]
TOLERANCE: Final = 1e-8
NOT_REACHED: Final = "not reached"
NOBODY: Final = "no patients"


@dataclass(frozen=True)
class SurvivalCurve:
    """One curve: a row at time 0 and one at each distinct time; all arrays have the same length.

    `n_at_risk` is the number just before the time. `low` and `high` are NaN where the log-log interval is not defined:
    after time 0 while nobody has had an event, and at S = 0 (as in R).
    """

    time: Floats
    n_at_risk: Floats
    events: Floats
    censored: Floats
    survival: Floats
    low: Floats
    high: Floats
    n: int
    n_events: int
    level: float = 0.95


def kaplan_meier(time: Floats, event: Floats, entry: Floats | None = None, level: float = 0.95) -> SurvivalCurve:
    """The curve of patients with these times (>= 0) and events (1 happened, 0 censored), `entry` if observed later than 0.

    Whoever enters at a time is at risk after it, not at it. Without patients the curve is the single row S(0) = 1.
    """
    times = np.unique(np.append(time, 0.0))
    events = _at_each(times, time[event == 1])
    at_risk = _from_each(times, time)
    if entry is not None:
        at_risk = at_risk - _from_each(times, entry[entry > 0])
    survivors = np.divide(at_risk - events, at_risk, out=np.ones_like(times), where=at_risk > 0)
    survival = np.cumprod(survivors)
    low, high = _log_log_limits(survival, at_risk, events, level)
    undefined = (survival < TOLERANCE) | ((survival > 1 - TOLERANCE) & (times > 0))
    return SurvivalCurve(
        times,
        at_risk,
        events,
        _at_each(times, time[event == 0]),
        survival,
        np.where(undefined, np.nan, low),
        np.where(undefined, np.nan, high),
        len(time),
        len(time[event == 1]),
        level,
    )


def quantile(curve: SurvivalCurve, share: float = 0.5) -> Estimate:
    """The time by which a `share` of the patients have had the event, with Brookmeyer-Crowley limits.

    A limit is None where the curve's limit never falls that far. Without a value the reason is "not reached" or
    "no patients".
    """
    if curve.n == 0:
        return Estimate(None, reason=NOBODY)
    left = 1 - share
    value = _first_time(curve.time, curve.survival, left)
    low, high = _first_time(curve.time, curve.low, left), _first_time(curve.time, curve.high, left)
    if value is None:
        return Estimate(None, low, high, curve.level, NOT_REACHED)
    ends_flat = abs(curve.survival[-1] - left) < TOLERANCE
    note = f"the curve ends at exactly {left:.0%}; programs differ in what they then print" if ends_flat else ""
    return Estimate(value, low, high, curve.level, note=note)


def survival_at(curve: SurvivalCurve, time: float) -> Estimate:
    """S(time) with its log-log limits; not estimable beyond the last observed time unless the curve has reached 0."""
    if curve.n == 0:
        return Estimate(None, reason=NOBODY)
    if time > curve.time[-1] and curve.survival[-1] > 0:
        return Estimate(None, reason="beyond the last observation")
    row = int(np.searchsorted(curve.time, time, side="right")) - 1
    low, high = curve.low[row], curve.high[row]
    if np.isnan(low):
        return Estimate(float(curve.survival[row]), level=curve.level)
    return Estimate(float(curve.survival[row]), float(low), float(high), curve.level)


def reverse_follow_up(time: Floats, event: Floats, entry: Floats | None = None) -> Estimate:
    """Median follow-up: the median of the curve with event and censoring swapped. Source: Schemper & Smith 1996."""
    return quantile(kaplan_meier(time, 1 - event, entry))


def _first_time(times: Floats, curve: Floats, left: float) -> float | None:
    reached = np.flatnonzero(curve <= left + TOLERANCE)  # NaN compares false
    if len(reached) == 0:
        return None
    first = int(reached[0])
    lower = np.flatnonzero(curve < left - TOLERANCE)
    if abs(curve[first] - left) < TOLERANCE and len(lower):
        return float(times[first] + times[lower[0]]) / 2
    return float(times[first])


def _at_each(times: Floats, observed: Floats) -> Floats:
    """How many of the observed fall on each of the times, of which each is one."""
    return np.bincount(np.searchsorted(times, observed), minlength=len(times)).astype(float)


def _from_each(times: Floats, observed: Floats) -> Floats:
    """How many of the observed lie at or after each of the times."""
    return (len(observed) - np.searchsorted(np.sort(observed), times)).astype(float)


def _log_log_limits(survival: Floats, at_risk: Floats, events: Floats, level: float) -> tuple[Floats, Floats]:
    """S ** exp(+-z s) with Greenwood's variance on the log(-log) scale; 1 and 1 while S is 1."""
    from scipy.stats import norm

    inside = (survival > TOLERANCE) & (survival < 1 - TOLERANCE)
    left = at_risk * (at_risk - events)
    greenwood = np.cumsum(np.divide(events, left, out=np.zeros_like(left), where=left > 0))
    logs = np.log(survival, out=np.full_like(survival, -1.0), where=inside)
    reach = np.exp(norm.ppf((1 + level) / 2) * np.sqrt(greenwood) / -logs)
    return np.where(inside, survival**reach, survival), np.where(inside, survival ** (1 / reach), survival)
