"""Panels over one axis of days, as one view: zooming and dragging moves all of them, and no panel can slip against
another.

Over the tables panel, title, level, band, bound, limit, other, line, point, below, ring, marked, key, bar, grade, lane,
rule, infusion, day, axis, span, entry. Heights in pixels (`y`, from the top) stand in the tables; the chart
depends on the height of all panels together and on the scale of time, never on the patient.
"""

from functools import cache
from typing import Any, Final

import altair as alt

from lib.publication.palette import (
    FAINT_INK,
    GRADE_COLOURS,
    GRID,
    GROUP_COLOURS,
    GROUP_DASHES,
    GROUP_SHAPES,
    INK,
    THERAPY_COLOUR,
)
from lib.publication.theme import HOVER, Specification, keeps, publish, table, text_layer, tooltips

BELOW_PANELS: Final = 62  # the axis of days and its title
ABOVE_PANELS: Final = 12
LEAST_LANE: Final = 96  # pixels: "Thrombocytopenia" is whole
LANE_WORDS, KEY_WORDS = 0.24, 0.19  # of the width, at most
BAR: Final = 9
COLOURS: Final = {**GRADE_COLOURS, "therapy": THERAPY_COLOUR}
WITHIN: Final = alt.ExprRef("inrange(scale('x', datum.end), [0, width + 1]) ? 1 : 0")  # a word at the edge is whole
OTHERS: Final = "#BDBDBD"


@cache
def panel_chart(height: int, spread: bool, width: int) -> Specification:
    """The specification; `height` of all panels together in pixels, `spread`: early days on a square-root scale."""
    chart = {**_panels(spread, width), "height": height + ABOVE_PANELS + BELOW_PANELS}
    return {part: value for part, value in chart.items() if part != "title"}


@cache
def _panels(spread: bool, width: int) -> Specification:
    at, y = _at(spread), _y()
    slots = list(range(len(GROUP_COLOURS)))
    colour = alt.Color("slot:Q", scale=alt.Scale(type="ordinal", domain=slots, range=list(GROUP_COLOURS)), legend=None)
    layers = [
        *_frame(at, y),
        *_limits(y, colour),
        *_bars(at, y, width),
        *_values(at, y, colour, slots),
        *_words(at, y, colour, (slots, width)),
        *_pointer(at, y),
        keeps("day"),
    ]
    return publish(alt.layer(*layers), width=width, height=1)


def _at(spread: bool) -> alt.X:
    scale = alt.Scale(type="sqrt" if spread else "linear", nice=False, zero=False, padding=7)
    axis = alt.Axis(
        values=alt.ExprRef("pluck(data('day'), 'at')"), format="d", grid=False, labelFlush=False, labelOverlap="greedy"
    )
    return alt.X("at:Q", title=None, scale=scale, axis=axis)


def _y() -> alt.Y:
    """From the top to the pixels of all panels together: the table span has both ends."""
    return alt.Y("y:Q", axis=None, scale=alt.Scale(reverse=True, nice=False, zero=False))


