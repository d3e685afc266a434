"""The timeline over the tables stretch, inside, beside, open, lane, group, heading: one lane a patient, its height follows the lanes.

It depends on the groups of the opened cohort, never on the selection.
"""

from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import FAINT_INK, GRADE_COLOURS, INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table

LANE: Final = 16
LABEL: Final = 120


@cache
def timeline_chart(colours: tuple[str, ...]) -> Specification:
    """The specification for groups of these colours."""
    day = alt.X("start:Q", title="Days since infusion", scale=alt.Scale(nice=True, zero=True), axis=alt.Axis(grid=True, labelFlush=False, tickCount=10, tickMinStep=1))  # fmt: skip
    lane = alt.Y("lane:O", title=None, axis=None, scale=alt.Scale(paddingInner=0.2, paddingOuter=0.3))
    layers = [*_stretches(day, lane), *_digits(lane), *_patients(lane, colours), keeps("group"), keeps("heading")]
    chart = alt.layer(*layers).resolve_scale(color="independent", fill="independent")
    published = publish(chart, width=780, height=alt.Step(LANE))
    published["config"]["legend"]["layout"] = {"top": {"anchor": "start", "direction": "vertical", "margin": 3}}
    return published


def _stretches(day: alt.X, lane: alt.Y) -> list[alt.Chart]:
    names = list(GRADE_COLOURS)
    legend = alt.Legend(
        orient="top", direction="horizontal", symbolType="square", symbolOpacity=1, columns=6, titleOrient="left"
    )
    grade = alt.Color(
        "grade:N", title="Grade", scale=alt.Scale(domain=names, range=list(GRADE_COLOURS.values())), legend=legend
    )
    ends = {"x": day, "x2": alt.X2("end:Q"), "y": lane}
    tooltip = [
        alt.Tooltip("patient:N", title="Patient"),
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("grade:N", title="Grade"),
        alt.Tooltip("start:Q", title="First day"),
        alt.Tooltip("stop:Q", title="Last day"),
    ]
    arrow = table("open").mark_point(shape="M0,-1L1.6,0L0,1Z", filled=True, size=36, opacity=1, color=INK, clip=False)
    return [
        table("stretch").mark_bar(opacity=1, stroke="#FFFFFF", strokeWidth=0.5).encode(**ends, color=grade),
        table("stretch", HOVER).mark_bar(opacity=0).encode(**ends, tooltip=tooltip),
        arrow.encode(x=alt.X("end:Q"), y=lane),
    ]


def _digits(lane: alt.Y) -> list[alt.Chart]:
    """The grade within its stretch, or behind one that is too short for it."""
    inside = table("inside").mark_text(fontSize=10, baseline="middle", fontWeight="bold")
    beside = table("beside").mark_text(fontSize=10, baseline="middle", align="left", dx=3, clip=False)
    ink = alt.Color("dark:N", legend=None, scale=alt.Scale(domain=[False, True], range=[INK, "#FFFFFF"]))
    return [
        inside.encode(x=alt.X("middle:Q"), y=lane, text=alt.Text("digit:N"), color=ink),
        beside.encode(x=alt.X("end:Q"), y=lane, text=alt.Text("digit:N"), color=alt.ColorValue(INK)),
    ]


def _patients(lane: alt.Y, colours: tuple[str, ...]) -> list[alt.Chart]:
    """The patient in front of each lane, and a strip in the colour of the group with its legend."""
    slots = alt.Scale(domain=list(range(len(colours))), range=list(colours))
    fill = alt.Fill("slot:N", scale=slots, legend=None)
    strip = table("lane").mark_bar(opacity=1)
    labels = table("lane").mark_text(align="right", baseline="middle", fontSize=10, limit=LABEL, clip=False)
    return [
        strip.encode(x=alt.XValue(-12), x2=alt.X2Value(-5), y=lane, fill=fill),
        labels.encode(x=alt.XValue(-18), y=lane, text=alt.Text("patient:N"), color=alt.ColorValue(FAINT_INK)),
    ]
