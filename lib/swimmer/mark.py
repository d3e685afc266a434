"""What happened when: infusions, first and best response, MRD, severe CRS, the workbook's own events, progression, how the lane ends.

A mark after the end of its lane stays where it is and is flagged `outside`; one so late that all lanes would shrink is counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.time_unit import DAYS_PER, from_days
from lib.swimmer.clock import on_clock
from lib.swimmer.course import Course
from lib.swimmer.options import (
    BEST_RESPONSE,
    FIRST_RESPONSE,
    INFUSION,
    MRD_NEGATIVE,
    ONSET,
    OWN_EVENT,
    PROGRESSION,
    REINFUSION,
    SEVERE_CRS,
    START,
    is_crs,
    marks_of,
)

SEVERE: Final = 3
FAR: Final = 1.5  # of the longest lane: a mark beyond is a slip of the pen more often than not
Times = Iterator[tuple[str, float]]


@dataclass(frozen=True)
class Marks:
    """`table`: patient, kind, time, outside, in the order in which they are drawn. `far` lie too late to be drawn; `undated` have
    no day.
    """

    table: pd.DataFrame
    far: int = 0
    undated: int = 0


def marks(cohort: Cohort, lanes: pd.DataFrame, course: Course, chosen: tuple[str, ...], unit: str) -> Marks:
    """The chosen marks of these lanes (patient, end, status), then progression and the ends, which are always drawn."""
    end_of = dict(zip(lanes["patient"], lanes["end"], strict=True))
    names, day = marks_of(cohort), 1 / DAYS_PER[unit]
    farthest = FAR * max(end_of.values(), default=0.0)
    found = [(patient, names[mark], time) for mark in chosen for patient, time in _times(mark, cohort, course, unit)]
    found += [(str(patient), PROGRESSION, float(time)) for patient, time in course.progression.items()]
    found = [each for each in found if each[0] in end_of]
    undated = sum(pd.isna(time) for _, _, time in found)
    drawn = [each for each in found if each[2] <= max(farthest, end_of[each[0]] + day)]
    rows = [
        (
            patient,
            kind,
            min(time, end_of[patient]) if time <= end_of[patient] + day else time,
            time > end_of[patient] + day,
        )
        for patient, kind, time in drawn
    ]
    rows += [(patient, status, end, False) for patient, status, end in zip(lanes["patient"], lanes["status"], lanes["end"], strict=True)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["patient", "kind", "time", "outside"])
    return Marks(table, len(found) - len(drawn) - undated, undated)


def _times(mark: str, cohort: Cohort, course: Course, unit: str) -> Times:
    """Patient and time of one kind of mark; the time is NaN where it is not known."""
    if mark == INFUSION:
        yield from ((patient, 0.0) for patient in cohort.patients["patient_id"])
    elif mark == REINFUSION:
        again = cohort.infusions[cohort.infusions["infusion"] > cohort.infusion]
        placed = on_clock(cohort, again.assign(infusion=1.0), unit, time="day")
        yield from zip(placed["patient"], placed["time"], strict=True)
    elif mark == SEVERE_CRS:
        yield from _first(_onsets(cohort, unit).query("is_crs and grade >= @SEVERE"))
    elif mark.startswith(OWN_EVENT):
        rows = cohort.events[cohort.events["event"] == mark.removeprefix(OWN_EVENT)]
        placed = on_clock(cohort, rows, unit, time="day")
        yield from zip(placed["patient"], placed["time"], strict=True)
    elif mark.startswith(ONSET):
        onsets = _onsets(cohort, unit)
        yield from _first(onsets[(onsets["term"] == mark.removeprefix(ONSET)) & ~(onsets["grade"] == 0)])
    elif mark.startswith(START):
        kind, name = mark.removeprefix(START).split("\t", 1)
        rows = cohort.therapies
        rows = rows[(rows["kind"].fillna("") == kind) & (rows["therapy"].fillna("") == name)]
        yield from zip(rows["patient_id"], from_days(rows["start_day"], unit), strict=True)
    else:
        later = course.best_time[course.best_time > course.first.reindex(course.best_time.index)]
        of = {FIRST_RESPONSE: course.first, BEST_RESPONSE: later, MRD_NEGATIVE: course.mrd_negative}[mark]
        yield from ((str(patient), float(time)) for patient, time in of.items())


def _onsets(cohort: Cohort, unit: str) -> pd.DataFrame:
    rows = cohort.adverse_events
    return pd.DataFrame(
        {"patient": rows["patient_id"], "term": rows["term"], "grade": rows["grade"], "time": from_days(rows["start_day"], unit),
         "is_crs": rows["term"].fillna("").map(is_crs).astype(bool)}
    )  # fmt: skip


def _first(rows: pd.DataFrame) -> Times:
    """The first of each patient; NaN where none of them has a day."""
    first = rows.groupby("patient")["time"].min()
    return ((str(patient), float(time)) for patient, time in first.items())
