"""Cumulative incidence: Aalen-Johansen step curves of both causes with log-log limits, counts under the axis, and their table.

Group by colour, cause by line type. The chart depends on the unit, the origin, the names of the causes and the number and colours of
the groups, never on the selection.
"""

from dataclasses import dataclass
from functools import cache, partial
from typing import Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure, Numbers, Table
from lib.publication.key import group_names, with_key
from lib.publication.number import p_equals, percent, plural
from lib.publication.options import flag
from lib.publication.palette import INK, group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.step_chart import (
    CountRows,
    group_colour,
    hover,
    incidence_band,
    incidence_line,
    share_axis,
    time_axis,
    tooltip,
    with_counts,
)
from lib.publication.step_curve import closed_band, count_rows, group_rows
from lib.publication.theme import Specification, keeps
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import EXACT_START
from lib.survival.caveats import bias, bias_heading, left_out_words, reasons, selection_notes
from lib.survival.competing import (
    CompetingResult,
    GroupIncidence,
    causes,
    gray_lines,
    gray_notes,
    incidences,
    notes,
    within,
)
from lib.survival.curves import values
from lib.survival.outcome import MILESTONE_MONTHS, EndpointOptions

COUNTS: Final = (
    ("at_risk", "at risk"),
    ("cause_1", "first cause"),
    ("cause_2", "other cause"),
    ("censored", "censored"),
)
BESIDE: Final = 52  # letters of two names that stand beside each other in the legend
LEGEND_ROW: Final = 18
CAUSE_DASHES: Final = ((1, 0), (5, 4))
BEYOND: Final = "beyond the last observation"


@dataclass(frozen=True)
class IncidenceOptions(EndpointOptions):
    """The curves of competing causes."""

    show_ci: bool = flag(True, "Confidence bands")


def incidence_figure(result: CompetingResult, limits: bool = True) -> Figure:
    """The figure of one pair of causes; `limits` draws the confidence bands."""
    outcome = result.outcome
    groups, (columns, words) = outcome.grouping.groups, zip(*COUNTS, strict=True)
    colours = group_colours([group.colour for group in groups])
    sizes = [(group.name, group.n, source.size) for group, source in zip(result.groups, groups, strict=True)]
    by = f" by {outcome.grouping.label}" if outcome.grouping.compares else ""
    curve = _curves(result)
    bands = [closed_band(rows) for _, rows in curve.groupby("cause", sort=False)]
    return Figure(
        id=f"cumulative_incidence.{outcome.endpoint}",
        title=f"{outcome.label}: cumulative incidence{by}",
        chart=with_key(
            causes_chart(outcome.unit, outcome.rows.origin, outcome.causes, colours, limits),
            group_names(groups),
            colours,
            "unbroken",
        ),
        tables={
            "curve": curve,
            "band": pd.concat(bands, ignore_index=True) if bands else curve,
            "counts": count_rows(result.counts, [group.name for group in result.groups], columns),
            "group": group_rows(sizes, words),
            "tick": pd.DataFrame({"time": result.ticks}),
            "heading": pd.DataFrame({"text": [heading(result)]}),
        },
        data=curve.drop(columns="slot"),
        caption=caption(result),
        alt=alt_text(result),
        notes=notes(result),
        n=result.n,
        numbers=numbers(result),
        tests=gray_lines(result),
    )


def heading(result: CompetingResult) -> str:
    """What stands in the figure itself: the bias of the grouping, or Gray's tests; never a p-value beside a bias."""
    grouping = result.outcome.grouping
    causes = [(within(cause), result.n_events(of), result.gray[of]) for of, cause in result.outcome.numbered]
    of = f"{plural(result.n, 'patient')}: {', '.join(f'{cause} {n}' for cause, n, _ in causes)}"
    if biased := bias_heading(result.outcome):
        return f"{of}.\n{biased}"
    tests = [f"{cause} {p_equals(test.p)}" for cause, _, test in causes if test.p is not None]
    if not grouping.compares or not tests:
        return of
    timing = " Time of grouping not stated." if grouping.time_not_stated else ""
    return f"{of}.\nGray's test: {'; '.join(tests)}.{timing}"


