"""The persistence figure: step curves of still being quantifiable, with limits, medians, and counts under the axis."""

import pandas as pd

from lib.kinetics.persistence.result import GroupPersistence, PersistenceResult
from lib.kinetics.persistence.table import logrank_line, numbers
from lib.kinetics.persistence.words import alt_text, caption, heading, notes, title
from lib.publication.exhibit import Figure
from lib.publication.key import group_names, with_key
from lib.publication.palette import group_colours
from lib.publication.step_chart import COUNTS, step_chart
from lib.publication.step_curve import closed_band, in_stretches
from lib.stats.kaplan_meier import thin_steps

AXIS = "Transgene still quantifiable"


def persistence_figure(result: PersistenceResult, limits: bool = True) -> Figure:
    """The figure of one series; `limits` draws the confidence band. Its data are the patients with the interval of their event."""
    grouping = result.series.grouping
    colours = group_colours([group.colour for group in grouping.groups])
    return Figure(
        id=result.series.key.id("persistence"),
        title=title(result),
        chart=with_key(step_chart("days", AXIS, colours, limits), group_names(result.series.grouping.groups), colours),
        tables=_tables(result),
        data=result.outcome.table.drop(columns="entry").assign(unit="days"),
        caption=caption(result),
        alt=alt_text(result),
        notes=notes(result),
        n=result.n,
        numbers=numbers(result),
        tests=logrank_line(result),
    )


def _tables(result: PersistenceResult) -> dict[str, pd.DataFrame]:
    parts = [_curve(group, slot) for slot, group in enumerate(result.groups) if group.curve.n]
    curve = pd.concat(parts, ignore_index=True) if parts else _curve(result.groups[0], 0)[:0]
    medians = [(slot, group.median.value) for slot, group in enumerate(result.groups) if group.median.value is not None]
    return {
        "curve": curve,
        "line": in_stretches(curve, "thin")[["slot", "time", "survival", "thin", "stretch"]],
        "band": in_stretches(closed_band(curve), "thin"),
        "censored": curve[curve["censored"] > 0],
        "median": pd.DataFrame(medians, columns=["slot", "time"]).assign(start=0.0, left=0.5, zero=0.0),
        "counts": _counts(result),
        "group": _groups(result),
        "tick": pd.DataFrame({"time": result.ticks}),
        "heading": pd.DataFrame({"text": [heading(result)]}),
    }


def _curve(group: GroupPersistence, slot: int) -> pd.DataFrame:
    curve = group.curve
    return pd.DataFrame({
        "group": group.name, "time": curve.time, "survival": curve.survival, "low": curve.low, "high": curve.high,
        "n_at_risk": curve.n_at_risk, "events": curve.events, "censored": curve.censored, "thin": thin_steps(curve).astype(int), "slot": slot,
    })  # fmt: skip


def _counts(result: PersistenceResult) -> pd.DataFrame:
    rows = [
        (count["time"], str(count[column]), len(COUNTS) * slot + place, slot)
        for slot, group in enumerate(result.groups)
        for count in result.counts[result.counts["group"] == group.name].to_dict("records")
        for place, (column, _) in enumerate(COUNTS)
    ]
    return pd.DataFrame(rows, columns=["time", "text", "row", "slot"])


def _groups(result: PersistenceResult) -> pd.DataFrame:
    rows = []
    for slot, (group, source) in enumerate(zip(result.groups, result.series.grouping.groups, strict=True)):
        label = (
            f"{group.name} ({group.curve.n})"
            if group.curve.n >= source.size
            else f"{group.name} ({group.curve.n} of {source.size})"
        )
        rows += [
            (slot, label if place == 0 else "", group.name if place == 0 else "", words, len(COUNTS) * slot + place)
            for place, (_, words) in enumerate(COUNTS)
        ]
    return pd.DataFrame(rows, columns=["slot", "label", "name", "words", "row"])
