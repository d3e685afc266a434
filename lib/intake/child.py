"""Parses one untrusted file in a process of its own, with limits on memory and time.

Run as `python -m lib.intake.child`; reads the bytes from standard input and writes one JSON object: {"sheets": ...} or
{"refused": sentence}. The parser may abort the process (see guard.py); only this child dies then.
"""

import csv
import datetime as dt
import io
import json
import sys
from typing import Any, Final

from lib.intake.guard import LONGEST_TEXT, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Unsafe, check_workbook

MEMORY_BYTES: Final = 1536 << 20
CPU_SECONDS: Final = 60
NOT_TEXT: Final = "This file is neither a workbook (.xlsx) nor a text table (.csv, .tsv)."

Cell = str | float | bool | dict[str, str] | None
Sheet = dict[str, Any]  # name, first_row, first_column, visible, rows


def limit_resources() -> None:
    """Cap memory and processor time where the system can (not on Windows, where guard.py alone must do)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def workbook_sheets(content: bytes) -> list[Sheet]:
    """Every sheet of an .xlsx, cells as text, number, bool, {"date": iso} or None, with the place of its first cell."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    check_workbook(content)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = []
    for meta in workbook.sheets_metadata:
        sheet = workbook.get_sheet_by_name(meta.name)
        row, column = sheet.start or (0, 0)
        rows = [[_plain(cell) for cell in cells] for cells in sheet.to_python()]
        sheets.append(
            {
                "name": meta.name,
                "first_row": row + 1,
                "first_column": column + 1,
                "visible": meta.visible == SheetVisibleEnum.Visible,
                "rows": rows,
            }
        )
    return sheets


def text_sheets(content: bytes) -> list[Sheet]:
    """A csv or tsv file as one sheet; encoding and delimiter are recognised."""
    text = _decoded(content)
    csv.field_size_limit(LONGEST_TEXT)
    try:
        rows = [[cell or None for cell in row] for row in csv.reader(io.StringIO(text), delimiter=_delimiter(text))]
    except csv.Error as error:
        raise Unsafe(f"This text table cannot be read: {error}.") from error
    width = max((len(row) for row in rows), default=0)
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS or len(rows) * width > MOST_CELLS:
        raise Unsafe(
            f"This text table has {len(rows):,} rows and {width:,} columns; at most {MOST_ROWS:,} rows and "
            f"{MOST_COLUMNS} columns can be read."
        )
    return [{"name": "", "first_row": 1, "first_column": 1, "visible": True, "rows": rows}]


def main() -> None:
    limit_resources()
    content = sys.stdin.buffer.read()
    try:
        sheets = workbook_sheets(content) if content[:4] == b"PK\x03\x04" else text_sheets(content)
        answer = json.dumps({"sheets": sheets})
    except Unsafe as refusal:
        answer = json.dumps({"refused": str(refusal)})
    sys.stdout.write(answer)


def _plain(cell: object) -> Cell:
    if isinstance(cell, (bool, float, int)):
        return cell
    if isinstance(cell, (dt.datetime, dt.date)):
        return {"date": cell.isoformat()}
    if isinstance(cell, (dt.time, dt.timedelta)):
        return str(cell)
    return str(cell) or None


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        raise Unsafe(NOT_TEXT)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


if __name__ == "__main__":
    main()
