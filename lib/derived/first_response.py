"""The first response of at least a level, and the first day of the best one: after the infusion, before progression or
other treatment.

Confirmation by a second assessment is not asked for. A response first seen on the day of progression or after it is
none; so is one first seen after another therapy or infusion.
"""

from collections.abc import Sequence

import pandas as pd

from lib.cohort.model import Cohort, kept_of_each
from lib.cohort.response_scale import scale_of
from lib.cohort.schema import RESPONSES
from lib.derived.endpoint_days import first_days
from lib.derived.response_end import counted_assessments


@kept_of_each
def first_responses(cohort: Cohort, levels: tuple[str, ...] = ()) -> pd.Series:
    """The day of the first response (of these levels; by default of whatever counts as one) by patient, NaN for whoever
    has none."""
    return first_days(_counted(cohort, levels or scale_of(cohort).responding), "day", cohort)


@kept_of_each
def best_responses(cohort: Cohort) -> pd.Series:
    """The day on which a responder was first seen in the best response so far, by patient; NaN for whoever has none."""
    rows = _counted(cohort, scale_of(cohort).responding)
    rank = rows["response"].map(RESPONSES.index)
    return first_days(rows[rank == rank.groupby(rows["patient_id"]).transform("min")], "day", cohort)


def _counted(cohort: Cohort, levels: Sequence[str]) -> pd.DataFrame:
    """The assessments of these levels after the infusion, before progression and not after another treatment."""
    rows = counted_assessments(cohort)
    return rows[rows["response"].isin(levels)]
