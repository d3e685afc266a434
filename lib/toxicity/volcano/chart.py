"""The volcano over the tables point, name, leader, limit, level, group, heading: difference of shares against -log10 p.

It depends on the colours of the groups, never on the selection; the axes end where the rows of `limit` lie.
"""

from functools import cache
from typing import Final, Literal

import altair as alt

from lib.publication.palette import FAINT_INK, GROUP_SHAPES, INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table

WIDTH: Final = 780
HEIGHT: Final = 520
SIDES: Final[tuple[tuple[int, Literal["left", "right"]], ...]] = ((-1, "right"), (1, "left"))
PLOT: Final = (690.0, 390.0)  # about what axes and legend leave of it


@cache
def volcano_chart(colours: tuple[str, ...], reference: int) -> Specification:
    """The specification for groups of these colours, of which the one at place `reference` is compared with."""
    signed = "(datum.value > 0 ? '+' : datum.value < 0 ? '−' : '') + format(abs(datum.value), '.12~g')"
    x = alt.X(
        "x:Q", title="Difference of shares, % points", scale=alt.Scale(nice=False, zero=False),
        axis=alt.Axis(labelExpr=signed, grid=True, tickCount=9, labelFlush=False),
    )  # fmt: skip
    y = alt.Y(
        "y:Q",
        title="−log10 p (Fisher's exact test)",
        scale=alt.Scale(nice=False, zero=True),
        axis=alt.Axis(grid=False, tickCount=6),
    )
    layers = [
        table("limit").mark_point(opacity=0, size=1, aria=False).encode(x=x, y=y),
        table("limit").mark_rule(color=INK, strokeWidth=1).encode(x=alt.X("zero:Q")),
        table("level").mark_rule(color=FAINT_INK, strokeDash=[4, 4], strokeWidth=1).encode(y=y),
        *_points(x, y, colours, reference),
        *_names(x, y),
        keeps("group"),
        keeps("heading"),
    ]
    chart = alt.layer(*layers).resolve_scale(color="independent", shape="independent", size="independent")
    return publish(chart, width=WIDTH, height=HEIGHT)


def _points(x: alt.X, y: alt.Y, colours: tuple[str, ...], reference: int) -> list[alt.Chart]:
    others = [slot for slot in range(len(colours)) if slot != reference]
    colour = alt.Color(
        "slot:N", title=None, legend=None, scale=alt.Scale(domain=others, range=[colours[slot] for slot in others])
    )
    shapes = alt.Scale(domain=others, range=[GROUP_SHAPES[slot] for slot in others])
    shape = alt.Shape("slot:N", title=None, legend=None, scale=shapes)
    tooltip = [
        alt.Tooltip("term:N", title="Event"),
        alt.Tooltip("group:N", title="Groups"),
        alt.Tooltip("words:N", title="Patients"),
        alt.Tooltip("difference:N", title="Difference, % points"),
        alt.Tooltip("p:N", title="p"),
    ]
    return [
        table("point").mark_point(filled=True, fillOpacity=0.75, opacity=1, size=90, stroke="#FFFFFF", strokeWidth=0.5)
        .encode(x=x, y=y, color=colour, shape=shape),
        table("point", HOVER).mark_point(filled=True, opacity=0, size=180).encode(x=x, y=y, tooltip=tooltip),
    ]  # fmt: skip


def _names(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Names with a thin line to their point, and what the dashed levels mean."""
    to = {"x2": alt.X2("to_x:Q"), "y2": alt.Y2("to_y:Q")}
    names = [
        table("name")
        .transform_filter(f"datum.side == {side}")
        .mark_text(align=align, baseline="middle", fontSize=11, clip=False, color=INK, dx=2 * side)
        .encode(x=x, y=y, text=alt.Text("label:N"))
        for side, align in SIDES
    ]
    levels = table("level").mark_text(align="right", baseline="bottom", fontSize=10, dy=-2, clip=False, color=FAINT_INK)
    return [
        table("leader").mark_rule(color=FAINT_INK, strokeWidth=0.6).encode(x=x, y=y, **to),
        *names,
        levels.encode(x=alt.XValue(alt.ExprRef("width - 4")), y=y, text=alt.Text("label:N")),
    ]
