"""What a workbook means: the mapping that the program proposes, a reason for every column, and what has to be asked.

First the template's own names, read without a question; only where they do not fit, each sheet's table and each
column's role are guessed from names and values.
"""

from collections.abc import Container, Sequence
from collections.abc import Mapping as Map
from dataclasses import replace
from operator import itemgetter
from typing import Final

from lib.cohort.schema import ADVERSE_EVENTS, ENDPOINTS, PATIENTS, RESPONSE_TABLE, Table
from lib.intake.infer.column import ColumnView, SheetView, view_of
from lib.intake.infer.date_order import date_order
from lib.intake.infer.day_zero import times_of_deaths
from lib.intake.infer.disease import with_disease
from lib.intake.infer.endpoint_reading import endpoint_readings
from lib.intake.infer.event_reading import event_readings
from lib.intake.infer.patient_choices import excluded, grouped, groups_of_sheets, high_risk, with_choices
from lib.intake.infer.patient_id import asked_of_any, patient_columns
from lib.intake.infer.patient_reading import patient_readings
from lib.intake.infer.question import EXTRA_ROLE, PRIVATE_ROLE, Asking, Guess, Proposal, Question, Suggestion
from lib.intake.infer.same_ids import counted_within, id_rule, same_patients
from lib.intake.infer.sheet_guess import SheetGuess, sheet_guess
from lib.intake.infer.sheet_type import of_one_toxicity
from lib.intake.infer.spelling import confirmed
from lib.intake.infer.synonyms import TABLE_ROLES
from lib.intake.infer.template_sheet import (
    grouping_lists,
    has_owner,
    schema_columns,
    template_guesses,
    template_sheet,
    template_suggestion,
    template_table,
    whole_endpoints,
)
from lib.intake.infer.toxicities import best_response_readings, has_responses, worst_grade_readings
from lib.intake.infer.whole_file import (
    filled_as_answered,
    layout_roles,
    one_each,
    unsettled_sign,
    with_patients_of_events,
    without_missing,
    without_strangers,
)
from lib.intake.mapping import IdRule, Mapping, Reading, SheetMapping
from lib.intake.sheets.block import Block, with_signs
from lib.intake.sheets.role import PATIENT

BESIDE: Final = "a further table of the sheet, without patients that could be recognised"
FORM: Final = "Codes may stand for words: the data dictionary of the project, opened with the export, would say which."
FORM_CHOICES: Final = (("leave", "Leave it out"), ("read", "Read what is the same in all rows of a patient"))
READ: Final = (("read", "Read this sheet"), ("leave", "Leave it out"))


def suggest(blocks: Sequence[Block], answers: Map[str, str] | None = None) -> Suggestion:
    """The mapping proposed for these sheets; the same answers give the same suggestion."""
    asking = Asking(answers or {})
    filled = [counted_within(filled_as_answered(block, asking), asking) for block in blocks]
    same_patients(filled, asking)
    sign = unsettled_sign(filled, asking)
    blocks, missing = without_missing(with_signs(filled, sign), asking)
    order, true_dates = date_order(blocks, asking)
    tables = _templates(blocks, asking)
    blocks = one_each(blocks, tables, asking)
    is_plain = not (asking.questions or order or asking.has_changes)
    if found := template_suggestion(blocks, tables) if is_plain else None:
        return found
    visible = _visible(blocks, asking)
    guesses = _guesses(visible, tables, asking)
    read = [each for each in guesses if each.table]
    _ask_for_patients(guesses, tables, asking)
    sheets = _sheets(visible, tables, read, asking)
    mapping = Mapping(sheets, date_order=order, true_dates=true_dates, decimal_sign=sign, missing=missing)
    if tables and not has_owner(tables):
        mapping = with_patients_of_events(mapping, visible, asking)
    mapping = with_disease(_of_patients(mapping, read, visible, asking), visible, asking)
    return Suggestion(mapping, _all_guesses(visible, tables, guesses, asking.asked()), asking.asked())


def _ask_for_patients(guesses: Sequence[SheetGuess], tables: Map[str, Table], asking: Asking) -> None:
    """Of a file without a sheet that could be read: which column is the patient, unless that was asked."""
    if tables or any(each.table for each in guesses):
        return
    known = {each.sheet for each in asking.questions if each.subject == "patient"}
    for guess in guesses:
        if guess.view.name not in known and len(guess.view.columns) > 1:
            asked_of_any(guess.view.block, asking)


