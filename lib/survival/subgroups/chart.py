"""The forest plot as a Vega-Lite specification over the tables line, interval, square, arrow, diamond, column, heading.

It depends on the number of lines (the levels of the opened cohort's variables that were chosen) and on the two groups compared,
never on the selection. Columns of text stand at fixed distances from the plot; the axis is the same for every cohort.
"""

from functools import cache
from typing import Any, Final

import altair as alt

from lib.publication.palette import FAINT_INK, GRID, INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table

TICKS: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
LOWEST, HIGHEST = 0.08, 12.5  # ends of the axis; a limit beyond becomes an arrow
ROW_HEIGHT: Final = 20
ABOVE, BELOW = 88, 62  # pixels for the heading and the names of the columns, and for the axis
NARROWEST, WIDEST = 76, 130  # pixels for the numbers of one group, as its name needs
WIDTH_OF_LETTER: Final = 7.6  # of a bold name, in pixels
LABEL: Final = 150  # pixels for the levels
RIGHT: Final = 150  # pixels for ratios and interactions
INDENT: Final = 12
SMALL: Final = 11


@cache
def forest_chart(n_lines: int, group: str, reference: str) -> Specification:
    """The specification for this many lines: `group` against `reference`."""
    down = alt.Y(
        "line:Q", scale=alt.Scale(domain=[-0.6, n_lines - 0.4], nice=False, reverse=True, zero=False), axis=None
    )
    columns = _width(group), _width(reference)
    left = LABEL + sum(columns)
    across = _across(f"Hazard ratio, {group} v {reference}")
    layers = [
        _rules(down, left),
        _no_difference(across, down),
        *_estimates(across, down),
        *_words(down, columns),
        *_column_names(columns),
        keeps("heading"),
    ]
    return publish(alt.layer(*layers), width=820, height=int(ABOVE + BELOW + ROW_HEIGHT * n_lines))


def _across(title: str) -> alt.X:
    axis = alt.Axis(values=list(TICKS), format="~g", grid=False, labelFlush=False, labelOverlap=False, titleLimit=420)
    scale = alt.Scale(type="log", domain=[LOWEST, HIGHEST], nice=False, clamp=True)
    return alt.X("ratio:Q", title=title, scale=scale, axis=axis)


def _rules(down: alt.Y, left: int) -> alt.Chart:
    """A thin rule above each variable, through all columns."""
    rule = table("line").transform_filter("datum.first").mark_rule(color=GRID, clip=False)
    return rule.encode(y=alt.Y("above:Q", scale=down["scale"], axis=None), x=alt.XValue(-left), x2=alt.X2Value(alt.ExprRef(f"width + {RIGHT}")))  # fmt: skip


def _no_difference(across: alt.X, down: alt.Y) -> alt.Chart:
    """The dotted line at 1, line by line: it does not run through words that stand in place of a ratio."""
    rule = table("line").transform_filter("datum.reason === ''").mark_rule(strokeDash=[2, 3], color=INK, strokeWidth=1)
    return rule.encode(
        x=alt.X("one:Q", scale=across["scale"], axis=across["axis"], title=across["title"]),
        y=alt.Y("above:Q", scale=down["scale"], axis=None),
        y2=alt.Y2("below:Q"),
    )


def _estimates(across: alt.X, down: alt.Y) -> list[alt.Chart]:
    fill = alt.Fill("fill:N", scale=None, legend=None)
    tooltip = [
        alt.Tooltip("name:N", title="Patients"),
        alt.Tooltip("printed:N", title="Hazard ratio (95 % CI)"),
        alt.Tooltip("p:N", title="p"),
        alt.Tooltip("method:N", title="Method"),
    ]
    interval = table("interval").mark_rule(color=INK, strokeWidth=1.4)
    square = table("square").mark_point(shape="square", stroke=INK, strokeWidth=1.4, opacity=1)
    arrow = table("arrow").mark_point(filled=True, color=INK, size=46, opacity=1)
    diamond = table("diamond").mark_area(stroke=INK, strokeWidth=1.2, fillOpacity=1, opacity=1, interpolate="linear")
    return [
        interval.encode(
            x=alt.X("low:Q", scale=across["scale"], axis=across["axis"], title=across["title"]),
            x2=alt.X2("high:Q"),
            y=down,
        ),
        square.encode(x=across, y=down, size=alt.Size("size:Q", scale=None, legend=None), fill=fill),
        diamond.encode(x=across, y=alt.Y("top:Q", scale=down["scale"], axis=None), y2=alt.Y2("bottom:Q"), fill=fill),
        arrow.encode(x=across, y=down, shape=alt.Shape("shape:N", scale=None, legend=None)),
        table("square", HOVER).mark_point(opacity=0, size=300).encode(x=across, y=down, tooltip=tooltip),
    ]


def _words(down: alt.Y, columns: tuple[int, int]) -> list[alt.Chart]:
    """The columns of text: label, events / n of both groups, ratio or interaction, and why there is no ratio."""

    def column(field: str, x: alt.XValue, colour: str = INK, **style: Any) -> alt.Chart:
        mark = table("line").mark_text(fontSize=SMALL, baseline="middle", clip=False, **style)
        return mark.encode(x=x, y=down, text=alt.Text(f"{field}:N"), color=alt.ColorValue(colour))

    left, end = LABEL + sum(columns), alt.XValue(alt.ExprRef(f"width + {RIGHT}"))
    beyond = alt.ExprRef(f"width + {RIGHT - 8}")
    return [
        column("variable", alt.XValue(-left), align="left", fontWeight="bold", limit=left - 8),
        column("level", alt.XValue(-left + INDENT), align="left", limit=LABEL - INDENT - 4),
        column("of_group", _middle(columns, 0), align="center"),
        column("of_reference", _middle(columns, 1), align="center"),
        column("printed", end, align="right", limit=RIGHT - 6),
        column("reason", alt.XValue(8), FAINT_INK, align="left", fontStyle="italic", limit=beyond),
    ]


def _column_names(columns: tuple[int, int]) -> list[alt.Chart]:
    """Above the columns, two lines each."""

    def name(field: str, x: alt.XValue, line: int, **style: Any) -> alt.Chart:
        mark = table("column").mark_text(fontSize=SMALL, baseline="bottom", clip=False, **style)
        return mark.encode(x=x, y=alt.YValue(-20 + 14 * line), text=alt.Text(f"{field}:N"), color=alt.ColorValue(INK))

    end = alt.XValue(alt.ExprRef(f"width + {RIGHT}"))
    group, reference = _middle(columns, 0), _middle(columns, 1)
    return [
        name("subgroup", alt.XValue(-LABEL - sum(columns)), 1, align="left"),
        name("group", group, 0, align="center", fontWeight="bold", limit=columns[0] - 6),
        name("events", group, 1, align="center"),
        name("reference", reference, 0, align="center", fontWeight="bold", limit=columns[1] - 6),
        name("events", reference, 1, align="center"),
        name("ratio", end, 0, align="right"),
        name("interaction", end, 1, align="right"),
    ]


def _width(name: str) -> int:
    """Pixels for the column of a group."""
    return int(min(WIDEST, max(NARROWEST, 14 + WIDTH_OF_LETTER * len(name))))


def _middle(columns: tuple[int, int], place: int) -> alt.XValue:
    """The middle of the column of the group (place 0), or of the reference beside the plot (place 1)."""
    return alt.XValue(-columns[1] - columns[0] / 2 - 8 if place == 0 else -columns[1] / 2 - 8)
