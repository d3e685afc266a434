"""The volcano plot: for each term the difference of the shares against -log10 of Fisher's p; the outliers have their names."""

from collections import defaultdict
from math import log10
from typing import Final

import pandas as pd

from lib.publication.exhibit import Figure, Numbers
from lib.publication.key import with_key
from lib.publication.number import count, p_value, signed_percent
from lib.publication.palette import group_colours
from lib.toxicity.differences.figure import against, contrast_tests, heading, notes
from lib.toxicity.differences.result import Contrast, Differences
from lib.toxicity.volcano.chart import PLOT, volcano_chart
from lib.toxicity.volcano.place import Placed, placed_names
from lib.toxicity.words import caption

MOST_NAMES: Final = 12
NAMED_BELOW: Final = 0.5  # p; points further down are not outliers
LEVEL: Final = 0.05
LEAST_TOP: Final = 1.6  # of the axis of -log10 p
ROOM: Final = 1.12  # beyond the outermost points
LONGEST_NAME: Final = 46
SPANS: Final = (10, 20, 30, 40, 60, 80, 100)


def volcano_figure(result: Differences) -> Figure:
    """One point a term and group compared with the reference. Who cannot be compared is told in the notes."""
    incidence = result.incidence
    grouping, shown = incidence.grouping, [each for each in result.contrasts if each.test.p is not None]
    points = _points(shown, result)
    span, top = _span(points), _top(points)
    names = _names(points, span, top)
    colours = group_colours([group.colour for group in grouping.groups])
    names_in_key = [(f"{name} − {grouping.reference_name}", "") for name in grouping.names]
    labels = [(slot, f"{grouping.names[slot]} − {grouping.reference_name}") for slot in result.others]
    return Figure(
        id="toxicity.volcano", title=f"Adverse events, {result.threshold}: difference and p by {grouping.label}",
        chart=with_key(volcano_chart(colours, incidence.frame.reference), names_in_key, colours, "point", incidence.frame.reference),
        tables={
            "point": points, "name": names, "leader": names[names["led"]], "level": _levels(result.n_tested, top),
            "limit": pd.DataFrame({"x": [-span, span], "y": [0.0, top], "zero": [0.0, 0.0]}),
            "group": pd.DataFrame(labels, columns=["slot", "label"]), "heading": pd.DataFrame({"text": [heading(result)]}),
        },
        data=points[["term", "group", "words", "difference", "p", "x", "y"]],
        caption=f"{caption(incidence)} Each point: one term at {result.threshold}; across: difference to {grouping.reference_name}; up: "
        f"−log10 of the p-value of Fisher's exact test. Named: the points with the smallest p, at most {MOST_NAMES}.",
        alt=_alt(points), notes=notes(result), n=incidence.n, numbers=_numbers(shown, result), tests=contrast_tests(result),
    )  # fmt: skip


def _points(shown: list[Contrast], result: Differences) -> pd.DataFrame:
    rows = [
        (each.term, against(each, result.incidence), each.slot, 100 * (each.difference.value or 0.0), max(0.0, -log10(each.test.p or 1.0)),
         f"{count(each.n, each.of)} v {count(each.n_reference, each.of_reference)}", signed_percent(each.difference.value or 0.0), p_value(each.test.p))
        for each in shown
    ]  # fmt: skip
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


def _names(points: pd.DataFrame, span: float, top: float) -> pd.DataFrame:
    """The names that have room, each point's terms together where several lie at one place."""
    at: dict[tuple[float, float], list[str]] = defaultdict(list)
    for row in points.to_dict("records"):
        at[(row["x"], row["y"])].append(row["term"])
    places = list(at)
    labels = [_shortened(list(dict.fromkeys(terms))) for terms in at.values()]
    width, height = PLOT
    pixels = [((x + span) / (2 * span) * width, (1 - y / top) * height) for x, y in places]
    order = [place for place in sorted(range(len(places)), key=lambda each: (-places[each][1], -abs(places[each][0])))
             if places[place][1] > -log10(NAMED_BELOW)][:MOST_NAMES]  # fmt: skip
    found = placed_names(pixels, labels, order, PLOT)
    rows = [_name_row(each, labels[each.point], places[each.point], span, top) for each in found]
    return pd.DataFrame(rows, columns=["label", "side", "x", "y", "to_x", "to_y", "led"]).astype({"led": bool})


def _name_row(placed: Placed, label: str, point: tuple[float, float], span: float, top: float) -> tuple[object, ...]:
    width, height = PLOT
    x, y = placed.x / width * 2 * span - span, (1 - placed.y / height) * top
    led = abs(placed.y - (1 - point[1] / top) * height) > 1 or abs(x - point[0]) / (2 * span) * width > 10
    return label, placed.side, x, y, *point, led


def _shortened(terms: list[str]) -> str:
    """All terms of one point, or the first and how many more."""
    whole = "; ".join(terms)
    return (
        whole
        if len(whole) <= LONGEST_NAME
        else f"{terms[0][:LONGEST_NAME]}" + (f" and {len(terms) - 1} more" if len(terms) > 1 else "")
    )


def _numbers(shown: list[Contrast], result: Differences) -> Numbers:
    levels = result.incidence.grouping.levels
    rows = tuple((each.term, levels[each.slot], each.difference.value, each.test.p, None) for each in shown)
    return Numbers((("term", ""), ("group", ""), ("difference", "share"), ("p", ""), ("reason", "")), rows)


def _alt(points: pd.DataFrame) -> str:
    told = "; ".join(
        f"{row['term']} ({row['group']}): {row['difference']} points, p {row['p']}" for row in points.to_dict("records")
    )
    return f"Volcano plot of the differences of the shares against −log10 p. {told}."
