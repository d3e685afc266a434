"""Which rows of a sheet are its header, and which rows below it are data.

One row, or up to three stacked under merged cells, with titles above and units below. A header row holds words where
the rows below hold values. An upper header row has merged cells, repeats or gaps that the row below fills; where the
sheet shows no merged cells, an empty cell of an upper row continues the cell to its left.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Final

import numpy as np

from lib.cohort.schema import TABLES, Table
from lib.intake.cells.coding import NO_WORDS, YES_WORDS, as_number, filled, is_missing, text
from lib.intake.cells.dates import is_written_date
from lib.intake.cells.units import unit_word
from lib.intake.files.grid import Cell, Grid
from lib.intake.files.limits import LONGEST_HEADING
from lib.intake.sheets.role import column_called, normalised, table_for

SEARCHED_ROWS: Final = 20
EXPLANATIONS: Final = {table.name: {column.explanation for column in table.columns} for table in TABLES}


def find_header(grid: Grid) -> int | None:
    """The index of the row that names most columns of some table; None if no row names any required one."""
    comments = comment_rows(grid)
    rows = {n: row for n, row in enumerate(grid.rows[:SEARCHED_ROWS]) if n not in comments}
    known = {n: _most_known(list(map(normalised, written_words(row)))) for n, row in rows.items()}
    best = max(known, key=known.__getitem__, default=0)
    return best if known.get(best) else None


def table_of(grid: Grid, header: int) -> Table | None:
    """The table that this sheet holds, or None if it is none of ours."""
    return table_for(grid.name, tuple(written_words(grid.rows[header])))


def data_rows(grid: Grid, header: int, table: Table) -> list[int]:
    """The indices of the rows below the header that hold data: not the template's line of explanation, not empty
    ones."""
    words, explaining = (np.zeros(len(grid.rows), dtype=np.int32) for _ in range(2))
    for place in range(grid.width):
        column = grid.whole_column(place)
        words += filled(column)
        explaining += column.distinct.flags((_explains(cell, table) for cell in column.distinct.values), False)
    is_data = (words > 0) & (explaining * 2 < words)
    return (np.flatnonzero(is_data[header + 1 :]) + header + 1).tolist()


def _explains(cell: Cell, table: Table) -> bool:
    return isinstance(cell, str) and text(cell) in EXPLANATIONS[table.name]


def is_explanation(words: Sequence[str], table: Table) -> bool:
    """Whether the words of a row are the template's own line of explanation."""
    return bool(words) and sum(word in EXPLANATIONS[table.name] for word in words) * 2 >= len(words)


def _most_known(words: Sequence[str]) -> int:
    """How many columns these words name of the one table of which they name most, and a required one."""
    found = [[column for word in words if (column := column_called(word, table))] for table in TABLES]
    return max(len(columns) if any(column.required for column in columns) else 0 for columns in found)


SEARCHED: Final = 30
DEEPEST: Final = 3
BELOW: Final = 8
UNIT_TEXT: Final = re.compile(
    r"[\[(]?\s*(%|°c|[kmµμnp]?g/d?m?l|10\^?\d+/?(l|µl|ul)?|[a-z0-9^µμ]{1,6}/[a-z0-9^µμ]{1,6}|mm|cm|kg|mg|years?|jahre?|yes/no|y/n|u/l|iu/l|g/l|copies/.*)\s*[\])]?",
    re.I,
)
UNIT_LABEL: Final = re.compile(
    r"units?|einheit(en)?|unit[eé]s?|unidad(es)?|unit[aà]|eenheid|jednostk[ai]|birim|单位|単位", re.I
)
DIGITS: Final = re.compile(r"\d{3,}")
Filled = dict[int, str]
NOTHING: Final[Filled] = {}


def header_rows(grid: Grid) -> tuple[int, ...]:
    """The indices of the header rows, top first; () where no row can be one."""
    return grid.remembered("header rows", lambda: _header_rows(grid))


def _header_rows(grid: Grid) -> tuple[int, ...]:
    comments = comment_rows(grid)
    filled = [
        {} if index in comments else _filled(row)
        for index, row in enumerate(grid.rows[: SEARCHED + DEEPEST + BELOW + len(comments)])
    ]
    width = max((len(row) for row in filled), default=0)
    if width < 2:
        return ()
    # rows with cells merged to the right
    merged = {area[0] - grid.first_row for area in grid.merged if area[3] > area[1]}
    for top in range(min(SEARCHED + len(comments), len(filled))):
        if _may_be_top(filled, top, width, merged):
            return _with_band_above(grid, filled, _deepened(filled, top, merged))
    return ()


def _with_band_above(grid: Grid, filled: list[Filled], rows: tuple[int, ...]) -> tuple[int, ...]:
    """The header rows and, above them, one in which bands are merged over some of the columns; a title is over nearly
    all."""
    above = rows[0] - 1
    if above < 0 or not filled[above] or len(rows) >= DEEPEST:
        return rows
    width = max(filled[rows[0]], default=0) + 1 - min(filled[rows[0]], default=0)
    spans = {
        area[1] - grid.first_column: area[3] - area[1] + 1
        for area in grid.merged
        if area[0] - grid.first_row == above == area[2] - grid.first_row and area[3] > area[1]
    }
    banded = all(place in spans and spans[place] * 4 <= width * 3 and place > 0 for place in filled[above])
    return (above, *rows) if banded else rows


