"""Depth of response over time: every assessment of every patient in the period in which it was made.

A day belongs to the month nearest to it (30.4375 days; at least 1), a month to one of PERIODS. Nothing is hidden: several assessments of a
patient in a period stand side by side. Patients in order of group, best response, and day of its first assessment.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.schema import RESPONSES
from lib.cohort.time_unit import DAYS_PER
from lib.derived.best_response import best_overall_responses
from lib.derived.response_end import ResponseEnds, response_ends
from lib.response.mrd import NEGATIVE, read_mrd
from lib.response.state import NOT_ASSESSED

MONTH: Final = DAYS_PER["months"]
FOR_EVER: Final = 10**6
PERIODS: Final = (
    (1, 1),
    (2, 2),
    (3, 3),
    (4, 6),
    (7, 9),
    (10, 12),
    (13, 18),
    (19, 24),
    (25, 36),
    (37, FOR_EVER),
)  # months
RANK: Final = {response: place for place, response in enumerate((*RESPONSES, NOT_ASSESSED))}


@dataclass(frozen=True)
class Depth:
    """`patients`: patient, group, slot, best, row (from 0, over all groups). `cells`: patient, row, period (its number), day, state, negative
    (MRD), place (among the `n` of the period), after (made after progression or another treatment). `marks`: patient, row, period, day, kind.
    """

    grouping: Grouping
    patients: pd.DataFrame
    cells: pd.DataFrame
    marks: pd.DataFrame
    source: str
    n_selected: int
    n_undated: int
    infusion: int

    @property
    def n(self) -> int:
        return len(self.patients)


def depth(cohort: Cohort, grouping: Grouping) -> Depth:
    """Of every selected patient with a group, also those without an assessment."""
    ended = response_ends(cohort)
    patients = _in_order(cohort, grouping, ended)
    row = patients.set_index("patient")["row"]
    rows = cohort.responses[(cohort.responses["day"] > 0) & cohort.responses["response"].notna()]
    rows = rows[rows["patient_id"].isin(row.index)].rename(columns={"patient_id": "patient", "response": "state"})
    return Depth(
        grouping, patients, _cells(rows.assign(row=rows["patient"].map(row)), ended), _marks(ended, row), ended.source, cohort.n,
        int(cohort.responses["day"].isna().sum()), cohort.infusion,
    )  # fmt: skip


def period_of(day: pd.Series) -> pd.Series:
    """The number of the period of each day; halves of a month count up."""
    month = np.floor(day.to_numpy(float) / MONTH + 0.5)
    ends = [last for _, last in PERIODS]
    return pd.Series(np.searchsorted(ends[:-1], np.maximum(month, 1.0)), index=day.index, dtype="int64")


def _in_order(cohort: Cohort, grouping: Grouping, ended: ResponseEnds) -> pd.DataFrame:
    best = best_overall_responses(cohort, ended).fillna(NOT_ASSESSED)
    seen = cohort.responses[cohort.responses["response"] == cohort.responses["patient_id"].map(best)]
    first = seen[seen["day"] > 0].groupby("patient_id")["day"].min().reindex(best.index)
    slots = {name: slot for slot, name in enumerate(grouping.names)}
    every = pd.DataFrame({
        "patient": best.index, "group": grouping.of(cohort.patients).to_numpy(), "best": best.to_numpy(), "first": first.to_numpy(),
    })  # fmt: skip
    every = every[every["group"].notna()]
    every = every.assign(slot=every["group"].map(slots).astype(int), rank=every["best"].map(RANK).astype(int))
    ordered = every.sort_values(["slot", "rank", "first"], kind="stable", ignore_index=True)
    return ordered.assign(row=range(len(ordered)))[["patient", "group", "slot", "best", "row"]]


def _cells(rows: pd.DataFrame, ended: ResponseEnds) -> pd.DataFrame:
    """One row an assessment."""
    until = pd.DataFrame({name: rows["patient"].map(ended.table[name]) for name in ("progressed", "treated")})
    after = (rows["day"] > until["progressed"] + 1) | (rows["day"] > until["treated"])
    told = rows.assign(
        period=period_of(rows["day"]), after=after, negative=rows["mrd"].map(read_mrd, na_action="ignore") == NEGATIVE
    )
    ordered = told.sort_values(["row", "day"], kind="stable", ignore_index=True)
    together = ordered.groupby(["patient", "period"])["day"]
    ordered = ordered.assign(place=together.cumcount(), n=together.transform("size")).astype({"row": int, "n": int})
    return ordered[["patient", "row", "period", "day", "state", "negative", "place", "n", "after"]]


def _marks(ended: ResponseEnds, row: pd.Series) -> pd.DataFrame:
    """When patients died or were treated otherwise."""
    parts = []
    for kind, name in (("Other treatment", "treated"), ("Death", "died")):
        days = ended.table[name].dropna()
        days = days[days.index.isin(row.index)]
        parts.append(pd.DataFrame({
            "patient": days.index, "row": row.reindex(days.index).to_numpy(), "period": period_of(days).to_numpy(), "day": days.to_numpy(), "kind": kind,
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)
