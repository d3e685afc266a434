"""What the owner of a file said by hand of how it is read: the keys of such answers, and where tables lie because of
them.

Changes are answers like those to questions, so that they are undone, saved and opened again with them. Each has a key
of its kind, its sheet and its column (`edit_key`); a role has "role:<sheet>:<column>" (see question.py).
"""

import json
from collections.abc import Mapping as Map
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from lib.intake.files.grid import Grid
from lib.intake.infer.same_ids import with_answered_ids
from lib.intake.mapping import AREA, Mapping, SheetMapping
from lib.intake.sheets.block import Block, blocks_of, restated
from lib.intake.sheets.row_colours import ROW_COLOUR

EDIT: Final = "edit:"
UNUSED: Final = "unused"
IGNORED: Final = "ignore"
NO_VALUE: Final = "no value"
NONE: Final = "="  # a choice of no column, where the empty text takes the choice back
LAYOUT: Final = (
    "transposed",
    "title_rows_as",
    "filled_down",
    "colour_as",
    "appended",
    "sheet_name_as",
    "own_ids",
    "ids_within",
)
NO_TABLE: Final = (
    "{}: no table is found there, so the sheet is read as before. Choose other header rows, or another area."
)
NO_TITLE: Final = '{}: no row has a title standing alone, so there is no column "{}".'
NO_COLOUR: Final = "{}: its rows do not differ in colour, so colours are not read."
NO_COLUMN: Final = '{}: there is no column "{}" whose blanks could repeat the cell above.'
NO_CENTRE: Final = '{}: there is no column "{}" within which ids could be counted.'
OF_PART: Final = "{}: this form of a REDCap export lies where the export has it, so nothing was moved."
NO_SHEETS: Final = '{}: only one sheet is read here, so there is no column "{}" of sheet names.'


def edit_key(kind: str, sheet: str = "", column: str = "") -> str:
    """The key of an answer that changes this: header, area, layout, table (of a sheet); one_row, no_day_zero (of a
    sheet, with a table in the column's place); unit, test, day, codes, missing, exclude, keep, censored_at, known_at
    (of a column); date_order, true_dates, decimal_sign, ids, high_risk, blank_is_absent, study, missing (of the
    file)."""
    return f"{EDIT}{kind}:{sheet}:{column}"


def is_change(name: str) -> bool:
    """Whether an answer of this key is a change made by hand, not the answer to a question."""
    return name.startswith((EDIT, "role:"))


def said(answers: Map[str, str], form: Any, kind: str, sheet: str = "", column: str = "") -> Any:
    """What such a change says, None where it was not made or a saved file has something else there."""
    given = answers.get(edit_key(kind, sheet, column), "")
    try:
        return TypeAdapter(form).validate_json(given) if given else None
    except ValidationError:
        return None


@dataclass(frozen=True)
class Edits:
    """The changes of one sheet."""

    block: Block
    answers: Map[str, str]

    @property
    def name(self) -> str:
        """The sheet, as changes name it."""
        return self.block.grid.name

    @cached_property
    def forced(self) -> dict[str, str]:
        """The roles that were given, by heading."""
        start = f"role:{self.name}:"
        found = {name[len(start) :]: role for name, role in self.answers.items() if name.startswith(start)}
        return {heading: role for heading, role in found.items() if heading in self.block.headings}

    def get(self, kind: str, column: str = "") -> str:
        """The answer of this kind, "" where there is none."""
        return self.answers.get(edit_key(kind, self.name, column), "")

    def said(self, form: Any, kind: str, column: str = "") -> Any:
        """The answer of this kind in this form, None where there is none."""
        return said(self.answers, form, kind, self.name, column)


def laid_out(
    grids: Sequence[Grid], saved: Mapping | None, answers: Map[str, str]
) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The tables of a file where they were found, or where somebody said that they lie; a sentence for each change
    without effect."""
    found = with_answered_ids(blocks_of(grids, saved), answers)
    stated = {block.grid.name: block.layout for block in found}
    wanted = {name: _layout(stated.get(name, SheetMapping(name)), name, answers) for name in _sheets(answers)}
    changed = {name: layout for name, layout in wanted.items() if layout != stated.get(name, SheetMapping(name))}
    blocks = restated(grids, found, {name: layout for name, layout in changed.items() if not layout.part})
    by_name = {block.grid.name: block for block in blocks}
    problems = [each for name in changed for each in _without_effect(name, changed[name], by_name.get(name))]
    return blocks, tuple(problems)


def _sheets(answers: Map[str, str]) -> list[str]:
    """The sheets of which somebody said where their table lies."""
    starts = tuple(f"{EDIT}{kind}:" for kind in ("header", "area", "layout"))
    named = [name.removeprefix(start)[:-1] for name in answers for start in starts if name.startswith(start)]
    return list(dict.fromkeys(named))


def _layout(now: SheetMapping, name: str, answers: Map[str, str]) -> SheetMapping:
    header, area = (_numbers(answers.get(edit_key(kind, name), "")) for kind in ("header", "area"))
    more = said(answers, dict[str, Any], "layout", name) or {}
    given = {each: value for each, value in more.items() if each in LAYOUT}
    with suppress(ValidationError):  # a saved file has something else there
        now = TypeAdapter(SheetMapping).validate_json(json.dumps(asdict(now) | given))
    return replace(now, header_rows=header or now.header_rows, area=area if _is_area(area) else now.area)


def _numbers(given: str) -> tuple[int, ...]:
    return tuple(int(each) for each in given.split(",") if each.isdecimal())


def _is_area(numbers: Sequence[int]) -> bool:
    return len(numbers) == AREA and 0 < numbers[0] <= numbers[2] and 0 < numbers[1] <= numbers[3]


def _without_effect(name: str, wanted: SheetMapping, block: Block | None) -> list[str]:
    """What of a layout the file does not have."""
    if wanted.part:
        return [OF_PART.format(name)]
    if block is None or block.layout != wanted:
        return [NO_TABLE.format(name)]
    there = {*block.headings, ""}
    absent = [
        (wanted.title_rows_as, NO_TITLE),
        (wanted.colour_as and ROW_COLOUR, NO_COLOUR),
        (wanted.sheet_name_as, NO_SHEETS),
        *((each, NO_COLUMN) for each in wanted.filled_down),
        (wanted.ids_within, NO_CENTRE),
    ]
    reported = [sentence.format(name, heading) for heading, sentence in absent if heading not in there]
    return reported if not wanted.header_rows or _has_header(block, wanted) else [*reported, NO_TABLE.format(name)]


def _has_header(block: Block, wanted: SheetMapping) -> bool:
    """Whether the table's header is the one that was wanted; of turned and joined tables it has no row of the sheet."""
    rows = tuple(block.grid.first_row + index for index in block.header)
    return bool(block.grid.origins) or rows == wanted.header_rows
