"""Large cohorts: of more lanes, bars or points than a screen can show some are drawn, evenly spread, and the caption
says how many.

Nothing is drawn at random: the same selection gives the same figure. Sentences, tables and the data of a figure hold
everybody.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

FEWEST: Final = 3  # of a group, however small it is beside the others


def spread(n: int, most: int) -> npt.NDArray[np.intp]:
    """At most so many of the places 0 to n - 1, evenly spread, the first and the last among them."""
    if n <= most:
        return np.arange(n)
    return np.unique(np.linspace(0, n - 1, max(1, most)).round().astype(np.intp))


def thinned(rows: pd.DataFrame, most: int, by: str = "") -> pd.DataFrame:
    """About so many of the rows in their order: evenly spread, within each value of the column `by` in proportion to
    its rows."""
    if len(rows) <= most:
        return rows
    if not by:
        return rows.iloc[spread(len(rows), most)]
    places = rows.groupby(by, sort=False, dropna=False).indices.values()
    share = most / len(rows)
    kept = [mine[spread(len(mine), max(FEWEST, round(share * len(mine))))] for mine in places]
    return rows.iloc[np.sort(np.concatenate(kept))]


def thinned_words(drawn: int, of: int, what: str) -> str:
    """What a caption says of it: "270 of 1,000 patients drawn, evenly spread in this order."; "" where all are
    drawn."""
    return f"{drawn:,} of {of:,} {what}." if drawn < of else ""
