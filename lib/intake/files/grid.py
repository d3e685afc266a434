"""A file as somebody handed it over, and a sheet of it: what stands in every cell, and where."""

import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from lib.intake.files.cells import Cell as Cell  # noqa: PLC0414  # others know it from here
from lib.intake.files.cells import Cells
from lib.intake.files.limits import Merged, column_letter, column_number

T = TypeVar("T")

LETTERS: Final = re.compile("[A-Z]{1,3}")


@dataclass(frozen=True)
class SourceFile:
    """A file as it was handed over: nothing of it is kept but what becomes the cohort."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Origin:
    """Where one row of a grid stands that was brought together: its sheet and row, and the column of each cell (from 1;
    0 = nowhere).

    In a turned grid the row is a column of the sheet, and the columns are its rows.
    """

    sheet: str
    row: int
    columns: tuple[int, ...]


@dataclass(frozen=True)
class Grid:
    """One sheet: rows of cells, where its first cell stands (row and column 1 = A1), and its merged areas.

    A merged area is (first row, first column, last row, last column) as the sheet shows them; its text stands in its
    first cell only. `cut` are the places (row, column) of texts that were too long and of which only the beginning is
    read. `labels` are the words that a file of SAS, SPSS or Stata has for its columns (() = none), `colours` the
    background of cells by (row, column) as the sheet shows them, `reported` what has to be reported of a row (None = of
    the sheet) as it was read. Where only a part of a sheet is meant, `sheet` is the name of that sheet. Where the rows
    were brought together from elsewhere (several sheets below each other), `origins` says of each row where it stands,
    `moved` of single cells that stand in another row, `letters` how each column is called; where columns were turned
    into rows (`transposed`), the rows are columns of the sheet and the letters its rows.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    first_row: int = 1
    first_column: int = 1
    visible: bool = True
    merged: tuple[Merged, ...] = ()
    cut: tuple[tuple[int, int], ...] = ()
    doubts: tuple[str, ...] = ()  # what the file cannot tell about itself, a sentence each
    labels: tuple[str, ...] = ()
    colours: Map[tuple[int, int], str] = field(default_factory=dict, compare=False)
    reported: tuple[tuple[int | None, str], ...] = ()
    sheet: str = ""
    origins: tuple[Origin, ...] = ()
    letters: tuple[str, ...] = ()
    transposed: bool = False
    moved: Map[tuple[int, int], int] = field(default_factory=dict, compare=False)
    _known: dict[Any, Any] = field(init=False, default_factory=dict, compare=False, repr=False)

    def remembered(self, key: Any, made: Callable[[], T]) -> T:
        """What was worked out of this sheet under this key, made where it was not yet."""
        if key not in self._known:
            self._known[key] = made()
        found: T = self._known[key]
        return found

    @cached_property
    def width(self) -> int:
        """How many columns the longest row has."""
        return max(map(len, self.rows), default=0)

    def keep_columns(self, columns: Sequence[Cells]) -> None:
        """Remember these, which are all columns of the grid."""
        self._known.update(enumerate(columns))

    def keep_columns_of(self, other: "Grid") -> None:
        """Remember the columns that another grid with the same rows remembers."""
        self._known.update({place: cells for place, cells in other._known.items() if isinstance(place, int)})

    def whole_column(self, place: int) -> Cells:
        """What stands in this column in every row of the grid."""
        return self.remembered(place, lambda: self._cells(place))

    def column(self, place: int, rows: Sequence[int]) -> Cells:
        """What stands in this column in these rows, one cell a row."""
        _, picked = self.remembered(("rows", id(rows)), lambda: (rows, _picked(rows)))
        return self.remembered((place, id(rows)), lambda: self.whole_column(place).at(picked))

    def _cells(self, place: int) -> Cells:
        return Cells([cells[place] if place < len(cells) else None for cells in self.rows])

    def column_letter(self, index: int) -> str:
        """The spreadsheet's letter of the index-th column of this grid."""
        return self.letters[index] if self.letters else column_letter(self.first_column + index)

    def place_of(self, index: int) -> tuple[str, int]:
        """The sheet and the row in which the index-th row of this grid stands."""
        origin = self.origins[index] if self.origins else None
        return (origin.sheet, origin.row) if origin else (self.sheet or self.name, self.first_row + index)

    def cell_place(self, index: int, place: int) -> tuple[str, int, int] | None:
        """The sheet, row and column (from 1) in which this cell stands; None for one that the sheet does not have."""
        sheet, row = self.place_of(index)
        if not self.origins:
            letter = self.letters[place] if self.letters else ""
            column = column_number(letter) if LETTERS.fullmatch(letter) else 0 if letter else self.first_column + place
        else:
            columns = self.origins[index].columns
            column = columns[place] if place < len(columns) else 0
        if not column:
            return None
        return (sheet, column, row) if self.transposed else (sheet, self.moved.get((index, place), row), column)


def _picked(rows: Sequence[int]) -> slice | NDArray[np.intp]:
    """Rows below each other as a slice, others as their indices."""
    indices = np.asarray(rows, dtype=np.intp)
    first, n = (int(indices[0]) if len(indices) else 0), len(indices)
    below_each_other = n and int(indices[-1]) == first + n - 1 and bool((np.diff(indices) == 1).all())
    return slice(first, first + n) if below_each_other or not n else indices