def comment_rows(grid: Grid) -> frozenset[int]:
    """Lines at the top that begin with #, with the header below them, as exports of cBioPortal and sequencers have
    them.

    Where no header follows, the last of these lines is the header itself (#id, arm, months).
    """
    last = next((index for index, row in enumerate(grid.rows) if not _is_comment(row)), len(grid.rows))
    widest = max((len(written_words(row)) for row in grid.rows[:last]), default=0)
    if not widest:
        return frozenset()
    head, *below = [_filled(row) for row in grid.rows[last : last + 1 + BELOW]] or [{}]
    own = (widest > 1 and not _is_plain_header(head)) or (last == 1 and _n_again(head, below) > 0)
    return frozenset(range(last - 1 if own and widest * 2 >= len(head) else last))


def _n_again(row: Filled, below: Sequence[Filled]) -> int:
    """How many texts of a row come again in their columns below it."""
    return sum(any(each.get(place) == word for each in below) for place, word in row.items())


def _is_plain_header(row: Filled) -> bool:
    """Whether nothing but different words without numbers stands in a row."""
    words = list(row.values())
    distinct = len(set(words)) == len(words) > 1
    return distinct and _wordy(row) == 1 and not any(map(DIGITS.search, words))


def heading_text(cell: Cell) -> str:
    """A cell as a heading: of a very long one the beginning."""
    return text(cell)[:LONGEST_HEADING].strip()


def written_words(row: Sequence[Cell]) -> list[str]:
    """What stands in a row, without its empty cells."""
    return [text(cell) for cell in row if not is_missing(cell)]


def _is_comment(row: Sequence[Cell]) -> bool:
    first = next(iter(written_words(row)), "")
    return (first.startswith("#") and len(first) > 1) or not any(text(cell) for cell in row)


def paths(grid: Grid, header: Sequence[int]) -> tuple[tuple[str, ...], ...]:
    """For every column the texts of the header rows above it, top first, without empty ones and repeats."""
    width = max((len(row) for row in grid.rows[: SEARCHED + DEEPEST + BELOW]), default=0)
    own = [_level(grid, index, width) for index in header]
    own[1:] = map(_without_label, own[1:])
    own[1:2] = map(_labelled, own[1:2], own[2:3] or own[1:2])
    spread = [*(_spread(level, grid, index) for level, index in zip(own, header[:-1], strict=False)), *own[-1:]]
    found = []
    for column in range(width):
        words = [level[column] for level in spread if level[column]]
        of_its_own = any(level[column] for level in own)
        found.append(tuple(word for word, _ in groupby(words)) if of_its_own or len(words) == len(own) else ())
    return tuple(found)


def _labelled(level: list[str], below: list[str]) -> list[str]:
    """A row of numbers over nothing but the name of the first column, with what they are: day, 0, 7 is day 0, day 7."""
    label = level[0] if level and not any(below[1:]) else ""
    return ["", *(f"{label} {word}" if word.isdecimal() else word for word in level[1:])] if label else level


def _without_label(level: list[str]) -> list[str]:
    """A row of units without its own heading, which is that of no column."""
    return ["" if UNIT_LABEL.fullmatch(word) else word for word in level]


def _level(grid: Grid, index: int, width: int) -> list[str]:
    level = [heading_text(cell) for cell in grid.rows[index]] + [""] * (width - len(grid.rows[index]))
    if level and len(level[0]) > 1:
        level[0] = level[0].removeprefix("#").strip()
    return level


