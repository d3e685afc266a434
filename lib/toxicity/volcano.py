"""The volcano plot: for each term the difference of the shares against Fisher's p on a log scale; the outliers have
their names.

Drawn over the tables point, name, leader, limit, level, group, heading. The chart depends on the colours of the groups,
never on the selection; the axes end where the rows of `limit` lie. Names stand so that none lies on another name or on
a point: places are tried around each point, nearer ones first, in pixels; a name for which there is no room is left
off.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import log10
from typing import Final, Literal

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure, TypedColumn, typed_numbers
from lib.publication.key import with_key
from lib.publication.number import count, p_value, signed_percent
from lib.publication.palette import FAINT_INK, GROUP_SHAPES, INK, group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SCREEN, SMALL, shortened, text_width
from lib.publication.theme import HOVER, Specification, keeps, publish, table, text_layer, tooltips
from lib.toxicity.captions import printed_threshold
from lib.toxicity.contrasts import (
    Contrast,
    DifferenceOptions,
    Differences,
    against,
    contrast_tests,
    contrasts_of,
    heading,
    method,
    notes,
)
from lib.toxicity.events import are_compared, noted_until, terms
from lib.toxicity.grade_bars import PADDING

MOST_NAMES: Final = 12
NAMED_BELOW: Final = 0.5  # p; points further down are not outliers
LEVEL: Final = 0.05
LEAST_TOP: Final = 1.6  # of the axis of -log10 p
ROOM: Final = 1.12  # beyond the outermost points
LONGEST_NAME: Final = 250.0  # pixels
SPANS: Final = (10, 20, 30, 40, 60, 80, 100)
HEIGHT: Final = 430  # pixels
BESIDE: Final = (PADDING + 56, 118)  # pixels that axes, key and heading take of width and height
LEVELS: Final = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001, 1e-4, 1e-5, 1e-6, 1e-8, 1e-10)  # p at the ticks
SIDES: Final[tuple[tuple[int, Literal["left", "right"]], ...]] = ((-1, "right"), (1, "left"))
LINE_HEIGHT: Final = 14.0
CLEAR_OF_POINT: Final = 6.0
DISTANCES: Final = (8.0, 16.0, 28.0, 42.0, 58.0)
DIRECTIONS: Final = tuple((side, rise) for rise in (0, -0.7, 0.7, -1.4, 1.4) for side in (1, -1))
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Placed:
    """The name of the point with this place in the list: where its near end stands, and to which side (1 right, -1
    left) it runs."""

    point: int
    x: float
    y: float
    side: int


def volcano_figure(result: Differences, width: int = SCREEN) -> Figure:
    """One point a term and group compared with the reference. Who cannot be compared is named in the notes."""
    incidence = result.incidence
    grouping, shown = incidence.grouping, [each for each in result.contrasts if each.test.p is not None]
    points = _points(shown, result)
    span, top = _span(points), _top(points)
    names = _names(points, span, top, (float(width - BESIDE[0]), float(HEIGHT - BESIDE[1])))
    colours = group_colours(grouping.groups)
    names_in_key = [(f"{name} − {grouping.reference_name}", "") for name in grouping.names]
    labels = [(slot, f"{grouping.names[slot]} − {grouping.reference_name}") for slot in result.others]
    return Figure(
        id="toxicity.volcano",
        title=f"Adverse events, {printed_threshold(result.threshold)}: difference and p by {grouping.label}",
        chart=with_key(
            volcano_chart(colours, incidence.frame.reference, width),
            names_in_key,
            colours,
            "point",
            incidence.frame.reference,
        ),
        tables={
            "point": points,
            "name": names,
            "leader": names[names["led"]],
            "level": _levels(result.n_tested, top),
            "limit": pd.DataFrame({"x": [-span, span], "y": [0.0, top], "zero": [0.0, 0.0]}),
            "group": pd.DataFrame(labels, columns=["slot", "label"]),
            "heading": pd.DataFrame({"text": [heading(result)]}),
        },
        data=points[["term", "group", "words", "difference", "p", "x", "y"]],
        caption=(
            f"Each point: one event, {printed_threshold(result.threshold)}; named: the smallest p, at most"
            f" {MOST_NAMES}."
        ),
        method=method(result),
        alt=_alt(points),
        notes=notes(result),
        n=incidence.n,
        numbers=typed_numbers(_columns(grouping.levels), shown),
        tests=contrast_tests(result),
    )


def _columns(levels: Sequence[str]) -> tuple[TypedColumn, ...]:
    return (
        TypedColumn(name="term"),
        TypedColumn(name="group", value=lambda each: levels[each.slot]),
        TypedColumn(name="difference", unit="share", value=lambda each: each.difference.value),
        TypedColumn(name="p", value=lambda each: each.test.p),
        TypedColumn(name="reason", value=lambda _: None),
    )


def _points(shown: list[Contrast], result: Differences) -> pd.DataFrame:
    rows = [
        (
            each.term,
            against(each, result.incidence),
            each.slot,
            100 * (each.difference.value or 0.0),
            max(0.0, -log10(each.test.p or 1.0)),
            f"{count(each.n, each.of)} v {count(each.n_reference, each.of_reference)}",
            signed_percent(each.difference.value or 0.0, min(each.of, each.of_reference)),
            p_value(each.test.p),
        )
        for each in shown
    ]
    return pd.DataFrame(rows, columns=["term", "group", "slot", "x", "y", "words", "difference", "p"])


def _span(points: pd.DataFrame) -> float:
    furthest = points["x"].abs().max() * ROOM if len(points) else 0.0
    return float(next((span for span in SPANS if span >= furthest), SPANS[-1]))


def _top(points: pd.DataFrame) -> float:
    return max(LEAST_TOP, float(points["y"].max()) * ROOM if len(points) else 0.0)


def _levels(n_tests: int, top: float) -> pd.DataFrame:
    """The levels 0.05, and 0.05 shared by all tests, where they are within the axis."""
    wanted = [(LEVEL, f"p = {LEVEL}")]
    if n_tests > 1:
        wanted.append((LEVEL / n_tests, f"p = {LEVEL} / {n_tests} comparisons"))
    return pd.DataFrame([(-log10(p), words) for p, words in wanted if -log10(p) <= top], columns=["y", "label"])


def _names(points: pd.DataFrame, span: float, top: float, plot: tuple[float, float]) -> pd.DataFrame:
    """The names that have room, each point's terms together where several lie at one place."""
    at: dict[tuple[float, float], list[str]] = defaultdict(list)
    for row in points.to_dict("records"):
        at[(row["x"], row["y"])].append(row["term"])
    places = list(at)
    fitting = shortened(points["term"], min(LONGEST_NAME, plot[0] / 2), SMALL)
    labels = [_together([fitting[term] for term in dict.fromkeys(terms)]) for terms in at.values()]
    width, height = plot
    pixels = [((x + span) / (2 * span) * width, (1 - y / top) * height) for x, y in places]
    order = [
        place
        for place in sorted(range(len(places)), key=lambda each: (-places[each][1], -abs(places[each][0])))
        if places[place][1] > -log10(NAMED_BELOW)
    ][:MOST_NAMES]
    found = placed_names(pixels, labels, order, plot)
    rows = [(labels[each.point], *_name_place(each, places[each.point], (span, top), plot)) for each in found]
    return pd.DataFrame(rows, columns=["label", "side", "x", "y", "to_x", "to_y", "led"]).astype({"led": bool})


