"""A report as a Word document: pictures with numbered captions and alternative texts, native tables, provenance at the
foot."""

import io
from typing import Any, Final

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from lib.export.document import REFERENCES, Block, Document, picture_size, write_properties
from lib.export.table_form import PORTRAIT, table_form
from lib.export.word_table import BEHIND, FONT, add_field, add_label, add_table, new_document, saved, turn_page
from lib.publication.exhibit import Figure, Table
from lib.publication.spec import Failed
from lib.publication.text_width import broken

BODY, SMALL = 10.0, 8.0  # points
LINE: Final = 1.25  # of the size of letters
WIDEST_UPRIGHT: Final = 1.6  # times the width of the text: the words of a wider figure would be too small
INK: Final = RGBColor(0x22, 0x22, 0x22)


def docx_file(document: Document) -> bytes:
    """The report as a file."""
    word = new_document(document.title, document.provenance)
    _styles(word)
    _foot(word, document)
    write_properties(word.core_properties, document)
    word.add_paragraph(document.title, style="Title")
    word.add_paragraph(document.opening)
    for block in document.blocks:
        _put(word, block, document)
    for heading, paragraphs in document.passages:
        turn_page(word, False)
        word.add_paragraph(heading, style="Heading 1")
        for number, words in enumerate(paragraphs, start=1):
            word.add_paragraph(f"{number}. {words}" if heading == REFERENCES else words)
    for block in document.last:
        _put(word, block, document)
    return saved(word, document.provenance)


def _put(word: WordDocument, block: Block, document: Document) -> None:
    """A part of the report under its heading and words, on a page that lies as it needs it."""
    turn_page(word, _is_wide(block, document))
    if block.heading and block.label:
        word.add_paragraph(block.heading, style="Heading 1")
    for words in block.paragraphs:
        word.add_paragraph(words)
    if isinstance(block.exhibit, Failed):
        word.add_paragraph(block.title)
    elif isinstance(block.exhibit, Figure):
        _figure(word, block, block.exhibit, document)
    else:
        add_table(word, block.exhibit, document.provenance, footer=False, number=block.label.split()[1])


def _styles(word: Any) -> None:
    for name, size, bold in (
        ("Normal", BODY, False),
        ("Title", 18, True),
        ("Heading 1", 13, True),
        ("Caption", SMALL, False),
        ("Footer", 7, False),
    ):
        style = word.styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.color.rgb = FONT, Pt(size), bold, INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{script}"), None)
        for script in ("hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
    for border in word.styles["Title"].element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
    word.styles["Caption"].paragraph_format.space_after = BEHIND


def _is_wide(block: Block, document: Document) -> bool:
    if isinstance(block.exhibit, Table):
        return table_form(block.exhibit, document.provenance).is_wide
    return isinstance(block.exhibit, Figure) and picture_size(block.pictures["png"])[0] > WIDEST_UPRIGHT * PORTRAIT


def _room(word: Any) -> tuple[float, float]:
    """Width and height for what stands on the page, in points."""
    section = word.sections[-1]
    wide = section.page_width - section.left_margin - section.right_margin
    return wide / Pt(1), (section.page_height - section.top_margin - section.bottom_margin) / Pt(1)


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
    _caption(word, block, caption)


def _caption(word: Any, block: Block, words: str) -> None:
    """ "Figure 1. Title." in bold, and what follows."""
    paragraph = word.add_paragraph(style="Caption")
    add_label(paragraph, *block.label.split())
    paragraph.add_run(block.title.removeprefix(block.label)).bold = True
    paragraph.add_run(f" {words}")
    paragraph.paragraph_format.keep_together = True


def _foot(word: Any, document: Document) -> None:
    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.add_run(f"{document.foot} Page ")
    add_field(paragraph, "PAGE", "1")
