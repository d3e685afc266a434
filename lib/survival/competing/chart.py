"""The cumulative-incidence chart as a Vega-Lite specification over the tables curve, band, counts, group, tick, heading.

Group by colour, cause by line type. It depends on the unit, the origin, the names of the causes and the number and colours of
the groups, never on the selection.
"""

from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import FAINT_INK, GRID, INK
from lib.publication.step_chart import FIRST_ROW, GROUP_GAP, PLOT_HEIGHT, ROW_HEIGHT
from lib.publication.theme import HOVER, Specification, keeps, publish, table

COUNTS: Final = (
    ("at_risk", "at risk"),
    ("cause_1", "first cause"),
    ("cause_2", "other cause"),
    ("censored", "censored"),
)
NAME_WIDTH: Final = 200
BESIDE: Final = 52  # letters of two names that stand beside each other in the legend
LEGEND_ROW: Final = 18
CAUSE_DASHES: Final = ((1, 0), (5, 4))


@cache
def incidence_chart(
    unit: str, origin: str, causes: tuple[str, str], colours: tuple[str, ...], limits: bool
) -> Specification:
    """The specification for these causes and this many groups; `limits` draws the confidence bands."""
    time, colour = _time(unit, origin), _colour(colours)
    band = [_band(time, colour)] if limits else [keeps("band")]
    layers = [table("tick").mark_rule(color=GRID).encode(x=time), *band, *_curves(time, causes, colour, unit)]
    rows = (len(COUNTS) * ROW_HEIGHT + GROUP_GAP) * len(colours)
    chart = publish(
        alt.layer(*layers, *_counts(time, colour), keeps("heading")),
        width=700,
        height=PLOT_HEIGHT + 160 + rows + LEGEND_ROW * _long(causes),
    )
    chart["config"]["legend"]["layout"] = {"top": {"anchor": "start", "direction": "vertical", "margin": 3}}
    return chart


def _long(causes: tuple[str, str]) -> bool:
    """Whether the names of the causes need a row each in the legend."""
    return len("".join(causes)) > BESIDE


def _time(unit: str, origin: str) -> alt.X:
    ticks = alt.ExprRef("pluck(data('tick'), 'time')")
    axis = alt.Axis(values=ticks, format="d", grid=False, labelFlush=False, labelOverlap=False)
    title = f"{unit.capitalize()} since {origin}"
    return alt.X("time:Q", title=title, scale=alt.Scale(nice=False, zero=True), axis=axis)


def _colour(colours: tuple[str, ...]) -> alt.Color:
    scale = alt.Scale(domain=list(range(len(colours))), range=list(colours))
    return alt.Color("slot:N", title=None, scale=scale, legend=None)


def _band(time: alt.X, colour: alt.Color) -> alt.Chart:
    area = table("band").mark_area(interpolate="step-after", fillOpacity=0.09, opacity=1)
    return area.encode(x=time, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), color=colour, detail=alt.Detail("cause:N"))


def _curves(time: alt.X, causes: tuple[str, str], colour: alt.Color, unit: str) -> list[alt.Chart]:
    share = alt.Y(
        "incidence:Q", title="Cumulative incidence", scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", grid=False, values=[0, 0.25, 0.5, 0.75, 1]),
    )  # fmt: skip
    legend = alt.Legend(
        orient="top", direction="horizontal", symbolType="stroke", symbolStrokeColor=INK, symbolStrokeWidth=2, symbolSize=900,
        offset=6, labelLimit=420, columns=1 if _long(causes) else 2,
    )  # fmt: skip
    kinds = alt.Scale(domain=list(causes), range=[list(dash) for dash in CAUSE_DASHES])
    dash = alt.StrokeDash("cause:N", title=None, scale=kinds, legend=legend)
    fields = ["time", "group", "cause"]
    near = alt.selection_point(
        name="near", on="pointerover", nearest=True, empty=False, clear="pointerout", fields=fields
    )
    shown = alt.condition(near, alt.OpacityValue(1), alt.OpacityValue(0))
    line = table("curve").mark_line(interpolate="step-after", strokeWidth=2.2, strokeJoin="miter")
    hover = table("curve", name=HOVER).mark_point(size=60, filled=True)
    return [
        line.encode(x=time, y=share, color=colour, strokeDash=dash),
        hover.encode(x=time, y=share, color=colour, opacity=shown, tooltip=_tooltip(unit)).add_params(near),
    ]


def _tooltip(unit: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("cause:N", title="Cause"),
        alt.Tooltip("time:Q", title=unit.capitalize(), format=".2~f"),
        alt.Tooltip("incidence:Q", title="Incidence", format=".1%"),
        alt.Tooltip("low:Q", title="95 % CI, low", format=".1%"),
        alt.Tooltip("high:Q", title="95 % CI, high", format=".1%"),
        alt.Tooltip("n_at_risk:Q", title="At risk", format="d"),
    ]


def _counts(time: alt.X, colour: alt.Color) -> list[alt.Chart]:
    """The four rows of each group under the axis, in the same view: the columns cannot drift from the ticks."""
    rows = f"height + {FIRST_ROW} + {ROW_HEIGHT} * datum.row + {GROUP_GAP} * floor(datum.row / {len(COUNTS)})"
    row = alt.YValue(alt.ExprRef(rows))
    number = table("counts").mark_text(fontSize=11, baseline="middle", clip=False)
    words = table("group").mark_text(fontSize=11, align="right", baseline="middle", clip=False)
    name = table("group").mark_text(
        fontSize=11,
        align="right",
        baseline="middle",
        clip=False,
        fontWeight="bold",
        limit=NAME_WIDTH,
        lineHeight=ROW_HEIGHT,
        lineBreak="\n",
    )
    return [
        number.encode(x=time, y=row, text=alt.Text("text:N"), color=alt.ColorValue(INK)),
        words.encode(x=alt.XValue(-22), y=row, text=alt.Text("words:N"), color=alt.ColorValue(FAINT_INK)),
        name.encode(x=alt.XValue(-104), y=row, text=alt.Text("label:N"), color=colour),
    ]
