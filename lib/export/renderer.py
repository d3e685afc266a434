"""Renders figures in a process of its own: the renderer would otherwise stop every session while it works.

Run as `python -m lib.export.renderer`; reads {"jobs": [...]} from standard input, writes [base64, ...] for each job, a
line each. A job is {"chart": specification with data, "title", "said", "facts", "form", "formats": [...]} (see
figure_file.py), or {"page": ...}: see page.py, or {"sheet": SVG of a page that is a PDF as it stands}.

Without colours: greys that part, or black and white with dashes and patterns; of groups the same in every figure.
"""

import base64
import io
import json
import os
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from lib.export.composition import (
    POINTS_PER_MM,
    Colours,
    PrintForm,
    Said,
    as_text,
    caption_lines,
    composed,
    described,
    points_of,
    size_of,
    wrapped,
)
from lib.export.drawing import READY
from lib.export.letters import font_faces, scripts_without_a_font, written_in_fonts_that_have_them
from lib.export.page import page
from lib.export.pdf_order import in_one_order
from lib.publication.palette import GRID, GROUP_COLOURS, GROUP_DASHES, INK, PAPER, luminance
from lib.publication.text_width import FONTS

SVG: Final = "http://www.w3.org/2000/svg"
GROUP_GREYS: Final = ("#1A1A1A", "#929292", "#5C5C5C", "#BDBDBD", "#3E3E3E", "#A8A8A8", "#777777", "#D4D4D4")
DARKEST, LIGHTEST, APART = 0.10, 0.94, 0.09  # of lightness: 0 black, 1 white
TINT: Final = 0.5  # a fill that lets more through is a band, not a symbol
MANY: Final = 12  # more colours are a scale without steps
BLACK: Final = "#000000"
HEX: Final = re.compile(r"#[0-9a-fA-F]{6}")
RGB: Final = re.compile(r"rgb\((\d+), *(\d+), *(\d+)\)")
LINES: Final = ("line", "rule", "trail")
UNBROKEN: Final = ("", "none", "1,0", "1 0")
UNTOUCHED: Final = (PAPER, INK, GRID)
PATTERNS: Final[
    Mapping[str, str]
] = {  # from dark to light, on a square of six pixels; the lightest are seen in small symbols, too
    "dense": "M0,1.5H6M0,4.5H6M1.5,0V6M4.5,0V6",
    "cross": "M0,3H6M3,0V6",
    "rising": "M-1,1L1,-1M0,6L6,0M5,7L7,5",
    "falling": "M-1,5L1,7M0,0L6,6M5,-1L7,1",
    "level": "M0,3H6",
    "upright": "M3,0V6",
    "dots": "M-0.75,0H0.75M5.25,0H6.75M-0.75,6H0.75M5.25,6H6.75M2.25,3H3.75",
    "sparse": "M-0.5,0H0.5M5.5,0H6.5M-0.5,6H0.5M5.5,6H6.5",
}
OF_GROUPS: Final = (BLACK, PAPER, "rising", "dots", "cross", "falling", "level", "dense")
DOCUMENT_NAME, DESCRIPTION, SOFTWARE, DATE = 269, 270, 305, 306  # tags of TIFF 6.0
Draw = Callable[..., bytes]
EMPTY: Final = (
    '{"data": {"values": [{"x": 1}]}, "mark": "point", "encoding": {"x": {"field": "x", "type": "quantitative"}}}'
)
STYLE: Final = "{http://www.w3.org/2000/svg}style"


def recoloured(root: ET.Element, colours: Colours) -> None:
    """Take the colours out of a drawing, in place."""
    if colours == "colour":
        return
    marks = list(_marks(root))
    for _, element in marks:
        element.attrib.update(
            {side: _hex(element.get(side, "none")) for side in ("fill", "stroke") if side in element.attrib}
        )
    used = _used(marks)
    if colours == "grey":
        _paint_grey(marks, {**_greys(used), **dict(zip(GROUP_COLOURS, GROUP_GREYS, strict=True))})
    else:
        _paint_black(marks, used)
        root.insert(0, _patterns())


