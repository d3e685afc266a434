"""The cumulative incidence of the first adverse event of a kind, death before it competing (Aalen-Johansen), by group.

Time counts in days from the infusion to the first day of the event at the grade asked for. Whoever neither had it nor died is
censored at the last day known alive (OS), where events after the next therapy are left out at that therapy. Drawn as step curves
with log-log limits, numbers at risk under the axis.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.slug import LONGEST, slug_of
from lib.derived.endpoint_days import endpoint_days
from lib.derived.event_course import event_rows
from lib.derived.until_next import next_days
from lib.derived.worst_grade import grading_systems, worst_grades
from lib.publication.exhibit import Exhibit, Figure, Numbers
from lib.publication.key import group_names, with_key
from lib.publication.number import count, p_equals, percent, plural
from lib.publication.options import FollowUpOptions, choice
from lib.publication.palette import group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.step_chart import IncidenceWords, incidence_chart
from lib.publication.step_curve import closed_band
from lib.stats.at_risk import day_ticks
from lib.stats.competing_risks import IncidenceCurve, cumulative_incidence, incidence_at
from lib.stats.estimate import Estimate, TestResult
from lib.stats.gray import gray
from lib.stats.kaplan_meier import EXACT_START
from lib.toxicity.captions import test_line, timing
from lib.toxicity.events import followed, noted_until, timed_terms
from lib.toxicity.incidence import ANY_GRADE, AT_LEAST_3, Frame, IncidenceRow, counted, mixed_scales, sizes, with_group

EVENT, DEATH = 1, 2
UNDATED: Final = "had the event on a day that is not stated"
HORIZONS: Final = (
    14.0,
    30.0,
    90.0,
    180.0,
    365.0,
)  # days; the first that holds nearly all first events is the end of the axis
HELD: Final = 0.95
MILESTONES: Final = (7.0, 14.0, 30.0, 90.0)
STEPS: Final = (2.0, 5.0, 15.0, 30.0, 60.0, 90.0, 180.0, 365.0, 730.0)  # days between two ticks
MOST_TICKS: Final = 8
MOST_ONSETS: Final = 2  # terms whose cumulative incidence is in the report: CRS and ICANS, or the commonest
SEVERE: Final = 3
WORDS: Final = IncidenceWords("infusion", "Cumulative incidence", "Incidence", "Free of it and followed")
NOBODY_LEFT: Final = 1e-8
BIAS: Final = "Groups formed after infusion: to live until then was a condition for some of them."


@dataclass(frozen=True)
class OnsetOptions(FollowUpOptions):
    """From which grade on an event counts."""

    least: str = choice(ANY_GRADE, (ANY_GRADE, AT_LEAST_3), "First event of")


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
    horizon = _horizon(time, cause)
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
        term, least, grouping, usable[["patient", "group", "time", "cause"]], cohort.n, tuple(reasons), tuple(groups),
        gray(time, cause, group), horizon, ticks, pd.DataFrame(counts, columns=["group", "time", "at_risk"]),
        cohort.until_next, undated, _ever(cohort, grouping, term, least) if any(undated) else None,
    )  # fmt: skip


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


def _horizon(time: np.ndarray, cause: np.ndarray) -> float:
    """The shortest horizon that holds nearly all first events, or the last day of all."""
    days = time[cause == EVENT]
    if not len(days):
        return HORIZONS[1]
    return next((end for end in HORIZONS if np.mean(days <= end) >= HELD), float(np.ceil(time.max())))


def onset_figure(result: Onset) -> Figure:
    """The curves are drawn to the horizon; estimates and the test use the whole follow-up."""
    grouping = result.grouping
    curve = _curves(result)
    by = f" by {grouping.label}" if grouping.compares else ""
    n, colours = len(result.table), group_colours([group.colour for group in grouping.groups])
    return Figure(
        id=f"toxicity.onset.{slug(result.label)}", title=f"First {result.label}: cumulative incidence{by}",
        chart=with_key(incidence_chart(WORDS, colours), group_names(grouping.groups), colours),
        tables={
            "curve": curve, "band": closed_band(curve), "counts": _counts(result), "group": _groups(result),
            "tick": pd.DataFrame({"time": result.ticks}), "heading": pd.DataFrame({"text": [_heading(result)]}),
        },
        data=curve.drop(columns="slot"), caption=_caption(result), alt=_alt(result), notes=_notes(result), n=n, numbers=_numbers(result),
        tests=(test_line(result.gray, f"{result.label}: {' v '.join(grouping.names)}"),) if grouping.compares else (),
    )  # fmt: skip


def slug(words: str) -> str:
    """The name of the event in an exhibit's id: Latin letters and digits, parted by _."""
    return slug_of(words, "event_" + "_".join(f"{ord(sign):x}" for sign in words))[:LONGEST]