def _curves(result: CompetingResult) -> pd.DataFrame:
    """One row a group, cause and time: the table a reader would ask for, with the group's slot."""
    parts = [
        _curve(group, of, cause, slot)
        for slot, group in enumerate(result.groups)
        for of, cause in result.outcome.numbered
        if group.n
    ]
    return pd.concat(parts or [_curve(result.groups[0], 1, "", 0)[:0]], ignore_index=True)


def _curve(group: GroupIncidence, of: int, cause: str, slot: int) -> pd.DataFrame:
    curve = group.curves[of]
    return pd.DataFrame({
        "group": group.name, "cause": cause, "time": curve.time, "incidence": curve.incidence, "low": curve.low, "high": curve.high,
        "n_at_risk": curve.n_at_risk, "events": curve.events, "slot": slot,
    })  # fmt: skip


@cache
def causes_chart(
    unit: str, origin: str, causes: tuple[str, str], colours: tuple[str, ...], limits: bool
) -> Specification:
    """The specification for these causes and this many groups; `limits` draws the confidence bands."""
    time, colour, share = (
        time_axis(unit, origin),
        group_colour(colours),
        share_axis("incidence", "Cumulative incidence"),
    )
    long = len("".join(causes)) > BESIDE  # a row each in the legend
    legend = alt.Legend(
        orient="top", direction="horizontal", symbolType="stroke", symbolStrokeColor=INK, symbolStrokeWidth=2, symbolSize=900,
        offset=6, labelLimit=420, columns=1 if long else 2,
    )  # fmt: skip
    kinds = alt.Scale(domain=list(causes), range=[list(dash) for dash in CAUSE_DASHES])
    dash = alt.StrokeDash("cause:N", title=None, scale=kinds, legend=legend)
    shown = tooltip(unit, "incidence", "Incidence")
    shown.insert(1, alt.Tooltip("cause:N", title="Cause"))
    layers = [
        incidence_band(time, colour, 0.09).encode(detail=alt.Detail("cause:N")) if limits else keeps("band"),
        incidence_line().encode(x=time, y=share, color=colour, strokeDash=dash),
        hover(time, share, shown, colour, ("time", "group", "cause")),
    ]
    rows = CountRows(len(COUNTS), names_at=-104, width=200)
    chart = with_counts(time, layers, rows, colours, 160 + LEGEND_ROW * long)
    chart["config"]["legend"]["layout"] = {"top": {"anchor": "start", "direction": "vertical", "margin": 3}}
    return chart


def headline(result: CompetingResult) -> tuple[str, str]:
    """The incidence of each cause at 12 months in one sentence, and what is biased about it; no p-value."""
    if result.n == 0:
        return f"Nobody in this selection can be analysed for {result.outcome.label.lower()}.", ""
    compares = result.outcome.grouping.compares
    parts = []
    for of, cause in result.outcome.numbered:
        found = [(group.name, group.milestones[of][1]) for group in result.groups if group.n]
        shares = [(f"{name} " if compares else "") + (one.reason or percent(one.value or 0.0)) for name, one in found]
        parts.append(f"{within(cause)}: {', '.join(shares)}")
    return f"By {MILESTONE_MONTHS[1]} months, {'; '.join(parts)}.", bias(result.outcome, result.compares)


def caption(result: CompetingResult) -> str:
    """Method, causes and numbers, as printed under the figure."""
    outcome, rows = result.outcome, result.outcome.rows
    first, second = outcome.causes
    parts = [
        f"Cumulative incidence from {rows.origin}: Aalen-Johansen estimate with pointwise 95 % limits (log-log; {EXACT_START}). "
        f"Solid, first cause: {within(first)} ({result.n_events(1)} of {result.n}). Dashed, other cause: {within(second)} "
        f"({result.n_events(2)}); {rows.censored} ({result.n_events(0)}). Told from {rows.source}."
    ]
    return " ".join([*parts, *left_out_words(outcome)])


