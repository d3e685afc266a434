"""When an adverse event began and ended in each patient who had it: one lane a patient, one stretch a row of the workbook."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.event_course import event_rows
from lib.derived.period import WHOLE, Period

MOST_LANES: Final = 60  # that fit on a printed page


@dataclass(frozen=True)
class Timeline:
    """`stretches`: patient, lane, group, slot, start, stop (NaN = not stated), grade (NaN = not stated), in order of lane and grade.

    Lanes are in order of group, first day and patient. `n_with` had the event; `undated` of them have no first day. Where there is
    not room for all, each group has as many lanes as any other, for those with the worst grades; `not_drawn` have none.
    """

    term: str
    grouping: Grouping
    period: Period
    stretches: pd.DataFrame
    n: int
    n_with: int
    undated: int
    not_drawn: int

    @property
    def n_lanes(self) -> int:
        return int(self.stretches["lane"].nunique())


def timeline(cohort: Cohort, grouping: Grouping, term: str, period: Period = WHOLE) -> Timeline:
    """The lanes of the selected patients who belong to a group."""
    group = pd.Series(grouping.of(cohort.patients).to_numpy(), index=cohort.patients["patient_id"])
    slots = {name: slot for slot, name in enumerate(grouping.names)}
    rows = event_rows(cohort, term, period).rename(
        columns={"patient_id": "patient", "start_day": "start", "stop_day": "stop"}
    )
    rows = rows.assign(group=rows["patient"].map(group)).dropna(subset=["group"])
    dated = rows[rows["start"].notna()]
    dated = dated.assign(slot=dated["group"].map(slots).astype(int))
    first = (
        dated.groupby("patient", sort=False)
        .agg(slot=("slot", "first"), start=("start", "min"), worst=("grade", "max"))
        .reset_index()
    )
    lanes = {patient: lane for lane, patient in enumerate(_with_room(first))}
    drawn = dated[dated["patient"].isin(lanes)]
    drawn = drawn.assign(lane=drawn["patient"].map(lanes).astype(int))
    drawn = drawn.sort_values(["lane", "grade", "start"], kind="stable", na_position="first", ignore_index=True)
    n_with = int(rows["patient"].nunique())
    return Timeline(
        term, grouping, period, drawn[["patient", "lane", "group", "slot", "start", "stop", "grade"]], int(group.notna().sum()),
        n_with, n_with - len(first), len(first) - len(lanes),
    )  # fmt: skip


def _with_room(first: pd.DataFrame) -> list[str]:
    """The patients that have a lane, in their order."""
    kept = first
    if len(first) > MOST_LANES:
        worst_first = first.sort_values(["worst", "start", "patient"], ascending=[False, True, True])
        kept = worst_first.groupby("slot", sort=False).head(MOST_LANES // first["slot"].nunique())
    return list(kept.sort_values(["slot", "start", "patient"])["patient"])
