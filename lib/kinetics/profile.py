"""Profiles: the geometric mean of each group near nominal days over one line a patient (of many patients over
quartiles), the limit of quantification, and under the axis how many were sampled and how many lay below it.

Below the limit of quantification a value enters a geometric mean as half the limit. The chart depends on the number
and colours of the groups, on unit and width, and on whether names stand beside the rows, never on the selection.
"""

from functools import cache
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import SeriesKey
from lib.kinetics.day_comparison import UNKNOWN_LIMIT, DayComparison, comparison_of, comparison_sentence
from lib.kinetics.parameters import silent_notes
from lib.kinetics.profile_tables import (
    FEWEST_FOR_QUARTILES,
    FEWEST_WITH_BARS,
    INTERVAL,
    LEFT_OF_PLOT,
    MOST_LINES,
    NAME_GAP,
    NO_BARS,
    GroupProfileOptions,
    Look,
    banded,
    look_of,
    profile_tables,
)
from lib.kinetics.series import (
    SAMPLE_COLUMNS,
    KineticsResult,
    after_infusion,
    amount_title,
    bias_method,
    figure_title,
    kinetics_of,
    replicate_notes,
    series_of,
    unsampled_notes,
)
from lib.publication.exhibit import Figure, Numbers, TestLine, frame_numbers
from lib.publication.key import keyed
from lib.publication.log_axis import log_amount
from lib.publication.number import above_limit_notes, plural, short
from lib.publication.palette import FAINT_INK, GRID, INK, group_shapes, line_dashes
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import NORMAL, SMALL
from lib.publication.theme import HOVER, Specification, by_slot, keeps, labelled, publish, table, text_layer, tooltips
from lib.stats.estimate import Floats
from lib.stats.means import geometric_cv, geometric_mean

USUAL: Final = GroupProfileOptions(bars=INTERVAL)
FEWEST_FOR_MEAN: Final = 2
LEAST_QUANTIFIABLE: Final = 0.5  # a geometric mean is shown only where at least this share is quantifiable
PLOT_HEIGHT: Final = 290
TITLE_ROW: Final = 36  # pixels from the axis to its title, which is a mark because it follows the data
FIRST_ROW: Final = 60  # and to the first row of counts
ROW_HEIGHT: Final = 15
WIDEST_BAR: Final = 5.0  # pixels of the bars that stand in their place
BARS_OF_A_DAY: Final = 16.0  # pixels of all of them
CARET: Final = "M-0.7,0.35L0,-0.35L0.7,0.35"  # at the end of a bar that goes beyond the axis
SLASHES: Final = "M-0.5,0.8L0.1,-0.8M0,0.8L0.6,-0.8"  # across the axis, where its scale changes


def profile(near: pd.DataFrame, names: tuple[str, ...], days: tuple[float, ...]) -> pd.DataFrame:
    """One row a group and nominal day: n, n_quantifiable, mean (geometric), low, high (95 %, of log values), deviation,
    limit, reason.

    `near` are the samples of a series near each of these days, with the slot of the group. The mean is NaN, with its
    reason, where there are fewer than two patients, less than half are quantifiable, or one lies below a limit that is
    not known: a mean of the others would be too high. `deviation` is the geometric standard deviation, `limit` the
    highest that a sample lies below (else NaN).
    """
    amount, below = near["value"].fillna(near["lloq"] / 2).to_numpy(float), near["below"].to_numpy(np.bool_)
    nominal, lloq = near["nominal"].to_numpy(float), near["lloq"].to_numpy(float)
    place = near["slot"].to_numpy()
    rows = []
    for day in days:
        for slot, name in enumerate(names):
            mine = (nominal == day) & (place == slot)
            amounts, limits = amount[mine], lloq[mine & below]
            n, quantifiable = len(amounts), len(amounts) - len(limits)
            reason = _no_mean(amounts, quantifiable)
            mean = None if reason else geometric_mean(amounts)
            means = (mean.value, mean.low, mean.high, _deviation(amounts)) if mean else (np.nan,) * 4
            limit = np.fmax.reduce(limits, initial=np.nan)
            rows.append((name, slot, day, n, quantifiable, *means, limit, reason))
    columns = ["group", "slot", "day", "n", "n_quantifiable", "mean", "low", "high", "deviation", "limit", "reason"]
    return pd.DataFrame(rows, columns=columns)


