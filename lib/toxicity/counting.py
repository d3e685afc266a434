"""Rows of counts: for a term (or class) and a threshold, the patients of each group with it, and how the groups differ.

Every treated patient is in the denominator. Grades of one term by different scales are counted, but never compared.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.proportions import NEWCOMBE, interval_excludes_zero, risk_difference
from lib.stats.ranks import FISHER, fisher

ALPHA: Final = 0.05  # used only to say where an interval and a p-value point different ways
ANY_GRADE: Final = "any grade"
AT_LEAST_3: Final = "grade >= 3"
NOT_STATED: Final = "grade not stated"
THRESHOLDS: Final[dict[str, Callable[[pd.Series], pd.Series]]] = {
    ANY_GRADE: lambda worst: worst.notna() | worst.isna(),
    "grade 1-2": lambda worst: worst.between(1, 2),
    AT_LEAST_3: lambda worst: worst >= 3,
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
class Frame:
    """What all rows share: the groups, all treated of each, the kind of interval, and the terms not compared, with the reason."""

    grouping: Grouping
    of: tuple[int, ...]
    interval: str = NEWCOMBE
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def reference(self) -> int:
        """The place of the group that the others are compared with."""
        return self.grouping.names.index(self.grouping.reference_name)


def counted(worst: pd.DataFrame, by: str, names: tuple[str, ...], frame: Frame) -> tuple[IncidenceRow, ...]:
    """A row for each name and threshold; `worst` has one row a patient and name (column `by`), with its worst grade and group."""
    counts = {
        threshold: worst[keeps(worst["worst"])].groupby([by, "group"]).size().to_dict()
        for threshold, keeps in THRESHOLDS.items()
    }
    n_of = {
        (name, threshold): tuple(counts[threshold].get((name, group), 0) for group in frame.grouping.names)
        for name in names for threshold in THRESHOLDS
    }  # fmt: skip
    differing = {n: _compared(n, frame) for n in set(n_of.values())}  # many rows have the same counts
    return tuple(
        IncidenceRow(*place, n, frame.of, *(_refused(frame, place[0]) or differing[n])) for place, n in n_of.items()
    )


def _compared(n: tuple[int, ...], frame: Frame) -> tuple[tuple[Estimate | None, ...], TestResult]:
    """The difference of each group to the reference, and the test of all groups."""
    reference, of = frame.reference, frame.of
    differences = tuple(
        None
        if place == reference
        else risk_difference(n[place], of[place], n[reference], of[reference], frame.interval)
        for place in range(len(of))
    )
    return differences, fisher(n, of) if frame.grouping.compares else not_done(FISHER, sum(of), "one group only")


def _refused(frame: Frame, name: str) -> tuple[tuple[Estimate | None, ...], TestResult] | None:
    """No difference and no test, where grades of different scales would be compared."""
    reason = frame.refused.get(name, "")
    if not reason or not frame.grouping.compares:
        return None
    differences = tuple(
        None if place == frame.reference else Estimate(None, reason=reason) for place in range(len(frame.of))
    )
    return differences, not_done(FISHER, sum(frame.of), reason)
