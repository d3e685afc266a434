"""Kaplan-Meier curves: estimate, limits, quantiles, follow-up, and where a curve has few left.

Pointwise confidence limits of a survival curve on three scales, with Greenwood's variance.

"log-log" (the default here; best coverage in small groups), "log" (R's default) and "plain". Equal to R's
survfit(conf.type=...), which cuts log and plain limits at 1 and plain ones at 0; lifelines has log-log alone. Before
the first event Greenwood's variance is 0 and R has limits of 1 to 1, or none: there the lower one is exact instead,
from the patients then at risk (8 of 8: 0.63), and with nobody at risk there is none.
Source: Greenwood 1926; Kalbfleisch & Prentice 1980; Borgan & Liestol 1990;
Clopper & Pearson 1934 (flat start).

Product-limit (Kaplan-Meier) curves with Greenwood limits on a scale of choice, and their quantiles.

All our own, as R's survfit: lifelines counts who enters at a time as at risk at that time, and refuses late entries
altogether once nobody of those at risk is left; it compares S(t) <= 0.5 in floating point and ignores the midpoint
rule, so that four of eight events give a median one rank too late. Rule for quantiles: the first t with S(t) <= q +
1e-8; where S(t) equals q and the curve falls further later, the midpoint of that flat stretch (as R's print.survfit and
Prism).
Source: Kaplan & Meier 1958; Brookmeyer & Crowley 1982 (limits of a quantile); of S: lib/stats/kaplan_meier.py.

Where a curve stands on few patients: it is drawn paler there, and a note says so.

With fewer than FEWEST_AT_RISK at risk one event moves the curve by half or to 0. Source: Pocock, Clayton & Altman 2002
(curves are not to be read where few remain).
"""

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from lib.stats.estimate import Estimate, Floats
from lib.stats.risk_sets import at_each, at_risk_at, ever_at_risk, from_each, staying

Transform = Literal["log-log", "log", "plain"]
TRANSFORMS: Final[tuple[Transform, ...]] = ("log-log", "log", "plain")
TOLERANCE: Final = 1e-8
EXACT_START: Final = "before the first event exact, of the patients at risk"  # of captions


def greenwood_terms(at_risk: Floats, events: Floats) -> Floats:
    """d / (n (n - d)) of each time, whose running sum is the variance of log S; 0 where the curve falls to 0."""
    left = at_risk * (at_risk - events)
    return np.asarray(np.divide(events, left, out=np.zeros_like(left), where=left > 0))


def survival_limits(
    survival: Floats, greenwood: Floats, at_risk: Floats, level: float, transform: Transform
) -> tuple[Floats, Floats]:
    """The limits of S at each time; NaN at S = 0, and at S = 1 with nobody at risk.

    `greenwood` is the running sum of greenwood_terms.
    """
    from scipy.stats import norm

    reach = norm.ppf((1 + level) / 2) * np.sqrt(greenwood)
    inside = (survival > TOLERANCE) & (survival < 1 - TOLERANCE)
    if transform == "plain":
        low, high = survival - reach * survival, survival + reach * survival
    elif transform == "log":
        low, high = survival * np.exp(-reach), survival * np.exp(reach)
    else:
        logs = np.log(survival, out=np.full_like(survival, -1.0), where=inside)
        power = np.exp(reach / -logs)
        low, high = survival**power, survival ** (1 / power)
    flat = no_event_yet(survival)
    low, high = np.where(flat, exact_share(at_risk, level), low), np.where(flat, 1.0, high)
    undefined = (survival <= TOLERANCE) | (flat & (at_risk <= 0))
    return np.where(undefined, np.nan, np.maximum(low, 0)), np.where(undefined, np.nan, np.minimum(high, 1))


def no_event_yet(survival: Floats) -> npt.NDArray[np.bool_]:
    """Where a curve is still at 1."""
    return np.asarray(survival >= 1 - TOLERANCE)


def exact_share(of: Floats, level: float) -> Floats:
    """The exact lower limit of a share of n of n: ((1 - level) / 2) to the power of 1 / n; NaN for n = 0."""
    n = np.where(of > 0, of, np.nan)
    return np.asarray(((1 - level) / 2) ** (1 / n))


NOT_REACHED: Final = "not reached"
NOBODY: Final = "no patients"
BEYOND: Final = "beyond the last observation"
NOBODY_AT_RISK: Final = "nobody at risk"
FLAT_START: Final = "before the first event: exact limits of the patients at risk"


@dataclass(frozen=True)
class SurvivalCurve:
    """One curve: a row at time 0 and one at each distinct time; all arrays have the same length.

    `n_at_risk` is the number just before the time. `low` and `high` are NaN where the interval is not defined: at S =
    0, and with nobody at risk while nobody has had an event. Before the first event `low` is exact, of those at risk in
    the step that begins at the time (lib/stats/kaplan_meier.py). `entry` holds the entries above 0.
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

    @property
    def thin(self) -> npt.NDArray[np.bool_]:
        """For each row whether fewer than FEWEST_AT_RISK are at risk at the end of the step that begins there; the last
        row begins no step and is as the one before it."""
        steps = self.n_at_risk[1:] < FEWEST_AT_RISK
        return np.append(steps, steps[-1:] if len(steps) else [False])

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
    """The curve of patients with these times (>= 0) and events (1 happened, 0 censored), `entry` if observed later than
    0.

    Whoever enters at a time is at risk after it, not at it; whoever leaves by then was never observed and is not in n,
    as in R's Surv. Without patients the curve is the single row S(0) = 1.
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
    """The time by which a `share` of the patients have had the event, with Brookmeyer-Crowley limits on the curve's
    scale.

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
    """Why a curve says nothing of a time: `of` is how many there are, and how many of them are at risk just before
    it."""
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


FEWEST_AT_RISK: Final = 3


def thin_from(curve: SurvivalCurve) -> float | None:
    """The time from which on the curve is thin until its end; None if it is not."""
    thin = curve.thin
    if curve.n == 0 or not thin[-1]:
        return None
    well = np.flatnonzero(~thin)
    return float(curve.time[well[-1] + 1]) if len(well) else float(curve.time[0])