def alt_text(result: CompetingResult) -> str:
    """The figure for whoever cannot see it."""
    outcome = result.outcome
    said = []
    for group in result.groups:
        ends = [
            f", {within(cause)} {group.curves[of].n_events} and at the end {percent(group.curves[of].incidence[-1])}"
            for of, cause in outcome.numbered
        ]
        said.append(f"{group.name}: {plural(group.n, 'patient') + ''.join(ends) if group.n else 'no patients'}")
    return f"Cumulative-incidence curves over {outcome.unit} since {outcome.rows.origin}. {'; '.join(said)}."


def numbers(result: CompetingResult) -> Numbers:
    """Unrounded: one row a group and cause; null with its reason where not estimable."""
    names = [f"incidence_{months}_months" for months in MILESTONE_MONTHS]
    limits = [(f"{name}{part}", "") for name in names for part in ("", "_low", "_high")]
    columns = (("group", ""), ("cause", ""), ("n", "patients"), ("events", "patients"), *limits, ("reason", ""))
    rows = []
    for group, level in zip(result.groups, result.outcome.grouping.levels, strict=True):
        for of, cause in result.outcome.numbered:
            found: list[float | None] = []
            why: dict[str, str] = {}
            for name, one in zip(names, group.milestones[of], strict=True):
                found += values(one)
                unlimited = "no event of this cause by then, or everybody" if one.low is None and not one.reason else ""
                why |= {name: one.reason, f"{name}_low and _high": unlimited}
            rows.append((level, cause, group.n, group.curves[of].n_events, *found, reasons(why)))
    return Numbers(columns, tuple(rows))


def incidence_table(result: CompetingResult) -> Table:
    """One row a cause and group: n, events, cumulative incidence at each milestone."""
    outcome = result.outcome
    rows = tuple(
        (cause, group.name, str(group.n), str(group.curves[of].n_events), *map(_cell, group.milestones[of]))
        for of, cause in outcome.numbered
        for group in result.groups
    )
    said = gray_notes(result) if outcome.grouping.compares else ()
    return Table(
        id=f"cumulative_incidence.{outcome.endpoint}.summary", title=f"{outcome.label}: cumulative incidence of each cause",
        header=("Cause", "Group", "n", "Events", *(f"At {months} months (95 % CI)" for months in MILESTONE_MONTHS)), rows=rows,
        caption=f"Aalen-Johansen estimate with pointwise 95 % limits (log-log; {EXACT_START}); NE: not estimable, follow-up ends earlier.",
        notes=(*selection_notes(outcome.selected_by), *said), n=result.n, numbers=numbers(result), tests=gray_lines(result),
    )  # fmt: skip


def _cell(one: Estimate) -> str:
    if one.reason:
        return "NE" if one.reason == BEYOND else one.reason
    if one.low is None or one.high is None:
        return percent(one.value or 0.0)
    return f"{percent(one.value or 0.0)} ({percent(one.low)}–{percent(one.high)})".replace(" %–", "–").replace(
        " %)", ")"
    )


def _incidence(analysis: Analysis, endpoint: str, options: IncidenceOptions) -> Exhibit:
    return incidence_figure(causes(analysis, endpoint, options), options.show_ci)


def _incidence_summary(analysis: Analysis, endpoint: str, options: EndpointOptions) -> Exhibit:
    return incidence_table(causes(analysis, endpoint, options))


_OF_CAUSES: Final = partial(ExhibitSpec, needs="endpoints", variants=incidences)
INCIDENCE: Final = _OF_CAUSES(
    "cumulative_incidence.{endpoint}", "Cumulative incidence", build=_incidence, options=IncidenceOptions
)
INCIDENCE_SUMMARY: Final = _OF_CAUSES(
    "cumulative_incidence.{endpoint}.summary", "Cumulative incidence of each cause", build=_incidence_summary, options=EndpointOptions,
)  # fmt: skip
