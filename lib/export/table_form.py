"""A printed table, whatever the format of its file: title, header, indented rows, footnotes, abbreviations, where it
comes from.

A sentence of the notes belongs to the column or row whose text begins with its own first words, and is marked there;
nothing is left out and nothing said twice.

How wide the columns of a printed table are: as their words need; where that is too much, the longest are broken into
lines."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from lib.export.page import NUMBER
from lib.export.provenance import Provenance
from lib.publication.abbreviations import spelled_out
from lib.publication.exhibit import Table
from lib.publication.text_width import broken, text_width

READABLE: Final = 11  # times the size of a letter: so wide a column of text may be where it is broken
STEPS: Final = 30
ROUNDED: Final = 0.01  # a column that is as wide as its words has room for them
SENTENCE: Final = re.compile(r"(?<=[.)]) (?=[A-Z0-9]|p: )")
NAMED: Final = re.compile(r"(?:(Medians|Quartiles) by|([^.:;]{1,60}?)(?: missing)?:) ")
CONTINUES: Final = re.compile(r"(The|It|They|What|Who|This|These|Efron ties in the first|Two-sided|\d+ comparisons)\b")
OTHER_NAMES: Final = {"Difference": "% points", "Difference in percentage point": "% points"}
MOST_MARKED: Final = 3  # cells of one footnote; what belongs to more speaks of the table
OWN_LETTERS: Final = re.compile(r"\bN[CG] [a-z]\b")  # cells that have letters of their own, explained in the notes
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
SYMBOLS: Final = "*†‡§¶‖"
INDENT: Final = "\u2003"
SIZE: Final = 9.0  # points
PADDING: Final = 13.0  # points of a column beside its words
NARROWEST: Final = 18.0
WIDEST: Final = 200.0  # points; a longer cell is broken
WIDENED: Final = 1.6  # times at most, where there is room
PORTRAIT, LANDSCAPE = 467.0, 714.0  # points between the margins of A4
ONE_LINE: Final = str.maketrans("\t\r\n", "   ")
SIGNS: Final = "<>≥≤−–+"
NOTHING: Final = ("", "–")  # where there is no number, or no word
PLAIN_NUMBER: Final = re.compile(r"([-−]?)((?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,14})(?:\.(\d{1,12}))?)( %)?")
MOST_DIGITS: Final = 15  # that a spreadsheet keeps


def column_widths(table: Table, room: float, size: float, padding: float) -> list[float]:
    """In the unit of `size`; together no wider than `room`. No word is broken, unless the words alone are wider than
    the room."""
    longest, least = _needs(table, size, padding), _needs(table, size, padding, words=True)
    if sum(longest) <= room:
        return longest
    if sum(least) >= room:
        return [each * room / sum(least) for each in least]
    low, high = 0.0, room
    for _ in range(STEPS):
        cap = (low + high) / 2
        low, high = (cap, high) if sum(_capped(longest, least, cap)) <= room else (low, cap)
    return _capped(longest, least, low)


def is_wide(table: Table, room: float, size: float, padding: float) -> bool:
    """Whether its columns would be broken too often in this room."""
    least = _needs(table, size, padding, words=True)
    return sum(_capped(_needs(table, size, padding), least, READABLE * size)) > room


def numeric(table: Table) -> list[bool]:
    """Which columns hold numbers only: they stand at the right."""
    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.header)
    return [place > 0 and all(NUMBER.fullmatch(cell) for cell in column) for place, column in enumerate(columns)]


def cell_lines(cell: str, width: float, size: float, bold: bool = False) -> list[str]:
    """The words of a cell in lines of this width; blanks at its beginning indent every line."""
    indent = cell[: len(cell) - len(cell.lstrip())]
    return [indent + line for line in broken(cell, width - text_width(indent, size) + ROUNDED, size, bold)]


def _needs(table: Table, size: float, padding: float, words: bool = False) -> list[float]:
    """What each column needs for its longest cell, or longest word."""

    def need(cell: str, bold: bool) -> float:
        indent = text_width(cell[: len(cell) - len(cell.lstrip())], size)
        parts = cell.split() if words else [cell.strip()]
        return indent + max((text_width(part, size, bold) for part in parts), default=0.0)

    columns = zip(table.header, *table.rows, strict=True)
    return [max(need(cell, row == 0) for row, cell in enumerate(column)) + padding for column in columns]


def _capped(longest: list[float], least: list[float], cap: float) -> list[float]:
    return [max(low, min(most, cap)) for most, low in zip(longest, least, strict=True)]


@dataclass(frozen=True)
class Footnotes:
    """`general`: paragraphs below the table. `marked`: mark and words, in reading order. `marks`: those of a cell, by
    its text."""

    general: tuple[str, ...]
    marked: tuple[tuple[str, str], ...]
    marks: Mapping[str, str]


def footnotes(table: Table) -> Footnotes:
    """The caption, method and notes of the table, each sentence once."""
    cells = list(dict.fromkeys((*table.header, *(row[0].strip() for row in table.rows if row))))
    general, placed = _placed(table, cells)
    ordered = sorted(placed, key=lambda places: cells.index(places[0]))
    signs = _signs(table)
    marked = dict(zip(ordered, signs, strict=False))
    return Footnotes(
        (*general, *(placed[places] for places in ordered[len(signs) :])),
        tuple((sign, placed[places]) for places, sign in marked.items()),
        {cell: "".join(sign for places, sign in marked.items() if cell in places) for cell in cells},
    )


def _placed(table: Table, cells: Sequence[str]) -> tuple[list[str], dict[tuple[str, ...], str]]:
    """The paragraphs that speak of the whole table, and the words that belong to some cells, by these cells."""
    general, placed = [table.caption], dict[tuple[str, ...], str]()
    for text in (table.method, *table.notes):
        kept = []
        for name, words in _passages(text):
            if places := _places(name, cells):
                placed[places] = f"{placed.get(places, '')} {words}".strip()
            else:
                kept.append(words)
        general.append(" ".join(kept))
    return list(filter(None, general)), placed


def _signs(table: Table) -> str:
    """Letters, or signs where cells have letters of their own."""
    return SYMBOLS if any(OWN_LETTERS.search(cell) for row in table.rows for cell in row) else LETTERS


def _passages(text: str) -> Iterator[tuple[str, str]]:
    """Name and words of each passage: a sentence with those that continue it; "" where it has no name."""
    found: list[tuple[str, str]] = []
    for sentence in SENTENCE.split(text):
        named = NAMED.match(sentence)
        if found and not named and CONTINUES.match(sentence):
            found[-1] = (found[-1][0], f"{found[-1][1]} {sentence}")
        else:
            found.append(((named[1] or named[2]) if named else "", sentence))
    return iter(found)


def _places(name: str, cells: Sequence[str]) -> tuple[str, ...]:
    """The cells that a passage of this name belongs to; none where there are many."""
    singular = name.removesuffix("s")
    if not singular:
        return ()
    begins = re.compile(rf"{re.escape(singular)}s?(?![^\W\d])", re.IGNORECASE if len(singular) > 1 else 0)
    elsewhere = OTHER_NAMES.get(singular)
    found = tuple(cell for cell in cells if (elsewhere in cell if elsewhere else begins.match(cell)))
    return found if len(found) <= MOST_MARKED else ()


@dataclass(frozen=True)
class Cell:
    """What is printed, and the marks of its footnotes."""

    text: str
    marks: str = ""


@dataclass(frozen=True)
class Row:
    """`level`: how far the first cell is indented. The heading of a group has no other cells."""

    cells: tuple[Cell, ...]
    level: int = 0

    @property
    def is_heading(self) -> bool:
        """Whether only its first cell holds anything."""
        return len(self.cells) > 1 and not any(cell.text for cell in self.cells[1:])


@dataclass(frozen=True)
class TableForm:
    """`numeric`: indices of the columns of numbers. `footnotes`: mark and words. `source`: who was looked at, and the
    program's stamp."""

    title: str
    header: tuple[Cell, ...]
    rows: tuple[Row, ...]
    numeric: frozenset[int]
    notes: tuple[str, ...]
    footnotes: tuple[tuple[str, str], ...]
    abbreviations: str
    source: tuple[str, ...]

    @property
    def is_wide(self) -> bool:
        """Whether it needs a page in landscape: in portrait its columns would be nearer to their least width than to
        the one they want."""
        return sum(wanted + least for wanted, least in self._columns) / 2 > PORTRAIT

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """Of each column, in points, together as wide as the page or little narrower: cells are broken only where they
        must be."""
        columns, page = self._columns, self._page
        total, least = (sum(each[place] for each in columns) for place in (0, 1))
        if least > page:
            return tuple(narrow * self.scale for _, narrow in columns)
        if total > page:
            given = (page - least) / (total - least)
            return tuple(narrow + given * (wanted - narrow) for wanted, narrow in columns)
        scale = min(page / total, WIDENED) if total else 1.0
        return tuple(wanted * scale for wanted, _ in columns)

    @cached_property
    def scale(self) -> float:
        """By how much letters and spaces are smaller than usual: where the words of the columns alone are wider than
        the page."""
        least = sum(narrow for _, narrow in self._columns)
        return min(1.0, self._page / least) if least else 1.0

    @property
    def _page(self) -> float:
        return LANDSCAPE if self.is_wide else PORTRAIT

    def below(self, stamp: bool = True) -> Iterator[tuple[str, str]]:
        """The lines below the table, each with its mark or "": notes, abbreviations, footnotes, of whom it is, and the
        program's stamp."""
        yield from (("", note) for note in self.notes)
        if self.abbreviations:
            yield "", f"Abbreviations: {self.abbreviations}"
        yield from self.footnotes
        yield from (("", line) for line in (self.source if stamp else self.source[:-1]))

    @cached_property
    def _columns(self) -> list[tuple[float, float]]:
        """Of each column the width that it would like, and the least: numbers are not broken, of words the longest
        fits."""
        deepest = max((row.level for row in self.rows), default=0)
        every = zip(self.header, *(row.cells for row in self.rows if not row.is_heading), strict=True)
        return [
            _column(cells, place in self.numeric, 0 if place else deepest * SIZE) for place, cells in enumerate(every)
        ]


