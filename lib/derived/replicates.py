"""Several samples of one series of a patient on one day count as one: by their geometric mean, or by another rule that
is asked for.

Which row stands first in the workbook must not decide a peak. Below the limit of quantification a sample enters a
geometric mean as half the limit, as everywhere; a mean that is itself below the limit is below it.
"""

from typing import Final

import numpy as np
import pandas as pd

GEOMETRIC_MEAN: Final = "geometric mean"
HIGHEST: Final = "highest"
LOWEST: Final = "lowest"
RULES: Final = (GEOMETRIC_MEAN, HIGHEST, LOWEST)  # the default first


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
