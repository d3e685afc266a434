"""The forest plot: the groups compared in all patients and within the levels of each variable, one line each.

The chart is constant over named tables: it depends on the number of lines (the levels of the opened cohort's variables that were
chosen) and on the two groups compared, never on the selection. Columns of text stand at fixed distances from the plot; the axis is
the same for every cohort; a line that is not estimable (NE) keeps its place; a note says why.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.number import p_equals, p_value, ratio
from lib.publication.options import SCREEN, choice, number, several
from lib.publication.palette import GRID, INK, PAPER
from lib.publication.spec import ExhibitSpec
from lib.publication.step_layout import NARROW
from lib.publication.text_width import broken, text_width
from lib.publication.theme import HOVER, NORMAL, SMALL, Specification, keeps, publish, table
from lib.survival.outcome import EndpointOptions, endpoints, outcome
from lib.survival.regression import AGE, AGE_CUT, default_subgroups, labels
from lib.survival.subgroups import (
    EVERYBODY,
    Split,
    Subgroup,
    Subgroups,
    alt_text,
    caption,
    level_numbers,
    level_words,
    method,
    method_of,
    notes,
    numbers,
    splits_of,
    subgroups,
    tests,
)

OLDEST: Final = 100
HEADINGS: Final = {
    "subgroup": "Subgroup",
    "events": "events / n",
    "ratio": "HR (95 % CI)",
    "interaction": "p for interaction",
}
SMALLEST, LARGEST = 30.0, 190.0  # area of a square without events, and of one with all of them
HALF: Final = 0.3  # of a line: half the height of the diamond
LEVEL: Final = ("name", "line", "ratio", "low", "high", "fill", "size", "printed", "p", "method")
TICKS: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
LOWEST, HIGHEST = 0.08, 12.5  # ends of the axis; a limit beyond becomes an arrow
ROW_HEIGHT: Final = 20
ABOVE, BELOW = 82, 62  # pixels for the heading and the names of the columns, and for the axis
NARROWEST, WIDEST = 76, 130  # pixels for the numbers of one group, as its name needs
INDENT: Final = 12
SHOWN_LIMIT, SHOWN_RATIO = 46, 120  # area of an arrow: for a limit beyond the axis, and for the ratio itself


@dataclass(frozen=True)
class ForestOptions(EndpointOptions):
    """Within which subgroups the groups are compared."""

    subgroups: tuple[str, ...] = several(
        None, lambda analysis, _: labels(analysis), "Subgroups", none="Choose variables",
        usual=lambda analysis, _: default_subgroups(analysis.opened, analysis.grouping),
    )  # fmt: skip
    age_cut: float = number(AGE_CUT, "Age is split at", 1, OLDEST, when=lambda analysis, _: AGE in labels(analysis))
    compared: str = choice(None, lambda analysis, _: _others(analysis), "Compared")


def _others(analysis: Analysis) -> dict[str, str]:
    """The groups that can be compared with the reference."""
    grouping = analysis.grouping
    return {
        name: f"{name} against {grouping.reference_name}" for name in grouping.names if name != grouping.reference_name
    }


@dataclass(frozen=True)
class _Line:
    """One line of the plot: the variable's name, or a level with its comparison."""

    place: int
    split: Split | None = None
    subgroup: Subgroup | None = None

    @property
    def name(self) -> str:
        """What the line is called."""
        if self.split is None:
            return EVERYBODY
        label = self.split.variable.label
        return f"{label}: {self.subgroup.level}" if self.subgroup else label


def forest_figure(result: Subgroups, width: int = SCREEN) -> Figure:
    """The figure of one endpoint and pair of groups."""
    outcome, lines = result.outcome, _lines(result)
    return Figure(
        id=f"survival.{outcome.endpoint}.forest",
        title=f"{outcome.label} by {outcome.grouping.label}: subgroups",
        chart=forest_chart(len(lines), ForestLayout(result.group, result.reference, width)),
        tables=_tables(result, lines),
        data=_data(result, lines),
        caption=caption(result),
        method=method_of(result),
        alt=alt_text(result),
        notes=notes(result),
        n=result.n,
        numbers=numbers(result),
        tests=tests(result),
    )


