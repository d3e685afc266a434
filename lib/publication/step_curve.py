"""Step curves as tables: a band that ends where its limits end, and a curve in stretches that are drawn differently."""

from collections.abc import Sequence

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


def in_stretches(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """The rows with a column `stretch`: a new one wherever `by` changes, each closed by the row at which the next begins.

    `rows` has the columns group and `by`, in order of time within each group; `by` is of the step that begins at a row.
    """
    changes = (rows["group"] != rows["group"].shift()) | (rows[by] != rows[by].shift())
    numbered = rows.assign(stretch=changes.cumsum())
    closes = changes & (rows["group"] == rows["group"].shift())
    closing = numbered.assign(stretch=numbered["stretch"] - 1, **{by: rows[by].shift().where(closes, rows[by])})[closes]
    joined = pd.concat([numbered, closing.astype(numbered.dtypes)])
    return joined.sort_values("stretch", kind="stable").reset_index(drop=True)


def drawn_tables(curve: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Kaplan-Meier curves with what is drawn of them: lines and bands in stretches, paler where few are at risk; censored times."""
    return {
        "curve": curve,
        "line": in_stretches(curve, "thin")[["slot", "time", "survival", "thin", "stretch"]],
        "band": in_stretches(closed_band(curve), "thin"),
        "censored": curve[curve["censored"] > 0],
    }


def count_rows(counts: pd.DataFrame, names: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """Every number under the axis with the row that it stands in; `counts` has the columns group, time and these."""
    rows = [
        (count["time"], str(count[column]), len(columns) * slot + place, slot)
        for slot, name in enumerate(names)
        for count in counts[counts["group"] == name].to_dict("records")
        for place, column in enumerate(columns)
    ]
    return pd.DataFrame(rows, columns=["time", "text", "row", "slot"])


def group_rows(groups: Sequence[tuple[str, int, int]], words: Sequence[str]) -> pd.DataFrame:
    """The key's text for each group of (name, n, size of the opened cohort), and the words before its rows of numbers."""
    rows = []
    for slot, (name, n, size) in enumerate(groups):
        first = (f"{name} ({n})" if n >= size else f"{name} ({n} of {size})", name)
        rows += [
            (slot, *(first if place == 0 else ("", "")), said, len(words) * slot + place)
            for place, said in enumerate(words)
        ]
    return pd.DataFrame(rows, columns=["slot", "label", "name", "words", "row"])
