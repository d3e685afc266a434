"""A report as slides: one figure or table a slide, with native title, caption and notes; long tables go on on further
slides."""

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.util import Pt

from lib.export.document import ANALYSIS, Block, Document, picture_size, write_properties
from lib.export.table_form import cell_lines, column_widths, is_wide, numeric
from lib.publication.exhibit import Figure, Table
from lib.publication.palette import INK
from lib.publication.spec import Failed
from lib.publication.text_width import broken

WIDTH, HEIGHT, MARGIN = 960.0, 540.0, 36.0  # points: 13.333 x 7.5 in
ROOM: Final = WIDTH - 2 * MARGIN
TOP, FOOT = 88.0, 516.0  # where a figure begins; where the line at the foot stands
TITLES, CAPTIONS, SMALL = (24.0, 20.0, 16.0, 13.0), (11.0, 9.5, 8.0), 8.0  # the first that is not too high, or the last
HIGHEST_CAPTION: Final = 90.0
CELLS: Final = (
    12.0,
    11.0,
    10.0,
    9.0,
)  # sizes of the words of a table: the first in which it fits one slide, or the last
PADDING, GAP = 12.0, 5.0  # points of a cell: at both sides together, above and below together
LINE: Final = 1.2
CITED: Final = re.compile(r" ?\[\d+(?:, ?\d+|[–-]\d+)*\]")  # "[1, 2]"
IN_NOTES: Final = "The text stands in the notes of this slide."
MOST_SLIDES: Final = 6  # of one table; a longer one stands in the other files
FONT: Final = "Arial"
NO_STYLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's "No Style, No Grid"
DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
Place = tuple[float, float, float, float]  # left, top, width, height


def pptx_file(document: Document) -> bytes:
    """The slides as a file."""
    slides = Presentation()
    _sixteen_to_nine(slides)
    write_properties(slides.core_properties, document)
    first = slides.slides.add_slide(slides.slide_layouts[0])
    _write(first.shapes.title, document.title, 36, bold=True)
    _write(first.placeholders[1], document.opening, 16)
    _foot(first, document)
    for block in document.blocks:
        if isinstance(block.exhibit, Failed):
            _slide(slides, block.heading or block.exhibit.id, block, document, block.exhibit.reason)
        elif isinstance(block.exhibit, Figure):
            _figure(slides, block, block.exhibit, document)
        else:
            _table(slides, block, block.exhibit, document)
    if document.methods.paragraphs:
        _methods(slides, document)
    made = io.BytesIO()
    slides.save(made)
    return made.getvalue()


def _sixteen_to_nine(slides: Any) -> None:
    """The template is 4:3; what stands on its layouts grows with it."""
    wider = Pt(WIDTH) / slides.slide_width
    slides.slide_width, slides.slide_height = Pt(WIDTH), Pt(HEIGHT)
    for layout in (slides.slide_master, *slides.slide_layouts):
        for shape in layout.placeholders:
            if shape._element.spPr.xfrm is not None:
                shape.left, shape.width = int(shape.left * wider), int(shape.width * wider)


def _slide(slides: Any, title: str, block: Block, document: Document, caption: str = "") -> Any:
    """A slide with its title, the caption above the foot, and notes that say all."""
    slide = _titled(slides, title)
    if caption:
        size, high = _caption_size(caption)
        _write(slide.shapes.add_textbox(*map(Pt, (MARGIN, FOOT - high, ROOM, high))), caption, size)
    _foot(slide, document)
    slide.notes_slide.notes_text_frame.text = "\n".join(_notes(block, document))
    return slide


def _titled(slides: Any, title: str) -> Any:
    slide = slides.slides.add_slide(slides.slide_layouts[5])  # title only
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = map(Pt, (MARGIN, 20, ROOM, TOP - 28))
    _write(shape, title, _title_size(title), bold=True)
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    return slide


def _title_size(title: str) -> float:
    """So large that it needs no more than two lines."""
    return next((size for size in TITLES if len(broken(title, ROOM - 20, size, bold=True)) <= 2), TITLES[-1])


def _caption_size(caption: str) -> tuple[float, float]:
    """The size of its letters, and its height."""
    for size in CAPTIONS:
        high = len(broken(caption, ROOM - 16, size)) * size * LINE + 10
        if high <= HIGHEST_CAPTION:
            break
    return size, high


def _deep(caption: str) -> float:
    """The height between title and caption."""
    return FOOT - _caption_size(caption)[1] - TOP


def _caption(block: Block, document: Document) -> str:
    """What it shows and of whom; method and notes stand in the notes of the slide."""
    exhibit = block.exhibit
    if isinstance(exhibit, Failed):
        return exhibit.reason
    warned = document.provenance.warnings_of(exhibit)
    reported = (f"{block.label}.", exhibit.caption, *warned, document.provenance.sentence_of(exhibit))
    return " ".join(filter(None, reported))


def _notes(block: Block, document: Document) -> Iterator[str]:
    yield from block.paragraphs
    yield block.title
    if not isinstance(block.exhibit, Failed):
        yield document.caption(block.exhibit)
    yield f"{document.provenance.stamp} {document.opening}"


