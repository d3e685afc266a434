"""Looks through an .xlsx before any parser sees it: a small file can unfold into more than a machine can hold.

One cell at XFD1048576 (1.7 kB) ends the whole process inside the parser, so size, parts, entities and the used range
are read first, as a stream. expat, not a regular expression: `r = "XFD1048576"` or `a=">"` would slip past one.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import IO, Final
from xml.parsers import expat

MIB: Final = 1 << 20
MOST_BYTES: Final = 25 * MIB
MOST_UNPACKED_BYTES: Final = 300 * MIB
MOST_PARTS: Final = 500
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 400
MOST_CELLS: Final = 2_000_000  # read in about 7 seconds
LONGEST_TEXT: Final = 4 * 32_767  # Excel itself allows 32,767 characters a cell
SHOWN_TEXT: Final = 60  # as much of a formula as a finding shows
WORKBOOK: Final = "xl/workbook.xml"
RELATIONS: Final = "xl/_rels/workbook.xml.rels"
OTHER_FORMATS: Final = ("xl/workbook.bin", "content.xml", "mimetype")  # .xlsb and .ods: the parser would read them too

NOT_A_WORKBOOK: Final = (
    "This is not an Excel workbook (.xlsx). Open it in your spreadsheet program and save it as .xlsx or .csv."
)
DAMAGED: Final = "This workbook is damaged and cannot be read. Open it in your spreadsheet program, save it again, and try that copy."
TOO_LARGE: Final = (
    "This workbook unfolds to more than can be read safely. Copy the tables that are needed into a new workbook."
)
ENCRYPTED: Final = (
    "This workbook is protected by a password. Remove the password in your spreadsheet program and save it again."
)
ENTITIES: Final = "This workbook contains XML entities, which spreadsheets never need. It was not opened."
HUGE_TEXT: Final = (
    "A cell of this workbook holds more text than a spreadsheet can. Copy the tables into a new workbook."
)


CELL: Final = re.compile("([A-Z]{1,3})([0-9]{1,7})")
COMPRESSIONS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
Lost = dict[tuple[int, int], str]  # (row, column) -> the spreadsheet error, or the formula that was never calculated


class Unsafe(ValueError):
    """The file will not be read; its text is the sentence for the reader."""


def check_workbook(content: bytes) -> dict[str, Lost]:
    """Raise Unsafe, with one sentence for the reader, if this is not a workbook that is safe to parse.

    Gives, by sheet, the cells that the parser will show as empty although something stands in them.
    """
    if len(content) > MOST_BYTES:
        raise Unsafe(
            f"This file is larger than {MOST_BYTES // MIB} MB. Copy the tables that are needed into a new workbook."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_names(archive.infolist())
            return _lost_by_sheet(_scanned(archive))
    except Unsafe:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        EOFError,
        RuntimeError,
        ValueError,
        OSError,
    ) as error:
        raise Unsafe(DAMAGED) from error


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    if WORKBOOK not in names or any(name in names for name in OTHER_FORMATS):
        raise Unsafe(NOT_A_WORKBOOK)
    if any(part.flag_bits & 1 for part in parts):
        raise Unsafe(ENCRYPTED)
    if len(names) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise Unsafe(TOO_LARGE)
    if len(set(names)) != len(names) or any(part.compress_type not in COMPRESSIONS for part in parts):
        raise Unsafe(DAMAGED)


def _scanned(archive: zipfile.ZipFile) -> dict[str, "_Scan"]:
    """Every XML part, looked through, by its name in small letters."""
    scans: dict[str, _Scan] = {}
    budget, area = MOST_UNPACKED_BYTES, 0
    for part in archive.infolist():
        name = part.filename.lower()
        if name.endswith((".xml", ".rels")):
            scan = scans[name] = _Scan()
            with archive.open(part) as stream:
                budget -= scan.read(stream, budget)
            area += scan.last_row * scan.last_column
            if area > MOST_CELLS:
                raise Unsafe(_far_out(scan.last_row, scan.last_column))
    return scans


def _lost_by_sheet(scans: Mapping[str, "_Scan"]) -> dict[str, Lost]:
    relations = scans[RELATIONS].targets if RELATIONS in scans else {}
    lost: dict[str, Lost] = {}
    for sheet, relation in scans[WORKBOOK].sheets:
        for target in relations.get(relation, [""]):
            part = target.lower().removeprefix("/")
            part = posixpath.normpath(part if part.startswith("xl/") else f"xl/{part}")
            if part not in scans:
                raise Unsafe(DAMAGED)  # a sheet in sheet1.dat would not have been looked through
            lost[sheet] = scans[part].lost
    return lost


class _Scan:
    """Streams one XML part. Keeps the last row and column in which something stands, and the cells that are lost.

    Of the workbook itself it keeps the sheets (name and relation), of its relations the part that each one names.
    """

    def __init__(self) -> None:
        self.row = self.column = self.last_row = self.last_column = self.text_length = 0
        self.tag = self.cell_type = ""
        self.lost: Lost = {}
        self.sheets: list[tuple[str, str]] = []
        self.targets: dict[str, list[str]] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse_entities
        self.parser.EntityDeclHandler = self._refuse_entities

    def read(self, stream: IO[bytes], budget: int) -> int:
        """Read the part to its end; return its unpacked size."""
        size = 0
        while chunk := stream.read(1 << 18):
            size += len(chunk)
            if size > budget:
                raise Unsafe(TOO_LARGE)
            self.parser.Parse(chunk, False)
        self.parser.Parse(b"", True)
        return size

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.text_length = 0
        self.tag = tag = name.rpartition(":")[2]
        if tag == "c":
            self.row, self.column = _position(attributes["r"]) if "r" in attributes else (self.row, self.column + 1)
            self.cell_type = attributes.get("t", "")
        elif tag in ("v", "is", "f"):
            self._something_stands_here()
        elif tag == "row":
            self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = 0
        elif tag == "sheet":
            relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            self.sheets.append((attributes.get("name", ""), relation))
        elif tag == "Relationship":
            self.targets.setdefault(attributes.get("Id", ""), []).append(attributes.get("Target", ""))

    def _something_stands_here(self) -> None:
        """A formula is lost until its value is met; the value of a cell of type "e" is an error."""
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        if self.last_row > MOST_ROWS or self.last_column > MOST_COLUMNS:
            raise Unsafe(_far_out(self.last_row, self.last_column))
        if self.tag == "f":
            self.lost[self.row, self.column] = "="
        elif self.cell_type == "e":
            self.lost[self.row, self.column] = ""

    def _text(self, text: str) -> None:
        self.text_length += len(text)
        if self.text_length > LONGEST_TEXT:
            raise Unsafe(HUGE_TEXT)
        place = (self.row, self.column)
        if place in self.lost and text.strip():
            if self.tag == "f" or self.cell_type == "e":
                self.lost[place] = (self.lost[place] + text.strip())[:SHOWN_TEXT]
            else:
                del self.lost[place]

    def _refuse_entities(self, *_: object) -> None:
        raise Unsafe(ENTITIES)


def _position(reference: str) -> tuple[int, int]:
    found = CELL.fullmatch(reference)
    if not found:
        raise Unsafe(DAMAGED)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def _far_out(rows: int, columns: int) -> str:
    return (
        f"A sheet of this workbook reaches out to row {rows:,} and column {columns:,}, beyond the {MOST_ROWS:,} rows, "
        f"{MOST_COLUMNS} columns and {MOST_CELLS:,} cells that can be read. Delete what stands far from the tables."
    )
