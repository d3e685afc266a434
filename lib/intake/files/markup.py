"""A page or an XML table dressed as .xls, as hospital systems export them -> its tables, with no more trust than any
other file.

HTML is read by the parser of the standard library, which fetches nothing and runs nothing. SpreadsheetML 2003 is read
by expat, which refuses every entity. Both count cells as they unfold.

Source: XML Spreadsheet Reference (Microsoft, 2003): Worksheet, Row ss:Index, Cell ss:Index, MergeAcross, MergeDown,
Data ss:Type.
"""

import datetime as dt
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Final
from xml.parsers import expat

from lib.intake import vocabulary
from lib.intake.files import limits
from lib.intake.files.grid import Grid
from lib.intake.files.guard import XmlStream
from lib.intake.files.limits import Merged, Unsafe
from lib.intake.files.packing import packed
from lib.intake.files.text_table import NO_TABLE, decoded

HEAD: Final = 1 << 13
SPREADSHEET: Final = "urn:schemas-microsoft-com:office:spreadsheet"
PAGE: Final = re.compile(
    r"\s*(<!--.*?-->\s*|<\?xml[^>]*\?>\s*)*<(!doctype\s+html|html|head|meta|body|table|div|style|font|center)\b",
    re.I | re.S,
)
CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
CHARSETS: Final = vocabulary(
    "utf-8 iso-8859-1 iso-8859-15 windows-1252 windows-1250 gb2312 gbk gb18030 shift_jis euc-jp"
)
LARGEST_SPAN: Final = 1000
NOT_TEXT: Final = ("script", "style", "title", "xml")
OUTSIDE: Final = "The page holds text outside its tables, which was not read."
Rows = dict[int, dict[int, object]]


def markup_sheets(content: bytes) -> list[Grid] | None:
    """The tables of a page or an XML workbook; None if the file is neither. Raises Unsafe."""
    head = decoded(content[:HEAD])[:HEAD].lstrip("\ufeff \t\r\n")
    if SPREADSHEET in head and head.startswith("<"):
        return _xml_sheets(content)
    if PAGE.match(head):
        return _page_sheets(_page_text(content))
    return None


def _page_text(content: bytes) -> str:
    found = CHARSET.search(content[:HEAD])
    named = found[1].decode("ascii").casefold() if found else ""
    if named in CHARSETS and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("cp1252" if named == "iso-8859-1" else named, errors="replace")
    return decoded(content)


class _Table:
    """A table while it is read: cells by row and column (from 0), and the merged areas."""

    def __init__(self, name: str = "") -> None:
        self.name, self.rows, self.merged = name, Rows(), list[Merged]()
        self.row, self.column, self.cells = -1, 0, 0
        self.covered: dict[int, int] = {}  # column -> the last row that a cell above covers

    def begin_row(self, row: int) -> None:
        self.row, self.column = row, 0
        limits.check_reach(row + 1, 1)

    def place(self, down: int, right: int, column: int | None = None) -> int:
        """Where the next cell stands; it covers so many rows and columns beside its own."""
        if column is None:
            while self.covered.get(self.column, -1) >= self.row:
                self.column += 1
            column = self.column
        if down < 0 or right < 0 or down > LARGEST_SPAN or right > LARGEST_SPAN:
            raise Unsafe(limits.TOO_LARGE)
        limits.check_reach(self.row + 1, column + right + 1)
        if down or right:
            self.merged.append((self.row + 1, column + 1, self.row + down + 1, column + right + 1))
        if down:
            self.covered.update(dict.fromkeys(range(column, column + right + 1), self.row + down))
        self.column = column + right + 1
        return column

    def put(self, column: int, value: object) -> None:
        self.cells += 1
        if self.cells > limits.MOST_CELLS:
            raise Unsafe(limits.TOO_LARGE)
        if value not in (None, ""):
            self.rows.setdefault(max(self.row, 0), {})[column] = value

    def sheet(self) -> Grid:
        """The table, as a sheet."""
        height = max(self.rows, default=-1) + 1
        width = max((max(row) for row in self.rows.values()), default=-1) + 1
        limits.check_reach(height, width)
        rows = [[self.rows.get(row, {}).get(column) for column in range(width)] for row in range(height)]
        return packed(self.name, rows, merged=self.merged)


