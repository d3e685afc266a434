"""The wells of a workbook's sheet Assays: one row a measurement that has a value, with what it was taken from.

A well is a technical replicate. What repeats an experiment is a donor, or a run of it: a further column of the sheet, by
one of the names in BIOLOGICAL.
"""

import re
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort

BIOLOGICAL: Final = ("donor", "biological replicate", "patient", "run", "experiment run")
WORDS: Final = ("experiment", "measure", "condition", "concentration_unit", "time_unit", "unit")
UNIT_OF_RATIO: Final = "fold"


def wells(cohort: Cohort) -> pd.DataFrame:
    """Every measurement with a value: the words of the schema ("" where empty), concentration, time, replicate, donor, value.

    `measured` is the value as it stands in the sheet; what is computed later keeps it. A unit of time or concentration
    that an experiment names only in some rows holds for all of them. Assays speak of no patient: no selection touches them.
    """
    rows = cohort.assays
    rows = rows[rows["value"].notna()].reset_index(drop=True)
    words = {name: rows[name].fillna("").astype(str).str.strip() for name in WORDS}
    table = rows[["concentration", "time", "replicate", "value"]].assign(
        **words, donor=_donor(rows), measured=rows["value"], original=range(len(rows))
    )
    for unit in ("time_unit", "concentration_unit"):
        table[unit] = table.groupby("experiment", sort=False)[unit].transform(_only_one)
    return table


def n_without_value(cohort: Cohort) -> int:
    """How many rows of the sheet have no value."""
    return int(cohort.assays["value"].isna().sum())


def _donor(rows: pd.DataFrame) -> pd.Series:
    named = {re.sub(r"[^a-z]+", " ", str(name).casefold()).strip(): name for name in rows.columns}
    found = next((named[name] for name in BIOLOGICAL if name in named), None)
    return rows[found].fillna("").astype(str) if found is not None else pd.Series("", index=rows.index, dtype="object")


def _only_one(units: pd.Series) -> pd.Series:
    """The one unit of an experiment, also where it was left out."""
    given = [unit for unit in units.unique() if unit]
    return units.mask(units == "", given[0]) if len(given) == 1 else units
