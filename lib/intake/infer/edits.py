"""What the owner of a file said by hand of how it is read: the keys of such answers, and where tables lie because of
them.

Changes are answers like those to questions, so that they are undone, saved and opened again with them. Each has a key
of its kind, its sheet and its column (`edit_key`); a role has "role:<sheet>:<column>" (see question.py). A column with
such a role goes into the reading of its sheet that takes it, or one sentence says why none can.
"""

import json
from collections.abc import Mapping as Map
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from lib.cohort.schema import PATIENTS, TABLES, Table
from lib.intake import vocabulary
from lib.intake.apply.left_out import MAIN
from lib.intake.files.grid import Grid
from lib.intake.infer.column import heading_of, profile
from lib.intake.infer.question import EXTRA_ROLE
from lib.intake.infer.same_ids import with_answered_ids
from lib.intake.mapping import AREA, Mapping, Reading, SheetMapping, Wide, table_in_sheet
from lib.intake.sheets.block import Block, blocks_of, restated
from lib.intake.sheets.row_colours import ROW_COLOUR

EDIT: Final = "edit:"
UNUSED: Final = "unused"
IGNORED: Final = "ignore"
NO_VALUE: Final = "no value"
NONE: Final = "="  # a choice of no column, where the empty text takes the choice back
LAYOUT: Final = vocabulary("transposed title_rows_as filled_down colour_as appended sheet_name_as own_ids ids_within")
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
    now = {name: stated.get(name, SheetMapping(table_in_sheet(name)[0])) for name in _sheets(answers)}
    wanted = {name: _layout(layout, name, answers) for name, layout in now.items()}
    changed = {name: layout for name, layout in wanted.items() if layout != now[name]}
    blocks = restated(grids, found, {name: layout for name, layout in changed.items() if not layout.part})
    by_name = {block.grid.name: block for block in blocks}
    problems = [each for name in changed for each in _without_effect(name, changed[name], by_name.get(name))]
    return blocks, tuple(problems)


def _sheets(answers: Map[str, str]) -> list[str]:
    """The sheets of which somebody said where their table lies."""
    starts = tuple(f"{EDIT}{kind}:" for kind in ("header", "area", "layout"))
    named = [name.removeprefix(start)[:-1] for name in answers for start in starts if name.startswith(start)]
    return list(dict.fromkeys(named))


def drawn_by_hand(answers: Map[str, str]) -> frozenset[str]:
    """The sheets of which these answers say within which area the table lies."""
    start = f"{EDIT}area:"
    named = (name.removeprefix(start)[:-1] for name in answers if name.startswith(start) and answers[name])
    return frozenset(table_in_sheet(name)[0] for name in named)


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


KEPT_AS_IT_IS: Final = (EXTRA_ROLE, "patients.covariate")
TIMES: Final = ("day", "start_day", "date", "start_date")
# tables whose rows need a day
TIMED: Final = {"labs": "laboratory value", "kinetics": "measurement", "responses": "response", "events": "event"}
NAMED_BY: Final = {"labs": "test", "adverse_events": "term", "events": "event"}
HALF: Final = 0.5
NO_DAY: Final = '{}: "{}" has no day. A {} needs one: choose it under "Details" of the column.'
NO_PATIENT: Final = '{}: "{}" belongs to no patient. Say which column is the patient.'
NO_MAIN: Final = '{}: "{}" needs a column that is "{} ({})" beside it.'
NO_PAIR: Final = '{}: "{}" is the {} of an endpoint that has no {} yet. Say which column is its {}.'
Readings = tuple[list[Reading], list[str]]


@dataclass(frozen=True)
class _Column:
    """A column of the sheet, and the column of a table that it shall fill."""

    heading: str
    table: Table
    name: str

    @property
    def is_main(self) -> bool:
        """Whether it holds what a row of the table says."""
        return self.name == MAIN.get(self.table.name)

    @property
    def is_measured(self) -> bool:
        """Whether several such columns may stand beside each other in one row."""
        return self.is_main or (self.table.name == "adverse_events" and self.name == "grade")


def with_role(readings: list[Reading], heading: str, role: str, edits: Edits) -> Readings:
    """The readings, one of which takes this column as its role says."""
    if role in KEPT_AS_IT_IS:
        return [_keeping(each, heading) for each in readings], []
    column = _column(heading, role)
    if column is None or any(_reads(each, column) for each in readings):
        return readings, []
    if column.name == "patient_id":
        return [replace(each, columns={**each.columns, "patient_id": heading}) for each in readings], []
    if column.table.name == "endpoints":
        beside = "event" if column.name in ("time", "end_date") else "time"
        return readings, [NO_PAIR.format(edits.name, heading, column.name, beside, beside)]
    return _placed(readings, column, edits)


def time_column(column: str, edits: Edits) -> dict[str, str]:
    """This column as a date or a day, by what stands in it."""
    if column not in edits.block.headings:
        return {}
    return {"date" if profile(edits.block.cells(column)).dates > HALF else "day": column}


