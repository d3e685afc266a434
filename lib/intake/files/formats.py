"""Bytes -> grids, whatever the format, known by the first bytes. To be called in the limited child process only (lib/intake/child.py)."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lib.intake.files.archive import unpacked
from lib.intake.files.grid import Grid, SourceFile
from lib.intake.files.guard import check_size
from lib.intake.files.limits import (
    LONGEST_CELL,
    MOST_CELLS,
    MOST_ROWS_IN_ALL,
    MOST_SHEETS,
    NOT_A_WORKBOOK,
    TOO_LARGE,
    TOO_MANY_SHEETS,
    Unsafe,
)
from lib.intake.files.markup import markup_sheets
from lib.intake.files.spreadsheet import workbook_sheets
from lib.intake.files.statistics import kind_of, table_sheet
from lib.intake.files.text_table import text_rows
from lib.intake.files.xls import OLE_MAGIC

WORKBOOKS = (".xlsx", ".xlsm", ".ods")


def read_grids_of(files: Sequence[SourceFile], memory_is_limited: bool = False) -> tuple[Grid, ...]:
    """Every sheet of every file, members of archives among them; sheets and cells are limited for all together. Raises Unsafe."""
    grids: list[Grid] = []
    for file in unpacked(files):
        grids += read_grids(file.content, file.name, memory_is_limited)
        if len(grids) > MOST_SHEETS:
            raise Unsafe(TOO_MANY_SHEETS)
        if sum(len(grid.rows) for grid in grids) > MOST_ROWS_IN_ALL:
            raise Unsafe(TOO_LARGE)
        if sum(len(grid.rows) * max(map(len, grid.rows), default=0) for grid in grids) > MOST_CELLS:
            raise Unsafe(TOO_LARGE)
    return tuple(grids)


def read_grids(content: bytes, name: str, memory_is_limited: bool = False) -> tuple[Grid, ...]:
    """Every sheet of the file; a text table is one sheet named after its file. Raises Unsafe with one sentence."""
    if not content:
        raise Unsafe("This file is empty.")
    check_size(content)
    if Path(name).suffix.lower() in WORKBOOKS and not content.startswith((b"PK", OLE_MAGIC)):
        raise Unsafe(NOT_A_WORKBOOK)
    return tuple(
        grid if grid.name else replace(grid, name=Path(name).stem) for grid in _sheets(content, memory_is_limited)
    )


def _sheets(content: bytes, memory_is_limited: bool) -> list[Grid]:
    if content[:4] in (b"PK\x03\x04", OLE_MAGIC):
        return workbook_sheets(content, memory_is_limited)
    if kind := kind_of(content):
        return [table_sheet(content, kind)]
    if (sheets := markup_sheets(content)) is not None:
        return sheets
    rows, first_row, told = text_rows(content)
    cut = [
        (first_row + row, 1 + place)
        for row, cells in enumerate(rows)
        if any(cells) and max(map(len, filter(None, cells))) > LONGEST_CELL
        for place, cell in enumerate(cells)
        if cell and len(cell) > LONGEST_CELL
    ]
    for row, place in cut:
        rows[row - first_row][place - 1] = str(rows[row - first_row][place - 1])[:LONGEST_CELL]
    return [Grid("", tuple(map(tuple, rows)), first_row, cut=tuple(cut), told=tuple(told))]
