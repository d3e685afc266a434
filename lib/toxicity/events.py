"""Which adverse events count, and which terms are shown: the options that exhibits share, what they compute once
together, and who is behind their counts.

A term is chosen by the opened cohort, never by the selection: no filter makes one come or go.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.ctcae import VERSIONS
from lib.cohort.model import Cohort, kept
from lib.derived.adverse_events import (
    EARLY,
    KINDS,
    LATE,
    MIDDLE,
    WHOLE,
    Period,
    kinds_stated,
    of_kind,
    only_kinds,
    with_computed_events,
    worst_grades,
)
from lib.derived.follow_up import UntilNext, followed
from lib.publication.exhibit import Exhibit, noted
from lib.publication.options import WIDTH, FollowUpOptions, choice, number, several
from lib.publication.who import Who, groups_of
from lib.stats.proportions import INTERVALS
from lib.toxicity.grade_bars import grades_of
from lib.toxicity.incidence import ANY_EVENT, ANY_GRADE, THRESHOLDS, Incidence, IncidenceRow, incidence, with_group

CUSTOM: Final = "Custom"
PERIODS: Final = {"Whole follow-up": WHOLE, "Day 0–30": EARLY, "Day 31–90": MIDDLE, "After day 90": LATE}
FIRST_DAY, LAST_DAY = -30, 3650
MOST_TERMS: Final = 25
MOST_ROWS: Final = 45  # bars that fit on a printed page
FEWEST_TERMS: Final = 6
MOST_PERCENT: Final = 50  # the highest minimum incidence


@dataclass(frozen=True)
class CountedOptions(FollowUpOptions):
    """Until when events count, and of which kind they are."""

    kinds: tuple[str, ...] = several(
        (),
        lambda analysis, _: kinds_stated(analysis.opened),
        "Only events that are",
        help="Events of which the workbook does not say so are left out, and counted in a note.",
    )


@kept
def timed_terms(cohort: Cohort, followed: bool = False) -> tuple[str, ...]:
    """The terms of the opened cohort with a day among these patients; `followed`: if it is known how long the others
    were."""
    if followed and "os" not in cohort.endpoint_names:
        return ()
    events = cohort.adverse_events
    dated = set(events.loc[events["start_day"].notna() & ~(events["grade"] == 0), "term"])
    return tuple(term for term in cohort.vocabulary.get("term", ()) if term in dated)


@dataclass(frozen=True)
class EventOptions(CountedOptions):
    """Which events count."""

    period: str = choice(
        "Whole follow-up", (*PERIODS, CUSTOM), "Onset", when=lambda analysis, _: bool(timed_terms(analysis.opened))
    )
    first_day: float = number(0, "From day", FIRST_DAY, LAST_DAY, only_with=("period", CUSTOM))
    last_day: float = number(30, "To day", FIRST_DAY, LAST_DAY, only_with=("period", CUSTOM))
    computed: str | None = choice(
        None,
        VERSIONS,
        "Grades computed from Labs",
        none="None",
        when=lambda analysis, _: not analysis.opened.labs.empty,
        help="Adds a term of its own for each graded test; reported terms stay as they are.",
    )

    @property
    def days(self) -> Period:
        """The period in which an event has to begin."""
        return PERIODS.get(self.period) or Period(int(self.first_day), int(max(self.first_day, self.last_day)))


@dataclass(frozen=True)
class TermOptions(EventOptions):
    """Which terms are shown."""

    minimum_incidence: float = number(
        0,
        "Minimum incidence, %",
        0,
        MOST_PERCENT,
        help="Terms that fewer patients of the whole workbook had are not shown. Filters do not change which they are.",
    )


@dataclass(frozen=True)
class ComparedOptions(TermOptions):
    """How groups are compared."""

    interval: str = choice(INTERVALS[0], INTERVALS, "Interval of a difference")


def events(analysis: Analysis, options: EventOptions) -> Incidence:
    """The incidence of every event, computed once for all exhibits that show it."""
    interval = options.interval if isinstance(options, ComparedOptions) else INTERVALS[0]
    plain = EventOptions(
        **{each.name: getattr(options, each.name) for each in fields(EventOptions) if each.name != WIDTH}
    )
    return analysis.result(_incidence, plain, interval)


def _incidence(analysis: Analysis, options: EventOptions, interval: str) -> Incidence:
    cohort = counting_with_computed(analysis, options)
    return incidence(cohort, analysis.grouping, options.days, interval, kinds_stated(analysis.opened))


def counting(analysis: Analysis, options: CountedOptions) -> UntilNext:
    """The selected patients with the events that count, and what was left out; computed once."""
    return analysis.result(_counting, options.until_next, options.kinds)


def counting_with_computed(analysis: Analysis, options: EventOptions) -> Cohort:
    """The same, with the grades that are computed from laboratory values where they were asked for."""
    return _with_computed(counting(analysis, options).cohort, options.computed)


def _counting(analysis: Analysis, until_next: bool, kinds: tuple[str, ...]) -> UntilNext:
    whole = followed(analysis, until_next)
    if not kinds:
        return whole
    cohort, said = only_kinds(whole.cohort, kinds)
    return replace(whole, cohort=cohort, of_events=(*whole.of_events, *said))


def _with_computed(cohort: Cohort, version: str | None) -> Cohort:
    return with_computed_events(cohort, version) if version else cohort


def terms(analysis: Analysis, options: TermOptions) -> tuple[str, ...]:
    """The terms that are shown: those common enough in the opened cohort."""
    return common_terms(_with_computed(analysis.opened, options.computed), options.minimum_incidence / 100)


def opened_grades(analysis: Analysis, options: EventOptions) -> tuple[str, ...]:
    """The names of the grades that occur in the opened cohort: the key of a figure holds no others."""
    return grades_of(_with_computed(analysis.opened, options.computed).adverse_events["grade"])


def terms_with_room(analysis: Analysis, options: TermOptions) -> tuple[str, ...]:
    """The first of the terms that are shown, as many as a figure has room for."""
    return room_for(terms(analysis, options), len(analysis.grouping.groups))


def room_for(terms: tuple[str, ...], n_groups: int) -> tuple[str, ...]:
    """The first of these terms, as many as a figure with a row for each group can show."""
    most = max(FEWEST_TERMS, min(MOST_TERMS, MOST_ROWS // max(1, n_groups)))
    return terms[:most]


def common_terms(opened: Cohort, at_least: float) -> tuple[str, ...]:
    """The terms that at least this share of the patients of the opened cohort had, in their order."""
    terms = opened.vocabulary.get("term", ())
    if at_least <= 0 or not opened.n:
        return terms
    had = worst_grades(opened)["term"].value_counts()
    return tuple(term for term in terms if had.get(term, 0) >= at_least * opened.n)


def are_compared(analysis: Analysis, options: EventOptions) -> bool:
    """Whether there are groups to compare, and events."""
    return analysis.grouping.compares and bool(events(analysis, options).terms)


def noted_until(analysis: Analysis, options: CountedOptions, exhibit: Exhibit) -> Exhibit:
    """The exhibit with the kinds of events in its title, and the notes on those that are left out."""
    said = noted(exhibit, counting(analysis, options).of_events)
    return replace(said, title=f"{said.title}: {kinds_in_words(options)} events only") if options.kinds else said


def kinds_in_words(options: CountedOptions) -> str:
    """ "serious and related", or nothing where all events count."""
    return " and ".join(options.kinds)


def patients_with(analysis: Analysis, options: EventOptions, rows: Sequence[IncidenceRow]) -> list[frozenset[str]]:
    """The patients whom each of these rows counts, all groups together."""
    worst = {kind: _worst(analysis, options, kind) for kind in {"", *(row.threshold for row in rows)} & {"", *KINDS}}
    return [reaching(worst.get(row.threshold, worst[""]), row) for row in rows]


def _worst(analysis: Analysis, options: EventOptions, kind: str) -> pd.DataFrame:
    """One row a patient and term, as the incidence counts them, with the row of any event where that is counted."""
    result = events(analysis, options)
    worst = result.worst
    if kind:
        cohort = counting_with_computed(analysis, options)
        of_this = cohort.adverse_events[of_kind(cohort.adverse_events, kind)]
        made = cohort.with_table("adverse_events", of_this)
        worst = with_group(worst_grades(made, options.days), cohort, analysis.grouping)
    if ANY_EVENT in result.terms:
        return worst
    reported = worst[~worst["term"].isin(result.computed)]
    any_event = reported.groupby("patient_id", as_index=False, sort=False)["worst"].max().assign(term=ANY_EVENT)
    return pd.concat([worst, any_event], ignore_index=True)


def reaching(worst: pd.DataFrame, row: IncidenceRow) -> frozenset[str]:
    """Who of these (patient_id, term, worst) reaches the row's threshold of its term."""
    mine = worst[worst["term"] == row.term]
    reached = THRESHOLDS.get(row.threshold, THRESHOLDS[ANY_GRADE])(mine["worst"])
    return frozenset(map(str, mine.loc[reached, "patient_id"]))


def grades_who(analysis: Analysis, options: EventOptions, data: pd.DataFrame, grades: dict[int, str]) -> Who:
    """Of each row of a figure's data (term, group, grade, n): who had the term at this worst grade."""
    worst, groups = events(analysis, options).worst, groups_of(analysis)
    named = worst["worst"].fillna(0).astype(int).map(grades)
    found = {}
    for y, row in enumerate(data.to_dict("records")):
        mine = worst.loc[(worst["term"] == row["term"]) & (named == row["grade"]), "patient_id"]
        found[y, list(data.columns).index("n")] = groups[row["group"]].intersection(map(str, mine))
    return found