def _figure(slides: Any, block: Block, figure: Figure, document: Document) -> None:
    caption = _caption(block, document)
    slide = _slide(slides, block.heading or figure.title, block, document, caption)
    deep = _deep(caption)
    wide, high = picture_size(block.pictures["png"])
    scale = min(ROOM / wide, deep / high)
    place = ((WIDTH - wide * scale) / 2, TOP + (deep - high * scale) / 2, wide * scale, high * scale)
    picture = slide.shapes.add_picture(io.BytesIO(block.pictures["png"]), *map(Pt, place))
    about = picture._element.nvPicPr.cNvPr
    about.set("descr", figure.alt)
    about.set("name", block.label)


def _table(slides: Any, block: Block, table: Table, document: Document) -> None:
    caption = _caption(block, document)
    size, parts = _parted(table, _deep(caption))
    if len(parts) > MOST_SLIDES:
        whole = sum(map(len, parts))
        caption += f" Rows 1 to {len(parts[0])} of {whole}: the other files of this report, Word or PDF, have all."
        size, parts = _parted(table, _deep(caption))
        parts = parts[:1]
    title = block.heading or table.title
    for number, rows in enumerate(parts, start=1):
        which = f" ({number} of {len(parts)})" if len(parts) > 1 else ""
        slide = _slide(slides, title + which, block, document, caption)
        _cells(slide, block.label, table, rows, size)


def _methods(slides: Any, document: Document) -> None:
    """The methods without references, where they can be read on one slide; all of them in its notes."""
    slide = _titled(slides, ANALYSIS)
    paragraphs = [CITED.sub("", each) for each in document.methods.paragraphs]
    size = next((size for size in CELLS if _lines(paragraphs, size) * size * LINE < FOOT - TOP - 10), 0.0)
    place = map(Pt, (MARGIN, TOP, ROOM, FOOT - TOP - 10))
    _write(slide.shapes.add_textbox(*place), "\n".join(paragraphs) if size else IN_NOTES, size or CELLS[0])
    _foot(slide, document)
    slide.notes_slide.notes_text_frame.text = document.methods.text


def _lines(paragraphs: Sequence[str], size: float) -> int:
    return sum(len(broken(each, ROOM - 16, size)) for each in paragraphs)


def _parted(table: Table, deep: float) -> tuple[float, list[list[tuple[str, ...]]]]:
    """The size of its words, and the rows of each slide."""
    for size in CELLS:
        parts = _rows_of_slides(table, deep, size)
        if len(parts) == 1 and not is_wide(table, ROOM, size, PADDING):
            break
    return size, parts


def _rows_of_slides(table: Table, deep: float, size: float) -> list[list[tuple[str, ...]]]:
    widths = column_widths(table, ROOM, size, PADDING)
    left = room = deep - _row_height(table.header, widths, size, bold=True)
    parts: list[list[tuple[str, ...]]] = [[]]
    for row in table.rows:
        high = _row_height(row, widths, size)
        if high > left and parts[-1]:
            parts.append([])
            left = room
        parts[-1].append(row)
        left -= high
    return parts


def _row_height(row: Sequence[str], widths: Sequence[float], size: float, bold: bool = False) -> float:
    lines = (cell_lines(cell, width - PADDING, size, bold) for cell, width in zip(row, widths, strict=True))
    return max(map(len, lines)) * size * LINE + GAP


def _cells(slide: Any, label: str, table: Table, rows: Sequence[tuple[str, ...]], size: float) -> None:
    widths, right = column_widths(table, ROOM, size, PADDING), numeric(table)
    printed = [table.header, *rows]
    highs = [_row_height(row, widths, size, bold=number == 0) for number, row in enumerate(printed)]
    place = map(Pt, (MARGIN, TOP, sum(widths), sum(highs)))
    shape = slide.shapes.add_table(len(printed), len(widths), *place)
    shape.name = label
    shape._element.nvGraphicFramePr.cNvPr.set("descr", table.title)
    made = shape.table
    made._tbl.tblPr.find(f"{{{DRAWING}}}tableStyleId").text = NO_STYLE
    made.horz_banding = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Pt(width)
    for number, (row, high) in enumerate(zip(printed, highs, strict=True)):
        made.rows[number].height = Pt(high)
        for column, words in enumerate(row):
            cell = made.cell(number, column)
            _write(cell, words, size, bold=number == 0)
            cell.margin_left = cell.margin_right = Pt(PADDING / 2)
            cell.margin_top = cell.margin_bottom = Pt(GAP / 2)
            cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT if right[column] else PP_ALIGN.LEFT
            _rules(cell, above=number == 0, below=number in (0, len(printed) - 1))


def _rules(cell: Any, above: bool, below: bool) -> None:
    """Lines above and below the table and under its header."""
    for tag, drawn in (("lnT", above), ("lnB", below)):
        if drawn:
            fill = f'<a:solidFill><a:srgbClr val="{INK[1:]}"/></a:solidFill>'
            line = parse_xml(f'<a:{tag} xmlns:a="{DRAWING}" w="12700">{fill}</a:{tag}>')
            cell._tc.get_or_add_tcPr().append(line)


def _write(shape: Any, words: str, size: float, bold: bool = False) -> None:
    frame = shape.text_frame
    frame.word_wrap = True
    frame.text = words
    for paragraph in frame.paragraphs:
        paragraph._p.get_or_add_endParaRPr().set(
            "sz", str(round(100 * size))
        )  # else an empty cell is as high as 18 points
        for run in paragraph.runs:
            run.font.name, run.font.size, run.font.bold = FONT, Pt(size), bold


def _foot(slide: Any, document: Document) -> None:
    _write(slide.shapes.add_textbox(*map(Pt, (MARGIN, FOOT, ROOM, 18))), document.foot, SMALL)
