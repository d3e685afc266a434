"""One series of CAR-transgene values: one specimen, one assay, one unit. Series of different assays are never mixed."""

from dataclasses import dataclass

import pandas as pd

from lib.cohort.model import Cohort


@dataclass(frozen=True)
class SeriesKey:
    """What was measured: values of another specimen, assay or unit are another series."""

    specimen: str
    assay: str
    unit: str

    @property
    def label(self) -> str:
        unit = f", {self.unit}" if self.unit else ""
        return f"{self.specimen}, {self.assay}{unit}"


def series_keys(cohort: Cohort) -> tuple[SeriesKey, ...]:
    """The series of the cohort, the one with most values first."""
    named = cohort.kinetics.assign(unit=cohort.kinetics["unit"].fillna(""))
    counts = named.groupby(["specimen", "assay", "unit"], sort=False).size().sort_values(ascending=False, kind="stable")
    return tuple(SeriesKey(*map(str, key)) for key in counts.index)


def series(cohort: Cohort, key: SeriesKey) -> pd.DataFrame:
    """The values of one series that were measured on a known day, after any infusion: patient, infusion, day, value, below, lloq.

    In order of patient, infusion and day. `value` is NaN below the limit of quantification.
    """
    rows = cohort.kinetics
    mine = (rows["specimen"] == key.specimen) & (rows["assay"] == key.assay) & (rows["unit"].fillna("") == key.unit)
    known = rows["day"].notna() & (rows["value"].notna() | rows["below"])
    table = rows[mine & known]
    return pd.DataFrame({
        "patient": table["patient_id"], "infusion": table["infusion"], "day": table["day"],
        "value": table["value"].mask(table["below"]), "below": table["below"], "lloq": table["lloq"],
    }).sort_values(["patient", "infusion", "day"], kind="stable", ignore_index=True)  # fmt: skip
