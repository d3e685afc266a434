"""Kaplan-Meier curves as a Vega-Lite specification over the tables curve, line, band, censored, median, counts, group, tick, heading.

It depends on the unit, the axis' title and the number and colours of the groups, never on the selection: ticks, legend
and heading read the tables through expressions.
"""

from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import FAINT_INK, GRID, GROUP_DASHES, INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table

PLOT_HEIGHT: Final = 330
ROW_HEIGHT: Final = 15
GROUP_GAP: Final = 5  # more room between the rows of two groups
FIRST_ROW: Final = 60  # pixels from the axis to the first row of counts: tick labels and axis title stand between
COUNTS: Final = (("at_risk", "at risk"), ("censored", "censored"), ("events", "events"))
CENSOR_TICK: Final = "M0,-1L0,1"
LABEL_WIDTH: Final = 150
PALE: Final = 0.38  # opacity of a curve where few are at risk
BAND, PALE_BAND = 0.13, 0.05  # opacity of a band, and of one where few are at risk
# No scales: the legend would take the opacities for those of the groups. No conditions: exporters take these out.
PALER: Final = alt.Opacity("ink:Q", scale=None, legend=None)
PALER_FILL: Final = alt.FillOpacity("ink:Q", scale=None, legend=None)


@cache
def step_chart(
    unit: str, share: str, colours: tuple[str, ...], limits: bool, origin: str = "infusion"
) -> Specification:
    """The specification for this many groups; `share` names the vertical axis, `limits` draws the confidence band."""
    time, colour = time_axis(unit, origin), group_colour(colours)
    band = [_band(time, colour)] if limits else [keeps("band")]
    layers = [
        tick_rules(time),
        *band,
        *_medians(time, colour),
        *_curves(time, _share(share), colour, unit),
        *counts(time, colour),
    ]
    return publish(
        alt.layer(*layers, keeps("heading")),
        width=700,
        height=PLOT_HEIGHT + 140 + (3 * ROW_HEIGHT + GROUP_GAP) * len(colours),
    )


def time_axis(unit: str, origin: str = "infusion") -> alt.X:
    """Time since the origin, with ticks at the times of the table tick."""
    ticks = alt.ExprRef("pluck(data('tick'), 'time')")
    axis = alt.Axis(values=ticks, format="d", grid=False, labelFlush=False, labelOverlap=False)
    return alt.X(
        "time:Q", title=f"{unit.capitalize()} since {origin}", scale=alt.Scale(nice=False, zero=True), axis=axis
    )


def _share(title: str) -> alt.Y:
    axis = alt.Axis(format=".0%", grid=False, values=[0, 0.25, 0.5, 0.75, 1])
    return alt.Y("survival:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=axis)


def group_colour(colours: tuple[str, ...]) -> alt.Color:
    """The colour of each slot; what they are called stands in the key (lib/publication/key.py)."""
    return alt.Color("slot:N", scale=alt.Scale(domain=list(range(len(colours))), range=list(colours)), legend=None)


def tick_rules(time: alt.X) -> alt.Chart:
    """A faint rule at each tick."""
    return table("tick").mark_rule(color=GRID).encode(x=time)


def _band(time: alt.X, colour: alt.Color) -> alt.Chart:
    drawn = band_area().encode(x=time, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), color=colour)
    return drawn.encode(fillOpacity=PALER_FILL, detail=alt.Detail("stretch:N"))


def _medians(time: alt.X, colour: alt.Color) -> list[alt.Chart]:
    across = table("median").mark_rule(strokeDash=[3, 3], strokeWidth=1, color=FAINT_INK)
    down = table("median").mark_rule(strokeDash=[3, 3], strokeWidth=1.2)
    return [
        across.encode(x=alt.X("start:Q"), x2=alt.X2("time:Q"), y=alt.Y("left:Q")),
        down.encode(x=time, y=alt.Y("zero:Q"), y2=alt.Y2("left:Q"), color=colour),
    ]


