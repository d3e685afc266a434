"""Who is followed how long, in which group, and did it happen: the input of every survival analysis.

Nobody is dropped silently: whoever cannot be analysed is counted with the reason.
"""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.endpoint_choice import AS_USUAL, Definition
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.schema import endpoint_label, event_word
from lib.cohort.selected_by import SelectedBy
from lib.cohort.time_unit import in_unit
from lib.derived.endpoint import EndpointRows, endpoint_rows

GIVEN: Final = EndpointRows(pd.DataFrame(), "")
COLUMNS: Final = ("patient", "group", "entry", "time", "event")


@dataclass(frozen=True)
class TimeToEvent:
    """`table` has one row an analysed patient: patient, group, entry, time (both in `unit`), event (1 or 0).

    `n` counts the selected patients, `left_out` those of them who cannot be analysed, by reason. `deaths_censored` counts
    patients who are censored at their death; `pfs_events` (beside TTP) the events of a given PFS of the same patients. `rows` says
    what happens, since when time counts, and what a derived endpoint is derived from; `selected_by` by what its patients were selected.
    """

    endpoint: str
    unit: str
    grouping: Grouping
    table: pd.DataFrame
    n: int
    left_out: tuple[tuple[str, int], ...] = ()
    deaths_censored: int = 0
    rows: EndpointRows = GIVEN
    definition: Definition = AS_USUAL
    pfs_events: int | None = None
    selected_by: tuple[SelectedBy, ...] = ()

    @property
    def label(self) -> str:
        return endpoint_label(self.endpoint)

    @property
    def event_word(self) -> str:
        return self.rows.event or event_word(self.endpoint)

    @property
    def origin(self) -> str:
        return self.rows.origin


def time_to_event(
    cohort: Cohort, endpoint: str, grouping: Grouping, unit: str, definition: Definition = AS_USUAL
) -> TimeToEvent:
    """The endpoint of every selected patient, counted from the cohort's chosen infusion, times in `unit`."""
    patients = pd.DataFrame({"patient": cohort.patients["patient_id"], "group": grouping.of(cohort.patients)})
    given = endpoint_rows(cohort, endpoint, definition)
    rows = given.table
    rows = rows.assign(time=in_unit(rows["time"], rows["unit"], unit), entry=in_unit(rows["entry"], rows["unit"], unit))
    joined = patients.merge(rows, how="left", left_on="patient", right_on="patient_id")
    reasons = [_reason(row, endpoint, grouping) for row in joined[["problem", "group"]].to_dict("records")]
    usable = joined[np.array([not reason for reason in reasons], dtype=bool)].reset_index(drop=True)
    table = usable.assign(entry=usable["entry"].fillna(0.0))[list(COLUMNS)]
    return TimeToEvent(
        endpoint,
        unit,
        grouping,
        table,
        cohort.n,
        tuple(Counter(reason for reason in reasons if reason).most_common()),
        int(usable["censored_at_death"].astype(bool).sum()),
        replace(given, table=given.table[:0]),
        definition,
        _pfs_events(cohort, table) if endpoint == "ttp" else None,
        cohort.selected_by,
    )


def _reason(row: dict, endpoint: str, grouping: Grouping) -> str:  # type: ignore[type-arg]  # a pandas record
    if pd.isna(row["problem"]):
        return f"no {endpoint_label(endpoint).lower()} recorded"
    if row["problem"]:
        return str(row["problem"])
    return f"{grouping.label or 'group'} not stated" if row["group"] is None or pd.isna(row["group"]) else ""


def _pfs_events(cohort: Cohort, table: pd.DataFrame) -> int | None:
    """Events of progression-free survival of the analysed patients, None where the workbook gives none."""
    if "pfs" not in cohort.endpoint_names:
        return None
    rows = cohort.endpoints[(cohort.endpoints["endpoint"] == "pfs") & (cohort.endpoints["problem"] == "")]
    return int((rows["patient_id"].isin(table["patient"]) & (rows["event"] == 1)).sum())
