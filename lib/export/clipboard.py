"""A table for the clipboard: as HTML, which word processors paste as a table, and as lines with tabs, which
spreadsheets do."""

import html
from dataclasses import replace

from lib.export.provenance import Provenance
from lib.export.table_file import harmless
from lib.export.table_form import INDENT, ONE_LINE
from lib.export.table_html import table_html
from lib.publication.exhibit import Table


def for_clipboard(table: Table, provenance: Provenance) -> tuple[str, str]:
    """HTML and plain text. In neither can a cell start a formula in the spreadsheet that it is pasted into."""
    header, *rows = ([_safe(cell) for cell in row] for row in (table.header, *table.rows))
    safe = replace(table, header=tuple(header), rows=tuple(map(tuple, rows)))
    text = "\n".join("\t".join(row) for row in (header, *rows))
    title = f"<p><b>{html.escape(table.title)}</b></p>\n"  # spreadsheets put a <caption> into the first cell
    return title + table_html(safe, provenance, caption=False), text


def _safe(cell: str) -> str:
    words = cell.lstrip(INDENT)
    return f"{cell[: len(cell) - len(words)]}{harmless(words)}".translate(ONE_LINE)
