"""Which row of a sheet is its header, and which rows below it are data."""

from collections.abc import Sequence
from typing import Final

from lib.cohort.schema import TABLES, Table
from lib.intake.coding import is_missing, text
from lib.intake.grid import Grid
from lib.intake.role import column_called, normalised, table_for

SEARCHED_ROWS: Final = 20


def find_header(grid: Grid) -> int | None:
    """The index of the row that names most columns of some table; None if no row names any required one."""
    best, best_known = None, 0
    for index, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        words = [normalised(text(cell)) for cell in row if not is_missing(cell)]
        known = max((_known(table, words) for table in TABLES), default=0)
        if known > best_known:
            best, best_known = index, known
    return best


def table_of(grid: Grid, header: int) -> Table | None:
    """The table that this sheet holds, or None if it is none of ours."""
    return table_for(grid.name, tuple(text(cell) for cell in grid.rows[header] if not is_missing(cell)))


def data_rows(grid: Grid, header: int, table: Table) -> list[int]:
    """The indices of the rows below the header that hold data: not the template's line of explanation, not empty ones."""
    explanations = {column.explanation for column in table.columns}
    rows = []
    for index in range(header + 1, len(grid.rows)):
        written = [text(cell) for cell in grid.rows[index] if not is_missing(cell)]
        if written and sum(words in explanations for words in written) * 2 < len(written):
            rows.append(index)
    return rows


def _known(table: Table, words: Sequence[str]) -> int:
    found = [column for word in words if (column := column_called(word, table))]
    return len(found) if any(column.required for column in found) else 0
