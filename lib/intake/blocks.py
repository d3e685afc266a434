"""The sheets of a file -> the table in each, with the header rows that a mapping names."""

from collections.abc import Sequence

from lib.intake.grid import Grid
from lib.intake.layout import Block, find_block
from lib.intake.mapping import Mapping
from lib.intake.role import normalised


def blocks_of(grids: Sequence[Grid], mapping: Mapping | None = None) -> tuple[Block, ...]:
    """The table of every sheet that holds one, in their order."""
    rows = (
        {normalised(sheet.sheet): sheet.header_rows for sheet in mapping.sheets if sheet.header_rows} if mapping else {}
    )
    lone = mapping is not None and len(mapping.sheets) == 1 and len(grids) == 1
    found = []
    for grid in grids:
        header = mapping.sheets[0].header_rows if mapping and lone else rows.get(normalised(grid.name), ())
        block = find_block(grid, _stated(grid, header))
        if block is not None:
            found.append(block)
    return tuple(found)


def _stated(grid: Grid, header_rows: Sequence[int]) -> tuple[int, ...]:
    """The indices of these rows of the sheet; () where the sheet has none of them, so that the header is found again."""
    return tuple(row - grid.first_row for row in header_rows if 0 <= row - grid.first_row < len(grid.rows))
