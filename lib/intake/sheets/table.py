"""The table of a sheet, or of a part of it: header rows, data rows, and what around them is title, note or total.

Every row above, between and below the data that holds no patient's data is reported with its reason. Blanks that repeat
the cell above them, written once for all rows of a patient or of a group, are filled where somebody says so.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, TypeVar

from lib.cohort.finding import Finding
from lib.intake.cells.coding import filled, is_missing, text
from lib.intake.cells.meanings import without
from lib.intake.cells.numbers import Decimal
from lib.intake.files.grid import Cell, Cells, Grid, distinct
from lib.intake.files.limits import LONGEST_HEADING
from lib.intake.infer.synonyms import CODE_HEADING, PATIENT_ID, WEAK_ID
from lib.intake.mapping import SheetMapping
from lib.intake.sheets.header import comment_rows, find_header, header_rows, paths, unique_headings, written_words
from lib.intake.sheets.role import columns_for, keyed, table_for
from lib.intake.sheets.tail import AGAIN, EXPLANATION, GROUP_WORD, TITLE, data_and_rest, title_of, title_row_above

T = TypeVar("T")
ABOVE: Final = "This row stands above the table and was not read."
TURNED: Final = "Each column of this sheet is read as one patient."
COMMENT: Final = "This line begins with # and stands above the header; it was taken for a comment."
LEFT_OUT: Final = "This row was left out: {}."
FIX: Final = "If it is data, put it among the other rows, with a patient in its first column."
FIX_TITLE: Final = 'It stands in the column "{}" of the rows below it.'
LONG_HEADING: Final = f"This heading has more than {LONGEST_HEADING} letters; the first {LONGEST_HEADING} are read."
NO_HEADING: Final = "column {} (no heading)"
GROUP: Final = "Group (title rows)"
LEFTMOST: Final = 3
FEWEST_BLANK: Final = 0.2
PERHAPS_ID: Final = re.compile(f"{WEAK_ID.pattern}|{CODE_HEADING.pattern}")
MOSTLY_BLANK: Final = 0.5


@dataclass(frozen=True)
class Block:
    """The table of one sheet. Indices are of `grid.rows`; `headings` has one unique name a column, "" for a blank
    column.

    A stacked header gives its last row's text where that is unique in the sheet, else the path: "tumor | 1 | t_stage".
    `left_out` are rows below the header that hold no patient's data (notes, totals, repeated headers), each with its
    reason; `layout` says where the table lies in the file, without readings; `beside` = another table of the sheet
    comes first; `reported` is what else has to be said of it; `private` are columns of which the file itself says that
    they identify patients. `missing` are signs for no value by heading, as `folded` writes them; `sign` is how the file
    writes decimals.
    """

    grid: Grid
    header: tuple[int, ...]
    headings: tuple[str, ...]
    rows: tuple[int, ...]
    left_out: tuple[tuple[int, str], ...] = ()
    layout: SheetMapping = field(default=SheetMapping(""), compare=False)
    beside: bool = field(default=False, compare=False)
    reported: tuple[Finding, ...] = field(default=(), compare=False)
    private: tuple[str, ...] = field(default=(), compare=False)
    missing: Map[str, frozenset[str]] = field(default_factory=dict)
    sign: Decimal = ""

    def cells(self, heading: str) -> Sequence[Cell]:
        """What stands in this column, one cell a data row."""
        place, signs = self.headings.index(heading), self.missing.get(heading)
        cells = self.grid.column(place, self.rows)
        if not signs:
            return cells
        return self.grid.remembered((place, id(self.rows), signs), lambda: Cells(without(cells, signs)))

    def remembered(self, key: tuple[str, str], made: Callable[[], T]) -> T:
        """What was worked out of the column that `key` ends with, while it is read in the same way."""
        self.grid.column(0, self.rows)  # keeps the rows, whose place in memory is part of the key
        return self.grid.remembered((*key, id(self.rows), self.sign, self.missing.get(key[1])), made)

    def cells_in(self, heading: str, rows: Sequence[int]) -> Sequence[Cell]:
        """What stands in this column in these rows (indices of grid.rows)."""
        place, all_rows = self.headings.index(heading), self.grid.rows
        cells = [row[place] if place < len(row) else None for row in map(all_rows.__getitem__, rows)]
        signs = self.missing.get(heading)
        return without(cells, signs) if signs else cells

    def words(self, heading: str) -> tuple[str, ...]:
        """The different texts of this column in their order, "" for an empty cell."""
        return tuple(dict.fromkeys("" if is_missing(cell) else text(cell) for cell in self.cells(heading)))

    def counts(self, heading: str) -> "Counter[str]":
        """How often each text stands in this column, without words for no value."""
        return distinct(self.cells(heading)).words(text, lambda cell: not is_missing(cell))

    def path(self, heading: str) -> tuple[str, ...]:
        """What stands in the header rows above this column, from top to bottom, merged cells filled."""
        return self._paths[self.headings.index(heading)]

    @cached_property
    def _paths(self) -> tuple[tuple[str, ...], ...]:
        return paths(self.grid, self.header)

    @property
    def title(self) -> str:
        """The text that stands alone in the last filled row above the header, or ""."""
        for index in range(self.header[0] - 1, -1, -1):
            if words := written_words(self.grid.rows[index]):
                return words[0] if len(words) == 1 else ""
        return ""

    def label(self, heading: str) -> str:
        """The words that the file has for this column beside its name, or ""."""
        place = self.headings.index(heading)
        return self.grid.labels[place] if place < len(self.grid.labels) else ""


def find_block(grid: Grid, header: tuple[int, ...] = (), title_rows_as: str = "") -> Block | None:
    """The table of this sheet, or None if there is none; `header` are its header rows where somebody has stated
    them."""
    header = header or _template_header(grid) or header_rows(grid)
    return (
        grid.remembered(("table", header, title_rows_as), lambda: _block(grid, header, title_rows_as))
        if header
        else None
    )


def _block(grid: Grid, header: tuple[int, ...], title_rows_as: str) -> Block | None:
    headings = unique_headings(paths(grid, header))
    if sum(map(bool, headings)) < 2:  # one column is no table
        return None
    rows, left_out, titles = data_and_rest(grid, header)
    headings = _with_places(grid, headings, rows)
    layout = SheetMapping(grid.sheet or grid.name)
    block = Block(grid, header, headings, tuple(rows), tuple(left_out), layout)
    return _with_titles(block, titles, title_rows_as)


def _template_header(grid: Grid) -> tuple[int, ...]:
    """The header row of a sheet that bears the name of a table of ours, and knows at least half of its columns."""
    if table_for(grid.name, ()) is None:
        return ()
    found = find_header(grid)
    if found is None:
        return ()
    headings = written_words(grid.rows[found])
    table = table_for(grid.name, tuple(headings))
    known = sum(column is not None for column in columns_for(headings, table)) if table else 0
    return (found,) if known * 2 >= len(headings) or known > 2 else ()


def _with_places(grid: Grid, headings: tuple[str, ...], rows: Sequence[int]) -> tuple[str, ...]:
    """A column with values and no heading is called by its place."""
    blank = [place for place, heading in enumerate(headings) if not heading]
    filled = {place for place in blank if any(_cell(grid, row, place) for row in rows)}
    if not filled:
        return headings
    return tuple(
        NO_HEADING.format(grid.first_column + place) if place in filled else heading
        for place, heading in enumerate(headings)
    )


def _cell(grid: Grid, row: int, place: int) -> str:
    cells = grid.rows[row]
    return text(cells[place]) if place < len(cells) and not is_missing(cells[place]) else ""


def with_column(block: Block, heading: str, values: dict[int, Cell], place: str) -> Block:
    """The block with a further column, its cells by row; `place` says where they stand, in a column letter's stead."""
    grid, width = block.grid, len(block.headings)
    rows = tuple(
        (*row, *[None] * (width - len(row)), heading if index == block.header[-1] else values.get(index))
        for index, row in enumerate(grid.rows)
    )
    letters = (*(grid.column_letter(index) for index in range(width)), place)
    labels = (*grid.labels, "") if grid.labels else ()
    grown = replace(grid, rows=rows, letters=letters, labels=labels)
    return replace(block, grid=grown, headings=(*block.headings, heading))


