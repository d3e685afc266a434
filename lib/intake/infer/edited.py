"""A mapping with what the owner of a file changed by hand in it, and a sentence for each change that cannot be.

Nothing that was said is passed over: a column with a role is read as that and as nothing else, "not read" means that no
value of it is, and a detail of a column that nothing reads is reported. Which changes there are: edits.py.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import replace
from typing import Any, Final

from lib.cohort.schema import PATIENTS, TABLES, Table
from lib.intake.apply.left_out import MAIN
from lib.intake.apply.table import extra_name
from lib.intake.infer.edits import (
    IGNORED,
    KEPT_AS_IT_IS,
    NAMED_BY,
    NO_VALUE,
    NONE,
    TIMES,
    UNUSED,
    Edits,
    edit_key,
    is_change,
    said,
    time_column,
    with_role,
)
from lib.intake.infer.question import EXTRA_ROLE, PRIVATE_ROLE, decoded
from lib.intake.mapping import (
    DATE_ORDERS,
    READ_UNITS,
    ROW_CHOICES,
    HighRisk,
    IdRule,
    Mapping,
    Reading,
    SheetMapping,
    Wide,
)
from lib.intake.sheets.block import Block

WORDS: Final = {"time": "time", "event": "event"}
ENDS: Final = ("time", "end_date")
DETAILS: Final = {
    "unit": "unit",
    "test": "name",
    "day": "day",
    "censored_at": "further time",
    "known_at": "time at which it was known",
}
AS_THEY_STAND: Final = "as they stand"
TRUE_DATES: Final = {"exchanged": "exchanged", "not read": "not read", AS_THEY_STAND: ""}
NO_ROWS: Final = "{}: no row of it is read as {}. Say which column is {}."
UNREAD: Final = '{}: the {} that was given for "{}" counts for nothing, because the column is not read.'
Columns = tuple[str, ...]


def edited(mapping: Mapping, blocks: Sequence[Block], answers: Map[str, str]) -> tuple[Mapping, tuple[str, ...]]:
    """The mapping with every change, and a sentence for each that cannot be combined with the rest of its sheet."""
    if not any(map(is_change, answers)):
        return mapping, ()
    sheets = {sheet.name: sheet for sheet in mapping.sheets}
    problems: list[str] = []
    for block in blocks:
        sheets[block.layout.name], reported = _sheet(sheets.get(block.layout.name, block.layout), Edits(block, answers))
        problems += reported
    order = {block.layout.name: place for place, block in enumerate(blocks)}
    found = sorted(
        (each for each in sheets.values() if each.readings), key=lambda each: order.get(each.name, len(order))
    )
    return _whole(replace(mapping, sheets=tuple(found), by_name=False), blocks, answers), tuple(dict.fromkeys(problems))


def _sheet(sheet: SheetMapping, edits: Edits) -> tuple[SheetMapping, list[str]]:
    if edits.get("table") == UNUSED:
        return replace(sheet, readings=()), []
    readings, problems = _as_said(sheet, edits)
    for heading, role in edits.forced.items():
        readings, reported = with_role(readings, heading, role, edits)
        problems = problems + reported
    detailed = [each for reading in readings for each in _with_details(reading, edits)]
    detailed = [_of_rows(reading, edits) for reading in detailed]
    private = [heading for heading, role in edits.forced.items() if role in (IGNORED, PRIVATE_ROLE)]
    aside = tuple(dict.fromkeys((*(each for each in sheet.set_aside if each not in edits.forced), *private)))
    problems = problems + _without_table(detailed, edits) + _unread(detailed, edits)
    return replace(sheet, readings=tuple(detailed), set_aside=aside), problems


def _without_table(readings: Sequence[Reading], edits: Edits) -> list[str]:
    """A sentence where nothing of the sheet is read as what one of its rows was said to be."""
    name = edits.get("table")
    if not name or any(each.table == name for each in readings):
        return []
    table = _table(name)
    needed = [each.name for each in table.columns if each.required and each.name != "patient_id"]
    beside = ["time", "event"] if name == "endpoints" else []
    named = ", ".join(f'"{column.replace("_", " ")} ({table.sheet})"' for column in (*needed, *beside))
    return [NO_ROWS.format(edits.name, table.sheet, named)]


def _as_said(sheet: SheetMapping, edits: Edits) -> tuple[list[Reading], list[str]]:
    """The readings without what their columns were said not to be."""
    kept: list[Reading] = []
    problems: list[str] = []
    for reading in sheet.readings:
        now = _without_others(reading, edits)
        lost = set(reading.columns) - set(now.columns)
        if reading.wide and not now.wide:
            continue
        if missing := _needed(reading, lost):
            problems += _lost(reading, missing, edits) if reading.table == "endpoints" else []
            continue
        kept.append(now)
    return kept, problems


def _without_others(reading: Reading, edits: Edits) -> Reading:
    """The reading without columns that were given another role."""
    forced, main = edits.forced, MAIN.get(reading.table, "")
    columns = {name: each for name, each in reading.columns.items() if _fits(reading.table, name, forced.get(each))}
    wide = tuple(each for each in reading.wide if _fits(reading.table, main, forced.get(each.column)))
    extras = reading.extras and tuple(each for each in reading.extras if forced.get(each, EXTRA_ROLE) in KEPT_AS_IT_IS)
    return replace(reading, columns=columns, wide=wide, extras=extras)


def _fits(table: str, column: str, role: str | None) -> bool:
    """Whether a column with this role may fill this column of a table."""
    if role is None or role == f"{table}.{column}":
        return True
    of, _, name = role.partition(".")
    same_time = column in TIMES and name in TIMES and of != PATIENTS.name
    return same_time or (name == column == "patient_id") or role == "endpoints.start_date"


def _needed(reading: Reading, lost: set[str]) -> str:
    """The column whose loss leaves nothing to read, or ""."""
    required = [each.name for each in _table(reading.table).columns if each.required and each.name != "patient_id"]
    graded = ["grade"] if "term" in reading.constants else []
    of_its_own = {"endpoints": ["time", "event", "end_date"], "adverse_events": graded}
    return next((name for name in (*required, *of_its_own.get(reading.table, [])) if name in lost), "")


def _lost(reading: Reading, missing: str, edits: Edits) -> list[str]:
    name = reading.constants.get("endpoint", "this endpoint").upper()
    if any(role == f"endpoints.{missing}" for role in edits.forced.values()):
        return []  # another column was given this part
    word = WORDS.get(missing, "date")
    return [
        f'{edits.name}: {name} has no column for its {word} now. Say of another column that it is "{missing}'
        ' (Endpoints)".'
    ]


def _with_details(reading: Reading, edits: Edits) -> Iterator[Reading]:
    """The reading with units, codes, tests and days as they were said; a column of a wide sheet with a day column of
    its own becomes a reading of its own."""
    alone = [each for each in reading.wide if edits.get("day", each.column).strip("=") in edits.block.headings]
    for each in alone:
        yield _detailed_all(_alone(reading, each, edits), edits)
    rest = tuple(each for each in reading.wide if each not in alone)
    if rest or not reading.wide:
        yield _detailed_all(replace(reading, wide=tuple(_wide(each, edits) for each in rest)), edits)


def _alone(reading: Reading, wide: Wide, edits: Edits) -> Reading:
    """One column of a wide reading as a reading of its own, with the column of its days."""
    columns = {name: heading for name, heading in reading.columns.items() if name not in TIMES}
    columns |= {MAIN[reading.table]: wide.column, **time_column(edits.get("day", wide.column), edits)}
    constants = {name: each for name, each in {**reading.constants, **wide.constants}.items() if name not in TIMES}
    return replace(reading, columns=columns, constants=constants, wide=())


def _wide(wide: Wide, edits: Edits) -> Wide:
    given = {
        "test": edits.get("test", wide.column),
        "unit": edits.get("unit", wide.column),
        "day": edits.get("day", wide.column).lstrip("="),
    }
    return replace(wide, constants={**wide.constants, **{name: each for name, each in given.items() if each}})


def _detailed_all(reading: Reading, edits: Edits) -> Reading:
    """The reading with the details of each of its columns, and of those that it keeps as they are."""
    extras = reading.extras
    if extras is None and reading.table == PATIENTS.name:
        extras = tuple(each for each in edits.block.headings if each and each not in reading.columns.values())
    for column, heading in {**reading.columns, **{each: each for each in extras or ()}}.items():
        reading = _detailed(reading, column, heading, edits)
    return reading


def _detailed(reading: Reading, column: str, heading: str, edits: Edits) -> Reading:
    reading = _with_unit(reading, column, edits.get("unit", heading))
    if codes := edits.get("codes", heading):
        words = {value: None if meaning == NO_VALUE else meaning for value, meaning in decoded(codes).items()}
        reading = replace(reading, codes={**reading.codes, column: {**reading.codes.get(column, {}), **words}})
    if column in (MAIN.get(reading.table), "grade"):
        reading = _at_day(reading, edits.get("day", heading), edits)
        if (test := edits.get("test", heading)) and NAMED_BY.get(reading.table, "") in reading.constants:
            reading = replace(reading, constants={**reading.constants, NAMED_BY[reading.table]: test})
    if reading.table == "endpoints" and column in ENDS and (others := edits.get("censored_at", heading)):
        reading = replace(reading, censored_at="" if others == NONE else others)
    return reading


def _with_unit(reading: Reading, column: str, unit: str) -> Reading:
    if unit and column == "value":
        columns = {name: each for name, each in reading.columns.items() if name != "unit"}
        return replace(reading, columns=columns, constants={**reading.constants, "unit": unit})
    return replace(reading, units={**reading.units, column: unit}) if unit in READ_UNITS else reading


def _at_day(reading: Reading, day: str, edits: Edits) -> Reading:
    if not day:
        return reading
    columns = {name: each for name, each in reading.columns.items() if name not in TIMES}
    start = "start_" if reading.table == "adverse_events" else ""
    if day.startswith("="):
        return replace(reading, columns=columns, constants={**reading.constants, f"{start}day": day[1:]})
    time = time_column(day, edits)
    return replace(reading, columns={**columns, **{f"{start}{name}": each for name, each in time.items()}})


def _of_rows(reading: Reading, edits: Edits) -> Reading:
    """The reading of these rows only, of several of a patient this one, its days counted like this."""
    keep = {
        heading: words
        for heading in edits.block.headings
        if heading and (words := edits.said(Columns, "keep", heading)) is not None
    }
    row, counted = edits.get("one_row", reading.table), edits.get("no_day_zero", reading.table)
    reading = replace(reading, keep={**reading.keep, **keep}) if keep else reading
    reading = replace(reading, one_row="" if row == NONE else row) if row in (*ROW_CHOICES, NONE) and row else reading  # type: ignore[arg-type]
    return replace(reading, no_day_zero=counted == "yes") if counted else reading


def _unread(readings: Sequence[Reading], edits: Edits) -> list[str]:
    """A sentence for each detail of a column that nothing reads."""
    aside = {heading for heading, role in edits.forced.items() if role in (IGNORED, PRIVATE_ROLE)}
    read = {heading for each in readings for heading in _headings(each, edits)} - aside
    left = [heading for heading in edits.block.headings if heading and heading not in read]
    return [
        UNREAD.format(edits.name, word, each)
        for kind, word in DETAILS.items()
        for each in left
        if edits.get(kind, each)
    ]


def _headings(reading: Reading, edits: Edits) -> tuple[str, ...]:
    """The columns of the sheet that a reading takes."""
    wide = (each.column for each in reading.wide)
    kept = edits.block.headings if reading.table == PATIENTS.name and reading.extras is None else reading.extras or ()
    return (*reading.columns.values(), *wide, *kept)


def _whole(mapping: Mapping, blocks: Sequence[Block], answers: Map[str, str]) -> Mapping:
    """What is said of the whole file, and of single columns in its settings."""
    mapping = replace(
        mapping,
        missing=_by_column("missing", mapping.missing, blocks, answers),
        exclude=_by_column("exclude", mapping.exclude, blocks, answers),
        known_at=_known_at(mapping, blocks, answers),
    )
    if (everywhere := said(answers, Columns, "missing")) is not None:
        others = {place: words for place, words in mapping.missing.items() if place != "*"}
        mapping = replace(mapping, missing=others | ({"*": everywhere} if everywhere else {}))
    if (order := answers.get(edit_key("date_order"), mapping.date_order)) in DATE_ORDERS:
        mapping = replace(mapping, date_order=order)
    if (trusted := answers.get(edit_key("true_dates"), "")) in TRUE_DATES:
        mapping = replace(mapping, true_dates=TRUE_DATES[trusted])  # type: ignore[arg-type]
    if rule := said(answers, IdRule, "ids"):
        mapping = replace(mapping, ids=rule)
    if settings := said(answers, dict[str, str], "study"):
        study = {name: each for name, each in {**mapping.study, **settings}.items() if each}
        mapping = replace(mapping, study=study)
    return replace(mapping, high_risk=_high_risk(mapping, blocks, answers))


def _by_column(
    kind: str, now: Map[str, Columns], blocks: Sequence[Block], answers: Map[str, str]
) -> dict[str, Columns]:
    """Words by "Sheet.Heading", under the name that the sheet has in the mapping."""
    found = dict(now)
    for block in blocks:
        for heading in filter(None, block.headings):
            own, place = f"{block.grid.name}.{heading}", f"{block.layout.name}.{heading}"
            words = said(answers, Columns, kind, block.grid.name, heading)
            words = found.pop(own, None) if words is None else words
            if words is not None:
                found.pop(own, None)
                found[place] = words
    return found


def _known_at(mapping: Mapping, blocks: Sequence[Block], answers: Map[str, str]) -> dict[str, str]:
    """When the values of each column of patients were known, under the name that it has among them."""
    found = dict(mapping.known_at)
    for block in blocks:
        names = {
            heading: name
            for sheet in mapping.sheets
            if sheet.name == block.layout.name
            for reading in sheet.readings
            if reading.table == PATIENTS.name
            for name, heading in reading.columns.items()
        }
        for heading in filter(None, block.headings):
            if given := Edits(block, answers).get("known_at", heading):
                found[names.get(heading) or extra_name(heading, PATIENTS)] = "" if given == NONE else given
    return found


def _high_risk(mapping: Mapping, blocks: Sequence[Block], answers: Map[str, str]) -> HighRisk | None:
    """Which lesions are high risk, as it was said, without columns that are not read."""
    given: Any = said(answers, dict[str, Columns], "high_risk")
    rule = (
        mapping.high_risk
        if given is None
        else HighRisk(given, mapping.high_risk is not None and mapping.high_risk.blank_is_absent)
    )
    if rule is None:
        return None
    ignored = {name for block in blocks for name, role in Edits(block, answers).forced.items() if role == IGNORED}
    lesions = {column: words for column, words in rule.lesions.items() if column not in ignored}
    blank = answers.get(edit_key("blank_is_absent"), "")
    return HighRisk(lesions, rule.blank_is_absent if not blank else blank == "yes") if lesions else None


def _table(name: str) -> Table:
    return next(table for table in TABLES if table.name == name)