def _deviation(amounts: Floats) -> float:
    """The geometric standard deviation, by the geometric coefficient of variation: exp(sqrt(ln(1 + gCV²)))."""
    gcv = geometric_cv(amounts)
    return float("nan") if gcv is None else float(np.exp(np.sqrt(np.log1p((gcv / 100) ** 2))))


def _no_mean(amounts: Floats, n_quantifiable: int) -> str:
    if len(amounts) < FEWEST_FOR_MEAN:
        return "fewer than two samples"
    if n_quantifiable < LEAST_QUANTIFIABLE * len(amounts):
        return "less than half of the samples are quantifiable"
    return UNKNOWN_LIMIT if np.isnan(amounts).any() else ""


def kinetics_figure(result: KineticsResult, comparison: DayComparison, options: GroupProfileOptions = USUAL) -> Figure:
    """The figure of one series; `comparison` is reported in its method."""
    names = result.grouping.names
    means = profile(result.near, names, result.days)
    look = look_of(result.key.unit, options.width, names)
    tables = profile_tables(result, means, options, look)
    days = f"day {comparison.day:g}: {' v '.join(names)}"
    return Figure(
        id=result.key.id("profile"),
        title=figure_title(result, "CAR transgene"),
        chart=keyed(kinetics_chart(result.colours, look), result.grouping.groups, "both"),
        tables=tables,
        data=result.table[SAMPLE_COLUMNS].assign(unit=result.key.unit),
        caption=caption(result, means, options.bars, not tables["beyond"].empty),
        alt=alt_text(result, means),
        method=method(result, comparison, options.spread_early_days),
        notes=notes(result),
        n=result.n,
        numbers=_numbers(result, means),
        tests=(TestLine.of(comparison.default, days),) if result.grouping.compares else (),
    )


def caption(result: KineticsResult, profile: pd.DataFrame, bars: str, beyond: bool) -> str:
    """What is drawn; `beyond`: a bar goes beyond the axis."""
    with_bars = "" if bars == NO_BARS else f" with {bars}"
    quartiles = f"{'bands' if banded(len(result.colours)) else 'pale bars'}, quartiles of the patients"
    patients = "thin lines, patients" if result.n <= MOST_LINES else quartiles
    hollow = "; open symbol, mean below the LLOQ" if (profile["mean"] < profile["limit"]).any() else ""
    arrow = f"; arrowhead, {bars} beyond the axis" if beyond else ""
    if profile["mean"].isna().all():
        return f"{patients[:1].upper()}{patients[1:]}{after_infusion(result)}."
    return f"Geometric mean{with_bars}{after_infusion(result)}; {patients}{hollow}{arrow}."


def method(result: KineticsResult, comparison: DayComparison, stretched: bool) -> str:
    """By which rules it is drawn, and the groups compared at the chosen day."""
    compared = (*bias_method(result.grouping), comparison_sentence(comparison)) if result.grouping.compares else ()
    behind = "" if banded(len(result.colours)) else ", where there is a mean"
    scale = "Until day 28 the axis is stretched; M: month of 30.4 days, D: day. " if stretched else ""
    return " ".join(
        (
            (
                f"{scale}Means are of samples near each nominal day (within a tenth of it, at least one day; ± 3 at day"
                f" 28), where at least half are quantifiable; bars from {FEWEST_WITH_BARS} patients on. A value below"
                " the limit of quantification (LLOQ) counts as LLOQ/2 in a mean and is not drawn; a mean below the"
                f" LLOQ stands on its line. Above {MOST_LINES} patients, quartiles replace lines (of"
                f" {FEWEST_FOR_QUARTILES} patients or more{behind}). Lines are not drawn across more than 60 days"
                " without a sample."
            ),
            *replicate_notes(result),
            *compared,
        )
    )


def notes(result: KineticsResult) -> tuple[str, ...]:
    """Who has no samples, which limits are unknown, who never expanded."""
    unknown = int((result.table["below"] & result.table["lloq"].isna()).sum())
    unstated = (
        f"{plural(unknown, 'sample')} below a limit that is not stated: not drawn, and no mean where there is one."
    )
    return (
        *unsampled_notes(result),
        *([unstated] if unknown else []),
        *above_limit_notes(int(result.table["above"].sum())),
        *silent_notes(result),
    )


