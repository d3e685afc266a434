"""Where in a sheet its table stands: header rows, data rows, and what around them is title, note or total.

The sheets of a file -> the table in each, with the header rows that a mapping names.

Rows below a table's header that hold no patient's data: each is told with its reason, so that a reader can object.
"""

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from lib.cohort.finding import Finding
from lib.intake.cells.coding import is_missing, text
from lib.intake.cells.missing import without
from lib.intake.cells.numbers import Decimal, decimal_sign
from lib.intake.files.grid import Cell, Grid
from lib.intake.mapping import Mapping
from lib.intake.sheets.header import find_header, header_rows, paths, table_of, unique_headings
from lib.intake.sheets.role import columns_for, normalised, table_for

TOTAL: Final = re.compile(  # the whole word, perhaps with other words or "=" after it: "SD-001" and "Sum 12" are patients
    r"\s*(合计|总计|小计|平均|中位)|\s*n\s*=\s*\d|"
    r"\s*(total|totals|grand total|sum|summe|gesamt|insgesamt|mean|mittelwert|median|average|somme|moyenne|suma|promedio|sd|count)"
    r"(\s*$|\s*[:(=±/,]|\s+[a-z])",
    re.I,
)
EXPLANATION: Final = "an explanation of the columns"
NOTE: Final = re.compile(
    r"\s*(\*|†|‡|§|#|注|备注|说明|note|notes|anmerkung|hinweis|legende?|quelle|source|abbrev|abk|remarque|nota)", re.I
)
TAIL: Final = 60  # rows at the end that are looked at for notes and totals
FULL: Final = 3  # a row with fewer filled cells may be a note


@dataclass(frozen=True)
class Block:
    """The table of one sheet. Indices are of `grid.rows`; `headings` has one unique name a column, "" for a blank column.

    A stacked header gives its last row's text where that is unique in the sheet, else the path: "tumor | 1 | t_stage".
    `left_out` are rows below the header that hold no patient's data (notes, totals, repeated headers), each with its reason.
    `missing` are signs for no value by heading, as `folded` writes them; `sign` is how the file writes decimals.
    """

    grid: Grid
    header: tuple[int, ...]
    headings: tuple[str, ...]
    rows: tuple[int, ...]
    left_out: tuple[tuple[int, str], ...] = ()
    missing: Map[str, frozenset[str]] = field(default_factory=dict)
    sign: Decimal = ""

    def cells(self, heading: str) -> list[Cell]:
        """What stands in this column, one cell a data row."""
        return self.cells_in(heading, self.rows)

    def cells_in(self, heading: str, rows: Sequence[int]) -> list[Cell]:
        """What stands in this column in these rows (indices of grid.rows)."""
        place, all_rows = self.headings.index(heading), self.grid.rows
        cells = [row[place] if place < len(row) else None for row in map(all_rows.__getitem__, rows)]
        signs = self.missing.get(heading)
        return without(cells, signs) if signs else cells

    def path(self, heading: str) -> tuple[str, ...]:
        """What stands in the header rows above this column, from top to bottom, merged cells filled."""
        return paths(self.grid, self.header)[self.headings.index(heading)]


def find_block(grid: Grid, header: tuple[int, ...] = ()) -> Block | None:
    """The table of this sheet, or None if there is none; `header` are its header rows where somebody has stated them."""
    header = header or _template_header(grid) or header_rows(grid)
    if not header:
        return None
    headings = unique_headings(paths(grid, header))
    if sum(map(bool, headings)) < 2:  # one column is no table
        return None
    rows, left_out = _data(grid, header)
    return Block(grid, header, headings, rows, left_out)


def _template_header(grid: Grid) -> tuple[int, ...]:
    """The header row of a sheet that bears the name of a table of ours, and knows at least half of its columns."""
    if table_for(grid.name, ()) is None:
        return ()
    found = find_header(grid)
    if found is None:
        return ()
    headings = [text(cell) for cell in grid.rows[found] if not is_missing(cell)]
    table = table_for(grid.name, tuple(headings))
    known = sum(column is not None for column in columns_for(headings, table)) if table else 0
    return (found,) if known * 2 >= len(headings) or known > 2 else ()


def _data(grid: Grid, header: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[tuple[int, str], ...]]:
    """The rows that hold data, and those that do not with the reason."""
    rows, left_out = [], []
    head = grid.rows[header[-1]]
    first = next((place for place, cell in enumerate(head) if not is_missing(cell)), 0)
    mark = head[first]
    for index in range(header[-1] + 1, len(grid.rows)):
        row = grid.rows[index]
        if not any(row) and all(is_missing(cell) for cell in row):
            continue
        if first < len(row) and row[first] == mark and _same(row, head):
            left_out.append((index, "the header again"))
        else:
            rows.append(index)
    explained = [index for index in rows[:3] if _explains(grid, header[-1], index)]
    left_out += [(index, EXPLANATION) for index in explained]
    rows = [index for index in rows if index not in explained] if explained else rows
    rows, below = _without_tail(grid, rows)
    return tuple(rows), tuple(sorted(left_out + below))


