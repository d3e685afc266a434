"""When each patient first had an adverse event of a kind, death before it competing (Aalen-Johansen), by group.

Time counts in days from the infusion to the first day of the event at the grade asked for. Whoever neither had it nor
died is censored at the last day known alive (OS), where events after the next therapy are left out at that therapy.

Exposure-adjusted incidence: patients with an adverse event by the time at risk of their first one.

At risk from the infusion (or from the beginning of the period) to the first day of the event, else to the last day
known alive, the next therapy where events count until then only, or the end of the period. Source: Siddiqui 2009, J
Biopharm Stat 19:889 (exposure-adjusted incidence rate)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.grouping import Grouping, group_of
from lib.cohort.model import Cohort
from lib.derived.adverse_events import KINDS, event_rows, grading_systems, occurred, of_kind, worst_grades
from lib.derived.follow_up import endpoint_days, next_days
from lib.publication.number import plural
from lib.stats.competing_risks import IncidenceCurve, cumulative_incidence, incidence_at
from lib.stats.estimate import Estimate, TestResult
from lib.stats.log_rank import gray
from lib.stats.proportions import exact_rate
from lib.stats.risk_sets import day_horizon, day_ticks
from lib.toxicity.incidence import (
    ANY_EVENT,
    THRESHOLDS,
    Frame,
    Incidence,
    IncidenceRow,
    counted,
    mixed_scales,
    sizes,
    with_group,
)

YEAR: Final = 365.25
UNITS: Final = {"per patient-year": YEAR, "per 100 patient-days": 100.0}  # days
METHOD: Final = (
    "Rates: patients with the event by the time at risk of their first one, which ends with death or the last contact,"
    " exact Poisson 95 % limits (Garwood)."
)
EVENT, DEATH = 1, 2
UNDATED: Final = "had the event on a day that is not stated"
HORIZONS: Final = (
    14.0,
    30.0,
    90.0,
    180.0,
    365.0,
)  # days; the axis ends at the first that holds nearly all first events
MILESTONES: Final = (7.0, 14.0, 30.0, 90.0)
STEPS: Final = (2.0, 5.0, 15.0, 30.0, 60.0, 90.0, 180.0, 365.0, 730.0)  # days between two ticks
MOST_TICKS: Final = 8


@dataclass(frozen=True)
class Rate:
    """Of one group: the patients with the event who were at risk, their time at risk, and the rate."""

    n: int
    days: float
    estimate: Estimate


@dataclass(frozen=True)
class Rates:
    """By row (term, threshold): a Rate a group; `n_unknown` patients are in none, their follow-up is not known."""

    unit: str
    of: dict[tuple[str, str], tuple[Rate, ...]]
    n_unknown: int


def rates(cohort: Cohort, result: Incidence, rows: Sequence[IncidenceRow], unit: str) -> Rates:
    """The rates of these rows of the incidence of this cohort, in one of UNITS."""
    group = group_of(cohort, result.grouping)
    ends = _ends(cohort)[group.notna()]
    known = ends.dropna().rename("end").to_frame().assign(group=group)
    events = occurred(cohort, result.period)
    found = {}
    for row in rows:
        first, undated = _first_days(events, row, result)
        names = result.grouping.names
        found[row.term, row.threshold] = tuple(
            _rate(known[known["group"] == name], first, undated, result, unit) for name in names
        )
    return Rates(unit, found, int(ends.isna().sum()))


def _ends(cohort: Cohort) -> pd.Series:
    """The last day at risk by patient without an event; NaN where survival is not known."""
    last = endpoint_days(cohort, "os")["day"].astype("float64")
    return pd.concat([last, next_days(cohort)], axis=1).min(axis=1).where(last.notna()) if cohort.until_next else last


def _first_days(events: pd.DataFrame, row: IncidenceRow, result: Incidence) -> tuple[pd.Series, frozenset[str]]:
    """The first day of what the row counts by patient, and the patients of whom some such day is not stated."""
    of_term = (
        ~events["term"].isin(result.computed)
        if row.term == ANY_EVENT and ANY_EVENT not in result.terms
        else events["term"] == row.term
    )
    mine = events[of_term]
    if row.threshold in KINDS:
        mine = mine[of_kind(mine, row.threshold)]
    else:
        worst = mine.groupby("patient_id")["grade"].transform("max")
        mine = mine[THRESHOLDS[row.threshold](worst) & THRESHOLDS[row.threshold](mine["grade"])]
    return mine.groupby("patient_id")["start_day"].min(), frozenset(mine.loc[mine["start_day"].isna(), "patient_id"])


def _rate(at_risk: pd.DataFrame, first: pd.Series, undated: frozenset[str], result: Incidence, unit: str) -> Rate:
    if n := int(at_risk.index.isin(undated).sum()):
        reason = f"{plural(n, 'patient')} had it on a day that is not stated"
        return Rate(0, float("nan"), Estimate(None, reason=reason))
    days = first.reindex(at_risk.index).to_numpy(float)
    begin = max(0.0, result.period.first - 1)
    last = np.minimum(at_risk["end"].to_numpy(float), result.period.last)
    time = np.where(np.isnan(days), last, days) - begin
    counts = ~(days < 0)  # who had it before the infusion is not at risk
    had = int((~np.isnan(days) & counts).sum())
    total = float(np.clip(time[counts], 0, None).sum())
    return Rate(had, total, exact_rate(had, total / UNITS[unit]))


@dataclass(frozen=True)
class GroupOnset:
    """One group: the curve of the event, that of death before it, and the incidence at each milestone."""

    name: str
    curve: IncidenceCurve
    death: IncidenceCurve
    milestones: tuple[Estimate, ...]


@dataclass(frozen=True)
class Onset:
    """`table`: patient, group, time (days), cause (0 censored, 1 the event, 2 death before it); `left_out` by reason.

    `counts`: group, time, at_risk just before each tick. The curves are over the whole follow-up, drawn to `horizon`.
    """

    term: str
    least: int
    grouping: Grouping
    table: pd.DataFrame
    n: int
    left_out: tuple[tuple[str, int], ...]
    groups: tuple[GroupOnset, ...]
    gray: TestResult
    horizon: float
    ticks: tuple[float, ...]
    counts: pd.DataFrame
    until_next: bool = False
    undated: tuple[int, ...] = ()  # a group: how many had it on a day that is not stated, and are in no curve
    ever: IncidenceRow | None = None  # who ever had it, with and without a day, where somebody has no day

    @property
    def label(self) -> str:
        """The event, with the grade from which it counts."""
        return self.term if self.least <= 1 else f"{self.term}, grade ≥ {self.least}"


def onset(cohort: Cohort, grouping: Grouping, term: str, least: int = 1) -> Onset:
    """The curves of each group; `least` 1 means any grade, also one that is not stated."""
    rows = _rows(cohort, grouping, term, least)
    usable = rows[rows["reason"] == ""].reset_index(drop=True)
    time, cause = usable["time"].to_numpy(float), usable["cause"].to_numpy(float)
    group = usable["group"].to_numpy(object)
    horizon = day_horizon(time, cause == EVENT, HORIZONS)
    ticks = day_ticks(horizon, STEPS, MOST_TICKS)
    groups = []
    for name in grouping.names:
        curves = cumulative_incidence(time[group == name], cause[group == name], causes=(EVENT, DEATH))
        reached = tuple(incidence_at(curves[EVENT], day) for day in MILESTONES)
        groups.append(GroupOnset(name, curves[EVENT], curves[DEATH], reached))
    undated = tuple(int(((rows["reason"] == UNDATED) & (rows["group"] == name)).sum()) for name in grouping.names)
    reasons = Counter(reason for reason in rows["reason"] if reason).most_common()
    counts = [(name, tick, int(np.sum(time[group == name] >= tick))) for name in grouping.names for tick in ticks]
    return Onset(
        term,
        least,
        grouping,
        usable[["patient", "group", "time", "cause"]],
        cohort.n,
        tuple(reasons),
        tuple(groups),
        gray(time, cause, group),
        horizon,
        ticks,
        pd.DataFrame(counts, columns=["group", "time", "at_risk"]),
        cohort.until_next,
        undated,
        _ever(cohort, grouping, term, least) if any(undated) else None,
    )


def _ever(cohort: Cohort, grouping: Grouping, term: str, least: int) -> IncidenceRow:
    """Who had the event at the grade over the whole time, whatever is known of its day."""
    worst = with_group(worst_grades(cohort), cohort, grouping)
    if least > 1:
        worst = worst[worst["worst"] >= least]
    frame = Frame(grouping, sizes(cohort, grouping), refused=mixed_scales(grading_systems(cohort)))
    return counted(worst[worst["term"] == term], "term", (term,), frame)[0]


def _rows(cohort: Cohort, grouping: Grouping, term: str, least: int) -> pd.DataFrame:
    """Every selected patient: time, cause and, for whoever cannot be analysed, the reason."""
    events = event_rows(cohort, term)
    counting = events if least <= 1 else events[events["grade"] >= least]
    first = counting.groupby("patient_id")["start_day"].min()
    undated = set(counting.loc[counting["start_day"].isna(), "patient_id"])
    followed = endpoint_days(cohort, "os")
    ends = next_days(cohort) if cohort.until_next else pd.Series(dtype="float64")
    found = []
    for patient, group in zip(cohort.patients["patient_id"], grouping.of(cohort.patients), strict=True):
        day, problem = first.get(patient, float("nan")), str(followed["problem"].get(patient, ""))
        reason = _reason(group, patient in undated, day, problem, grouping)
        time, cause = _without_event(patient, followed, ends) if pd.isna(day) else (float(day), EVENT)
        found.append((patient, group, time, cause, reason))
    return pd.DataFrame(found, columns=["patient", "group", "time", "cause", "reason"])


def _without_event(patient: str, followed: pd.DataFrame, ends: pd.Series) -> tuple[float, int]:
    """Day and cause of whoever did not have it: death or last contact, or the next therapy before either."""
    last = followed["day"].get(patient)
    time = float("nan") if pd.isna(last) else float(last)
    if ends.get(patient, float("inf")) < time:
        return float(ends[patient]), 0
    return time, DEATH if followed["event"].get(patient) == 1 else 0


def _reason(group: str | float | None, undated: bool, day: float, problem: str, grouping: Grouping) -> str:
    """Why a patient cannot be analysed; "" = can be. `day` is NaN without the event."""
    if group is None or pd.isna(group):
        return f"{grouping.label} not stated"
    if undated:
        return UNDATED
    if pd.isna(day):
        return problem
    return "had it before the infusion" if day < 0 else ""
