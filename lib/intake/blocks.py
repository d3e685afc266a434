"""The sheets of a file -> the table in each, with the header rows that a mapping names."""

from collections.abc import Sequence

from lib.intake.coding import is_missing, text
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
        block = _below(grid, header) if header else find_block(grid)
        if block is not None:
            found.append(block)
    return tuple(found)


def _below(grid: Grid, header_rows: Sequence[int]) -> Block | None:
    """The table below these rows of the sheet; a heading that stands more than once has the rows above before it."""
    header = tuple(row - grid.first_row for row in header_rows if 0 <= row - grid.first_row < len(grid.rows))
    if not header:
        return None
    width = max(len(row) for row in grid.rows)
    paths = [
        [text(row[place]) if place < len(row) else "" for row in (grid.rows[each] for each in header)]
        for place in range(width)
    ]
    last = [path[-1] for path in paths]
    headings: list[str] = []
    for path in paths:
        name = path[-1] if last.count(path[-1]) == 1 else " | ".join(filter(None, path))
        headings.append(name if name not in headings or not name else f"{name} ({len(headings) + 1})")
    rows = [place for place in range(header[-1] + 1, len(grid.rows)) if not all(map(is_missing, grid.rows[place]))]
    return Block(grid, header, tuple(headings), tuple(rows))
