"""csv and tsv files through the front door: several are one cohort, and each is known by its name or its columns.

A zip of tables is its tables; everything else in a zip is refused in one sentence.

Text tables as they come out of hospitals: encodings without a mark, Excel's own delimiter line, used ranges, merged
areas.
"""

import io
import zipfile

import pytest
from workbooks import FOUR, ids, only, read_texts, text_table, xlsx

from intake.hostile import SHEET, SMALL, encrypted_parts, file, repeated, sheet, zipped
from lib.intake.draft import read_files, read_workbook
from lib.intake.files import formats
from lib.intake.files.formats import read_grids, unpacked
from lib.intake.files.grid import SourceFile
from lib.intake.files.limits import Unsafe
from lib.intake.files.text_table import text_rows

PATIENTS_CSV = [["patient_id", "arm", "age_years"], ["P1", "A", "50,5"], ["P2", "B", "60"]]
ENDPOINTS_CSV = [
    ["patient_id", "endpoint", "time", "unit", "event"],
    ["P1", "os", "12,5", "months", "1"],
    ["P2", "os", "3", "months", "0"],
]


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_several_text_tables_are_one_cohort(delimiter, encoding):
    cohort = read_texts(
        {
            "patients.csv": text_table(PATIENTS_CSV, delimiter, encoding),
            "endpoints.tsv": text_table(ENDPOINTS_CSV, delimiter, encoding),
        }
    )
    assert cohort.findings == ()
    assert cohort.name == "patients.csv, endpoints.tsv"
    assert cohort.patients["age_years"].tolist() == [50.5, 60]
    assert cohort.endpoints["time"].tolist() == [12.5, 3]


def test_text_tables_are_known_by_their_columns_where_the_name_says_nothing():
    cohort = read_texts({"export_1.csv": text_table(ENDPOINTS_CSV), "export_2.csv": text_table(PATIENTS_CSV)})
    assert (ids(cohort), cohort.endpoint_names, cohort.findings) == (["P1", "P2"], ("os",), ())


def test_a_finding_in_a_text_table_names_the_file():
    cohort = read_texts({"patients.csv": text_table([["patient_id", "age_years"], ["P1", "1,234"]])})
    found = only(cohort)
    assert (found.sheet, found.row, found.column, found.value) == ("patients", 2, "B (age_years)", "1,234")


def test_an_unreadable_file_among_several_is_refused_and_nothing_is_half_read():
    with pytest.raises(Unsafe):
        read_texts({"patients.csv": text_table(PATIENTS_CSV), "endpoints.csv": b""})


def test_the_fingerprint_is_of_the_content_alone():
    patients, endpoints = text_table(PATIENTS_CSV), text_table(ENDPOINTS_CSV)
    one = read_texts({"patients.csv": patients, "endpoints.csv": endpoints})
    other = read_texts({"endpoints.csv": endpoints, "patients.csv": patients})
    assert one.fingerprint == other.fingerprint
    assert read_workbook(xlsx({"Patients": FOUR}), "a.xlsx").fingerprint != one.fingerprint
    assert (
        read_files([SourceFile("a.csv", patients)]).fingerprint
        == read_files([SourceFile("patients.csv", patients)]).fingerprint
        != one.fingerprint
    )


STRAY = "A quotation mark in this row has no second one"


@pytest.mark.parametrize(
    ("content", "rows", "reported"),
    [
        pytest.param(
            b'id,arm,os\nP1,A,3\nP2,"A,5\nP3,B",6\nP4,B,7\n',
            [("P2", "A", "5"), ("P3", "B", "6")],
            (3, 4),
            id="closed two rows later",
        ),
        pytest.param(
            b'id,arm,os\nP1,A,3\nP2,"A,5\nP3,B,6\nP4,B,7\n',
            [("P2", "A", "5"), ("P3", "B", "6")],
            (3,),
            id="never closed",
        ),
        pytest.param(
            b'id;arm;os\nP1;A;3\nP2;"A;5\nP3;"B";6\nP4;B;7\n',
            [("P2", "A", "5"), ("P3", "B", "6")],
            (3,),
            id="before a quoted cell",
        ),
        pytest.param(
            b'id\tarm\tos\nP1\tA\t3\nP2\t5" mass\t5\nP3\tB\t6\nP4\tB\t7\n',
            [("P2", '5" mass', "5"), ("P3", "B", "6")],
            (),
            id="inches",
        ),
    ],
)
def test_a_stray_quotation_mark_loses_no_row(content, rows, reported):
    (sheet,) = read_grids(content, "a.csv")
    assert list(sheet.rows[2:4]) == rows and len(sheet.rows) == 5
    assert tuple(row for row, said in sheet.reported if said.startswith(STRAY)) == reported


def test_lines_in_a_quoted_cell_stay_one_cell():
    (sheet,) = read_grids(b'id,note,os\nP1,"two\nlines, and\nmore",3\nP2,x,4\n', "a.csv")
    assert sheet.rows[1] == ("P1", "two\nlines, and\nmore", "3") and sheet.reported == ()


@pytest.mark.parametrize("end", [b"\x1a", b"\r\n\x1a", b"\n\x1a\x1a\n"])
def test_the_end_mark_of_old_programs_is_no_row(end):
    (sheet,) = read_grids(b"id,os\nP1,3\nP2,4" + end, "a.csv")
    assert [row for row in sheet.rows if row] == [("id", "os"), ("P1", "3"), ("P2", "4")]


