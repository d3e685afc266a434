"""A laboratory value before the infusion: the one marked as baseline, else the last on day 0 or before.

A value below its limit counts as half the limit. Whoever has none there, or one below a limit that is not stated, has
NaN.
"""

import pandas as pd

from lib.cohort.model import Cohort
from lib.derived.endpoint_days import patient_index


def baseline_lab(cohort: Cohort, test: str, unit: str = "") -> pd.Series:
    """For each selected patient (the index) the value of one test in one unit before the chosen infusion."""
    rows = cohort.labs
    mine = rows[(rows["test"] == test) & (rows["unit"].fillna("") == unit) & (rows["infusion"] == cohort.infusion)]
    mine = mine.assign(
        marked=(mine["baseline"] == "yes").astype(int),
        amount=mine["value"].mask(mine["below"].astype(bool), mine["limit"] / 2),
    )
    before = mine[(mine["marked"] == 1) | (mine["day"] <= 0)]
    known = before[before["value"].notna() | before["below"].astype(bool)]
    last = known.sort_values(["marked", "day"], kind="stable", na_position="first").drop_duplicates(
        "patient_id", keep="last"
    )
    return last.set_index("patient_id")["amount"].reindex(patient_index(cohort)).astype("float64")