def unique_headings(found: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """One unique name a column: the last text, with the texts above where that is not unique or is only a unit."""
    last = Counter(_name(path) for path in found if path)
    names = [_name(path) if path and last[_name(path)] == 1 else " | ".join(path) for path in found]
    repeats: Counter[str] = Counter()
    taken: set[str] = set()
    unique = []
    for name in names:
        called = name
        while name and called in taken:
            repeats[name] += 1
            called = f"{name} ({repeats[name] + 1})"
        taken.add(called)
        unique.append(called)
    return tuple(unique)


def _name(path: tuple[str, ...]) -> str:
    if len(path) > 1 and (UNIT_TEXT.fullmatch(path[-1]) or (unit_word(path[-1]) and len(path[-1]) > 1)):
        return f"{path[-2]} ({path[-1].strip('[]() ')})"
    return path[-1]


def _filled(row: Sequence[Cell]) -> Filled:
    return {place: text(cell) for place, cell in enumerate(row) if not is_missing(cell)}


def _is_word(written: str) -> bool:
    folded = written.casefold()
    return not (
        as_number(written) is not None
        or is_written_date(written)
        or (folded in YES_WORDS | NO_WORDS and len(written) > 1)
    )


def _wordy(row: Filled) -> float:
    return sum(map(_is_word, row.values())) / max(len(row), 1)


def _may_be_top(filled: list[Filled], index: int, width: int, merged: set[int]) -> bool:
    row = filled[index]
    if len(row) < 2 or _wordy(row) < 0.7:
        return False
    if len(row) * 2 >= width or len(row) >= 12:
        return True
    below = filled[index + 1] if index + 1 < len(filled) else {}
    return len(below) * 2 >= width and bool(index in merged or _gaps(row, below)) and _header_like(filled, index + 1)


def _deepened(filled: list[Filled], top: int, merged: set[int]) -> tuple[int, ...]:
    rows = [top]
    if _names_index(filled, top):
        return (top, top + 1, top + 2)
    while len(rows) < DEEPEST and rows[-1] + 2 < len(filled) and filled[rows[-1] + 1]:
        above, below = filled[rows[-1]], filled[rows[-1] + 1]
        grouping = rows[-1] in merged or _repeats(above) or _gaps(above, below) or _is_one_band(above, below)
        if _is_units(below) or (grouping and _header_like(filled, rows[-1] + 1, above)):
            rows.append(rows[-1] + 1)
        else:
            break
    return tuple(rows)


def _names_index(filled: list[Filled], top: int) -> bool:
    """Whether two rows of headings have a third below them in which only the first column is named, as programs write a
    header of two levels: CRP, CRP over day, 0, 7 over patient."""
    first, second, third, data = (*filled[top : top + 4], NOTHING, NOTHING, NOTHING)[:4]
    is_named = set(third) == {0} and 0 in data and len(data) > 1
    return is_named and 0 not in first and _repeats(first) and set(first) == set(second) - {0}


def _gaps(above: Filled, below: Filled) -> bool:
    """Whether the row below fills at least two columns, to the right of a text, that the row above leaves empty."""
    first = min(above, default=0)
    return sum(place > first and place not in above for place in below) >= 2


def _is_one_band(above: Filled, below: Filled) -> bool:
    """Whether the row below has nothing but parts of one heading: words under it and under all the empty cells to its
    right."""
    start, end = min(below), max(below)
    one = start > min(above) and end > start and list(below) == list(range(start, end + 1))
    return (
        one and _wordy(below) == 1 and start in above and not any(place in above for place in range(start + 1, end + 1))
    )


def _repeats(row: Filled) -> bool:
    pairs = [row[place] == row.get(place + 1) for place in row if place + 1 in row]
    return len(pairs) >= 2 and sum(pairs) * 3 >= len(pairs)


def _cycles(row: Filled) -> bool:
    """Whether the same headings come again in the same order behind the first: CRP, LDH, CRP, LDH."""
    words = [*row.values()][1:]
    n = len(set(words))
    return 1 < n <= len(words) / 2 and all(one == other for one, other in zip(words, words[n:], strict=False))


def _is_units(row: Filled) -> bool:
    first = min(row)
    named = [word for place, word in row.items() if place > first or not UNIT_LABEL.fullmatch(word)]
    return len(row) >= 2 and all(UNIT_TEXT.fullmatch(word) or unit_word(word) for word in named)


def _header_like(filled: list[Filled], index: int, above: Filled = NOTHING) -> bool:
    """Whether this row is a header under a header: words that do not come again below, or days under one heading."""
    row, below = filled[index], list(filter(None, filled[index + 1 : index + 1 + BELOW]))
    if not row or not below:
        return False
    wordy, n_different = _wordy(row), len(set(row.values()))
    if _leaves_first_to(above, row, below[0]) and (
        _is_under_gaps(row, above) or wordy > 0.5 or n_different == len(row)
    ):
        return True
    if _n_again(row, below) * 4 > len(row):
        return False
    if _repeats(row) and wordy >= 0.5:
        return True
    different = any((n_different * 10 >= len(row) * 4, _repeats(above), _cycles(row)))
    return different and wordy >= max(0.7, _wordy(below[0]))


def _leaves_first_to(above: Filled, row: Filled, below: Filled) -> bool:
    """Whether the row has nothing in the first column that the row above names and the data fill."""
    return bool(above) and min(above) not in row and min(below) in above


def _is_under_gaps(row: Filled, above: Filled) -> bool:
    """Whether each text stands under an empty cell, or under the last text before one."""
    return all(place not in above or (place - 1 in above and place + 1 not in above) for place in row)


def _spread(level: list[str], grid: Grid, index: int) -> list[str]:
    """An upper header row with merged cells filled; without merged cells an empty cell continues the one to its
    left."""
    areas = [area for area in grid.merged if area[0] - grid.first_row == index and area[3] > area[1]]
    spread, last = list(level), ""
    if areas:
        for _, left, _, right in areas:
            start, end = left - grid.first_column, right - grid.first_column
            for place in range(start, min(end + 1, len(spread))):
                spread[place] = level[start]
        return spread
    for place, word in enumerate(level):
        last = word or last
        spread[place] = last
    return spread
