"""What both figures of worst grades are made of: bars in the colours of grades, names of the terms, counts in columns,
and keys.

Everything stands in pixels from the edges of the plot. The keys hold the grades that occur in the opened cohort, so
that no selection changes them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import pandas as pd

from lib.publication.number import percent
from lib.publication.palette import GRADE_COLOURS, GRADE_EDGES, INK, group_colours
from lib.publication.text_width import NORMAL, SMALL, broken, text_width
from lib.publication.theme import HOVER, Specification, table, text_layer, tooltips
from lib.toxicity.incidence import ANY_GRADE, AT_LEAST_3, Incidence

GRADE_NAMES: Final = dict(enumerate(GRADE_COLOURS))  # 0 = not stated, then 1 to 5
PADDING: Final = 22  # left and right of a figure together
COLUMN: Final = 29  # pixels of a column of counts
HEADS: Final = ("Any", "≥ 3")
COUNTS: Final = COLUMN * len(HEADS) + 6
NAME_SHARE: Final = 0.38  # of what the counts leave: more than this, and names stand above their rows
NAME_LINE: Final = 15  # pixels of a name above its row
KEY_LINE: Final = 16
HEADING: Final = 26
SQUARE, BETWEEN = 15, 14  # pixels from a square to its word, and from that to the next square
UNKNOWN: Final = "–"
NONE: Final = "transparent"


@dataclass(frozen=True)
class Space:
    """The width of a figure and what the names of the terms need of it: `names` pixels in front of the rows, 0 where
    they stand above."""

    width: int
    names: int

    @property
    def above(self) -> int:
        """Pixels of a name above its row."""
        return 0 if self.names else NAME_LINE

    @property
    def left(self) -> int:
        """Pixels in front of the bars, or of the counts in front of them."""
        return self.names + 8 if self.names else 0


def space(terms: Iterable[str], width: int, beside: int) -> Space:
    """The space of these terms in a figure of this width of which so many pixels are taken by what stands beside the
    bars."""
    needed = max((text_width(term, SMALL, bold=True) for term in terms), default=0.0)
    return Space(width, round(needed) + 2 if needed <= NAME_SHARE * (width - PADDING - beside) else 0)


def grades_of(grades: pd.Series) -> tuple[str, ...]:
    """The names of these grades, each once; a missing one is not stated, 0 is no event."""
    found = set(grades.fillna(0).astype(int)[grades.ne(0)].unique())
    return tuple(name for grade, name in GRADE_NAMES.items() if grade in found)


def printed_counts(result: Incidence, term: str) -> list[tuple[str, str]]:
    """For each group the patients with the term at any grade and at grade 3 or more, which is not known where no grade
    is stated."""
    pairs = zip(
        result.grouping.names, *(result.of_threshold(each)[term].n for each in (ANY_GRADE, AT_LEAST_3)), strict=True
    )
    return [
        (f"{n:,}", UNKNOWN if n and result.counts[term, name, 0] == n else f"{severe:,}") for name, n, severe in pairs
    ]


def bar_words(n: int, of: int) -> str:
    """What the pointer shows of a bar: 3 of 8 (38 %)."""
    return f"{n:,} of {of:,} ({percent(n / of, of)})"


def key_table(entries: Sequence[tuple[str, str, str]], pixels: float, first_line: int = 0) -> pd.DataFrame:
    """A square with a word for each (word, colour, edge), in as many lines as they need; of a word without a colour the
    word alone."""
    rows, x, line = [], 0.0, first_line
    for place, (word, paint, edge) in enumerate(entries):
        square = SQUARE if paint else 0
        lines = broken(word, pixels - square, NORMAL)
        needed = square + max(text_width(each, NORMAL) for each in lines)
        if x and x + needed > pixels:
            x, line = 0.0, line + 1
        rows.append((place, x, x + square, line, lines[0], paint or NONE, edge or NONE, "square"))
        rows += [
            (place, x, x + square, line + more, each, NONE, NONE, "square") for more, each in enumerate(lines[1:], 1)
        ]
        line += len(lines) - 1
        x += needed + BETWEEN
    return pd.DataFrame(rows, columns=["place", "x", "word_x", "line", "label", "paint", "edge", "shape"])


def group_key(result: Incidence, pixels: float) -> pd.DataFrame:
    """The key of the groups with their sizes, laid out for all patients of the opened cohort; empty for one group
    alone."""
    groups = result.grouping.groups if result.grouping.compares else ()
    colours = group_colours(groups)
    widest = [(f"{group.name} (n = {group.size})", paint, paint) for group, paint in zip(groups, colours, strict=True)]
    key = key_table(widest, pixels)
    labels: list[str] = []
    for place, (group, of) in enumerate(zip(groups, result.of, strict=False)):
        lines = broken(f"{group.name} (n = {of})", pixels - SQUARE, NORMAL)
        room = int((key["place"] == place).sum())
        labels += [*lines, *[""] * (room - len(lines))]
    return key.assign(label=labels)


def grade_entries(grades: Sequence[str]) -> list[tuple[str, str, str]]:
    """The entries of these grades for a key, behind what they are."""
    squares = [
        (name.removeprefix("Grade "), GRADE_COLOURS[name], GRADE_EDGES.get(name, GRADE_COLOURS[name]))
        for name in grades
    ]
    return [("Worst grade", "", ""), *squares] if squares else []


def key_lines(key: pd.DataFrame) -> int:
    """How many lines a key has."""
    return int(key["line"].max()) + 1 if len(key) else 0


def key_layers(left: int, bottom: int, lines: int) -> list[alt.Chart]:
    """The table key, its last line `bottom` pixels above the plot, from `left` pixels before it."""
    y = alt.YValue(alt.ExprRef(f"{KEY_LINE} * (datum.line - {lines - 1}) - {bottom}"))
    symbols = table("key").mark_point(size=80, filled=True, opacity=1, strokeWidth=1, clip=False)
    words = table("key").mark_text(align="left", baseline="middle", fontSize=NORMAL, color=INK, clip=False)
    return [
        symbols.encode(
            x=alt.XValue(alt.ExprRef(f"datum.x + 5 - {left}")),
            y=y,
            fill=alt.Fill("paint:N", scale=None),
            stroke=alt.Stroke("edge:N", scale=None),
            shape=alt.Shape("shape:N", scale=None),
        ),
        words.encode(x=alt.XValue(alt.ExprRef(f"datum.word_x - {left}")), y=y, text=alt.Text("label:N")),
    ]


def grade_colour() -> alt.Color:
    """The colour of each grade."""
    scale = alt.Scale(domain=list(GRADE_COLOURS), range=list(GRADE_COLOURS.values()))
    return alt.Color("grade:N", scale=scale, legend=None)


def grade_edge() -> alt.Stroke:
    """A pale line around each stretch, a grey one around what would be white on white."""
    edges = [GRADE_EDGES.get(name, "#FFFFFF") for name in GRADE_COLOURS]
    return alt.Stroke("grade:N", scale=alt.Scale(domain=list(GRADE_COLOURS), range=edges), legend=None)


def bar_layers(share: alt.X, down: alt.Scale) -> list[alt.Chart]:
    """The stretches of each bar, and what answers the pointer."""
    tooltip = tooltips({"term": "Event", "group": "Group", "grade": "Worst grade", "words": "Patients"})
    place = alt.Y("top:Q", title=None, scale=down, axis=None)
    ends = {"x": share, "x2": alt.X2("end:Q"), "y": place, "y2": alt.Y2("bottom:Q")}
    return [
        table("bar").mark_bar(opacity=1, strokeWidth=0.6).encode(**ends, color=grade_colour(), stroke=grade_edge()),
        table("bar", HOVER).mark_bar(opacity=0).encode(**ends, tooltip=tooltip),
    ]


def count_layers(down: alt.Scale) -> list[alt.Chart]:
    """The counts beside the bars in columns, with their heads: tables number and head (`pixels` from the left edge, or
    from the right)."""
    place = alt.XValue(alt.ExprRef("datum.right ? width + datum.pixels : datum.pixels"))
    look: dict[str, Any] = {"align": "right", "fontSize": SMALL, "color": INK}
    return [
        text_layer(table("number"), "text", place, alt.Y("middle:Q", scale=down), baseline="middle", **look),
        text_layer(table("head"), "label", place, alt.YValue(-4), baseline="bottom", **look),
    ]


def headed(chart: Specification, heading: str) -> Specification:
    """The chart, without room for a heading where there is nothing to say."""
    if heading:
        return {**chart, "height": chart["height"] + HEADING}
    return {name: part for name, part in chart.items() if name != "title"}


def term_labels(space: Space, x: int, down: alt.Scale) -> alt.Chart:
    """The terms of the table term in bold: ending at x in front of their rows, or beginning there above them."""
    look: dict[str, Any] = (
        {"align": "right", "limit": space.names} if space.names else {"align": "left", "limit": space.width - PADDING}
    )
    look |= {"baseline": "middle", "fontSize": SMALL, "fontWeight": "bold"}
    return text_layer(table("term"), "term", alt.XValue(x), alt.Y("middle:Q", scale=down), **look)