def _greys(used: Iterable[str]) -> dict[str, str]:
    """A grey for each colour: as light as it is, but apart from the next."""
    lightness = {colour: _lightness(colour) for colour in used}
    if len(lightness) > MANY:
        return {colour: _grey(light) for colour, light in lightness.items()}
    order = sorted(lightness, key=lambda colour: (lightness[colour], colour))
    apart = min(APART, (LIGHTEST - DARKEST) / max(1, len(order) - 1))
    found: list[float] = []
    for place, colour in enumerate(order):
        highest = LIGHTEST - apart * (len(order) - 1 - place)
        found.append(min(highest, max(lightness[colour], found[-1] + apart if found else DARKEST)))
    return {colour: _grey(light) for colour, light in zip(order, found, strict=True)}


def _paint_grey(marks: list[tuple[str, ET.Element]], greys: Mapping[str, str]) -> None:
    for kind, element in marks:
        for side in ("fill", "stroke"):
            colour = element.get(side, "")
            if HEX.fullmatch(colour) and colour not in UNTOUCHED:
                words = kind == "text" and not _is_grey(colour)
                element.set(side, INK if words else greys.get(colour, _grey(_lightness(colour))))


def _paint_black(marks: list[tuple[str, ET.Element]], used: Iterable[str]) -> None:
    patterns, dashes = _pattern_of(used), _dash_of(marks)
    for kind, element in marks:
        stroke, fill = element.get("stroke", ""), element.get("fill", "")
        if kind == "text":
            halo = {"stroke": PAPER, "stroke-width": "2.5", "paint-order": "stroke", "stroke-linejoin": "round"}
            element.attrib.update({"fill": BLACK, **halo})
            continue
        if kind in LINES and stroke in dashes and element.get("stroke-dasharray", "") in UNBROKEN:
            element.set("stroke-dasharray", dashes[stroke])
        if HEX.fullmatch(stroke) and stroke not in (PAPER, GRID):
            element.set("stroke", BLACK)
        if HEX.fullmatch(fill) and fill not in (PAPER, GRID):
            _fill_black(
                element,
                _grey(_lightness(fill)) if _opacity(element) < TINT else BLACK if fill == INK else patterns[fill],
            )


def _fill_black(element: ET.Element, pattern: str) -> None:
    element.set("fill", pattern if HEX.fullmatch(pattern) else f"url(#bw-{pattern})")
    if (pattern == PAPER or not HEX.fullmatch(pattern)) and element.get("stroke", "none") in (
        "none",
        "transparent",
        PAPER,
    ):
        element.attrib.update({"stroke": BLACK, "stroke-width": "0.7"})


def _pattern_of(used: Iterable[str]) -> dict[str, str]:
    """A fill for each colour: black, then patterns from dark to light."""
    ladder = (BLACK, *PATTERNS)  # white may mean something itself
    others = sorted(
        (colour for colour in used if colour not in GROUP_COLOURS), key=lambda each: (_lightness(each), each)
    )
    steps = max(1, len(others) - 1)
    placed = {colour: ladder[round(place * (len(ladder) - 1) / steps)] for place, colour in enumerate(others)}
    return {**placed, **dict(zip(GROUP_COLOURS, OF_GROUPS, strict=True))}


def _dash_of(marks: Iterable[tuple[str, ET.Element]]) -> dict[str, str]:
    """A dash for each colour of lines; none for the first."""
    strokes = dict.fromkeys(element.get("stroke", "") for kind, element in marks if kind in LINES)
    others = [
        colour for colour in strokes if HEX.fullmatch(colour) and not _is_grey(colour) and colour not in GROUP_COLOURS
    ]
    order = (*GROUP_COLOURS, *sorted(others, key=_lightness)) if set(strokes) & set(GROUP_COLOURS) else tuple(others)
    slots = {colour: GROUP_DASHES[place % len(GROUP_DASHES)] for place, colour in enumerate(order)}
    return {colour: ",".join(f"{length:g}" for length in dash) for colour, dash in slots.items() if dash != (1, 0)}


