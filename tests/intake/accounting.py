"""Whether the account of a workbook holds: counted here from the raw cells, beside what the program says of them."""

import math

from lib.cohort.finding import Account
from lib.cohort.model import Cohort
from lib.intake.files.grid import Grid

PARTS = ("read", "covariate", "no_value", "unreadable", "left_out", "heading_cells")


def is_filled(cell: object) -> bool:
    return cell is not None and not (isinstance(cell, float) and math.isnan(cell)) and str(cell).strip() != ""


def filled_cells(grids: tuple[Grid, ...]) -> int:
    return sum(is_filled(cell) for grid in grids for row in grid.rows for cell in row)


def unbalanced(grids: tuple[Grid, ...], account: Account) -> list[str]:
    """What does not add up: cells that nobody accounts for, cells left out without a reason, rows that are lost."""
    found = []
    if account.total("filled") != filled_cells(grids):
        found.append(f"{filled_cells(grids)} cells in the file, {account.total('filled')} in the account")
    for column in account.columns:
        if sum(getattr(column, part) for part in PARTS) != column.filled:
            found.append(f"{column.sheet} {column.letter}: {column}")
        if column.left_out and not column.why:
            found.append(f"{column.sheet} {column.letter}: left out without a reason")
    rows = sum(any(map(is_filled, row)) for grid in grids for row in grid.rows)
    if sum(sheet.rows for sheet in account.sheets) != rows:
        found.append(f"{rows} rows in the file")
    for sheet in account.sheets:
        if sheet.rows != sheet.heading_rows + sheet.read + sheet.left_out or (sheet.left_out and not sheet.why):
            found.append(f"{sheet}")
    return found


def untold(cohort: Cohort) -> list[str]:
    """Columns with unreadable cells of which no finding says so."""
    reported = {(each.sheet, each.column.split(" ")[0]) for each in cohort.findings if each.unread}
    return [
        f"{each.sheet} {each.letter}"
        for each in cohort.account.columns
        if each.unreadable and (each.sheet, each.letter) not in reported
    ]
