"""The course of one adverse event in each patient: first day, days covered, worst grade, scales, and what it was
treated with.

Days count from the infusion that is looked at; a day on which two rows overlap counts once; first and last day both
count.

Worst grades: each patient counts once a term, at the highest grade; grade 0 means looked for and absent. In a period,
the events that began in it count.
"""

import re
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.model import Cohort, kept_of_each
from lib.derived.endpoint_days import patient_index
from lib.derived.period import WHOLE, Period

TREATMENTS: Final = {
    "Tocilizumab": re.compile(r"toci(lizumab)?\b|actemra|roactemra|托珠", re.IGNORECASE),
    "Steroids": re.compile(
        r"steroid|dexameth|methylpred|predniso|cortis|kortik|corticoid|solumedrol|\bdxm\b|地塞|甲泼", re.IGNORECASE
    ),
    "Anakinra": re.compile(r"anakinra|kineret", re.IGNORECASE),
    "Siltuximab": re.compile(r"siltuximab", re.IGNORECASE),
}
NO_SCALE: Final = "scale not stated"
STEROIDS_AND_TOCILIZUMAB: Final = ("Tocilizumab", "Steroids")


def occurred(cohort: Cohort, period: Period = WHOLE) -> pd.DataFrame:
    """The rows of adverse events that were there and began in the period."""
    events = cohort.adverse_events
    there = events["term"].notna() & ~(events["grade"] == 0)
    return events[there & period.holds(events["start_day"])]


def worst_grades(cohort: Cohort, period: Period = WHOLE) -> pd.DataFrame:
    """One row a patient and term that occurred: patient_id, term, worst (1 to 5, NaN = grade not stated)."""
    worst = occurred(cohort, period).groupby(["patient_id", "term"], sort=False)["grade"].max()
    return pd.DataFrame(worst).reset_index().rename(columns={"grade": "worst"})


def worst_in_classes(cohort: Cohort, period: Period = WHOLE) -> pd.DataFrame:
    """One row a patient and system organ class with an event: patient_id, system_organ_class, worst."""
    events = occurred(cohort, period)
    worst = events.groupby(["patient_id", "system_organ_class"], sort=False)["grade"].max()
    return pd.DataFrame(worst).reset_index().rename(columns={"grade": "worst"})


def grading_systems(cohort: Cohort) -> dict[str, tuple[str, ...]]:
    """The scales by which each term was graded, as the workbook names them."""
    named = cohort.adverse_events.dropna(subset=["term", "grading_system"])
    return {str(term): tuple(dict.fromkeys(rows["grading_system"])) for term, rows in named.groupby("term", sort=False)}


def event_rows(cohort: Cohort, term: str, period: Period = WHOLE) -> pd.DataFrame:
    """The rows of this event that began in the period, counted from the infusion looked at."""
    rows = occurred(cohort, period)
    return rows[(rows["term"] == term) & ((rows["infusion"] == cohort.infusion) | rows["infusion"].isna())]


@kept_of_each
def event_courses(cohort: Cohort, term: str, period: Period = WHOLE) -> pd.DataFrame:
    """One row a patient who had it: patient_id, onset (NaN = not stated), days (NaN where an end is not stated),
    worst."""
    rows = event_rows(cohort, term, period)
    by_patient = rows.groupby("patient_id", sort=False)
    found = {"onset": by_patient["start_day"].min(), "days": _days_covered(rows), "worst": by_patient["grade"].max()}
    return pd.DataFrame(found).rename_axis("patient_id").reindex(by_patient.size().index).reset_index()


@kept_of_each
def worst_by_scale(cohort: Cohort, term: str, period: Period = WHOLE) -> pd.DataFrame:
    """One row a patient and scale: patient_id, scale (NO_SCALE where none is named), grade (0 = not stated)."""
    rows = event_rows(cohort, term, period)
    rows = rows.assign(scale=rows["grading_system"].fillna(NO_SCALE))
    return rows.groupby(["patient_id", "scale"], sort=False)["grade"].max().fillna(0.0).reset_index()


def _days_covered(rows: pd.DataFrame) -> pd.Series:
    """By patient how many days have the event; NaN where a row has no first or last day."""
    ordered = rows.sort_values(["start_day", "stop_day"], kind="stable")
    patient, stop = ordered["patient_id"], ordered["stop_day"]
    reached = stop.groupby(patient).cummax().groupby(patient).shift()
    begins = np.fmax(ordered["start_day"], reached + 1)
    covered = (stop - begins + 1).clip(lower=0.0).mask(ordered["start_day"].isna() | stop.isna())
    return covered.groupby(patient).sum().mask(covered.isna().groupby(patient).any())


def treated_with(cohort: Cohort, term: str, period: Period = WHOLE) -> dict[str, frozenset[str]]:
    """Who was given each treatment for this event: named in its row, or a course in Therapies that began while it
    lasted.

    A treatment is left out where neither the rows of this event nor Therapies name it for anybody: it was not recorded.
    """
    found = _treatments(cohort, term, period)
    return {
        name: frozenset(found.index[found[f"{name} given"]])
        for name in TREATMENTS
        if found[f"{name} recorded"].any() or (name in STEROIDS_AND_TOCILIZUMAB and found["treated"].any())
    }


@kept_of_each
def _treatments(cohort: Cohort, term: str, period: Period) -> pd.DataFrame:
    """Indexed by patient: "treated", whether the rows of this event name any treatment; of each whether it was given
    for it, and recorded at all."""
    rows, therapies, patients = event_rows(cohort, term, period), cohort.therapies, patient_index(cohort)
    found = {"treated": patients.isin(rows.loc[rows["treatment"].notna(), "patient_id"])}
    for name, pattern in TREATMENTS.items():
        named = rows.loc[_says(rows["treatment"], pattern), "patient_id"]
        courses = therapies[_says(therapies["therapy"], pattern)]
        found[f"{name} given"] = patients.isin([*named, *_during(courses, rows)])
        found[f"{name} recorded"] = patients.isin([*named, *courses["patient_id"]])
    return pd.DataFrame(found, index=patients)


def _during(courses: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """The patients of the courses that began while the event lasted."""
    lasting = rows[["patient_id", "infusion", "start_day", "stop_day"]]
    both = courses.merge(lasting, on=["patient_id", "infusion"], suffixes=("", "_event"))
    began = both["start_day"].between(both["start_day_event"], both["stop_day_event"].fillna(float("inf")))
    return both.loc[began, "patient_id"]


def _says(words: pd.Series, pattern: re.Pattern[str]) -> pd.Series:
    return words.map(lambda text: isinstance(text, str) and bool(pattern.search(text))).astype(bool)
