"""Stored values as frames in the types of the schema, and where their rows stand in the user's own sheets, when one
table is made of several sheets or of one sheet several times.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from lib.cohort.finding import Finding, at_rows
from lib.cohort.model import stored_type
from lib.cohort.schema import Column, Table
from lib.cohort.time_unit import DAYS_PER
from lib.intake.cells.coding import Measured
from lib.intake.cells.units import READ_DAYS_PER
from lib.intake.files.grid import Grid
from lib.intake.files.limits import column_letter

HALF_A_MONTH: Final = 16  # days
OTHERWISE: Final = (
    "{endpoint} of patient {patient_id} stands before this with another time or event; that one counts, and this row"
    " was not read.",
    "Leave out the sheet or columns that are out of date.",
)
SPAN: Final = 10_000_000  # more than a sheet can have rows: `source_row` = number of the part * SPAN + row of the sheet


@dataclass(frozen=True)
class Part:
    """One reading of one sheet. `elsewhere` places columns that a further sheet added: the sheet, and its row for each
    row of ours."""

    number: int
    sheet: str
    letters: Mapping[str, str]
    elsewhere: Mapping[str, tuple[str, Mapping[int, int]]] = field(default_factory=dict)


def as_the_sheet_shows(finding: Finding, parts: Sequence[Part], grids: Mapping[str, Grid]) -> Finding:
    """The finding with the sheet, row and column as the user sees them; parts are numbered in their order.

    `grids` are the tables, by name, that are a part of a sheet, several sheets in one, or turned.
    """
    found = _of_part(finding, parts)
    grid = grids.get(found.sheet)
    if grid is None:
        return found
    if not found.row:
        return replace(found, sheet=grid.sheet or found.sheet)
    place = found.row - grid.first_row
    sheet, row = grid.place_of(place) if 0 <= place < len(grid.rows) else (grid.sheet, found.row)
    if not grid.transposed:
        return replace(_in_its_column(found, grid, place) if grid.origins else replace(found, row=row), sheet=sheet)
    number, _, heading = found.column.partition(" ")
    if not number.isdigit():
        return replace(found, sheet=sheet, row=None, column=column_letter(row))
    return replace(found, sheet=sheet, row=int(number), column=f"{column_letter(row)} {heading}")


def _in_its_column(finding: Finding, grid: Grid, index: int) -> Finding:
    """The finding with the letter that its column has in the sheet from which the row came."""
    letter, _, heading = finding.column.partition(" ")
    cell = (
        grid.cell_place(index, grid.letters.index(letter))
        if letter in grid.letters and 0 <= index < len(grid.rows)
        else None
    )
    return (
        replace(finding, row=cell[1], column=f"{column_letter(cell[2])} {heading}".strip())
        if cell
        else replace(finding, row=grid.place_of(index)[1])
    )


def _of_part(finding: Finding, parts: Sequence[Part]) -> Finding:
    number, row = divmod(finding.row or 0, SPAN)
    for part in _parts_of(finding, number, parts):
        column = part.letters.get(finding.column, finding.column)
        if column in part.elsewhere:
            sheet, rows = part.elsewhere[column]
            return replace(finding, sheet=sheet, row=rows.get(row), column=column.removesuffix(f" of {sheet}"))
        if number or finding.column in part.letters:
            return replace(finding, sheet=part.sheet if finding.row else finding.sheet, row=row or None, column=column)
    return finding


def _parts_of(finding: Finding, number: int, parts: Sequence[Part]) -> Sequence[Part]:
    """The parts of which a finding may speak: that of its row's number, else those of its sheet, else all."""
    same = [part for part in parts if part.sheet == finding.sheet]
    return parts[number : number + 1] if number or (finding.row and not same) else same or parts


def nothing(column: Column) -> object:
    """What is stored where nothing stands."""
    if column.kind == "measurement":
        return Measured(math.nan, False, math.nan)
    return math.nan if stored_type(column) == "float64" else None


