"""Which row of a sheet is its header, and which rows below it are data.

Which rows of a sheet are its header: one, or up to three stacked under merged cells, with titles above and units below.

A header row holds words where the rows below hold values. An upper header row has merged cells, repeats or gaps that the row below
fills; where the sheet shows no merged cells, an empty cell of an upper row continues the cell to its left.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from lib.cohort.schema import TABLES, Table
from lib.intake.cells.coding import NO_WORDS, YES_WORDS, as_number, is_missing, text
from lib.intake.cells.units import unit_word
from lib.intake.files.grid import Cell, Grid
from lib.intake.files.limits import LONGEST_HEADING
from lib.intake.sheets.role import column_called, normalised, table_for

SEARCHED_ROWS: Final = 20


def find_header(grid: Grid) -> int | None:
    """The index of the row that names most columns of some table; None if no row names any required one."""
    best, best_known = None, 0
    comments = comment_rows(grid)
    for index, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        if index in comments:
            continue
        words = [normalised(text(cell)) for cell in row if not is_missing(cell)]
        known = max((_known(table, words) for table in TABLES), default=0)
        if known > best_known:
            best, best_known = index, known
    return best


def table_of(grid: Grid, header: int) -> Table | None:
    """The table that this sheet holds, or None if it is none of ours."""
    return table_for(grid.name, tuple(text(cell) for cell in grid.rows[header] if not is_missing(cell)))


def data_rows(grid: Grid, header: int, table: Table) -> list[int]:
    """The indices of the rows below the header that hold data: not the template's line of explanation, not empty ones."""
    explanations = {column.explanation for column in table.columns}
    rows = []
    for index in range(header + 1, len(grid.rows)):
        written = [text(cell) for cell in grid.rows[index] if not is_missing(cell)]
        if written and sum(words in explanations for words in written) * 2 < len(written):
            rows.append(index)
    return rows


def _known(table: Table, words: Sequence[str]) -> int:
    found = [column for word in words if (column := column_called(word, table))]
    return len(found) if any(column.required for column in found) else 0


SEARCHED: Final = 30
DEEPEST: Final = 3
BELOW: Final = 8
DATE_TEXT: Final = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?")
UNIT_TEXT: Final = re.compile(
    r"[\[(]?\s*(%|°c|[kmµμnp]?g/d?m?l|10\^?\d+/?(l|µl|ul)?|[a-z0-9^µμ]{1,6}/[a-z0-9^µμ]{1,6}|mm|cm|kg|mg|years?|jahre?|yes/no|y/n|u/l|iu/l|g/l|copies/.*)\s*[\])]?",
    re.I,
)
DIGITS: Final = re.compile(r"\d{3,}")
Filled = dict[int, str]


def header_rows(grid: Grid) -> tuple[int, ...]:
    """The indices of the header rows, top first; () where no row can be one."""
    comments = comment_rows(grid)
    filled = [
        {} if index in comments else _filled(row)
        for index, row in enumerate(grid.rows[: SEARCHED + DEEPEST + BELOW + len(comments)])
    ]
    width = max((len(row) for row in filled), default=0)
    if width < 2:
        return ()
    merged = _merged_rows(grid)
    for top in range(min(SEARCHED + len(comments), len(filled))):
        if _may_be_top(filled, top, width, merged):
            return _with_band_above(grid, filled, _deepened(filled, top, merged))
    return ()


def _with_band_above(grid: Grid, filled: list[Filled], rows: tuple[int, ...]) -> tuple[int, ...]:
    """The header rows and, above them, one in which bands are merged over some of the columns; a title is over nearly all."""
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
    """Lines at the top that begin with #, with the header below them, as exports of cBioPortal and sequencers have them.

    Where no header follows, the last of these lines is the header itself (#id, arm, months).
    """
    last = 0
    while last < len(grid.rows) and _is_comment(grid.rows[last]):
        last += 1
    if not any(map(written_words, grid.rows[:last])):
        return frozenset()
    following = [_filled(row) for row in grid.rows[last : last + 1 + BELOW]]
    head = following[0] if following else {}
    distinct = len(set(head.values())) == len(head) > 1
    is_header = distinct and _wordy(head) == 1 and not any(DIGITS.search(word) for word in head.values())
    widest = max((len(_filled(row)) for row in grid.rows[:last]), default=0)
    repeats = len(following) > 1 and any(
        each.get(place) == word for each in following[1:] for place, word in head.items()
    )
    own = (not is_header and widest > 1) or (repeats and last == 1)
    return frozenset(range(last - 1 if own and widest * 2 >= len(head) else last))


def heading_text(cell: Cell) -> str:
    """A cell as a heading: of a very long one the beginning."""
    return text(cell)[:LONGEST_HEADING].strip()


