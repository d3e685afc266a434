"""The chart of profiles: over the tables line, point, band, mean, beyond, limit, decade, edge, day, axis, row, count,
group and heading.

It depends on the number and colours of the groups, on unit and width, and on whether names stand beside the rows, never
on the selection.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt

from lib.kinetics.series import amount_title
from lib.publication.log_axis import log_amount
from lib.publication.palette import FAINT_INK, GRID, INK, group_shapes, line_dashes
from lib.publication.text_width import NORMAL, SMALL, text_width
from lib.publication.theme import HOVER, Specification, by_slot, keeps, labelled, publish, table, text_layer, told

PLOT_HEIGHT: Final = 290
LEFT_OF_PLOT: Final = 58.0  # pixels that labels and title of the amounts need
MARGINS: Final = 24.0  # of the whole chart, at both sides
TITLE_ROW: Final = 36  # pixels from the axis to its title, which is a mark because it follows the data
FIRST_ROW: Final = 60  # and to the first row of counts
ROW_HEIGHT: Final = 15
NAME_GAP: Final = 14  # between the name of a row and the axis
LONGEST_NAME: Final = 0.15  # of the width, that names may take at the left of their rows; else symbols stand there
MOST_BANDS: Final = 2  # groups; the quartiles of more would hide each other as bands
WIDEST_BAR: Final = 5.0  # pixels of the bars that stand in their place
BARS_OF_A_DAY: Final = 16.0  # pixels of all of them
CARET: Final = "M-0.7,0.35L0,-0.35L0.7,0.35"  # at the end of a bar that goes beyond the axis
SLASHES: Final = "M-0.5,0.8L0.1,-0.8M0,0.8L0.6,-0.8"  # across the axis, where its scale changes


@dataclass(frozen=True)
class Look:
    """What the chart depends on beside the groups."""

    unit: str
    width: int
    names: tuple[str, ...]  # beside the rows; () where they have no room

    @property
    def plot_width(self) -> float:
        """Pixels of the plot, about."""
        names = max((text_width(name, SMALL, bold=True) for name in self.names), default=0.0)
        return self.width - MARGINS - max(LEFT_OF_PLOT, names + NAME_GAP)


def look_of(unit: str, width: int, names: tuple[str, ...]) -> Look:
    """The names of several groups stand beside their rows where they are short."""
    fit = all(text_width(name, SMALL, bold=True) <= LONGEST_NAME * width for name in names)
    return Look(unit, width, names if fit and len(names) > 1 else ())


def banded(groups: int) -> bool:
    """Whether the quartiles of so many groups are bands; else bars beside each other."""
    return groups <= MOST_BANDS


@cache
def kinetics_chart(colours: tuple[str, ...], look: Look) -> Specification:
    """The specification for groups of these colours."""
    amount = log_amount(amount_title(look.unit))
    layers = [
        *_frame(amount),
        *_patients(amount, by_slot(alt.Color, colours), look.unit, len(colours)),
        *_means(amount, colours),
        *_rows(colours, named=bool(look.names)),
        *map(keeps, ("group", "heading")),
    ]
    rows = FIRST_ROW + ROW_HEIGHT * (2 * len(colours) + 2)
    return publish(alt.layer(*layers), width=look.width, height=PLOT_HEIGHT + rows + 70)


def _day() -> alt.X:
    axis = labelled("day", labelFlush=False, labelOverlap=False)
    return alt.X("at:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False), axis=axis)


def _frame(amount: alt.Y) -> list[alt.Chart]:
    """Decades, the limit of quantification as a dashed line with its value, the title of the days, and the break of
    their scale."""
    limit, axis = table("limit"), table("axis")
    on_axis = {"x": _day(), "y": alt.YValue(alt.ExprRef("height"))}
    return [
        table("decade").mark_rule(color=GRID).encode(y=amount),
        table("edge").mark_rule(opacity=0).encode(y=amount),
        table("day").mark_rule(opacity=0).encode(x=_day()),
        limit.mark_rule(strokeDash=[5, 4], color=FAINT_INK).encode(y=amount),
        limit.mark_text(align="right", baseline="top", dx=-3, dy=3, fontSize=SMALL, color=FAINT_INK).encode(
            x=alt.XValue("width"), y=amount, text=alt.Text("words:N")
        ),
        axis.mark_rule(color=GRID, strokeWidth=4).encode(x=_day()),
        axis.mark_point(shape="square", filled=True, size=60, color="#FFFFFF", opacity=1, clip=False).encode(**on_axis),
        axis.mark_point(shape=SLASHES, filled=False, size=110, stroke=INK, strokeWidth=1, opacity=1, clip=False).encode(
            **on_axis
        ),
    ]


def _quartiles(amount: alt.Y, colour: alt.Color, groups: int) -> alt.Chart:
    where = {"x": _day(), "y": alt.Y("low:Q", title=amount["title"]), "y2": alt.Y2("high:Q"), "color": colour}
    if banded(groups):
        return table("band").mark_area(opacity=1, fillOpacity=0.16).encode(**where)
    wide = min(WIDEST_BAR, BARS_OF_A_DAY / groups)
    return table("band").mark_rule(strokeWidth=wide, opacity=1, strokeOpacity=0.25).encode(**where)


def _patients(amount: alt.Y, colour: alt.Color, unit: str, groups: int) -> list[alt.Chart]:
    """Of few patients lines, of many the quartiles of each group."""
    near = alt.selection_point(name="near", on="pointerover", clear="pointerout", empty=False, fields=["patient"])
    faint = alt.condition(near, alt.StrokeOpacityValue(0.95), alt.StrokeOpacity("ink:Q", scale=None, legend=None))
    lines = table("line").transform_joinaggregate(patients="distinct(patient)")
    day = _day()
    tooltip = told({"patient": "Patient", "group": "Group", "day:Q": "Day", "shown": unit or "Value"})
    return [
        _quartiles(amount, colour, groups),
        lines.transform_calculate(ink="datum.patients == 1 ? 0.95 : 0.22")
        .mark_line(strokeWidth=1, opacity=1)
        .encode(x=day, y=amount, color=colour, detail=alt.Detail("piece:N"), strokeOpacity=faint),
        table("point")
        .mark_point(size=8, filled=True, opacity=1, fillOpacity=0.35)
        .encode(x=day, y=amount, color=colour),
        table("point", HOVER)
        .mark_point(size=110, filled=True, opacity=0)
        .encode(x=day, y=amount, tooltip=tooltip)
        .add_params(near),
    ]


def _means(amount: alt.Y, colours: tuple[str, ...]) -> list[alt.Chart]:
    """Geometric means with their bars; one that lies below the limit stands on its line with an open symbol."""
    colour, dash = by_slot(alt.Color, colours), by_slot(alt.StrokeDash, line_dashes(len(colours)))
    where: dict[str, Any] = {"x": _day(), "y": amount}
    tooltip = told({"group": "Group", "day:Q": "Day", "mean": "Geometric mean", "spread": "Bar", "sampled": "Patients"})
    beyond = {**where, "angle": alt.Angle("turn:Q", scale=None)}
    mean = table("mean")
    fill = alt.Fill("fill:N", scale=None, legend=None)
    stroke = alt.Stroke("slot:N", scale=colour["scale"], legend=None)
    symbol = {"shape": by_slot(alt.Shape, group_shapes(len(colours))), "fill": fill, "stroke": stroke}
    bar = {"x": _day(), "y": alt.Y("low:Q", title=amount["title"]), "y2": alt.Y2("high:Q"), "color": colour}
    return [
        mean.mark_rule(strokeWidth=1.6, opacity=1).encode(**bar),
        mean.mark_line(strokeWidth=2.6).encode(**where, color=colour, strokeDash=dash),
        mean.mark_point(size=62, opacity=1, strokeWidth=1.4).encode(**where, **symbol),
        table("beyond")
        .mark_point(shape=CARET, filled=False, size=150, strokeWidth=1.6, opacity=1, clip=False)
        .encode(**beyond, color=colour),
        table("beyond", f"{HOVER}_beyond")
        .mark_point(size=160, filled=True, opacity=0)
        .encode(**where, tooltip=[*tooltip[:2], tooltip[3]]),
        table("mean", f"{HOVER}_mean").mark_point(size=160, filled=True, opacity=0).encode(**where, tooltip=tooltip),
    ]


def _rows(colours: tuple[str, ...], named: bool) -> list[alt.Chart]:
    """Under the axis its title, and how many patients were sampled and how many lay below the limit, a row for each
    group."""
    down = alt.YValue(alt.ExprRef(f"height + {FIRST_ROW} + {ROW_HEIGHT} * datum.line"))
    small: dict[str, Any] = {"fontSize": SMALL, "baseline": "middle"}
    row, middle = table("row"), alt.XValue(alt.ExprRef("width / 2"))
    title = {"fontSize": NORMAL, "baseline": "middle", "color": INK}
    layers = [
        text_layer(table("axis_title"), "words", middle, alt.YValue(alt.ExprRef(f"height + {TITLE_ROW}")), **title),
        text_layer(row, "heading", alt.XValue(-LEFT_OF_PLOT + 8), down, align="left", color=FAINT_INK, **small),
        text_layer(table("count"), "text", _day(), down, color=INK, **small),
    ]
    if len(colours) < 2:
        return layers
    colour = by_slot(alt.Color, colours)
    if named:
        name = text_layer(row, "name", alt.XValue(-NAME_GAP), down, align="right", fontWeight="bold", **small)
        return [*layers, name.encode(color=colour)]
    symbol = row.transform_filter("datum.name").mark_point(filled=True, size=55, opacity=1, clip=False)
    shape = by_slot(alt.Shape, group_shapes(len(colours)))
    return [*layers, symbol.encode(x=alt.XValue(-NAME_GAP - 6), y=down, color=colour, shape=shape)]