def _name_place(
    placed: Placed, point: tuple[float, float], ends: tuple[float, float], plot: tuple[float, float]
) -> tuple[object, ...]:
    """Where a name and the line to its point stand on axes with these ends, and whether it is so far that there is a
    line."""
    (span, top), (width, height) = ends, plot
    x, y = placed.x / width * 2 * span - span, (1 - placed.y / height) * top
    led = abs(placed.y - (1 - point[1] / top) * height) > 1 or abs(x - point[0]) / (2 * span) * width > 10
    return placed.side, x, y, *point, led


def _together(terms: list[str]) -> str:
    """All terms of one point, or the first and how many more."""
    whole = "; ".join(terms)
    return whole if text_width(whole, SMALL) <= LONGEST_NAME else f"{terms[0]} and {len(terms) - 1} more"


def _alt(points: pd.DataFrame) -> str:
    listed = "; ".join(
        f"{row['term']} ({row['group']}): {row['difference']} points, p {row['p']}" for row in points.to_dict("records")
    )
    return f"Volcano plot of the differences of the shares against −log10 p. {listed}."


def placed_names(
    points: Sequence[tuple[float, float]], names: Sequence[str], order: Sequence[int], size: tuple[float, float]
) -> tuple[Placed, ...]:
    """A place for the names of the points in `order` (the most important first) within a plot of this width and
    height."""
    taken: list[Box] = []
    found = []
    for point in order:
        place = _free_place(points, point, text_width(names[point], SMALL), taken, size)
        if place:
            found.append(place)
            taken.append(_box(place, text_width(names[point], SMALL)))
    return tuple(found)


def _free_place(
    points: Sequence[tuple[float, float]], point: int, width: float, taken: list[Box], size: tuple[float, float]
) -> Placed | None:
    x, y = points[point]
    for distance in DISTANCES:
        for side, rise in DIRECTIONS:
            place = Placed(point, x + side * distance, y + rise * distance, side)
            box = _box(place, width)
            overlaps = any(_overlap(box, other) for other in taken)
            if _within(box, size) and not overlaps and not _on_a_point(box, points, point):
                return place
    return None


