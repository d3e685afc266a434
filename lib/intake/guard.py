"""Looks through an .xlsx before any parser sees it: a small file can unfold into more than a machine can hold.

One cell at XFD1048576 (1.7 kB) ends the whole process inside the parser, so size, parts, entities and the used range
are read first, as a stream. expat, not a regular expression: `r = "XFD1048576"` or `a=">"` would slip past one.
"""

import io
import zipfile
from typing import IO, Final
from xml.parsers import expat

MIB: Final = 1 << 20
MOST_BYTES: Final = 25 * MIB
MOST_UNPACKED_BYTES: Final = 300 * MIB
MOST_PARTS: Final = 500
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 400
MOST_CELLS: Final = 5_000_000
LONGEST_TEXT: Final = 4 * 32_767  # Excel itself allows 32,767 characters a cell

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


class Unsafe(ValueError):
    """The file will not be read; its text is the sentence for the reader."""


def check_workbook(content: bytes) -> None:
    """Raise Unsafe, with one sentence for the reader, if this is not a workbook that is safe to parse."""
    if len(content) > MOST_BYTES:
        raise Unsafe(
            f"This file is larger than {MOST_BYTES // MIB} MB. Copy the tables that are needed into a new workbook."
        )
    try:
        _check_parts(zipfile.ZipFile(io.BytesIO(content)))
    except Unsafe:
        raise
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        UnicodeError,
        EOFError,
        NotImplementedError,
        ValueError,
        OSError,
    ) as error:
        raise Unsafe(DAMAGED) from error


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Unsafe(NOT_A_WORKBOOK)
    if any(part.flag_bits & 1 for part in parts):
        raise Unsafe(ENCRYPTED)
    if len(names) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise Unsafe(TOO_LARGE)
    if len({name.lower() for name in names}) != len(names):
        raise Unsafe(DAMAGED)
    budget, area = MOST_UNPACKED_BYTES, 0
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            with archive.open(part) as stream:
                scan = _Scan(relationships=part.filename.lower().endswith("workbook.xml.rels"))
                budget -= scan.read(stream, budget)
            area += scan.last_row * scan.last_column
            if area > MOST_CELLS:
                raise Unsafe(_far_out(scan.last_row, scan.last_column))


class _Scan:
    """Streams one XML part and keeps the last row and column that any cell claims."""

    def __init__(self, relationships: bool) -> None:
        self.relationships = relationships
        self.row = self.column = self.last_row = self.last_column = self.text_length = 0
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
        tag = name.rpartition(":")[2]
        if tag == "row":
            self.row = int(attributes["r"]) if attributes.get("r", "").isdigit() else self.row + 1
            self.column = 0
        elif tag == "c":
            self.row, self.column = _position(attributes["r"]) if "r" in attributes else (self.row, self.column + 1)
        elif tag == "Relationship" and self.relationships and not attributes.get("Target", "").lower().endswith(".xml"):
            raise Unsafe(DAMAGED)  # else a sheet could hide from this scan in sheet1.dat
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        if self.last_row > MOST_ROWS or self.last_column > MOST_COLUMNS:
            raise Unsafe(_far_out(self.last_row, self.last_column))

    def _text(self, text: str) -> None:
        self.text_length += len(text)
        if self.text_length > LONGEST_TEXT:
            raise Unsafe(HUGE_TEXT)

    def _refuse_entities(self, *_: object) -> None:
        raise Unsafe(ENTITIES)


def _position(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter.upper()) - 64
    digits = reference[len(letters) :]
    return (int(digits) if digits else 0), column


def _far_out(rows: int, columns: int) -> str:
    return (
        f"A sheet of this workbook reaches out to row {rows:,} and column {columns:,}, beyond the {MOST_ROWS:,} rows, "
        f"{MOST_COLUMNS} columns and {MOST_CELLS:,} cells that can be read. Delete what stands far from the tables."
    )
