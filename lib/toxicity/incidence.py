"""How many patients of each group had each adverse event, at which worst grade, and how groups differ.

Every treated patient is in the denominator, also those without any event.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.worst_grade import grading_systems, worst_grades
from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.hypothesis import FISHER, fisher
from lib.stats.interval import interval_excludes_zero, risk_difference

ALPHA: Final = 0.05  # used only to say where an interval and a p-value point different ways
NOT_STATED: Final = "grade not stated"
ANY_EVENT: Final = "Any adverse event"
THRESHOLDS: Final[dict[str, Callable[[pd.Series], pd.Series]]] = {
    "any grade": lambda worst: worst.notna() | worst.isna(),
    "grade 1-2": lambda worst: worst.between(1, 2),
    "grade >= 3": lambda worst: worst >= 3,
    "grade 5": lambda worst: worst == 5,
    NOT_STATED: lambda worst: worst.isna(),
}


@dataclass(frozen=True)
class IncidenceRow:
    """One term at one threshold: for each group the patients with it and all treated; differences to the reference.

    `differences` has one Estimate a group (None for the reference); `test` compares all groups.
    """

    term: str
    threshold: str
    n: tuple[int, ...]
    of: tuple[int, ...]
    differences: tuple[Estimate | None, ...]
    test: TestResult

    @property
    def total(self) -> int:
        return sum(self.n)

    @property
    def disagrees(self) -> bool:
        """Whether one interval and the p-value say different things about no difference."""
        excludes = any(difference is not None and interval_excludes_zero(difference) for difference in self.differences)
        return self.test.p is not None and excludes != (self.test.p < ALPHA)


@dataclass(frozen=True)
class Incidence:
    """Every term of the opened cohort at every threshold, before them ANY_EVENT where there are several terms.

    `worst` has one row a patient and term, with the group; `terms` and `worst` do not hold ANY_EVENT.
    """

    grouping: Grouping
    terms: tuple[str, ...]
    rows: tuple[IncidenceRow, ...]
    worst: pd.DataFrame
    of: tuple[int, ...]
    n: int
    n_ungrouped: int
    systems: dict[str, tuple[str, ...]]

    @cached_property
    def graded(self) -> frozenset[str]:
        """The terms with a grade in at least one of these patients."""
        named = self.worst.loc[self.worst["worst"].notna(), "term"]
        return frozenset((*named, ANY_EVENT)) if len(named) else frozenset()


def incidence(cohort: Cohort, grouping: Grouping) -> Incidence:
    """The incidence of every adverse event among the selected patients, by group."""
    group = grouping.of(cohort.patients)
    of = tuple(int((group == name).sum()) for name in grouping.names)
    group_of = pd.Series(group.to_numpy(), index=cohort.patients["patient_id"])
    worst = worst_grades(cohort)
    worst = worst.assign(group=worst["patient_id"].map(group_of))
    worst = worst[worst["group"].notna()]
    terms = cohort.vocabulary.get("term", ())
    any_event = worst.groupby("patient_id", as_index=False, sort=False)[["worst", "group"]].agg(
        {"worst": "max", "group": "first"}
    )
    together = pd.concat([worst, any_event.assign(term=ANY_EVENT)]) if _has_several(terms) else worst
    counts = {
        threshold: together[keeps(together["worst"])].groupby(["term", "group"]).size().to_dict()
        for threshold, keeps in THRESHOLDS.items()
    }
    n_of = {
        (term, threshold): tuple(counts[threshold].get((term, name), 0) for name in grouping.names)
        for term in (*((ANY_EVENT,) if _has_several(terms) else ()), *terms) for threshold in THRESHOLDS
    }  # fmt: skip
    compared = {n: _compared(n, of, grouping) for n in set(n_of.values())}  # many rows have the same counts
    rows = tuple(IncidenceRow(*place, n, of, *compared[n]) for place, n in n_of.items())
    return Incidence(grouping, terms, rows, worst, of, sum(of), int(group.isna().sum()), grading_systems(cohort))


def _has_several(terms: tuple[str, ...]) -> bool:
    """Whether "any of them" says something that no row says yet."""
    return len(terms) > 1 and ANY_EVENT not in terms


def _compared(
    n: tuple[int, ...], of: tuple[int, ...], grouping: Grouping
) -> tuple[tuple[Estimate | None, ...], TestResult]:
    """The difference of each group to the reference, and the test of all groups."""
    reference = grouping.names.index(grouping.reference_name)
    differences = tuple(
        None if place == reference else risk_difference(n[place], of[place], n[reference], of[reference])
        for place in range(len(of))
    )
    return differences, fisher(n, of) if grouping.compares else not_done(FISHER, sum(of), "one group only")
