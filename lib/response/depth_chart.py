"""The heat map of the depth of response: cells in their periods, marks of death and other treatment, names of rows."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import GRID, INK, PAPER
from lib.publication.text_width import SCREEN
from lib.publication.theme import HOVER, Specification, labelled, publish, table, text_layer, told
from lib.response.state import state_colour, untitled

HEADER_HEIGHT: Final = 18  # pixels
MARKS: Final = {"Other treatment": "M-.9,0L0,-.9L.9,0L0,.9Z", "Death": "M-.75,-.75L.75,.75M.75,-.75L-.75,.75"}
LEAST_FOR_LETTERS: Final = 12  # pixels of a row
LETTER_SIZE: Final = 10
LONGEST_ID: Final = 0.16  # of the width


@dataclass(frozen=True)
class DepthLook:
    """States in the legend, pixels a row, whether rows have a label."""

    states: tuple[str, ...]
    row_height: int
    labels: bool
    width: int = SCREEN

    @property
    def gutter(self) -> int:
        """Pixels for the patients' ids."""
        return round(LONGEST_ID * self.width)


@cache
def depth_chart(look: DepthLook) -> Specification:
    """The specification."""
    axis = labelled("period", labelFlush=False, ticks=False)
    scale = alt.Scale(nice=False, zero=False)
    month = alt.X("left:Q", title="Months since infusion", scale=scale, axis=axis)
    row = alt.Y("row:O", title=None, axis=None, scale=alt.Scale(paddingInner=0.08, paddingOuter=0.2))
    cell, wide = table("cell"), {"x": month, "x2": alt.X2("right:Q"), "y": row}
    reported = told({"patient": "Patient", "state": "Response", "day": "Day", "mrd": "MRD", "facts": "Note"})
    at = alt.X("at:Q", scale=scale, axis=axis, title=month["title"])
    kinds = list(MARKS)
    shapes = alt.Scale(domain=kinds, range=list(MARKS.values()))
    key = alt.Legend(orient="top", direction="horizontal", symbolSize=70, symbolStrokeWidth=1.3)
    big = look.row_height >= LEAST_FOR_LETTERS
    halo, point = (
        table("mark").mark_point(size=34 if big else 14, strokeWidth=thick, stroke=ink, filled=False, opacity=1)
        for thick, ink in ((3.2, PAPER), (1.3, INK))
    )
    layers = [
        table("period").mark_rule(color=GRID).encode(x=alt.X("right:Q", scale=scale, axis=axis, title=month["title"])),
        cell.mark_rect(stroke="#FFFFFF", strokeWidth=0.7 if look.row_height > 8 else 0).encode(
            **wide, color=state_colour(look.states, look.width)
        ),
        table("cell", HOVER).mark_rect(opacity=0).encode(**wide, tooltip=reported),
        *([_letters(look, row, at)] if big else []),
        halo.encode(x=at, y=row, shape=alt.Shape("kind:N", title=None, scale=shapes, legend=None)),
        point.encode(x=at, y=row, shape=alt.Shape("kind:N", title=None, scale=shapes, legend=key)),
        *_left(look, row),
    ]
    chart = alt.layer(*layers).resolve_scale(color="independent", shape="independent", fill="independent")
    return untitled(publish(chart, width=look.width, height=alt.Step(look.row_height)))


def _letters(look: DepthLook, row: alt.Y, at: alt.X) -> alt.Chart:
    text = table("cell").mark_text(baseline="middle", fontSize=9 if look.row_height < 18 else 10)
    return text.encode(x=at, y=row, text=alt.Text("letters:N"), color=alt.Color("ink:N", scale=None))


def _left(look: DepthLook, row: alt.Y) -> list[alt.Chart]:
    """Beside the axis the patient; above a group its name."""
    header = {"align": "left", "baseline": "middle", "fontSize": 12, "fontWeight": "bold"}
    size = 11 if look.row_height >= 16 else 10
    label = {"align": "right", "baseline": "middle", "fontSize": size, "limit": look.gutter}
    layers = [text_layer(table("header"), "text", alt.XValue(4), row, **header)]
    return layers + [text_layer(table("patient"), "patient", alt.XValue(-8), row, **label)] * look.labels
