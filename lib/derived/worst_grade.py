"""The worst grade of every patient and adverse event term: each patient counts once a term, at the highest grade.

Grade 0 means looked for and absent. An event without any grade is present with "grade not stated".
"""

import pandas as pd

from lib.cohort.model import Cohort


def worst_grades(cohort: Cohort) -> pd.DataFrame:
    """One row a patient and term that occurred: patient_id, term, worst (1 to 5, NaN = grade not stated)."""
    events = cohort.adverse_events
    occurred = events[events["term"].notna() & ~(events["grade"] == 0)]
    worst = occurred.groupby(["patient_id", "term"], sort=False)["grade"].max()
    return pd.DataFrame(worst).reset_index().rename(columns={"grade": "worst"})


def grading_systems(cohort: Cohort) -> dict[str, tuple[str, ...]]:
    """The scales by which each term was graded, as the workbook names them."""
    named = cohort.adverse_events.dropna(subset=["term", "grading_system"])
    return {str(term): tuple(dict.fromkeys(rows["grading_system"])) for term, rows in named.groupby("term", sort=False)}
