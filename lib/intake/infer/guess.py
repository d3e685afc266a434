"""A workbook in the template's own names: read as the template is, without a question.

What a stranger's workbook means: the mapping that the program proposes, a reason for every column, and what has to be asked.

First the template's own names; only where they do not fit, each sheet's table and each column's role are guessed from names and values.
"""

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.schema import PATIENTS, Table
from lib.cohort.study_day import DATE_OF
from lib.intake.cells.coding import is_missing, text
from lib.intake.infer.column import ColumnView, SheetView, is_private, view_of
from lib.intake.infer.disease import with_disease
from lib.intake.infer.endpoint_reading import endpoint_readings
from lib.intake.infer.event_reading import event_readings, worst_grade_readings
from lib.intake.infer.layout_question import filled_as_answered, layout_roles
from lib.intake.infer.patient_choices import excluded, with_choices
from lib.intake.infer.patient_column import is_of_schema
from lib.intake.infer.patient_id import id_rule, patient_column, patient_columns
from lib.intake.infer.patient_reading import grouped, high_risk, patient_readings
from lib.intake.infer.question import EXTRA_ROLE, PRIVATE_ROLE, Asking, Guess, Proposal, Question, Suggestion
from lib.intake.infer.sheet_guess import SheetGuess, sheet_guess
from lib.intake.infer.spelling import confirmed
from lib.intake.infer.synonyms import TABLE_ROLES
from lib.intake.infer.whole_file import date_order, without_missing
from lib.intake.mapping import IdRule, Mapping, Reading, SheetMapping
from lib.intake.sheets.block import Block, with_signs
from lib.intake.sheets.place import PATIENT
from lib.intake.sheets.role import column_for, columns_for, endpoint_parts, is_whole_endpoint, normalised, table_for

IGNORED: Final = ("data_dictionary",)
AT_DIAGNOSIS: Final = re.compile("age.*diagnos", re.IGNORECASE)  # that is not the age at the infusion


def template_suggestion(blocks: Sequence[Block], tables: Map[str, Table]) -> Suggestion | None:
    """The suggestion where every visible sheet is a table of the template, else None; `tables` are these by the sheet's name."""
    visible = [block for block in blocks if block.grid.visible and normalised(block.grid.name) not in IGNORED]
    found = [(block, tables[block.grid.name]) for block in visible if block.grid.name in tables]
    if not found or len(found) < len(visible):
        return None
    sheets = tuple(template_sheet(block, table) for block, table in found)
    guesses = tuple(guess for block, table in found for guess in template_guesses(block, table))
    plain = all(block.layout == SheetMapping(block.layout.sheet) for block, _ in found)
    return Suggestion(Mapping(sheets), guesses, (), plain)


def template_sheet(block: Block, table: Table) -> SheetMapping:
    """How a sheet in the template's names is read."""
    private = tuple(
        name for name in block.headings if name and not _known(name, table) and is_private(normalised(name))
    )
    return replace(block.layout, readings=(_reading(block, table), *_endpoints(block, table)), set_aside=private)


def _known(heading: str, table: Table) -> bool:
    return column_for(heading, table) is not None


def template_table(block: Block) -> Table | None:
    """The table whose name the sheet bears, or all of whose required columns it has under their own names."""
    headings = tuple(filter(None, block.headings))
    table = table_for(block.grid.name, headings)
    if table is None or not _is_named_like(block, table, headings):
        return None
    guess = sheet_guess(view_of(block, {}, patient_column(block, {})), {})
    return None if _resembles(guess, table, headings) or (table is PATIENTS and _speaks_of_more(guess)) else table


def _is_named_like(block: Block, table: Table, headings: tuple[str, ...]) -> bool:
    own = {normalised(heading) for heading in headings}
    required = {column.name for column in table.columns if column.required}
    known = sum(column is not None for column in columns_for(headings, table))
    if table is PATIENTS:
        known += sum(len(parts) for parts in endpoint_parts(headings).values() if is_whole_endpoint(parts))
    named = table_for(block.grid.name, ()) is table
    exactly = normalised(block.grid.name) in (table.name, normalised(table.sheet)) and table is not PATIENTS
    if (known * 2 >= len(headings) and (named or required <= own)) or (exactly and required <= own):
        return True
    return table is PATIENTS and named and required <= own


def _resembles(guess: SheetGuess, table: Table, headings: Sequence[str]) -> bool:
    """Whether the template leaves a column of the table empty that another heading of the sheet would fill ("event" for the term)."""
    if guess.table != table.name:
        return False
    columns = columns_for(headings, table)
    known = {heading for heading, column in zip(headings, columns, strict=True) if column}
    filled = {column.name for column in columns if column}
    filled |= {DATE_OF[name] for name in filled if name in DATE_OF} | {
        day for day, date in DATE_OF.items() if date in filled
    }
    others = {
        name: each for name, each in guess.proposals.items() if name not in known and not AT_DIAGNOSIS.search(name)
    }
    more = {each.role.removeprefix(f"{table.name}.") for each in others.values()}
    return any(table.column(role) is not None and role not in filled for role in more)


