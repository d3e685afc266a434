"""Time-dependent analysis of an endpoint: each patient counts with the others until it became known, and in the group from then on.

Cox's model with late entry, the Mantel-Byar test, Simon-Makuch curves (lib/stats/time_dependent.py).
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.became_known import BecameKnown
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import reverse_follow_up
from lib.stats.time_dependent import ExposureComparison, compare_exposure
from lib.survival.result import SurvivalResult, survival
from lib.survival.time_zero.followed import Asked, followed, others, regrouped


@dataclass(frozen=True)
class DependentResult:
    """`survival` has the Simon-Makuch curves: its rows are stretches of time, one or two a patient, not patients.

    `moves` has one row a tick: time, out (patients who have left the others until then). `n_unsure` patients are in neither group,
    because the day is not stated; `first` is when the first patient came into the group, None where nobody did.
    """

    known: BecameKnown
    comparison: ExposureComparison
    survival: SurvivalResult
    moves: pd.DataFrame
    n_unsure: int
    first: float | None


def dependent_survival(cohort: Cohort, asked: Asked, known: BecameKnown, grouping: Grouping) -> DependentResult:
    """The analysis from time zero, in which nobody belongs to a group before it was known."""
    whole = followed(cohort, asked, known)
    sure = whole.table[~whole.table["unsure"].astype(bool)].reset_index(drop=True)
    time, event, start, entry = (sure[column].to_numpy(float) for column in ("time", "event", "known", "entry"))
    comparison = compare_exposure(time, event, start, entry)
    rows = comparison.rows
    names = np.where(rows.exposed == 1, known.label, others(known)).astype(object)
    patients = sure["patient"].to_numpy(object)[rows.patient]
    table = pd.DataFrame(
        {"patient": patients, "group": names, "entry": rows.entry, "time": rows.time, "event": rows.event}
    )
    result = _compared(survival(regrouped(whole, table, known, grouping), cohort, asked.options), comparison, known)
    result = replace(result, follow_up=reverse_follow_up(time, event, entry), follow_up_of=asked.endpoint)
    begins = rows.entry[rows.exposed == 1]
    first = float(begins.min()) if len(begins) else None
    return DependentResult(
        known, comparison, result, _moves(comparison, result.ticks), len(whole.table) - len(sure), first
    )


def _compared(result: SurvivalResult, comparison: ExposureComparison, known: BecameKnown) -> SurvivalResult:
    """The result with the tests of patients, not of rows: Mantel-Byar, and the ratio with its n."""
    alike = [replace(group, follow_up=Estimate(None, reason="patients change groups")) for group in result.groups]
    groups = tuple(
        replace(group, hazard_ratio=comparison.hazard_ratio, wald=comparison.test)
        if group.name == known.label
        else group
        for group in alike
    )
    return replace(result, groups=groups, logrank=comparison.mantel_byar, headline=comparison.mantel_byar)


def _moves(comparison: ExposureComparison, ticks: tuple[float, ...]) -> pd.DataFrame:
    """How many have gone from the others into the group before each tick."""
    rows = comparison.rows
    switched = np.intersect1d(rows.patient[rows.exposed == 1], rows.patient[rows.exposed == 0])
    at = rows.entry[(rows.exposed == 1) & np.isin(rows.patient, switched)]
    return pd.DataFrame({"time": list(ticks), "out": [int(np.sum(at < tick)) for tick in ticks]})
