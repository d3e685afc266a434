"""What a small .xlsx shows of its cells apart from what stands in them, which the parser does not give: backgrounds,
percents (0.45 shown as 45 % beside plain numbers such as 30 is read as it is shown), what is struck through or hidden.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from lib.intake.files.grid import Cell, Cells, Grid
from lib.intake.files.guard import DAMAGE, RELATIONS, WORKBOOK, PartScan, XmlStream, part_of
from lib.intake.files.limits import MIB, Unsafe, column_number

STYLES: Final = "xl/styles.xml"
MOST_SHEET_BYTES: Final = 2 * MIB  # of all sheets together, whose colours are looked at
MOST_COLOURED: Final = 50_000  # cells
DIGITS: Final = "0123456789"
NONE: Final = ("FFFFFF", "theme 0", "indexed 9", "indexed 64", "indexed 65")  # white and the system's own

PERCENT_FORMATS: Final = ("9", "10")  # 0% and 0.00%, which Excel has without naming them
WORDS_OF_FORMAT: Final = re.compile(r'"[^"]*"|\\.|_.')  # what a format only prints
HIDDEN: Final = b' hidden="'


@dataclass
class Marks:
    """By place (row, column) as the sheet counts: backgrounds, percents, cells struck through; and the hidden rows."""

    colours: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: list[tuple[int, int]] = field(default_factory=list)
    struck: list[tuple[int, int]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)


def marks_by_sheet(content: bytes) -> dict[str, Marks]:
    """The marks of each sheet; {} where there are more cells than is worth a look."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {part.filename.lower(): part for part in archive.infolist()}
            size = sum(part.file_size for name, part in parts.items() if name.startswith("xl/worksheets/"))
            if STYLES not in parts or size > MOST_SHEET_BYTES:
                return {}
            return _found(archive, parts)
    except (*DAMAGE, KeyError, Unsafe):
        return {}


def _found(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> dict[str, Marks]:
    styles, workbook, relations = _Styles(), PartScan(), PartScan()
    for name, scan in ((STYLES, styles), (WORKBOOK, workbook), (RELATIONS, relations)):
        scan.read(io.BytesIO(_bytes(archive, parts[name])), MOST_SHEET_BYTES)
    places = {sheet: relations.targets.get(relation, [""])[0] for sheet, relation in workbook.sheets}
    named = {sheet: parts[part_of(target)] for sheet, target in places.items() if part_of(target) in parts}
    return {sheet: _marks(_bytes(archive, part), styles) for sheet, part in named.items()}


def _bytes(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with archive.open(part) as stream:
        return stream.read(MOST_SHEET_BYTES)


def _marks(sheet: bytes, styles: "_Styles") -> Marks:
    cells = _Cells(styles)
    if any(colour or struck or percent for colour, struck, percent in styles.formats) or HIDDEN in sheet:
        cells.read(io.BytesIO(sheet), MOST_SHEET_BYTES)
    return cells.marks


class _Styles(XmlStream):
    """The colour of each fill, which fonts are struck through and which formats are percents; what each cell format has
    of them."""

    def __init__(self) -> None:
        super().__init__()
        self.fills: list[str] = []
        self.struck: list[bool] = []
        self.percents = set(PERCENT_FORMATS)
        self.formats: list[tuple[str, bool, bool]] = []  # colour, struck through, percent
        self.within: list[str] = []
        self.solid = False
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

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
            fill, font = int(attributes.get("fillId", 0)), int(attributes.get("fontId", 0))
            struck, is_percent = [*self.struck, False][min(font, len(self.struck))], attributes.get("numFmtId")
            self.formats.append(([*self.fills, ""][min(fill, len(self.fills))], struck, is_percent in self.percents))

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
        self.formats, self.marks = styles.formats, Marks()
        self.marking = {n for n, each in enumerate(self.formats) if any(each)}
        self.parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row" and attributes.get("hidden") in ("1", "true") and "r" in attributes:
            self.marks.hidden.append(int(attributes["r"]))
        style = attributes.get("s", "")
        if tag == "c" and style.isdecimal() and "r" in attributes and int(style) in self.marking:
            self._marked(attributes["r"], int(style))

    def _marked(self, reference: str, style: int) -> None:
        letters = reference.rstrip(DIGITS)
        place = (int(reference[len(letters) :]), column_number(letters))
        colour, struck, is_percent = self.formats[style]
        if colour and len(self.marks.colours) < MOST_COLOURED:
            self.marks.colours[place] = colour
        self.marks.struck += [place] if struck else []
        self.marks.percents += [place] if is_percent else []


MIXED: Final = "Column {}: percent cells {} ({}) were read as they are shown, {} as {} %."
UNSEEN: Final = "Rows with data that are {}: {} ({}). They were read like all others."
OUTSIDE: Final = 3  # plain numbers above or below all percents: fewer may be a heading and a total
MOST_SHARE: Final = 2  # 45 formatted as a percent by mistake is shown as 4500 %
MOST_ROWS_NAMED: Final = 10


def marked(grid: Grid, marks: Marks) -> Grid:
    """The sheet with its colours, with percents beside plain numbers as they are shown, and with what is reported of
    rows that are hidden or struck through."""
    columns = [*map(grid.whole_column, range(grid.width))]
    remarks = []
    for place, column in enumerate(columns):
        rows = [row - grid.first_row for row, at in marks.percents if at - grid.first_column == place]
        if mixed := _to_be_shown(column, set(rows), grid) if rows else set():
            columns[place] = Cells(_shown(cell) if row in mixed else cell for row, cell in enumerate(column))
            cell = column[min(mixed)]
            where = "under a %" if _is_under_percent(column, rows) else "beside plain numbers"
            remarks.append(MIXED.format(grid.column_letter(place), where, len(mixed), f"{cell:g}", f"{_shown(cell):g}"))
    remarks += _unseen(grid, marks.hidden, "hidden") + _unseen(grid, [row for row, _ in marks.struck], "struck through")
    cells = tuple(zip(*columns, strict=True))
    found = replace(
        grid, rows=cells, colours=marks.colours, reported=(*grid.reported, *((None, said) for said in remarks))
    )
    found.keep_columns(columns)
    return found


def _shown(cell: Cell) -> Cell:
    return float(f"{cell * 100:.12g}") if isinstance(cell, float) else cell


def _is_under_percent(column: Sequence[Cell], percents: Iterable[int]) -> bool:
    return any(isinstance(cell, str) and "%" in cell for cell in column[: min(percents)])


def _to_be_shown(column: Sequence[Cell], percents: set[int], grid: Grid) -> set[int]:
    """The rows of percents under a heading with %, or with plain numbers above 1 beside them in the same table."""
    sizes = {row: abs(cell) for row, cell in enumerate(column) if isinstance(cell, float)}
    shares = {row for row in percents.intersection(sizes) if sizes[row] <= MOST_SHARE}
    if _is_under_percent(column, percents):
        return shares
    plain = {row for row, size in sizes.items() if size > 1} - percents
    parts = ((shares.intersection(part), plain.intersection(part)) for part in _without_blank_rows(grid))
    return set().union(*(some for some, others in parts if some and _stand_between(some, others)))


def _stand_between(shares: set[int], plain: set[int]) -> bool:
    return len(plain) >= OUTSIDE or any(min(shares) < row < max(shares) for row in plain)


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
