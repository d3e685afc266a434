"""The findings as a workbook: a table of all, a copy of each of the user's own sheets with the cells marked, the rows
set aside.

The copy holds values only. No cell of it is a formula, whatever stood in the file; private columns are left blank.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from lib.cohort.finding import (
    COLUMNS,
    SEVERITIES,
    Finding,
    RowSetAside,
    errors_first,
    in_columns,
    without_values,
)
from lib.export.sheet_copy import Blanked, Header, SheetCopy, Value, safe, sheet_names, without_columns

__all__ = ["SheetCopy", "findings_workbook"]
FINDINGS: Final = "Findings"
SET_ASIDE: Final = "Rows set aside"
MOST_COMMENTS: Final = 1000  # a sheet; further cells are filled only
LONGEST_COMMENT: Final = 2000
MOST_BLANK: Final = (10_000, 1_000)  # rows above and columns before a table that are kept, so that places agree
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
COLOURS: Final = {"error": "F4B6B0", "warning": "FFE08A", "note": "CFE2F3"}
FILLS: Final = {severity: PatternFill("solid", fgColor=colour) for severity, colour in COLOURS.items()}
BOLD: Final = Font(bold=True)
WRAP: Final = Alignment(wrap_text=True, vertical="top")
WIDTHS: Final = (10, 18, 7, 24, 20, 60, 60)
NOT_PLAIN: Final = (
    *"={+-@#|%'",
    *"\t\n\r",
)  # begin a formula, an error, a command
AUTHOR: Final = "Findings"
LOOKS_PRIVATE: Final = "Left blank in this copy, because the column holds private data."
NOT_COPIED: Final = "This sheet is not copied, because one of its private columns was not found in it."
MOVED: Final = "In this copy the sheet begins in A1; in the file it begins in {place}."
CUT: Final = "Only the rows and columns that a spreadsheet can hold are copied."
Place = tuple[int, int]  # index of the row, place of the column


def findings_workbook(
    sheets: Sequence[SheetCopy],
    findings: Iterable[Finding],
    set_aside: Sequence[RowSetAside] = (),
    without: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """An xlsx of all findings. `without` names, by sheet, the private columns: "B", "B (Name)" or "Name"."""
    private, workbook = without or {}, Workbook(write_only=True)
    blanked = [without_columns(sheet, private.get(sheet.name, ())) for sheet in sheets]
    copies = dict(
        zip([sheet.name for sheet in sheets][::-1], blanked[::-1], strict=True)
    )  # of two of one name the first
    reported = [_without_private(finding, copies) for finding in errors_first(findings)]
    reached = [_within_reach(copy.sheet) if copy else None for copy in blanked]
    reported += _notes(sheets, reached)
    _write_findings(workbook, reported)
    names = sheet_names([sheet.name for sheet in sheets], (FINDINGS, SET_ASIDE))
    for title, copy, reach in zip(names, blanked, reached, strict=True):
        if copy and reach:
            is_first = copy is copies[copy.sheet.name]
            here = _by_place(copy.sheet, _of_sheet(reported, copy.sheet.name) if is_first else ())
            _write_copy(workbook, title, reach[0], here, copy.headers)
    _write_set_aside(workbook, copies, set_aside)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _of_sheet(findings: Sequence[Finding], name: str) -> list[Finding]:
    return [finding for finding in findings if finding.sheet == name]


def _notes(sheets: Sequence[SheetCopy], reached: Sequence[tuple[SheetCopy, str] | None]) -> list[Finding]:
    """That a sheet is not copied, or only in part."""
    said = [NOT_COPIED if reach is None else reach[1] for reach in reached]
    return [Finding("note", sheet.name, None, "", "", why, "") for sheet, why in zip(sheets, said, strict=True) if why]


def _without_private(finding: Finding, copies: Mapping[str, Blanked | None]) -> Finding:
    """The finding without the words that it quotes, where it speaks of a private column, or of a sheet that is not
    shown."""
    if finding.sheet not in copies:
        return finding
    copy = copies[finding.sheet]
    if copy is not None:
        blank = {header.place for header in copy.headers}
        if not blank or not any(header.place in blank for header in copy.sheet.columns(finding.column)):
            return finding
    fix = without_values(replace(finding, problem=finding.fix))
    return replace(finding, value="", problem=without_values(finding), fix=fix)


def _within_reach(sheet: SheetCopy) -> tuple[SheetCopy, str]:
    """The sheet with no more blank rows and columns around it than can be written soon, and what was changed."""
    above, before = MOST_BLANK
    if sheet.first_row > above or sheet.first_column > before:
        place = f"{get_column_letter(min(sheet.first_column, MOST_COLUMNS))}{sheet.first_row}"
        return replace(sheet, first_row=1, first_column=1), MOVED.format(place=place)
    rows, columns = MOST_ROWS - sheet.first_row + 1, MOST_COLUMNS - sheet.first_column + 1
    if len(sheet.rows) > rows or sheet.width > columns:
        return replace(sheet, rows=tuple(row[:columns] for row in sheet.rows[:rows])), CUT
    return sheet, ""


def _by_place(sheet: SheetCopy, findings: Sequence[Finding]) -> dict[Place, list[Finding]]:
    """The findings of each cell; of a whole column, at its heading; of a whole row, at its first filled cell."""
    headers = {name: next(iter(sheet.columns(name)), None) for name in {finding.column for finding in findings}}
    found: dict[Place, list[Finding]] = {}
    for finding in findings:
        header = headers[finding.column]
        if finding.row is None:
            if header is None:
                continue
            row = header.row if header.row is not None else sheet.first_filled(header.place)
            found.setdefault((row, header.place), []).append(finding)
        elif 0 <= (row := finding.row - sheet.first_row) < len(sheet.rows):
            filled = (place for place, cell in enumerate(sheet.rows[row]) if cell not in (None, ""))
            found.setdefault((row, header.place if header else next(filled, 0)), []).append(finding)
    return found


def _write_findings(workbook: Workbook, findings: Sequence[Finding]) -> None:
    sheet = workbook.create_sheet(FINDINGS)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{len(findings) + 1}"
    for place, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_cell(sheet, name, bold=True) for name in COLUMNS])
    for finding in findings:
        cells = [_cell(sheet, each) for each in in_columns(finding).values()]
        cells[0].fill = FILLS[finding.severity]
        for cell in cells:
            cell.alignment = WRAP
        sheet.append(cells)


def _write_copy(
    workbook: Workbook,
    title: str,
    copy: SheetCopy,
    found: Mapping[Place, Sequence[Finding]],
    private: Sequence[Header],
) -> None:
    """The user's sheet with its cells at their places: filled by the worst finding, with all of them in a comment."""
    sheet = workbook.create_sheet(title)
    comments = {(header.row or 0, header.place): LOOKS_PRIVATE for header in private}
    worst = sorted(found, key=lambda place: (SEVERITIES.index(found[place][0].severity), place))
    for place in worst[: MOST_COMMENTS - len(comments)]:
        said = "\n".join(f"{finding.severity}: {finding.problem} {finding.fix}".strip() for finding in found[place])
        comments[place] = "\n".join(filter(None, (comments.get(place), said)))
    marked: dict[int, set[int]] = {}
    for each in (*comments, *found):
        marked.setdefault(each[0], set()).add(each[1])
    for _ in range(copy.first_row - 1):
        sheet.append([])
    before: list[object] = [None] * (copy.first_column - 1)
    for index, values in enumerate(copy.rows):
        cells = [_plain(sheet, value) for value in values]
        for at in sorted(marked.get(index, ())):
            cells += [None] * (at + 1 - len(cells))
            value = values[at] if at < len(values) else None
            cells[at] = _marked(sheet, value, found.get((index, at), ()), comments.get((index, at), ""))
        sheet.append(before + cells)


