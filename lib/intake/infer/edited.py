"""What the owner of a file changed by hand in how it is read: a mapping with these changes, and a sentence for each that cannot be.

Changes are answers like those to questions, so that they are undone, saved and opened again with them. Each has a key of its kind, its
sheet and its column (`edit_key`); a role has "role:<sheet>:<column>" (see question.py). Nothing that was said is passed over: a column
with a role is read as that and as nothing else, and "not read" means that no value of it is.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from lib.cohort.schema import PATIENTS, TABLES, Table
from lib.intake.apply.mapped_table import MAIN
from lib.intake.infer.column import heading_of, profile
from lib.intake.infer.question import EXTRA_ROLE, PRIVATE_ROLE, decoded
from lib.intake.mapping import DATE_ORDERS, READ_UNITS, HighRisk, IdRule, Mapping, Reading, SheetMapping, Wide
from lib.intake.sheets.block import Block

EDIT: Final = "edit:"
UNUSED: Final = "unused"
IGNORED: Final = "ignore"
NO_VALUE: Final = "no value"
KEPT_AS_IT_IS: Final = (EXTRA_ROLE, "patients.covariate")
TIMES: Final = ("day", "start_day", "date", "start_date")
TIMED: Final = {"labs": "laboratory value", "kinetics": "measurement", "responses": "response", "events": "event"}  # tables whose rows need a day
NAMED_BY: Final = {"labs": "test", "adverse_events": "term", "events": "event"}
WORDS: Final = {"time": "time", "event": "event"}


def edit_key(kind: str, sheet: str = "", column: str = "") -> str:
    """The key of an answer that changes this: header, area, table (of a sheet), unit, test, day, codes, missing, exclude (of a column),
    date_order, ids, high_risk, study (of the file)."""
    return f"{EDIT}{kind}:{sheet}:{column}"


def is_change(name: str) -> bool:
    """Whether an answer of this key is a change made by hand, not the answer to a question."""
    return name.startswith((EDIT, "role:"))


def layouts(answers: Map[str, str]) -> Mapping | None:
    """Where the tables stand as far as somebody said it: header rows and areas by sheet; None where nobody did."""
    stated: dict[str, SheetMapping] = {}
    for kind in ("header", "area"):
        for name, given in answers.items():
            start = f"{EDIT}{kind}:"
            if name.startswith(start):
                sheet, numbers = name[len(start) : -1], tuple(int(each) for each in given.split(",") if each.isdecimal())
                layout = stated.get(sheet, SheetMapping(sheet))
                if kind == "area" and not _is_area(numbers):
                    continue
                stated[sheet] = replace(layout, header_rows=numbers) if kind == "header" else replace(layout, area=numbers)
    return Mapping(tuple(stated.values())) if stated else None


def _is_area(numbers: Sequence[int]) -> bool:
    return len(numbers) == 4 and 0 < numbers[0] <= numbers[2] and 0 < numbers[1] <= numbers[3]


@dataclass(frozen=True)
class _Edits:
    """The changes of one sheet."""

    block: Block
    answers: Map[str, str]

    @property
    def name(self) -> str:
        return self.block.grid.name

    @property
    def forced(self) -> dict[str, str]:
        """The roles that were given, by heading."""
        start = f"role:{self.name}:"
        found = {name[len(start) :]: role for name, role in self.answers.items() if name.startswith(start)}
        return {heading: role for heading, role in found.items() if heading in self.block.headings}

    def get(self, kind: str, column: str = "") -> str:
        return self.answers.get(edit_key(kind, self.name, column), "")


def edited(mapping: Mapping, blocks: Sequence[Block], answers: Map[str, str]) -> tuple[Mapping, tuple[str, ...]]:
    """The mapping with every change, and a sentence for each that cannot be combined with the rest of its sheet."""
    if not any(map(is_change, answers)):
        return mapping, ()
    sheets = {sheet.name: sheet for sheet in mapping.sheets}
    problems: list[str] = []
    found = []
    for block in blocks:
        edits = _Edits(block, answers)
        sheet, said = _sheet(sheets.get(block.layout.name, block.layout), edits)
        problems += said
        found += [sheet] if sheet.readings else []
    return _whole(replace(mapping, sheets=tuple(found)), blocks, answers), tuple(dict.fromkeys(problems))


def _sheet(sheet: SheetMapping, edits: _Edits) -> tuple[SheetMapping, list[str]]:
    if edits.get("table") == UNUSED:
        return replace(sheet, readings=()), []
    readings, problems = _as_said(sheet, edits)
    for heading, role in edits.forced.items():
        more, said = _with_role(readings, heading, role, edits)
        readings, problems = more, problems + said
    readings = [each for reading in readings for each in _with_details(reading, edits)]
    private = [heading for heading, role in edits.forced.items() if role in (IGNORED, PRIVATE_ROLE)]
    aside = tuple(dict.fromkeys((*(each for each in sheet.set_aside if each not in edits.forced), *private)))
    stated = layouts({name: given for name, given in edits.answers.items() if name.endswith(f":{edits.name}:")})
    layout = stated.sheets[0] if stated else sheet
    return replace(sheet, readings=tuple(readings), set_aside=aside, header_rows=layout.header_rows, area=layout.area), problems  # fmt: skip


def _as_said(sheet: SheetMapping, edits: _Edits) -> tuple[list[Reading], list[str]]:
    """The readings without what their columns were said not to be."""
    kept, problems = [], []
    for reading in sheet.readings:
        columns = {name: each for name, each in reading.columns.items() if _fits(reading.table, name, edits.forced.get(each))}
        main = MAIN.get(reading.table, "")
        wide = tuple(each for each in reading.wide if _fits(reading.table, main, edits.forced.get(each.column)))
        extras = reading.extras and tuple(each for each in reading.extras if edits.forced.get(each, EXTRA_ROLE) in KEPT_AS_IT_IS)
        lost = {name for name in reading.columns if name not in columns}
        if reading.wide and not wide:
            continue
        if missing := _needed(reading, lost, columns):
            problems += _lost(reading, missing, edits) if reading.table == "endpoints" else []
            continue
        kept.append(replace(reading, columns=columns, wide=wide, extras=extras))
    return kept, problems


def _fits(table: str, column: str, role: str | None) -> bool:
    """Whether a column with this role may fill this column of a table."""
    if role is None or role == f"{table}.{column}":
        return True
    of, _, name = role.partition(".")
    same_time = column in TIMES and name in TIMES and of != PATIENTS.name
    return same_time or (name == column == "patient_id") or role == "endpoints.start_date"


def _needed(reading: Reading, lost: set[str], columns: Map[str, str]) -> str:
    """The column whose loss leaves nothing to read, or ""."""
    table = _table(reading.table)
    required = [each.name for each in table.columns if each.required and each.name != "patient_id"]
    of_its_own = {"endpoints": ["time", "event", "end_date"], "adverse_events": ["grade"] if "term" in reading.constants else []}
    return next((name for name in (*required, *of_its_own.get(reading.table, [])) if name in lost and name not in columns), "")


def _lost(reading: Reading, missing: str, edits: _Edits) -> list[str]:
    name = reading.constants.get("endpoint", "this endpoint").upper()
    if any(role == f"endpoints.{missing}" for role in edits.forced.values()):
        return []  # another column was given this part
    return [f'{edits.name}: {name} has no column for its {WORDS.get(missing, "date")} now. Say of another column that it is "{missing} (Endpoints)".']


def _with_role(readings: list[Reading], heading: str, role: str, edits: _Edits) -> tuple[list[Reading], list[str]]:
    """The readings, one of which takes this column as its role says."""
    name, _, column = role.partition(".")
    table = next((each for each in TABLES if each.name == name), None)
    if table is None or table.column(column) is None or role in KEPT_AS_IT_IS:
        return readings, []
    if any(_reads(each, heading, table.name, column) for each in readings):
        return readings, []
    if column == "patient_id":
        return [replace(each, columns={**each.columns, "patient_id": heading}) for each in readings], []
    if table.name == "endpoints":
        beside = "event" if column in ("time", "end_date") else "time"
        return readings, [f'{edits.name}: "{heading}" is the {column} of an endpoint that has no {beside} yet. Say which column is its {beside}.']
    return _placed(readings, heading, table, column, edits)


def _reads(reading: Reading, heading: str, table: str, column: str) -> bool:
    wide = column == MAIN.get(table) and any(each.column == heading for each in reading.wide)
    return reading.table == table and (wide or reading.columns.get(column) == heading or reading.censored_at == heading)


def _placed(readings: list[Reading], heading: str, table: Table, column: str, edits: _Edits) -> tuple[list[Reading], list[str]]:
    is_main = column == MAIN.get(table.name) or (table.name == "adverse_events" and column == "grade")
    host = next((each for each in readings if each.table == table.name and (column not in each.columns or not is_main)), None)
    if host and not (is_main and host.wide):
        extras = host.extras and tuple(each for each in host.extras if each != heading)
        now = replace(host, columns={**host.columns, column: heading}, extras=extras)
        return [now if each is host else each for each in readings], []
    if host:
        now = replace(host, wide=(*host.wide, Wide(heading, {"test": heading} if table.name == "labs" else {})))
        return [now if each is host else each for each in readings], []
    patient = next((each.columns["patient_id"] for each in readings if "patient_id" in each.columns), "")
    patient = patient or next((name for name, role in edits.forced.items() if role.endswith(".patient_id")), "")
    if not patient:
        return readings, [f'{edits.name}: "{heading}" belongs to no patient. Say which column is the patient.']
    if not is_main and table is not PATIENTS and not _has_main(table, edits):
        main = MAIN.get(table.name, "")
        return readings, [f'{edits.name}: "{heading}" needs a column that is "{main.replace("_", " ")} ({table.sheet})" beside it.']
    return _own_reading(readings, (heading, table, column), patient, edits)


def _has_main(table: Table, edits: _Edits) -> bool:
    mains = (f"{table.name}.{MAIN.get(table.name, '')}", "adverse_events.grade" if table.name == "adverse_events" else "")
    return any(role in mains for role in edits.forced.values())


def _own_reading(readings: list[Reading], asked: tuple[str, Table, str], patient: str, edits: _Edits) -> tuple[list[Reading], list[str]]:
    """A further reading of the sheet for this column."""
    heading, table, column = asked
    if table is not PATIENTS and not (column == MAIN.get(table.name) or column == "grade"):
        return readings, []  # it comes with the column that holds the values
    columns = {"patient_id": patient, column: heading} | _beside(table, edits)
    time = _time_of(heading, readings, edits)
    if table.name in TIMED and not time and not set(TIMES) & set(columns):
        return readings, [f'{edits.name}: "{heading}" has no day. A {TIMED[table.name]} needs one: choose it under "Details" of the column.']
    constants: dict[str, str] = {}
    if (named := NAMED_BY.get(table.name, "")) and named not in columns:
        constants[named] = edits.get("test", heading) or heading
    if table.name == "therapies" and "kind" not in columns:
        constants["kind"] = "other"
    brackets = heading_of(edits.block, heading)[0].brackets
    if table.name in ("labs", "kinetics") and "unit" not in columns and brackets:
        constants["unit"] = brackets[0]
    columns |= {name: each for name, each in time.items() if not each.startswith("=")}
    return [*readings, Reading(table.name, columns, constants, extras=None if table is PATIENTS else ())], []


def _beside(table: Table, edits: _Edits) -> dict[str, str]:
    """The other columns that were given a role of this table; of several of one role the first."""
    found: dict[str, str] = {}
    for heading, role in edits.forced.items():
        of, _, column = role.partition(".")
        if of == table.name and table.column(column) and column not in (MAIN.get(table.name), "patient_id", "grade"):
            found.setdefault(column, heading)
    return found


def _time_of(heading: str, readings: Sequence[Reading], edits: _Edits) -> dict[str, str]:
    """The column that says when, as it was chosen or as the sheet's other events have it."""
    if given := edits.get("day", heading):
        return {"day": given} if given.startswith("=") else _time(given, edits)
    for reading in readings:
        times = {name: each for name, each in reading.columns.items() if name in TIMES and reading.table not in (PATIENTS.name, "endpoints")}
        if times:
            return _time(next(iter(times.values())), edits)
    return {}


