"""The figures of the landmark and of the time-dependent analysis: the survival figure, over their tables and in their words."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pandas as pd

from lib.cohort.bias import selection_bias
from lib.publication.exhibit import Exhibit, Figure, Numbers
from lib.publication.key import group_names, with_key
from lib.publication.number import p_equals, plural
from lib.publication.palette import group_colours
from lib.survival.bias import in_lines
from lib.survival.chart import survival_chart
from lib.survival.figure import drawn_tables, survival_figure
from lib.survival.result import SurvivalResult
from lib.survival.time_zero.dependent import DependentResult
from lib.survival.time_zero.followed import others
from lib.survival.time_zero.landmark import LandmarkResult
from lib.survival.time_zero.result import TimeZeroResult
from lib.survival.time_zero.table import dropped_table, landmark_table, time_zero_table
from lib.survival.time_zero.words import (
    alt_text,
    dependent_caption,
    dependent_notes,
    landmark_caption,
    landmark_notes,
    short_name,
    span,
)

ROWS: Final = 3  # under the axis, for each group


def time_zero_exhibits(result: TimeZeroResult, limits: bool = True) -> Iterator[Exhibit]:
    """The three analyses side by side, then the landmark with whom it dropped, then the time-dependent one."""
    yield time_zero_table(result)
    yield landmark_figure(result.landmark, limits)
    yield landmark_table(result.landmark)
    if len(result.landmark.dropped):
        yield dropped_table(result.landmark)
    yield dependent_figure(result.dependent, limits)


def landmark_figure(result: LandmarkResult, limits: bool = True) -> Figure:
    """Kaplan-Meier curves from the landmark on, groups as they were known there; with the log-rank test."""
    outcome = result.survival.outcome
    at = span(result.days, outcome.unit)
    figure = survival_figure(result.survival, limits)
    added = (("landmark_days", "days"), ("dropped", "patients"))
    rows = tuple((*row, result.days, len(result.dropped)) for row in figure.numbers.rows)
    return replace(
        figure,
        id=f"landmark.{outcome.endpoint}",
        title=f"{outcome.label} by {outcome.grouping.label}, landmark at {at}",
        chart=with_key(survival_chart(outcome.unit, outcome.label, _colours(result.survival), limits, f"the landmark, {at} after infusion"),
                       group_names(outcome.grouping.groups), _colours(result.survival)),
        tables={**figure.tables,  "heading": _heading(f"Landmark at {at}", result.survival, result.survival.n, _groups_then(result))},
        caption=landmark_caption(result),
        alt=alt_text(result.survival, f"the landmark at {at}"),
        notes=landmark_notes(result),
        numbers=Numbers((*figure.numbers.columns, *added), rows),
    )  # fmt: skip


def dependent_figure(result: DependentResult, limits: bool = True) -> Figure:
    """Simon-Makuch curves: numbers at risk fall as patients leave and rise as they come in; with the Mantel-Byar test."""
    outcome, found = result.survival.outcome, result.comparison
    figure = survival_figure(result.survival, limits)
    switched = f"{plural(found.n_switched, 'patient') if found.n_switched else 'Nobody'} went from {others(result.known)} to {result.known.label}."
    curve = _curve(figure.tables["curve"], result)
    tables = {
        **figure.tables,
        **drawn_tables(curve),
        "counts": _counts(figure.tables["counts"], result),
        "group": _words(figure.tables["group"], result),
        "heading": _heading(
            "Time-dependent", result.survival, found.n, (switched, selection_bias(outcome.selected_by))
        ),
    }
    added = (("switched", "patients"), ("n_patients", "patients"))
    rows = tuple((*row, found.n_switched, found.n) for row in figure.numbers.rows)
    return replace(
        figure,
        id=f"time_dependent.{outcome.endpoint}",
        title=f"{outcome.label} by {outcome.grouping.label}, time-dependent",
        tables=tables,
        data=curve.drop(columns=["slot", "thin"]),
        caption=dependent_caption(result),
        alt=alt_text(result.survival, "infusion"),
        notes=dependent_notes(result),
        n=found.n,
        numbers=Numbers((*figure.numbers.columns, *added), rows),
    )


def _colours(result: SurvivalResult) -> tuple[str, ...]:
    return group_colours([group.colour for group in result.outcome.grouping.groups])


def _groups_then(result: LandmarkResult) -> tuple[str, str]:
    biased = selection_bias(result.survival.outcome.selected_by, "the landmark")
    return "Groups as they were known at the landmark.", biased


def _heading(name: str, result: SurvivalResult, n: int, second: tuple[str, str]) -> pd.DataFrame:
    """Which analysis, n, events and the test: neither comparison is biased by immortal time, unless the selection is; then no p."""
    test, (said, biased) = result.logrank, second
    p = f" {short_name(test)} {p_equals(test.p)}." if test.p is not None and not biased else ""
    lines = [
        f"{name}: {plural(n, 'patient')}, {plural(result.n_events, 'event')}.{p}",
        said,
        *([in_lines(biased)] if biased else []),
    ]
    return pd.DataFrame({"text": ["\n".join(lines)]})


def _curve(curve: pd.DataFrame, result: DependentResult) -> pd.DataFrame:
    """The curves, that of the later group from its first patient on; who goes into it is no longer marked as censored."""
    label, rows = result.known.label, result.comparison.rows
    moved = rows.time[(rows.exposed == 0) & pd.Series(rows.patient).duplicated(keep="last").to_numpy()]
    left = pd.Series(moved).value_counts()
    mine = curve["group"] != label
    switched = curve["time"].map(left).where(mine, 0.0).fillna(0.0)
    first = result.first if result.first is not None else 0.0
    begins = ~mine & (curve["time"] == 0) & (curve["n_at_risk"] == 0)
    return curve.assign(
        time=curve["time"].mask(begins, first), censored=curve["censored"] - switched, switched=switched
    )


def _counts(counts: pd.DataFrame, result: DependentResult) -> pd.DataFrame:
    """Between those at risk and the events stand, instead of the censored, those who have changed groups until then."""
    moves = dict(zip(result.moves["time"], result.moves["out"], strict=True))
    moved = counts["row"] % ROWS == 1
    return counts.assign(text=counts["text"].mask(moved, counts["time"].map(moves).astype(str)))


def _words(group: pd.DataFrame, result: DependentResult) -> pd.DataFrame:
    """The words in front of those who changed groups: they left one and came into the other."""
    names = result.survival.outcome.grouping.names
    moves = ["came in" if names[int(slot)] == result.known.label else "moved" for slot in group["slot"]]
    return group.assign(words=group["words"].mask(group["row"] % ROWS == 1, pd.Series(moves, index=group.index)))