def _speaks_of_more(guess: SheetGuess) -> bool:
    """Whether a sheet of patients has endpoints or series in columns that the template does not name."""
    whole = endpoint_parts(filter(None, guess.view.block.headings)).values()
    known = {heading for parts in whole if is_whole_endpoint(parts) for heading in parts.values()}
    more = guess.series or guess.sets or guess.infusions or any(pair.time not in known for pair in guess.pairs)
    named = table_for(guess.view.block.grid.name, ()) is PATIENTS
    measured = guess.view.repeated and guess.table != PATIENTS.name and not named
    return bool(more) or measured or _fills_more(guess)


def _fills_more(guess: SheetGuess) -> bool:
    """Whether a date of the course stands under a name that the template does not know, and nothing else gives it."""
    headings = [heading for heading in guess.view.block.headings if heading]
    by_name = dict(zip(headings, columns_for(headings, PATIENTS), strict=True))
    filled = {column.name for column in by_name.values() if column}
    further = {is_of_schema(guess.proposals[name].role) for name, column in by_name.items() if column is None}
    return any(name.endswith("_date") and name not in filled for name in further)


def _reading(block: Block, table: Table) -> Reading:
    headings = [heading for heading in block.headings if heading]
    columns = {
        column.name: heading for heading, column in zip(headings, columns_for(headings, table), strict=True) if column
    }
    return Reading(table.name, columns)


def _endpoints(block: Block, table: Table) -> list[Reading]:
    if table is not PATIENTS:
        return []
    readings = []
    patient = _reading(block, table).columns.get("patient_id", "")
    for endpoint, parts in endpoint_parts(filter(None, block.headings)).items():
        if is_whole_endpoint(parts):
            unit = next(each for each in ("days", "weeks", "months") if each in parts)
            columns = {"patient_id": patient, "time": parts[unit], "event": parts["event"]}
            readings.append(Reading("endpoints", columns, {"endpoint": endpoint}, units={"time": unit}))
    return readings


def template_guesses(block: Block, table: Table) -> list[Guess]:
    """A guess for every column of a sheet in the template's names."""
    headings = [heading for heading in block.headings if heading]
    found = []
    for heading, column in zip(headings, columns_for(headings, table), strict=True):
        extra = PRIVATE_ROLE if is_private(normalised(heading)) else EXTRA_ROLE
        role = f"{table.name}.{column.name}" if column else extra
        found.append(
            Guess(
                block.grid.name, heading, role, "certain", "named as in the template" if column else "a further column"
            )
        )
    return found


BESIDE: Final = "a further table of the sheet, without patients that could be recognised"
FORM: Final = "Codes may stand for words: the data dictionary of the project, opened with the export, would say which."
FORM_CHOICES: Final = (("leave", "Leave it out"), ("read", "Read what is the same in all rows of a patient"))
READ: Final = (("read", "Read this sheet"), ("leave", "Leave it out"))


def suggest(blocks: Sequence[Block], answers: Map[str, str] | None = None) -> Suggestion:
    """The mapping proposed for these sheets; the same answers give the same suggestion."""
    asking = Asking(answers or {})
    blocks = [filled_as_answered(block, asking) for block in blocks]
    blocks, missing = without_missing(with_signs(blocks), asking)
    order, true_dates = date_order(blocks, asking)
    as_they_are = not (asking.questions or order or any(name.startswith(("role:", "edit:")) for name in asking.answers))
    tables = {block.grid.name: table for block in blocks if (table := _template(block, asking))}
    if as_they_are and (found := template_suggestion(blocks, tables)):
        return found
    visible = [block for block in blocks if block.grid.visible or _is_read(block, asking)]
    known = {block.grid.name: tables[block.grid.name] for block in visible if block.grid.name in tables}
    guesses = _guesses([block for block in visible if block.grid.name not in known], visible, asking)
    read = [each for each in guesses if each.table]
    by_name = {each.view.name: _sheet(each, read, asking) for each in read}
    by_name |= {
        block.grid.name: template_sheet(block, known[block.grid.name]) for block in visible if block.grid.name in known
    }
    sheets = tuple(by_name[block.grid.name] for block in visible if block.grid.name in by_name)
    mapping = Mapping(
        tuple(each for each in sheets if each.readings), date_order=order, true_dates=true_dates, missing=missing
    )
    mapping = grouped(replace(mapping, high_risk=high_risk(read, asking)), read, asking)
    mapping = with_disease(mapping, visible, asking)
    mapping = replace(mapping, exclude=excluded(read, asking), ids=_ids(mapping, visible, asking))
    questions = asking.asked()
    shown = tuple(
        _shown(each, name, proposal, questions) for each in guesses for name, proposal in each.proposals.items()
    )
    named = (
        each
        for block in visible
        if block.grid.name in known
        for each in template_guesses(block, known[block.grid.name])
    )
    return Suggestion(mapping, (*named, *shown), questions, False)


