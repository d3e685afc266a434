"""Step curves as tables: a band that ends where its limits end, and a curve in stretches that are drawn differently."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.publication.options import choice

NOBODY_LEFT: Final = 1e-8  # of a share that is free of all causes
APART: Final = 0.005  # of the axis: less than two pixels
MOST_BANDS, BANDS_FROM = 2, 10  # groups; patients in each
USUAL, ALWAYS, NEVER = "usual", "yes", "no"  # whether bands are drawn
BANDS: Final = {USUAL: "Where clear", ALWAYS: "Always", NEVER: "Never"}
LEVELS: Final = 300  # heights of a curve that can be told apart: about as many pixels
PIXELS: Final = 300  # of the axis of time, in steps of two
MOST_STEPS, MOST_TICKS = 600, 300  # of all curves of a figure; of more those that can be told apart are drawn


def closed_band(curve: pd.DataFrame, limits: bool = True) -> pd.DataFrame:
    """The rows of a step curve whose limits exist (none without `limits`), each stretch closed at the time at which the
    limits stop existing.

    `curve` has the columns group, time, low, high, in order of time within each group. A step-after area would
    otherwise end one step too early.
    """
    groups = []
    for _, rows in curve.groupby("group", sort=False) if limits else ():
        known = rows["low"].notna()
        ends = ~known & known.shift(1, fill_value=False)
        last_known = rows[["low", "high"]].ffill()
        closed = rows.assign(
            low=rows["low"].mask(ends, last_known["low"]), high=rows["high"].mask(ends, last_known["high"])
        )
        groups.append(closed[known | ends])
    return pd.concat(groups, ignore_index=True) if groups else curve[:0]


def bands_option() -> Any:
    """The option whether bands are drawn."""
    said = f"Where clear: of at most two groups, each with at least {BANDS_FROM} patients in the selection."
    return choice(USUAL, BANDS, "Confidence bands", help=said)


def draws_bands(show: str, *panels: Sequence[int]) -> bool:
    """Whether groups of these sizes have bands; sizes of several panels count together."""
    return show == ALWAYS or (show == USUAL and all(map(bands_are_clear, panels)))


def bands_are_clear(sizes: Sequence[int]) -> bool:
    """Whether the bands of groups of these sizes can be read: those of small groups are blocks that hide the curves,
    those of many groups hide each other. A group of nobody hides nothing."""
    return len(sizes) <= MOST_BANDS and all(size >= BANDS_FROM for size in sizes if size)


def incidence_rows(curve: Any, slot: int, **whose: str) -> pd.DataFrame:
    """One row a time of a curve of cumulative incidence (lib/stats/competing_risks.py), and whose it is."""
    columns = ("time", "incidence", "low", "high", "n_at_risk", "events")
    return pd.DataFrame({**whose, **{column: getattr(curve, column) for column in columns}, "slot": slot})


def incidence_until(horizon: float, groups: Sequence[Any], patients: pd.DataFrame) -> pd.DataFrame:
    """The rows of the curves of all groups up to the horizon, each closed there by a row of its last value.

    `groups` have a name and a curve; `patients` has the columns group and time.
    """
    tables = []
    for slot, group in enumerate(groups):
        rows = incidence_rows(group.curve, slot, group=group.name)
        if not group.curve.n:
            tables.append(rows[:0])
            continue
        time = patients.loc[patients["group"] == group.name, "time"]
        goes_on = group.curve.time[-1] > horizon or group.curve.free[-1] < NOBODY_LEFT
        tables.append(closed_at(horizon, rows, time.to_numpy(float), bool(goes_on)))
    return pd.concat(tables, ignore_index=True)


def closed_at(horizon: float, curve: pd.DataFrame, time: npt.NDArray[np.float64], goes_on: bool) -> pd.DataFrame:
    """The rows of a group's curve of incidence up to the horizon, with one more there where the last step goes on to
    it.

    `curve` has the columns time, n_at_risk, events; `time` is how long each patient of the group was followed.
    """
    within = curve[curve["time"] <= horizon]
    if not goes_on or within["time"].iloc[-1] == horizon:
        return within
    last = within.tail(1).assign(time=horizon, n_at_risk=float((time >= horizon).sum()), events=0.0)
    return pd.concat([within, last], ignore_index=True)


def in_stretches(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """The rows with a column `stretch`: a new one wherever `by` changes, each closed by the row at which the next
    begins.

    `rows` has the columns group and `by`, in order of time within each group; `by` is of the step that begins at a row.
    """
    changes = (rows["group"] != rows["group"].shift()) | (rows[by] != rows[by].shift())
    numbered = rows.assign(stretch=changes.cumsum())
    closes = changes & (rows["group"] == rows["group"].shift())
    closing = numbered.assign(stretch=numbered["stretch"] - 1, **{by: rows[by].shift().where(closes, rows[by])})[closes]
    joined = pd.concat([numbered, closing.astype(numbered.dtypes)])
    return joined.sort_values("stretch", kind="stable").reset_index(drop=True)


def drawn_tables(every: pd.DataFrame, limits: bool) -> dict[str, pd.DataFrame]:
    """Kaplan-Meier curves with what is drawn of them: lines and bands (where there are `limits`) in stretches, paler
    where few are at risk; censored times."""
    placed = every.assign(beside=besides(every, every["slot"], "survival", 1.0))
    shown = at_resolution(placed, "survival", ["group"])
    curve = shown.drop(columns="beside")
    bands = closed_band(curve, limits).drop(columns=["survival", "n_at_risk", "events", "censored"], errors="ignore")
    return {
        "curve": curve,
        "line": in_stretches(shown, "thin")[["slot", "time", "survival", "beside", "thin", "stretch"]],
        "band": in_stretches(bands, "thin"),
        "censored": _ticks(placed[placed["censored"] > 0])[["group", "time", "survival", "censored", "slot", "beside"]],
    }


def at_resolution(curve: pd.DataFrame, field: str, by: list[str]) -> pd.DataFrame:
    """The steps of long curves that a reader can see: the first at each of LEVELS heights, exact, with both ends and
    where limits begin and end.

    `curve` is in order of time within each value of the columns `by`. Short ones stay whole.
    """
    if len(curve) <= MOST_STEPS:
        return curve
    line = curve.groupby(by, sort=False).ngroup()
    drawn = pd.DataFrame({"level": (curve[field] * LEVELS).round(), "known": curve["low"].notna()})
    drawn = drawn.assign(thin=curve["thin"]) if "thin" in curve.columns else drawn
    changes = (drawn != drawn.shift()).any(axis=1) | (line != line.shift()) | (line != line.shift(-1))
    return curve[changes].reset_index(drop=True)


def _ticks(censored: pd.DataFrame) -> pd.DataFrame:
    """Ticks that stand apart: of many on the same pixels of a curve the last."""
    if len(censored) <= MOST_TICKS:
        return censored
    place = (censored["time"] / censored["time"].max() * PIXELS).round()
    return censored[~censored.assign(time=place).duplicated(["group", "time"], keep="last")]


def besides(curve: pd.DataFrame, line: pd.Series, field: str, start: float) -> pd.Series:
    """How far each step is drawn from its value so that curves which coincide do not hide each other: at their `start`
    (1 or 0), and wherever a step lies over one of an earlier line. `curve` is in order of time within each line.
    """
    place = line.map({name: number for number, name in enumerate(dict.fromkeys(line))})
    towards = APART if start == 0 else -APART
    away = (place * towards).where(curve[field] == start, 0.0).astype(float)
    until = curve["time"].groupby(place).shift(-1).fillna(curve["time"])
    steps = pd.DataFrame({"value": curve[field].round(9), "place": place, "from": curve["time"], "until": until})
    for value, same in steps[curve[field] != start].groupby("value"):
        if same["place"].nunique() > 1:
            away.update(_hidden_by(same) * (APART if value == 0 else towards))
    return away


def _hidden_by(same: pd.DataFrame) -> pd.Series:
    """Of each of these steps of one height, how many earlier lines it would lie over."""
    start, end, place = (same[name].to_numpy() for name in ("from", "until", "place"))
    over = (start[:, None] < end) & (start < end[:, None]) & (place < place[:, None])
    return pd.Series([float(len(set(place[row]))) for row in over], index=same.index)


def count_rows(counts: pd.DataFrame, names: Sequence[str], blocks: Sequence[Sequence[str]]) -> pd.DataFrame:
    """The numbers under the axis; `counts` has the columns group, time and those of the blocks: ("at_risk", "censored")
    is "4 (2)"."""
    rows = [
        (count["time"], _counted([count[column] for column in columns]), slot, block)
        for block, columns in enumerate(blocks)
        for slot, name in enumerate(names)
        for count in counts[counts["group"] == name].to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["time", "text", "slot", "block"])


def _counted(numbers: Sequence[int]) -> str:
    first, *more = (f"{number:,}" for number in numbers)
    return f"{first} ({', '.join(more)})" if more else first


def group_rows(groups: Sequence[tuple[str, int, int]]) -> pd.DataFrame:
    """The name of each group of (name, n, size of the opened cohort), and its text in a key."""
    rows = [
        (slot, f"{name} ({n})" if n >= size else f"{name} ({n} of {size})", name)
        for slot, (name, n, size) in enumerate(groups)
    ]
    return pd.DataFrame(rows, columns=["slot", "label", "name"])
