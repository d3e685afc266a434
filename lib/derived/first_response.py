"""The first response of at least a level: assessed after the infusion, before progression and before any other treatment.

Confirmation by a second assessment is not asked for. A response first seen on the day of progression or after it is none; so is
one first seen after another therapy or infusion.
"""

from collections.abc import Sequence

import pandas as pd

from lib.cohort.endpoint_choice import RESPONDING
from lib.cohort.model import Cohort
from lib.derived.endpoint_days import first_days
from lib.derived.response_end import counted_assessments


def first_responses(cohort: Cohort, levels: Sequence[str] = RESPONDING) -> pd.Series:
    """The day of the first response by patient, NaN for whoever has none."""
    rows = counted_assessments(cohort)
    return first_days(rows[rows["response"].isin(levels)], "day", cohort)
