"""The findings as a workbook, read back: cells marked at their places, nothing that could be a formula, nothing
private."""

import datetime as dt
import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from workbooks import FOUR, xlsx

from lib.cohort.finding import Finding, RowSetAside, rows_set_aside
from lib.export.findings_workbook import COLOURS, LOOKS_PRIVATE, MOST_COMMENTS, findings_workbook
from lib.export.sheet_copy import SheetCopy, safe, sheet_names
from lib.intake.draft import read_workbook
from lib.intake.files.formats import read_grids

BORN = dt.datetime(1961, 5, 4)
ROWS = (
    ("patient_id", "name", "grade", "seen"),
    ("P1", "Anna Schmidt", "III", dt.datetime(2023, 3, 1)),
    ("P2", "Bo Li", 2, BORN),
    ("P1", "Anna Schmidt", 4, None),
)
SHEET = SheetCopy("Toxicity", 1, 1, ROWS)
BAD = Finding("error", "Toxicity", 2, "C (grade)", "III", '"III" is not a grade.', "Write 3.")


def opened(*given: object, **more: object) -> Workbook:
    content = findings_workbook(*given, **more)
    workbook = load_workbook(io.BytesIO(content))
    assert not [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)
    return workbook


def colour(cell) -> str:
    return cell.fill.fgColor.rgb[2:] if cell.fill.patternType else ""


def table(sheet) -> list[tuple[object, ...]]:
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def test_without_sheets_and_findings_there_is_an_empty_table():
    workbook = opened((), ())
    assert workbook.sheetnames == ["Findings", "Rows set aside"]
    assert table(workbook["Findings"]) == [("severity", "sheet", "row", "column", "value", "problem", "mend")]
    assert table(workbook["Rows set aside"])[1:] == [("No row was set aside.", None, None)]


def test_the_table_of_findings_has_a_filter_and_errors_first():
    note = Finding("note", "", None, "", "", "Look.", "")
    sheet = opened([SHEET], [note, BAD])["Findings"]
    assert table(sheet)[1:] == [
        ("error", "Toxicity", 2, "C (grade)", "III", '"III" is not a grade.', "Write 3."),
        ("note", None, None, None, None, "Look.", None),
    ]
    assert sheet.auto_filter.ref == "A1:G3" and sheet.freeze_panes == "A2"


def test_the_copy_holds_the_users_values_and_dates_are_dates():
    sheet = opened([SHEET], [])["Toxicity"]
    assert table(sheet) == [tuple(row) for row in ROWS]
    assert sheet["D2"].is_date and not any(colour(cell) or cell.comment for row in sheet.iter_rows() for cell in row)


def test_a_cell_is_filled_by_its_worst_finding_and_tells_all_of_them():
    odd = Finding("note", "Toxicity", 2, "C (grade)", "III", "Look again.", "")
    sheet = opened([SHEET], [odd, BAD, Finding("warning", "Toxicity", 4, "D (seen)", "", "No date.", "Add it.")])[
        "Toxicity"
    ]
    assert colour(sheet["C2"]) == COLOURS["error"]
    assert sheet["C2"].comment.text == 'error: "III" is not a grade. Write 3.\nnote: Look again.'
    assert (colour(sheet["D4"]), sheet["D4"].value) == (COLOURS["warning"], None)
    assert colour(sheet["C3"]) == "" and sheet["C3"].comment is None


@pytest.mark.parametrize(
    ("row", "column", "cell"),
    [
        (None, "C (grade)", "C1"),
        (None, "grade", "C1"),
        (3, "grade", "C3"),
        (2, "", "A2"),
        (2, "no such column", "A2"),
        (None, "", None),
        (99, "C (grade)", None),
        (None, "no such column", None),
        (0, "C (grade)", None),
        (3, "ZZZ (x)", "A3"),
        (None, "C (other)", "C1"),
    ],
)
def test_where_a_finding_is_marked(row, column, cell):
    sheet = opened([SHEET], [Finding("warning", "Toxicity", row, column, "", "Odd.", "")])["Toxicity"]
    assert [each.coordinate for line in sheet.iter_rows() for each in line if each.comment] == ([cell] if cell else [])


def test_a_table_that_begins_elsewhere_stays_where_it_is():
    placed = SheetCopy("Toxicity", 4, 3, ROWS)
    sheet = opened([placed], [Finding("error", "Toxicity", 5, "E (grade)", "III", "No.", "")])["Toxicity"]
    assert sheet["C4"].value == "patient_id" and colour(sheet["E5"]) == COLOURS["error"]
    assert table(opened([placed], [], [RowSetAside("Toxicity", 6, "Twice.")])["Rows set aside"])[1] == (
        "Toxicity",
        6,
        "Twice.",
        None,
        None,
        "P2",
        "Bo Li",
        2,
        BORN,
    )


