"""A table as HTML: one <table> with its notes, which other programs read when it is pasted; and a page of it alone."""

import html
import re
from collections.abc import Sequence
from typing import Final

from lib import VERSION
from lib.export.provenance import APP, Provenance
from lib.export.table_form import Cell, Row, TableForm, number_of, table_form
from lib.publication.exhibit import Table

FONT: Final = "font-family:Arial,Helvetica,sans-serif;font-size:9pt"
NOTE: Final = "font-size:8pt;padding:1px 4px"
INDENT: Final = 14  # pixels a level
LINE: Final = "solid #000"
TEXT: Final = "mso-number-format:'\\@'"  # for a spreadsheet: 4/16 is no date
MAY_BE_MISREAD: Final = re.compile(r"\d|^\W")  # by a spreadsheet, which looks for dates, fractions and formulas
PAGE: Final = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="description" content="{selection}"><meta name="keywords" content="{keywords}">
<meta name="generator" content="{program}"><meta name="dcterms.created" content="{created}">
<style>body{{margin:2em;color:#000;background:#fff}}table{{max-width:100%}}</style></head>
<body>
{table}
</body></html>
"""


def html_file(table: Table, provenance: Provenance) -> bytes:
    """A page of this one table that needs nothing else."""
    filled = {
        "title": table.title,
        "selection": provenance.sentence_of(table),
        "keywords": f"data {provenance.fingerprint}",
        "program": f"{APP} {VERSION}",
        "created": provenance.created,
    }
    escaped = {name: html.escape(words) for name, words in filled.items()}
    return PAGE.format(table=table_html(table, provenance), **escaped).encode()


def table_html(table: Table, provenance: Provenance, footer: bool = True, caption: bool = True) -> str:
    """One <table>; its title is the caption, its notes the foot. `footer`: whether the program's stamp stands there
    too."""
    form = table_form(table, provenance)
    title = (
        f'<caption align="left" style="{FONT};font-weight:bold;text-align:left">{html.escape(form.title)}</caption>\n'
    )
    header = "".join(_head(form, place) for place in range(len(form.header)))
    body = "\n".join(_row(form, row) for row in form.rows)
    return (
        f'<table cellpadding="4" cellspacing="0" style="border-collapse:collapse;{FONT}">\n'
        f"{title if caption else ''}"
        f"<thead><tr>{header}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>\n"
        f"<tfoot>\n{_foot(form, footer)}\n</tfoot>\n</table>"
    )


def _row(form: TableForm, row: Row) -> str:
    below = [f"border-bottom:1pt {LINE}"] if row is form.rows[-1] else []  # at the cells, or word processors lose it
    cells = (_cell(form, place, cell, row.level, below) for place, cell in enumerate(row.cells))
    return f'<tr valign="top">{"".join(cells)}</tr>'


def _cell(form: TableForm, place: int, cell: Cell, level: int, style: Sequence[str]) -> str:
    """One cell of the body; the first names its row, and is the one that is indented."""
    style = [*style, *_format(cell.text)]
    if place:
        centred = ' align="center"' if place in form.numeric else ""
        styled = f' style="{";".join(style)}"' if style else ""
        return f"<td{centred}{styled}>{_words(cell)}</td>"
    style += [f"padding-left:{level * INDENT + 4}px;mso-char-indent-count:{level}"] if level else []
    return f'<th scope="row" align="left" style="{";".join((*style, "font-weight:normal"))}">{_words(cell)}</th>'


def _format(text: str) -> list[str]:
    """How a spreadsheet shows the cell when it is pasted: a number with its printed decimals, all else as it stands."""
    number = number_of(text)
    if number is None:
        return [TEXT] if MAY_BE_MISREAD.search(text) else []
    return [f"mso-number-format:'{number[1]}'"] if "." in text else []


def _head(form: TableForm, place: int) -> str:
    side = "center" if place in form.numeric else "left"
    lines = f"border-top:1pt {LINE};border-bottom:{'0.5pt' if form.rows else '1pt'} {LINE}"
    return f'<th scope="col" align="{side}" valign="bottom" style="{TEXT};{lines}">{_words(form.header[place])}</th>'


def _foot(form: TableForm, footer: bool) -> str:
    span = len(form.header) or 1
    return "\n".join(
        f'<tr><td colspan="{span}" style="{NOTE}">{_marks(mark)}{html.escape(words)}</td></tr>'
        for mark, words in form.below(footer)
    )


def _words(cell: Cell) -> str:
    return html.escape(cell.text) + _marks(cell.marks)


def _marks(marks: str) -> str:
    return f'<sup style="font-size:70%;line-height:0">{html.escape(",".join(marks))}</sup>' if marks else ""
