"""The chart of Hy's law over the tables point, limit, words, axis, group, heading: log axes, a symbol a patient or crowded place.

It depends on the number and colours of the groups, never on the selection.
"""

from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import FAINT_INK, GRID, GROUP_SHAPES
from lib.publication.theme import HOVER, Specification, keeps, publish, table

HEIGHT: Final = 470
LEVELS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0)


@cache
def hys_law_chart(colours: tuple[str, ...]) -> Specification:
    """The specification for groups of these colours."""
    slots = list(range(len(colours)))
    alt_times, bilirubin = (
        _axis("alt", "Peak ALT, × ULN (log scale)", alt.X),
        _axis("bilirubin", "Peak bilirubin, × ULN (log scale)", alt.Y),
    )
    layers = [
        table("axis").mark_rule(color=GRID, strokeWidth=0.6).encode(x=alt_times),
        table("axis").mark_rule(color=GRID, strokeWidth=0.6).encode(y=bilirubin),
        table("limit").mark_rule(color=FAINT_INK, strokeDash=[5, 4], strokeWidth=1).encode(x=alt_times),
        table("limit").mark_rule(color=FAINT_INK, strokeDash=[5, 4], strokeWidth=1).encode(y=bilirubin),
        *_words(),
        *_points(alt_times, bilirubin, slots, colours),
        keeps("heading"),
        keeps("group"),
    ]
    return publish(alt.layer(*layers), width=560, height=HEIGHT)


def _axis(name: str, title: str, channel: type[alt.X] | type[alt.Y]) -> alt.X | alt.Y:
    scale = alt.Scale(type="log", nice=False, zero=False)
    return channel(f"{name}:Q", title=title, scale=scale, axis=alt.Axis(values=list(LEVELS), format="~g", grid=False, labelOverlap=True))  # fmt: skip


def _words() -> list[alt.Chart]:
    """The name of each quadrant in the corner that is its own."""
    text = {"fontSize": 11, "color": FAINT_INK, "fontStyle": "italic", "clip": False}
    right, left = alt.XValue("width"), alt.XValue(0)
    top, bottom = alt.YValue(0), alt.YValue("height")
    corners = (
        ("hy", right, top, "right", "top", -5, 6), ("bilirubin", left, top, "left", "top", 5, 6),
        ("alt", right, bottom, "right", "bottom", -5, -6), ("neither", left, bottom, "left", "bottom", 5, -6),
    )  # fmt: skip
    return [
        table("words").mark_text(align=align, baseline=base, dx=dx, dy=dy, **text).encode(x=x, y=y, text=alt.Text(f"{name}:N"))
        for name, x, y, align, base, dx, dy in corners
    ]  # fmt: skip


def _points(x: alt.X, y: alt.Y, slots: list[int], colours: tuple[str, ...]) -> list[alt.Chart]:
    named = "pluck(data('group'), 'label')[indexof(pluck(data('group'), 'slot'), datum.value)]"
    legend = (
        alt.Legend(orient="top", labelExpr=named, columns=4, symbolSize=90, symbolOpacity=1) if len(slots) > 1 else None
    )
    colour = alt.Color("slot:N", title=None, scale=alt.Scale(domain=slots, range=list(colours)), legend=legend)
    shapes = [GROUP_SHAPES[slot % len(GROUP_SHAPES)] for slot in slots]
    shape = alt.Shape("slot:N", title=None, scale=alt.Scale(domain=slots, range=shapes), legend=legend)
    told = [
        alt.Tooltip("patient:N", title="Patient"), alt.Tooltip("group:N", title="Group"), alt.Tooltip("alt:Q", title="ALT, × ULN", format=".2~f"),
        alt.Tooltip("bilirubin:Q", title="Bilirubin, × ULN", format=".2~f"), alt.Tooltip("n:Q", title="Patients here"),
    ]  # fmt: skip
    size = alt.Size("area:Q", scale=None, legend=None)
    return [
        table("point").mark_point(filled=True, opacity=0.75, stroke="#FFFFFF", strokeWidth=0.6).encode(x=x, y=y, color=colour, shape=shape, size=size),
        table("point", HOVER).mark_point(size=160, filled=True, opacity=0).encode(x=x, y=y, tooltip=told),
    ]  # fmt: skip
