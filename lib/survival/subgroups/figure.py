"""The forest plot: the groups compared in all patients and within the levels of each variable, one line each.

The chart is constant over named tables; a line that is not estimable keeps its place and says why.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.publication.exhibit import Figure
from lib.publication.number import p_equals, p_value, plural, short
from lib.publication.palette import INK, PAPER
from lib.survival.bias import bias_heading
from lib.survival.subgroups.chart import HIGHEST, LOWEST, forest_chart
from lib.survival.subgroups.result import EVERYBODY, Split, Subgroup, Subgroups
from lib.survival.subgroups.words import alt_text, caption, method, notes, numbers, tests

SMALLEST, LARGEST = 30.0, 190.0  # area of a square without events, and of one with all of them
HALF: Final = 0.3  # of a line: half the height of the diamond
LEVEL: Final = ("name", "line", "ratio", "low", "high", "fill", "size", "printed", "p", "method")


@dataclass(frozen=True)
class _Line:
    """One line of the plot: the variable's name, or a level with its comparison."""

    place: int
    split: Split | None = None
    subgroup: Subgroup | None = None

    @property
    def name(self) -> str:
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
        "column": pd.DataFrame([_column_names(result)]),
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


def _column_names(result: Subgroups) -> dict[str, str]:
    return {"subgroup": "Subgroup", "group": result.group, "reference": result.reference, "events": "events / n",
            "ratio": "Hazard ratio (95 % CI)", "interaction": "p for interaction"}  # fmt: skip


def _data(result: Subgroups, lines: list[_Line]) -> pd.DataFrame:
    """One row a line with its numbers: the table a reader would ask for."""
    rows = []
    for line in lines:
        if one := line.subgroup:
            (n, events), (n_reference, events_reference) = one.of
            variable = line.split.variable.label if line.split else EVERYBODY
            level = one.level if line.split else ""
            p = line.split.interaction.p if line.split else None
            rows.append((variable, level, n, events, n_reference, events_reference, one.ratio.value, one.ratio.low, one.ratio.high,
                         one.test.p, method(one), p, one.ratio.reason))  # fmt: skip
    columns = ["variable", "level", "n", "events", "n_reference", "events_reference", "hazard_ratio", "low", "high", "p", "method",
               "interaction_p", "reason"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).assign(group=result.group, reference=result.reference)
