"""Every patient's course as a lane: follow-up, states, therapies under it, and what happened when.

Time zero is the infusion. A lane ends with death or last contact, and begins before the infusion where something recorded does.
"""

from dataclasses import dataclass

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.swimmer.bar import Bars, bars
from lib.swimmer.course import Course, course
from lib.swimmer.follow_up import follow_up, without_survival
from lib.swimmer.mark import Marks, marks
from lib.swimmer.options import SwimmerOptions, settled
from lib.swimmer.row import NOT_STATED, in_rows
from lib.swimmer.segment import Segments, segments


@dataclass(frozen=True)
class Gaps:
    """What the lanes leave out or assume, as numbers of rows (`without_survival`: of lanes).

    before: assessments before the infusion. after: states and courses that begin after the end of the lane. earlier: therapies long
    before the infusion. outside: marks after the end of the lane, drawn there. far: marks too late to be drawn. undated: without a
    day. backwards: that end before they begin. overlapping: states that a later one hides in part. open_ended: courses without a
    stated end, drawn to the end of follow-up (bridging: to the infusion).
    """

    before: int = 0
    after: int = 0
    earlier: int = 0
    outside: int = 0
    far: int = 0
    undated: int = 0
    backwards: int = 0
    overlapping: int = 0
    open_ended: int = 0
    without_survival: int = 0


@dataclass(frozen=True)
class Lanes:
    """Tables over the same patients, times in `unit`.

    `lanes`: patient, row, group, start, end, status, best, first. `segments`: patient, state, start, end, assessed. `marks`: patient,
    kind, time, outside. `therapies`: patient, kind, therapy, start, end. `headers`: group, row (empty unless grouped). `left_out`:
    why a patient has no lane.
    """

    unit: str
    grouping: Grouping
    options: SwimmerOptions
    lanes: pd.DataFrame
    segments: pd.DataFrame
    marks: pd.DataFrame
    therapies: pd.DataFrame
    headers: pd.DataFrame
    left_out: tuple[tuple[str, int], ...]
    n: int
    gaps: Gaps

    @property
    def n_rows(self) -> int:
        return len(self.lanes) + len(self.headers)


def lanes(cohort: Cohort, grouping: Grouping, unit: str, options: SwimmerOptions | None = None) -> Lanes:
    """The lanes of the selected patients; without options as `settled` chooses for the cohort."""
    chosen = settled(options or SwimmerOptions(), cohort)
    responses = course(cohort, unit)
    table, without = _lanes(cohort, grouping, responses, unit)
    states = segments(cohort, table, responses, chosen, unit)
    courses = bars(cohort, table, unit)
    happened = marks(cohort, table, responses, chosen.marks or (), unit)
    table = table.assign(start=_starts(table, states.table, courses.table, happened.table))
    table, headers = in_rows(table, cohort, grouping, chosen)
    return Lanes(
        unit, grouping, chosen, table, states.table, happened.table, courses.table, headers,
        (("no follow-up time recorded", without),) if without else (), cohort.n,
        _gaps(responses, states, courses, happened, without_survival(cohort, table["patient"])),
    )  # fmt: skip


def _lanes(cohort: Cohort, grouping: Grouping, responses: Course, unit: str) -> tuple[pd.DataFrame, int]:
    """patient, group, end, status, best, first; and how many patients have no follow-up."""
    patients = cohort.patients[["patient_id"]].rename(columns={"patient_id": "patient"})
    patients["group"] = grouping.of(cohort.patients).fillna(NOT_STATED).to_numpy()
    table = patients.merge(follow_up(cohort, unit), how="left", on="patient")
    table = table.assign(best=table["patient"].map(responses.best), first=table["patient"].map(responses.first))
    followed = table["end"].notna()
    return table[followed], int((~followed).sum())


def _starts(table: pd.DataFrame, *drawn: pd.DataFrame) -> pd.Series:
    """Where each lane begins: with the infusion, or with what is drawn before it."""
    columns = [each.set_index("patient")["start" if "start" in each.columns else "time"] for each in drawn]
    begun = [column.astype(float) for column in columns if len(column)]
    earliest = pd.concat(begun).groupby(level=0).min() if begun else pd.Series(dtype="float64")
    return table["patient"].map(earliest).astype(float).fillna(0.0).clip(upper=0.0)


def _gaps(responses: Course, states: Segments, courses: Bars, happened: Marks, without: int) -> Gaps:
    return Gaps(
        before=responses.n_before, after=states.after + courses.after, earlier=states.earlier,
        outside=int(happened.table["outside"].sum()), far=happened.far, undated=states.undated + courses.undated + happened.undated,
        backwards=states.backwards + courses.backwards, overlapping=states.overlapping, open_ended=courses.open_ended,
        without_survival=without,
    )  # fmt: skip
