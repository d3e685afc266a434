"""One unit a laboratory test: the one that most of its rows have; the rows of others are converted, and each conversion is told.

Amounts (mmol/L) are not turned into masses: that needs the substance. Units that are not listed stay as they are, as a series of
their own.
"""

import pandas as pd

from lib.cohort.finding import Finding
from lib.cohort.lab_unit import parsed


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
