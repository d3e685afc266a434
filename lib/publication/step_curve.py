"""Step curves as tables: what a band needs so that it ends where its limits end."""

import pandas as pd


def closed_band(curve: pd.DataFrame) -> pd.DataFrame:
    """The rows of a step curve whose limits exist, each stretch closed at the time at which the limits stop existing.

    `curve` has the columns group, time, low, high, in order of time within each group. A step-after area would otherwise
    end one step too early.
    """
    groups = []
    for _, rows in curve.groupby("group", sort=False):
        known = rows["low"].notna()
        ends = ~known & known.shift(1, fill_value=False)
        last_known = rows[["low", "high"]].ffill()
        closed = rows.assign(
            low=rows["low"].mask(ends, last_known["low"]), high=rows["high"].mask(ends, last_known["high"])
        )
        groups.append(closed[known | ends])
    return pd.concat(groups, ignore_index=True) if groups else curve
