"""An exhibit: what is shown on a page, exported and written to results.json. A figure or a table, never edited.

A figure's chart depends on the options and on the levels of the opened cohort, never on the selection; it is drawn over
named tables that travel beside it. In `tables` and `data` patient ids stand only in a column named "patient".
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import accumulate, takewhile
from typing import Any, Final

import pandas as pd

from lib.publication.fitting import drawn_tables
from lib.publication.theme import Specification

MOST_SENT: Final = 120_000  # letters of a printed table
LETTERS_OF_CELL: Final = 4  # what a cell needs beside its letters


class Later(Sequence[Any]):
    """Rows that are made when they are first looked at: what files hold and the screen does not show."""

    def __init__(self, make: Callable[[], Iterable[Any]]) -> None:
        self._rows = cache(lambda: tuple(make()))

    def __getitem__(self, place: Any) -> Any:
        return self._rows()[place]

    def __len__(self) -> int:
        return len(self._rows())

    def __repr__(self) -> str:
        return repr(self._rows())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._rows() == tuple(other)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class TestLine:
    """One test as results.json and the page print it: which groups or rows were compared, and how."""

    __test__ = False

    name: str
    comparison: str
    statistic: float | None
    df: int | None
    p: float | None
    n: int
    reason: str = ""

    @classmethod
    def of(cls, test: Any, comparison: str) -> "TestLine":
        """The line of a TestResult of lib/stats."""
        return cls(test.name, comparison, test.statistic, test.df, test.p, test.n, test.reason)


@dataclass(frozen=True)
class Numbers:
    """Unrounded numbers behind an exhibit: columns as (name, unit), one row a group, term or patient."""

    columns: tuple[tuple[str, str], ...] = ()
    rows: Sequence[tuple[object, ...]] = ()

    @property
    def frame(self) -> pd.DataFrame:
        """One column each, by its name."""
        return pd.DataFrame(list(self.rows), columns=[name for name, _ in self.columns])


@dataclass(frozen=True)
class Figure:
    """A chart over named tables. `data` is the one tidy table a reader of the figure would ask for (its CSV).

    `caption` says what is drawn, in two lines at most; `method` how it was computed and by which definitions, in files
    and behind an (i); `notes` what a reader must know of these data. `of_patients` is False where no selection of
    patients changes it: it speaks of wells.
    """

    id: str
    title: str
    chart: Specification = field(repr=False)
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    data: pd.DataFrame = field(repr=False)
    caption: str
    alt: str
    method: str = ""
    notes: tuple[str, ...] = ()
    n: int = 0
    numbers: Numbers = Numbers()
    tests: Sequence[TestLine] = ()
    of_patients: bool = True


@dataclass(frozen=True)
class Table:
    """A printed table: header and rows of text, the first column names the row. `whole`: however long, it does not
    scroll on the page."""

    id: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    method: str = ""
    notes: tuple[str, ...] = ()
    n: int = 0
    numbers: Numbers = Numbers()
    tests: Sequence[TestLine] = ()
    of_patients: bool = True
    whole: bool = False

    @property
    def data(self) -> pd.DataFrame:
        """The printed table as a frame; equal headings are told apart by the order they stand in."""
        return pd.DataFrame(list(self.rows), columns=list(self.header))

    @property
    def on_screen(self) -> pd.DataFrame:
        """Its first rows, as many as are sent to a browser: files have all."""
        letters = accumulate(sum(map(len, row)) + LETTERS_OF_CELL * len(row) for row in self.rows)
        shown = sum(1 for _ in takewhile(lambda sent: sent <= MOST_SENT, letters))
        return pd.DataFrame(list(self.rows[:shown]), columns=list(self.header))


Exhibit = Figure | Table


def noted(exhibit: Exhibit, notes: Sequence[str]) -> Exhibit:
    """The exhibit with these notes before its own."""
    return replace(exhibit, notes=(*notes, *exhibit.notes)) if notes else exhibit


def standalone(figure: Figure) -> dict[str, Any]:
    """The figure as one specification with its data inside (NaN becomes null), for an exporter."""
    return {
        **figure.chart,
        "datasets": {name: records(table) for name, table in drawn_tables(figure.chart, figure.tables).items()},
    }


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The table as a list of rows of plain Python values, NaN as None."""
    columns = {
        str(name): [None if missing else value for value, missing in zip(column.tolist(), column.isna(), strict=True)]
        for name, column in table.items()
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


@dataclass(frozen=True)
class TypedColumn:
    """A column of a table whose rows are values: `value` gives the number of a row (None: its field `name`), `printed`
    how it is shown (None: as it is).

    `heading` "" = not printed; `name` (and `unit`) as in results.json, "" = not among the numbers.
    """

    heading: str = ""
    name: str = ""
    unit: str = ""
    value: Callable[[Any], object] | None = None
    printed: Callable[[Any], str] | None = None

    def number(self, row: Any) -> object:
        """What is reported of a row."""
        if self.value:
            return self.value(row)
        return row[self.name] if isinstance(row, Mapping) else getattr(row, self.name)

    def cells(self, line: Sequence[Any]) -> tuple[str, ...]:
        """What is printed of a line: its cell, none without a heading."""
        row = line[0]
        return (self.printed(row) if self.printed else str(self.number(row)),) if self.heading else ()

    @property
    def headings(self) -> tuple[str, ...]:
        """Its heading, where it is printed."""
        return (self.heading,) if self.heading else ()


@dataclass(frozen=True)
class Across:
    """The columns of a table in which several rows of numbers are the cells of one printed line: those of equal `line`,
    each in the column at its `place` (none beyond the headings)."""

    headings: tuple[str, ...]
    line: Callable[[Any], Hashable]
    place: Callable[[Any], int]
    printed: Callable[[Any], str]

    def cells(self, line: Sequence[Any]) -> tuple[str, ...]:
        """What is printed of the rows of a line, "" where there is none."""
        printed = {self.place(row): row for row in line}
        return tuple(self.printed(printed[place]) if place in printed else "" for place in range(len(self.headings)))


Columns = Sequence[TypedColumn | Across]


def reported(*names: str, unit: str = "") -> tuple[TypedColumn, ...]:
    """Columns of the numbers alone: the fields of a row with these names."""
    return tuple(TypedColumn(name=name, unit=unit) for name in names)


def group_column(level_of: Mapping[str, str], heading: str = "Group") -> TypedColumn:
    """The group of a row that has a `name`: printed by it, reported by its level in the workbook."""
    return TypedColumn(heading, "group", "", lambda row: level_of[row.name], lambda row: row.name)


def estimate_columns(
    name: str | tuple[str, str, str],
    of: Callable[[Any], Any],
    unit: str = "",
    heading: str = "",
    printed: Callable[[Any], str] | None = None,
) -> tuple[TypedColumn, ...]:
    """The columns of an Estimate of each row (None: there is none): its value, which may be printed, and its limits."""
    value, low, high = name if isinstance(name, tuple) else (name, f"{name}_low", f"{name}_high")
    return (
        TypedColumn(heading, value, unit, lambda row: getattr(of(row), "value", None), printed),
        TypedColumn(name=low, unit=unit, value=lambda row: getattr(of(row), "low", None)),
        TypedColumn(name=high, unit=unit, value=lambda row: getattr(of(row), "high", None)),
    )


def typed_numbers(columns: Columns, rows: Iterable[Any]) -> Numbers:
    """The unrounded numbers of typed rows."""
    named = [each for each in columns if isinstance(each, TypedColumn) and each.name]
    return Numbers(
        tuple((each.name, each.unit) for each in named),
        tuple(tuple(each.number(row) for each in named) for row in rows),
    )


def frame_numbers(frame: pd.DataFrame, level_of: Mapping[str, str] | None = None, **units: str) -> Numbers:
    """The columns of a frame as numbers, its groups by their levels, null for what is missing and for an empty reason;
    the units of columns that have one, by name."""
    columns = tuple((str(name), units.get(str(name), "")) for name in frame.columns)
    leveled = frame.assign(group=frame["group"].map(level_of)) if level_of else frame
    if "reason" in frame:
        leveled = leveled.assign(reason=leveled["reason"].map(lambda said: said or None))
    return Numbers(columns, tuple(tuple(row.values()) for row in records(leveled)))


def typed_table(columns: Columns, rows: Sequence[Any], reported: Sequence[Any] | None = None, **table: Any) -> Table:
    """A table made of typed rows: its printed cells and its unrounded numbers come from the same columns; `reported`
    are the rows of the numbers where they are not those that are printed."""
    return Table(
        header=tuple(heading for each in columns for heading in each.headings),
        rows=tuple(tuple(cell for each in columns for cell in each.cells(line)) for line in _lines(columns, rows)),
        numbers=typed_numbers(columns, rows if reported is None else reported),
        **table,
    )


def _lines(columns: Columns, rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """The rows of each printed line: one, or those that stand across."""
    across = next((each for each in columns if isinstance(each, Across)), None)
    lines: dict[Hashable, list[Any]] = {}
    for place, row in enumerate(rows):
        lines.setdefault(across.line(row) if across else place, []).append(row)
    return lines.values()