def _with_titles(block: Block, titles: dict[int, str], heading: str) -> Block:
    """The block with a column that says for each row under which title it stands."""
    above = title_row_above(block.grid, block.header)
    first = title_of(block.grid, above) if above is not None else ""
    again = {index for index, reason in block.left_out if reason == AGAIN}
    if not titles and not (first and heading):
        return block
    heading = heading or GROUP
    values: dict[int, Cell] = {}
    title: str | None = first or None
    for index in range(block.header[-1] + 1, len(block.grid.rows)):
        title = titles.get(index, title)
        values[index] = title if index not in again else None
    named = with_column(block, heading, values, "title rows")
    return replace(named, layout=replace(block.layout, title_rows_as=heading))


def rows_left_out(block: Block) -> list[Finding]:
    """A note for every such row but the template's own explanation of its columns; no cell of it is repeated."""
    sheet, grid = block.layout.sheet, block.grid
    found = [_left_out(block, row, why) for row, why in block.left_out if why != EXPLANATION]
    found += [_above(block, row) for row in range(block.header[0]) if written_words(grid.rows[row])]
    places = {NO_HEADING.format(grid.first_column + place): place for place in range(len(block.headings))}
    found += [_without_heading(block, heading, places[heading]) for heading in block.headings if heading in places]
    found += [
        Finding("warning", sheet, row, "", "", said, "Look at it in the file.") for row, said in _told_here(block)
    ]
    if grid.transposed:
        found.append(Finding("note", sheet, None, "", "", TURNED, "Write a row a patient if that is wrong."))
    return [*found, *_long_headings(block), *block.reported]


