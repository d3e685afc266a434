"""Landmark analysis of an endpoint: the groups as they were known on a day, the clock started anew there, who was dropped and why.

Kept = followed beyond the landmark; exposed = became known at or before it. Source: Anderson, Cain & Gelber 1983; Dafni 2011.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.grouping import Grouping, everybody
from lib.cohort.model import Cohort
from lib.cohort.selected_by import SelectedBy
from lib.cohort.time_unit import DAYS_PER, days_in
from lib.derived.became_known import BecameKnown
from lib.stats.small_samples import COMPARED_FROM
from lib.stats.time_dependent import landmark
from lib.survival.outcome import TimeToEvent
from lib.survival.result import SurvivalResult, followed_by_itself, survival
from lib.survival.time_zero.followed import Asked, followed, others, regrouped

MONTH: Final = DAYS_PER["months"]
OFFERED: Final = tuple(months * MONTH for months in (1, 2, 3, 6, 12))  # landmarks, in days
FEWEST: Final = COMPARED_FROM  # in each group; with fewer there is no comparison
DROPPED: Final = ("patient", "group", "known", "time", "event", "reason")


@dataclass(frozen=True)
class LandmarkChoice:
    """A landmark in days, and how many would be analysed there: the others, and those of whom it was known."""

    days: float
    n_others: int
    n_known: int


@dataclass(frozen=True)
class LandmarkResult:
    """`survival` is that of the kept patients from the landmark on. `dropped` has one row a patient: when it became known and how
    long followed, in the unit, from infusion. `n_later` of the kept others came into the other group after the landmark.

    `known_by_then` are the clauses of the selection that were known after the infusion and by the landmark: they bias nothing here.
    `instead` is the landmark to look at where a group has fewer than FEWEST patients; None where there is none, or no need.
    """

    days: float
    at: float
    known: BecameKnown
    survival: SurvivalResult
    dropped: pd.DataFrame
    n_later: int
    instead: LandmarkChoice | None
    known_by_then: tuple[SelectedBy, ...] = ()

    @property
    def sizes(self) -> tuple[int, int]:
        """How many others and how many of whom it was known are analysed."""
        return _sizes(self.survival.outcome.table["group"], self.known)

    @property
    def too_few(self) -> bool:
        return min(self.sizes) < FEWEST

    @property
    def reasons(self) -> tuple[tuple[str, int], ...]:
        """Why patients were dropped, and how many for each reason."""
        return tuple(Counter(self.dropped["reason"]).most_common())


def landmark_survival(
    cohort: Cohort, asked: Asked, known: BecameKnown, grouping: Grouping, days: float
) -> LandmarkResult:
    """The analysis at a landmark given in days since the infusion; times in the unit asked for, from there."""
    whole, at = followed(cohort, asked, known), days_in(days, asked.unit)
    kept, dropped = _at(whole, cohort, known, days)
    outcome = regrouped(_told_of(whole, kept, cohort, asked), kept.assign(time=kept["time"] - at), known, grouping)
    then = tuple(each for each in outcome.selected_by if each.known_after() and not each.known_after(days))
    outcome = replace(outcome, selected_by=tuple(each for each in outcome.selected_by if each not in then))
    result = followed_by_itself(survival(outcome, cohort, asked.options))
    later = (kept["group"] == others(known)) & kept["known"].notna()
    thin = min(_sizes(kept["group"], known)) < FEWEST
    instead = _instead(whole, cohort, known, days) if thin else None
    return LandmarkResult(days, at, known, result, dropped, int(later.sum()), instead, then)


def _at(whole: TimeToEvent, cohort: Cohort, known: BecameKnown, days: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of those kept, times still from the infusion but entries from the landmark; and of those dropped."""
    at = days_in(days, whole.unit)
    patients = cohort.patients["patient_id"]
    group = pd.Series(known.group_at(days, patients).to_numpy(object), index=patients, dtype="object")
    table = whole.table.assign(group=whole.table["patient"].map(group).astype(object))
    time, event, entry = (table[column].to_numpy(float) for column in ("time", "event", "entry"))
    names = np.array([name if isinstance(name, str) else None for name in table["group"]], dtype=object)
    found = landmark(time, event, names, at, entry)
    kept = table.iloc[found.kept].assign(entry=found.entry)
    places = [place for place, _ in found.dropped]
    return kept, table.iloc[places].assign(reason=[reason for _, reason in found.dropped])[list(DROPPED)]


def _told_of(whole: TimeToEvent, kept: pd.DataFrame, cohort: Cohort, asked: Asked) -> TimeToEvent:
    """The outcome of the kept patients alone: what it tells of deaths is of them; who cannot be analysed at all stays told."""
    mine = cohort.patients["patient_id"].isin(kept["patient"])
    part = cohort.with_tables(cohort.patients[mine], cohort.tables)
    outcome = asked.outcome(part, everybody(cohort))
    return replace(outcome, n=whole.n, left_out=whole.left_out)


def _instead(whole: TimeToEvent, cohort: Cohort, known: BecameKnown, days: float) -> LandmarkChoice | None:
    """The next landmark at which both groups have patients enough, else the last one before."""
    later = [each for each in OFFERED if each > days]
    earlier = [each for each in reversed(OFFERED) if each < days]
    choices = (LandmarkChoice(each, *_sizes(_at(whole, cohort, known, each)[0]["group"], known)) for each in (*later, *earlier))  # fmt: skip
    return next((choice for choice in choices if min(choice.n_others, choice.n_known) >= FEWEST), None)


def _sizes(group: Sequence[str] | pd.Series, known: BecameKnown) -> tuple[int, int]:
    counts = pd.Series(group).value_counts()
    return int(counts.get(others(known), 0)), int(counts.get(known.label, 0))
