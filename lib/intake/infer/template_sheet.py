"""Sheets in the names of the template: taken at their word, unless a heading says more than the template knows."""

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.schema import ASSAYS, PATIENTS, Column, Table
from lib.cohort.time_unit import DATE_OF
from lib.intake.infer.column import SheetView, is_private, view_of
from lib.intake.infer.patient_column import is_of_schema
from lib.intake.infer.patient_id import patient_column
from lib.intake.infer.question import EXTRA_ROLE, PRIVATE_ROLE, Guess, Suggestion
from lib.intake.infer.sheet_guess import SheetGuess, sheet_guess
from lib.intake.infer.synonyms import PATIENT_ROLES
from lib.intake.mapping import Mapping, Reading, SheetMapping
from lib.intake.sheets.block import Block
from lib.intake.sheets.role import (
    PATIENT,
    TABLE_NAMED,
    TIME_PARTS,
    column_for,
    columns_for,
    endpoint_parts,
    is_whole_endpoint,
    normalised,
    table_for,
)

DICTIONARY_SHEET: Final = "data_dictionary"  # it explains the others and holds nothing
AT_DIAGNOSIS: Final = re.compile("age.*diagnos", re.IGNORECASE)  # that is not the age at the infusion


def template_suggestion(blocks: Sequence[Block], tables: Map[str, Table]) -> Suggestion | None:
    """The suggestion where every visible sheet is a table of the template, else None; `tables` are these by the sheet's
    name."""
    visible = [block for block in blocks if block.grid.visible and normalised(block.grid.name) != DICTIONARY_SHEET]
    if not has_owner(tables) or any(block.grid.name not in tables for block in visible):
        return None
    found = [(block, tables[block.grid.name]) for block in visible]
    guesses = tuple(guess for block, table in found for guess in template_guesses(block, table))
    return Suggestion(_template_mapping(found), guesses, ())


def _template_mapping(found: Sequence[tuple[Block, Table]]) -> Mapping:
    """By name where nothing is said of where the tables stand; a sheet Patients that names none says it in a
    finding."""
    plain = all(block.layout == SheetMapping(block.layout.sheet) for block, _ in found)
    sheets = [template_sheet(*each) for each in found if each[1] is not PATIENTS or not _lacks_patients(*each)]
    if plain:
        sheets = [replace(sheet, readings=sheet.readings[:1], set_aside=()) for sheet in sheets]
    return Mapping(tuple(sheets), by_name=plain)


def has_owner(tables: Map[str, Table]) -> bool:
    """Whether one of the tables says who the patients are, or needs none."""
    return bool({PATIENTS.name, ASSAYS.name} & {table.name for table in tables.values()})


def template_sheet(block: Block, table: Table) -> SheetMapping:
    """How a sheet in the template's names is read."""
    named = reversed(schema_columns(block, table).items())  # of a column that stands twice the first is read
    own = {column.name: heading for heading, column in named if column}
    unknown = (name for name in block.headings if name and column_for(name, table) is None)
    private = tuple(name for name in unknown if is_private(normalised(name)))
    endpoints = _endpoints(block, own.get(PATIENT, "")) if table is PATIENTS else []
    return replace(block.layout, readings=(Reading(table.name, own), *endpoints), set_aside=private)


def schema_columns(block: Block, table: Table) -> dict[str, Column | None]:
    """The schema's column of each heading."""
    headings = [heading for heading in block.headings if heading]
    return dict(zip(headings, columns_for(headings, table), strict=True))


def template_table(block: Block) -> Table | None:
    """The table whose name the sheet bears, or all of whose required columns it has under their own names."""
    table = table_for(block.grid.name, tuple(filter(None, block.headings)))
    if table is None or not _is_named_like(block, table):
        return None
    if table is not PATIENTS and None not in schema_columns(block, table).values():
        return table  # nothing is left that could be meant otherwise
    patient = patient_column(block, {})
    if patient and _lacks_patients(block, table):
        return None  # they stand under a name that the template does not know
    guess = sheet_guess(view_of(block, {}, patient), {})
    return None if _resembles(guess, table) or (table is PATIENTS and _speaks_of_more(guess)) else table


def _lacks_patients(block: Block, table: Table) -> bool:
    named = {column.name for column in schema_columns(block, table).values() if column}
    return PATIENT not in named and table.column(PATIENT) is not None


def _is_named_like(block: Block, table: Table) -> bool:
    columns = schema_columns(block, table)
    complete = {column.name for column in table.columns if column.required} <= set(map(normalised, columns))
    known = sum(column is not None for column in columns.values())
    named = table_for(block.grid.name, ()) is table
    if table is PATIENTS:
        known += sum(len(parts) for parts in whole_endpoints(block).values())
        exactly = named
    else:
        exactly = normalised(block.grid.name) in (table.name, normalised(table.sheet))
    return (complete and exactly) or (known * 2 >= len(columns) and (named or complete))


