"""Bytes -> grids, whatever the format, known by the first bytes. To be called in the limited child process only
(lib/intake/child.py).

A .zip of tables is the tables in it, each as a file of its own. A workbook (.xlsx, .xlsm, .xls, .ods) is read by
python-calamine, after the check of its container. The background colours of the cells of a small .xlsx, the only way in
which some people write their groups, are read as streams by expat, after the guard has found the file safe.

Source: ECMA-376 part 1, 18.3.1.4 (c, s), 18.8.10 (cellXfs), 18.8.20 (fill), 18.8.19 (fgColor: rgb, theme, tint,
indexed).
"""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from lib.intake import vocabulary
from lib.intake.files import limits
from lib.intake.files.cell_marks import Marks, marked, marks_by_sheet
from lib.intake.files.grid import Grid, SourceFile
from lib.intake.files.guard import (
    COMPRESSIONS,
    DAMAGE,
    check_size,
    check_workbook,
)
from lib.intake.files.limits import MIB, MOST_BYTES, Lost, Merged, Unsafe
from lib.intake.files.markup import markup_sheets
from lib.intake.files.packing import packed
from lib.intake.files.statistics import kind_of, table_sheet
from lib.intake.files.text_table import text_rows
from lib.intake.files.xls_ods import OLE_MAGIC, check_old_workbook, check_open_document, is_open_document

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook, SheetMetadata

MOST_MEMBERS: Final = 100
MOST_MEMBER_BYTES: Final = 100 * MIB  # together
MARKS_OF_A_WORKBOOK: Final = ("[content_types].xml", "mimetype", "content.xml", "xl/workbook.xml", "xl/workbook.bin")
TABLES: Final = vocabulary(
    ".xlsx .xlsm .xls .ods .htm .html .xml .csv .tsv .txt .xpt .sas7bdat .sav .zsav .por .dta .parquet"
)
NO_FILES: Final = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")  # what a system adds by itself


def unpacked(files: Sequence[SourceFile]) -> list[SourceFile]:
    """The files, with the members of every .zip of tables in its place. Raises Unsafe."""
    return [member for file in files for member in _members(file)]


def _members(file: SourceFile) -> Iterator[SourceFile]:
    is_named_zip = file.name.lower().endswith(".zip")
    if not is_named_zip and file.content[:4] != b"PK\x03\x04":
        yield file
        return
    if len(file.content) > MOST_BYTES:
        raise Unsafe(f'The archive "{file.name}" is larger than {MOST_BYTES // MIB} MB. Open its tables one by one.')
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            if any(name.lower() in MARKS_OF_A_WORKBOOK for name in archive.namelist()):
                yield file
            else:
                yield from _tables(file.name, archive)
    except Unsafe:
        raise
    except DAMAGE as error:
        if not is_named_zip:
            yield file  # a damaged workbook; the guard has the sentence for it
            return
        raise Unsafe(f'The archive "{file.name}" is damaged and cannot be read. Make it again.') from error


def _tables(name: str, archive: zipfile.ZipFile) -> Iterator[SourceFile]:
    members = [member for member in archive.infolist() if not _is_no_file(member)]
    if problem := next(filter(None, map(_problem, members)), None) or _problem_of_all(members):
        raise Unsafe(f'The archive "{name}" {problem}')
    names = Counter(PurePosixPath(member.filename).name for member in members)
    for member in members:
        short = PurePosixPath(member.filename).name
        with archive.open(member) as stream:
            content = stream.read(MOST_BYTES + 1)  # never more, whatever size the archive says
        yield SourceFile(short if names[short] == 1 else member.filename, content)


def _is_no_file(member: zipfile.ZipInfo) -> bool:
    return member.is_dir() or any(part in NO_FILES for part in PurePosixPath(member.filename).parts)


def _problem(member: zipfile.ZipInfo) -> str | None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    reported = f'holds "{member.filename[:100]}", '
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return f"{reported}a name that leads out of it. It was not opened; make a new archive of the tables alone."
    if path.suffix.lower() in (".zip", ".gz", ".7z", ".rar"):
        return f"{reported}an archive within the archive. Unpack that one first."
    if member.flag_bits & 1:
        return "is protected by a password. Unpack it and open the tables in it."
    if path.suffix.lower() not in TABLES:
        return f"{reported}which is no table. Take it out, or open the tables one by one."
    if member.compress_type not in COMPRESSIONS or member.file_size > MOST_BYTES:
        return (
            f"{reported}which is larger than {MOST_BYTES // MIB} MB or packed in a way that is not read. Open it by"
            " itself."
        )
    return None


