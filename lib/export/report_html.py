"""A report as one HTML file that asks for nothing outside itself: figures as drawings, tables as tables, fonts and
style inside."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from html import escape
from typing import Final

from lib.export.composition import SVG
from lib.export.document import REFERENCES, Block, Document
from lib.export.letters import font_faces
from lib.export.page import IDS
from lib.export.table_file import table_html
from lib.publication.exhibit import Figure, Table
from lib.publication.spec import Failed

STYLE: Final = """
body{font:16px/1.5 "Liberation Sans",Arial,Helvetica,sans-serif;color:#222;background:#fff;max-width:62rem;
  margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.5rem}h3{font-size:1rem}
section{margin-top:2.5rem}figure{margin:0}figure svg{max-width:100%;height:auto}
.caption,footer{font-size:.85rem;color:#444}nav ol{padding-left:1.2rem}.wide{overflow-x:auto}
@media print{section{break-inside:avoid}nav{display:none}}
"""


def html_file(document: Document) -> bytes:
    """The report as a file."""
    blocks = list(enumerate(document.blocks, start=1))
    last = list(enumerate(document.last, start=len(blocks) + 1))
    entries = [
        *((f"part-{number}", _entry(block)) for number, block in blocks),
        *((_id(heading), heading) for heading, _ in document.passages),
        *((f"part-{number}", _entry(block)) for number, block in last),
    ]
    contents = "".join(f'<li><a href="#{place}">{escape(entry)}</a></li>' for place, entry in entries)
    drawings = {number: _drawing(block, number) for number, block in blocks if block.pictures}
    faces = ET.Element(f"{{{SVG}}}svg")
    faces.extend(drawings.values())
    parts = "".join(_section(block, number, document, drawings.get(number)) for number, block in blocks)
    parts += "".join(_passage(heading, paragraphs) for heading, paragraphs in document.passages)
    parts += "".join(_section(block, number, document, None) for number, block in last)
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">{_meta(document)}'
        f"<title>{escape(document.title)}</title><style>{STYLE}{font_faces(faces)}</style>"
    )
    body = (
        f"<header><h1>{escape(document.title)}</h1><p>{escape(document.opening)}</p></header>"
        f'<nav aria-label="Contents"><h2>Contents</h2><ol>{contents}</ol></nav><main>{parts}</main>'
        f"<footer><p>{escape(document.foot)}</p></footer>"
    )
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'.encode()


def _meta(document: Document) -> str:
    reported = {
        "description": document.opening,
        "keywords": document.keywords,
        "generator": document.provenance.stamp,
        "date": document.provenance.created,
    }
    return "".join(f'<meta name="{name}" content="{escape(words)}">' for name, words in reported.items())


def _entry(block: Block) -> str:
    return " – ".join(filter(None, (block.heading, block.title))) if block.label else block.title


def _section(block: Block, number: int, document: Document, drawing: ET.Element | None) -> str:
    level = 3 if block.heading and block.label else 2
    heading = f"<h2>{escape(block.heading)}</h2>" if level == 3 else ""
    words = "".join(f"<p>{escape(each)}</p>" for each in block.paragraphs)
    title = f"<h{level}>{escape(block.title)}</h{level}>"
    return f'<section id="part-{number}">{heading}{words}{title}{_shown(block, document, drawing)}</section>'


def _id(heading: str) -> str:
    return heading.casefold().replace(" ", "-")


def _passage(heading: str, paragraphs: Sequence[str]) -> str:
    """Text under a heading; references as a numbered list."""
    if heading == REFERENCES:
        words = f"<ol>{''.join(f'<li>{escape(each)}</li>' for each in paragraphs)}</ol>"
    else:
        words = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    return f'<section id="{_id(heading)}"><h2>{escape(heading)}</h2>{words}</section>'


def _shown(block: Block, document: Document, drawing: ET.Element | None) -> str:
    if isinstance(block.exhibit, Failed):
        return ""
    if isinstance(block.exhibit, Table):
        return f'<div class="wide">{table_html(block.exhibit, document.provenance, footer=False, caption=False)}</div>'
    picture = "" if drawing is None else ET.tostring(drawing, encoding="unicode")
    return (
        f'<figure>{picture}<figcaption class="caption">{escape(document.caption(block.exhibit))}</figcaption></figure>'
    )


def _drawing(block: Block, number: int) -> ET.Element:
    """The drawing with a name of its own for each of its parts: clips of one figure would cut another. Its fonts are
    the document's."""
    drawing = ET.fromstring(IDS.sub(rf"\g<1>p{number}_", block.pictures["svg"].decode()))
    for style in drawing.findall(f"{{{SVG}}}style"):
        drawing.remove(style)
    alt = block.exhibit.alt if isinstance(block.exhibit, Figure) else ""
    drawing.attrib.update({"role": "img", "aria-label": alt})
    return drawing