def table_form(table: Table, provenance: Provenance) -> TableForm:
    """The table as it is printed."""
    said = footnotes(table)
    biases = [each for each in provenance.warnings_of(table) if not any(each in note for note in table.notes)]
    cells = (*table.header, *(cell for row in table.rows for cell in row))
    words = (table.title, *cells, *said.general, *(words for _, words in said.marked))
    return TableForm(
        table.title,
        tuple(Cell(_together(name), said.marks[name]) for name in table.header),
        tuple(_row(row, said.marks) for row in table.rows),
        numeric_columns(table),
        (*said.general, *biases),
        said.marked,
        spelled_out("\n".join(words)),
        tuple(filter(None, (provenance.sentence_of(table), provenance.stamp))),
    )


def numeric_columns(table: Table) -> frozenset[int]:
    """The indices of the columns that hold numbers: they stand under each other. Never the first, which names the
    row."""
    columns = enumerate(zip(*table.rows, strict=True))
    given = ((place, [cell for cell in cells if cell not in NOTHING]) for place, cells in columns)
    return frozenset(place for place, cells in given if place and _mostly_numbers(cells))


def _mostly_numbers(cells: Sequence[str]) -> bool:
    return 2 * sum(cell[0].isdigit() or cell[0] in SIGNS for cell in cells) >= len(cells)