def _lines(result: Subgroups) -> list[_Line]:
    lines = [_Line(0, None, result.overall)]
    for split in result.splits:
        lines.append(_Line(len(lines), split))
        for level in split.levels:
            lines.append(_Line(len(lines), split, level))
    return lines


def _tables(result: Subgroups, lines: list[_Line]) -> dict[str, pd.DataFrame]:
    inside = pd.DataFrame(
        [_drawn(line, one, result) for line in lines[1:] if (one := line.subgroup) and one.ratio.value is not None],
        columns=list(LEVEL),
    )
    shown = inside[(inside["low"].fillna(LOWEST) < HIGHEST) & (inside["high"].fillna(HIGHEST) > LOWEST)]
    within = inside[inside["ratio"].between(LOWEST, HIGHEST)]
    return {
        "line": pd.DataFrame([_text(line) for line in lines]),
        "interval": shown.assign(low=shown["low"].fillna(LOWEST).clip(LOWEST), high=shown["high"].fillna(HIGHEST).clip(upper=HIGHEST)),
        "square": within,
        "arrow": _arrows(result, inside),
        "diamond": _diamond(result.overall),
        "column": pd.DataFrame([HEADINGS | {"group": result.group, "reference": result.reference, "one": 1.0}]),
        "heading": pd.DataFrame({"text": [result.outcome.label]}),
    }  # fmt: skip


def _text(line: _Line) -> dict[str, object]:
    """The words of a line; a variable's line has its interaction, a level's its numbers."""
    one, split = line.subgroup, line.split
    words = {
        "line": line.place,
        "above": line.place - 0.5,
        "first": split is not None and one is None,
        "variable": line.name if one is None or split is None else "",
        "level": level_words(one.level) if one and split else "",
        **dict.fromkeys(("of_group", "of_reference", "of_both", "printed"), ""),
    }
    if one is not None:
        (n, events), (n_reference, events_reference) = one.of
        words |= {"of_group": f"{events} / {n}", "of_reference": f"{events_reference} / {n_reference}"}
        words["of_both"] = f"{events}/{n} v {events_reference}/{n_reference}"
        return words | {"printed": printed(one) if one.ratio.value is not None else "NE"}
    if split is None:
        return words
    return words | {"printed": p_equals(split.interaction.p) if split.interaction.p is not None else "not tested"}


def printed(one: Subgroup) -> str:
    """The ratio and its limits; what is below 0.001 only as that."""
    value, low, high = (
        "<0.001" if number is not None and number < 0.001 else ratio(number)
        for number in (one.ratio.value, one.ratio.low, one.ratio.high)
    )
    return f"{value} ({low}–{high})"


def _drawn(line: _Line, one: Subgroup, result: Subgroups) -> tuple[object, ...]:
    found = one.ratio
    size = SMALLEST + (LARGEST - SMALLEST) * one.n_events / max(1, result.overall.n_events)
    fill = PAPER if one.penalised else INK
    return line.name, line.place, found.value, found.low, found.high, fill, size, printed(one), p_value(one.test.p), method(one)  # fmt: skip


def _arrows(result: Subgroups, inside: pd.DataFrame) -> pd.DataFrame:
    """Where a limit lies beyond the axis or does not exist."""
    overall = result.overall.ratio
    limits = list(inside[["line", "low", "high", "ratio"]].itertuples(index=False, name=None))
    limits += [] if overall.value is None else [(0, overall.low, overall.high, overall.value)]
    left = [(line, LOWEST, "triangle-left") for line, low, _, _ in limits if pd.isna(low) or low < LOWEST]
    right = [(line, HIGHEST, "triangle-right") for line, _, high, _ in limits if pd.isna(high) or high > HIGHEST]
    beyond = {line: value for line, _, _, value in limits}
    rows = [(*row, SHOWN_RATIO if not LOWEST <= beyond[row[0]] <= HIGHEST else SHOWN_LIMIT) for row in (*left, *right)]
    return pd.DataFrame(rows, columns=["line", "ratio", "shape", "size"])


