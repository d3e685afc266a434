"""The dot plot: the share of each group with a term on the left, the difference to the reference with its interval on
the right.

Drawn over the tables grid, tick, zero, term, dot, range, value, head, key, heading. Both panels stand in
one view whose x runs from 0 to 1, so that no panel can drift from its rows. The chart depends on the number of terms
and groups of the opened cohort, never on the selection.
"""

from functools import cache
from typing import Any, Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure, TypedColumn, estimate_columns, reported, typed_numbers
from lib.publication.number import count, p_value
from lib.publication.palette import GRID, GROUP_SHAPES, INK, group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SCREEN, SMALL
from lib.publication.theme import HOVER, Specification, keeps, publish, table, text_layer, tooltips
from lib.toxicity.captions import in_period, printed_difference, printed_threshold
from lib.toxicity.contrasts import (
    DIFFERENCE_PANEL,
    P_COLUMN,
    SHARE_PANEL,
    DifferenceOptions,
    Differences,
    Layout,
    contrast_tests,
    contrasts_of,
    heading,
    layout,
    method,
    notes,
)
from lib.toxicity.events import are_compared, noted_until, terms_with_room
from lib.toxicity.grade_bars import KEY_LINE, PADDING, Space, bar_words, group_key, key_layers, key_lines, term_labels

ROW: Final = 16  # pixels
TERM_GAP: Final = 6
RANGES: Final = (0.25, 0.5, 1.0)  # how far the axis of differences reaches either way
DODGE: Final = 3  # pixels between the dots of two groups: equal shares do not hide each other
SHARE_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
ROOM_FOR_TICKS: Final = 150  # pixels of a panel, below which every other tick has no label
HEAD_LINE: Final = 14
BELOW: Final = 26


def differences_figure(result: Differences, width: int = SCREEN) -> Figure:
    """One row a term; with several groups compared, one line of differences for each within it."""
    incidence, laid = result.incidence, layout(result, width)
    colours = group_colours(incidence.grouping.groups)
    values, key = _values(result, laid), group_key(incidence, width - PADDING)
    what = f"{printed_threshold(result.threshold)}{in_period(incidence, ', ')}"
    shapes = [GROUP_SHAPES[slot % len(GROUP_SHAPES)] for slot in key["place"]]
    return Figure(
        id="toxicity.differences",
        title=f"Adverse events, {what}: differences by {incidence.grouping.label}",
        chart=differences_chart(max(1, len(result.rows)), colours, laid, key_lines(key)),
        tables={
            **_panel_tables(result, laid),
            "term": _terms(result, laid),
            "dot": _dots(result, laid),
            "range": _ranges(values, result),
            "value": values,
            "key": key.assign(shape=shapes),
            "heading": pd.DataFrame({"text": [heading(result)]}),
        },
        data=_tidy(result),
        caption="Left: patients with each event, % of all treated. Right: difference between groups with its 95 % CI.",
        method=method(result),
        alt=_alt(result),
        notes=notes(result),
        n=incidence.n,
        numbers=typed_numbers(_columns(result, incidence.grouping.levels), result.contrasts),
        tests=contrast_tests(result),
    )


def _row_height(n_others: int, room: Space) -> int:
    return ROW * max(1, n_others) + TERM_GAP + room.above


def _row_middle(result: Differences, room: Space, place: int) -> float:
    height = _row_height(len(result.others), room)
    return place * height + room.above + (height - room.above) / 2


def _terms(result: Differences, laid: Layout) -> pd.DataFrame:
    room = laid.room
    height = _row_height(len(result.others), room)
    above = [place * height + room.above * 0.6 for place in range(len(result.rows))]
    middle = above if room.above else [_row_middle(result, room, place) for place in range(len(result.rows))]
    return pd.DataFrame({"term": [row.term for row in result.rows], "middle": middle})


def _dots(result: Differences, laid: Layout) -> pd.DataFrame:
    low, high = SHARE_PANEL
    rows = []
    for place, row in enumerate(result.rows):
        for slot, (name, n, of) in enumerate(zip(result.incidence.grouping.names, row.n, row.of, strict=True)):
            if of:
                middle = _row_middle(result, laid.room, place) + DODGE * (slot - (len(row.of) - 1) / 2)
                rows.append((row.term, name, slot, bar_words(n, of), low + (high - low) * n / of, middle))
    return pd.DataFrame(rows, columns=["term", "group", "slot", "words", "x", "middle"])