def whole_endpoints(block: Block) -> dict[str, dict[str, str]]:
    """The endpoints of which Patients has both the time and the event."""
    parts_of = endpoint_parts(filter(None, block.headings))
    return {name: parts for name, parts in parts_of.items() if is_whole_endpoint(parts)}


def _resembles(guess: SheetGuess, table: Table) -> bool:
    """Whether the template leaves a column of the table empty that another heading of the sheet would fill ("event" for
    the term)."""
    if guess.table != table.name:
        return False
    by_name = schema_columns(guess.view.block, table)
    filled = {column.name for column in by_name.values() if column}
    # a day gives the date, and the other way
    filled |= {name for pair in DATE_OF.items() if filled & {*pair} for name in pair}
    free = {f"{table.name}.{column.name}" for column in table.columns if column.name not in filled}
    return any(
        each.role in free and by_name.get(name) is None and not AT_DIAGNOSIS.search(name)
        for name, each in guess.proposals.items()
    )


def _speaks_of_more(guess: SheetGuess) -> bool:
    """Whether a sheet of patients has endpoints or series in columns that the template does not name."""
    block = guess.view.block
    known = {heading for parts in whole_endpoints(block).values() for heading in parts.values()}
    more = guess.series or guess.sets or guess.infusions or any(pair.time not in known for pair in guess.pairs)
    measured = guess.view.repeated and PATIENTS not in (table_for(block.grid.name, ()), TABLE_NAMED.get(guess.table))
    return bool(more) or measured or _fills_more(guess)


def _fills_more(guess: SheetGuess) -> bool:
    """Whether a date of the course stands under a name that the template does not know, and nothing else gives it."""
    by_name = schema_columns(guess.view.block, PATIENTS)
    filled = {column.name for column in by_name.values() if column}
    further = {is_of_schema(guess.proposals[name].role) for name, column in by_name.items() if column is None}
    return any(name.endswith("_date") and name not in filled for name in further)


def _endpoints(block: Block, patient: str) -> list[Reading]:
    readings = []
    for endpoint, parts in whole_endpoints(block).items():
        unit = next(each for each in TIME_PARTS if each in parts)
        columns = {PATIENT: patient, "time": parts[unit], "event": parts["event"]}
        readings.append(Reading("endpoints", columns, {"endpoint": endpoint}, units={"time": unit}))
    return readings


def template_guesses(block: Block, table: Table) -> list[Guess]:
    """A guess for every column of a sheet in the template's names."""
    found = []
    for heading, column in schema_columns(block, table).items():
        extra = PRIVATE_ROLE if is_private(normalised(heading)) else EXTRA_ROLE
        role, why = (
            (f"{table.name}.{column.name}", "named as in the template") if column else (extra, "a further column")
        )
        found.append(Guess(block.grid.name, heading, role, "certain", why))
    return found


ARM: Final = "patients.arm"
NAMED_ARM: Final = dict(PATIENT_ROLES)[ARM]
LISTS: Final = ("adverse_events", "responses", "labs", "kinetics")
LEVELS: Final = range(2, 13)
ALIKE: Final = 0.5  # of the patients with several rows have one group in all of them; the others are told
LEAST_FILLED, CONSTANT = 0.9, 0.9
SURELY_ARM: Final = re.compile(r"arm|[ck]ohort|treat|trt|^rx$|behandl|trait")
REMEDY: Final = re.compile(
    r"(?i)tocili|actemra|dexa|steroid|predni|cortis|anakinra|siltux|levetir|ruxol|antibio|support|symptom|ivig|transfus|g_?csf|hold|held|paus|stop|interrupt|discont|^(yes|none|no|nil|ja|nein|oui|non|other)$"
)


def grouping_lists(blocks: Sequence[Block], tables: Map[str, Table]) -> frozenset[str]:
    """The sheets in the template's names that list events and say the group of their patients, where no sheet of
    patients does."""
    if any(map(names_group, (each for each in blocks if tables.get(each.grid.name) in (None, PATIENTS)))):
        return frozenset()
    lists = (each for each in blocks if each.grid.name in tables and tables[each.grid.name].name in LISTS)
    views = (view_of(block, {}, patient_column(block, {})) for block in filter(names_group, lists))
    return frozenset(view.name for view in views if groups_said(view))


def names_group(block: Block) -> bool:
    """Whether a heading is the name of a group."""
    return any(NAMED_ARM.fullmatch(normalised(name)) for name in block.headings)


def groups_said(view: SheetView) -> list[str]:
    """The columns of few different words, in nearly all rows, under the name of a group: one a patient, no remedies.
    What a "group" of rows is says only that it is the same in several of a patient."""
    found = []
    for each in view.columns if view.patient else ():
        profile, surely = each.profile, SURELY_ARM.search(each.key)
        named = not each.private and profile.n_levels in LEVELS and NAMED_ARM.fullmatch(each.key)
        alike = each.constant >= (ALIKE if surely else CONSTANT) and (view.repeated or surely)
        if named and alike and profile.filled >= LEAST_FILLED * profile.n:
            found += [] if any(map(REMEDY.search, profile.words)) else [each.name]
    return found