def _diamond(overall: Subgroup) -> pd.DataFrame:
    """The corners of the diamond of all patients, from limit to limit; its ends are cut off at the axis."""
    found, corners = overall.ratio, []
    if found.value is not None:
        low, high = (LOWEST if found.low is None else found.low), (HIGHEST if found.high is None else found.high)
        fill = PAPER if overall.penalised else INK
        for place, half in ((low, 0.0), (found.value, HALF), (high, 0.0)):
            corners.append((min(max(place, LOWEST), HIGHEST), -half, half, fill))
    return pd.DataFrame(corners, columns=["ratio", "top", "bottom", "fill"])


def _data(result: Subgroups, lines: list[_Line]) -> pd.DataFrame:
    """One row a line with its numbers: the table a reader would ask for."""
    rows = []
    for line in lines:
        if (one := line.subgroup) and (split := line.split):
            rows.append((split.variable.label, one.level, *level_numbers(one), split.interaction.p, one.ratio.reason))
        elif one:
            rows.append((EVERYBODY, "", *level_numbers(one), None, one.ratio.reason))
    columns = ["variable", "level", "n", "events", "n_reference", "events_reference", "hazard_ratio", "low", "high", "p", "method",
               "interaction_p", "reason"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).assign(group=result.group, reference=result.reference)


@dataclass(frozen=True)
class ForestLayout:
    """The columns of a forest of these two groups in pixels: names, events of each group (of both together where it is narrow), ratios."""

    group: str
    reference: str
    width: int = SCREEN

    @property
    def narrow(self) -> bool:
        """Whether it is for one column of a journal."""
        return self.width < NARROW

    @property
    def label(self) -> int:
        """The names of the subgroups."""
        return 104 if self.narrow else 150

    @property
    def columns(self) -> tuple[int, ...]:
        """The events of each group, or of both in one column."""
        if self.narrow:
            return (68,)
        names = (self.group, self.reference)
        return tuple(int(min(WIDEST, max(NARROWEST, 14 + text_width(name, SMALL, bold=True)))) for name in names)

    @property
    def left(self) -> int:
        """Left of the plot."""
        return self.label + sum(self.columns)

    @property
    def right(self) -> int:
        """The ratios and their intervals."""
        return 104 if self.narrow else 130

    def middle(self, place: int) -> alt.XValue:
        """The middle of a column of events."""
        return alt.XValue(-self.left + self.label + sum(self.columns[:place]) + self.columns[place] / 2 - 8)


@cache
def forest_chart(n_lines: int, layout: ForestLayout) -> Specification:
    """The specification for this many lines."""
    down = alt.Y(
        "line:Q", scale=alt.Scale(domain=[-0.6, n_lines - 0.4], nice=False, reverse=True, zero=False), axis=None
    )
    across = _across(layout)
    layers = [
        _rules(down, layout),
        _no_difference(across),
        *_estimates(across, down),
        *_words(down, layout),
        *_headers(layout),
        keeps("heading"),
    ]
    chart = publish(alt.layer(*layers), width=layout.width, height=int(ABOVE + BELOW + ROW_HEIGHT * n_lines))
    chart["title"]["fontWeight"] = "bold"
    return chart


def _across(layout: ForestLayout) -> alt.X:
    ticks = [tick for tick in TICKS if tick in (0.1, 1, 10)] if layout.narrow else list(TICKS)
    title = broken(f"Hazard ratio, {layout.group} v {layout.reference}", min(layout.width, 620) - 120, NORMAL)
    axis = alt.Axis(values=ticks, format="~g", grid=False, labelFlush=False, labelOverlap=False)
    scale = alt.Scale(type="log", domain=[LOWEST, HIGHEST], nice=False, clamp=True)
    return alt.X("ratio:Q", title=title, scale=scale, axis=axis)


def _rules(down: alt.Y, layout: ForestLayout) -> alt.Chart:
    """A thin rule above each variable, through all columns."""
    rule = table("line").transform_filter("datum.first").mark_rule(color=GRID, clip=False)
    return rule.encode(
        y=alt.Y("above:Q", scale=down["scale"], axis=None),
        x=alt.XValue(-layout.left),
        x2=alt.X2Value(alt.ExprRef(f"width + {layout.right}")),
    )


def _no_difference(across: alt.X) -> alt.Chart:
    """The dotted line at 1."""
    rule = table("column").mark_rule(strokeDash=[2, 3], color=INK, strokeWidth=1)
    return rule.encode(x=alt.X("one:Q", scale=across["scale"], axis=across["axis"], title=across["title"]))


