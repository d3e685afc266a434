"""Values in windows around nominal days: geometric mean per group, and the comparison of groups at one day.

Below the limit of quantification a value enters a geometric mean as half the limit, and a rank test as the lowest rank.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.derived.nominal_day import near_days
from lib.stats.arrays import Floats
from lib.stats.estimate import TestResult, not_done
from lib.stats.geometric_mean import geometric_mean
from lib.stats.hypothesis import MANN_WHITNEY, STUDENT_T, location_test, student_t

FEWEST_FOR_MEAN: Final = 2
LEAST_QUANTIFIABLE: Final = 0.5  # a geometric mean is shown only where at least this share is quantifiable
UNKNOWN_LIMIT: Final = "a sample lies below a limit that is not stated"


@dataclass(frozen=True)
class DayComparison:
    """The groups at one nominal day: each patient's value nearest to it; the default test and the one "as published"."""

    day: float
    values: pd.DataFrame  # patient, group, value (0 = below the limit), lloq
    default: TestResult
    as_published: TestResult


def profile(table: pd.DataFrame, names: tuple[str, ...], days: tuple[float, ...]) -> pd.DataFrame:
    """One row a group and nominal day: n, n_quantifiable, mean (geometric), low, high (95 %, of log values), reason.

    `table` is a series with a column group. The mean is NaN, with its reason, where there are fewer than two patients, less
    than half are quantifiable, or one lies below a limit that is not known: a mean of the others would be too high.
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


def compare_at(table: pd.DataFrame, day: float, names: tuple[str, ...]) -> DayComparison:
    """The groups at one day: Mann-Whitney (Kruskal-Wallis) with the lowest rank below the limit, and t on raw values."""
    near = near_days(table[table["group"].notna()], (day,))
    ranked = near["value"].fillna(0.0)
    raw = near["value"].fillna(near["lloq"] / 2)
    n = len(near)
    if len(names) < 2:
        default, published = not_done(MANN_WHITNEY, n, "one group only"), not_done(STUDENT_T, n, "one group only")
    else:
        default = location_test([ranked[near["group"] == name].to_numpy(float) for name in names])
        published = not_done(STUDENT_T, n, "not for more than two groups")
        if raw.isna().any():
            published = not_done(STUDENT_T, n, UNKNOWN_LIMIT)
        elif len(names) == 2:
            published = student_t(*(raw[near["group"] == name].to_numpy(float) for name in names))
    return DayComparison(day, near[["patient", "group", "lloq"]].assign(value=ranked), default, published)


def _no_mean(amounts: Floats, n_quantifiable: int) -> str:
    if len(amounts) < FEWEST_FOR_MEAN:
        return "fewer than two samples"
    if n_quantifiable < LEAST_QUANTIFIABLE * len(amounts):
        return "less than half of the samples are quantifiable"
    return UNKNOWN_LIMIT if np.isnan(amounts).any() else ""
