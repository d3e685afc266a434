"""Workbooks of other programs (.ods, .xls): what is read, and what is refused before the parser sees it."""

import datetime as dt
import struct

import pytest

from intake.drafts import cohort
from intake.drafts import said as said_of
from intake.hostile import zipped
from intake.other_workbooks import HEAD, ods, ods_date, ods_error, ods_row, xls
from lib.intake.draft import read_draft
from lib.intake.files import limits
from lib.intake.files.formats import read_grids
from lib.intake.files.grid import SourceFile
from lib.intake.files.limits import Unsafe

TABLE = ods_row("patient_id", "os", "infused") + ods_row("P1", 12.5, ods_date("2023-07-31"))
FAR = ' table:number-rows-repeated="1048570"'
WIDE = ' table:number-columns-repeated="16380"'
CELLS: dict[tuple[int, int], object] = {(0, 0): "patient_id", (0, 1): "os", (1, 0): "P1", (1, 1): 12.5}


def refusal(content: bytes, name: str = "cohort.ods") -> str:
    with pytest.raises(Unsafe) as refused:
        read_grids(content, name)
    return str(refused.value)


def test_an_open_document_is_read_with_its_dates_errors_and_merged_areas():
    merged = (
        '<table:table-cell office:value-type="string" table:number-columns-spanned="2"'
        ' table:number-rows-spanned="1"><text:p>Title</text:p></table:table-cell><table:covered-table-cell/>'
    )
    rows = ods_row(merged) + TABLE + ods_row("P2", ods_error("#DIV/0!"), None)
    first, second = read_grids(ods({"Patients": rows, "Leer": ""}), "cohort.ods")
    assert (first.name, first.merged, second.rows) == ("Patients", ((1, 1, 1, 2),), ())
    assert first.rows == (
        ("Title", None, None),
        ("patient_id", "os", "infused"),
        ("P1", 12.5, dt.datetime(2023, 7, 31)),
        ("P2", "#DIV/0!", None),
    )


def test_percents_beside_plain_numbers_and_hidden_rows_of_an_open_document_are_told():
    shares = [
        f'<table:table-cell office:value-type="percentage" office:value="{share}"><text:p/></table:table-cell>'
        for share in (0.45, 0.6)
    ]
    rows = ods_row("id", "LVEF") + "".join(ods_row(f"P{n}", value) for n, value in enumerate((*shares, 30, 25, 70)))
    (grid,) = read_grids(ods({"S": rows + ods_row("P5", 55, attributes=' table:visibility="collapse"')}), "c.ods")
    assert [row[1] for row in grid.rows] == ["LVEF", 45, 60, 30, 25, 70, 55]
    said = " ".join(sentence for _, sentence in grid.reported)
    assert "percent cells beside plain numbers (2)" in said and "that are hidden: 1 (7)" in said


def test_a_remark_is_no_cell():
    remark = (
        '<table:table-cell office:value-type="float" office:value="3"><office:annotation><text:p>why</text:p>'
        "</office:annotation><text:p>3</text:p></table:table-cell>"
    )
    assert read_grids(ods({"S": ods_row("a") + ods_row(remark)}), "a.ods")[0].rows == (("a",), (3.0,))


def test_repeated_cells_and_rows_are_unfolded_where_they_hold_something():
    rows = (
        ods_row("a", "b")
        + ods_row(
            '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="2"/>',
            attributes=' table:number-rows-repeated="3"',
        )
        + ods_row(f"<table:table-cell{WIDE}/>", attributes=FAR)
    )
    assert read_grids(ods({"S": rows}), "a.ods")[0].rows == (("a", "b"), *[(1.0, 1.0)] * 3)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(
            ods({"S": TABLE + ods_row(None, attributes=FAR) + ods_row(1)}), "reaches out to row", id="far down"
        ),
        pytest.param(
            ods({"S": TABLE + ods_row(1, attributes=FAR)}), "reaches out to row", id="one row a million times"
        ),
        pytest.param(
            ods(
                {
                    "S": ods_row(
                        f'<table:table-cell office:value-type="float" office:value="1"{WIDE}/>',
                        attributes=' table:number-rows-repeated="2000"',
                    )
                }
            ),
            "reaches out to row",
            id="a cell repeated over a sheet",
        ),
        pytest.param(
            ods({"S": ods_row(1, attributes=' table:number-rows-repeated="x"')}), limits.DAMAGED, id="no number"
        ),
        pytest.param(
            ods({"S": TABLE}, HEAD.replace("<office", '<!DOCTYPE a [<!ENTITY x "y">]><office', 1)),
            limits.ENTITIES,
            id="entities",
        ),
        pytest.param(
            ods({"S": TABLE}, **{"META-INF/manifest.xml": "<manifest:encryption-data/>"}),
            limits.ENCRYPTED,
            id="password",
        ),
        pytest.param(ods({"S": TABLE})[:-40], limits.DAMAGED, id="cut off"),
        pytest.param(ods({"S": ods_row("x" * 200_000)}), limits.HUGE_TEXT, id="a long text"),
        pytest.param(
            zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<o/>"}),
            limits.NOT_A_WORKBOOK,
            id="a letter",
        ),
        pytest.param(b"patient_id\nP1\n", limits.NOT_A_WORKBOOK, id="text called .ods"),
    ],
)
def test_open_documents_that_are_refused(content, words):
    assert words in refusal(content)