def _patterns() -> ET.Element:
    defs = ET.Element(f"{{{SVG}}}defs")
    for name, path in PATTERNS.items():
        size = {"width": "6", "height": "6"}
        pattern = ET.SubElement(
            defs, f"{{{SVG}}}pattern", {"id": f"bw-{name}", "patternUnits": "userSpaceOnUse", **size}
        )
        ET.SubElement(pattern, f"{{{SVG}}}rect", {**size, "fill": PAPER})
        thick = "1.5" if name == "dense" else "1"
        ET.SubElement(pattern, f"{{{SVG}}}path", {"d": path, "stroke": BLACK, "stroke-width": thick, "fill": "none"})
    return defs


def _marks(element: ET.Element, kind: str = "") -> Iterator[tuple[str, ET.Element]]:
    """Every drawn element with its kind of mark (line, rect, symbol, text ...)."""
    found = re.search(r"\bmark-(\w+)", element.get("class", ""))
    kind = found[1] if found else kind
    if element.tag.endswith(("}text", "}tspan")):
        kind = "text"
    if not element.tag.endswith(("}g", "}svg", "}tspan")):
        yield kind, element
    for child in element:
        yield from _marks(child, kind)


def _used(marks: Iterable[tuple[str, ET.Element]]) -> list[str]:
    """The colours of marks but words, each once."""
    sides = (element.get(side, "") for kind, element in marks if kind != "text" for side in ("fill", "stroke"))
    return [each for each in dict.fromkeys(sides) if HEX.fullmatch(each) and each not in (*UNTOUCHED, *GROUP_COLOURS)]


def _opacity(element: ET.Element) -> float:
    return float(element.get("opacity", "1")) * float(element.get("fill-opacity", "1"))


def _hex(colour: str) -> str:
    """#RRGGBB of what may be written as rgb(1, 2, 3)."""
    parts = RGB.fullmatch(colour)
    return (
        "#" + "".join(f"{int(part):02X}" for part in parts.groups())
        if parts
        else HEX.sub(lambda found: found[0].upper(), colour)
    )


def _is_grey(colour: str) -> bool:
    return colour[1:3] == colour[3:5] == colour[5:7]


def _lightness(colour: str) -> float:
    """L* of CIE, from 0 to 1."""
    light = luminance(colour)
    return 1.16 * light ** (1 / 3) - 0.16 if light > 0.008856 else 9.033 * light


def _grey(lightness: float) -> str:
    light = ((lightness + 0.16) / 1.16) ** 3 if lightness > 0.08 else lightness / 9.033
    part = light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return "#" + f"{round(part * 255):02X}" * 3


def picture(png: bytes, file_format: str, dpi: int, facts: Mapping[str, str], grey: bool) -> bytes:
    """The picture as PNG or TIFF (LZW), in greys where it has no colours. `facts`: Title, Description, Software,
    Created and more."""
    with Image.open(io.BytesIO(png)) as opened:
        image = opened.convert("L" if grey else "RGB")
    made = io.BytesIO()
    if file_format == "png":
        image.save(made, "PNG", dpi=(dpi, dpi), pnginfo=_chunks(facts))
    else:
        image.save(made, "TIFF", dpi=(dpi, dpi), compression="tiff_lzw", tiffinfo=_tags(facts))
    return made.getvalue()


def _chunks(facts: Mapping[str, str]) -> PngInfo:
    chunks = PngInfo()
    for name, words in facts.items():
        chunks.add_itxt(name, words)
    return chunks


def _tags(facts: Mapping[str, str]) -> ImageFileDirectory_v2:
    rest = "\n".join(f"{name}: {words}" for name, words in facts.items() if name not in ("Title", "Software"))
    tags = ImageFileDirectory_v2()
    for tag, words in ((DOCUMENT_NAME, facts["Title"]), (DESCRIPTION, rest), (SOFTWARE, facts["Software"])):
        tags[tag] = words.encode()
    tags[DATE] = f"{facts['Created'].replace('-', ':')} 00:00:00"
    return tags


