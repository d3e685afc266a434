"""Powers as they are printed: 10^9/L becomes 10⁹/L."""

import re
from typing import Final

POWER: Final = re.compile(r"\^(-?\d+)")
SUPERSCRIPTS: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def raised(unit: str) -> str:
    """The unit with its powers raised."""
    return POWER.sub(lambda found: found[1].translate(SUPERSCRIPTS), unit)
