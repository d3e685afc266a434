"""A file as somebody handed it over, before anything is known of it.

Bytes -> raw grids: what stands in every cell, and where. Untrusted files are parsed in a limited child process.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from lib.intake.files import parent
from lib.intake.files.guard import check_size
from lib.intake.files.limits import NOT_A_WORKBOOK, Merged, Unsafe
from lib.intake.files.packing import Cell as Cell  # noqa: PLC0414  # others know it from here
from lib.intake.files.packing import unpacked_rows
from lib.intake.files.xls import OLE_MAGIC


@dataclass(frozen=True)
class SourceFile:
    """A file as it was handed over: nothing of it is kept but what becomes the cohort."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Grid:
    """One sheet: rows of cells, where its first cell stands (row and column 1 = A1), and its merged areas.

    A merged area is (first row, first column, last row, last column) as the sheet shows them; its text stands in its
    first cell only.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    first_row: int = 1
    first_column: int = 1
    visible: bool = True
    merged: tuple[Merged, ...] = ()

    def column_letter(self, index: int) -> str:
        """The spreadsheet's letter of the index-th column of this grid."""
        number, letters = self.first_column + index, ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return letters

    def cell_place(self, index: int, place: int) -> tuple[str, int, int] | None:
        """The sheet, row and column (from 1) in which this cell stands; None for one that the sheet does not have."""
        return self.name, self.first_row + index, self.first_column + place


def read_grids(content: bytes, name: str) -> tuple[Grid, ...]:
    """Every sheet of the file; a text table is one sheet named after its file. Raises Unsafe with one sentence."""
    if not content:
        raise Unsafe("This file is empty.")
    check_size(content)
    if Path(name).suffix.lower() in (".xlsx", ".xlsm", ".ods") and not content.startswith((b"PK", OLE_MAGIC)):
        raise Unsafe(NOT_A_WORKBOOK)
    answer = _ask_child(content)
    if "refused" in answer:
        raise Unsafe(answer["refused"])
    return tuple(
        Grid(
            sheet["name"] or Path(name).stem,
            unpacked_rows(sheet),
            sheet["first_row"],
            sheet["first_column"],
            sheet["visible"],
            tuple((top, left, bottom, right) for top, left, bottom, right in sheet["merged"]),
        )
        for sheet in answer["sheets"]
    )


def _ask_child(content: bytes) -> dict:  # type: ignore[type-arg]  # parsed JSON
    answer: dict = json.loads(parent.child_answer(content))  # type: ignore[type-arg]
    return answer
