"""One series of CAR-transgene values: one specimen, one assay, one unit. Series of different assays are never mixed."""

import pandas as pd

from lib.cohort.kinetic_series import SeriesKey, series_keys
from lib.cohort.model import Cohort
from lib.derived.replicates import GEOMETRIC_MEAN, merged

__all__ = ["SeriesKey", "series", "series_keys"]


def series(cohort: Cohort, key: SeriesKey, rule: str = GEOMETRIC_MEAN) -> pd.DataFrame:
    """The values of one series that were measured on a known day, after any infusion: patient, infusion, day, value, below, lloq, above.

    In order of patient, infusion and day. `value` is NaN below the limit of quantification, and the limit itself where it is
    `above` the upper one; `replicates` samples of one day are one row by `rule`.
    """
    rows = cohort.kinetics
    mine = (rows["specimen"] == key.specimen) & (rows["assay"] == key.assay) & (rows["unit"].fillna("") == key.unit)
    known = rows["day"].notna() & (rows["value"].notna() | rows["below"])
    table = rows[mine & known]
    found = pd.DataFrame({
        "patient": table["patient_id"], "infusion": table["infusion"], "day": table["day"],
        "value": table["value"].mask(table["below"]), "below": table["below"], "lloq": table["lloq"], "above": table["above"],
    }).sort_values(["patient", "infusion", "day"], kind="stable", ignore_index=True)  # fmt: skip
    return merged(found, ["patient", "infusion", "day"], rule)
