"""Bars under the lane: maintenance and bridging, from their first to their last day.

A course without a last day lasts to the end of the lane (bridging: to the infusion), and that is counted.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.time_unit import DAYS_PER, from_days
from lib.swimmer.options import BAR_KINDS

COLUMNS: Final = ["patient", "kind", "therapy", "start", "end"]


@dataclass(frozen=True)
class Bars:
    """`table`: patient, kind, therapy, start, end. Beside it the courses without a stated end, without a first day, that begin after
    the end of the lane, and that end before they begin.
    """

    table: pd.DataFrame
    open_ended: int = 0
    undated: int = 0
    after: int = 0
    backwards: int = 0


def bars(cohort: Cohort, lanes: pd.DataFrame, unit: str) -> Bars:
    """The bars of these lanes (patient, end)."""
    rows = cohort.therapies
    rows = rows[rows["kind"].isin(BAR_KINDS) & rows["patient_id"].isin(lanes["patient"])]
    lane_end = rows["patient_id"].map(lanes.set_index("patient")["end"]).astype(float)
    start, stop = from_days(rows["start_day"], unit), from_days(rows["stop_day"], unit)
    until = lane_end.mask((rows["kind"] == "bridging") & (start < 0), 0.0)
    after, backwards = start > lane_end + 1 / DAYS_PER[unit], stop < start
    table = pd.DataFrame(
        {"patient": rows["patient_id"], "kind": rows["kind"], "therapy": rows["therapy"].fillna(rows["kind"]), "start": start,
         "end": stop.fillna(until).clip(upper=lane_end)}
    )  # fmt: skip
    drawn = table[(table["end"] > table["start"]) & ~backwards].reset_index(drop=True)
    open_ended = rows["stop_day"].isna() & (rows["ongoing"] != "yes") & start.notna()
    return Bars(drawn, int(open_ended.sum()), int(start.isna().sum()), int(after.sum()), int(backwards.sum()))
