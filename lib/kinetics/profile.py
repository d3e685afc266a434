"""Profiles: one line a patient on a log axis, the geometric mean of each group near nominal days, the limit of
quantification, n under the axis.

Below the limit of quantification a value enters a geometric mean as half the limit. The chart stands over the tables
line, point, below, mean, limit, decade, day, count, group, heading; it depends on the number and colours of the groups,
on the unit and on the scale of time.
"""

from functools import cache
from typing import Final

import altair as alt
import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import SeriesKey
from lib.derived.nominal_day import near_days
from lib.kinetics.day_comparison import UNKNOWN_LIMIT, DayComparison, comparison_of, comparison_sentence
from lib.kinetics.parameters import silent_notes
from lib.kinetics.series import (
    SAMPLE_COLUMNS,
    KineticsResult,
    ProfileOptions,
    after_infusion,
    amount_title,
    bias_notes,
    figure_title,
    group_label,
    kinetics_of,
    line_of,
    replicate_notes,
    series_of,
    unsampled_notes,
)
from lib.publication.exhibit import Figure, Numbers
from lib.publication.key import group_names, with_key
from lib.publication.log_axis import decades, log_amount
from lib.publication.number import above_limit_notes, plural, short
from lib.publication.palette import FAINT_INK, GRID, GROUP_DASHES, GROUP_SHAPES, INK
from lib.publication.spec import ExhibitSpec
from lib.publication.theme import HOVER, Specification, keeps, publish, table
from lib.stats.estimate import Floats
from lib.stats.means import geometric_mean

FEWEST_FOR_MEAN: Final = 2
LEAST_QUANTIFIABLE: Final = 0.5  # a geometric mean is shown only where at least this share is quantifiable
LONGEST_GAP_DAYS: Final = 60.0  # a line is not drawn across a longer time without a sample
BESIDE: Final = 0.85  # below the limit, each group stands a little under the one before, so that none hides another
PLOT_HEIGHT: Final = 360
FIRST_ROW: Final = 62  # pixels from the axis to the first row of counts
ROW_HEIGHT: Final = 15


def profile(table: pd.DataFrame, names: tuple[str, ...], days: tuple[float, ...]) -> pd.DataFrame:
    """One row a group and nominal day: n, n_quantifiable, mean (geometric), low, high (95 %, of log values), reason.

    `table` is a series with a column group. The mean is NaN, with its reason, where there are fewer than two patients,
    less than half are quantifiable, or one lies below a limit that is not known: a mean of the others would be too
    high.
    """
    near = near_days(table, days)
    near = near.assign(amount=near["value"].fillna(near["lloq"] / 2), quantifiable=~near["below"].astype(bool))
    by_place = dict(iter(near.groupby(["nominal", "group"], sort=False)))
    rows = []
    for day in days:
        for slot, name in enumerate(names):
            mine = by_place.get((day, name), near.iloc[:0])
            amounts, quantifiable = mine["amount"].to_numpy(float), int(mine["quantifiable"].sum())
            reason = _no_mean(amounts, quantifiable)
            mean = None if reason else geometric_mean(amounts)
            means = (mean.value, mean.low, mean.high) if mean else (np.nan, np.nan, np.nan)
            rows.append((name, slot, day, len(mine), quantifiable, *means, reason))
    return pd.DataFrame(rows, columns=["group", "slot", "day", "n", "n_quantifiable", "mean", "low", "high", "reason"])


def _no_mean(amounts: Floats, n_quantifiable: int) -> str:
    if len(amounts) < FEWEST_FOR_MEAN:
        return "fewer than two samples"
    if n_quantifiable < LEAST_QUANTIFIABLE * len(amounts):
        return "less than half of the samples are quantifiable"
    return UNKNOWN_LIMIT if np.isnan(amounts).any() else ""


def drawn(result: KineticsResult) -> pd.DataFrame:
    """Every sample that can stand on a log axis: below the limit at half of it.

    `piece` parts a patient's line at long gaps and at values below the limit, which are never joined.
    """
    samples = result.table
    shown = [
        f"< {short(lloq)}" if below else f"{'> ' if above else ''}{value:,.6g}"
        for value, below, lloq, above in samples[["value", "below", "lloq", "above"]].itertuples(index=False)
    ]
    samples = samples.assign(
        amount=samples["value"].fillna(samples["lloq"] / 2),
        slot=samples["group"].map(result.slots),
        shown=shown,
        below=samples["below"].astype(bool),
    )
    samples = samples[samples["amount"] > 0].reset_index(drop=True)
    breaks = (samples.groupby("patient", sort=False)["day"].diff() > LONGEST_GAP_DAYS) | samples["below"]
    stretch = breaks.groupby(samples["patient"]).cumsum().astype(str)
    return samples.assign(piece=samples["patient"].astype(str) + "\t" + stretch)


def kinetics_figure(result: KineticsResult, comparison: DayComparison, spread_early_days: bool = True) -> Figure:
    """The figure of one series; `comparison` is reported in its notes."""
    means = profile(result.table, result.grouping.names, result.days)
    chart = kinetics_chart(result.colours, result.key.unit, spread_early_days)
    days = f"day {comparison.day:g}: {' v '.join(result.grouping.names)}"
    return Figure(
        id=result.key.id("profile"),
        title=figure_title(result, "CAR transgene"),
        chart=with_key(chart, group_names(result.grouping.groups), result.colours, "both"),
        tables=_tables(result, means),
        data=result.table[SAMPLE_COLUMNS].assign(unit=result.key.unit),
        caption=caption(result),
        alt=alt_text(result, means),
        notes=notes(result, comparison),
        n=result.n,
        numbers=_numbers(result, means),
        tests=(line_of(comparison.default, days),) if result.grouping.compares else (),
    )


