"""The exhibits of groups that are formed anew by what was known at a landmark, and of groups that patients come into as time goes."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from lib.cohort.analysis import Analysis
from lib.cohort.endpoint_choice import Definition
from lib.cohort.time_unit import DAYS_PER
from lib.derived.became_known import BecameKnown
from lib.derived.exposure import exposure_of
from lib.derived.known_source import KnownSource, became_known, known_sources
from lib.publication.exhibit import Exhibit
from lib.publication.options import choice, number
from lib.publication.spec import ExhibitSpec
from lib.survival.options import CUSTOM, CurveOptions, KaplanMeierOptions
from lib.survival.specs import endpoints
from lib.survival.time_zero.figure import dependent_figure, landmark_figure
from lib.survival.time_zero.followed import Asked, why_not
from lib.survival.time_zero.landmark import MONTH
from lib.survival.time_zero.result import TimeZeroResult, three_analyses
from lib.survival.time_zero.table import dropped_table, landmark_table, time_zero_table

LAST_DAY: Final = 3652
MONTHS: Final = {"1 month": 1, "2 months": 2, "3 months": 3}


def sources(analysis: Analysis, _endpoint: Any = None) -> dict[str, KnownSource]:
    """By what groups can be formed that became known after the infusion."""
    found: dict[str, KnownSource] = analysis.result(_sources)
    return found


def _sources(analysis: Analysis) -> dict[str, KnownSource]:
    return {source.key: source for source in known_sources(analysis.opened, analysis.grouping)}


def _own_source(analysis: Analysis, _endpoint: Any) -> str | None:
    """The grouping itself, where groups can be formed by it."""
    return next((key for key, source in sources(analysis).items() if source.kind == "group"), None)


@dataclass(frozen=True)
class LandmarkOptions(KaplanMeierOptions):
    """By what groups are formed anew, and when."""

    formed_by: str | None = choice(
        None, lambda analysis, _: {key: source.label for key, source in sources(analysis).items()}, "Groups formed by",
        none="what became known later ...", usual=_own_source,
        help="Something that became known after the infusion: the groups are formed by whether it was known on the day of the landmark.",
    )  # fmt: skip
    landmark: str = choice(
        "1 month", (*MONTHS, CUSTOM), "Landmark", help="Patients still followed then are analysed from there on. A month is 30.4375 days.",
    )  # fmt: skip
    landmark_day: float = number(28, "Day", 1, LAST_DAY, only_with=("landmark", CUSTOM))

    @property
    def days(self) -> float:
        """The landmark in days since the infusion."""
        return MONTHS[self.landmark] * DAYS_PER["months"] if self.landmark in MONTHS else self.landmark_day


def known_of(analysis: Analysis, key: str) -> BecameKnown | str:
    """Since when what groups are formed by was known of each selected patient; a sentence where that cannot be told."""
    source = sources(analysis)[key]
    if source.kind == "group" and isinstance(reason := exposure_of(analysis.selected, analysis.grouping), str):
        return reason
    return became_known(analysis.selected, analysis.grouping, source)


def _three(
    analysis: Analysis, endpoint: str, definition: Definition, drawn: CurveOptions, key: str, days: float
) -> TimeZeroResult:
    known = analysis.result(known_of, key)
    return three_analyses(
        analysis.selected, Asked(endpoint, analysis.unit, definition, drawn), analysis.grouping, known, days
    )


def time_zero(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> TimeZeroResult:
    """The three analyses with these options."""
    definition = options.definition(analysis, endpoint)
    found: TimeZeroResult = analysis.result(
        _three, endpoint, definition, options.curves, options.formed_by, options.days or MONTH
    )
    return found


def can_be_formed(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> bool:
    """Whether the endpoint counts from the infusion and groups can be formed anew."""
    return (
        not why_not(endpoint)
        and options.formed_by is not None
        and not isinstance(analysis.result(known_of, options.formed_by), str)
    )


def _side_by_side(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> Exhibit:
    return time_zero_table(time_zero(analysis, endpoint, options))


def _landmark(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> Exhibit:
    return landmark_figure(time_zero(analysis, endpoint, options).landmark, options.show_ci)


def _landmark_summary(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> Exhibit:
    return landmark_table(time_zero(analysis, endpoint, options).landmark)


def _dropped(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> Exhibit:
    return dropped_table(time_zero(analysis, endpoint, options).landmark)


def _dependent(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> Exhibit:
    return dependent_figure(time_zero(analysis, endpoint, options).dependent, options.show_ci)


def _somebody_dropped(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> bool:
    return (
        can_be_formed(analysis, endpoint, options) and len(time_zero(analysis, endpoint, options).landmark.dropped) > 0
    )


_of_landmark = partial(ExhibitSpec, needs="endpoints", options=LandmarkOptions, variants=endpoints, when=can_be_formed)
TIME_ZERO: Final = _of_landmark("time_zero.{endpoint}", "One comparison, three analyses", build=_side_by_side)
LANDMARK: Final = _of_landmark("landmark.{endpoint}", "Landmark analysis", build=_landmark)
LANDMARK_SUMMARY: Final = _of_landmark(
    "landmark.{endpoint}.summary", "Medians from the landmark", build=_landmark_summary
)
DROPPED: Final = _of_landmark(
    "landmark.{endpoint}.dropped", "Not analysed at the landmark", build=_dropped, when=_somebody_dropped
)
DEPENDENT: Final = _of_landmark("time_dependent.{endpoint}", "Time-dependent analysis", build=_dependent)
BY_LANDMARK: Final = (TIME_ZERO, LANDMARK, LANDMARK_SUMMARY, DROPPED, DEPENDENT)
