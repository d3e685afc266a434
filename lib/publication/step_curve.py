"""Step curves as tables: what every chart of them is drawn over, a band that ends where its limits end, and a curve in
stretches that are drawn differently."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.publication.options import choice
from lib.publication.palette import group_colours
from lib.publication.step_layout import StepLayout, box, ends

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
    group, value, n = rows["group"].to_numpy(), rows[by].to_numpy(), len(rows)
    goes_on = np.append(False, group[1:] == group[:-1])[:n]
    changes = ~goes_on | np.append(True, value[1:] != value[:-1])[:n]
    closes, stretch = np.flatnonzero(changes & goes_on), np.cumsum(changes)
    place, number = np.append(np.arange(n), closes), np.append(stretch, stretch[closes] - 1)
    order, values = np.argsort(number, kind="stable"), np.append(value, value[closes - 1])
    joined = rows.iloc[place[order]].assign(stretch=number[order], **{by: values[order]})
    return joined.reset_index(drop=True)


def curve_rows(groups: Sequence[Any]) -> pd.DataFrame:
    """Every step of every group (with a name and a Kaplan-Meier curve) that has patients: what a reader would ask for,
    and what is drawn of it."""
    columns = ("time", "survival", "low", "high", "n_at_risk", "events", "censored")
    parts = [
        pd.DataFrame(
            {
                "group": group.name,
                **{column: getattr(group.curve, column) for column in columns},
                "thin": group.curve.thin.astype(int),
                "slot": slot,
            }
        )
        for slot, group in enumerate(groups)
    ]
    known = [part for part, group in zip(parts, groups, strict=True) if group.curve.n]
    return pd.concat(known or [parts[0][:0]], ignore_index=True)


@dataclass(frozen=True)
class StepPanel:
    """Kaplan-Meier curves with what stands around them. `groups` have a name and a curve, `opened` are the same groups
    of the opened cohort with size and colour.

    `counts` (group, time) has the columns of each of the `blocks` under the axis. Dotted lines go to the time of
    `marks` of each group (None: to none) at the height `left`; `said` are the lines of the box.
    """

    groups: Sequence[Any]
    opened: Sequence[Any]
    counts: pd.DataFrame
    blocks: Sequence[Sequence[str]]
    ticks: Sequence[float]
    end: float
    marks: Sequence[float | None] = ()
    left: float = 0.5
    said: Sequence[str] = ()

    def tables(self, layout: StepLayout, limits: bool, heading: str) -> dict[str, pd.DataFrame]:
        """What the chart is drawn over; bands where there are `limits`."""
        curve = curve_rows(self.groups)
        parts = [rows for _, rows in curve.groupby("slot", sort=False)]
        known = [(slot, mark) for slot, mark in enumerate(self.marks) if mark is not None]
        median = pd.DataFrame(known, columns=["slot", "time"]).assign(start=0.0, left=self.left, zero=0.0)
        steps = [part.rename(columns={"survival": "value"}) for part in parts]
        colours = group_colours(self.opened)
        last = [(int(part["slot"].iloc[-1]), part["group"].iloc[-1], part["survival"].iloc[-1]) for part in parts]
        return {
            **drawn_tables(curve, limits),
            "median": median,
            **({"end": ends(last, layout, colours)} if layout.at_ends else {}),
            "box": box(self.said, steps, median, layout, self.end, limits),
            **self.under_the_axis(layout),
            "heading": pd.DataFrame({"text": [heading]}),
        }

    def under_the_axis(self, layout: StepLayout) -> dict[str, pd.DataFrame]:
        """The rows of numbers, the names of the groups, and the ticks of the axis."""
        names = [group.name for group in self.groups]
        counts = count_rows(self.counts, names, self.blocks[: len(layout.blocks)])
        ticks = layout.shown_ticks(self.ticks, counts["text"], self.end)
        sizes = zip(self.groups, self.opened, strict=True)
        return {
            "counts": counts[counts["time"].isin(ticks)],
            "group": group_rows([(group.name, group.curve.n, opened.size) for group, opened in sizes]),
            "tick": pd.DataFrame({"time": ticks}),
        }


def incidence_tables(
    result: Any, curve: pd.DataFrame, sizes: Sequence[str], limits: bool, heading: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """What the chart of one incidence is drawn over; `result` has groups, grouping, counts (group, time, at_risk) and
    ticks, `sizes` are the words beside each group's name."""
    names, compares = result.grouping.names, result.grouping.compares
    slots = {name: slot for slot, name in enumerate(names)}
    groups = [
        (slot, f"{name} ({size})", name if compares else "All patients")
        for slot, (name, size) in enumerate(zip(names, sizes, strict=True))
    ]
    counts = result.counts
    return {
        "curve": curve,
        "band": closed_band(curve, limits),
        "counts": counts.assign(text=counts["at_risk"].astype(str), slot=counts["group"].map(slots)),
        "group": pd.DataFrame(groups, columns=["slot", "label", "name"]),
        "tick": pd.DataFrame({"time": result.ticks}),
        "heading": pd.DataFrame({"text": ["\n".join(heading)]}),
    }


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
