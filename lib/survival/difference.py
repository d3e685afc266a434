"""How far two groups are apart over time: the share without the event, less that of the reference group, with pointwise limits.

The chart depends on unit, endpoint, the groups' names and colours, never on the selection; its axis always runs from -100 to 100 points.
Source: lib/stats/restricted_mean.py (Zou & Donner 2008).
"""

from dataclasses import dataclass
from functools import cache
from math import isnan
from typing import Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure, Numbers
from lib.publication.number import plural, signed_percent
from lib.publication.options import flag
from lib.publication.palette import FAINT_INK, INK, group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.step_chart import (
    PLOT_HEIGHT,
    CountRows,
    hover,
    time_axis,
    with_counts,
)
from lib.publication.step_curve import closed_band
from lib.publication.theme import Specification, table
from lib.stats.restricted_mean import SurvivalDifference, no_difference, survival_difference
from lib.stats.small_samples import DESCRIBED, described_only, sizes_of
from lib.survival.caveats import bias_notes, late_entry_notes
from lib.survival.curves import SurvivalResult, curves
from lib.survival.kaplan_meier import heading, under_the_axis
from lib.survival.outcome import EndpointOptions, arrays, endpoints
from lib.survival.summary import PAIR

POINTS: Final = "(datum.value > 0 ? '+' : datum.value < 0 ? '−' : '') + format(abs(datum.value) * 100, 'd')"
NO_LIMITS: Final = "limits: not estimable where a curve is 0"


@dataclass(frozen=True)
class DifferenceOptions(EndpointOptions):
    """The difference of two curves."""

    show_ci: bool = flag(True, "Confidence bands")


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
def difference_chart(
    unit: str, group: str, reference: str, colours: tuple[str, ...], limits: bool, origin: str
) -> Specification:
    """The specification; `colours` are those of the two groups, in their order, for the rows under the axis."""
    time = time_axis(unit, origin)
    axis = alt.Axis(values=[-1, -0.5, 0, 0.5, 1], labelExpr=POINTS, grid=False, titleLimit=PLOT_HEIGHT)
    title = f"{group} − {reference}, percentage points"
    y = alt.Y("difference:Q", title=title, scale=alt.Scale(domain=[-1, 1]), axis=axis)
    shown = [
        alt.Tooltip("time:Q", title=unit.capitalize(), format=".2~f"),
        alt.Tooltip("difference:Q", title="Difference", format="+.1%"),
        alt.Tooltip("low:Q", title="95 % CI, low", format="+.1%"),
        alt.Tooltip("high:Q", title="95 % CI, high", format="+.1%"),
    ]
    band = table("band").mark_area(interpolate="step-after", fillOpacity=0.13, color=INK)
    layers = [
        *([band.encode(x=time, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))] if limits else []),
        table("zero").mark_rule(color=FAINT_INK, strokeDash=[3, 3]).encode(y=alt.Y("zero:Q")),
        table("difference").mark_line(interpolate="step-after", strokeWidth=2.2, color=INK).encode(x=time, y=y),
        hover(time, y, shown, alt.ColorValue(INK), ("time",), "difference"),
    ]
    return with_counts(time, layers, CountRows(name="name"), colours, 110)


def difference_figure(found: GroupDifference, limits: bool = True) -> Figure:
    """The curve of a group less that of the reference; `limits` draws the confidence band."""
    result, outcome = found.result, found.result.outcome
    colours = group_colours([group.colour for group in outcome.grouping.groups])
    curve = found.curve
    data = pd.DataFrame({"time": curve.time, "difference": curve.difference, "low": curve.low, "high": curve.high})
    columns = (("time", outcome.unit), *((f"difference{part}", "") for part in ("", "_low", "_high")), ("reason", ""))
    return Figure(
        id=f"survival.{outcome.endpoint}.difference",
        title=f"{outcome.label}: {found.group} − {found.reference}",
        chart=difference_chart(outcome.unit, found.group, found.reference, colours, limits, outcome.origin),
        tables={
            "difference": data,
            "band": closed_band(data.assign(group="")),
            "zero": pd.DataFrame({"zero": [0.0]}),
            **under_the_axis(result),
            "heading": pd.DataFrame({"text": [f"No curve: {curve.reason}." if curve.reason else heading(result)]}),
        },
        data=data,
        caption=_caption(found),
        alt=_alt(found),
        notes=(*bias_notes(outcome), *late_entry_notes(result)),
        n=result.n,
        numbers=Numbers(columns, tuple((*row, NO_LIMITS if isnan(row[2]) else None) for row in data.to_numpy().tolist())),
    )  # fmt: skip


def _caption(found: GroupDifference) -> str:
    result, outcome = found.result, found.result.outcome
    said = (
        f"{outcome.label} from {outcome.origin}: Kaplan-Meier estimate of {found.group} less that of {found.reference} while both have patients at risk, "
        "with pointwise 95 % limits (MOVER of the log-log limits of the two curves, before the first event exact ones): they hold for one time chosen "
        f"beforehand, not for the whole curve. Above 0 more of {found.group} are without the event ({outcome.event_word}). "
        f"n = {result.n}, {plural(result.n_events, 'event')}."
    )
    return f"{said} Not estimable: {found.curve.reason}." if found.curve.reason else said


def _alt(found: GroupDifference) -> str:
    curve, outcome = found.curve, found.result.outcome
    begins = f"Difference of Kaplan-Meier curves of {outcome.label.lower()}, {found.group} less {found.reference}"
    if curve.reason:
        return f"{begins}: not estimable, {curve.reason}."
    end = f"{signed_percent(float(curve.difference[-1]))} percentage points at {curve.time[-1]:g} {outcome.unit}"
    return f"{begins}, over {outcome.unit} since {outcome.origin}, until {end}."


def _difference(analysis: Analysis, endpoint: str, options: DifferenceOptions) -> Exhibit:
    return difference_figure(difference(curves(analysis, endpoint, options)), options.show_ci)


DIFFERENCE: Final = ExhibitSpec(
    "survival.{endpoint}.difference", "Difference of two curves", "endpoints", _difference, DifferenceOptions, endpoints,
    when=lambda analysis, *_: len(analysis.grouping.groups) == PAIR,
)  # fmt: skip