def test_a_cell_at_the_end_of_the_world_is_moved_and_said_so():
    far = SheetCopy("Far", 1_048_576, 16_384, (("x",),))
    workbook = opened([far], [Finding("note", "Far", 1_048_576, "XFD (x)", "", "Lone.", "")])
    assert workbook["Far"]["A1"].value == "x" and workbook["Far"]["A1"].comment
    assert "it begins in XFD1048576" in str(table(workbook["Findings"]))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("x")',
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "#REF!",
        "#N/A",
        "=",
        "{=1}",
        "%x",
        "|x",
        "'=1",
    ],
)
def test_text_that_looks_like_a_formula_is_text_everywhere(text):
    finding = Finding("error", text, 1, text, text, text, text)
    workbook = opened([SheetCopy(text, 1, 1, ((text, text), (text,)))], [finding], [RowSetAside(text, 1, text)])
    for sheet in workbook:
        for row in sheet.iter_rows():
            assert all(cell.data_type in ("s", "n") for cell in row), sheet.title
    copy = workbook.worksheets[1]
    assert copy["A2"].value == text and copy["A1"].quotePrefix is not False


def test_characters_that_a_workbook_cannot_hold_go():
    nasty = "a\x00b\x0bc\ud800d\ufffee\x7f"
    rows = (
        (nasty, "x" * 40_000, float("nan"), float("inf"), dt.datetime(1850, 1, 1)),
        (True, dt.time(8), dt.timedelta(1), 0.1, dt.date(2023, 1, 1)),
    )
    workbook = opened([SheetCopy(nasty, 1, 1, rows)], [Finding("error", nasty, 1, "A", nasty, nasty, nasty)])
    sheet = workbook.worksheets[1]
    assert sheet["A1"].value == "a b c d e " and sheet["A1"].comment.text == "error: a b c d e  a b c d e "
    assert (len(sheet["B1"].value), sheet["C1"].value, sheet["D1"].value) == (32_000, None, "inf")
    assert sheet["E1"].value == "1850-01-01T00:00:00" and sheet["D2"].value == 0.1 and sheet["A2"].value is True
    assert safe("_x000D_") == "_x005F_x000D_"


HOSTILE = [
    "",
    "Findings",
    "findings",
    "Rows set aside",
    "a/b\\c?*[d]:",
    "'x'",
    "x" * 50,
    "X" * 50,
    "History",
    "..",
    "\x00\x01",
    "=1",
    "A1",
    "患者",
    "a\nb",
    "😀" * 20,
]


def test_names_of_sheets_are_short_safe_and_different():
    names = sheet_names(HOSTILE, ("Findings", "Rows set aside"))
    assert len({name.casefold() for name in (*names, "Findings", "Rows set aside")}) == len(HOSTILE) + 2
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\\x00\n") for name in names)
    assert not any(name.startswith("'") or name.endswith("'") or name.casefold() == "history" for name in names)
    workbook = opened([SheetCopy(name, 1, 1, (("x",),)) for name in HOSTILE], [])
    assert workbook.sheetnames[1:-1] == list(names)
    assert [len(sheet["A1"].value) for sheet in workbook.worksheets[1:-1]] == [1] * len(HOSTILE)


def test_names_are_counted_as_a_spreadsheet_counts_them():
    assert all(len(name.encode("utf-16-le")) <= 62 for name in sheet_names(HOSTILE, ()))


@pytest.mark.parametrize("column", ["B (name)", "name", "B", "Name "])
def test_private_columns_are_blank_everywhere(column):
    findings = [
        BAD,
        Finding("error", "Toxicity", 3, "B (name)", "Bo Li", '"Bo Li" is not a number.', 'Write "Bo Li" elsewhere.'),
    ]
    aside = [RowSetAside("Toxicity", 4, "Twice.")]
    content = findings_workbook([SHEET], findings, aside, without={"Toxicity": [column]})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        written = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Schmidt" not in written and b"Bo Li" not in written
    workbook = load_workbook(io.BytesIO(content))
    sheet = workbook["Toxicity"]
    assert [cell.value for cell in sheet["B"]] == [None if column == "B" else "name", None, None, None]
    assert sheet["B1"].comment.text == LOOKS_PRIVATE
    assert sheet["B3"].comment and sheet["C2"].comment
    assert table(workbook["Rows set aside"])[1][3:] == ("P1", None, 4, None)