CSV = "patient_id,os\nP1,3\n"


def refusal(content: bytes, name: str = "tables.zip") -> str:
    with pytest.raises(Unsafe) as refused:
        unpacked([SourceFile(name, content)])
    return str(refused.value)


def test_the_tables_of_an_archive_take_its_place():
    inner = zipped(
        {
            "study/patients.csv": CSV,
            "study/labs/crp.csv": CSV,
            "__MACOSX/study/._patients.csv": "x",
            "study/.DS_Store": "x",
        }
    )
    files = unpacked([SourceFile("a.csv", b"a"), SourceFile("study.zip", inner), SourceFile("b.csv", b"b")])
    assert [file.name for file in files] == ["a.csv", "patients.csv", "crp.csv", "b.csv"]
    assert files[1].content == CSV.encode()


def test_two_tables_of_one_name_keep_their_folders():
    files = unpacked([SourceFile("study.zip", zipped({"a/labs.csv": CSV, "b/labs.csv": CSV}))])
    assert [file.name for file in files] == ["a/labs.csv", "b/labs.csv"]


@pytest.mark.parametrize("name", ["cohort.xlsx", "cohort.zip", "cohort.csv"])
def test_a_workbook_is_no_archive_whatever_its_name(name):
    file = SourceFile(name, xlsx({"Patients": FOUR}))
    assert unpacked([file]) == [file]


def test_an_archive_without_the_right_name_is_one_all_the_same():
    assert [file.name for file in unpacked([SourceFile("a", zipped({"p.csv": CSV}))])] == ["p.csv"]


def test_a_damaged_workbook_is_left_to_its_reader():
    file = SourceFile("cohort.xlsx", xlsx({"Patients": FOUR})[:500])
    assert unpacked([file]) == [file]


def lzma() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("p.csv", CSV)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(zipped({"a.zip": "x"}), "an archive within the archive", id="nested"),
        pytest.param(zipped({"../a.csv": CSV}), "a name that leads out of it", id="dots"),
        pytest.param(zipped({"/etc/a.csv": CSV}), "a name that leads out of it", id="absolute"),
        pytest.param(zipped({"C:/a.csv": CSV}), "a name that leads out of it", id="a drive"),
        pytest.param(zipped({"..\\a.csv": CSV}), "a name that leads out of it", id="Windows dots"),
        pytest.param(zipped({"a.csv": CSV, "letter.pdf": "x"}), '"letter.pdf", which is no table', id="a letter"),
        pytest.param(zipped({f"{number}.csv": "a" for number in range(101)}), "more than 100 files", id="many"),
        pytest.param(zipped({"a.csv": repeated("", b"0" * (1 << 20), 30, "")}), "larger than 25 MB", id="one bomb"),
        pytest.param(
            zipped({f"{number}.csv": repeated("", b"0" * (1 << 20), 24, "") for number in range(5)}),
            "unfolds to more than 100 MB",
            id="five bombs",
        ),
        pytest.param(zipped({}), "holds no table", id="empty"),
        pytest.param(zipped({"a.csv": CSV})[:-10], "is damaged", id="cut off"),
        pytest.param(b"no zip", "is damaged", id="no zip"),
        pytest.param(lzma(), "packed in a way that is not read", id="another packing"),
        pytest.param(bytes(26 << 20), "larger than 25 MB", id="large"),
    ],
)
def test_archives_that_are_refused(content, words):
    assert words in refusal(content)
    assert "\n" not in refusal(content) and refusal(content).endswith(".")


def test_encrypted_members_are_refused():
    flagged = encrypted_parts().replace(b"[Content_Types].xml", b"[Content_Types].csv").replace(b".xml", b".csv")
    assert "password" in refusal(flagged.replace(b".rels", b".xlsx"[:5]))


def test_text_tables_keep_their_bytes():
    content = text_table(FOUR, ";", "cp1252")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zip_file:
        zip_file.writestr("p.csv", content)
    assert unpacked([SourceFile("p.zip", packed.getvalue())])[0].content == content
    assert formats.MOST_MEMBERS == 100


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


NAMED_ROWS = "1 A01 61 5.5 1\n2 A02 58 9.0 0\n3 A03 70 2.5 1\n4 A04 49 11 0"


@pytest.mark.parametrize("mark", [" ", "\t", ",", "   "])
def test_a_heading_less_than_columns_is_that_of_the_names_of_rows(mark):
    lines = f'"patient" "age" "os_months" "dead"\n{NAMED_ROWS}'.replace(" ", mark)
    rows, _, remarks = text_rows(lines.encode())
    assert rows[0] == [None, "patient", "age", "os_months", "dead"] and "names of rows" in remarks[0][1]
    assert rows[1] == ["1", "A01", "61", "5.5", "1"]


@pytest.mark.parametrize("lines", ["id,age\nA,61,\nB,58,\nC,40,", "id,age\nA,61,late\nB,58,\nC,40,"])
def test_a_mark_or_a_cell_behind_the_last_heading_moves_no_heading(lines):
    assert text_rows(lines.encode())[0][0] == ["id", "age"]