def _write_set_aside(
    workbook: Workbook, copies: Mapping[str, Blanked | None], set_aside: Sequence[RowSetAside]
) -> None:
    """One row a row that was left out: where it stands, why, and its cells under the letters of their columns."""
    sheet = workbook.create_sheet(SET_ASIDE)
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABC", (18, 7, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    rows = [(left, _cells_of(copies.get(left.sheet), left.row)) for left in set_aside]
    width = min(max((len(values) for _, values in rows), default=0), MOST_COLUMNS - 3)
    header = ["sheet", "row", "why", *(f"column {get_column_letter(place)}" for place in range(1, width + 1))]
    sheet.append([_cell(sheet, name, bold=True) for name in header])
    for left, values in rows:
        sheet.append([_plain(sheet, value) for value in (left.sheet, left.row, left.why, *values[:width])])
    if not rows:
        sheet.append(["No row was set aside."])


def _cells_of(blanked: Blanked | None, row: int) -> list[Value]:
    """What stands in this row from column A on; nothing where it is not in the copy."""
    if blanked is None:
        return []
    copy = blanked.sheet
    if not 0 <= row - copy.first_row < len(copy.rows):
        return []
    before: list[Value] = [None] * (copy.first_column - 1)
    return before + list(copy.rows[row - copy.first_row])


def _plain(sheet: WriteOnlyWorksheet, value: Value) -> object:
    """What is handed to the sheet: the value itself, or a cell where text could be taken for something else."""
    value = safe(value)
    if isinstance(value, str) and value.startswith(NOT_PLAIN):
        return _cell(sheet, value)
    return value


def _cell(sheet: WriteOnlyWorksheet, value: Value, bold: bool = False) -> Cell:
    """A cell whose text is text: never a formula, also not after it has been edited."""
    value = safe(value)
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(NOT_PLAIN)
    if bold:
        cell.font = BOLD
    return cell


def _marked(sheet: WriteOnlyWorksheet, value: Value, findings: Sequence[Finding], comment: str) -> Cell:
    cell = _cell(sheet, value)
    if findings:
        cell.fill = FILLS[findings[0].severity]
    if comment:
        cell.comment = Comment(str(safe(comment))[:LONGEST_COMMENT], AUTHOR, height=120, width=320)
    return cell