def alt_text(result: KineticsResult, profile: pd.DataFrame) -> str:
    """The figure for whoever cannot see it."""
    means = profile.dropna(subset=["mean"])
    peaks = []
    for name in result.grouping.names:
        mine = means[means["group"] == name]
        if len(mine):
            peak = mine.loc[mine["mean"].idxmax()]
            peaks.append(f"{name}: highest geometric mean {short(float(peak['mean']))} on day {peak['day']:g}")
    said = "; ".join(peaks) or "No geometric mean is shown"
    return f"Lines of CAR transgene over days since infusion on a log axis, {plural(result.n, 'patient')}. {said}."


def _numbers(result: KineticsResult, profile: pd.DataFrame) -> Numbers:
    """One row a group and nominal day: n, how many quantifiable, geometric mean with its 95 % interval."""
    shown = profile[["group", "day", "n", "n_quantifiable", "mean", "low", "high", "reason"]]
    units = dict.fromkeys(("n", "n_quantifiable"), "patients") | dict.fromkeys(
        ("geometric_mean", "low", "high"), result.key.unit
    )
    return frame_numbers(
        shown.rename(columns={"mean": "geometric_mean"}), result.grouping.level_of, day="days", **units
    )


@cache
def kinetics_chart(colours: tuple[str, ...], look: Look) -> Specification:
    """The specification for groups of these colours."""
    amount = log_amount(amount_title(look.unit))
    layers = [
        *_frame(amount),
        *_patients(amount, by_slot(alt.Color, colours), look.unit, len(colours)),
        *_means(amount, colours),
        *_rows(colours, named=bool(look.names)),
        *map(keeps, ("group", "heading")),
    ]
    rows = FIRST_ROW + ROW_HEIGHT * (2 * len(colours) + 2)
    return publish(alt.layer(*layers), width=look.width, height=PLOT_HEIGHT + rows + 70)


