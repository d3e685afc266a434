"""Every exhibit of laboratory values: what it shares with the others, and how it is made."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from lib.cohort.analysis import Analysis
from lib.cohort.ctcae import VERSIONS
from lib.derived.hematotox import ITEMS
from lib.derived.lab_values import analytes_of
from lib.derived.until_next import UntilNext, until_next
from lib.labs.figure import LabOptions, lab_figure
from lib.labs.grades.result import GradesResult, grades_result
from lib.labs.grades.table import grades_table
from lib.labs.hematotox.result import (
    EARLIEST_START,
    USUAL_START,
    HematotoxResult,
    hematotox_scores,
    lymphodepletion_starts,
)
from lib.labs.hematotox.table import hematotox_patients, hematotox_table
from lib.labs.hys_law.figure import hys_law_figure
from lib.labs.hys_law.result import can_show, hys_law
from lib.labs.icaht.result import NEUTROPHILS, PLATELETS, IcahtResult, icaht_grades
from lib.labs.icaht.table import icaht_patients, icaht_table
from lib.labs.recovery.figure import recovery_figure
from lib.labs.recovery.result import THRESHOLDS, Recovery, recovery
from lib.labs.recovery.table import recovery_table
from lib.labs.result import LabResult, labs
from lib.labs.series import LabSeries, lab_series, series_of_analytes
from lib.labs.shift.result import shift
from lib.labs.shift.table import shift_table
from lib.labs.table import lab_table
from lib.publication.exhibit import Exhibit, noted
from lib.publication.number import short
from lib.publication.options import FollowUpOptions, choice, flag, number
from lib.publication.spec import ExhibitSpec

MEDIANS, MEANS = "Medians, quartiles", "Means, 95 % CI"
FEWEST_ITEMS: Final = 3  # of fewer than three of its five items a score says too little
LATEST_START: Final = -2.0


def series_by_slug(analysis: Analysis) -> dict[str, LabSeries]:
    """The series of the opened cohort, the one with most values first."""
    found: dict[str, LabSeries] = analysis.result(_series)
    return found


def _series(analysis: Analysis) -> dict[str, LabSeries]:
    return {each.slug: each for each in lab_series(analysis.opened)}


def slugs(analysis: Analysis) -> tuple[str, ...]:
    """One variant a series."""
    return tuple(series_by_slug(analysis))


def analyte_slugs(analysis: Analysis) -> tuple[str, ...]:
    """One variant a known analyte: the series that stands for it."""
    return tuple(series.slug for series in series_of_analytes(series_by_slug(analysis).values()).values())


def _has_visits_and_days(analysis: Analysis, slug: str | None) -> bool:
    series = series_by_slug(analysis).get(slug or "")
    return series is not None and bool(series.visits) and series.has_days


def analyte(analysis: Analysis, slug: str | None) -> str:
    """The analyte of a series, "" where it is not known."""
    series = series_by_slug(analysis).get(slug or "")
    return series.analyte if series else ""


def thresholds(analysis: Analysis, slug: str | None) -> dict[str, str]:
    """The thresholds to which a count can recover, the usual one first."""
    return {short(each): short(each) for each in THRESHOLDS.get(analyte(analysis, slug), ())}


@dataclass(frozen=True)
class VisitOptions:
    """Whether values stand at visits."""

    by_visit: bool = flag(
        None, "At visits, not days", each_variant=True, when=_has_visits_and_days, usual=lambda analysis, slug: series_by_slug(analysis)[slug].by_visit,
    )  # fmt: skip


@dataclass(frozen=True)
class GradeOptions:
    """Which grades are computed from values."""

    version: str = choice(
        VERSIONS[0], VERSIONS, "Grades by",
        help="CTCAE v5 and v6 part neutrophils, platelets and raised enzymes at other values; counts by one are not comparable with the other.",
    )  # fmt: skip


@dataclass(frozen=True)
class VersionOptions(FollowUpOptions, GradeOptions):
    """Grades computed from values, and until when these count."""


@dataclass(frozen=True)
class CourseOptions(VisitOptions, GradeOptions):
    """How the values of one test are drawn."""

    summary: str = choice(MEDIANS, (MEDIANS, MEANS), "Groups as")
    bands: bool = flag(True, "Bands of grades")
    log: bool = flag(
        None, "Log scale", each_variant=True, usual=lambda analysis, slug: series_by_slug(analysis)[slug].log
    )
    spread_early_days: bool = flag(
        None, "Spread early days", each_variant=True, usual=lambda analysis, slug: series_by_slug(analysis)[slug].spread,
        when=lambda analysis, slug: series_by_slug(analysis)[slug].has_days,
    )  # fmt: skip


@dataclass(frozen=True)
class RecoveryOptions(FollowUpOptions):
    """Which threshold counts have to reach."""

    threshold: str = choice(None, thresholds, "Recovery to, × 10⁹/L", each_variant=True)


@dataclass(frozen=True)
class HematotoxOptions:
    """When lymphodepletion began where it is not stated."""

    lymphodepletion_day: float = number(
        USUAL_START, "First day of lymphodepletion where it is not stated", EARLIEST_START, LATEST_START,
        help="CAR-HEMATOTOX takes values of this day or earlier.", when=lambda analysis, _: bool(lymphodepletion_starts(analysis.opened).isna().any()),
    )  # fmt: skip


def followed(analysis: Analysis, options: FollowUpOptions) -> UntilNext:
    """The selected patients, without values after the next therapy where they do not count."""
    if not options.until_next:
        return UntilNext(analysis.selected, (), ())
    found: UntilNext = analysis.result(_until_next)
    return found


def _until_next(analysis: Analysis) -> UntilNext:
    return until_next(analysis.selected)


def _labs(analysis: Analysis, slug: str, by_visit: bool) -> LabResult:
    return labs(analysis.selected, series_by_slug(analysis)[slug], analysis.grouping, by_visit)


def course(analysis: Analysis, slug: str, options: VisitOptions) -> LabResult:
    """The values of one test over time, computed once for all exhibits that show them."""
    found: LabResult = analysis.result(_labs, slug, options.by_visit)
    return found


def _figure(analysis: Analysis, slug: str, options: CourseOptions) -> Exhibit:
    drawn = LabOptions(
        options.log,
        options.spread_early_days and not options.by_visit,
        options.summary == MEANS,
        options.version if options.bands else "",
    )
    return lab_figure(course(analysis, slug, options), drawn)


def _summary(analysis: Analysis, slug: str, options: VisitOptions) -> Exhibit:
    return lab_table(course(analysis, slug, options))


def _grades(analysis: Analysis, version: str, until: bool) -> GradesResult:
    return grades_result(followed(analysis, FollowUpOptions(until)).cohort, analysis.grouping, version)


def graded(analysis: Analysis, options: VersionOptions) -> GradesResult:
    """The grades of every test by value."""
    found: GradesResult = analysis.result(_grades, options.version, options.until_next)
    return found


def _noted(analysis: Analysis, options: FollowUpOptions, exhibit: Exhibit) -> Exhibit:
    return noted(exhibit, followed(analysis, options).of_values)


def _grades_table(analysis: Analysis, options: VersionOptions) -> Exhibit:
    return _noted(analysis, options, grades_table(graded(analysis, options)))


def has_grades(analysis: Analysis, slug: str, options: VersionOptions) -> bool:
    """Whether this test has grades by value."""
    return analyte(analysis, slug) in {row.analyte for row in graded(analysis, options).rows}


def _shift(analysis: Analysis, slug: str, options: VersionOptions) -> Exhibit:
    return _noted(analysis, options, shift_table(shift(graded(analysis, options), analyte(analysis, slug)), slug))


def _recovery(analysis: Analysis, slug: str, threshold: str, until: bool) -> Recovery:
    cohort = followed(analysis, FollowUpOptions(until)).cohort
    return recovery(cohort, analysis.grouping, analyte(analysis, slug), float(threshold))


def recovered(analysis: Analysis, slug: str, options: RecoveryOptions) -> Recovery:
    """Nadir of a count and the time until it came back above the threshold."""
    found: Recovery = analysis.result(_recovery, slug, options.threshold, options.until_next)
    return found


def _recovery_figure(analysis: Analysis, slug: str, options: RecoveryOptions) -> Exhibit:
    return _noted(analysis, options, recovery_figure(recovered(analysis, slug, options), slug))


def _recovery_table(analysis: Analysis, slug: str, options: RecoveryOptions) -> Exhibit:
    return _noted(analysis, options, recovery_table(recovered(analysis, slug, options), slug))


def recovers(analysis: Analysis, slug: str, _options: Any = None) -> bool:
    """Whether recovery is defined for this test."""
    return analyte(analysis, slug) in THRESHOLDS


def _hys_law(analysis: Analysis, options: FollowUpOptions) -> Exhibit:
    return _noted(analysis, options, hys_law_figure(hys_law(followed(analysis, options).cohort, analysis.grouping)))


def _icaht(analysis: Analysis, count: str) -> IcahtResult:
    return icaht_grades(analysis.selected, analysis.grouping, count)


def _hematotox(analysis: Analysis, assumed: float) -> HematotoxResult:
    return hematotox_scores(analysis.selected, analysis.grouping, assumed)


def _measures(analysis: Analysis, analytes: set[str], least: int = 1) -> bool:
    return len(analytes & set(analytes_of(analysis.selected))) >= least


_of_labs = partial(ExhibitSpec, needs="labs")
_of_series = partial(_of_labs, variants=slugs)
_of_analyte = partial(_of_labs, variants=analyte_slugs)
FIGURE: Final = _of_series("labs.{test}", "One test over time", build=_figure, options=CourseOptions)
SUMMARY: Final = _of_series("labs.{test}.summary", "One test by group", build=_summary, options=VisitOptions)
GRADES: Final = _of_labs(
    "labs.grades",
    "Grades by value",
    build=_grades_table,
    options=VersionOptions,
    when=lambda *of: bool(graded(*of).rows),
)
SHIFT: Final = _of_analyte(
    "labs.{test}.shift", "From baseline to worst grade", build=_shift, options=VersionOptions, when=has_grades
)
RECOVERY: Final = _of_analyte(
    "labs.{test}.recovery", "Recovery of counts", build=_recovery_figure, options=RecoveryOptions, when=recovers
)
RECOVERY_SUMMARY: Final = _of_analyte(
    "labs.{test}.recovery.summary",
    "Recovery of counts by group",
    build=_recovery_table,
    options=RecoveryOptions,
    when=recovers,
)
HYS_LAW: Final = _of_labs(
    "labs.hys_law",
    "Hy's law",
    build=_hys_law,
    options=FollowUpOptions,
    when=lambda analysis, _: can_show(analysis.opened),
)


def _counted(count: str, table: Any) -> dict[str, Any]:
    """How an ICAHT table is made, and when there is one."""
    return {
        "build": lambda analysis, _: table(analysis.result(_icaht, count)),
        "when": lambda analysis, _: _measures(analysis, {count}),
    }


def _scored(table: Any) -> dict[str, Any]:
    """How a CAR-HEMATOTOX table is made, and when there is one."""
    return {
        "build": lambda analysis, options: table(analysis.result(_hematotox, options.lymphodepletion_day)),
        "when": lambda analysis, _: _measures(analysis, {item.analyte for item in ITEMS}, FEWEST_ITEMS),
        "options": HematotoxOptions,
    }


ICAHT: Final = _of_labs("labs.icaht", "ICAHT (experimental)", **_counted(NEUTROPHILS, icaht_table))
ICAHT_PATIENTS: Final = _of_labs(
    "labs.icaht.patients", "ICAHT of each patient", **_counted(NEUTROPHILS, icaht_patients)
)
T_ICAHT: Final = _of_labs("labs.t_icaht", "T-ICAHT (experimental)", **_counted(PLATELETS, icaht_table))
T_ICAHT_PATIENTS: Final = _of_labs(
    "labs.t_icaht.patients", "T-ICAHT of each patient", **_counted(PLATELETS, icaht_patients)
)
HEMATOTOX: Final = _of_labs("labs.hematotox", "CAR-HEMATOTOX", **_scored(hematotox_table))
HEMATOTOX_PATIENTS: Final = _of_labs(
    "labs.hematotox.patients", "CAR-HEMATOTOX of each patient", **_scored(hematotox_patients)
)
SCORES: Final = (ICAHT, ICAHT_PATIENTS, T_ICAHT, T_ICAHT_PATIENTS, HEMATOTOX, HEMATOTOX_PATIENTS)
LABS: Final = (FIGURE, SUMMARY, GRADES, SHIFT, RECOVERY, RECOVERY_SUMMARY, HYS_LAW, *SCORES)
