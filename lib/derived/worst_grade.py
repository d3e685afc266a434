"""The worst grade of every patient and adverse event term: each patient counts once a term, at the highest grade.

Grade 0 means looked for and absent. An event without any grade is present with "grade not stated". In a period, the
events that began in it count.
"""

import pandas as pd

from lib.cohort.model import Cohort
from lib.derived.period import WHOLE, Period


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
