"""A file as somebody handed it over, and a sheet of it: what stands in every cell, and where.

A column of a sheet is one sequence of cells with its different values, which are worked out once: most work on a column
is work on these.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.intake.files.limits import Merged, column_letter, column_number

Codes = NDArray[np.signedinteger[Any]]
Cell = str | float | bool | dt.datetime | None

T = TypeVar("T")
NO_CODE: Final = -1


@dataclass(frozen=True)
class Distinct:
    """The different cells of a column in the order met, without what is None or not a number, and for each row which of
    them stands there (-1 = none)."""

    values: tuple[Any, ...]
    codes: Codes
    # which values of it these are
    part_of: "tuple[Distinct, list[int]] | None" = field(default=None, compare=False, repr=False)

    @cached_property
    def counts(self) -> NDArray[np.intp]:
        """How often each value stands there."""
        return np.bincount(self.codes[self.codes != NO_CODE], minlength=len(self.values))

    def each(self, what: Callable[[Any], T]) -> list[T]:
        """What is found for each value, worked out once for each function."""
        if what not in self._known:
            whole, used = self.part_of or (self, [])
            known = whole._known.get(what)
            self._known[what] = list(map(what, self.values) if known is None else map(known.__getitem__, used))
        found: list[T] = self._known[what]
        return found

    def of_texts(self, what: Callable[[Any], bool], other: bool) -> list[bool]:
        """The same for what is `other` of everything that is no text: of numbers alone it is not worked out."""
        return self.each(what) if self.texts else [other] * len(self.values)

    @cached_property
    def _known(self) -> dict[Any, Any]:
        return {}

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Those of the values that are texts."""
        return tuple(value for value in self.values if isinstance(value, str))

    def counted(self) -> Iterator[tuple[Any, int]]:
        """Each value with how often it stands there."""
        return zip(self.values, self.counts.tolist(), strict=True)

    def words(self, word: Callable[[Any], str], kept: Callable[[Any], bool] = lambda _: True) -> "Counter[str]":
        """How often each word stands there, in the order met; of the values that are `kept`."""
        found: Counter[str] = Counter()
        for value, n in self.counted():
            if kept(value):
                found[word(value)] += n
        return found

    def spread(self, results: Iterable[T], nothing: T) -> NDArray[np.object_]:
        """What was found for each value, row by row; `nothing` where none stands."""
        return objects([*results, nothing])[self.codes]

    def flags(self, results: Iterable[bool], nothing: bool) -> NDArray[np.bool_]:
        """As `spread`, for what is true or false."""
        return np.fromiter((*results, nothing), dtype=bool, count=len(self.values) + 1)[self.codes]

    def rows_with(self, results: Iterable[bool]) -> NDArray[np.intp]:
        """The places of the rows whose value is one of those."""
        return np.flatnonzero(self.flags(results, False))


class Cells(tuple[Cell, ...]):
    """The cells of one column, or of some of its rows, which remember their different values."""

    _part: "tuple[Cells, slice | NDArray[np.intp]] | None" = None

    def at(self, rows: slice | NDArray[np.intp]) -> "Cells":
        """The cells of these rows."""
        part = Cells(self[rows] if isinstance(rows, slice) else map(self.__getitem__, rows.tolist()))
        part._part = (self, rows)
        return part

    @cached_property
    def distinct(self) -> Distinct:
        """Each different cell once, and where it stands."""
        if self._part is None:
            return _distinct(self)
        whole, rows = self._part
        return _used(whole.distinct, whole.distinct.codes[rows])


def _used(found: Distinct, codes: Codes) -> Distinct:
    """Those of the values that these codes name, in the order met."""
    here, used = pd.factorize(np.where(codes == NO_CODE, len(found.values), codes))
    nothing = np.flatnonzero(used == len(found.values))
    if len(nothing):
        here = np.where(here == nothing[0], NO_CODE, here - (here > nothing[0]))
        used = np.delete(used, nothing)
    chosen = used.tolist()
    return Distinct(tuple(map(found.values.__getitem__, chosen)), _small(here, len(used)), (found, chosen))


def distinct(cells: Sequence[Any] | NDArray[Any]) -> Distinct:
    """The different values of these cells; of a column that remembers them without looking again."""
    return cells.distinct if isinstance(cells, Cells) else _distinct(cells)


def objects(cells: Sequence[Any] | NDArray[Any]) -> NDArray[np.object_]:
    """An array of these cells as they are."""
    if isinstance(cells, np.ndarray) and cells.dtype == object:
        return cells
    return np.fromiter(cells, dtype=object, count=len(cells))


def _distinct(cells: Sequence[Any] | NDArray[Any]) -> Distinct:
    kinds = set(map(type, cells))
    if bool in kinds and kinds & {float, int}:  # True is 1.0, as Python compares them
        keys: dict[tuple[type, Any], int] = {}
        found = [
            NO_CODE if cell is None or pd.isna(cell) else keys.setdefault((type(cell), cell), len(keys))
            for cell in cells
        ]
        return Distinct(tuple(cell for _, cell in keys), _small(np.array(found, dtype=np.intp), len(keys)))
    codes, values = pd.factorize(objects(cells))
    return Distinct(tuple(values.tolist()), _small(codes, len(values)))


def _small(codes: Codes, n: int) -> Codes:
    """The codes of n values in as few bytes as hold them: they are kept for every column."""
    return codes.astype(np.min_scalar_type(-max(n, 1)))


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
