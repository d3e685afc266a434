"""A printed table as plain HTML: Streamlit's own reads every cell as Markdown, which adds 12 to 20 ms to a click.

A table with a scroll bar is Streamlit's own: its printed cells sort as the numbers they begin with, 9 (15 %) before 48
(80 %).
"""

import html
import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

NO_NUMBER: Final = ("·", "–", "reference", "NE", "NR", "NC")  # say nothing of whether a column holds numbers
NUMBER: Final = re.compile(r"([<>]?)[≥≤ ]*([+−-]?)(∞|\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?)")
DATE: Final = re.compile(r"\d{4}-\d\d")  # sorts as text
BESIDE: Final = {"<": 1 - 1e-9, ">": 1 + 1e-9, "": 1.0}  # < 0.001 stands before 0.001
SHORT_CELL: Final = 26  # letters that stay on one line
SHORT_CELL_OF_MANY: Final = 12  # the same where a table has many columns
MANY_COLUMNS: Final = 6
MOST_WIDE_COLUMNS: Final = 6  # more are set smaller and closer
STYLE: Final = """<style>
.printed {overflow-x: auto; background: linear-gradient(90deg, var(--page) 1rem, #0000 2.5rem)
  0 0 / 2.5rem 100% no-repeat local, linear-gradient(270deg, var(--page) 1rem, #0000 2.5rem)
  100% 0 / 2.5rem 100% no-repeat local, linear-gradient(90deg, #8889, #0000) 0 0 / .8rem 100% no-repeat,
  linear-gradient(270deg, #8889, #0000) 100% 0 / .8rem 100% no-repeat;}
.printed table {width: 100%; border-spacing: 0; margin: 0; color: inherit;}
.printed :is(th, td) {border: 0; border-bottom: 1px solid #8883; padding: .25rem .375rem; text-align: left;
  vertical-align: middle; font-size: .875rem; line-height: 1.5;}
.printed th {font-weight: 400; color: var(--faint);}
.printed .number {text-align: right; font-variant-numeric: tabular-nums;}
.printed .many :is(th, td) {padding-inline: .3rem; font-size: .8rem;}
</style>"""


def show(name: str, header: Sequence[str], rows: Sequence[Sequence[str]], numbers: Collection[int] = ()) -> None:
    """The words of each cell as they stand; the columns at these places, from 1 on, end at the right."""
    longest = SHORT_CELL if len(header) < MANY_COLUMNS else SHORT_CELL_OF_MANY
    head = _row("th", [_together(cell) for cell in header], numbers, ' scope="col"')
    body = "".join(_row("td", [_unbroken(_together(cell), longest) for cell in row], numbers) for row in rows)
    many = ' class="many"' if len(header) > MOST_WIDE_COLUMNS else ""
    st.html(
        f'<div class="printed" tabindex="0" role="region" aria-label="{html.escape(name)}"><table{many}>'
        f"<thead>{head}</thead><tbody>{body}</tbody></table></div>"
    )


def _row(tag: str, cells: Sequence[str], numbers: Collection[int], more: str = "") -> str:
    ends = dict.fromkeys(numbers, ' class="number"')
    written = (
        f"<{tag}{more}{ends.get(place, '')}>{html.escape(cell)}</{tag}>" for place, cell in enumerate(cells, start=1)
    )
    return f"<tr>{''.join(written)}</tr>"


def _together(words: str) -> str:
    """A number of patients is not broken from its sign, nor a percentage, nor a level of confidence, nor an indented
    word from what indents it."""
    kept = words.replace("n = ", "n\u00a0=\u00a0").replace("\u2003", "\u2003\u2060")
    return kept.replace(" %", "\u00a0%").replace("% CI", "%\u00a0CI")


def _unbroken(cell: str, longest: int) -> str:
    """A short cell stays on one line: 48 (80 %), 7–28. One that is short for few columns only may break before its
    interval."""
    if len(cell) > longest and not (len(cell) <= SHORT_CELL and "(" in cell):
        return cell
    kept = re.sub(r"(?<=\S)–(?=\S)", "–\u2060", cell.replace(" ", "\u00a0"))
    return kept if len(cell) <= longest else kept.replace("\u00a0(", " (", 1)


class Printed(float):
    """A number that is shown in other words."""

    words: str

    def __new__(cls, words: str) -> "Printed":
        made = super().__new__(cls, first_number(words))
        made.words = words
        return made

    def __str__(self) -> str:
        return self.words


def first_number(words: str) -> float:
    """The number that a printed cell begins with; below all numbers where there is none, since a browser says "None" of
    what is missing."""
    found = NUMBER.match(words)
    if not found:
        return -float("inf")
    beside, sign, digits = found.groups()
    return (-1 if sign in ("−", "-") else 1) * float(digits.replace(",", "").replace("∞", "inf")) * BESIDE[beside]


def of_numbers(columns: Iterable[Sequence[Any]]) -> list[int]:
    """The columns that hold printed numbers, counted from 1; never the first, which names the row."""
    return [place for place, cells in enumerate(columns, start=1) if place > 1 and mostly_numbers(cells)]


def mostly_numbers(cells: Sequence[Any]) -> bool:
    """Whether at least half of what stands in them begins with a number."""
    words = [cell for cell in cells if cell and cell.split(" ")[0] not in NO_NUMBER]  # these stand where a number might
    return 2 * sum(cell[0].isdigit() or cell[0] in "<>≥≤−–+∞" for cell in words) >= len(words)


def sortable(table: pd.DataFrame) -> Any:
    """The table as it is sent to the screen: its columns of printed numbers are numbers, shown as printed."""
    names = [name for name in table.columns[1:] if table.columns.is_unique and _prints_numbers(table[name].tolist())]
    if not names:
        return table
    numbers = {name: pd.Series(map(Printed, table[name]), index=table.index, dtype="object") for name in names}
    return table.assign(**numbers).style.format(str, subset=names)


def _prints_numbers(cells: Sequence[Any]) -> bool:
    """Whether they are texts of which most begin with a number, and none with a date."""
    if not all(isinstance(cell, str) for cell in cells) or any(map(DATE.match, cells)):
        return False
    return mostly_numbers(cells) and any(map(NUMBER.match, cells))