def _curves(time: alt.X, share: alt.Y, colour: alt.Color, unit: str) -> list[alt.Chart]:
    near = nearest("time", "group")
    censored = table("censored").mark_point(shape=CENSOR_TICK, size=90, strokeWidth=1.6, filled=False, opacity=1)
    shown = alt.condition(near, alt.OpacityValue(1), alt.OpacityValue(0))
    hover = table("curve", name=HOVER).mark_point(size=60, filled=True)
    return [
        step_line().encode(x=time, y=share, color=colour, strokeDash=dashes(colour), opacity=PALER, detail=alt.Detail("stretch:N")),
        censored.encode(x=time, y=share, color=colour),
        hover.encode(x=time, y=share, color=colour, opacity=shown, tooltip=tooltip(unit)).add_params(near),
    ]  # fmt: skip


def step_line() -> alt.Chart:
    """The curves: the table line, in which each stretch is a line of its own, paler where few are at risk."""
    return (
        table("line")
        .transform_calculate(ink=f"datum.thin ? {PALE} : 1")
        .mark_line(interpolate="step-after", strokeWidth=2.2, strokeJoin="miter")
    )


def band_area() -> alt.Chart:
    """The confidence bands, paler where few are at risk."""
    return (
        table("band")
        .transform_calculate(ink=f"datum.thin ? {PALE_BAND} : {BAND}")
        .mark_area(interpolate="step-after", opacity=1)
    )


def dashes(colour: alt.Color) -> alt.StrokeDash:
    """The line type of each group."""
    slots = list(range(len(colour["scale"]["domain"])))
    kinds = alt.Scale(domain=slots, range=[list(GROUP_DASHES[slot % len(GROUP_DASHES)]) for slot in slots])
    return alt.StrokeDash("slot:N", scale=kinds, legend=None)


def nearest(*fields: str) -> alt.Parameter:
    """What the pointer is near to."""
    return alt.selection_point(
        name="near", on="pointerover", nearest=True, empty=False, clear="pointerout", fields=list(fields)
    )


def tooltip(unit: str) -> list[alt.Tooltip]:
    """What the pointer tells of a point of a curve."""
    return [
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("time:Q", title=unit.capitalize(), format=".2~f"),
        alt.Tooltip("survival:Q", title="Probability", format=".1%"),
        alt.Tooltip("low:Q", title="95 % CI, low", format=".1%"),
        alt.Tooltip("high:Q", title="95 % CI, high", format=".1%"),
        alt.Tooltip("n_at_risk:Q", title="At risk", format="d"),
    ]


def counts(time: alt.X, colour: alt.Color) -> list[alt.Chart]:
    """At risk, censored and events under the axis, in the same view: the columns cannot drift from the ticks.

    Of several groups the legend says how many they are, here stands the name alone.
    """
    several = len(colour["scale"]["domain"]) > 1
    row = alt.YValue(
        alt.ExprRef(f"height + {FIRST_ROW} + {ROW_HEIGHT} * datum.row + {GROUP_GAP} * floor(datum.row / 3)")
    )
    number = table("counts").mark_text(fontSize=11, baseline="middle", clip=False)
    words = table("group").mark_text(fontSize=11, align="right", baseline="middle", clip=False)
    name = table("group").mark_text(
        fontSize=11,
        align="right",
        baseline="middle",
        clip=False,
        fontWeight="bold",
        limit=LABEL_WIDTH,
        lineHeight=ROW_HEIGHT,
        lineBreak="\n",
    )
    return [
        number.encode(x=time, y=row, text=alt.Text("text:N"), color=alt.ColorValue(INK)),
        words.encode(x=alt.XValue(-22), y=row, text=alt.Text("words:N"), color=alt.ColorValue(FAINT_INK)),
        name.encode(x=alt.XValue(-82), y=row, text=alt.Text("name:N" if several else "label:N"), color=colour),
    ]