def _day() -> alt.X:
    axis = labelled("day", labelFlush=False, labelOverlap=False)
    return alt.X("at:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False), axis=axis)


def _frame(amount: alt.Y) -> list[alt.Chart]:
    """Decades, the limit of quantification as a dashed line with its value, the title of the days, and the break of
    their scale."""
    limit, axis = table("limit"), table("axis")
    on_axis = {"x": _day(), "y": alt.YValue(alt.ExprRef("height"))}
    return [
        table("decade").mark_rule(color=GRID).encode(y=amount),
        table("edge").mark_rule(opacity=0).encode(y=amount),
        table("day").mark_rule(opacity=0).encode(x=_day()),
        limit.mark_rule(strokeDash=[5, 4], color=FAINT_INK).encode(y=amount),
        limit.mark_text(align="right", baseline="top", dx=-3, dy=3, fontSize=SMALL, color=FAINT_INK).encode(
            x=alt.XValue("width"), y=amount, text=alt.Text("words:N")
        ),
        axis.mark_rule(color=GRID, strokeWidth=4).encode(x=_day()),
        axis.mark_point(shape="square", filled=True, size=60, color="#FFFFFF", opacity=1, clip=False).encode(**on_axis),
        axis.mark_point(shape=SLASHES, filled=False, size=110, stroke=INK, strokeWidth=1, opacity=1, clip=False).encode(
            **on_axis
        ),
    ]


def _quartiles(amount: alt.Y, colour: alt.Color, groups: int) -> alt.Chart:
    where = {"x": _day(), "y": alt.Y("low:Q", title=amount["title"]), "y2": alt.Y2("high:Q"), "color": colour}
    if banded(groups):
        return table("band").mark_area(opacity=1, fillOpacity=0.16).encode(**where)
    wide = min(WIDEST_BAR, BARS_OF_A_DAY / groups)
    return table("band").mark_rule(strokeWidth=wide, opacity=1, strokeOpacity=0.25).encode(**where)


def _patients(amount: alt.Y, colour: alt.Color, unit: str, groups: int) -> list[alt.Chart]:
    """Of few patients lines, of many the quartiles of each group."""
    near = alt.selection_point(name="near", on="pointerover", clear="pointerout", empty=False, fields=["patient"])
    faint = alt.condition(near, alt.StrokeOpacityValue(0.95), alt.StrokeOpacity("ink:Q", scale=None, legend=None))
    lines = table("line").transform_joinaggregate(patients="distinct(patient)")
    day = _day()
    tooltip = tooltips({"patient": "Patient", "group": "Group", "day:Q": "Day", "shown": unit or "Value"})
    return [
        _quartiles(amount, colour, groups),
        lines.transform_calculate(ink="datum.patients == 1 ? 0.95 : 0.22")
        .mark_line(strokeWidth=1, opacity=1)
        .encode(x=day, y=amount, color=colour, detail=alt.Detail("piece:N"), strokeOpacity=faint),
        table("point")
        .mark_point(size=8, filled=True, opacity=1, fillOpacity=0.35)
        .encode(x=day, y=amount, color=colour),
        table("point", HOVER)
        .mark_point(size=110, filled=True, opacity=0)
        .encode(x=day, y=amount, tooltip=tooltip)
        .add_params(near),
    ]


def _means(amount: alt.Y, colours: tuple[str, ...]) -> list[alt.Chart]:
    """Geometric means with their bars; one that lies below the limit stands on its line with an open symbol."""
    colour, dash = by_slot(alt.Color, colours), by_slot(alt.StrokeDash, line_dashes(len(colours)))
    where: dict[str, Any] = {"x": _day(), "y": amount}
    tooltip = tooltips(
        {"group": "Group", "day:Q": "Day", "mean": "Geometric mean", "spread": "Bar", "sampled": "Patients"}
    )
    beyond = {**where, "angle": alt.Angle("turn:Q", scale=None)}
    mean = table("mean")
    fill = alt.Fill("fill:N", scale=None, legend=None)
    stroke = alt.Stroke("slot:N", scale=colour["scale"], legend=None)
    symbol = {"shape": by_slot(alt.Shape, group_shapes(len(colours))), "fill": fill, "stroke": stroke}
    bar = {"x": _day(), "y": alt.Y("low:Q", title=amount["title"]), "y2": alt.Y2("high:Q"), "color": colour}
    return [
        mean.mark_rule(strokeWidth=1.6, opacity=1).encode(**bar),
        mean.mark_line(strokeWidth=2.6).encode(**where, color=colour, strokeDash=dash),
        mean.mark_point(size=62, opacity=1, strokeWidth=1.4).encode(**where, **symbol),
        table("beyond")
        .mark_point(shape=CARET, filled=False, size=150, strokeWidth=1.6, opacity=1, clip=False)
        .encode(**beyond, color=colour),
        table("beyond", f"{HOVER}_beyond")
        .mark_point(size=160, filled=True, opacity=0)
        .encode(**where, tooltip=[*tooltip[:2], tooltip[3]]),
        table("mean", f"{HOVER}_mean").mark_point(size=160, filled=True, opacity=0).encode(**where, tooltip=tooltip),
    ]


def _rows(colours: tuple[str, ...], named: bool) -> list[alt.Chart]:
    """Under the axis its title, and how many patients were sampled and how many lay below the limit, a row for each
    group."""
    down = alt.YValue(alt.ExprRef(f"height + {FIRST_ROW} + {ROW_HEIGHT} * datum.line"))
    small: dict[str, Any] = {"fontSize": SMALL, "baseline": "middle"}
    row, middle = table("row"), alt.XValue(alt.ExprRef("width / 2"))
    title = {"fontSize": NORMAL, "baseline": "middle", "color": INK}
    layers = [
        text_layer(table("axis_title"), "words", middle, alt.YValue(alt.ExprRef(f"height + {TITLE_ROW}")), **title),
        text_layer(row, "heading", alt.XValue(-LEFT_OF_PLOT + 8), down, align="left", color=FAINT_INK, **small),
        text_layer(table("count"), "text", _day(), down, color=INK, **small),
    ]
    if len(colours) < 2:
        return layers
    colour = by_slot(alt.Color, colours)
    if named:
        name = text_layer(row, "name", alt.XValue(-NAME_GAP), down, align="right", fontWeight="bold", **small)
        return [*layers, name.encode(color=colour)]
    symbol = row.transform_filter("datum.name").mark_point(filled=True, size=55, opacity=1, clip=False)
    shape = by_slot(alt.Shape, group_shapes(len(colours)))
    return [*layers, symbol.encode(x=alt.XValue(-NAME_GAP - 6), y=down, color=colour, shape=shape)]


def _build(analysis: Analysis, key: SeriesKey, options: GroupProfileOptions) -> Figure:
    return kinetics_figure(kinetics_of(analysis, key, options), comparison_of(analysis, key, options), options)


PROFILES: Final = ExhibitSpec(
    "kinetics.profile", "Profiles", "kinetics", _build, GroupProfileOptions, series_of, lambda key: key.id("profile")
)