def _tables(result: KineticsResult, profile: pd.DataFrame) -> dict[str, pd.DataFrame]:
    samples = drawn(result)
    line, below = samples[~samples["below"]], samples[samples["below"]]
    means = profile.dropna(subset=["mean"]).rename(columns={"mean": "amount"})
    points = ["patient", "group", "slot", "day", "amount", "shown"]
    return {
        "line": line[["patient", "slot", "day", "amount"]].assign(
            piece=pd.factorize(line["piece"])[0]
        ),  # no id in a piece
        "point": line[points],
        "below": below[points].assign(amount=below["amount"] * BESIDE ** below["slot"]),
        "mean": means[["group", "slot", "day", "amount", "n", "n_quantifiable"]],
        "limit": pd.DataFrame({"amount": result.lloqs, "words": [f"LLOQ {short(limit)}" for limit in result.lloqs]}),
        "decade": pd.DataFrame({"amount": decades(samples["amount"])}),
        "day": pd.DataFrame({"day": result.days or (0.0, 28.0)}),
        "count": profile.loc[profile["n"] > 0, ["slot", "day", "n"]],
        "group": _groups(result),
        "heading": pd.DataFrame({"text": [f"{plural(result.n, 'patient')} with samples"]}),
    }


def _groups(result: KineticsResult) -> pd.DataFrame:
    n = result.table.groupby("group")["patient"].nunique()
    labels = [group_label(group.name, int(n.get(group.name, 0)), group.size) for group in result.grouping.groups]
    return pd.DataFrame({"slot": range(len(labels)), "label": labels})


@cache
def kinetics_chart(colours: tuple[str, ...], unit: str, spread_early_days: bool) -> Specification:
    """The specification; `spread_early_days` draws time on a square-root scale."""
    slots = list(range(len(colours)))
    day, amount = _day(spread_early_days), log_amount(amount_title(unit))
    colour = _colour(slots, colours)
    near = alt.selection_point(name="near", on="pointerover", clear="pointerout", empty=False, fields=["patient"])
    faint = alt.condition(near, alt.StrokeOpacityValue(0.95), alt.StrokeOpacityValue(0.3))
    patients = [
        table("line")
        .mark_line(strokeWidth=1.1, opacity=1)
        .encode(x=day, y=amount, color=colour, detail=alt.Detail("piece:N"), strokeOpacity=faint),
        table("point")
        .mark_point(size=18, filled=True, opacity=1, fillOpacity=0.5)
        .encode(x=day, y=amount, color=colour),
        table("below")
        .mark_point(size=30, filled=False, fill="#FFFFFF", strokeWidth=1.2, opacity=1)
        .encode(x=day, y=amount, color=colour),
        table("point", HOVER)
        .mark_point(size=110, filled=True, opacity=0)
        .encode(x=day, y=amount, tooltip=_tooltip(unit))
        .add_params(near),
        table("below", f"{HOVER}_below")
        .mark_point(size=110, filled=True, opacity=0)
        .encode(x=day, y=amount, tooltip=_tooltip(unit)),
    ]
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


def caption(result: KineticsResult) -> str:
    """What is drawn and by which rules."""
    return (
        f"Thin lines, patients{after_infusion(result)} (n = {result.n}); thick lines, "
        "geometric mean of samples near each nominal day (within a tenth of it in whole days, at least one: ± 3 at day "
        "28), shown where at least half are "
        "quantifiable; open symbols, below the limit of quantification (LLOQ), drawn under its line and averaged as "
        "LLOQ/2. Numbers under the axis: "
        "patients sampled; lines are not drawn across more than 60 days without a sample."
    )


def notes(result: KineticsResult, comparison: DayComparison) -> tuple[str, ...]:
    """Who has no samples, which limits are unknown, and the comparison at the chosen day."""
    unknown = int((result.table["below"] & result.table["lloq"].isna()).sum())
    unstated = (
        f"{plural(unknown, 'sample')} below a limit that is not stated: not drawn, and no mean where there is one."
    )
    compared = (*bias_notes(result.grouping), comparison_sentence(comparison)) if result.grouping.compares else ()
    return (
        *unsampled_notes(result),
        *([unstated] if unknown else []),
        *replicate_notes(result),
        *above_limit_notes(int(result.table["above"].sum())),
        *silent_notes(result),
        *compared,
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
    level_of = dict(zip(result.grouping.names, result.grouping.levels, strict=True))
    unit = result.key.unit
    columns = (
        ("group", ""),
        ("day", "days"),
        ("n", "patients"),
        ("n_quantifiable", "patients"),
        ("geometric_mean", unit),
        ("low", unit),
        ("high", unit),
        ("reason", ""),
    )
    rows = []
    for row in profile.to_dict("records"):
        means = (None, None, None) if row["reason"] else (row["mean"], row["low"], row["high"])
        rows.append(
            (level_of[row["group"]], row["day"], row["n"], row["n_quantifiable"], *means, row["reason"] or None)
        )
    return Numbers(columns, tuple(rows))


def _build(analysis: Analysis, key: SeriesKey, options: ProfileOptions) -> Figure:
    result = kinetics_of(analysis, key, options)
    return kinetics_figure(result, comparison_of(analysis, key, options), options.spread_early_days)


PROFILES: Final = ExhibitSpec(
    "kinetics.profile", "Profiles", "kinetics", _build, ProfileOptions, series_of, lambda key: key.id("profile")
)
