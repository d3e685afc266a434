"""Where in a file its tables are: every sheet, every part of a sheet that is a table of its own, sheets that continue each other.

A sheet may hold several tables, side by side or below each other; columns may be patients; cells may be merged downwards; a sheet a
month or an arm may bear the same headings. Each comes out as one Block, with a layout by which it is found again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.finding import Finding
from lib.intake.cells.coding import is_missing
from lib.intake.cells.numbers import Decimal, decimal_sign
from lib.intake.files.grid import Grid
from lib.intake.files.limits import Merged
from lib.intake.infer.synonyms import SHEET_NAMES
from lib.intake.mapping import Mapping, SheetMapping, area_name, table_in_sheet
from lib.intake.sheets.areas import Piece, area_of, cut, is_transposed, tables_in, turned
from lib.intake.sheets.colour import with_row_colour
from lib.intake.sheets.filled import with_filled_down
from lib.intake.sheets.header import header_rows, written_words
from lib.intake.sheets.redcap import blocks_of_export, dictionary_in, is_export
from lib.intake.sheets.role import keyed, normalised, table_for
from lib.intake.sheets.stack import stacked
from lib.intake.sheets.table import Block as Block  # noqa: PLC0414  # others know them from here
from lib.intake.sheets.table import find_block as find_block  # noqa: PLC0414
from lib.intake.sheets.table import rows_left_out as rows_left_out  # noqa: PLC0414

GONE: Final = (
    "The mapping reads this sheet with others of the same columns, and the file has none of that name.",
    "Give the sheet its old name, or leave it out of the mapping.",
)
UNREAD: Final = "What stands in {} belongs to no table that was read."


def blocks_of(grids: Sequence[Grid], mapping: Mapping | None = None, partial: bool = False) -> tuple[Block, ...]:
    """The tables of every sheet that holds one, in their order; those of a mapping lie where it says. A `partial` mapping speaks of
    single sheets only: the tables of the others are found as without one."""
    dictionary, beside = dictionary_in(grids)
    shaped = [with_merged_filled(grid) for grid in grids if grid is not beside]
    exported = {grid.name: list(blocks_of_export(grid, dictionary)) for grid in shaped if is_export(grid)}
    if mapping is None:
        found = (exported.get(grid.name) or _found(grid) for grid in shaped)
        return stacked([with_row_colour(block) for blocks in found for block in blocks])
    stated = {normalised(sheet.sheet) for sheet in mapping.sheets if _is_stated(sheet)}
    lone = len(mapping.sheets) == 1 and len(shaped) == 1 and not partial
    parts = [
        block
        for sheet in mapping.sheets
        if sheet.part
        for block in exported.get(sheet.sheet, ())
        if block.layout.part == sheet.part
    ]
    ways = [sheet for sheet in mapping.sheets if _is_stated(sheet) and not sheet.part]
    blocks = [*parts, *(block for sheet in ways if (block := _stated(shaped, sheet, lone)))]
    if partial:  # a table that is being moved keeps its name
        blocks = [replace(block, grid=replace(block.grid, name=block.layout.sheet)) for block in blocks]
    taken = stated | {normalised(name) for sheet in mapping.sheets for name in sheet.appended}
    others = [grid for grid in shaped if normalised(grid.name) not in taken and not (lone and stated)]
    if partial:
        found = (exported.get(grid.name) or _found(grid) for grid in others)
        whole = [*stacked([with_row_colour(block) for blocks in found for block in blocks])]
    else:
        whole = [block for grid in others if (block := _whole(grid, ()))]
    blocks = _with_the_rest_told(shaped, blocks)
    order = {normalised(grid.name): place for place, grid in enumerate(shaped)}
    return tuple(sorted([*blocks, *whole], key=lambda block: order.get(normalised(block.layout.sheet), 0)))


def _is_stated(sheet: SheetMapping) -> bool:
    """Whether the mapping says more of a sheet's layout than its name."""
    return sheet.layout != SheetMapping(sheet.sheet)


