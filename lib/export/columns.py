"""How wide the columns of a printed table are: as their words need; where that is too much, the longest are broken into
lines."""

from typing import Final

from lib.export.page import NUMBER
from lib.publication.exhibit import Table
from lib.publication.text_width import broken, text_width

READABLE: Final = 11  # times the size of a letter: so wide a column of text may be where it is broken
STEPS: Final = 30
ROUNDED: Final = 0.01  # a column that is as wide as its words has room for them


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
