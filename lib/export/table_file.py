"""Tables as files (CSV, HTML, LaTeX), and the data behind figures: they say where they come from, and cannot start a
formula in a spreadsheet.

HTML is one <table> with its notes, which word processors paste as a table; a page of it alone is a file. For the
clipboard there are also lines with tabs, for spreadsheets. LaTeX has booktabs lines, notes by threeparttable, and
stands sideways where it is wide.
"""

import codecs
import csv
import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from lib import VERSION
from lib.cohort.finding import Finding, findings_table
from lib.export.provenance import APP, Provenance
from lib.export.table_form import INDENT, ONE_LINE, Cell, Row, TableForm, number_of, table_form
from lib.publication.exhibit import Exhibit, Table

FONT: Final = "font-family:Arial,Helvetica,sans-serif;font-size:9pt"
NOTE: Final = "font-size:8pt;padding:1px 4px"
HTML_INDENT: Final = 14  # pixels a level
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
SIGNS: Final = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
    "≥": r"$\geq$",
    "≤": r"$\leq$",
    "−": r"$-$",
    "±": r"$\pm$",
    "×": r"$\times$",
    "∞": r"$\infty$",
    "µ": r"\textmu{}",
    "μ": r"\textmu{}",
    "·": r"\textperiodcentered{}",
    "…": r"\ldots{}",
    "→": r"$\rightarrow$",
    "–": "--",
    "—": "---",
    "\u00a0": "~",
    "\u2003": r"\quad{}",
    "\u2060": "",
    **{sign: f"$^{{{digit}}}$" for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{sign: f"$_{{{digit}}}$" for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")},
    "⁺": "$^{+}$",
    "⁻": "$^{-}$",
}
NEEDS: Final = r"% \usepackage[T1]{fontenc} \usepackage{textcomp,array,booktabs,threeparttable,rotating}"
OTHER_SCRIPTS: Final = "% Letters of other scripts need LuaLaTeX or XeLaTeX and a font that has them."
BREAKS: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
USUAL: Final = 8.0  # points of footnotesize
SHRUNK: Final = 0.85  # of the widths at 9 pt
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
A_NUMBER: Final = re.compile(
    r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?( \([-−+\d.,–<>∞NE% to]*\))?"
)  # "+38 (−8 to +69)": no formula can be read from it
STARTS_A_CELL: Final = re.compile(r"""([,;][\s"']*)(?=[=+\-@|%])""")


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
    body = "\n".join(_html_row(form, row) for row in form.rows)
    return (
        f'<table cellpadding="4" cellspacing="0" style="border-collapse:collapse;{FONT}">\n'
        f"{title if caption else ''}"
        f"<thead><tr>{header}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>\n"
        f"<tfoot>\n{_foot(form, footer)}\n</tfoot>\n</table>"
    )


def _html_row(form: TableForm, row: Row) -> str:
    below = [f"border-bottom:1pt {LINE}"] if row is form.rows[-1] else []  # at the cells, or word processors lose it
    cells = (_html_cell(form, place, cell, row.level, below) for place, cell in enumerate(row.cells))
    return f'<tr valign="top">{"".join(cells)}</tr>'


def _html_cell(form: TableForm, place: int, cell: Cell, level: int, style: Sequence[str]) -> str:
    """One cell of the body; the first names its row, and is the one that is indented."""
    style = [*style, *_format(cell.text)]
    if place:
        centred = ' align="center"' if place in form.numeric else ""
        styled = f' style="{";".join(style)}"' if style else ""
        return f"<td{centred}{styled}>{_words(cell)}</td>"
    style += [f"padding-left:{level * HTML_INDENT + 4}px;mso-char-indent-count:{level}"] if level else []
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


def latex_file(table: Table, provenance: Provenance) -> bytes:
    """The table as text to \\input; what it needs stands in its first lines."""
    form = table_form(table, provenance)
    kind = "sidewaystable" if form.is_wide else "table"
    notes = [f"\\item[{_mark(mark)}] {escaped(words)}" for mark, words in form.below()]
    lines = [
        NEEDS,
        *([OTHER_SCRIPTS] if _has_other_scripts(form) else []),
        f"\\begin{{{kind}}}",
        rf"\centering{_size(form)}",
        r"\begin{threeparttable}",
        f"\\caption{{{escaped(form.title)}}}",
        f"\\begin{{tabular}}{{{_columns(form)}}}",
        r"\toprule",
        _latex_row(Row(form.header)),
        r"\midrule",
        *map(_latex_row, form.rows),
        r"\bottomrule",
        r"\end{tabular}",
        r"\begin{tablenotes}\scriptsize",
        *notes,
        r"\end{tablenotes}",
        r"\end{threeparttable}",
        f"\\end{{{kind}}}",
    ]
    return "\n".join((*lines, "")).encode()


def escaped(text: str) -> str:
    """The text as LaTeX prints it: no sign of it is a command."""
    return "".join(SIGNS.get(letter, letter) for letter in BREAKS.sub(" ", text)).replace("---", "{---}")


def _latex_row(row: Row) -> str:
    first = r"\quad " * row.level
    return first + " & ".join(map(_latex_cell, row.cells)) + r" \\"


def _latex_cell(cell: Cell) -> str:
    return escaped(cell.text) + (f"\\tnote{{{_mark(','.join(cell.marks))}}}" if cell.marks else "")


def _size(form: TableForm) -> str:
    """How large letters are; smaller ones, nearer to each other, of a table that is wider than a page."""
    size = USUAL * form.scale
    smaller = rf"\fontsize{{{size:.1f}}}{{{1.2 * size:.1f}}}\selectfont\setlength{{\tabcolsep}}{{2pt}}"
    return r"\footnotesize" if form.scale == 1 else smaller


def _mark(marks: str) -> str:
    return "".join(
        {"†": r"\dag{}", "‡": r"\ddag{}", "§": r"\S{}", "¶": r"\P{}", "‖": r"$\|$"}.get(each, each) for each in marks
    )


def _columns(form: TableForm) -> str:
    """Columns so wide that long headings are broken; those of numbers centred."""
    sides = (r"\centering" if place in form.numeric else r"\raggedright" for place in range(len(form.header)))
    return "".join(
        rf">{{{side}\arraybackslash}}p{{{width * SHRUNK:.0f}pt}}"
        for side, width in zip(sides, form.widths, strict=True)
    )


def _has_other_scripts(form: TableForm) -> bool:
    words = " ".join((form.title, *(cell.text for row in (Row(form.header), *form.rows) for cell in row.cells)))
    return any(ord(letter) > 0x17F and letter not in SIGNS for letter in words)


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
