"""How what a workbook types on one line is printed: 10⁹/L for 10^9/L, ≥5 for >=5. For display alone: data keep what was
typed."""

import re
from typing import Final

POWER: Final = re.compile(r"(?<=\d)\^(-?\d+)")
RAISED: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def raised(unit: str) -> str:
    """The unit with its powers raised."""
    return POWER.sub(lambda found: found[1].translate(RAISED), unit)


def signs(words: str) -> str:
    """A level with the signs of print: ≥5, ≤60."""
    return words.replace(">=", "≥").replace("<=", "≤")
