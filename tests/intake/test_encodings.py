"""Text tables as they come out of hospitals: encodings without a mark, Excel's own delimiter line, used ranges, merged
areas."""

import pytest
from workbooks import FOUR, text_table, xlsx

from intake.hostile import SHEET, SMALL, file, sheet
from lib.intake.files.formats import read_grids
from lib.intake.files.limits import Unsafe


def rows(content: bytes) -> list[list[object]]:
    return [list(row) for row in read_grids(content, "patients.csv")[0].rows]


@pytest.mark.parametrize(
    ("encoding", "table"),
    [
        ("gb18030", [["患者", "性别", "HGB（g/L）"], ["P1", "是", "≥5"], ["王镕", "否", "“x”"]]),
        ("cp1252", [["Größe", "Maß", "Temp (°C)", "copies/µg"], ["1,5", "Müller", "é", "–"]]),
        ("cp1252", [["nom", "âge"], ["Hélène", "12"], ["Noël", "13"]]),
        ("utf-16-le", [["patient_id", "os"], ["P1", "12"]]),
        ("utf-16-be", [["patient_id", "os"], ["P1", "12"]]),
        ("utf-16-le", [["患者", "性别"], ["张三", "男"]]),
        ("utf-8", [["患者", "Größe"], ["张三", "é"]]),
    ],
)
@pytest.mark.parametrize("delimiter", ["\t", ";", ",", "|"])
def test_encodings_without_a_mark(encoding, table, delimiter):
    assert rows(text_table(table, delimiter, encoding)) == table


@pytest.mark.parametrize(
    ("content", "read"),
    [
        (b"sep=;\r\nid;os\r\nP1;1,5\r\n", [["id", "os"], ["P1", "1,5"]]),
        (b"a;b\n1,5;2,5\n3,5;4,5\n", [["a", "b"], ["1,5", "2,5"], ["3,5", "4,5"]]),
        (b"id,note\nP1,a; b; c\nP2,d; e\n", [["id", "note"], ["P1", "a; b; c"], ["P2", "d; e"]]),
        (
            b"Title, of all; things\n\nid\tos\nP1\t1,234\n",
            [["Title, of all; things"], [], ["id", "os"], ["P1", "1,234"]],
        ),
    ],
)
def test_delimiters(content, read):
    assert rows(content) == read


def test_excels_delimiter_line_is_counted_as_a_row():
    assert read_grids(b"sep=;\nid;os\n", "a.csv")[0].first_row == 2


@pytest.mark.parametrize(
    "content", [b"<!DOCTYPE html><html></html>", b"%PDF-1.7\n1 0 obj", b"{\\rtf1 hello}", b"\x01\x02\x03abc" * 50]
)
def test_what_is_no_table(content):
    with pytest.raises(Unsafe, match=r"^This [^\n]+\.$"):
        read_grids(content, "patients.csv")


def test_merged_areas_are_told_and_a_huge_one_is_not_unfolded():
    areas = '<mergeCells><mergeCell ref="B2:C4"/><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    (grid,) = read_grids(file(**{SHEET: sheet(SMALL, after=areas)}), "a.xlsx")
    assert grid.merged == ((2, 2, 4, 3), (1, 1, 1_048_576, 16_384)) and len(grid.rows) == 2


@pytest.mark.parametrize("far", ['<c r="XFD{row}" s="1"/>', '<c r="XFD{row}" t="str"><v></v></c>'])
def test_a_used_range_out_to_the_last_column_is_trimmed_to_what_stands_there(far):
    lines = "".join(
        f'<row r="{row}"><c r="T{row}"><v>{row}</v></c>{far.format(row=row)}</row>' for row in range(1, 301)
    )
    (grid,) = read_grids(file(lines), "a.xlsx")
    assert (grid.first_column, len(grid.rows), grid.rows[0]) == (20, 300, (1.0,))


def test_a_formula_without_a_value_at_the_edge_is_not_lost():
    (grid,) = read_grids(xlsx({"S": [["id", "sum"], ["P1", "=1+1"], [None, None, "=2+2"]]}), "a.xlsx")
    assert grid.rows == (("id", "sum", None), ("P1", "=1+1", None), (None, None, "=2+2"))


def test_a_large_part_with_formulas_is_scanned_and_one_without_is_not_harmed():
    lines = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, 30_001))
    formula = '<row r="30001"><c r="A30001"><f>1+1</f></c><c r="B30001" t="e"><v>#REF!</v></c></row>'
    (grid,) = read_grids(file(lines + formula), "a.xlsx")
    assert len(grid.rows) == 30_001 and grid.rows[-1] == ("=1+1", "#REF!")
    assert read_grids(file(lines), "a.xlsx")[0].rows[-1] == (30_000.0,)


def test_a_workbook_still_reads_by_its_content():
    assert read_grids(xlsx({"Patients": FOUR}), "patients.txt")[0].rows[0] == FOUR[0]