def test_an_old_workbook_is_read_with_its_dates_errors_and_merged_areas():
    cells = {**CELLS, (2, 0): dt.date(2023, 7, 31), (2, 1): "#REF!", (3, 0): True, (3, 2): "#DIV/0!"}
    first, second = read_grids(xls(cells, hidden=True), "cohort.xls")
    assert first.rows[:2] == (("patient_id", "os", None), ("P1", 12.5, None))
    assert first.rows[2:] == ((dt.datetime(2023, 7, 31), "#REF!", None), (True, None, "#DIV/0!"))
    assert (second.name, second.visible, second.merged) == ("Médicos 患者", False, ((3, 2, 4, 5),))
    assert (second.first_row, second.first_column, second.rows[0][0]) == (3, 2, "merged")


def test_percents_and_hidden_rows_of_an_old_workbook_are_told():
    cells = {(0, 0): "ID", (0, 1): "LVEF"} | {(n, 0): f"P{n}" for n in range(1, 7)}
    cells |= {(n, 1): 0.4 + n / 100 if n % 2 else 40.0 + n for n in range(1, 7)}
    looks = {(n, 1): "0.0%" for n in (1, 3, 5)}
    sheet = read_grids(xls(cells, looks=looks, hidden_rows=(2, 3)), "a.xls")[0]
    assert [row[1] for row in sheet.rows[1:]] == [41, 42, 43, 44, 45, 46]
    said = " ".join(each for _, each in sheet.reported)
    assert "percent cells beside plain numbers (3)" in said
    assert "hidden: 2 (3, 4)" in said


def test_an_error_among_grades_of_one_toxicity_is_no_event():
    cells = {(0, 0): "ID", (0, 1): "CRS grade", (0, 2): "OS months", (0, 3): "Dead"} | {
        (n, 0): f"P{n}" for n in range(1, 7)
    }
    cells |= (
        {(n, 1): float(n % 4) for n in range(1, 7)}
        | {(n, 2): 5.0 + n for n in range(1, 7)}
        | {(n, 3): n % 2 for n in range(1, 7)}
        | {(3, 1): "#REF!"}
    )
    draft = read_draft([SourceFile("a.xls", xls(cells))])
    assert cohort(draft).adverse_events["patient_id"].tolist() == ["P1", "P2", "P4", "P5", "P6"]
    assert '"#REF!" is a spreadsheet error' in said_of(draft)


def with_password(content: bytes) -> bytes:
    """The file with a FilePass record in place of the first record after the first BOF."""
    place = content.index(struct.pack("<HHH", 0x0809, 16, 0x0600))
    after = place + 20
    return content[:after] + struct.pack("<H", 0x002F) + content[after + 2 :]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(with_password(xls(CELLS)), limits.ENCRYPTED, id="password"),
        pytest.param(xls({**CELLS, (65_535, 255): 1.0}), "reaches out to row 65,536", id="the last corner"),
        pytest.param(xls(CELLS)[:700], limits.DAMAGED, id="cut off"),
        pytest.param(xls(CELLS)[:512] + bytes(2000), limits.DAMAGED, id="zeros"),
        pytest.param(
            xls(CELLS).replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")),
            limits.NOT_A_WORKBOOK,
            id="a letter",
        ),
    ],
)
def test_old_workbooks_that_are_refused(content, words):
    assert words in refusal(content, "cohort.xls")


def test_a_text_table_called_xls_is_read_and_a_web_page_is_not():
    assert read_grids(b"patient_id\tos\nP1\t3\n", "export.xls")[0].rows[1] == ("P1", "3")
    assert "web page" in refusal(b"<html><table><tr><td>patient_id</td></tr></table></html>", "export.xls")
