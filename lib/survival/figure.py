"""The survival figure: step curves with limits, censor ticks, medians, and counts under the axis.

One chart over named tables; it depends on the unit and on the number and colours of the groups, never on the selection.
"""

import pandas as pd

from lib.publication.exhibit import Figure
from lib.publication.key import group_names, with_key
from lib.publication.number import plural
from lib.publication.palette import group_colours
from lib.publication.step_chart import COUNTS
from lib.publication.step_curve import closed_band, in_stretches
from lib.stats.kaplan_meier import thin_steps
from lib.survival.bias import bias_heading
from lib.survival.chart import survival_chart
from lib.survival.result import GroupSurvival, SurvivalResult
from lib.survival.words import alt_text, caption, headline_p, notes, numbers, tests


def survival_figure(result: SurvivalResult, limits: bool = True) -> Figure:
    """The figure of one endpoint; `limits` draws the confidence band."""
    outcome = result.outcome
    colours = group_colours([group.colour for group in outcome.grouping.groups])
    title = f"{outcome.label} by {outcome.grouping.label}" if outcome.grouping.compares else outcome.label
    return Figure(
        id=f"survival.{outcome.endpoint}",
        title=title,
        chart=with_key(
            survival_chart(outcome.unit, outcome.label, colours, limits, outcome.origin),
            group_names(outcome.grouping.groups),
            colours,
        ),
        tables=survival_tables(result),
        data=curve_data(result),
        caption=caption(result, limits),
        alt=alt_text(result),
        notes=notes(result),
        n=result.n,
        numbers=numbers(result),
        tests=tests(result),
    )


def survival_tables(result: SurvivalResult) -> dict[str, pd.DataFrame]:
    """What the chart is drawn over."""
    slots = {group.name: slot for slot, group in enumerate(result.groups)}
    curve = _curves(result).assign(slot=lambda rows: rows["group"].map(slots))
    marked = [
        (slot, group.by_share.value) for slot, group in enumerate(result.groups) if group.by_share.value is not None
    ]
    return {
        **drawn_tables(curve),
        "median": pd.DataFrame(marked, columns=["slot", "time"]).assign(start=0.0, left=1 - result.options.share, zero=0.0),
        "counts": count_rows(result),
        "group": group_rows(result),
        "tick": pd.DataFrame({"time": result.ticks}),
        "heading": pd.DataFrame({"text": [heading(result)]}),
    }  # fmt: skip


def drawn_tables(curve: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The curves with what is drawn of them: lines and bands in stretches, paler where few are at risk; censored times."""
    return {
        "curve": curve,
        "line": in_stretches(curve, "thin")[["slot", "time", "survival", "thin", "stretch"]],
        "band": in_stretches(closed_band(curve), "thin"),
        "censored": curve[curve["censored"] > 0],
    }


def heading(result: SurvivalResult) -> str:
    """What stands in the figure itself: the bias of the grouping, or the test; never a p-value beside a bias."""
    grouping = result.outcome.grouping
    of = f"{plural(result.n, 'patient')}, {plural(result.n_events, 'event')}"
    if biased := bias_heading(result.outcome):
        return f"{of}.\n{biased}"
    if not grouping.compares or result.headline.p is None:
        return of
    timing = "\nTime of grouping not stated." if grouping.time_not_stated else ""
    return f"{of}. {headline_p(result.headline)}.{timing}"


def curve_data(result: SurvivalResult) -> pd.DataFrame:
    """One row a group and time: the table a reader would ask for."""
    return _curves(result).drop(columns="thin")


def _curves(result: SurvivalResult) -> pd.DataFrame:
    return pd.concat(
        [_curve_rows(group) for group in result.groups if group.curve.n] or [_curve_rows(result.groups[0])[:0]],
        ignore_index=True,
    )


def _curve_rows(group: GroupSurvival) -> pd.DataFrame:
    curve = group.curve
    return pd.DataFrame({
        "group": group.name, "time": curve.time, "survival": curve.survival, "low": curve.low, "high": curve.high,
        "n_at_risk": curve.n_at_risk, "events": curve.events, "censored": curve.censored, "thin": thin_steps(curve).astype(int),
    })  # fmt: skip


def count_rows(result: SurvivalResult) -> pd.DataFrame:
    """Every number under the axis, with the row that it stands in."""
    rows = [
        (count["time"], str(count[column]), 3 * slot + place, slot)
        for slot, group in enumerate(result.groups)
        for count in result.counts[result.counts["group"] == group.name].to_dict("records")
        for place, (column, _) in enumerate(COUNTS)
    ]
    return pd.DataFrame(rows, columns=["time", "text", "row", "slot"])


def group_rows(result: SurvivalResult) -> pd.DataFrame:
    """The legend's text for each group, and the words in front of its rows of counts."""
    rows = []
    for slot, (group, source) in enumerate(zip(result.groups, result.outcome.grouping.groups, strict=True)):
        n, size = group.curve.n, source.size
        label = f"{group.name} ({n})" if n >= size else f"{group.name} ({n} of {size})"
        rows += [
            (slot, label if place == 0 else "", group.name if place == 0 else "", words, 3 * slot + place)
            for place, (_, words) in enumerate(COUNTS)
        ]
    return pd.DataFrame(rows, columns=["slot", "label", "name", "words", "row"])
