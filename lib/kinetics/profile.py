"""Profiles: the geometric mean of each group near nominal days over one line a patient (of many patients over
quartiles), the limit of quantification, and under the axis how many were sampled and how many lay below it.

Below the limit of quantification a value enters a geometric mean as half the limit. The chart:
lib/kinetics/profile_chart.py.
"""

from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import SeriesKey
from lib.kinetics.day_comparison import UNKNOWN_LIMIT, DayComparison, comparison_of, comparison_sentence
from lib.kinetics.parameters import silent_notes
from lib.kinetics.profile_chart import banded, kinetics_chart, look_of
from lib.kinetics.profile_tables import (
    FEWEST_FOR_QUARTILES,
    FEWEST_WITH_BARS,
    INTERVAL,
    MOST_LINES,
    NO_BARS,
    GroupProfileOptions,
    profile_tables,
)
from lib.kinetics.series import (
    SAMPLE_COLUMNS,
    KineticsResult,
    after_infusion,
    bias_method,
    figure_title,
    kinetics_of,
    replicate_notes,
    series_of,
    unsampled_notes,
)
from lib.publication.exhibit import Figure, Numbers, TestLine, frame_numbers
from lib.publication.key import keyed
from lib.publication.number import above_limit_notes, plural, short
from lib.publication.spec import ExhibitSpec
from lib.stats.estimate import Floats
from lib.stats.means import geometric_cv, geometric_mean

USUAL: Final = GroupProfileOptions(bars=INTERVAL)
FEWEST_FOR_MEAN: Final = 2
LEAST_QUANTIFIABLE: Final = 0.5  # a geometric mean is shown only where at least this share is quantifiable


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


def _build(analysis: Analysis, key: SeriesKey, options: GroupProfileOptions) -> Figure:
    return kinetics_figure(kinetics_of(analysis, key, options), comparison_of(analysis, key, options), options)


PROFILES: Final = ExhibitSpec(
    "kinetics.profile", "Profiles", "kinetics", _build, GroupProfileOptions, series_of, lambda key: key.id("profile")
)
