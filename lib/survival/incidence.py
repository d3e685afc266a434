"""Cumulative incidence: Aalen-Johansen step curves of both causes with log-log limits, counts under the axis, and their
table.

Group by colour, cause by line type. The chart depends on the unit, the origin, the names of the causes and the number
and colours of the groups, never on the selection.
"""

from dataclasses import replace
from functools import cache, partial
from typing import Final, NamedTuple

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import (
    Exhibit,
    Figure,
    Table,
    TypedColumn,
    estimate_columns,
    typed_numbers,
    typed_table,
)
from lib.publication.key import keyed
from lib.publication.number import p_equals, percent, plural
from lib.publication.palette import INK, group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.step_chart import (
    boxed,
    group_colour,
    hover,
    incidence_band,
    incidence_line,
    share_axis,
    time_axis,
    tooltip,
    with_counts,
)
from lib.publication.step_curve import at_resolution, besides, closed_band, count_rows, group_rows, incidence_rows
from lib.publication.step_layout import AT_RISK, NARROWEST, StepLayout, box
from lib.publication.text_width import NORMAL, text_width
from lib.publication.theme import Specification
from lib.publication.who import Place, Who, patients, steps_who
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import EXACT_START
from lib.survival.caveats import bias, biased_words, left_out_words, reasons, undated_notes
from lib.survival.competing import (
    CompetingOutcome,
    CompetingResult,
    GroupIncidence,
    causes,
    gray_lines,
    gray_notes,
    incidences,
    method_of,
    notes,
    within,
)
from lib.survival.kaplan_meier import NO_MARKS, PLAIN, Look, StepOptions
from lib.survival.outcome import MILESTONE_MONTHS, EndpointOptions
from lib.survival.summary import share_words

COLUMNS: Final = (("at_risk", "censored"), ("cause_1",), ("cause_2",))  # of the blocks of numbers under the axis
LEGEND_ROW: Final = 18
KEY_MARGIN, KEY_SYMBOL = 60, 52  # pixels that the legend of the causes cannot have, and those of one symbol
CAUSE_DASHES: Final = ((1, 0), (5, 4))
BAND: Final = ["group", "cause", "time", "low", "high", "slot"]
BEYOND: Final = "beyond the last observation"


def layout_of(outcome: CompetingOutcome, look: Look) -> StepLayout:
    """Where the parts of the chart stand; with events a block of numbers for each cause."""
    heads = tuple(f"Cumulative no.: {within(cause)}" for cause in outcome.causes) if look.events else ()
    return replace(look.layout(outcome.grouping), blocks=(AT_RISK, *heads), most_ends=0)


def incidence_figure(result: CompetingResult, look: Look = PLAIN) -> Figure:
    """The figure of one pair of causes."""
    outcome, layout = result.outcome, layout_of(result.outcome, look)
    groups = outcome.grouping.groups
    sizes = [(group.name, group.n, source.size) for group, source in zip(result.groups, groups, strict=True)]
    curve = _curves(result)
    shown = at_resolution(curve, "incidence", ["slot", "cause"])
    end = max([result.ticks[-1], *outcome.table["time"]])
    counts = count_rows(result.counts, [group.name for group in result.groups], COLUMNS[: len(layout.blocks)])
    ticks = layout.shown_ticks(result.ticks, counts["text"], end)
    lines = shown.rename(columns={"incidence": "value"}).groupby(["slot", "cause"], sort=False)
    bands = [closed_band(rows, look.limits) for _, rows in shown.groupby("cause", sort=False)]
    return Figure(
        id=f"cumulative_incidence.{outcome.endpoint}",
        title=f"{outcome.label}: cumulative incidence{outcome.grouping.by}",
        chart=keyed(
            causes_chart(outcome.unit, outcome.rows.origin, outcome.causes, group_colours(groups), layout),
            groups,
            "unbroken",
        ),
        tables={
            "curve": shown,
            "band": pd.concat(bands, ignore_index=True)[BAND] if bands else curve,
            "counts": counts[counts["time"].isin(ticks)],
            "group": group_rows(sizes),
            "tick": pd.DataFrame({"time": ticks}),
            "box": box(comparison(result), [rows for _, rows in lines], NO_MARKS, layout, end, look.limits),
            "heading": pd.DataFrame({"text": [f"{outcome.label}: cumulative incidence"]}),
        },
        data=curve.drop(columns=["slot", "beside"]),
        caption=caption(result, look),
        method=method(result, look),
        alt=alt_text(result),
        notes=(*left_out_words(outcome), *notes(result)),
        n=result.n,
        numbers=typed_numbers(_columns(result), _by_group(result)),
        tests=gray_lines(result),
    )


