"""Grids whatever the format, and the different values of their columns: as worked out from the cells one by one."""

import datetime as dt
import io
import math
import re

import numpy as np
import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from workbooks import FOUR, text_table, xlsx

from intake.hostile import (
    SHEET,
    SMALL,
    STRINGS,
    bombs,
    cells,
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
from lib.intake.draft import Source
from lib.intake.files import limits
from lib.intake.files.formats import read_grids, read_grids_of
from lib.intake.files.grid import Cells, Grid, SourceFile, distinct
from lib.intake.files.limits import Unsafe
from lib.intake.files.process import Process
from lib.intake.transport import read_answer

resource = pytest.importorskip("resource", reason="memory limits need a POSIX system")
MOST_GROWTH_KIB = 512 << 10
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)
HTML = b"<html><body><table><tr><td>patient_id</td></tr></table></body></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(content: bytes, name: str = "cohort.xlsx") -> str:
    with pytest.raises(Unsafe) as refused:
        read_grids(content, name)
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        pytest.param(b"", "cohort.xlsx", "This file is empty.", id="empty"),
        pytest.param(b"", "cohort.csv", "This file is empty.", id="empty text"),
        pytest.param(PNG, "cohort.xlsx", limits.NOT_A_WORKBOOK, id="png called xlsx"),
        pytest.param(PNG, "cohort.csv", limits.NOT_TEXT, id="png called csv"),
        pytest.param(HTML, "cohort.xlsx", limits.NOT_A_WORKBOOK, id="html called xlsx"),
        pytest.param(text_table(FOUR), "cohort.xlsx", limits.NOT_A_WORKBOOK, id="csv called xlsx"),
        pytest.param(OLE + bytes(600), "cohort.xls", limits.DAMAGED, id="old Excel"),
        pytest.param(OLE + bytes(600), "cohort.xlsx", limits.DAMAGED, id="old Excel called xlsx"),
        pytest.param(
            OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "cohort.xlsx", limits.ENCRYPTED, id="password"
        ),
        pytest.param(encrypted_parts(), "cohort.xlsx", limits.ENCRYPTED, id="encrypted parts"),
        pytest.param(
            bytes(limits.MOST_BYTES + 1),
            "cohort.xlsx",
            "This file is larger than 25 MB. Copy the tables that are needed into a new workbook.",
            id="large",
        ),
        pytest.param(b"PK\x05\x06" + bytes(18), "cohort.csv", limits.NOT_TEXT, id="empty zip called csv"),
    ],
)
def test_wrong_files_get_one_clear_sentence(content, name, sentence):
    assert refusal(content, name) == sentence


HOSTILE = {
    **dict(far_out()),
    **dict(hidden_sheets()),
    **dict(damaged()),
    **dict(other_formats()),
    "billion laughs": file(**{STRINGS: entities()}),
}


def said_of(limited: Process, content: bytes) -> str:
    """The sentence with which the limited process refuses the file, or finds nothing in it."""
    try:
        opened = read_answer(limited.ask(Source((SourceFile("cohort.xlsx", content),)).request("draft"))).opened
    except Unsafe as refused:
        return str(refused)
    return opened if isinstance(opened, str) else "It was read"


def test_hostile_files_are_refused_and_leave_this_process_small():
    limited = Process()
    for content in (*HOSTILE.values(), *bombs().values()):
        limited = limited if limited.is_alive else Process()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        sentence = said_of(limited, content)
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_GROWTH_KIB
        assert re.fullmatch(r"[A-Z][^\n]+\.", sentence), "one paragraph, no traceback"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(
            b"patient_id," + b"x" * 1_000_000, "field larger than field limit", id="a million characters in a cell"
        ),
        pytest.param(b"," * 1_000_000, "2,000 columns", id="a million columns"),
        pytest.param(b"\n" * 1_000_000, "200,000 rows", id="a million rows"),
        pytest.param((b"," * 300 + b"\n") * 25_000, "6,000,000 cells", id="seven million cells"),
        pytest.param(
            b'patient_id\n"' + b"a\n" * 500_000, "field larger than field limit", id="a quotation mark that never ends"
        ),
    ],
)
def test_hostile_text_tables(content, why):
    assert why in refusal(content, "patients.csv")


