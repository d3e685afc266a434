"""How many patients of each group had each adverse event, at which worst grade, and how groups differ.

Every treated patient is in the denominator, also those without any event.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.computed_events import COMPUTED
from lib.derived.endpoint_days import death_days
from lib.derived.period import WHOLE, Period
from lib.derived.worst_grade import grading_systems, occurred, worst_grades
from lib.stats.proportions import NEWCOMBE
from lib.toxicity.counting import Frame, IncidenceRow, counted

ANY_EVENT: Final = "Any adverse event"


@dataclass(frozen=True)
class Asked:
    """Which events count, and which interval the differences have."""

    period: Period = WHOLE
    interval: str = NEWCOMBE


AS_USUAL: Final = Asked()


@dataclass(frozen=True)
class Incidence:
    """Every term of the opened cohort at every threshold, before them ANY_EVENT where there are several terms.

    `worst` has one row a patient and term, with the group; `terms` and `worst` do not hold ANY_EVENT. `n_undated` patients have
    an event without a day, which is in no period; `n_died_before` of all treated died before the period began.
    """

    grouping: Grouping
    terms: tuple[str, ...]
    rows: tuple[IncidenceRow, ...]
    worst: pd.DataFrame
    of: tuple[int, ...]
    n: int
    n_ungrouped: int
    systems: dict[str, tuple[str, ...]]
    asked: Asked = AS_USUAL
    n_undated: int = 0
    n_died_before: int = 0
    computed: tuple[str, ...] = ()  # the terms whose grades are computed from Labs; no part of ANY_EVENT

    @cached_property
    def graded(self) -> frozenset[str]:
        """The terms with a grade in at least one of these patients."""
        named = self.worst.loc[self.worst["worst"].notna(), "term"]
        return frozenset((*named, ANY_EVENT)) if len(named) else frozenset()

    @cached_property
    def frame(self) -> Frame:
        return Frame(self.grouping, self.of, self.asked.interval, mixed_scales(self.systems))

    def of_threshold(self, threshold: str) -> dict[str, IncidenceRow]:
        """The rows of one threshold by term."""
        return {row.term: row for row in self.rows if row.threshold == threshold}


def incidence(cohort: Cohort, grouping: Grouping, asked: Asked = AS_USUAL) -> Incidence:
    """The incidence of every adverse event among the selected patients, by group."""
    group = grouping.of(cohort.patients)
    of = tuple(int((group == name).sum()) for name in grouping.names)
    worst = with_group(worst_grades(cohort, asked.period), cohort, grouping)
    terms = cohort.vocabulary.get("term", ())
    computed = cohort.vocabulary.get(COMPUTED, ())
    any_event = (
        worst[~worst["term"].isin(computed)]
        .groupby("patient_id", as_index=False, sort=False)[["worst", "group"]]
        .agg({"worst": "max", "group": "first"})
    )
    together = pd.concat([worst, any_event.assign(term=ANY_EVENT)]) if _has_several(terms) else worst
    systems = grading_systems(cohort)
    frame = Frame(grouping, of, asked.interval, mixed_scales(systems))
    rows = counted(together, "term", (*((ANY_EVENT,) if _has_several(terms) else ()), *terms), frame)
    return Incidence(
        grouping, terms, rows, worst, of, sum(of), int(group.isna().sum()), systems, asked,
        _n_undated(cohort, asked.period), _n_died_before(cohort, asked.period, group.notna()), computed,
    )  # fmt: skip


def with_group(worst: pd.DataFrame, cohort: Cohort, grouping: Grouping) -> pd.DataFrame:
    """The rows of patients who belong to a group, with its name."""
    group_of = pd.Series(grouping.of(cohort.patients).to_numpy(), index=cohort.patients["patient_id"])
    named = worst.assign(group=worst["patient_id"].map(group_of))
    return named[named["group"].notna()]


def mixed_scales(systems: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """The terms that were graded by more than one scale, with the reason why their groups are not compared."""
    return {
        term: f"graded by {' and '.join(names)}: these grades are not interchangeable"
        for term, names in systems.items()
        if len(names) > 1
    }


def _has_several(terms: tuple[str, ...]) -> bool:
    """Whether "any of them" says something that no row says yet."""
    return len(terms) > 1 and ANY_EVENT not in terms


def _n_undated(cohort: Cohort, period: Period) -> int:
    if period.is_whole:
        return 0
    events = occurred(cohort)
    return int(events.loc[events["start_day"].isna(), "patient_id"].nunique())


def _n_died_before(cohort: Cohort, period: Period, counts: pd.Series) -> int:
    """How many of those in a group cannot have had an event of the period; 0 where survival is not known."""
    if period.is_whole or "os" not in cohort.endpoint_names:
        return 0
    died = death_days(cohort)
    return int((died[counts.to_numpy()] < period.first).sum())
