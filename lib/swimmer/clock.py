"""Days of States and Events on one clock: those counted from another infusion are moved by the days between the two.

So a lane shows the whole course of a patient who was infused more than once, whichever infusion is day 0.
"""

import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.time_unit import from_days


def on_clock(cohort: Cohort, table: pd.DataFrame, unit: str, **columns: str) -> pd.DataFrame:
    """The rows with `patient` and, for each name=column, that column in `unit` since the chosen infusion.

    A row of another infusion whose day is not known keeps its place in the table with missing times.
    """
    begun = cohort.infusions.dropna(subset=["infusion"]).drop_duplicates(["patient_id", "infusion"])
    day_of = begun.set_index(["patient_id", "infusion"])["day"]
    shift = _days(day_of, table["patient_id"], table["infusion"])
    shift -= _days(day_of, table["patient_id"], pd.Series(float(cohort.infusion), index=table.index))
    shift = shift.mask(table["infusion"] == cohort.infusion, 0.0)
    times = {name: from_days(table[column] + shift, unit) for name, column in columns.items()}
    return table.assign(patient=table["patient_id"], **times).reset_index(drop=True)


def _days(day_of: pd.Series, patients: pd.Series, numbers: pd.Series) -> pd.Series:
    """The day of each infusion since the first; the first is day 0 unless its row says otherwise."""
    keys = pd.MultiIndex.from_arrays([patients, numbers])
    days = pd.Series(day_of.reindex(keys).to_numpy(dtype="float64"), index=patients.index)
    return days.mask(days.isna() & (numbers == 1), 0.0)
