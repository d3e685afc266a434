"""Who was at risk and who had the event, at each distinct event time: what log-rank tests of every kind are made of.

One row an event time and stratum, one column a group. Whoever enters late is at risk after the entry, not at it;
whoever leaves at or before the own entry was never at risk and is left out, as in R's Surv. Counting by sorting takes
O(n log n); no library gives these counts with entry and strata together (R's survdiff refuses late entry; lifelines has
no strata).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.stats.estimate import Floats, Names


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
