"""Which parts of a sheet are tables of their own: side by side, below each other, or turned, with patients as
columns."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lib.intake.cells.coding import as_number, is_missing, text
from lib.intake.files.grid import NO_CODE, Cell, Grid, Origin
from lib.intake.infer.synonyms import DATE_ROLES, ENDPOINTS, PATIENT_ID, PATIENT_ROLES
from lib.intake.mapping import area_name
from lib.intake.sheets.header import header_rows, written_words
from lib.intake.sheets.role import keyed, table_for

ID_WORD: Final = re.compile(
    rf"{PATIENT_ID.pattern}|(pat(ient)?|subj(ect)?|study|case|record|participant|sample|randomi[sz](ed|ation))_?(s_)?(id|code|no|nr|number|"
    r"barcode|identifier|initials?)|sid|pid|mrn|codice(_paziente)?|patientnummer|患者(番号|id)|症例番号|被験者番号|patienten_?\w*"
)
DATED: Final = re.compile(r"dat(e|um|a)(_|$)|fecha|日期|kontakt|contact|follow_?up|nouvelles|随访")
ANY_ID: Final = re.compile(rf"{ID_WORD.pattern}|id|nr|no|code")
LEAST_ROWS: Final = 1
WORDY: Final = 0.7
NUMERIC: Final = 0.8
SAMPLE: Final = 200
FIRST_CELLS: Final = 2
NUMBER_BEGINS: Final = frozenset("0123456789+-.\u2212")
# top, left, bottom, right as indices of the grid; the last two are not in it any more
Piece = tuple[int, int, int, int]


def area_of(grid: Grid, piece: Piece) -> tuple[int, ...]:
    """The piece as the spreadsheet numbers rows and columns, the last ones within it."""
    top, left, bottom, right = piece
    row, column = grid.first_row, grid.first_column
    return (row + top, column + left, row + bottom - 1, column + right - 1)


def whole(grid: Grid) -> Piece:
    """All of a sheet."""
    return (0, 0, len(grid.rows), grid.width)


def cut(grid: Grid, piece: Piece) -> Grid:
    """This part of a sheet as a grid of its own, named after its place."""
    top, left, bottom, right = piece
    is_whole = (top, left) == (0, 0) and bottom >= len(grid.rows) and right >= grid.width
    rows = grid.rows if is_whole else tuple(row[left:right] for row in grid.rows[top:bottom])
    name = f"{grid.name}{area_name(area_of(grid, piece))}"
    labels = grid.labels[left:right]
    part = replace(
        grid,
        name=name,
        sheet=grid.name,
        rows=rows,
        first_row=grid.first_row + top,
        first_column=grid.first_column + left,
        labels=labels,
    )
    if is_whole:
        part.keep_columns_of(grid)
    return part


def _part(grid: Grid, piece: Piece) -> Grid:
    """The same where the name does not matter: all of a sheet is the sheet, of which more is known."""
    return grid if piece == whole(grid) else cut(grid, piece)


def padded(grid: Grid) -> list[tuple[Cell, ...]]:
    """The rows, all as wide as the widest."""
    width = whole(grid)[3]
    return [(*row, *[None] * (width - len(row))) for row in grid.rows]


def turned(grid: Grid) -> Grid:
    """The sheet with its columns as rows; letters and origins say where each stands."""
    cells = padded(grid)
    filled = [place for place, row in enumerate(cells) if written_words(row)]
    rows = tuple(zip(*(cells[place] for place in filled), strict=True))
    places = tuple(grid.first_row + place for place in filled)
    return Grid(
        grid.name,
        rows,
        grid.first_column,
        grid.first_row,
        grid.visible,
        sheet=grid.sheet or grid.name,
        transposed=True,
        origins=tuple(
            Origin(grid.sheet or grid.name, grid.first_column + place, places) for place in range(whole(grid)[3])
        ),
        letters=tuple(str(grid.first_row + place) for place in filled),
    )


def is_transposed(grid: Grid) -> bool:
    """Whether the words of a header stand in the first column, and the patients in the first row."""
    if len(grid.rows) > SAMPLE:
        return False
    rows = [row for row in grid.rows if written_words(row)]
    width = max(map(len, rows), default=0)
    if min(len(rows), width) < 3:
        return False
    head = next((row for row in rows if len(written_words(row)) * 2 >= width), ())
    column = written_words([row[0] for row in rows])
    down, right = sum(map(_is_heading, column)), sum(map(_is_heading, written_words(head)))
    if len(set(column)) < len(column) or down < max(3, len(column) / 3, 3 * right + 1):
        return False
    return right == 0 or any(map(_is_id, column[:3]))


def _is_heading(word: str) -> bool:
    key = keyed(word)
    if not key or as_number(word) is not None:
        return False
    dated = DATED.search(key) and any(pattern.search(key) for _, pattern in DATE_ROLES)
    named = dated or ID_WORD.fullmatch(key) or any(pattern.search(key) for _, pattern in ENDPOINTS)
    return bool(named or any(pattern.fullmatch(key) for _, pattern in PATIENT_ROLES))


def tables_in(grid: Grid) -> Iterator[Piece]:
    """The parts of a sheet that are tables of their own, from top to bottom and from left to right."""
    named = table_for(grid.name, ()) is not None
    for down in _below_each_other(grid, whole(grid)):
        beside = [down] if named else list(_side_by_side(grid, down))
        for part in beside:
            yield from (_trimmed(grid, each) for each in (_below_each_other(grid, part) if len(beside) > 1 else [part]))


def _trimmed(grid: Grid, piece: Piece) -> Piece:
    """The piece without the empty rows and columns at its end."""
    top, left, bottom, right = piece
    while bottom > top + 1 and not written_words(grid.rows[bottom - 1][left:right]):
        bottom -= 1
    while right > left + 1 and not any(written_words(row[right - 1 : right]) for row in grid.rows[top:bottom]):
        right -= 1
    return (top, left, bottom, right)


def _below_each_other(grid: Grid, piece: Piece) -> Iterator[Piece]:
    """Parted where, below a table, a new header stands."""
    top, left, bottom, right = piece
    part = _part(grid, piece)
    header = header_rows(part)
    if not header:
        yield piece
        return
    head = part.rows[header[-1]]
    below = range(header[-1] + 2, len(part.rows) - LEAST_ROWS)
    perhaps = [index for index in _perhaps_headings(part) if index in below]
    numeric = _numeric_columns(part, header[-1]) if perhaps else frozenset()
    starts = [
        index
        for index in perhaps
        if part.rows[index][:1] != head[:1] or written_words(part.rows[index]) != written_words(head)
        if _starts(part, index, head, numeric)
    ]
    begin = top
    for start in starts:
        title = start - 1 if len(written_words(part.rows[start - 1])) == 1 and start - 1 > header[-1] else start
        yield (begin, left, top + title, right)
        begin = top + title
    yield (begin, left, bottom, right)


def _perhaps_headings(part: Grid) -> list[int]:
    """The rows that begin with words and hold as many as headings would, no number among them, whatever else they
    are."""
    begin = np.flatnonzero(_beginning_with_words(part))
    words, written = _counted(part, begin, _is_text), part.width - _counted(part, begin, is_missing, True)
    wordy = begin[words >= np.maximum(2, WORDY * written)]
    chosen: list[int] = wordy[_counted(part, wordy, _is_number_as_text) == 0].tolist()
    return chosen


def _counted(
    part: Grid, rows: NDArray[np.intp], what: Callable[[Cell], bool], blank: bool = False
) -> NDArray[np.int32]:
    """In how many cells of each of these rows such a thing stands; `blank` = whether it does in an empty one."""
    n = np.zeros(len(rows), dtype=np.int32)
    for place in range(part.width) if len(rows) else ():
        found = part.whole_column(place).at(rows).distinct
        n += found.flags(found.of_texts(what, False), blank)
    return n


def _is_text(cell: Cell) -> bool:
    return isinstance(cell, str) and not is_missing(cell)


def _is_number_as_text(cell: Cell) -> bool:
    return isinstance(cell, str) and as_number(text(cell)) is not None and not is_missing(cell)


def _beginning_with_words(part: Grid) -> NDArray[np.bool_]:
    """Of each row whether its first two filled cells are words: in nearly all rows of data a number is among them."""
    words, begun = np.zeros(len(part.rows), dtype=np.int8), np.ones(len(part.rows), dtype=bool)
    for place in range(part.width):
        if not (begun & (words < FIRST_CELLS)).any():
            break
        found = part.whole_column(place).distinct
        words += found.flags(found.of_texts(_is_word, False), False) & begun
        begun &= found.flags(found.of_texts(_is_word, False), True)
    return words >= FIRST_CELLS


def _is_word(cell: Cell) -> bool:
    return isinstance(cell, str) and not (cell[:1] in NUMBER_BEGINS and as_number(cell) is not None)


def _starts(part: Grid, index: int, head: Sequence[Cell], numeric: frozenset[int]) -> bool:
    """Whether this row is the header of another table: it names patients anew, or has words where numbers stood."""
    row = part.rows[index]
    words = [text(cell) for cell in row if isinstance(cell, str) and not is_missing(cell)]
    if not _are_headings(words, row):
        return False
    gap = _is_after_gap(part, index)
    if _names_patients_anew(row, head, words, gap):
        return True
    over_numbers = any(place in numeric and not is_missing(cell) for place, cell in enumerate(row))
    return gap and over_numbers and any(as_number(cell) is not None for cell in part.rows[index + 1])


def _is_after_gap(part: Grid, index: int) -> bool:
    """Whether an empty row stands above this one, or above a title above it."""
    above = written_words(part.rows[index - 1])
    return not above or (len(above) == 1 and not written_words(part.rows[index - 2]))


def _are_headings(words: Sequence[str], row: Sequence[Cell]) -> bool:
    """Whether nearly nothing but different words stands in a row."""
    if len(words) < max(2, WORDY * len(written_words(row))) or len(set(words)) < len(words):
        return False
    return all(as_number(word) is None for word in words)


def _names_patients_anew(row: Sequence[Cell], head: Sequence[Cell], words: Sequence[str], gap: bool) -> bool:
    """Whether one of the first words names patients, after a gap or where the first header does; not the first header
    again, in whole or with a word left out."""
    named = (place for place, cell in enumerate(row) if isinstance(cell, str) and len(cell) > 1 and _is_id(cell))
    place = next(named, None)
    if place is None or text(row[place]) not in words[:2]:
        return False
    own = set(map(keyed, written_words(head)))
    return (gap or (place < len(head) and _is_id(text(head[place])))) and not set(map(keyed, words)) <= own


def _is_id(word: str) -> bool:
    return bool(ID_WORD.fullmatch(keyed(word)))


def _numeric_columns(part: Grid, header: int) -> frozenset[int]:
    found = []
    for place in range(part.width):
        column = part.whole_column(place).distinct
        codes = column.codes[header + 1 : header + 1 + SAMPLE]
        counts = np.bincount(codes[codes != NO_CODE]).tolist()
        there = [(cell, n) for cell, n in zip(column.values, counts, strict=False) if n and not is_missing(cell)]
        numbers = sum(n for cell, n in there if not isinstance(cell, str | bool) or as_number(cell) is not None)
        if numbers and numbers >= NUMERIC * sum(n for _, n in there) - 1:
            found.append(place)
    return frozenset(found)


def _side_by_side(grid: Grid, piece: Piece) -> Iterator[Piece]:
    """Parted at empty columns, and where a header names the patients again with the same words."""
    top, left, bottom, right = piece
    cuts = [*_repeats(grid, piece), *(place for place in _after_gaps(grid, piece))]
    begin = left
    for place in sorted(set(cuts)):
        if begin < place and _is_own_table(grid, (top, begin, bottom, place), (top, place, bottom, right)):
            yield (top, begin, bottom, place)
            begin = place
    yield (top, begin, bottom, right)


def _after_gaps(grid: Grid, piece: Piece) -> list[int]:
    """The columns before which an empty one stands."""
    top, left, bottom, right = piece
    rows = grid.rows[top:bottom]
    empty = [
        all(place >= len(row) or row[place] is None or is_missing(row[place]) for row in rows)
        for place in range(left, right)
    ]
    return [left + place for place in range(1, right - left) if empty[place - 1] and not empty[place]]


def _repeats(grid: Grid, piece: Piece) -> list[int]:
    """Where the same headings begin once more beside themselves, or the same patients in another order."""
    part = _part(grid, piece)
    header = header_rows(part)
    head = [keyed(text(cell)) for cell in (part.rows[header[-1]] if header else ())]
    name = next(filter(None, head), "")
    if not ANY_ID.fullmatch(name):
        return []
    first, *again = (place for place, word in enumerate(head) if word == name)
    if not _is_same_table(head, first, again):
        again = [place for place in again if _are_in_another_order(*map(part.whole_column, (first, place)))]
    return [piece[1] + place for place in again]


def _is_same_table(head: Sequence[str], first: int, again: Sequence[int]) -> bool:
    """Whether the headings from each of these places on are those from the first."""
    length = again[0] - first if again else 0
    return length > 1 and all(head[first : first + length - 1] == head[place : place + length - 1] for place in again)


def _are_in_another_order(ids: Sequence[Cell], others: Sequence[Cell]) -> bool:
    """Whether a second column names mostly the same patients, and not row by row."""
    known, named = set(ids) - {None}, set(others) - {None}
    return tuple(ids) != tuple(others) and 2 * len(known & named) > len(named) + 1


def _is_own_table(grid: Grid, left: Piece, right: Piece) -> bool:
    """Whether what stands to the right is a table of its own, and not further columns of the same patients."""
    first, second = cut(grid, left), cut(grid, right)
    heads = header_rows(first), header_rows(second)
    if not all(heads):
        return False
    words = [
        [keyed(word) for word in written_words(part.rows[head[-1]])]
        for part, head in zip((first, second), heads, strict=True)
    ]
    if len(words[1]) < 2:
        return False
    if words[1][0] == words[0][0] or (ID_WORD.fullmatch(words[1][0]) and any(map(ANY_ID.fullmatch, words[0][:2]))):
        return True
    shared = len(set(words[0]) & set(words[1]))
    return shared * 10 >= 6 * len(set(words[1])) or _is_summary(first, second, heads)


def _is_summary(first: Grid, second: Grid, heads: tuple[tuple[int, ...], tuple[int, ...]]) -> bool:
    """Whether few rows stand beside many, all of them at the top, or under a header in another row."""
    filled = [index for index, row in enumerate(second.rows) if index > heads[1][-1] and written_words(row)]
    long = sum(bool(written_words(row)) for row in first.rows[heads[0][-1] + 1 :])
    short = len(filled) * 2 <= long
    return short and (
        heads[0][-1] != heads[1][-1] or filled == list(range(filled[0], filled[0] + len(filled))) if filled else True
    )
