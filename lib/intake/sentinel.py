"""Numbers that stand for "missing": 999, 9999, -99 ... in a column whose other numbers are far away."""

import math
from collections.abc import Sequence
from typing import Final

from lib.cohort.finding import Finding
from lib.cohort.schema import Column
from lib.intake.coding import Measured

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