def _long_headings(block: Block) -> list[Finding]:
    """A warning for every heading of which only the beginning is read."""
    places = [
        (row, place)
        for row in block.header
        for place, cell in enumerate(block.grid.rows[row])
        if len(text(cell)) > LONGEST_HEADING
    ]
    return [
        Finding("warning", *block.grid.place_of(row), block.grid.column_letter(place), "", LONG_HEADING, "Shorten it.")
        for row, place in places
    ]


def _above(block: Block, row: int) -> Finding:
    """What became of a row above the header."""
    if block.layout.title_rows_as and row == title_row_above(block.grid, block.header):
        return _left_out(block, row, TITLE)
    said = COMMENT if row in comment_rows(block.grid) else ABOVE
    return Finding("note", *block.grid.place_of(row), "", "", said, "Move it below the header if it is data.")


def _told_here(block: Block) -> list[tuple[int | None, str]]:
    """What was reported of the file as it was read, and concerns this table."""
    grid = block.grid
    rows = range(grid.first_row, grid.first_row + len(grid.rows))
    return [(row, said) for row, said in grid.reported if (row in rows if row else not block.beside)]


def _left_out(block: Block, row: int, why: str) -> Finding:
    sheet, number = block.grid.place_of(row)
    fix = FIX_TITLE.format(block.layout.title_rows_as) if why == TITLE else FIX
    return Finding("note", sheet, number, "", "", LEFT_OUT.format(why), fix, sets_aside=why != TITLE)


def _without_heading(block: Block, heading: str, place: int) -> Finding:
    sheet, _ = block.grid.place_of(block.header[-1])
    said = f'This column has no heading; it is called "{heading}".'
    return Finding("note", sheet, None, block.grid.column_letter(place), "", said, "Give it a heading.")


def fillable(block: Block) -> tuple[str, ...]:
    """Columns at the left whose first cell is filled and which are blank below it, each value standing once."""
    named = [heading for heading in block.headings if heading][:LEFTMOST]
    ids = PATIENT_ID if any(PATIENT_ID.fullmatch(keyed(each)) for each in block.headings if each) else PERHAPS_ID
    return tuple(heading for heading in named if _repeats_above(block, heading, ids))


def _repeats_above(block: Block, heading: str, ids: re.Pattern[str]) -> bool:
    cells, key = block.cells(heading), keyed(heading)
    if len(cells) < LEFTMOST or is_missing(cells[0]):
        return False
    blank = 1 - int(filled(cells).sum()) / len(cells)
    is_id = ids.fullmatch(key) and blank >= FEWEST_BLANK
    if not is_id and not (GROUP_WORD.search(key) and blank >= MOSTLY_BLANK):
        return False
    words = block.counts(heading)
    return max(words.values()) == 1 and (bool(is_id) or len(words) > 1)


def with_filled_down(block: Block, headings: tuple[str, ...]) -> Block:
    """The block with the blanks of these columns filled from above."""
    there = [block.headings.index(heading) for heading in headings if heading in block.headings]
    if not there:
        return block
    rows = [list(row) for row in block.grid.rows]
    data = set(block.rows)
    for place in there:
        above: Cell = None
        for index in range(block.header[-1] + 1, len(rows)):
            if index not in data or place >= len(rows[index]):
                continue
            above = above if is_missing(rows[index][place]) else rows[index][place]
            rows[index][place] = above
    grid = replace(block.grid, rows=tuple(map(tuple, rows)))
    return replace(block, grid=grid, layout=replace(block.layout, filled_down=headings))
