"""Tables as Word, Excel, HTML and LaTeX files: opened again, they hold every cell, note and mark, and no formula."""

import io
import re
import zipfile

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml import html
from openpyxl import load_workbook

from lib.export.table_file import SIGNS, TABLE_FORMATS, for_clipboard, table_file
from lib.export.table_form import footnotes, number_of, numeric_columns, table_form
from lib.export.word_table import add_table, new_document, turn_page
from lib.publication.abbreviations import spelled_out
from lib.publication.exhibit import Numbers, Table, TestLine

LEVEL = Pt(9)
HOSTILE = (
    "=1+1",
    "<b>&amp;</b>",
    "100 %",
    "a_b^c~d\\e",
    "$x$ {y} [z]",
    "😀 👩‍🔬",
    "שלום עולם",
    "x" * 5000,
    "@SUM(A1)",
    "+2",
    "-cmd|' /C calc'!A0",
    "007",
    "\"q\" 'r'",
)


def as_printed(table: Table) -> list[list[str]]:
    """The header and the rows without indent, blanks as plain ones."""
    return [list(table.header), *([row[0].strip(), *row[1:]] for row in table.rows)]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def from_word(content: bytes) -> list[list[str]]:
    (native,) = Document(io.BytesIO(content)).tables
    return [[plain("".join(words(cell))) for cell in row.tc_lst] for row in native._tbl.tr_lst]


def words(cell):
    """The text of a cell without the marks of footnotes."""
    return (
        text.text or ""
        for run in cell.iter(qn("w:r"))
        if run.find(f".//{qn('w:vertAlign')}") is None
        for text in run.iter(qn("w:t"))
    )


def from_excel(content: bytes) -> list[list[str]]:
    sheet = load_workbook(io.BytesIO(content))["Table"]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    width = next(at for at in range(1, 99) if sheet.cell(2, at).value is None) - 1
    rows = [[shown(cell) for cell in row[:width]] for row in sheet.iter_rows(min_row=2)]
    return rows[: next(place for place, row in enumerate(rows) if place and not any(row))]


def shown(cell) -> str:
    """A cell as a spreadsheet shows it by its number format."""
    if cell.value is None or isinstance(cell.value, str):
        return plain(cell.value or "")
    positive, _, negative = cell.number_format.partition(";")
    percent, decimals = " %" * positive.endswith(" %"), len(positive.removesuffix(" %").partition(".")[2])
    written = f"{abs(cell.value) * (100 if percent else 1):{',' if ',' in positive else ''}.{decimals}f}{percent}"
    return (negative[0] if cell.value < 0 else "") + written


def from_html(content: bytes) -> list[list[str]]:
    page = html.fromstring(content.decode())
    (table,) = page.iter("table")
    for mark in table.xpath(".//sup"):
        mark.getparent().remove(mark) if not mark.tail else mark.drop_tree()
    return [[plain(cell.text_content()) for cell in row] for row in table.xpath("./thead/tr | ./tbody/tr")]


def from_latex(content: bytes) -> list[list[str]]:
    text = content.decode()
    body = text[text.index(r"\toprule") + 9 : text.index(r"\bottomrule")].replace("\\midrule\n", "")
    rows = [line.removesuffix(r" \\").replace(r"\quad ", "") for line in body.splitlines()]
    return [[unescaped(cell) for cell in re.split(r"(?<!\\)&", row)] for row in rows]


def unescaped(cell: str) -> str:
    cell = re.sub(r"\\tnote\{.*\}$", "", cell.strip()).replace("~", " ")
    for sign, command in sorted(SIGNS.items(), key=lambda each: -len(each[1])):
        cell = cell.replace(command, sign) if command.strip("~") else cell
    return plain(cell)


READ = {"docx": from_word, "xlsx": from_excel, "html": from_html, "tex": from_latex}


@pytest.fixture(scope="module")
def tables(shown):
    return [each for each in shown.values() if isinstance(each, Table)]


@pytest.fixture(scope="module")
def shown_numbers():
    columns, rows = (("share", ""), ("days", "days"), ("why", "")), ((0.123456789, 3, "=1"), (None, float("nan"), "x"))
    return Table(
        "x",
        "X",
        ("Group", "n", "Share", "p"),
        (("A", "1,234.5", "48 (80 %)", "<0.001"), ("B", "−7", "50 %", "0.050")),
        numbers=Numbers(columns, rows),
        tests=(TestLine("t", "A v B", 1.25, None, 0.5, 3),),
    )


def test_every_kind_of_table_is_the_same_in_every_format(tables, provenance):
    """Of tables of several endpoints, series and terms the first."""
    kinds = {(question, rest[-1]): each for each in reversed(tables) for question, *rest in [each.id.split(".")]}
    assert len(kinds) > 15, list(kinds)
    for table in kinds.values():
        for file_format, read in READ.items():
            assert read(table_file(table, provenance, file_format)) == as_printed(table), (table.id, file_format)


