"""Sheets -> tables: by a mapping, else by the names of the template, else as the program suggests.

In the shape of the template every sheet is known by its name or its columns, and every column by its name; each is read
as a mapping would read it that gives each column its own name.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.finding import Finding
from lib.cohort.schema import Table
from lib.intake.apply.applied import HIDDEN_SHEET, Applied, applied
from lib.intake.apply.mapped_table import Source, letter_of, mapped_tables
from lib.intake.apply.table import ReadTable
from lib.intake.cells.coding import filled
from lib.intake.files.grid import Grid
from lib.intake.infer.guess import suggest
from lib.intake.infer.question import open_questions
from lib.intake.mapping import Mapping, Reading
from lib.intake.sheets.block import Block, blocks_of, named_table, rows_left_out, with_merged_filled, with_signs
from lib.intake.sheets.place import Part
from lib.intake.sheets.role import columns_for, normalised

DICTIONARY_SHEET: Final = "Data dictionary"
UNKNOWN_SHEET: Final = (
    "This sheet is none of the tables and was not read.",
    "Give it the name and the columns of the template.",
)
SAME_TABLE: Final = 'This sheet holds the same table as "{}" and was not read.'
TWICE: Final = ("This column stands twice; the first is read.", "Delete or rename one of the two.")


def tables_of(grids: Sequence[Grid], mapping: Mapping | None = None) -> Applied:
    """The tables of these sheets, and findings about the sheets as a whole."""
    if mapping is not None:
        return applied(blocks_of(grids, mapping), mapping)
    blocks = blocks_of(grids)
    suggestion = suggest(blocks)
    if suggestion.is_template or not suggestion.mapping.sheets:
        return _by_name(grids, with_signs(blocks))
    found = applied(blocks, suggestion.mapping)
    return replace(found, findings=(*open_questions(suggestion), *found.findings))


def template_tables(grids: Sequence[Grid]) -> Applied:
    """The tables of sheets that have the names of the template."""
    return _by_name(grids, with_signs(blocks_of(grids)))


def _by_name(grids: Sequence[Grid], found: Sequence[Block]) -> Applied:
    """Every sheet that is one of our tables, and a finding for each sheet that was not read."""
    reads: dict[str, ReadTable] = {}
    blocks: list[Block] = []
    findings: list[Finding] = []
    shaped = [with_merged_filled(grid) for grid in grids]
    for grid in shaped:
        table, block = named_table(grid)
        if table is None or block is None:
            findings += _unknown(grid)
        elif not grid.visible:
            findings.append(Finding("note", grid.name, None, "", "", *HIDDEN_SHEET))
        elif table.name in reads:
            problem = SAME_TABLE.format(reads[table.name].sheet)
            findings.append(Finding("warning", grid.name, None, "", "", problem, "Put both into one sheet."))
        else:
            reads[table.name] = read_by_name(replace(block, sign=found[0].sign if found else ""), table)
            findings += rows_left_out(block)
            blocks.append(block)
    parts = tuple(Part(number, read.sheet, read.letters) for number, read in enumerate(reads.values()))
    uses = tuple(use for read in reads.values() for use in read.uses)
    return Applied(reads, parts, tuple(findings), {grid.name: grid for grid in shaped}, tuple(blocks), uses)


def _unknown(grid: Grid) -> list[Finding]:
    """A note for a sheet that is no table, unless nothing stands in it or it explains the others."""
    is_silent = normalised(grid.name) == normalised(DICTIONARY_SHEET) or not any(any(row) for row in grid.rows)
    return [] if is_silent else [Finding("note", grid.name, None, "", "", *UNKNOWN_SHEET)]


def read_by_name(block: Block, table: Table) -> ReadTable:
    """The table of this sheet, every column taken by its own name; a second one of the same name is an error."""
    columns: dict[str, str] = {}
    extras: dict[str, str] = {}
    twice = []
    written = [heading if block.path(heading) else "" for heading in block.headings]
    for heading, column in zip(written, columns_for(written, table), strict=True):
        if not heading or (column is None and not filled(block.cells(heading)).any()):
            continue
        name = column.name if column else normalised(heading) or heading
        if name in columns or name in extras:
            twice.append(_twice(block, heading))
        else:
            (columns if column else extras)[name] = heading
    source = Source(block, tuple(extras.values()), by_name=True)
    (read, *_), _ = mapped_tables(source, Reading(table.name, columns))
    read = _in_order(read)
    return replace(read, findings=(*twice, *read.findings))


def _in_order(read: ReadTable) -> ReadTable:
    """The table with its columns, and what is said of them, in the order of the sheet, as menus and findings have
    them."""
    uses = tuple(sorted(read.uses, key=lambda use: use.column))
    letters = {use.name: read.letters[use.name] for use in uses}
    place = {letter: place for place, letter in enumerate(letters.values())}
    findings = sorted(read.findings, key=lambda each: place.get(each.column, len(place)))
    return replace(read, letters=letters, findings=tuple(findings), uses=uses)


def _twice(block: Block, heading: str) -> Finding:
    letter, _, _ = letter_of(block, heading).partition(" ")
    grid, written = block.grid, block.path(heading)[-1]
    return Finding("error", grid.name, grid.first_row + block.header[-1], f"{letter} ({written})", written, *TWICE)
