"""A report as a PDF of A4 pages: figures as drawings, tables and captions as text, bookmarks for each, provenance at
the foot."""

import io
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from lib import VERSION
from lib.export.composition import SVG
from lib.export.document import REFERENCES, Block, Document
from lib.export.drawing import rendered
from lib.export.letters import written_in_fonts_that_have_them
from lib.export.page import IDS, PAPER, text_element
from lib.export.pdf_pages import ARTIFACT, Tag, tag_pages
from lib.export.provenance import APP
from lib.export.table_form import cell_lines, column_widths, is_wide, numeric
from lib.publication.exhibit import Exhibit, Figure, Table
from lib.publication.palette import INK
from lib.publication.spec import Failed
from lib.publication.text_width import broken

MARGIN, FOOT = 57.0, 24.0  # points: 20 mm; of the line at the foot
TITLE, HEADING, BODY, SMALL = 18.0, 13.0, 9.5, 7.5
LINE: Final = 1.3  # of the size of letters
PADDING, GAP = 10.0, 3.0  # points of a cell: at both sides together, above and below together
BETWEEN: Final = 22.0  # points after an exhibit
WIDEST_UPRIGHT: Final = 1.6  # times the width of the text: the words of a wider figure would be too small
LEAST: Final = 0.4  # of a page: a figure is not made lower than this to make room for its caption
KEPT: Final = 3  # rows of a table that stand with its title, or with what is below it
UNSEEN: Final = 0.01  # points
SAID: Final = "aria-label"
SKIPPED: Final = ("title", "desc", "metadata", "style")