@pytest.mark.parametrize("file_format", READ)
@pytest.mark.parametrize(
    "rows",
    [(), (("one", "1"),), tuple((text, text) for text in HOSTILE), tuple(("\u2003" + text, "") for text in HOSTILE)],
    ids=["empty", "one row", "hostile", "hostile groups"],
)
def test_edges(rows, file_format, provenance):
    table = Table("x", "T & <x> 100 % _$#", ("=A", "n\t|"), rows, notes=("=1 < 2 & 3 %",))
    expected = [[cell.replace("\t", " ") for cell in row] for row in as_printed(table)]
    assert READ[file_format](table_file(table, provenance, file_format)) == expected


@pytest.mark.parametrize("file_format", TABLE_FORMATS)
def test_a_file_made_twice_is_the_same_and_says_that_the_data_are_synthetic(file_format, provenance, shown_numbers):
    content = table_file(shown_numbers, provenance, file_format)
    assert content == table_file(shown_numbers, provenance, file_format)
    parts = zipfile.ZipFile(io.BytesIO(content)) if file_format in ("docx", "xlsx") else None
    text = (
        " ".join(parts.read(name).decode("utf-8", "ignore") for name in parts.namelist()) if parts else content.decode()
    )
    assert provenance.synthetic_words in text and provenance.fingerprint[:8] in text
    assert not parts or {each.date_time for each in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_word_table_has_three_lines_a_repeated_header_and_indents_that_are_no_blanks(provenance):
    rows = (("Sex", "", ""), ("\u2003F", "1", "2"), ("\u2003M", "3", "4"))
    document = Document(io.BytesIO(table_file(Table("x", "X", ("", "n", "p"), rows), provenance, "docx")))
    (native,) = document.tables
    lines = [
        sorted({edge.tag.rpartition("}")[2] for edges in row.iter(qn("w:tcBorders")) for edge in edges})
        for row in native._tbl.tr_lst
    ]
    assert lines == [["bottom", "top"], [], [], ["bottom"]]
    assert [row.find(f".//{qn('w:tblHeader')}") is not None for row in native._tbl.tr_lst] == [
        True,
        False,
        False,
        False,
    ]
    assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in native._tbl.tr_lst)
    assert [row.cells[0].paragraphs[0].paragraph_format.left_indent for row in native.rows] == [
        None,
        None,
        LEVEL,
        LEVEL,
    ]
    assert document.paragraphs[0].text == "Table. X"
    said = document.core_properties
    assert (said.title, said.author, said.language) == ("X", "CAR-T Cohort Explorer", "en-GB")
    assert said.subject == provenance.sentence[:255] and provenance.fingerprint in said.keywords
    assert said.created.date().isoformat() == said.modified.date().isoformat() == provenance.created


def test_a_wide_table_lies_in_landscape_and_a_report_turns_back(provenance):
    wide = Table(
        "w", "Wide", tuple(f"Column number {place}" for place in range(14)), (("a long first cell of a row",) * 14,)
    )
    small = Table("s", "Small", ("a", "b"), (("c", "1"),))
    assert Document(io.BytesIO(table_file(wide, provenance, "docx"))).sections[0].orientation == WD_ORIENT.LANDSCAPE
    document = new_document("Report", provenance)
    for table in (small, wide, wide, small):
        turn_page(document, table_form(table, provenance).is_wide)
        add_table(document, table, provenance, footer=False)
    assert [each.orientation for each in document.sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]
    text = "\n".join(each.text for each in document.paragraphs)
    assert text.count(provenance.synthetic_words) == 4 and provenance.stamp not in text


def test_a_workbook_has_numbers_as_numbers_with_the_printed_format_and_the_unrounded_beside(provenance, shown_numbers):
    book = load_workbook(io.BytesIO(table_file(shown_numbers, provenance, "xlsx")))
    assert book.sheetnames == ["Table", "Numbers", "Tests", "About"]
    cells = [[(cell.value, cell.number_format) for cell in row] for row in book["Table"]["B3:D4"]]
    assert cells == [
        [(1234.5, "#,##0.0"), ("48 (80 %)", "General"), ("<0.001", "General")],
        [(-7, "0;−0"), (0.5, "0 %"), (0.05, "0.000")],
    ]
    assert [[cell.value for cell in row] for row in book["Numbers"]] == [
        ["share", "days (days)", "why"],
        [0.123456789, 3, "=1"],
        [None, None, "x"],
    ]
    assert book["Numbers"]["C2"].data_type == "s" and book["Numbers"]["C2"].quotePrefix
    assert [cell.value for cell in book["Tests"][2]] == ["t", "A v B", 1.25, None, 0.5, 3, None]
    about = dict(book["About"].iter_rows(values_only=True))
    assert about["Title"] == "X" and about["Source"] == provenance.stamp
    assert book["Table"].freeze_panes == "B3" and book.properties.title == "X"