def _same(row: Sequence[Cell], head: Sequence[Cell]) -> bool:
    return [text(cell) for cell in row if not is_missing(cell)] == [text(cell) for cell in head if not is_missing(cell)]


def _explains(grid: Grid, header: int, index: int) -> bool:
    """The template's own line of explanation."""
    table = table_of(grid, header)
    written = [text(cell) for cell in grid.rows[index] if not is_missing(cell)]
    explanations = {column.explanation for column in table.columns} if table else set()
    return sum(words in explanations for words in written) * 2 >= max(len(written), 1)


def _without_tail(grid: Grid, rows: list[int]) -> tuple[list[int], list[tuple[int, str]]]:
    """The rows without the notes and totals that stand below the table."""
    usual = sorted(_filled(grid, index) for index in rows[:200])
    typical = usual[len(usual) // 2] if usual else 0
    below: list[tuple[int, str]] = []
    for place in range(len(rows) - 1, max(-1, len(rows) - 1 - TAIL), -1):
        reason = _no_patient(grid, rows[place], typical, place > 0 and rows[place] - rows[place - 1] > 1)
        if not reason:
            break
        below.append((rows[place], reason))
    kept = rows[: len(rows) - len(below)]
    return kept, below


def _no_patient(grid: Grid, index: int, typical: int, after_gap: bool) -> str:
    filled = [text(cell) for cell in grid.rows[index] if not is_missing(cell)]
    if not filled:
        return "nothing but signs for no value"
    if TOTAL.match(filled[0]):
        return "a total"
    few = len(filled) < FULL and len(filled) * 2 < typical
    if NOTE.match(filled[0]) and (few or len(filled) == 1):
        return "a note"
    lone = len(filled) == 1 and typical > 1 and (after_gap or " " in filled[0] or len(filled[0]) > 20)
    return "a note" if lone or (few and after_gap) else ""


def _filled(grid: Grid, index: int) -> int:
    return sum(not is_missing(cell) for cell in grid.rows[index])


def blocks_of(grids: Sequence[Grid], mapping: Mapping | None = None) -> tuple[Block, ...]:
    """The table of every sheet that holds one, in their order; header rows and areas where a mapping says them."""
    stated = {normalised(sheet.sheet): sheet for sheet in mapping.sheets} if mapping else {}
    lone = mapping is not None and len(mapping.sheets) == 1 and len(grids) == 1
    found = []
    for grid in grids:
        sheet = mapping.sheets[0] if mapping and lone else stated.get(normalised(grid.name))
        part = within(grid, sheet.area) if sheet else grid
        block = find_block(part, _stated(part, sheet.header_rows if sheet else ()))
        if block is not None:
            found.append(block)
    return tuple(found)


def within(grid: Grid, area: Sequence[int]) -> Grid:
    """The part of a sheet between first row, first column, last row and last column as the sheet shows them; () = all of it."""
    if not area:
        return grid
    top, left, bottom, right = area
    down, across = max(top - grid.first_row, 0), max(left - grid.first_column, 0)
    rows = tuple(row[across : right - grid.first_column + 1] for row in grid.rows[down : bottom - grid.first_row + 1])
    return replace(grid, rows=rows, first_row=grid.first_row + down, first_column=grid.first_column + across)


def _stated(grid: Grid, header_rows: Sequence[int]) -> tuple[int, ...]:
    """The indices of these rows of the sheet; () where the sheet has none of them, so that the header is found again."""
    return tuple(row - grid.first_row for row in header_rows if 0 <= row - grid.first_row < len(grid.rows))


LEFT_OUT: Final = "This row was left out: {}."
MEND: Final = "If it is data, put it among the other rows, with a patient in its first column."


def rows_left_out(block: Block) -> list[Finding]:
    """A note for every such row but the template's own explanation of its columns; no cell of it is repeated."""
    return [
        Finding(
            "note", block.grid.name, block.grid.first_row + row, "", "", LEFT_OUT.format(why), MEND, sets_aside=True
        )
        for row, why in block.left_out
        if why != EXPLANATION
    ]


def with_signs(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with the sign that the whole file writes before decimals, for columns that do not say it themselves."""
    columns = (block.cells(heading) for block in blocks for heading in block.headings if heading)
    said = {each for cells in columns if (each := decimal_sign(cells))}
    sign: Decimal = next(iter(said)) if len(said) == 1 else "both" if said else ""
    return tuple(replace(block, sign=sign) for block in blocks)