def _sheets(
    visible: Sequence[Block], tables: Map[str, Table], read: Sequence[SheetGuess], asking: Asking
) -> tuple[SheetMapping, ...]:
    """How each sheet is read, in their order."""
    groups = groups_of_sheets(read, asking)
    known = {*(table.name for table in tables.values()), *(each.table for each in read)}
    known |= {RESPONSE_TABLE.name} if has_responses(read) else set()
    made = {each.view.name: _sheet(each, read, known, asking) for each in read}
    by_name = {name: _in_group(each, groups.get(name, "")) for name, each in made.items()}
    by_name |= {
        block.grid.name: template_sheet(block, tables[block.grid.name])
        for block in visible
        if block.grid.name in tables
    }
    ordered = (by_name[block.grid.name] for block in visible if block.grid.name in by_name)
    return tuple(each for each in ordered if each.readings)


def _in_group(sheet: SheetMapping, group: str) -> SheetMapping:
    """The sheet with this group for all of its patients."""
    if not group:
        return sheet
    readings = (
        replace(each, constants={**each.constants, "arm": group}) if each.table == PATIENTS.name else each
        for each in sheet.readings
    )
    return replace(sheet, readings=tuple(readings))


def _of_patients(mapping: Mapping, read: Sequence[SheetGuess], visible: Sequence[Block], asking: Asking) -> Mapping:
    """The mapping with what it says of the patients of all sheets."""
    mapping = grouped(replace(mapping, high_risk=high_risk(read, asking)), read, asking)
    mapping = replace(mapping, exclude=excluded(read, asking), ids=_ids(mapping, visible, asking))
    return without_strangers(mapping, visible, asking)


def _all_guesses(
    visible: Sequence[Block], tables: Map[str, Table], guesses: Sequence[SheetGuess], questions: Sequence[Question]
) -> tuple[Guess, ...]:
    """A guess for every column, those of sheets in the template's names first."""
    named = [block for block in visible if block.grid.name in tables]
    of_template = (each for block in named for each in template_guesses(block, tables[block.grid.name]))
    shown = (_shown(each, name, proposal, questions) for each in guesses for name, proposal in each.proposals.items())
    return (*of_template, *shown)


def _guesses(visible: Sequence[Block], tables: Map[str, Table], asking: Asking) -> list[SheetGuess]:
    """What is believed of the sheets that are not the template's, with misspelt headings as their owner says they are
    meant."""
    blocks = [block for block in visible if block.grid.name not in tables]
    patients = patient_columns(visible, asking)
    has_times = any(_gives_survival(block, tables[block.grid.name]) for block in visible if block.grid.name in tables)

    def guessed(spelled: bool) -> list[SheetGuess]:
        forced = {block.grid.name: asking.forced(block.grid.name) for block in blocks}
        views = [view_of(block, forced[block.grid.name], patients[block.grid.name], spelled) for block in blocks]
        found = [_guess(view, asking, forced[view.name]) for view in views]
        timed = {} if has_times else times_of_deaths(found, asking)
        more = {name: forced[name] | said for name, said in timed.items()}
        return [_guess(each.view, asking, more[each.view.name]) if each.view.name in more else each for each in found]

    found = guessed(False)
    corrected = [
        (each.view.name, column.name, column.heading.meant)
        for each in found
        for column in each.view.columns
        if column.heading.meant and _matters(each, column)
    ]
    if not confirmed(corrected, asking):
        found = guessed(True)
    return with_choices(found, [each for each in visible if tables.get(each.grid.name) is PATIENTS], asking)


def _gives_survival(block: Block, table: Table) -> bool:
    """Whether a sheet of the template has times or dates of overall survival."""
    columns = {column.name for column in schema_columns(block, table).values() if column}
    return table is ENDPOINTS or bool(whole_endpoints(block) or columns & {"death_date", "last_contact_date"})


def _matters(guess: SheetGuess, column: ColumnView) -> bool:
    """Whether the corrected heading says more than that a column is kept as it is."""
    role = guess.proposals[column.name].role
    named = any(pattern.fullmatch(column.key) for roles in TABLE_ROLES.values() for _, pattern in roles)
    return role not in ("patients.covariate", EXTRA_ROLE, PRIVATE_ROLE) or (named and role != PRIVATE_ROLE)


def _ids(mapping: Mapping, visible: Sequence[Block], asking: Asking) -> IdRule:
    """How ids that are written in two ways become one, as answered; the patients' own sheet comes first."""
    blocks = {block.layout.name or block.grid.name: block for block in visible}
    named = []
    for sheet in mapping.sheets:
        reading = next((each for each in sheet.readings if PATIENT in each.columns), None)
        if reading:
            column = reading.columns[PATIENT]
            ids = frozenset(filter(None, blocks[sheet.name].words(column)))
            named.append((all(each.table != PATIENTS.name for each in sheet.readings), (sheet.name, column, ids)))
    return id_rule([each for _, each in sorted(named, key=itemgetter(0))], asking)


