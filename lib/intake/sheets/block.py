"""Where in a file its tables are: every sheet, every part of a sheet that is a table of its own, sheets that continue
each other.

A sheet may hold several tables, side by side or below each other; columns may be patients; cells may be merged
downwards; a sheet a month or an arm may bear the same headings. Each comes out as one Block, with a layout by which it
is found again.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import replace
from typing import Final

from lib.cohort.finding import Finding
from lib.cohort.schema import PATIENTS
from lib.intake.cells.coding import is_missing
from lib.intake.cells.meanings import signs_in
from lib.intake.cells.numbers import Decimal, decimal_sign
from lib.intake.files.grid import Cells, Grid
from lib.intake.files.limits import Merged
from lib.intake.mapping import Mapping, SheetMapping, area_name, table_in_sheet
from lib.intake.sheets.areas import Piece, area_of, cut, is_transposed, tables_in, turned, whole
from lib.intake.sheets.header import data_rows, find_header, header_rows, heading_text, table_of, written_words
from lib.intake.sheets.redcap import blocks_of_export, described, dictionary_in, is_export
from lib.intake.sheets.role import PATIENT, normalised, table_for
from lib.intake.sheets.row_colours import with_row_colour
from lib.intake.sheets.stack import stacked, with_ids_within, with_own_ids
from lib.intake.sheets.table import Block as Block  # noqa: PLC0414  # others know them from here
from lib.intake.sheets.table import find_block as find_block  # noqa: PLC0414
from lib.intake.sheets.table import rows_left_out as rows_left_out  # noqa: PLC0414
from lib.intake.sheets.table import with_filled_down

GONE: Final = (
    "The mapping reads this sheet with others of the same columns, and the file has none of that name.",
    "Give the sheet its old name, or leave it out of the mapping.",
)
SIGNS_READ: Final = 'Column {}: "{}" stands beside "{}" and was read as neg, not as no value.'
UNREAD: Final = "What stands in {} belongs to no table that was read."


def blocks_of(grids: Sequence[Grid], mapping: Mapping | None = None) -> tuple[Block, ...]:
    """The tables of every sheet that holds one, in their order; those of a mapping lie where it says."""
    dictionary, beside = dictionary_in(grids)
    shaped = [_shaped(grid) for grid in grids if grid is not beside]
    exported = {grid.name: list(blocks_of_export(grid, dictionary)) for grid in shaped if is_export(grid)}
    shaped = [grid if grid.name in exported else described(grid, dictionary) for grid in shaped]
    return _unstated(shaped, exported) if mapping is None else _mapped(shaped, exported, mapping)


def _mapped(shaped: Sequence[Grid], exported: Map[str, Sequence[Block]], mapping: Mapping) -> tuple[Block, ...]:
    stated = [sheet for sheet in mapping.sheets if sheet.layout != SheetMapping(sheet.sheet)]  # of more than its name
    lone = len(mapping.sheets) == len(shaped) == 1
    blocks = _all_stated(shaped, exported, stated, lone)
    others = [] if lone and stated else _others(shaped, mapping, stated)
    unstated = tuple(with_row_colour(block, False) for block in map(_table_in, others) if block)
    order = {normalised(grid.name): place for place, grid in enumerate(shaped)}
    found = (*_with_the_rest_told(shaped, blocks), *unstated)
    return tuple(sorted(found, key=lambda block: order.get(normalised(block.layout.sheet), 0)))


def restated(grids: Sequence[Grid], blocks: Sequence[Block], layouts: Map[str, SheetMapping]) -> tuple[Block, ...]:
    """The blocks, those of these names where their layout says instead, each under its name; one where the layout finds
    no table stays as it is. A sheet that is read below another is no table of its own; one that is not any more is
    found again.
    """
    shaped = [*map(_shaped, grids)]
    now = {name: _stated(shaped, sheet, False) for name, sheet in layouts.items()}
    moved = {name: replace(block, grid=replace(block.grid, name=name)) for name, block in now.items() if block}
    taken = _appended(moved.values())
    free = _appended(block for block in blocks if block.grid.name in moved) - taken
    kept = {block.grid.name: block for block in blocks if block.grid.name not in taken}
    again = (_part(shaped, SheetMapping(table_in_sheet(name)[0]), name, False) for name in sorted(free))
    return (*(kept | moved).values(), *filter(None, again))


def _appended(blocks: Iterable[Block]) -> set[str]:
    """The sheets that are read below others."""
    return {name for block in blocks for name in block.layout.appended}


def _all_stated(
    grids: Sequence[Grid], exported: Map[str, Sequence[Block]], stated: Sequence[SheetMapping], lone: bool
) -> list[Block]:
    """The tables that lie where the mapping says, parts of an export first."""
    parts = [block for sheet in stated for block in exported.get(sheet.sheet, ()) if block.layout.part == sheet.part]
    return [*parts, *filter(None, (_stated(grids, sheet, lone) for sheet in stated if not sheet.part))]


def _unstated(grids: Sequence[Grid], exported: Map[str, Sequence[Block]]) -> tuple[Block, ...]:
    """The tables of these sheets as they are found, those that continue each other as one."""
    found = [block for grid in grids for block in exported.get(grid.name) or _found(grid)]
    if all(table_for(block.grid.name, ()) is not PATIENTS for block in found):  # one column is a table beside Patients
        found = [block for block in found if len(block.headings) > 1]
    return stacked(list(map(with_row_colour, found)))


def _others(grids: Sequence[Grid], mapping: Mapping, stated: Sequence[SheetMapping]) -> list[Grid]:
    """The sheets of whose layout the mapping says nothing."""
    taken = {normalised(sheet.sheet) for sheet in stated}
    taken |= {normalised(name) for sheet in mapping.sheets for name in sheet.appended}
    return [grid for grid in grids if normalised(grid.name) not in taken]


def _stated(grids: Sequence[Grid], sheet: SheetMapping, lone: bool) -> Block | None:
    """The block that lies where this mapping says, or None where the file has no such sheet."""
    named = {name: _part(grids, sheet, name, lone) for name in (sheet.sheet, *sheet.appended)}
    parts = [part for part in named.values() if part]
    if not parts:
        return None
    gone = tuple(Finding("warning", name, None, "", "", *GONE) for name, part in named.items() if part is None)
    block = stacked(parts, sheet)[0] if sheet.appended else parts[0]
    layout = replace(sheet.layout, sheet=block.layout.sheet if lone else sheet.sheet)
    return replace(block, layout=layout, reported=(*block.reported, *gone))


def _part(grids: Sequence[Grid], sheet: SheetMapping, name: str, lone: bool) -> Block | None:
    own, area = table_in_sheet(name)
    is_first = name == sheet.sheet
    area = area or (sheet.area if is_first else ())
    grid = _called(grids, own) or (grids[0] if lone and is_first else None)
    if grid is None:
        return None
    if area:
        grid = cut(grid, _where_now(grid, _piece_of(grid, area), sheet))
    grid = turned(grid) if sheet.transposed else grid
    block = find_block(grid, _stated_header(grid, sheet), sheet.title_rows_as)
    if block is None:
        return None
    block = with_filled_down(with_row_colour(block, bool(sheet.colour_as)), sheet.filled_down)
    if sheet.ids_within:
        block = with_ids_within(block, sheet.ids_within, _ids_in(block, sheet))
    return with_own_ids(block, f"{own}{area_name(area)}", _ids_in(block, sheet)) if sheet.own_ids else block


def _ids_in(block: Block, sheet: SheetMapping) -> str:
    """The column of the patients as the mapping names it, "" where it does not."""
    named = (reading.columns.get(PATIENT, "") for reading in sheet.readings)
    return next((heading for heading in named if heading and heading in block.headings), "")


def _stated_header(grid: Grid, sheet: SheetMapping) -> tuple[int, ...]:
    indices = () if sheet.transposed else (row - grid.first_row for row in sheet.header_rows)
    return tuple(index for index in indices if 0 <= index < len(grid.rows))


def _called(grids: Sequence[Grid], name: str) -> Grid | None:
    """The sheet of this name, else one whose name is nearly it."""
    exact = next((grid for grid in grids if grid.name == name), None)
    return exact or next((grid for grid in grids if normalised(grid.name) == normalised(name)), None)


def _where_now(grid: Grid, stated: Piece, sheet: SheetMapping) -> Piece:
    """The stated piece; if the columns that are read do not stand in it any more, the one table of the sheet that has
    them all."""
    wanted = {heading for reading in sheet.readings for heading in reading.columns.values()} - {
        sheet.title_rows_as,
        sheet.sheet_name_as,
        sheet.colour_as,
    }
    if not wanted or _has(grid, stated, wanted):
        return stated
    others = [piece for piece in tables_in(grid) if _has(grid, piece, wanted)]
    return others[0] if len(others) == 1 else stated


def _has(grid: Grid, piece: Piece, wanted: set[str]) -> bool:
    block = find_block(cut(grid, piece))
    return block is not None and wanted <= set(block.headings)


def _with_the_rest_told(grids: Sequence[Grid], blocks: Sequence[Block]) -> list[Block]:
    """The blocks; what stands in their sheets outside all of them is reported with the first of each sheet."""
    found = list(blocks)
    for grid in grids:
        here = [place for place, block in enumerate(found) if normalised(block.layout.sheet) == normalised(grid.name)]
        areas = [area for place in here for area in _areas(grid.name, found[place])]
        if not here or not areas or not all(areas):
            continue
        rest = _outside(grid, [_piece_of(grid, area) for area in areas])
        if rest:
            said = UNREAD.format(area_name(area_of(grid, rest)).strip(" []"))
            reported = Finding(
                "warning", grid.name, None, "", "", said, "Change the area in the mapping if it is needed."
            )
            found[here[0]] = replace(found[here[0]], reported=(*found[here[0]].reported, reported))
    return found


def _areas(sheet: str, block: Block) -> list[tuple[int, ...]]:
    """The areas of this sheet that a block was read from; () = all of it."""
    layout, grid = block.layout, block.grid
    further = [area for name in layout.appended for own, area in [table_in_sheet(name)] if own == sheet]
    if grid.origins or not layout.area:
        return [layout.area, *further]
    return [area_of(grid, whole(grid))]


def _outside(grid: Grid, pieces: Sequence[Piece]) -> Piece | None:
    """The smallest piece that holds every filled cell outside these."""
    cells = [
        (row, place)
        for row, cells in enumerate(grid.rows)
        for place, cell in enumerate(cells)
        if not is_missing(cell)
        and not any(top <= row < bottom and left <= place < right for top, left, bottom, right in pieces)
    ]
    if not cells:
        return None
    rows, columns = zip(*cells, strict=True)
    return (min(rows), min(columns), max(rows) + 1, max(columns) + 1)


def _piece_of(grid: Grid, area: Sequence[int]) -> Piece:
    top, left, bottom, right = area
    first, column = grid.first_row, grid.first_column
    _, _, n_rows, width = whole(grid)
    clamped = (max(top - first, 0), max(left - column, 0))
    return (*clamped, min(bottom - first + 1, n_rows), min(right - column + 1, width))


def _found(grid: Grid) -> tuple[Block, ...]:
    """Every table of a sheet; the second and later ones, and the first where there are several, with their area."""
    return grid.remembered("tables", lambda: tuple(_searched(grid)))


def _searched(grid: Grid) -> Iterator[Block]:
    if table_for(grid.name, ()) in (None, PATIENTS) and is_transposed(grid):
        block = find_block(turned(grid))
        if block is not None:
            yield replace(block, layout=replace(block.layout, transposed=True))
            return
    pieces = list(tables_in(grid))
    if len(pieces) < 2:
        block = _table_in(grid)
        if block is not None:
            yield block
        return
    titled = _same_headings([cut(grid, piece) for piece in pieces])
    for place, piece in enumerate(pieces):
        part = cut(grid, piece)
        block = find_block(part, title_rows_as="Group (title)" if titled else "")
        if block is not None:
            yield replace(block, layout=replace(block.layout, area=area_of(grid, piece)), beside=place > 0)


def _table_in(grid: Grid) -> Block | None:
    """The table of a sheet; of one that has the name of a table of the template it may be one column."""
    if (block := find_block(grid)) or table_for(grid.name, ()) is None:
        return block
    header = find_header(grid)
    table = None if header is None else table_of(grid, header)
    if header is None or table is None:
        return None
    headings, rows = tuple(map(heading_text, grid.rows[header])), tuple(data_rows(grid, header, table))
    return Block(grid, (header,), headings, rows, layout=SheetMapping(grid.name))


def _same_headings(grids: Sequence[Grid]) -> bool:
    heads = [set(written_words(grid.rows[rows[-1]])) for grid in grids if (rows := header_rows(grid))]
    return len(heads) > 1 and all(head == heads[0] for head in heads)


def _shaped(grid: Grid) -> Grid:
    """The sheet as its tables are searched in."""
    filled = with_merged_filled(grid)
    return filled.remembered("signs", lambda: _with_signs(filled))


def _with_signs(grid: Grid) -> Grid:
    """The sheet with words for plus and minus where a column says yes and no so; each such column is reported."""
    columns = [*map(grid.whole_column, range(grid.width))]
    found = {place: signs for place, cells in enumerate(columns) if (signs := signs_in(cells))}
    if not found:
        return grid
    said = []
    for place, signs in found.items():
        columns[place] = Cells(signs.get(cell, cell) for cell in columns[place])  # type: ignore[arg-type]
        minus, plus = (next(sign for sign, word in signs.items() if word == meant) for meant in ("neg", "pos"))
        said.append((None, SIGNS_READ.format(grid.column_letter(place), minus, plus)))
    made = replace(grid, rows=tuple(zip(*columns, strict=True)), reported=(*grid.reported, *said))
    made.keep_columns(columns)
    return made


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
        below = rows[first + 1 : bottom - grid.first_row + 1] if first >= 0 <= place else []
        for index, row in enumerate(below, first + 1):
            if written_words(grid.rows[index]) and place < min(len(row), len(rows[first])) and is_missing(row[place]):
                row[place] = rows[first][place]
    return replace(grid, rows=tuple(map(tuple, rows)))


def with_signs(blocks: Sequence[Block], given: Decimal = "") -> tuple[Block, ...]:
    """The blocks with the sign that the whole file writes before decimals, for columns that do not say it themselves;
    `given` counts where the file does not settle it."""
    columns = (block.cells(heading) for block in blocks for heading in block.headings if heading)
    said = {each for cells in columns if (each := decimal_sign(cells))}
    sign: Decimal = next(iter(said)) if len(said) == 1 else given or ("both" if said else "")
    return tuple(replace(block, sign=sign) for block in blocks)
