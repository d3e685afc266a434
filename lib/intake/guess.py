"""What a stranger's workbook means: the mapping that the program proposes, a reason for every column, and what has to be asked.

First the template's own names; only where they do not fit, each sheet's table and each column's role are guessed from names and values.
"""

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.schema import Table
from lib.intake.endpoint_reading import endpoint_readings
from lib.intake.event_reading import event_readings
from lib.intake.group_choice import grouped
from lib.intake.high_risk_choice import high_risk
from lib.intake.layout import Block
from lib.intake.mapping import DATE_ORDERS, DateOrder, Mapping, Reading, SheetMapping
from lib.intake.patient_reading import patient_readings
from lib.intake.proposal import Proposal
from lib.intake.question import Asking
from lib.intake.sheet_guess import SheetGuess, sheet_guess
from lib.intake.sheet_view import view_of
from lib.intake.suggestion import PRIVATE_ROLE, Guess, Suggestion
from lib.intake.template_names import template_guesses, template_sheet, template_suggestion, template_table
from lib.intake.worst_grade import worst_grade_readings

READ: Final = (("read", "Read this sheet"), ("leave", "Leave it out"))


def suggest(blocks: Sequence[Block], answers: Map[str, str] | None = None) -> Suggestion:
    """The mapping proposed for these sheets; the same answers give the same suggestion."""
    asking = Asking(answers or {})
    if not any(name.startswith("role:") for name in asking.answers) and (found := template_suggestion(blocks)):
        return found
    visible = [block for block in blocks if block.grid.visible or _is_read(block, asking)]
    known = {block.grid.name: table for block in visible if (table := _template(block, asking))}
    guesses = [_guess(block, asking) for block in visible if block.grid.name not in known]
    read = [each for each in guesses if each.table]
    by_name = {each.view.name: _sheet(each, read, asking) for each in read}
    by_name |= {
        block.grid.name: template_sheet(block, known[block.grid.name]) for block in visible if block.grid.name in known
    }
    sheets = tuple(by_name[block.grid.name] for block in visible if block.grid.name in by_name)
    mapping = Mapping(sheets=tuple(each for each in sheets if each.readings), date_order=_date_order(read, asking))
    mapping = grouped(replace(mapping, high_risk=high_risk(read, asking)), read, asking)
    shown = tuple(_shown(each, name, proposal, asking) for each in guesses for name, proposal in each.proposals.items())
    named = (
        each
        for block in visible
        if block.grid.name in known
        for each in template_guesses(block, known[block.grid.name])
    )
    return Suggestion(mapping, (*named, *shown), tuple(asking.questions), False)


def _template(block: Block, asking: Asking) -> Table | None:
    return None if asking.forced(block.grid.name) else template_table(block)


def _guess(block: Block, asking: Asking) -> SheetGuess:
    forced = asking.forced(block.grid.name)
    return sheet_guess(view_of(block, forced), forced)


def _is_read(block: Block, asking: Asking) -> bool:
    name = block.grid.name
    words = (f'The sheet "{name}" is hidden. Shall it be read?', "Hidden sheets are often old versions.")
    return asking.ask(("rows", name, block.headings[:1]), words, READ, "leave", f"sheet:{name}") == "read"


def _sheet(guess: SheetGuess, all_read: Sequence[SheetGuess], asking: Asking) -> SheetMapping:
    readings: list[Reading] = [
        *patient_readings(guess, all_read, asking), *endpoint_readings(guess, asking), *event_readings(guess, asking),
        *worst_grade_readings(guess),
    ]  # fmt: skip
    return SheetMapping(guess.view.name, tuple(readings), set_aside=guess.all_named(PRIVATE_ROLE))


def _date_order(read: Sequence[SheetGuess], asking: Asking) -> DateOrder:
    """The order of text dates: what a column settles counts for those that leave it open; else it is asked once."""
    columns = [
        (each.view.name, column)
        for each in read
        for column in each.view.columns
        if column.profile.dates > 0.5 and not column.private
    ]
    open_ones = [(sheet, column) for sheet, column in columns if column.profile.ambiguous_dates]
    settled = {column.profile.day_first for _, column in columns} - {None}
    if not open_ones:
        return ""
    if len(settled) == 1:
        return "day first" if settled == {True} else "month first"
    sheet, column = open_ones[0]
    words = (f'Which stands first in dates such as "{column.profile.examples[0]}"?', "No part of any date is above 12.")
    choices = (("day first", "The day"), ("month first", "The month"))
    answer = asking.ask(("date_order", sheet, [each.name for _, each in open_ones]), words, choices, "", "date_order")
    return next((order for order in DATE_ORDERS if order == answer), "")


def _shown(guess: SheetGuess, name: str, proposal: Proposal, asking: Asking) -> Guess:
    column = guess.view.column(name)
    of_column = [each for each in asking.questions if each.sheet == guess.view.name and name in each.columns]
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
