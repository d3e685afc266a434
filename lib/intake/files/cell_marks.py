"""What a small .xlsx shows of its cells apart from what stands in them: their background, whether they are formatted as
percents or struck through, and which rows are hidden. The parser gives none of it.

0.45 formatted as a percent is shown as 45 %: beside plain numbers such as 30 it is read as it is shown, and reported.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from lib.intake.files.grid import Cell, Cells, Grid
from lib.intake.files.guard import DAMAGE, RELATIONS, WORKBOOK, PartScan, XmlStream
from lib.intake.files.limits import MIB, Unsafe, column_number

STYLES: Final = "xl/styles.xml"
MOST_SHEET_BYTES: Final = 2 * MIB  # of all sheets together, whose colours are looked at
MOST_COLOURED: Final = 50_000  # cells
DIGITS: Final = "0123456789"
NONE: Final = ("FFFFFF", "theme 0", "indexed 9", "indexed 64", "indexed 65")  # white and the system's own

PERCENT_FORMATS: Final = ("9", "10")  # 0% and 0.00%, which Excel has without naming them
WORDS_OF_FORMAT: Final = re.compile(r'"[^"]*"|\\\\.|_.')  # what a format only prints
HIDDEN: Final = b' hidden="'
Places = list[tuple[int, int]]  # row, column


@dataclass
class Marks:
    """By place (row, column) as the sheet counts: backgrounds, percents, cells struck through; and the hidden rows."""

    colours: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: Places = field(default_factory=list)
    struck: Places = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)


def marks_by_sheet(content: bytes) -> dict[str, Marks]:
    """The marks of each sheet; {} where there are more cells than is worth a look."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {part.filename.lower(): part for part in archive.infolist()}
            sheets = [part for name, part in parts.items() if name.startswith("xl/worksheets/")]
            if STYLES not in parts or sum(part.file_size for part in sheets) > MOST_SHEET_BYTES:
                return {}
            styles, workbook, relations = _Styles(), PartScan(), PartScan()
            for name, scan in ((STYLES, styles), (WORKBOOK, workbook), (RELATIONS, relations)):
                _read(_bytes(archive, parts[name]), scan)
            found = {}
            for sheet, relation in workbook.sheets:
                target = next(iter(relations.targets.get(relation, [])), "").lower().removeprefix("/")
                part = parts.get(posixpath.normpath(target if target.startswith("xl/") else f"xl/{target}"))
                written = _bytes(archive, part) if part is not None else b""
                if styles.has_marks or HIDDEN in written:
                    cells = _Cells(styles)
                    _read(written, cells)
                    found[sheet] = cells.marks
            return found
    except (*DAMAGE, KeyError, Unsafe):
        return {}


