"""Reads one stream out of an OLE compound file: the container of every old .xls and of every encrypted .xlsx.

Source: [MS-CFB], Compound File Binary File Format: header 2.2, FAT 2.3, mini FAT 2.4, directory 2.6.

Looks through an old Excel workbook (.xls) before the parser sees it, and finds the errors that the parser loses.

Source: [MS-XLS], Excel Binary File Format: BoundSheet8 2.4.28, FilePass 2.4.117, BoolErr 2.4.24, Formula 2.4.127.
"""

import struct
from collections.abc import Iterator
from typing import Final

from lib.intake.files.limits import DAMAGED, ENCRYPTED, MOST_CELLS, NOT_A_WORKBOOK, Lost, Unsafe, check_reach, far_out

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
            raise Unsafe(DAMAGED)
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
                raise Unsafe(DAMAGED)
        if len(sectors) * self._size > len(self._content):
            raise Unsafe(DAMAGED)
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
                raise Unsafe(DAMAGED)
            numbers.append(start)
            start = table[start]
        return numbers

    @staticmethod
    def _numbers(content: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])


STREAMS: Final = ("Workbook", "WORKBOOK", "Book", "BOOK")
BEGIN, END_OF_PART, PASSWORD, SHEET = 0x0809, 0x000A, 0x002F, 0x0085
FORMULA, BOOL_OR_ERROR, NUMBER = 0x0006, 0x0205, 0x0203
RK, LABEL, SHARED_LABEL, MANY_RK = 0x027E, 0x0204, 0x00FD, 0x00BD
ONE_CELL: Final = (FORMULA, BOOL_OR_ERROR, NUMBER, RK, LABEL, SHARED_LABEL)
ERRORS: Final = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
UNKNOWN_ERROR: Final = "#ERROR!"
ERROR_RESULT: Final = 2


def check_old_workbook(content: bytes) -> dict[str, Lost]:
    """Raise Unsafe for what is no readable .xls; gives, by sheet, the cells with an error."""
    if "EncryptedPackage".encode("utf-16-le") in content:  # an .xlsx with a password
        raise Unsafe(ENCRYPTED)
    container = CompoundFile(content)
    name = next((name for name in STREAMS if name in container), None)
    if name is None:
        raise Unsafe(NOT_A_WORKBOOK)
    try:
        return _lost_by_sheet(container.stream(name))
    except (struct.error, UnicodeDecodeError) as error:
        raise Unsafe(DAMAGED) from error


def _lost_by_sheet(stream: bytes) -> dict[str, Lost]:
    starts: list[tuple[int, str]] = []
    for kind, body in _records(stream, 0):
        if kind == PASSWORD:
            raise Unsafe(ENCRYPTED)
        if kind == SHEET:
            starts.append((struct.unpack_from("<I", body)[0], _short_text(body[6:])))
        elif kind == END_OF_PART:
            break
    lost: dict[str, Lost] = {}
    area = 0
    for start, name in starts:
        lost[name], rows, columns = _sheet(stream, start)
        area += rows * columns
        if area > MOST_CELLS:
            raise Unsafe(far_out(rows, columns))
    return lost


def _sheet(stream: bytes, start: int) -> tuple[Lost, int, int]:
    """The cells with an error, and how far the cells reach."""
    lost: Lost = {}
    last_row = last_column = depth = 0
    for kind, body in _records(stream, start):
        depth += (kind == BEGIN) - (kind == END_OF_PART)  # a chart within the sheet is a part of its own
        if depth == 0:
            break
        if depth > 1 or (kind not in ONE_CELL and kind != MANY_RK):
            continue
        row, column = struct.unpack_from("<HH", body)
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == MANY_RK else column
        last_row, last_column = max(last_row, row + 1), max(last_column, last + 1)
        check_reach(last_row, last_column)
        if (error := _error(kind, body)) is not None:
            lost[row + 1, column + 1] = ERRORS.get(error, UNKNOWN_ERROR)
    return lost, last_row, last_column


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
            raise Unsafe(DAMAGED)
        yield kind, body
        place += 4 + size


def _short_text(body: bytes) -> str:
    length, is_wide = body[0], body[1] & 1
    return body[2 : 2 + length * 2].decode("utf-16-le") if is_wide else body[2 : 2 + length].decode("latin-1")
