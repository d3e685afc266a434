"""Units of laboratory values: which spellings mean the same, and how one is turned into another.

Counts of cells are given per litre (10^9/L = G/L = K/µL = 10^3/µL), masses per litre. Source: Unified Code for Units of Measure
(UCUM); SI prefixes. Amounts (mmol/L) are not turned into masses: that needs the substance. Units that are not listed stay as they
are, as a series of their own.
"""

import re
from typing import Final

import pandas as pd

from lib.cohort.finding import Finding

PER_LITRE: Final = {"l": 1.0, "dl": 10.0, "ml": 1e3, "ul": 1e6, "mm3": 1e6, "cumm": 1e6, "mcl": 1e6}
GRAMS: Final = {"g": 1.0, "mg": 1e-3, "ug": 1e-6, "mcg": 1e-6, "ng": 1e-9, "pg": 1e-12}
COUNTS: Final = {"": 1.0, "/": 1.0, "cells": 1.0, "g": 1e9, "k": 1e3, "t": 1e12, "thou": 1e3, "mio": 1e6, "tsd": 1e3}
POWER: Final = re.compile(r"(?:x|×|\*)?10(?:\^|\*\*|\*|e)?(?P<power>3|6|9|12)")


def parsed(unit: str) -> tuple[str, float] | None:
    """What is measured ("count" or "mass") and how many cells or grams per litre one of this unit is; None if it is not known."""
    written = unit.strip().replace("µ", "u").replace("μ", "u").replace(" ", "")  # both signs for micro
    giga = bool(re.fullmatch(r"G/[Ll]", written))
    above, _, below = written.casefold().rpartition("/")
    per = PER_LITRE.get(below)
    if per is None:
        return None
    if power := POWER.fullmatch(above.removesuffix("cells")):
        return "count", 10.0 ** int(power["power"]) * per
    if above in GRAMS and not giga:
        return "mass", GRAMS[above] * per
    return ("count", COUNTS[above] * per) if above in COUNTS else None


def with_one_unit(labs: pd.DataFrame, sheet: str) -> tuple[pd.DataFrame, list[Finding]]:
    """The table with one unit a test, the one that most of its rows have; each conversion is a note. Limits move along."""
    findings: list[Finding] = []
    if "test" not in labs.columns or labs["unit"].isna().all():
        return labs, findings
    numbers = [name for name in ("value", "limit", "lower_limit", "upper_limit") if name in labs.columns]
    labs = labs.copy()
    for test, units in labs.groupby("test", sort=False)["unit"]:
        counted = units.dropna().value_counts()
        for kind in ("count", "mass"):
            known = {unit: found[1] for unit in counted.index if (found := parsed(unit)) and found[0] == kind}
            if len(known) < 2:
                continue
            main, *others = known  # in the order of their number
            for other in others:
                factor = known[other] / known[main]
                rows = units.index[units == other]
                labs.loc[rows, numbers] *= factor
                labs.loc[rows, "unit"] = main
                values, were = ("value", "was") if len(rows) == 1 else ("values", "were")
                said = f'{len(rows)} {values} of {test} in "{other}" {were} turned into "{main}": 1 {other} = {factor:g} {main}.'
                findings.append(Finding("note", sheet, None, "unit", other, said, "Correct the unit if that is wrong."))
    return labs, findings
