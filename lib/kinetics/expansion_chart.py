"""The chart of expansion beside a factor: over the tables point, silent, box, middle, decade, edge, limit, tick, span,
group, heading.

It depends on the factor, the measure, the width and the number and colours of the groups, never on the selection.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt

from lib.publication.log_axis import log_amount
from lib.publication.palette import FAINT_INK, GRID, INK, group_shapes
from lib.publication.theme import HOVER, Specification, by_slot, keeps, publish, table, tooltips

HEIGHT: Final = 380


@dataclass(frozen=True)
class Axes:
    """The titles of both axes, whether the factor has levels or is a number (on a log axis), and the width."""

    factor: str
    amount: str
    levels: bool
    log: bool
    width: int


@cache
def expansion_chart(axes: Axes, colours: tuple[str, ...]) -> Specification:
    """The specification for groups of these colours."""
    x, y = _across(axes), log_amount(axes.amount)
    fill, shape = by_slot(alt.Fill, colours), by_slot(alt.Shape, group_shapes(len(colours)))
    stroke = alt.Stroke("slot:N", scale=fill["scale"], legend=None)
    tooltip = tooltips({"patient": "Patient", "group": "Group", "said": axes.factor, "shown": axes.amount})
    look: dict[str, Any] = {"size": 55, "opacity": 1}
    point = table("point").mark_point(filled=True, fillOpacity=0.75, stroke="#FFFFFF", strokeWidth=0.6, **look)
    silent = table("silent").mark_point(filled=False, fill="#FFFFFF", strokeWidth=1.4, **look)
    layers = [
        table("decade").mark_rule(color=GRID).encode(y=y),
        table("edge").mark_rule(opacity=0).encode(y=y),
        *(table(name).mark_rule(opacity=0).encode(x=x) for name in ("tick", "span")),
        *_limit(y),
        *(_boxes(x) if axes.levels else map(keeps, ("box", "middle"))),
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
    return publish(alt.layer(*layers), width=axes.width, height=HEIGHT)


def _across(axes: Axes) -> alt.X:
    if axes.levels:
        label = "split(pluck(data('tick'), 'label')[indexof(pluck(data('tick'), 'x'), datum.value)], '\\n')"
        values = alt.ExprRef("pluck(data('tick'), 'x')")
        axis = alt.Axis(values=values, labelExpr=label, grid=False, labelOverlap=False, labelFlush=False)
        return alt.X("x:Q", title=axes.factor, scale=alt.Scale(nice=False, zero=False), axis=axis)
    scale = alt.Scale(type="log" if axes.log else "linear", nice=True, zero=False, padding=12)
    axis = alt.Axis(grid=False, format=",.12~g", tickCount=6, labelOverlap="greedy")
    return alt.X("x:Q", title=axes.factor + (" (log scale)" if axes.log else ""), scale=scale, axis=axis)


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
