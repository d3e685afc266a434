"""Tables as files, and the data behind figures: they say where they come from, and cannot start a formula in a
spreadsheet.

And a table for the clipboard: HTML, which word processors paste as a table, and lines with tabs for spreadsheets.
"""

import codecs
import csv
import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from lib.cohort.finding import Finding, findings_table
from lib.export.provenance import Provenance
from lib.export.table_form import INDENT, ONE_LINE
from lib.export.table_html import html_file, table_html
from lib.export.table_latex import latex_file
from lib.publication.exhibit import Exhibit, Table

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
A_NUMBER: Final = re.compile(
    r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?( \([-−+\d.,–<>∞NE% to]*\))?"
)  # "+38 (−8 to +69)": no formula can be read from it
STARTS_A_CELL: Final = re.compile(r"""([,;][\s"']*)(?=[=+\-@|%])""")


def table_file(table: Table, provenance: Provenance, file_format: str) -> bytes:
    """The table in one of TABLE_FORMATS."""
    return WRITERS[file_format](table, provenance)


def data_files(exhibit: Exhibit, provenance: Provenance, formats: Sequence[str] = ()) -> dict[str, bytes]:
    """The data behind any exhibit as CSV, and a table in these formats too, by format."""
    contents = {"csv": csv_file(exhibit, provenance)}
    if isinstance(exhibit, Table):
        contents |= {each: WRITERS[each](exhibit, provenance) for each in formats if each != "csv"}
    return contents


def csv_file(exhibit: Exhibit, provenance: Provenance) -> bytes:
    """The data behind an exhibit as they are; lines above that begin with "# " say what they are, of whom, and what
    biases them."""
    biases = [each for each in provenance.warnings_of(exhibit) if not any(each in note for note in exhibit.notes)]
    who = (provenance.sentence_of(exhibit), provenance.stamp)
    said = (exhibit.title, exhibit.caption, exhibit.method, *exhibit.notes, *biases, *who)
    lines = "".join(f"# {_one_line(words)}\n" for words in said if words)
    return lines.encode("utf-8-sig") + _encoded(exhibit.data, quoted="#" in exhibit.data.to_csv(index=False))


def findings_file(findings: tuple[Finding, ...]) -> bytes:
    """All findings as CSV."""
    return codecs.BOM_UTF8 + _encoded(findings_table(findings))


def harmless(value: object) -> object:
    """Text that a spreadsheet would take for a formula, with an apostrophe before it; numbers as they are."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return value if A_NUMBER.fullmatch(value) else f"'{value}"
    return value


def _encoded(frame: pd.DataFrame, quoted: bool = False) -> bytes:
    """The frame as CSV; two columns of one name stay two columns. `quoted`: every cell of words, so that # in one
    begins no comment."""
    rows = zip(*([harmless(value) for value in frame.iloc[:, place]] for place in range(frame.shape[1])), strict=True)
    safe = pd.DataFrame(list(rows), columns=[str(harmless(name)) for name in frame.columns])
    return safe.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC if quoted else csv.QUOTE_MINIMAL).encode()


def _one_line(words: str) -> str:
    """The words on one line of which no part is a formula, where a spreadsheet parts it at commas."""
    return STARTS_A_CELL.sub(r"\1'", " ".join(words.split()))


def _word_file(table: Table, provenance: Provenance) -> bytes:
    from lib.export.word_table import word_file  # the libraries of office files: loaded where one is made

    return word_file(table, provenance)


def _xlsx_file(table: Table, provenance: Provenance) -> bytes:
    from lib.export.table_xlsx import xlsx_file

    return xlsx_file(table, provenance)


WRITERS: Final[Mapping[str, Callable[[Table, Provenance], bytes]]] = {
    "csv": csv_file,
    "docx": _word_file,
    "xlsx": _xlsx_file,
    "html": html_file,
    "tex": latex_file,
}
TABLE_FORMATS: Final = tuple(WRITERS)
BESIDE_CSV: Final = TABLE_FORMATS[1:]  # what a reader chooses; the data as CSV are always given


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
