"""A report as a Word document: pictures with numbered captions and alternative texts, native tables, provenance at the foot."""

import io
from typing import Any, Final

from docx import Document as new_document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from lib.export.columns import column_widths, is_wide, numeric
from lib.export.document import Block, Document, picture_size, write_properties
from lib.export.print_form import POINTS_PER_MM
from lib.publication.attempt import Failed
from lib.publication.exhibit import Figure, Table
from lib.publication.text_width import broken

SHORT_SIDE, LONG_SIDE, MARGIN = 210.0, 297.0, 25.0  # A4, mm
FONT: Final = "Arial"
BODY, SMALL = 10.0, 8.0  # points
LINE: Final = 1.25  # of the size of letters
PADDING: Final = 11.0  # points of a cell at both sides together
WIDEST_UPRIGHT: Final = 1.6  # times the width of the text: the words of a wider figure would be too small
CELLS: Final = "Table Text"
INK: Final = RGBColor(0x22, 0x22, 0x22)
TOGETHER, KEPT = 25, 3  # rows of a table that is not parted; of a longer one, last rows that stand with its notes


def docx_file(document: Document) -> bytes:
    """The report as a file."""
    word = new_document()
    _styles(word)
    _page(word.sections[0], across=False)
    _foot(word, document)
    write_properties(word.core_properties, document)
    word.add_paragraph(document.title, style="Title")
    word.add_paragraph(document.opening)
    for block in document.blocks:
        _turned(word, _needs_across(block))
        if block.heading and block.label:
            word.add_paragraph(block.heading, style="Heading 1")
        for words in block.paragraphs:
            word.add_paragraph(words)
        if isinstance(block.exhibit, Failed):
            word.add_paragraph(block.title)
        elif isinstance(block.exhibit, Figure):
            _figure(word, block, block.exhibit, document)
        else:
            _table(word, block, block.exhibit, document)
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def _styles(word: Any) -> None:
    for name, size, bold in (
        ("Normal", BODY, False), ("Title", 18, True), ("Heading 1", 13, True), ("Caption", SMALL, False), ("Footer", 7, False),
    ):  # fmt: skip
        style = word.styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.color.rgb = FONT, Pt(size), bold, INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{script}"), None)
        for script in ("hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
    for border in word.styles["Title"].element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
    word.styles["Caption"].paragraph_format.space_after = Pt(18)
    cells = word.styles.add_style(CELLS, WD_STYLE_TYPE.PARAGRAPH)
    cells.base_style, cells.font.size = word.styles["Normal"], Pt(SMALL)
    cells.paragraph_format.space_before = cells.paragraph_format.space_after = Pt(1)
    cells.paragraph_format.line_spacing = 1.0
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _page(section: Any, across: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    sides = (LONG_SIDE, SHORT_SIDE) if across else (SHORT_SIDE, LONG_SIDE)
    section.page_width, section.page_height = map(Mm, sides)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)


def _turned(word: Any, across: bool) -> None:
    """Begins a new section where the page must be turned."""
    if across != (word.sections[-1].orientation == WD_ORIENT.LANDSCAPE):
        _page(word.add_section(WD_SECTION.NEW_PAGE), across)


def _needs_across(block: Block) -> bool:
    upright = (SHORT_SIDE - 2 * MARGIN) * POINTS_PER_MM
    if isinstance(block.exhibit, Table):
        return is_wide(block.exhibit, upright, SMALL, PADDING)
    return isinstance(block.exhibit, Figure) and picture_size(block.pictures["png"])[0] > WIDEST_UPRIGHT * upright


def _room(word: Any) -> tuple[float, float]:
    """Width and height for what stands on the page, in points."""
    section = word.sections[-1]
    margins = 2 * MARGIN * POINTS_PER_MM
    return section.page_width.pt - margins, section.page_height.pt - margins


def _figure(word: Any, block: Block, figure: Figure, document: Document) -> None:
    """The picture in the width of the text, or as high as its caption leaves room for on one page."""
    caption, (width, height) = document.caption(figure), _room(word)
    lines = len(broken(f"{block.title} {caption}", width, SMALL)) + 2
    wide, high = picture_size(block.pictures["png"])
    scale = min(1.0, width / wide, (height - lines * SMALL * LINE - 2 * BODY) / high)
    paragraph = word.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    picture = paragraph.add_run().add_picture(io.BytesIO(block.pictures["png"]), Pt(wide * scale), Pt(high * scale))
    about = picture._inline.docPr
    about.set("descr", figure.alt)
    about.set("name", block.label)
    _caption(word, block, caption).paragraph_format.keep_together = True


def _caption(word: Any, block: Block, words: str = "") -> Any:
    """ "Figure 1. Title." in bold, its number counted by Word, and what follows."""
    paragraph = word.add_paragraph(style="Caption")
    kind, number = block.label.split()
    paragraph.add_run(f"{kind} ").bold = True
    _field(paragraph, f"SEQ {kind} \\* ARABIC", number)
    paragraph.add_run(block.title.removeprefix(block.label)).bold = True
    if words:
        paragraph.add_run(f" {words}")
    level = OxmlElement("w:outlineLvl")  # a reader finds it in Word's navigation
    level.set(qn("w:val"), "1")
    paragraph._p.get_or_add_pPr().append(level)
    return paragraph


def _field(paragraph: Any, instruction: str, shown: str) -> None:
    """A number that Word counts itself."""
    for kind, words in (("begin", ""), ("", instruction), ("separate", ""), ("text", shown), ("end", "")):
        run = paragraph.add_run(words if kind == "text" else None)
        run.bold = True if paragraph.style.name == "Caption" else None
        if kind in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif not kind:
            text = OxmlElement("w:instrText")
            text.text = f" {words} "
            text.set(qn("xml:space"), "preserve")
            run._r.append(text)


def _table(word: Any, block: Block, table: Table, document: Document) -> None:
    """Title above, rows, and below what they are."""
    title = _caption(word, block)
    title.paragraph_format.keep_with_next, title.paragraph_format.space_after = True, Pt(3)
    made = word.add_table(rows=0, cols=len(table.header))
    made.autofit = False
    widths = column_widths(table, _room(word)[0], SMALL, PADDING)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Pt(width)
    right, together = numeric(table), len(table.rows) <= TOGETHER
    for number, words in enumerate((table.header, *table.rows)):
        row = made.add_row()
        _row_properties(row, repeated=number == 0)
        for place, (cell, text) in enumerate(zip(row.cells, words, strict=True)):
            cell.width = Pt(widths[place])
            _fill(cell.paragraphs[0], text, number == 0, right[place], together or number > len(table.rows) - KEPT)
    _rules(made)
    _note(word, document.caption(table))


def _fill(paragraph: Any, words: str, bold: bool, right: bool, together: bool) -> None:
    paragraph.style = CELLS
    paragraph.add_run(words).bold = bold or None
    paragraph.paragraph_format.keep_with_next = bold or together
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT


def _note(word: Any, words: str) -> None:
    paragraph = word.add_paragraph(words, style="Caption")
    paragraph.paragraph_format.space_before = Pt(3)
    paragraph.paragraph_format.keep_together = True


def _row_properties(row: Any, repeated: bool) -> None:
    """No row is parted by the end of a page; the header stands on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if repeated:
        properties.append(OxmlElement("w:tblHeader"))


def _rules(table: Any) -> None:
    """Lines above and below the table and under its header, as journals print them."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom"):
        borders.append(_line(side, 8))
    table._tbl.tblPr.find(qn("w:tblLayout")).addprevious(borders)
    for cell in table.rows[0].cells:
        inside = OxmlElement("w:tcBorders")
        inside.append(_line("bottom", 4))
        cell._tc.get_or_add_tcPr().append(inside)


def _line(side: str, eighths: int) -> Any:
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "0"), ("color", str(INK))):
        line.set(qn(f"w:{name}"), value)
    return line


def _foot(word: Any, document: Document) -> None:
    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.add_run(f"{document.foot} Page ")
    _field(paragraph, "PAGE", "1")
