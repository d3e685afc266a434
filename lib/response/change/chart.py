"""The waterfall over the tables bar, beyond, header, level, heading, and the spider over the tables line, last, level, heading.

Both depend on the groups and states of the opened cohort and on the name of the marker, never on the selection. The axis ends at +100 %: what is
beyond is cut there and its number written.
"""

from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import FAINT_INK, GROUP_DASHES, GROUP_SHAPES, INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table
from lib.response.chart import OUTLINE, state_colour

HEIGHT: Final = 430
LEVELS: Final = (-25, -50, -90)  # reference lines: MR, PR and VGPR of serum M-protein (IMWG)
HIGHEST: Final = 100
TICKS: Final = (-100, -75, -50, -25, 0, 25, 50, 75, 100)


def _change(title: str) -> alt.Y:
    axis = alt.Axis(
        values=list(TICKS),
        format="+d",
        grid=False,
        labelExpr="datum.value === 0 ? '0' : replace(datum.label, '-', '−')",
        titleLimit=HEIGHT,
    )
    return alt.Y("change:Q", title=title, scale=alt.Scale(domain=[-105, 108], nice=False, zero=False), axis=axis)


def _levels(y: alt.Y) -> list[alt.Chart]:
    """Dashed lines with their numbers at the right edge."""
    label = table("level").mark_text(align="left", baseline="middle", dx=4, fontSize=10, color=FAINT_INK, clip=False)
    return [
        table("level").mark_rule(strokeDash=[4, 4], color=FAINT_INK, strokeWidth=0.8).encode(y=y),
        label.encode(x=alt.XValue("width"), y=y, text=alt.Text("words:N")),
    ]


@cache
def waterfall_chart(title: str, states: tuple[str, ...], colours: tuple[str, ...]) -> Specification:
    """One bar a patient, groups side by side."""
    y = _change(title)
    scale = alt.Scale(nice=False, zero=False)
    left = alt.X("left:Q", scale=scale, axis=None)
    middle = alt.X("at:Q", scale=scale, axis=None)
    ends = {
        "x": left,
        "x2": alt.X2("right:Q"),
        "y": alt.Y("top:Q", scale=y["scale"], axis=y["axis"], title=title),
        "y2": alt.Y2("bottom:Q"),
    }
    told = {
        "patient": "Patient",
        "group": "Group",
        "best": "Best response",
        "shown": "Change",
        "values": "Value",
        "day": "Day",
    }
    slots = alt.Color("slot:N", legend=None, scale=alt.Scale(domain=list(range(len(colours))), range=list(colours)))
    letter = table("bar").mark_text(fontSize=10, clip=False)
    header = table("header").mark_text(align="left", baseline="bottom", fontSize=12, fontWeight="bold", clip=False)
    layers = [
        *_levels(y),
        table("bar").mark_rect(stroke=OUTLINE, strokeWidth=0.25, opacity=1).encode(**ends, color=state_colour(states, columns=9, offset=26 if len(colours) > 1 else 12)),
        table("zero").mark_rule(color=INK, strokeWidth=1).encode(y=y),
        table("bar", HOVER).mark_rect(opacity=0).encode(**ends, tooltip=[alt.Tooltip(f"{field}:N", title=name) for field, name in told.items()]),
        letter.encode(x=middle, y=alt.Y("letter_at:Q", scale=y["scale"], axis=y["axis"], title=title), text=alt.Text("letters:N"), color=alt.ColorValue(INK)),
        table("beyond").mark_text(fontSize=10, baseline="bottom", dy=-3, clip=False).encode(x=middle, y=y, text=alt.Text("words:N"), color=alt.ColorValue(INK)),
        header.encode(x=left, y=alt.YValue(-5), text=alt.Text("label:N"), color=slots) if len(colours) > 1 else keeps("header"),
        keeps("heading"),
    ]  # fmt: skip
    chart = alt.layer(*layers).resolve_scale(color="independent")
    return publish(chart, width=780, height=HEIGHT)


@cache
def spider_chart(title: str, colours: tuple[str, ...]) -> Specification:
    """One line a patient in the colour of its group."""
    y, slots = _change(title), list(range(len(colours)))
    x = alt.X(
        "day:Q",
        title="Days since infusion",
        scale=alt.Scale(nice=False, zero=True),
        axis=alt.Axis(grid=False, labelFlush=False, tickCount=10),
    )
    colour, dash, shape = _by_group(slots, colours)
    told = {
        "patient": "Patient",
        "group": "Group",
        "best": "Best response",
        "day": "Day",
        "shown": "Change",
        "values": "Value",
    }
    near = alt.selection_point(name="near", on="pointerover", clear="pointerout", empty=False, fields=["patient"])
    width = alt.condition(near, alt.StrokeWidthValue(3), alt.StrokeWidthValue(1.3))
    line = table("line").mark_line(opacity=1)
    layers = [
        *_levels(y),
        table("zero").mark_rule(color=INK, strokeWidth=1).encode(y=y),
        line.encode(x=x, y=y, color=colour, strokeDash=dash, detail=alt.Detail("patient:N"), strokeWidth=width, strokeOpacity=alt.StrokeOpacity("strength:Q", scale=None, legend=None)),
        table("line").mark_point(filled=True, size=22, opacity=1).encode(x=x, y=y, color=colour, shape=shape, fillOpacity=alt.FillOpacity("strength:Q", scale=None, legend=None)),
        table("line", HOVER).mark_point(size=110, opacity=0).encode(x=x, y=y, tooltip=[alt.Tooltip(f"{field}:N", title=name) for field, name in told.items()]).add_params(near),
        table("last").mark_text(align="left", dx=6, fontSize=10, clip=False).encode(x=x, y=y, text=alt.Text("letters:N"), color=alt.ColorValue(INK)),
        keeps("group"), keeps("heading"),
    ]  # fmt: skip
    return publish(alt.layer(*layers), width=780, height=HEIGHT)


def _by_group(slots: list[int], colours: tuple[str, ...]) -> tuple[alt.Color, alt.StrokeDash, alt.Shape]:
    """Colour, line type and symbol of the groups."""
    colour = alt.Color(
        "slot:N",
        title=None,
        scale=alt.Scale(domain=slots, range=list(colours)),
        legend=None,
    )
    dash = alt.StrokeDash(
        "slot:N",
        title=None,
        scale=alt.Scale(domain=slots, range=[list(GROUP_DASHES[slot % len(GROUP_DASHES)]) for slot in slots]),
        legend=None,
    )
    shape = alt.Shape(
        "slot:N",
        title=None,
        scale=alt.Scale(domain=slots, range=[GROUP_SHAPES[slot % len(GROUP_SHAPES)] for slot in slots]),
        legend=None,
    )
    return colour, dash, shape
