"""Who is followed how long, in which group, and did it happen: the input of every survival analysis.

Nobody is dropped silently: whoever cannot be analysed is counted with the reason.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.schema import endpoint_label, event_word
from lib.cohort.time_unit import DAYS_PER, in_unit

COLUMNS: Final = ("patient", "group", "entry", "time", "event")


@dataclass(frozen=True)
class TimeToEvent:
    """`table` has one row an analysed patient: patient, group, entry, time (both in `unit`), event (1 or 0).

    `n` counts the selected patients, `left_out` those of them who cannot be analysed, by reason. `deaths_censored` counts
    patients whose time to progression ends, without progression, with their death.
    """

    endpoint: str
    unit: str
    grouping: Grouping
    table: pd.DataFrame
    n: int
    left_out: tuple[tuple[str, int], ...] = ()
    deaths_censored: int = 0

    @property
    def label(self) -> str:
        return endpoint_label(self.endpoint)

    @property
    def event_word(self) -> str:
        return event_word(self.endpoint)


def time_to_event(cohort: Cohort, endpoint: str, grouping: Grouping, unit: str) -> TimeToEvent:
    """The endpoint of every selected patient, counted from the cohort's chosen infusion, times in `unit`."""
    patients = pd.DataFrame({"patient": cohort.patients["patient_id"], "group": grouping.of(cohort.patients)})
    rows = cohort.endpoints[cohort.endpoints["endpoint"] == endpoint]
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
        _deaths_censored(cohort, table, unit) if endpoint == "ttp" else 0,
    )


def _reason(row: dict, endpoint: str, grouping: Grouping) -> str:  # type: ignore[type-arg]  # a pandas record
    if pd.isna(row["problem"]):
        return f"no {endpoint_label(endpoint).lower()} recorded"
    if row["problem"]:
        return str(row["problem"])
    return f"{grouping.label or 'group'} not stated" if row["group"] is None or pd.isna(row["group"]) else ""


def _deaths_censored(cohort: Cohort, table: pd.DataFrame, unit: str) -> int:
    """How many are censored for progression on the day they died (IMWG: a death without progression is no event)."""
    os = cohort.endpoints[(cohort.endpoints["endpoint"] == "os") & (cohort.endpoints["problem"] == "")]
    died = os[os["event"] == 1]
    death = pd.Series(in_unit(died["time"], died["unit"], unit).to_numpy(), index=died["patient_id"])
    at_death = (table["patient"].map(death) - table["time"]).abs() < 1 / DAYS_PER[unit]
    return int(((table["event"] == 0) & at_death).sum())