def _bytes(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with archive.open(part) as stream:
        return stream.read(MOST_SHEET_BYTES)


def _read(written: bytes, scan: XmlStream) -> None:
    if written:
        scan.read(io.BytesIO(written), MOST_SHEET_BYTES)


class _Styles(XmlStream):
    """The colour of each fill, which fonts are struck through and which formats are percents; what each cell format has
    of them."""

    def __init__(self) -> None:
        super().__init__()
        self.fills: list[str] = []
        self.struck: list[bool] = []
        self.percents = set(PERCENT_FORMATS)
        self.formats: list[tuple[int, bool, bool]] = []  # fill, struck through, percent
        self.within: list[str] = []
        self.solid = False
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    @property
    def has_marks(self) -> bool:
        """Whether any cell format is more than plain."""
        return any(self.colours()) or any(struck or percent for _, struck, percent in self.formats)

    def colours(self) -> list[str]:
        """The colour of each cell format, "" for none."""
        return [self.fills[fill] if fill < len(self.fills) else "" for fill, _, _ in self.formats]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        self.within.append(tag)
        if tag == "fill" and "fills" in self.within:
            self.fills.append("")
        elif tag == "patternFill":
            self.solid = attributes.get("patternType", "none") not in ("none", "gray125")
        elif tag == "fgColor" and self.fills and "fills" in self.within and self.solid:
            self.fills[-1] = _colour(attributes)
        else:
            self._of_format(tag, attributes)

    def _of_format(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "font" and "fonts" in self.within:
            self.struck.append(False)
        elif tag == "strike" and "fonts" in self.within:
            self.struck[-1] = attributes.get("val", "1") not in ("0", "false")
        elif tag == "numFmt" and "%" in WORDS_OF_FORMAT.sub("", attributes.get("formatCode", "")):
            self.percents.add(attributes.get("numFmtId", ""))
        elif tag == "xf" and "cellXfs" in self.within:
            font, is_percent = int(attributes.get("fontId", 0)), attributes.get("numFmtId", "0") in self.percents
            struck = font < len(self.struck) and self.struck[font]
            self.formats.append((int(attributes.get("fillId", 0)), struck, is_percent))

    def _end(self, _: str) -> None:
        self.within.pop()


def _colour(attributes: dict[str, str]) -> str:
    if "rgb" in attributes:
        written = attributes["rgb"][-6:].upper()
    elif "theme" in attributes:
        written = f"theme {attributes['theme']}"
    else:
        written = f"indexed {attributes.get('indexed', '64')}"
    tint = attributes.get("tint", "")
    return "" if written in NONE and not tint else f"{written} {float(tint):.2f}" if tint else written


class _Cells(XmlStream):
    """The marks of one sheet."""

    def __init__(self, styles: _Styles) -> None:
        super().__init__()
        self.colours, self.formats, self.marks = styles.colours(), styles.formats, Marks()
        self.parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row" and attributes.get("hidden") in ("1", "true") and "r" in attributes:
            self.marks.hidden.append(int(attributes["r"]))
        style = attributes.get("s", "")
        if tag != "c" or not style.isdecimal() or "r" not in attributes or int(style) >= len(self.formats):
            return
        colour, (_, struck, is_percent) = self.colours[int(style)], self.formats[int(style)]
        if colour or struck or is_percent:
            reference = attributes["r"]
            letters = reference.rstrip(DIGITS)
            place = (int(reference[len(letters) :]), column_number(letters))
            if colour and len(self.marks.colours) < MOST_COLOURED:
                self.marks.colours[place] = colour
            self.marks.struck += [place] if struck else []
            self.marks.percents += [place] if is_percent else []


MIXED: Final = "Column {}: percent cells beside plain numbers ({}) were read as they are shown, {} as {} %."
UNSEEN: Final = "Rows with data that are {}: {} ({}). They were read like all others."
INSIDE, OUTSIDE = 1, 3  # plain numbers that are no heading or total, between the percents or around them
MOST_SHARE: Final = 2  # 45 formatted as a percent by mistake is shown as 4500 %
MOST_ROWS_NAMED: Final = 10


def marked(grid: Grid, marks: Marks) -> Grid:
    """The sheet with its colours, with percents beside plain numbers as they are shown, and with what is reported of
    rows that are hidden or struck through."""
    columns = [*map(grid.whole_column, range(grid.width))]
    told = []
    for place, column in enumerate(columns):
        rows = [row - grid.first_row for row, at in marks.percents if at - grid.first_column == place]
        if mixed := _beside_plain(column, rows, grid):
            columns[place] = Cells(_shown(cell) if row in mixed else cell for row, cell in enumerate(column))
            cell = column[min(mixed)]
            told.append(MIXED.format(grid.column_letter(place), len(mixed), f"{cell:g}", f"{_shown(cell):g}"))
    told += _unseen(grid, marks.hidden, "hidden") + _unseen(grid, [row for row, _ in marks.struck], "struck through")
    rows = tuple(zip(*columns, strict=True))
    found = replace(grid, rows=rows, colours=marks.colours, reported=(*grid.reported, *((None, said) for said in told)))
    found.keep_columns(columns)
    return found


def _shown(cell: Cell) -> Cell:
    return float(f"{cell * 100:.12g}") if isinstance(cell, float) else cell


def _beside_plain(column: Sequence[Cell], percents: Sequence[int], grid: Grid) -> set[int]:
    """The rows of percents that have plain numbers above 1 beside them in the same table."""
    numbers = {row for row, cell in enumerate(column) if isinstance(cell, float)}
    found: set[int] = set()
    for part in _without_blank_rows(grid) if percents else ():
        shares = {row for row in numbers.intersection(percents, part) if abs(column[row]) <= MOST_SHARE}  # type: ignore[arg-type]
        plain = [row for row in numbers.intersection(part).difference(percents) if abs(column[row]) > 1]  # type: ignore[arg-type]
        within = [row for row in plain if shares and min(shares) < row < max(shares)]
        if shares and (len(within) >= INSIDE or len(plain) >= OUTSIDE):
            found |= shares
    return found


def _without_blank_rows(grid: Grid) -> Iterator[range]:
    """The rows of each part of a sheet between its blank rows."""
    for is_filled, rows in groupby(range(len(grid.rows)), lambda row: any(cell is not None for cell in grid.rows[row])):
        if is_filled:
            first, *others = rows
            yield range(first, (others or [first])[-1] + 1)


def _unseen(grid: Grid, numbers: Sequence[int], how: str) -> list[str]:
    """What is reported of rows in which something stands and which are hidden or struck through."""
    places = sorted({number - grid.first_row for number in numbers})
    there = [row for row in places if 0 <= row < len(grid.rows) and any(cell is not None for cell in grid.rows[row])]
    if not there:
        return []
    named = ", ".join(str(row + grid.first_row) for row in there[:MOST_ROWS_NAMED])
    return [UNSEEN.format(how, len(there), f"{named}{' ...' if len(there) > MOST_ROWS_NAMED else ''}")]
