"""csv and tsv files through the front door: several are one cohort, and each is known by its name or its columns."""

import pytest
from workbooks import FOUR, ids, only, read_texts, text_table, xlsx

from lib.intake.draft import read_files, read_workbook
from lib.intake.files.formats import read_grids
from lib.intake.files.grid import SourceFile
from lib.intake.files.limits import Unsafe

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
