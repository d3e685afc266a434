"""The scatter of peak ALT or AST and peak bilirubin: limits, quadrants, a symbol a patient, cases ringed."""

from functools import cache
from typing import Final

import altair as alt

from lib.publication.palette import FAINT_INK, GRID, GROUP_SHAPES, INK
from lib.publication.text_width import SCREEN
from lib.publication.theme import HOVER, Specification, keeps, publish, table

HEIGHT: Final = 400
LEVELS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0)


@cache
def hys_law_chart(colours: tuple[str, ...], width: int = SCREEN) -> Specification:
    """The specification for groups of these colours."""
    slots = list(range(len(colours)))
    enzyme = alt.X("enzyme_times:Q", title="Peak ALT or AST, × ULN (log scale)", scale=_scale(), axis=_axis())
    bilirubin = alt.Y("bilirubin:Q", title="Peak bilirubin, × ULN (log scale)", scale=_scale(), axis=_axis())
    layers = [
        table("axis").mark_rule(color=GRID, strokeWidth=0.6).encode(x=enzyme),
        table("axis").mark_rule(color=GRID, strokeWidth=0.6).encode(y=bilirubin),
        table("limit").mark_rule(color=FAINT_INK, strokeDash=[5, 4], strokeWidth=1).encode(x=enzyme),
        table("limit").mark_rule(color=FAINT_INK, strokeDash=[5, 4], strokeWidth=1).encode(y=bilirubin),
        *_words(),
        *_symbols(enzyme, bilirubin, slots, colours),
        keeps("heading"),
        keeps("group"),
    ]
    return publish(alt.layer(*layers), width=width, height=HEIGHT)


def _scale() -> alt.Scale:
    return alt.Scale(type="log", nice=False, zero=False)


def _axis() -> alt.Axis:
    return alt.Axis(values=list(LEVELS), format="~g", grid=False, labelOverlap=True)


def _words() -> list[alt.Chart]:
    """The name of each quadrant in the corner that is its own."""
    right, left = alt.XValue("width"), alt.XValue(0)
    top, bottom = alt.YValue(0), alt.YValue("height")
    corners = (("hy", right, top), ("bilirubin", left, top), ("enzyme", right, bottom), ("neither", left, bottom))
    return [
        table("words")
        .mark_text(
            align="right" if x is right else "left",
            baseline="top" if y is top else "bottom",
            dx=-5 if x is right else 5,
            dy=6 if y is top else -6,
            fontSize=11,
            color=FAINT_INK,
            fontStyle="italic",
            clip=False,
        )
        .encode(x=x, y=y, text=alt.Text(f"{name}:N"))
        for name, x, y in corners
    ]


def _symbols(x: alt.X, y: alt.Y, slots: list[int], colours: tuple[str, ...]) -> list[alt.Chart]:
    colour = alt.Color("slot:N", title=None, scale=alt.Scale(domain=slots, range=list(colours)), legend=None)
    shapes = [GROUP_SHAPES[slot % len(GROUP_SHAPES)] for slot in slots]
    shape = alt.Shape("slot:N", title=None, scale=alt.Scale(domain=slots, range=shapes), legend=None)
    reported = [
        alt.Tooltip("patient:N", title="Patient"),
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("peaks:N", title="× ULN"),
        alt.Tooltip("n:Q", title="Patients here"),
        alt.Tooltip("verdict:N", title="Hy's law"),
    ]
    size = alt.Size("area:Q", scale=None, legend=None)
    return [
        table("point")
        .mark_point(filled=True, opacity=0.75, stroke="#FFFFFF", strokeWidth=0.6)
        .encode(x=x, y=y, color=colour, shape=shape, size=size),
        table("case").mark_point(filled=False, shape="circle", size=190, stroke=INK, strokeWidth=1.4).encode(x=x, y=y),
        table("point", HOVER).mark_point(size=160, filled=True, opacity=0).encode(x=x, y=y, tooltip=reported),
    ]