def _problem_of_all(members: Sequence[zipfile.ZipInfo]) -> str | None:
    if not members:
        return "holds no table. Put the .xlsx or .csv files into it."
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_MEMBER_BYTES:
        return (
            f"holds more than {MOST_MEMBERS} files or unfolds to more than {MOST_MEMBER_BYTES // MIB} MB. "
            "Open only the tables that are needed."
        )
    return None


@dataclass(frozen=True)
class Checked:
    """What the check of the container found, by sheet, that the parser does not give."""

    lost: Mapping[str, Lost]
    merged: Mapping[str, Sequence[Merged]] = field(default_factory=dict)
    marks: Mapping[str, Marks] = field(default_factory=dict)


def workbook_sheets(content: bytes, memory_is_limited: bool = False) -> list[Grid]:
    """Every sheet of a workbook. Raises Unsafe."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    checked = _checked(content, memory_is_limited)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets, area = [], 0
        if len(workbook.sheets_metadata) > limits.MOST_SHEETS:
            raise Unsafe(limits.TOO_MANY_SHEETS)
        for meta in workbook.sheets_metadata:
            sheet, unfolded = _sheet(workbook, meta, checked)
            area += unfolded
            if area > limits.MOST_CELLS:
                raise Unsafe(limits.TOO_LARGE)
            sheets.append(sheet)
        return sheets
    except PasswordError as error:
        raise Unsafe(limits.ENCRYPTED) from error
    except CalamineError as error:
        raise Unsafe(limits.DAMAGED) from error


def _checked(content: bytes, memory_is_limited: bool) -> Checked:
    if content[:4] == OLE_MAGIC:
        lost, marks = check_old_workbook(content)
        return Checked(lost, marks=marks)
    if is_open_document(content):
        return Checked(*check_open_document(content))
    return Checked(check_workbook(content, memory_is_limited), marks=marks_by_sheet(content))


def _sheet(workbook: "CalamineWorkbook", meta: "SheetMetadata", checked: Checked) -> tuple[Grid, int]:
    """One sheet, and how many cells the parser unfolded for it."""
    sheet = workbook.get_sheet_by_name(meta.name)
    limits.check_reach(*((place + 1 for place in sheet.end) if sheet.end else (0, 0)))
    row, column = (place + 1 for place in sheet.start or (0, 0))
    merged = checked.merged.get(meta.name) or [
        (top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    visible = meta.visible == type(meta.visible).Visible
    lost = checked.lost.get(meta.name, {})
    rows = islice(sheet.iter_rows(), sheet.start[0] if sheet.start else 0, None)  # never all cells at once
    found = packed(meta.name, rows, row, column, lost, visible, merged)
    marks = checked.marks.get(meta.name)
    return marked(found, marks) if marks else found, sheet.height * sheet.width


WORKBOOKS = (".xlsx", ".xlsm", ".ods")


def read_grids_of(files: Sequence[SourceFile], memory_is_limited: bool = False) -> tuple[Grid, ...]:
    """Every sheet of every file, members of archives among them; sheets and cells are limited for all together. Raises
    Unsafe."""
    grids: list[Grid] = []
    for file in unpacked(files):
        grids += read_grids(file.content, file.name, memory_is_limited)
        if len(grids) > limits.MOST_SHEETS:
            raise Unsafe(limits.TOO_MANY_SHEETS)
        if sum(len(grid.rows) for grid in grids) > limits.MOST_ROWS_IN_ALL:
            raise Unsafe(limits.TOO_LARGE)
        if sum(len(grid.rows) * max(map(len, grid.rows), default=0) for grid in grids) > limits.MOST_CELLS:
            raise Unsafe(limits.TOO_LARGE)
    return tuple(grids)


def read_grids(content: bytes, name: str, memory_is_limited: bool = False) -> tuple[Grid, ...]:
    """Every sheet of the file; a text table is one sheet named after its file. Raises Unsafe with one sentence."""
    if not content:
        raise Unsafe("This file is empty.")
    check_size(content)
    if Path(name).suffix.lower() in WORKBOOKS and not content.startswith((b"PK", OLE_MAGIC)):
        raise Unsafe(limits.NOT_A_WORKBOOK)
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
        if any(cells) and max(map(len, filter(None, cells))) > limits.LONGEST_CELL
        for place, cell in enumerate(cells)
        if cell and len(cell) > limits.LONGEST_CELL
    ]
    for row, place in cut:
        rows[row - first_row][place - 1] = str(rows[row - first_row][place - 1])[: limits.LONGEST_CELL]
    return [Grid("", tuple(map(tuple, rows)), first_row, cut=tuple(cut), reported=tuple(reported))]
