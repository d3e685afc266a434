"""A workbook in the shape of the template: every sheet is known by its name or its columns, and every column by its name.

Sheets -> tables: by a mapping, else by the names of the template, else as the program suggests.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.finding import Finding
from lib.intake.apply.applied import HIDDEN_SHEET, Applied, applied
from lib.intake.apply.mrd import with_mrd
from lib.intake.apply.table import ReadTable, read_table
from lib.intake.cells.numbers import Decimal
from lib.intake.files.grid import Grid
from lib.intake.infer.guess import suggest
from lib.intake.infer.question import open_questions
from lib.intake.mapping import Mapping
from lib.intake.sheets.block import Block, blocks_of, find_block, rows_left_out, with_merged_filled, with_signs
from lib.intake.sheets.header import find_header, table_of
from lib.intake.sheets.place import Part
from lib.intake.sheets.role import normalised

DICTIONARY_SHEET: Final = "Data dictionary"
UNKNOWN_SHEET: Final = (
    "This sheet is none of the tables and was not read.",
    "Give it the name and the columns of the template.",
)


def template_tables(grids: Sequence[Grid]) -> Applied:
    """Every sheet that is one of our tables, by table name, and a finding for each sheet that was not read."""
    reads: dict[str, ReadTable] = {}
    findings: list[Finding] = []
    shaped = [with_merged_filled(grid) for grid in grids]
    blocks: list[Block] = []
    file_sign: Decimal = next((block.sign for block in with_signs(blocks_of(grids))), "")
    for grid in shaped:
        header = find_header(grid)
        table = table_of(grid, header) if header is not None else None
        if header is None or table is None:
            if any(any(row) for row in grid.rows) and normalised(grid.name) != normalised(DICTIONARY_SHEET):
                findings.append(Finding("note", grid.name, None, "", "", *UNKNOWN_SHEET))
        elif not grid.visible:
            findings.append(Finding("note", grid.name, None, "", "", *HIDDEN_SHEET))
        elif table.name in reads:
            problem = f'This sheet holds the same table as "{reads[table.name].sheet}" and was not read.'
            findings.append(Finding("warning", grid.name, None, "", "", problem, "Put both into one sheet."))
        else:
            block = find_block(grid, (header,))
            read = read_table(grid, header, table, block.rows if block else None, file_sign)
            reads[table.name] = with_mrd(read)
            findings += rows_left_out(block) if block else []
            blocks += [block] if block else []
    parts = tuple(Part(number, read.sheet, read.letters) for number, read in enumerate(reads.values()))
    uses = tuple(use for read in reads.values() for use in read.uses)
    return Applied(reads, parts, tuple(findings), {grid.name: grid for grid in shaped}, tuple(blocks), uses)


def tables_of(grids: Sequence[Grid], mapping: Mapping | None = None) -> Applied:
    """The tables of these sheets, and findings about the sheets as a whole."""
    if mapping is not None:
        return applied(blocks_of(grids, mapping), mapping)
    blocks = blocks_of(grids)
    suggestion = suggest(blocks)
    if suggestion.is_template or not suggestion.mapping.sheets:
        return template_tables(grids)
    found = applied(blocks, suggestion.mapping)
    return replace(found, findings=(*open_questions(suggestion), *found.findings))