def _time(column: str, edits: _Edits) -> dict[str, str]:
    return {"date" if profile(edits.block.cells(column)).dates > 0.5 else "day": column} if column in edits.block.headings else {}


def _with_details(reading: Reading, edits: _Edits) -> Iterator[Reading]:
    """The reading with units, codes, tests and days as they were said; a column of a wide sheet with a day column of its own becomes
    a reading of its own."""
    alone = [each for each in reading.wide if edits.get("day", each.column).strip("=") in edits.block.headings]
    for each in alone:
        columns = {name: heading for name, heading in reading.columns.items() if name not in TIMES}
        constants = {name: said for name, said in {**reading.constants, **each.constants}.items() if name not in TIMES}
        own = replace(reading, columns={**columns, MAIN[reading.table]: each.column, **_time(edits.get("day", each.column), edits)}, constants=constants, wide=())
        yield from _with_details(own, edits)
    rest = tuple(each for each in reading.wide if each not in alone)
    if reading.wide and not rest:
        return
    reading = replace(reading, wide=tuple(_wide(each, edits) for each in rest))
    for column, heading in {**reading.columns, **{each: each for each in reading.extras or ()}}.items():
        reading = _detailed(reading, column, heading, edits)
    yield reading


def _wide(wide: Wide, edits: _Edits) -> Wide:
    said = {"test": edits.get("test", wide.column), "unit": edits.get("unit", wide.column), "day": edits.get("day", wide.column).lstrip("=")}
    return replace(wide, constants={**wide.constants, **{name: each for name, each in said.items() if each}})


