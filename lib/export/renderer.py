"""Renders figures in a process of its own: the renderer would otherwise stop every session while it works.

Run as `python -m lib.export.renderer`; reads {"jobs": [...]} from standard input, writes [base64, ...] for each job, a
line each. A job is {"chart": specification with data, "title", "said", "facts", "form", "formats": [...]} (see
figure_file.py), or {"page": ...}: see page.py, or {"sheet": SVG of a page that is a PDF as it stands}.
"""

import base64
import io
import json
import os
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from lib.export.colours import recoloured
from lib.export.composition import (
    POINTS_PER_MM,
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
from lib.publication.text_width import FONTS

DOCUMENT_NAME, DESCRIPTION, SOFTWARE, DATE = 269, 270, 305, 306  # tags of TIFF 6.0
Draw = Callable[..., bytes]
EMPTY: Final = (
    '{"data": {"values": [{"x": 1}]}, "mark": "point", "encoding": {"x": {"field": "x", "type": "quantitative"}}}'
)
STYLE: Final = "{http://www.w3.org/2000/svg}style"


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