@dataclass
class Sheet:
    """One page while it is laid out: how far down it is filled."""

    across: bool
    elements: list[ET.Element] = field(default_factory=list)
    down: float = 0.0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the paper, in points."""
        return (PAPER[1], PAPER[0]) if self.across else PAPER

    @property
    def room(self) -> tuple[float, float]:
        """Width and height for what stands on it."""
        return self.size[0] - 2 * MARGIN, self.size[1] - 2 * MARGIN


@dataclass
class Book:
    """Pages while they are laid out, and at which one an entry of the contents begins."""

    sheets: list[Sheet] = field(default_factory=lambda: [Sheet(False)])
    entries: list[tuple[str, int]] = field(default_factory=list)

    @property
    def sheet(self) -> Sheet:
        """The page that is filled."""
        return self.sheets[-1]

    def turn(self, across: bool) -> None:
        """Begins a page where the paper lies the other way."""
        if across != self.sheet.across:
            self.sheets.append(Sheet(across))

    def need(self, height: float) -> None:
        """Begins a page where less than this is left."""
        if self.sheet.down and self.sheet.down + height > self.sheet.room[1]:
            self.sheets.append(Sheet(self.sheet.across))

    def write(self, words: str, size: float, bold: bool = False) -> None:
        """Words over the whole width."""
        for line in broken(words, self.sheet.room[0], size, bold):
            self.need(size * LINE)
            self.place(line, 0.0, size, bold)
            self.sheet.down += size * LINE

    def place(
        self, words: str, across: float, size: float, bold: bool, right: bool = False, below: float = 0.0
    ) -> None:
        """One line at its place on the page; of an empty cell none."""
        if not words.strip():
            return
        at = (MARGIN + across, MARGIN + self.sheet.down + below + size)
        line = text_element(words, at, size, "bold" if bold else "normal", "end" if right else "start")
        written_in_fonts_that_have_them(line)
        self.sheet.elements.append(line)

    def rule(self, width: float, stroke: float) -> None:
        """A line across a table."""
        y = f"{MARGIN + self.sheet.down:g}"
        ends = {"x1": f"{MARGIN:g}", "x2": f"{MARGIN + width:g}", "y1": y, "y2": y}
        self.sheet.elements.append(ET.Element(f"{{{SVG}}}line", {**ends, "stroke": INK, "stroke-width": f"{stroke:g}"}))


def pdf_file(document: Document) -> bytes:
    """The report as a file. Raises RuntimeError if it cannot be drawn."""
    book = Book()
    book.write(document.title, TITLE, bold=True)
    book.sheet.down += BODY
    book.write(document.opening, BODY)
    book.sheet.down += BETWEEN
    for block in document.blocks:
        _put(book, block, document)
    for heading, paragraphs in document.passages:
        _tell(book, heading, paragraphs)
    for block in document.last:
        _put(book, block, document)
    pages = [_on_paper(sheet, document, f"{n} of {len(book.sheets)}") for n, sheet in enumerate(book.sheets, start=1)]
    return _joined([files[0] for files in rendered([{"sheet": page} for page in pages])], book, document)


def _put(book: Book, block: Block, document: Document) -> None:
    """A part of the report: heading and words stand with what follows."""
    exhibit, drawing = block.exhibit, _drawing(block, len(book.entries))
    book.turn(_is_wide(exhibit, drawing))
    caption = "" if isinstance(exhibit, Failed) else document.caption(exhibit)
    above, below = _above(book, block), _height(book, f"{block.title} {caption}", SMALL) + BODY
    scale = _scale(book, drawing, above + below)
    book.need(min(above, book.sheet.room[1] / 2) + _least(book, block, drawing, scale, above) + below)
    book.entries.append((block.heading or block.title.rstrip("."), len(book.sheets) - 1))
    if block.heading and block.label:
        book.write(block.heading, HEADING, bold=True)
        book.sheet.down += BODY / 2
    for words in block.paragraphs:
        book.write(words, BODY)
        book.sheet.down += BODY / 2
    if drawing is not None:
        _place(book, drawing, scale)
        book.write(block.title, SMALL, bold=True)
    elif isinstance(exhibit, Table):
        _rows(book, block.title, exhibit, below)
    else:
        book.write(block.title, BODY)
    book.write(caption, SMALL)
    book.sheet.down += BETWEEN


def _tell(book: Book, heading: str, paragraphs: Sequence[str]) -> None:
    """Text under a heading; references are numbered."""
    book.turn(False)
    book.need(HEADING * LINE + BODY / 2 + 3 * BODY * LINE)
    book.entries.append((heading, len(book.sheets) - 1))
    book.write(heading, HEADING, bold=True)
    book.sheet.down += BODY / 2
    for number, words in enumerate(paragraphs, start=1):
        book.write(f"{number}. {words}" if heading == REFERENCES else words, BODY)
        book.sheet.down += BODY / 2
    book.sheet.down += BETWEEN


def _is_wide(exhibit: Exhibit | Failed, drawing: ET.Element | None) -> bool:
    upright = Sheet(False).room[0]
    if drawing is not None:
        return float(drawing.attrib["width"]) > WIDEST_UPRIGHT * upright
    return isinstance(exhibit, Table) and is_wide(exhibit, upright, SMALL, PADDING)


def _least(book: Book, block: Block, drawing: ET.Element | None, scale: float, above: float) -> float:
    """The height of the drawing, of a table that fits one page, or of the first rows of a longer one."""
    if drawing is not None:
        return float(drawing.attrib["height"]) * scale
    if not isinstance(block.exhibit, Table):
        return 0.0
    widths = column_widths(block.exhibit, book.sheet.room[0], SMALL, PADDING)
    rows = [_deep(_cells(row, widths, bold=True)) for row in (block.exhibit.header, *block.exhibit.rows)]
    fits = above + sum(rows) + _height(book, block.title, SMALL) + BETWEEN < book.sheet.room[1]
    return sum(rows if fits else rows[: KEPT + 1])


def _above(book: Book, block: Block) -> float:
    """The height of heading and words."""
    heading = _height(book, block.heading, HEADING) + BODY / 2 if block.heading and block.label else 0.0
    return heading + sum(_height(book, words, BODY) + BODY / 2 for words in block.paragraphs)


def _height(book: Book, words: str, size: float) -> float:
    return len(broken(words, book.sheet.room[0], size, bold=True)) * size * LINE


def _scale(book: Book, drawing: ET.Element | None, beside: float) -> float:
    """So that the drawing is as wide as the text, and stands on one page with what belongs to it."""
    if drawing is None:
        return 1.0
    width, height = book.sheet.room
    deep = max(LEAST * height, height - beside)
    return min(1.0, width / float(drawing.attrib["width"]), deep / float(drawing.attrib["height"]))


def _drawing(block: Block, number: int) -> ET.Element | None:
    """The figure in points, without what it says to machines; its parts have names of their own within the page."""
    if "svg" not in block.pictures or not isinstance(block.exhibit, Figure):
        return None
    drawing = ET.fromstring(IDS.sub(rf"\g<1>f{number}_", block.pictures["svg"].decode()))
    for child in list(drawing):
        if child.tag.removeprefix(f"{{{SVG}}}") in SKIPPED:
            drawing.remove(child)
    drawing.set(SAID, block.exhibit.alt)
    for side in ("width", "height"):
        drawing.set(side, f"{float(drawing.attrib[side].removesuffix('mm')) * 72 / 25.4:.8g}")
    return drawing


def _place(book: Book, drawing: ET.Element, scale: float) -> None:
    width, height = (float(drawing.attrib[side]) * scale for side in ("width", "height"))
    left = MARGIN + (book.sheet.room[0] - width) / 2
    place = {"x": left, "y": MARGIN + book.sheet.down, "width": width, "height": height}
    drawing.attrib.update({name: f"{value:g}" for name, value in place.items()})
    book.sheet.elements.append(drawing)
    book.sheet.down += height + BODY / 2


def _rows(book: Book, title: str, table: Table, below: float) -> None:
    """Title and rows; on each further page the header once more. The last rows stand with what is below."""
    widths, right = column_widths(table, book.sheet.room[0], SMALL, PADDING), numeric(table)
    head = _cells(table.header, widths, bold=True)
    rows = [_cells(row, widths) for row in table.rows]
    book.write(title, SMALL, bold=True)
    _header(book, head, widths, right)
    for place, row in enumerate(rows):
        rest = sum(map(_deep, rows[place:])) + below if place == len(rows) - KEPT else _deep(row)
        if book.sheet.down + rest > book.sheet.room[1]:
            book.rule(sum(widths), 0.5)
            book.need(book.sheet.room[1])
            _header(book, head, widths, right)
        _row(book, row, widths, right)
    book.rule(sum(widths), 1)
    book.sheet.down += BODY / 2


def _header(book: Book, head: Sequence[list[str]], widths: Sequence[float], right: Sequence[bool]) -> None:
    book.sheet.down += GAP
    book.rule(sum(widths), 1)
    _row(book, head, widths, right, bold=True)
    book.rule(sum(widths), 0.5)


def _cells(row: Sequence[str], widths: Sequence[float], bold: bool = False) -> list[list[str]]:
    return [cell_lines(cell, width - PADDING, SMALL, bold) for cell, width in zip(row, widths, strict=True)]


def _deep(row: Sequence[list[str]]) -> float:
    return max(map(len, row)) * SMALL * LINE + GAP


def _row(
    book: Book, row: Sequence[list[str]], widths: Sequence[float], right: Sequence[bool], bold: bool = False
) -> None:
    left = 0.0
    for lines, width, numbers in zip(row, widths, right, strict=True):
        for number, line in enumerate(lines):
            across = left + (width - PADDING / 2 if numbers else PADDING / 2)
            book.place(line, across, SMALL, bold, numbers, GAP / 2 + number * SMALL * LINE)
        left += width
    book.sheet.down += _deep(row)


def _on_paper(sheet: Sheet, document: Document, number: str) -> str:
    wide, high = sheet.size
    box = {"width": f"{wide:g}", "height": f"{high:g}", "viewBox": f"0 0 {wide:g} {high:g}"}
    root = ET.Element(f"{{{SVG}}}svg", box)
    root.extend(map(_grouped, sheet.elements))
    for place, line in enumerate(_foot(sheet, document)):
        down = high - MARGIN + FOOT + place * SMALL * LINE
        root.append(_grouped(text_element(line, (MARGIN, down), SMALL - 0.5, "normal")))
    root.append(_grouped(text_element(number, (wide - MARGIN, high - MARGIN + FOOT), SMALL - 0.5, "normal", "end")))
    return ET.tostring(root, encoding="unicode")


def _grouped(element: ET.Element) -> ET.Element:
    """One group of the page, so that it can be tagged: the renderer keeps those that move what is in them."""
    group = ET.Element(f"{{{SVG}}}g", {"transform": f"translate(0 {UNSEEN})"})
    group.append(element)
    return group


def _foot(sheet: Sheet, document: Document) -> list[str]:
    return broken(document.foot, sheet.size[0] - 2 * MARGIN - 60, SMALL - 0.5)[:3]


def _tags(sheet: Sheet, document: Document) -> list[Tag]:
    """What each element of a page is; its foot, with the number of the page, is the same on all."""
    return [*map(_tag, sheet.elements), *[Tag(ARTIFACT)] * (len(_foot(sheet, document)) + 1)]


def _tag(element: ET.Element) -> Tag:
    if SAID in element.attrib:
        return Tag("Figure", element.attrib[SAID])
    if element.tag != f"{{{SVG}}}text":
        return Tag(ARTIFACT)
    size = float(element.attrib["font-size"].removesuffix("px"))
    return Tag("H1" if size == TITLE else "H2" if size == HEADING else "P")


def _joined(pages: Sequence[bytes], book: Book, document: Document) -> bytes:
    writer = PdfWriter()
    for page in pages:
        writer.add_page(page=PdfReader(io.BytesIO(page)).pages[0])
    for title, place in book.entries:
        writer.add_outline_item(title=title, page_number=place)
    reported: dict[str, Any] = {
        "/Title": document.title,
        "/Subject": document.opening,
        "/Keywords": document.keywords,
        "/Creator": f"{APP} {VERSION}",
        "/Synthetic": document.provenance.synthetic_words,
        "/CreationDate": f"D:{document.provenance.created.replace('-', '')}",
    }
    tag_pages(writer, [_tags(sheet, document) for sheet in book.sheets])
    writer.add_metadata({name: words for name, words in reported.items() if words})
    writer.root_object[NameObject("/Lang")] = TextStringObject("en-GB")
    writer.compress_identical_objects()
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
