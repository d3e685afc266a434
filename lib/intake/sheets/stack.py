"""Tables with the same headings, on a sheet a month or on a sheet an arm, below each other as one table that knows its sheets."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.finding import Finding
from lib.intake.cells.coding import is_missing, text
from lib.intake.files.grid import Cell, Grid, Origin
from lib.intake.infer.synonyms import LAB_TESTS, SHEET_NAMES
from lib.intake.mapping import SheetMapping, area_name
from lib.intake.sheets.areas import ID_WORD
from lib.intake.sheets.role import keyed, table_for
from lib.intake.sheets.table import Block, rows_left_out

PERIOD: Final = re.compile(
    r"(\w+_)?(\d{4}_?(\d{1,2}(_\d{1,2})?|q[1-4]|h[12])?|(q[1-4]|h[12])_?\d{2,4}|\d{1,2}_\d{2,4}|"
    r"(jan|ene|gen|feb|fev|mar|maer|mrz|apr|avr|abr|may|mai|mag|maj|jun|juin|giu|jul|juil|lug|aug|aout|ago|sep|set|oct|okt|ott|nov|dec|dez|dic)\w*_?(\d{2}|\d{4})?|"
    r"(follow_?up|fu|update|data_?cut|cut_?off|stand|nachbeobachtung|suivi|seguimiento)_?\d+|"
    r"(month|monat|mois|mes|mese|maand|year|jahr|quarter|quartal|week|woche)_?\d*)|\d{4}年?(\d{1,2}月)?|\d{1,2}月"
)
MEASURED: Final = re.compile(r"cop(y|ies)|kopien|vcn|transgen|ddpcr|qpcr|expansion|persisten|kineti|concentration")
BARE_IDS: Final = ("id", "ids", "code", "pat", "pt")
LEAST_SHARED: Final = 0.7
AS_ONE: Final = "{n} tables have the same columns and are read as one: {names}."
MEND: Final = "Give them other headings if they do not belong together."
SHOWN: Final = 4
SHEETS: Final = "Group (sheet)"
PERIODS: Final = "Period (sheet)"


def stacked(blocks: Sequence[Block], stated: SheetMapping | None = None) -> tuple[Block, ...]:
    """The blocks, those that continue each other as one. `stated` = all of these are one, as a mapping says."""
    left = list(blocks)
    found: list[Block] = []
    while left:
        first = left.pop(0)
        same = left if stated else [each for each in left if _continues(first, each)]
        together = [first, *same]
        if not stated and not _may_be_one(together):
            found.append(first)
            continue
        left = [each for each in left if all(each is not other for other in same)]
        found.append(_one(together, stated.sheet_name_as if stated else "") if same else first)
    return tuple(found)


def _continues(first: Block, other: Block) -> bool:
    """Whether both are visible tables of patients with the same headings."""
    if not (first.grid.visible and other.grid.visible) or first.layout.transposed != other.layout.transposed:
        return False
    mine, theirs = (_keys(block) for block in (first, other))
    return bool(_id(first)) and _id(first) == _id(other) and len(mine & theirs) >= LEAST_SHARED * len(mine | theirs)


def _keys(block: Block) -> set[str]:
    return {keyed(heading) for heading in block.headings if heading}


def _id(block: Block) -> str:
    """The heading of the patients, by its name."""
    return next((key for heading in block.headings if heading and _names_patients(key := keyed(heading))), "")


def _names_patients(key: str) -> bool:
    return key in BARE_IDS or bool(ID_WORD.fullmatch(key))


def _may_be_one(blocks: Sequence[Block]) -> bool:
    """Not tables that are called after what they measure, and only periods may name the same patients again."""
    if len(blocks) < 2:
        return False
    names = [keyed(block.layout.sheet) for block in blocks]
    of_one_sheet = len(set(names)) == 1
    if not of_one_sheet and any(_says_what_it_holds(name) for name in names):
        return False
    if all(PERIOD.fullmatch(name) for name in names):
        return True
    seen: set[str] = set()
    for block in blocks:
        ids = _ids(block)
        if ids & seen:
            return False
        seen |= ids
    return True


def _says_what_it_holds(name: str) -> bool:
    known = table_for(name, ()) is not None or any(pattern.fullmatch(name) for _, pattern in SHEET_NAMES)
    return known or bool(LAB_TESTS.fullmatch(name) or MEASURED.search(name))


def _ids(block: Block) -> set[str]:
    heading = next(heading for heading in block.headings if heading and _names_patients(keyed(heading)))
    return {text(cell) for cell in block.cells(heading) if not is_missing(cell)}


def _one(blocks: Sequence[Block], heading: str) -> Block:
    """One block of all rows, with a column that says from which sheet each came."""
    first = blocks[0]
    names = [block.layout.sheet for block in blocks]
    of_one_sheet = len(set(names)) == 1
    periods = all(PERIOD.fullmatch(keyed(name)) for name in names)
    heading = heading or ("" if of_one_sheet else PERIODS if periods else SHEETS)
    headings = list(first.headings)
    keys = [keyed(each) for each in headings]
    for block in blocks[1:]:
        headings += [each for each in block.headings if each and keyed(each) not in keys]
        keys = [keyed(each) for each in headings]
    rows: list[tuple[Cell, ...]] = _head(first, headings, heading)
    origins = [_origin(first, index, range(len(first.headings))) for index in first.header]
    for block in blocks:
        places = [next((n for n, each in enumerate(block.headings) if each and keyed(each) == key), -1) for key in keys]
        for index in block.rows:
            row = block.grid.rows[index]
            cells = (row[place] if 0 <= place < len(row) else None for place in places)
            rows.append((*cells, *([block.layout.sheet] if heading else [])))
            origins.append(_origin(block, index, places))
    return _block(blocks, headings, heading, (rows, origins))


def _origin(block: Block, index: int, places: Sequence[int]) -> Origin:
    sheet, row = block.grid.place_of(index)
    cells = (block.grid.cell_place(index, place) if place >= 0 else None for place in places)
    return Origin(sheet, row, tuple(cell[2] if cell else 0 for cell in cells))


def _head(first: Block, headings: Sequence[str], heading: str) -> list[tuple[Cell, ...]]:
    """The header rows of the first table, with the headings that only others have in the last of them."""
    width = len(first.headings)
    found = []
    for index in first.header:
        row = first.grid.rows[index][:width]
        last = index == first.header[-1]
        more = [*headings[width:], *([heading] if heading else [])]
        found.append((*row, *[None] * (width - len(row)), *(more if last else [None] * len(more))))
    return found


def _block(
    blocks: Sequence[Block],
    headings: Sequence[str],
    heading: str,
    found: tuple[list[tuple[Cell, ...]], list[Origin]],
) -> Block:
    first, (rows, origins) = blocks[0], found
    appended = tuple(f"{block.layout.sheet}{area_name(block.layout.area)}" for block in blocks[1:])
    layout = replace(first.layout, appended=appended, sheet_name_as=heading)
    letters = tuple(first.grid.column_letter(place) for place in range(len(first.headings)))
    more = headings[len(first.headings) :]
    letters = (*letters, *more, *(["sheet"] if heading else []))
    n = len(first.header)
    merged = tuple((top - first.header[0] - first.grid.first_row + 1, left, bottom - first.header[0] - first.grid.first_row + 1, right) for top, left, bottom, right in first.grid.merged if top - first.grid.first_row in first.header)  # fmt: skip
    grid = Grid(
        layout.name, tuple(rows), 1, first.grid.first_column, True, merged, origins=tuple(origins), letters=letters, sheet=layout.name
    )  # fmt: skip
    names = ", ".join(f'"{block.grid.name}"' for block in blocks[:SHOWN]) + (" ..." if len(blocks) > SHOWN else "")
    as_one = Finding("note", first.layout.sheet, None, "", "", AS_ONE.format(n=len(blocks), names=names), MEND)
    told = (as_one, *(finding for block in blocks for finding in rows_left_out(block)))
    whole = (*headings, *([heading] if heading else []))
    data = tuple(range(n, len(rows)))
    return Block(grid, tuple(range(n)), whole, data, (), layout, False, told)
