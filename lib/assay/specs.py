"""Every exhibit of experiments in vitro: what it shares with the others, and how it is made."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from lib.assay.figure import assay_figure
from lib.assay.result import AssayResult, all_tests, assay
from lib.assay.series import AssaySeries, assay_series
from lib.assay.table import assay_table, sensitivity_table
from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit
from lib.publication.options import choice, flag
from lib.publication.spec import ExhibitSpec

OVER_TIME: Final = "over time"


def _series(analysis: Analysis) -> dict[str, AssaySeries]:
    return {each.slug: each for each in assay_series(analysis.opened)}


def series_by_slug(analysis: Analysis) -> dict[str, AssaySeries]:
    """The series of the opened cohort in the order of the sheet."""
    found: dict[str, AssaySeries] = analysis.result(_series)
    return found


def slugs(analysis: Analysis) -> tuple[str, ...]:
    """One variant a series."""
    return tuple(series_by_slug(analysis))


def _assay(analysis: Analysis, slug: str) -> AssayResult:
    return assay(series_by_slug(analysis)[slug])


def measured(analysis: Analysis, slug: str) -> AssayResult:
    """Means and tests of one series, computed once for all exhibits that show them."""
    found: AssayResult = analysis.result(_assay, slug)
    return found


def _times(analysis: Analysis, slug: str | None) -> dict[str, str]:
    """How a series of several times can be drawn."""
    series = series_by_slug(analysis).get(slug or "")
    if series is None or len(times := measured(analysis, series.slug).times) < 2:
        return {OVER_TIME: OVER_TIME}
    return {OVER_TIME: OVER_TIME} | {
        f"{time:g}": f"by dose at {series.when(time)}" for time in times if time is not None
    }


@dataclass(frozen=True)
class StarOptions:
    """How p-values are marked."""

    stars: bool = flag(False, "Stars beside p")


@dataclass(frozen=True)
class AssayOptions(StarOptions):
    """What stands across the figure."""

    drawn: str = choice(OVER_TIME, _times, "Drawn", each_variant=True)


def _figure(analysis: Analysis, slug: str, options: AssayOptions) -> Exhibit:
    found = measured(analysis, slug)
    time = next((each for each in found.times if each is not None and f"{each:g}" == options.drawn), None)
    return assay_figure(found, time, options.stars)


def _table(analysis: Analysis, slug: str, _options: object) -> Exhibit:
    return assay_table(measured(analysis, slug))


def _sensitivity(analysis: Analysis, slug: str, options: StarOptions) -> Exhibit:
    found = measured(analysis, slug)
    return sensitivity_table(found, all_tests(found), options.stars)


_of_series = partial(ExhibitSpec, needs="assays", variants=slugs)
FIGURE: Final = _of_series("assay.{series}", "Values by dose or over time", build=_figure, options=AssayOptions)
TABLE: Final = _of_series("assay.{series}.table", "Means and SD", build=_table)
SENSITIVITY: Final = _of_series(
    "assay.{series}.sensitivity", "Sensitivity analyses of wells", build=_sensitivity, options=StarOptions
)
ASSAY: Final = (FIGURE, TABLE, SENSITIVITY)
