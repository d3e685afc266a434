"""Columns in which a blank may repeat the cell above it: written once for all rows of a patient or of a group."""

from dataclasses import replace
from typing import Final

from lib.intake.cells.coding import is_missing, text
from lib.intake.files.cells import Cell, distinct
from lib.intake.infer.synonyms import PATIENT_ID
from lib.intake.sheets.role import keyed
from lib.intake.sheets.table import Block
from lib.intake.sheets.tail import GROUP_WORD

LEFTMOST: Final = 3
FEWEST_BLANK: Final = 0.2
MOSTLY_BLANK: Final = 0.5


def fillable(block: Block) -> tuple[str, ...]:
    """Columns at the left whose first cell is filled and which are blank below it, each value standing once."""
    named = [heading for heading in block.headings if heading][:LEFTMOST]
    return tuple(heading for heading in named if _repeats_above(block, heading))


def _repeats_above(block: Block, heading: str) -> bool:
    cells = block.cells(heading)
    if len(cells) < LEFTMOST or is_missing(cells[0]):
        return False
    words = distinct(cells).words(text, lambda cell: not is_missing(cell))
    if max(words.values()) > 1:
        return False
    blank = 1 - len(words) / len(cells)
    is_id, is_group = PATIENT_ID.fullmatch(keyed(heading)), GROUP_WORD.search(keyed(heading))
    return bool(is_id and blank >= FEWEST_BLANK) or bool(is_group and blank >= MOSTLY_BLANK and len(words) > 1)


def with_filled_down(block: Block, headings: tuple[str, ...]) -> Block:
    """The block with the blanks of these columns filled from above."""
    there = [block.headings.index(heading) for heading in headings if heading in block.headings]
    if not there:
        return block
    rows = [list(row) for row in block.grid.rows]
    data = set(block.rows)
    for place in there:
        above: Cell = None
        for index in range(block.header[-1] + 1, len(rows)):
            if index not in data or place >= len(rows[index]):
                continue
            above = above if is_missing(rows[index][place]) else rows[index][place]
            rows[index][place] = above
    grid = replace(block.grid, rows=tuple(map(tuple, rows)))
    return replace(block, grid=grid, layout=replace(block.layout, filled_down=headings))
