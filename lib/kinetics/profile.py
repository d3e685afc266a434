"""Values in windows around nominal days: geometric mean per group, and the comparison of groups at one day.

Below the limit of quantification a value enters a geometric mean as half the limit, and a rank test as the lowest rank.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.derived.nominal_day import near_days, window
from lib.stats.estimate import Floats, TestResult, not_done
from lib.stats.means import geometric_mean
from lib.stats.ranks import MANN_WHITNEY, STUDENT_T, location_test, student_t

FEWEST_FOR_MEAN: Final = 2
LEAST_QUANTIFIABLE: Final = 0.5  # a geometric mean is shown only where at least this share is quantifiable
UNKNOWN_LIMIT: Final = "a sample lies below a limit that is not stated"


@dataclass(frozen=True)
class DayComparison:
    """The groups at one day: each patient's value nearest to it, at most `within` days away.

    `default` is the test of the figure; `as_published` Student's t on raw values; the others stand among the sensitivity analyses.
    """

    day: float
    within: float
    values: (
        pd.DataFrame
    )  # patient, group, value (0 = below the limit), raw (below: half the limit, NaN if not stated), lloq
    default: TestResult
    as_published: TestResult

    def of(self, group: str, column: str = "value") -> Floats:
        """The values of one group."""
        return self.values.loc[self.values["group"] == group, column].to_numpy(float)


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


def compare_at(table: pd.DataFrame, day: float, names: tuple[str, ...], within: float | None = None) -> DayComparison:
    """The groups at one day: Mann-Whitney (Kruskal-Wallis) with the lowest rank below the limit, and t on raw values."""
    near = near_days(table[table["group"].notna()], (day,), within)
    values = near[["patient", "group", "lloq"]].assign(
        value=near["value"].fillna(0.0), raw=near["value"].fillna(near["lloq"] / 2)
    )
    n, one = len(near), "one group only"
    window_used = window(day) if within is None else within
    if len(names) < 2:
        return DayComparison(day, window_used, values, not_done(MANN_WHITNEY, n, one), not_done(STUDENT_T, n, one))
    by_group = [values[values["group"] == name] for name in names]
    default = location_test([rows["value"].to_numpy(float) for rows in by_group])
    published = not_done(STUDENT_T, n, "not for more than two groups")
    if values["raw"].isna().any():
        published = not_done(STUDENT_T, n, UNKNOWN_LIMIT)
    elif len(names) == 2:
        published = student_t(*(rows["raw"].to_numpy(float) for rows in by_group))
    return DayComparison(day, window_used, values, default, published)


def _no_mean(amounts: Floats, n_quantifiable: int) -> str:
    if len(amounts) < FEWEST_FOR_MEAN:
        return "fewer than two samples"
    if n_quantifiable < LEAST_QUANTIFIABLE * len(amounts):
        return "less than half of the samples are quantifiable"
    return UNKNOWN_LIMIT if np.isnan(amounts).any() else ""
