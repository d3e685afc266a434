"""The swimmer chart over the tables lane, row, segment, therapy, mark, outside, reference, strip_*, header, tick,
heading.

It depends on the unit, the group colours, the words that the opened cohort uses and the density of lanes, never on the
selection: its height follows the lanes. A click on a lane is a selection named `PICK` of the field patient. Left of the
lanes stand strips: the group is a square in its colour, yes and no are dark and white squares, everything else is text.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import BRIDGING_COLOUR, GRID, INK, THERAPY_COLOUR, YES_NO_COLOURS
from lib.publication.theme import HOVER, Specification, keeps, publish, table
from lib.swimmer.marks import mark_layers, reference_layers

PICK: Final = "lane"
WIDTH: Final = 780
BARS: Final = {"maintenance": (THERAPY_COLOUR, [1, 0]), "bridging": (BRIDGING_COLOUR, [3, 2])}
LEGEND_TITLE, LEGEND_ROW = 24, 14  # pixels
TALL_LANE: Final = 22  # pixels; lanes are lower only where they are many
HEADINGS: Final = 45  # pixels
DARK: Final = 0.25  # relative luminance below which words are white
LETTER: Final = 5.6  # pixels of a letter of the words within lanes
SQUARE, GAP, LABEL_GAP = 8, 5, 8  # pixels
GROUP: Final = "group"
YES_NO: Final = "yes_no"
TEXT: Final = "text"


@dataclass(frozen=True)
class Strip:
    """One column left of the lanes: a square (group, yes_no) or text, and how many pixels it needs."""

    kind: str
    width: int = SQUARE


@dataclass(frozen=True)
class SwimmerLook:
    """What the chart depends on: time unit, group colours, strips, states with their colours, kinds of bars and marks,
    density.

    `named`: states are also written within the lanes.
    """

    unit: str
    colours: tuple[str, ...]
    group_names: tuple[str, ...]
    strips: tuple[Strip, ...]
    state_title: str
    states: tuple[tuple[str, str], ...]
    bars: tuple[str, ...]
    marks: tuple[str, ...]
    lane_height: int
    named: bool = False

    @property
    def font_size(self) -> int:
        """Of what stands beside a lane: smaller where lanes are low."""
        return 11 if self.lane_height >= 14 else 10 if self.lane_height >= 12 else 9

    @property
    def least_rows(self) -> int:
        """How many rows the plot must have for the legends beside it to end above its lower edge."""
        legends = [len(part) for part in (self.states, self.group_names, self.bars, self.marks) if part]
        if any(strip.kind == YES_NO for strip in self.strips):
            legends.append(len(YES_NO_COLOURS))
        height = sum(LEGEND_TITLE + LEGEND_ROW * n for n in legends)
        return math.ceil(height / self.lane_height)


@cache
def swimmer_chart(look: SwimmerLook) -> Specification:
    """The specification."""
    time = _time(look.unit)
    lane = alt.Y("row:O", title=None, axis=None, scale=alt.Scale(paddingInner=0.2, paddingOuter=0.3))
    layers = [
        *_ticks(time, look.lane_height < TALL_LANE),
        *_states(time, lane, look),
        *_pointed_at(time, lane, look),
        *strip_layers(lane, look.strips, look.group_names, look.colours, look.font_size),
        *label_layers(lane, look.strips, look.font_size),
        *_bars(time, lane, look),
        *reference_layers(time),
        *mark_layers(time, lane, look.marks, look.lane_height, look.unit),
        keeps("heading"),
        table("row").mark_point(opacity=0, size=1).encode(x=alt.XValue(0), y=lane),
    ]
    chart = alt.layer(*layers).resolve_scale(
        color="independent", fill="independent", stroke="independent", shape="independent", strokeDash="independent"
    )
    picked = {
        "name": PICK,
        "views": [f"{HOVER}_lane"],
        "select": {"type": "point", "fields": ["patient"], "toggle": False},
    }
    return publish(chart, width=WIDTH, height=alt.Step(look.lane_height)) | {"params": [picked]}


def _time(unit: str) -> alt.X:
    axis = alt.Axis(values=alt.ExprRef("pluck(data('tick'), 'time')"), format="d", grid=False, labelFlush=False)
    return alt.X(
        "time:Q", title=f"{unit.capitalize()} since infusion", scale=alt.Scale(nice=False, zero=True), axis=axis
    )


def _ticks(time: alt.X, above: bool) -> list[alt.Chart]:
    """Faint rules at the ticks; where lanes are many, so that the axis is far below, the times also stand `above`."""
    rules = table("tick").mark_rule(color=GRID).encode(x=time)
    times = table("tick").mark_text(baseline="bottom", dy=-4, fontSize=11, clip=False)
    room = f"scale('x', datum.time) > {HEADINGS}"  # the headings of the strips lean over the first pixels
    text = alt.TextValue(alt.ExprRef(f"{room} ? format(datum.time, 'd') : ''"))
    return [rules, times.encode(x=time, y=alt.YValue(0), text=text, color=alt.ColorValue(INK))] if above else [rules]


def _from(time: alt.X, field: str = "start") -> alt.X:
    return alt.X(f"{field}:Q", scale=time["scale"], axis=time["axis"], title=time["title"])


def _states(time: alt.X, lane: alt.Y, look: SwimmerLook) -> list[alt.Chart]:
    """A line before the infusion, follow-up as a pale bar, states over it: paler and thinner where only carried on."""
    start, end = _from(time), alt.X2("end:Q")
    names, colours = [state for state, _ in look.states], [colour for _, colour in look.states]
    legend = alt.Legend(
        orient="right", symbolType="square", symbolStrokeWidth=0.5, symbolStrokeColor="#999999", symbolOpacity=1
    )
    scale = alt.Scale(domain=names, range=colours)
    colour = alt.Color("state:N", title=look.state_title, scale=scale, legend=legend if names else None)
    again = alt.Color("state:N", scale=scale, legend=None)
    line = table("lane").mark_rule(color="#BBBBBB", strokeWidth=1.5)
    follow_up = table("lane").mark_bar(color="#F0F0F0", stroke="#CCCCCC", strokeWidth=0.5)
    known = table("segment").mark_bar(opacity=1, stroke="#FFFFFF", strokeWidth=0.5)
    carried = known.mark_bar(opacity=1, fillOpacity=0.5, height=alt.RelativeBandSize(0.6))
    layers = [
        line.encode(x=_from(time), x2=alt.X2("zero:Q"), y=lane),
        follow_up.encode(x=_from(time, "zero"), x2=end, y=lane),
        known.transform_filter("datum.assessed").encode(x=start, x2=end, y=lane, color=colour),
        carried.transform_filter("!datum.assessed").encode(x=start, x2=end, y=lane, color=again),
    ]
    return [*layers, *_names(time, lane, look)]


def _names(time: alt.X, lane: alt.Y, look: SwimmerLook) -> list[alt.Chart]:
    """The state within its segment, where there is room for the word between the marks."""
    if not look.named:
        return []
    room = f"(scale('x', datum.free_end) - scale('x', datum.free_start)) > {LETTER} * length(datum.state) + 18"
    text = table("segment").mark_text(align="center", baseline="middle", fontSize=9, clip=True)
    shown = alt.TextValue(alt.ExprRef(f"{room} ? datum.state : ''"))
    names = [state for state, _ in look.states]
    inks = ["#FFFFFF" if _luminance(colour) < DARK else INK for _, colour in look.states]
    colour = alt.Color("state:N", scale=alt.Scale(domain=names, range=inks), legend=None)
    return [text.encode(x=_from(time, "middle"), y=lane, text=shown, color=colour)]


def _luminance(colour: str) -> float:
    """From 0 (black) to 1 (white), as WCAG 2 weighs the channels."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _pointed_at(time: alt.X, lane: alt.Y, look: SwimmerLook) -> list[alt.Chart]:
    """Unseen bars that answer the pointer with everything known there: the lane, and over it its states."""
    who = [alt.Tooltip("patient:N", title="Patient"), alt.Tooltip("group:N", title="Group")]
    known = [
        alt.Tooltip("best:N", title="Best response"),
        alt.Tooltip("course:N", title="Course"),
        alt.Tooltip("facts:N", title="Patient is"),
    ]
    state = [
        alt.Tooltip("state:N", title=look.state_title),
        alt.Tooltip("start:Q", title=f"From, {look.unit}", format=".1f"),
        alt.Tooltip("end:Q", title=f"To, {look.unit}", format=".1f"),
        alt.Tooltip("days:N", title="Days"),
        alt.Tooltip("how:N", title="State"),
    ]
    followed = [alt.Tooltip("followed:N", title="Follow-up")]
    lanes = table("lane", f"{HOVER}_lane").mark_bar(opacity=0, cursor="pointer")
    states = table("segment", f"{HOVER}_segment").mark_bar(opacity=0, cursor="pointer")
    end = alt.X2("end:Q")
    return [
        lanes.encode(x=_from(time), x2=end, y=lane, tooltip=who + followed + known),
        states.encode(x=_from(time), x2=end, y=lane, tooltip=who + state + known),
    ]


