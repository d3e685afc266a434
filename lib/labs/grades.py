"""How many patients of each group had a laboratory value of grade 3 or more, and of grade 4, after the infusion
(CTCAE).

Each patient counts once a test, at the worst grade from day 0 on. The denominator is who has such a value with a grade.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.ctcae import SCALES, VERSIONS
from lib.cohort.grouping import Grouping, group_of
from lib.cohort.model import Cohort
from lib.derived.follow_up import followed
from lib.derived.lab_values import lab_grades, worst_lab_grades
from lib.labs.series import EARLIER, noted_follow_up
from lib.publication.exhibit import Across, Columns, Exhibit, Table, TestLine, TypedColumn, typed_table
from lib.publication.number import count, p_value, plural, sentences
from lib.publication.options import FollowUpOptions, Sized, choice
from lib.publication.spec import ExhibitSpec
from lib.publication.who import Who, crossed, groups_of
from lib.stats.estimate import TestResult
from lib.stats.ranks import fisher

THRESHOLDS: Final = (3, 4)


@dataclass(frozen=True)
class GradeOptions(Sized):
    """Which grades are computed from values."""

    version: str = choice(
        VERSIONS[0],
        VERSIONS,
        "Grades by",
        help=(
            "CTCAE v5 and v6 part neutrophils, platelets and raised enzymes at other values; counts by one are not"
            " comparable with the other."
        ),
    )


@dataclass(frozen=True)
class VersionOptions(FollowUpOptions, GradeOptions):
    """Grades computed from values, and until when these count."""


@dataclass(frozen=True)
class GradeRow:
    """One test at one threshold; one number a group. `n_uncertain` may have reached it: a value is known only to lie
    below a limit."""

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
        grouping,
        version,
        rows,
        worst,
        reached["patient"].nunique(),
        sum(of) - reached["patient"].nunique(),
        grades.ungraded,
        grades.n_abnormal,
        of,
    )


def with_groups(worst: pd.DataFrame, cohort: Cohort, grouping: Grouping) -> pd.DataFrame:
    """The rows of patients who belong to a group, with its name."""
    group = group_of(cohort, grouping)
    named = worst.assign(group=worst["patient"].map(group).astype("object"))
    return named[named["group"].notna()]


def _row(worst: pd.DataFrame, term: str, analyte: str, threshold: int, names: tuple[str, ...]) -> GradeRow:
    group = worst["group"]
    n = tuple(int(((group == name) & (worst["low"] >= threshold)).sum()) for name in names)
    of = tuple(int((group == name).sum()) for name in names)
    maybe = (worst["low"] < threshold) & (worst["high"] >= threshold)
    uncertain = tuple(int(((group == name) & maybe).sum()) for name in names)
    return GradeRow(term, analyte, threshold, n, of, uncertain, fisher(n, of))


def _computed(analysis: Analysis, version: str, until: bool) -> GradesResult:
    return grades_result(followed(analysis, until).cohort, analysis.grouping, version)


def graded(analysis: Analysis, options: VersionOptions) -> GradesResult:
    """The grades of every test by value."""
    return analysis.result(_computed, options.version, options.until_next)


def grades_table(result: GradesResult) -> Table:
    """One row a test and threshold, one column a group."""
    return typed_table(
        _columns(result),
        [(row, place) for row in result.rows for place in range(len(row.n))],
        id="labs.grades",
        title=f"Laboratory values of grade 3 or more, {result.version}, computed",
        caption=(
            f"Worst value of each patient from day 0 on by {result.version}, among those with a value; computed, not"
            " reported."
        ),
        method=_method(result),
        notes=_notes(result),
        n=result.n,
        tests=_tests(result),
    )


def _columns(result: GradesResult) -> Columns:
    """Of a test at a threshold (a line) and the place of a group."""
    grouping, compares = result.grouping, result.grouping.compares
    names = tuple(f"{name} ({of})" for name, of in zip(grouping.names, result.of, strict=True)) if compares else ("n",)
    return (
        TypedColumn("Computed from Labs", "term", "", lambda cell: cell[0].term, lambda cell: _line(cell[0])),
        TypedColumn(name="analyte", value=lambda cell: cell[0].analyte),
        TypedColumn(name="version", value=lambda _: result.version),
        TypedColumn(name="threshold", unit="grade", value=lambda cell: cell[0].threshold),
        TypedColumn(name="group", value=lambda cell: grouping.levels[cell[1]]),
        Across(names, lambda cell: id(cell[0]), lambda cell: cell[1], _of_group),
        *(_counted(name) for name in ("n", "of", "n_uncertain")),
        TypedColumn("Total" * compares, printed=lambda cell: _share(sum(cell[0].n), sum(cell[0].of))),
        TypedColumn("p" * compares, "p", "", lambda cell: cell[0].test.p, lambda cell: p_value(cell[0].test.p)),
        TypedColumn(name="reason", value=lambda cell: cell[0].test.reason or None),
    )


def _counted(name: str) -> TypedColumn:
    return TypedColumn(name=name, unit="patients", value=lambda cell: getattr(cell[0], name)[cell[1]])


def _line(row: GradeRow) -> str:
    return f"{row.term}, grade {'≥ 3' if row.threshold == THRESHOLDS[0] else row.threshold}"


def _of_group(cell: tuple[GradeRow, int]) -> str:
    row, place = cell
    return _share(row.n[place], row.of[place])


def _share(n: int, of: int) -> str:
    return f"{count(n, of)} of {of}" if of else "–"


def _method(result: GradesResult) -> str:
    names = dict.fromkeys(row.test.name for row in result.rows if row.test.p is not None)
    p = f" p: {'; '.join(names) or 'no test could be done'}, not adjusted." if result.grouping.compares else ""
    return sentences(
        f"Grades of the sheet Labs by {result.version}. Lower bounds are strict; haemoglobin has no grade 4 by"
        f" value.{p}",
        result.grouping.late(EARLIER),
    )


def _notes(result: GradesResult) -> tuple[str, ...]:
    """Who and what has no grade, and what is uncertain."""
    said = []
    if result.n_without:
        said.append(f"{plural(result.n_without, 'patient')} without a value that can be graded: in no denominator.")
    said += [f"{plural(n, 'value')} without a grade: {reason}." for reason, n in result.ungraded]
    if result.n_abnormal:
        said.append(
            f"In {result.n_abnormal} (patient and test) the baseline was abnormal: graded by multiples of it"
            " (fibrinogen: by the fall from it)."
        )
    if uncertain := sum(sum(row.n_uncertain) for row in result.rows):
        said.append(
            f"{uncertain} (patient, test and threshold) known only to lie below a limit of detection: not counted as"
            " reached."
        )
    return tuple(said)


def _tests(result: GradesResult) -> tuple[TestLine, ...]:
    groups = " v ".join(result.grouping.names)
    return tuple(
        TestLine.of(row.test, f"{row.term}, grade >= {row.threshold}: {groups}")
        for row in result.rows
        if result.grouping.compares
    )


def _build(analysis: Analysis, options: VersionOptions) -> Exhibit:
    return noted_follow_up(analysis, options, grades_table(graded(analysis, options)))


def _who(analysis: Analysis, options: VersionOptions) -> Who:
    result, groups = graded(analysis, options), tuple(groups_of(analysis).values())
    worst = result.worst
    lines = [
        worst.loc[(worst["analyte"] == row.analyte) & (worst["low"] >= row.threshold), "patient"] for row in result.rows
    ]
    total = (frozenset().union(*groups),) if analysis.grouping.compares else ()
    return crossed([frozenset(map(str, line)) for line in lines], (None, *groups, *total))


GRADES: Final = ExhibitSpec(
    "labs.grades",
    "Grades by value",
    needs="labs",
    build=_build,
    options=VersionOptions,
    when=lambda *of: bool(graded(*of).rows),
    who=_who,
)