def _detailed(reading: Reading, column: str, heading: str, edits: _Edits) -> Reading:
    unit, codes, day = edits.get("unit", heading), edits.get("codes", heading), edits.get("day", heading)
    if unit and column == "value":
        columns = {name: each for name, each in reading.columns.items() if name != "unit"}
        reading = replace(reading, columns=columns, constants={**reading.constants, "unit": unit})
    elif unit in READ_UNITS:
        reading = replace(reading, units={**reading.units, column: unit})
    if codes:
        words = {value: None if meaning == NO_VALUE else meaning for value, meaning in decoded(codes).items()}
        reading = replace(reading, codes={**reading.codes, column: {**reading.codes.get(column, {}), **words}})
    if column in (MAIN.get(reading.table), "grade"):
        reading = _at_day(reading, day, edits)
        if (test := edits.get("test", heading)) and NAMED_BY.get(reading.table, "") in reading.constants:
            reading = replace(reading, constants={**reading.constants, NAMED_BY[reading.table]: test})
    return reading


def _at_day(reading: Reading, day: str, edits: _Edits) -> Reading:
    if not day:
        return reading
    columns = {name: each for name, each in reading.columns.items() if name not in TIMES}
    if day.startswith("="):
        name = "start_day" if reading.table == "adverse_events" else "day"
        return replace(reading, columns=columns, constants={**reading.constants, name: day[1:]})
    time = _time(day, edits)
    start = "start_" if reading.table == "adverse_events" else ""
    return replace(reading, columns={**columns, **{f"{start}{name}": each for name, each in time.items()}})


