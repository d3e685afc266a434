"""Participant flow: the boxes of lib/baseline/participants.py as a figure, laid out in pixels across and in rows of
five pixels down.

Every place stands in the tables, so that a filter sends data alone; the height of the chart follows the rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Final, Literal

import altair as alt
import pandas as pd

from lib.baseline.participants import Box, ParticipantFlow, participant_flow
from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Figure, TypedColumn, reported, typed_numbers
from lib.publication.options import NoOptions
from lib.publication.palette import INK, PAPER, group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SMALL, broken, text_width
from lib.publication.theme import HOVER, Specification, publish, table
from lib.publication.who import Who

ROW: Final = 5  # pixels
LINE, PAD, GAP = 3, 1, 4  # rows: of a line of words, above and below the words of a box, between boxes
AROUND: Final = 22  # pixels of the padding of the figure
NARROWEST: Final = 620  # pixels of the figure in a narrow window
INSET, INDENT = 8, 10  # pixels between a box and its words, and before a reason
GUTTER: Final = 14  # pixels between boxes beside each other
LEAST_COLUMN: Final = 140  # pixels of a group; with less room the groups stand one under the other
NO_SLOT: Final = -1
TEXTS: Final[dict[str, tuple[Literal["left", "center", "right"], bool]]] = {
    "centre": ("center", True),
    "bold": ("left", True),
    "item": ("left", False),
    "number": ("right", False),
}
TIPS: Final = {"down": (0, -3), "right": (-3, 0)}  # by how much a tip is moved, so that it ends at the edge of a box
EVALUABLE: Final = "Evaluable for"
METHOD: Final = (
    "Evaluable for response: assessed after the infusion, or progressed. For an endpoint: its time and event are known."
    " For adverse events: all who were infused. For kinetics: at least one sample after the infusion."
)
DATA: Final = ("box", "group", "left_out_because", "n", "of")
NAMED: Final = DATA.index("n")  # so many columns name a row
Words = tuple[
    str, str, int, Box | None
]  # which of TEXTS, the words, how far from the side, and whom they count (None: several, or nobody)


@dataclass
class Drawing:
    """The tables of a flow while it is laid out from top to bottom: `row` down and pixels across."""

    width: float
    row: int = 0
    boxes: list[tuple[float, float, int, int, int]] = field(default_factory=list)
    words: list[tuple[str, float, int, str]] = field(default_factory=list)
    lines: list[tuple[float, int, float, int]] = field(default_factory=list)
    counted: list[tuple[float, float, int, int, Box]] = field(default_factory=list)  # where a click asks who they are
    tips: dict[str, list[tuple[float, int]]] = field(default_factory=lambda: {way: [] for way in TIPS})

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """As the chart reads them."""
        words = pd.DataFrame(self.words, columns=["kind", "x", "y", "words"])
        return {
            "row": pd.DataFrame({"y": range(self.row + 1)}),
            "box": pd.DataFrame(self.boxes, columns=["x", "x2", "y", "y2", "slot"]),
            "line": pd.DataFrame(self.lines, columns=["x", "y", "x2", "y2"]),
            **{way: pd.DataFrame(places, columns=["x", "y"]) for way, places in self.tips.items()},
            **{kind: words.loc[words["kind"] == kind, ["x", "y", "words"]] for kind in TEXTS},
        }

    def add_box(self, left: float, right: float, top: int, words: Sequence[Words | None], slot: int = NO_SLOT) -> int:
        """A box with these lines of words (None begins the next line); gives the row under it."""
        line = 0
        for each in words:
            if each is None:
                line += 1
                continue
            kind, text, inset, counted = each
            x = {"centre": (left + right) / 2, "number": right - inset}.get(kind, left + inset)
            down = top + PAD + LINE * line
            self.words.append((kind, x, down + 1, text))
            if counted and kind != "number":  # that stands on the line of its words
                self.counted.append((left, right, down, down + LINE, counted))
        bottom = top + 2 * PAD + LINE * line
        self.boxes.append((left, right, top, bottom, slot))
        return bottom

    def arrow(self, x: float, y: int, x2: float, y2: int) -> None:
        """A line with a tip at its end, down or to the right."""
        self.lines.append((x, y, x2, y2))
        self.tips["down" if x == x2 else "right"].append((x2, y2))


def laid_out(flow: ParticipantFlow, width: int) -> Drawing:
    """The boxes of a flow in a figure so wide: one under the other, then the groups beside each other, or under each
    other where they are many."""
    made = Drawing(min(width, NARROWEST) - AROUND)
    sizes = [box for box in flow.boxes if box.step == "group"]
    _chain(made, flow.chain)
    if not flow.grouping.compares:
        _together(made, flow)
    elif (made.width - GUTTER * (len(sizes) - 1)) / len(sizes) >= LEAST_COLUMN:
        _beside(made, flow, sizes)
    else:
        _under(made, flow, sizes)
    return made


def _chain(made: Drawing, boxes: Sequence[Box]) -> None:
    """Those who go on in the middle, whoever is left out at the right."""
    middle, half = made.width / 2, 0.22 * made.width
    for left_out, of_kind in groupby(boxes, lambda box: bool(box.reason)):
        for box in () if left_out else of_kind:
            top = made.row + GAP if made.boxes else 0
            if made.boxes:
                made.arrow(middle, made.row, middle, top)
            made.row = made.add_box(middle - half, middle + half, top, _centred(box, 2 * half))
        for _, mine in groupby(of_kind, lambda box: box.step):
            left, top = middle + 2 * GUTTER, made.row + GAP // 2
            bottom = made.add_box(left, made.width, top, _left_out(list(mine), made.width - left))
            made.arrow(middle, (top + bottom) // 2, left, (top + bottom) // 2)
            made.lines.append((middle, made.row, middle, bottom))
            made.row = bottom


def _together(made: Drawing, flow: ParticipantFlow) -> None:
    """What all patients can be evaluated for, where nobody is compared."""
    lines = _evaluable(flow.of_group(flow.grouping.names[0]), 0.44 * made.width)
    if lines:
        made.arrow(made.width / 2, made.row, made.width / 2, made.row + GAP)
        made.row = made.add_box(0.28 * made.width, 0.72 * made.width, made.row + GAP, lines)


def _beside(made: Drawing, flow: ParticipantFlow, sizes: Sequence[Box]) -> None:
    """A column for each group."""
    wide = (made.width - GUTTER * (len(sizes) - 1)) / len(sizes)
    lefts = [slot * (wide + GUTTER) for slot in range(len(sizes))]
    bus, top = made.row + GAP // 2, made.row + GAP
    made.lines.append((made.width / 2, made.row, made.width / 2, bus))
    made.lines.append((lefts[0] + wide / 2, bus, lefts[-1] + wide / 2, bus))
    names = [_centred(box, wide) for box in sizes]
    below = [_evaluable(flow.of_group(box.group), wide) for box in sizes]
    names, below = _as_long(names), _as_long(below)
    for slot, (left, name, lines) in enumerate(zip(lefts, names, below, strict=True)):
        middle = left + wide / 2
        made.arrow(middle, bus, middle, top)
        made.row = bottom = made.add_box(left, left + wide, top, name, slot)
        if lines:
            made.arrow(middle, bottom, middle, bottom + GAP)
            made.row = made.add_box(left, left + wide, bottom + GAP, lines)


def _under(made: Drawing, flow: ParticipantFlow, sizes: Sequence[Box]) -> None:
    """Groups under each other along a line at the left, beside each what it can be evaluated for."""
    rail, left, right = 4.0, 2.0 * GUTTER, 0.36 * made.width
    beside, bus = right + 2 * GUTTER, made.row + GAP // 2
    made.lines += [(made.width / 2, made.row, made.width / 2, bus), (rail, bus, made.width / 2, bus)]
    last = bus
    for slot, box in enumerate(sizes):
        top = made.row + GAP
        bottom = made.add_box(left, right, top, _centred(box, right - left), slot)
        last = (top + bottom) // 2
        made.arrow(rail, last, left, last)
        lines = _evaluable(flow.of_group(box.group), made.width - beside)
        if lines:
            made.arrow(right, last, beside, last)
            bottom = max(bottom, made.add_box(beside, made.width, top, lines))
        made.row = bottom
    made.lines.append((rail, bus, rail, last))


def _centred(box: Box, wide: float) -> list[Words | None]:
    size = f"(n\u00a0=\u00a0{box.n:,})"
    lines = broken(f"{box.label} {size}", wide - 2 * INSET, SMALL, bold=True)
    return [part for words in lines for part in (("centre", words, 0, box), None)]


def _left_out(boxes: Sequence[Box], wide: float) -> list[Words | None]:
    """Everybody left out at one place, and under it how many for which reason."""
    n, room = sum(box.n for box in boxes), wide - 2 * INSET
    lines: list[Words | None] = []
    for words in broken(f"{boxes[0].label} (n\u00a0=\u00a0{n:,})", room, SMALL, bold=True):
        lines += [("bold", words, INSET, boxes[0] if len(boxes) == 1 else None), None]
    for box in boxes:
        counted = f"{box.reason} ({box.n:,})" if len(boxes) > 1 else box.reason
        lines += [part for words in broken(counted, room, SMALL) for part in (("item", words, INSET, box), None)]
    return lines


def _evaluable(boxes: Sequence[Box], wide: float) -> list[Words | None]:
    """A line for each analysis with its number at the right, and under it who is left out of it."""
    lines: list[Words | None] = [("bold", EVALUABLE, INSET, None), None] if boxes else []
    for _, mine in groupby(boxes, lambda box: box.step):
        *left_out, used = mine
        number = f"{used.n:,}"
        room = wide - 3 * INSET - text_width(number, SMALL)
        lines.append(("number", number, INSET, used))
        lines += [part for words in broken(used.label, room, SMALL) for part in (("item", words, INSET, used), None)]
        for box in left_out:
            words = broken(f"– {box.n:,}: {box.reason}", room - INDENT, SMALL)
            lines += [part for each in words for part in (("item", each, INSET + INDENT, box), None)]
    return lines


def _as_long(several: Sequence[list[Words | None]]) -> list[list[Words | None]]:
    """Each with as many lines as the longest."""
    most = max(lines.count(None) for lines in several)
    return [[*lines, *[None] * (most - lines.count(None))] if lines else lines for lines in several]


@cache
def flow_chart(colours: tuple[str, ...], width: int) -> Specification:
    """The specification of a flow: of the colours of the groups and the width alone."""
    across = alt.Scale(domain=[0, min(width, NARROWEST) - AROUND], nice=False, zero=False)
    down = alt.Scale(paddingInner=0, paddingOuter=0)
    x, x2 = alt.X("x:Q", scale=across, axis=None), alt.X2("x2:Q")
    y, y2 = alt.Y("y:O", scale=down, axis=None, bandPosition=0), alt.Y2("y2:O", bandPosition=0)
    slots = [NO_SLOT, *range(len(colours))]
    stroke = alt.Stroke("slot:N", legend=None, scale=alt.Scale(domain=slots, range=[INK, *colours]))
    wide = alt.StrokeWidth(
        "slot:N", legend=None, scale=alt.Scale(type="ordinal", domain=slots, range=[0.9, *[2.0] * len(colours)])
    )
    texts = [
        table(kind)
        .mark_text(align=align, baseline="middle", fontSize=SMALL, fontWeight="bold" if bold else "normal", clip=False)
        .encode(
            x=x,
            y=alt.Y("y:O", scale=down, axis=None, bandPosition=0.5),
            text=alt.Text("words:N"),
            color=alt.ColorValue(INK),
        )
        for kind, (align, bold) in TEXTS.items()
    ]
    tips = [
        table(way)
        .mark_point(shape=f"triangle-{way}", filled=True, size=32, opacity=1, color=INK, xOffset=right, yOffset=below)
        .encode(x=x, y=y)
        for way, (right, below) in TIPS.items()
    ]
    layers = [
        table("row").mark_point(opacity=0, size=1).encode(y=y, x=alt.XValue(0)),
        table("line").mark_rule(color=INK, strokeWidth=0.9).encode(x=x, x2=x2, y=y, y2=y2),
        table("box").mark_rect(fill=PAPER, opacity=1).encode(x=x, x2=x2, y=y, y2=y2, stroke=stroke, strokeWidth=wide),
        *tips,
        *texts,
        table("counted", HOVER).mark_rect(opacity=0, cursor="pointer").encode(x=x, x2=x2, y=y, y2=y2),
    ]
    chart = publish(alt.layer(*layers), width=width, height=alt.Step(ROW))
    return {part: value for part, value in chart.items() if part != "title"}


def flow_figure(flow: ParticipantFlow, width: int) -> Figure:
    """The flow as boxes from top to bottom."""
    level = {"": "Total"} | flow.grouping.level_of
    data = [(box.label, level[box.group], box.reason, box.n, box.of) for box in flow.boxes]
    drawn = laid_out(flow, width)
    counted = [(*place, box.label, level[box.group], box.reason) for *place, box in drawn.counted]
    return Figure(
        id="baseline.flow",
        title="Participant flow",
        chart=flow_chart(group_colours(flow.grouping.groups), width),
        tables={**drawn.tables, "counted": pd.DataFrame(counted, columns=["x", "x2", "y", "y2", *DATA[:NAMED]])},
        data=pd.DataFrame(data, columns=list(DATA)),
        caption="From the workbook to each analysis. At the right: patients who do not go on, with the reason.",
        method=METHOD,
        alt=_alt(flow),
        notes=flow.notes,
        n=flow.n,
        numbers=typed_numbers(_columns(level), flow.boxes),
    )


def _columns(level: Mapping[str, str]) -> tuple[TypedColumn, ...]:
    return (
        TypedColumn(name="step"),
        TypedColumn(name="box", value=lambda box: box.label),
        TypedColumn(name="group", value=lambda box: level[box.group]),
        *reported("n", "of", unit="patients"),
        TypedColumn(name="reason", value=lambda box: box.reason or None),
    )


def _alt(flow: ParticipantFlow) -> str:
    said = [f"{box.label}: {box.n}{f' ({box.reason})' if box.reason else ''}" for box in flow.chain]
    for name in flow.grouping.names:
        evaluated = ", ".join(f"{box.label} {box.n} of {box.of}" for box in flow.of_group(name) if not box.reason)
        size = next((f"{box.n}; " for box in flow.boxes if box.step == "group" and box.group == name), "")
        said.append(f"{name}: {size}evaluable for {evaluated or 'nothing'}")
    return f"Flow chart of boxes. {'. '.join(said)}."


def _build(analysis: Analysis, options: NoOptions) -> Figure:
    return flow_figure(analysis.result(participant_flow), options.width)


def _who(analysis: Analysis, _options: NoOptions) -> Who:
    """Of each box, a row of the figure's data."""
    return {(y, NAMED): box.who for y, box in enumerate(analysis.result(participant_flow).boxes)}


FLOW: Final = ExhibitSpec("baseline.flow", "Participant flow", "patients", _build, who=_who)