def _whole(grid: Grid, header: tuple[int, ...]) -> Block | None:
    block = find_block(grid, header)
    return with_row_colour(block, False) if block else None


def _stated(grids: Sequence[Grid], sheet: SheetMapping, lone: bool) -> Block | None:
    """The block that lies where this mapping says, or None where the file has no such sheet."""
    named = {name: _part(grids, sheet, name, lone) for name in (sheet.sheet, *sheet.appended)}
    parts = [part for part in named.values() if part]
    if not parts:
        return None
    gone = tuple(Finding("warning", name, None, "", "", *GONE) for name, part in named.items() if part is None)
    block = stacked(parts, sheet)[0] if sheet.appended else parts[0]
    layout = replace(sheet.layout, sheet=block.layout.sheet if lone else sheet.sheet)
    return replace(block, layout=layout, told=(*block.told, *gone))


def _part(grids: Sequence[Grid], sheet: SheetMapping, name: str, lone: bool) -> Block | None:
    own, area = table_in_sheet(name)
    area = area or (sheet.area if name == sheet.sheet else ())
    exact = next((grid for grid in grids if grid.name == own), None)
    grid = exact or next((grid for grid in grids if normalised(grid.name) == normalised(own)), None)
    grid = grids[0] if grid is None and lone and name == sheet.sheet else grid
    if grid is None:
        return None
    if area:
        grid = cut(grid, _where_now(grid, _piece_of(grid, area), sheet))
    if sheet.transposed:
        grid = turned(grid)
    rows = tuple(row - grid.first_row for row in sheet.header_rows if 0 <= row - grid.first_row < len(grid.rows))
    block = find_block(grid, () if sheet.transposed else rows, sheet.title_rows_as)
    return with_filled_down(with_row_colour(block, bool(sheet.colour_as)), sheet.filled_down) if block else None


def _where_now(grid: Grid, stated: Piece, sheet: SheetMapping) -> Piece:
    """The stated piece; if the columns that are read do not stand in it any more, the one table of the sheet that has them all."""
    wanted = {heading for reading in sheet.readings for heading in reading.columns.values()} - {
        sheet.title_rows_as, sheet.sheet_name_as, sheet.colour_as,
    }  # fmt: skip
    if not wanted or _has(grid, stated, wanted):
        return stated
    others = [piece for piece in tables_in(grid) if _has(grid, piece, wanted)]
    return others[0] if len(others) == 1 else stated


def _has(grid: Grid, piece: Piece, wanted: set[str]) -> bool:
    block = find_block(cut(grid, piece))
    return block is not None and wanted <= set(block.headings)


def _with_the_rest_told(grids: Sequence[Grid], blocks: Sequence[Block]) -> list[Block]:
    """The blocks; what stands in their sheets outside all of them is told with the first of each sheet."""
    found = list(blocks)
    for grid in grids:
        here = [place for place, block in enumerate(found) if normalised(block.layout.sheet) == normalised(grid.name)]
        areas = [area for place in here for area in _areas(grid.name, found[place])]
        if not here or not areas or not all(areas):
            continue
        rest = _outside(grid, [_piece_of(grid, area) for area in areas])
        if rest:
            said = UNREAD.format(area_name(area_of(grid, rest)).strip(" []"))
            told = Finding("warning", grid.name, None, "", "", said, "Change the area in the mapping if it is needed.")
            found[here[0]] = replace(found[here[0]], told=(*found[here[0]].told, told))
    return found


def _areas(sheet: str, block: Block) -> list[tuple[int, ...]]:
    """The areas of this sheet that a block was read from; () = all of it."""
    layout, grid = block.layout, block.grid
    further = [area for name in layout.appended for own, area in [table_in_sheet(name)] if own == sheet]
    if grid.origins or not layout.area:
        return [layout.area, *further]
    return [area_of(replace(grid, first_row=1, first_column=1), _extent(grid))]


