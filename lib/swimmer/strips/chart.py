"""Left of the lanes: strips for the group and for columns of the patients, the patients' names, and headers of groups.

The group is a square in its colour, yes and no are dark and white squares, everything else stands there as text.
"""

from dataclasses import dataclass
from typing import Final

import altair as alt

from lib.publication.palette import INK, YES_NO_COLOURS
from lib.publication.theme import table

SQUARE: Final = 8
GAP: Final = 5
LABEL_GAP: Final = 8
GROUP: Final = "group"
YES_NO: Final = "yes_no"
TEXT: Final = "text"


@dataclass(frozen=True)
class Strip:
    """One column left of the lanes: a square (group, yes_no) or text, and how many pixels it needs."""

    kind: str
    width: int = SQUARE


def strip_layers(
    lane: alt.Y, strips: tuple[Strip, ...], names: tuple[str, ...], colours: tuple[str, ...], font_size: int
) -> list[alt.Chart]:
    """The strips, the last one next to the lanes, each with its heading above."""
    first = next((place for place, strip in enumerate(strips) if strip.kind == YES_NO), -1)
    layers = []
    for place, strip in enumerate(strips):
        right = -LABEL_GAP - sum(each.width + GAP for each in strips[place + 1 :])
        if strip.kind == TEXT:
            layers.append(_text(lane, place, right - strip.width, strip.width, font_size))
        else:
            fill = _group_fill(names, colours) if strip.kind == GROUP else _yes_no_fill(place == first)
            layers.append(_squares(lane, place, right, fill))
        middle = right - (SQUARE / 2 if strip.kind != TEXT else strip.width - 4)
        layers.append(_heading(place, middle))
    return layers


def label_layers(lane: alt.Y, strips: tuple[Strip, ...], labels: bool, font_size: int) -> list[alt.Chart]:
    """Headers of groups within the lanes' rows, and the patients' names left of all strips."""
    left = -LABEL_GAP - sum(strip.width + GAP for strip in strips) - 4
    header = table("header").mark_text(
        align="left", baseline="middle", fontSize=font_size + 1, fontWeight="bold", clip=False
    )
    names = table("lane").mark_text(align="right", baseline="middle", fontSize=font_size, limit=120, clip=False)
    headers = header.encode(x=alt.XValue(4), y=lane, text=alt.Text("text:N"), color=alt.ColorValue(INK))
    if not labels:
        return [headers]
    named = names.transform_filter("datum.labelled")
    return [headers, named.encode(x=alt.XValue(left), y=lane, text=alt.Text("patient:N"), color=alt.ColorValue(INK))]


def _squares(lane: alt.Y, place: int, right: float, fill: alt.Fill) -> alt.Chart:
    square = table(f"strip_{place}").mark_bar(stroke="#666666", strokeWidth=0.5, clip=False)
    return square.encode(x=alt.XValue(right - SQUARE), x2=alt.X2Value(right), y=lane, fill=fill)


def _text(lane: alt.Y, place: int, left: float, width: int, font_size: int) -> alt.Chart:
    text = table(f"strip_{place}").mark_text(
        align="left", baseline="middle", fontSize=font_size, limit=width, clip=False
    )
    return text.encode(x=alt.XValue(left), y=lane, text=alt.Text("value:N"), color=alt.ColorValue(INK))


def _heading(place: int, middle: float) -> alt.Chart:
    head = table(f"strip_head_{place}").mark_text(angle=300, align="left", baseline="middle", fontSize=10, clip=False)
    return head.encode(
        x=alt.XValue(middle), y=alt.YValue(-4), text=alt.Text("text:N"), color=alt.ColorValue(INK)
    )  # fmt: skip


def _group_fill(names: tuple[str, ...], colours: tuple[str, ...]) -> alt.Fill:
    squares = alt.Legend(orient="right", symbolType="square", symbolStrokeWidth=0, symbolOpacity=1)
    return alt.Fill("value:N", title="Group", scale=alt.Scale(domain=list(names), range=list(colours)), legend=squares)


def _yes_no_fill(first: bool) -> alt.Fill:
    """One legend serves all strips of yes and no."""
    answers = alt.Scale(domain=list(YES_NO_COLOURS), range=list(YES_NO_COLOURS.values()))
    squares = alt.Legend(
        orient="right", symbolType="square", symbolStrokeWidth=0.7, symbolStrokeColor="#666666", symbolOpacity=1
    )
    return alt.Fill("value:N", title="Strips", scale=answers, legend=squares if first else None)
