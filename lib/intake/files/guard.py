"""Looks through an .xlsx before any parser sees it: a small file can unfold into more than a machine can hold.

One cell at XFD1048576 (1.7 kB) ends the whole process inside the parser, so size, parts, entities and the used range
are read first, as streams: never more than their budget, never an entity. By expat, not by a regular expression:
`r = "XFD1048576"` or `a=">"` would slip past one. It notes how far cells reach and which of them a parser would lose.

A part without formulas, errors and declarations, every cell of which says its place as nearly all programs write it, is
not scanned cell by cell: expat finds it whole, and its places say how far it reaches at most. Where the system limits
the memory of the child, nothing that unfolds can do harm, and a large part need not be searched for them.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import IO, Final
from xml.parsers import expat

from lib.intake.files import limits
from lib.intake.files.limits import Lost, Unsafe

# A declaration, a formula (with or without a prefix) and the type of an error cell.
MARKS: Final = (b"<!", b"<f", b":f", b'"e"', b"'e'")
HEAD: Final = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<\?xml(?![^>]*encoding)[^>]*>|<\?xml[^>]*encoding=.utf-8.[^>]*>|<\w)", re.I
)


# A cell as nearly all programs write it, its place first; a cell however it is written, or any element with a prefix.
CELL: Final = re.compile(rb'<c r="([A-Z]{1,3}[1-9]\d{0,6})"(?: [st]="\w*")* ?/?>')
ANY_CELL: Final = re.compile(rb"<(?:c[\s/>]|[^\s<>/]+:)")
Reach = tuple[int, int]  # last row and column


def is_plain(stream: IO[bytes], budget: int) -> bool:
    """Whether nothing in this part needs the full scan. Raises Unsafe if it unfolds to more than `budget` bytes."""
    return all(text is not None for text in _plain_texts(stream, budget))


def plain_reach(stream: IO[bytes], budget: int) -> Reach | None:
    """How far the cells of a part reach at most that says nothing in another way than nearly all programs do; None
    where only the full scan can tell. Raises Unsafe."""
    checked, columns, rows = XmlStream(), {b""}, {b"0"}
    for text in _plain_texts(stream, budget):
        if text is None:
            return None
        checked.parser.Parse(text, False)
        places = CELL.findall(text)
        if len(places) != len(ANY_CELL.findall(text)):
            return None
        written = b" ".join(places)
        columns.update(written.translate(None, b"0123456789").split())
        rows.update(written.translate(None, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ").split())
    checked.parser.Parse(b"", True)
    return max(map(int, rows)), max(limits.column_number(letters.decode()) for letters in columns)


def _plain_texts(stream: IO[bytes], budget: int) -> Iterator[bytes | None]:
    """The text of a part, some whole tags at a time; None, and no more, from where it needs the full scan."""
    size, n_merged, rest = 0, 0, b""
    while chunk := stream.read(limits.MIB):
        size += len(chunk)
        n_merged += chunk.count(b"mergeCell")
        if size > budget:
            raise Unsafe(limits.TOO_LARGE)
        text = rest + chunk
        unlike = n_merged > limits.MOST_MERGED or (size == len(chunk) and not HEAD.match(text))
        tag = None if unlike or any(mark in text for mark in MARKS) else _last_tag(text)
        if tag is None:
            yield None
            return
        yield text[:tag]
        rest = text[tag:]
    yield rest


def _last_tag(text: bytes) -> int | None:
    """Where the last tag begins; None if somewhere no tag begins for longer than any cell's text."""
    place = 0
    while (found := text.rfind(b"<", place, place + limits.LONGEST_TEXT)) >= 0:
        place = found + 1
    return None if len(text) - place >= limits.LONGEST_TEXT else max(place - 1, 0)


CHUNK: Final = 1 << 18
LONGEST_TAG: Final = 4 * CHUNK  # bytes without the end of any tag: an attribute or text longer than any cell's


