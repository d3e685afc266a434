"""The first rows of a sheet as they stand in the file, where its table was found in it, and what stands in each of its columns.

Made in the limited process, so that the whole sheet need not be. Nothing of a private column leaves it.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from lib.intake.cells.coding import is_missing, text
from lib.intake.files.grid import Grid
from lib.intake.infer.column import heading_of, is_private, profile
from lib.intake.sheets.block import Block

ROWS: Final = 20
MOST_VALUES: Final = 30  # different values of which each can be given a meaning
LONGEST: Final = 60
HIDDEN: Final = "•••"


@dataclass(frozen=True)
class ColumnPreview:
    """`values` are the different texts with their number over all rows, most frequent first, () where there are more than 30;
    of a private column there are none. `numbers` and `dates` are shares of the filled cells."""

    letter: str
    heading: str
    private: bool
    filled: int
    values: tuple[tuple[str, int], ...] = ()
    n_values: int = 0
    numbers: float = 0.0
    dates: float = 0.0


@dataclass(frozen=True)
class Preview:
    """`rows` begin with the row that the spreadsheet numbers `first_row`; `header` and `last_row` (of the table) are such numbers, too."""

    sheet: str
    first_row: int
    rows: tuple[tuple[str, ...], ...]
    header: tuple[int, ...]
    last_row: int
    n_rows: int
    columns: tuple[ColumnPreview, ...]
    first_column: int = 1


def preview_of(grids: Sequence[Grid], blocks: Sequence[Block], sheet: str, hidden: Collection[str], shown: Collection[str]) -> Preview | None:
    """The preview of this sheet, None where the file has none of that name. `hidden` are headings that look private, `shown` such as
    look so by their name and were said not to be."""
    block = next((each for each in blocks if each.grid.name == sheet), None)
    if block is None:
        grid = next((each for each in grids if each.name == sheet), None)
        return _of_grid(grid) if grid else None
    columns = tuple(_column(block, place, heading, hidden, shown) for place, heading in enumerate(block.headings))
    grid, first = block.grid, block.grid.first_row
    blank = {place for place, column in enumerate(columns) if column.private}
    header = tuple(first + row for row in block.header)
    rows = tuple(
        tuple(HIDDEN if place in blank and number not in header and not is_missing(cell) else _shown(cell) for place, cell in enumerate(row))
        for number, row in enumerate(grid.rows[:ROWS], first)
    )  # fmt: skip
    last = first + (block.rows[-1] if block.rows else block.header[-1])
    return Preview(sheet, first, rows, header, last, len(block.rows), columns, grid.first_column)


def _of_grid(grid: Grid) -> Preview:
    """A sheet in which no table was found: which of its columns are private cannot be known, so no cell is shown."""
    rows = tuple(tuple("" if is_missing(cell) else HIDDEN for cell in row) for row in grid.rows[:ROWS])
    return Preview(grid.name, grid.first_row, rows, (), grid.first_row + len(grid.rows) - 1, 0, (), grid.first_column)


def _column(block: Block, place: int, heading: str, hidden: Collection[str], shown: Collection[str]) -> ColumnPreview:
    letter = block.grid.column_letter(place)
    if not heading:
        return ColumnPreview(letter, "", False, 0)
    cells = block.cells(heading)
    filled = [text(cell) for cell in cells if not is_missing(cell)]
    private = heading in hidden or (is_private(heading_of(block, heading)[0].key) and heading not in shown)
    if private:
        return ColumnPreview(letter, heading, True, len(filled))
    counts, looks = Counter(filled), profile(cells)
    values = tuple((word[:LONGEST], n) for word, n in counts.most_common()) if len(counts) <= MOST_VALUES else ()
    return ColumnPreview(letter, heading, False, len(filled), values, len(counts), looks.numbers, looks.dates)


def _shown(cell: object) -> str:
    if is_missing(cell):  # type: ignore[arg-type]
        return "" if cell is None else str(cell)[:LONGEST]
    return text(cell)[:LONGEST]  # type: ignore[arg-type]
