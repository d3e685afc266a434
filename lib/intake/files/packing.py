"""Rows of cells <-> what travels between the child and its parent: JSON, because the child may have been taken over.

Cells are str, float, bool or None; a date travels apart, as (row, column, ISO text), so that nearly every cell goes
through without a line of Python in the parent.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from lib.intake.files.limits import Lost, Merged

Sheet = dict[str, Any]  # name, first_row, first_column, visible, merged, and columns with their dates, or rows
Cell = str | float | bool | dt.datetime | None
NOTHING: Lost = {}


def packed(
    name: str,
    rows: Iterable[Sequence[object]],
    first_row: int = 1,
    first_column: int = 1,
    lost: Lost = NOTHING,
    visible: bool = True,
    merged: Sequence[Merged] = (),
) -> Sheet:
    """One sheet, its rows of equal length, without the blank rows and columns round it; lost cells are put back."""
    grown, first_row, first_column = _with_lost([*rows], first_row, first_column, lost)
    columns = list(zip(*grown, strict=True))
    dates: list[tuple[int, int, str]] = []
    plain = [_plain_column(column, place, dates) for place, column in enumerate(columns)]
    left, right = _reach([_is_blank(column) for column in plain])
    plain = plain[left:right]
    top, bottom = _ends(plain)
    return {
        "name": name,
        "first_row": first_row + top,
        "first_column": first_column + left,
        "visible": visible,
        "merged": [list(area) for area in merged],
        "columns": [column[top:bottom] for column in plain],
        "dates": [(row - top, column - left, written) for row, column, written in dates],
    }


def unpacked_rows(sheet: Sheet) -> tuple[tuple[Cell, ...], ...]:
    """The rows of a sheet that came through the pipe: columns of one length, or (of a text table) rows of any length."""
    if "rows" in sheet:
        return tuple(map(tuple, sheet["rows"]))
    columns = sheet["columns"]
    for row, column, written in sheet["dates"]:
        columns[column][row] = dt.datetime.fromisoformat(written)
    return tuple(zip(*columns, strict=True))


def _with_lost(
    rows: list[Sequence[object]], top: int, left: int, lost: Lost
) -> tuple[list[Sequence[object]], int, int]:
    """The rows, grown to where the lost cells stand, and the place of their first cell."""
    if not lost:
        return rows, top, left
    if not rows:
        top, left = next(iter(lost))
    width = max(map(len, rows), default=0)
    first_row, first_column = min(top, *(row for row, _ in lost)), min(left, *(column for _, column in lost))
    height = max(top + len(rows), *(row + 1 for row, _ in lost)) - first_row
    width = max(left + width, *(column + 1 for _, column in lost)) - first_column
    grown: list[list[object]] = [[None] * width for _ in range(height)]
    for place, row in enumerate(rows, start=top - first_row):
        grown[place][left - first_column : left - first_column + len(row)] = row
    for (row_number, column_number), written in lost.items():
        grown[row_number - first_row][column_number - first_column] = written
    return [*grown], first_row, first_column


def _plain_column(column: Sequence[object], place: int, dates: list[tuple[int, int, str]]) -> Sequence[object]:
    kinds = set(map(type, column))
    if kinds <= {float, bool, type(None)}:
        return column
    if kinds <= {str, float, bool, type(None)}:
        return [None if cell == "" else cell for cell in column] if "" in column else column
    plain: list[object] = []
    for row, cell in enumerate(column):
        if isinstance(cell, dt.date):  # a datetime is a date
            dates.append((row, place, cell.isoformat()))
        plain.append(_plain(cell))
    return plain


def _plain(cell: object) -> object:
    """The cell as JSON has it; for a date True holds its place until the date is put in."""
    if isinstance(cell, dt.date):
        return True
    if cell is None or isinstance(cell, (bool, float)):
        return cell
    return float(cell) if isinstance(cell, int) else str(cell) or None


def _is_blank(column: Sequence[object]) -> bool:
    return column.count(None) == len(column)


def _reach(blank: Sequence[bool]) -> tuple[int, int]:
    """From where to where something stands; (0, 0) if nowhere."""
    filled = [place for place, nothing in enumerate(blank) if not nothing]
    return (filled[0], filled[-1] + 1) if filled else (0, 0)


def _ends(columns: Sequence[Sequence[object]]) -> tuple[int, int]:
    """From which row to which something stands."""
    top, bottom = 0, len(columns[0]) if columns else 0
    while top < bottom and all(column[top] is None for column in columns):
        top += 1
    while bottom > top and all(column[bottom - 1] is None for column in columns):
        bottom -= 1
    return top, bottom
