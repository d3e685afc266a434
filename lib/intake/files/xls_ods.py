"""Looks through an old Excel workbook (.xls) or an OpenDocument spreadsheet (.ods) before the parser sees it.

The .xls is a stream of an OLE compound file, as is every encrypted .xlsx; the errors in its cells are found, which the
parser loses. In an .ods one repeated cell can mean millions.

Source: [MS-CFB], Compound File Binary File Format: header 2.2, FAT 2.3, mini FAT 2.4, directory 2.6. [MS-XLS], Excel
Binary File Format: BoundSheet8 2.4.28, FilePass 2.4.117, BoolErr 2.4.24, Formula 2.4.127, Format 2.4.126,
XF 2.4.353, Row 2.4.221. OpenDocument 1.3 part 3, 9.1
(tables, rows, cells), 19.677 number-columns-repeated, 19.680 number-rows-repeated.
"""

import io
import struct
import zipfile
from collections.abc import Container, Iterator
from itertools import takewhile
from typing import Final

from lib.intake.files import limits
from lib.intake.files.cell_marks import MOST_COLOURED, PERCENT_FORMATS, Marks
from lib.intake.files.guard import DAMAGE, WORKBOOK, XmlStream, check_parts, check_size
from lib.intake.files.limits import Lost, Merged, Unsafe

OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0"
END: Final = 0xFFFFFFFA  # numbers from here on are marks, not sectors
HEADER_BYTES: Final = 512
ENTRY_BYTES: Final = 128
SMALL_SECTOR: Final = 64
STREAM, ROOT = 2, 5


