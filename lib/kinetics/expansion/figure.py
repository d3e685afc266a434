"""The figure of expansion beside one factor: a point a patient; over levels also medians and quartiles."""

from typing import Final

import pandas as pd

from lib.kinetics.expansion.chart import HALF_BOX, ExpansionAxes, expansion_chart
from lib.kinetics.expansion.result import ExpansionResult
from lib.kinetics.expansion.words import alt_text, caption, heading, notes, test_line, title
from lib.publication.exhibit import Figure, Numbers
from lib.publication.key import group_names, with_key
from lib.publication.log_axis import decades
from lib.publication.number import short
from lib.publication.palette import group_colours

AREA_DAYS: Final = {"cmax": 1.0, "auc_0_28": 28.0}  # what half the limit is multiplied with for whoever never expanded
CROWD: Final = 0.26  # how far points of one level stand to each side
GOLDEN: Final = 0.618
UNKNOWN_LIMIT: Final = 1.0


def expansion_figure(result: ExpansionResult) -> Figure:
    """The figure of one series, measure and factor; another measure than Cmax has its name in the id."""
    factor, measure, series = result.factor, result.measure, result.series
    colours = group_colours([group.colour for group in series.grouping.groups])
    axes = ExpansionAxes(
        factor.title, f"{measure.label}, {measure.unit(series.key.unit)}", len(factor.levels), factor.log
    )
    part = "" if measure.name == "cmax" else f".{measure.name}"
    return Figure(
        id=series.key.id(f"expansion.{factor.slug}{part}"),
        title=title(result),
        chart=with_key(expansion_chart(axes, colours), group_names(result.series.grouping.groups), colours, "point"),
        tables=_tables(result),
        data=_data(result),
        caption=caption(result),
        alt=alt_text(result),
        notes=notes(result),
        n=result.n,
        numbers=_numbers(result),
        tests=(test_line(result),),
    )


def _tables(result: ExpansionResult) -> dict[str, pd.DataFrame]:
    points = _points(result)
    shown = ["patient", "group", "slot", "x", "amount", "said", "shown"]
    half = _drawn_at(result)
    lines = pd.DataFrame({"amount": [2 * half], "words": [f"LLOQ {short(2 * half)}"]})
    limit = lines if result.measure.name == "cmax" and result.series.lloqs else lines[:0]
    boxes = pd.DataFrame(
        [(place - HALF_BOX, place + HALF_BOX, max(one.q1, half), max(one.q3, half), max(one.median or 0.0, half))
         for place, one in enumerate(result.levels) if one.q1 is not None and one.q3 is not None],
        columns=["left", "right", "q1", "q3", "median"],
    )  # fmt: skip
    middles = pd.DataFrame(
        [(place - HALF_BOX, place + HALF_BOX, max(one.median, half)) for place, one in enumerate(result.levels) if one.median is not None],
        columns=["left", "right", "median"],
    )  # fmt: skip
    return {
        "point": points.loc[~points["silent"], shown],
        "silent": points.loc[points["silent"], shown],
        "box": boxes,
        "middle": middles,
        "decade": pd.DataFrame({"amount": decades([*points["amount"], *limit["amount"]])}),
        "limit": limit,
        "tick": pd.DataFrame(
            {"x": range(len(result.levels)), "label": [f"{one.level}\n(n = {one.n})" for one in result.levels]},
        ),
        "group": _groups(result),
        "heading": pd.DataFrame({"text": [heading(result)]}),
    }


def _drawn_at(result: ExpansionResult) -> float:
    """Where whoever never expanded stands on the log axis."""
    return min(result.series.lloqs, default=UNKNOWN_LIMIT) / 2 * AREA_DAYS[result.measure.name]


def _points(result: ExpansionResult) -> pd.DataFrame:
    slots = {name: slot for slot, name in enumerate(result.series.grouping.names)}
    table, factor = result.table, result.factor
    said = [factor.levels[int(value)] if factor.levels else f"{value:.6g}" for value in table["value"]]
    shown = [
        "never above the limit" if silent else short(amount)
        for amount, silent in zip(table["amount"], table["silent"], strict=True)
    ]
    return table.assign(
        slot=table["group"].map(slots), x=_beside(table) if factor.levels else table["value"], said=said, shown=shown,
        amount=table["amount"].clip(lower=_drawn_at(result)),
    )  # fmt: skip


def _beside(table: pd.DataFrame) -> pd.Series:
    """The place of each point within its level: neighbours in amount stand far apart, so that few cover another."""
    order = table["amount"].groupby(table["value"]).rank(method="first") - 1
    alone = table.groupby("value")["value"].transform("size") == 1
    return table["value"] + (2 * CROWD * ((order * GOLDEN + 0.5) % 1 - 0.5)).mask(alone, 0.0)


def _groups(result: ExpansionResult) -> pd.DataFrame:
    n = result.table["group"].value_counts()
    groups = result.series.grouping.groups
    labels = [f"{group.name} ({int(n.get(group.name, 0))} of {group.size})" for group in groups]
    return pd.DataFrame({"slot": range(len(groups)), "label": labels})


def _data(result: ExpansionResult) -> pd.DataFrame:
    """One row a patient: the measure (empty below the limit) and the factor as written."""
    points = _points(result)
    name = result.measure.name
    return pd.DataFrame({
        "patient": points["patient"], "group": points["group"], name: result.table["amount"].mask(points["silent"]),
        "never_above_the_limit": points["silent"], result.factor.slug: points["said"],
    })  # fmt: skip


def _numbers(result: ExpansionResult) -> Numbers:
    """One row for all (the correlation) and one a level."""
    columns = (("level", ""), ("n", "patients"), ("never_above", "patients"), ("median", result.measure.unit(result.series.key.unit)),
               ("q1", ""), ("q3", ""), ("rho", ""), ("rho_low", ""), ("rho_high", ""), ("reason", ""))  # fmt: skip
    rho = result.correlation.rho
    no_spread = (
        "median and quartiles: in the rows of the levels" if result.levels else "median and quartiles: no levels"
    )
    why = "; ".join(part for part in (no_spread, rho.reason, "no interval" if rho.low is None else "") if part)
    rows: list[tuple[object, ...]] = [
        ("all", result.n, int(result.table["silent"].sum()), None, None, None, rho.value, rho.low, rho.high, why)
    ]
    for one in result.levels:
        few = "; too few for quartiles" if one.q1 is None else ""
        said = f"rho: of all levels{few}"
        rows.append((one.level, one.n, one.n_silent, one.median, one.q1, one.q3, None, None, None, said))
    return Numbers(columns, tuple(rows))
