"""Where in a file its tables are: every sheet, every part of a sheet that is a table of its own, sheets that continue each other.

A sheet may hold several tables, side by side or below each other; columns may be patients; cells may be merged downwards; a sheet a
month or an arm may bear the same headings. Each comes out as one Block, with a layout by which it is found again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.finding import Finding
from lib.intake.cells.coding import as_number, is_missing, text
from lib.intake.files.grid import Cell, Grid
from lib.intake.infer.synonyms import ENDPOINTS, PATIENT_ID, PATIENT_ROLES, SHEET_NAMES
from lib.intake.mapping import Mapping, SheetMapping, area_name, table_in_sheet
from lib.intake.sheets.table import Block as Block  # noqa: PLC0414  # others know them from here
from lib.intake.sheets.table import find_block as find_block  # noqa: PLC0414
from lib.intake.sheets.table import rows_left_out as rows_left_out  # noqa: PLC0414
from lib.intake.sheets.colour import with_row_colour
from lib.intake.sheets.filled import with_filled_down
from lib.intake.sheets.header import header_rows, written_words
from lib.intake.sheets.redcap import blocks_of_export, dictionary_in, is_export
from lib.intake.sheets.role import keyed, normalised, table_for
from lib.intake.sheets.stack import stacked

ID_WORD: Final = re.compile(
    rf"{PATIENT_ID.pattern}|(pat(ient)?|subj(ect)?|study|case|record|participant|sample|randomi[sz](ed|ation))?_?(s_)?(id|code|no|nr|number|"
    r"barcode|identifier|initials?)|sid|pid|mrn|numero|codice(_paziente)?|patientnummer|患者(番号|id)|症例番号|被験者番号|patienten_?\w*"
)
UNREAD: Final = "What stands in {} belongs to no table that was read."
LEAST_ROWS: Final = 1
WORDY: Final = 0.7
NUMERIC: Final = 0.8
SAMPLE: Final = 200
Piece = tuple[int, int, int, int]  # top, left, bottom, right as indices of the grid; the last two are not in it any more


def blocks_of(grids: Sequence[Grid], mapping: Mapping | None = None) -> tuple[Block, ...]:
    """The tables of every sheet that holds one, in their order; those of a mapping lie where it says."""
    dictionary, beside = dictionary_in(grids)
    shaped = [with_merged_filled(grid) for grid in grids if grid is not beside]
    exported = {grid.name: list(blocks_of_export(grid, dictionary)) for grid in shaped if is_export(grid)}
    if mapping is None:
        found = (exported.get(grid.name) or _found(grid) for grid in shaped)
        return stacked([with_row_colour(block) for blocks in found for block in blocks])
    stated = {normalised(sheet.sheet) for sheet in mapping.sheets if _is_stated(sheet)}
    lone = len(mapping.sheets) == 1 and len(shaped) == 1
    parts = [block for sheet in mapping.sheets if sheet.part for block in exported.get(sheet.sheet, ()) if block.layout.part == sheet.part]
    ways = [sheet for sheet in mapping.sheets if _is_stated(sheet) and not sheet.part]
    blocks = [*parts, *(block for sheet in ways if (block := _stated(shaped, sheet, lone)))]
    taken = stated | {normalised(name) for sheet in mapping.sheets for name in sheet.appended}
    others = [grid for grid in shaped if normalised(grid.name) not in taken and not (lone and stated)]
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
    parts = [part for name in (sheet.sheet, *sheet.appended) if (part := _part(grids, sheet, name, lone))]
    if not parts:
        return None
    block = stacked(parts, sheet)[0] if sheet.appended else parts[0]
    return replace(block, layout=replace(sheet.layout, sheet=block.layout.sheet if lone else sheet.sheet))


def _part(grids: Sequence[Grid], sheet: SheetMapping, name: str, lone: bool) -> Block | None:
    own, area = table_in_sheet(name)
    area = area or (sheet.area if name == sheet.sheet else ())
    exact = next((grid for grid in grids if grid.name == own), None)
    grid = exact or next((grid for grid in grids if normalised(grid.name) == normalised(own)), None)
    grid = grids[0] if grid is None and lone else grid
    if grid is None:
        return None
    if area:
        grid = cut(grid, _piece_of(grid, area))
    if sheet.transposed:
        grid = turned(grid)
    rows = tuple(row - grid.first_row for row in sheet.header_rows if 0 <= row - grid.first_row < len(grid.rows))
    block = find_block(grid, () if sheet.transposed else rows, sheet.title_rows_as)
    return with_filled_down(with_row_colour(block, bool(sheet.colour_as)), sheet.filled_down) if block else None


def _with_the_rest_told(grids: Sequence[Grid], blocks: Sequence[Block]) -> list[Block]:
    """The blocks; what stands in their sheets outside all of them is told with the first of each sheet."""
    found = list(blocks)
    for grid in grids:
        here = [place for place, block in enumerate(found) if normalised(block.layout.sheet) == normalised(grid.name)]
        areas = [area for place in here for area in _areas(grid.name, found[place].layout)]
        if not here or not areas or not all(areas):
            continue
        rest = _outside(grid, [_piece_of(grid, area) for area in areas])
        if rest:
            said = UNREAD.format(area_name(_area_of(grid, rest)).strip(" []"))
            told = Finding("warning", grid.name, None, "", "", said, "Change the area in the mapping if it is needed.")
            found[here[0]] = replace(found[here[0]], told=(*found[here[0]].told, told))
    return found


def _areas(sheet: str, layout: SheetMapping) -> list[tuple[int, ...]]:
    further = [area for name in layout.appended for own, area in [table_in_sheet(name)] if own == sheet]
    return [layout.area, *further]


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


def _found(grid: Grid) -> Iterator[Block]:
    """Every table of a sheet; the second and later ones, and the first where there are several, with their area."""
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
            yield replace(block, layout=replace(block.layout, area=_area_of(grid, piece)), beside=place > 0)


def _same_headings(grids: Sequence[Grid]) -> bool:
    heads = [set(written_words(grid.rows[rows[-1]])) for grid in grids if (rows := header_rows(grid))]
    return len(heads) > 1 and all(head == heads[0] for head in heads)


def _area_of(grid: Grid, piece: Piece) -> tuple[int, ...]:
    top, left, bottom, right = piece
    row, column = grid.first_row, grid.first_column
    return (row + top, column + left, row + bottom - 1, column + right - 1)


def cut(grid: Grid, piece: Piece) -> Grid:
    """This part of a sheet as a grid of its own, named after its place."""
    top, left, bottom, right = piece
    rows = tuple(row[left:right] for row in grid.rows[top:bottom])
    name = f"{grid.name}{area_name(_area_of(grid, piece))}"
    labels = grid.labels[left:right]
    return replace(
        grid, name=name, sheet=grid.name, rows=rows, first_row=grid.first_row + top, first_column=grid.first_column + left, labels=labels
    )  # fmt: skip


def turned(grid: Grid) -> Grid:
    """The sheet with its columns as rows; letters and origins say where each stands."""
    width = max(map(len, grid.rows), default=0)
    whole = [(*row, *[None] * (width - len(row))) for row in grid.rows]
    filled = [place for place, row in enumerate(whole) if written_words(row)]
    rows = tuple(zip(*(whole[place] for place in filled), strict=True))
    return Grid(
        grid.name, rows, grid.first_column, grid.first_row, grid.visible, sheet=grid.sheet or grid.name, transposed=True,
        origins=tuple((grid.sheet or grid.name, grid.first_column + place) for place in range(width)),
        letters=tuple(str(grid.first_row + place) for place in filled),
    )  # fmt: skip


def is_transposed(grid: Grid) -> bool:
    """Whether the words of a header stand in the first column, and the patients in the first row."""
    rows = [row for row in grid.rows[:SAMPLE] if written_words(row)]
    width = max(map(len, rows), default=0)
    if len(rows) < 3 or width < 3 or len(grid.rows) > SAMPLE:
        return False
    head = next((row for row in rows if len(written_words(row)) * 2 >= width), ())
    column = [text(row[0]) for row in rows if row and not is_missing(row[0])]
    down, right = sum(map(_is_heading, column)), sum(map(_is_heading, written_words(head)))
    patients = any(ID_WORD.fullmatch(keyed(word)) for word in column[:3])
    distinct = len(set(column)) == len(column)
    return distinct and down >= 3 and down * 3 >= len(column) and right * 3 < down and (patients or right == 0)


def _is_heading(word: str) -> bool:
    key = keyed(word)
    if not key or as_number(word) is not None:
        return False
    named = ID_WORD.fullmatch(key) or any(pattern.search(key) for _, pattern in ENDPOINTS)
    return bool(named or any(pattern.fullmatch(key) for _, pattern in PATIENT_ROLES))


def tables_in(grid: Grid) -> Iterator[Piece]:
    """The parts of a sheet that are tables of their own, from top to bottom and from left to right."""
    whole = (0, 0, len(grid.rows), max(map(len, grid.rows), default=0))
    named = table_for(grid.name, ()) is not None
    for down in _below_each_other(grid, whole):
        beside = [down] if named else list(_side_by_side(grid, down))
        for part in beside:
            yield from (_trimmed(grid, each) for each in (_below_each_other(grid, part) if len(beside) > 1 else [part]))


def _trimmed(grid: Grid, piece: Piece) -> Piece:
    """The piece without the empty rows and columns at its end."""
    top, left, bottom, right = piece
    while bottom > top + 1 and not written_words(grid.rows[bottom - 1][left:right]):
        bottom -= 1
    while right > left + 1 and not any(written_words(row[right - 1 : right]) for row in grid.rows[top:bottom]):
        right -= 1
    return (top, left, bottom, right)


def _below_each_other(grid: Grid, piece: Piece) -> Iterator[Piece]:
    """Parted where, below a table, a new header stands."""
    top, left, bottom, right = piece
    part = cut(grid, piece)
    header = header_rows(part)
    if not header:
        yield piece
        return
    head = part.rows[header[-1]]
    numeric = _numeric_columns(part, header[-1])
    starts = [
        index
        for index in range(header[-1] + 2, len(part.rows) - LEAST_ROWS)
        if part.rows[index][:1] != head[:1] or written_words(part.rows[index]) != written_words(head)
        if _starts(part, index, head, numeric)
    ]
    begin = top
    for start in starts:
        title = start - 1 if len(written_words(part.rows[start - 1])) == 1 and start - 1 > header[-1] else start
        yield (begin, left, top + title, right)
        begin = top + title
    yield (begin, left, bottom, right)


def _starts(part: Grid, index: int, head: Sequence[Cell], numeric: frozenset[int]) -> bool:
    """Whether this row is the header of another table: it names patients anew, or has words where numbers stood."""
    row = part.rows[index]
    words = [text(cell) for cell in row if isinstance(cell, str) and not is_missing(cell)]
    if len(words) < 2 or len(words) < WORDY * len(written_words(row)) or len(set(words)) < len(words):
        return False
    if any(as_number(word) is not None for word in words):
        return False
    own = {keyed(text(cell)) for cell in head if not is_missing(cell)}
    if any(ID_WORD.fullmatch(keyed(word)) and len(word) > 1 for word in words[:2]) and _differs(words, own):
        return True
    before = part.rows[index - 1]
    gap = not written_words(before) or (len(written_words(before)) == 1 and not written_words(part.rows[index - 2]))
    there = [place for place, cell in enumerate(row) if place in numeric and not is_missing(cell)]
    below = part.rows[index + 1]
    numbers = any(as_number(cell) is not None for cell in below)
    return gap and bool(there) and numbers


def _differs(words: Sequence[str], own: set[str]) -> bool:
    """Whether this header is not the first one again, in whole or with a word left out."""
    return not {keyed(word) for word in words} <= own


def _numeric_columns(part: Grid, header: int) -> frozenset[int]:
    rows = part.rows[header + 1 : header + 1 + SAMPLE]
    found = []
    for place in range(max(map(len, rows), default=0)):
        cells = [row[place] for row in rows if place < len(row) and not is_missing(row[place])]
        numbers = sum(as_number(cell) is not None or not isinstance(cell, str | bool) for cell in cells)
        if cells and numbers >= NUMERIC * len(cells) - 1 and numbers:
            found.append(place)
    return frozenset(found)


def _side_by_side(grid: Grid, piece: Piece) -> Iterator[Piece]:
    """Parted at empty columns, and where a header names the patients again with the same words."""
    top, left, bottom, right = piece
    cuts = [*_repeats(grid, piece), *(place for place in _after_gaps(grid, piece))]
    begin = left
    for place in sorted(set(cuts)):
        if begin < place and _is_own_table(grid, (top, begin, bottom, place), (top, place, bottom, right)):
            yield (top, begin, bottom, place)
            begin = place
    yield (top, begin, bottom, right)


def _after_gaps(grid: Grid, piece: Piece) -> list[int]:
    """The columns before which an empty one stands."""
    top, left, bottom, right = piece
    rows = grid.rows[top:bottom]
    empty = [
        all(place >= len(row) or row[place] is None or is_missing(row[place]) for row in rows) for place in range(left, right)
    ]  # fmt: skip
    return [left + place for place in range(1, right - left) if empty[place - 1] and not empty[place]]


def _repeats(grid: Grid, piece: Piece) -> list[int]:
    """Where the same headings begin once more beside themselves."""
    part = cut(grid, piece)
    header = header_rows(part)
    if not header:
        return []
    head = [keyed(text(cell)) for cell in part.rows[header[-1]]]
    first = next((place for place, word in enumerate(head) if word), 0)
    again = [place for place, word in enumerate(head) if place > first and word and word == head[first]]
    if not again or not ID_WORD.fullmatch(head[first]):
        return []
    length = again[0] - first
    same = all(head[first : first + length - 1] == head[place : place + length - 1] for place in again)
    return [piece[1] + place for place in again] if same and length > 1 else []


def _is_own_table(grid: Grid, left: Piece, right: Piece) -> bool:
    """Whether what stands to the right is a table of its own, and not further columns of the same patients."""
    first, second = cut(grid, left), cut(grid, right)
    heads = header_rows(first), header_rows(second)
    if not all(heads):
        return False
    words = [[keyed(word) for word in written_words(part.rows[head[-1]])] for part, head in zip((first, second), heads, strict=True)]  # fmt: skip
    if len(words[1]) < 2:
        return False
    if ID_WORD.fullmatch(words[1][0]) and any(map(ID_WORD.fullmatch, words[0][:2])):
        return True
    shared = len(set(words[0]) & set(words[1]))
    return shared * 10 >= 6 * len(set(words[1])) or _is_summary(first, second, heads)


def _is_summary(first: Grid, second: Grid, heads: tuple[tuple[int, ...], tuple[int, ...]]) -> bool:
    """Whether few rows stand beside many, all of them at the top, or under a header in another row."""
    filled = [index for index, row in enumerate(second.rows) if index > heads[1][-1] and written_words(row)]
    long = sum(bool(written_words(row)) for row in first.rows[heads[0][-1] + 1 :])
    short = len(filled) * 2 <= long
    return short and (heads[0][-1] != heads[1][-1] or filled == list(range(filled[0], filled[0] + len(filled))) if filled else True)  # fmt: skip


def with_merged_filled(grid: Grid) -> Grid:
    """The sheet with the text of cells merged downwards in each of their rows that says anything of its own.

    Cells merged to the right as well are titles or bands of a header, and stay as they are.
    """
    down = [area for area in grid.merged if area[2] > area[0] and area[1] == area[3]]
    if not down:
        return grid
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