def _estimates(across: alt.X, down: alt.Y) -> list[alt.Chart]:
    fill = alt.Fill("fill:N", scale=None, legend=None)
    tooltip = [
        alt.Tooltip("name:N", title="Patients"),
        alt.Tooltip("printed:N", title="Hazard ratio (95 % CI)"),
        alt.Tooltip("p:N", title="p"),
        alt.Tooltip("method:N", title="Method"),
    ]
    interval = table("interval").mark_rule(color=INK, strokeWidth=1.4)
    square = table("square").mark_point(shape="square", stroke=INK, strokeWidth=1.4, opacity=1)
    arrow = table("arrow").mark_point(filled=True, color=INK, opacity=1)
    diamond = table("diamond").mark_area(stroke=INK, strokeWidth=1.2, fillOpacity=1, opacity=1, interpolate="linear")
    return [
        interval.encode(
            x=alt.X("low:Q", scale=across["scale"], axis=across["axis"], title=across["title"]),
            x2=alt.X2("high:Q"),
            y=down,
        ),
        square.encode(x=across, y=down, size=alt.Size("size:Q", scale=None, legend=None), fill=fill),
        diamond.encode(x=across, y=alt.Y("top:Q", scale=down["scale"], axis=None), y2=alt.Y2("bottom:Q"), fill=fill),
        arrow.encode(
            x=across,
            y=down,
            shape=alt.Shape("shape:N", scale=None, legend=None),
            size=alt.Size("size:Q", scale=None, legend=None),
        ),
        table("square", HOVER).mark_point(opacity=0, size=300).encode(x=across, y=down, tooltip=tooltip),
    ]


def _words(down: alt.Y, layout: ForestLayout) -> list[alt.Chart]:
    """The columns of text: label, events / n of both groups, ratio or interaction."""

    def column(field: str, x: alt.XValue, **style: Any) -> alt.Chart:
        mark = table("line").mark_text(fontSize=SMALL, baseline="middle", clip=False, **style)
        return mark.encode(x=x, y=down, text=alt.Text(f"{field}:N"), color=alt.ColorValue(INK))

    left, end = layout.left, alt.XValue(alt.ExprRef(f"width + {layout.right}"))
    fields = ("of_both",) if layout.narrow else ("of_group", "of_reference")
    return [
        column("variable", alt.XValue(-left), align="left", fontWeight="bold", limit=left - 8),
        column("level", alt.XValue(-left + INDENT), align="left", limit=layout.label - INDENT - 4),
        *(column(field, layout.middle(place), align="center") for place, field in enumerate(fields)),
        column("printed", end, align="right", limit=layout.right - 2),
    ]


def _headers(layout: ForestLayout) -> list[alt.Chart]:
    """Above the columns, two lines each."""

    def name(field: str, x: alt.XValue, line: int, **style: Any) -> alt.Chart:
        mark = table("column").mark_text(fontSize=SMALL, baseline="bottom", clip=False, **style)
        return mark.encode(x=x, y=alt.YValue(-20 + 14 * line), text=alt.Text(f"{field}:N"), color=alt.ColorValue(INK))

    end = alt.XValue(alt.ExprRef(f"width + {layout.right}"))
    names = () if layout.narrow else ("group", "reference")
    return [
        name("subgroup", alt.XValue(-layout.left), 1, align="left"),
        *(
            name(each, layout.middle(place), 0, align="center", fontWeight="bold", limit=layout.columns[place] - 6)
            for place, each in enumerate(names)
        ),
        *(name("events", layout.middle(place), 1, align="center") for place in range(len(layout.columns))),
        name("ratio", end, 0, align="right"),
        name("interaction", end, 1, align="right"),
    ]


def _forest(analysis: Analysis, endpoint: str, options: ForestOptions) -> Exhibit:
    splits = splits_of(analysis.opened, options.subgroups, options.age_cut)
    followed = outcome(analysis, endpoint, options)
    return forest_figure(subgroups(analysis.selected, followed, splits, options.compared or ""), options.width)


FOREST: Final = ExhibitSpec(
    "survival.{endpoint}.forest", "Subgroups", "endpoints", _forest, ForestOptions, endpoints, when=lambda analysis, *_: analysis.grouping.compares,
)  # fmt: skip
