"""The figure of the difference between two groups over time, with pointwise limits and the counts under the axis."""

from math import isnan
from typing import Final

import pandas as pd

from lib.publication.exhibit import Figure, Numbers
from lib.publication.number import plural, signed_percent
from lib.publication.palette import group_colours
from lib.publication.step_curve import closed_band
from lib.survival.bias import bias_notes
from lib.survival.difference.chart import difference_chart
from lib.survival.difference.result import GroupDifference
from lib.survival.figure import count_rows, group_rows, heading
from lib.survival.words import late_entry_notes

NO_LIMITS: Final = "limits: not estimable where a curve is 0"


def difference_figure(found: GroupDifference, limits: bool = True) -> Figure:
    """The curve of a group less that of the reference; `limits` draws the confidence band."""
    result, outcome = found.result, found.result.outcome
    colours = group_colours([group.colour for group in outcome.grouping.groups])
    data = _data(found)
    columns = (
        ("time", outcome.unit),
        ("difference", ""),
        ("difference_low", ""),
        ("difference_high", ""),
        ("reason", ""),
    )
    return Figure(
        id=f"survival.{outcome.endpoint}.difference",
        title=f"{outcome.label}: {found.group} − {found.reference}",
        chart=difference_chart(outcome.unit, found.group, found.reference, colours, limits, outcome.origin),
        tables={
            "difference": data,
            "band": closed_band(data.assign(group="")),
            "zero": pd.DataFrame({"zero": [0.0]}),
            "counts": count_rows(result),
            "group": group_rows(result),
            "tick": pd.DataFrame({"time": result.ticks}),
            "heading": pd.DataFrame({"text": [_heading(found)]}),
        },
        data=data,
        caption=_caption(found),
        alt=_alt(found),
        notes=(*bias_notes(outcome), *late_entry_notes(result)),
        n=result.n,
        numbers=Numbers(
            columns, tuple((*row, NO_LIMITS if isnan(row[2]) else None) for row in data.to_numpy().tolist())
        ),
    )


def _data(found: GroupDifference) -> pd.DataFrame:
    curve = found.curve
    return pd.DataFrame({"time": curve.time, "difference": curve.difference, "low": curve.low, "high": curve.high})


def _heading(found: GroupDifference) -> str:
    return f"No curve: {found.curve.reason}." if found.curve.reason else heading(found.result)


def _caption(found: GroupDifference) -> str:
    outcome = found.result.outcome
    said = (
        f"{outcome.label} from {outcome.origin}: Kaplan-Meier estimate of {found.group} less that of {found.reference} while both have patients at risk, "
        "with pointwise 95 % limits (MOVER of the log-log limits of the two curves, before the first event exact ones): they hold for one time chosen "
        "beforehand, not for the whole curve. "
        f"Above 0 more of {found.group} are without the event ({outcome.event_word}). "
        f"n = {found.result.n}, {plural(found.result.n_events, 'event')}."
    )
    return f"{said} Not estimable: {found.curve.reason}." if found.curve.reason else said


def _alt(found: GroupDifference) -> str:
    curve, outcome = found.curve, found.result.outcome
    begins = f"Difference of Kaplan-Meier curves of {outcome.label.lower()}, {found.group} less {found.reference}"
    if curve.reason:
        return f"{begins}: not estimable, {curve.reason}."
    end = f"{signed_percent(float(curve.difference[-1]))} percentage points at {curve.time[-1]:g} {outcome.unit}"
    return f"{begins}, over {outcome.unit} since {outcome.origin}, until {end}."
