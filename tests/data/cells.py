"""What stands in a workbook, cell by cell: two files with the same cells are the same, whatever their bytes."""

from pathlib import Path

from openpyxl import load_workbook


def cells_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of every sheet by its name, in the order of the sheets."""
    workbook = load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in workbook}