def _row(cells: tuple[str, ...], marks: Mapping[str, str]) -> Row:
    if not cells:
        return Row(())
    first = cells[0].strip()
    level = len(cells[0]) - len(cells[0].lstrip(INDENT))
    return Row((Cell(_together(first), marks.get(first, "")), *(Cell(_together(cell)) for cell in cells[1:])), level)


def _together(words: str) -> str:
    """One paragraph, in which a number of patients is not broken from its sign."""
    return words.translate(ONE_LINE).replace("n = ", "n\u00a0=\u00a0")


def _column(cells: Sequence[Cell], is_numeric: bool, indent: float) -> tuple[float, float]:
    header, *rest = cells
    shown = [min(text_width(cell.text + cell.marks, SIZE), WIDEST) for cell in rest]
    heading = [text_width(word, SIZE, bold=True) for word in (header.text + header.marks).split(" ")]
    words = shown if is_numeric else [text_width(word, SIZE) for cell in rest for word in cell.text.split(" ")]
    least = max(min(max((*heading, *words)), WIDEST), NARROWEST)
    return max(least, sum(heading) / 3, *shown, 0.0) + PADDING + indent, least + PADDING + indent


def number_of(text: str) -> tuple[float | int, str] | None:
    """The number that is printed so, and the format that prints it so again: "1,234.5" -> 1234.5, "#,##0.0". None for
    anything else.

    What has leading zeros or more digits than a spreadsheet keeps is a name, not a number.
    """
    found = PLAIN_NUMBER.fullmatch(text)
    if found is None or sum(map(str.isdigit, text)) > MOST_DIGITS:
        return None
    sign, digits, decimals, percent = found.groups(default="")
    written = digits.replace(",", "")
    value = float(written) if decimals or percent else int(written)
    if sign and not value:
        return None
    printed = f"{'#,##0' if ',' in digits else '0'}{'.' * bool(decimals)}{'0' * len(decimals)}{percent}"
    value = value / 100 if percent else value
    return (-value, f"{printed};{sign}{printed}") if sign else (value, printed)
