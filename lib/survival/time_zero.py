"""One comparison in three ways: from infusion (immortal-time bias), at a landmark, and with the exposure as it came
about.

And what the tab begins with: whether a landmark analysis is needed, and by what groups can be formed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping, selection_bias
from lib.cohort.model import Cohort, SelectedBy, known_late
from lib.derived.exposure import BecameKnown, KnownSource, exposure_of, known_sources, proposed_known_at
from lib.publication.exhibit import Exhibit, Table, TestLine, TypedColumn, typed_table
from lib.publication.number import p_value, ratio
from lib.stats.estimate import Estimate
from lib.survival.caveats import BIASED, reasons
from lib.survival.curves import SurvivalResult, survival
from lib.survival.landmark import LandmarkResult, landmark_of
from lib.survival.regrouping import (
    NOT_RANDOMISED,
    EndpointChoice,
    LandmarkOptions,
    followed,
    known_since,
    of_landmark,
    others,
    ratio_of,
    regrouped,
    short_test_name,
    span,
    why_not,
)
from lib.survival.summary import ratio_words
from lib.survival.time_dependent import DependentResult, dependent_of

SELECTED: Final = "A landmark at or after the day on which the selection was known removes its bias."


@dataclass(frozen=True)
class Opening:
    """What the tab begins with: a sentence, what groups can be formed by, whether the first of it is the grouping
    itself."""

    sentence: str
    sources: tuple[KnownSource, ...]
    own: bool


def opening(opened: Cohort, grouping: Grouping, endpoint: str, selected_by: Sequence[SelectedBy] = ()) -> Opening:
    """Whether a landmark analysis is needed, and by what groups of the opened cohort can be formed."""
    if reason := why_not(endpoint):
        return Opening(reason, (), False)
    found = exposure_of(opened, grouping)
    only_selected = known_late(selected_by) and not (grouping.known_after_infusion or grouping.time_not_stated)
    said = SELECTED if only_selected else _said(opened, grouping, found)
    return Opening(said, known_sources(opened, grouping), not isinstance(found, str))


def _said(opened: Cohort, grouping: Grouping, found: BecameKnown | str) -> str:
    label = grouping.label
    if not grouping.compares:
        return "All patients are one group: there is nothing to compare."
    if grouping.time_not_stated:
        proposed = proposed_known_at(opened, grouping)
        hint = f" {proposed.why}" if proposed else ""
        return f"Time of grouping not stated: say in the sidebar, under “Compare by”, when {label} was known.{hint}"
    if not grouping.known_after_infusion:
        return f"{label} was known before the infusion: a landmark analysis is not needed."
    if isinstance(found, str):
        return f"{found} Choose something else that became known later."
    return (
        f"{label} became known by day {grouping.known_at:g} (immortal-time bias). The two analyses below avoid this"
        f" bias. {NOT_RANDOMISED}"
    )


@dataclass(frozen=True)
class TimeZeroResult:
    """`naive` counts whoever came into the group at any time as in it from time zero."""

    known: BecameKnown
    naive: SurvivalResult
    landmark: LandmarkResult
    dependent: DependentResult


def naive_survival(cohort: Cohort, chosen: EndpointChoice, known: BecameKnown, grouping: Grouping) -> SurvivalResult:
    """The final groups from time zero: those of the workbook where they are what became known."""
    if {known.label, others(known)} == set(grouping.names):
        own = replace(grouping, reference=others(known))
        return survival(chosen.outcome(cohort, own), cohort, chosen.options)
    whole = followed(cohort, chosen, known)
    patients = cohort.patients["patient_id"]
    ever = pd.Series(known.group_at(float("inf"), patients).to_numpy(object), index=patients, dtype="object")
    group = whole.table["patient"].map(ever).astype(object)
    table = whole.table.assign(group=group)[group.notna()]
    return survival(regrouped(whole, table, known, grouping), cohort, chosen.options)


def warning(result: TimeZeroResult) -> str:
    """That patients were selected by what was known later, and whether the landmark analysis escapes it; "" where they
    were not."""
    biased = selection_bias(result.naive.outcome.selected_by)
    if not biased:
        return ""
    escapes = not selection_bias(result.landmark.survival.outcome.selected_by)
    return f"{biased} Not the landmark analysis: it was known by the landmark." if escapes else biased


def questions(known: BecameKnown) -> tuple[str, ...]:
    """What each of the three analyses asks."""
    label = known.label
    return (
        (
            f"From infusion: whoever came into {label} at any time counts in it from the infusion on. Who had the event"
            " early could not come into it (immortal time), so it looks better than it is."
        ),
        (
            "Landmark: those still followed at the landmark, by what was known then, from there on. What happens to"
            " groups later is not used."
        ),
        (
            f"Time-dependent: all patients from the infusion on, each in {others(known)} until {label} begins and in"
            f" {label} from then on."
        ),
    )


def sentence(result: TimeZeroResult) -> str:
    """The three hazard ratios side by side."""
    naive, landmark, dependent = (line.ratio for line in _lines(result))
    known, then = result.known, result.landmark
    of = f"Hazard ratio of {known.label} against {others(known)}:"
    if naive.reason and landmark.reason and dependent.reason:
        return f"{of} not estimable in any of the three analyses."
    return (
        f"{of} {_short(landmark)} from the landmark at {span(then.days, then.survival.outcome.unit)},"
        f" {_short(dependent)} time-dependent, {_short(naive)} from infusion ({BIASED.lower()})."
    )


def _short(found: Estimate) -> str:
    return f"not estimable ({found.reason})" if found.reason else ratio(found.value)


@dataclass(frozen=True)
class Line:
    """One analysis: its name, its key in results.json, how many are in each group, of the later one how many came from
    the other."""

    name: str
    key: str
    sizes: tuple[int, int]
    n: int
    survival: SurvivalResult
    ratio: Estimate
    switched: int | None = None
    days: float | None = None

    @property
    def known(self) -> str:
        """How many are in the later group, as printed."""
        return f"{self.sizes[1]} ({self.switched} switched)" if self.switched else str(self.sizes[1])

    @property
    def test(self) -> str:
        """The test, as printed."""
        test = self.survival.logrank
        name = short_test_name(test)
        return f"{name} not done: {test.reason}" if test.reason else f"{name}, n = {test.n}"


def _lines(result: TimeZeroResult) -> tuple[Line, ...]:
    known, landmark, dependent = result.known, result.landmark, result.dependent
    naive, then, found = result.naive, landmark.survival, dependent.comparison
    at = span(landmark.days, then.outcome.unit)
    counts = {group.name: group.curve.n for group in naive.groups}
    sizes = counts.get(others(known), 0), counts.get(known.label, 0)
    changing = found.n - found.n_exposed + found.n_switched, found.n_exposed
    return (
        Line(f"From infusion ({BIASED.lower()})", "time_zero", sizes, naive.n, naive, ratio_of(naive, known)),
        Line(f"Landmark at {at}", "landmark", landmark.sizes, then.n, then, ratio_of(then, known), days=landmark.days),
        Line(
            "Time-dependent",
            "time_dependent",
            changing,
            found.n,
            dependent.survival,
            ratio_of(dependent.survival, known),
            found.n_switched,
        ),
    )


def time_zero_table(result: TimeZeroResult) -> Table:
    """One row an analysis: n, events, hazard ratio with limits, p with its test."""
    known, outcome, lines = result.known, result.naive.outcome, _lines(result)
    biased = warning(result)
    compared = f"{others(known)} v {known.label}"
    return typed_table(
        _columns(known),
        lines,
        id=f"time_zero.{outcome.endpoint}",
        title=f"{outcome.label}: one comparison, three analyses",
        caption=f"Hazard ratio of {known.label} against {others(known)}.",
        method=" ".join(
            [
                *questions(known),
                "Cox model, Efron ties, Wald interval, unless Firth's penalised model is named.",
                *(f"{line.name}: hazard ratio: {line.ratio.note}." for line in lines if line.ratio.note),
            ]
        ),
        notes=(biased,) if biased else (),
        n=max(line.n for line in lines),
        tests=tuple(TestLine.of(line.survival.logrank, f"{line.name}: {compared}") for line in lines),
    )


def _columns(known: BecameKnown) -> tuple[TypedColumn, ...]:
    return (
        TypedColumn("Analysis", "analysis", "", lambda line: line.key, lambda line: line.name),
        TypedColumn(name="landmark_days", unit="days", value=lambda line: line.days),
        TypedColumn(name="n", unit="patients"),
        TypedColumn(others(known), "n_others", "patients", lambda line: line.sizes[0], lambda line: str(line.sizes[0])),
        TypedColumn(known.label, "n_known", "patients", lambda line: line.sizes[1], lambda line: line.known),
        TypedColumn(name="switched", unit="patients"),
        TypedColumn(
            "Events",
            "events",
            "patients",
            lambda line: line.survival.n_events,
            lambda line: str(line.survival.n_events),
        ),
        TypedColumn(
            "Hazard ratio (95 % CI)",
            "hazard_ratio",
            "",
            lambda line: line.ratio.value,
            lambda line: ratio_words(line.ratio),
        ),
        TypedColumn(name="hazard_ratio_low", value=lambda line: line.ratio.low),
        TypedColumn(name="hazard_ratio_high", value=lambda line: line.ratio.high),
        TypedColumn("p", "p", "", lambda line: line.survival.logrank.p, lambda line: p_value(line.survival.logrank.p)),
        TypedColumn("Test", "test", "", lambda line: line.survival.logrank.name, lambda line: line.test),
        TypedColumn(
            name="reason",
            value=lambda line: reasons({"hazard_ratio": line.ratio.reason, "p": line.survival.logrank.reason}),
        ),
    )


def _naive(analysis: Analysis, chosen: EndpointChoice, key: str) -> SurvivalResult:
    return naive_survival(analysis.selected, chosen, known_since(analysis, key), analysis.grouping)


def time_zero(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> TimeZeroResult:
    """The three analyses with these options."""
    key = options.formed_by
    return TimeZeroResult(
        known_since(analysis, key),
        analysis.result(_naive, options.chosen(analysis, endpoint), key),
        landmark_of(analysis, endpoint, options),
        dependent_of(analysis, endpoint, options),
    )


def _time_zero(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> Exhibit:
    return time_zero_table(time_zero(analysis, endpoint, options))


TIME_ZERO: Final = of_landmark("time_zero.{endpoint}", "One comparison, three analyses", build=_time_zero)
