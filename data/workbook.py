"""Writes cohort workbooks: the blank template made from lib/cohort/schema.py, and filled ones in the same shape."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

HERE: Final = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from lib.cohort.schema import TABLES, Column  # noqa: E402

Rows = Sequence[Mapping[str, object]]
HEADER: Final = PatternFill("solid", fgColor="DCE6F1")
CODED_ROWS: Final = 2000  # drop-down lists reach this far down


def write_workbook(path: Path, tables: Mapping[str, Rows]) -> None:
    """A workbook with one sheet for each table that has rows; columns of the schema first, then further ones."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for table in TABLES:
        if rows := tables.get(table.name):
            written = {name for row in rows for name, value in row.items() if value is not None}
            known = [column.name for column in table.columns if column.name in written]
            names = known + [
                name
                for name in dict.fromkeys(name for row in rows for name in row)
                if name in written and name not in known
            ]
            sheet = workbook.create_sheet(table.sheet)
            _write_header(sheet, names)
            for row in rows:
                sheet.append([row.get(name) for name in names])
            sheet.freeze_panes = "A2"
    workbook.save(path)


def write_template(path: Path) -> None:
    """The blank template: a sheet a table with header, one line of explanation and drop-down lists, and the data
    dictionary."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for table in TABLES:
        sheet = workbook.create_sheet(table.sheet)
        _write_header(sheet, [column.name for column in table.columns])
        sheet.append([column.explanation for column in table.columns])
        for cell in sheet[2]:
            cell.font, cell.alignment = (
                Font(italic=True, color="808080", size=9),
                Alignment(wrap_text=True, vertical="top"),
            )
        sheet.row_dimensions[2].height = 48
        sheet.freeze_panes = "A3"
        for index, column in enumerate(table.columns, start=1):
            _offer_list(sheet, get_column_letter(index), column)
    _write_dictionary(workbook.create_sheet("Data dictionary"))
    workbook.save(path)


def _write_header(sheet: Worksheet, names: Sequence[str]) -> None:
    sheet.append(list(names))
    for index, cell in enumerate(sheet[1], start=1):
        cell.font, cell.fill = Font(bold=True), HEADER
        sheet.column_dimensions[get_column_letter(index)].width = max(14, min(30, len(str(cell.value)) + 4))


def _offer_list(sheet: Worksheet, letter: str, column: Column) -> None:
    words = column.allowed or {
        "yes_no": ("yes", "no"),
        "event": ("1", "0"),
        "grade": ("0", "1", "2", "3", "4", "5"),
    }.get(column.kind, ())
    if words:
        offered = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=False)
        offered.add(f"{letter}3:{letter}{CODED_ROWS}")
        sheet.add_data_validation(offered)


def _write_dictionary(sheet: Worksheet) -> None:
    _write_header(sheet, ["sheet", "column", "required", "kind", "unit", "may hold", "explanation"])
    for table in TABLES:
        for column in table.columns:
            sheet.append(
                [
                    table.sheet,
                    column.name,
                    "yes" if column.required else "",
                    column.kind.replace("_", "/"),
                    column.unit,
                    "; ".join(column.allowed),
                    column.explanation,
                ]
            )
    for letter, width in zip("ABCDEFG", (18, 26, 10, 14, 10, 40, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"


if __name__ == "__main__":
    write_template(HERE / "template.xlsx")