def reach(result: Differences) -> float:
    """How far the axis of differences goes either way: the smallest range that holds every interval."""
    ends = [
        abs(end) for each in result.contrasts for end in (each.difference.low, each.difference.high) if end is not None
    ]
    return next(span for span in RANGES if max(ends, default=0.0) <= span + 1e-12)


def _at(difference: float, span: float) -> float:
    low, high = DIFFERENCE_PANEL
    return low + (high - low) * (difference + span) / (2 * span)


def _values(result: Differences, laid: Layout) -> pd.DataFrame:
    """One row a contrast: where its difference stands (NaN where there is none), and its words."""
    span, lines = reach(result), max(1, len(result.others))
    place_of = {row.term: place for place, row in enumerate(result.rows)}
    rows = []
    for each in result.contrasts:
        line = ROW * (result.others.index(each.slot) - (lines - 1) / 2)
        value = float("nan") if each.difference.value is None else _at(each.difference.value, span)
        middle = _row_middle(result, laid.room, place_of[each.term]) + line
        words, p = printed_difference(each.difference, min(each.of, each.of_reference)), p_value(each.test.p)
        rows.append((each.term, each.slot, value, middle, words, p))
    return pd.DataFrame(rows, columns=["term", "slot", "x", "middle", "words", "p"])


def _ranges(values: pd.DataFrame, result: Differences) -> pd.DataFrame:
    span, rows = reach(result), []
    for middle, each in zip(values["middle"], result.contrasts, strict=True):
        if each.difference.low is not None and each.difference.high is not None:
            rows.append((each.slot, _at(each.difference.low, span), _at(each.difference.high, span), middle))
    return pd.DataFrame(rows, columns=["slot", "x", "end", "middle"])


def _panel_tables(result: Differences, laid: Layout) -> dict[str, pd.DataFrame]:
    """Grid, ticks and the words over the panels and columns."""
    low, high = SHARE_PANEL
    span, few = reach(result), laid.panel < ROOM_FOR_TICKS
    ticks = [(low + (high - low) * share, f"{100 * share:g}") for share in SHARE_TICKS]
    ticks += [
        (_at(part * span, span), f"{100 * part * span:+g}".replace("-", "−") if part else "0")
        for part in (-1, -0.5, 0, 0.5, 1)
    ]
    places = [
        ((low + high) / 2, 0, "center"),
        (_at(0, span), 0, "center"),
        (1.0, laid.words, "right"),
        (1.0, laid.words + P_COLUMN, "right"),
    ]
    heads = [
        (x, pixels, align, laid.lines - len(lines) + line, text)
        for (x, pixels, align), lines in zip(places, (*laid.heads, ("95 % CI",), ("p",)), strict=True)
        for line, text in enumerate(lines)
    ]
    return {
        "grid": pd.DataFrame({"x": [x for x, _ in ticks]}),
        "tick": pd.DataFrame(
            [tick for number, tick in enumerate(ticks) if not few or number % 5 % 2 == 0], columns=["x", "label"]
        ),
        "zero": pd.DataFrame({"x": [_at(0, span)]}),
        "head": pd.DataFrame(heads, columns=["x", "pixels", "align", "line", "label"]),
    }


def _columns(result: Differences, names: tuple[str, ...]) -> tuple[TypedColumn, ...]:
    """Of a contrast, its groups called by these names."""
    return (
        *reported("term", "threshold"),
        TypedColumn(name="group", value=lambda each: names[each.slot]),
        *reported("n", "of", unit="patients"),
        TypedColumn(name="reference", value=lambda _: names[result.incidence.frame.reference]),
        *reported("n_reference", "of_reference", unit="patients"),
        *estimate_columns(("difference", "low", "high"), lambda each: each.difference, "share"),
        TypedColumn(name="p", value=lambda each: each.test.p),
        TypedColumn(name="reason", value=lambda each: each.test.reason or each.difference.reason or None),
    )


def _tidy(result: Differences) -> pd.DataFrame:
    tidy = typed_numbers(_columns(result, result.incidence.grouping.names), result.contrasts).frame
    return tidy.assign(reason=[each.test.reason for each in result.contrasts])


def _alt(result: Differences) -> str:
    listed = "; ".join(
        f"{each.term} {count(each.n, each.of)} v {count(each.n_reference, each.of_reference)}, difference "
        f"{printed_difference(each.difference, min(each.of, each.of_reference))}"
        for each in result.contrasts
    )
    return (
        "Dot plot of the share of patients with each adverse event by group, and of the differences in "
        f"percentage points: {listed}."
    )


