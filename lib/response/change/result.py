"""How far the monoclonal protein fell: percent change from baseline over time, and the deepest change of every patient.

Baseline: the last value at or before day 0. Counted: values after it and until the day of progression, another therapy or another infusion. A value below
its limit of detection counts as 0, a change of -100 %.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.best_response import best_overall_responses
from lib.derived.endpoint_days import ROUNDING_DAYS
from lib.derived.response_end import ResponseEnds, response_ends
from lib.response.change.series import MarkerSeries
from lib.response.state import NOT_ASSESSED

NO_VALUES: Final = "no values"
NO_BASELINE: Final = "no value at or before day 0"
ZERO_BASELINE: Final = "baseline 0, negative or below the limit of detection"
NOTHING_LATER: Final = "no value between infusion and progression or another treatment"
NO_GROUP: Final = "no group"


@dataclass(frozen=True)
class ChangeResult:
    """`best`: patient, group, slot, best (response), baseline, value, day, change (percent), below; one row a patient, deepest change last
    within each group. `course`: patient, group, slot, day, change, below, with the baseline as day 0 and 0 %. `left_out`: reason and number.
    """

    series: MarkerSeries
    grouping: Grouping
    best: pd.DataFrame
    course: pd.DataFrame
    left_out: tuple[tuple[str, int], ...]
    source: str
    n_selected: int
    n_undated: int

    @property
    def n(self) -> int:
        return len(self.best)


def marker_change(cohort: Cohort, series: MarkerSeries, grouping: Grouping) -> ChangeResult:
    """Of every selected patient who has a baseline above 0 and a later value."""
    ended = response_ends(cohort)
    every, n_undated = _values(cohort, series)
    patients = _patients(cohort, grouping, ended)
    baseline = _baselines(every)
    later = _later(every, ended)
    reasons = {row["patient"]: _reason(row, every, baseline, later) for row in patients.to_dict("records")}
    inside = patients[patients["patient"].map(lambda patient: not reasons[patient]).astype(bool)]
    course = _course(later, baseline, inside)
    left_out = Counter(reason for reason in reasons.values() if reason).most_common()
    return ChangeResult(series, grouping, _best(course), course, tuple(left_out), ended.source, cohort.n, n_undated)


def _values(cohort: Cohort, series: MarkerSeries) -> tuple[pd.DataFrame, int]:
    """The dated values of the chosen infusion: patient, day, value (0 below a limit), below; and how many have no day."""
    rows = cohort.labs[(cohort.labs["test"] == series.test) & (cohort.labs["unit"].fillna("") == series.unit)]
    rows = rows[(rows["infusion"] == cohort.infusion) & (rows["value"].notna() | rows["below"].astype(bool))]
    below = rows["below"].astype(bool)
    told = pd.DataFrame(
        {"patient": rows["patient_id"], "day": rows["day"], "value": rows["value"].mask(below, 0.0), "below": below}
    )
    dated = told[told["day"].notna()].sort_values(["patient", "day"], kind="stable", ignore_index=True)
    return dated, len(told) - len(dated)


def _patients(cohort: Cohort, grouping: Grouping, ended: ResponseEnds) -> pd.DataFrame:
    best = best_overall_responses(cohort, ended).fillna(NOT_ASSESSED)
    slots = {name: slot for slot, name in enumerate(grouping.names)}
    group = grouping.of(cohort.patients)
    return pd.DataFrame(
        {"patient": best.index, "group": group.to_numpy(), "slot": group.map(slots).to_numpy(), "best": best.to_numpy()}
    )


def _baselines(every: pd.DataFrame) -> pd.Series:
    return every[every["day"] <= 0].groupby("patient")["value"].last()


def _later(every: pd.DataFrame, ended: ResponseEnds) -> pd.DataFrame:
    until = every["patient"].map(ended.first) + ROUNDING_DAYS
    return every[(every["day"] > 0) & ~(every["day"] > until)]


def _reason(row: dict, every: pd.DataFrame, baseline: pd.Series, later: pd.DataFrame) -> str:  # type: ignore[type-arg]  # a pandas record
    patient = row["patient"]
    reasons = (
        (row["group"] is None or pd.isna(row["group"]), NO_GROUP),
        (not every["patient"].eq(patient).any(), NO_VALUES),
        (patient not in baseline.index, NO_BASELINE),
        (baseline.get(patient, 1.0) <= 0, ZERO_BASELINE),
        (not later["patient"].eq(patient).any(), NOTHING_LATER),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _course(later: pd.DataFrame, baseline: pd.Series, inside: pd.DataFrame) -> pd.DataFrame:
    """Day 0 with no change, then every later value."""
    start = inside[["patient"]].assign(day=0.0, value=inside["patient"].map(baseline).astype(float), below=False)
    rows = pd.concat([start, later[later["patient"].isin(inside["patient"])]], ignore_index=True)
    rows = rows.assign(baseline=rows["patient"].map(baseline).astype(float)).merge(inside, on="patient", how="left")
    rows = rows.assign(change=100.0 * (rows["value"] / rows["baseline"] - 1.0), slot=rows["slot"].astype("int64"))
    return rows.sort_values(["slot", "patient", "day"], kind="stable", ignore_index=True)


def _best(course: pd.DataFrame) -> pd.DataFrame:
    """The lowest value of each patient after day 0, of equally low ones the first."""
    after = course[course["day"] > 0].sort_values(["change", "day"], kind="stable").drop_duplicates("patient")
    ordered = after.assign(depth=-np.round(after["change"], 9)).sort_values(
        ["slot", "depth", "patient"], kind="stable", ignore_index=True
    )
    return ordered[["patient", "group", "slot", "best", "baseline", "value", "day", "change", "below"]]
