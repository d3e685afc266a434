"""Renders figures in a process of its own: the renderer would otherwise stop every session while it works.

Run as `python -m lib.export.renderer`; reads {"jobs": [...]} from standard input, writes {"files": [[base64, ...], ...]}.
A job is {"chart": specification with data, "title", "description", "lines": [text under the figure], "formats": [...]}, or {"page": ...}: see page.py.
"""

import base64
import json
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any, Final

from lib.export.page import page
from lib.export.pdf_order import in_one_order
from lib.publication.text_width import FONT, FONTS

SVG: Final = "http://www.w3.org/2000/svg"
MARGIN: Final = 8
FONT_SIZE: Final = 9.5
LINE_HEIGHT: Final = 13
PRINT_PPI: Final = 300  # dots per inch; figures are 72 units an inch wide


def captioned(svg: str, title: str, description: str, lines: list[str]) -> str:
    """The drawing on white paper, with title and description for screen readers and lines of text under it."""
    ET.register_namespace("", SVG)
    root = ET.fromstring(svg)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    total = height + (LINE_HEIGHT * len(lines) + MARGIN if lines else 0)
    root.attrib.update({"height": f"{total:g}", "viewBox": f"0 0 {width:g} {total:g}", "role": "img"})
    root.insert(0, _element("rect", {"width": f"{width:g}", "height": f"{total:g}", "fill": "#FFFFFF"}))
    root.insert(0, _element("desc", {}, description))
    root.insert(0, _element("title", {}, title))
    for number, line in enumerate(lines):
        place = {"x": str(MARGIN), "y": f"{height + LINE_HEIGHT * number + FONT_SIZE:g}"}
        font = {"font-family": FONT, "font-size": f"{FONT_SIZE}px", "fill": "#222222"}
        root.append(_element("text", place | font, line))
    return ET.tostring(root, encoding="unicode")


def render(job: dict[str, Any]) -> list[bytes]:
    """The job's figure in each of its formats (svg, pdf, png)."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    if "page" in job:
        drawn = page(job["page"], lambda chart: vl_convert.vegalite_to_svg(chart, allowed_base_urls=[]))
        return [in_one_order(vl_convert.svg_to_pdf(drawn))]
    drawn = vl_convert.vegalite_to_svg(job["chart"], allowed_base_urls=[])
    svg = captioned(drawn, job["title"], job["description"], job["lines"])
    make: dict[str, Callable[[], bytes]] = {
        "svg": svg.encode,
        "pdf": lambda: in_one_order(vl_convert.svg_to_pdf(svg)),
        "png": lambda: vl_convert.svg_to_png(svg, ppi=PRINT_PPI),
    }
    return [make[file_format]() for file_format in job["formats"]]


def main() -> None:
    jobs = json.load(sys.stdin)["jobs"]
    files = [[base64.b64encode(content).decode() for content in render(job)] for job in jobs]
    json.dump({"files": files}, sys.stdout)


def _element(tag: str, attributes: dict[str, str], text: str = "") -> ET.Element:
    element = ET.Element(f"{{{SVG}}}{tag}", attributes)
    element.text = text
    return element


if __name__ == "__main__":
    main()
