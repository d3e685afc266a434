"""Values in windows around nominal days: geometric mean per group, and the comparison of groups at one day.

Below the limit of quantification a value enters a geometric mean as half the limit, and a rank test as the lowest rank.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from lib.stats.estimate import TestResult, not_done
from lib.stats.geometric_mean import geometric_mean
from lib.stats.hypothesis import MANN_WHITNEY, STUDENT_T, location_test, student_t

WINDOW_SHARE: Final = 0.1  # a sample belongs to the nominal day within a tenth of it, at least a day
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


def window(day: float) -> float:
    """How far a sample may lie from the nominal day, in days; day 0 is the infusion itself and takes no other day."""
    return max(1.0, round(WINDOW_SHARE * abs(day))) if day else 0.0


def nominal_days(days: pd.Series) -> tuple[float, ...]:
    """The days around which samples were taken: the commonest first, each taking the samples in its window."""
    counts = days.value_counts()
    chosen: list[float] = []
    for day in sorted(counts.index, key=lambda day: (-counts[day], day)):
        if not any(abs(day - other) <= window(other) and _same_side(day, other) for other in chosen):
            chosen.append(float(day))
    return tuple(sorted(chosen))


def _same_side(day: Any, other: float) -> Any:
    """Whether days (a number or a Series) lie after the infusion as `other` does: what was before never stands for after."""
    return (day > 0) == (other > 0)


def at_day(table: pd.DataFrame, day: float) -> pd.DataFrame:
    """Each patient's sample nearest to the nominal day within its window (of two equally near, the earlier)."""
    distance = (table["day"] - day).abs()
    within = (distance <= window(day)) & _same_side(table["day"], day)
    near: pd.DataFrame = table.loc[within].assign(distance=distance)
    return near.sort_values(["distance", "day"], kind="stable").drop_duplicates("patient").drop(columns="distance")


def profile(table: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """One row a group and nominal day with samples: n, n_quantifiable, mean (geometric), low, high (95 %, of log values), reason.

    `table` is a series with a column group. The mean is NaN, with its reason, where there are fewer than two patients, less
    than half are quantifiable, or one lies below a limit that is not known: a mean of the others would be too high.
    """
    rows = []
    for day in nominal_days(table["day"]):
        near = at_day(table, day)
        for slot, name in enumerate(names):
            mine = near[near["group"] == name]
            amounts = mine["value"].fillna(mine["lloq"] / 2).to_numpy(float)
            quantifiable = int((~mine["below"].astype(bool)).sum())
            reason = _no_mean(amounts, quantifiable)
            mean = None if reason else geometric_mean(amounts)
            means = (mean.value, mean.low, mean.high) if mean else (np.nan, np.nan, np.nan)
            rows.append((name, slot, day, len(mine), quantifiable, *means, reason))
    return pd.DataFrame(rows, columns=["group", "slot", "day", "n", "n_quantifiable", "mean", "low", "high", "reason"])


def compare_at(table: pd.DataFrame, day: float, names: tuple[str, ...]) -> DayComparison:
    """The groups at one day: Mann-Whitney (Kruskal-Wallis) with the lowest rank below the limit, and t on raw values."""
    near = at_day(table[table["group"].notna()], day)
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


def _no_mean(amounts: np.ndarray, n_quantifiable: int) -> str:
    if len(amounts) < FEWEST_FOR_MEAN:
        return "fewer than two samples"
    if n_quantifiable < LEAST_QUANTIFIABLE * len(amounts):
        return "less than half of the samples are quantifiable"
    return UNKNOWN_LIMIT if np.isnan(amounts).any() else ""
