"""A figure on its paper, as SVG: title above, drawing, caption below; the size in mm, and what it shows as text for
machines.

Laid out in the pixels of the drawing; the size on paper is set last (`as_text`), so that all grows and shrinks
together.

How a figure is printed: its width on paper, resolution, colours, caption and title. Export menu, command line and
Python ask the same."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

from lib.publication.palette import INK, PAPER
from lib.publication.text_width import FONT, NORMAL, SCREEN, SMALL, broken

Colours = Literal["colour", "grey", "bw"]
CaptionPlace = Literal["inside", "beside", "none"]
SLIDE: Final = "slide"
SCREEN_SIZE: Final = "screen"
SIZES: Final[Mapping[str, str]] = {
    "85mm": "85 mm (one column)",
    "114mm": "114 mm (one and a half)",
    "174mm": "174 mm (two columns)",
    "180mm": "180 mm (two columns)",
    SLIDE: "Slide 16:9",
    SCREEN_SIZE: "As on the screen",
}
COLOURS: Final[Mapping[Colours, str]] = {"colour": "Colour", "grey": "Greys", "bw": "Black and white"}
CAPTIONS: Final[Mapping[CaptionPlace, str]] = {"inside": "In the file", "beside": "As text", "none": "None"}
RESOLUTIONS: Final = (300, 600)  # dots per inch
FORMATS: Final = ("svg", "pdf", "png", "tiff")
POINTS_PER_MM: Final = 72 / 25.4
PRINTED: Final = 7.0  # points of the small words of a figure
SLIDE_MM: Final = (40 / 3 * 25.4, 7.5 * 25.4)  # 13.333 x 7.5 in
SLIDE_PIXELS: Final = 640
NARROWEST, WIDEST = 40.0, 500.0  # mm
SVG: Final = "http://www.w3.org/2000/svg"
MARGIN: Final = 8
LINE: Final = 14  # pixels of a line of the caption
TITLE_LINE: Final = 18
LONGEST: Final = 0.5  # of the drawing's height: a longer caption is shortened
ET.register_namespace("", SVG)
ELSEWHERE: Final = "Method and notes: in the properties of this file, and in the caption as text."


class NotPrintable(ValueError):
    """A form that cannot be printed; the text is a sentence that names those that can."""


@dataclass(frozen=True)
class PrintForm:
    """`size` is one of SIZES, or any width such as "120mm". "As on the screen" prints one pixel as one point."""

    size: str = SCREEN_SIZE
    dpi: int = 300
    colours: Colours = "colour"
    caption: CaptionPlace = "inside"
    title: bool = True

    def __post_init__(self) -> None:
        """Raises NotPrintable."""
        for name, value, allowed in (
            ("resolution", self.dpi, RESOLUTIONS),
            ("choice of colours", self.colours, COLOURS),
            ("place of a caption", self.caption, CAPTIONS),
        ):
            if value not in allowed:
                raise NotPrintable(f'"{value}" is no {name}. It may be {", ".join(map(str, allowed))}.')
        if self.size not in SIZES and not NARROWEST <= (self.width_mm or 0) <= WIDEST:
            raise NotPrintable(
                f'"{self.size}" is no width. It may be {", ".join(SIZES)}, or from {NARROWEST:g} to {WIDEST:g} mm.'
            )

    @property
    def width_mm(self) -> float | None:
        """The width on paper; None where it follows from the figure (as on the screen)."""
        if self.size == SLIDE:
            return SLIDE_MM[0]
        try:
            return float(self.size.removesuffix("mm"))
        except ValueError:
            return None

    @property
    def pixels(self) -> int:
        """The width in which the figure is laid out, so that its small words are printed at seven points; even."""
        if self.size == SLIDE:
            return SLIDE_PIXELS
        wide = self.width_mm
        return SCREEN if wide is None else 2 * ceil(wide * POINTS_PER_MM * SMALL / PRINTED / 2)


ON_PAPER: Final = PrintForm("174mm")  # usual in reports and Export menus


@dataclass(frozen=True)
class Said:
    """What may stand under a drawing: all of it; all but method and notes; what stands there in any case ("" =
    nothing)."""

    full: str
    short: str
    always: str


def caption_lines(said: Said, form: PrintForm, width: float, height: float) -> list[str]:
    """The lines under a drawing of this width and height."""
    if form.caption != "inside":
        return wrapped(said.always, width)
    lines = wrapped(said.full, width)
    return lines if LINE * len(lines) <= LONGEST * height else wrapped(f"{said.short} {ELSEWHERE}", width)


def wrapped(words: str, width: float) -> list[str]:
    """Words in lines that a drawing of this width has room for."""
    return broken(words, width - 2 * MARGIN, SMALL) if words else []


def size_of(drawing: ET.Element) -> tuple[float, float]:
    """Width and height in pixels."""
    return float(drawing.attrib["width"]), float(drawing.attrib["height"])


def composed(drawing: ET.Element, title: str, lines: list[str], form: PrintForm) -> ET.Element:
    """The drawing on white paper between its title ("" = none) and these lines."""
    width, height = size_of(drawing)
    heading = broken(title, width - 2 * MARGIN, NORMAL, bold=True) if title else []
    top = TITLE_LINE * len(heading) + (MARGIN if heading else 0)
    below = LINE * len(lines) + (MARGIN if lines else 0)
    wide, high = _paper(width, top + height + below, form)
    left = (wide - width) / 2
    box = {"width": f"{wide:.10g}", "height": f"{high:.10g}"}
    root = ET.Element(f"{{{SVG}}}svg", {**box, "viewBox": f"0 0 {wide:.10g} {high:.10g}", "role": "img"})
    root.append(ET.Element(f"{{{SVG}}}rect", {**box, "fill": PAPER}))
    for number, line in enumerate(heading):
        root.append(_text(line, (left + MARGIN, MARGIN + TITLE_LINE * number + NORMAL), NORMAL, "bold"))
    group = ET.SubElement(root, f"{{{SVG}}}g", {"transform": f"translate({left:g},{top:g})"})
    group.extend(drawing)
    for number, line in enumerate(lines):
        root.append(_text(line, (left + MARGIN, top + height + LINE * number + SMALL), SMALL, "normal"))
    return root


def described(root: ET.Element, facts: Mapping[str, str]) -> None:
    """Title, description and where the figure comes from, for screen readers and machines; they come first."""
    rest = "\n".join(f"{name}: {words}" for name, words in facts.items() if name not in ("Title", "Description"))
    for place, (tag, words) in enumerate(
        (("title", facts["Title"]), ("desc", facts["Description"]), ("metadata", rest))
    ):
        element = ET.Element(f"{{{SVG}}}{tag}")
        element.text = words
        root.insert(place, element)


def points_of(root: ET.Element, form: PrintForm) -> tuple[float, float]:
    """Width and height on paper in points; as on the screen a pixel is a point."""
    wide, high = size_of(root)
    points = wide if form.width_mm is None else form.width_mm * POINTS_PER_MM
    return points, points * high / wide


def as_text(root: ET.Element, width: str, height: str) -> str:
    """The SVG in this size, filled to its edges."""
    size = {"width": width, "height": height, "preserveAspectRatio": "none"}
    sized = ET.Element(root.tag, {**root.attrib, **size})
    sized.extend(root)
    return ET.tostring(sized, encoding="unicode")


def _paper(width: float, height: float, form: PrintForm) -> tuple[float, float]:
    """As large as what stands on it; a slide has its own shape."""
    if form.size != SLIDE:
        return width, height
    shape = SLIDE_MM[0] / SLIDE_MM[1]
    return max(width, height * shape), max(height, width / shape)


def _text(words: str, place: tuple[float, float], size: float, weight: str) -> ET.Element:
    font = {"font-family": FONT, "font-size": f"{size:g}px", "font-weight": weight, "fill": INK}
    element = ET.Element(f"{{{SVG}}}text", {"x": f"{place[0]:g}", "y": f"{place[1]:g}", **font})
    element.text = words
    return element