class _Page(HTMLParser):
    """Collects every table of a page; a table within a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self.open: list[_Table] = []
        self.cell: list[str] | None = None
        self.at = 0
        self.number: float | None = None
        self.skipped = self.caption = self.outside = self.length = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in NOT_TEXT:
            self.skipped += 1
        elif tag == "table":
            self._end_cell()
            self.open.append(_Table())
            self.tables.append(self.open[-1])
        elif not self.open:
            return
        elif tag == "tr":
            self._end_cell()
            self.open[-1].begin_row(self.open[-1].row + 1)
        elif tag in ("td", "th"):
            self._begin_cell(dict(attrs))
        elif tag in ("br", "p", "div", "li") and self.cell:
            self.cell.append("\n")
        elif tag == "caption":
            self.caption += 1

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        self._end_cell()
        table = self.open[-1]
        if table.row < 0:
            table.begin_row(0)
        down, right = (_span(attributes.get(name)) for name in ("rowspan", "colspan"))
        self.at = table.place(down - 1, right - 1)
        self.cell, self.length, self.number = [], 0, _number(attributes.get("x:num"))

    def handle_endtag(self, tag: str) -> None:
        if tag in NOT_TEXT:
            self.skipped = max(self.skipped - 1, 0)
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "caption":
            self.caption = max(self.caption - 1, 0)
        elif tag == "table" and self.open:
            self._end_cell()
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.skipped or not data.strip():
            if self.cell and not self.skipped:
                self.cell.append(" ")
            return
        if self.caption and self.open:
            self.open[-1].name = f"{self.open[-1].name} {data.strip()}".strip()[:31]
        elif self.cell is None:
            self.outside += 1
        else:
            self.length += len(data)
            if self.length > limits.LONGEST_TEXT:
                raise Unsafe(limits.HUGE_TEXT)
            self.cell.append(data)

    def _end_cell(self) -> None:
        if self.cell is not None and self.open:
            written = re.sub(r"[ \t\r\f\xa0]+", " ", "".join(self.cell)).strip()
            self.open[-1].put(self.at, self.number if self.number is not None and written else written)
        self.cell = None


def _span(written: str | None) -> int:
    digits = (written or "1").strip()
    if not digits.isdecimal():
        return 1
    if len(digits) > 4:
        raise Unsafe(limits.TOO_LARGE)
    return max(int(digits), 1)


def _number(written: str | None) -> float | None:
    """The number that Excel notes beside a cell as it is shown (x:num="0.125" beside 12.5%)."""
    try:
        return float(written) if written else None
    except ValueError:
        return None


def _page_sheets(text: str) -> list[Grid]:
    page = _Page()
    page.feed(text)
    page.close()
    tables = [table for table in page.tables if len(table.rows) > 1 or len(table.rows.get(0, {})) > 1]
    if not tables:
        raise Unsafe(NO_TABLE)
    for place, table in enumerate(tables, start=1):
        table.name = table.name or (f"Table {place}" if len(tables) > 1 else "")
    sheets = [table.sheet() for table in tables]
    if page.outside:
        sheets[0] = replace(sheets[0], reported=((None, OUTSIDE),))
    return sheets


class _Workbook(XmlStream):
    """Streams a workbook of SpreadsheetML 2003."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[_Table] = []
        self.hidden: list[bool] = []
        self.kind, self.words, self.at, self.cells, self.length = "", [""], 0, 0, 0
        self.reading: str = ""
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        given = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if tag == "Worksheet":
            self.tables.append(_Table(given.get("Name", "")))
            self.hidden.append(False)
        elif not self.tables:
            return
        elif tag == "Row":
            row = int(given["Index"]) - 1 if "Index" in given else self.tables[-1].row + 1
            self.tables[-1].begin_row(row)
        elif tag == "Cell":
            column = int(given["Index"]) - 1 if "Index" in given else None
            down, right = (int(given.get(f"Merge{way}", 0)) for way in ("Down", "Across"))
            self.at = self.tables[-1].place(down, right, column)
        elif tag == "Data":
            self.kind, self.words, self.reading, self.length = given.get("Type", "String"), [], "Data", 0
        elif tag == "Visible":
            self.words, self.reading, self.length = [], "Visible", 0

    def _end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "Data" and self.tables:
            self.cells += 1
            if self.cells > limits.MOST_CELLS:
                raise Unsafe(limits.TOO_LARGE)
            self.tables[-1].put(self.at, _typed("".join(self.words), self.kind))
        elif tag == "Visible" and self.hidden:
            self.hidden[-1] = "Hidden" in "".join(self.words)
        if tag in ("Data", "Visible"):
            self.reading = ""

    def _text(self, text: str) -> None:
        self.length += len(text)
        if self.length > limits.LONGEST_TEXT:
            raise Unsafe(limits.HUGE_TEXT)
        if self.reading:
            self.words.append(text)


def _typed(written: str, kind: str) -> object:
    if kind == "Number":
        return float(written)
    if kind == "Boolean":
        return written.strip() == "1"
    if kind == "DateTime":
        return dt.datetime.fromisoformat(written.strip()).replace(tzinfo=None)
    return written.strip()


def _xml_sheets(content: bytes) -> list[Grid]:
    workbook = _Workbook()
    try:
        workbook.read(io.BytesIO(content), limits.MOST_UNPACKED_BYTES)
    except Unsafe:
        raise
    except (expat.ExpatError, ValueError) as error:
        raise Unsafe(limits.DAMAGED) from error
    if not workbook.tables:
        raise Unsafe(NO_TABLE)
    sheets = [table.sheet() for table in workbook.tables]
    return [replace(sheet, visible=not hidden) for sheet, hidden in zip(sheets, workbook.hidden, strict=True)]
