"""A table as LaTeX: booktabs lines, notes by threeparttable; sideways where it is wide."""

import re
from typing import Final

from lib.export.provenance import Provenance
from lib.export.table_form import Cell, Row, TableForm, table_form
from lib.publication.exhibit import Table

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
        _row(Row(form.header)),
        r"\midrule",
        *map(_row, form.rows),
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


def _row(row: Row) -> str:
    first = r"\quad " * row.level
    return first + " & ".join(map(_cell, row.cells)) + r" \\"


def _cell(cell: Cell) -> str:
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
