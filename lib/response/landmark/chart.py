"""Responses at landmarks over the tables part, row, landmark, heading: one stacked bar of all infused a landmark and group.

Flows between landmarks over the tables node, ribbon, column, group, heading: a node a state, a band as wide as the patients who went from one
to the next. Both depend on the landmarks, the states and the groups of the opened cohort, never on the selection.
"""

from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table
from lib.response.chart import OUTLINE, state_colour

ROW_HEIGHT: Final = 24
ROW_GAP: Final = 0.5  # of a row, between two landmarks
GROUP_LABEL: Final = 140  # pixels for a group's name beside the axis
LANDMARK_LABEL: Final = 70
PANEL_HEIGHT: Final = 250
LEFT, RIGHT = 0.06, 0.26  # of the distance between two landmarks, beside the first and the last
NODE: Final = 0.008  # half the width of a node, of the width of the plot


@cache
def bars_chart(n_landmarks: int, states: tuple[str, ...], colours: tuple[str, ...]) -> Specification:
    """The specification of the stacked bars."""
    rows = n_landmarks * (len(colours) + ROW_GAP)
    axis = alt.Axis(values=[0, 25, 50, 75, 100], grid=True, labelFlush=False)
    share = alt.X("start:Q", title="All infused, %", scale=alt.Scale(domain=[0, 100], nice=False), axis=axis)
    down = alt.Scale(domain=[0, rows], nice=False, reverse=True)
    place = alt.Y("top:Q", title=None, scale=down, axis=None)
    middle = alt.Y("middle:Q", scale=down, axis=None)
    told = {
        "landmark": "Landmark",
        "group": "Group",
        "words": "State",
        "n": "Patients",
        "of": "of",
        "carried": "Carried forward",
    }
    bar = table("part").mark_bar(stroke=OUTLINE, strokeWidth=0.6)
    label = table("part").mark_text(baseline="middle", fontSize=11)
    name = table("row").mark_text(align="right", baseline="middle", fontSize=11, limit=GROUP_LABEL, clip=False)
    landmark = table("landmark").mark_text(
        align="right", baseline="middle", fontSize=12, fontWeight="bold", limit=LANDMARK_LABEL + 20, clip=False
    )
    slots = list(range(len(colours)))
    group = alt.Color("slot:N", legend=None, scale=alt.Scale(domain=slots, range=list(colours)))
    left = -8 if len(colours) == 1 else -(GROUP_LABEL + 18)
    ends = {"x": share, "x2": alt.X2("end:Q"), "y": place, "y2": alt.Y2("bottom:Q")}
    layers = [
        bar.encode(**ends, color=state_colour(states)),
        table("part", HOVER).mark_bar(opacity=0).encode(**ends, tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in told.items()]),
        label.encode(x=alt.X("center:Q", scale=share["scale"], axis=axis, title=share["title"]), y=middle, text=alt.Text("label:N"), color=alt.Color("ink:N", scale=None)),
        name.encode(x=alt.XValue(-8), y=middle, text=alt.Text("label:N"), color=group),
        landmark.encode(x=alt.XValue(left), y=middle, text=alt.Text("label:N"), color=alt.ColorValue(INK)),
        keeps("heading"),
    ]  # fmt: skip
    chart = alt.layer(*layers).resolve_scale(color="independent")
    return publish(chart, width=780, height=int(150 + ROW_HEIGHT * rows))


def node_half(n_landmarks: int) -> float:
    """Half the width of a node, in distances between two landmarks."""
    return NODE * (n_landmarks - 1 + LEFT + RIGHT)


@cache
def flow_chart(n_landmarks: int, states: tuple[str, ...], colours: tuple[str, ...]) -> Specification:
    """The specification of the flows."""
    across = alt.Scale(domain=[-LEFT, n_landmarks - 1 + RIGHT], nice=False, zero=False)
    down = alt.Scale(nice=False, zero=False, reverse=True)
    x, y = alt.X("at:Q", scale=across, axis=None), alt.Y("top:Q", scale=down, axis=None)
    ends = {"x": alt.X("left:Q", scale=across, axis=None), "x2": alt.X2("right:Q"), "y": y, "y2": alt.Y2("bottom:Q")}
    colour, silent = state_colour(states, offset=30 if len(colours) > 1 else 12), state_colour(states, legend=False)
    told = {"landmark": "Landmark", "group": "Group", "words": "State", "n": "Patients", "of": "of"}
    ribbon = table("ribbon").mark_area(opacity=1, fillOpacity=0.55, stroke=OUTLINE, strokeWidth=0.4, strokeOpacity=0.6)
    node = table("node").mark_rect(stroke="#555555", strokeWidth=0.7, opacity=1)
    label = table("node").mark_text(align="left", baseline="middle", fontSize=11, clip=False)
    column = table("column").mark_text(baseline="top", fontSize=12, fontWeight="bold", clip=False)
    group = table("group").mark_text(align="left", baseline="bottom", fontSize=12, fontWeight="bold", clip=False)
    slots = alt.Color("slot:N", legend=None, scale=alt.Scale(domain=list(range(len(colours))), range=list(colours)))
    ways = {"start": "From", "end": "To", "group": "Group", "n": "Patients", "of": "of"}
    layers = [
        ribbon.encode(x=x, y=y, y2=alt.Y2("bottom:Q"), detail=alt.Detail("ribbon:N"), color=silent),
        table("middle", HOVER).mark_point(size=200, opacity=0).encode(x=x, y=y, tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in ways.items()]),
        node.encode(**ends, color=colour, tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in told.items()]),
        label.encode(x=alt.X("right:Q", scale=across, axis=None), y=alt.Y("label_at:Q", scale=down, axis=None), text=alt.Text("label:N"), color=alt.ColorValue(INK), xOffset=alt.XOffsetValue(5)),
        column.encode(x=x, y=alt.YValue(alt.ExprRef("height + 10")), text=alt.Text("label:N"), color=alt.ColorValue(INK)),
        *([group.encode(x=alt.XValue(0), y=y, text=alt.Text("label:N"), color=slots, yOffset=alt.YOffsetValue(-5))] if len(colours) > 1 else [keeps("group")]),
        keeps("heading"),
    ]  # fmt: skip
    chart = alt.layer(*layers).resolve_scale(color="independent")
    return publish(chart, width=780, height=int(150 + (PANEL_HEIGHT if len(colours) > 1 else 330) * len(colours)))
