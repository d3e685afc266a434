"""The adverse event chart over the tables bar, row, term, heading: one stacked bar a group and term.

It depends on the number of terms and groups of the opened cohort and on the layout, never on the selection.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import altair as alt

from lib.publication.palette import FAINT_INK, GRADE_COLOURS, INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table


@dataclass(frozen=True)
class Layout:
    """Sizes in pixels; `gap` and `head` in rows: between two terms, and above a term's bars for its name (0 = beside them)."""

    width: int
    row_height: int
    gap: float
    head: float
    group_label: int
    term_label: int
    legend_columns: int

    def per_term(self, n_groups: int) -> float:
        """Rows that a term takes."""
        return n_groups + self.gap + self.head


TWO_COLUMNS: Final = Layout(760, 17, 0.45, 0.0, 135, 215, 3)
ONE_COLUMN: Final = Layout(400, 14, 0.35, 1.1, 110, 270, 3)


@cache
def toxicity_chart(n_terms: int, colours: tuple[str, ...], layout: Layout = TWO_COLUMNS) -> Specification:
    """The specification for this many terms, each with one row a group."""
    rows = n_terms * layout.per_term(len(colours))
    share = alt.X(
        "start:Q", title="Patients, %", scale=alt.Scale(domain=[0, 100], nice=False),
        axis=alt.Axis(values=[0, 25, 50, 75, 100], grid=True, labelFlush=False),
    )  # fmt: skip
    down = alt.Scale(domain=[0, rows], nice=False, reverse=True)
    layers = [*_bars(share, down, layout), *_words(down, layout, colours), keeps("heading")]
    chart = alt.layer(*layers).resolve_scale(color="independent")
    extra = 130 if layout.head == 0 else 165
    return publish(chart, width=layout.width, height=int(extra + layout.row_height * rows))


def _bars(share: alt.X, down: alt.Scale, layout: Layout) -> list[alt.Chart]:
    place = alt.Y("top:Q", title=None, scale=down, axis=None)
    bars = table("bar").mark_bar(stroke="#FFFFFF", strokeWidth=0.6)
    tooltip = [
        alt.Tooltip("term:N", title="Event"),
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("grade:N", title="Worst grade"),
        alt.Tooltip("n:Q", title="Patients"),
        alt.Tooltip("of:Q", title="of"),
    ]
    ends = {"x": share, "x2": alt.X2("end:Q"), "y": place, "y2": alt.Y2("bottom:Q")}
    return [
        bars.encode(**ends, color=grade_colour(layout.legend_columns, "left" if layout.head == 0 else "top")),
        table("bar", HOVER).mark_bar(opacity=0).encode(**ends, tooltip=tooltip),
    ]


def grade_colour(
    columns: int, title: Literal["left", "top"] = "left", orient: Literal["top", "bottom"] = "top"
) -> alt.Color:
    """The colour of each worst grade with its legend."""
    legend = alt.Legend(
        orient=orient, direction="horizontal", symbolType="square", symbolOpacity=1, columns=columns, titleOrient=title
    )
    scale = alt.Scale(domain=list(GRADE_COLOURS), range=list(GRADE_COLOURS.values()))
    return alt.Color("grade:N", title="Worst grade", scale=scale, legend=legend)


def _words(down: alt.Scale, layout: Layout, colours: tuple[str, ...]) -> list[alt.Chart]:
    """The group in front of its bar, the count behind it, the term in front of or above its bars."""
    middle = alt.Y("middle:Q", scale=down)
    colour = alt.Color("slot:N", legend=None, scale=alt.Scale(domain=list(range(len(colours))), range=list(colours)))
    labels = table("row").mark_text(align="right", baseline="middle", fontSize=11, limit=layout.group_label, clip=False)
    counts = table("row").mark_text(align="left", baseline="middle", fontSize=11, dx=5, clip=False)
    above = layout.head > 0
    terms = table("term").mark_text(
        align="left" if above else "right", baseline="middle", fontSize=11, fontWeight="bold", limit=layout.term_label, clip=False
    )  # fmt: skip
    beside = -8 if len(colours) == 1 else -(layout.group_label + 18)
    return [
        labels.encode(x=alt.XValue(-8), y=middle, text=alt.Text("group:N"), color=colour),
        counts.encode(x=alt.X("total:Q"), y=middle, text=alt.Text("words:N"), color=alt.ColorValue(FAINT_INK)),
        terms.encode(
            x=alt.XValue(0 if above else beside), y=middle, text=alt.Text("term:N"), color=alt.ColorValue(INK)
        ),
    ]
