"""The adverse event chart over the tables bar, row, term, heading: one stacked bar a group and term.

It depends on the number of terms and groups of the opened cohort, never on the selection.
"""

from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import FAINT_INK, GRADE_COLOURS, INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table

ROW_HEIGHT: Final = 17
TERM_GAP: Final = 0.45  # of a row, between two terms
GROUP_LABEL: Final = 110  # pixels for a group's name beside the axis
TERM_LABEL: Final = 190


@cache
def toxicity_chart(n_terms: int, colours: tuple[str, ...]) -> Specification:
    """The specification for this many terms, each with one row a group."""
    rows = n_terms * (len(colours) + TERM_GAP)
    share = alt.X(
        "start:Q", title="Patients, %", scale=alt.Scale(domain=[0, 100], nice=False),
        axis=alt.Axis(values=[0, 25, 50, 75, 100], grid=True, labelFlush=False),
    )  # fmt: skip
    down = alt.Scale(domain=[0, rows], nice=False, reverse=True)
    place = alt.Y("top:Q", title=None, scale=down, axis=None)
    grade = alt.Color(
        "grade:N", title="Worst grade", scale=alt.Scale(domain=list(GRADE_COLOURS), range=list(GRADE_COLOURS.values())),
        legend=alt.Legend(orient="top", direction="horizontal", symbolType="square", symbolOpacity=1, columns=3, titleOrient="left"),
    )  # fmt: skip
    bars = table("bar").mark_bar(stroke="#FFFFFF", strokeWidth=0.6)
    labels = table("row").mark_text(align="right", baseline="middle", fontSize=11, limit=GROUP_LABEL, clip=False)
    counts = table("row").mark_text(align="left", baseline="middle", fontSize=11, dx=5, clip=False)
    terms = table("term").mark_text(
        align="right", baseline="middle", fontSize=12, fontWeight="bold", limit=TERM_LABEL, clip=False
    )
    tooltip = [
        alt.Tooltip("term:N", title="Event"),
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("grade:N", title="Worst grade"),
        alt.Tooltip("n:Q", title="Patients"),
        alt.Tooltip("of:Q", title="of"),
    ]
    colour = alt.Color("slot:N", legend=None, scale=alt.Scale(domain=list(range(len(colours))), range=list(colours)))
    single = len(colours) == 1
    layers = [
        bars.encode(x=share, x2=alt.X2("end:Q"), y=place, y2=alt.Y2("bottom:Q"), color=grade),
        table("bar", HOVER).mark_bar(opacity=0).encode(x=share, x2=alt.X2("end:Q"), y=place, y2=alt.Y2("bottom:Q"), tooltip=tooltip),
        labels.encode(x=alt.XValue(-8), y=alt.Y("middle:Q", scale=down), text=alt.Text("group:N"), color=colour),
        counts.encode(x=alt.X("total:Q"), y=alt.Y("middle:Q", scale=down), text=alt.Text("words:N"), color=alt.ColorValue(FAINT_INK)),
        terms.encode(
            x=alt.XValue(-8 if single else -(GROUP_LABEL + 18)), y=alt.Y("middle:Q", scale=down), text=alt.Text("term:N"), color=alt.ColorValue(INK)
        ),
        keeps("heading"),
    ]  # fmt: skip
    chart = alt.layer(*layers).resolve_scale(color="independent")
    return publish(chart, width=760, height=int(130 + ROW_HEIGHT * rows))
