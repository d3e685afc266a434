"""The chart of a forest plot: columns of text at fixed distances from a log axis, one line each.

Over the tables line, interval, square, arrow, diamond, column, heading. It depends on the number of lines and the two
groups compared.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt

from lib.publication.palette import GRID, INK
from lib.publication.step_layout import NARROW
from lib.publication.text_width import NORMAL, SCREEN, SMALL, broken, text_width
from lib.publication.theme import HOVER, Specification, keeps, publish, table, text_layer, tooltips

TICKS: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
LOWEST, HIGHEST = 0.08, 12.5  # ends of the axis; a limit beyond becomes an arrow
ROW_HEIGHT: Final = 20
ABOVE, BELOW = 82, 62  # pixels for the heading and the names of the columns, and for the axis
NARROWEST, WIDEST = 76, 130  # pixels for the numbers of one group, as its name needs
INDENT: Final = 12


@dataclass(frozen=True)
class ForestLayout:
    """The columns of a forest of these two groups in pixels: names, events of each group (of both together where it is
    narrow), ratios."""

    group: str
    reference: str
    width: int = SCREEN

    @property
    def narrow(self) -> bool:
        """Whether it is for one column of a journal."""
        return self.width < NARROW

    @property
    def label(self) -> int:
        """The names of the subgroups."""
        return 104 if self.narrow else 150

    @property
    def columns(self) -> tuple[int, ...]:
        """The events of each group, or of both in one column."""
        if self.narrow:
            return (68,)
        names = (self.group, self.reference)
        return tuple(int(min(WIDEST, max(NARROWEST, 14 + text_width(name, SMALL, bold=True)))) for name in names)

    @property
    def left(self) -> int:
        """Left of the plot."""
        return self.label + sum(self.columns)

    @property
    def right(self) -> int:
        """The ratios and their intervals."""
        return 104 if self.narrow else 130

    def middle(self, place: int) -> alt.XValue:
        """The middle of a column of events."""
        return alt.XValue(-self.left + self.label + sum(self.columns[:place]) + self.columns[place] / 2 - 8)


@cache
def forest_chart(n_lines: int, layout: ForestLayout) -> Specification:
    """The specification for this many lines."""
    down = alt.Y(
        "line:Q", scale=alt.Scale(domain=[-0.6, n_lines - 0.4], nice=False, reverse=True, zero=False), axis=None
    )
    across = _across(layout)
    layers = [
        _rules(down, layout),
        _no_difference(across),
        *_estimates(across, down),
        *_words(down, layout),
        *_headers(layout),
        keeps("heading"),
    ]
    chart = publish(alt.layer(*layers), width=layout.width, height=int(ABOVE + BELOW + ROW_HEIGHT * n_lines))
    chart["title"]["fontWeight"] = "bold"
    return chart


def _across(layout: ForestLayout) -> alt.X:
    ticks = [tick for tick in TICKS if tick in (0.1, 1, 10)] if layout.narrow else list(TICKS)
    title = broken(f"Hazard ratio, {layout.group} v {layout.reference}", min(layout.width, 620) - 120, NORMAL)
    axis = alt.Axis(values=ticks, format="~g", grid=False, labelFlush=False, labelOverlap=False)
    scale = alt.Scale(type="log", domain=[LOWEST, HIGHEST], nice=False, clamp=True)
    return alt.X("ratio:Q", title=title, scale=scale, axis=axis)


def _rules(down: alt.Y, layout: ForestLayout) -> alt.Chart:
    """A thin rule above each variable, through all columns."""
    rule = table("line").transform_filter("datum.first").mark_rule(color=GRID, clip=False)
    return rule.encode(
        y=alt.Y("above:Q", scale=down["scale"], axis=None),
        x=alt.XValue(-layout.left),
        x2=alt.X2Value(alt.ExprRef(f"width + {layout.right}")),
    )


def _no_difference(across: alt.X) -> alt.Chart:
    """The dotted line at 1."""
    rule = table("column").mark_rule(strokeDash=[2, 3], color=INK, strokeWidth=1)
    return rule.encode(x=alt.X("one:Q", scale=across["scale"], axis=across["axis"], title=across["title"]))


def _estimates(across: alt.X, down: alt.Y) -> list[alt.Chart]:
    fill = alt.Fill("fill:N", scale=None, legend=None)
    tooltip = tooltips({"name": "Patients", "printed": "Hazard ratio (95 % CI)", "p": "p", "method": "Method"})
    interval = table("interval").mark_rule(color=INK, strokeWidth=1.4)
    square = table("square").mark_point(shape="square", stroke=INK, strokeWidth=1.4, opacity=1)
    arrow = table("arrow").mark_point(filled=True, color=INK, opacity=1)
    diamond = table("diamond").mark_area(stroke=INK, strokeWidth=1.2, fillOpacity=1, opacity=1, interpolate="linear")
    return [
        interval.encode(
            x=alt.X("low:Q", scale=across["scale"], axis=across["axis"], title=across["title"]),
            x2=alt.X2("high:Q"),
            y=down,
        ),
        square.encode(x=across, y=down, size=alt.Size("size:Q", scale=None, legend=None), fill=fill),
        diamond.encode(x=across, y=alt.Y("top:Q", scale=down["scale"], axis=None), y2=alt.Y2("bottom:Q"), fill=fill),
        arrow.encode(
            x=across,
            y=down,
            shape=alt.Shape("shape:N", scale=None, legend=None),
            size=alt.Size("size:Q", scale=None, legend=None),
        ),
        table("square", HOVER).mark_point(opacity=0, size=300).encode(x=across, y=down, tooltip=tooltip),
    ]


def _words(down: alt.Y, layout: ForestLayout) -> list[alt.Chart]:
    """The columns of text: label, events / n of both groups, ratio or interaction."""

    def column(field: str, x: alt.XValue, **style: Any) -> alt.Chart:
        return text_layer(table("line"), field, x, down, fontSize=SMALL, baseline="middle", **style)

    left, end = layout.left, alt.XValue(alt.ExprRef(f"width + {layout.right}"))
    fields = ("of_both",) if layout.narrow else ("of_group", "of_reference")
    return [
        column("variable", alt.XValue(-left), align="left", fontWeight="bold", limit=left - 8),
        column("level", alt.XValue(-left + INDENT), align="left", limit=layout.label - INDENT - 4),
        *(column(field, layout.middle(place), align="center") for place, field in enumerate(fields)),
        column("printed", end, align="right", limit=layout.right - 2),
    ]


def _headers(layout: ForestLayout) -> list[alt.Chart]:
    """Above the columns, two lines each."""

    def name(field: str, x: alt.XValue, line: int, **style: Any) -> alt.Chart:
        y = alt.YValue(-20 + 14 * line)
        return text_layer(table("column"), field, x, y, fontSize=SMALL, baseline="bottom", **style)

    end = alt.XValue(alt.ExprRef(f"width + {layout.right}"))
    names = () if layout.narrow else ("group", "reference")
    bold: dict[str, Any] = {"align": "center", "fontWeight": "bold", "lineHeight": 13, "lineBreak": "\n"}
    return [
        name("subgroup", alt.XValue(-layout.left), 1, align="left"),
        *(
            name(each, layout.middle(place), 0, limit=layout.columns[place] - 6, **bold)
            for place, each in enumerate(names)
        ),
        *(name("events", layout.middle(place), 1, align="center") for place in range(len(layout.columns))),
        name("ratio", end, 0, align="right"),
        name("interaction", end, 1, align="right"),
    ]
