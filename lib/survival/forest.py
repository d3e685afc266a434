"""The forest plot: the groups compared in all patients and within the levels of each variable, one line each.

The chart is constant over named tables: it depends on the number of lines (the levels of the opened cohort's variables that were
chosen) and on the two groups compared, never on the selection. Columns of text stand at fixed distances from the plot; the axis is
the same for every cohort; a line that is not estimable keeps its place and says why.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.number import p_equals, p_value, plural, short
from lib.publication.options import choice, number, several
from lib.publication.palette import FAINT_INK, GRID, INK, PAPER
from lib.publication.spec import ExhibitSpec
from lib.publication.theme import HOVER, Specification, keeps, publish, table
from lib.survival.caveats import bias_heading
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
    method,
    notes,
    numbers,
    splits_of,
    subgroups,
    tests,
)

OLDEST: Final = 100
HEADINGS: Final = {
    "subgroup": "Subgroup", "group": "", "reference": "", "events": "events / n", "ratio": "Hazard ratio (95 % CI)", "interaction": "p for interaction",
}  # fmt: skip
SMALLEST, LARGEST = 30.0, 190.0  # area of a square without events, and of one with all of them
HALF: Final = 0.3  # of a line: half the height of the diamond
LEVEL: Final = ("name", "line", "ratio", "low", "high", "fill", "size", "printed", "p", "method")
TICKS: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
LOWEST, HIGHEST = 0.08, 12.5  # ends of the axis; a limit beyond becomes an arrow
ROW_HEIGHT: Final = 20
ABOVE, BELOW = 88, 62  # pixels for the heading and the names of the columns, and for the axis
NARROWEST, WIDEST = 76, 130  # pixels for the numbers of one group, as its name needs
WIDTH_OF_LETTER: Final = 7.6  # of a bold name, in pixels
LABEL: Final = 150  # pixels for the levels
RIGHT: Final = 150  # pixels for ratios and interactions
INDENT: Final = 12
SMALL: Final = 11


@dataclass(frozen=True)
class ForestOptions(EndpointOptions):
    """Within which subgroups the groups are compared."""

    subgroups: tuple[str, ...] = several(
        None, lambda analysis, _: labels(analysis), "Looked at within", none="Choose variables",
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


def forest_figure(result: Subgroups) -> Figure:
    """The figure of one endpoint and pair of groups."""
    outcome, lines = result.outcome, _lines(result)
    return Figure(
        id=f"survival.{outcome.endpoint}.forest",
        title=f"{outcome.label} by {outcome.grouping.label}: subgroups",
        chart=forest_chart(len(lines), result.group, result.reference),
        tables=_tables(result, lines),
        data=_data(result, lines),
        caption=caption(result),
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
        "column": pd.DataFrame([HEADINGS | {"group": result.group, "reference": result.reference}]),
        "heading": pd.DataFrame({"text": [heading(result)]}),
    }  # fmt: skip


def heading(result: Subgroups) -> str:
    """Who is compared, and the bias of the grouping; no p-value."""
    grouping = result.outcome.grouping
    of = f"{result.outcome.label}: {plural(result.n, 'patient')}, {plural(result.overall.n_events, 'event')}"
    if biased := bias_heading(result.outcome):
        return f"{of}.\n{biased}"
    return f"{of}.\nTime of grouping not stated." if grouping.time_not_stated else of


def _text(line: _Line) -> dict[str, object]:
    """The words of a line; a variable's line has its interaction, a level's its numbers."""
    one, split = line.subgroup, line.split
    words = {"line": line.place, "above": line.place - 0.5, "below": line.place + 0.5, "one": 1.0, "first": split is not None and one is None,
             "variable": line.name if one is None or split is None else "", "level": one.level if one and split else "",
             "of_group": "", "of_reference": "", "printed": "", "reason": ""}  # fmt: skip
    if one is not None:
        (n, events), (n_reference, events_reference) = one.of
        words |= {"of_group": f"{events} / {n}", "of_reference": f"{events_reference} / {n_reference}"}
        return words | ({"printed": printed(one)} if one.ratio.value is not None else {"reason": f"not estimable: {one.ratio.reason}"})  # fmt: skip
    if split is None:
        return words
    test = split.interaction
    return words | ({"printed": p_equals(test.p)} if test.p is not None else {"reason": f"interaction not tested: {test.reason}"})  # fmt: skip


def printed(one: Subgroup) -> str:
    """The ratio and its limits; what is below 0.001 only as that."""
    value, low, high = (
        "<0.001" if number is not None and number < 0.001 else short(number, missing="NE")
        for number in (one.ratio.value, one.ratio.low, one.ratio.high)
    )
    return f"{value} ({low}–{high})"


def _drawn(line: _Line, one: Subgroup, result: Subgroups) -> tuple[object, ...]:
    ratio = one.ratio
    size = SMALLEST + (LARGEST - SMALLEST) * one.n_events / max(1, result.overall.n_events)
    fill = PAPER if one.penalised else INK
    return line.name, line.place, ratio.value, ratio.low, ratio.high, fill, size, printed(one), p_value(one.test.p), method(one)  # fmt: skip


def _arrows(result: Subgroups, inside: pd.DataFrame) -> pd.DataFrame:
    """Where a limit lies beyond the axis or does not exist."""
    overall = result.overall.ratio
    limits = list(inside[["line", "low", "high"]].itertuples(index=False, name=None))
    limits += [] if overall.value is None else [(0, overall.low, overall.high)]
    left = [(line, LOWEST, "triangle-left") for line, low, _ in limits if pd.isna(low) or low < LOWEST]
    right = [(line, HIGHEST, "triangle-right") for line, _, high in limits if pd.isna(high) or high > HIGHEST]
    return pd.DataFrame([*left, *right], columns=["line", "ratio", "shape"])


def _diamond(overall: Subgroup) -> pd.DataFrame:
    """The corners of the diamond of all patients, from limit to limit; its ends are cut off at the axis."""
    ratio, corners = overall.ratio, []
    if ratio.value is not None:
        low, high = (LOWEST if ratio.low is None else ratio.low), (HIGHEST if ratio.high is None else ratio.high)
        fill = PAPER if overall.penalised else INK
        for place, half in ((low, 0.0), (ratio.value, HALF), (high, 0.0)):
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


@cache
def forest_chart(n_lines: int, group: str, reference: str) -> Specification:
    """The specification for this many lines: `group` against `reference`."""
    down = alt.Y(
        "line:Q", scale=alt.Scale(domain=[-0.6, n_lines - 0.4], nice=False, reverse=True, zero=False), axis=None
    )
    columns = _width(group), _width(reference)
    left = LABEL + sum(columns)
    across = _across(f"Hazard ratio, {group} v {reference}")
    layers = [
        _rules(down, left),
        _no_difference(across, down),
        *_estimates(across, down),
        *_words(down, columns),
        *_headers(columns),
        keeps("heading"),
    ]
    return publish(alt.layer(*layers), width=820, height=int(ABOVE + BELOW + ROW_HEIGHT * n_lines))


def _across(title: str) -> alt.X:
    axis = alt.Axis(values=list(TICKS), format="~g", grid=False, labelFlush=False, labelOverlap=False, titleLimit=420)
    scale = alt.Scale(type="log", domain=[LOWEST, HIGHEST], nice=False, clamp=True)
    return alt.X("ratio:Q", title=title, scale=scale, axis=axis)


def _rules(down: alt.Y, left: int) -> alt.Chart:
    """A thin rule above each variable, through all columns."""
    rule = table("line").transform_filter("datum.first").mark_rule(color=GRID, clip=False)
    return rule.encode(y=alt.Y("above:Q", scale=down["scale"], axis=None), x=alt.XValue(-left), x2=alt.X2Value(alt.ExprRef(f"width + {RIGHT}")))  # fmt: skip


def _no_difference(across: alt.X, down: alt.Y) -> alt.Chart:
    """The dotted line at 1, line by line: it does not run through words that stand in place of a ratio."""
    rule = table("line").transform_filter("datum.reason === ''").mark_rule(strokeDash=[2, 3], color=INK, strokeWidth=1)
    return rule.encode(
        x=alt.X("one:Q", scale=across["scale"], axis=across["axis"], title=across["title"]),
        y=alt.Y("above:Q", scale=down["scale"], axis=None),
        y2=alt.Y2("below:Q"),
    )


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
    arrow = table("arrow").mark_point(filled=True, color=INK, size=46, opacity=1)
    diamond = table("diamond").mark_area(stroke=INK, strokeWidth=1.2, fillOpacity=1, opacity=1, interpolate="linear")
    return [
        interval.encode(
            x=alt.X("low:Q", scale=across["scale"], axis=across["axis"], title=across["title"]),
            x2=alt.X2("high:Q"),
            y=down,
        ),
        square.encode(x=across, y=down, size=alt.Size("size:Q", scale=None, legend=None), fill=fill),
        diamond.encode(x=across, y=alt.Y("top:Q", scale=down["scale"], axis=None), y2=alt.Y2("bottom:Q"), fill=fill),
        arrow.encode(x=across, y=down, shape=alt.Shape("shape:N", scale=None, legend=None)),
        table("square", HOVER).mark_point(opacity=0, size=300).encode(x=across, y=down, tooltip=tooltip),
    ]


def _words(down: alt.Y, columns: tuple[int, int]) -> list[alt.Chart]:
    """The columns of text: label, events / n of both groups, ratio or interaction, and why there is no ratio."""

    def column(field: str, x: alt.XValue, colour: str = INK, **style: Any) -> alt.Chart:
        mark = table("line").mark_text(fontSize=SMALL, baseline="middle", clip=False, **style)
        return mark.encode(x=x, y=down, text=alt.Text(f"{field}:N"), color=alt.ColorValue(colour))

    left, end = LABEL + sum(columns), alt.XValue(alt.ExprRef(f"width + {RIGHT}"))
    beyond = alt.ExprRef(f"width + {RIGHT - 8}")
    return [
        column("variable", alt.XValue(-left), align="left", fontWeight="bold", limit=left - 8),
        column("level", alt.XValue(-left + INDENT), align="left", limit=LABEL - INDENT - 4),
        column("of_group", _middle(columns, 0), align="center"),
        column("of_reference", _middle(columns, 1), align="center"),
        column("printed", end, align="right", limit=RIGHT - 6),
        column("reason", alt.XValue(8), FAINT_INK, align="left", fontStyle="italic", limit=beyond),
    ]


def _headers(columns: tuple[int, int]) -> list[alt.Chart]:
    """Above the columns, two lines each."""

    def name(field: str, x: alt.XValue, line: int, **style: Any) -> alt.Chart:
        mark = table("column").mark_text(fontSize=SMALL, baseline="bottom", clip=False, **style)
        return mark.encode(x=x, y=alt.YValue(-20 + 14 * line), text=alt.Text(f"{field}:N"), color=alt.ColorValue(INK))

    end = alt.XValue(alt.ExprRef(f"width + {RIGHT}"))
    group, reference = _middle(columns, 0), _middle(columns, 1)
    return [
        name("subgroup", alt.XValue(-LABEL - sum(columns)), 1, align="left"),
        name("group", group, 0, align="center", fontWeight="bold", limit=columns[0] - 6),
        name("events", group, 1, align="center"),
        name("reference", reference, 0, align="center", fontWeight="bold", limit=columns[1] - 6),
        name("events", reference, 1, align="center"),
        name("ratio", end, 0, align="right"),
        name("interaction", end, 1, align="right"),
    ]


def _width(name: str) -> int:
    """Pixels for the column of a group."""
    return int(min(WIDEST, max(NARROWEST, 14 + WIDTH_OF_LETTER * len(name))))


def _middle(columns: tuple[int, int], place: int) -> alt.XValue:
    """The middle of the column of the group (place 0), or of the reference beside the plot (place 1)."""
    return alt.XValue(-columns[1] - columns[0] / 2 - 8 if place == 0 else -columns[1] / 2 - 8)


def _forest(analysis: Analysis, endpoint: str, options: ForestOptions) -> Exhibit:
    splits = splits_of(analysis.opened, options.subgroups, options.age_cut)
    followed = outcome(analysis, endpoint, options)
    return forest_figure(subgroups(analysis.selected, followed, splits, options.compared or ""))


FOREST: Final = ExhibitSpec(
    "survival.{endpoint}.forest", "Subgroups", "endpoints", _forest, ForestOptions, endpoints, when=lambda analysis, *_: analysis.grouping.compares,
)  # fmt: skip
