"""Reads one stream out of an OLE compound file: the container of every old .xls and of every encrypted .xlsx.

Source: [MS-CFB], Compound File Binary File Format: header 2.2, FAT 2.3, mini FAT 2.4, directory 2.6.
"""

import struct
from typing import Final

from lib.intake.limits import DAMAGED, Unsafe

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