class XmlStream:
    """What every scan shares. A scan says what it does with the start and end of an element and with text."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_entities
        self.parser.EntityDeclHandler = self._refuse_entities

    def read(self, stream: IO[bytes], budget: int) -> int:
        """Read the part to its end; return its unpacked size. Raises Unsafe where it unfolds beyond the budget."""
        size = without_tag = 0
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            without_tag = 0 if b">" in chunk else without_tag + len(chunk)
            if size > budget:
                raise Unsafe(limits.TOO_LARGE)
            if without_tag > LONGEST_TAG:
                raise Unsafe(limits.HUGE_TEXT)
            self.parser.Parse(chunk, False)
        self.parser.Parse(b"", True)
        return size

    def _refuse_entities(self, *_: object) -> None:
        raise Unsafe(limits.ENTITIES)


SHOWN_TEXT: Final = 60  # as much of a formula as a finding shows
LETTERS: Final = re.compile("[A-Z]{1,3}")
DIGITS: Final = "0123456789"
MOST_DIGITS: Final = 7
NO_ROW: Final = "?"
SOMETHING: Final = frozenset(("v", "is", "f"))


class PartScan(XmlStream):
    """Streams one XML part. Keeps the last row and column in which something stands, and the cells that are lost.

    Of the workbook itself it keeps the sheets (name and relation), of its relations the part that each one names.
    """

    def __init__(self) -> None:
        super().__init__()
        self.row = self.column = self.last_row = self.last_column = self.text_length = 0
        self.tag = self.cell_type = ""
        self.digits = NO_ROW  # of the row, as the cell before was called
        self.lost: Lost = {}
        self.is_lost = False
        self.n_merged = 0
        self.columns: dict[str, int] = {}
        self.sheets: list[tuple[str, str]] = []
        self.targets: dict[str, list[str]] = {}
        self.parser.StartElementHandler = self._start
        self.parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.text_length = 0
        self.tag = tag = name.rpartition(":")[2] if ":" in name else name
        if tag == "c":
            reference = attributes.get("r")
            if not reference:
                self.column += 1
            elif reference.endswith(self.digits) and (known := self.columns.get(reference[: -len(self.digits)])):
                self.column = known  # in the row of the cell before, as nearly all are
            else:
                self._place(reference)
            self.cell_type = attributes.get("t", "")
            self.is_lost = False
        elif tag in SOMETHING:
            further = self.row > self.last_row or self.column > self.last_column
            if further or tag == "f" or self.cell_type == "e":
                self._something_stands_here()
        elif tag != "t":
            self._not_a_cell(tag, attributes)

    def _not_a_cell(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
            self.column, self.digits = 0, NO_ROW
        elif tag == "sheet":
            relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            self.sheets.append((attributes.get("name", ""), relation))
            if len(self.sheets) > limits.MOST_SHEETS:
                raise Unsafe(limits.TOO_MANY_SHEETS)
        elif tag == "mergeCell":
            self.n_merged += 1
            if self.n_merged > limits.MOST_MERGED:
                raise Unsafe(limits.TOO_MANY_MERGED)
        elif tag == "Relationship":
            self.targets.setdefault(attributes.get("Id", ""), []).append(attributes.get("Target", ""))

    def _something_stands_here(self) -> None:
        """A formula is lost until its value is met; the value of a cell of type "e" is an error."""
        if self.row > self.last_row or self.column > self.last_column:
            self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
            limits.check_reach(self.last_row, self.last_column)
        if self.tag == "f":
            self.lost[self.row, self.column] = "="
            self.is_lost = True
        elif self.cell_type == "e":
            self.lost[self.row, self.column] = ""
            self.is_lost = True

    def _text(self, text: str) -> None:
        self.text_length += len(text)
        if self.text_length > limits.LONGEST_TEXT:
            raise Unsafe(limits.HUGE_TEXT)
        if self.is_lost and text.strip():
            place = (self.row, self.column)
            if self.tag == "f" or self.cell_type == "e":
                self.lost[place] = (self.lost[place] + text.strip())[:SHOWN_TEXT]
            else:
                del self.lost[place]
                self.is_lost = False

    def _place(self, reference: str) -> None:
        letters = reference.rstrip(DIGITS)
        self.column = self.columns.get(letters) or self._column(letters)
        self.digits = reference[len(letters) :]
        self.row = _row(self.digits)

    def _column(self, letters: str) -> int:
        """The number of a column's letters, remembered: there are few columns and many cells."""
        if not LETTERS.fullmatch(letters):
            raise Unsafe(limits.DAMAGED)
        column = self.columns[letters] = limits.column_number(letters)
        return column


def _row(digits: str) -> int:
    if not 0 < len(digits) <= MOST_DIGITS:
        raise Unsafe(limits.DAMAGED)
    return int(digits)


WORKBOOK: Final = "xl/workbook.xml"
RELATIONS: Final = "xl/_rels/workbook.xml.rels"
BINARY: Final = "xl/workbook.bin"
OTHER_FORMATS: Final = (BINARY, "content.xml", "mimetype")  # .xlsb and .ods: the parser would read them too
COMPRESSIONS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
SMALL_PART: Final = limits.MIB  # scanned in full in a few hundredths of a second
MOST_SCANNED_BYTES: Final = 16 * limits.MIB  # of small parts together
DAMAGE: Final = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, RuntimeError, ValueError, OSError)


