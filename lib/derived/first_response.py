"""The first response of at least a level: assessed after the infusion, before progression and before any other treatment.

Confirmation by a second assessment is not asked for. A response first seen on the day of progression or after it is none; so is
one first seen after another therapy or infusion.
"""

from collections.abc import Sequence

import pandas as pd

from lib.cohort.endpoint_choice import RESPONDING
from lib.cohort.model import Cohort
from lib.derived.endpoint_days import first_days
from lib.derived.progression import ends
from lib.derived.treatment import other_treatment


def first_responses(cohort: Cohort, levels: Sequence[str] = RESPONDING) -> pd.Series:
    """The day of the first response by patient, NaN for whoever has none."""
    ended = ends(cohort, with_death="os" in cohort.endpoint_names or "pfs" in cohort.endpoint_names).table
    progressed = ended["day"].where(ended["event"] == 1)
    treated = other_treatment(cohort)
    rows = cohort.responses[cohort.responses["response"].isin(levels) & (cohort.responses["day"] > 0)]
    before = ~(rows["day"] >= rows["patient_id"].map(progressed)) & ~(rows["day"] > rows["patient_id"].map(treated))
    return first_days(rows[before], "day", cohort)
