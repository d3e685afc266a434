"""The swimmer chart over the tables lane, row, segment, therapy, mark, outside, reference, strip_*, header, tick, key.

It depends on the unit, the width, the group colours and the strips, never on the selection: how high, wide and dense
everything is stands in the tables, in pixels. A click on a lane is a selection named `PICK` of the field patient. Left
of the lanes stand strips: the group is a square in its colour, yes and no are dark and pale squares, everything else is
text.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt

from lib.cohort.model import Cohort, Variable
from lib.publication.palette import GRID, INK, PAPER, RESPONSE_COLOURS, STATE_COLOURS, YES_NO_COLOURS, group_colours
from lib.publication.text_width import NORMAL, SMALL, text_width
from lib.publication.theme import HOVER, Specification, publish, table, text_layer, tooltips
from lib.swimmer.lanes import Lanes, some_of
from lib.swimmer.layout import MOST_DRAWN, MOST_LANES, MOST_PARTS, STEP, Density, density, plot_width, row_tops
from lib.swimmer.marks import mark_layers
from lib.swimmer.options import BY_COLOUR, INFUSION, LAST_CONTACT, RESPONSE, colour_label, ends_of, marks_of, states_of

PICK: Final = "lane"
NO_STATE_COLOUR, EDGE = "#F7F7F7", "#C8C8C8"
SQUARE, GAP, LABEL_GAP = 8, 5, 8  # pixels
LONGEST_ID: Final = 0.16  # of the width
GROUP: Final = "group"
YES_NO: Final = "yes_no"
TEXT: Final = "text"


@dataclass(frozen=True)
class Strip:
    """One column left of the lanes: a square (group, yes_no) or text, and how many pixels it needs."""

    kind: str
    width: int = SQUARE


@dataclass(frozen=True)
class SwimmerLook:
    """What the chart depends on. `named`: states are also written within the lanes."""

    unit: str
    strips: tuple[Strip, ...]
    state_title: str
    named: bool = False
    width: int = 760

    @property
    def strips_width(self) -> int:
        """Pixels from the lanes to the ids."""
        return LABEL_GAP + sum(strip.width + GAP for strip in self.strips) + 4


def _pixel(field: str) -> alt.ExprRef:
    return alt.ExprRef(f"datum.{field}")


BETWEEN: Final = {"y": alt.YValue(_pixel("top")), "y2": alt.Y2Value(_pixel("bottom"))}
MIDDLE: Final = alt.YValue(_pixel("middle_y"))


@cache
def swimmer_chart(look: SwimmerLook) -> Specification:
    """The specification."""
    time = _time(look.unit)
    height = alt.Y("row:O", title=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    layers = [
        *_ticks(time),
        *_states(time, look),
        *_pointed_at(time, look),
        *strip_layers(look.strips),
        *label_layers(look),
        _bars(time),
        *_reference(time),
        *mark_layers(time, look.unit),
        *_key(),
        table("row").mark_point(opacity=0, size=1).encode(x=alt.XValue(0), y=height),
    ]
    picked = {
        "name": PICK,
        "views": [f"{HOVER}_lane"],
        "select": {"type": "point", "fields": ["patient"], "toggle": False},
    }
    chart = publish(alt.layer(*layers), width=look.width, height=alt.Step(STEP)) | {"params": [picked]}
    return {part: value for part, value in chart.items() if part != "title"}


def _time(unit: str) -> alt.X:
    axis = alt.Axis(values=alt.ExprRef("pluck(data('tick'), 'time')"), format="d", grid=False, labelFlush=False)
    scale = alt.Scale(nice=False, zero=True)
    return alt.X("time:Q", title=f"{unit.capitalize()} since infusion", scale=scale, axis=axis)


def _ticks(time: alt.X) -> list[alt.Chart]:
    """Faint rules at the ticks; where lanes are many, so that the axis is far below, the times also stand above."""
    above = text_layer(table("tick"), "above", time, alt.YValue(0), baseline="bottom", dy=-4, fontSize=SMALL)
    return [table("tick").mark_rule(color=GRID).encode(x=time), above]


def _from(time: alt.X, field: str = "start") -> alt.X:
    return alt.X(f"{field}:Q", scale=time["scale"], axis=time["axis"], title=time["title"])


def _states(time: alt.X, look: SwimmerLook) -> list[alt.Chart]:
    """A line before the infusion, follow-up as a bar, states over it: paler and thinner where only extended."""
    start, end = _from(time), alt.X2("end:Q")
    edge, shade = alt.StrokeWidth("edge:Q", scale=None), alt.FillOpacity("shade:Q", scale=None)
    line = table("lane").mark_rule(color="#BBBBBB", strokeWidth=1.5)
    follow_up = table("lane").mark_rect(fill=NO_STATE_COLOUR, stroke=EDGE)
    state = table("segment").mark_rect(opacity=1, stroke=PAPER)
    layers = [
        line.encode(x=_from(time), x2=alt.X2("zero:Q"), y=MIDDLE),
        follow_up.encode(x=_from(time, "zero"), x2=end, strokeWidth=edge, **BETWEEN),
        state.encode(
            x=start, x2=end, fill=alt.Fill("colour:N", scale=None), fillOpacity=shade, strokeWidth=edge, **BETWEEN
        ),
    ]
    if look.named:
        room = "(scale('x', datum.free_end) - scale('x', datum.free_start)) > datum.needs"
        name = table("segment").mark_text(align="center", baseline="middle", fontSize=9, clip=True)
        shown = alt.TextValue(alt.ExprRef(f"{room} ? datum.state : ''"))
        layers.append(name.encode(x=_from(time, "middle"), y=MIDDLE, text=shown, color=alt.Color("ink:N", scale=None)))
    return layers


def _pointed_at(time: alt.X, look: SwimmerLook) -> list[alt.Chart]:
    """Unseen bars that answer the pointer: the lane, and over it its states."""
    who, course = {"patient": "Patient", "group": "Group"}, {"course": "Course"}
    lane = tooltips({**who, "followed": "Follow-up", "best": "Best response", **course})
    state = tooltips({**who, "how": look.state_title, "days": "Days", **course})
    lanes = table("lane", f"{HOVER}_lane").mark_rect(opacity=0, cursor="pointer")
    states = table("segment", f"{HOVER}_segment").mark_rect(opacity=0, cursor="pointer")
    end = alt.X2("end:Q")
    return [
        lanes.encode(x=_from(time), x2=end, tooltip=lane, **BETWEEN),
        states.encode(x=_from(time), x2=end, tooltip=state, **BETWEEN),
    ]


def _bars(time: alt.X) -> alt.Chart:
    """Maintenance as a solid line under the lane, bridging as a dashed one."""
    tooltip = tooltips({"patient": "Patient", "therapy": "Therapy", "kind": "Kind", "days": "Days"})
    rule = table("therapy").mark_rule(strokeCap="butt")
    dashes = alt.Scale(domain=["maintenance", "bridging"], range=[[1, 0], [3, 2]])
    return rule.encode(
        x=_from(time),
        x2=alt.X2("end:Q"),
        y=alt.YValue(_pixel("under")),
        stroke=alt.Stroke("colour:N", scale=None),
        strokeDash=alt.StrokeDash("kind:N", scale=dashes, legend=None),
        strokeWidth=alt.StrokeWidth("thick:Q", scale=None),
        tooltip=tooltip,
    )


def strip_layers(strips: tuple[Strip, ...]) -> list[alt.Chart]:
    """The strips, the last one next to the lanes, each with its heading upright above."""
    layers = []
    for place, strip in enumerate(strips):
        right = -LABEL_GAP - sum(each.width + GAP for each in strips[place + 1 :])
        layers.append(_text(place, right, strip.width) if strip.kind == TEXT else _squares(place, right))
        layers.append(_heading(place, right - strip.width / 2))
    return layers


def _squares(place: int, right: float) -> alt.Chart:
    square = table(f"strip_{place}").mark_rect(stroke="#888888", clip=False)
    return square.encode(
        x=alt.XValue(right - SQUARE),
        x2=alt.X2Value(right),
        fill=alt.Fill("colour:N", scale=None),
        strokeWidth=alt.StrokeWidth("edge:Q", scale=None),
        **BETWEEN,
    )


def _text(place: int, right: float, width: int) -> alt.Chart:
    text = table(f"strip_{place}").mark_text(align="right", baseline="middle", limit=width, clip=False)
    return text.encode(x=alt.XValue(right), y=MIDDLE, **_words("value:N"))


def _words(field: str) -> dict[str, Any]:
    size = alt.Size("font:Q", scale=None)
    return {"text": alt.Text(field), "size": size, "color": alt.ColorValue(INK)}


def _heading(place: int, middle: float) -> alt.Chart:
    style = {"angle": 270, "align": "left", "baseline": "middle", "fontSize": 10, "limit": 90}
    return text_layer(table(f"strip_head_{place}"), "text", alt.XValue(middle), alt.YValue(_pixel("up")), **style)


def label_layers(look: SwimmerLook) -> list[alt.Chart]:
    """Headers of groups within the lanes' rows, and the patients' ids left of all strips."""
    bold: dict[str, Any] = {"fontSize": NORMAL, "fontWeight": "bold", "limit": look.width - 8}
    names = table("lane").mark_text(
        align="right", baseline="middle", fontSize=SMALL, limit=round(look.width * LONGEST_ID), clip=False
    )
    headers = text_layer(table("header"), "text", alt.XValue(4), MIDDLE, align="left", baseline="middle", **bold)
    named = names.transform_filter("datum.labelled")
    return [headers, named.encode(x=alt.XValue(-look.strips_width), y=MIDDLE, **_words("patient:N"))]


def _reference(time: alt.X) -> list[alt.Chart]:
    """A dashed line through all lanes, with its time above it; nothing where the table is empty."""
    line = table("reference").mark_rule(color=INK, strokeDash=[5, 3], strokeWidth=1.2)
    style = {"align": "center", "baseline": "bottom", "fontSize": SMALL}
    return [line.encode(x=time), text_layer(table("reference"), "text", time, alt.YValue(_pixel("up")), **style)]


def _key() -> list[alt.Chart]:
    """What colours and symbols mean, in rows below the axis."""
    down = alt.YValue(alt.ExprRef("height + datum.down"))
    symbol = table("key").transform_filter("datum.shape").mark_point(size=85, opacity=1, strokeWidth=1, clip=False)
    said: dict[str, Any] = {"align": "left", "baseline": "middle", "fontSize": NORMAL, "color": INK, "clip": False}
    words = {"x": alt.XValue(_pixel("words_x")), "y": down, "text": alt.Text("label:N")}
    return [
        symbol.encode(
            x=alt.XValue(_pixel("symbol_x")),
            y=down,
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("outline:N", scale=None),
        ),
        table("key").transform_filter("datum.shape").mark_text(**said).encode(**words),
        table("key").transform_filter("!datum.shape").mark_text(fontWeight="bold", **said).encode(**words),
    ]


WIDEST_TEXT, NUMBER_WIDTH = 110, 28  # pixels
AFTER_PROGRESSION: Final = "#E2E2E2"


@dataclass(frozen=True)
class Drawn:
    """What a figure is made of: the lanes that are drawn of the whole, their cohort, the columns at the left, how close
    lanes stand, and where each row begins."""

    result: Lanes
    whole: Lanes
    cohort: Cohort
    columns: tuple[Variable, ...]
    close: Density
    tops: list[float]

    @property
    def look(self) -> SwimmerLook:
        """What the chart depends on."""
        options, compares = self.result.options, self.result.grouping.compares
        strips = tuple(_strip(variable, options.width) for variable in self.columns)
        groups = (Strip(GROUP),) if compares and not options.grouped else ()
        title = colour_label(options.colour)
        return SwimmerLook(self.result.unit, groups + strips, title, options.colour != RESPONSE, options.width)

    @property
    def gutter(self) -> float:
        """Pixels left of the lanes: the strips and the ids."""
        longest = max((text_width(patient, self.close.font) for patient in self.result.lanes["patient"]), default=0.0)
        ids = 0.0 if self.close.compact else min(longest, LONGEST_ID * self.result.options.width)
        return self.look.strips_width + ids

    @property
    def kinds(self) -> tuple[str, ...]:
        """The marks that may be drawn: compact lanes leave to their colour what it says."""
        options, names = self.result.options, marks_of(self.cohort)
        every = (*(names[mark] for mark in options.marks or ()), *ends_of(self.cohort))
        left_out = (INFUSION, LAST_CONTACT, *(BY_COLOUR if options.colour == RESPONSE else ()))
        return tuple(kind for kind in every if not (self.close.compact and kind in left_out))

    @property
    def plot_width(self) -> float:
        """Pixels of the lanes."""
        return plot_width(self.result.options.width, self.gutter)

    @property
    def colours(self) -> dict[str, str]:
        """By state. IMWG responses and groups have those that they have everywhere, but progression is pale; other
        states come in order."""
        states, grouping = states_of(self.cohort, self.result.options.colour), self.result.grouping
        if set(states) <= set(RESPONSE_COLOURS):
            shown = (*(state for state in states if state != "PD"), "PD")
            return {state: AFTER_PROGRESSION if state == "PD" else RESPONSE_COLOURS[state] for state in shown}
        bound = dict(zip(grouping.levels, self.group_colours, strict=True)) if grouping.compares else {}
        usual = {state: STATE_COLOURS[place % len(STATE_COLOURS)] for place, state in enumerate(states)}
        return {state: bound.get(state, colour) for state, colour in usual.items()}

    @property
    def group_colours(self) -> tuple[str, ...]:
        """Of the groups, in order."""
        return group_colours(self.result.grouping.groups)


def drawn_of(whole: Lanes, cohort: Cohort) -> Drawn:
    """The lanes with what their cohort knows of them."""
    parts = max(1, len(whole.segments) + len(whole.marks))
    result = some_of(whole, min(MOST_DRAWN, max(MOST_LANES, MOST_PARTS * len(whole.lanes) // parts)))
    close = density(len(result.lanes), len(result.headers))
    chosen = [cohort.variable(name) for name in result.options.strips or ()]
    columns = tuple(each for each in chosen if each and each.name != result.grouping.variable)
    return Drawn(
        result, whole, cohort, columns, close, row_tops(result.n_rows, list(result.headers["row"]), close.pitch)
    )


def _strip(variable: Variable, width: int) -> Strip:
    """Squares for yes and no, text for everything else: as wide as its longest level."""
    if variable.kind == "number":
        return Strip(TEXT, NUMBER_WIDTH)
    if set(variable.levels) <= set(YES_NO_COLOURS):
        return Strip(YES_NO)
    longest = max((text_width(level, SMALL) for level in variable.levels), default=8.0)
    return Strip(TEXT, round(min(WIDEST_TEXT, width * LONGEST_ID, longest + 2)))