def _frame(at: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The boxes, their titles, the levels with their numbers, the infusions."""
    left, whole = alt.XValue(0), alt.X2Value("width")
    small: dict[str, Any] = {"baseline": "middle", "fontSize": 10, "color": INK}
    title = {"align": "left", "baseline": "bottom", "dy": -4, "fontSize": 11, "fontWeight": "bold", "color": INK}
    below = alt.XValue(alt.ExprRef("width / 2")), alt.YValue(alt.ExprRef("height"))
    return [
        table("panel")
        .mark_rect(fill="#FFFFFF", stroke="#CCCCCC", strokeWidth=0.7)
        .encode(x=left, x2=whole, y=y, y2=alt.Y2("y2:Q")),
        table("level").mark_rule(stroke=GRID).encode(x=left, x2=whole, y=y),
        text_layer(table("level"), "text", left, y, align="right", dx=-6, **small),
        text_layer(table("title"), "text", left, y, **title),
        table("span").mark_point(opacity=0, size=1).encode(x=at, y=y),
        table("rule")
        .mark_rule(color=FAINT_INK, strokeDash=[3, 3], strokeWidth=0.8, clip=True)
        .encode(x=at, y=y, y2=alt.Y2("y2:Q")),
        text_layer(table("axis"), "text", *below, baseline="top", dy=28, fontSize=12, color=INK),
    ]


def _limits(y: alt.Y, colour: alt.Color) -> list[alt.Chart]:
    """The reference range of a panel with one series as a band, of one with several as thin rules; limits of
    quantification dashed.
    """
    left, whole = alt.XValue(0), alt.X2Value("width")
    words = {"align": "right", "baseline": "bottom", "dx": -3, "dy": -1, "fontSize": 9.5, "color": FAINT_INK}
    return [
        table("band").mark_rect(fill="#009E73", fillOpacity=0.1).encode(x=left, x2=whole, y=y, y2=alt.Y2("y2:Q")),
        table("bound")
        .mark_rule(strokeWidth=0.9, strokeOpacity=0.45, strokeDash=[1, 2])
        .encode(x=left, x2=whole, y=y, color=colour),
        table("limit").mark_rule(stroke=FAINT_INK, strokeDash=[5, 4], strokeWidth=0.9).encode(x=left, x2=whole, y=y),
        text_layer(table("limit"), "words", alt.XValue("width"), y, **words),
    ]


def _bars(at: alt.X, y: alt.Y, width: int) -> list[alt.Chart]:
    """Adverse events with their grade, therapies; the names of their lanes at the left."""
    kinds = list(COLOURS)
    kind = alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[COLOURS[name] for name in kinds]), legend=None)
    limit = max(LEAST_LANE, round(LANE_WORDS * width))
    name = {"align": "right", "baseline": "middle", "dx": -6, "fontSize": 10, "limit": limit, "color": INK}
    grade = {"align": "left", "baseline": "middle", "dx": 4, "fontSize": 9.5, "opacity": WITHIN, "color": INK}
    end = alt.X("end:Q", scale=at["scale"], axis=at["axis"], title=None)
    return [
        table("bar")
        .mark_rule(strokeWidth=BAR, strokeCap="butt", clip=True)
        .encode(x=at, x2=alt.X2("end:Q"), y=y, color=kind),
        text_layer(table("grade"), "text", end, y, **grade),
        text_layer(table("lane"), "text", alt.XValue(0), y, **name),
    ]


def _values(at: alt.X, y: alt.Y, colour: alt.Color, slots: list[int]) -> list[alt.Chart]:
    dashes = alt.Scale(type="ordinal", domain=slots, range=[list(dash) for dash in GROUP_DASHES])
    dash, shape = alt.StrokeDash("slot:Q", scale=dashes, legend=None), _shape(slots)
    piece = alt.Detail("piece:N")
    fill = alt.Fill("slot:Q", scale=colour["scale"], legend=None)
    return [
        table("other")
        .mark_line(stroke=OTHERS, strokeWidth=1, strokeOpacity=0.75, clip=True)
        .encode(x=at, y=y, detail=piece),
        table("line")
        .mark_line(strokeWidth=2, clip=True)
        .encode(x=at, y=y, color=colour, strokeDash=dash, detail=piece),
        table("point").mark_point(size=34, filled=True, opacity=1, clip=True).encode(x=at, y=y, fill=fill, shape=shape),
        table("below")
        .mark_point(size=38, filled=False, fill="#FFFFFF", strokeWidth=1.4, opacity=1, clip=True)
        .encode(x=at, y=y, color=colour, shape=shape),
        table("ring")
        .mark_point(size=105, filled=False, stroke=INK, strokeWidth=1.1, opacity=1, clip=True)
        .encode(x=at, y=y),
    ]


def _shape(slots: list[int]) -> alt.Shape:
    return alt.Shape("slot:Q", scale=alt.Scale(type="ordinal", domain=slots, range=list(GROUP_SHAPES)), legend=None)


def _words(at: alt.X, y: alt.Y, colour: alt.Color, of: tuple[list[int], int]) -> list[alt.Chart]:
    """The key at the right of every panel; values that are derived; the numbers of the infusions above."""
    slots, width = of
    right = alt.XValue(alt.ExprRef("width + 14"))
    fill = alt.Fill("slot:Q", scale=colour["scale"], legend=None)
    key: dict[str, Any] = {"align": "left", "baseline": "middle", "dx": 8, "fontSize": 10.5}
    number: dict[str, Any] = {"align": "left", "dx": 3, "baseline": "top", "fontSize": 10, "color": FAINT_INK}
    number |= {"clip": True}  # beyond the edge it would move the heading
    return [
        table("key")
        .mark_point(size=34, filled=True, opacity=1, clip=False)
        .encode(x=right, y=y, fill=fill, shape=_shape(slots)),
        text_layer(table("key"), "text", right, y, limit=round(KEY_WORDS * width), **key),
        table("marked")
        .mark_text(align="right", baseline="middle", dx=-7, fontSize=9.5, fontStyle="italic", clip=True, color=INK)
        .encode(x=at, y=y, text=alt.Text("text:N")),
        table("infusion").mark_text(**number).encode(x=at, y=alt.YValue(0), text=alt.Text("words:N")),
    ]


def _pointer(at: alt.X, y: alt.Y) -> list[alt.Chart]:
    """What the pointer shows; Shift and wheel zooms, dragging moves, a double click shows all. The wheel alone scrolls
    the page.
    """
    tooltip = tooltips({"reported": "What", "when": "When", "shown": "Value"})
    value = (
        table("entry", HOVER).mark_point(size=120, filled=True, opacity=0, clip=True).encode(x=at, y=y, tooltip=tooltip)
    )
    bar = table("bar", f"{HOVER}_bar").mark_rule(strokeWidth=BAR + 3, opacity=0, clip=True)
    bar = bar.encode(x=at, x2=alt.X2("end:Q"), y=y, tooltip=tooltips({"reported": "What"}))
    period = alt.selection_interval(name="period", bind="scales", encodings=["x"], zoom="wheel![event.shiftKey]")
    return [bar, value.add_params(period)]
