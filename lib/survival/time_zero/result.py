"""One comparison in three ways: from time zero (biased by design), at a landmark, and with the exposure as it came about."""

from dataclasses import dataclass, replace

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.became_known import BecameKnown
from lib.survival.outcome import time_to_event
from lib.survival.result import SurvivalResult, survival
from lib.survival.time_zero.dependent import DependentResult, dependent_survival
from lib.survival.time_zero.followed import followed, others, regrouped
from lib.survival.time_zero.landmark import MONTH, LandmarkResult, landmark_survival


@dataclass(frozen=True)
class TimeZeroResult:
    """`naive` counts whoever came into the group at any time as in it from time zero."""

    known: BecameKnown
    naive: SurvivalResult
    landmark: LandmarkResult
    dependent: DependentResult


def three_analyses(
    cohort: Cohort, endpoint: str, grouping: Grouping, known: BecameKnown, unit: str, days: float = MONTH
) -> TimeZeroResult:
    """The three analyses of the selected cohort; the landmark is given in days, 1 month at first."""
    return TimeZeroResult(
        known,
        _naive(cohort, endpoint, grouping, known, unit),
        landmark_survival(cohort, endpoint, known, grouping, days, unit),
        dependent_survival(cohort, endpoint, known, grouping, unit),
    )


def _naive(cohort: Cohort, endpoint: str, grouping: Grouping, known: BecameKnown, unit: str) -> SurvivalResult:
    """The final groups from time zero: those of the workbook where they are what became known."""
    if {known.label, others(known)} == set(grouping.names):
        own = replace(grouping, reference=others(known))
        return survival(time_to_event(cohort, endpoint, own, unit), cohort)
    whole = followed(cohort, endpoint, known, unit)
    patients = cohort.patients["patient_id"]
    ever = pd.Series(known.group_at(float("inf"), patients).to_numpy(object), index=patients, dtype="object")
    group = whole.table["patient"].map(ever).astype(object)
    table = whole.table.assign(group=group)[group.notna()]
    return survival(regrouped(whole, table, known, grouping), cohort)