def comparison(result: CompetingResult) -> list[str]:
    """What stands in the panel: Gray's test of each cause, or the bias; never a p-value beside it."""
    grouping = result.outcome.grouping
    if biased := biased_words(result.outcome):
        return [biased]
    tests = [
        f"{within(cause)} {p_equals(result.gray[of].p)}"
        for of, cause in result.outcome.numbered
        if result.gray[of].p is not None
    ]
    if not grouping.compares or not tests:
        return []
    return [f"Gray's test: {'; '.join(tests)}", *(["Time of grouping not stated"] if grouping.time_not_stated else [])]


def _curves(result: CompetingResult) -> pd.DataFrame:
    """One row a group, cause and time: the table a reader would ask for, with the group's slot."""
    parts = [
        incidence_rows(group.curves[of], slot, group=group.name, cause=cause)
        for slot, group in enumerate(result.groups)
        for of, cause in result.outcome.numbered
        if group.n
    ]
    nobody = incidence_rows(result.groups[0].curves[1], 0, group="", cause="")[:0]
    curves = pd.concat(parts or [nobody], ignore_index=True)
    line = curves["slot"].astype(str) + " " + curves["cause"]
    return curves.assign(beside=besides(curves, line, "incidence", 0.0))


@cache
def causes_chart(
    unit: str, origin: str, causes: tuple[str, str], colours: tuple[str, ...], layout: StepLayout
) -> Specification:
    """The specification for these causes and this many groups."""
    time, colour, share = (
        time_axis(unit, origin),
        group_colour(colours),
        share_axis("incidence", "Cumulative incidence"),
    )
    room = min(layout.width, NARROWEST) - KEY_MARGIN
    long = sum(text_width(cause, NORMAL) + KEY_SYMBOL for cause in causes) > room  # a row each in the legend
    legend = alt.Legend(
        orient="top",
        direction="horizontal",
        symbolType="stroke",
        symbolStrokeColor=INK,
        symbolStrokeWidth=2,
        symbolSize=900,
        offset=6,
        labelLimit=int(room - KEY_SYMBOL),
        columns=1 if long else 2,
    )
    kinds = alt.Scale(domain=list(causes), range=[list(dash) for dash in CAUSE_DASHES])
    dash = alt.StrokeDash("cause:N", title=None, scale=kinds, legend=legend)
    drawn = alt.Y("drawn:Q", title=share["title"], scale=share["scale"], axis=share["axis"])
    shown = [alt.Tooltip("whose:N", title="Group, cause"), *tooltip(unit, "incidence", "Incidence")[1:]]
    whose = "datum.group + ', ' + datum.cause"
    layers = [
        incidence_band(time, colour, 0.09).encode(detail=alt.Detail("cause:N")),
        incidence_line().encode(x=time, y=drawn, color=colour, strokeDash=dash),
        hover(time, share, shown, colour, ("time", "group", "cause")).transform_calculate(whose=whose),
    ]
    chart = with_counts(time, boxed(layers), layout, LEGEND_ROW * (2 if long else 1) + 6)
    top = {"anchor": "start", "direction": "vertical", "margin": 3}
    config = chart["config"]  # shared by all figures
    return {**chart, "config": {**config, "legend": {**config["legend"], "layout": {"top": top}}}}


def headline(result: CompetingResult) -> tuple[str, str]:
    """The incidence of each cause at 12 months in one sentence, and what is biased about it; no p-value."""
    if result.n == 0:
        return f"Nobody in this selection can be analysed for {result.outcome.label.lower()}.", ""
    compares = result.outcome.grouping.compares
    parts = []
    for of, cause in result.outcome.numbered:
        found = [(group, group.milestones[of][1]) for group in result.groups if group.n]
        shares = [
            (f"{group.name} " if compares else "") + (one.reason or percent(one.value or 0.0, group.n))
            for group, one in found
        ]
        parts.append(f"{within(cause)} {', '.join(shares)}")
    return f"By {MILESTONE_MONTHS[1]} months: {'; '.join(parts)}.", bias(result.outcome, result.compares)


def caption(result: CompetingResult, look: Look = PLAIN) -> str:
    """What is drawn, with how many ended with which cause."""
    (first, second), censored = map(within, result.outcome.causes), result.outcome.rows.censored
    counted = f"{first} {result.n_events(1)}, {second} {result.n_events(2)}, {censored} {result.n_events(0)}"
    return (
        f"Aalen-Johansen{', 95 % CI' if look.limits else ''}. Solid: {first}; dashed: {second}. n = {result.n}:"
        f" {counted}."
    )


def method(result: CompetingResult, look: Look = PLAIN) -> str:
    """What the causes are derived from, how incidence is estimated, what competing means."""
    limits = f"Pointwise 95 % limits (log-log; {EXACT_START}). " if look.limits else ""
    return f"Cumulative incidence from {result.outcome.rows.origin}. {limits}{method_of(result)}"


def alt_text(result: CompetingResult) -> str:
    """The figure for whoever cannot see it."""
    outcome = result.outcome
    said = []
    for group in result.groups:
        ends = [
            f", {within(cause)} {group.curves[of].n_events} and at the end"
            f" {percent(group.curves[of].incidence[-1], group.n)}"
            for of, cause in outcome.numbered
        ]
        said.append(f"{group.name}: {plural(group.n, 'patient') + ''.join(ends) if group.n else 'no patients'}")
    return f"Cumulative-incidence curves over {outcome.unit} since {outcome.rows.origin}. {'; '.join(said)}."


