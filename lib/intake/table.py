"""One sheet -> one tidy table in the schema's types, and every cell that could not be read.

Frames carry `source_row` (the spreadsheet's row) until all checks are done.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from lib.cohort.finding import Finding
from lib.cohort.model import stored_type
from lib.cohort.schema import Column, Table
from lib.intake.coding import Coded, Measured, coder, is_missing, text
from lib.intake.grid import Cell, Grid
from lib.intake.header import data_rows
from lib.intake.role import column_for


@dataclass(frozen=True)
class ReadTable:
    """A table as read: `frame` in the schema's columns (and extra ones as raw cells), `extras` name the latter."""

    table: Table
    sheet: str
    frame: pd.DataFrame
    extras: tuple[str, ...]
    letters: dict[str, str]  # column name -> "B (patient_id)", as a finding shows it
    findings: tuple[Finding, ...]


def read_table(grid: Grid, header: int, table: Table) -> ReadTable:
    """Read a sheet whose header row and table are known."""
    rows = data_rows(grid, header, table)
    findings: list[Finding] = []
    values: dict[str, list[object]] = {"source_row": [grid.first_row + row for row in rows]}
    letters: dict[str, str] = {}
    extras: list[str] = []
    for index, heading in enumerate(grid.rows[header]):
        name = text(heading)
        cells = [grid.rows[row][index] if index < len(grid.rows[row]) else None for row in rows]
        if not name:
            continue
        letter = f"{grid.column_letter(index)} ({name})"
        column = column_for(name, table)
        if column and column.name not in letters:
            values[column.name], bad = _coded(cells, column)
            findings += [
                Finding(
                    "error",
                    grid.name,
                    grid.first_row + rows[place],
                    letter,
                    text(cells[place]),
                    coded.problem,
                    coded.mend,
                )
                for place, coded in bad
            ]
            letters[column.name] = letter
        elif name in letters or name in ("source_row",):
            findings.append(
                Finding(
                    "error",
                    grid.name,
                    grid.first_row + header,
                    letter,
                    name,
                    "This column stands twice; the first is read.",
                    "Delete or rename one of the two.",
                )
            )
        elif any(not is_missing(cell) for cell in cells):
            values[name], letters[name] = list(cells), letter
            extras.append(name)
    findings += _missing_columns(grid, header, table, letters)
    return ReadTable(table, grid.name, _frame(values, table), tuple(extras), letters, tuple(findings))


def extra_as_text(frame: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """The frame with these raw columns as words (missing = None)."""
    words = {name: [None if is_missing(cell) else text(cell) for cell in frame[name]] for name in names}
    return frame.assign(**{name: pd.Series(cells, frame.index, "object") for name, cells in words.items()})


def _coded(cells: list[Cell], column: Column) -> tuple[list[object], list[tuple[int, Coded]]]:
    """The stored values of a column, and the places whose cell could not be read. Each different cell is read once."""
    code = coder(column.kind)
    known: dict[tuple[type, Cell], Coded] = {}
    values: list[object] = []
    bad: list[tuple[int, Coded]] = []
    canonical = {word.casefold(): word for word in column.allowed}
    for place, cell in enumerate(cells):
        if is_missing(cell):
            values.append(_nothing(column))
            continue
        key = (type(cell), cell)
        coded = known.get(key)
        if coded is None:
            coded = known[key] = _within(code(cell), column)
        if coded.problem:
            bad.append((place, coded))
        value = coded.value
        values.append(canonical.get(value.casefold(), value) if isinstance(value, str) else value)
    return values, bad


def _within(coded: Coded, column: Column) -> Coded:
    """The coded cell, or what is wrong with it if its number lies outside what the column can hold."""
    number = coded.value.value if isinstance(coded.value, Measured) else coded.value
    if not isinstance(number, float) or math.isnan(number):
        return coded
    if column.least is not None and number < column.least:
        return Coded(
            _nothing(column),
            f"{number:g} is less than {column.least:g}, which cannot be.",
            "Correct it, or leave the cell empty.",
        )
    if column.most is not None and number > column.most:
        return Coded(
            _nothing(column),
            f"{number:g} is more than {column.most:g}, which cannot be.",
            "Correct it, or leave the cell empty.",
        )
    return coded


def _nothing(column: Column) -> object:
    if column.kind == "measurement":
        return Measured(math.nan, False, math.nan)
    return math.nan if stored_type(column) == "float64" else None


def _frame(values: dict[str, list[object]], table: Table) -> pd.DataFrame:
    n = len(values["source_row"])
    frame = pd.DataFrame({"source_row": pd.Series(values["source_row"], dtype="int64")})
    for column in table.columns:
        cells = values.get(column.name, [_nothing(column)] * n)
        if column.kind == "measurement":
            measured = [cell for cell in cells if isinstance(cell, Measured)]
            frame[column.name] = pd.Series([cell.value for cell in measured], dtype="float64")
            frame["below"] = pd.Series([cell.below for cell in measured], dtype="bool")
            frame["limit"] = pd.Series([cell.limit for cell in measured], dtype="float64")
        else:
            frame[column.name] = pd.Series(cells, dtype=stored_type(column))
    extra = {name: pd.Series(cells, dtype="object") for name, cells in values.items() if name not in frame.columns}
    return pd.concat([frame, pd.DataFrame(extra, index=frame.index)], axis=1) if extra else frame


def _missing_columns(grid: Grid, header: int, table: Table, letters: dict[str, str]) -> list[Finding]:
    return [
        Finding(
            "error",
            grid.name,
            grid.first_row + header,
            column.name,
            "",
            f'The column "{column.name}" is missing.',
            f"Add it: {column.explanation}.",
        )
        for column in table.columns
        if column.required and column.name not in letters
    ]
