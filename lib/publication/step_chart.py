"""Step curves with rows of numbers under the axis, as a Vega-Lite specification: what every chart of them is built of.

Kaplan-Meier curves stand over the tables curve, line, band, censored, median, counts, group, tick, heading (`step_chart`), incidences over
curve, band, counts, group, tick, heading. A chart depends on its words and on the number and colours of the groups, never on the
selection: ticks, key and heading read the tables through expressions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt

from lib.publication.palette import FAINT_INK, GRID, GROUP_DASHES, INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table

PLOT_HEIGHT: Final = 330
COUNTS: Final = (("at_risk", "at risk"), ("censored", "censored"), ("events", "events"))
CENSOR_TICK: Final = "M0,-1L0,1"
LABEL_WIDTH: Final = 150
PALE: Final = 0.38  # opacity of a curve where few are at risk
BAND, PALE_BAND = 0.13, 0.05  # opacity of a band, and of one where few are at risk
# No scales: the legend would take the opacities for those of the groups. No conditions: exporters take these out.
PALER: Final = alt.Opacity("ink:Q", scale=None, legend=None)
PALER_FILL: Final = alt.FillOpacity("ink:Q", scale=None, legend=None)


@dataclass(frozen=True)
class CountRows:
    """The rows of numbers under the axis, of the tables counts and group: `each` for a group, in pixels.

    Several rows have their own words beside the names of the groups; of one, `above` says what is counted. `name` is the column of
    the names, which end at `names_at` and are cut at `width`. The first row leaves room for the labels and the title of the axis.
    """

    each: int = len(COUNTS)
    name: str = "label"
    names_at: int = -82
    width: int = LABEL_WIDTH
    above: str = ""
    first: int = 60
    height: int = 15
    gap: int = 5  # more room between the rows of two groups

    def total(self, n_groups: int) -> int:
        """The height of the rows of all groups."""
        return (self.each * self.height + self.gap) * n_groups


@dataclass(frozen=True)
class IncidenceWords:
    """What the chart of one incidence calls its axes, the share at the pointer, and the numbers under the axis."""

    since: str
    share: str
    pointer: str
    counted: str


@cache
def step_chart(
    unit: str, share: str, colours: tuple[str, ...], limits: bool, origin: str = "infusion"
) -> Specification:
    """Kaplan-Meier curves of this many groups; `share` names the vertical axis, `limits` draws the confidence band."""
    time, colour = time_axis(unit, origin), group_colour(colours)
    y, stretch = share_axis("survival", share), alt.Detail("stretch:N")
    band = band_area().encode(x=time, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), color=colour, fillOpacity=PALER_FILL)
    censored = table("censored").mark_point(shape=CENSOR_TICK, size=90, strokeWidth=1.6, filled=False, opacity=1)
    layers = [
        band.encode(detail=stretch) if limits else keeps("band"),
        *_medians(time, colour),
        step_line().encode(x=time, y=y, color=colour, strokeDash=dashes(colour), opacity=PALER, detail=stretch),
        censored.encode(x=time, y=y, color=colour),
        hover(time, y, tooltip(unit), colour),
    ]
    rows = CountRows(name="name" if len(colours) > 1 else "label")  # of several groups the key says how many they are
    return with_counts(time, layers, rows, colours, 140)


@cache
def incidence_chart(words: IncidenceWords, colours: tuple[str, ...]) -> Specification:
    """One cumulative incidence of this many groups, in days."""
    time, colour = time_axis("days", words.since), group_colour(colours)
    y = share_axis("incidence", words.share)
    layers = [
        incidence_band(time, colour, 0.1),
        incidence_line().encode(x=time, y=y, color=colour, strokeDash=dashes(colour)),
        hover(time, y, _tooltip("Day", "incidence", words.pointer), colour),
    ]
    rows = CountRows(1, "name", -16, 200, words.counted, first=72, height=16, gap=0)
    return with_counts(time, layers, rows, colours, 130, width=740)


def with_counts(
    time: alt.X, layers: Sequence[alt.Chart], rows: CountRows, colours: tuple[str, ...], extra: int, width: int = 700
) -> Specification:
    """The curves between rules at the ticks and the rows of numbers; `extra` is the height of what is neither plot nor rows."""
    drawn = [table("tick").mark_rule(color=GRID).encode(x=time), *layers, *_counts(time, group_colour(colours), rows)]
    height = PLOT_HEIGHT + extra + rows.total(len(colours))
    return publish(alt.layer(*drawn, keeps("heading")), width=width, height=height)


def time_axis(unit: str, origin: str = "infusion") -> alt.X:
    """Time since the origin, with ticks at the times of the table tick."""
    ticks = alt.ExprRef("pluck(data('tick'), 'time')")
    axis = alt.Axis(values=ticks, format="d", grid=False, labelFlush=False, labelOverlap=False)
    title = f"{unit.capitalize()} since {origin}"
    return alt.X("time:Q", title=title, scale=alt.Scale(nice=False, zero=True), axis=axis)


def share_axis(field: str, title: str) -> alt.Y:
    """Shares from 0 to 100 %."""
    axis = alt.Axis(format=".0%", grid=False, values=[0, 0.25, 0.5, 0.75, 1])
    return alt.Y(f"{field}:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=axis)


def group_colour(colours: tuple[str, ...]) -> alt.Color:
    """The colour of each slot; what they are called stands in the key (lib/publication/key.py)."""
    return alt.Color("slot:N", scale=alt.Scale(domain=list(range(len(colours))), range=list(colours)), legend=None)


def dashes(colour: alt.Color) -> alt.StrokeDash:
    """The line type of each group."""
    slots = list(range(len(colour["scale"]["domain"])))
    kinds = alt.Scale(domain=slots, range=[list(GROUP_DASHES[slot % len(GROUP_DASHES)]) for slot in slots])
    return alt.StrokeDash("slot:N", scale=kinds, legend=None)


def step_line() -> alt.Chart:
    """Kaplan-Meier curves: the table line, in which each stretch is a line of its own, paler where few are at risk."""
    return _line(table("line").transform_calculate(ink=f"datum.thin ? {PALE} : 1"))


def band_area() -> alt.Chart:
    """Their confidence bands, paler where few are at risk."""
    paler = table("band").transform_calculate(ink=f"datum.thin ? {PALE_BAND} : {BAND}")
    return paler.mark_area(interpolate="step-after", opacity=1)


def incidence_line() -> alt.Chart:
    """Incidence curves: the table curve."""
    return _line(table("curve"))


def incidence_band(time: alt.X, colour: alt.Color, opacity: float) -> alt.Chart:
    """Their confidence bands."""
    area = table("band").mark_area(interpolate="step-after", fillOpacity=opacity, opacity=1)
    return area.encode(x=time, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), color=colour)


def _line(curve: alt.Chart) -> alt.Chart:
    return curve.mark_line(interpolate="step-after", strokeWidth=2.2, strokeJoin="miter")


def hover(
    x: alt.X, y: alt.Y, shown: list[alt.Tooltip], colour: alt.Color | alt.ColorValue, near: Sequence[str] = ("time", "group"), curve: str = "curve",
) -> alt.Chart:  # fmt: skip
    """The point of a curve that is nearest to the pointer, found by the fields `near`, with the tooltips that it shows."""
    nearest = alt.selection_point(
        name="near", on="pointerover", nearest=True, empty=False, clear="pointerout", fields=list(near)
    )
    opacity = alt.condition(nearest, alt.OpacityValue(1), alt.OpacityValue(0))
    points = table(curve, name=HOVER).mark_point(size=60, filled=True)
    return points.encode(x=x, y=y, color=colour, opacity=opacity, tooltip=shown).add_params(nearest)


def tooltip(unit: str, field: str = "survival", share: str = "Probability") -> list[alt.Tooltip]:
    """What is shown of a point of a curve at the pointer."""
    return [*_tooltip(unit.capitalize(), field, share), alt.Tooltip("n_at_risk:Q", title="At risk", format="d")]


def _tooltip(time: str, field: str, share: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("time:Q", title=time, format=".2~f"),
        alt.Tooltip(f"{field}:Q", title=share, format=".1%"),
        alt.Tooltip("low:Q", title="95 % CI, low", format=".1%"),
        alt.Tooltip("high:Q", title="95 % CI, high", format=".1%"),
    ]


def _medians(time: alt.X, colour: alt.Color) -> list[alt.Chart]:
    across = table("median").mark_rule(strokeDash=[3, 3], strokeWidth=1, color=FAINT_INK)
    down = table("median").mark_rule(strokeDash=[3, 3], strokeWidth=1.2)
    return [
        across.encode(x=alt.X("start:Q"), x2=alt.X2("time:Q"), y=alt.Y("left:Q")),
        down.encode(x=time, y=alt.Y("zero:Q"), y2=alt.Y2("left:Q"), color=colour),
    ]


def _counts(time: alt.X, colour: alt.Color, rows: CountRows) -> list[alt.Chart]:
    """The numbers under the axis, in the same view: the columns cannot drift from the ticks."""
    place = "datum.slot" if rows.each == 1 else "datum.row"
    gap = f" + {rows.gap} * floor(datum.row / {rows.each})" if rows.gap else ""
    row = alt.YValue(alt.ExprRef(f"height + {rows.first} + {rows.height} * {place}{gap}"))
    at_left: dict[str, Any] = {"fontSize": 11, "align": "right", "baseline": "middle", "clip": False}
    number = table("counts").mark_text(fontSize=11, baseline="middle", clip=False)
    name = table("group").mark_text(
        **at_left, fontWeight="bold", limit=rows.width, lineHeight=rows.height, lineBreak="\n"
    )
    if rows.above:
        head, end = alt.YValue(alt.ExprRef(f"height + {rows.first - rows.height}")), alt.XValue(rows.names_at)
        words = table("heading").mark_text(**at_left, text=rows.above).encode(x=end, y=head)
    else:
        words = table("group").mark_text(**at_left).encode(x=alt.XValue(-22), y=row, text=alt.Text("words:N"))
    return [
        number.encode(x=time, y=row, text=alt.Text("text:N"), color=alt.ColorValue(INK)),
        words.encode(color=alt.ColorValue(FAINT_INK)),
        name.encode(x=alt.XValue(rows.names_at), y=row, text=alt.Text(f"{rows.name}:N"), color=colour),
    ]
