"""On which days samples were taken, which sample of a patient belongs to each, and what several on one day give.

Nominal days are those on which most samples were taken; a sample belongs to one within a tenth of it, at least a day;
what was before the infusion never stands for what was after.

Several samples of one series of a patient on one day count as one: by their geometric mean, or by another rule that is
asked for; which row stands first in the workbook must not decide a peak. Below the limit of quantification a sample
enters a geometric mean as half the limit, as everywhere; a mean that is itself below the limit is below it.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.cohort.kinetic_series import window
from lib.stats.estimate import Floats

__all__ = ["near_days", "nominal_days", "window"]
GEOMETRIC_MEAN: Final = "geometric mean"
HIGHEST: Final = "highest"
LOWEST: Final = "lowest"
RULES: Final = (GEOMETRIC_MEAN, HIGHEST, LOWEST)  # the default first


def nominal_days(days: pd.Series) -> tuple[float, ...]:
    """The days around which samples were taken: the commonest first, each taking the samples in its window."""
    counts = days.value_counts()
    chosen: list[float] = []
    for day in sorted(counts.index, key=lambda day: (-counts[day], day)):
        if not _within(np.array([day], dtype=float), np.array(chosen)).any():
            chosen.append(float(day))
    return tuple(sorted(chosen))


def near_days(table: pd.DataFrame, days: tuple[float, ...], within: float | None = None) -> pd.DataFrame:
    """Each patient's sample nearest to every nominal day within its window, or `within` so many days (of two equally
    near, the earlier).

    The rows of `table`, with the columns nominal and distance (days), in order of nominal day and distance.
    """
    measured, nominal = table["day"].to_numpy(float), np.array(days, dtype=float)
    sample, place = np.nonzero(_within(measured, nominal, within))
    near = table.iloc[sample].assign(nominal=nominal[place], distance=np.abs(measured[sample] - nominal[place]))
    return near.sort_values(["nominal", "distance", "day"], kind="stable").drop_duplicates(["nominal", "patient"])


def _within(measured: Floats, nominal: Floats, days: float | None = None) -> npt.NDArray[np.bool_]:
    """Whether each day (row) lies in the window of each nominal day (column)."""
    windows = np.array([window(day) if days is None else days for day in nominal])
    apart = np.abs(measured[:, None] - nominal[None, :])
    same_side = (measured[:, None] > 0) == (nominal[None, :] > 0)
    within: npt.NDArray[np.bool_] = (apart <= windows) & same_side
    return within


def merged(samples: pd.DataFrame, by: list[str], rule: str = GEOMETRIC_MEAN) -> pd.DataFrame:
    """One row for each value of `by`, in their order, with the column `replicates` (how many samples it stands for).

    `samples` has value (NaN below the limit), below and lloq. Other columns are those of the first sample. Samples
    below a limit that is not stated are left out of a mean with others; a sample without a day stays alone.
    """
    counted = samples.groupby(by, sort=False, dropna=False)["below"].transform("size")
    counted = counted.where(samples[by].notna().all(axis=1), 1)
    if len(samples) == 0 or int(counted.max()) == 1:
        return samples.assign(replicates=1)
    alone, several = samples[counted == 1].assign(replicates=1), samples[counted > 1]
    parts = [_one(rows, rule) for _, rows in several.groupby(by, sort=False)]
    together = pd.concat([alone, *parts]) if len(alone) else pd.concat(parts)
    return together.sort_index(kind="stable").reset_index(drop=True)


def _one(rows: pd.DataFrame, rule: str) -> pd.DataFrame:
    """The samples of one day as one row."""
    below, limit = rows["below"].to_numpy(bool), rows["lloq"].to_numpy(float)
    amount = np.where(below, limit / 2, rows["value"].to_numpy(float))
    known = amount[amount > 0]
    found = np.nan if below.all() or not len(known) else _by_rule(known, rule)
    lloq = float(np.nanmax(limit)) if np.isfinite(limit).any() else float("nan")
    under = bool(below.all() or np.isnan(found) or found < lloq)
    first = rows.iloc[[0]]
    if "above" in rows.columns:
        first = first.assign(above=bool(rows["above"].any()))
    return first.assign(value=np.nan if under else found, below=under, lloq=lloq, replicates=len(rows))


def _by_rule(amounts: np.ndarray, rule: str) -> float:
    if rule == GEOMETRIC_MEAN:
        return float(np.exp(np.log(amounts).mean()))
    return float(amounts.max() if rule == HIGHEST else amounts.min())
