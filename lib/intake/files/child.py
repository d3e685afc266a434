"""Parses one untrusted file in a process of its own, with limits on memory and time.

Run as `python -m lib.intake.files.child`; reads the bytes from standard input and writes one JSON object: {"sheets": ...} or
{"refused": sentence}. The parser may abort the process (see guard.py); only this child dies then.
"""

import gc
import json
import sys
from typing import Final

from lib.intake.files.limits import MIB, TOO_LARGE, Unsafe
from lib.intake.files.markup import markup_sheets
from lib.intake.files.packing import Sheet
from lib.intake.files.spreadsheet import workbook_sheets
from lib.intake.files.statistics import kind_of, table_sheet
from lib.intake.files.text_table import text_rows
from lib.intake.files.xls import OLE_MAGIC

MEMORY_BYTES: Final = 1024 * MIB
CPU_SECONDS: Final = 60
LONGEST_ANSWER: Final = 64 * MIB  # the process that reads it needs about six times as much memory


def limit_resources() -> bool:
    """Cap memory and processor time; False where the system cannot, and guard.py and the parent alone must do."""
    try:
        import resource
    except ImportError:  # Windows
        return False
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    except (ValueError, OSError):
        return False
    return sys.platform == "linux"  # macOS takes the limit and does not keep it


def sheets_of(content: bytes, memory_is_limited: bool = False) -> list[Sheet]:
    """Every sheet of a file of any kind, known by its first bytes. Raises Unsafe."""
    if content[:4] in (b"PK\x03\x04", OLE_MAGIC):
        return workbook_sheets(content, memory_is_limited)
    if kind := kind_of(content):
        return [table_sheet(content, kind)]
    if (sheets := markup_sheets(content)) is not None:
        return sheets
    rows, first_row, told = text_rows(content)
    return [
        {
            "name": "",
            "first_row": first_row,
            "first_column": 1,
            "visible": True,
            "merged": [],
            "rows": rows,
            "told": told,
        }
    ]


def main() -> None:
    gc.disable()  # nothing here is a circle, and looking for some takes a third of the time
    memory_is_limited = limit_resources()
    content = sys.stdin.buffer.read()
    try:
        answer = json.dumps({"sheets": sheets_of(content, memory_is_limited)}, ensure_ascii=False).encode()
        if len(answer) > LONGEST_ANSWER:
            raise Unsafe(TOO_LARGE)
    except Unsafe as refusal:
        answer = json.dumps({"refused": str(refusal)}).encode()
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
