"""Expansion beside one factor: points on a log axis, over levels side by side with median and quartiles, or over a number.

Over the tables point, silent, box, middle, decade, limit, tick, group, heading; it depends on the factor, the measure and the number and
colours of the groups, never on the selection.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import altair as alt

from lib.publication.log_axis import log_amount
from lib.publication.palette import FAINT_INK, GRID, GROUP_SHAPES, INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table

WIDTH: Final = 640
HEIGHT: Final = 440
HALF_BOX: Final = 0.3


@dataclass(frozen=True)
class ExpansionAxes:
    """What the axes say; `levels` counts the places of a factor in levels, 0 for a number; `log`: a number on a log axis."""

    factor: str
    amount: str
    levels: int
    log: bool


@cache
def expansion_chart(axes: ExpansionAxes, colours: tuple[str, ...]) -> Specification:
    """The specification for these axes and groups."""
    x, y = _across(axes), log_amount(axes.amount)
    slots = list(range(len(colours)))
    colour, shape = _colour(slots, colours), _shape(slots)
    told = [
        alt.Tooltip("patient:N", title="Patient"),
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("said:N", title=axes.factor),
        alt.Tooltip("shown:N", title=axes.amount),
    ]
    point = table("point").mark_point(
        size=55, filled=True, opacity=1, fillOpacity=0.75, stroke="#FFFFFF", strokeWidth=0.6
    )
    silent = table("silent").mark_point(size=55, filled=False, fill="#FFFFFF", strokeWidth=1.4, opacity=1)
    layers = [
        table("decade").mark_rule(color=GRID).encode(y=y),
        table("tick").mark_rule(opacity=0).encode(x=x),
        *_limit(y),
        *(_boxes(x) if axes.levels else [keeps("box"), keeps("middle")]),
        point.encode(x=x, y=y, fill=colour, shape=shape),
        silent.encode(x=x, y=y, stroke=alt.Stroke("slot:N", scale=colour["scale"], legend=None), shape=shape),
        *(
            table(name, f"{HOVER}_{name}").mark_point(size=120, filled=True, opacity=0).encode(x=x, y=y, tooltip=told)
            for name in ("point", "silent")
        ),
        keeps("group"),
        keeps("heading"),
    ]
    return publish(alt.layer(*layers), width=WIDTH, height=HEIGHT)


def _across(axes: ExpansionAxes) -> alt.X:
    if axes.levels:
        label = "split(pluck(data('tick'), 'label')[indexof(pluck(data('tick'), 'x'), datum.value)], '\\n')"
        axis = alt.Axis(
            values=alt.ExprRef("pluck(data('tick'), 'x')"),
            labelExpr=label,
            grid=False,
            labelOverlap=False,
            labelFlush=False,
        )
        scale = alt.Scale(domain=[-0.5, axes.levels - 0.5], nice=False, zero=False)
        return alt.X("x:Q", title=axes.factor, scale=scale, axis=axis)
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


def _colour(slots: list[int], colours: tuple[str, ...]) -> alt.Fill:
    scale = alt.Scale(domain=slots, range=list(colours))
    return alt.Fill("slot:N", title=None, scale=scale, legend=None)


def _shape(slots: list[int]) -> alt.Shape:
    shapes = [GROUP_SHAPES[slot % len(GROUP_SHAPES)] for slot in slots]
    return alt.Shape("slot:N", title=None, scale=alt.Scale(domain=slots, range=shapes), legend=None)
