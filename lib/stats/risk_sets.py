"""Who was at risk and who had the event, at each distinct event time: what log-rank tests of every kind are made of.

One row an event time and stratum, one column a group. Whoever enters late is at risk after the entry, not at it;
whoever leaves at or before the own entry was never at risk and is left out, as in R's Surv. Counting by sorting takes
O(n log n); no library gives these counts with entry and strata together (R's survdiff refuses late entry; lifelines has
no strata).

Patients at risk, censored and with an event at the round times under an axis, which has never more ticks than there is
room for.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.stats.estimate import Floats, Names

STEPS: Final = {
    "months": (1, 2, 3, 6, 12, 24, 36, 60),
    "weeks": (2, 4, 8, 13, 26, 52, 104),
    "days": (7, 14, 30, 60, 90, 180, 365, 730),
}
MOST_TICKS: Final = 9
HELD: Final = 0.95  # of the events lie within a horizon
NEAR: Final = 0.15  # of a step: a last observation so close before a tick is drawn up to it


def counts_at(table: pd.DataFrame, names: tuple[str, ...], ticks: tuple[float, ...]) -> pd.DataFrame:
    """At risk just before each tick; censored and events until then. An event at a tick is still at risk there.

    Who enters late is at risk after the entry and "not entered" until then.
    """
    rows = []
    for name in names:
        mine = table[table["group"] == name]
        time, entry, event = mine["time"].to_numpy(), mine["entry"].to_numpy(), mine["event"].to_numpy()
        for tick in ticks:
            past, entered = time < tick, (entry < tick) | (entry == 0)
            reported = (~past & entered, past & (event == 0), past & (event == 1), ~past & ~entered)
            rows.append((name, tick, *(int(np.sum(those)) for those in reported)))
    return pd.DataFrame(rows, columns=["group", "time", "at_risk", "censored", "events", "not_entered"])


def axis_ticks(time: Floats, unit: str) -> tuple[float, ...]:
    """Round times from 0 to the last observation, or to the next one where that is near; at least two, at most
    MOST_TICKS of them."""
    longest = float(time.max()) if len(time) else float(STEPS[unit][0] * 4)
    step = next((step for step in STEPS[unit] if longest / step <= MOST_TICKS - 1), None) or STEPS[unit][-1] * int(
        np.ceil(longest / STEPS[unit][-1] / (MOST_TICKS - 1))
    )
    return tuple(float(step * place) for place in range(max(1, int(np.floor(longest / step + NEAR))) + 1))


LEAST_POWER, GREATEST_POWER = -307, 308  # of ten, that a number can hold
MOST_DECADES: Final = 14  # on one axis; further apart there are labels for some only


def day_ticks(horizon: float, steps: Sequence[float], most: int) -> tuple[float, ...]:
    """Days from 0 to the horizon: apart by the first of the steps that needs no more than `most`, or by the last one
    times a power of ten."""
    step = next((step for step in steps if horizon / step <= most), 0.0)
    if not step:
        step = steps[-1] * 10.0 ** math.ceil(math.log10(horizon / steps[-1] / most))
    return tuple(float(tick) for tick in np.arange(0, horizon + 1e-9, step))


def day_horizon(time: Floats, had: npt.NDArray[np.bool_], horizons: Sequence[float]) -> float:
    """The first of these horizons by which nearly all who had the event had it, or the last day of all; the second of
    them where nobody had it."""
    days = time[had]
    if not len(days):
        return horizons[1]
    return next((end for end in horizons if np.mean(days <= end) >= HELD), float(np.ceil(time.max())))


def thinned_powers(first: int, last: int) -> list[int]:
    """The powers from first to last; of very many only some, the outermost always among them."""
    step = max(1, math.ceil((last - first) / MOST_DECADES))
    return sorted({*range(first, last + 1, step), last})


@dataclass(frozen=True)
class RiskSets:
    """`at_risk` and `events`: a row an event time, a column a group of `names`; `patients`: how many each group has.

    `survival_before` is the product-limit curve of all groups of the stratum together, just before each time.
    """

    names: tuple[str, ...]
    at_risk: Floats
    events: Floats
    survival_before: Floats
    patients: tuple[int, ...]
    strata: int = 1

    @property
    def n(self) -> int:
        """Patients of all groups."""
        return sum(self.patients)

    @property
    def groups_with_patients(self) -> int:
        """How many groups have patients."""
        return sum(count > 0 for count in self.patients)


def risk_sets(
    time: Floats,
    event: Floats,
    group: Names,
    names: Sequence[str] | None = None,
    entry: Floats | None = None,
    stratum: Names | None = None,
) -> RiskSets:
    """The risk sets of the groups in `names` (default: all there are, sorted); patients of other groups are left
    out."""
    names = tuple(sorted(set(group)) if names is None else names)
    column = _places(group, names)
    kept = (column >= 0) & ever_at_risk(time, entry)
    late = np.zeros(len(time)) if entry is None else entry
    block = np.zeros(len(time), dtype=int) if stratum is None else _places(stratum, tuple(dict.fromkeys(stratum)))
    blocks = [
        _of_stratum(time[mine], event[mine], column[mine], late[mine], len(names))
        for number in np.unique(block[kept])
        for mine in [kept & (block == number)]
    ] or [_of_stratum(time[kept], event[kept], column[kept], late[kept], len(names))]
    at_risk, events, before = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    patients = tuple(int(np.sum(column[kept] == place)) for place in range(len(names)))
    return RiskSets(names, at_risk, events, before, patients, len(blocks))


def ever_at_risk(time: Floats, entry: Floats | None) -> npt.NDArray[np.bool_]:
    """Who is observed at all: everybody who does not leave at or before a late entry."""
    return np.full(len(time), True) if entry is None else (entry < time) | (entry <= 0)


def at_each(times: Floats, observed: Floats) -> Floats:
    """How many of the observed fall on each of the times, of which each is one."""
    return np.bincount(np.searchsorted(times, observed), minlength=len(times)).astype(float)


def from_each(times: Floats, observed: Floats) -> Floats:
    """How many of the observed lie at or after each of the times."""
    return (len(observed) - np.searchsorted(np.sort(observed), times)).astype(float)


def at_risk_at(asked: Floats, times: Floats, left: Floats, entry: Floats) -> Floats:
    """How many are at risk just before each time asked: who leaves at or after it, of `left` at each of `times`, and
    has entered.

    `entry` holds the entries above 0; who enters at the time is not yet at risk.
    """
    gone = np.concatenate([[0.0], np.cumsum(left)])[np.searchsorted(times, asked)]
    return np.asarray(left.sum() - gone - from_each(asked, entry))


def staying(times: Floats, at_risk: Floats, left: Floats, entry: Floats) -> Floats:
    """How many are at risk in the step that begins at each time; at the last time, where nobody stays, just before
    it."""
    rows = np.searchsorted(times, entry, side="right") - 1
    entering = np.bincount(rows[times[rows] == entry], minlength=len(times)) if len(entry) else 0.0
    stay = at_risk - left + entering
    return np.append(stay[:-1], max(stay[-1], at_risk[-1]))


def _of_stratum(
    time: Floats, event: Floats, column: npt.NDArray[np.int64], entry: Floats, columns: int
) -> tuple[Floats, Floats, Floats]:
    times = np.unique(time[event == 1])
    at_risk, events = np.zeros((len(times), columns)), np.zeros((len(times), columns))
    for place in range(columns):
        mine = column == place
        at_risk[:, place] = from_each(times, time[mine]) - from_each(times, entry[mine & (entry > 0)])
        events[:, place] = at_each(times, time[mine & (event == 1)])
    survivors = 1 - events.sum(axis=1) / at_risk.sum(axis=1)
    return at_risk, events, np.cumprod(np.concatenate([[1.0], survivors]))[:-1]


def _places(values: Names, of: Sequence[object]) -> npt.NDArray[np.int64]:
    """The place of each value in `of`, -1 where it is not in it."""
    place = {value: number for number, value in enumerate(of)}
    return np.array([place.get(value, -1) for value in values], dtype=np.int64)
