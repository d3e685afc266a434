"""The dot plot over the tables grid, tick, zero, term, dot, range, value, column, beside, group, heading: shares left, differences right.

Both panels stand in one view whose x runs from 0 to 1, so that no panel can drift from its rows. It depends on the number of
terms and groups of the opened cohort, never on the selection.
"""

from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import FAINT_INK, GRID, GROUP_SHAPES, INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table

SHARES: Final = (0.0, 0.46)  # where each panel stands on x
DIFFERENCES: Final = (0.56, 1.0)
WORDS_AT: Final = 12  # pixels behind the panels: the words of the difference, aligned left
P_AT: Final = 208  # aligned right
ROW_HEIGHT: Final = 16
TERM_GAP: Final = 0.35
TERM_LABEL: Final = 215


@cache
def differences_chart(n_terms: int, colours: tuple[str, ...]) -> Specification:
    """The specification for this many terms and groups."""
    rows = n_terms * (max(1, len(colours) - 1) + TERM_GAP)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    down = alt.Scale(domain=[0, rows], nice=False, reverse=True)
    y = alt.Y("middle:Q", scale=down, axis=None)
    slots = alt.Scale(domain=list(range(len(colours))), range=list(colours))
    layers = [*_frame(x), *_marks(x, y, slots, len(colours)), *_words(y), keeps("group"), keeps("heading")]
    chart = alt.layer(*layers).resolve_scale(color="independent", shape="independent")
    return publish(chart, width=780, height=int(150 + ROW_HEIGHT * rows))


def _frame(x: alt.X) -> list[alt.Chart]:
    """Grid lines, the line of no difference, and what stands under each panel."""
    labels = table("tick").mark_text(fontSize=11, baseline="top", clip=False, color=INK)
    columns = table("column").mark_text(
        fontSize=12, baseline="top", clip=False, color=INK, lineBreak="\n", lineHeight=14
    )
    return [
        table("grid").mark_rule(color=GRID).encode(x=x),
        table("zero").mark_rule(color=INK, strokeWidth=1).encode(x=x),
        labels.encode(x=x, y=alt.YValue(alt.ExprRef("height + 6")), text=alt.Text("label:N")),
        columns.encode(x=x, y=alt.YValue(alt.ExprRef("height + 24")), text=alt.Text("label:N")),
    ]


def _marks(x: alt.X, y: alt.Y, slots: alt.Scale, n_groups: int) -> list[alt.Chart]:
    """A dot a group on the left; a diamond with its interval for each group but the reference on the right."""
    colour = alt.Color("slot:N", title=None, scale=slots, legend=None)
    shapes = alt.Scale(domain=list(range(n_groups)), range=list(GROUP_SHAPES[:n_groups]))
    shape = alt.Shape("slot:N", title=None, scale=shapes, legend=None)
    quiet = alt.Color("slot:N", scale=slots, legend=None)
    dots = table("dot").mark_point(size=62, filled=True, opacity=1)
    tooltip = [
        alt.Tooltip("term:N", title="Event"),
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("words:N", title="Patients"),
    ]
    return [
        table("range").mark_rule(strokeWidth=1.6).encode(x=x, x2=alt.X2("end:Q"), y=y, color=quiet),
        table("value").mark_point(size=58, filled=True, opacity=1, shape="diamond").encode(x=x, y=y, color=quiet),
        dots.encode(x=x, y=y, color=colour, shape=shape),
        table("dot", HOVER).mark_point(size=160, opacity=0, filled=True).encode(x=x, y=y, tooltip=tooltip),
    ]


def _words(y: alt.Y) -> list[alt.Chart]:
    """Terms in front; differences and p behind, in pixels, so that a narrow screen does not push them together."""
    terms = table("term").mark_text(
        align="right", baseline="middle", fontSize=11, fontWeight="bold", limit=TERM_LABEL, clip=False
    )
    words = table("value").mark_text(align="left", baseline="middle", fontSize=11, clip=False)
    p_values = table("value").mark_text(align="right", baseline="middle", fontSize=11, clip=False)
    heads = table("beside").mark_text(
        fontSize=12, baseline="top", align="right", clip=False, color=INK, lineBreak="\n", lineHeight=14
    )
    return [
        terms.encode(x=alt.XValue(-14), y=y, text=alt.Text("term:N"), color=alt.ColorValue(INK)),
        words.encode(x=_behind(f"{WORDS_AT}"), y=y, text=alt.Text("words:N"), color=alt.ColorValue(FAINT_INK)),
        p_values.encode(x=_behind(f"{P_AT}"), y=y, text=alt.Text("p:N"), color=alt.ColorValue(INK)),
        heads.encode(x=_behind("datum.pixels"), y=alt.YValue(alt.ExprRef("height + 24")), text=alt.Text("label:N")),
    ]


def _behind(pixels: str) -> alt.XValue:
    return alt.XValue(alt.ExprRef(f"width + {pixels}"))
