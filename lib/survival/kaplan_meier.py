"""How long until the event, group by group: Kaplan-Meier curves with limits, censor ticks, medians, and counts under
the axis.

One chart over named tables; it depends on the unit and on the names and colours of the groups, never on the selection.
Source: Kaplan & Meier 1958; definitions in lib/stats/kaplan_meier.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.number import percent, plural, ratio, ratio_interval, time, time_interval
from lib.publication.options import flag
from lib.publication.spec import ExhibitSpec
from lib.publication.step_chart import named_step_chart
from lib.publication.step_curve import StepPanel, bands_option, curve_rows, draws_bands
from lib.publication.step_layout import AT_RISK, EVENTS, StepLayout, layout_of
from lib.publication.text_width import SCREEN
from lib.publication.theme import Specification
from lib.publication.who import Who, steps_who
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import EXACT_START
from lib.survival.caveats import (
    bias,
    bias_method,
    biased_words,
    censoring,
    deaths_notes,
    descriptive_notes,
    late_entry_notes,
    left_out_words,
    thin_notes,
    undated_notes,
)
from lib.survival.curves import MEDIAN, GroupSurvival, LimitOptions, SurvivalResult, curves
from lib.survival.outcome import EndpointOptions, endpoints
from lib.survival.r_script import r_script
from lib.survival.summary import PAIR, curve_numbers, curve_tests, followed_by, headline_p, named_p, ratio_notes

COLUMNS: Final = (("at_risk", "censored"), ("events",))  # of the blocks of numbers under the axis
EVENTS_LABEL: Final = "Numbers of events under the axis"
NO_MARKS: Final = pd.DataFrame({"time": [], "left": []})  # no dotted lines
BESIDE: Final = "Curves that coincide are drawn beside each other, 0.5 % apart."
TITLES: Final = {
    "Time to progression": "Progression-free",
    "Duration of response": "Still in response",
    "Time to next treatment": "Without next treatment",
}


@dataclass(frozen=True)
class Look:
    """How curves are drawn: with bands, with the numbers of events under the axis, how wide."""

    limits: bool = False
    events: bool = False
    width: int = SCREEN
    counted: str = AT_RISK  # what the numbers under the axis are

    def layout(self, grouping: Grouping) -> StepLayout:
        """Where the parts of the chart of these groups stand."""
        return layout_of(grouping.groups, self.width, (self.counted, *((EVENTS,) if self.events else ())))


PLAIN: Final = Look()


@dataclass(frozen=True)
class StepOptions(EndpointOptions):
    """What is drawn with curves."""

    show_ci: str = bands_option()
    show_events: bool = flag(False, EVENTS_LABEL)

    def look(self, *panels: Sequence[int]) -> Look:
        """How the curves of groups of these sizes are drawn, in each panel."""
        return Look(draws_bands(self.show_ci, *panels), self.show_events, self.width)

    def look_of(self, *panels: SurvivalResult) -> Look:
        """How the curves of these results are drawn."""
        return self.look(*([group.curve.n for group in panel.groups] for panel in panels))


@dataclass(frozen=True)
class KaplanMeierOptions(StepOptions, LimitOptions):
    """The survival figure."""


def share_title(label: str) -> str:
    """S(t), named after what has not happened yet."""
    return TITLES.get(label) or (label if "urvival" in label else f"Without {label.lower().removeprefix('time to ')}")


def survival_figure(result: SurvivalResult, look: Look = PLAIN) -> Figure:
    """The figure of one endpoint."""
    outcome = result.outcome
    return Figure(
        id=f"survival.{outcome.endpoint}",
        title=f"{outcome.label}{outcome.grouping.by}",
        chart=survival_chart(result, look, outcome.origin),
        tables=survival_tables(result, look),
        data=_printed_rows(result),
        caption=caption(result, look),
        alt=alt_text(result),
        method=method(result, look),
        notes=notes(result),
        n=result.n,
        numbers=curve_numbers(result),
        tests=curve_tests(result),
    )


def survival_chart(result: SurvivalResult, look: Look, origin: str) -> Specification:
    """The chart of these groups; it depends on the opened cohort alone."""
    outcome, groups = result.outcome, result.outcome.grouping.groups
    return named_step_chart(outcome.unit, share_title(outcome.label), groups, origin, look.layout(outcome.grouping))


def survival_tables(result: SurvivalResult, look: Look = PLAIN) -> dict[str, pd.DataFrame]:
    """What the chart is drawn over."""
    return panel_of(result).tables(look.layout(result.outcome.grouping), look.limits, result.outcome.label)


def panel_of(result: SurvivalResult) -> StepPanel:
    """The curves with what stands around them."""
    return StepPanel(
        result.groups,
        result.outcome.grouping.groups,
        result.counts,
        COLUMNS,
        result.ticks,
        result.end,
        [group.by_share.value for group in result.groups],
        1 - result.options.share,
        comparison(result),
    )


def _printed_rows(result: SurvivalResult) -> pd.DataFrame:
    return curve_rows(result.groups).drop(columns=["thin", "slot"])


def comparison(result: SurvivalResult) -> list[str]:
    """What stands in the panel: the hazard ratio and the test, or why they are withheld; never a p-value beside a
    bias."""
    grouping, test = result.outcome.grouping, result.headline
    if biased := biased_words(result.outcome):
        return [biased]
    if not grouping.compares:
        return []
    if test.p is None:
        return [f"Not compared: {test.reason}"]
    undated = ["Time of grouping not stated"] if grouping.time_not_stated else []
    if len(grouping.groups) > PAIR:
        return [headline_p(test), *undated]
    return [*_hazard_words(result), headline_p(test), *undated]


def _hazard_words(result: SurvivalResult) -> list[str]:
    """The hazard ratio of the one group against the other."""
    (group,) = (group for group in result.groups if group.name != result.outcome.grouping.reference_name)
    found = group.hazard_ratio
    if found is None or found.reason:
        return [f"HR not estimable: {found.reason}"] if found else []
    return [
        f"HR {ratio(found.value)} (95 % CI {ratio_interval(found.low, found.high)})",
        f"{group.name} v {result.outcome.grouping.reference_name}",
    ]


def headline(result: SurvivalResult) -> tuple[str, str]:
    """The finding in one sentence, and what is biased about it ("" if nothing is); no p-value beside a bias."""
    outcome = result.outcome
    if result.n == 0:
        return f"Nobody in this selection can be analysed for {outcome.label.lower()}.", ""
    known = [group for group in result.groups if group.curve.n]
    named = {group.name: f"{group.name} ({group.curve.n})" for group in known}
    if not outcome.grouping.compares:
        named = {group.name: f"({plural(group.curve.n, 'patient')})" for group in known}
    parts = [f"{named[group.name]} {time_words(group.median, outcome.unit)}" for group in known]
    sentence = f"Median {outcome.label[:1].lower()}{outcome.label[1:]}: {', '.join(parts)}"
    if biased := bias(outcome, result.compares):
        return f"{sentence}.", biased
    if result.descriptive:
        return f"{sentence}. Descriptive: {plural(result.n, 'patient')}.", ""
    if not result.compares or result.headline.p is None:
        return f"{sentence}.", ""
    return f"{sentence}; {', '.join(hazard_and_p(result))}.", ""


def hazard_and_p(result: SurvivalResult) -> list[str]:
    """The hazard ratio of two groups, and the test."""
    hazard = _hazard_words(result)[:1] if len(result.groups) == PAIR else []
    return [*hazard, named_p(result.headline)]


def caption(result: SurvivalResult, look: Look = PLAIN, marks: bool = True) -> str:
    """What is drawn; whether the dotted lines are."""
    band = ", 95 % CI" if look.limits else ""
    marked = (
        "medians" if result.options.share == MEDIAN else f"time by which {percent(result.options.share)} had the event"
    )
    dotted = f"; dotted: {marked}" if marks else ""
    return f"Kaplan-Meier{band}; ticks: censored{dotted}. n = {result.n}, {plural(result.n_events, 'event')}."


def method(result: SurvivalResult, look: Look = PLAIN) -> str:
    """Definitions, limits, follow-up, tests, and why the comparison is biased."""
    outcome, follow_up = result.outcome, result.follow_up
    within = "" if follow_up.reason else f", 95 % CI {time_interval(follow_up.low, follow_up.high)}"
    limits = f"Pointwise 95 % limits ({result.options.transform}; {EXACT_START})." if look.limits else ""
    said = [
        *censoring(outcome),
        limits,
        (
            f"Median follow-up {time_words(follow_up, outcome.unit)} (reverse Kaplan-Meier on"
            f" {followed_by(result)}){within}."
        ),
        BESIDE if len(result.groups) > 1 else "",
        *bias_method(outcome),
        *thin_notes(("", result)),
        *ratio_notes(result),
    ]
    return " ".join(part for part in said if part)


def notes(result: SurvivalResult) -> tuple[str, ...]:
    """What a reader must know of these data, each in a sentence."""
    outcome = result.outcome
    said = [
        *undated_notes(outcome.selected_by),
        *descriptive_notes(result),
        *left_out_words(outcome),
        *deaths_notes(outcome),
        *late_entry_notes(result),
    ]
    for group in result.groups:
        if group.median.note:
            said.append(f"{group.name}: {group.median.note}.")
        if group.hazard_ratio and group.hazard_ratio.reason:
            said.append(f"Hazard ratio of {group.name} not estimable: {group.hazard_ratio.reason}.")
    return tuple(said)


def alt_text(result: SurvivalResult) -> str:
    """The figure for whoever cannot see it."""
    outcome = result.outcome
    said = [
        curve_words(group, outcome.unit) if group.curve.n else f"{group.name}: no patients" for group in result.groups
    ]
    return (
        f"Kaplan-Meier curves of {outcome.label.lower()} over {outcome.unit} since {outcome.origin}. {'; '.join(said)}."
    )


def curve_words(group: GroupSurvival, unit: str) -> str:
    """One curve for whoever cannot see it."""
    n, events = plural(group.curve.n, "patient"), plural(group.curve.n_events, "event")
    return f"{group.name}: {n}, {events}, median {time_words(group.median, unit)}"


def time_words(estimate: Estimate, unit: str) -> str:
    """ "10.7 months", or why there is none."""
    return estimate.reason or f"{time(estimate.value)} {unit}"


def _kaplan_meier(analysis: Analysis, endpoint: str, options: KaplanMeierOptions) -> Exhibit:
    result = curves(analysis, endpoint, options).coarse(analysis.mask_below)
    return survival_figure(result, options.look_of(result))


def _who(analysis: Analysis, endpoint: str, options: KaplanMeierOptions) -> Who:
    return curves_who(curves(analysis, endpoint, options))


def curves_who(result: SurvivalResult) -> Who:
    """The patients behind the numbers at risk, events and censored times of these curves."""
    table = result.outcome.table
    ended = table["event"].map({1: "events", 0: "censored"})
    return steps_who(_printed_rows(result), table.assign(ended=ended), {name: name for name in ("events", "censored")})


KAPLAN_MEIER: Final = ExhibitSpec(
    "survival.{endpoint}",
    "Kaplan-Meier curves",
    "endpoints",
    _kaplan_meier,
    KaplanMeierOptions,
    endpoints,
    in_r=r_script,
    who=_who,
)
