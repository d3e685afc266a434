"""What a unit of a dose of cells says: how many millions of cells one of it is, and whether it is per kg of body
weight.

A unit that holds a word which is not known here is not understood: a dose in vials or mg is never taken for one in
cells.
"""

import re
from typing import Final, NamedTuple

MILLION: Final = 1e6
RAISED: Final = re.compile("10([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
POWER: Final = re.compile(r"(?:[x×·*]\s*)?(?<!\d)(?:10\s?(?:\^|\*{1,2})\s?(\d{1,2})|1e\+?(\d{1,2}))(?!\d)")
NAMED: Final = {"million": 6, "millions": 6, "mio": 6, "mln": 6, "billion": 9, "billions": 9}
PER_KG: Final = re.compile(r"(?:/|\bper\b|\bpro\b)\s*kg\b|\bkg\s?(?:\^?-1\b|⁻¹)")
SAYS_CELLS: Final = re.compile(
    "cells?|zellen|cellules|células|cart?|t|nk|viable|live|positive|pos|transduced|infused|total|of|autologous|body|weight|bw"
)


class DoseUnit(NamedTuple):
    """`millions` of cells that one of the unit is; `per_kg` of body weight."""

    millions: float
    per_kg: bool


def dose_unit(written: str) -> DoseUnit | None:
    """ "10^6 CAR T cells/kg" is (1, per kg), "× 10⁸ cells" (100, not per kg), "cells" 0.000001; None for what is no
    number of cells."""
    words = RAISED.sub(lambda found: f"10^{found[1].translate(SUPERSCRIPTS)}", written.casefold())
    per_kg = bool(PER_KG.search(words))
    words = PER_KG.sub(" ", words)
    powers = [int(found[1] or found[2]) for found in POWER.finditer(words)]
    left = re.findall(r"[^\W\d_]+|\d+|[/²^]", POWER.sub(" ", words))
    powers += [NAMED[word] for word in left if word in NAMED]
    if len(powers) > 1 or any(not SAYS_CELLS.fullmatch(word) and word not in NAMED for word in left):
        return None
    if not powers and not {"cell", "cells", "zellen"} & set(left):
        return None
    return DoseUnit(10.0 ** sum(powers) / MILLION, per_kg)
