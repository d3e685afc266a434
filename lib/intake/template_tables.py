"""A workbook in the shape of the template: every sheet is known by its name or its columns, and every column by its name."""

from collections.abc import Sequence
from typing import Final

from lib.cohort.finding import Finding
from lib.intake.applied import Applied
from lib.intake.grid import Grid
from lib.intake.header import find_header, table_of
from lib.intake.layout import find_block
from lib.intake.place import Part
from lib.intake.role import normalised
from lib.intake.rows_left_out import rows_left_out
from lib.intake.table import ReadTable, read_table

DICTIONARY_SHEET: Final = "Data dictionary"
UNKNOWN_SHEET: Final = (
    "This sheet is none of the tables and was not read.",
    "Give it the name and the columns of the template.",
)
HIDDEN_SHEET: Final = ("This sheet is hidden and was not read.", "Show it if it is meant to be read.")


def template_tables(grids: Sequence[Grid]) -> Applied:
    """Every sheet that is one of our tables, by table name, and a finding for each sheet that was not read."""
    reads: dict[str, ReadTable] = {}
    findings: list[Finding] = []
    for grid in grids:
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
            reads[table.name] = read_table(grid, header, table, block.rows if block else None)
            findings += rows_left_out(block) if block else []
    parts = tuple(Part(number, read.sheet, read.letters) for number, read in enumerate(reads.values()))
    return Applied(reads, parts, tuple(findings))
