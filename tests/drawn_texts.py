"""Where the words of a drawn figure stand: boxes of all texts of an SVG, and which of them overlap or lie outside the
picture."""

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from itertools import combinations

from lib.publication.text_width import text_width

ASCENT, DESCENT = 0.72, 0.2  # of the font size: capitals and what hangs below the line
TOLERANCE = 1.0  # pixels
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Words:
    """A text and its box in pixels of the picture."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Words") -> bool:
        """Whether two boxes share more than the tolerance in both directions."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > TOLERANCE and down > TOLERANCE


def words_of(svg: str) -> list[Words]:
    """Every visible text of the picture."""
    found: list[Words] = []
    _collect(ET.fromstring(svg), (1, 0, 0, 1, 0, 0), {}, found)
    return found


def faults(svg: str) -> list[str]:
    """Texts that overlap, or that lie outside the picture, in words."""
    root, words = ET.fromstring(svg), words_of(svg)
    box = [float(part) for part in root.attrib["viewBox"].split()]
    width, height = box[2], box[3]
    outside = [
        f'"{each.text}" lies outside ({each.left:.0f} to {each.right:.0f} of {width:.0f}, {each.top:.0f} to'
        f" {each.bottom:.0f} of {height:.0f})"
        for each in words
        if each.left < -TOLERANCE
        or each.right > width + TOLERANCE
        or each.top < -TOLERANCE
        or each.bottom > height + TOLERANCE
    ]
    overlapping = [
        f'"{one.text}" lies over "{other.text}" at {max(one.left, other.left):.0f}, {max(one.top, other.top):.0f}'
        for one, other in combinations(words, 2)
        if one.overlaps(other)
    ]
    return outside + overlapping


def smallest(svg: str) -> float:
    """The least font size of a visible text, in the picture's own pixels."""
    sizes = [float(size) for size in re.findall(r'<text[^>]*font-size="([\d.]+)px"', svg)]
    return min(sizes, default=math.inf)


def _collect(element: ET.Element, matrix: Matrix, inherited: dict[str, str], found: list[Words]) -> None:
    here = {**inherited, **element.attrib}
    if float(element.attrib.get("opacity", 1)) == 0 or element.attrib.get("display") == "none":
        return
    matrix = _times(matrix, _matrix(element.attrib.get("transform", "")))
    tag = element.tag.rsplit("}", 1)[-1]
    if tag == "svg" and ("x" in element.attrib or "y" in element.attrib):
        matrix = _times(matrix, (1, 0, 0, 1, float(element.attrib.get("x", 0)), float(element.attrib.get("y", 0))))
    if tag == "text":
        found += _lines(element, matrix, here)
        return
    for child in element:
        _collect(child, matrix, here, found)


def _lines(element: ET.Element, matrix: Matrix, style: dict[str, str]) -> list[Words]:
    x, y = float(element.attrib.get("x", 0)), float(element.attrib.get("y", 0))
    lines = [(element.text or "", x, y)]
    for span in element:
        y += float(span.attrib.get("dy", 0))
        lines.append((span.text or "", float(span.attrib.get("x", x)), y))
    return [_box(text, (across, down), matrix, style) for text, across, down in lines if text.strip()]


def _box(text: str, at: tuple[float, float], matrix: Matrix, style: dict[str, str]) -> Words:
    size = float(style.get("font-size", "11px").removesuffix("px"))
    wide = text_width(text, size, style.get("font-weight") in ("bold", "600", "700"))
    start = at[0] - wide * {"middle": 0.5, "end": 1.0}.get(style.get("text-anchor", "start"), 0.0)
    corners = [
        _moved(matrix, across, down)
        for across in (start, start + wide)
        for down in (at[1] - ASCENT * size, at[1] + DESCENT * size)
    ]
    across, down = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return Words(text, min(across), min(down), max(across), max(down))


def _matrix(transform: str) -> Matrix:
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    for name, given in re.findall(r"(\w+)\(([^)]*)\)", transform):
        numbers = [float(part) for part in re.split(r"[ ,]+", given.strip())]
        if name == "translate":
            matrix = _times(matrix, (1, 0, 0, 1, numbers[0], numbers[1] if len(numbers) > 1 else 0.0))
        elif name == "scale":
            matrix = _times(matrix, (numbers[0], 0, 0, numbers[-1], 0, 0))
        elif name == "rotate":
            turn = math.radians(numbers[0])
            matrix = _times(matrix, (math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn), 0, 0))
    return matrix


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    return (
        a * two[0] + c * two[1],
        b * two[0] + d * two[1],
        a * two[2] + c * two[3],
        b * two[2] + d * two[3],
        a * two[4] + c * two[5] + e,
        b * two[4] + d * two[5] + f,
    )


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
