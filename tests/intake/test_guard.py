"""What the guard lets through, what it stops before any parser sees it, and which cells it knows to be lost."""

import io

import pytest
from openpyxl import Workbook
from workbooks import FOUR, xlsx

from intake.hostile import (
    FAR_ROW,
    SMALL,
    STRINGS,
    bombs,
    damaged,
    encrypted_parts,
    entities,
    far_out,
    file,
    hidden_sheets,
    other_formats,
    package,
    sheet,
    zipped,
)
from lib.intake.files import limits
from lib.intake.files.guard import check_workbook, plain_reach
from lib.intake.files.limits import Unsafe


def refusal(content: bytes) -> str:
    with pytest.raises(Unsafe) as refused:
        check_workbook(content)
    return str(refused.value)


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in far_out()])
def test_a_cell_far_out_is_found_however_it_is_written(content):
    assert "reaches out to row" in refusal(content)


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in hidden_sheets()])
def test_a_sheet_that_hides_from_the_guard_is_refused(content):
    assert refusal(content) == limits.DAMAGED


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in damaged()])
def test_a_damaged_workbook(content):
    assert refusal(content) == limits.DAMAGED


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in other_formats()])
def test_another_format(content):
    assert refusal(content) in (limits.NOT_A_WORKBOOK, limits.BINARY_WORKBOOK)


def test_a_binary_workbook_is_named():
    assert refusal(dict(other_formats())["binary workbook"]) == limits.BINARY_WORKBOOK


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(file(**{STRINGS: entities()}), limits.ENTITIES, id="billion laughs"),
        pytest.param(
            file(**{STRINGS: '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst><si><t>&x;</t></si></sst>'}),
            limits.ENTITIES,
            id="XXE",
        ),
        pytest.param(
            file(**{"docProps/app.xml": '<!DOCTYPE s SYSTEM "http://example.org/x.dtd"><s/>'}),
            limits.ENTITIES,
            id="external DTD",
        ),
        pytest.param(encrypted_parts(), limits.ENCRYPTED, id="encrypted parts"),
        pytest.param(
            b"PK\x03\x04" + bytes(limits.MOST_BYTES),
            "This file is larger than 25 MB. Copy the tables that are needed into a new workbook.",
            id="too large",
        ),
    ],
)
def test_refused_by_name(content, sentence):
    assert refusal(content) == sentence


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("blanks", limits.TOO_LARGE),
        ("one long shared string", limits.TOO_LARGE),
        ("a string a little too long", limits.HUGE_TEXT),
        ("too many parts", limits.TOO_LARGE),
        ("a size that lies", limits.DAMAGED),
    ],
)
def test_bombs(name, sentence):
    assert refusal(bombs()[name]) == sentence


@pytest.mark.parametrize(
    ("row", "reach"),
    [
        ('<row r="7"><c r="B7"/><c r="AA3" s="1" t="s"><v>1</v></c></row>', (7, 27)),
        ("<row><c><v>1</v></c></row>", None),
        ('<row r="7"><c s="1" r="B7"><v>1</v></c></row>', None),
        ('<row r="7"><c r="B7" a=">"><v>1</v></c></row>', None),
        ('<row r="7"><c r="&#66;7"><v>1</v></c></row>', None),
        ('<row r="7"><x:c r="B7"><v>1</v></x:c></row>', None),
        ('<row r="7"><é:c r="B7"><v>1</v></é:c></row>', None),
        ('<row r="7"><c r="B7"><f>A1</f><v>1</v></c></row>', None),
        ('<row r="7"><c r="B7" t="e"><v>#N/A</v></c></row>', None),
        ('<row r="7"><!-- <c r="B7"/> --></row>', None),
    ],
)
def test_places_are_believed_only_where_every_cell_is_written_as_usual(row, reach):
    assert plain_reach(io.BytesIO(sheet(row).encode()), limits.MIB) == reach


def test_many_sheets_together_are_counted_together():
    wide = '<row r="5000"><c r="CV5000"><v>1</v></c></row>'
    parts = {f"xl/worksheets/sheet{number}.xml": sheet(wide) for number in range(1, 15)}
    assert "6,000,000 cells" in refusal(zipped({**package(), **parts}))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(file(), id="a small workbook"),
        pytest.param(file(**{"xl/worksheets/sheet1.xml": sheet(SMALL, "A1:XFD1048576")}), id="a dimension that lies"),
        pytest.param(
            file(
                **{
                    "xl/worksheets/sheet1.xml": sheet(
                        SMALL, after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
                    )
                }
            ),
            id="all merged",
        ),
        pytest.param(
            file(SMALL + '<row r="1048576" ht="12.8" customFormat="false"></row>'), id="LibreOffice's last row"
        ),
        pytest.param(file(SMALL + '<row r="3"><c r="XFD3" s="0"/></row>'), id="a coloured cell far out"),
        pytest.param(
            file(**{"xl/vbaProject.bin": "macro", "xl/media/image1.png": "\x89PNG"}), id="macros and pictures"
        ),
        pytest.param(
            zipped(
                {
                    **package(),
                    "xl/_rels/workbook.xml.rels": (
                        str(package()["xl/_rels/workbook.xml.rels"]).replace(
                            "</Relationships>",
                            '<Relationship Id="rId9"'
                            ' Type="http://customschemas.google.com/relationships/workbookmetadata"'
                            ' Target="metadata"/></Relationships>',
                        )
                    ),
                }
            ),
            id="Google Sheets",
        ),
        pytest.param(
            zipped(
                {
                    **package(),
                    "xl/_rels/workbook.xml.rels": (
                        str(package()["xl/_rels/workbook.xml.rels"]).replace('"worksheets', '"/xl/worksheets')
                    ),
                }
            ),
            id="an absolute target",
        ),
    ],
)
def test_harmless_files_pass(content):
    assert check_workbook(content) == {"Patients": {}}


def test_only_cells_with_something_in_them_count():
    assert "column 16,384" in refusal(file(SMALL + FAR_ROW.replace("1048576", "999")))
    assert check_workbook(file(SMALL + FAR_ROW.replace("1048576", "9"))) == {"Patients": {}}, "9 rows can be unfolded"
    assert check_workbook(file(SMALL + FAR_ROW.replace("<v>1</v>", ""))) == {"Patients": {}}


def test_errors_and_formulas_without_a_value_are_lost_cells():
    rows = (
        '<row r="2"><c r="B2" t="e"><v>#REF!</v></c><c r="C2" t="e"><f>A1/0</f><v>#DIV/0!</v></c><c'
        ' r="D2"><f>A1+B1</f></c><c r="E2"><f>A1+B1</f><v></v></c><c r="F2"><f>A1+B1</f><v>3</v></c><c'
        ' r="G2"><v>3</v></c><c r="H2"><f>A1</f>\n<v/>\n</c></row>'
    )
    assert check_workbook(file(rows)) == {
        "Patients": {(2, 2): "#REF!", (2, 3): "#DIV/0!", (2, 4): "=A1+B1", (2, 5): "=A1+B1", (2, 8): "=A1"}
    }


def test_lost_cells_are_told_by_sheet():
    content = xlsx({"First": FOUR, "Second": [["a"], ["=1+1"]], "Third": FOUR})
    assert check_workbook(content) == {"First": {}, "Second": {(2, 1): "=1+1"}, "Third": {}}


def test_a_workbook_with_a_chart_sheet_passes():
    workbook = Workbook()
    workbook.create_chartsheet("Chart")
    content = io.BytesIO()
    workbook.save(content)
    assert set(check_workbook(content.getvalue())) == {"Sheet", "Chart"}
