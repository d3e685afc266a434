"""One patient, all infusions: every row of every table placed on one axis of days, whichever infusion its own day counts from.

The rows are those of the opened cohort, not of a selection, which keeps one infusion only. What has no day, or counts from an infusion
whose day is not known, has no place on the axis and is counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.time_unit import in_unit

DAY_OF: Final = {"responses": "day", "adverse_events": "start_day", "therapies": "start_day", "kinetics": "day", "labs": "day"}  # fmt: skip
STOPS: Final = ("responses", "adverse_events", "therapies")


@dataclass(frozen=True)
class Course:
    """The rows of one patient. `at` (and `until`) of every table are days since infusion number `origin`, NaN without a place.

    `infusions`: infusion, at, product, dose, dose_unit, in order, all with a place. `ends`: follow-up by overall survival (at, event,
    cause, censoring_reason). `unplaced` names the tables with rows that have no place, and how many.
    """

    patient: str
    origin: int
    infusions: pd.DataFrame
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    ends: pd.DataFrame = field(repr=False)
    unplaced: tuple[tuple[str, int], ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the infusions that have a place on the axis."""
        return tuple(int(number) for number in self.infusions["infusion"])

    def begins(self, infusion: int) -> float:
        """The day of an infusion on the axis; 0 for the origin."""
        return float(self.infusions.set_index("infusion")["at"].get(float(infusion), 0.0))


def course(opened: Cohort, patient: str, origin: int | None = None) -> Course:
    """The course of a patient of the opened cohort; `origin` is the infusion of day 0 (None or unknown: the last one)."""
    infusions = _infusions(opened, patient)
    numbers = [int(number) for number in infusions["infusion"]]
    zero = origin if origin in numbers else numbers[-1]
    begun = infusions.set_index("infusion")["day"]
    begun = begun - begun[float(zero)]
    tables = {name: _placed(_of(opened.tables[name], patient), name, begun) for name in DAY_OF}
    unplaced = tuple((name, n) for name, table in tables.items() if (n := int(table["at"].isna().sum())))
    placed = infusions.assign(at=infusions["infusion"].map(begun))
    return Course(
        patient, zero, placed.drop(columns="day"), tables, _ends(_of(opened.endpoints, patient), begun), unplaced
    )


def _of(table: pd.DataFrame, patient: str) -> pd.DataFrame:
    return table[table["patient_id"] == patient].reset_index(drop=True)


def _infusions(opened: Cohort, patient: str) -> pd.DataFrame:
    """The infusions whose day is known, in order; the first is day 0 also where the workbook does not list it."""
    columns = ["infusion", "day", "product", "dose", "dose_unit"]
    rows = _of(opened.infusions, patient)[columns]
    rows = rows.assign(day=rows["day"].mask((rows["infusion"] == 1) & rows["day"].isna(), 0.0))
    rows = rows[rows["day"].notna() & rows["infusion"].notna()]
    if not (rows["infusion"] == 1).any():
        first = pd.DataFrame([{"infusion": 1.0, "day": 0.0, "product": None, "dose": float("nan"), "dose_unit": None}])
        rows = pd.concat([first, rows]) if len(rows) else first
    return rows.sort_values("infusion", kind="stable", ignore_index=True)


def _placed(rows: pd.DataFrame, name: str, begun: pd.Series) -> pd.DataFrame:
    own = rows["infusion"].map(begun).astype(float)
    table = rows.assign(at=rows[DAY_OF[name]] + own)
    return table.assign(until=table["stop_day"] + own) if name in STOPS else table


def _ends(rows: pd.DataFrame, begun: pd.Series) -> pd.DataFrame:
    usable = rows[(rows["endpoint"] == "os") & (rows["problem"] == "")]
    days = in_unit(usable["time"], usable["unit"], "days") + usable["infusion"].map(begun).astype(float)
    table = usable.assign(at=days)[["at", "event", "cause", "censoring_reason"]]
    return table[table["at"].notna()].sort_values("at", kind="stable", ignore_index=True)
