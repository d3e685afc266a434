"""Expansion beside one factor: points on a log axis, by level with median and quartiles, or over a number.

The chart stands over the tables point, silent, box, middle, decade, limit, tick, group, heading; it depends on the
factor, the measure and the number and colours of the groups, never on the selection. What it shows is computed in
lib/kinetics/correlates.py.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import SeriesKey
from lib.kinetics.correlates import (
    AFTER,
    FEWEST_FOR_BOX,
    MEASURES,
    ExpansionResult,
    beside,
    expansion,
    factors_of,
)
from lib.kinetics.series import KineticsOptions, after_infusion, groups_shown, kinetics_of, limits, line_of
from lib.publication.exhibit import Figure, Numbers
from lib.publication.key import group_names, with_key
from lib.publication.log_axis import decades, log_amount
from lib.publication.number import p_equals, plural, short
from lib.publication.options import choice
from lib.publication.palette import FAINT_INK, GRID, GROUP_SHAPES, INK
from lib.publication.spec import ExhibitSpec
from lib.publication.theme import HOVER, Specification, keeps, publish, table

WIDTH: Final = 640
HEIGHT: Final = 440
HALF_BOX: Final = 0.3
AREA_DAYS: Final = {"cmax": 1.0, "auc_0_28": 28.0}  # what half the limit is multiplied with for whoever never expanded
CROWD: Final = 0.26  # how far points of one level stand to each side
GOLDEN: Final = 0.618
UNKNOWN_LIMIT: Final = 1.0
DEFINITIONS: Final = {
    "response": "Best response: the best from the infusion to progression or another treatment, without confirmation; "
    "progressed without any: PD.",
    "grade": "Worst grade of {name}; grade 0: no such event is recorded.",
    "lab": "Before infusion: the value marked as baseline, else the last on day 0 or before; below its limit, "
    "half of it.",
}
NOT_CAUSE: Final = (
    "Expansion and outcome influence each other; what is shown is that they go together, and predicts nothing."
)


@dataclass(frozen=True)
class ExpansionOptions(KineticsOptions):
    """What of the expansion is looked at."""

    measure: str = choice(MEASURES[0].name, {each.name: each.label for each in MEASURES}, "Expansion")


def expansion_figure(result: ExpansionResult) -> Figure:
    """The figure of one series, measure and factor; another measure than Cmax has its name in the id."""
    factor, measure, series = result.factor, result.measure, result.series
    amount = f"{measure.label}, {measure.unit(series.key.unit)}"
    chart = expansion_chart(factor.title, amount, len(factor.levels), factor.log, series.colours)
    part = "" if measure.name == "cmax" else f".{measure.name}"
    return Figure(
        id=series.key.id(f"expansion.{factor.slug}{part}"),
        title=_title(result),
        chart=with_key(chart, group_names(series.grouping.groups), series.colours, "point"),
        tables=_tables(result),
        data=_data(result),
        caption=_caption(result),
        alt=_alt(result),
        notes=_notes(result),
        n=result.n,
        numbers=_numbers(result),
        tests=(line_of(result.correlation.test, f"{measure.label} and {_lower(factor.label)}"),),
    )


def _tables(result: ExpansionResult) -> dict[str, pd.DataFrame]:
    points, half = _points(result), _drawn_at(result)
    shown = points[["patient", "group", "slot", "x", "amount", "said", "shown"]]
    limit = pd.DataFrame({"amount": [2 * half], "words": [f"LLOQ {short(2 * half)}"]})
    if result.measure.name != "cmax" or not result.series.lloqs:
        limit = limit[:0]
    labels = [f"{one.level}\n(n = {one.n})" for one in result.levels]
    return {
        "point": shown[~points["silent"]],
        "silent": shown[points["silent"]],
        **_spreads(result, half),
        "decade": pd.DataFrame({"amount": decades([*points["amount"], *limit["amount"]])}),
        "limit": limit,
        "tick": pd.DataFrame({"x": range(len(labels)), "label": labels}),
        "group": groups_shown(result.series, result.table["group"].value_counts()),
        "heading": pd.DataFrame({"text": [_heading(result)]}),
    }


def _spreads(result: ExpansionResult, lowest: float) -> dict[str, pd.DataFrame]:
    """Medians and quartiles of each level, none below where whoever never expanded is drawn."""
    box, middle = [], []
    for place, one in enumerate(result.levels):
        ends = (place - HALF_BOX, place + HALF_BOX)
        if one.q1 is not None and one.q3 is not None:
            box.append((*ends, max(one.q1, lowest), max(one.q3, lowest), max(one.median or 0.0, lowest)))
        if one.median is not None:
            middle.append((*ends, max(one.median, lowest)))
    return {
        "box": pd.DataFrame(box, columns=["left", "right", "q1", "q3", "median"]),
        "middle": pd.DataFrame(middle, columns=["left", "right", "median"]),
    }


def _drawn_at(result: ExpansionResult) -> float:
    """Where whoever never expanded stands on the log axis."""
    return min(result.series.lloqs, default=UNKNOWN_LIMIT) / 2 * AREA_DAYS[result.measure.name]


def _points(result: ExpansionResult) -> pd.DataFrame:
    table, factor = result.table, result.factor
    said = [factor.levels[int(value)] if factor.levels else f"{value:.6g}" for value in table["value"]]
    shown = [
        "never above the limit" if silent else short(amount)
        for amount, silent in zip(table["amount"], table["silent"], strict=True)
    ]
    x, amount = _beside(table) if factor.levels else table["value"], table["amount"].clip(lower=_drawn_at(result))
    return table.assign(slot=table["group"].map(result.series.slots), x=x, said=said, shown=shown, amount=amount)


def _beside(table: pd.DataFrame) -> pd.Series:
    """The place of each point within its level: neighbours in amount stand far apart, so that few cover another."""
    order = table["amount"].groupby(table["value"]).rank(method="first") - 1
    alone = table.groupby("value")["value"].transform("size") == 1
    return table["value"] + (2 * CROWD * ((order * GOLDEN + 0.5) % 1 - 0.5)).mask(alone, 0.0)


def _data(result: ExpansionResult) -> pd.DataFrame:
    """One row a patient: the measure (empty below the limit) and the factor as written."""
    points = _points(result)
    amount = result.table["amount"].mask(points["silent"])
    measured = {result.measure.name: amount, "never_above_the_limit": points["silent"]}
    return points[["patient", "group"]].assign(**measured, **{result.factor.slug: points["said"]})


def _numbers(result: ExpansionResult) -> Numbers:
    """One row for all (the correlation) and one a level."""
    names = ("level", "n", "never_above", "median", "q1", "q3", "rho", "rho_low", "rho_high", "reason")
    units = {"n": "patients", "never_above": "patients", "median": result.measure.unit(result.series.key.unit)}
    rho = result.correlation.rho
    where = "in the rows of the levels" if result.levels else "no levels"
    no_spread = f"median and quartiles: {where}"
    why = "; ".join(part for part in (no_spread, rho.reason, "no interval" if rho.low is None else "") if part)
    rows: list[tuple[object, ...]] = [
        ("all", result.n, int(result.table["silent"].sum()), None, None, None, rho.value, rho.low, rho.high, why)
    ]
    for one in result.levels:
        said = "rho: of all levels" + ("; too few for quartiles" if one.q1 is None else "")
        rows.append((one.level, one.n, one.n_silent, one.median, one.q1, one.q3, None, None, None, said))
    return Numbers(tuple((name, units.get(name, "")) for name in names), tuple(rows))


@cache
def expansion_chart(factor: str, amount: str, levels: int, log: bool, colours: tuple[str, ...]) -> Specification:
    """The specification; `levels`: how many places a factor in levels has, 0 for a number; `log`: on a log axis."""
    x, y = _across(factor, levels, log), log_amount(amount)
    slots = list(range(len(colours)))
    colours_of = alt.Scale(domain=slots, range=list(colours))
    shapes = alt.Scale(domain=slots, range=[GROUP_SHAPES[slot % len(GROUP_SHAPES)] for slot in slots])
    fill, stroke = (
        alt.Fill("slot:N", title=None, scale=colours_of, legend=None),
        alt.Stroke("slot:N", scale=colours_of, legend=None),
    )
    shape = alt.Shape("slot:N", title=None, scale=shapes, legend=None)
    tooltip = [
        alt.Tooltip("patient:N", title="Patient"),
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("said:N", title=factor),
        alt.Tooltip("shown:N", title=amount),
    ]
    look: dict[str, Any] = {"size": 55, "opacity": 1}
    point = table("point").mark_point(filled=True, fillOpacity=0.75, stroke="#FFFFFF", strokeWidth=0.6, **look)
    silent = table("silent").mark_point(filled=False, fill="#FFFFFF", strokeWidth=1.4, **look)
    layers = [
        table("decade").mark_rule(color=GRID).encode(y=y),
        table("tick").mark_rule(opacity=0).encode(x=x),
        *_limit(y),
        *(_boxes(x) if levels else map(keeps, ("box", "middle"))),
        point.encode(x=x, y=y, fill=fill, shape=shape),
        silent.encode(x=x, y=y, stroke=stroke, shape=shape),
        *(
            table(name, f"{HOVER}_{name}")
            .mark_point(size=120, filled=True, opacity=0)
            .encode(x=x, y=y, tooltip=tooltip)
            for name in ("point", "silent")
        ),
        *map(keeps, ("group", "heading")),
    ]
    return publish(alt.layer(*layers), width=WIDTH, height=HEIGHT)


def _across(factor: str, levels: int, log: bool) -> alt.X:
    if levels:
        label = "split(pluck(data('tick'), 'label')[indexof(pluck(data('tick'), 'x'), datum.value)], '\\n')"
        values = alt.ExprRef("pluck(data('tick'), 'x')")
        axis = alt.Axis(values=values, labelExpr=label, grid=False, labelOverlap=False, labelFlush=False)
        scale = alt.Scale(domain=[-0.5, levels - 0.5], nice=False, zero=False)
        return alt.X("x:Q", title=factor, scale=scale, axis=axis)
    scale = alt.Scale(type="log" if log else "linear", nice=True, zero=False, padding=12)
    axis = alt.Axis(grid=False, format=",.12~g", tickCount=6, labelOverlap="greedy")
    return alt.X("x:Q", title=factor + (" (log scale)" if log else ""), scale=scale, axis=axis)


def _limit(y: alt.Y) -> list[alt.Chart]:
    limit = table("limit")
    words = limit.mark_text(align="right", baseline="top", dx=-3, dy=3, fontSize=11, color=FAINT_INK)
    return [
        limit.mark_rule(strokeDash=[5, 4], color=FAINT_INK).encode(y=y),
        words.encode(x=alt.XValue("width"), y=y, text=alt.Text("words:N")),
    ]


def _boxes(x: alt.X) -> list[alt.Chart]:
    box = table("box").mark_rect(fill="#F3F3F3", stroke=FAINT_INK, strokeWidth=0.8)
    middle = table("middle").mark_rule(color=INK, strokeWidth=2)
    ends = {"x": alt.X("left:Q", scale=x["scale"], title=x["title"], axis=x["axis"]), "x2": alt.X2("right:Q")}
    return [
        box.encode(**ends, y=alt.Y("q1:Q"), y2=alt.Y2("q3:Q")),
        middle.encode(**ends, y=alt.Y("median:Q")),
    ]


def headline(result: ExpansionResult) -> tuple[str, str]:
    """The correlation in one sentence, and that it is none of cause."""
    label, factor = result.measure.label, result.factor
    if not result.n:
        return f"Nobody in this selection has both {label} and {_lower(factor.label)}.", ""
    sentence = _heading(result).split("\n", maxsplit=1)[0].rstrip(".")
    warning = f"{factor.label} {AFTER}. {NOT_CAUSE}" if factor.after else ""
    return f"{label} and {_lower(factor.label)}: {sentence}.", warning


def _title(result: ExpansionResult) -> str:
    """What stands on both axes."""
    key, factor = result.series.key, _lower(result.factor.label)
    return f"{result.measure.label} of the CAR transgene in {key.specimen} ({key.assay}) and {factor}"


def _lower(label: str) -> str:
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _heading(result: ExpansionResult) -> str:
    """n and the correlation; its p only where the factor was known before the infusion."""
    of, rho = plural(result.n, "patient"), result.correlation.rho
    if rho.value is None:
        return f"{of}. No correlation: {rho.reason}."
    said = f"{of}. Spearman's ρ {_rho(result)}"
    if result.factor.after:
        return f"{said}.\n{_capital(result.factor.label)} {AFTER}."
    return f"{said}, {p_equals(result.correlation.test.p)}."


def _rho(result: ExpansionResult) -> str:
    rho = result.correlation.rho
    limits_ = f" (95 % CI {_two(rho.low)} to {_two(rho.high)})" if rho.low is not None else ""
    return _two(rho.value) + limits_


def _two(value: float | None) -> str:
    """A correlation with two decimals and a true minus."""
    return "–" if value is None else f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _caption(result: ExpansionResult) -> str:
    """What is drawn and by which rules."""
    measure, series = result.measure, result.series
    drawn = "half the LLOQ" if measure.name == "cmax" else "28 days times half the LLOQ"
    parts = [
        f"{measure.label}{after_infusion(series)} of each patient, log axis (n = {result.n}; {limits(series)}). "
        f"Open symbols: never above the LLOQ, drawn at {drawn}, lowest rank."
    ]
    if result.factor.levels:
        parts.append(f"Thick line: median; box: quartiles (R's type 7), of {FEWEST_FOR_BOX} patients or more.")
    parts += [f"{n} of {result.n_selected} left out: {reason}." for reason, n in result.left_out]
    return " ".join(parts)


def _notes(result: ExpansionResult) -> tuple[str, ...]:
    """The test with its method, and what limits it."""
    factor, known = result.factor, result.correlation.rho.note
    said = [
        f"{factor.label} {AFTER}, as expansion does. {NOT_CAUSE}" if factor.after else "",
        f"Time not stated at which {factor.label} became known: if after infusion, it predicts nothing."
        if factor.time_not_stated
        else "",
        _tested(result),
        f"{_capital(known)}." if known else "",
        DEFINITIONS.get(factor.kind, "").format(name=factor.name),
    ]
    return tuple(each for each in said if each)


def _tested(result: ExpansionResult) -> str:
    test, factor = result.correlation.test, result.factor
    if test.p is None:
        return f"{test.name} not done: {test.reason}."
    order = f", {factor.label.lower()} in the order {' < '.join(factor.levels)}" if factor.levels else ""
    how = f"n = {test.n}{order}; interval by Fisher's z, Bonett and Wright"
    return f"{test.name}: ρ {_rho(result)}, {p_equals(test.p)} ({how})."


def _alt(result: ExpansionResult) -> str:
    """The figure for whoever cannot see it."""
    rho, kind = result.correlation.rho, "by level" if result.factor.levels else "against"
    shown = f"Points of {result.measure.label} on a log axis {kind} {_lower(result.factor.label)}"
    said = f"Spearman's rho {_two(rho.value)}" if rho.value is not None else "No correlation"
    medians = "; ".join(
        f"{one.level}: n = {one.n}" + (f", median {short(one.median)}" if one.median is not None else "")
        for one in result.levels
    )
    return f"{shown}, {plural(result.n, 'patient')}. {said}. {medians}".rstrip(". ") + "."


def expanded(analysis: Analysis, variant: tuple[SeriesKey, str], options: ExpansionOptions) -> ExpansionResult:
    """The expansion beside a factor."""
    key, slug = variant
    measure = next(each for each in MEASURES if each.name == options.measure)
    return expansion(analysis.selected, kinetics_of(analysis, key, options), factors_of(analysis)[slug], measure)


def _build(analysis: Analysis, variant: tuple[SeriesKey, str], options: ExpansionOptions) -> Figure:
    return expansion_figure(expanded(analysis, variant, options))


EXPANSION: Final = ExhibitSpec(
    "kinetics.expansion.{factor}",
    "Expansion and outcome",
    "kinetics",
    _build,
    ExpansionOptions,
    beside,
    lambda variant: variant[0].id(f"expansion.{variant[1]}"),
)
