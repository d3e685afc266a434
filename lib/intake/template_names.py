"""A workbook in the template's own names: read as the template is, without a question."""

from collections.abc import Sequence
from typing import Final

from lib.cohort.schema import PATIENTS, Table
from lib.intake.layout import Block
from lib.intake.mapping import Mapping, Reading, SheetMapping
from lib.intake.role import column_for, columns_for, endpoint_parts, is_whole_endpoint, normalised, table_for
from lib.intake.sheet_guess import sheet_guess
from lib.intake.sheet_view import is_private, view_of
from lib.intake.suggestion import EXTRA_ROLE, PRIVATE_ROLE, Guess, Suggestion

IGNORED: Final = ("data_dictionary",)


def template_suggestion(blocks: Sequence[Block]) -> Suggestion | None:
    """The suggestion where every visible sheet is a table of the template, else None."""
    visible = [block for block in blocks if block.grid.visible and normalised(block.grid.name) not in IGNORED]
    found = [(block, table) for block in visible if (table := template_table(block))]
    if not found or len(found) < len(visible):
        return None
    sheets = tuple(template_sheet(block, table) for block, table in found)
    guesses = tuple(guess for block, table in found for guess in template_guesses(block, table))
    return Suggestion(Mapping(sheets), guesses, (), True)


def template_sheet(block: Block, table: Table) -> SheetMapping:
    """How a sheet in the template's names is read."""
    private = tuple(
        name for name in block.headings if name and not _known(name, table) and is_private(normalised(name))
    )
    return SheetMapping(block.grid.name, (_reading(block, table), *_endpoints(block, table)), set_aside=private)


def _known(heading: str, table: Table) -> bool:
    return column_for(heading, table) is not None


def template_table(block: Block) -> Table | None:
    """The table whose name the sheet bears, or all of whose required columns it has under their own names."""
    headings = tuple(filter(None, block.headings))
    table = table_for(block.grid.name, headings)
    if table is None or (table is PATIENTS and _speaks_of_more(block)):
        return None
    own = {normalised(heading) for heading in headings}
    required = {column.name for column in table.columns if column.required}
    known = sum(column is not None for column in columns_for(headings, table))
    if table is PATIENTS:
        known += sum(len(parts) for parts in endpoint_parts(headings).values() if is_whole_endpoint(parts))
    named = table_for(block.grid.name, ()) is table
    exactly = normalised(block.grid.name) in (table.name, normalised(table.sheet)) and table is not PATIENTS
    if (known * 2 >= len(headings) and (named or required <= own)) or (exactly and required <= own):
        return table
    return table if table is PATIENTS and named and required <= own else None


def _speaks_of_more(block: Block) -> bool:
    """Whether a sheet of patients has endpoints or series in columns that the template does not name."""
    whole = endpoint_parts(filter(None, block.headings)).values()
    known = {heading for parts in whole if is_whole_endpoint(parts) for heading in parts.values()}
    guess = sheet_guess(view_of(block, {}), {})
    return bool(guess.series) or any(pair.time not in known for pair in guess.pairs)


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
