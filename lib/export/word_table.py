"""A table as a native Word table in the style of a journal: three lines, the header repeated on every page, notes
below."""

import io
from collections.abc import Sequence
from typing import Any, Final

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as DocxTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from lib.export.provenance import APP, Provenance
from lib.export.table_form import SIZE, Cell, Row, TableForm, table_form
from lib.export.table_xlsx import described, steady, xml_text
from lib.publication.exhibit import Table

FONT: Final = "Arial"
TITLE, CELLS, NOTES = "Table Title", "Table Text", "Table Note"  # styles: a change of one changes every table
LONG: Final = 24  # rows; a longer table may break over pages
A4: Final = (Mm(210), Mm(297))
MARGIN: Final = Mm(22.5)
INDENT: Final = 9.0  # points a level
SIDES: Final = 108  # twentieths of a point: Word's own
BEHIND: Final = Pt(18)  # between a table and what follows
THICK, THIN = 8, 4  # eighths of a point


def word_file(table: Table, provenance: Provenance) -> bytes:
    """A Word document of this one table."""
    document = new_document(table.title, provenance)
    if table_form(table, provenance).is_wide:
        _turn(document, wide=True)
    add_table(document, table, provenance)
    return saved(document, provenance)


def new_document(title: str, provenance: Provenance) -> WordDocument:
    """An empty A4 document with its properties filled in."""
    document = Document()
    section, properties = document.sections[0], document.core_properties
    section.page_width, section.page_height = A4
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    described(properties, title, provenance)
    properties.author, properties.language, properties.comments = APP, "en-GB", ""
    properties.last_modified_by, properties.revision = APP, 1
    language = document.styles.element.find(f".//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), "en-GB")
    return document


def saved(document: WordDocument, provenance: Provenance) -> bytes:
    """The document as a file; made twice of the same it is the same."""
    content = io.BytesIO()
    document.save(content)
    return steady(content.getvalue(), provenance)


def turn_page(document: WordDocument, wide: bool) -> None:
    """Go on in landscape (or portrait) on a new page, unless it already is; for the heading of a wide table too."""
    if _is_landscape(document) != wide:
        document.add_section(WD_SECTION.NEW_PAGE)
        _turn(document, wide)


def add_table(
    document: WordDocument, table: Table, provenance: Provenance, footer: bool = True, number: str = ""
) -> None:
    """Title, native table and what stands below it; on a page in landscape where it is wide, which is not turned back.

    `footer`: whether the program's stamp stands below. `number`: "1" for "Table 1.", which Word counts, and a place in
    its navigation.
    """
    form = table_form(table, provenance)
    if form.is_wide:
        turn_page(document, wide=True)
    title = _paragraph(document, "", TITLE)
    if number:
        add_label(title, "Table", number)
    title.add_run("" if number else "Table").bold = True
    title.add_run(". ").bold = True
    title.add_run(xml_text(form.title))
    _native(document, form)
    notes = [_note(document, mark, words) for mark, words in form.below(footer)]
    for note in notes[:1]:
        note.paragraph_format.space_before = Pt(3)
    for note in notes[-1:]:
        note.paragraph_format.space_after = BEHIND


def add_label(paragraph: Paragraph, kind: str, number: str) -> None:
    """ "Table 1" in bold, its number counted by Word; a reader finds the paragraph in Word's navigation."""
    paragraph.add_run(f"{kind} ").bold = True
    add_field(paragraph, f"SEQ {kind} \\* ARABIC", number, bold=True)
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "1")
    paragraph._p.get_or_add_pPr().append(level)


def add_field(paragraph: Paragraph, instruction: str, shown: str, bold: bool = False) -> None:
    """A number that Word counts itself; `shown` until it does."""
    for kind, words in (("begin", ""), ("", instruction), ("separate", ""), ("text", shown), ("end", "")):
        run = paragraph.add_run(words if kind == "text" else None)
        run.bold = bold or None
        if kind in ("begin", "separate", "end"):
            mark: Any = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif not kind:
            text: Any = OxmlElement("w:instrText")
            text.text = f" {words} "
            text.set(qn("xml:space"), "preserve")
            run._r.append(text)


