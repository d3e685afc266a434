"""Product-limit (Kaplan-Meier) curves with log-log Greenwood limits, and their quantiles.

The curve is lifelines'. Quantiles are our own: lifelines compares S(t) <= 0.5 in floating point and ignores the midpoint
rule, so that four of eight events give a median one rank too late. Rule: the first t with S(t) <= q + 1e-8; where S(t) equals q
and the curve falls further later, the midpoint of that flat stretch (as R's print.survfit and Prism).
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

    Without patients the curve is the single row S(0) = 1.
    """
    if len(time) == 0:
        one, none = np.ones(1), np.zeros(1)
        return SurvivalCurve(none, none, none, none, one, one, one, 0, 0, level)
    from lifelines import KaplanMeierFitter

    fitted = KaplanMeierFitter(alpha=1 - level).fit(time, event, entry=entry)
    survival = fitted.survival_function_.to_numpy()[:, 0]
    limits = fitted.confidence_interval_.to_numpy()
    table = fitted.event_table
    times = fitted.timeline
    survival = np.where(survival < TOLERANCE, 0.0, survival)
    undefined = (survival == 0) | ((survival > 1 - TOLERANCE) & (times > 0))
    limits = np.where(undefined[:, None], np.nan, limits)
    return SurvivalCurve(
        times,
        table["at_risk"].to_numpy(float),
        table["observed"].to_numpy(float),
        table["censored"].to_numpy(float),
        survival,
        limits[:, 0],
        limits[:, 1],
        len(time),
        int(np.sum(event)),
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
