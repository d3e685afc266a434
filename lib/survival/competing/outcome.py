"""Who ended when with which of two causes, in which group: the input of every competing-risk analysis."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.endpoint_choice import AS_USUAL, Definition, incidence_label
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.selected_by import SelectedBy
from lib.cohort.time_unit import in_unit
from lib.derived.competing import CompetingRows, competing_rows

COLUMNS: Final = ("patient", "group", "entry", "time", "cause")


@dataclass(frozen=True)
class CompetingOutcome:
    """`table` has one row an analysed patient: patient, group, entry, time (both in `unit`), cause (0 censored, 1, 2).

    `n` counts the selected patients, `left_out` those of them who cannot be analysed, by reason; `rows` says what the causes are.
    """

    endpoint: str
    unit: str
    grouping: Grouping
    table: pd.DataFrame
    n: int
    left_out: tuple[tuple[str, int], ...]
    rows: CompetingRows
    selected_by: tuple[SelectedBy, ...] = ()

    @property
    def label(self) -> str:
        return incidence_label(self.endpoint)

    @property
    def causes(self) -> tuple[str, str]:
        return self.rows.causes


def competing_outcome(
    cohort: Cohort, endpoint: str, grouping: Grouping, unit: str, definition: Definition = AS_USUAL
) -> CompetingOutcome:
    """Time and cause of every selected patient, times in `unit`."""
    told = competing_rows(cohort, endpoint, definition)
    rows = told.table.assign(
        time=in_unit(told.table["time"], told.table["unit"], unit),
        entry=in_unit(told.table["entry"].astype("float64"), told.table["unit"], unit).fillna(0.0),
    )
    patients = pd.DataFrame({"patient": cohort.patients["patient_id"], "group": grouping.of(cohort.patients)})
    joined = patients.merge(rows, how="left", left_on="patient", right_on="patient_id")
    reasons = [_reason(row, endpoint, grouping) for row in joined[["problem", "group"]].to_dict("records")]
    usable = joined[np.array([not reason for reason in reasons], dtype=bool)].reset_index(drop=True)
    counted = Counter(reason for reason in reasons if reason).most_common()
    return CompetingOutcome(
        endpoint, unit, grouping, usable[list(COLUMNS)], cohort.n, tuple(counted), replace(told, table=told.table[:0]),
        cohort.selected_by,
    )  # fmt: skip


def _reason(row: dict, endpoint: str, grouping: Grouping) -> str:  # type: ignore[type-arg]  # a pandas record
    if pd.isna(row["problem"]):
        return f"no {incidence_label(endpoint).lower()} recorded"
    if row["problem"]:
        return str(row["problem"])
    return f"{grouping.label or 'group'} not stated" if row["group"] is None or pd.isna(row["group"]) else ""
