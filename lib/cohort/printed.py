"""How what a workbook types on one line is printed: 10⁹/L for 10^9/L, ≥5 for >=5. For display alone: data keep what was
typed.

And words as a part of an exhibit's id, of a file's name or of a widget's key: lower-case Latin letters and digits,
parted by _.
"""

import re
import unicodedata
from typing import Final

LONGEST: Final = 60
SPELLED: Final = str.maketrans(
    {"α": "alpha", "β": "beta", "γ": "gamma", "µ": "u", "μ": "u", "+": " plus ", "%": " percent "}
)
POWER: Final = re.compile(r"(?<=\d)\^(-?\d+)")
RAISED: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def slug_of(words: str, otherwise: str = "") -> str:
    """The words in at most LONGEST such signs; `otherwise` where there are none of them (words in another script)."""
    plain = unicodedata.normalize("NFKD", words.casefold().translate(SPELLED)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST].rstrip("_") or otherwise


def unused(slug: str, given: set[str]) -> str:
    """The slug, or where it is given away the first of slug_2, slug_3 ... that is not; it is added to `given`."""
    found, number = slug[:LONGEST].rstrip("_"), 1
    while found in given:
        number += 1
        found = f"{slug[: LONGEST - 4]}_{number}"
    given.add(found)
    return found


def raised(unit: str) -> str:
    """The unit with its powers raised."""
    return POWER.sub(lambda found: found[1].translate(RAISED), unit)


def signs(words: str) -> str:
    """A level with the signs of print: ≥5, ≤60."""
    return words.replace(">=", "≥").replace("<=", "≤")
