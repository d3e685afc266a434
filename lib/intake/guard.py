"""Looks through an .xlsx before any parser sees it: a small file can unfold into more than a machine can hold.

One cell at XFD1048576 (1.7 kB) ends the whole process inside the parser, so size, parts, entities and the used range
are read first, as a stream. Where the system limits the child's memory, large parts get a quick look instead.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from lib.intake.glance import is_plain
from lib.intake.limits import (
    DAMAGED,
    ENCRYPTED,
    MIB,
    MOST_BYTES,
    MOST_CELLS,
    MOST_PARTS,
    MOST_UNPACKED_BYTES,
    NOT_A_WORKBOOK,
    TOO_LARGE,
    Lost,
    far_out,
)
from lib.intake.limits import Unsafe as Unsafe  # noqa: PLC0414  # others know it from here
from lib.intake.part_scan import PartScan

WORKBOOK: Final = "xl/workbook.xml"
RELATIONS: Final = "xl/_rels/workbook.xml.rels"
OTHER_FORMATS: Final = ("xl/workbook.bin", "content.xml", "mimetype")  # .xlsb and .ods: the parser would read them too
COMPRESSIONS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
SMALL_PART: Final = MIB  # scanned in full in a few hundredths of a second
MOST_SCANNED_BYTES: Final = 16 * MIB  # of small parts together
DAMAGE: Final = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, RuntimeError, ValueError, OSError)


def check_workbook(content: bytes, memory_is_limited: bool = False) -> dict[str, Lost]:
    """Raise Unsafe, with one sentence for the reader, if this is not a workbook that is safe to parse.

    Gives, by sheet, the cells that the parser will show as empty although something stands in them.
    """
    check_size(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [part.filename.lower() for part in archive.infolist()]
            if WORKBOOK not in names or any(name in names for name in OTHER_FORMATS):
                raise Unsafe(NOT_A_WORKBOOK)
            check_parts(archive.infolist())
            return _lost_by_sheet(_scanned(archive, memory_is_limited))
    except Unsafe:
        raise
    except DAMAGE as error:
        raise Unsafe(DAMAGED) from error


def check_size(content: bytes) -> None:
    """Raise Unsafe for a file that is larger than any cohort."""
    if len(content) > MOST_BYTES:
        raise Unsafe(
            f"This file is larger than {MOST_BYTES // MIB} MB. Copy the tables that are needed into a new workbook."
        )


def check_parts(parts: list[zipfile.ZipInfo]) -> None:
    """Raise Unsafe for a zip container with encrypted, doubled, too many or too large parts."""
    names = [part.filename.lower() for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise Unsafe(ENCRYPTED)
    if len(names) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise Unsafe(TOO_LARGE)
    if len(set(names)) != len(names) or any(part.compress_type not in COMPRESSIONS for part in parts):
        raise Unsafe(DAMAGED)


def _scanned(archive: zipfile.ZipFile, memory_is_limited: bool) -> dict[str, PartScan]:
    """Every XML part, looked through, by its name in small letters."""
    scans: dict[str, PartScan] = {}
    budget, area, scanned = MOST_UNPACKED_BYTES, 0, 0
    for part in archive.infolist():
        name = part.filename.lower()
        if not name.endswith((".xml", ".rels")):
            continue
        scan = scans[name] = PartScan()
        is_large = part.file_size > SMALL_PART or scanned > MOST_SCANNED_BYTES
        if memory_is_limited and is_large and name not in (WORKBOOK, RELATIONS):
            with archive.open(part) as stream:
                if is_plain(stream, budget):
                    budget -= part.file_size
                    continue
        with archive.open(part) as stream:
            size = scan.read(stream, budget)
        budget, scanned, area = budget - size, scanned + size, area + scan.last_row * scan.last_column
        if area > MOST_CELLS:
            raise Unsafe(far_out(scan.last_row, scan.last_column))
    return scans


def _lost_by_sheet(scans: Mapping[str, PartScan]) -> dict[str, Lost]:
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
