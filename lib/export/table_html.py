"""A table as HTML: one <table> with its notes, which other programs read when it is pasted; and a page of it alone."""

import html
from typing import Final

from lib import VERSION
from lib.export.provenance import APP, Provenance
from lib.export.table_form import Row, TableForm, table_form
from lib.publication.exhibit import Table

FONT: Final = "font-family:Arial,Helvetica,sans-serif;font-size:9pt"
NOTE: Final = "font-size:8pt;text-align:left;padding:2px 6px"
LINE: Final = "solid #000"
TEXT: Final = "mso-number-format:'\\@'"  # for a spreadsheet: 4/16 is no date
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


def table_html(table: Table, provenance: Provenance, footer: bool = True) -> str:
    """One <table>; its title is the caption, its notes the foot. `footer`: whether selection, cut-off and stamp stand there too."""
    form = table_form(table, provenance)
    header = "".join(
        _cell(form, place, form.header[place].text, form.header[place].marks, "th") for place in range(len(form.header))
    )
    body = "\n".join(_row(form, row) for row in form.rows)
    return (
        f'<table style="border-collapse:collapse;{FONT}">\n'
        f'<caption style="{FONT};font-weight:bold;text-align:left;padding:4px 6px">{html.escape(form.title)}</caption>\n'
        f'<thead style="border-top:1pt {LINE};border-bottom:0.5pt {LINE}"><tr>{header}</tr></thead>\n'
        f'<tbody style="border-bottom:1pt {LINE}">\n{body}\n</tbody>\n'
        f"<tfoot>\n{_foot(form, provenance, footer)}\n</tfoot>\n</table>"
    )


def _row(form: TableForm, row: Row) -> str:
    cells = (_cell(form, place, cell.text, cell.marks, "td", row.level) for place, cell in enumerate(row.cells))
    return f"<tr>{''.join(cells)}</tr>"


def _cell(form: TableForm, place: int, text: str, marks: str, tag: str, level: int = 0) -> str:
    """One cell; the first names its row, and is the one that is indented."""
    left = 6 + 14 * level if place == 0 else 6
    kind, scope = ("th", ' scope="row"') if place == 0 and tag == "td" else (tag, "" if tag == "td" else ' scope="col"')
    style = (
        f"{TEXT};font-weight:{'bold' if tag == 'th' else 'normal'};vertical-align:{'bottom' if tag == 'th' else 'top'}"
    )
    style += f";text-align:{'center' if place in form.numeric else 'left'};padding:2px 6px 2px {left}px"
    style += f";mso-char-indent-count:{level}" if level and place == 0 else ""
    return f'<{kind}{scope} style="{style}">{_lines(text)}{_marks(marks)}</{kind}>'


def _foot(form: TableForm, provenance: Provenance, footer: bool) -> str:
    said = [
        *form.below(footer),
        *([("", provenance.synthetic_words)] if not footer and provenance.synthetic_words else []),
    ]
    span = len(form.header) or 1
    return "\n".join(
        f'<tr><td colspan="{span}" style="{NOTE}">{_marks(mark)}{_lines(words)}</td></tr>' for mark, words in said
    )


def _marks(marks: str) -> str:
    return f"<sup>{html.escape(','.join(marks))}</sup>" if marks else ""


def _lines(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
