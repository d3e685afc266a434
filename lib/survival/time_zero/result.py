"""One comparison in three ways: from time zero (biased by design), at a landmark, and with the exposure as it came about."""

from dataclasses import dataclass, replace

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.became_known import BecameKnown
from lib.survival.result import SurvivalResult, survival
from lib.survival.time_zero.dependent import DependentResult, dependent_survival
from lib.survival.time_zero.followed import Asked, followed, others, regrouped
from lib.survival.time_zero.landmark import MONTH, LandmarkResult, landmark_survival


@dataclass(frozen=True)
class TimeZeroResult:
    """`naive` counts whoever came into the group at any time as in it from time zero."""

    known: BecameKnown
    naive: SurvivalResult
    landmark: LandmarkResult
    dependent: DependentResult


def three_analyses(
    cohort: Cohort, asked: Asked, grouping: Grouping, known: BecameKnown, days: float = MONTH
) -> TimeZeroResult:
    """The three analyses of the selected cohort; the landmark is given in days, 1 month at first."""
    return TimeZeroResult(
        known,
        _naive(cohort, asked, grouping, known),
        landmark_survival(cohort, asked, known, grouping, days),
        dependent_survival(cohort, asked, known, grouping),
    )


def _naive(cohort: Cohort, asked: Asked, grouping: Grouping, known: BecameKnown) -> SurvivalResult:
    """The final groups from time zero: those of the workbook where they are what became known."""
    if {known.label, others(known)} == set(grouping.names):
        own = replace(grouping, reference=others(known))
        return survival(asked.outcome(cohort, own), cohort, asked.options)
    whole = followed(cohort, asked, known)
    patients = cohort.patients["patient_id"]
    ever = pd.Series(known.group_at(float("inf"), patients).to_numpy(object), index=patients, dtype="object")
    group = whole.table["patient"].map(ever).astype(object)
    table = whole.table.assign(group=group)[group.notna()]
    return survival(regrouped(whole, table, known, grouping), cohort, asked.options)