@cache
def differences_chart(n_terms: int, colours: tuple[str, ...], laid: Layout, key_rows: int) -> Specification:
    """The specification for this many terms and groups."""
    pixels = n_terms * _row_height(len(colours) - 1, laid.room)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    down = alt.Scale(domain=[0, pixels], nice=False, reverse=True)
    y = alt.Y("middle:Q", scale=down, axis=None)
    slots = alt.Scale(domain=list(range(len(colours))), range=list(colours))
    above = HEAD_LINE * laid.lines + 16
    layers = [
        *_panels(x),
        *_marks(x, y, slots, len(colours)),
        *_words(y, laid),
        *_heads(x, laid.lines),
        term_labels(laid.room, -12 if laid.room.names else 0, down),
        *key_layers(laid.room.left + 4 if laid.room.names else 0, above, key_rows),
        keeps("heading"),
    ]
    chart = alt.layer(*layers).resolve_scale(color="independent", shape="independent")
    return publish(chart, width=laid.room.width, height=pixels + above + KEY_LINE * key_rows + BELOW + 42)


def _panels(x: alt.X) -> list[alt.Chart]:
    """Grid lines, the line of no difference, and the labels of the ticks under each panel."""
    below = alt.YValue(alt.ExprRef("height + 6"))
    return [
        table("grid").mark_rule(color=GRID).encode(x=x),
        table("zero").mark_rule(color=INK, strokeWidth=1).encode(x=x),
        text_layer(table("tick"), "label", x, below, fontSize=SMALL, baseline="top", color=INK),
    ]


def _heads(x: alt.X, lines: int) -> list[alt.Chart]:
    """What stands over the panels and over the columns behind them, line by line."""
    y = alt.YValue(alt.ExprRef(f"{HEAD_LINE} * (datum.line - {lines - 1}) - 6"))
    look: dict[str, Any] = {"fontSize": SMALL, "baseline": "bottom", "clip": False, "color": INK}
    return [
        table("head")
        .transform_filter(f"datum.align == '{align}'")
        .mark_text(align=align, xOffset=alt.ExprRef("datum.pixels"), **look)
        .encode(x=x, y=y, text=alt.Text("label:N"))
        for align in ("center", "right")
    ]


def _marks(x: alt.X, y: alt.Y, slots: alt.Scale, n_groups: int) -> list[alt.Chart]:
    """A dot a group on the left; a diamond with its interval for each group but the reference on the right."""
    colour = alt.Color("slot:N", title=None, scale=slots, legend=None)
    shapes = alt.Scale(domain=list(range(n_groups)), range=list(GROUP_SHAPES[:n_groups]))
    shape = alt.Shape("slot:N", title=None, scale=shapes, legend=None)
    dots = table("dot").mark_point(size=62, filled=True, opacity=1)
    tooltip = tooltips({"term": "Event", "group": "Group", "words": "Patients"})
    return [
        table("range").mark_rule(strokeWidth=1.6).encode(x=x, x2=alt.X2("end:Q"), y=y, color=colour),
        table("value").mark_point(size=58, filled=True, opacity=1, shape="diamond").encode(x=x, y=y, color=colour),
        dots.encode(x=x, y=y, color=colour, shape=shape),
        table("dot", HOVER).mark_point(size=160, opacity=0, filled=True).encode(x=x, y=y, tooltip=tooltip),
    ]


def _words(y: alt.Y, laid: Layout) -> list[alt.Chart]:
    """Differences and p behind the panels, in columns of so many pixels."""
    look: dict[str, Any] = {"align": "right", "baseline": "middle", "fontSize": SMALL, "color": INK}
    return [
        text_layer(table("value"), name, alt.XValue(alt.ExprRef(f"width + {pixels}")), y, **look)
        for name, pixels in (("words", laid.words), ("p", laid.words + P_COLUMN))
    ]


def _differences(analysis: Analysis, options: DifferenceOptions) -> Exhibit:
    found = contrasts_of(analysis, options, terms_with_room(analysis, options))
    return noted_until(analysis, options, differences_figure(found, options.width))


DIFFERENCES: Final = ExhibitSpec(
    "toxicity.differences",
    "Differences between groups",
    needs="adverse_events",
    build=_differences,
    options=DifferenceOptions,
    when=are_compared,
)