def test_a_macro_workbook_is_read_and_its_macros_are_not():
    (only,) = read_grids(file(**{"xl/vbaProject.bin": "macro"}), "cohort.xlsm")
    assert only.rows == (("patient_id",), (1.0,))


def test_what_stands_in_cells():
    moment = dt.datetime(2023, 7, 31, 12, 30)
    content = xlsx(
        {"S": [["text", 1, 2.5, True, dt.date(2023, 7, 31), moment, dt.time(8), None, " x "], ["=1+1", "#REF!"]]}
    )
    (only,) = read_grids(content, "cohort.xlsx")
    assert only.rows[0] == ("text", 1.0, 2.5, True, dt.datetime(2023, 7, 31), moment, "08:00:00", None, " x ")
    assert only.rows[1][:2] == ("=1+1", "#REF!")


def test_errors_and_results_of_formulas():
    rows = (
        '<row r="3"><c r="C3"><f>1+1</f><v>2</v></c><c r="D3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="E3"'
        ' t="str"><f>A1</f><v>CR</v></c></row>'
    )
    (only,) = read_grids(file(rows), "cohort.xlsx")
    assert (only.first_row, only.first_column, only.rows) == (3, 3, ((2.0, "#DIV/0!", "CR"),))


def test_dates_of_an_old_macintosh():
    workbook = Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active["A1"] = dt.datetime(2023, 7, 31)
    content = io.BytesIO()
    workbook.save(content)
    assert read_grids(content.getvalue(), "cohort.xlsx")[0].rows == ((dt.datetime(2023, 7, 31),),)


def test_a_number_that_is_no_date_stays_a_number():
    workbook = Workbook()
    workbook.active["A1"] = 1e10
    workbook.active["A1"].number_format = "yyyy-mm-dd"
    content = io.BytesIO()
    workbook.save(content)
    assert read_grids(content.getvalue(), "cohort.xlsx")[0].rows == ((1e10,),)


def test_more_sheets_than_anybody_reads_are_refused_before_they_are_parsed():
    assert refusal(xlsx({f"S{number}": [["id"]] for number in range(limits.MOST_SHEETS + 1)})) == limits.TOO_MANY_SHEETS


def test_sheets_of_all_files_are_counted_together():
    several = [SourceFile(f"{n}.xlsx", xlsx({f"S{number}": [["id"]] for number in range(30)})) for n in range(7)]
    with pytest.raises(Unsafe, match="more than 200 sheets"):
        read_grids_of(several)


def test_more_columns_than_anybody_reads_are_refused():
    assert refusal(xlsx({"S": [[f"c{n}" for n in range(limits.MOST_COLUMNS + 1)]]})) == limits.TOO_MANY_COLUMNS


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_a_text_longer_than_a_cell_of_a_table_is_cut_and_its_place_kept(name):
    rows = [["patient_id", "note"], ["P1", "x" * (limits.LONGEST_CELL + 1)], ["P2", "y"]]
    (grid,) = read_grids(xlsx({"S": rows}) if name.endswith("xlsx") else text_table(rows), name)
    assert grid.rows[1][1] == "x" * limits.LONGEST_CELL and grid.cut == ((2, 2),)


def test_many_merged_areas_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "MOST_MERGED", 3)
    areas = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(2, 6))
    content = zipped({**package(), SHEET: sheet(SMALL, after=f"<mergeCells>{areas}</mergeCells>")})
    assert refusal(content) == limits.TOO_MANY_MERGED


def test_one_attribute_of_many_megabytes_is_refused():
    assert refusal(file(f'<row r="3" x="{"a" * (3 << 20)}"><c r="A3"><v>1</v></c></row>')) == limits.HUGE_TEXT


