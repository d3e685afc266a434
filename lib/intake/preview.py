"""The first rows of a sheet as they stand in the file, where its table was found in it, and what stands in each of its
columns.

Made in the limited process, so that the whole sheet need not be. Nothing of a private column leaves it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from lib.intake.cells.coding import is_missing, text
from lib.intake.files.grid import Cell, Grid
from lib.intake.infer.column import ColumnView, heading_of, is_private, profile
from lib.intake.infer.series import timed
from lib.intake.mapping import SheetMapping
from lib.intake.sheets.block import Block

ROWS: Final = 20
MOST_VALUES: Final = 300  # different values of which each can be given a meaning
LONGEST: Final = 60
HIDDEN: Final = "•••"


@dataclass(frozen=True)
class ColumnPreview:
    """`values` are the different texts with their number over all rows, most frequent first, () where there are more
    than 300; of a private column there are none. `numbers` and `dates` are shares of the filled cells; `at_day` is the
    day that its heading names ("" = none)."""

    letter: str
    heading: str
    private: bool
    filled: int
    values: tuple[tuple[str, int], ...] = ()
    n_values: int = 0
    numbers: float = 0.0
    dates: float = 0.0
    at_day: str = ""


@dataclass(frozen=True)
class Preview:
    """`rows` begin with the row that the spreadsheet numbers `first_row`; `header` and `last_row` (of the table) are
    such numbers, too. `layout` is where the mapping has the table; `is_made` of a table that was turned or joined, so
    that its rows are none of the sheet.
    """

    sheet: str
    first_row: int
    rows: tuple[tuple[str, ...], ...]
    header: tuple[int, ...]
    last_row: int
    n_rows: int
    columns: tuple[ColumnPreview, ...]
    first_column: int
    layout: SheetMapping

    @property
    def is_made(self) -> bool:
        """Whether the grid shown is none of the file's own: turned over, or of several sheets."""
        return self.layout.transposed or bool(self.layout.appended)


def preview_of(
    grids: Sequence[Grid], blocks: Sequence[Block], sheet: str, private: tuple[Collection[str], Collection[str]]
) -> Preview | None:
    """The preview of this sheet, None where the file has none of that name. `private` are headings that look so by
    their values, and such as look so by their name and were said not to be."""
    block = next((each for each in blocks if each.grid.name == sheet), None)
    if block is None:
        grid = next((each for each in grids if each.name == sheet), None)
        return _of_grid(grid) if grid else None
    hidden = _private(block, *private)
    columns = tuple(_column(block, place, heading, hidden) for place, heading in enumerate(block.headings))
    first, n = block.grid.first_row, len(block.rows)
    header = tuple(first + row for row in block.header)
    last = first + (block.rows[-1] if block.rows else block.header[-1])
    rows = _rows(block, hidden)
    return Preview(sheet, first, rows, header, last, n, columns, block.grid.first_column, block.layout)


def _private(block: Block, hidden: Collection[str], shown: Collection[str]) -> frozenset[str]:
    """The headings of which no cell is shown."""
    named = (heading for heading in block.headings if heading and heading not in shown)
    return frozenset({*hidden, *(heading for heading in named if is_private(heading_of(block, heading)[0].key))})


def _rows(block: Block, hidden: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """The first rows as they stand, header and all, without cells of private columns."""
    blank = {place for place, heading in enumerate(block.headings) if heading in hidden}

    def row(index: int, cells: Sequence[Cell]) -> tuple[str, ...]:
        away = blank if index not in block.header else set()
        return tuple(
            HIDDEN if place in away and not is_missing(cell) else _shown(cell) for place, cell in enumerate(cells)
        )

    return tuple(row(index, cells) for index, cells in enumerate(block.grid.rows[:ROWS]))


def _of_grid(grid: Grid) -> Preview:
    """A sheet in which no table was found: which of its columns are private cannot be known, so no cell is shown."""
    rows = tuple(tuple("" if is_missing(cell) else HIDDEN for cell in row) for row in grid.rows[:ROWS])
    last, layout = grid.first_row + len(grid.rows) - 1, SheetMapping(grid.name)
    return Preview(grid.name, grid.first_row, rows, (), last, 0, (), grid.first_column, layout)


def _column(block: Block, place: int, heading: str, hidden: Collection[str]) -> ColumnPreview:
    letter = block.grid.column_letter(place)
    if not heading:
        return ColumnPreview(letter, "", False, 0)
    counts = block.counts(heading)
    if heading in hidden:
        return ColumnPreview(letter, heading, True, counts.total())
    looks = profile(block.cells(heading))
    values = tuple(counts.most_common()) if len(counts) <= MOST_VALUES else ()
    found = timed(ColumnView(heading, *heading_of(block, heading), looks, 1.0, False))
    day = f"{found[1]:.6g}" if found else ""
    return ColumnPreview(letter, heading, False, counts.total(), values, len(counts), looks.numbers, looks.dates, day)


def _shown(cell: Cell) -> str:
    return ("" if cell is None else str(cell))[:LONGEST] if is_missing(cell) else text(cell)[:LONGEST]