def _whole(mapping: Mapping, blocks: Sequence[Block], answers: Map[str, str]) -> Mapping:
    """What is said of the whole file, and of single columns in its settings."""
    missing, exclude = dict(mapping.missing), dict(mapping.exclude)
    for block in blocks:
        for heading in filter(None, block.headings):
            place = f"{block.grid.name}.{heading}"
            for kind, found in (("missing", missing), ("exclude", exclude)):
                words = _said(answers, kind, tuple[str, ...], block.grid.name, heading)
                if words is not None:
                    found[place] = words
    order = answers.get(edit_key("date_order"), mapping.date_order)
    mapping = replace(mapping, missing=missing, exclude=exclude, date_order=order if order in DATE_ORDERS else "")
    if rule := _said(answers, "ids", IdRule):
        mapping = replace(mapping, ids=rule)
    if (lesions := _said(answers, "high_risk", dict[str, tuple[str, ...]])) is not None:
        mapping = replace(mapping, high_risk=HighRisk(lesions) if lesions else None)
    if settings := _said(answers, "study", dict[str, str]):
        mapping = replace(mapping, study={**mapping.study, **settings})
    ignored = {name for block in blocks for name, role in _Edits(block, answers).forced.items() if role == IGNORED}
    if mapping.high_risk:
        kept = {column: words for column, words in mapping.high_risk.lesions.items() if column not in ignored}
        mapping = replace(mapping, high_risk=replace(mapping.high_risk, lesions=kept) if kept else None)
    return mapping


def _said(answers: Map[str, str], kind: str, form: Any, sheet: str = "", column: str = "") -> Any:
    """What such a change says, None where it was not made or a saved file has something else there."""
    given = answers.get(edit_key(kind, sheet, column), "")
    try:
        return TypeAdapter(form).validate_json(given) if given else None
    except ValidationError:
        return None


def _table(name: str) -> Table:
    return next(table for table in TABLES if table.name == name)


