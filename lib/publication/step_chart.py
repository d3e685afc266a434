"""Step curves with rows of numbers under the axis, as a Vega-Lite specification: what every chart of them is built of.

Kaplan-Meier curves stand over the tables curve, line, band, censored, median, end, box, counts, group, tick, heading
(`step_chart`), incidences over curve, band, counts, group, tick, heading. A chart depends on its words and on the
groups, never on the selection.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt

from lib.publication.key import keyed
from lib.publication.palette import FAINT_INK, GRID, INK, PAPER, group_colours, line_dashes
from lib.publication.step_layout import BESIDE_PLOT, BOX_EDGE, BOX_LINE, FIRST, LINE, SYMBOL, StepLayout
from lib.publication.text_width import SCREEN, SMALL
from lib.publication.theme import HOVER, Specification, keeps, publish, table

CENSOR_TICK: Final = "M0,-1L0,1"
KEY_ROW: Final = 24  # pixels of a key of one row
INTERVAL: Final = (
    "isValid(datum.low) && isValid(datum.high) ? format(datum.low, '.1%') + '–' + format(datum.high, '.1%') : 'not"
    " estimable'"
)
PALE: Final = 0.38  # opacity of a curve where few are at risk
BAND, PALE_BAND = 0.13, 0.05  # opacity of a band, and of one where few are at risk
# No scales: the legend would take the opacities for those of the groups. No conditions: exporters take these out.
PALER: Final = alt.Opacity("ink:Q", scale=None, legend=None)
PALER_FILL: Final = alt.FillOpacity("ink:Q", scale=None, legend=None)


@dataclass(frozen=True)
class IncidenceWords:
    """What the chart of one incidence calls its axes, the share at the pointer, and the numbers under the axis."""

    since: str
    share: str
    pointer: str
    counted: str


@cache
def step_chart(
    unit: str,
    share: str,
    colours: tuple[str, ...],
    origin: str = "infusion",
    layout: StepLayout | None = None,
) -> Specification:
    """Kaplan-Meier curves of this many groups; `share` names the vertical axis.

    With a layout there is a box with the comparison, and the names stand at the ends of the curves where they fit.
    """
    place = layout or StepLayout(len(colours))
    time, colour = time_axis(unit, origin), group_colour(colours)
    y, stretch = share_axis("survival", share), alt.Detail("stretch:N")
    shown = alt.Y("drawn:Q", title=y["title"], scale=y["scale"], axis=y["axis"])
    band = band_area().encode(x=time, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), color=colour, fillOpacity=PALER_FILL)
    censored = _drawn(table("censored"), "survival").mark_point(
        shape=CENSOR_TICK, size=80, strokeWidth=1.4, filled=False, opacity=1
    )
    layers = [
        band.encode(detail=stretch),
        *_medians(time, colour),
        step_line().encode(x=time, y=shown, color=colour, strokeDash=dashes(colour), opacity=PALER, detail=stretch),
        censored.encode(x=time, y=shown, color=colour),
        *(_end_names(colours) if place.at_ends else []),
        hover(time, y, tooltip(unit), colour),
    ]
    return with_counts(time, boxed(layers) if layout else layers, place)


def named_step_chart(unit: str, share: str, groups: Sequence[Any], origin: str, layout: StepLayout) -> Specification:
    """Kaplan-Meier curves of these groups of the opened cohort, with a key above where the names are not at the
    ends."""
    chart = step_chart(unit, share, group_colours(groups), origin, layout)
    return chart if layout.at_ends else keyed(chart, groups)


@cache
def incidence_chart(words: IncidenceWords, colours: tuple[str, ...], width: int = SCREEN) -> Specification:
    """One cumulative incidence of this many groups, in days."""
    time, colour = time_axis("days", words.since), group_colour(colours)
    y = share_axis("incidence", words.share)
    layers = [
        incidence_band(time, colour, 0.1),
        incidence_line().encode(x=time, y=y, color=colour, strokeDash=dashes(colour)),
        hover(time, y, _tooltip("Day", "incidence", words.pointer), colour),
    ]
    return with_counts(time, layers, StepLayout(len(colours), width=width, blocks=(words.counted,)))


def with_counts(time: alt.X, layers: Sequence[alt.Chart], layout: StepLayout, more: int = 0) -> Specification:
    """The curves between rules at the ticks and the rows of numbers; `more` pixels for what else stands above the
    plot."""
    drawn = [table("tick").mark_rule(color=GRID).encode(x=time), *layers, *_counts(time, layout)]
    key = KEY_ROW if layout.keyed else 0
    chart = publish(alt.layer(*drawn, keeps("heading")), width=layout.width, height=layout.height + key + more)
    chart["title"]["fontWeight"] = "bold"
    return chart


def time_axis(unit: str, origin: str = "infusion") -> alt.X:
    """Time since the origin, with ticks at the times of the table tick."""
    ticks = alt.ExprRef("pluck(data('tick'), 'time')")
    axis = alt.Axis(values=ticks, format="d", grid=False, labelFlush=False, labelOverlap=False)
    title = f"{unit.capitalize()} since {origin}"
    return alt.X("time:Q", title=title, scale=alt.Scale(nice=False, zero=True), axis=axis)


def share_axis(field: str, title: str) -> alt.Y:
    """Shares from 0 to 100 %; the title has the percent sign, the ticks have none."""
    axis = alt.Axis(
        labelExpr="format(datum.value * 100, 'd')", grid=False, values=[0, 0.25, 0.5, 0.75, 1], titlePadding=4
    )
    return alt.Y(f"{field}:Q", title=f"{title} (%)", scale=alt.Scale(domain=[0, 1]), axis=axis)


def group_colour(colours: tuple[str, ...]) -> alt.Color:
    """The colour of each slot; what they are called stands at the curves or in the key (lib/publication/key.py)."""
    return alt.Color("slot:N", scale=alt.Scale(domain=list(range(len(colours))), range=list(colours)), legend=None)


def dashes(colour: alt.Color) -> alt.StrokeDash:
    """The line type of each group."""
    slots = list(range(len(colour["scale"]["domain"])))
    kinds = alt.Scale(domain=slots, range=[list(dash) for dash in line_dashes(len(slots))])
    return alt.StrokeDash("slot:N", scale=kinds, legend=None)


def step_line() -> alt.Chart:
    """Kaplan-Meier curves: the table line, in which each stretch is a line of its own, paler where few are at risk."""
    return _line(_drawn(table("line"), "survival").transform_calculate(ink=f"datum.thin ? {PALE} : 1"))


def _drawn(layer: alt.Chart, field: str) -> alt.Chart:
    """With the height at which a step is drawn: beside another curve that it would hide (the column `beside`, where
    there is one)."""
    return layer.transform_calculate(drawn=f"datum.{field} + (datum.beside || 0)")


def band_area() -> alt.Chart:
    """Their confidence bands, paler where few are at risk."""
    paler = table("band").transform_calculate(ink=f"datum.thin ? {PALE_BAND} : {BAND}")
    return paler.mark_area(interpolate="step-after", opacity=1)


def incidence_line() -> alt.Chart:
    """Incidence curves: the table curve."""
    return _line(_drawn(table("curve"), "incidence"))


def incidence_band(time: alt.X, colour: alt.Color, opacity: float) -> alt.Chart:
    """Their confidence bands."""
    area = table("band").mark_area(interpolate="step-after", fillOpacity=opacity, opacity=1)
    return area.encode(x=time, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), color=colour)


def _line(curve: alt.Chart) -> alt.Chart:
    return curve.mark_line(interpolate="step-after", strokeWidth=2, strokeJoin="miter")


def hover(
    x: alt.X,
    y: alt.Y,
    shown: list[alt.Tooltip],
    colour: alt.Color | alt.ColorValue,
    near: Sequence[str] = ("time", "group"),
    curve: str = "curve",
) -> alt.Chart:
    """The point of a curve that is nearest to the pointer, found by the fields `near`, with the tooltips that it
    shows."""
    nearest = alt.selection_point(
        name="near", on="pointerover", nearest=True, empty=False, clear="pointerout", fields=list(near)
    )
    opacity = alt.condition(nearest, alt.OpacityValue(1), alt.OpacityValue(0))
    points = table(curve, name=HOVER).transform_calculate(interval=INTERVAL).mark_point(size=60, filled=True)
    return points.encode(x=x, y=y, color=colour, opacity=opacity, tooltip=shown).add_params(nearest)


def tooltip(unit: str, field: str = "survival", share: str = "Probability") -> list[alt.Tooltip]:
    """What is shown of a point of a curve at the pointer, in five rows."""
    return [*_tooltip(unit.capitalize(), field, share), alt.Tooltip("n_at_risk:Q", title="At risk", format="d")]


def _tooltip(time: str, field: str, share: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("time:Q", title=time, format=".2~f"),
        alt.Tooltip(f"{field}:Q", title=share, format=".1%"),
        alt.Tooltip("interval:N", title="95 % CI"),
    ]


def _medians(time: alt.X, colour: alt.Color) -> list[alt.Chart]:
    across = table("median").mark_rule(strokeDash=[3, 3], strokeWidth=1, color=FAINT_INK)
    down = table("median").mark_rule(strokeDash=[3, 3], strokeWidth=1.2)
    return [
        across.encode(x=alt.X("start:Q"), x2=alt.X2("time:Q"), y=alt.Y("left:Q")),
        down.encode(x=time, y=alt.Y("zero:Q"), y2=alt.Y2("left:Q"), color=colour),
    ]


def _pixels(expression: str) -> alt.XValue:
    return alt.XValue(alt.ExprRef(expression))


def boxed(layers: Sequence[alt.Chart]) -> list[alt.Chart]:
    """The layers with the comparison within the panel: the table box. Its ground keeps rules out of its words and hides
    no curve."""
    left, rows = "(datum.share * (width - datum.wide))", table("box")
    ground = rows.mark_rect(color=PAPER, fillOpacity=0.9, opacity=1)
    words = rows.mark_text(
        align="left", baseline="top", fontSize=SMALL, color=INK, lineBreak="\n", lineHeight=BOX_LINE, clip=False
    )
    return [
        ground.encode(
            x=_pixels(left),
            x2=alt.X2Value(alt.ExprRef(f"{left} + datum.wide")),
            y=alt.YValue(alt.ExprRef("datum.top")),
            y2=alt.Y2Value(alt.ExprRef("datum.top + datum.high")),
        ),
        *layers,
        words.encode(
            x=_pixels(f"{left} + {BOX_EDGE}"),
            y=alt.YValue(alt.ExprRef(f"datum.top + {BOX_EDGE}")),
            text=alt.Text("text:N"),
        ),
    ]


def _end_names(colours: tuple[str, ...]) -> list[alt.Chart]:
    """The names at the ends of the curves, each behind a piece of its line: the table end."""
    slots = [list(dash) for dash in line_dashes(len(colours))]
    rows = table("end").transform_calculate(dash=f"{slots}[datum.slot]")
    y, start = alt.YValue(alt.ExprRef("datum.y * height")), f"width + {BESIDE_PLOT}"
    line = rows.mark_rule(strokeWidth=2.4, opacity=1, clip=False)
    words = rows.mark_text(align="left", baseline="middle", fontSize=SMALL, color=INK, clip=False)
    return [
        line.encode(
            x=_pixels(start),
            x2=alt.X2Value(alt.ExprRef(f"{start} + {SYMBOL}")),
            y=y,
            color=alt.Color("ink:N", scale=None),
            strokeDash=alt.StrokeDash("dash:N", scale=None),
        ),
        words.encode(x=_pixels(f"{start} + {SYMBOL + BESIDE_PLOT - 2}"), y=y, text=alt.Text("name:N")),
    ]


def _counts(time: alt.X, layout: StepLayout) -> list[alt.Chart]:
    """The numbers under the axis, in the same view: the columns cannot drift from the ticks."""
    left, below = alt.XValue(-layout.gutter), f"height + {FIRST}"
    of_row = (
        f"{below} + {LINE} * ((datum.block || 0) * {layout.block_lines} + datum.slot * {layout.each} + {layout.each})"
    )
    style: dict[str, Any] = {"fontSize": SMALL, "baseline": "middle", "clip": False, "color": INK}
    numbers = (
        table("counts").mark_text(**style).encode(x=time, y=alt.YValue(alt.ExprRef(of_row)), text=alt.Text("text:N"))
    )
    heads = [
        table("heading")
        .mark_text(**style, align="left", text=words, fontWeight="bold")
        .encode(x=left, y=alt.YValue(alt.ExprRef(f"{below} + {LINE * layout.block_lines * block}")))
        for block, words in enumerate(layout.blocks)
    ]
    if not layout.named:
        return [*heads, numbers, keeps("group")]
    names = [
        table("group")
        .transform_filter("datum.name")
        .mark_text(**style, align="left")
        .encode(
            x=left,
            y=alt.YValue(
                alt.ExprRef(f"{below} + {LINE} * ({layout.block_lines * block} + datum.slot * {layout.each} + 1)")
            ),
            text=alt.Text("name:N"),
        )
        for block in range(len(layout.blocks))
    ]
    return [*heads, *names, numbers]
