"""Fold change of a mean fluorescence intensity: each well over the mean of the control wells of its time, line and donor.

All wells of one time and donor are divided by the same number: differences between doses and their p-values stay what they
were, but the spread of the control is not carried into that of the doses.
"""

import re
from typing import Final

import pandas as pd

from lib.assay.design import Design
from lib.assay.well import UNIT_OF_RATIO

INTENSITY: Final = re.compile(r"\b(g?mfi|(mean|median|geometric mean) fluorescence)\b", re.IGNORECASE)
TOLD: Final = (
    "Fold change: each well divided by the mean of the control wells of the same time{}; the control's mean is 1."
)


def is_intensity(measure: str, unit: str) -> bool:
    """Whether this is a fluorescence intensity that is not a fold change already."""
    return bool(INTENSITY.search(measure)) and "fold" not in f"{measure} {unit}".casefold()


def fold_change(rows: pd.DataFrame, design: Design) -> pd.DataFrame | None:
    """The wells (with `line` and `group`) as fold change; None where some have no control to be compared with."""
    if design.control is None:
        return None
    keys = ["line", "time", "donor"]
    control = rows[rows["group"] == design.control].groupby(keys, dropna=False, sort=False)["value"].mean()
    own = control.reindex(pd.MultiIndex.from_frame(rows[keys])).to_numpy()
    if not (own > 0).all():  # NaN where there is none
        return None
    return rows.assign(value=rows["value"] / own, unit=UNIT_OF_RATIO)
