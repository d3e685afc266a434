"""Workbooks of other formats, made in memory: .ods written part by part, .xls by xlwt."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

import xlwt

KIND = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {"office": "office", "table": "table", "text": "text", "style": "style"}.items()
)
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
HEAD = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES} {CALC} office:version="1.3">'


def ods_cell(value: object, attributes: str = "") -> str:
    """One cell; a text that begins with an angle bracket is taken as the cell itself."""
    if isinstance(value, str) and value.startswith("<"):
        return value
    if value is None:
        return f"<table:table-cell{attributes}/>"
    if isinstance(value, (int, float)):
        return (
            '<table:table-cell office:value-type="float"'
            f' office:value="{value}"{attributes}><text:p>{value}</text:p></table:table-cell>'
        )
    return (
        "<table:table-cell"
        f' office:value-type="string"{attributes}><text:p>{escape(str(value))}</text:p></table:table-cell>'
    )


def ods_date(written: str) -> str:
    return (
        '<table:table-cell office:value-type="date"'
        f' office:date-value="{written}"><text:p>{written}</text:p></table:table-cell>'
    )


def ods_error(word: str) -> str:
    """A formula with an error, as LibreOffice writes it."""
    return (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""'
        f' calcext:value-type="error"><text:p>{word}</text:p></table:table-cell>'
    )


def ods_row(*values: object, attributes: str = "") -> str:
    return f"<table:table-row{attributes}>{''.join(map(ods_cell, values))}</table:table-row>"


def ods(sheets: Mapping[str, str], head: str = HEAD, **parts: str) -> bytes:
    """A file of these sheets, each given as the XML of its rows."""
    tables = "".join(f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in sheets.items())
    content = (
        f"{head}<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry'
        f' manifest:full-path="/" manifest:media-type="{KIND}"/></manifest:manifest>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", KIND, compress_type=zipfile.ZIP_STORED)
        for name, part in {"content.xml": content, "META-INF/manifest.xml": manifest, **parts}.items():
            archive.writestr(name, part)
    return file.getvalue()


def xls(
    cells: Mapping[tuple[int, int], object],
    hidden: bool = False,
    date_format: str = "yyyy-mm-dd",
    looks: Mapping[tuple[int, int], str] | None = None,
    hidden_rows: Sequence[int] = (),
) -> bytes:
    """A workbook of the old format with one sheet, Patients, and a second one; places count from 0. `looks` are
    formats of numbers."""
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Patients")
    for (row, column), value in cells.items():
        look = (looks or {}).get((row, column), "")
        if isinstance(value, str) and value.startswith("#"):
            sheet.row(row).set_cell_error(column, value)
        elif look:
            sheet.write(row, column, value, xlwt.easyxf(num_format_str=look))
        elif isinstance(value, (str, float, int, bool)) or value is None:
            sheet.write(row, column, value)
        else:
            sheet.write(row, column, value, xlwt.easyxf(num_format_str=date_format))
    for row in hidden_rows:
        sheet.row(row).hidden = True
    second = workbook.add_sheet("Médicos 患者")
    second.write_merge(2, 3, 1, 4, "merged")
    second.visibility = int(hidden)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()
