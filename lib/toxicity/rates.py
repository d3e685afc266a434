"""Exposure-adjusted incidence: patients with an adverse event by the time at risk of their first one.

At risk from the infusion (or from the beginning of the period) to the first day of the event, else to the last day
known alive, the next therapy where events count until then only, or the end of the period. Source: Siddiqui 2009, J
Biopharm Stat 19:889 (exposure-adjusted incidence rate).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.grouping import group_of
from lib.cohort.model import Cohort
from lib.derived.adverse_events import KINDS, occurred, of_kind
from lib.derived.follow_up import endpoint_days, next_days
from lib.publication.number import plural
from lib.stats.estimate import Estimate
from lib.stats.proportions import exact_rate
from lib.toxicity.incidence import ANY_EVENT, THRESHOLDS, Incidence, IncidenceRow

YEAR: Final = 365.25
UNITS: Final = {"per patient-year": YEAR, "per 100 patient-days": 100.0}  # days
METHOD: Final = (
    "Rates: patients with the event by the time at risk of their first one, which ends with death or the last contact,"
    " exact Poisson 95 % limits (Garwood)."
)


@dataclass(frozen=True)
class Rate:
    """Of one group: the patients with the event who were at risk, their time at risk, and the rate."""

    n: int
    days: float
    estimate: Estimate


@dataclass(frozen=True)
class Rates:
    """By row (term, threshold): a Rate a group; `n_unknown` patients are in none, their follow-up is not known."""

    unit: str
    of: dict[tuple[str, str], tuple[Rate, ...]]
    n_unknown: int


def rates(cohort: Cohort, result: Incidence, rows: Sequence[IncidenceRow], unit: str) -> Rates:
    """The rates of these rows of the incidence of this cohort, in one of UNITS."""
    group = group_of(cohort, result.grouping)
    ends = _ends(cohort)[group.notna()]
    known = ends.dropna().rename("end").to_frame().assign(group=group)
    events = occurred(cohort, result.period)
    found = {}
    for row in rows:
        first, undated = _first_days(events, row, result)
        names = result.grouping.names
        found[row.term, row.threshold] = tuple(
            _rate(known[known["group"] == name], first, undated, result, unit) for name in names
        )
    return Rates(unit, found, int(ends.isna().sum()))


def _ends(cohort: Cohort) -> pd.Series:
    """The last day at risk by patient without an event; NaN where survival is not known."""
    last = endpoint_days(cohort, "os")["day"].astype("float64")
    return pd.concat([last, next_days(cohort)], axis=1).min(axis=1).where(last.notna()) if cohort.until_next else last


def _first_days(events: pd.DataFrame, row: IncidenceRow, result: Incidence) -> tuple[pd.Series, frozenset[str]]:
    """The first day of what the row counts by patient, and the patients of whom some such day is not stated."""
    of_term = (
        ~events["term"].isin(result.computed)
        if row.term == ANY_EVENT and ANY_EVENT not in result.terms
        else events["term"] == row.term
    )
    mine = events[of_term]
    if row.threshold in KINDS:
        mine = mine[of_kind(mine, row.threshold)]
    else:
        worst = mine.groupby("patient_id")["grade"].transform("max")
        mine = mine[THRESHOLDS[row.threshold](worst) & THRESHOLDS[row.threshold](mine["grade"])]
    return mine.groupby("patient_id")["start_day"].min(), frozenset(mine.loc[mine["start_day"].isna(), "patient_id"])


def _rate(at_risk: pd.DataFrame, first: pd.Series, undated: frozenset[str], result: Incidence, unit: str) -> Rate:
    if n := int(at_risk.index.isin(undated).sum()):
        reason = f"{plural(n, 'patient')} had it on a day that is not stated"
        return Rate(0, float("nan"), Estimate(None, reason=reason))
    days = first.reindex(at_risk.index).to_numpy(float)
    begin = max(0.0, result.period.first - 1)
    last = np.minimum(at_risk["end"].to_numpy(float), result.period.last)
    time = np.where(np.isnan(days), last, days) - begin
    counts = ~(days < 0)  # who had it before the infusion is not at risk
    had = int((~np.isnan(days) & counts).sum())
    total = float(np.clip(time[counts], 0, None).sum())
    return Rate(had, total, exact_rate(had, total / UNITS[unit]))
