"""The difference of two curves over time, over the tables difference, band, zero, tick, counts, group, heading.

It depends on unit, endpoint, the groups' names and colours, never on the selection; the axis always runs from -100 to 100 points.
"""

from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import FAINT_INK, INK
from lib.publication.step_chart import (
    GROUP_GAP,
    PLOT_HEIGHT,
    ROW_HEIGHT,
    counts,
    group_colour,
    nearest,
    tick_rules,
    time_axis,
)
from lib.publication.theme import HOVER, Specification, keeps, publish, table

POINTS: Final = "(datum.value > 0 ? '+' : datum.value < 0 ? '−' : '') + format(abs(datum.value) * 100, 'd')"


@cache
def difference_chart(
    unit: str, group: str, reference: str, colours: tuple[str, ...], limits: bool = True, origin: str = "infusion"
) -> Specification:
    """The specification; `colours` are those of the two groups, in their order, for the rows under the axis."""
    time = time_axis(unit, origin)
    layers = [
        tick_rules(time),
        *([_band(time)] if limits else []),
        table("zero").mark_rule(color=FAINT_INK, strokeDash=[3, 3]).encode(y=alt.Y("zero:Q")),
        *_curve(time, f"{group} − {reference}, percentage points", unit),
        *counts(time, group_colour(colours)),
    ]
    height = PLOT_HEIGHT + 110 + (3 * ROW_HEIGHT + GROUP_GAP) * len(colours)
    return publish(alt.layer(*layers, keeps("heading")), width=700, height=height)


def _band(time: alt.X) -> alt.Chart:
    area = table("band").mark_area(interpolate="step-after", fillOpacity=0.13, color=INK)
    return area.encode(x=time, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))


def _curve(time: alt.X, title: str, unit: str) -> list[alt.Chart]:
    axis = alt.Axis(values=[-1, -0.5, 0, 0.5, 1], labelExpr=POINTS, grid=False, titleLimit=PLOT_HEIGHT)
    y = alt.Y("difference:Q", title=title, scale=alt.Scale(domain=[-1, 1]), axis=axis)
    near = nearest("time")
    told = [
        alt.Tooltip("time:Q", title=unit.capitalize(), format=".2~f"),
        alt.Tooltip("difference:Q", title="Difference", format="+.1%"),
        alt.Tooltip("low:Q", title="95 % CI, low", format="+.1%"),
        alt.Tooltip("high:Q", title="95 % CI, high", format="+.1%"),
    ]
    shown = alt.condition(near, alt.OpacityValue(1), alt.OpacityValue(0))
    hover = table("difference", name=HOVER).mark_point(size=60, filled=True, color=INK)
    return [
        table("difference").mark_line(interpolate="step-after", strokeWidth=2.2, color=INK).encode(x=time, y=y),
        hover.encode(x=time, y=y, opacity=shown, tooltip=told).add_params(near),
    ]