def render(job: dict[str, Any]) -> list[bytes]:
    """The job's figure in each of its formats (svg, pdf, png, tiff)."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    if "sheet" in job:
        return [in_one_order(vl_convert.svg_to_pdf(job["sheet"]))]
    if "page" in job:
        sheet = ET.fromstring(page(job["page"], lambda chart: vl_convert.vegalite_to_svg(chart, allowed_base_urls=[])))
        written_in_fonts_that_have_them(sheet)
        return [in_one_order(vl_convert.svg_to_pdf(ET.tostring(sheet, encoding="unicode")))]
    form, facts = PrintForm(**job["form"]), job["facts"]
    drawing = ET.fromstring(_drawing(json.dumps(job["chart"])))
    root = laid_out(drawing, job["title"], Said(**job["said"]), form, vl_convert.svg_to_png)
    make: dict[str, Callable[[], bytes]] = {
        "svg": lambda: _svg(root, form, facts),
        "pdf": lambda: _pdf(root, form, facts, vl_convert.svg_to_pdf),
        "png": lambda: _dots(root, form, facts, "png", vl_convert.svg_to_png),
        "tiff": lambda: _dots(root, form, facts, "tiff", vl_convert.svg_to_png),
    }
    return [make[file_format]() for file_format in job["formats"]]


@lru_cache(maxsize=1)  # a figure is printed in several forms one after the other
def _drawing(chart: str) -> str:
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(chart, allowed_base_urls=[])
    return svg


def laid_out(drawing: ET.Element, title: str, said: Said, form: PrintForm, draw: Draw) -> ET.Element:
    """The drawing with title and caption, in the colours asked for; where a letter has no font at all, a line says
    so."""
    recoloured(drawing, form.colours)
    lines = caption_lines(said, form, *size_of(drawing))
    root = composed(drawing, title, lines, form)
    if scripts := scripts_without_a_font(root, draw):
        lines += wrapped(
            f"No font of the computer that made this file has letters of {scripts}: they are boxes.",
            size_of(drawing)[0],
        )
        root = composed(drawing, title, lines, form)
    written_in_fonts_that_have_them(root)
    return root


def _svg(root: ET.Element, form: PrintForm, facts: Mapping[str, str]) -> bytes:
    """In mm, with its letters inside."""
    described(root, facts)
    style = ET.Element(STYLE)
    style.text = font_faces(root)
    root.insert(3, style)
    width, height = (f"{points / POINTS_PER_MM:.8g}mm" for points in points_of(root, form))
    return as_text(root, width, height).encode()


def _pdf(root: ET.Element, form: PrintForm, facts: Mapping[str, str], draw: Draw) -> bytes:
    """In points."""
    width, height = (f"{points:.8g}" for points in points_of(root, form))
    return in_one_order(draw(as_text(root, width, height)), facts)


def _dots(root: ET.Element, form: PrintForm, facts: Mapping[str, str], file_format: str, draw: Draw) -> bytes:
    """In whole dots; the renderer leaves out a part of one."""
    width, height = (
        f"{(round(points * form.dpi / 72) + 0.1) * 72 / form.dpi:.10g}" for points in points_of(root, form)
    )
    drawn = draw(as_text(root, width, height), ppi=form.dpi)
    return picture(drawn, file_format, form.dpi, facts, grey=form.colours != "colour")


def _prepare() -> None:
    """Load all that drawing needs, before it is known what."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    vl_convert.svg_to_png(vl_convert.vegalite_to_svg(EMPTY, allowed_base_urls=[]))


def main() -> None:
    """Read the jobs, write the files; whoever looks at a page goes first."""
    if hasattr(os, "nice"):
        os.nice(10)
    if READY in sys.argv:
        _prepare()
    jobs = json.load(sys.stdin)["jobs"]
    for job in jobs:
        print(json.dumps([base64.b64encode(content).decode() for content in render(job)]), flush=True)


if __name__ == "__main__":
    main()