def _box(place: Placed, width: float) -> Box:
    left = place.x if place.side > 0 else place.x - width
    return left, place.y - LINE_HEIGHT / 2, left + width, place.y + LINE_HEIGHT / 2


def _within(box: Box, size: tuple[float, float]) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= size[0] and box[3] <= size[1]


def _overlap(first: Box, second: Box) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def _on_a_point(box: Box, points: Sequence[tuple[float, float]], own: int) -> bool:
    return any(
        box[0] - CLEAR_OF_POINT < x < box[2] + CLEAR_OF_POINT and box[1] - CLEAR_OF_POINT < y < box[3] + CLEAR_OF_POINT
        for place, (x, y) in enumerate(points)
        if place != own
    )


@cache
def volcano_chart(colours: tuple[str, ...], reference: int, width: int = SCREEN) -> Specification:
    """The specification for groups of these colours, of which the one at place `reference` is compared with."""
    signed = "(datum.value > 0 ? '+' : datum.value < 0 ? '−' : '') + format(abs(datum.value), '.12~g')"
    x = alt.X(
        "x:Q",
        title="Difference, % points",
        scale=alt.Scale(nice=False, zero=False),
        axis=alt.Axis(labelExpr=signed, grid=True, tickCount=9 if width >= SCREEN else 5, labelFlush=False),
    )
    y = alt.Y(
        "y:Q",
        title="p, Fisher's exact test (log scale)",
        scale=alt.Scale(nice=False, zero=True),
        axis=alt.Axis(
            grid=False,
            values=[-log10(p) for p in LEVELS],
            labelExpr="format(pow(10, -datum.value), '.2~g')",
            labelOverlap="greedy",
        ),
    )
    layers = [
        table("limit").mark_point(opacity=0, size=1, aria=False).encode(x=x, y=y),
        table("limit").mark_rule(color=INK, strokeWidth=1).encode(x=alt.X("zero:Q")),
        table("level").mark_rule(color=FAINT_INK, strokeDash=[4, 4], strokeWidth=1).encode(y=y),
        *_point_layers(x, y, colours, reference),
        *_name_layers(x, y),
        keeps("group"),
        keeps("heading"),
    ]
    chart = alt.layer(*layers).resolve_scale(color="independent", shape="independent", size="independent")
    return publish(chart, width=width, height=HEIGHT)


def _point_layers(x: alt.X, y: alt.Y, colours: tuple[str, ...], reference: int) -> list[alt.Chart]:
    others = [slot for slot in range(len(colours)) if slot != reference]
    colour = alt.Color(
        "slot:N", title=None, legend=None, scale=alt.Scale(domain=others, range=[colours[slot] for slot in others])
    )
    shapes = alt.Scale(domain=others, range=[GROUP_SHAPES[slot] for slot in others])
    shape = alt.Shape("slot:N", title=None, legend=None, scale=shapes)
    tooltip = tooltips(
        {"term": "Event", "group": "Groups", "words": "Patients", "difference": "Difference, % points", "p": "p"}
    )
    return [
        table("point")
        .mark_point(filled=True, fillOpacity=0.75, opacity=1, size=90, stroke="#FFFFFF", strokeWidth=0.5)
        .encode(x=x, y=y, color=colour, shape=shape),
        table("point", HOVER).mark_point(filled=True, opacity=0, size=180).encode(x=x, y=y, tooltip=tooltip),
    ]


def _name_layers(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Names with a thin line to their point, and what the dashed levels mean."""
    to = {"x2": alt.X2("to_x:Q"), "y2": alt.Y2("to_y:Q")}
    names = [
        table("name")
        .transform_filter(f"datum.side == {side}")
        .mark_text(align=align, baseline="middle", fontSize=11, clip=False, color=INK, dx=2 * side)
        .encode(x=x, y=y, text=alt.Text("label:N"))
        for side, align in SIDES
    ]
    style = {"align": "right", "baseline": "bottom", "fontSize": SMALL, "dy": -2, "color": FAINT_INK}
    return [
        table("leader").mark_rule(color=FAINT_INK, strokeWidth=0.6).encode(x=x, y=y, **to),
        *names,
        text_layer(table("level"), "label", alt.XValue(alt.ExprRef("width - 4")), y, **style),
    ]


def _volcano(analysis: Analysis, options: DifferenceOptions) -> Exhibit:
    found = contrasts_of(analysis, options, terms(analysis, options))
    return noted_until(analysis, options, volcano_figure(found, options.width))


VOLCANO: Final = ExhibitSpec(
    "toxicity.volcano",
    "Volcano plot",
    needs="adverse_events",
    build=_volcano,
    options=DifferenceOptions,
    when=are_compared,
)
