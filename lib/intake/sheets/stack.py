"""Columns that a table gains from what stands in no cell: the names of sheets, and the colours of rows.

Tables with the same headings, on a sheet a month or on a sheet an arm, become one table that knows its sheets. The
background colours of rows are told apart, named, and explained by a legend where the sheet has one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.finding import Finding
from lib.intake import vocabulary
from lib.intake.cells.coding import is_missing, text
from lib.intake.files.grid import Cell, Grid, Origin
from lib.intake.infer.synonyms import ENDPOINTS, LAB_TESTS, SHEET_NAMES
from lib.intake.mapping import SheetMapping, area_name
from lib.intake.sheets.areas import ID_WORD
from lib.intake.sheets.role import keyed, table_for
from lib.intake.sheets.table import Block, rows_left_out

PERIOD: Final = re.compile(
    r"(\w+_)?(\d{4}_?(\d{1,2}(_\d{1,2})?|q[1-4]|h[12])?|(q[1-4]|h[12])_?\d{2,4}|\d{1,2}_\d{2,4}|"
    r"(jan|ene|gen|feb|fev|mar|maer|mrz|apr|avr|abr|may|mai|mag|maj|jun|juin|giu|jul|juil|lug|aug|aout|ago|sep|set|oct|okt|ott|nov|dec|dez|dic)\w*_?(\d{2}|\d{4})?|"
    r"(follow_?up|fu|update|data_?cut|cut_?off|stand|nachbeobachtung|nachsorge|suivi|seguimiento|visite?|visita|besuch|kontrolle?|control|"
    r"consulta(tion)?|assessment|evaluation|staging|scan|cycle|zyklus|time_?point|zeitpunkt|termin)_?(nr_?|no_?)?(\d+|[ivx]+)|"
    r"(month|monat|mois|mes|mese|maand|year|jahr|quarter|quartal|week|woche)_?\d*)|\d{4}年?(\d{1,2}月)?|\d{1,2}月|第?\d+次?(随访|訪視|访视|評価|评估)\d*|(随访|訪視|访视|評価|评估)_?\d+"
)
AT_VISIT: Final = re.compile(
    r"(study_?)?(day|d|tag|jour|j|dia|giorno|dag|week|wk|w|woche|semaine|semana|sem|settimana|month|mo|m|monat|mois|mes|mese|maand)_?\d{1,4}"
    r"|第?\d+[天日周週月]|[dwm]_?\d+_(pre|post)\w*"
)
BEFORE_ALL: Final = re.compile(r"baseline|bl|pre|pre_?infusion|before|screening|basale?|ausgangswert|基线|输注前")
MEASURED: Final = re.compile(r"cop(y|ies)|kopien|vcn|transgen|ddpcr|qpcr|expansion|persisten|kineti|concentration")
BARE_IDS: Final = ("id", "ids", "code", "pat", "pt")
COUNTED: Final = vocabulary("nr no n num number nummer numero 序号 番号")  # where nothing else names the patients
LEAST_SHARED: Final = 0.7
NO_IDS: Final = (
    (
        "The name of this sheet goes before each id, and no column of it is known as that of the ids: they are read as"
        " they stand."
    ),
    "Call that column patient_id.",
)
AS_ONE: Final = "{n} tables have the same columns and are read as one: {names}."
FIX: Final = "Give them other headings if they do not belong together."
SHOWN: Final = 4
SHEETS: Final = "Group (sheet)"
PERIODS: Final = "Period (sheet)"
VISITS: Final = "Visit (sheet)"


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
        left = _without(left, same)
        found.append(_one(together, stated.sheet_name_as if stated else "") if same else first)
    return tuple(found)


def _continues(first: Block, other: Block) -> bool:
    """Whether both are visible tables of patients with the same headings."""
    if not (first.grid.visible and other.grid.visible) or first.layout.transposed != other.layout.transposed:
        return False
    mine, theirs = (set(map(keyed, filter(None, block.headings))) for block in (first, other))
    return bool(_id(first)) and _id(first) == _id(other) and len(mine & theirs) >= LEAST_SHARED * len(mine | theirs)


def _id(block: Block) -> str:
    """The heading of the patients, by its name."""
    return keyed(_id_heading(block))


def _id_heading(block: Block) -> str:
    """The heading of the patients, "" where none names them."""
    named = [heading for heading in block.headings if heading and _names_patients(keyed(heading))]
    return next(iter(named or [each for each in block.headings if keyed(each) in COUNTED]), "")


def _names_patients(key: str) -> bool:
    return key in BARE_IDS or bool(ID_WORD.fullmatch(key))


def _may_be_one(blocks: Sequence[Block]) -> bool:
    """Not tables that are called after what they measure, and only periods may name the same patients again."""
    if len(blocks) < 2:
        return False
    names = [keyed(block.layout.sheet) for block in blocks]
    of_one_sheet = len(set(names)) == 1
    if all(PERIOD.fullmatch(name) for name in names) or _are_visits(names):
        return True
    if not of_one_sheet and any(_says_what_it_holds(name) for name in names):
        return False
    seen: set[str] = set()
    for block in blocks:
        ids = _ids(block)
        if ids & seen:
            return False
        seen |= ids
    return True


def with_same_ids(blocks: Sequence[Block]) -> list[list[Block]]:
    """Sheets with the same headings and one row a patient, where the same ids stand in several: one patient each, or
    two? Not where a further sheet lists these ids: it says who the patients are."""
    left = [block for block in blocks if _may_share(block)]
    found = []
    while left:
        first = left.pop(0)
        same = [first, *(each for each in left if _continues(first, each))]
        left = _without(left, same)
        shared = frozenset().union(*map(_ids, same[1:])) & _ids(first)
        if shared and not any(shared <= _ids(other) for other in _without(blocks, same) if _id(other)):
            found.append(same)
    return found


def _without(blocks: Sequence[Block], others: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if all(block is not other for other in others)]


def _may_share(block: Block) -> bool:
    name = keyed(block.layout.sheet)
    plain = block.grid.visible and not (block.layout.part or block.layout.appended or block.layout.transposed)
    if not plain or not _id(block) or PERIOD.fullmatch(name) or _says_what_it_holds(name):
        return False
    return max(block.counts(_id_heading(block)).values(), default=1) == 1


def with_own_ids(block: Block, name: str, heading: str = "") -> Block:
    """The block with its name before each id; of one without a known column of ids a finding says that they stay as
    they are."""
    found = _with_words_before(block, heading or _id_heading(block), lambda _: name)
    return (
        replace(found, layout=replace(block.layout, own_ids=True)) if found is not block else _without_known_ids(block)
    )


def with_ids_within(block: Block, within: str, heading: str = "") -> Block:
    """The block with the word of this column (a centre) before each id; of one without a known column of ids a finding
    says so."""
    if within not in block.headings:
        return block
    place = block.headings.index(within)
    found = _with_words_before(
        block, heading or _id_heading(block), lambda row: text(row[place]) if place < len(row) else ""
    )
    return (
        replace(found, layout=replace(block.layout, ids_within=within))
        if found is not block
        else _without_known_ids(block)
    )


def _without_known_ids(block: Block) -> Block:
    return replace(block, reported=(*block.reported, Finding("warning", block.grid.name, None, "", "", *NO_IDS)))


def _with_words_before(block: Block, heading: str, word: Callable[[Sequence[Cell]], str]) -> Block:
    """The block with a word of each row before its id; the same block where no column holds ids."""
    if not heading:
        return block
    place = block.headings.index(heading)
    rows = list(block.grid.rows)
    for index in block.rows:
        row = rows[index]
        if place < len(row) and not is_missing(row[place]):
            rows[index] = (*row[:place], f"{word(row)} {text(row[place])}".strip(), *row[place + 1 :])
    return replace(block, grid=replace(block.grid, rows=tuple(rows)))


def with_own_patients(blocks: Sequence[Block], first: str) -> tuple[Block, ...]:
    """The blocks, those with the same ids as this sheet as one, in which the same id in two sheets is two patients."""
    same = next((each for each in with_same_ids(blocks) if each[0].layout.sheet == first), [])
    if not same:
        return tuple(blocks)
    place = next(place for place, block in enumerate(blocks) if block is same[0])
    joined = _one([with_own_ids(block, block.layout.name) for block in same], "")
    return (*_without(blocks[:place], same), joined, *_without(blocks[place:], same))


def _says_what_it_holds(name: str) -> bool:
    known = table_for(name, ()) is not None or any(pattern.fullmatch(name) for _, pattern in SHEET_NAMES)
    endpoint = any(pattern.search(name) for _, pattern in ENDPOINTS)
    return known or endpoint or bool(LAB_TESTS.fullmatch(name) or MEASURED.search(name))


def _ids(block: Block) -> set[str]:
    return set(block.counts(_id_heading(block)))


def _one(blocks: Sequence[Block], heading: str) -> Block:
    """One block of all rows, with a column that says from which sheet each came."""
    first = blocks[0]
    heading = heading or _heading_of_sheets([block.layout.sheet for block in blocks])
    headings = _all_headings(blocks)
    keys = [keyed(each) for each in headings]
    rows: list[tuple[Cell, ...]] = _head(first, headings, heading)
    origins = [_origin(first, index, range(len(first.headings))) for index in first.header]
    for block in blocks:
        places = _places(block, keys)
        own = [block.layout.sheet] if heading else []
        for index in block.rows:
            row = block.grid.rows[index]
            rows.append((*(row[place] if 0 <= place < len(row) else None for place in places), *own))
            origins.append(_origin(block, index, places))
    return _block(blocks, headings, heading, (rows, origins))


def _heading_of_sheets(names: Sequence[str]) -> str:
    """What the column of the sheets' names is called; "" where all rows come from one sheet."""
    if len(set(names)) == 1:
        return ""
    keys = [keyed(name) for name in names]
    if _are_visits(keys):
        return VISITS
    return PERIODS if all(map(PERIOD.fullmatch, keys)) else SHEETS


