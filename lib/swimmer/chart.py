"""The swimmer chart over the tables lane, segment, therapy, mark, strip, header, tick, heading.

It depends on the unit, the group colours, the words that the opened cohort uses and the density of lanes, never on the selection:
its height follows the lanes.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import GRID, INK, RESPONSE_COLOURS, THERAPY_COLOUR, YES_NO_COLOURS
from lib.publication.theme import HOVER, Specification, keeps, publish, table

MARKS: Final[dict[str, tuple[str, str]]] = {  # shape and fill of each mark, terminal ones last
    "First response": ("M0,-1L.87,.5L-.87,.5Z", "#FFFFFF"),
    "Progression": ("M-.9,0L0,-.9L.9,0L0,.9Z", "#D7301F"),
    "Death": ("M-.75,-.75L.75,.75M.75,-.75L-.75,.75", "#000000"),
    "Ongoing": ("M-.3,-.8L1.1,0L-.3,.8Z", "#333333"),
    "Last contact": ("M0,-1L0,1", "#333333"),
}
STRIP_WIDTH: Final = 8
STRIP_STEP: Final = 13
LABEL_GAP: Final = 8


@dataclass(frozen=True)
class SwimmerLook:
    """What the chart depends on: time unit, group colours, strips, states, kinds of marks, therapies, pixels a lane, legends."""

    unit: str
    colours: tuple[str, ...]
    group_names: tuple[str, ...]
    strips: tuple[str, ...]
    states: tuple[str, ...]
    maintenance: bool
    lane_height: int
    labels: bool


@cache
def swimmer_chart(look: SwimmerLook) -> Specification:
    """The specification."""
    time = _time(look.unit)
    lane = alt.Y("row:O", title=None, axis=None, scale=alt.Scale(paddingInner=0.2, paddingOuter=0.3))
    layers = [
        table("tick").mark_rule(color=GRID).encode(x=time),
        *_bars(time, lane, look),
        *_strips(lane, look),
        *_labels(lane, look),
        *_therapies(time, lane, look),
        *_marks(time, lane, look),
        keeps("heading"),
    ]
    chart = alt.layer(*layers).resolve_scale(
        color="independent", fill="independent", stroke="independent", shape="independent"
    )
    return publish(chart, width=780, height=alt.Step(look.lane_height))


def _time(unit: str) -> alt.X:
    axis = alt.Axis(values=alt.ExprRef("pluck(data('tick'), 'time')"), format="d", grid=False, labelFlush=False)
    return alt.X(
        "time:Q", title=f"{unit.capitalize()} since infusion", scale=alt.Scale(nice=False, zero=True), axis=axis
    )


def _bars(time: alt.X, lane: alt.Y, look: SwimmerLook) -> list[alt.Chart]:
    """Follow-up as a pale bar, response states over it; paler again where a state is only carried on."""
    states = list(look.states)
    colour = alt.Color(
        "state:N", title="Response", scale=alt.Scale(domain=states, range=[RESPONSE_COLOURS[state] for state in states]),
        legend=alt.Legend(orient="right", symbolType="square", symbolStrokeWidth=0.5, symbolStrokeColor="#999999", symbolOpacity=1) if states else None,
    )  # fmt: skip
    tooltip = [
        alt.Tooltip("patient:N", title="Patient"),
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("state:N", title="Response"),
        alt.Tooltip("start:Q", title=f"From, {look.unit}", format=".1f"),
        alt.Tooltip("end:Q", title=f"To, {look.unit}", format=".1f"),
        alt.Tooltip("how:N", title="State"),
        alt.Tooltip("facts:N", title="Patient is"),
    ]
    start = alt.X("start:Q", scale=time["scale"], axis=time["axis"], title=time["title"])
    follow_up = table("lane").mark_bar(color="#F0F0F0", stroke="#CCCCCC", strokeWidth=0.5)
    segment = table("segment").mark_bar(opacity=1, stroke="#FFFFFF", strokeWidth=0.5)
    shown = alt.FillOpacity("assessed:N", scale=alt.Scale(domain=[True, False], range=[1, 0.45]), legend=None)
    return [
        follow_up.encode(x=start, x2=alt.X2("end:Q"), y=lane),
        segment.encode(x=start, x2=alt.X2("end:Q"), y=lane, color=colour, fillOpacity=shown),
        table("segment", HOVER).mark_bar(opacity=0).encode(x=start, x2=alt.X2("end:Q"), y=lane, tooltip=tooltip),
    ]


def _strips(lane: alt.Y, look: SwimmerLook) -> list[alt.Chart]:
    """Columns of squares left of the axis: the group in its colour, yes or no in dark or white."""
    groups = alt.Fill(
        "value:N", title="Group", scale=alt.Scale(domain=list(look.group_names), range=list(look.colours)),
        legend=alt.Legend(orient="right", symbolType="square", symbolStrokeWidth=0, symbolOpacity=1) if look.group_names else None,
    )  # fmt: skip
    answers = alt.Scale(domain=list(YES_NO_COLOURS), range=list(YES_NO_COLOURS.values()))
    squares = alt.Legend(
        orient="right", symbolType="square", symbolStrokeWidth=0.7, symbolStrokeColor="#666666", symbolOpacity=1
    )
    first = next((name for name in look.strips if name), "")  # one legend serves all strips of yes and no
    layers = []
    for place, name in enumerate(look.strips):
        right = -LABEL_GAP - STRIP_STEP * (len(look.strips) - 1 - place)
        square = table(f"strip_{place}").mark_bar(stroke="#666666", strokeWidth=0.5, clip=False)
        yes_no = alt.Fill("value:N", title="Strips", scale=answers, legend=squares if name == first else None)
        fill = groups if name == "" else yes_no
        layers.append(square.encode(x=alt.XValue(right - STRIP_WIDTH), x2=alt.X2Value(right), y=lane, fill=fill))
        head = table(f"strip_head_{place}").mark_text(
            angle=300, align="left", baseline="middle", fontSize=10, clip=False
        )
        layers.append(
            head.encode(
                x=alt.XValue(right - STRIP_WIDTH / 2),
                y=alt.YValue(-4),
                text=alt.Text("text:N"),
                color=alt.ColorValue(INK),
            )
        )
    return layers


def _labels(lane: alt.Y, look: SwimmerLook) -> list[alt.Chart]:
    left = -LABEL_GAP - STRIP_STEP * len(look.strips) - 6
    header = table("header").mark_text(align="left", baseline="middle", fontSize=12, fontWeight="bold", clip=False)
    names = table("lane").mark_text(align="right", baseline="middle", fontSize=11, limit=120, clip=False)
    headers = header.encode(x=alt.XValue(4), y=lane, text=alt.Text("text:N"), color=alt.ColorValue(INK))
    if not look.labels:
        return [headers]
    return [headers, names.encode(x=alt.XValue(left), y=lane, text=alt.Text("patient:N"), color=alt.ColorValue(INK))]


def _therapies(time: alt.X, lane: alt.Y, look: SwimmerLook) -> list[alt.Chart]:
    if not look.maintenance:
        return [keeps("therapy")]
    stroke = alt.Stroke(
        "legend:N", title="Therapy", scale=alt.Scale(domain=["Maintenance"], range=[THERAPY_COLOUR]),
        legend=alt.Legend(orient="right", symbolType="stroke", symbolStrokeWidth=4, symbolOpacity=1),
    )  # fmt: skip
    tooltip = [
        alt.Tooltip("patient:N", title="Patient"),
        alt.Tooltip("therapy:N", title="Maintenance"),
        alt.Tooltip("start:Q", title=f"From, {look.unit}", format=".1f"),
        alt.Tooltip("end:Q", title=f"To, {look.unit}", format=".1f"),
    ]
    rule = table("therapy").mark_rule(strokeWidth=max(2, look.lane_height // 6), strokeCap="butt")
    start = alt.X("start:Q", scale=time["scale"], axis=time["axis"], title=time["title"])
    under = alt.YOffsetValue(round(look.lane_height * 0.8, 1))
    return [rule.encode(x=start, x2=alt.X2("end:Q"), y=lane, yOffset=under, stroke=stroke, tooltip=tooltip)]


def _marks(time: alt.X, lane: alt.Y, look: SwimmerLook) -> list[alt.Chart]:
    kinds = list(MARKS)
    size = 75 if look.lane_height >= 16 else 40
    legend = alt.Legend(title="Event", orient="right", symbolSize=75, symbolStrokeWidth=1.2, symbolOpacity=1)
    shape = alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=[MARKS[kind][0] for kind in kinds]), legend=legend)
    fill = alt.Fill("kind:N", scale=alt.Scale(domain=kinds, range=[MARKS[kind][1] for kind in kinds]), legend=legend)
    stroke = alt.Stroke("kind:N", scale=alt.Scale(domain=kinds, range=["#111111"] * len(kinds)), legend=legend)
    tooltip = [
        alt.Tooltip("patient:N", title="Patient"),
        alt.Tooltip("kind:N", title="Event"),
        alt.Tooltip("time:Q", title=look.unit.capitalize(), format=".1f"),
    ]
    point = table("mark").mark_point(size=size, strokeWidth=1.2, opacity=1, filled=False)
    return [point.encode(x=time, y=lane, shape=shape, fill=fill, stroke=stroke, tooltip=tooltip)]
