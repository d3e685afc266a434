"""Who is behind the counts of the tables of an endpoint."""

from collections.abc import Sequence

import pandas as pd

from lib.publication.who import Who
from lib.survival.outcome import TimeToEvent


def events_who(outcome: TimeToEvent) -> Who:
    """Of each group (a row) who is analysed, and who of them had the event."""
    cells: dict[tuple[int, int], frozenset[str]] = {}
    for y, name in enumerate(outcome.grouping.names):
        mine = outcome.table[outcome.table["group"] == name]
        cells |= {(y, 1): _ids(mine), (y, 2): _ids(mine[mine["event"] == 1])}
    return cells


def at_risk_who(outcome: TimeToEvent, times: Sequence[float]) -> Who:
    """Of each group (a row) who is analysed, and who of them is at risk just before each time: the rule of `counts_at`."""
    cells: dict[tuple[int, int], frozenset[str]] = {}
    for y, name in enumerate(outcome.grouping.names):
        mine = outcome.table[outcome.table["group"] == name]
        cells[y, 1] = _ids(mine)
        for x, time in enumerate(times, start=2):
            entered = (mine["entry"] < time) | (mine["entry"] == 0)
            cells[y, x] = _ids(mine[entered & (mine["time"] >= time)])
    return cells


def _ids(rows: pd.DataFrame) -> frozenset[str]:
    return frozenset(map(str, rows["patient"]))
