"""Parses one untrusted file in a process of its own, with limits on memory and time.

Run as `python -m lib.intake.child`; reads the bytes from standard input and writes one JSON object: {"sheets": ...} or
{"refused": sentence}. The parser may abort the process (see guard.py); only this child dies then.
"""

import csv
import datetime as dt
import io
import json
import sys
from collections.abc import Iterable
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from lib.intake.guard import (
    DAMAGED,
    LONGEST_TEXT,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    TOO_LARGE,
    Lost,
    Unsafe,
    check_workbook,
)

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook, SheetMetadata

MEMORY_BYTES: Final = 1536 << 20
CPU_SECONDS: Final = 60
LONGEST_ANSWER: Final = 64 << 20  # bytes; the process that reads it needs about six times as much memory
SEARCHED_LINES: Final = 20
NOT_TEXT: Final = "This file is neither a workbook (.xlsx) nor a text table (.csv, .tsv)."
LONG_TABLE: Final = (
    f"This text table has more than {MOST_ROWS:,} rows, {MOST_COLUMNS} columns or {MOST_CELLS:,} cells, which is more "
    "than can be read. Copy what is needed into a new file."
)

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
    """Every sheet of an .xlsx, cells as text, number, bool, {"date": iso} or None, with the place of its first cell.

    A spreadsheet error is its word (#REF!), a formula that was never calculated is the formula (=A1+B1).
    """
    from python_calamine import CalamineError, CalamineWorkbook

    lost = check_workbook(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_sheet(workbook, meta, lost.get(meta.name, {})) for meta in workbook.sheets_metadata]
    except CalamineError as error:
        raise Unsafe(DAMAGED) from error


def _sheet(workbook: "CalamineWorkbook", meta: "SheetMetadata", lost: Lost) -> Sheet:
    sheet = workbook.get_sheet_by_name(meta.name)
    row, column = (place + 1 for place in sheet.start or (0, 0))
    rows = [[_plain(cell) for cell in cells] for cells in sheet.to_python()]
    for (lost_row, lost_column), written in lost.items():
        if row <= lost_row < row + len(rows) and column <= lost_column < column + len(rows[0]):
            rows[lost_row - row][lost_column - column] = written
    visible = meta.visible == type(meta.visible).Visible
    return {"name": meta.name, "first_row": row, "first_column": column, "visible": visible, "rows": rows}


def text_sheets(content: bytes) -> list[Sheet]:
    """A csv or tsv file as one sheet; encoding and delimiter are recognised."""
    text = _decoded(content)
    csv.field_size_limit(LONGEST_TEXT)
    rows: list[list[str | None]] = []
    width = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=None), delimiter=_delimiter(text)):
            rows.append([cell or None for cell in row])
            width = max(width, len(row))
            if len(rows) > MOST_ROWS or width > MOST_COLUMNS or len(rows) * width > MOST_CELLS:
                raise Unsafe(LONG_TABLE)
    except csv.Error as error:
        raise Unsafe(f"This text table cannot be read: {error}.") from error
    return [{"name": "", "first_row": 1, "first_column": 1, "visible": True, "rows": rows}]


def main() -> None:
    limit_resources()
    content = sys.stdin.buffer.read()
    try:
        sheets = workbook_sheets(content) if content[:4] == b"PK\x03\x04" else text_sheets(content)
        answer = json.dumps({"sheets": sheets}, ensure_ascii=False).encode()
        if len(answer) > LONGEST_ANSWER:
            raise Unsafe(TOO_LARGE)
    except Unsafe as refusal:
        answer = json.dumps({"refused": str(refusal)}).encode()
    sys.stdout.buffer.write(answer)


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
    """The mark that stands most often in a line; a title above the table or a decimal comma does not mislead."""
    lines: Iterable[str] = (line for line in io.StringIO(text) if line.strip())
    first = list(islice(lines, SEARCHED_LINES))
    return max("\t;,", key=lambda mark: median(line.count(mark) for line in first) if first else 0)


if __name__ == "__main__":
    main()
