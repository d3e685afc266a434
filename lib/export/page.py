"""One page of paper (A4, upright) with several figures and tables: title and facts above, provenance at the foot, as
one SVG.

Everything is laid out in the figures' own pixels and then scaled together until it fits, so a page is always one page.
A page is {"title", "facts": [lines], "under": [figure], "beside": [figure or table], "lines": [text at the foot]}; a
figure is {"chart", "title"}, a table {"header", "rows", "title"}.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lib.publication.text_width import FONT, text_width

SVG: Final = "http://www.w3.org/2000/svg"
PAPER: Final = (595.28, 841.89)  # A4 in points; one SVG pixel is one point of the PDF
MARGIN: Final = 28.0
CONTENT: Final = 930.0  # pixels across, before scaling
TITLE, TEXT, FOOT, LINE = 17.0, 11.5, 10.5, 16.0
BETWEEN: Final = 14.0
COLUMN_GAP: Final = 14.0
NUMBER: Final = re.compile(r"[<>≥≤]?[−+-]?[\d,.]+( ?[%†*])?|–|")
IDS: Final = re.compile(r'(\bid="|url\(#|href="#)')
Draw = Callable[[dict[str, Any]], str]


@dataclass
class Sheet:
    """The page while it is laid out: its elements, and how far down it is filled."""

    elements: list[ET.Element] = field(default_factory=list)
    down: float = 0.0

    def write(self, words: str, size: float = TEXT, weight: str = "normal") -> None:
        """A line of text over the whole width."""
        self.down += size * LINE / TEXT
        self.elements.append(text_element(words, (0.0, self.down - 0.3 * size), size, weight))


def page(given: dict[str, Any], draw: Draw) -> str:
    """The page as an SVG; `draw` makes the SVG of a chart."""
    ET.register_namespace("", SVG)
    sheet = Sheet()
    sheet.write(given["title"], TITLE, "bold")
    for line in given["facts"]:
        sheet.write(line)
    for number, figure in enumerate(given["under"]):
        sheet.down += _figure(sheet, figure, (0.0, sheet.down + BETWEEN), draw, f"u{number}_") + BETWEEN
    _side_by_side(sheet, given["beside"], draw)
    sheet.down += BETWEEN
    for line in given["lines"]:
        sheet.write(line, FOOT)
    return _on_paper(sheet, given["title"])


def _side_by_side(sheet: Sheet, parts: Sequence[dict[str, Any]], draw: Draw) -> None:
    across, deepest = 0.0, 0.0
    for number, part in enumerate(parts):
        place = (across, sheet.down + BETWEEN)
        if "chart" in part:
            deep = _figure(sheet, part, place, draw, f"b{number}_")
            across += float(part["chart"].get("width", CONTENT)) + 2 * BETWEEN
        else:
            deep = _table(sheet, part, place, CONTENT - across)
        deepest = max(deepest, deep)
    sheet.down += deepest + BETWEEN if parts else 0.0


def _figure(sheet: Sheet, figure: dict[str, Any], place: tuple[float, float], draw: Draw, prefix: str) -> float:
    """The figure under its title; returns how deep it is. Its ids get a prefix, or clips of one figure would cut
    another."""
    x, y = place
    sheet.elements.append(text_element(figure["title"], (x, y + TEXT), TEXT + 0.5, "bold"))
    drawing = ET.fromstring(IDS.sub(rf"\g<1>{prefix}", draw(figure["chart"])))
    drawing.attrib.update({"x": f"{x:g}", "y": f"{y + LINE:g}"})
    sheet.elements.append(drawing)
    return LINE + float(drawing.attrib["height"])


def _table(sheet: Sheet, table: dict[str, Any], place: tuple[float, float], across: float) -> float:
    """The table in columns as wide as their longest words, smaller where it would not fit; returns how deep it is."""
    x, y = place
    sheet.elements.append(text_element(table["title"], (x, y + TEXT), TEXT + 0.5, "bold"))
    rows = [table["header"], *table["rows"]]
    columns = list(zip(*rows, strict=True))
    widths = [max(text_width(cell, FOOT, bold=row == 0) for row, cell in enumerate(column)) for column in columns]
    scale = min(1.0, across / (sum(widths) + COLUMN_GAP * (len(widths) - 1)))
    left = x
    for column, width in zip(columns, widths, strict=True):
        numbers = all(NUMBER.fullmatch(cell) for cell in column[1:])
        for row, cell in enumerate(column):
            down, weight = y + LINE * (row + 2) + 2, "bold" if row == 0 else "normal"
            across_to = left + width * scale if numbers else left
            sheet.elements.append(
                text_element(cell, (across_to, down), FOOT * scale, weight, "end" if numbers else "start")
            )
        left += (width + COLUMN_GAP) * scale
    return LINE * (len(rows) + 2)


def _on_paper(sheet: Sheet, title: str) -> str:
    width, height = PAPER
    scale = min((width - 2 * MARGIN) / CONTENT, (height - 2 * MARGIN) / sheet.down)
    root = ET.Element(
        f"{{{SVG}}}svg", {"width": f"{width:g}", "height": f"{height:g}", "viewBox": f"0 0 {width:g} {height:g}"}
    )
    ET.SubElement(root, f"{{{SVG}}}title").text = title
    ET.SubElement(root, f"{{{SVG}}}rect", {"width": f"{width:g}", "height": f"{height:g}", "fill": "#FFFFFF"})
    left = (width - CONTENT * scale) / 2
    group = ET.SubElement(root, f"{{{SVG}}}g", {"transform": f"translate({left:g},{MARGIN:g}) scale({scale:g})"})
    group.extend(sheet.elements)
    return ET.tostring(root, encoding="unicode")


def text_element(words: str, place: tuple[float, float], size: float, weight: str, anchor: str = "start") -> ET.Element:
    """Words in the font of all figures, from (or, "end", up to) this place."""
    x, y = place
    font = {
        "text-anchor": anchor,
        "font-family": FONT,
        "font-size": f"{size:g}px",
        "font-weight": weight,
        "fill": "#222222",
    }
    element = ET.Element(f"{{{SVG}}}text", {"x": f"{x:g}", "y": f"{y:g}", **font})
    element.text = words
    return element
