"""A table as a workbook: as printed, its unrounded numbers, its tests, and what is said about it. No cell of it is a
formula.

Word, PowerPoint and Excel files whose bytes depend on what is in them alone, never on the clock; and what they say
of themselves."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from typing import Any, Final, Protocol

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from lib import VERSION
from lib.export.findings_workbook import NOT_PLAIN
from lib.export.provenance import APP, Provenance
from lib.export.sheet_copy import NOT_IN_XML, safe
from lib.export.table_form import Row, TableForm, number_of, table_form
from lib.publication.exhibit import Table, TestLine
from lib.publication.masking import shows_patients
from lib.publication.text_width import broken

FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip archive knows
MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
LONGEST: Final = 255  # characters of a property
CHARACTER: Final = 5.25  # points, in which the widths of columns are counted
FONT_SIZE, LINE, HIGHEST = 11.0, 15.0, 400.0  # points; those of a spreadsheet's usual font, and of a row
WIDER: Final = 1.25  # than at 9 pt
WIDEST: Final = 300.0  # points
BOLD, THIN, THICK = Font("Calibri", 11, bold=True), Side("thin"), Side("medium")
WRAP: Final = Alignment(wrap_text=True, vertical="top")


class Properties(Protocol):
    """The core properties of an office file, by the names that openpyxl, python-docx and python-pptx share."""

    title: str
    subject: str
    keywords: str
    created: dt.datetime


def described(properties: Properties, title: str, provenance: Provenance) -> None:
    """Write title, selection, fingerprint, version and date into the properties; no file name, no patient."""
    properties.title = xml_text(title)[:LONGEST]
    properties.subject = xml_text(provenance.sentence)[:LONGEST]
    keywords = (
        f"data {provenance.fingerprint}; {APP} {VERSION}; {provenance.selection}; groups:"
        f" {provenance.group_by or 'none'}"
    )
    properties.keywords = xml_text(keywords)[:LONGEST]
    properties.created = made_on(provenance)


def made_on(provenance: Provenance) -> dt.datetime:
    """The day on which the file was made, without the time of day."""
    return dt.datetime.combine(dt.date.fromisoformat(provenance.created), dt.time())


def xml_text(text: str) -> str:
    """The text without characters that cannot stand in XML."""
    return NOT_IN_XML.sub(" ", text)


def steady(content: bytes, provenance: Provenance) -> bytes:
    """The same office file with the day of the provenance in place of every time of writing."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = MODIFIED.sub(rb"\g<1>" + made_on(provenance).strftime("%Y-%m-%dT%H:%M:%SZ").encode(), part)
            new.writestr(zipfile.ZipInfo(name, FIRST_DAY), part, zipfile.ZIP_DEFLATED)
    return written.getvalue()


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


def _is_number_column(table: Table) -> bool:
    """Whether the first column is numbers, such as days, and not the names of rows or patients."""
    return not shows_patients(table) and all(row and number_of(row[0]) for row in table.rows)


def _printed(sheet: Worksheet, form: TableForm, first_is_number: bool) -> None:
    """The title, the table with its three lines, and what stands below it."""
    _put(sheet, 1, 1, f"Table. {form.title}").font = BOLD
    widths = [min(width * WIDER, WIDEST) for width in form.widths]
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width / CHARACTER
    for place, row in enumerate((Row(form.header), *form.rows), start=2):
        for at, printed in enumerate(row.cells):
            cell = _print(sheet.cell(place, at + 1), printed.text, as_number=place > 2 and (at > 0 or first_is_number))
            side, indent = "center" if at in form.numeric else "left", 0 if at else row.level
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=side, indent=indent)
        _fit(sheet, place, [(cell.text, width) for cell, width in zip(row.cells, widths, strict=True)])
    last = len(form.rows) + 2
    _rule(sheet, last, len(widths))
    for place, (_, words) in enumerate(
        form.below(), start=last + 2
    ):  # a footnote begins with the name of its column or row
        _put(sheet, place, 1, words).alignment = WRAP
        sheet.merge_cells(start_row=place, end_row=place, start_column=1, end_column=max(len(widths), 1))
        _fit(sheet, place, [(words, sum(widths))])
    sheet.freeze_panes, sheet.print_title_rows = "B3", "2:2"
    sheet.page_setup.orientation = "landscape" if form.is_wide else "portrait"
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True


def _print(cell: Any, text: str, as_number: bool) -> Any:
    """Fill a cell with the text, or with its number in the format in which it is printed."""
    number = number_of(text) if as_number else None
    _fill(cell, number[0] if number else text or None)
    if number:
        cell.number_format = number[1]
    return cell


def _rule(sheet: Worksheet, last: int, columns: int) -> None:
    """The lines above and below the header and below the last row."""
    for at in range(1, columns + 1):
        sheet.cell(last, at).border = Border(bottom=THICK)
        sheet.cell(2, at).font, sheet.cell(2, at).border = BOLD, Border(top=THICK, bottom=THICK if last == 2 else THIN)


def _fit(sheet: Worksheet, row: int, texts: Sequence[tuple[str, float]]) -> None:
    """Make the row as high as its texts need in cells of these widths, in points."""
    lines = (len(broken(text, max(width - CHARACTER, CHARACTER), FONT_SIZE)) for text, width in texts)
    sheet.row_dimensions[row].height = min(LINE * max(lines, default=1), HIGHEST)


def _plain(sheet: Worksheet, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table as programs read it: headings in the first row, unrounded values below."""
    for at, name in enumerate(headings, start=1):
        _put(sheet, 1, at, name).font = BOLD
        sheet.column_dimensions[get_column_letter(at)].width = min(len(name) + 4.0, WIDEST / CHARACTER)
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
        _fit(sheet, place, [(words, 110 * CHARACTER)])
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 110


def _put(sheet: Worksheet, row: int, at: int, value: object) -> Any:
    return _fill(sheet.cell(row, at), value)


def _fill(cell: Any, value: object) -> Any:
    """Write a value; text stays text whatever it begins with, also after it was edited."""
    value = value.item() if hasattr(value, "item") else value
    kept = safe(value) if isinstance(value, str | float | int | bool | None) else safe(str(value))
    cell.value = kept
    if isinstance(kept, str):
        cell.data_type, cell.quotePrefix = "s", kept.startswith(NOT_PLAIN)
    return cell
