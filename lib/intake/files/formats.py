"""Bytes -> grids, whatever the format, known by the first bytes. To be called in the limited child process only
(lib/intake/child.py).

A workbook (.xlsx, .xlsm, .xls, .ods) -> its sheets, by python-calamine, after the check of its container.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from lib.intake.files.archive import unpacked
from lib.intake.files.colours import Coloured, colours_by_sheet
from lib.intake.files.grid import Grid, SourceFile
from lib.intake.files.guard import check_size, check_workbook
from lib.intake.files.limits import (
    DAMAGED,
    ENCRYPTED,
    LONGEST_CELL,
    MOST_CELLS,
    MOST_ROWS_IN_ALL,
    MOST_SHEETS,
    NOT_A_WORKBOOK,
    TOO_LARGE,
    TOO_MANY_SHEETS,
    Lost,
    Merged,
    Unsafe,
    check_reach,
)
from lib.intake.files.markup import markup_sheets
from lib.intake.files.ods import check_open_document, is_open_document
from lib.intake.files.packing import packed
from lib.intake.files.statistics import kind_of, table_sheet
from lib.intake.files.text_table import text_rows
from lib.intake.files.xls import OLE_MAGIC, check_old_workbook

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook, SheetMetadata


@dataclass(frozen=True)
class Checked:
    """What the check of the container found, by sheet, that the parser does not give."""

    lost: Mapping[str, Lost]
    merged: Mapping[str, Sequence[Merged]] = field(default_factory=dict)
    colours: Mapping[str, Coloured] = field(default_factory=dict)


def workbook_sheets(content: bytes, memory_is_limited: bool = False) -> list[Grid]:
    """Every sheet of a workbook. Raises Unsafe."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    checked = _checked(content, memory_is_limited)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets, area = [], 0
        if len(workbook.sheets_metadata) > MOST_SHEETS:
            raise Unsafe(TOO_MANY_SHEETS)
        for meta in workbook.sheets_metadata:
            sheet, unfolded = _sheet(workbook, meta, checked)
            area += unfolded
            if area > MOST_CELLS:
                raise Unsafe(TOO_LARGE)
            sheets.append(sheet)
        return sheets
    except PasswordError as error:
        raise Unsafe(ENCRYPTED) from error
    except CalamineError as error:
        raise Unsafe(DAMAGED) from error


def _checked(content: bytes, memory_is_limited: bool) -> Checked:
    if content[:4] == OLE_MAGIC:
        return Checked(check_old_workbook(content))
    if is_open_document(content):
        return Checked(*check_open_document(content))
    return Checked(check_workbook(content, memory_is_limited), colours=colours_by_sheet(content))


def _sheet(workbook: "CalamineWorkbook", meta: "SheetMetadata", checked: Checked) -> tuple[Grid, int]:
    """One sheet, and how many cells the parser unfolded for it."""
    sheet = workbook.get_sheet_by_name(meta.name)
    check_reach(*((place + 1 for place in sheet.end) if sheet.end else (0, 0)))
    row, column = (place + 1 for place in sheet.start or (0, 0))
    merged = checked.merged.get(meta.name) or [
        (top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    visible = meta.visible == type(meta.visible).Visible
    lost = checked.lost.get(meta.name, {})
    found = packed(meta.name, _rows(sheet), row, column, lost, visible, merged)
    colours = {(row, column): colour for row, column, colour in checked.colours.get(meta.name, [])}
    if not colours:
        return found, sheet.height * sheet.width
    coloured = replace(found, colours=colours)
    coloured.keep_columns([*map(found.whole_column, range(found.width))])
    return coloured, sheet.height * sheet.width


def _rows(sheet: "CalamineSheet") -> Iterator[Sequence[object]]:
    """The rows from the first filled one on, one after another: the parser never gives all cells at once. They begin
    with the first filled column."""
    return islice(sheet.iter_rows(), sheet.start[0] if sheet.start else 0, None)


WORKBOOKS = (".xlsx", ".xlsm", ".ods")


def read_grids_of(files: Sequence[SourceFile], memory_is_limited: bool = False) -> tuple[Grid, ...]:
    """Every sheet of every file, members of archives among them; sheets and cells are limited for all together. Raises
    Unsafe."""
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
    rows, first_row, reported = text_rows(content)
    cut = [
        (first_row + row, 1 + place)
        for row, cells in enumerate(rows)
        if any(cells) and max(map(len, filter(None, cells))) > LONGEST_CELL
        for place, cell in enumerate(cells)
        if cell and len(cell) > LONGEST_CELL
    ]
    for row, place in cut:
        rows[row - first_row][place - 1] = str(rows[row - first_row][place - 1])[:LONGEST_CELL]
    return [Grid("", tuple(map(tuple, rows)), first_row, cut=tuple(cut), reported=tuple(reported))]
