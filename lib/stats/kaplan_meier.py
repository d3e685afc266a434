"""Product-limit (Kaplan-Meier) curves with Greenwood limits on a scale of choice, and their quantiles.

All our own, as R's survfit: lifelines counts who enters at a time as at risk at that time, and refuses late entries altogether
once nobody of those at risk is left; it compares S(t) <= 0.5 in floating point and ignores the midpoint rule, so that four of
eight events give a median one rank too late. Rule for quantiles: the first t with S(t) <= q + 1e-8; where S(t) equals q and the
curve falls further later, the midpoint of that flat stretch (as R's print.survfit and Prism).
Source: Kaplan & Meier 1958; Brookmeyer & Crowley 1982 (limits of a quantile); of S: lib/stats/survival_limits.py.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from lib.stats.arrays import Floats
from lib.stats.estimate import Estimate
from lib.stats.risk_sets import at_each, at_risk_at, ever_at_risk, from_each, staying
from lib.stats.survival_limits import (
    TOLERANCE,
    Transform,
    exact_share,
    greenwood_terms,
    no_event_yet,
    survival_limits,
)

NOT_REACHED: Final = "not reached"
NOBODY: Final = "no patients"
BEYOND: Final = "beyond the last observation"
NOBODY_AT_RISK: Final = "nobody at risk"
FLAT_START: Final = "before the first event: exact limits of the patients at risk"


@dataclass(frozen=True)
class SurvivalCurve:
    """One curve: a row at time 0 and one at each distinct time; all arrays have the same length.

    `n_at_risk` is the number just before the time. `low` and `high` are NaN where the interval is not defined: at S = 0, and
    with nobody at risk while nobody has had an event. Before the first event `low` is exact, of those at risk in the step that
    begins at the time (lib/stats/survival_limits.py).
    `entry` holds the entries above 0.
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
    transform: Transform = "log-log"
    entry: Floats = field(default_factory=lambda: np.array([]))

    def at_risk(self, time: float) -> float:
        """How many are at risk just before any time."""
        return float(self.at_risk_at(np.array([time]))[0])

    def at_risk_at(self, times: Floats) -> Floats:
        """How many are at risk just before each of these times."""
        return at_risk_at(times, self.time, self.events + self.censored, self.entry)


def kaplan_meier(
    time: Floats,
    event: Floats,
    entry: Floats | None = None,
    level: float = 0.95,
    *,
    transform: Transform = "log-log",
) -> SurvivalCurve:
    """The curve of patients with these times (>= 0) and events (1 happened, 0 censored), `entry` if observed later than 0.

    Whoever enters at a time is at risk after it, not at it; whoever leaves by then was never observed and is not in n, as in
    R's Surv. Without patients the curve is the single row S(0) = 1.
    """
    if entry is not None:
        there = ever_at_risk(time, entry)
        time, event, entry = time[there], event[there], entry[there]
    times = np.unique(np.append(time, 0.0))
    events = at_each(times, time[event == 1])
    at_risk = from_each(times, time)
    if entry is not None:
        at_risk = at_risk - from_each(times, entry[entry > 0])
    survivors = np.divide(at_risk - events, at_risk, out=np.ones_like(times), where=at_risk > 0)
    survival = np.cumprod(survivors)
    censored, n_events = at_each(times, time[event == 0]), len(time[event == 1])
    late = np.array([]) if entry is None else entry[entry > 0]
    greenwood, stay = np.cumsum(greenwood_terms(at_risk, events)), staying(times, at_risk, events + censored, late)
    low, high = survival_limits(survival, greenwood, stay, level, transform)
    return SurvivalCurve(
        times, at_risk, events, censored, survival, low, high, len(time), n_events, level, transform, late
    )


def quantile(curve: SurvivalCurve, share: float = 0.5) -> Estimate:
    """The time by which a `share` of the patients have had the event, with Brookmeyer-Crowley limits on the curve's scale.

    A limit is None where the curve's limit never falls that far. Without a value the reason is "not reached" or
    "no patients".
    """
    if curve.n == 0:
        return Estimate(None, reason=NOBODY)
    left = 1 - share
    value = _first_time(curve.time, curve.survival, left)
    fallen = ~no_event_yet(curve.survival)  # before the first event nothing is known of when it happens
    low, high = (_first_time(curve.time[fallen], limit[fallen], left) for limit in (curve.low, curve.high))
    if value is None:
        return Estimate(None, low, high, curve.level, NOT_REACHED)
    ends_flat = abs(curve.survival[-1] - left) < TOLERANCE
    note = f"the curve ends at exactly {left:.0%}; programs differ in what they then print" if ends_flat else ""
    return Estimate(value, low, high, curve.level, note=note)


def survival_at(curve: SurvivalCurve, time: float) -> Estimate:
    """S(time) with its limits; not estimable with nobody at risk just before the time, unless the curve has reached 0.

    Before the first event the limits are the exact ones of as many as are then at risk, and a note says so.
    """
    row = int(np.searchsorted(curve.time, time, side="right")) - 1
    value, low, high = (float(column[row]) for column in (curve.survival, curve.low, curve.high))
    at_risk = curve.at_risk(time)
    if reason := why_not_at(time, curve.time[-1], (curve.n, at_risk), value > 0):
        return Estimate(None, reason=reason)
    if no_event_yet(curve.survival)[row]:
        low = 1.0 if time <= 0 else float(exact_share(np.array([at_risk]), curve.level)[0])
        return Estimate(value, low, 1.0, curve.level, note=FLAT_START if time > 0 else "")
    known = not np.isnan(low)
    return Estimate(value, low if known else None, high if known else None, curve.level)


def why_not_at(time: float, last: float, of: tuple[int, float], unfinished: bool) -> str:
    """Why a curve says nothing of a time: `of` is how many there are, and how many of them are at risk just before it."""
    n, at_risk = of
    if n == 0:
        return NOBODY
    if time > last and unfinished:
        return BEYOND
    return NOBODY_AT_RISK if at_risk <= 0 and unfinished and time > 0 else ""


def reverse_follow_up(
    time: Floats, event: Floats, entry: Floats | None = None, *, transform: Transform = "log-log"
) -> Estimate:
    """Median follow-up: the median of the curve with event and censoring swapped. Source: Schemper & Smith 1996."""
    return quantile(kaplan_meier(time, 1 - event, entry, transform=transform))


def _first_time(times: Floats, curve: Floats, left: float) -> float | None:
    reached = np.flatnonzero(curve <= left + TOLERANCE)  # NaN compares false
    if len(reached) == 0:
        return None
    first = int(reached[0])
    lower = np.flatnonzero(curve < left - TOLERANCE)
    if abs(curve[first] - left) < TOLERANCE and len(lower):
        return float(times[first] + times[lower[0]]) / 2
    return float(times[first])
