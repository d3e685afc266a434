"""How long until the event, group by group: Kaplan-Meier curves with limits, censor ticks, medians, and counts under the axis.

One chart over named tables; it depends on the unit and on the number and colours of the groups, never on the selection.
Source: Kaplan & Meier 1958; definitions in lib/stats/kaplan_meier.py.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.key import group_names, with_key
from lib.publication.number import percent, plural, time, time_interval
from lib.publication.options import flag
from lib.publication.palette import group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.step_chart import COUNTS, step_chart
from lib.publication.step_curve import count_rows, drawn_tables, group_rows
from lib.publication.theme import Specification
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import EXACT_START, thin_steps
from lib.survival.caveats import (
    bias,
    bias_heading,
    bias_notes,
    censoring,
    descriptive_notes,
    late_entry_notes,
    left_out_words,
    thin_notes,
)
from lib.survival.curves import MEDIAN, GroupSurvival, LimitOptions, SurvivalResult, curves
from lib.survival.outcome import endpoints
from lib.survival.summary import curve_numbers, curve_tests, followed_by, headline_p, ratio_notes


@dataclass(frozen=True)
class KaplanMeierOptions(LimitOptions):
    """The survival figure."""

    show_ci: bool = flag(True, "Confidence bands")


def share_title(label: str) -> str:
    """S(t), named after what has not happened yet."""
    lasting = {"Duration of response": "Still in response"}
    return lasting.get(label) or (label if "urvival" in label else f"Without {label.lower().removeprefix('time to ')}")


def survival_figure(result: SurvivalResult, limits: bool = True) -> Figure:
    """The figure of one endpoint; `limits` draws the confidence band."""
    outcome, tables = result.outcome, survival_tables(result)
    by = f" by {outcome.grouping.label}" if outcome.grouping.compares else ""
    return Figure(
        id=f"survival.{outcome.endpoint}",
        title=f"{outcome.label}{by}",
        chart=survival_chart(result, limits, outcome.origin),
        tables=tables,
        data=tables["curve"].drop(columns=["thin", "slot"]),
        caption=caption(result, limits),
        alt=alt_text(result),
        notes=notes(result),
        n=result.n,
        numbers=curve_numbers(result),
        tests=curve_tests(result),
    )


def survival_chart(result: SurvivalResult, limits: bool, origin: str) -> Specification:
    """The chart of these groups; it depends on the opened cohort alone."""
    groups, title = result.outcome.grouping.groups, share_title(result.outcome.label)
    colours = group_colours([group.colour for group in groups])
    return with_key(step_chart(result.outcome.unit, title, colours, limits, origin), group_names(groups), colours)


def survival_tables(result: SurvivalResult) -> dict[str, pd.DataFrame]:
    """What the chart is drawn over."""
    parts = [_curve(group, slot) for slot, group in enumerate(result.groups) if group.curve.n]
    curve = pd.concat(parts or [_curve(result.groups[0], 0)[:0]], ignore_index=True)
    marked = [
        (slot, group.by_share.value) for slot, group in enumerate(result.groups) if group.by_share.value is not None
    ]
    return {
        **drawn_tables(curve),
        "median": pd.DataFrame(marked, columns=["slot", "time"]).assign(start=0.0, left=1 - result.options.share, zero=0.0),
        **under_the_axis(result),
        "heading": pd.DataFrame({"text": [heading(result)]}),
    }  # fmt: skip


def _curve(group: GroupSurvival, slot: int) -> pd.DataFrame:
    """One row a time: the table a reader would ask for, and what is drawn of it."""
    curve = group.curve
    return pd.DataFrame({
        "group": group.name, "time": curve.time, "survival": curve.survival, "low": curve.low, "high": curve.high,
        "n_at_risk": curve.n_at_risk, "events": curve.events, "censored": curve.censored, "thin": thin_steps(curve).astype(int), "slot": slot,
    })  # fmt: skip


def under_the_axis(result: SurvivalResult) -> dict[str, pd.DataFrame]:
    """The rows of numbers, the key of the groups, and the ticks of the axis."""
    sizes = [group.size for group in result.outcome.grouping.groups]
    groups = [(group.name, group.curve.n, size) for group, size in zip(result.groups, sizes, strict=True)]
    columns, words = zip(*COUNTS, strict=True)
    return {
        "counts": count_rows(result.counts, [group.name for group in result.groups], columns),
        "group": group_rows(groups, words),
        "tick": pd.DataFrame({"time": result.ticks}),
    }


def heading(result: SurvivalResult) -> str:
    """What stands in the figure itself: the bias of the grouping, or the test; never a p-value beside a bias."""
    grouping = result.outcome.grouping
    of = f"{plural(result.n, 'patient')}, {plural(result.n_events, 'event')}"
    if biased := bias_heading(result.outcome):
        return f"{of}.\n{biased}"
    if not grouping.compares or result.headline.p is None:
        return of
    timing = "\nTime of grouping not stated." if grouping.time_not_stated else ""
    return f"{of}. {headline_p(result.headline)}.{timing}"


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
    sentence = f"Median {outcome.label.lower()}: {', '.join(parts)}."
    if biased := bias(outcome, result.compares):
        return sentence, biased
    if result.descriptive:
        return f"{sentence} Descriptive: {plural(result.n, 'patient')}.", ""
    test = result.headline
    return (f"{sentence} {headline_p(test)}." if test.p is not None and result.compares else sentence), ""


def caption(result: SurvivalResult, limits: bool = True, marks: bool = True) -> str:
    """Method and numbers, as printed under the figure; whether the band and the dotted lines are drawn."""
    outcome, options = result.outcome, result.options
    band = f" with pointwise 95 % limits ({options.transform}; {EXACT_START})" if limits else ""
    marked = "medians" if options.share == MEDIAN else f"time by which {percent(options.share)} had the event"
    dotted = f"dotted: {marked}; " if marks else ""
    parts = [
        f"{outcome.label} from {outcome.origin}: Kaplan-Meier estimate{band}; ticks: censored; {dotted}"
        f"event: {outcome.event_word}. n = {result.n}, {plural(result.n_events, 'event')}."
    ]
    if outcome.rows.source:
        parts.append(f"Derived from {outcome.rows.source}.")
    follow_up = result.follow_up
    within = "" if follow_up.reason else f", 95 % CI {time_interval(follow_up.low, follow_up.high)}"
    followed = f"Median follow-up {time_words(follow_up, outcome.unit)} (reverse Kaplan-Meier on {followed_by(result)}){within}."
    return " ".join([*parts, *left_out_words(outcome), followed])


def notes(result: SurvivalResult) -> tuple[str, ...]:
    """What limits the figure, each in a sentence."""
    outcome = result.outcome
    said = [*bias_notes(outcome), *descriptive_notes(result), *censoring(outcome), *thin_notes(("", result))]
    said += late_entry_notes(result)
    for group in result.groups:
        if group.median.note:
            said.append(f"{group.name}: {group.median.note}.")
        if group.hazard_ratio and group.hazard_ratio.reason:
            said.append(f"Hazard ratio of {group.name} not estimable: {group.hazard_ratio.reason}.")
    return (*said, *ratio_notes(result))


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
    return survival_figure(curves(analysis, endpoint, options), options.show_ci)


KAPLAN_MEIER: Final = ExhibitSpec(
    "survival.{endpoint}", "Kaplan-Meier curves", "endpoints", _kaplan_meier, KaplanMeierOptions, endpoints
)
