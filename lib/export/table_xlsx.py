"""A table as a workbook: as printed, its unrounded numbers, its tests, and what is said about it. No cell of it is a formula."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from lib.export.office_file import described, steady
from lib.export.provenance import APP, Provenance
from lib.export.pseudonym import shows_patients
from lib.export.sheet_copy import safe
from lib.export.table_form import TableForm, table_form
from lib.publication.exhibit import Table, TestLine

NUMBER: Final = re.compile(r"([-−]?)((?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,14})(?:\.(\d{1,12}))?)( %)?")
MOST_DIGITS: Final = 15  # that a spreadsheet keeps
POINTS_A_CHARACTER: Final = 5.2
WIDEST: Final = 60.0  # characters
BOLD, THIN, THICK = Font(bold=True), Side("thin"), Side("medium")
WRAP: Final = Alignment(wrap_text=True, vertical="top")


def xlsx_file(table: Table, provenance: Provenance) -> bytes:
    """Sheets Table, Numbers, Tests (where there are any) and About."""
    workbook, form = Workbook(), table_form(table, provenance)
    sheet = workbook.active
    sheet.title = "Table"
    _printed(sheet, form, first_is_number=_is_number_column(table))
    if table.numbers.columns:
        headings = [f"{name} ({unit})" if unit else name for name, unit in table.numbers.columns]
        _plain(workbook.create_sheet("Numbers"), headings, table.numbers.rows)
    if table.tests:
        _plain(workbook.create_sheet("Tests"), [each.name for each in fields(TestLine)], map(astuple, table.tests))
    _about(workbook.create_sheet("About"), form, table)
    described(workbook.properties, table.title, provenance)
    workbook.properties.creator = workbook.properties.lastModifiedBy = APP
    workbook.properties.language = "en"
    content = io.BytesIO()
    workbook.save(content)
    return steady(content.getvalue(), provenance)


def number_of(text: str) -> tuple[float | int, str] | None:
    """The number that is printed so, and the format that prints it so again: "1,234.5" -> 1234.5, "#,##0.0". None for anything else.

    What has leading zeros or more digits than a spreadsheet keeps is a name, not a number.
    """
    found = NUMBER.fullmatch(text)
    if found is None or sum(letter.isdigit() for letter in text) > MOST_DIGITS:
        return None
    sign, digits, decimals, percent = found.groups()
    value = float(digits.replace(",", "")) if decimals else int(digits.replace(",", ""))
    printed = ("#,##0" if "," in digits or (value < 1000 and not percent) else "0") + (
        f".{'0' * len(decimals)}" if decimals else ""
    )
    printed = printed.replace("#,##0", "0") if "," not in digits else printed
    if percent:
        value, printed = value / 100, f"{printed} %"
    return (-value, f"{printed};{sign}{printed}") if sign else (value, printed)


def _is_number_column(table: Table) -> bool:
    """Whether the first column is numbers, such as days, and not the names of rows or patients."""
    return not shows_patients(table) and all(row and number_of(row[0]) for row in table.rows)


def _printed(sheet: Worksheet, form: TableForm, first_is_number: bool) -> None:
    """The title, the table with its three lines, and what stands below it."""
    _put(sheet, 1, 1, f"Table. {form.title}").font = BOLD
    for at, (name, width) in enumerate(zip(form.header, form.widths, strict=True), start=1):
        cell = _put(sheet, 2, at, name.text)
        cell.font, cell.border = BOLD, Border(top=THICK, bottom=THIN)
        cell.alignment = Alignment(wrap_text=True, vertical="bottom", horizontal=_side(form, at))
        sheet.column_dimensions[get_column_letter(at)].width = min(width / POINTS_A_CHARACTER + 1, WIDEST)
    for place, row in enumerate(form.rows, start=3):
        for at, printed in enumerate(row.cells, start=1):
            number = number_of(printed.text) if at > 1 or first_is_number else None
            cell = _put(sheet, place, at, number[0] if number else printed.text or None)
            cell.alignment = Alignment(
                wrap_text=True, vertical="top", horizontal=_side(form, at), indent=row.level if at == 1 else 0
            )
            cell.number_format = number[1] if number else cell.number_format
    for cell in sheet[len(form.rows) + 2][: len(form.header)]:
        cell.border = Border(top=cell.border.top, bottom=THICK)
    for place, (mark, words) in enumerate(form.below(), start=len(form.rows) + 4):
        _put(sheet, place, 1, f"{mark} {words}".strip())
    sheet.freeze_panes = "B3"
    sheet.print_title_rows = "2:2"
    sheet.page_setup.orientation = "landscape" if form.is_wide else "portrait"
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True


def _side(form: TableForm, at: int) -> str:
    return "right" if at - 1 in form.numeric else "left"


def _plain(sheet: Worksheet, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table as programs read it: headings in the first row, unrounded values below."""
    for at, name in enumerate(headings, start=1):
        _put(sheet, 1, at, name).font = BOLD
        sheet.column_dimensions[get_column_letter(at)].width = min(len(name) + 4.0, WIDEST)
    for place, row in enumerate(rows, start=2):
        for at, value in enumerate(row, start=1):
            _put(sheet, place, at, value)
    sheet.freeze_panes = "A2"


def _about(sheet: Worksheet, form: TableForm, table: Table) -> None:
    """Caption, method, notes and provenance, one a row."""
    said = [("Title", table.title), ("Caption", table.caption), ("Method", table.method)]
    said += [
        ("Note", words)
        for words in (*table.notes, *(note for note in form.notes if note not in (table.caption, table.method)))
    ]
    said += [("Abbreviations", form.abbreviations), *(("Source", line) for line in form.source)]
    for place, (name, words) in enumerate(dict.fromkeys(each for each in said if each[1]), start=1):
        _put(sheet, place, 1, name).font = BOLD
        _put(sheet, place, 2, words).alignment = WRAP
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 110


def _put(sheet: Worksheet, row: int, at: int, value: object) -> Any:
    """Write a value; text stays text whatever it begins with, also after it was edited."""
    value = value.item() if hasattr(value, "item") else value
    cell = sheet.cell(row, at)
    kept = safe(value) if isinstance(value, str | float | int | bool | None) else safe(str(value))
    cell.value = kept
    if isinstance(kept, str):
        cell.data_type, cell.quotePrefix = "s", kept.startswith(("=", "+", "-", "@", "|", "%", "'", "\t", "{", "#"))
    return cell
