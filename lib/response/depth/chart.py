"""The heat map over the tables cell, patient, mark, header, period, heading: a row a patient, a column a period, colour and letters the response.

It depends on the states, the groups and the number of patients of the opened cohort, never on the selection: its height follows the rows.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import GRID, INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table
from lib.response.chart import OUTLINE, state_colour

MARKS: Final = {"Other treatment": "M-.9,0L0,-.9L.9,0L0,.9Z", "Death": "M-.75,-.75L.75,.75M.75,-.75L-.75,.75"}
LEAST_FOR_LETTERS: Final = 12  # pixels of a row
STRIP: Final = 8  # pixels for the group beside the axis


@dataclass(frozen=True)
class DepthLook:
    """States in the legend, group colours (() for one group), pixels a row, whether rows have a label."""

    states: tuple[str, ...]
    colours: tuple[str, ...]
    row_height: int
    labels: bool


@cache
def depth_chart(look: DepthLook) -> Specification:
    """The specification."""
    words = "pluck(data('period'), 'label')[indexof(pluck(data('period'), 'at'), datum.value)]"
    axis = alt.Axis(
        values=alt.ExprRef("pluck(data('period'), 'at')"), labelExpr=words, grid=False, labelFlush=False, ticks=False
    )
    scale = alt.Scale(nice=False, zero=False)
    month = alt.X("left:Q", title="Months since infusion", scale=scale, axis=axis)
    row = alt.Y("row:O", title=None, axis=None, scale=alt.Scale(paddingInner=0.08, paddingOuter=0.2))
    cell, wide = table("cell"), {"x": month, "x2": alt.X2("right:Q"), "y": row}
    told = {"patient": "Patient", "group": "Group", "state": "Response", "day": "Day", "mrd": "MRD", "facts": "Note"}
    at = alt.X("at:Q", scale=scale, axis=axis, title=month["title"])
    kinds = list(MARKS)
    shape = alt.Shape(
        "kind:N", title=None, scale=alt.Scale(domain=kinds, range=list(MARKS.values())),
        legend=alt.Legend(orient="top", direction="horizontal", symbolSize=70, symbolStrokeWidth=1.3),
    )  # fmt: skip
    slots = alt.Scale(domain=list(range(len(look.colours))), range=list(look.colours))
    layers = [
        table("period").mark_rule(color=GRID).encode(x=alt.X("right:Q", scale=scale, axis=axis, title=month["title"])),
        cell.mark_rect(stroke="#FFFFFF", strokeWidth=0.7 if look.row_height > 8 else 0).encode(**wide, color=state_colour(look.states, columns=9)),
        table("cell", HOVER).mark_rect(opacity=0).encode(**wide, tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in told.items()]),
        *([_letters(look, row, at)] if look.row_height >= LEAST_FOR_LETTERS else []),
        table("mark").mark_point(size=34 if look.row_height >= LEAST_FOR_LETTERS else 14, strokeWidth=1.3, stroke=INK, filled=False, opacity=1).encode(x=at, y=row, shape=shape),
        *_left(look, row, slots),
        keeps("heading"),
    ]  # fmt: skip
    chart = alt.layer(*layers).resolve_scale(color="independent", shape="independent", fill="independent")
    return publish(chart, width=780, height=alt.Step(look.row_height))


def _letters(look: DepthLook, row: alt.Y, at: alt.X) -> alt.Chart:
    text = table("cell").mark_text(baseline="middle", fontSize=9 if look.row_height < 18 else 10)
    return text.encode(x=at, y=row, text=alt.Text("letters:N"), color=alt.Color("ink:N", scale=None))


def _left(look: DepthLook, row: alt.Y, slots: alt.Scale) -> list[alt.Chart]:
    """Beside the axis the group in its colour and the patient; above a group its name."""
    patient, compares = table("patient"), len(look.colours) > 0
    header = table("header").mark_text(align="left", baseline="middle", fontSize=12, fontWeight="bold", clip=False)
    layers = [header.encode(x=alt.XValue(4), y=row, text=alt.Text("text:N"), color=alt.ColorValue(INK))]
    if compares:
        strip = patient.mark_bar(stroke=OUTLINE, strokeWidth=0.4, clip=False)
        layers.append(
            strip.encode(
                x=alt.XValue(-STRIP - 8), x2=alt.X2Value(-8), y=row, fill=alt.Fill("slot:N", scale=slots, legend=None)
            )
        )
    if look.labels:
        label = patient.mark_text(
            align="right", baseline="middle", fontSize=11 if look.row_height >= 16 else 10, limit=120, clip=False
        )
        layers.append(
            label.encode(
                x=alt.XValue(-14 - STRIP * compares), y=row, text=alt.Text("patient:N"), color=alt.ColorValue(INK)
            )
        )
    return layers
