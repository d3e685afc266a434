"""The kinetics chart: one line a patient, geometric means per group, the limit of quantification, n under the axis.

Over the tables line, point, below, mean, limit, decade, day, count, group, heading; it depends on the number and colours of the
groups, on the unit and on the scale of the time axis, never on the selection.
"""

from functools import cache
from typing import Final

import altair as alt

from lib.publication.log_axis import log_amount
from lib.publication.palette import FAINT_INK, GRID, GROUP_DASHES, GROUP_SHAPES, INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table

PLOT_HEIGHT: Final = 360
FIRST_ROW: Final = 62
ROW_HEIGHT: Final = 15


@cache
def kinetics_chart(colours: tuple[str, ...], unit: str, spread_early_days: bool) -> Specification:
    """The specification; `spread_early_days` draws time on a square-root scale."""
    slots = list(range(len(colours)))
    day, amount = _day(spread_early_days), _amount(unit)
    colour = _colour(slots, colours)
    near = alt.selection_point(name="near", on="pointerover", clear="pointerout", empty=False, fields=["patient"])
    faint = alt.condition(near, alt.StrokeOpacityValue(0.95), alt.StrokeOpacityValue(0.3))
    patients = [
        table("line").mark_line(strokeWidth=1.1, opacity=1).encode(
            x=day, y=amount, color=colour, detail=alt.Detail("piece:N"), strokeOpacity=faint),
        table("point").mark_point(size=18, filled=True, opacity=1, fillOpacity=0.5).encode(x=day, y=amount, color=colour),
        table("below").mark_point(size=30, filled=False, fill="#FFFFFF", strokeWidth=1.2, opacity=1).encode(x=day, y=amount, color=colour),
        table("point", HOVER).mark_point(size=110, filled=True, opacity=0).encode(x=day, y=amount, tooltip=_tooltip(unit)).add_params(near),
        table("below", f"{HOVER}_below").mark_point(size=110, filled=True, opacity=0).encode(x=day, y=amount, tooltip=_tooltip(unit)),
    ]  # fmt: skip
    layers = [
        *_frame(day, amount),
        *patients,
        *_means(day, amount, colour, slots),
        *_counts(day, colour),
        keeps("heading"),
    ]
    return publish(alt.layer(*layers), width=760, height=PLOT_HEIGHT + 120 + ROW_HEIGHT * len(slots))


def _day(spread: bool) -> alt.X:
    scale = alt.Scale(type="sqrt", nice=False, zero=False) if spread else alt.Scale(nice=False, zero=False)
    axis = alt.Axis(
        values=alt.ExprRef("pluck(data('day'), 'day')"), format="d", grid=False, labelFlush=False, labelOverlap="greedy"
    )
    title = "Days since infusion (square-root scale)" if spread else "Days since infusion"
    return alt.X("day:Q", title=title, scale=scale, axis=axis)


def _amount(unit: str) -> alt.Y:
    return log_amount(f"CAR transgene, {unit}" if unit else "CAR transgene")


def _colour(slots: list[int], colours: tuple[str, ...]) -> alt.Color:
    return alt.Color(
        "slot:N",
        title=None,
        scale=alt.Scale(domain=slots, range=list(colours)),
        legend=None,
    )


def _frame(day: alt.X, amount: alt.Y) -> list[alt.Chart]:
    """Decades, and the limit of quantification as a dashed line with its value."""
    limit = table("limit")
    return [
        table("decade").mark_rule(color=GRID).encode(y=amount),
        table("day").mark_rule(opacity=0).encode(x=day),
        limit.mark_rule(strokeDash=[5, 4], color=FAINT_INK).encode(y=amount),
        limit.mark_text(align="right", baseline="top", dx=-3, dy=3, fontSize=11, color=FAINT_INK).encode(
            x=alt.XValue("width"), y=amount, text=alt.Text("words:N")
        ),
    ]


def _means(day: alt.X, amount: alt.Y, colour: alt.Color, slots: list[int]) -> list[alt.Chart]:
    dashes = alt.Scale(domain=slots, range=[list(GROUP_DASHES[slot % len(GROUP_DASHES)]) for slot in slots])
    shapes = alt.Scale(domain=slots, range=[GROUP_SHAPES[slot % len(GROUP_SHAPES)] for slot in slots])
    dash = alt.StrokeDash("slot:N", title=None, scale=dashes, legend=None)
    shape = alt.Shape("slot:N", title=None, scale=shapes, legend=None)
    tooltip = [
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("day:Q", title="Day"),
        alt.Tooltip("amount:Q", title="Geometric mean", format=",.3~g"),
        alt.Tooltip("n:Q", title="n"),
        alt.Tooltip("n_quantifiable:Q", title="n quantifiable"),
    ]
    mean = table("mean")
    return [
        mean.mark_line(strokeWidth=3).encode(x=day, y=amount, color=colour, strokeDash=dash),
        mean.mark_point(size=75, filled=True, opacity=1, stroke="#FFFFFF", strokeWidth=0.8).encode(
            x=day, y=amount, fill=alt.Fill("slot:N", scale=colour["scale"], legend=None), shape=shape
        ),
        table("mean", f"{HOVER}_mean")
        .mark_point(size=160, filled=True, opacity=0)
        .encode(x=day, y=amount, tooltip=tooltip),
    ]


def _counts(day: alt.X, colour: alt.Color) -> list[alt.Chart]:
    row = alt.YValue(alt.ExprRef(f"height + {FIRST_ROW} + {ROW_HEIGHT} * datum.slot"))
    number = table("count").mark_text(fontSize=11, baseline="middle", clip=False)
    name = table("group").mark_text(
        fontSize=11, fontWeight="bold", align="right", baseline="middle", clip=False, limit=150
    )
    return [
        number.encode(x=day, y=row, text=alt.Text("n:N"), color=alt.ColorValue(INK)),
        name.encode(x=alt.XValue(-16), y=row, text=alt.Text("label:N"), color=colour),
    ]


def _tooltip(unit: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("patient:N", title="Patient"),
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("day:Q", title="Day"),
        alt.Tooltip("shown:N", title=unit or "Value"),
    ]
