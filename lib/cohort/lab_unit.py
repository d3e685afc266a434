"""Units of laboratory values: which spellings mean the same, and how much of what one of a unit is.

Everything is reported per litre: cells, grams, moles, units of enzyme activity. Source: Unified Code for Units of
Measure (UCUM); SI prefixes; 1 kat = 60 000 000 U.
"""

import re
from typing import Final

PER_LITRE: Final = {
    "l": 1.0,
    "dl": 10.0,
    "ml": 1e3,
    "ul": 1e6,
    "mm3": 1e6,
    "mm^3": 1e6,
    "cumm": 1e6,
    "mcl": 1e6,
    "nl": 1e9,
    "pl": 1e12,
}
GRAMS: Final = {"g": 1.0, "mg": 1e-3, "ug": 1e-6, "mcg": 1e-6, "ng": 1e-9, "pg": 1e-12}
MOLES: Final = {"mol": 1.0, "mmol": 1e-3, "umol": 1e-6, "nmol": 1e-9, "pmol": 1e-12}
ACTIVITY: Final = {
    "u": 1.0,
    "iu": 1.0,
    "ui": 1.0,
    "e": 1.0,
    "ie": 1.0,
    "mu": 1e-3,
    "miu": 1e-3,
    "ku": 1e3,
    "ukat": 60.0,
    "nkat": 0.06,
}
COUNTS: Final = {
    "": 1.0,
    "/": 1.0,
    "cells": 1.0,
    "g": 1e9,
    "gpt": 1e9,
    "k": 1e3,
    "t": 1e12,
    "tpt": 1e12,
    "thou": 1e3,
    "thousand": 1e3,
    "1000": 1e3,
    "mio": 1e6,
    "tsd": 1e3,
    "tsd.": 1e3,
    "giga": 1e9,
    "mrd": 1e9,
    "mrd.": 1e9,
}
POWER: Final = re.compile(r"(?:x|×|\*)?10(?:\^|\*\*|\*|e)?(?P<power>3|6|9|12)")
WRITTEN_OTHERWISE: Final = str.maketrans(
    {"µ": "u", "μ": "u", "³": "3", "⁶": "6", "⁹": "9", "¹": "1", "²": "2", " ": None}
)


def parsed(unit: str) -> tuple[str, float] | None:
    """What is measured ("count", "mass", "amount", "activity") and how much per litre one of this unit is; None if not
    known.

    A unit that can be read in two ways is read as written: "G/L" are cells, "g/l" is a mass (see `per_litre`).
    """
    written = unit.strip().translate(WRITTEN_OTHERWISE)
    above, per = _parts(written)
    if per is None:
        return None
    if (cells := _cells(above)) and not (above == "g" and not re.fullmatch(r"G/[Ll]", written)):
        return "count", cells * per
    for kind, sizes in (("mass", GRAMS), ("amount", MOLES), ("activity", ACTIVITY)):
        if above in sizes:
            return kind, sizes[above] * per
    return None


def per_litre(unit: str, kind: str) -> float | None:
    """How much per litre one of this unit is where it is known what is measured: "g/l" of cells are 10^9/L."""
    if kind == "count" and unit.strip().casefold() == "g/l":
        return COUNTS["g"]
    if kind == "mass" and unit.strip() in ("G/L", "G/l"):
        return GRAMS["g"]
    found = parsed(unit)
    return found[1] if found and found[0] == kind else None


def _parts(written: str) -> tuple[str, float | None]:
    above, _, below = written.casefold().rpartition("/")
    return above, PER_LITRE.get(below)


def _cells(above: str) -> float | None:
    power = POWER.fullmatch(above.removesuffix("cells"))
    return 10.0 ** int(power["power"]) if power else COUNTS.get(above)
