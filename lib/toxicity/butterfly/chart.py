"""The butterfly over the tables bar, end, wing, term, limit, tick, heading: one group to the left, the other to the right.

It depends on the number of terms of the opened cohort and on the colours of the two groups, never on the selection.
"""

from functools import cache
from typing import Final, Literal

import altair as alt

from lib.publication.palette import FAINT_INK, INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table
from lib.toxicity.chart import grade_colour

ROW_HEIGHT: Final = 22
SIDES: Final[tuple[tuple[int, Literal["left", "right"]], ...]] = ((-1, "right"), (1, "left"))
TERM_LABEL: Final = 215


@cache
def butterfly_chart(n_terms: int, colours: tuple[str, ...]) -> Specification:
    """The specification for this many terms and the colours of the two groups."""
    axis = alt.Axis(
        values=alt.ExprRef("pluck(data('tick'), 'x')"),
        labelExpr="format(abs(datum.value), 'd')",
        grid=True,
        labelFlush=False,
    )
    share = alt.X("start:Q", title="Patients, %", scale=alt.Scale(nice=False, zero=True), axis=axis)
    down = alt.Scale(domain=[0, n_terms], nice=False, reverse=True)
    layers = [
        table("limit").mark_point(opacity=0, size=1, aria=False).encode(x=share),
        *_bars(share, down),
        table("limit").mark_rule(color=INK, strokeWidth=1).encode(x=alt.X("middle:Q")),
        *_words(down, colours),
        keeps("tick"),
        keeps("heading"),
    ]
    chart = alt.layer(*layers).resolve_scale(color="independent")
    return publish(chart, width=780, height=150 + ROW_HEIGHT * n_terms)


def _bars(share: alt.X, down: alt.Scale) -> list[alt.Chart]:
    tooltip = [
        alt.Tooltip("term:N", title="Event"),
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("grade:N", title="Worst grade"),
        alt.Tooltip("n:Q", title="Patients"),
        alt.Tooltip("of:Q", title="of"),
    ]
    place = {
        "x": share,
        "x2": alt.X2("end:Q"),
        "y": alt.Y("top:Q", title=None, scale=down, axis=None),
        "y2": alt.Y2("bottom:Q"),
    }
    return [
        table("bar")
        .mark_bar(stroke="#FFFFFF", strokeWidth=0.6)
        .encode(**place, color=grade_colour(6, "left", "bottom")),
        table("bar", HOVER).mark_bar(opacity=0).encode(**place, tooltip=tooltip),
    ]


def _words(down: alt.Scale, colours: tuple[str, ...]) -> list[alt.Chart]:
    """Counts at the tips, the groups' names over the wings, the terms in front."""
    y, x = alt.Y("middle:Q", scale=down), alt.X("tip:Q")
    terms = table("term").mark_text(
        align="right", baseline="middle", fontSize=11, fontWeight="bold", limit=TERM_LABEL, clip=False
    )
    scale = alt.Scale(domain=list(range(len(colours))), range=list(colours))
    names = table("wing").mark_text(baseline="bottom", fontSize=12, fontWeight="bold", clip=False)
    tips = [
        table("end")
        .transform_filter(f"datum.side == {side}")
        .mark_text(align=align, baseline="middle", fontSize=11, dx=5 * side, clip=False)
        .encode(x=x, y=y, text=alt.Text("words:N"), color=alt.ColorValue(FAINT_INK))
        for side, align in SIDES
    ]
    return [
        *tips,
        terms.encode(x=alt.XValue(-12), y=y, text=alt.Text("term:N"), color=alt.ColorValue(INK)),
        names.encode(
            x=x, y=alt.YValue(-6), text=alt.Text("label:N"), color=alt.Color("slot:N", scale=scale, legend=None)
        ),
    ]
