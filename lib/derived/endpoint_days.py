"""An endpoint of the workbook by patient, in days, with the reason where it cannot be used."""

from typing import Final

import pandas as pd

from lib.cohort.model import Cohort, kept, kept_of_each
from lib.cohort.schema import endpoint_label
from lib.cohort.time_unit import in_days

ROUNDING_DAYS: Final = 1.0  # times written in months are rounded: less than a day apart is the same day


@kept_of_each
def endpoint_days(cohort: Cohort, endpoint: str) -> pd.DataFrame:
    """One row a selected patient, indexed by patient: day (NaN if not usable), event, problem ("" if usable), cause
    (text)."""
    rows = cohort.endpoints[cohort.endpoints["endpoint"] == endpoint].drop_duplicates("patient_id")
    days = rows.assign(day=in_days(rows["time"], rows["unit"])).set_index("patient_id")
    table = days[["day", "event", "problem", "cause"]].reindex(patient_index(cohort))
    missing = f"no {endpoint_label(endpoint).lower()} recorded"
    problem = table["problem"].astype("object").where(table["problem"].notna(), missing)
    usable = problem == ""
    return table.assign(problem=problem, day=table["day"].where(usable), event=table["event"].where(usable))


@kept
def patient_index(cohort: Cohort) -> pd.Index:
    """The selected patients, as tables by patient are indexed."""
    return pd.Index(cohort.patients["patient_id"], name="patient_id", dtype="object")


@kept_of_each
def death_days(cohort: Cohort) -> pd.Series:
    """The day of death by patient, NaN for whoever is not known to have died."""
    survival = endpoint_days(cohort, "os")
    return survival["day"].where(survival["event"] == 1)


def died_on(cohort: Cohort, days: pd.Series) -> pd.Series:
    """Whether a patient (the index) died on the day, as far as rounded times tell."""
    return (death_days(cohort).reindex(days.index) - days).abs() <= ROUNDING_DAYS


def first_days(table: pd.DataFrame, column: str, cohort: Cohort) -> pd.Series:
    """The smallest day in `column` by patient, NaN for whoever has no row."""
    return table.groupby("patient_id")[column].min().reindex(patient_index(cohort)).astype("float64")
