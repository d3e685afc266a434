"""The cumulative-incidence figure: Aalen-Johansen step curves of both causes with log-log limits, and counts under the axis."""

import pandas as pd

from lib.publication.exhibit import Figure
from lib.publication.key import group_names, with_key
from lib.publication.number import p_equals, plural
from lib.publication.palette import group_colours
from lib.publication.step_curve import closed_band
from lib.survival.bias import bias_heading
from lib.survival.competing.chart import COUNTS, incidence_chart
from lib.survival.competing.result import OF, CompetingResult
from lib.survival.competing.words import alt_text, caption, gray_lines, notes, numbers, within


def incidence_figure(result: CompetingResult, limits: bool = True) -> Figure:
    """The figure of one pair of causes; `limits` draws the confidence bands."""
    outcome = result.outcome
    colours = group_colours([group.colour for group in outcome.grouping.groups])
    by = f" by {outcome.grouping.label}" if outcome.grouping.compares else ""
    curve = _curves(result)
    return Figure(
        id=f"cumulative_incidence.{outcome.endpoint}",
        title=f"{outcome.label}: cumulative incidence{by}",
        chart=with_key(
            incidence_chart(outcome.unit, outcome.rows.origin, outcome.causes, colours, limits),
            group_names(outcome.grouping.groups),
            colours,
            "unbroken",
        ),
        tables={
            "curve": curve,
            "band": _bands(curve),
            "counts": _count_rows(result),
            "group": _group_rows(result),
            "tick": pd.DataFrame({"time": result.ticks}),
            "heading": pd.DataFrame({"text": [heading(result)]}),
        },
        data=curve.drop(columns="slot"),
        caption=caption(result),
        alt=alt_text(result),
        notes=notes(result),
        n=result.n,
        numbers=numbers(result),
        tests=gray_lines(result),
    )


def heading(result: CompetingResult) -> str:
    """What stands in the figure itself: the bias of the grouping, or Gray's tests; never a p-value beside a bias."""
    grouping = result.outcome.grouping
    first, second = (
        f"{within(cause)} {result.n_events(of)}" for of, cause in zip(OF, result.outcome.causes, strict=True)
    )
    of = f"{plural(result.n, 'patient')}: {first}, {second}"
    if biased := bias_heading(result.outcome):
        return f"{of}.\n{biased}"
    if not grouping.compares or all(test.p is None for test in result.gray.values()):
        return of
    tests = [
        f"{within(cause)} {p_equals(result.gray[of].p)}"
        for of, cause in zip(OF, result.outcome.causes, strict=True)
        if result.gray[of].p is not None
    ]
    timing = " Time of grouping not stated." if grouping.time_not_stated else ""
    return f"{of}.\nGray's test: {'; '.join(tests)}.{timing}"


def _curves(result: CompetingResult) -> pd.DataFrame:
    """One row a group, cause and time: the table a reader would ask for, with the group's slot."""
    tables = [
        pd.DataFrame({
            "group": group.name, "cause": cause, "time": group.curves[of].time, "incidence": group.curves[of].incidence,
            "low": group.curves[of].low, "high": group.curves[of].high, "n_at_risk": group.curves[of].n_at_risk,
            "events": group.curves[of].events, "slot": slot,
        })
        for slot, group in enumerate(result.groups)
        for of, cause in zip(OF, result.outcome.causes, strict=True)
    ]  # fmt: skip
    drawn = [table for table, group in zip(tables, [g for g in result.groups for _ in OF], strict=True) if group.n]
    return pd.concat(drawn or [tables[0][:0]], ignore_index=True)


def _bands(curve: pd.DataFrame) -> pd.DataFrame:
    parts = [closed_band(rows) for _, rows in curve.groupby("cause", sort=False)]
    return pd.concat(parts, ignore_index=True) if parts else curve


def _count_rows(result: CompetingResult) -> pd.DataFrame:
    """Every number under the axis, with the row that it stands in."""
    rows = [
        (count["time"], str(count[column]), len(COUNTS) * slot + place, slot)
        for slot, group in enumerate(result.groups)
        for count in result.counts[result.counts["group"] == group.name].to_dict("records")
        for place, (column, _) in enumerate(COUNTS)
    ]
    return pd.DataFrame(rows, columns=["time", "text", "row", "slot"])


def _group_rows(result: CompetingResult) -> pd.DataFrame:
    """The legend's text for each group, and the words in front of its rows of counts."""
    rows = []
    for slot, (group, source) in enumerate(zip(result.groups, result.outcome.grouping.groups, strict=True)):
        label = f"{group.name} ({group.n})" if group.n >= source.size else f"{group.name} ({group.n} of {source.size})"
        rows += [
            (slot, label if place == 0 else "", words, len(COUNTS) * slot + place)
            for place, (_, words) in enumerate(COUNTS)
        ]
    return pd.DataFrame(rows, columns=["slot", "label", "words", "row"])
