"""Bytes -> raw grids: what stands in every cell, and where. Untrusted files are parsed in a limited child process."""

import datetime as dt
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lib.intake.guard import ENCRYPTED, MIB, MOST_BYTES, NOT_A_WORKBOOK, TOO_LARGE, Unsafe

ROOT: Final = Path(__file__).parents[2]
WALL_SECONDS: Final = 90
OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0"  # old .xls, and the envelope of every encrypted .xlsx
OLD_EXCEL: Final = (
    "This is a workbook of the old Excel format (.xls). Open it in your spreadsheet program and save it as .xlsx."
)

Cell = str | float | bool | dt.datetime | None


@dataclass(frozen=True)
class Grid:
    """One sheet: rows of cells, and where its first cell stands (row and column 1 = A1)."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    first_row: int = 1
    first_column: int = 1
    visible: bool = True

    def column_letter(self, index: int) -> str:
        """The spreadsheet's letter of the index-th column of this grid."""
        number, letters = self.first_column + index, ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return letters


def read_grids(content: bytes, name: str) -> tuple[Grid, ...]:
    """Every sheet of the file; a text table is one sheet named after its file. Raises Unsafe with one sentence."""
    if not content:
        raise Unsafe("This file is empty.")
    if len(content) > MOST_BYTES:
        raise Unsafe(
            f"This file is larger than {MOST_BYTES // MIB} MB. Copy the tables that are needed into a new workbook."
        )
    if content[:4] == OLE_MAGIC:
        raise Unsafe(ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in content else OLD_EXCEL)
    if Path(name).suffix.lower() in (".xlsx", ".xlsm") and content[:2] != b"PK":
        raise Unsafe(NOT_A_WORKBOOK)
    answer = _ask_child(content)
    if "refused" in answer:
        raise Unsafe(answer["refused"])
    return tuple(
        Grid(
            sheet["name"] or Path(name).stem,
            tuple(tuple(map(_cell, row)) for row in sheet["rows"]),
            sheet["first_row"],
            sheet["first_column"],
            sheet["visible"],
        )
        for sheet in answer["sheets"]
    )


def _ask_child(content: bytes) -> dict:  # type: ignore[type-arg]  # parsed JSON
    try:
        child = subprocess.run(
            [sys.executable, "-m", "lib.intake.child"],
            input=content,
            capture_output=True,
            cwd=ROOT,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unsafe(
            f"Reading this file took longer than {WALL_SECONDS} seconds and was stopped. {TOO_LARGE}"
        ) from error
    if child.returncode != 0:
        raise Unsafe(
            TOO_LARGE
            if b"MemoryError" in child.stderr or child.returncode < 0
            else "This file cannot be read: its content is not what its name says, or it is damaged. "
            "Open it in your spreadsheet program, save it as .xlsx, and try that copy."
        )
    answer: dict = json.loads(child.stdout)  # type: ignore[type-arg]
    return answer


def _cell(raw: object) -> Cell:
    if isinstance(raw, dict):
        return dt.datetime.fromisoformat(raw["date"])
    if isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    return raw  # type: ignore[return-value]  # the child writes nothing else
