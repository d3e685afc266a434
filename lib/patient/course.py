"""One patient, all infusions: every row of every table placed on one axis of days, whichever infusion its own day
counts from.

The rows are those of the opened cohort, not of a selection, which keeps one infusion only. What has no day, or counts
from an infusion whose day is not known, has no place on the axis and is counted. And how the patient fared: what stands
at the head of the page.

As bars under the panels, a lane a term or therapy: how many follows from the opened cohort. Grade 0 (looked for and
absent) is no bar; an event without a stated end is a bar of one day.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.cohort.printed import raised, signs
from lib.cohort.schema import RESPONSES
from lib.cohort.selection import rows_of_patient
from lib.cohort.time_unit import DAYS_PER, in_unit
from lib.publication.options import Sized, choice, flag

DAY_OF: Final = {
    "responses": "day",
    "adverse_events": "start_day",
    "therapies": "start_day",
    "kinetics": "day",
    "labs": "day",
}
MOST_KEPT: Final = 12  # tables and figures of one course
STOPS: Final = ("responses", "adverse_events", "therapies")


@dataclass(frozen=True, eq=False)
class Course:
    """The rows of one patient. `at` (and `until`) of every table are days since infusion number `origin`, NaN without a
    place.

    `infusions`: infusion, at, product, dose, dose_unit, in order, all with a place. `ends`: follow-up by overall
    survival (at, event, cause, censoring_reason). `unplaced` names the tables with rows that have no place, and how
    many.
    """

    patient: str
    origin: int
    infusions: pd.DataFrame
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    ends: pd.DataFrame = field(repr=False)
    unplaced: tuple[tuple[str, int], ...] = ()
    _kept: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` gives of this course, made once; of what was made the last MOST_KEPT are kept."""
        if key not in self._kept:
            while len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = make()
        return self._kept[key]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the infusions that have a place on the axis."""
        return tuple(int(number) for number in self.infusions["infusion"])

    def begins(self, infusion: int) -> float:
        """The day of an infusion on the axis; 0 for the origin."""
        return float(self.infusions.set_index("infusion")["at"].get(float(infusion), 0.0))


def course(opened: Cohort, patient: str, origin: int | None = None) -> Course:
    """The course of a patient of the opened cohort; `origin`: the infusion of day 0 (None or unknown: the last)."""
    found: Course = opened.fact(_course, patient, origin)
    return found


def _course(opened: Cohort, patient: str, origin: int | None) -> Course:
    infusions = _infusions(opened, patient)
    numbers = [int(number) for number in infusions["infusion"]]
    zero = origin if origin in numbers else numbers[-1]
    begun = infusions.set_index("infusion")["day"]
    begun = begun - begun[float(zero)]
    tables = {name: _placed(rows_of_patient(opened, name, patient), name, begun) for name in DAY_OF}
    unplaced = tuple((name, n) for name, table in tables.items() if (n := int(table["at"].isna().sum())))
    placed = infusions.assign(at=infusions["infusion"].map(begun))
    return Course(
        patient,
        zero,
        placed.drop(columns="day"),
        tables,
        _ends(rows_of_patient(opened, "endpoints", patient), begun),
        unplaced,
    )


def _infusions(opened: Cohort, patient: str) -> pd.DataFrame:
    """The infusions whose day is known, in order; the first is day 0 also where the workbook does not list it."""
    columns = ["infusion", "day", "product", "dose", "dose_unit"]
    rows = rows_of_patient(opened, "infusions", patient)[columns]
    rows = rows.assign(day=rows["day"].mask((rows["infusion"] == 1) & rows["day"].isna(), 0.0))
    rows = rows[rows["day"].notna() & rows["infusion"].notna()]
    if not (rows["infusion"] == 1).any():
        first = pd.DataFrame([{"infusion": 1.0, "day": 0.0, "product": None, "dose": float("nan"), "dose_unit": None}])
        rows = pd.concat([first, rows]) if len(rows) else first
    return rows.sort_values("infusion", kind="stable", ignore_index=True)


def _placed(rows: pd.DataFrame, name: str, begun: pd.Series) -> pd.DataFrame:
    own = rows["infusion"].map(begun).astype(float)
    table = rows.assign(at=rows[DAY_OF[name]] + own)
    return table.assign(until=table["stop_day"] + own) if name in STOPS else table


def _ends(rows: pd.DataFrame, begun: pd.Series) -> pd.DataFrame:
    usable = rows[(rows["endpoint"] == "os") & (rows["problem"] == "")]
    days = in_unit(usable["time"], usable["unit"], "days") + usable["infusion"].map(begun).astype(float)
    table = usable.assign(at=days)[["at", "event", "cause", "censoring_reason"]]
    return table[table["at"].notna()].sort_values("at", kind="stable", ignore_index=True)


@dataclass(frozen=True)
class Fact:
    """A label and what stands beside it."""

    label: str
    value: str


def facts(opened: Cohort, seen: Course) -> tuple[Fact, ...]:
    """What is known of the patient as a whole; columns without a value are left out."""
    return (*course_facts(seen), *_columns(opened, seen.patient))


def course_facts(seen: Course) -> tuple[Fact, ...]:
    """Infusions, best response of each, follow-up, status."""
    found = [Fact("CAR T-cell infusions", str(len(seen.infusions)))]
    if best := best_responses(seen):
        several = len(seen.infusions) > 1
        said = ", ".join(
            f"{response} (infusion {number})" if several else response for number, response in best.items()
        )
        found.append(Fact("Best response", said))
    if followed := follow_up(seen):
        found += [
            Fact("Follow-up", f"{_time(followed.days)} since infusion {seen.origin}"),
            Fact("Status", followed.status),
        ]
    return tuple(found)


def best_responses(seen: Course) -> dict[int, str]:
    """The best response after each infusion that has one, over the assessments from its day to the first PD (IMWG
    order).
    """
    rows = seen.tables["responses"]
    rows = rows[rows["response"].isin(RESPONSES) & ~(rows["day"] < 0)].sort_values("day", kind="stable")
    best: dict[int, str] = {}
    for number, mine in rows.groupby("infusion"):
        progressed = mine.loc[mine["response"] == "PD", "day"].min()
        until = mine[~(mine["day"] > progressed)]
        best[int(float(str(number)))] = min(until["response"], key=RESPONSES.index)
    return best


@dataclass(frozen=True)
class FollowUp:
    """Days from the origin to the end of follow-up, and how the patient was then."""

    days: float
    status: str


def follow_up(seen: Course) -> FollowUp | None:
    """By overall survival, of several the longest; without it, the last day on which anything is recorded; None without
    any.
    """
    if len(seen.ends):
        last = seen.ends.iloc[-1]
        if last["event"] == 1:
            return FollowUp(float(last["at"]), f"died ({last['cause']})" if _stated(last["cause"]) else "died")
        why = last["censoring_reason"]
        return FollowUp(float(last["at"]), str(why) if _stated(why) else "alive at last contact")
    days = pd.concat([table["at"] for table in seen.tables.values()]).max()
    return None if pd.isna(days) else FollowUp(float(days), "survival not recorded")


def _columns(opened: Cohort, patient: str) -> tuple[Fact, ...]:
    row = opened.patients[opened.patients["patient_id"] == patient].iloc[0]
    known = ((variable, row[variable.name]) for variable in opened.variables)
    return tuple(
        Fact(
            variable.label,
            f"{value:g} {raised(variable.unit)}".strip() if variable.kind == "number" else signs(str(value)),
        )
        for variable, value in known
        if _stated(value)
    )


def _stated(value: object) -> bool:
    return not (value is None or (isinstance(value, float) and pd.isna(value)) or value is pd.NA)


def _time(days: float) -> str:
    """Days where they are few, else months with one decimal beside the days."""
    return f"{days:.0f} days" if abs(days) < 2 * DAYS_PER["months"] else f"{days / DAYS_PER['months']:.1f} months"


def patients(analysis: Analysis) -> tuple[str, ...]:
    """A report has the exhibits of one patient alone."""
    return (str(analysis.selected.patients["patient_id"].iloc[0]),) if analysis.selected.n == 1 else ()


def _numbers(analysis: Analysis, patient: str | None) -> dict[str, str]:
    numbers = course(analysis.opened, patient).numbers if patient else ()
    return {str(number): f"infusion {number}" for number in numbers}


def _last(analysis: Analysis, patient: str | None) -> str | None:
    return next(reversed(_numbers(analysis, patient)), None)


@dataclass(frozen=True)
class CourseOptions(Sized):
    """From which infusion days count."""

    infusion: str = choice(None, _numbers, "Day 0 is", usual=_last)

    def seen(self, analysis: Analysis, patient: str) -> Course:
        """The course of the patient on this axis."""
        return course(analysis.opened, patient, int(self.infusion) if self.infusion else None)


@dataclass(frozen=True)
class SpreadOptions(CourseOptions):
    """How days are drawn."""

    spread_early_days: bool = flag(True, "Stretch first weeks")


MOST_EVENTS: Final = 12
MOST_THERAPIES: Final = 5
EARLIER: Final = ("prior line", "transplant")  # these stand in the timeline alone


@dataclass(frozen=True)
class Bar:
    """One event or therapy: its lane from the top, days on the axis (the last day included), grade (None where none is
    stated).
    """

    lane: int
    name: str
    start: float
    end: float
    grade: int | None
    reported: str


@dataclass(frozen=True)
class Lanes:
    """The bars of one patient; `names` of the lanes that are used, `n` lanes are drawn; and what has no bar."""

    bars: tuple[Bar, ...]
    names: tuple[str, ...]
    n: int
    without_day: tuple[str, ...] = ()
    without_lane: tuple[str, ...] = ()


def event_lanes(opened: Cohort, seen: Course, period: tuple[float, float]) -> Lanes:
    """The adverse events of a period, the worst first."""
    n = _most(opened.adverse_events[~(opened.adverse_events["grade"] == 0)], "term", "start_day", MOST_EVENTS)
    rows = seen.tables["adverse_events"]
    rows = rows[rows["term"].notna() & ~(rows["grade"] == 0)].rename(columns={"term": "name"})
    rows = rows.assign(reported=[_graded(name, grade) for name, grade in zip(rows["name"], rows["grade"], strict=True)])
    ordered = rows.sort_values(["grade", "at"], ascending=[False, True], kind="stable", na_position="last")
    return _lanes(ordered, n, period)


def therapy_lanes(opened: Cohort, seen: Course, period: tuple[float, float]) -> Lanes:
    """The therapies of a period other than earlier lines and transplants, in order of time."""
    n = _most(opened.therapies[~opened.therapies["kind"].isin(EARLIER)], "therapy", "start_day", MOST_THERAPIES)
    rows = seen.tables["therapies"]
    rows = rows[~rows["kind"].isin(EARLIER)]
    rows = rows.assign(name=rows["therapy"].fillna(rows["kind"]), grade=float("nan"))
    dose = [
        f" {dose:g} {unit or ''}".rstrip() if pd.notna(dose) else ""
        for dose, unit in zip(rows["dose"], rows["dose_unit"], strict=True)
    ]
    return _lanes(rows.assign(reported=rows["name"].astype("str") + dose).sort_values("at", kind="stable"), n, period)


def _most(rows: pd.DataFrame, name: str, day: str, most: int) -> int:
    """The greatest number of different names with a day that any patient has, at most `most`."""
    several = rows[rows[day].notna()].groupby("patient_id")[name].nunique()
    return min(most, int(several.max())) if len(several) else 0


def _lanes(rows: pd.DataFrame, n: int, period: tuple[float, float]) -> Lanes:
    low, high = period
    without = tuple(dict.fromkeys(rows.loc[rows["at"].isna(), "reported"]))
    end = rows["until"].fillna(rows["at"]) + 1.0
    placed = rows.assign(end=end)[rows["at"].notna() & (end > low) & (rows["at"] <= high)]
    names: Sequence[str] = list(dict.fromkeys(placed["name"]))
    kept = {name: lane for lane, name in enumerate(names[:n])}
    bars = tuple(
        Bar(
            kept[row["name"]],
            row["name"],
            max(low, float(row["at"])),
            min(high, float(row["end"])),
            None if pd.isna(row["grade"]) else int(row["grade"]),
            f"{row['reported']}, {_days(row)}",
        )
        for row in placed.to_dict("records")
        if row["name"] in kept
    )
    return Lanes(bars, tuple(kept), n, without, tuple(names[n:]))


def _days(row: dict) -> str:  # type: ignore[type-arg]
    if pd.isna(row["until"]):
        return f"from day {row['at']:g}, end not stated"
    return f"day {row['at']:g} to {row['until']:g}"


def _graded(name: str, grade: float) -> str:
    return f"{name} (grade {'not stated' if pd.isna(grade) else f'{grade:.0f}'})"
