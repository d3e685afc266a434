"""The day on which an adverse event reached a grade.

The day is the first day of the event of that grade, as the workbook gives it.
"""

import pandas as pd

from lib.cohort.model import Cohort
from lib.derived.became_known import BecameKnown, first_days, without_day


def grade_by(cohort: Cohort, term: str, least: int) -> BecameKnown:
    """The first day, from the infusion on, of this event at grade `least` or more; NaN = none is recorded.

    `not_stated`: who has such an event without a day, or an event without a grade: it may have been as bad.
    """
    events = _occurred(cohort, term)
    bad = events[events["grade"] >= least]
    patients = cohort.patients["patient_id"]
    open_ones = (*without_day(patients, bad, "start_day"), *without_day(patients, events, "grade"))
    unknown = tuple(patient for patient in patients if patient in open_ones)
    return BecameKnown(
        f"{term} grade ≥ {least}", first_days(patients, bad, "start_day"), unknown, f"{term} grade < {least}"
    )


def _occurred(cohort: Cohort, term: str) -> pd.DataFrame:
    """The rows of the event; grade 0 means looked for and absent."""
    events = cohort.adverse_events
    return events[(events["term"] == term) & ~(events["grade"] == 0)]