def _are_visits(keys: Sequence[str]) -> bool:
    """Whether sheets are called after days since infusion, one of them may be after what was before."""
    on_days = [bool(AT_VISIT.fullmatch(key)) for key in keys]
    return sum(on_days) > 1 and all(day or BEFORE_ALL.fullmatch(key) for day, key in zip(on_days, keys, strict=True))


def _all_headings(blocks: Sequence[Block]) -> list[str]:
    """The headings of the first table, with those that only others have behind them."""
    headings = list(blocks[0].headings)
    for block in blocks[1:]:
        known = set(map(keyed, headings))
        headings += [each for each in block.headings if each and keyed(each) not in known]
    return headings


def _places(block: Block, keys: Sequence[str]) -> list[int]:
    """Where the column of each key stands in this table, -1 for none."""
    own: dict[str, int] = {}
    for place, heading in enumerate(block.headings):
        if heading:
            own.setdefault(keyed(heading), place)
    return [own.get(key, -1) for key in keys]


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
    blocks: Sequence[Block], headings: Sequence[str], heading: str, found: tuple[list[tuple[Cell, ...]], list[Origin]]
) -> Block:
    first, (rows, origins) = blocks[0], found
    appended = tuple(f"{block.layout.sheet}{area_name(block.layout.area)}" for block in blocks[1:])
    layout = replace(first.layout, appended=appended, sheet_name_as=heading)
    letters = tuple(first.grid.column_letter(place) for place in range(len(first.headings)))
    more = headings[len(first.headings) :]
    letters = (*letters, *more, *(["sheet"] if heading else []))
    n = len(first.header)
    merged = tuple(
        (
            top - first.header[0] - first.grid.first_row + 1,
            left,
            bottom - first.header[0] - first.grid.first_row + 1,
            right,
        )
        for top, left, bottom, right in first.grid.merged
        if top - first.grid.first_row in first.header
    )
    grid = Grid(
        layout.name,
        tuple(rows),
        1,
        first.grid.first_column,
        True,
        merged,
        origins=tuple(origins),
        letters=letters,
        sheet=layout.name,
    )
    names = ", ".join(f'"{block.grid.name}"' for block in blocks[:SHOWN]) + (" ..." if len(blocks) > SHOWN else "")
    as_one = Finding("note", first.layout.sheet, None, "", "", AS_ONE.format(n=len(blocks), names=names), FIX)
    reported = (as_one, *(finding for block in blocks for finding in rows_left_out(block)))
    whole = (*headings, *([heading] if heading else []))
    data = tuple(range(n, len(rows)))
    return Block(grid, tuple(range(n)), whole, data, (), layout, False, reported)
