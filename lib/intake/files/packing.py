"""Cells as a parser gives them -> a Grid: numbers, texts and dates of one kind each, without the blank rows and columns
round the table."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import islice, zip_longest
from typing import Final

from lib.intake.files.grid import Cell, Cells, Grid
from lib.intake.files.limits import LONGEST_CELL, MOST_COLUMNS, TOO_MANY_COLUMNS, Lost, Merged, Unsafe

NOTHING: Final[Lost] = {}
AS_THEY_ARE: Final = frozenset((float, str, type(None)))
AT_ONCE: Final = 2_000  # rows that are turned into columns together


class Known(dict[object, Cell]):
    """Cells as the program has them by what a parser gave; equal ones are one object, however often they stand
    there."""

    def __missing__(self, cell: object) -> Cell:
        made = self[cell] = _cell(cell)
        return made

    def columns(self, rows: Iterable[Sequence[object]]) -> list[list[Cell]]:
        """The columns of these rows, all as long; shorter rows are filled up."""
        columns: list[list[Cell]] = []
        waiting, n = iter(rows), 0
        while some := [*islice(waiting, AT_ONCE)]:
            for place, cells in enumerate(zip_longest(*some)):
                if place == len(columns):
                    columns.append([None] * n)
                columns[place] += self._cells(cells)
            n += len(some)
            for column in columns:
                column.extend([None] * (n - len(column)))
        return columns

    def _cells(self, cells: Sequence[object]) -> list[Cell]:
        """These cells, in which True is not 1.0."""
        kinds = set(map(type, cells))
        if kinds <= AS_THEY_ARE:
            return [*map(self.setdefault, cells, cells)]  # type: ignore[arg-type]
        if bool in kinds:
            return [cell if cell is True or cell is False else self[cell] for cell in cells]
        return [*map(self.__getitem__, cells)]

    @property
    def has_long(self) -> bool:
        """Whether one of them is a text of which only the beginning is read."""
        return max((len(cell) for cell in self.values() if type(cell) is str), default=0) > LONGEST_CELL


def packed(
    name: str,
    rows: Iterable[Sequence[object]],
    first_row: int = 1,
    first_column: int = 1,
    lost: Lost = NOTHING,
    visible: bool = True,
    merged: Sequence[Merged] = (),
) -> Grid:
    """One sheet. Rows of different length are filled up; `lost` cells are put back; texts above LONGEST_CELL are cut
    and noted. Raises Unsafe."""
    known = Known({None: None, "": None})
    lost = {place: known[written] or "" for place, written in lost.items()}  # type: ignore[misc]
    columns: list[Sequence[Cell]] = [*known.columns(rows)]
    if lost:
        grown, first_row, first_column = _with_lost(
            [*map(list, zip(*columns, strict=True))], first_row, first_column, lost
        )
        columns = [*zip(*grown, strict=True)]
    cut: list[tuple[int, int]] = []
    if known.has_long:
        columns = [_shortened(column, place, cut) for place, column in enumerate(columns)]
    left, right = _reach([column.count(None) == len(column) for column in columns])
    columns = columns[left:right]
    if len(columns) > MOST_COLUMNS:
        raise Unsafe(TOO_MANY_COLUMNS)
    top, bottom = _ends(columns)
    whole = [Cells(column[top:bottom]) for column in columns]
    places = tuple((first_row + row, first_column + column) for row, column in cut)
    grid = Grid(
        name, tuple(zip(*whole, strict=True)), first_row + top, first_column + left, visible, tuple(merged), places
    )
    grid.keep_columns(whole)
    return grid


def _with_lost(rows: list[list[Cell]], top: int, left: int, lost: Lost) -> tuple[list[list[Cell]], int, int]:
    """The rows, grown to where the lost cells stand, and the place of their first cell."""
    if not rows:
        top, left = next(iter(lost))
    width = max(map(len, rows), default=0)
    first_row, first_column = min(top, *(row for row, _ in lost)), min(left, *(column for _, column in lost))
    height = max(top + len(rows), *(row + 1 for row, _ in lost)) - first_row
    width = max(left + width, *(column + 1 for _, column in lost)) - first_column
    grown: list[list[Cell]] = [[None] * width for _ in range(height)]
    for place, row in enumerate(rows, start=top - first_row):
        grown[place][left - first_column : left - first_column + len(row)] = row
    for (row_number, column_number), written in lost.items():
        grown[row_number - first_row][column_number - first_column] = written
    return grown, first_row, first_column


def _shortened(column: Sequence[Cell], place: int, cut: list[tuple[int, int]]) -> Sequence[Cell]:
    cells = list(column)
    for row, cell in enumerate(cells):
        if isinstance(cell, str) and len(cell) > LONGEST_CELL:
            cells[row] = cell[:LONGEST_CELL]
            cut.append((row, place))
    return cells


def _cell(cell: object) -> Cell:
    if isinstance(cell, str):
        return cell or None
    if cell is None or isinstance(cell, (bool, float)):
        return cell
    if isinstance(cell, int):
        return float(cell)
    if isinstance(cell, dt.datetime):
        return cell.replace(tzinfo=None)
    if isinstance(cell, dt.date):
        return dt.datetime(cell.year, cell.month, cell.day)
    return str(cell) or None


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