def _templates(blocks: Sequence[Block], asking: Asking) -> dict[str, Table]:
    """The sheets that are tables of the template, as long as nobody says anything else of them."""
    left = [block for block in blocks if not asking.forced(block.grid.name) and not asking.table(block.grid.name)]
    tables = {block.grid.name: table for block in left if (table := template_table(block))}
    grouping = grouping_lists(blocks, tables)
    return {name: table for name, table in tables.items() if name not in grouping}


def _guess(view: SheetView, asking: Asking, forced: dict[str, str]) -> SheetGuess:
    block = view.block
    if block.beside and not view.patient:  # a summary beside or below the patients is none of them
        return SheetGuess(view, "", {each.name: Proposal(EXTRA_ROLE, BESIDE, "likely") for each in view.columns})
    guess = sheet_guess(of_one_toxicity(view), forced, asking.table(view.name), layout_roles(block, asking))
    if block.layout.part not in ("", PATIENTS.name) and guess.table == PATIENTS.name and view.repeated:
        return _unknown_form(guess, asking)
    return guess


def _unknown_form(guess: SheetGuess, asking: Asking) -> SheetGuess:
    """A repeated form that fits no table: what is the same in all rows of a patient is read only if that is wanted."""
    name = guess.view.name
    part, place = guess.view.block.layout.part, [each.name for each in guess.view.columns]
    words = (f'The form "{part}" was filled in several times a patient and fits no table. Leave it out?', FORM)
    answer = asking.ask(("rows", name, place), words, FORM_CHOICES, "leave", f"form:{name}")
    if answer == "read":
        return guess
    return SheetGuess(guess.view, "", {each: Proposal(EXTRA_ROLE, FORM, "open") for each in guess.proposals})


def _visible(blocks: Sequence[Block], asking: Asking) -> list[Block]:
    return [block for block in blocks if block.grid.visible or _is_read(block, asking)]


def _is_read(block: Block, asking: Asking) -> bool:
    name = block.grid.name
    words = (f'The sheet "{name}" is hidden. Shall it be read?', "Hidden sheets are often old versions.")
    return asking.ask(("rows", name, block.headings[:1]), words, READ, "leave", f"sheet:{name}") == "read"


def _sheet(guess: SheetGuess, all_read: Sequence[SheetGuess], known: Container[str], asking: Asking) -> SheetMapping:
    patients = patient_readings(guess, all_read, asking)
    day_0 = {each.columns.get("infusion_date") for each in patients}
    events = (each for each in event_readings(guess, all_read, asking) if not _is_of_day_0(each, day_0))
    endpoints = endpoint_readings(guess, all_read, asking)
    columns = worst_grade_readings(guess, asking, ADVERSE_EVENTS.name in known)
    columns += [] if RESPONSE_TABLE.name in known else best_response_readings(guess, asking)
    said = {each.columns["response"]: each.codes["response"] for each in columns if "response" in each.codes}
    patients = [replace(each, codes={**said, **each.codes}) if said else each for each in patients]
    readings = [*patients, *endpoints, *events, *columns]
    aside = (*guess.all_named(PRIVATE_ROLE), *guess.all_named("ignore"))
    return replace(guess.view.block.layout, readings=tuple(readings), set_aside=aside)


def _is_of_day_0(reading: Reading, day_0: Container[str | None]) -> bool:
    """Whether these are later infusions of a date ("reinfusion") that is the first one's after all."""
    is_later = reading.table == "infusions" and reading.constants.get("infusion") not in (None, "1")
    return is_later and reading.columns.get("date") in day_0


def _shown(guess: SheetGuess, name: str, proposal: Proposal, questions: Sequence[Question]) -> Guess:
    sheet = guess.view.name
    of_column = [each for each in questions if each.needed and each.is_about(sheet, name)]
    asks = tuple(dict.fromkeys((*proposal.asks, *(each.subject for each in of_column))))
    examples = () if proposal.role == PRIVATE_ROLE else guess.view.column(name).profile.examples
    settled = all(each.answered or each.chosen for each in of_column)
    certainty = proposal.certainty if settled else "open"
    return Guess(
        sheet, name, proposal.role, certainty, proposal.reason, asks, examples, proposal.endpoint, proposal.unit
    )
