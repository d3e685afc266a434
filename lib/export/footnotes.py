"""Which sentence of a table's notes belongs to one column or row, and is marked there; all others speak of the whole
table.

A sentence belongs to the cells whose text begins with its own first words: "p: Fisher's exact test.", "Half-life
missing: ...". Nothing is left out and nothing said twice.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lib.publication.exhibit import Table

SENTENCE: Final = re.compile(r"(?<=[.)]) (?=[A-Z0-9]|p: )")
NAMED: Final = re.compile(r"(?:(Medians|Quartiles) by|([^.:;]{1,60}?)(?: missing)?:) ")
CONTINUES: Final = re.compile(r"(The|It|They|What|Who|This|These|Efron ties in the first|Two-sided|\d+ comparisons)\b")
OTHER_NAMES: Final = {"Difference": "% points", "Difference in percentage point": "% points"}
MOST_MARKED: Final = 3  # cells of one footnote; what belongs to more speaks of the table
OWN_LETTERS: Final = re.compile(r"\bN[CG] [a-z]\b")  # cells that have letters of their own, explained in the notes
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
SYMBOLS: Final = "*†‡§¶‖"


@dataclass(frozen=True)
class Footnotes:
    """`general`: paragraphs below the table. `marked`: mark and words, in reading order. `marks`: those of a cell, by
    its text."""

    general: tuple[str, ...]
    marked: tuple[tuple[str, str], ...]
    marks: Mapping[str, str]


def footnotes(table: Table) -> Footnotes:
    """The caption, method and notes of the table, each sentence once."""
    cells = list(dict.fromkeys((*table.header, *(row[0].strip() for row in table.rows if row))))
    general, placed = _placed(table, cells)
    ordered = sorted(placed, key=lambda places: cells.index(places[0]))
    signs = _signs(table)
    marked = dict(zip(ordered, signs, strict=False))
    return Footnotes(
        (*general, *(placed[places] for places in ordered[len(signs) :])),
        tuple((sign, placed[places]) for places, sign in marked.items()),
        {cell: "".join(sign for places, sign in marked.items() if cell in places) for cell in cells},
    )


def _placed(table: Table, cells: Sequence[str]) -> tuple[list[str], dict[tuple[str, ...], str]]:
    """The paragraphs that speak of the whole table, and the words that belong to some cells, by these cells."""
    general, placed = [table.caption], dict[tuple[str, ...], str]()
    for text in (table.method, *table.notes):
        kept = []
        for name, words in _passages(text):
            if places := _places(name, cells):
                placed[places] = f"{placed.get(places, '')} {words}".strip()
            else:
                kept.append(words)
        general.append(" ".join(kept))
    return list(filter(None, general)), placed


def _signs(table: Table) -> str:
    """Letters, or signs where cells have letters of their own."""
    return SYMBOLS if any(OWN_LETTERS.search(cell) for row in table.rows for cell in row) else LETTERS


def _passages(text: str) -> Iterator[tuple[str, str]]:
    """Name and words of each passage: a sentence with those that continue it; "" where it has no name."""
    found: list[tuple[str, str]] = []
    for sentence in SENTENCE.split(text):
        named = NAMED.match(sentence)
        if found and not named and CONTINUES.match(sentence):
            found[-1] = (found[-1][0], f"{found[-1][1]} {sentence}")
        else:
            found.append(((named[1] or named[2]) if named else "", sentence))
    return iter(found)


def _places(name: str, cells: Sequence[str]) -> tuple[str, ...]:
    """The cells that a passage of this name belongs to; none where there are many."""
    singular = name.removesuffix("s")
    if not singular:
        return ()
    begins = re.compile(rf"{re.escape(singular)}s?(?![^\W\d])", re.IGNORECASE if len(singular) > 1 else 0)
    elsewhere = OTHER_NAMES.get(singular)
    found = tuple(cell for cell in cells if (elsewhere in cell if elsewhere else begins.match(cell)))
    return found if len(found) <= MOST_MARKED else ()
