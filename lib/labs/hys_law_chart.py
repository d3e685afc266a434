"""The scatter of peak ALT or AST and peak bilirubin: limits, quadrants, a symbol a patient, cases ringed."""

from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import FAINT_INK, GRID, INK, group_shapes
from lib.publication.text_width import SCREEN
from lib.publication.theme import HOVER, Specification, by_slot, keeps, publish, table, text_layer, told

HEIGHT: Final = 400
LEVELS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0)


@cache
def hys_law_chart(colours: tuple[str, ...], width: int = SCREEN) -> Specification:
    """The specification for groups of these colours."""
    scale = alt.Scale(type="log", nice=False, zero=False)
    axis = alt.Axis(values=list(LEVELS), format="~g", grid=False, labelOverlap=True)
    enzyme = alt.X("enzyme_times:Q", title="Peak ALT or AST, × ULN (log scale)", scale=scale, axis=axis)
    bilirubin = alt.Y("bilirubin:Q", title="Peak bilirubin, × ULN (log scale)", scale=scale, axis=axis)
    level = table("axis").mark_rule(color=GRID, strokeWidth=0.6)
    limit = table("limit").mark_rule(color=FAINT_INK, strokeDash=[5, 4], strokeWidth=1)
    layers = [
        *(mark.encode(**{name: place}) for mark in (level, limit) for name, place in (("x", enzyme), ("y", bilirubin))),
        *_words(),
        *_symbols(enzyme, bilirubin, colours),
        keeps("heading"),
        keeps("group"),
    ]
    return publish(alt.layer(*layers), width=width, height=HEIGHT)


def _words() -> list[alt.Chart]:
    """The name of each quadrant in the corner that is its own."""
    right, left = (alt.XValue("width"), {"align": "right", "dx": -5}), (alt.XValue(0), {"align": "left", "dx": 5})
    top, bottom = (
        (alt.YValue(0), {"baseline": "top", "dy": 6}),
        (alt.YValue("height"), {"baseline": "bottom", "dy": -6}),
    )
    corners = (("hy", right, top), ("bilirubin", left, top), ("enzyme", right, bottom), ("neither", left, bottom))
    style = {"fontSize": 11, "color": FAINT_INK, "fontStyle": "italic"}
    return [
        text_layer(table("words"), name, x, y, **across, **down, **style) for name, (x, across), (y, down) in corners
    ]


def _symbols(x: alt.X, y: alt.Y, colours: tuple[str, ...]) -> list[alt.Chart]:
    colour, shape = by_slot(alt.Color, colours), by_slot(alt.Shape, group_shapes(len(colours)))
    reported = told(
        {"patient": "Patient", "group": "Group", "peaks": "× ULN", "n:Q": "Patients here", "verdict": "Hy's law"}
    )
    size = alt.Size("area:Q", scale=None, legend=None)
    return [
        table("point")
        .mark_point(filled=True, opacity=0.75, stroke="#FFFFFF", strokeWidth=0.6)
        .encode(x=x, y=y, color=colour, shape=shape, size=size),
        table("case").mark_point(filled=False, shape="circle", size=190, stroke=INK, strokeWidth=1.4).encode(x=x, y=y),
        table("point", HOVER).mark_point(size=160, filled=True, opacity=0).encode(x=x, y=y, tooltip=reported),
    ]
