"""Rates with their intervals over the tables rate, outcome, heading: a point and a line a group, numbers in a column beside the plot.

It depends on the number of outcomes and on the groups of the opened cohort, never on the selection.
"""

from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import GRID, GROUP_SHAPES, INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table

ROW_HEIGHT: Final = 20
LABEL: Final = 175  # pixels for the names of groups
RIGHT: Final = 190  # pixels for the numbers


@cache
def rates_chart(n_rows: int, colours: tuple[str, ...]) -> Specification:
    """The specification for this many rows; `colours` are those of the groups, with INK after them where all are shown together."""
    slots = list(range(len(colours)))
    axis = alt.Axis(values=[0, 25, 50, 75, 100], grid=False, labelFlush=False)
    share = alt.X(
        "percent:Q", title="Patients, % (exact 95 % CI)", scale=alt.Scale(domain=[0, 100], nice=False), axis=axis
    )
    down = alt.Scale(domain=[-0.6, n_rows - 0.4], nice=False, reverse=True, zero=False)
    row = alt.Y("row:Q", scale=down, axis=None)
    colour = alt.Color("slot:N", legend=None, scale=alt.Scale(domain=slots, range=list(colours)))
    shapes = [GROUP_SHAPES[slot % len(GROUP_SHAPES)] for slot in slots]
    shape = alt.Shape("slot:N", legend=None, scale=alt.Scale(domain=slots, range=shapes))
    told = {"outcome": "Outcome", "group": "Group", "words": "Patients"}
    tooltip = [alt.Tooltip(f"{field}:N", title=title) for field, title in told.items()]
    rate, ink = table("rate"), alt.ColorValue(INK)
    name = rate.mark_text(align="left", baseline="middle", fontSize=11, limit=LABEL - 20, clip=False)
    number = rate.mark_text(align="right", baseline="middle", fontSize=11, clip=False)
    outcome = table("outcome").mark_text(align="left", baseline="middle", fontSize=12, fontWeight="bold", clip=False)
    layers = [
        table("grid").mark_rule(color=GRID).encode(x=alt.X("percent:Q", scale=share["scale"], axis=axis, title=share["title"])),
        rate.mark_rule(strokeWidth=1.8).encode(x=alt.X("low:Q", scale=share["scale"], axis=axis, title=share["title"]), x2=alt.X2("high:Q"), y=row, color=colour),
        rate.mark_point(filled=True, size=75, opacity=1).encode(x=share, y=row, color=colour, shape=shape),
        table("rate", HOVER).mark_point(opacity=0, size=300).encode(x=share, y=row, tooltip=tooltip),
        name.encode(x=alt.XValue(-LABEL + 12), y=row, text=alt.Text("group:N"), color=colour),
        number.encode(x=alt.XValue(alt.ExprRef(f"width + {RIGHT}")), y=row, text=alt.Text("words:N"), color=ink),
        outcome.encode(x=alt.XValue(-LABEL), y=row, text=alt.Text("outcome:N"), color=ink),
        keeps("heading"),
    ]  # fmt: skip
    return publish(alt.layer(*layers), width=780, height=int(95 + ROW_HEIGHT * n_rows))