def check_workbook(content: bytes, memory_is_limited: bool = False) -> dict[str, Lost]:
    """Raise Unsafe, with one sentence for the reader, if this is not a workbook that is safe to parse.

    Gives, by sheet, the cells that the parser will show as empty although something stands in them.
    """
    check_size(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [part.filename.lower() for part in archive.infolist()]
            if BINARY in names and WORKBOOK not in names:
                raise Unsafe(limits.BINARY_WORKBOOK)
            if WORKBOOK not in names or any(name in names for name in OTHER_FORMATS):
                raise Unsafe(limits.NOT_A_WORKBOOK)
            check_parts(archive.infolist())
            return _lost_by_sheet(_scanned(archive, memory_is_limited))
    except Unsafe:
        raise
    except DAMAGE as error:
        raise Unsafe(limits.DAMAGED) from error


def check_size(content: bytes) -> None:
    """Raise Unsafe for a file that is larger than any cohort."""
    if len(content) > limits.MOST_BYTES:
        raise Unsafe(
            f"This file is larger than {limits.MOST_BYTES // limits.MIB} MB. Copy the tables that are needed into a new"
            " workbook."
        )


def check_parts(parts: list[zipfile.ZipInfo]) -> None:
    """Raise Unsafe for a zip container with encrypted, doubled, too many or too large parts."""
    names = [part.filename.lower() for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise Unsafe(limits.ENCRYPTED)
    if len(names) > limits.MOST_PARTS or sum(part.file_size for part in parts) > limits.MOST_UNPACKED_BYTES:
        raise Unsafe(limits.TOO_LARGE)
    if len(set(names)) != len(names) or any(part.compress_type not in COMPRESSIONS for part in parts):
        raise Unsafe(limits.DAMAGED)


def _scanned(archive: zipfile.ZipFile, memory_is_limited: bool, by_places: bool = True) -> dict[str, PartScan]:
    """Every XML part, looked through, by its name in small letters; not `by_places` every cell of it."""
    scans: dict[str, PartScan] = {}
    budget, area, most, scanned = limits.MOST_UNPACKED_BYTES, 0, 0, 0
    for part in archive.infolist():
        name = part.filename.lower()
        if not name.endswith((".xml", ".rels")):
            continue
        scan = scans[name] = PartScan()
        by_memory = memory_is_limited and (part.file_size > SMALL_PART or scanned > MOST_SCANNED_BYTES)
        if name not in (WORKBOOK, RELATIONS) and (by_memory or by_places):
            cells = _most_cells(archive, part, budget, by_memory)
            if cells is not None and most + cells > limits.MOST_CELLS:
                return _scanned(archive, memory_is_limited, False)
            if cells is not None:
                budget, most, scanned = (
                    budget - part.file_size,
                    most + cells,
                    scanned + (not by_memory) * part.file_size,
                )
                continue
        with archive.open(part) as stream:
            size = scan.read(stream, budget)
        budget, scanned, area = budget - size, scanned + size, area + scan.last_row * scan.last_column
        if area > limits.MOST_CELLS:
            raise Unsafe(limits.far_out(scan.last_row, scan.last_column))
    return scans


def _most_cells(archive: zipfile.ZipFile, part: zipfile.ZipInfo, budget: int, by_memory: bool) -> int | None:
    """How many cells a parser makes of this part at most, 0 where the system limits them; None where only the full
    scan can tell."""
    with archive.open(part) as stream:
        if by_memory:
            return 0 if is_plain(stream, budget) else None
        reach = plain_reach(stream, budget)
    if reach is None or reach[0] > limits.MOST_ROWS or reach[1] > limits.LAST_COLUMN:
        return None
    return reach[0] * reach[1]


def part_of(target: str) -> str:
    """The part, in small letters, that the relations of a workbook name so."""
    part = target.lower().removeprefix("/")
    return posixpath.normpath(part if part.startswith("xl/") else f"xl/{part}")


def _lost_by_sheet(scans: Mapping[str, PartScan]) -> dict[str, Lost]:
    relations = scans[RELATIONS].targets if RELATIONS in scans else {}
    lost: dict[str, Lost] = {}
    for sheet, relation in scans[WORKBOOK].sheets:
        for target in relations.get(relation, [""]):
            part = part_of(target)
            if part not in scans:
                raise Unsafe(limits.DAMAGED)  # a sheet in sheet1.dat would not have been looked through
            lost[sheet] = scans[part].lost
    return lost
