"""Adverse events and therapies of one patient as bars under the panels, a lane a term or therapy.

How many lanes there are follows from the opened cohort, so that the panels of every patient of it are equally high.
Grade 0 (looked for and absent) is no bar. An event without a stated end is a bar of one day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort
from lib.patient.course import Course

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
