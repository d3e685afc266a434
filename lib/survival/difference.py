"""How far two groups are apart over time: the share without the event, less that of the reference group, with pointwise
limits.

The chart depends on unit, endpoint, the groups' names and colours, never on the selection; how far its axis reaches on
both sides of 0 stands in the table reach.
Source: lib/stats/restricted_mean.py (Zou & Donner 2008).
"""

from dataclasses import dataclass, replace
from functools import cache
from math import isnan
from typing import Final

import altair as alt
import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.time_unit import DAYS_PER, days_in
from lib.publication.exhibit import Exhibit, Figure, frame_numbers
from lib.publication.masking import STEPS, NotShown
from lib.publication.number import plural, signed_percent
from lib.publication.number import time as time_words
from lib.publication.palette import FAINT_INK, INK
from lib.publication.spec import ExhibitSpec
from lib.publication.step_chart import boxed, hover, time_axis, with_counts
from lib.publication.step_curve import at_resolution, closed_band
from lib.publication.step_layout import StepLayout, box
from lib.publication.theme import Specification, table
from lib.stats.estimate import DESCRIBED, described_only, sizes_of
from lib.stats.restricted_mean import SurvivalDifference, no_difference, survival_difference
from lib.survival.caveats import (
    bias,
    bias_method,
    biased_words,
    censoring,
    late_entry_notes,
    left_out_words,
    undated_notes,
)
from lib.survival.curves import SurvivalResult, curves
from lib.survival.kaplan_meier import NO_MARKS, PLAIN, Look, StepOptions, panel_of, share_title
from lib.survival.outcome import arrays, endpoints
from lib.survival.summary import PAIR, headline_p

POINTS: Final = "(datum.value > 0 ? '+' : datum.value < 0 ? '−' : '') + format(abs(datum.value) * 100, 'd')"
YEAR: Final = 12 * DAYS_PER["months"]
REACHES: Final = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)  # of the axis; half of each is a plain number of points, too
NO_LIMITS: Final = "limits: not estimable where a curve is 0"


@dataclass(frozen=True)
class GroupDifference:
    """The curve of `group` less that of `reference`; `result` is where both come from."""

    result: SurvivalResult
    group: str
    reference: str
    curve: SurvivalDifference


def difference(result: SurvivalResult) -> GroupDifference:
    """The difference of the two groups of a result; none with a group of one or two."""
    grouping, table = result.outcome.grouping, result.outcome.table
    reference = grouping.reference_name
    (group,) = (name for name in grouping.names if name != reference)
    time, event, entry = arrays(table)
    names = table["group"].to_numpy(object)
    small = described_only(sizes_of(names, (group, reference)))
    curve = (
        no_difference(f"{small[0]} is {DESCRIBED}", len(table))
        if small
        else survival_difference(time, event, names, (group, reference), entry)
    )
    return GroupDifference(result, group, reference, curve)


@cache
def difference_chart(unit: str, origin: str, layout: StepLayout) -> Specification:
    """The specification; the layout is that of the two groups, for the rows under the axis."""
    time = time_axis(unit, origin)
    ticks = alt.ExprRef("pluck(data('reach'), 'difference')")
    axis = alt.Axis(values=ticks, labelExpr=POINTS, grid=False, titlePadding=4)
    y = alt.Y("difference:Q", title="Difference, percentage points", scale=alt.Scale(nice=False), axis=axis)
    shown = [
        alt.Tooltip("time:Q", title=unit.capitalize(), format=".2~f"),
        alt.Tooltip("difference:Q", title="Difference", format="+.1%"),
        alt.Tooltip("low:Q", title="95 % CI, low", format="+.1%"),
        alt.Tooltip("high:Q", title="95 % CI, high", format="+.1%"),
    ]
    band = table("band").mark_area(interpolate="step-after", fillOpacity=0.13, color=INK)
    layers = [
        band.encode(x=time, y=alt.Y("low:Q"), y2=alt.Y2("high:Q")),
        table("reach").mark_point(opacity=0).encode(y=y),
        table("zero").mark_rule(color=FAINT_INK, strokeDash=[3, 3]).encode(y=alt.Y("zero:Q")),
        table("difference").mark_line(interpolate="step-after", strokeWidth=2.2, color=INK).encode(x=time, y=y),
        hover(time, y, shown, alt.ColorValue(INK), ("time",), "difference"),
    ]
    return with_counts(time, boxed(layers), layout)


