"""Pages and XML tables dressed as .xls: read with the limits of any other file, refused in one sentence where they are
none."""

import datetime as dt

import pytest
from in_process import in_process

from intake.layouts import FLAT, R_ALL, curve, draft_of, opened
from lib.intake.files import limits
from lib.intake.files.formats import read_grids
from lib.intake.files.limits import Unsafe
from lib.intake.files.text_table import NO_TABLE

HEAD = ("Pat.-Nr.", "Alter", "Geschlecht", "OS (Monate)", "verstorben")
SPACES = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'


@pytest.fixture(autouse=True)
def _read_here():
    with in_process():
        yield


def german(cell: object) -> str:
    return str(cell).replace(".", ",")


def page(charset: str = "iso-8859-1") -> bytes:
    rows = "".join(
        f"<tr>{''.join(f'<td>{german(cell)}</td>' for cell in (*row[:4], 'ja' if row[4] else 'nein'))}</tr>"
        for row in FLAT
    )
    head = "".join(f"<th>{each}</th>" for each in HEAD)
    title = "<tr><td colspan=5>Auswertung für Müller</td></tr>"
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head><body><table'
        f" border=1>{title}<tr>{head}</tr>{rows}</table></body></html>".encode(charset)
    )


def workbook(rows: str, name: str = "Daten") -> bytes:
    return (
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook {SPACES}><Worksheet'
        f' ss:Name="{name}"><Table>{rows}</Table></Worksheet></Workbook>'.encode()
    )


def xml_cell(value: object) -> str:
    kind = "Number" if isinstance(value, int | float) else "String"
    return f'<Cell><Data ss:Type="{kind}">{value}</Data></Cell>'


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "windows-1252"])
def test_a_page_of_a_hospital(charset):
    assert curve(opened(draft_of(page(charset), "export.xls"))) == R_ALL


def test_a_workbook_in_xml():
    rows = "".join(
        f"<Row>{''.join(map(xml_cell, row))}</Row>"
        for row in (("Patient ID", "Age", "Sex", "OS months", "Dead"), *FLAT)
    )
    assert curve(opened(draft_of(workbook(rows), "export.xls"))) == R_ALL


def test_cells_of_a_page():
    content = (
        b'<table><tr><th rowspan="2">Pat</th><th'
        b' colspan="2">OS</th></tr><tr><th>months</th><th>dead</th></tr><tr><td>P&uuml;1</td><td'
        b' x:num="12.5">12,50</td><td>yes<br>sure</td></tr></table>'
    )
    (sheet,) = read_grids(content, "a.xls")
    assert sheet.rows[0] == ("Pat", "OS", None) and sheet.rows[2] == ("Pü1", 12.5, "yes\nsure")
    assert sheet.merged == ((1, 1, 2, 1), (1, 2, 1, 3))


def test_several_tables_of_a_page_and_the_text_around_them():
    table = "<table><tr><td>{0}</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>"
    first, second = read_grids(
        f"<html><body><p>Report</p>{table.format('a')}<script>alert('x')</script>{table.format('c')}</body></html>".encode(),
        "a.html",
    )
    assert (first.name, second.name, second.rows[0]) == ("Table 1", "Table 2", ("c", "b"))
    assert first.reported == ((None, "The page holds text outside its tables, which was not read."),)


def test_cells_of_a_workbook_in_xml():
    rows = (
        '<Row ss:Index="3"><Cell ss:Index="2" ss:MergeAcross="1"><Data ss:Type="String">OS</Data></Cell><Cell><Data'
        ' ss:Type="Boolean">1</Data></Cell></Row>'
    )
    rows += (
        '<Row><Cell ss:Index="2"><Data ss:Type="DateTime">2023-07-31T00:00:00.000</Data></Cell><Cell><Data'
        ' ss:Type="Error">#REF!</Data></Cell></Row>'
    )
    (sheet,) = read_grids(workbook(rows), "a.xls")
    assert (sheet.name, sheet.first_row, sheet.first_column) == ("Daten", 3, 2)
    assert sheet.rows == (("OS", None, True), (dt.datetime(2023, 7, 31), "#REF!", None)) and sheet.merged == (
        (3, 2, 3, 3),
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"<html><body>nothing here</body></html>", NO_TABLE, id="a page without a table"),
        pytest.param(b"<table><tr><td>patient_id</td></tr></table>", NO_TABLE, id="one cell"),
        pytest.param(
            b'<table><tr><td colspan="99999999">a</td><td>b</td></tr></table>', limits.TOO_LARGE, id="a span over all"
        ),
        pytest.param(
            b"<table><tr><td>1<td>2" + b"<tr><td>1" * 200_001 + b"</table>",
            "reaches out to row",
            id="too many rows",
        ),
        pytest.param(
            b"<table><tr><td>" + b"x" * 200_000 + b"</td><td>1</td></tr></table>", limits.HUGE_TEXT, id="a long text"
        ),
        pytest.param(
            workbook("<Row/>").replace(b"<Workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><Workbook'),
            limits.ENTITIES,
            id="entities",
        ),
        pytest.param(workbook("<Row/>")[:-20], limits.DAMAGED, id="cut off"),
        pytest.param(workbook('<Row ss:Index="x"/>'), limits.DAMAGED, id="no number"),
        pytest.param(workbook('<Row ss:Index="9999999"><Cell/></Row>'), "reaches out to row", id="far down"),
        pytest.param(workbook('<Row><Cell ss:Index="99999"/></Row>'), "reaches out to row", id="far to the right"),
        pytest.param(
            b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>", NO_TABLE, id="a page with its pictures"
        ),
        pytest.param(b"<?xml version='1.0'?><note><to>x</to></note>", NO_TABLE, id="other XML"),
    ],
)
def test_what_is_refused(content, words):
    with pytest.raises(Unsafe) as refused:
        read_grids(content, "export.xls")
    assert words in str(refused.value)
