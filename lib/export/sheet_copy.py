"""The user's own sheet, as plain values that can be written into another workbook without doing harm there.

Text that begins like a formula stays text, control characters go, dates stay dates, and private columns are left blank.
"""

import datetime as dt
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

Value = str | float | int | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None
NOT_IN_XML: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]"
)  # \r is written as \n by spreadsheets
ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # which spreadsheets read as a character
LONGEST_TEXT: Final = 32_000  # a cell holds 32,767 characters
LONGEST_NAME: Final = 31
NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")
RESERVED: Final = frozenset(("history",))
PLACE: Final = re.compile(r"([A-Z]{1,3})(?: \((.*)\))?", re.DOTALL)  # "B" or "B (patient_id)"
HEADER_ROWS: Final = 200  # in which a heading is looked for
FIRST_YEAR: Final = 1900  # spreadsheets know no earlier date


@dataclass(frozen=True)
class Header:
    """A column of a sheet: its place among the cells, and the index of the row with its heading (None = not known)."""

    place: int
    row: int | None


@dataclass(frozen=True)
class SheetCopy:
    """One sheet of the user's file: rows of values, and where its first cell stands (row and column 1 = A1)."""

    name: str
    first_row: int
    first_column: int
    rows: tuple[tuple[Value, ...], ...]

    @property
    def width(self) -> int:
        """How many columns the longest row has."""
        return max(map(len, self.rows), default=0)

    def cells(self, place: int, rows: int | None = None) -> Iterator[Value]:
        """What stands in the place-th column, from top to bottom; None where a row is shorter."""
        return (row[place] if place < len(row) else None for row in self.rows[:rows])

    def columns(self, name: str) -> tuple[Header, ...]:
        """Where "B", "B (Age)" or "Age" stands; several where a heading stands several times in its row."""
        from openpyxl.utils import column_index_from_string  # the library is loaded where a workbook is made

        if found := PLACE.fullmatch(name):
            place = column_index_from_string(found[1]) - self.first_column
            if 0 <= place < self.width:
                return (Header(place, None if found[2] is None else self._row_of(place, found[2])),)
        named = [Header(place, row) for place in range(self.width) if (row := self._row_of(place, name)) is not None]
        first = min((header.row for header in named if header.row is not None), default=None)
        return tuple(header for header in named if header.row == first)

    def first_filled(self, place: int) -> int:
        """The index of the first row in which this column holds anything; 0 where none does."""
        return next((index for index, cell in enumerate(self.cells(place)) if cell not in (None, "")), 0)

    def _row_of(self, place: int, heading: str) -> int | None:
        """The first row in which the column holds this heading, or the last part of a stacked one ("tumor | stage")."""
        wanted = {_plain(heading), _plain(heading.rpartition("|")[2])} - {""}
        cells = enumerate(self.cells(place, HEADER_ROWS))
        return next((index for index, cell in cells if _plain(cell) in wanted), None)


@dataclass(frozen=True)
class Blanked:
    """A sheet without what is private, and the headings of the columns that were left blank."""

    sheet: SheetCopy
    headers: tuple[Header, ...]


def without_columns(sheet: SheetCopy, names: Sequence[str]) -> Blanked | None:
    """The sheet with these columns blank but for their headings.

    A column whose heading is not found is blank from top to bottom. None where a column is not found: then nothing of
    the sheet may be shown.
    """
    found = [sheet.columns(name) for name in names]
    if not all(found):
        return None
    headers = tuple(header for same in found for header in same)
    kept = {(header.row, header.place) for header in headers}
    blank = {header.place for header in headers}
    rows = tuple(
        tuple(None if at in blank and (index, at) not in kept else cell for at, cell in enumerate(row))
        for index, row in enumerate(sheet.rows)
    )
    return Blanked(replace(sheet, rows=rows) if blank else sheet, headers)


def safe(value: Value) -> Value:
    """The value as a cell can hold it: no control characters, no endless text, no date before 1900, no NaN."""
    if isinstance(value, str):
        return _cut(ESCAPE.sub("_x005F_", NOT_IN_XML.sub(" ", value)), LONGEST_TEXT)
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    if isinstance(value, dt.datetime | dt.date) and value.year < FIRST_YEAR:
        return value.isoformat()
    if isinstance(value, dt.datetime | dt.time) and value.tzinfo is not None:
        return value.isoformat()
    return value


def sheet_names(wanted: Sequence[str], taken: Sequence[str]) -> tuple[str, ...]:
    """Names that a spreadsheet accepts, each once whatever its capitals, and none of those taken."""
    used = {name.casefold() for name in taken} | RESERVED
    names = []
    for written in wanted:
        plain = _cut(NOT_IN_NAMES.sub(" ", written).strip(" '"), LONGEST_NAME).strip(" '") or "Sheet"
        name, number = plain, 2
        while name.casefold() in used:
            ending = f" ({number})"
            name, number = _cut(plain, LONGEST_NAME - len(ending)) + ending, number + 1
        used.add(name.casefold())
        names.append(name)
    return tuple(names)


def _cut(text: str, longest: int) -> str:
    """The text in as many characters as a spreadsheet counts, which counts 😀 as two."""
    return text if 2 * len(text) <= longest else text.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", "ignore")


def _plain(cell: object) -> str:
    return " ".join(NOT_IN_XML.sub(" ", str(cell)).split()).casefold() if cell is not None else ""
