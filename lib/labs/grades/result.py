"""How many patients of each group had a laboratory value of grade 3 or more, and of grade 4, after the infusion (CTCAE).

Each patient counts once a test, at the worst grade from day 0 on. The denominator is who has such a value with a grade.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.ctcae import SCALES
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.lab_grade import lab_grades, worst_lab_grades
from lib.stats.estimate import TestResult
from lib.stats.ranks import fisher

THRESHOLDS: Final = (3, 4)


@dataclass(frozen=True)
class GradeRow:
    """One test at one threshold; one number a group. `n_uncertain` may have reached it: a value is known only to lie below a limit."""

    term: str
    analyte: str
    threshold: int
    n: tuple[int, ...]
    of: tuple[int, ...]
    n_uncertain: tuple[int, ...]
    test: TestResult


@dataclass(frozen=True)
class GradesResult:
    """`worst`: patient, analyte, term, low, high (worst grade from day 0 on), baseline_low, baseline_high, group.

    `n_without`: patients of a group without any graded value.
    """

    grouping: Grouping
    version: str
    rows: tuple[GradeRow, ...]
    worst: pd.DataFrame
    n: int
    n_without: int
    ungraded: tuple[tuple[str, int], ...]
    n_abnormal: int
    of: tuple[int, ...]


def grades_result(cohort: Cohort, grouping: Grouping, version: str) -> GradesResult:
    """Every test with a scale in this version that has values."""
    grades = lab_grades(cohort, version)
    worst = with_groups(worst_lab_grades(grades), cohort, grouping)
    reached = worst[worst["low"].notna()]
    rows = tuple(
        _row(reached[reached["analyte"] == scale.analyte], scale.term, scale.analyte, threshold, grouping.names)
        for scale in SCALES[version]
        if (reached["analyte"] == scale.analyte).any()
        for threshold in THRESHOLDS
        if threshold == THRESHOLDS[0] or max(scale.bounds) >= threshold
    )
    group = grouping.of(cohort.patients)
    of = tuple(int((group == name).sum()) for name in grouping.names)
    return GradesResult(
        grouping, version, rows, worst, reached["patient"].nunique(), sum(of) - reached["patient"].nunique(), grades.ungraded,
        grades.n_abnormal, of,
    )  # fmt: skip


def with_groups(worst: pd.DataFrame, cohort: Cohort, grouping: Grouping) -> pd.DataFrame:
    """The rows of patients who belong to a group, with its name."""
    group = pd.Series(grouping.of(cohort.patients).to_numpy(), index=cohort.patients["patient_id"], dtype="object")
    named = worst.assign(group=worst["patient"].map(group).astype("object"))
    return named[named["group"].notna()]


def _row(worst: pd.DataFrame, term: str, analyte: str, threshold: int, names: tuple[str, ...]) -> GradeRow:
    group = worst["group"]
    n = tuple(int(((group == name) & (worst["low"] >= threshold)).sum()) for name in names)
    of = tuple(int((group == name).sum()) for name in names)
    maybe = (worst["low"] < threshold) & (worst["high"] >= threshold)
    uncertain = tuple(int(((group == name) & maybe).sum()) for name in names)
    return GradeRow(term, analyte, threshold, n, of, uncertain, fisher(n, of))
