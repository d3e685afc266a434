"""Words as a part of an exhibit's id, of a file's name or of a widget's key: lower-case Latin letters and digits,
parted by _."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 60
SPELLED: Final = str.maketrans(
    {"α": "alpha", "β": "beta", "γ": "gamma", "µ": "u", "μ": "u", "+": " plus ", "%": " percent "}
)


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
