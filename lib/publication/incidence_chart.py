"""One cumulative incidence by group in days, over the tables curve, band, counts, group, tick, heading; numbers under the axis.

It depends on its words and on the number and colours of the groups, never on the selection.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import FAINT_INK, INK
from lib.publication.step_chart import dashes, tick_rules
from lib.publication.theme import HOVER, Specification, keeps, publish, table

PLOT_HEIGHT: Final = 330
FIRST_ROW: Final = 72
ROW_HEIGHT: Final = 16
NAME_WIDTH: Final = 200


@dataclass(frozen=True)
class IncidenceWords:
    """What the chart calls its axes, the share at the pointer, and the numbers under the axis."""

    since: str
    share: str
    told: str
    counted: str


@cache
def incidence_chart(words: IncidenceWords, colours: tuple[str, ...]) -> Specification:
    """The specification for groups of these colours."""
    axis = alt.Axis(values=alt.ExprRef("pluck(data('tick'), 'time')"), format="d", grid=False, labelFlush=False)
    time = alt.X("time:Q", title=f"Days since {words.since}", scale=alt.Scale(nice=False, zero=True), axis=axis)
    colour = _colour(colours)
    layers = [
        tick_rules(time),
        *_curves(time, colour, words),
        *_counts(time, colour, words.counted),
        keeps("heading"),
    ]
    return publish(alt.layer(*layers), width=740, height=PLOT_HEIGHT + 130 + ROW_HEIGHT * len(colours))


def _colour(colours: tuple[str, ...]) -> alt.Color:
    scale = alt.Scale(domain=list(range(len(colours))), range=list(colours))
    return alt.Color("slot:N", title=None, scale=scale, legend=None)


def _curves(time: alt.X, colour: alt.Color, words: IncidenceWords) -> list[alt.Chart]:
    share = alt.Y(
        "incidence:Q", title=words.share, scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", grid=False, values=[0, 0.25, 0.5, 0.75, 1]),
    )  # fmt: skip
    tooltip = [
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("time:Q", title="Day"),
        alt.Tooltip("incidence:Q", title=words.told, format=".1%"),
        alt.Tooltip("low:Q", title="95 % CI, low", format=".1%"),
        alt.Tooltip("high:Q", title="95 % CI, high", format=".1%"),
    ]
    band = table("band").mark_area(interpolate="step-after", fillOpacity=0.1, opacity=1)
    line = table("curve").mark_line(interpolate="step-after", strokeWidth=2.2, strokeJoin="miter")
    return [
        band.encode(x=time, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), color=colour),
        line.encode(x=time, y=share, color=colour, strokeDash=dashes(colour)),
        table("curve", HOVER).mark_point(size=120, filled=True, opacity=0).encode(x=time, y=share, tooltip=tooltip),
    ]


def _counts(time: alt.X, colour: alt.Color, counted: str) -> list[alt.Chart]:
    """One row of numbers a group, under the axis."""
    row = alt.YValue(alt.ExprRef(f"height + {FIRST_ROW} + {ROW_HEIGHT} * datum.slot"))
    head = alt.YValue(alt.ExprRef(f"height + {FIRST_ROW - ROW_HEIGHT}"))
    number = table("counts").mark_text(fontSize=11, baseline="middle", clip=False)
    name = table("group").mark_text(
        fontSize=11, align="right", baseline="middle", clip=False, fontWeight="bold", limit=NAME_WIDTH
    )
    above = table("heading").mark_text(fontSize=11, align="right", baseline="middle", clip=False, text=counted)
    return [
        number.encode(x=time, y=row, text=alt.Text("text:N"), color=alt.ColorValue(INK)),
        name.encode(x=alt.XValue(-16), y=row, text=alt.Text("name:N"), color=colour),
        above.encode(x=alt.XValue(-16), y=head, color=alt.ColorValue(FAINT_INK)),
    ]