def _curves(result: Onset) -> pd.DataFrame:
    """One row a group and time up to the horizon, closed there by a row of the last value."""
    tables = []
    for slot, group in enumerate(result.groups):
        if not group.curve.n:
            continue
        curve = group.curve
        table = pd.DataFrame(
            {"group": group.name, "time": curve.time, "incidence": curve.incidence, "low": curve.low, "high": curve.high,
             "n_at_risk": curve.n_at_risk, "events": curve.events, "slot": slot}
        )  # fmt: skip
        within = table[table["time"] <= result.horizon]
        if len(within) < len(table) or curve.free[-1] < NOBODY_LEFT:  # the last step goes on to the horizon
            within = pd.concat([within, within.tail(1).assign(time=result.horizon, events=0.0)], ignore_index=True)
        tables.append(within)
    columns = ["group", "time", "incidence", "low", "high", "n_at_risk", "events", "slot"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def _counts(result: Onset) -> pd.DataFrame:
    slots = {name: slot for slot, name in enumerate(result.grouping.names)}
    return result.counts.assign(text=result.counts["at_risk"].astype(str), slot=result.counts["group"].map(slots))


def _groups(result: Onset) -> pd.DataFrame:
    rows = [
        (slot, f"{group.name} ({group.curve.n})", group.name if result.grouping.compares else "All patients")
        for slot, group in enumerate(result.groups)
    ]
    return pd.DataFrame(rows, columns=["slot", "label", "name"])


def _heading(result: Onset) -> str:
    """The numbers; Gray's test only where the groups were formed before the infusion."""
    events, deaths = (sum(getattr(group, which).n_events for group in result.groups) for which in ("curve", "death"))
    first = f"{result.label}: {events} of {plural(len(result.table), 'patient')}; {plural(deaths, 'death')} before it."
    if result.grouping.known_after_infusion:
        return f"{first}\n{BIAS}"
    return (
        f"{first}\nGray's test {p_equals(result.gray.p)}"
        if result.grouping.compares and result.gray.p is not None
        else first
    )


def _caption(result: Onset) -> str:
    parts = [
        f"Cumulative incidence of the first {result.label} from infusion: Aalen-Johansen estimate with pointwise 95 % limits (log-log; {EXACT_START}), death before "
        f"it competing; patients with neither censored at the last day known alive{_until(result)}. Drawn to day {result.horizon:g}."
    ]
    parts += [f"{n} of {result.n} not evaluable: {reason}." for reason, n in result.left_out]
    return " ".join(parts)


def _notes(result: Onset) -> tuple[str, ...]:
    said = [" ".join([BIAS, *timing(result.grouping)])] if result.grouping.known_after_infusion else []
    beyond = int(((result.table["cause"] == 1) & (result.table["time"] > result.horizon)).sum())
    if beyond:
        said.append(f"{plural(beyond, 'first event')} after day {result.horizon:g} not drawn.")
    said += _undated_notes(result)
    if result.grouping.compares and result.gray.reason:
        said.append(f"Gray's test not done: {result.gray.reason}.")
    return tuple(said)


def _undated_notes(result: Onset) -> list[str]:
    """Who is missing from the curves because the day is not stated, and the comparison that includes them."""
    row = result.ever
    if row is None:
        return []
    groups = result.grouping.compares
    missing = ", ".join(
        f"{name} {n}" if groups else str(n) for name, n in zip(result.grouping.names, result.undated, strict=True)
    )
    ever = ", ".join(
        f"{f'{name} ' if groups else ''}{count(n, of)}"
        for name, n, of in zip(result.grouping.names, row.n, row.of, strict=True)
    )
    p = f"; {row.test.name}, {p_equals(row.test.p)}" if groups and row.test.p is not None else ""
    return [
        f"In no curve, because the day is not stated: {missing}. Whoever ever had it, with or without a day: {ever} of all treated{p}."
    ]


def _numbers(result: Onset) -> Numbers:
    names = [f"incidence_day_{day:g}{part}" for day in MILESTONES for part in ("", "_low", "_high")]
    columns = (
        ("group", ""),
        ("n", "patients"),
        ("events", "patients"),
        ("deaths_before", "patients"),
        *((name, "") for name in names),
        ("reason", ""),
    )
    rows = []
    for level, group in zip(result.grouping.levels, result.groups, strict=True):
        found = [value for one in group.milestones for value in (one.value, one.low, one.high)]
        rows.append((level, group.curve.n, group.curve.n_events, group.death.n_events, *found, _why(group)))
    return Numbers(columns, tuple(rows))


def _why(group: GroupOnset) -> str | None:
    """Why a number is null."""
    said = [
        f"day {day:g}: {_missing(one)}" for day, one in zip(MILESTONES, group.milestones, strict=True) if _missing(one)
    ]
    return "; ".join(said) or None


def _missing(one: Estimate) -> str:
    return one.reason or ("no limits: nobody had it by then, or everybody" if one.low is None else "")


def _alt(result: Onset) -> str:
    told = "; ".join(
        f"{group.name}: {group.curve.n_events} of {group.curve.n}, {percent(float(group.curve.incidence[-1]))} at the end of follow-up"
        if group.curve.n
        else f"{group.name}: no patients"
        for group in result.groups
    )
    return f"Cumulative-incidence curves of the first {result.label} over days since infusion. {told}."


def _until(result: Onset) -> str:
    return " or at the next anti-tumour therapy or infusion" if result.until_next else ""


def _terms(analysis: Analysis) -> tuple[str, ...]:
    """The terms whose cumulative incidence a report has."""
    return timed_terms(followed(analysis, FollowUpOptions()).cohort, followed=True)[:MOST_ONSETS]


def _onset(analysis: Analysis, term: str, options: OnsetOptions) -> Exhibit:
    least = SEVERE if options.least == AT_LEAST_3 else 1
    found = onset(followed(analysis, options).cohort, analysis.grouping, term, least)
    return noted_until(analysis, options, onset_figure(found))


ONSET: Final = ExhibitSpec(
    "toxicity.onset.{term}", "Cumulative incidence of an event", needs="adverse_events", build=_onset, options=OnsetOptions, variants=_terms,
    names=lambda term: f"toxicity.onset.{slug(term)}",
)  # fmt: skip
