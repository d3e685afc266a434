"""How many patients of each group had each adverse event, at which worst grade, and how groups differ.

Every treated patient is in the denominator, also those without any event. Grades of one term by different scales are
counted, but never compared.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Final

import pandas as pd

from lib.cohort.grouping import Grouping, group_of
from lib.cohort.model import Cohort
from lib.derived.adverse_events import COMPUTED, WHOLE, Period, grading_systems, occurred, of_kind, worst_grades
from lib.derived.follow_up import death_days
from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.proportions import NEWCOMBE, interval_excludes_zero, risk_difference
from lib.stats.ranks import FISHER, fisher

ALPHA: Final = 0.05  # used only to say where an interval and a p-value point different ways
ANY_EVENT: Final = "Any adverse event"
ANY_GRADE: Final = "any grade"
AT_LEAST_3: Final = "grade >= 3"
NOT_STATED: Final = "grade not stated"
MOST_COUNTS: Final = 4096  # whose comparison is kept
Thresholds = Mapping[str, Callable[[pd.Series], pd.Series]]
THRESHOLDS: Final[Thresholds] = {
    ANY_GRADE: lambda worst: worst.notna() | worst.isna(),
    "grade 1-2": lambda worst: worst.between(1, 2),
    AT_LEAST_3: lambda worst: worst >= 3,
    "grade 5": lambda worst: worst == 5,
    NOT_STATED: lambda worst: worst.isna(),
}


@dataclass(frozen=True)
class Frame:
    """What all rows share: the groups, all treated of each, the kind of interval, and the terms not compared, with
    the reason."""

    grouping: Grouping
    of: tuple[int, ...]
    interval: str = NEWCOMBE
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def reference(self) -> int:
        """The place of the group that the others are compared with."""
        return self.grouping.names.index(self.grouping.reference_name)


@dataclass(frozen=True)
class IncidenceRow:
    """One term at one threshold: for each group the patients with it; groups are compared when that is first asked
    for."""

    term: str
    threshold: str
    n: tuple[int, ...]
    frame: Frame

    @property
    def of(self) -> tuple[int, ...]:
        """All treated patients of each group."""
        return self.frame.of

    @property
    def total(self) -> int:
        """The patients with it in all groups."""
        return sum(self.n)

    @cached_property
    def differences(self) -> tuple[Estimate | None, ...]:
        """One Estimate a group, None for the reference; without a value where grades of different scales would be
        compared."""
        places, reference = range(len(self.of)), self.frame.reference
        return tuple(None if place == reference else self._difference(place, reference) for place in places)

    @cached_property
    def test(self) -> TestResult:
        """The test of all groups."""
        if not self.frame.grouping.compares:
            return not_done(FISHER, sum(self.of), "one group only")
        reason = self._refused
        return not_done(FISHER, sum(self.of), reason) if reason else _fisher(self.n, self.of)

    @property
    def disagrees(self) -> bool:
        """Whether one interval and the p-value say different things about no difference."""
        excludes = any(difference is not None and interval_excludes_zero(difference) for difference in self.differences)
        return self.test.p is not None and excludes != (self.test.p < ALPHA)

    @property
    def _refused(self) -> str:
        return self.frame.refused.get(self.term, "") if self.frame.grouping.compares else ""

    def _difference(self, place: int, reference: int) -> Estimate:
        if self._refused:
            return Estimate(None, reason=self._refused)
        counts = (self.n[place], self.of[place], self.n[reference], self.of[reference])
        return _risk_difference(*counts, self.frame.interval)


@dataclass(frozen=True)
class Incidence:
    """Every term of the opened cohort at every threshold, before them ANY_EVENT where there are several terms.

    `worst` has one row a patient and term, with the group; `terms` and `worst` do not hold ANY_EVENT. `systems`: the
    grading systems of each term. Of the patients `n_ungrouped` are in no group; `n_undated` have an event without a
    day, which is in no period; `n_died_before` of all treated died before the period began.
    """

    frame: Frame
    period: Period
    terms: tuple[str, ...]
    rows: tuple[IncidenceRow, ...]
    worst: pd.DataFrame
    systems: dict[str, tuple[str, ...]]
    n_ungrouped: int
    n_undated: int
    n_died_before: int
    computed: tuple[str, ...]  # the terms whose grades are computed from Labs; no part of ANY_EVENT

    @property
    def grouping(self) -> Grouping:
        """The groups that are compared."""
        return self.frame.grouping

    @property
    def of(self) -> tuple[int, ...]:
        """All treated patients of each group."""
        return self.frame.of

    @property
    def n(self) -> int:
        """All treated patients of all groups."""
        return sum(self.frame.of)

    @cached_property
    def counts(self) -> Counter[tuple[str, str, int]]:
        """How many patients by term, group and worst grade (0 = not stated)."""
        grades = self.worst["worst"].fillna(0).astype(int)
        counts: dict[Any, int] = self.worst.groupby(["term", "group", grades], sort=False).size().to_dict()
        return Counter(counts)

    @cached_property
    def graded(self) -> frozenset[str]:
        """The terms with a grade in at least one of these patients."""
        named = self.worst.loc[self.worst["worst"].notna(), "term"]
        return frozenset((*named, ANY_EVENT)) if len(named) else frozenset()

    def of_threshold(self, threshold: str) -> dict[str, IncidenceRow]:
        """The rows of one threshold by term."""
        return {row.term: row for row in self.rows if row.threshold == threshold}


def incidence(
    cohort: Cohort, grouping: Grouping, period: Period = WHOLE, interval: str = NEWCOMBE, kinds: tuple[str, ...] = ()
) -> Incidence:
    """The incidence of every adverse event that began in the period among the selected patients, by group; with a row
    for each kind of event."""
    worst = with_group(worst_grades(cohort, period), cohort, grouping)
    terms, computed = cohort.vocabulary.get("term", ()), cohort.vocabulary.get(COMPUTED, ())
    systems = grading_systems(cohort)
    frame = Frame(grouping, sizes(cohort, grouping), interval, mixed_scales(systems))
    rows = _with_any(worst, terms, computed, frame, THRESHOLDS)
    for kind in kinds:
        events = cohort.adverse_events[of_kind(cohort.adverse_events, kind)]
        of_this = cohort.with_table("adverse_events", events)
        had = with_group(worst_grades(of_this, period), cohort, grouping)
        rows += _with_any(had, terms, computed, frame, {kind: THRESHOLDS[ANY_GRADE]})
    if kinds:
        places = {term: place for place, term in enumerate((ANY_EVENT, *terms))}
        rows = tuple(sorted(rows, key=lambda row: places[row.term]))
    grouped = group_of(cohort, grouping).notna()
    return Incidence(
        frame,
        period,
        terms,
        rows,
        worst,
        systems,
        int((~grouped).sum()),
        _n_undated(cohort, period),
        _n_died_before(cohort, period, grouped),
        computed,
    )


def _with_any(
    worst: pd.DataFrame, terms: tuple[str, ...], computed: tuple[str, ...], frame: Frame, thresholds: Thresholds
) -> tuple["IncidenceRow", ...]:
    """The rows of every term, before them those of ANY_EVENT where it says what no row says yet."""
    rows = counted(worst, "term", terms, frame, thresholds)
    if len(terms) <= 1 or ANY_EVENT in terms:
        return rows
    any_event = (
        worst[~worst["term"].isin(computed)]
        .groupby("patient_id", as_index=False, sort=False)[["worst", "group"]]
        .agg({"worst": "max", "group": "first"})
    )
    return (*counted(any_event.assign(term=ANY_EVENT), "term", (ANY_EVENT,), frame, thresholds), *rows)


def sizes(cohort: Cohort, grouping: Grouping) -> tuple[int, ...]:
    """All treated patients of each group."""
    counts = group_of(cohort, grouping).value_counts()
    return tuple(int(counts.get(name, 0)) for name in grouping.names)


def with_group(rows: pd.DataFrame, cohort: Cohort, grouping: Grouping) -> pd.DataFrame:
    """The rows of patients who belong to a group, with its name."""
    named = rows.assign(group=rows["patient_id"].map(group_of(cohort, grouping)))
    return named[named["group"].notna()]


def mixed_scales(systems: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """The terms that were graded by more than one scale, with the reason why their groups are not compared."""
    return {
        term: f"graded by {' and '.join(names)}: these grades are not interchangeable"
        for term, names in systems.items()
        if len(names) > 1
    }


def counted(
    worst: pd.DataFrame, by: str, names: tuple[str, ...], frame: Frame, thresholds: Thresholds = THRESHOLDS
) -> tuple[IncidenceRow, ...]:
    """A row for each name and threshold; `worst` has one row a patient and name (column `by`), with its worst grade
    and group."""
    counts = {
        threshold: worst[keeps(worst["worst"])].groupby([by, "group"]).size().to_dict()
        for threshold, keeps in thresholds.items()
    }
    n_of = {
        (name, threshold): tuple(counts[threshold].get((name, group), 0) for group in frame.grouping.names)
        for name in names
        for threshold in thresholds
    }
    return tuple(IncidenceRow(*place, n, frame) for place, n in n_of.items())


_fisher = lru_cache(MOST_COUNTS)(fisher)  # many rows have the same counts
_risk_difference = lru_cache(MOST_COUNTS)(risk_difference)


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