def test_a_private_heading_that_stands_twice_is_blank_twice():
    twice = SheetCopy("S", 1, 1, (("title", None, None), ("name", "id", "name"), ("Anna", "P1", "Bo")))
    sheet = opened([twice], [], without={"S": ["name"]})["S"]
    assert table(sheet) == [(None, None, None), ("name", "id", "name"), (None, "P1", None)]


def test_a_sheet_whose_private_column_is_not_found_is_not_copied():
    named = Finding("error", "Toxicity", 2, "B (name)", "Anna", '"Anna" is not a number.', "")
    aside = [RowSetAside("Toxicity", 3, "Twice.")]
    workbook = opened([SHEET], [BAD, named], aside, without={"Toxicity": ["date of birth"]})
    assert "Anna" not in str(table(workbook["Findings"]))
    assert workbook.sheetnames == ["Findings", "Rows set aside"]
    assert "was not found" in str(table(workbook["Findings"])) and "Bo Li" not in str(table(workbook["Rows set aside"]))


def test_a_stacked_heading_is_found_by_its_last_part():
    stacked = SheetCopy("S", 1, 1, (("patient", None), ("id", "name"), ("P1", "Anna")))
    assert "Anna" not in str(table(opened([stacked], [], without={"S": ["patient | name"]})["S"]))


def test_rows_set_aside_stand_with_their_cells_and_why():
    aside = [
        RowSetAside("Toxicity", 4, "This row is equal to a row above it."),
        RowSetAside("Elsewhere", 2, "Unknown."),
    ]
    assert table(opened([SHEET], [], aside)["Rows set aside"]) == [
        ("sheet", "row", "why", "column A", "column B", "column C", "column D"),
        ("Toxicity", 4, "This row is equal to a row above it.", "P1", "Anna Schmidt", 4, None),
        ("Elsewhere", 2, "Unknown.", None, None, None, None),
    ]


def test_beyond_a_thousand_comments_cells_are_only_filled_and_the_worst_keep_theirs():
    n = MOST_COMMENTS + 200
    sheet = SheetCopy("Labs", 1, 1, (("value",), *((place,) for place in range(n))))
    findings = [Finding("note", "Labs", row, "A (value)", "", "Odd.", "") for row in range(2, n + 2)]
    copy = opened([sheet], [*findings, Finding("error", "Labs", n + 1, "A (value)", "", "No.", "")])["Labs"]
    cells = [row[0] for row in copy.iter_rows(min_row=2)]
    assert sum(cell.comment is not None for cell in cells) == MOST_COMMENTS
    assert all(colour(cell) for cell in cells) and isinstance(cells[-1].comment, Comment)


def test_two_sheets_of_one_name_are_both_copied():
    workbook = opened([SHEET, SheetCopy("Toxicity", 1, 1, (("x",),))], [BAD])
    assert workbook.sheetnames[1:3] == ["Toxicity", "Toxicity (2)"]
    assert workbook["Toxicity"]["C2"].comment and workbook["Toxicity (2)"]["A1"].value == "x"


@pytest.mark.parametrize(("down", "right"), [(0, 0), (4, 2)])
def test_a_workbook_that_was_read_comes_back_with_its_cells_marked(down, right):
    rows = [*FOUR, ("P2", "B", "no", 33)]
    events = [("patient_id", "term", "grade"), ("P1", "CRS", "III-IV"), ("P9", "CRS", 2)]
    content = xlsx({"Patients": rows, "Adverse events": events}, down=down, right=right)
    cohort = read_workbook(content, "mine.xlsx")
    copies = [
        SheetCopy(grid.name, grid.first_row, grid.first_column, grid.rows) for grid in read_grids(content, "mine.xlsx")
    ]
    workbook = opened(copies, cohort.findings, rows_set_aside(cohort.findings))
    marked = {
        (sheet.title, cell.value)
        for sheet in workbook.worksheets[1:-1]
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }
    assert marked == {("Patients", "P2"), ("Adverse events", "III-IV"), ("Adverse events", "P9")}
    aside = [[cell for cell in row if cell is not None] for row in table(workbook["Rows set aside"])[1:]]
    assert [(row[0], row[1], row[3:]) for row in aside] == [
        ("Patients", 6 + down, ["P2", "B", "no", 33]),
        ("Adverse events", 3 + down, ["P9", "CRS", 2]),
    ]