def _bars(time: alt.X, lane: alt.Y, look: SwimmerLook) -> list[alt.Chart]:
    """Maintenance as a solid line under the lane, bridging as a dashed one."""
    if not look.bars:
        return [keeps("therapy")]
    names = [kind.capitalize() for kind in look.bars]
    legend = alt.Legend(orient="right", symbolType="stroke", symbolStrokeWidth=4, symbolSize=250, symbolOpacity=1)
    colours, dashes = [BARS[kind][0] for kind in look.bars], [BARS[kind][1] for kind in look.bars]
    stroke = alt.Stroke("legend:N", title="Under the lane", scale=alt.Scale(domain=names, range=colours), legend=legend)
    dash = alt.StrokeDash(
        "legend:N", title="Under the lane", scale=alt.Scale(domain=names, range=dashes), legend=legend
    )
    tooltip = [
        alt.Tooltip("patient:N", title="Patient"),
        alt.Tooltip("therapy:N", title="Therapy"),
        alt.Tooltip("kind:N", title="Kind"),
        alt.Tooltip("start:Q", title=f"From, {look.unit}", format=".1f"),
        alt.Tooltip("end:Q", title=f"To, {look.unit}", format=".1f"),
        alt.Tooltip("days:N", title="Days"),
    ]
    rule = table("therapy").mark_rule(strokeWidth=max(2, look.lane_height // 6), strokeCap="butt")
    under = alt.YOffsetValue(round(look.lane_height * 0.8, 1))
    return [
        rule.encode(
            x=_from(time), x2=alt.X2("end:Q"), y=lane, yOffset=under, stroke=stroke, strokeDash=dash, tooltip=tooltip
        )
    ]


def strip_layers(
    lane: alt.Y, strips: tuple[Strip, ...], names: tuple[str, ...], colours: tuple[str, ...], font_size: int
) -> list[alt.Chart]:
    """The strips, the last one next to the lanes, each with its heading above."""
    first = next((place for place, strip in enumerate(strips) if strip.kind == YES_NO), -1)
    layers = []
    for place, strip in enumerate(strips):
        right = -LABEL_GAP - sum(each.width + GAP for each in strips[place + 1 :])
        if strip.kind == TEXT:
            layers.append(_text(lane, place, right - strip.width, strip.width, font_size))
        else:
            fill = _group_fill(names, colours) if strip.kind == GROUP else _yes_no_fill(place == first)
            layers.append(_squares(lane, place, right, fill))
        middle = right - (SQUARE / 2 if strip.kind != TEXT else strip.width - 4)
        layers.append(_heading(place, middle))
    return layers


def label_layers(lane: alt.Y, strips: tuple[Strip, ...], font_size: int) -> list[alt.Chart]:
    """Headers of groups within the lanes' rows, and the patients' names left of all strips."""
    left = -LABEL_GAP - sum(strip.width + GAP for strip in strips) - 4
    header = table("header").mark_text(
        align="left", baseline="middle", fontSize=font_size + 1, fontWeight="bold", clip=False
    )
    names = table("lane").mark_text(align="right", baseline="middle", fontSize=font_size, limit=120, clip=False)
    headers = header.encode(x=alt.XValue(4), y=lane, text=alt.Text("text:N"), color=alt.ColorValue(INK))
    named = names.transform_filter("datum.labelled")
    return [headers, named.encode(x=alt.XValue(left), y=lane, text=alt.Text("patient:N"), color=alt.ColorValue(INK))]


def _squares(lane: alt.Y, place: int, right: float, fill: alt.Fill) -> alt.Chart:
    square = table(f"strip_{place}").mark_bar(stroke="#666666", strokeWidth=0.5, clip=False)
    return square.encode(x=alt.XValue(right - SQUARE), x2=alt.X2Value(right), y=lane, fill=fill)


def _text(lane: alt.Y, place: int, left: float, width: int, font_size: int) -> alt.Chart:
    text = table(f"strip_{place}").mark_text(
        align="left", baseline="middle", fontSize=font_size, limit=width, clip=False
    )
    return text.encode(x=alt.XValue(left), y=lane, text=alt.Text("value:N"), color=alt.ColorValue(INK))


def _heading(place: int, middle: float) -> alt.Chart:
    head = table(f"strip_head_{place}").mark_text(angle=300, align="left", baseline="middle", fontSize=10, clip=False)
    return head.encode(x=alt.XValue(middle), y=alt.YValue(-4), text=alt.Text("text:N"), color=alt.ColorValue(INK))


def _group_fill(names: tuple[str, ...], colours: tuple[str, ...]) -> alt.Fill:
    squares = alt.Legend(orient="right", symbolType="square", symbolStrokeWidth=0, symbolOpacity=1)
    return alt.Fill("value:N", title="Group", scale=alt.Scale(domain=list(names), range=list(colours)), legend=squares)


def _yes_no_fill(first: bool) -> alt.Fill:
    """One legend serves all strips of yes and no."""
    answers = alt.Scale(domain=list(YES_NO_COLOURS), range=list(YES_NO_COLOURS.values()))
    squares = alt.Legend(
        orient="right", symbolType="square", symbolStrokeWidth=0.7, symbolStrokeColor="#666666", symbolOpacity=1
    )
    return alt.Fill("value:N", title="Strips", scale=answers, legend=squares if first else None)
