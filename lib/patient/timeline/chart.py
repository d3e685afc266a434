"""The timeline chart over the tables row, lane, bar, state, symbol, visit, infusion, entry, beside, before, within, span, rule,
tick, axis, heading.

Nothing in it depends on the patient: names of lanes, ticks and the title of the axis stand in tables, its height follows the rows.
"""

from functools import cache
from typing import Any, Final

import altair as alt

from lib.publication.palette import INK, RESPONSE_COLOURS, THERAPY_COLOUR
from lib.publication.theme import HOVER, Specification, keeps, publish, table

LANE_COLOURS: Final = {
    "Earlier lines": "#A9B4C2", "Transplant": "#5E7FB1", "Bridging": "#B8860B", "Lymphodepletion": "#C2573A",
    "CAR T cells": "#111111", "Maintenance": THERAPY_COLOUR, "Later lines": "#A3B18A", "Other therapy": "#7FB7BE",
}  # fmt: skip
INFUSION_RULE: Final = "#A8A8A8"
ROW_HEIGHT: Final = 21
BAR: Final = 12
ARROW: Final = "M0,1L-.75,-.5L-.25,-.5L-.25,-1.2L.25,-1.2L.25,-.5L.75,-.5Z"


@cache
def timeline_chart(width: int = 780, row_height: int = ROW_HEIGHT) -> Specification:
    """The specification."""
    return {**_timeline(), "width": width, "height": {"step": row_height}}


@cache
def _timeline() -> Specification:
    row = alt.Y("row:O", title=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    at = _at("start")
    layers = [
        *_frame(row, at),
        *_entries(row, at),
        *_labels(row, at),
        *_pointer(row, at),
        keeps("heading"),
        keeps("tick"),
    ]
    chart = alt.layer(*layers).resolve_scale(color="independent", fill="independent")
    return publish(chart, width=780, height=alt.Step(ROW_HEIGHT))


def _at(field: str) -> alt.X:
    axis = alt.Axis(values=alt.ExprRef("pluck(data('tick'), 'at')"), format=".12~g", grid=False, labelFlush=False)
    return alt.X(f"{field}:Q", title=None, scale=alt.Scale(nice=False, zero=False), axis=axis)


def _frame(row: alt.Y, at: alt.X) -> list[alt.Chart]:
    """Lanes shaded in turn with their names, and a rule at each infusion."""
    shade = alt.FillOpacity("shade:Q", scale=None, legend=None)
    band = table("row").mark_rect(fill="#000000", clip=False)
    name = table("lane").mark_text(align="right", baseline="middle", dx=-10, fontSize=11, fontWeight="bold", clip=False)
    title = table("axis").mark_text(baseline="top", dy=30, fontSize=12, color=INK, clip=False)
    return [
        band.encode(x=alt.XValue(0), x2=alt.X2Value("width"), y=row, fillOpacity=shade),
        table("span").mark_rule(opacity=0).encode(x=at),
        table("rule").mark_rule(color=INFUSION_RULE, strokeDash=[3, 3], strokeWidth=0.8).encode(x=at),
        name.encode(x=alt.XValue(0), y=row, text=alt.Text("lane:N"), color=alt.ColorValue(INK)),
        title.encode(x=alt.XValue(alt.ExprRef("width / 2")), y=alt.YValue(alt.ExprRef("height")), text=alt.Text("text:N")),
    ]  # fmt: skip


def _entries(row: alt.Y, at: alt.X) -> list[alt.Chart]:
    lanes, states = list(LANE_COLOURS), list(RESPONSE_COLOURS)
    lane = alt.Scale(domain=lanes, range=list(LANE_COLOURS.values()))
    state = alt.Scale(domain=states, range=list(RESPONSE_COLOURS.values()))
    kind, response = alt.Fill("lane:N", scale=lane, legend=None), alt.Fill("state:N", scale=state, legend=None)
    bar: dict[str, Any] = {"height": BAR, "stroke": "#555555", "strokeWidth": 0.4}
    point: dict[str, Any] = {"opacity": 1, "filled": True}
    return [
        table("bar").mark_bar(**bar).encode(x=at, x2=alt.X2("end:Q"), y=row, fill=kind),
        table("state").mark_bar(**bar).encode(x=at, x2=alt.X2("end:Q"), y=row, fill=response),
        table("symbol").mark_point(shape="square", size=46, stroke="#555555", strokeWidth=0.4, **point).encode(x=at, y=row, fill=kind),
        table("visit").mark_point(shape="diamond", size=75, stroke="#555555", strokeWidth=0.6, **point).encode(x=at, y=row, fill=response),
        table("infusion").mark_point(shape=ARROW, size=85, fill="#111111", **point).encode(x=at, y=row),
    ]  # fmt: skip


def _labels(row: alt.Y, at: alt.X) -> list[alt.Chart]:
    """Beside an entry, before it at the right edge, or within its bar."""
    text, end = alt.Text("label:N"), _at("end")
    light = alt.Color("tone:N", scale=None, legend=None)
    small: dict[str, Any] = {"baseline": "middle", "fontSize": 10.5, "clip": False}
    return [
        table("beside").mark_text(align="left", dx=8, color=INK, **small).encode(x=end, y=row, text=text),
        table("before").mark_text(align="right", dx=-8, color=INK, **small).encode(x=at, y=row, text=text),
        table("within").mark_text(align="left", dx=5, **small).encode(x=at, y=row, text=text, color=light),
    ]


def _pointer(row: alt.Y, at: alt.X) -> list[alt.Chart]:
    told = [alt.Tooltip("told:N", title="What"), alt.Tooltip("when:N", title="When")]
    entry = table("entry", HOVER).mark_bar(opacity=0, height=ROW_HEIGHT)
    return [entry.encode(x=at, x2=alt.X2("end:Q"), y=row, tooltip=told)]