def test_two_hundred_sheets():
    content = xlsx({f"Sheet {number}": [["patient_id"], [number]] for number in range(200)})
    grids = read_grids(content, "cohort.xlsx")
    assert [grid.name for grid in grids] == [f"Sheet {number}" for number in range(200)]
    assert grids[7].rows == (("patient_id",), (7.0,))


def test_hidden_empty_and_chart_sheets():
    workbook = Workbook()
    workbook.create_chartsheet("Chart")
    workbook.create_sheet("Secret").sheet_state = "veryHidden"
    content = io.BytesIO()
    workbook.save(content)
    grids = read_grids(content.getvalue(), "cohort.xlsx")
    assert [(grid.name, grid.rows, grid.visible) for grid in grids] == [
        ("Sheet", (), True),
        ("Chart", (), True),
        ("Secret", (), False),
    ]


def test_a_table_that_does_not_start_at_the_corner():
    (only,) = read_grids(xlsx({"Patients": FOUR}, down=4, right=2), "cohort.xlsx")
    assert (only.first_row, only.first_column, only.rows[0]) == (5, 3, FOUR[0])


@pytest.mark.parametrize(
    ("first_column", "index", "letter"),
    [(1, 0, "A"), (1, 25, "Z"), (1, 26, "AA"), (3, 25, "AB"), (1, 701, "ZZ"), (1, 702, "AAA")],
)
def test_column_letters(first_column, index, letter):
    assert Grid("S", (), first_column=first_column).column_letter(index) == letter


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_tables_in_every_encoding_and_with_every_delimiter(encoding, delimiter):
    rows = [["patient_id", "unit", "note"], ["P1", "µg", "Müller-Stufe, 2; ok"], ["P2", "", "é"]]
    (only,) = read_grids(text_table(rows, delimiter, encoding), "Kinetics.csv")
    assert only.name == "Kinetics"
    assert only.rows == (("patient_id", "unit", "note"), ("P1", "µg", "Müller-Stufe, 2; ok"), ("P2", None, "é"))


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        pytest.param(
            b"Cohort of 2023\npatient_id;os\nP1;12,5\n",
            [["Cohort of 2023"], ["patient_id", "os"], ["P1", "12,5"]],
            id="a title above",
        ),
        pytest.param(
            b"patient_id;os\nP1;12,5\nP2;3,5\nP3;4,5\n",
            [["patient_id", "os"], ["P1", "12,5"], ["P2", "3,5"], ["P3", "4,5"]],
            id="decimal commas",
        ),
        pytest.param(b"patient_id,os\r\nP1,3\r\n", [["patient_id", "os"], ["P1", "3"]], id="Windows"),
        pytest.param(b"patient_id,os\rP1,3\r", [["patient_id", "os"], ["P1", "3"]], id="an old Macintosh"),
        pytest.param(b"patient_id\nP1\nP2", [["patient_id"], ["P1"], ["P2"]], id="one column"),
        pytest.param(
            b'patient_id,note\nP1,"two\nlines"\n\nP2,x\n',
            [["patient_id", "note"], ["P1", "two\nlines"], [], ["P2", "x"]],
            id="lines in a cell",
        ),
        pytest.param(b"PK01,PK02\n1,2\n", [["PK01", "PK02"], ["1", "2"]], id="begins like a zip"),
        pytest.param(b"\n\n", [[], []], id="empty lines"),
    ],
)
def test_shapes_of_text_tables(content, rows):
    assert [list(row) for row in read_grids(content, "patients.csv")[0].rows] == rows


def test_a_text_table_with_a_workbooks_content_is_read_as_a_workbook():
    assert read_grids(xlsx({"Patients": FOUR}), "cohort.csv")[0].name == "Patients"


def test_cells_shared_very_often_but_short_are_read():
    (only,) = read_grids(file(cells(20_000, ' t="s"', "0")), "cohort.xlsx")
    assert len(only.rows) == 20_000 and only.rows[-1] == ("hello",)


