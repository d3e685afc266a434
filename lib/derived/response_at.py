"""The response at a landmark: the assessment nearest to a day within a window.

A patient without an assessment there has no response at the landmark; nothing is carried forward.
"""

from typing import Final

import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.schema import RESPONSES

MONTH_1_DAY: Final = 28.0
MONTH_1_WINDOW: Final = 14.0


def response_at(cohort: Cohort, day: float = MONTH_1_DAY, window: float = MONTH_1_WINDOW) -> pd.Series:
    """For each selected patient the response nearest to `day` (of two equally near, the earlier), None without one."""
    rows = cohort.responses.dropna(subset=["response", "day"])
    near = rows.assign(distance=(rows["day"] - day).abs())
    near = (
        near[near["distance"] <= window].sort_values(["distance", "day"], kind="stable").drop_duplicates("patient_id")
    )
    seen = dict(zip(near["patient_id"], near["response"], strict=True))
    patients = cohort.patients["patient_id"]
    return pd.Series([seen.get(patient) for patient in patients], index=patients.index, dtype="object")


def response_levels(responses: pd.Series) -> tuple[str, ...]:
    """The responses that occur, best first."""
    given = set(responses.dropna())
    return tuple(response for response in RESPONSES if response in given)
