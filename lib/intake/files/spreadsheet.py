"""A workbook (.xlsx, .xlsm, .xls, .ods) -> its sheets, by python-calamine, after the check of its container.

A spreadsheet error is its word (#REF!), a formula that was never calculated is the formula (=A1+B1). Macros are never run.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from lib.intake.files.colours import Coloured, colours_by_sheet
from lib.intake.files.grid import Grid
from lib.intake.files.guard import check_workbook
from lib.intake.files.limits import (
    DAMAGED,
    ENCRYPTED,
    MOST_CELLS,
    MOST_SHEETS,
    TOO_LARGE,
    TOO_MANY_SHEETS,
    Lost,
    Merged,
    Unsafe,
    check_reach,
)
from lib.intake.files.ods import check_open_document, is_open_document
from lib.intake.files.packing import packed
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
    """The rows from the first filled one on, one after another: the parser never gives all cells at once. They begin with the first
    filled column."""
    return islice(sheet.iter_rows(), sheet.start[0] if sheet.start else 0, None)