def _extent(grid: Grid) -> Piece:
    top, left = grid.first_row - 1, grid.first_column - 1
    return (top, left, top + len(grid.rows), left + max(map(len, grid.rows), default=0))


def _outside(grid: Grid, pieces: Sequence[Piece]) -> Piece | None:
    """The smallest piece that holds every filled cell outside these."""
    cells = [
        (row, place)
        for row, cells in enumerate(grid.rows)
        for place, cell in enumerate(cells)
        if not is_missing(cell) and not any(top <= row < bottom and left <= place < right for top, left, bottom, right in pieces)
    ]  # fmt: skip
    if not cells:
        return None
    rows, columns = zip(*cells, strict=True)
    return (min(rows), min(columns), max(rows) + 1, max(columns) + 1)


def _piece_of(grid: Grid, area: Sequence[int]) -> Piece:
    top, left, bottom, right = area
    first, column = grid.first_row, grid.first_column
    width = max(map(len, grid.rows), default=0)
    clamped = (max(top - first, 0), max(left - column, 0))
    return (*clamped, min(bottom - first + 1, len(grid.rows)), min(right - column + 1, width))


def _found(grid: Grid) -> tuple[Block, ...]:
    """Every table of a sheet; the second and later ones, and the first where there are several, with their area."""
    return grid.remembered("tables", lambda: tuple(_searched(grid)))


def _searched(grid: Grid) -> Iterator[Block]:
    if table_for(grid.name, ()) is None and is_transposed(grid):
        block = find_block(turned(grid))
        if block is not None:
            yield replace(block, layout=replace(block.layout, transposed=True))
            return
    pieces = list(tables_in(grid))
    if len(pieces) < 2:
        block = find_block(grid)
        if block is not None:
            yield block
        return
    titled = _same_headings([cut(grid, piece) for piece in pieces])
    for place, piece in enumerate(pieces):
        part = cut(grid, piece)
        block = find_block(part, title_rows_as="Group (title)" if titled else "")
        if block is not None:
            yield replace(block, layout=replace(block.layout, area=area_of(grid, piece)), beside=place > 0)


def _same_headings(grids: Sequence[Grid]) -> bool:
    heads = [set(written_words(grid.rows[rows[-1]])) for grid in grids if (rows := header_rows(grid))]
    return len(heads) > 1 and all(head == heads[0] for head in heads)


def with_merged_filled(grid: Grid) -> Grid:
    """The sheet with the text of cells merged downwards in each of their rows that says anything of its own.

    Cells merged to the right as well are titles or bands of a header, and stay as they are.
    """
    down = [area for area in grid.merged if area[2] > area[0] and area[1] == area[3]]
    return grid.remembered("merged filled", lambda: _filled_down(grid, down)) if down else grid


def _filled_down(grid: Grid, down: Sequence[Merged]) -> Grid:
    rows = [list(row) for row in grid.rows]
    for top, left, bottom, _ in down:
        place, first = left - grid.first_column, top - grid.first_row
        if not 0 <= first < len(rows) or not 0 <= place < len(rows[first]):
            continue
        for index in range(first + 1, min(bottom - grid.first_row + 1, len(rows))):
            if written_words(grid.rows[index]) and place < len(rows[index]) and is_missing(rows[index][place]):
                rows[index][place] = rows[first][place]
    return replace(grid, rows=tuple(map(tuple, rows)))


def has_known_name(name: str) -> bool:
    """Whether a sheet is called like one of the tables (AE, Labs, Responses)."""
    return table_for(name, ()) is not None or any(pattern.fullmatch(keyed(name)) for _, pattern in SHEET_NAMES)


def with_signs(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with the sign that the whole file writes before decimals, for columns that do not say it themselves."""
    columns = (block.cells(heading) for block in blocks for heading in block.headings if heading)
    said = {each for cells in columns if (each := decimal_sign(cells))}
    sign: Decimal = next(iter(said)) if len(said) == 1 else "both" if said else ""
    return tuple(replace(block, sign=sign) for block in blocks)