class CompoundFile:
    """The streams of a compound file by name. Raises Unsafe where its chains lead nowhere or in a circle."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        if len(content) < HEADER_BYTES:
            raise Unsafe(limits.DAMAGED)
        self._size = 1 << min(struct.unpack_from("<H", content, 30)[0], 16)
        directory, self._cutoff, small_fat = (struct.unpack_from("<I", content, place)[0] for place in (48, 56, 60))
        self._fat = self._numbers(b"".join(map(self._sector, self._fat_sectors())))
        self._small_fat = self._numbers(self._chain(small_fat))
        self._entries: dict[str, tuple[int, int]] = {}
        small_start = END
        entries = self._chain(directory)
        for place in range(0, len(entries) - ENTRY_BYTES + 1, ENTRY_BYTES):
            length, kind = struct.unpack_from("<HB", entries, place + 64)
            start, size = struct.unpack_from("<II", entries, place + 116)
            if kind == ROOT:
                small_start = start
            elif kind == STREAM:
                name = entries[place : place + min(max(length - 2, 0), 62)].decode("utf-16-le", errors="replace")
                self._entries.setdefault(name, (start, size))
        self._small = self._chain(small_start)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def stream(self, name: str) -> bytes:
        """The bytes of this stream."""
        start, size = self._entries[name]
        if size >= self._cutoff:
            return self._chain(start)[:size]
        pieces = (
            self._small[number * SMALL_SECTOR : (number + 1) * SMALL_SECTOR]
            for number in self._walk(start, self._small_fat)
        )
        return b"".join(pieces)[:size]

    def _fat_sectors(self) -> list[int]:
        sectors = [number for number in struct.unpack_from("<109I", self._content, 76) if number < END]
        following, seen = struct.unpack_from("<I", self._content, 68)[0], 0
        while following < END:
            numbers = self._numbers(self._sector(following))
            sectors += [number for number in numbers[:-1] if number < END]
            following, seen = numbers[-1] if numbers else END, seen + 1
            if seen * self._size > len(self._content):
                raise Unsafe(limits.DAMAGED)
        if len(sectors) * self._size > len(self._content):
            raise Unsafe(limits.DAMAGED)
        return sectors

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._content[start : start + self._size]

    def _chain(self, start: int) -> bytes:
        return b"".join(map(self._sector, self._walk(start, self._fat)))

    def _walk(self, start: int, table: tuple[int, ...]) -> list[int]:
        numbers: list[int] = []
        while start < END:
            if start >= len(table) or len(numbers) > len(table):
                raise Unsafe(limits.DAMAGED)
            numbers.append(start)
            start = table[start]
        return numbers

    @staticmethod
    def _numbers(content: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])


STREAMS: Final = ("Workbook", "WORKBOOK", "Book", "BOOK")
BEGIN, END_OF_PART, PASSWORD, SHEET = 0x0809, 0x000A, 0x002F, 0x0085
FORMAT, CELL_FORMAT, ROW, HIDDEN = 0x041E, 0x00E0, 0x0208, 0x20
FORMULA, BOOL_OR_ERROR, NUMBER = 0x0006, 0x0205, 0x0203
RK, LABEL, SHARED_LABEL, MANY_RK = 0x027E, 0x0204, 0x00FD, 0x00BD
ONE_CELL: Final = (FORMULA, BOOL_OR_ERROR, NUMBER, RK, LABEL, SHARED_LABEL)
ERRORS: Final = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
UNKNOWN_ERROR: Final = "#ERROR!"
ERROR_RESULT: Final = 2


def check_old_workbook(content: bytes) -> tuple[dict[str, Lost], dict[str, Marks]]:
    """Raise Unsafe for what is no readable .xls; gives, by sheet, the cells with an error, and marks."""
    if "EncryptedPackage".encode("utf-16-le") in content:  # an .xlsx with a password
        raise Unsafe(limits.ENCRYPTED)
    container = CompoundFile(content)
    name = next((name for name in STREAMS if name in container), None)
    if name is None:
        raise Unsafe(limits.NOT_A_WORKBOOK)
    try:
        return _by_sheet(container.stream(name))
    except (struct.error, UnicodeDecodeError, IndexError) as error:
        raise Unsafe(limits.DAMAGED) from error


def _by_sheet(stream: bytes) -> tuple[dict[str, Lost], dict[str, Marks]]:
    starts: list[tuple[int, str]] = []
    for kind, body in _records(stream, 0):
        if kind == PASSWORD:
            raise Unsafe(limits.ENCRYPTED)
        if kind == SHEET:
            starts.append((struct.unpack_from("<I", body)[0], _short_text(body[6:])))
        elif kind == END_OF_PART:
            break
    lost: dict[str, Lost] = {}
    marks: dict[str, Marks] = {}
    area, shares = 0, _shares(stream)
    for start, name in starts:
        marks[name] = Marks()
        lost[name], rows, columns = _sheet(stream, start, shares, marks[name])
        area += rows * columns
        if area > limits.MOST_CELLS:
            raise Unsafe(limits.far_out(rows, columns))
    return lost, marks


def _shares(stream: bytes) -> set[int]:
    """The looks of cells, by number, that are percents."""
    percents, looks = set(map(int, PERCENT_FORMATS)), []
    for kind, body in takewhile(lambda record: record[0] != END_OF_PART, _records(stream, 0)):
        if kind == FORMAT and b"%" in body[5:]:
            percents.add(struct.unpack_from("<H", body)[0])
        elif kind == CELL_FORMAT:
            looks.append(struct.unpack_from("<H", body, 2)[0])
    return {look for look, number in enumerate(looks) if number in percents}


def _sheet(stream: bytes, start: int, shares: Container[int], marks: Marks) -> tuple[Lost, int, int]:
    """The cells with an error, and how far the cells reach; what they look like goes into the marks."""
    lost: Lost = {}
    last_row = last_column = depth = 0
    for kind, body in _records(stream, start):
        depth += (kind == BEGIN) - (kind == END_OF_PART)  # a chart within the sheet is a part of its own
        if depth == 0:
            break
        if depth == 1 and kind == ROW and body[12] & HIDDEN:
            marks.hidden.append(struct.unpack_from("<H", body)[0] + 1)
        if depth > 1 or (kind not in ONE_CELL and kind != MANY_RK):
            continue
        row, column = struct.unpack_from("<HH", body)
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == MANY_RK else column
        last_row, last_column = max(last_row, row + 1), max(last_column, last + 1)
        limits.check_reach(last_row, last_column)
        marks.percents += _percents(kind, body, shares) if len(marks.percents) < MOST_COLOURED else []
        if (error := _error(kind, body)) is not None:
            lost[row + 1, column + 1] = ERRORS.get(error, UNKNOWN_ERROR)
    return lost, last_row, last_column


def _percents(kind: int, body: bytes, shares: Container[int]) -> list[tuple[int, int]]:
    """Which of the cells of a record are formatted as percents."""
    row, first = struct.unpack_from("<HH", body)
    looks = [struct.unpack_from("<H", body, at)[0] for at in (range(4, len(body) - 2, 6) if kind == MANY_RK else (4,))]
    return [(row + 1, first + place) for place, look in enumerate(looks, 1) if look in shares]


def _error(kind: int, body: bytes) -> int | None:
    if kind == BOOL_OR_ERROR and body[7]:
        return body[6]
    if kind == FORMULA and body[12:14] == b"\xff\xff" and body[6] == ERROR_RESULT:
        return body[8]
    return None


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        body = stream[place + 4 : place + 4 + size]
        if len(body) < size:
            raise Unsafe(limits.DAMAGED)
        yield kind, body
        place += 4 + size


def _short_text(body: bytes) -> str:
    length, is_wide = body[0], body[1] & 1
    return body[2 : 2 + length * 2].decode("utf-16-le") if is_wide else body[2 : 2 + length].decode("latin-1")


KIND: Final = b"application/vnd.oasis.opendocument.spreadsheet"
CONTENT: Final = "content.xml"
MANIFEST: Final = "META-INF/manifest.xml"
CELLS: Final = ("table:table-cell", "table:covered-table-cell")
MOST_REPEATED: Final = 100_000  # cells of whole rows that are only said to stand there again
REPEATED: Final = (
    "This workbook says of one filled row that it stands there thousands of times. Copy the tables into a new workbook."
)
REMARKS: Final = ("office:annotation", "table:tracked-changes", "draw:frame", "table:shapes")


def is_open_document(content: bytes) -> bool:
    """Whether this zip says of itself, in its first part, that it is a spreadsheet of OpenDocument."""
    return content[30:38] == b"mimetype" and content[38 : 38 + len(KIND)] == KIND


def check_open_document(content: bytes) -> tuple[dict[str, Lost], dict[str, list[Merged]], dict[str, Marks]]:
    """Raise Unsafe for what is no safe .ods; gives, by sheet, cells with an error, merged areas and marks."""
    check_size(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            check_parts(archive.infolist())
            if CONTENT not in names or WORKBOOK in map(str.lower, names):
                raise Unsafe(limits.NOT_A_WORKBOOK)
            if MANIFEST in names and b"encryption-data" in archive.open(MANIFEST).read(1 << 20):
                raise Unsafe(limits.ENCRYPTED)
            scan = ContentScan()
            with archive.open(CONTENT) as stream:
                scan.read(stream, limits.MOST_UNPACKED_BYTES)
    except Unsafe:
        raise
    except DAMAGE as error:
        raise Unsafe(limits.DAMAGED) from error
    return scan.lost, scan.merged, scan.marks


class ContentScan(XmlStream):
    """Streams content.xml; counts cells as the parser would unfold them."""

    def __init__(self) -> None:
        super().__init__()
        self.lost: dict[str, Lost] = {}
        self.merged: dict[str, list[Merged]] = {}
        self.marks: dict[str, Marks] = {}
        self.sheet = self.error = ""
        self.row = self.column = self.last_row = self.last_column = self.area = 0
        self.n_sheets = self.n_merged = self.repeated = self.row_repeated = 0
        self.row_times = self.cell_times = self.remarks = self.text_length = 0
        self.row_is_used = self.cell_is_used = self.is_error = False
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in REMARKS:
            self.remarks += 1
        elif self.remarks:
            return
        elif name in CELLS:
            self._start_cell(name, attributes)
        elif name == "table:table-row":
            self.row, self.column, self.row_is_used, self.row_repeated = self.row + 1, 0, False, 0
            self.row_times = int(attributes.get("table:number-rows-repeated", 1))
            if attributes.get("table:visibility", "visible") != "visible" and self.row_times == 1:
                self.marks.setdefault(self.sheet, Marks()).hidden.append(self.row)
        elif name == "table:table":
            self.sheet = attributes.get("table:name", "")
            self.row = self.last_row = self.last_column = 0
            self.n_sheets += 1
            if self.n_sheets > limits.MOST_SHEETS:
                raise Unsafe(limits.TOO_MANY_SHEETS)

    def _start_cell(self, name: str, attributes: dict[str, str]) -> None:
        self.column += 1
        self.cell_times = int(attributes.get("table:number-columns-repeated", 1))
        self.error, self.text_length = "", 0
        self.is_error = attributes.get("calcext:value-type") == "error"
        percents = self.marks.setdefault(self.sheet, Marks()).percents
        if attributes.get("office:value-type") == "percentage" and len(percents) < MOST_COLOURED:
            percents += [(self.row, self.column)]
        self.cell_is_used = any(key.endswith(("value-type", "value", "formula")) for key in attributes)
        down, right = (int(attributes.get(f"table:number-{way}-spanned", 1)) for way in ("rows", "columns"))
        if name == CELLS[0] and (down > 1 or right > 1):
            area = (self.row, self.column, self.row + down - 1, self.column + right - 1)
            self.merged.setdefault(self.sheet, []).append(area)
            self.n_merged += 1
            if self.n_merged > limits.MOST_MERGED:
                raise Unsafe(limits.TOO_MANY_MERGED)

    def _end(self, name: str) -> None:
        if name in REMARKS:
            self.remarks -= 1
        elif self.remarks:
            return
        elif name in CELLS:
            if self.is_error:
                self.lost.setdefault(self.sheet, {})[self.row, self.column] = self.error or "#ERROR!"
            self.column += self.cell_times - 1
            if self.cell_is_used:
                self.row_is_used, self.last_column = True, max(self.last_column, self.column)
                self.row_repeated += self.cell_times
        elif name == "table:table-row":
            self.row += self.row_times - 1
            if self.row_is_used:
                self.last_row = self.row
                limits.check_reach(self.last_row, self.last_column)
                self.repeated += self.row_repeated * (self.row_times - 1)
                if self.repeated > MOST_REPEATED:
                    raise Unsafe(REPEATED)
        elif name == "table:table":
            self.area += self.last_row * self.last_column
            if self.area > limits.MOST_CELLS:
                raise Unsafe(limits.far_out(self.last_row, self.last_column))

    def _text(self, text: str) -> None:
        self.text_length += len(text)
        if self.text_length > limits.LONGEST_TEXT:
            raise Unsafe(limits.HUGE_TEXT)
        if text.strip() and not self.remarks:
            self.cell_is_used = True
            if self.is_error:
                self.error = (self.error + text.strip())[:60]
