"""Words of the user's -> words of the schema, by the codes of a mapping, before anything is read from a cell.

Numbers that stand for "missing": 999, 9999, -99 ... in a column whose other numbers are far away.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from lib.cohort.finding import Finding
from lib.cohort.schema import Column
from lib.intake.cells.coding import Measured, as_number, is_missing, text
from lib.intake.files.grid import Cell

Codes = Mapping[str, str | None]


def translated(cells: Sequence[Cell], codes: Codes) -> Sequence[Cell]:
    """The cells with every listed word replaced; None = nothing stands there, "" = what an empty cell means."""
    if not codes:
        return cells
    by_word = {_word(written): meant for written, meant in codes.items()}
    known: dict[tuple[type, Cell], Cell] = {}
    found: list[Cell] = []
    for cell in cells:
        key = (type(cell), cell)
        if key not in known:
            word = _word(text(cell))
            known[key] = by_word.get(word, cell)
        found.append(known[key])
    return found


def new_words(cells: Sequence[Cell], codes: Codes, column: Column) -> tuple[str, ...]:
    """The words of this column that the codes neither list nor give, where they were meant to list all of them."""
    if all(meant is None for meant in codes.values()):
        return ()
    given = {_word(written) for written in codes} | {
        _word(meant) for meant in codes.values() if meant and column.kind != "event"
    }
    written = dict.fromkeys(text(cell) for cell in dict.fromkeys(cells) if not is_missing(cell))
    return tuple(word for word in written if _word(word) not in given)


def _word(written: str) -> str:
    """A word as it is compared: capitals and outer spaces say nothing, and 1.0 is 1."""
    number = as_number(written) if written[-1:].isdigit() else None
    return written.strip().casefold() if number is None else f"{number:.15g}"


HIGH: Final = frozenset((999.0, 9999.0, 99999.0))
LOW: Final = frozenset((-99.0, -999.0, -9999.0))
TIMES_AWAY: Final = 5  # a true value is not five times as large as all others
FEWEST: Final = 5  # other values, before anything can be said of a column
KINDS: Final = ("number", "day", "measurement")


def without_sentinels(
    values: Sequence[object], column: Column, sheet: str, letter: str
) -> tuple[list[object], list[Finding]]:
    """The values with such numbers missing, and one warning for each that was found; findings have the place as row."""
    if column.kind not in KINDS:
        return list(values), []
    numbers = [each.value if isinstance(each, Measured) else each for each in values]
    suspects = {each for each in numbers if isinstance(each, float) and (each in HIGH or each in LOW)}
    if not suspects:
        return list(values), []
    others = [each for each in numbers if isinstance(each, float) and not math.isnan(each) and each not in suspects]
    if len(others) < FEWEST:
        return list(values), []
    largest, least = max(map(abs, others)), min(others)
    wrong = {
        each for each in suspects if (each in HIGH and each > TIMES_AWAY * largest) or (each in LOW and least >= 0)
    }
    if column.kind == "day":
        wrong = {each for each in wrong if abs(each) > TIMES_AWAY * largest}
    findings, kept = [], list(values)
    for place, number in enumerate(numbers):
        if number in wrong:
            kept[place] = Measured(math.nan, False, math.nan) if isinstance(values[place], Measured) else math.nan
            problem = f"{number:g} is far from all other values of this column; it was taken for a code of missing."
            mend = "Leave the cell empty, or correct it."
            findings.append(Finding("warning", sheet, place, letter, f"{number:g}", problem, mend))
    return kept, findings
