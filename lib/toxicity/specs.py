"""Every exhibit of adverse events: what it shares with the others, and how it is made."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from lib.cohort.analysis import Analysis
from lib.cohort.ctcae import VERSIONS
from lib.cohort.model import Cohort
from lib.derived.computed_events import with_computed_events
from lib.derived.period import EARLY, LATE, MIDDLE, WHOLE, Period
from lib.derived.until_next import UntilNext, until_next
from lib.publication.exhibit import Exhibit, noted
from lib.publication.options import FollowUpOptions, choice, number, several
from lib.publication.spec import ExhibitSpec
from lib.stats.proportions import INTERVALS
from lib.toxicity.butterfly.figure import butterfly_figure
from lib.toxicity.by_class.result import by_class, has_classes
from lib.toxicity.by_class.table import by_class_table
from lib.toxicity.counting import ANY_GRADE, AT_LEAST_3, THRESHOLDS
from lib.toxicity.crs_icans.result import Syndromes, syndromes
from lib.toxicity.crs_icans.table import crs_icans_table
from lib.toxicity.differences.figure import differences_figure
from lib.toxicity.differences.result import Differences, differences
from lib.toxicity.figure import toxicity_figure
from lib.toxicity.incidence import Asked, Incidence, incidence
from lib.toxicity.onset.figure import onset_figure, slug
from lib.toxicity.onset.result import onset
from lib.toxicity.sensitivity.result import sensitivity
from lib.toxicity.sensitivity.table import toxicity_sensitivity_table
from lib.toxicity.shown import MOST_PERCENT, common_terms, room_for, timed_terms
from lib.toxicity.table import ADJUSTMENTS, toxicity_table
from lib.toxicity.timeline.figure import timeline_figure
from lib.toxicity.timeline.result import timeline
from lib.toxicity.volcano.figure import volcano_figure

CUSTOM: Final = "Custom"
PERIODS: Final = {"Whole follow-up": WHOLE, "Day 0–30": EARLY, "Day 31–90": MIDDLE, "After day 90": LATE}
FIRST_DAY, LAST_DAY = -30, 3650
MOST_ONSETS: Final = 2  # terms whose cumulative incidence is in the report: CRS and ICANS, or the commonest
PAIR: Final = 2
SEVERE: Final = 3


@dataclass(frozen=True)
class EventOptions(FollowUpOptions):
    """Which events count."""

    period: str = choice(
        "Whole follow-up",
        (*PERIODS, CUSTOM),
        "Events that began",
        when=lambda analysis, _: bool(timed_terms(analysis.opened)),
    )
    first_day: float = number(0, "From day", FIRST_DAY, LAST_DAY, only_with=("period", CUSTOM))
    last_day: float = number(30, "To day", FIRST_DAY, LAST_DAY, only_with=("period", CUSTOM))
    computed: str | None = choice(
        None, VERSIONS, "Grades computed from Labs", none="None", when=lambda analysis, _: not analysis.opened.labs.empty,
        help="Adds a term of its own for each graded test; reported terms stay as they are.",
    )  # fmt: skip

    @property
    def days(self) -> Period:
        """The period in which an event has to begin."""
        return PERIODS.get(self.period) or Period(int(self.first_day), int(max(self.first_day, self.last_day)))


@dataclass(frozen=True)
class TermOptions(EventOptions):
    """Which terms are shown."""

    minimum_incidence: float = number(
        0, "Minimum incidence, %", 0, MOST_PERCENT, help="Terms that fewer patients of the whole workbook had are not shown. Filters do not change which they are.",
    )  # fmt: skip


@dataclass(frozen=True)
class ComparedOptions(TermOptions):
    """How groups are compared."""

    interval: str = choice(INTERVALS[0], INTERVALS, "Interval of a difference")


@dataclass(frozen=True)
class TableOptions(ComparedOptions):
    """The table of adverse events."""

    rows: tuple[str, ...] = several(tuple(THRESHOLDS), tuple(THRESHOLDS), "Rows")
    adjustment: str = choice(next(iter(ADJUSTMENTS)), tuple(ADJUSTMENTS), "Adjust p for the number of tests")


@dataclass(frozen=True)
class DifferenceOptions(ComparedOptions):
    """At which grade differences are shown."""

    grade: str = choice(ANY_GRADE, (ANY_GRADE, AT_LEAST_3), "Grade")


@dataclass(frozen=True)
class TimelineOptions(EventOptions):
    """Which event is followed day by day."""

    term: str = choice(None, lambda analysis, _: timed_terms(analysis.opened), "Event")


@dataclass(frozen=True)
class OnsetOptions(FollowUpOptions):
    """From which grade on an event counts."""

    least: str = choice(ANY_GRADE, (ANY_GRADE, AT_LEAST_3), "First event of")


def followed(analysis: Analysis, options: FollowUpOptions) -> UntilNext:
    """The selected patients, without events after the next therapy where they do not count."""
    if not options.until_next:
        return UntilNext(analysis.selected, (), ())
    found: UntilNext = analysis.result(_until_next)
    return found


def _until_next(analysis: Analysis) -> UntilNext:
    return until_next(analysis.selected)


def _counted(cohort: Cohort, computed: str | None) -> Cohort:
    return with_computed_events(cohort, computed) if computed else cohort


def _incidence(analysis: Analysis, options: EventOptions, interval: str) -> Incidence:
    looked_at = _counted(followed(analysis, options).cohort, options.computed)
    return incidence(looked_at, analysis.grouping, Asked(options.days, interval))


def events(analysis: Analysis, options: EventOptions) -> Incidence:
    """The incidence of every event, computed once for all exhibits that show it."""
    interval = options.interval if isinstance(options, ComparedOptions) else INTERVALS[0]
    plain = EventOptions(options.until_next, options.period, options.first_day, options.last_day, options.computed)
    found: Incidence = analysis.result(_incidence, plain, interval)
    return found


def terms(analysis: Analysis, options: TermOptions) -> tuple[str, ...]:
    """The terms that are shown: those common enough in the opened cohort."""
    return common_terms(_counted(analysis.opened, options.computed), options.minimum_incidence / 100)


def _some(analysis: Analysis, options: TermOptions) -> tuple[str, ...]:
    return room_for(terms(analysis, options), len(analysis.grouping.groups))


def _noted(analysis: Analysis, options: FollowUpOptions, exhibit: Exhibit) -> Exhibit:
    return noted(exhibit, followed(analysis, options).of_events)


def _grades(analysis: Analysis, options: TermOptions) -> Exhibit:
    return _noted(analysis, options, toxicity_figure(events(analysis, options), terms(analysis, options)))


def _butterfly(analysis: Analysis, options: TermOptions) -> Exhibit:
    return _noted(analysis, options, butterfly_figure(events(analysis, options), terms(analysis, options)))


def _table(analysis: Analysis, options: TableOptions) -> Exhibit:
    made = toxicity_table(events(analysis, options), options.rows, terms(analysis, options), options.adjustment)
    return _noted(analysis, options, made)


def _syndromes(analysis: Analysis, until: bool, period: Period) -> Syndromes:
    cohort = followed(analysis, FollowUpOptions(until)).cohort
    return syndromes(cohort, analysis.grouping, period)


def _found(analysis: Analysis, options: EventOptions) -> Syndromes:
    found: Syndromes = analysis.result(_syndromes, options.until_next, options.days)
    return found


def _crs_icans(analysis: Analysis, options: EventOptions) -> Exhibit:
    return _noted(analysis, options, crs_icans_table(_found(analysis, options)))


def _by_class(analysis: Analysis, options: ComparedOptions) -> Exhibit:
    cohort = followed(analysis, options).cohort
    return _noted(analysis, options, by_class_table(by_class(cohort, analysis.grouping, events(analysis, options))))


def _contrasts(analysis: Analysis, options: DifferenceOptions, shown: tuple[str, ...]) -> Differences:
    return differences(events(analysis, options), options.grade, shown)


def _differences(analysis: Analysis, options: DifferenceOptions) -> Exhibit:
    return _noted(analysis, options, differences_figure(_contrasts(analysis, options, _some(analysis, options))))


def _volcano(analysis: Analysis, options: DifferenceOptions) -> Exhibit:
    return _noted(analysis, options, volcano_figure(_contrasts(analysis, options, terms(analysis, options))))


def _sensitivity(analysis: Analysis, options: ComparedOptions) -> Exhibit:
    found = sensitivity(events(analysis, options), _some(analysis, options))
    return _noted(analysis, options, toxicity_sensitivity_table(found))


def _timeline(analysis: Analysis, options: TimelineOptions) -> Exhibit:
    cohort = followed(analysis, options).cohort
    return _noted(analysis, options, timeline_figure(timeline(cohort, analysis.grouping, options.term, options.days)))


def has_lanes(analysis: Analysis, options: TimelineOptions) -> bool:
    """Whether somebody selected had the event on a day that is stated."""
    return options.term is not None and options.term in timed_terms(followed(analysis, options).cohort)


def onset_terms(analysis: Analysis) -> tuple[str, ...]:
    """The terms whose cumulative incidence a report has."""
    return timed_terms(followed(analysis, FollowUpOptions()).cohort, followed=True)[:MOST_ONSETS]


def _onset(analysis: Analysis, term: str, options: OnsetOptions) -> Exhibit:
    cohort, least = followed(analysis, options).cohort, SEVERE if options.least == AT_LEAST_3 else 1
    return _noted(analysis, options, onset_figure(onset(cohort, analysis.grouping, term, least)))


def _compares(analysis: Analysis, options: EventOptions) -> bool:
    return analysis.grouping.compares and bool(events(analysis, options).terms)


def _two_groups(analysis: Analysis, options: EventOptions) -> bool:
    return _compares(analysis, options) and len(analysis.grouping.groups) == PAIR


_of_events = partial(ExhibitSpec, needs="adverse_events")
GRADES: Final = _of_events("toxicity.grades", "Worst grades", build=_grades, options=TermOptions)
TABLE: Final = _of_events("toxicity.table", "Table of adverse events", build=_table, options=TableOptions)
CRS_ICANS: Final = _of_events(
    "toxicity.crs_icans",
    "CRS and ICANS",
    build=_crs_icans,
    options=EventOptions,
    when=lambda *of: bool(_found(*of).found),
)
BY_CLASS: Final = _of_events(
    "toxicity.by_class",
    "System organ classes",
    build=_by_class,
    options=ComparedOptions,
    when=lambda analysis, _: has_classes(analysis.selected),
)
DIFFERENCES: Final = _of_events(
    "toxicity.differences", "Differences between groups", build=_differences, options=DifferenceOptions, when=_compares
)
BUTTERFLY: Final = _of_events(
    "toxicity.butterfly", "Butterfly plot of two groups", build=_butterfly, options=TermOptions, when=_two_groups
)
VOLCANO: Final = _of_events(
    "toxicity.volcano", "Volcano plot", build=_volcano, options=DifferenceOptions, when=_compares
)
SENSITIVITY: Final = _of_events(
    "toxicity.sensitivity",
    "Sensitivity analyses of adverse events",
    build=_sensitivity,
    options=ComparedOptions,
    when=_compares,
)
TIMELINE: Final = _of_events(
    "toxicity.timeline", "One event day by day", build=_timeline, options=TimelineOptions, when=has_lanes
)
ONSET: Final = _of_events(
    "toxicity.onset.{term}", "Cumulative incidence of an event", build=_onset, options=OnsetOptions, variants=onset_terms,
    names=lambda term: f"toxicity.onset.{slug(term)}",
)  # fmt: skip
TOXICITY: Final = (GRADES, TABLE, CRS_ICANS, BY_CLASS, DIFFERENCES, BUTTERFLY, VOLCANO, SENSITIVITY, TIMELINE, ONSET)
