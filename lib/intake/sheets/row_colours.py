"""Colours of whole rows as a column of their own; colours of single cells are not read, and are reported."""

import colorsys
import re
from collections import Counter
from dataclasses import replace
from typing import Final

from lib.cohort.finding import Finding
from lib.intake import vocabulary
from lib.intake.cells.coding import is_missing, text
from lib.intake.files.grid import Cell
from lib.intake.sheets.table import Block, with_column

ROW_COLOUR: Final = "Row colour"
NO_COLOUR: Final = "no colour"
SINGLE_CELLS: Final = "Some cells of this table are coloured. Colours of single cells are not read."
OF_ROWS: Final = "The rows of this table differ in colour, which was not read."
FIX_COLOUR: Final = "If a colour says something, write it into a column of its own."
MOST: Final = 8
HALF: Final = 0.5
THEME: Final = ("FFFFFF", "000000", "E7E6E6", "44546A", "4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47")
INDEXED: Final = dict(
    pair.split("=")
    for pair in vocabulary(
        "8=000000 9=FFFFFF 10=FF0000 11=00FF00 12=0000FF 13=FFFF00 14=FF00FF 15=00FFFF 16=800000 "
        "17=008000 18=000080 19=808000 20=800080 21=008080 22=C0C0C0 23=808080 40=00CCFF 42=CCFFCC "
        "43=FFFF99 44=99CCFF 45=FF99CC 47=FFCC99 50=99CC00 51=FFCC00"
    )
)
HUES: Final = (
    (15, "red"),
    (45, "orange"),
    (70, "yellow"),
    (165, "green"),
    (200, "turquoise"),
    (260, "blue"),
    (300, "purple"),
    (345, "pink"),
    (361, "red"),
)


def with_row_colour(block: Block, as_column: bool = True) -> Block:
    """The block with a column of row colours, where rows differ in them; else with a note where cells are coloured."""
    if not block.grid.colours or block.grid.origins:
        return block
    coloured = {row - block.grid.first_row for row, _ in block.grid.colours}
    found = {row: _of_row(block, row) if row in coloured else "" for row in block.rows}
    levels = set(found.values())
    differ = 1 < len(levels) <= MOST and not _is_banded(list(found.values()))
    if differ and as_column:
        return _with_names(block, found)
    if differ or _in_single_cells(block, levels):
        finding = Finding("warning", block.layout.sheet, None, "", "", OF_ROWS if differ else SINGLE_CELLS, FIX_COLOUR)
        return replace(block, reported=(*block.reported, finding))
    return block


def _with_names(block: Block, colours: dict[int, str]) -> Block:
    """The block with the names of these colours of its rows as a column."""
    levels = dict.fromkeys(filter(None, colours.values()))
    names = colour_names(list(levels)) | _legend(block, set(colours.values()))
    values: dict[int, Cell] = {row: names.get(colour, NO_COLOUR) for row, colour in colours.items()}
    named = with_column(block, ROW_COLOUR, values, "colour")
    return replace(named, layout=replace(block.layout, colour_as=ROW_COLOUR))


def _of_row(block: Block, row: int) -> str:
    """The colour that most of the filled cells of this row have, "" for none."""
    cells = block.grid.rows[row]
    filled = [place for place, cell in enumerate(cells) if not is_missing(cell)]
    if not filled:
        return ""
    if first := _at(block, row, filled[0]):
        return first
    ((colour, times),) = Counter(_at(block, row, place) for place in filled).most_common(1)
    return colour if times > HALF * len(filled) else ""


def _at(block: Block, row: int, place: int) -> str:
    return block.grid.colours.get((block.grid.first_row + row, block.grid.first_column + place), "")


def _is_banded(colours: list[str]) -> bool:
    """Whether every second row has the same colour: that is a style and says nothing."""
    return len(colours) > 3 and all(colour == colours[place % 2] for place, colour in enumerate(colours))


def _in_single_cells(block: Block, of_rows: set[str]) -> bool:
    """Whether cells within a column differ in colour."""
    for place in range(len(block.headings)):
        column = {_at(block, row, place) for row in block.rows}
        if len(column) > 1 and not column <= of_rows:
            return True
    return False


def _legend(block: Block, colours: set[str]) -> dict[str, str]:
    """What words outside the data say of a colour: in the coloured cell itself, or right of it."""
    grid, data = block.grid, set(block.rows) | set(block.header)
    found: dict[str, str] = {}
    for (row, column), colour in grid.colours.items():
        index, place = row - grid.first_row, column - grid.first_column
        if colour not in colours or index in data or not 0 <= index < len(grid.rows):
            continue
        cells = grid.rows[index]
        beside = [
            text(cells[each]) for each in (place, place + 1) if 0 <= each < len(cells) and not is_missing(cells[each])
        ]
        if beside:
            found.setdefault(colour, re.sub(r"^\s*[=:–-]\s*", "", beside[0]))
    return found if len(set(found.values())) == len(found) else {}


def colour_names(colours: list[str]) -> dict[str, str]:
    """Yellow, green ...; two shades of one name are told apart by a number."""
    named = {colour: _name(colour) for colour in colours}
    seen: Counter[str] = Counter()
    found = {}
    for colour, name in named.items():
        seen[name] += 1
        found[colour] = name if seen[name] == 1 else f"{name} {seen[name]}"
    return found


def _name(colour: str) -> str:
    kind, _, rest = colour.partition(" ")
    number = rest.split(" ")[0]
    if kind == "theme":
        kind = THEME[int(number)] if number.isdecimal() and int(number) < len(THEME) else ""
    elif kind == "indexed":
        kind = INDEXED.get(number, "")
    if not re.fullmatch("[0-9A-F]{6}", kind):
        return f"colour {number}".strip()
    red, green, blue = (int(kind[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < 0.15:
        return "black" if light < 0.2 else "grey" if light < 0.95 else "white"
    return next(name for most, name in HUES if hue * 360 < most)