class Ended(NamedTuple):
    """A group and one of the causes with which its patients ended."""

    group: GroupIncidence
    of: int
    cause: str


def _columns(result: CompetingResult) -> tuple[TypedColumn, ...]:
    """Of a group and cause: n, events, cumulative incidence at each milestone; null with its reason where not
    estimable."""
    level_of = result.outcome.grouping.level_of

    def at(place: int, months: int) -> tuple[TypedColumn, ...]:
        def milestone(row: Ended) -> Estimate:
            return row.group.milestones[row.of][place]

        return estimate_columns(
            f"incidence_{months}_months",
            milestone,
            heading=f"At {months} months (95 % CI)",
            printed=lambda row: _cell(milestone(row), row.group.n),
        )

    return (
        TypedColumn("Cause", printed=lambda row: row.cause),
        TypedColumn("Group", "group", "", lambda row: level_of[row.group.name], lambda row: row.group.name),
        TypedColumn(name="cause"),
        TypedColumn("n", "n", "patients", lambda row: row.group.n),
        TypedColumn("Events", "events", "patients", lambda row: row.group.curves[row.of].n_events),
        *(column for place, months in enumerate(MILESTONE_MONTHS) for column in at(place, months)),
        TypedColumn(name="reason", value=_reason),
    )


def _reason(row: Ended) -> str | None:
    why: dict[str, str] = {}
    for months, one in zip(MILESTONE_MONTHS, row.group.milestones[row.of], strict=True):
        unlimited = "no event of this cause by then, or everybody" if one.low is None and not one.reason else ""
        name = f"incidence_{months}_months"
        why |= {name: one.reason, f"{name}_low and _high": unlimited}
    return reasons(why)


def _by_group(result: CompetingResult) -> list[Ended]:
    return [Ended(group, of, cause) for group in result.groups for of, cause in result.outcome.numbered]


def incidence_table(result: CompetingResult) -> Table:
    """One row a cause and group."""
    outcome, rows = result.outcome, _by_group(result)
    return typed_table(
        _columns(result),
        sorted(rows, key=lambda row: row.of),
        rows,
        id=f"cumulative_incidence.{outcome.endpoint}.summary",
        title=f"{outcome.label}: cumulative incidence of each cause",
        caption="Aalen-Johansen estimate. NE: not estimable, follow-up ends earlier.",
        method=method(result, Look(limits=True)),
        notes=(*undated_notes(outcome.selected_by), *(gray_notes(result) if outcome.grouping.compares else ())),
        n=result.n,
        tests=gray_lines(result),
    )


def _cell(one: Estimate, of: int) -> str:
    if one.reason:
        return "NE" if one.reason == BEYOND else one.reason
    return share_words(one, of) if one.low is not None and one.high is not None else percent(one.value or 0.0, of)


def _incidence(analysis: Analysis, endpoint: str, options: StepOptions) -> Exhibit:
    result = causes(analysis, endpoint, options).coarse(analysis.mask_below)
    return incidence_figure(result, options.look([group.n for group in result.groups]))


def _incidence_summary(analysis: Analysis, endpoint: str, options: EndpointOptions) -> Exhibit:
    return incidence_table(causes(analysis, endpoint, options))


def _incidence_who(analysis: Analysis, endpoint: str, options: StepOptions) -> Who:
    result = causes(analysis, endpoint, options)
    table = result.outcome.table
    ended = table["cause"].map(dict(result.outcome.numbered))
    return steps_who(_curves(result), table.assign(ended=ended), {"events": ""})


def _summary_who(analysis: Analysis, endpoint: str, options: EndpointOptions) -> Who:
    """Of each cause and group (a row) who is analysed, and who ended so."""
    outcome = causes(analysis, endpoint, options).outcome
    table = outcome.table
    rows = [(table["group"] == name, of) for of, _ in outcome.numbered for name in outcome.grouping.names]
    cells: dict[Place, frozenset[str]] = {}
    for y, (mine, of) in enumerate(rows):
        cells |= {(y, 2): patients(table[mine]), (y, 3): patients(table[mine & (table["cause"] == of)])}
    return cells


_OF_CAUSES: Final = partial(ExhibitSpec, needs="endpoints", variants=incidences)
INCIDENCE: Final = _OF_CAUSES(
    "cumulative_incidence.{endpoint}",
    "Cumulative incidence",
    build=_incidence,
    options=StepOptions,
    who=_incidence_who,
)
INCIDENCE_SUMMARY: Final = _OF_CAUSES(
    "cumulative_incidence.{endpoint}.summary",
    "Cumulative incidence of each cause",
    build=_incidence_summary,
    options=EndpointOptions,
    who=_summary_who,
)
