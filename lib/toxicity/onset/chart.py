"""The cumulative incidence of a first adverse event over the tables curve, band, counts, group, tick, heading.

It depends on the number and colours of the groups, never on the selection.
"""

from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import FAINT_INK, GRID, GROUP_DASHES, INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table

PLOT_HEIGHT: Final = 330
FIRST_ROW: Final = 72
ROW_HEIGHT: Final = 16
NAME_WIDTH: Final = 200


@cache
def onset_chart(colours: tuple[str, ...]) -> Specification:
    """The specification for groups of these colours."""
    slots = list(range(len(colours)))
    axis = alt.Axis(values=alt.ExprRef("pluck(data('tick'), 'time')"), format="d", grid=False, labelFlush=False)
    time = alt.X("time:Q", title="Days since infusion", scale=alt.Scale(nice=False, zero=True), axis=axis)
    named = "pluck(data('group'), 'label')[indexof(pluck(data('group'), 'slot'), datum.value)]"
    legend = alt.Legend(
        orient="top", direction="horizontal", symbolType="stroke", symbolOpacity=1, symbolStrokeWidth=3, symbolSize=700, labelExpr=named, columns=3
    )  # fmt: skip
    colour = alt.Color(
        "slot:N",
        title=None,
        scale=alt.Scale(domain=slots, range=list(colours)),
        legend=legend if len(slots) > 1 else None,
    )
    layers = [
        table("tick").mark_rule(color=GRID).encode(x=time),
        *_curves(time, colour, len(slots)),
        *_counts(time, colour),
        keeps("heading"),
    ]
    return publish(alt.layer(*layers), width=740, height=PLOT_HEIGHT + 130 + ROW_HEIGHT * len(slots))


def _curves(time: alt.X, colour: alt.Color, n_groups: int) -> list[alt.Chart]:
    share = alt.Y(
        "incidence:Q", title="Cumulative incidence", scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", grid=False, values=[0, 0.25, 0.5, 0.75, 1]),
    )  # fmt: skip
    dashes = [list(GROUP_DASHES[slot]) for slot in range(n_groups)]
    dash = alt.StrokeDash(
        "slot:N", legend=colour["legend"], title=None, scale=alt.Scale(domain=list(range(n_groups)), range=dashes)
    )
    band = table("band").mark_area(interpolate="step-after", fillOpacity=0.1, opacity=1)
    line = table("curve").mark_line(interpolate="step-after", strokeWidth=2.2, strokeJoin="miter")
    tooltip = [
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("time:Q", title="Day"),
        alt.Tooltip("incidence:Q", title="Incidence", format=".1%"),
        alt.Tooltip("low:Q", title="95 % CI, low", format=".1%"),
        alt.Tooltip("high:Q", title="95 % CI, high", format=".1%"),
    ]
    return [
        band.encode(x=time, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), color=colour),
        line.encode(x=time, y=share, color=colour, strokeDash=dash),
        table("curve", HOVER).mark_point(size=120, filled=True, opacity=0).encode(x=time, y=share, tooltip=tooltip),
    ]


def _counts(time: alt.X, colour: alt.Color) -> list[alt.Chart]:
    """One row of numbers at risk a group, under the axis."""
    row = alt.YValue(alt.ExprRef(f"height + {FIRST_ROW} + {ROW_HEIGHT} * datum.slot"))
    head = alt.YValue(alt.ExprRef(f"height + {FIRST_ROW - ROW_HEIGHT}"))
    number = table("counts").mark_text(fontSize=11, baseline="middle", clip=False)
    name = table("group").mark_text(
        fontSize=11, align="right", baseline="middle", clip=False, fontWeight="bold", limit=NAME_WIDTH
    )
    above = table("heading").mark_text(
        fontSize=11, align="right", baseline="middle", clip=False, text="Free of it and followed"
    )
    return [
        number.encode(x=time, y=row, text=alt.Text("text:N"), color=alt.ColorValue(INK)),
        name.encode(x=alt.XValue(-16), y=row, text=alt.Text("name:N"), color=colour),
        above.encode(x=alt.XValue(-16), y=head, color=alt.ColorValue(FAINT_INK)),
    ]