def _native(document: WordDocument, form: TableForm) -> None:
    rows, widths, style = (Row(form.header), *form.rows), form.widths, _style(document, CELLS, form.scale).style_id
    native = document.add_table(rows=len(rows), cols=len(widths))
    native.alignment, native.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    if form.scale < 1:
        _narrow(native, form.scale)
    for column, width in zip(native.columns, widths, strict=True):
        column.width = Pt(width)
    together = len(rows) <= LONG
    for place, (row, made) in enumerate(zip(rows, native.rows, strict=True)):
        cells = [_Cell(element, made) for element in made._tr.tc_lst]  # Table.cells walks the whole table each time
        for at, (cell, target) in enumerate(zip(row.cells, cells, strict=True)):
            target.width = Pt(widths[at])
            text = target.paragraphs[0]
            text._p.style = style  # by its id: python-docx would walk all styles for every cell
            _fill(text, cell, at in form.numeric, is_header=place == 0)
            text.paragraph_format.keep_with_next = together or row.is_heading or place == 0
        if row.level:
            cells[0].paragraphs[0].paragraph_format.left_indent = Pt(INDENT * row.level)
        _lines(cells, top=0 if place else THICK, bottom=THICK if place == len(form.rows) else 0 if place else THIN)
        _flag(made, "w:cantSplit")
    _flag(native.rows[0], "w:tblHeader")


def _narrow(native: DocxTable, scale: float) -> None:
    """Less room at the sides of the cells."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), f"{SIDES * scale:.0f}")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    looks = native._tbl.tblPr.xpath("./w:tblLook")
    looks[0].addprevious(margins) if looks else native._tbl.tblPr.append(margins)


def _fill(text: Paragraph, cell: Cell, is_numeric: bool, is_header: bool) -> None:
    text.add_run(xml_text(cell.text)).bold = is_header or None
    _marked(text, cell.marks)
    if is_numeric:
        text.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _marked(text: Paragraph, marks: str) -> None:
    if marks:
        text.add_run(",".join(marks)).font.superscript = True


def _note(document: WordDocument, mark: str, words: str) -> Paragraph:
    note = _paragraph(document, "", NOTES)
    _marked(note, mark)
    note.add_run(xml_text(words))
    return note


def _paragraph(document: WordDocument, words: str, style: str) -> Paragraph:
    return document.add_paragraph(xml_text(words), _style(document, style))


def _style(document: WordDocument, name: str, scale: float = 1.0) -> Any:
    """The style of this name, of smaller letters where they are scaled, made where the document does not have it."""
    named = name if scale == 1 else f"{name} {scale:.0%}"
    if named in document.styles:
        return document.styles[named]
    style: Any = document.styles.add_style(named, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.font.name, style.font.color.rgb = FONT, RGBColor(0, 0, 0)
    style.font.size = Pt(SIZE + 1 if name == TITLE else SIZE * scale if name == CELLS else SIZE - 1)
    style.element.rPr.rFonts.set(qn("w:cs"), FONT)
    layout = style.paragraph_format
    layout.space_before, layout.line_spacing = Pt(1.5 if name == CELLS else 0), 1.0
    layout.space_after = Pt(1.5 if name == CELLS else 4 if name == TITLE else 1)
    layout.keep_with_next, layout.widow_control = name == TITLE, True
    return style


def _is_landscape(document: WordDocument) -> bool:
    return bool(document.sections[-1].orientation == WD_ORIENT.LANDSCAPE)


def _turn(document: WordDocument, wide: bool) -> None:
    section = document.sections[-1]
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = A4[::-1] if wide else A4


def _flag(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _lines(cells: Sequence[_Cell], **edges: int) -> None:
    """Lines above and below these cells, in eighths of a point."""
    for cell in cells:
        borders = OxmlElement("w:tcBorders")
        for edge, width in edges.items():
            if width:
                line = OxmlElement(f"w:{edge}")
                for name, value in (("val", "single"), ("sz", str(width)), ("space", "0"), ("color", "000000")):
                    line.set(qn(f"w:{name}"), value)
                borders.append(line)
        if len(borders):
            cell._tc.get_or_add_tcPr().append(borders)