def written_words(row: Sequence[Cell]) -> list[str]:
    """What stands in a row, without its empty cells."""
    return [text(cell) for cell in row if not is_missing(cell)]


def _is_comment(row: Sequence[Cell]) -> bool:
    first = next((text(cell) for cell in row if not is_missing(cell)), "")
    return (first.startswith("#") and len(first) > 1) or not any(text(cell) for cell in row)


def paths(grid: Grid, header: Sequence[int]) -> tuple[tuple[str, ...], ...]:
    """For every column the texts of the header rows above it, top first, without empty ones and repeats."""
    width = max((len(row) for row in grid.rows[: SEARCHED + DEEPEST + BELOW]), default=0)
    levels = []
    for place, index in enumerate(header):
        level = [heading_text(cell) for cell in grid.rows[index]] + [""] * (width - len(grid.rows[index]))
        if level and len(level[0]) > 1:
            level[0] = level[0].removeprefix("#").strip()
        levels.append(_spread(level, grid, index) if place < len(header) - 1 else level)
    found = []
    for column in range(width):
        words = [level[column] for level in levels if level[column]]
        of_its_own = any(text(grid.rows[index][column]) for index in header if column < len(grid.rows[index]))
        found.append(tuple(word for place, word in enumerate(words) if place == 0 or word != words[place - 1]) if of_its_own or len(words) == len(levels) else ())  # fmt: skip
    return tuple(found)


def unique_headings(found: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """One unique name a column: the last text, with the texts above where that is not unique or is only a unit."""
    last = Counter(_name(path) for path in found if path)
    names = [_name(path) if path and last[_name(path)] == 1 else " | ".join(path) for path in found]
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        seen[name] += bool(name)
        unique.append(name if seen[name] < 2 else f"{name} ({seen[name]})")
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
        or DATE_TEXT.fullmatch(written)
        or (folded in YES_WORDS | NO_WORDS and len(written) > 1)
    )


def _wordy(row: Filled) -> float:
    return sum(map(_is_word, row.values())) / max(len(row), 1)


def _merged_rows(grid: Grid) -> set[int]:
    """Rows with cells merged to the right."""
    return {area[0] - grid.first_row for area in getattr(grid, "merged", ()) if area[3] > area[1]}


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
    while len(rows) < DEEPEST and rows[-1] + 2 < len(filled) and filled[rows[-1] + 1]:
        above, below = filled[rows[-1]], filled[rows[-1] + 1]
        grouping = rows[-1] in merged or _repeats(above) or _gaps(above, below)
        if _is_units(below) or (grouping and _header_like(filled, rows[-1] + 1, above)):
            rows.append(rows[-1] + 1)
        else:
            break
    return tuple(rows)


def _gaps(above: Filled, below: Filled) -> bool:
    """Whether the row below fills at least two columns, to the right of a text, that the row above leaves empty."""
    first = min(above, default=0)
    return sum(place > first and place not in above for place in below) >= 2


def _repeats(row: Filled) -> bool:
    pairs = [row[place] == row.get(place + 1) for place in row if place + 1 in row]
    return len(pairs) >= 2 and sum(pairs) * 3 >= len(pairs)


def _is_units(row: Filled) -> bool:
    return len(row) >= 2 and all(UNIT_TEXT.fullmatch(word) or unit_word(word) for word in row.values())


def _header_like(filled: list[Filled], index: int, above: Filled | None = None) -> bool:
    """Whether this row is a header under a header: words that do not come again below, or days under one heading."""
    row, below = filled[index], [each for each in filled[index + 1 : index + 1 + BELOW] if each]
    if not row or not below:
        return False
    under_gaps = above is not None and all(
        place not in above or (place - 1 in above and place + 1 not in above) for place in row
    )
    leaves = above is not None and min(above, default=0) not in row and min(below[0], default=0) in above
    if leaves and (under_gaps or _wordy(row) > 0.5 or len(set(row.values())) == len(row)):
        return True
    again = sum(any(each.get(place) == word for each in below) for place, word in row.items())
    if _repeats(row) and _wordy(row) >= 0.5:
        return again * 4 <= len(row)
    different = len(set(row.values())) * 10 >= len(row) * 4 or (above is not None and _repeats(above))
    return different and _wordy(row) >= 0.7 and again * 4 <= len(row) and _wordy(row) >= _wordy(below[0])


def _spread(level: list[str], grid: Grid, index: int) -> list[str]:
    """An upper header row with merged cells filled; without merged cells an empty cell continues the one to its left."""
    areas = [area for area in getattr(grid, "merged", ()) if area[0] - grid.first_row == index and area[3] > area[1]]
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
