"""Values in windows around nominal days: geometric mean per group, and the comparison of groups at one day.

Below the limit of quantification a value enters a geometric mean as half the limit, and a rank test as the lowest rank.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.stats.estimate import TestResult, not_done
from lib.stats.hypothesis import MANN_WHITNEY, STUDENT_T, location_test, student_t

WINDOW_SHARE: Final = 0.1  # a sample belongs to the nominal day within a tenth of it, at least a day
FEWEST_FOR_MEAN: Final = 2
LEAST_QUANTIFIABLE: Final = 0.5  # a geometric mean is shown only where at least this share is quantifiable


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
        if all(abs(day - other) > window(other) for other in chosen):
            chosen.append(float(day))
    return tuple(sorted(chosen))


def at_day(table: pd.DataFrame, day: float) -> pd.DataFrame:
    """Each patient's sample nearest to the nominal day within its window (of two equally near, the earlier)."""
    distance = (table["day"] - day).abs()
    same_side = (table["day"] > 0) == (day > 0)  # a sample before the infusion never stands for one after it
    near = table[(distance <= window(day)) & same_side].assign(distance=distance)
    return near.sort_values(["distance", "day"], kind="stable").drop_duplicates("patient").drop(columns="distance")


def profile(table: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """One row a group and nominal day with samples: n, n_quantifiable, mean (geometric), low, high (95 %, of log values).

    `table` is a series with a column group. The mean is NaN where fewer than two patients or less than half are
    quantifiable; samples below a limit that is not known are counted but enter no mean.
    """
    rows = []
    for day in nominal_days(table["day"]):
        near = at_day(table, day)
        for slot, name in enumerate(names):
            mine = near[near["group"] == name]
            amounts = mine["value"].fillna(mine["lloq"] / 2).dropna().to_numpy(float)
            quantifiable = int((~mine["below"].astype(bool)).sum())
            enough = len(amounts) >= FEWEST_FOR_MEAN and quantifiable >= LEAST_QUANTIFIABLE * len(mine)
            rows.append((name, slot, day, len(mine), quantifiable, *(_geometric(amounts) if enough else (np.nan,) * 3)))
    return pd.DataFrame(rows, columns=["group", "slot", "day", "n", "n_quantifiable", "mean", "low", "high"])


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
        if len(names) == 2:
            published = student_t(*(raw[near["group"] == name].dropna().to_numpy(float) for name in names))
    return DayComparison(day, near[["patient", "group", "lloq"]].assign(value=ranked), default, published)


def _geometric(amounts: np.ndarray) -> tuple[float, float, float]:
    """Geometric mean and its 95 % interval by t on the logarithms."""
    from scipy.stats import t

    logs = np.log(amounts)
    half = float(t.ppf(0.975, len(logs) - 1) * logs.std(ddof=1) / np.sqrt(len(logs)))
    return float(np.exp(logs.mean())), float(np.exp(logs.mean() - half)), float(np.exp(logs.mean() + half))
