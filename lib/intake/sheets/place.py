"""Where a row that was read stands in the user's own sheets, when one table is made of several sheets or of one sheet
several times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from lib.cohort.finding import Finding
from lib.intake.files.grid import Grid
from lib.intake.files.limits import column_letter

SPAN: Final = 10_000_000  # more than a sheet can have rows: `source_row` = number of the part * SPAN + row of the sheet
PATIENT: Final = "patient_id"


@dataclass(frozen=True)
class Part:
    """One reading of one sheet. `elsewhere` places columns that a further sheet added: the sheet, and its row for each
    row of ours."""

    number: int
    sheet: str
    letters: Mapping[str, str]
    elsewhere: Mapping[str, tuple[str, Mapping[int, int]]] = field(default_factory=dict)


def as_the_sheet_shows(finding: Finding, parts: Sequence[Part], grids: Mapping[str, Grid]) -> Finding:
    """The finding with the sheet, row and column as the user sees them; parts are numbered in their order.

    `grids` are the tables, by name, that are a part of a sheet, several sheets in one, or turned.
    """
    found = _of_part(finding, parts)
    grid = grids.get(found.sheet)
    if grid is None:
        return found
    if not found.row:
        return replace(found, sheet=grid.sheet or found.sheet)
    place = found.row - grid.first_row
    sheet, row = grid.place_of(place) if 0 <= place < len(grid.rows) else (grid.sheet, found.row)
    if not grid.transposed:
        return replace(_in_its_column(found, grid, place) if grid.origins else replace(found, row=row), sheet=sheet)
    number, _, heading = found.column.partition(" ")
    if not number.isdigit():
        return replace(found, sheet=sheet, row=None, column=column_letter(row))
    return replace(found, sheet=sheet, row=int(number), column=f"{column_letter(row)} {heading}")


def _in_its_column(finding: Finding, grid: Grid, index: int) -> Finding:
    """The finding with the letter that its column has in the sheet from which the row came."""
    letter, _, heading = finding.column.partition(" ")
    cell = (
        grid.cell_place(index, grid.letters.index(letter))
        if letter in grid.letters and 0 <= index < len(grid.rows)
        else None
    )
    return (
        replace(finding, row=cell[1], column=f"{column_letter(cell[2])} {heading}".strip())
        if cell
        else replace(finding, row=grid.place_of(index)[1])
    )


def _of_part(finding: Finding, parts: Sequence[Part]) -> Finding:
    number, row = divmod(finding.row or 0, SPAN)
    for part in _parts_of(finding, number, parts):
        column = part.letters.get(finding.column, finding.column)
        if column in part.elsewhere:
            sheet, rows = part.elsewhere[column]
            return replace(finding, sheet=sheet, row=rows.get(row), column=column.removesuffix(f" of {sheet}"))
        if number or finding.column in part.letters:
            return replace(finding, sheet=part.sheet if finding.row else finding.sheet, row=row or None, column=column)
    return finding


def _parts_of(finding: Finding, number: int, parts: Sequence[Part]) -> Sequence[Part]:
    """The parts of which a finding may speak: that of its row's number, else those of its sheet, else all."""
    same = [part for part in parts if part.sheet == finding.sheet]
    return parts[number : number + 1] if number or (finding.row and not same) else same or parts