def difference_figure(found: GroupDifference, look: Look = PLAIN) -> Figure:
    """The curve of a group less that of the reference."""
    result, outcome, curve = found.result, found.result.outcome, found.curve
    layout = replace(look.layout(outcome.grouping), most_ends=0, has_key=False)
    data = pd.DataFrame({"time": curve.time, "difference": curve.difference, "low": curve.low, "high": curve.high})
    reach = _reach(data, look.limits)
    numbers = data.rename(columns={"low": "difference_low", "high": "difference_high"})
    numbers["reason"] = numbers["difference_low"].map(lambda low: NO_LIMITS if isnan(low) else "")
    return Figure(
        id=f"survival.{outcome.endpoint}.difference",
        title=f"{outcome.label}: {found.group} − {found.reference}",
        chart=difference_chart(outcome.unit, outcome.origin, layout),
        tables={
            "difference": (shown := at_resolution(data.assign(group=""), "difference", ["group"])),
            "band": closed_band(shown, look.limits),
            "zero": pd.DataFrame({"zero": [0.0]}),
            "reach": pd.DataFrame({"difference": [part * reach for part in (-1, -0.5, 0, 0.5, 1)]}),
            **panel_of(result).under_the_axis(layout),
            "box": box(_said(found), [_placed(data, reach)], NO_MARKS, layout, result.end),
            "heading": pd.DataFrame({"text": [f"{outcome.label}: {found.group} − {found.reference}"]}),
        },
        data=data,
        caption=_caption(found, look.limits),
        method=_method(found, look.limits),
        alt=_alt(found),
        notes=(*undated_notes(outcome.selected_by), *left_out_words(outcome), *late_entry_notes(result)),
        n=result.n,
        numbers=frame_numbers(numbers, time=outcome.unit),
    )


def headline(found: GroupDifference) -> tuple[str, str]:
    """The difference at 12 months, or where the curve ends before, in one sentence; and what is biased about it."""
    curve, outcome = found.curve, found.result.outcome
    biased = bias(outcome, found.result.compares)
    if curve.reason or not len(curve.time):
        return f"{outcome.label}: no difference of curves, {curve.reason or 'nobody is followed'}.", biased
    at = min(days_in(YEAR, outcome.unit), float(curve.time[-1]))
    place = int(np.searchsorted(curve.time, at, side="right")) - 1
    points = [
        signed_percent(float(each[place]), found.result.n)
        for each in (curve.difference, curve.low, curve.high)
        if not isnan(each[place])
    ]
    limits = f" (95 % CI {points[1]} to {points[2]})" if len(points) == 3 else ""
    what = share_title(outcome.label)
    return (
        (
            f"{what} at {time_words(at)} {outcome.unit}: {found.group} {points[0]} percentage points{limits} against"
            f" {found.reference}."
        ),
        biased,
    )


def _said(found: GroupDifference) -> list[str]:
    """What stands in the panel: why there is no curve, the bias, or the test."""
    if found.curve.reason:
        return [f"No curve: {found.curve.reason}"]
    biased, test = biased_words(found.result.outcome), found.result.headline
    return [biased] if biased else [headline_p(test)] if test.p is not None else []


def _reach(data: pd.DataFrame, limits: bool) -> float:
    """How far the axis goes on both sides of 0: the first of REACHES that holds the curve, and its limits where they
    are drawn."""
    drawn = float(data[["difference", "low", "high"] if limits else ["difference"]].abs().max().max())
    return next((reach for reach in REACHES if drawn <= reach), REACHES[-1])


def _placed(data: pd.DataFrame, reach: float) -> pd.DataFrame:
    """The curve as heights of the panel, which goes so far on both sides of 0."""
    return pd.DataFrame({"time": data["time"], "value": (data["difference"] / reach + 1) / 2})


def _caption(found: GroupDifference, limits: bool) -> str:
    result = found.result
    band = ", 95 % CI" if limits else ""
    said = (
        f"Kaplan-Meier estimate of {found.group} less that of {found.reference}{band}; above 0 more of {found.group}"
        " are without the event."
    )
    return f"{said} n = {result.n}, {plural(result.n_events, 'event')}."


def _method(found: GroupDifference, limits: bool) -> str:
    outcome = found.result.outcome
    band = (
        "Pointwise 95 % limits (MOVER of the log-log limits of the two curves, before the first event exact ones): they"
        " hold for one time chosen beforehand, not for the whole curve."
    )
    drawn = "Drawn while both groups have patients at risk."
    return " ".join([drawn, *([band] if limits else []), *censoring(outcome), *bias_method(outcome)])


def _alt(found: GroupDifference) -> str:
    curve, outcome = found.curve, found.result.outcome
    begins = f"Difference of Kaplan-Meier curves of {outcome.label.lower()}, {found.group} less {found.reference}"
    if curve.reason:
        return f"{begins}: not estimable, {curve.reason}."
    end = (
        f"{signed_percent(float(curve.difference[-1]), found.result.n)} percentage points at {curve.time[-1]:g}"
        f" {outcome.unit}"
    )
    return f"{begins}, over {outcome.unit} since {outcome.origin}, until {end}."


def _difference(analysis: Analysis, endpoint: str, options: StepOptions) -> Exhibit:
    if analysis.mask_below:
        raise NotShown(STEPS)
    result = curves(analysis, endpoint, options)
    return difference_figure(difference(result), options.look_of(result))


DIFFERENCE: Final = ExhibitSpec(
    "survival.{endpoint}.difference",
    "Difference of two curves",
    "endpoints",
    _difference,
    StepOptions,
    endpoints,
    when=lambda analysis, *_: len(analysis.grouping.groups) == PAIR,
)