def _column(heading: str, role: str) -> _Column | None:
    name, _, column = role.partition(".")
    table = next((each for each in TABLES if each.name == name), None)
    return _Column(heading, table, column) if table and table.column(column) else None


def _keeping(reading: Reading, heading: str) -> Reading:
    """A reading of patients that keeps this column, too, where it lists what it keeps."""
    if (
        reading.table != PATIENTS.name
        or reading.extras is None
        or heading in (*reading.extras, *reading.columns.values())
    ):
        return reading
    return replace(reading, extras=(*reading.extras, heading))


def _reads(reading: Reading, column: _Column) -> bool:
    if reading.table != column.table.name:
        return False
    wide = column.is_main and any(each.column == column.heading for each in reading.wide)
    return wide or reading.columns.get(column.name) == column.heading or reading.censored_at == column.heading


def _placed(readings: list[Reading], column: _Column, edits: Edits) -> Readings:
    host = _host(readings, column)
    if host:
        now = _wider(host, column) if column.is_measured and host.wide else _with_column(host, column)
        return [now if each is host else each for each in readings], []
    patient = _patient(readings, edits)
    if not patient:
        return readings, [NO_PATIENT.format(edits.name, column.heading)]
    if column.table is PATIENTS or column.is_measured:
        return _own_reading(readings, column, patient, edits)
    return readings, _without_main(column, edits)


def _host(readings: Sequence[Reading], column: _Column) -> Reading | None:
    """The reading of the same table that has room for the column."""
    of_table = (each for each in readings if each.table == column.table.name)
    return next((each for each in of_table if column.name not in each.columns or not column.is_measured), None)


def _without_main(column: _Column, edits: Edits) -> list[str]:
    """What is missing beside a column that says nothing alone; it comes with the column that holds the values."""
    if _has_main(column.table, edits):
        return []
    main = MAIN.get(column.table.name, "").replace("_", " ")
    return [NO_MAIN.format(edits.name, column.heading, main, column.table.sheet)]


def _with_column(host: Reading, column: _Column) -> Reading:
    extras = host.extras and tuple(each for each in host.extras if each != column.heading)
    return replace(host, columns={**host.columns, column.name: column.heading}, extras=extras)


def _wider(host: Reading, column: _Column) -> Reading:
    named = {"test": column.heading} if column.table.name == "labs" else {}
    return replace(host, wide=(*host.wide, Wide(column.heading, named)))


def _patient(readings: Sequence[Reading], edits: Edits) -> str:
    by_role = (name for name, role in edits.forced.items() if role.endswith(".patient_id"))
    return next((each.columns["patient_id"] for each in readings if "patient_id" in each.columns), "") or next(
        by_role, ""
    )


def _has_main(table: Table, edits: Edits) -> bool:
    mains = (
        f"{table.name}.{MAIN.get(table.name, '')}",
        "adverse_events.grade" if table.name == "adverse_events" else "",
    )
    return any(role in mains for role in edits.forced.values())


def _own_reading(readings: list[Reading], column: _Column, patient: str, edits: Edits) -> Readings:
    """A further reading of the sheet for this column."""
    name, heading = column.table.name, column.heading
    columns = {"patient_id": patient, column.name: heading} | _beside(column.table, edits)
    time = _time_of(heading, readings, edits)
    if name in TIMED and not time and not set(TIMES) & set(columns):
        return readings, [NO_DAY.format(edits.name, heading, TIMED[name])]
    columns |= {each: given for each, given in time.items() if not given.startswith("=")}
    constants = _constants(column, columns, edits)
    return [*readings, Reading(name, columns, constants, extras=None if column.table is PATIENTS else ())], []


def _constants(column: _Column, columns: Map[str, str], edits: Edits) -> dict[str, str]:
    """What stands in every row of such a reading: the name of what is measured, its unit."""
    name, found = column.table.name, {}
    if (named := NAMED_BY.get(name, "")) and named not in columns:
        found[named] = edits.get("test", column.heading) or column.heading
    if name == "therapies" and "kind" not in columns:
        found["kind"] = "other"
    brackets = heading_of(edits.block, column.heading)[0].brackets
    if name in ("labs", "kinetics") and "unit" not in columns and brackets:
        found["unit"] = brackets[0]
    return found


def _beside(table: Table, edits: Edits) -> dict[str, str]:
    """The other columns that were given a role of this table; of several of one role the first."""
    found: dict[str, str] = {}
    for heading, role in edits.forced.items():
        of, _, column = role.partition(".")
        if of == table.name and table.column(column) and column not in (MAIN.get(table.name), "patient_id", "grade"):
            found.setdefault(column, heading)
    return found


def _time_of(heading: str, readings: Sequence[Reading], edits: Edits) -> dict[str, str]:
    """The column that says when, as it was chosen or as the sheet's other events have it."""
    if given := edits.get("day", heading):
        return {"day": given} if given.startswith("=") else time_column(given, edits)
    for reading in readings:
        if reading.table not in (PATIENTS.name, "endpoints"):
            times = [each for name, each in reading.columns.items() if name in TIMES]
            if times:
                return time_column(times[0], edits)
    return {}