def test_a_small_workbook_is_read():
    assert read_grids(file(SMALL), "cohort.xlsx")[0].rows == (("patient_id",), (1.0,))


DAY = dt.datetime(2022, 2, 3)
COLUMNS = [
    pytest.param((), [], [], id="nothing"),
    pytest.param(("a",), ["a"], [0], id="one cell"),
    pytest.param(("a", "a", "a"), ["a"], [0, 0, 0], id="all equal"),
    pytest.param((None, None), [], [-1, -1], id="all empty"),
    pytest.param((math.nan, 1.0, math.nan), [1.0], [-1, 0, -1], id="not a number is nothing"),
    pytest.param(("", None, " "), ["", " "], [0, -1, 1], id="a blank text is a text"),
    pytest.param((0.0, -0.0), [0.0], [0, 0], id="minus nought is nought"),
    pytest.param((1.0, "1", 1.0), [1.0, "1"], [0, 1, 0], id="a number and its digits"),
    pytest.param(
        (1.0, "1", True, False, 0.0), [1.0, "1", True, False, 0.0], [0, 1, 2, 3, 4], id="a number, digits, and true"
    ),
    pytest.param((True, 1.0, True, None), [True, 1.0], [0, 1, 0, -1], id="true before 1"),
    pytest.param((True, "True"), [True, "True"], [0, 1], id="true and its word"),
    pytest.param((DAY, "2022-02-03", DAY), [DAY, "2022-02-03"], [0, 1, 0], id="a date and its text"),
    pytest.param(("b", "a", "b", "c"), ["b", "a", "c"], [0, 1, 0, 2], id="in the order met"),
]


def said(found):
    return [(type(value), value) for value in found.values], found.codes.tolist()


@pytest.mark.parametrize(("cells", "values", "codes"), COLUMNS)
def test_the_different_values(cells, values, codes):
    expected = [(type(value), value) for value in values], codes
    assert said(distinct(cells)) == expected
    assert said(distinct(Cells(cells))) == expected
    assert distinct(cells).counts.tolist() == [codes.count(place) for place in range(len(values))]


@pytest.mark.parametrize("cells", [pytest.param(each.values[0], id=each.id) for each in COLUMNS])
def test_some_rows_have_the_values_that_stand_in_them_in_the_order_met(cells):
    whole = Cells((*cells, "z", None, *cells))
    below, backwards = slice(len(cells) + 1, None), np.arange(len(whole))[::-1]
    for rows in (below, backwards, np.array([], dtype=np.intp)):
        picked = whole.at(rows)
        alone = (
            [whole[place] for place in range(len(whole))[rows]] if isinstance(rows, slice) else [whole[n] for n in rows]
        )
        assert list(map(id, picked)) == list(map(id, alone))
        assert said(picked.distinct) == said(distinct(alone))


def test_every_row_is_what_its_code_says():
    cells = Cells([place % 300 for place in range(1000)])  # more values than a byte can number
    assert [cells.distinct.values[code] for code in cells.distinct.codes] == list(cells)
    assert cells.distinct.counts.tolist() == [4] * 100 + [3] * 200


def test_what_is_found_for_each_value_comes_back_row_by_row():
    found = distinct(["a", None, "b", "a"])
    assert found.spread(["A", "B"], "-").tolist() == ["A", "-", "B", "A"]
    assert found.flags([True, False], True).tolist() == [True, True, False, True]
    assert found.rows_with([True, False]).tolist() == [0, 3]
    assert list(found.counted()) == [("a", 2), ("b", 1)]
    assert distinct(["x", "X ", "y"]).words(lambda cell: cell.strip().lower(), lambda cell: cell != "y") == {"x": 2}


def test_each_value_is_looked_at_once():
    seen = []
    found = distinct(["a", "b", "a"])
    look = lambda cell: seen.append(cell) or cell.upper()  # noqa: E731
    assert found.each(look) == found.each(look) == ["A", "B"]
    assert seen == ["a", "b"]
