"""The values of one patient in the panels: on the axis of the whole course, or each infusion from its own day 0.

A value below its limit has the limit and no number. `origin` says where the workbook marks a value as printed, derived or invented.
"""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from lib.cohort.kinetic_series import SeriesKey
from lib.cohort.model import Cohort
from lib.derived.replicates import merged
from lib.labs.series import LabSeries
from lib.patient.course import Course
from lib.patient.panels.panel import Line, Panel

ORIGIN: Final = "origin (extra)"  # a column beside the template's: printed, derived or invented
COLUMNS: Final = (
    "panel",
    "line",
    "infusion",
    "day",
    "at",
    "value",
    "below",
    "above",
    "limit",
    "lower_limit",
    "upper_limit",
    "origin",
)
LEAD_DAYS: Final = 14.0  # at first the course is shown from two weeks before its day 0


def values(seen: Course, shown: Sequence[Panel]) -> pd.DataFrame:
    """One row a value, also without a place on the axis (`at` NaN): the columns COLUMNS; `panel` and `line` are places in `shown`."""
    rows = [
        _of_line(seen, line.source).assign(panel=number, line=place)
        for number, panel in enumerate(shown)
        for place, line in enumerate(panel.lines)
    ]
    filled = [row for row in rows if len(row)]
    if not filled:
        return pd.DataFrame(
            {name: pd.Series(dtype="bool" if name in ("below", "above") else "float64") for name in COLUMNS}
        )
    return pd.concat(filled)[list(COLUMNS)].sort_values(
        ["panel", "line", "infusion", "at"], kind="stable", ignore_index=True
    )


def by_infusion(table: pd.DataFrame, seen: Course, shown: Sequence[Panel]) -> tuple[tuple[Panel, ...], pd.DataFrame]:
    """A panel for each series that was measured after an infusion, with a line for each infusion from its own day 0 on."""
    numbers = seen.numbers
    kept: list[Panel] = []
    tables = []
    for panel_place, panel in enumerate(shown):
        for place, line in enumerate(panel.lines):
            mine = table[(table["panel"] == panel_place) & (table["line"] == place) & (table["day"] >= 0)]
            if len(mine):
                slots = mine["infusion"].map({float(number): slot for slot, number in enumerate(numbers)})
                tables.append(mine.assign(panel=len(kept), line=slots, at=mine["day"]))
                kept.append(_single(panel, line, numbers))
    return tuple(kept), pd.concat(tables, ignore_index=True) if tables else table[:0]


def _single(panel: Panel, line: Line, numbers: Sequence[int]) -> Panel:
    name = f"{panel.name}, {line.name}" if len(panel.lines) > 1 or isinstance(line.source, SeriesKey) else panel.name
    return Panel(name, panel.unit, panel.log, tuple(Line(f"infusion {number}", line.source) for number in numbers))


def of_selection(selected: Cohort, key: SeriesKey | LabSeries) -> pd.DataFrame:
    """The values of one series of everybody selected, after the chosen infusion: patient, day, value, below, limit."""
    rows = selected.kinetics
    if not isinstance(key, SeriesKey):
        raise TypeError("only series of CAR T cells are shown among those of others")
    mine = (rows["specimen"] == key.specimen) & (rows["assay"] == key.assay) & (rows["unit"].fillna("") == key.unit)
    rows = rows[mine & (rows["infusion"] == selected.infusion) & (rows["day"] >= 0)]
    table = pd.DataFrame({"patient": rows["patient_id"], "day": rows["day"], "value": rows["value"].mask(rows["below"]),
                          "below": rows["below"].astype(bool), "limit": rows["lloq"]})  # fmt: skip
    table = table[table["below"] | table["value"].notna()].rename(columns={"limit": "lloq"})
    one_a_day = merged(table, ["patient", "day"]).rename(columns={"lloq": "limit"})
    return one_a_day.sort_values(["patient", "day"], kind="stable", ignore_index=True)


def first_period(table: pd.DataFrame, seen: Course) -> tuple[float, float]:
    """From two weeks before day 0 to the last value; the whole course where nothing was measured then."""
    low, high = whole_period(table, seen)
    return (max(low, -LEAD_DAYS), high) if high > 0 else (low, high)


def whole_period(table: pd.DataFrame, seen: Course) -> tuple[float, float]:
    """From the first to the last value, adverse event or day 0, in whole days."""
    placed = pd.concat(
        [table["at"], seen.tables["adverse_events"]["at"], seen.tables["adverse_events"]["until"]]
    ).dropna()
    low, high = min([0.0, *placed]), max([0.0, *placed])
    return float(low), float(max(high, low + 1.0))


def _of_line(seen: Course, source: SeriesKey | LabSeries) -> pd.DataFrame:
    if isinstance(source, SeriesKey):
        rows = seen.tables["kinetics"]
        mine = (
            (rows["specimen"] == source.specimen)
            & (rows["assay"] == source.assay)
            & (rows["unit"].fillna("") == source.unit)
        )
        rows = rows[mine].assign(limit=rows["lloq"], lower_limit=float("nan"), upper_limit=float("nan"))
    else:
        rows = seen.tables["labs"]
        rows = rows[(rows["test"] == source.test) & (rows["unit"].fillna("") == source.unit)]
    below = rows["below"].astype(bool)
    origin = (
        rows[ORIGIN].astype("object") if ORIGIN in rows.columns else pd.Series(None, index=rows.index, dtype="object")
    )
    table = rows.assign(below=below, value=rows["value"].mask(below), origin=origin.where(origin.notna(), ""))
    table = table[table["below"] | table["value"].notna()]
    if not isinstance(source, SeriesKey):
        return table
    return merged(table, ["infusion", "day"]).assign(limit=lambda each: each["lloq"])