def typed_frame(values: Mapping[str, Sequence[Any]], table: Table) -> pd.DataFrame:
    """The columns in their stored types, every column of the schema among them; a measurement is value, below and
    limit."""
    n = len(values["source_row"])
    typed = {"source_row": pd.Series(values["source_row"], dtype="int64")}
    for column in table.columns:
        cells = values.get(column.name, [nothing(column)] * n)
        if column.kind == "measurement":
            measured = [cell for cell in cells if isinstance(cell, Measured)]
            typed[column.name] = pd.Series([cell.value for cell in measured], dtype="float64")
            typed["below"] = pd.Series([cell.below for cell in measured], dtype="bool")
            typed["limit"] = pd.Series([cell.limit for cell in measured], dtype="float64")
            typed["above"] = pd.Series([cell.above for cell in measured], dtype="bool")
        else:
            typed[column.name] = pd.Series(cells, dtype=stored_type(column))
    extra = {name: pd.Series(cells, dtype="object") for name, cells in values.items() if name not in typed}
    return pd.DataFrame(typed | extra)


def below_each_other(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """These frames as one, its rows numbered anew; quicker than pandas alone where all have the same columns of the
    same kinds."""
    first = frames[0]
    if any(list(each.dtypes.items()) != list(first.dtypes.items()) for each in frames):
        return pd.concat(frames, ignore_index=True)
    return pd.DataFrame({name: np.concatenate([each[name].to_numpy() for each in frames]) for name in first.columns})


def with_none(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with None for what is missing in its columns of words."""
    words = [name for name in frame.columns if frame[name].dtype == "object"]
    filled = frame.copy()
    for name in words:  # not assign(**...): a column may be called "self"
        filled[name] = frame[name].where(frame[name].notna(), other=None)  # type: ignore[call-overload]
    return filled


def said_otherwise(frame: pd.DataFrame, earlier: pd.DataFrame, sheet: str) -> list[Finding]:
    """A warning for each endpoint of which these rows say something else than those before them, which count. Times in
    two units differ where they are further apart than rounding to whole months."""
    if frame.empty or earlier.empty:
        return []
    keys, said = ["patient_id", "infusion", "endpoint"], ["unit", "event", "time"]
    where = [name for name in ("source_row", "sheet", "column") if name in frame.columns]
    first, second = (rows.assign(infusion=rows["infusion"].astype("float64").fillna(1.0)) for rows in (earlier, frame))
    both = second[[*keys, *said, *where]].merge(first[[*keys, *said]], on=keys, suffixes=("", "_before"))
    event, time, unit = ((both[name], both[f"{name}_before"]) for name in ("event", "time", "unit"))
    other = event[0].ne(event[1]) & event[0].notna() & event[1].notna()
    days = [(each * names.map(DAYS_PER)).astype(float) for each, names in zip(time, unit, strict=True)]
    same_unit = unit[0].fillna("") == unit[1].fillna("")
    apart = time[0].ne(time[1]).where(same_unit, (days[0] - days[1]).abs() > HALF_A_MONTH)
    other |= apart & time[0].notna() & time[1].notna()
    place = None if "column" in where else (sheet, "time")
    return at_rows(both[other].drop_duplicates(keys), "warning", place, *OTHERWISE)


def _a_day_less(time: object, unit: object) -> object:
    return time - 1 / READ_DAYS_PER.get(str(unit), 1) if isinstance(time, float) and time > 0 else time


def counted_from_zero(values: dict[str, Sequence[object]], name: str, sheet: str, letter: str) -> list[Finding]:
    """Take one day from every positive day or time, where day 1 is that of the infusion and -1 the day before it."""
    zeros = [place for place, day in enumerate(values[name]) if day == 0]
    units = values["unit"] if name == "time" and "unit" in values else ["days"] * len(values[name])
    values[name] = list(map(_a_day_less, values[name], units))
    said = "Day 1 of this column is the day from which it counts, which is day 0 here."
    findings = [Finding("note", sheet, None, letter, "", said, "Each later day was lowered by one.")]
    if zeros:
        row = values["source_row"][zeros[0]]
        problem = f"{len(zeros)} days are 0, which a count without a day 0 cannot have; they were left as they are."
        findings.append(
            Finding(
                "warning", sheet, int(str(row)), letter, "0", problem, "Check whether the days count from 0 after all."
            )
        )
    return [each for each in findings if any(isinstance(day, float) and not math.isnan(day) for day in values[name])]
