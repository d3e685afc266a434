"""A file as somebody handed it over, and a sheet of it: what stands in every cell, and where."""

import datetime as dt
from dataclasses import dataclass

from lib.intake.files.limits import Merged

Cell = str | float | bool | dt.datetime | None


@dataclass(frozen=True)
class SourceFile:
    """A file as it was handed over: nothing of it is kept but what becomes the cohort."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Grid:
    """One sheet: rows of cells, where its first cell stands (row and column 1 = A1), and its merged areas.

    A merged area is (first row, first column, last row, last column) as the sheet shows them; its text stands in its
    first cell only. `cut` are the places (row, column) of texts that were too long and of which only the beginning is read.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    first_row: int = 1
    first_column: int = 1
    visible: bool = True
    merged: tuple[Merged, ...] = ()
    cut: tuple[tuple[int, int], ...] = ()

    def column_letter(self, index: int) -> str:
        """The spreadsheet's letter of the index-th column of this grid."""
        return letters(self.first_column + index)

    def cell_place(self, index: int, place: int) -> tuple[str, int, int] | None:
        """The sheet, row and column (from 1) in which this cell stands; None for one that the sheet does not have."""
        return self.name, self.first_row + index, self.first_column + place


def letters(number: int) -> str:
    """The spreadsheet's letters of a column: 1 is A, 28 is AB."""
    written = ""
    while number:
        number, rest = divmod(number - 1, 26)
        written = chr(65 + rest) + written
    return written
