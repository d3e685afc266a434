"""CRS and ICANS: worst grade by grading scale, onset, duration and treatment, by group.

Grades of ASTCT 2019 (Lee 2019) and Lee 2014 are not interchangeable: each scale has its own rows, they are never added up.
"""

import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.event_course import event_courses, event_rows, treated_with
from lib.derived.period import WHOLE, Period

SYNDROMES: Final = {
    "CRS": re.compile(r"\bcrs\b|cytokine.release|zytokin|细胞因子释放", re.IGNORECASE),
    "ICANS": re.compile(r"\bicans\b|\bcres\b|effector.cell.*neuro|neurotox|神经毒", re.IGNORECASE),
}  # fmt: skip
NO_SCALE: Final = "scale not stated"


@dataclass(frozen=True)
class Spread:
    """Median and range of days over `n` patients; None over nobody. `missing` had the event, but the day is not stated."""

    n: int
    missing: int
    median: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Course:
    """One column of one event: the patients with it, of all treated; their grades by scale; onset, duration, treatment."""

    n: int
    of: int
    grades: dict[tuple[str, float], int]  # (scale, grade; NaN is not a key: 0 = not stated)
    onset: Spread
    duration: Spread
    treated: dict[str, int]


@dataclass(frozen=True)
class Syndrome:
    """One event of the workbook: its own term, the scales used, all patients first and then each group."""

    term: str
    scales: tuple[str, ...]
    grades: tuple[tuple[str, float], ...]
    treatments: tuple[str, ...]
    total: Course
    groups: tuple[Course, ...]

    @property
    def mixed(self) -> bool:
        return len([scale for scale in self.scales if scale != NO_SCALE]) > 1


@dataclass(frozen=True)
class Syndromes:
    """CRS and ICANS as far as the workbook has them."""

    grouping: Grouping
    found: tuple[Syndrome, ...]
    of: tuple[int, ...]
    n: int
    period: Period


def syndrome_terms(cohort: Cohort) -> tuple[str, ...]:
    """The terms of the opened cohort that mean CRS or ICANS, CRS first."""
    terms = cohort.vocabulary.get("term", ())
    return tuple(term for pattern in SYNDROMES.values() for term in terms if pattern.search(term))


def syndromes(cohort: Cohort, grouping: Grouping, period: Period = WHOLE) -> Syndromes:
    """The course of each of them among the selected patients who belong to a group."""
    group = pd.Series(grouping.of(cohort.patients).to_numpy(), index=cohort.patients["patient_id"])
    of = tuple(int((group == name).sum()) for name in grouping.names)
    found = tuple(_syndrome(cohort, grouping, term, period, group) for term in syndrome_terms(cohort))
    return Syndromes(grouping, found, of, sum(of), period)


def _syndrome(cohort: Cohort, grouping: Grouping, term: str, period: Period, group: pd.Series) -> Syndrome:
    rows = event_rows(cohort, term, period)
    rows = rows.assign(scale=rows["grading_system"].fillna(NO_SCALE), group=rows["patient_id"].map(group)).dropna(
        subset=["group"]
    )
    worst = rows.groupby(["patient_id", "scale", "group"], sort=False)["grade"].max().fillna(0.0).reset_index()
    courses = event_courses(cohort, term, period)
    courses = courses.assign(group=courses["patient_id"].map(group)).dropna(subset=["group"])
    treated = treated_with(cohort, term, period)
    scales = tuple(dict.fromkeys(worst["scale"]))
    grades = sorted(
        set(zip(worst["scale"], worst["grade"], strict=True)), key=lambda each: (scales.index(each[0]), each[1] or 9)
    )

    def course(names: tuple[str, ...]) -> Course:
        mine, graded = courses[courses["group"].isin(names)], worst[worst["group"].isin(names)]
        counts = graded.groupby(["scale", "grade"]).size()
        return Course(
            len(mine), int(group.isin(names).sum()), {place: int(counts.get(place, 0)) for place in grades},
            _spread(mine["onset"]), _spread(mine["days"]),
            {name: int(mine["patient_id"].isin(who).sum()) for name, who in treated.items()},
        )  # fmt: skip

    each = tuple(course((name,)) for name in grouping.names)
    return Syndrome(term, scales, tuple(grades), tuple(treated), course(grouping.names), each)


def _spread(days: pd.Series) -> Spread:
    known = days.dropna()
    missing = int(days.isna().sum())
    if not len(known):
        return Spread(0, missing)
    return Spread(len(known), missing, float(known.median()), float(known.min()), float(known.max()))
