"""Cumulative incidence where causes compete, with its variance.

Cumulative incidence of each cause where the others compete: Aalen-Johansen curves with infinitesimal-jackknife limits.

F(t) = sum of S(s-) d(s)/n(s); 1 - Kaplan-Meier of one cause overestimates it. Equal to R's survfit(Surv(time,
factor(cause)) ~ 1), by default with conf.type = "log-log": limits F ** exp(+-z se / (F log F)). All our own: lifelines
parts ties by random jitter, so that its curve changes from run to run, and knows no late entry.
Source: Aalen & Johansen 1978; Jaeckel 1972 (infinitesimal jackknife); Choudhury 2002 (limits).

The standard error of a cumulative incidence: the infinitesimal jackknife, as R's survfit prints it for several causes.

The root of the sum over patients of the squared derivative of F(t) by the patient's weight, here from running sums over
time: no table of patients by times is made. Without competitors it is Greenwood's. Source: Jaeckel 1972; Aalen &
Johansen 1978.

Step curves of which no step is of a few patients, for where small cells are masked.

Each step of a curve and each tick of a censored time is otherwise one patient or few, whose time can be read off. Here
steps wait for each other until so many patients had the event, and the curve ends where fewer are at risk. Estimates
and tests are of all steps as ever.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, Literal, TypeVar

import numpy as np
import numpy.typing as npt

from lib.stats.estimate import Estimate, Floats
from lib.stats.kaplan_meier import SurvivalCurve, exact_share, why_not_at
from lib.stats.risk_sets import at_each, at_risk_at, from_each, staying

CENSORED: Final = 0
TOLERANCE: Final = 1e-8
FLAT_START: Final = "before the first event: exact limits of those at risk or gone by another cause"
Transform = Literal["log-log", "log", "plain"]


@dataclass(frozen=True)
class IncidenceCurve:
    """The cumulative incidence of one cause: a row at time 0 and one at each distinct time; all arrays have one length.

    `n_at_risk` is the number just before the time, `free` the share still free of every cause. `low` and `high` are NaN
    where the transformed interval is not defined: at 1 (as in R), and while the incidence is 0 with nobody known.
    Before the first event of the cause `high` is the exact limit of 0 of all whose state is then known: at risk, or
    gone by another cause. `entry` holds the entries above 0.
    """

    cause: int
    time: Floats
    n_at_risk: Floats
    events: Floats
    incidence: Floats
    std_error: Floats
    low: Floats
    high: Floats
    free: Floats
    n: int
    n_events: int
    level: float = 0.95
    transform: Transform = "log-log"
    left: Floats = field(default_factory=lambda: np.array([]), repr=False)
    others: Floats = field(default_factory=lambda: np.array([]), repr=False)
    entry: Floats = field(default_factory=lambda: np.array([]), repr=False)

    def at_risk(self, time: float) -> float:
        """How many are at risk just before any time."""
        return float(self.at_risk_at(np.array([time]))[0])

    def at_risk_at(self, times: Floats) -> Floats:
        """How many are at risk just before each of these times."""
        return at_risk_at(times, self.time, self.left, self.entry)

    def known(self, time: float) -> float:
        """Of how many it is known just before a time whether they had this cause, while none had: at risk, or had
        another."""
        return self.at_risk(time) + float(self.others[self.time < time].sum())


@dataclass(frozen=True)
class _Course:
    """What is counted at each distinct time; `events` has one row a cause."""

    time: Floats
    at_risk: Floats
    events: Floats
    free: Floats
    incidence: Floats
    std_error: Floats


def cumulative_incidence(
    time: Floats,
    cause: Floats,
    entry: Floats | None = None,
    level: float = 0.95,
    transform: Transform = "log-log",
    causes: Sequence[int] | None = None,
) -> dict[int, IncidenceCurve]:
    """The curve of every cause, by its number; `cause` is 0 for censored, else 1, 2, ...

    Whoever enters at a time is at risk after it; whoever leaves by then was never observed and is not in n. `causes`
    names the curves wanted; without it they are 1 to the largest that occurs. A cause that does not occur has a curve
    at 0; without patients a curve is the single row F(0) = 0.
    """
    since = np.zeros(len(time)) if entry is None else entry
    observed = (since <= 0) | (since < time)
    time, cause, since = time[observed], cause[observed], since[observed]
    wanted = tuple(causes) if causes is not None else tuple(range(1, int(max([1, *cause])) + 1))
    occurring = tuple(sorted({*wanted, *(int(one) for one in cause if one != CENSORED)}))
    course = _course(time, cause, since, occurring)
    curves = {}
    for one in wanted:
        row = occurring.index(one)
        incidence, std_error = course.incidence[row], course.std_error[row]
        low, high = limits(incidence, std_error, level, transform)
        others = course.events.sum(axis=0) - course.events[row]
        flat = incidence <= TOLERANCE
        left = at_each(course.time, time)
        stay = staying(course.time, course.at_risk, left, since[since > 0])
        highest = 1 - exact_share(stay + np.cumsum(others), level)
        low, high = np.where(flat, np.where(np.isnan(highest), np.nan, 0.0), low), np.where(flat, highest, high)
        curves[one] = IncidenceCurve(
            one,
            course.time,
            course.at_risk,
            course.events[row],
            incidence,
            std_error,
            low,
            high,
            course.free,
            len(time),
            int(np.sum(cause == one)),
            level,
            transform,
            left,
            others,
            since[since > 0],
        )
    return curves


def incidence_at(curve: IncidenceCurve, time: float) -> Estimate:
    """F(time) with its limits; not estimable with nobody at risk just before it unless everybody has had an event by
    then.

    Before the first event of the cause the limits are the exact ones of 0 of those whose state is known, and a note
    says so.
    """
    row = int(np.searchsorted(curve.time, time, side="right")) - 1
    value, low, high = (float(column[row]) for column in (curve.incidence, curve.low, curve.high))
    unfinished = bool(curve.free[row] > TOLERANCE)
    if reason := why_not_at(time, curve.time[-1], (curve.n, curve.at_risk(time)), unfinished):
        return Estimate(None, reason=reason)
    if value <= TOLERANCE:
        high = 0.0 if time <= 0 else 1 - float(exact_share(np.array([curve.known(time)]), curve.level)[0])
        return Estimate(value, 0.0, high, curve.level, note=FLAT_START if time > 0 else "")
    known = not np.isnan(low)
    return Estimate(value, low if known else None, high if known else None, curve.level)


def limits(incidence: Floats, std_error: Floats, level: float, transform: Transform) -> tuple[Floats, Floats]:
    """Pointwise limits on the scale log(-log F), log F or F itself, kept within 0 and 1; NaN where the scale has no
    value."""
    from scipy.special import ndtri

    reach = float(ndtri((1 + level) / 2)) * std_error
    if transform == "plain":
        return np.maximum(incidence - reach, 0.0), np.minimum(incidence + reach, 1.0)
    defined = (incidence > TOLERANCE) & (incidence < 1 - TOLERANCE)
    share = np.where(defined, incidence, 0.5)
    if transform == "log":
        low, high = share * np.exp(-reach / share), np.minimum(share * np.exp(reach / share), 1.0)
    else:
        power = np.exp(-reach / (share * np.log(share)))  # above 1, because log(share) is negative
        low, high = share**power, share ** (1 / power)
    return np.where(defined, low, np.nan), np.where(defined, high, np.nan)


def _course(time: Floats, cause: Floats, since: Floats, causes: tuple[int, ...]) -> _Course:
    """Counts, curves and their standard errors at each distinct time."""
    times = np.unique(np.append(time, 0.0))
    at_risk = from_each(times, time) - from_each(times, since[since > 0])
    events = np.array([at_each(times, time[cause == one]) for one in causes])
    hazards = np.divide(events, at_risk, out=np.zeros_like(events), where=at_risk > 0)
    free = np.cumprod(1 - hazards.sum(axis=0))
    before = np.append(1.0, free[:-1])
    incidence = np.cumsum(before * hazards, axis=1)
    errors = np.zeros_like(incidence)
    if len(time):
        share = np.divide(before, at_risk, out=np.zeros_like(before), where=at_risk > 0)
        steps = Steps(times, free, share, hazards.sum(axis=0))
        followed = Followed.of(times, time, since)
        for row, one in enumerate(causes):
            errors[row] = std_error_of(steps, followed, incidence[row], hazards[row], (cause == one, cause != CENSORED))
    return _Course(times, at_risk, events, free, incidence, errors)


Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Steps:
    """At each time: the share free of every cause after it, what one more event takes of it, the hazard of any
    cause."""

    time: Floats
    free: Floats
    share: Floats
    hazard: Floats


@dataclass(frozen=True)
class Followed:
    """Of each patient the row of the last time, and the row from which on he is at risk (-1 = from the beginning)."""

    last: npt.NDArray[np.intp]
    first: npt.NDArray[np.intp]
    rows: int

    @classmethod
    def of(cls, times: Floats, time: Floats, since: Floats) -> "Followed":
        """Of the sorted `times`, between which of them each patient was followed: since `since`, until `time`."""
        first = np.where(since > 0, np.searchsorted(times, since, side="right") - 1, -1)
        return cls(np.searchsorted(times, time), first, len(times))

    def gone(self, values: Floats) -> Floats:
        """The sum over who has left by each time."""
        return np.cumsum(np.bincount(self.last, values, self.rows))

    def there(self, values: Floats) -> Floats:
        """The sum over who has come and not yet left at each time."""
        return np.cumsum(np.bincount(np.maximum(self.first, 0), values, self.rows)) - self.gone(values)


def std_error_of(
    steps: Steps, followed: Followed, incidence: Floats, hazard: Floats, happened: tuple[Flags, Flags]
) -> Floats:
    """The root of the sum over patients of the squared derivative of F(t) by the patient's weight.

    One more event of any cause at u changes F(t) by -share(u) (F(t) - F(u)) / S(u), one of this cause also by share(u).
    So a patient's derivative is own - F(t) slope, which no longer change once he has left: their squares are running
    sums. `happened` says who had this cause, and who any.
    """
    this, any_cause = happened
    slopes = np.divide(steps.share, steps.free, out=np.zeros_like(steps.share), where=steps.free > 0)
    owns = slopes * incidence
    of_own, of_slope = np.cumsum(owns * steps.hazard + steps.share * hazard), np.cumsum(slopes * steps.hazard)
    own_before, slope_before = (np.append(sums, 0.0)[followed.first] for sums in (of_own, of_slope))
    last = followed.last
    own = owns[last] * any_cause + steps.share[last] * this - of_own[last] + own_before
    slope = slopes[last] * any_cause - of_slope[last] + slope_before
    left = _squared(followed.gone, own, slope, incidence)
    expected = of_own - incidence * of_slope  # of who has been at risk from the beginning
    mixed = followed.there(own_before) - incidence * followed.there(slope_before)
    staying = expected**2 * followed.there(np.ones(len(last))) - 2 * expected * mixed
    staying = staying + _squared(followed.there, own_before, slope_before, incidence)
    error = np.sqrt(np.maximum(left + staying, 0.0))
    return np.where(incidence > 1 - TOLERANCE, 0.0, error)


def _squared(summed: Callable[[Floats], Floats], own: Floats, slope: Floats, incidence: Floats) -> Floats:
    """The sum of (own - F slope) squared at each time."""
    return summed(own**2) - 2 * incidence * summed(own * slope) + incidence**2 * summed(slope**2)


Curve = TypeVar("Curve", SurvivalCurve, IncidenceCurve)


def coarse(curve: Curve, least: int) -> Curve:
    """The curve with steps of at least so many events, as far as so many are at risk; values and limits are those of
    the times that stay.

    `events` counts those since the row before, `censored` nobody. Itself where `least` is 0.
    """
    if not least:
        return curve
    curve, waiting = _begun(curve, least)
    rows: list[int] = [0]
    events = [float(curve.events[0])]
    within = int(np.argmax(np.append(curve.n_at_risk, 0) < least))
    for row in range(1, within):
        waiting += curve.events[row]
        if waiting >= least and _is_apart(curve, rows[-1], row, least):
            rows.append(row)
            events.append(waiting)
            waiting = 0.0
    ends = within - 1 > rows[-1] and _is_apart(curve, rows[-1], within - 1, least)
    values = [*rows, rows[-1]] if ends else rows
    seen = [*rows, within - 1] if ends else rows
    changed: dict[str, Any] = {
        each.name: column[values]
        for each in fields(curve)
        if isinstance(column := getattr(curve, each.name), np.ndarray) and len(column) == len(curve.time)
    }
    changed |= {"time": curve.time[seen], "n_at_risk": curve.n_at_risk[seen], "events": np.append(events, [0.0] * ends)}
    if isinstance(curve, SurvivalCurve):
        changed["censored"] = np.zeros(len(seen))
    return replace(curve, **changed)


def _begun(curve: Curve, least: int) -> tuple[Curve, float]:
    """The curve without a first step of few patients, on the very day 0, and how many these are."""
    first = float(curve.events[0])
    if not 0 < first < least:
        return curve, 0.0
    before = {
        "survival": 1.0,
        "free": 1.0,
        "incidence": 0.0,
        "std_error": 0.0,
        "events": 0.0,
        "low": np.nan,
        "high": np.nan,
    }
    started: dict[str, Any] = {
        name: np.append(value, getattr(curve, name)[1:]) for name, value in before.items() if hasattr(curve, name)
    }
    return replace(curve, **started), first


def _is_apart(curve: SurvivalCurve | IncidenceCurve, row: int, later: int, least: int) -> bool:
    """Whether nobody or enough went between two rows: the numbers at risk are known of both."""
    gone = abs(curve.n_at_risk[row] - curve.n_at_risk[later])
    return bool(gone == 0 or gone >= least)