def _guesses(blocks: Sequence[Block], visible: Sequence[Block], asking: Asking) -> list[SheetGuess]:
    """What is believed of the sheets that are not the template's, with misspelt headings as their owner says they are meant."""
    patients = patient_columns(visible, asking)

    def guessed(spelled: bool) -> list[SheetGuess]:
        forced = {block.grid.name: asking.forced(block.grid.name) for block in blocks}
        views = [view_of(block, forced[block.grid.name], patients[block.grid.name], spelled) for block in blocks]
        return [_guess(view, asking) for view in views]

    found = guessed(False)
    corrected = [
        (each.view.name, column.name, column.heading.meant)
        for each in found
        for column in each.view.columns
        if column.heading.meant and _matters(each, column)
    ]
    if not confirmed(corrected, asking):
        found = guessed(True)
    return [with_choices(each, asking) for each in found]


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
            column, block = reading.columns[PATIENT], blocks[sheet.name]
            ids = frozenset(text(cell) for cell in block.cells(column) if not is_missing(cell))
            named.append((any(each.table == PATIENTS.name for each in sheet.readings), (sheet.name, column, ids)))
    ordered = [each for _, each in sorted(named, key=lambda pair: not pair[0])]
    return id_rule(ordered, asking)


def _template(block: Block, asking: Asking) -> Table | None:
    changed = asking.forced(block.grid.name) or asking.table(block.grid.name)
    return None if changed else template_table(block)


def _guess(view: SheetView, asking: Asking) -> SheetGuess:
    block = view.block
    if block.beside and not view.patient:  # a summary beside or below the patients is none of them
        return SheetGuess(view, "", {each.name: Proposal(EXTRA_ROLE, BESIDE, "likely") for each in view.columns})
    guess = sheet_guess(view, asking.forced(view.name), asking.table(view.name), layout_roles(block, asking))
    if block.layout.part not in ("", PATIENTS.name) and guess.table == PATIENTS.name and view.repeated:
        return _unknown_form(guess, asking)
    return guess


def _unknown_form(guess: SheetGuess, asking: Asking) -> SheetGuess:
    """A repeated form that fits no table: what is the same in all rows of a patient is read only if that is wanted."""
    name = guess.view.name
    words = (
        f'The form "{guess.view.block.layout.part}" was filled in several times a patient and fits no table. Leave it out?',
        FORM,
    )
    answer = asking.ask(
        ("rows", name, [each.name for each in guess.view.columns]), words, FORM_CHOICES, "leave", f"form:{name}"
    )
    if answer == "read":
        return guess
    return SheetGuess(guess.view, "", {each: Proposal(EXTRA_ROLE, FORM, "open") for each in guess.proposals})


def _is_read(block: Block, asking: Asking) -> bool:
    name = block.grid.name
    words = (f'The sheet "{name}" is hidden. Shall it be read?', "Hidden sheets are often old versions.")
    return asking.ask(("rows", name, block.headings[:1]), words, READ, "leave", f"sheet:{name}") == "read"


def _sheet(guess: SheetGuess, all_read: Sequence[SheetGuess], asking: Asking) -> SheetMapping:
    readings: list[Reading] = [
        *patient_readings(guess, all_read, asking), *endpoint_readings(guess, all_read, asking), *event_readings(guess, asking),
        *worst_grade_readings(guess, asking),
    ]  # fmt: skip
    aside = (*guess.all_named(PRIVATE_ROLE), *guess.all_named("ignore"))
    return replace(guess.view.block.layout, readings=tuple(readings), set_aside=aside)


def _shown(guess: SheetGuess, name: str, proposal: Proposal, questions: Sequence[Question]) -> Guess:
    column = guess.view.column(name)
    of_column = [each for each in questions if each.sheet == guess.view.name and name in each.columns]
    of_column = [each for each in of_column if each.needed]
    asks = tuple(dict.fromkeys((*proposal.asks, *(each.subject for each in of_column))))
    examples = () if proposal.role == PRIVATE_ROLE else column.profile.examples
    certainty = (
        proposal.certainty if not of_column or all(each.answered or each.chosen for each in of_column) else "open"
    )
    return Guess(
        guess.view.name,
        name,
        proposal.role,
        certainty,
        proposal.reason,
        asks,
        examples,
        proposal.endpoint,
        proposal.unit,
    )
