"""Expansion beside one factor: points on a log axis, by level with median and quartiles, or over a number.

Levels without patients have no place. The chart: lib/kinetics/expansion_chart.py; what is computed:
lib/kinetics/correlates.py.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import SeriesKey
from lib.cohort.printed import raised
from lib.kinetics.correlates import (
    AFTER,
    FEWEST_FOR_BOX,
    MEASURES,
    ExpansionResult,
    LevelSpread,
    beside,
    expansion,
    factors_of,
)
from lib.kinetics.expansion_chart import Axes, expansion_chart
from lib.kinetics.series import KineticsOptions, after_infusion, groups_shown, kinetics_of, limits
from lib.publication.exhibit import Figure, Numbers, TestLine
from lib.publication.fitting import thinned
from lib.publication.key import keyed
from lib.publication.log_axis import log_tables
from lib.publication.number import capital, p_equals, plural, short
from lib.publication.options import choice
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SCREEN

HALF_BOX: Final = 0.3
MOST_POINTS: Final = 1500  # of more some are drawn
AREA_DAYS: Final = {"cmax": 1.0, "auc_0_28": 28.0}  # what half the limit is multiplied with for whoever never expanded
CROWD: Final = 0.26  # how far points of one level stand to each side
GOLDEN: Final = 0.618
UNKNOWN_LIMIT: Final = 1.0
DEFINITIONS: Final = {
    "response": (
        "Best response: the best from the infusion to progression or another treatment, without confirmation; "
        "progressed without any: PD."
    ),
    "grade": "Worst grade of {name}; grade 0: no such event is recorded.",
    "lab": (
        "Before infusion: the value marked as baseline, else the last on day 0 or before; below its limit, half of it."
    ),
}
ASSOCIATION: Final = "association only"
UNDER_LIMIT: Final = 0.08  # of the axis, under the limit of quantification: its value stands there
NEAR_LIMIT: Final = 3.0  # the limit is drawn where the lowest amount is no more than so many times it


@dataclass(frozen=True)
class ExpansionOptions(KineticsOptions):
    """What of the expansion is looked at."""

    measure: str = choice(MEASURES[0].name, {each.name: each.label for each in MEASURES}, "Expansion")


def expansion_figure(result: ExpansionResult, width: int = SCREEN) -> Figure:
    """The figure of one series, measure and factor; another measure than Cmax has its name in the id."""
    factor, measure, series = result.factor, result.measure, result.series
    amount = f"{measure.label}, {raised(measure.unit(series.key.unit))}"
    axes = Axes(factor.title, amount, bool(factor.levels), factor.log, width)
    part = "" if measure.name == "cmax" else f".{measure.name}"
    return Figure(
        id=series.key.id(f"expansion.{factor.slug}{part}"),
        title=_title(result),
        chart=keyed(expansion_chart(axes, series.colours), series.grouping.groups, "point"),
        tables=_tables(result),
        data=_data(result),
        caption=_caption(result),
        alt=_alt(result),
        method=_method(result),
        notes=_notes(result),
        n=result.n,
        numbers=_numbers(result),
        tests=(TestLine.of(result.correlation.test, f"{measure.label} and {_lower(factor.label)}"),),
    )


def _tables(result: ExpansionResult) -> dict[str, pd.DataFrame]:
    points, half = _points(result), _drawn_at(result)
    limit, amounts = _limit_shown(result, points["amount"]), points["amount"]
    points = _some_of(points)
    shown = points[["patient", "group", "slot", "x", "amount", "said", "shown"]]
    labels = [f"{one.level}\nn = {one.n}" for one in _there(result)]
    ends = [-0.5, len(labels) - 0.5] if labels else []
    return {
        "point": shown[~points["silent"]],
        "silent": shown[points["silent"]],
        **_spreads(result, half),
        **log_tables([*amounts, *limit["amount"]], UNDER_LIMIT),
        "limit": limit,
        "tick": pd.DataFrame({"x": range(len(labels)), "label": labels}),
        "span": pd.DataFrame({"x": ends}, dtype=float),
        "group": groups_shown(result.series, result.table["group"].value_counts()),
        "heading": pd.DataFrame({"text": [_heading(result)]}),
    }


def _some_of(points: pd.DataFrame) -> pd.DataFrame:
    """Of very many points some, evenly spread in order of their amount."""
    if len(points) <= MOST_POINTS:
        return points
    return thinned(points.sort_values("amount", kind="stable"), MOST_POINTS, "slot").sort_index()


def _there(result: ExpansionResult) -> tuple[LevelSpread, ...]:
    """The levels with patients."""
    return tuple(one for one in result.levels if one.n)


def _limit_shown(result: ExpansionResult, amounts: pd.Series) -> pd.DataFrame:
    """The limit of quantification of a peak, where one comes near it."""
    limit = 2 * _drawn_at(result)
    near = bool(len(amounts)) and float(amounts.min()) <= NEAR_LIMIT * limit
    shown = result.measure.name == "cmax" and bool(result.series.lloqs) and near
    return pd.DataFrame({"amount": [limit], "words": [f"LLOQ {short(limit)}"]})[: 1 if shown else 0]


def _spreads(result: ExpansionResult, lowest: float) -> dict[str, pd.DataFrame]:
    """Medians and quartiles of each level, none below where whoever never expanded is drawn."""
    box, middle = [], []
    for place, one in enumerate(_there(result)):
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
    order = {one.level: place for place, one in enumerate(_there(result))}
    places = pd.Series([order[level] for level in said], table.index, dtype=float) if factor.levels else table["value"]
    x, amount = (
        _beside(table.assign(value=places)) if factor.levels else places,
        table["amount"].clip(lower=_drawn_at(result)),
    )
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


def headline(result: ExpansionResult) -> str:
    """The correlation in one sentence; of what arises after the infusion that it is none of cause."""
    label, factor = result.measure.label, result.factor
    if not result.n:
        return f"Nobody in this selection has both {label} and {_lower(factor.label)}."
    only = f": {ASSOCIATION}" if factor.after else ""
    return f"{label} and {_lower(factor.label)}: {_heading(result)}, {plural(result.n, 'patient')}{only}."


def _title(result: ExpansionResult) -> str:
    """What stands on both axes."""
    key, factor = result.series.key, _lower(result.factor.label)
    return f"{result.measure.label} of the CAR transgene in {key.specimen} ({key.assay}) and {factor}"


def _lower(label: str) -> str:
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _heading(result: ExpansionResult) -> str:
    """The correlation; its p only where the factor was known before the infusion."""
    if result.correlation.rho.value is None:
        return f"no correlation ({result.correlation.rho.reason})"
    said = f"Spearman's ρ {_rho(result)}"
    return said if result.factor.after else f"{said}, {p_equals(result.correlation.test.p)}"


def _rho(result: ExpansionResult) -> str:
    rho = result.correlation.rho
    limits_ = f" (95 % CI {_two(rho.low)} to {_two(rho.high)})" if rho.low is not None else ""
    return _two(rho.value) + limits_


def _two(value: float | None) -> str:
    """A correlation with two decimals and a true minus."""
    return "–" if value is None else f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _caption(result: ExpansionResult) -> str:
    """What is drawn."""
    parts = [f"{result.measure.label} of each patient{after_infusion(result.series)}"]
    if result.factor.levels:
        boxed = any(one.q1 is not None for one in result.levels)
        parts.append(f"line, median{f'; box, quartiles (from {FEWEST_FOR_BOX} patients)' if boxed else ''}")
    if result.table["silent"].any():
        parts.append("open symbol, never above the LLOQ")
    parts += ["some of the patients drawn, evenly spread in order of their amount"] * (result.n > MOST_POINTS)
    return "; ".join(parts) + (f". {capital(ASSOCIATION)}." if result.factor.after else ".")


def _method(result: ExpansionResult) -> str:
    """The test, definitions and rules."""
    factor, known = result.factor, result.correlation.rho.note
    drawn = "half the LLOQ" if result.measure.name == "cmax" else "28 days times half the LLOQ"
    after = (
        f"{factor.label} {AFTER}, as expansion does: expansion and outcome influence each other."
        if factor.after
        else ""
    )
    said = [
        _tested(result),
        after,
        f"{capital(known)}." if known else "",
        DEFINITIONS.get(factor.kind, "").format(name=factor.name),
        f"{limits(result.series)}; whoever never rose above it is drawn at {drawn} and has the lowest rank.",
        "Quartiles: R's type 7." if factor.levels else "",
    ]
    return " ".join(each for each in said if each)


def _notes(result: ExpansionResult) -> tuple[str, ...]:
    """Who is left out, and whether nobody says when the factor was known."""
    factor = result.factor
    left_out = "; ".join(f"{n} {reason}" for reason, n in result.left_out)
    said = [
        (
            f"Time not stated at which {factor.label} became known: if after infusion, {ASSOCIATION}."
            if factor.time_not_stated
            else ""
        ),
        f"Left out of {plural(result.n_selected, 'patient')}: {left_out}." if left_out else "",
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
    return expansion_figure(expanded(analysis, variant, options), options.width)


EXPANSION: Final = ExhibitSpec(
    "kinetics.expansion.{factor}",
    "Expansion and outcome",
    "kinetics",
    _build,
    ExpansionOptions,
    beside,
    lambda variant: variant[0].id(f"expansion.{variant[1]}"),
)
