"""Nominal days: the days on which most samples were taken, and which sample of a patient belongs to each.

A sample belongs to a nominal day within a tenth of it, at least a day; what was before the infusion never stands for
what was after.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.cohort.kinetic_series import window
from lib.stats.estimate import Floats

__all__ = ["near_days", "nominal_days", "window"]


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
