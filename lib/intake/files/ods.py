"""Looks through an OpenDocument spreadsheet (.ods) before the parser sees it: one repeated cell can mean millions.

Source: OpenDocument 1.3 part 3, 9.1 (tables, rows, cells), 19.677 number-columns-repeated, 19.680 number-rows-repeated.
"""

import io
import zipfile
from typing import Final

from lib.intake.files.guard import DAMAGE, WORKBOOK, XmlStream, check_parts, check_size
from lib.intake.files.limits import (
    DAMAGED,
    ENCRYPTED,
    HUGE_TEXT,
    LONGEST_TEXT,
    MOST_CELLS,
    MOST_MERGED,
    MOST_SHEETS,
    MOST_UNPACKED_BYTES,
    NOT_A_WORKBOOK,
    TOO_MANY_MERGED,
    TOO_MANY_SHEETS,
    Lost,
    Merged,
    Unsafe,
    check_reach,
    far_out,
)

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


def check_open_document(content: bytes) -> tuple[dict[str, Lost], dict[str, list[Merged]]]:
    """Raise Unsafe for what is no safe .ods; gives, by sheet, the cells with an error and the merged areas."""
    check_size(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            check_parts(archive.infolist())
            if CONTENT not in names or WORKBOOK in map(str.lower, names):
                raise Unsafe(NOT_A_WORKBOOK)
            if MANIFEST in names and b"encryption-data" in archive.open(MANIFEST).read(1 << 20):
                raise Unsafe(ENCRYPTED)
            scan = ContentScan()
            with archive.open(CONTENT) as stream:
                scan.read(stream, MOST_UNPACKED_BYTES)
    except Unsafe:
        raise
    except DAMAGE as error:
        raise Unsafe(DAMAGED) from error
    return scan.lost, scan.merged


class ContentScan(XmlStream):
    """Streams content.xml; counts cells as the parser would unfold them."""

    def __init__(self) -> None:
        super().__init__()
        self.lost: dict[str, Lost] = {}
        self.merged: dict[str, list[Merged]] = {}
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
        elif name == "table:table":
            self.sheet = attributes.get("table:name", "")
            self.row = self.last_row = self.last_column = 0
            self.n_sheets += 1
            if self.n_sheets > MOST_SHEETS:
                raise Unsafe(TOO_MANY_SHEETS)

    def _start_cell(self, name: str, attributes: dict[str, str]) -> None:
        self.column += 1
        self.cell_times = int(attributes.get("table:number-columns-repeated", 1))
        self.error, self.text_length = "", 0
        self.is_error = attributes.get("calcext:value-type") == "error"
        self.cell_is_used = any(key.endswith(("value-type", "value", "formula")) for key in attributes)
        down, right = (int(attributes.get(f"table:number-{way}-spanned", 1)) for way in ("rows", "columns"))
        if name == CELLS[0] and (down > 1 or right > 1):
            area = (self.row, self.column, self.row + down - 1, self.column + right - 1)
            self.merged.setdefault(self.sheet, []).append(area)
            self.n_merged += 1
            if self.n_merged > MOST_MERGED:
                raise Unsafe(TOO_MANY_MERGED)

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
                check_reach(self.last_row, self.last_column)
                self.repeated += self.row_repeated * (self.row_times - 1)
                if self.repeated > MOST_REPEATED:
                    raise Unsafe(REPEATED)
        elif name == "table:table":
            self.area += self.last_row * self.last_column
            if self.area > MOST_CELLS:
                raise Unsafe(far_out(self.last_row, self.last_column))

    def _text(self, text: str) -> None:
        self.text_length += len(text)
        if self.text_length > LONGEST_TEXT:
            raise Unsafe(HUGE_TEXT)
        if text.strip() and not self.remarks:
            self.cell_is_used = True
            if self.is_error:
                self.error = (self.error + text.strip())[:60]