@pytest.mark.parametrize(
    "text", ["007", "1,23", "1.234.5", "12345678901234567", "1e5", "+3", "−0", "", "–", "1 234", "١٢"]
)
def test_what_is_no_number_as_it_is_printed_stays_text(text):
    assert number_of(text) is None


def test_ids_and_names_of_rows_stay_text_and_days_are_numbers(provenance):
    ids = Table("x", "X", ("Patient", "n"), (("12", "1"),), numbers=Numbers((("patient", ""),), (("12",),)))
    days = Table("x", "X", ("Day", "n"), (("-7", "1"), ("0", "2")))
    first = [
        load_workbook(io.BytesIO(table_file(each, provenance, "xlsx")))["Table"]["A3"].value for each in (ids, days)
    ]
    assert first == ["12", -7]


def test_nothing_of_caption_method_and_notes_is_lost_or_said_twice(tables):
    for table in tables:
        said = footnotes(table)
        below = " ".join((*said.general, *(text for _, text in said.marked))).split()
        assert sorted(below) == sorted(" ".join((table.caption, table.method, *table.notes)).split()), table.id


def test_a_note_that_names_a_column_or_row_is_marked_there():
    table = Table(
        "x",
        "X",
        ("Parameter", "A (n = 3)", "p"),
        (("Cmax", "1", "0.5"), ("Half-life, days", "2", "")),
        method="Limits: exact. p: Fisher's exact test. 6 comparisons looked at.",
        notes=("Half-life missing: A 1.",),
    )
    said = footnotes(table)
    assert said.general == ("Limits: exact.",)
    assert said.marked == (("a", "p: Fisher's exact test. 6 comparisons looked at."), ("b", "Half-life missing: A 1."))
    assert said.marks["p"] == "a" and said.marks["Half-life, days"] == "b" and not said.marks["Parameter"]


def test_letters_that_cells_have_of_their_own_are_not_used_again():
    table = Table(
        "x", "X", ("Patient", "p"), (("P1", "NC a"),), method="p: a test.", notes=("NC, not calculated: a, ended.",)
    )
    assert footnotes(table).marks["p"] == "*"


def test_abbreviations_are_those_that_occur_and_are_not_explained_already():
    assert (
        spelled_out("ORR (95 % CI) of CRS")
        == "CI, confidence interval; CRS, cytokine release syndrome; ORR, overall response rate."
    )
    assert spelled_out("AUC0-28; NE: not estimable. Decrease of SDH, PRO") == "AUC, area under the curve."
    assert spelled_out("HR cytogenetics") == "" and spelled_out("Hazard ratio (HR)") == "HR, hazard ratio."
    assert spelled_out("no such word") == ""


def test_html_is_one_page_that_asks_for_nothing(tables, provenance):
    for table in tables:
        text = table_file(table, provenance, "html").decode()
        assert text.count("<table") == 1 and not re.search(r"<(script|link|img|iframe)|src=|href=|url\(", text)


def test_the_clipboard_starts_no_formula_and_keeps_signs_of_differences(provenance):
    table = Table(
        "x",
        "X",
        ("Group", "Difference"),
        (("=1+1", "−25 (−59 to +12)"), ("\u2003@SUM(A1)", ""), ("a\tb\nc", "+38 (−8 to +69)")),
    )
    page, text = for_clipboard(table, provenance)
    assert text.splitlines()[1:] == ["'=1+1\t−25 (−59 to +12)", "\u2003'@SUM(A1)\t", "a b c\t+38 (−8 to +69)"]
    assert page.startswith("<p><b>X</b></p>\n<table") and page.count("<table") == 1
    assert "&#x27;=1+1" in page and "&#x27;@SUM" in page and "+38 (−8 to +69)" in page and ">+38" in page


def test_a_spreadsheet_pastes_numbers_with_their_decimals_and_no_dates(provenance):
    table = Table("x", "X", ("Group", "p", "n"), (("A", "0.050", "4/16"), ("B", "12", "(5)")))
    page, _ = for_clipboard(table, provenance)
    formats = [(cell.text, cell.get("style", "")) for cell in html.fromstring(page).xpath(".//td[not(@colspan)]")]
    assert [(text, re.findall(r"mso-number-format:'(.*?)'", style)) for text, style in formats] == [
        ("0.050", ["0.000"]),
        ("4/16", ["\\@"]),
        ("12", []),
        ("(5)", ["\\@"]),
    ]


def test_columns_of_numbers_are_found_and_the_first_is_none():
    table = Table("x", "X", ("1", "n", "why", "p"), (("1", "5 (3 %)", "none", ""), ("2", "<1", "ended", "0.5")))
    assert numeric_columns(table) == {1, 3}
