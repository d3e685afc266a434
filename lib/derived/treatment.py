"""What was given after the infusion or taken before it: the next therapy, another infusion, the apheresis; days by
patient."""

from typing import Final

import pandas as pd

from lib.cohort.at_infusion import from_apheresis, names_apheresis
from lib.cohort.model import Cohort, kept, kept_of_each
from lib.derived.endpoint_days import first_days, patient_index

EARLIEST_START: Final = -21.0  # a lymphodepletion that began before this day belongs to another infusion


def next_therapies(cohort: Cohort) -> pd.DataFrame:
    """Indexed by patient: day of the first therapy of kind "subsequent" after the infusion, problem where its start is
    not stated.

    Whoever has no such row is taken to have had no such therapy.
    """
    rows = cohort.therapies[cohort.therapies["kind"] == "subsequent"]
    undated = patient_index(cohort).isin(rows.loc[rows["start_day"].isna(), "patient_id"])
    days = first_days(rows[rows["start_day"] > 0], "start_day", cohort)
    problem = pd.Series("", index=days.index, dtype="object").mask(undated, "start of a subsequent therapy not stated")
    return pd.DataFrame({"day": days.where(~undated), "problem": problem})


def later_infusions(cohort: Cohort) -> pd.Series:
    """Days from the infusion that is looked at to the next one, NaN without one (or where its day is not stated)."""
    own = first_days(cohort.infusions[cohort.infusions["infusion"] == cohort.infusion], "day", cohort)
    own = own.fillna(0.0) if cohort.infusion == 1 else own
    later = cohort.infusions[cohort.infusions["infusion"] > cohort.infusion]
    between = first_days(later, "day", cohort) - own
    return between.where(between > 0)


@kept_of_each
def other_treatment(cohort: Cohort) -> pd.Series:
    """The day of the next therapy or infusion, whichever comes first: what is seen later is no effect of this
    infusion."""
    return pd.concat([next_therapies(cohort)["day"], later_infusions(cohort)], axis=1).min(axis=1)


@kept
def aphereses(cohort: Cohort) -> pd.DataFrame:
    """The rows of Therapies that name an apheresis."""
    return cohort.therapies[names_apheresis(cohort.therapies)]


@kept_of_each
def days_from_apheresis(cohort: Cohort) -> pd.Series:
    """Days from the last apheresis at or before the infusion to the infusion, NaN where none is stated."""
    days, _ = from_apheresis(cohort.therapies)
    return pd.Series(days, dtype="float64").reindex(patient_index(cohort))


def lymphodepletion_starts(cohort: Cohort) -> pd.Series:
    """The first day of the lymphodepletion of this infusion by patient, NaN where it is not stated."""
    rows = cohort.therapies[cohort.therapies["kind"] == "lymphodepletion"]
    return first_days(rows[rows["start_day"].between(EARLIEST_START, 0)], "start_day", cohort)
