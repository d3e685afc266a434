"""The forest plot: the groups compared in all patients and within the levels of each variable, one line each.

The chart is constant over named tables: it depends on the number of lines (the levels of the opened cohort's variables
that were chosen) and on the two groups compared, never on the selection. Columns of text stand at fixed distances from
the plot; the axis is the same for every cohort; a line that is not estimable (NE) keeps its place; a note says why.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.printed import signs
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.number import p_equals, p_value, ratio
from lib.publication.options import choice, number, several
from lib.publication.palette import INK, PAPER
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SCREEN
from lib.survival.forest_chart import HIGHEST, LOWEST, ForestLayout, forest_chart
from lib.survival.models_table import AGE, AGE_CUT, default_subgroups, labels
from lib.survival.outcome import EndpointOptions, endpoints, outcome
from lib.survival.subgroups import (
    EVERYBODY,
    Split,
    Subgroup,
    Subgroups,
    alt_text,
    caption,
    data,
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
SHOWN_LIMIT, SHOWN_RATIO = 46, 120  # area of an arrow: for a limit beyond the axis, and for the ratio itself


@dataclass(frozen=True)
class ForestOptions(EndpointOptions):
    """Within which subgroups the groups are compared."""

    subgroups: tuple[str, ...] = several(
        None,
        lambda analysis, _: labels(analysis),
        "Subgroups",
        none="Choose variables",
        usual=lambda analysis, _: default_subgroups(analysis.opened, analysis.grouping),
    )
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
        data=data(result),
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
        "interval": shown.assign(
            low=shown["low"].fillna(LOWEST).clip(LOWEST), high=shown["high"].fillna(HIGHEST).clip(upper=HIGHEST)
        ),
        "square": within,
        "arrow": _arrows(result, inside),
        "diamond": _diamond(result.overall),
        "column": pd.DataFrame([HEADINGS | {"group": result.group, "reference": result.reference, "one": 1.0}]),
        "heading": pd.DataFrame({"text": [result.outcome.label]}),
    }


def _text(line: _Line) -> dict[str, object]:
    """The words of a line; a variable's line has its interaction, a level's its numbers."""
    one, split = line.subgroup, line.split
    words = {
        "line": line.place,
        "above": line.place - 0.5,
        "first": split is not None and one is None,
        "variable": line.name if one is None or split is None else "",
        "level": signs(one.level) if one and split else "",
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
    return (
        line.name,
        line.place,
        found.value,
        found.low,
        found.high,
        fill,
        size,
        printed(one),
        p_value(one.test.p),
        method(one),
    )


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


def _forest(analysis: Analysis, endpoint: str, options: ForestOptions) -> Exhibit:
    splits = splits_of(analysis.opened, options.subgroups, options.age_cut)
    followed = outcome(analysis, endpoint, options)
    return forest_figure(subgroups(analysis.selected, followed, splits, options.compared or ""), options.width)


FOREST: Final = ExhibitSpec(
    "survival.{endpoint}.forest",
    "Subgroups",
    "endpoints",
    _forest,
    ForestOptions,
    endpoints,
    when=lambda analysis, *_: analysis.grouping.compares,
)
