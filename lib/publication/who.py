"""Who is behind the counts of an exhibit: the patients of each printed cell, for the screen alone. An exhibit itself
holds none of them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis

HEADING: Final = -1  # the row of the headings
Patients = Collection[str] | None  # None: what stands there counts nobody
Place = tuple[int, int]  # row and column of `exhibit.data`
Who = Mapping[Place, frozenset[str]]


class OfEachRow(Mapping[Place, frozenset[str]]):
    """The patients of every row of these columns, each cell looked up when it is asked for: curves may have thousands
    of rows."""

    def __init__(self, rows: int, columns: Mapping[int, Callable[[int], frozenset[str]]]) -> None:
        self._rows, self._columns = rows, columns

    def __getitem__(self, place: Place) -> frozenset[str]:
        row, column = place
        if not 0 <= row < self._rows:
            raise KeyError(place)
        return self._columns[column](row)

    def __iter__(self) -> Iterator[Place]:
        return ((row, column) for row in range(self._rows) for column in self._columns)

    def __len__(self) -> int:
        return self._rows * len(self._columns)


def crossed(rows: Sequence[Patients], columns: Sequence[Patients]) -> Who:
    """In each cell those of its row who are in its column; above it all of the column."""
    inside = {x: frozenset(column) for x, column in enumerate(columns) if column is not None}
    cells = {(y, x): of.intersection(row) for y, row in enumerate(rows) if row is not None for x, of in inside.items()}
    return {(HEADING, x): of for x, of in inside.items()} | cells


def groups_of(analysis: Analysis) -> dict[str, frozenset[str]]:
    """The selected patients of each group, by its name; whoever has no group is in none."""
    group = dict(zip(ids(analysis), analysis.grouping.of(analysis.selected.patients), strict=True))
    return {name: frozenset(each for each in group if group[each] == name) for name in analysis.grouping.names}


def grouped_columns(analysis: Analysis, before: int = 1) -> tuple[Patients, ...]:
    """The columns of a table with one a group, and the total of the groups first where they are compared; `before` name
    the row."""
    groups = tuple(groups_of(analysis).values())
    total = (frozenset().union(*groups),) if analysis.grouping.compares else ()
    return (*(None,) * before, *total, *groups)


def ids(analysis: Analysis) -> tuple[str, ...]:
    """The selected patients in the order of the workbook."""
    return tuple(map(str, analysis.selected.patients["patient_id"]))


def patients(rows: pd.DataFrame) -> frozenset[str]:
    """The patients of these rows."""
    return frozenset(map(str, rows["patient"]))


def events_who(table: pd.DataFrame, names: Sequence[str]) -> Who:
    """Of each group (a row) who is analysed, and who of them had the event; `table` has a row a patient: patient,
    group, event."""
    cells: dict[Place, frozenset[str]] = {}
    for y, name in enumerate(names):
        mine = table[table["group"] == name]
        cells |= {(y, 1): patients(mine), (y, 2): patients(mine[mine["event"] == 1])}
    return cells


def at_risk_who(table: pd.DataFrame, names: Sequence[str], times: Sequence[float]) -> Who:
    """Of each group (a row) who is analysed, and who of them is at risk just before each time; `table` also has entry
    and time."""
    cells: dict[Place, frozenset[str]] = {}
    for y, name in enumerate(names):
        mine = table[table["group"] == name]
        cells[y, 1] = patients(mine)
        cells |= {(y, x): _at_risk(mine, time) for x, time in enumerate(times, start=2)}
    return cells


def steps_who(data: pd.DataFrame, table: pd.DataFrame, ends: Mapping[str, str]) -> Who:
    """Of each row of a curve's data (group, time, n_at_risk, perhaps cause): who is at risk just before that time, and
    who ended at it.

    `table` also says how each patient `ended`; `ends` names what stands there for each column of counts ("" = the row's
    cause).
    """

    def mine(row: int) -> pd.DataFrame:
        return table[table["group"] == data["group"].iloc[row]]

    def ended(row: int, how: str) -> frozenset[str]:
        of, sought = mine(row), how or data["cause"].iloc[row]
        return patients(of[(of["time"] == data["time"].iloc[row]) & (of["ended"] == sought)])

    names = list(data.columns)
    counted = {names.index(column): partial(ended, how=how) for column, how in ends.items()}
    at_risk = {names.index("n_at_risk"): lambda row: _at_risk(mine(row), data["time"].iloc[row])}
    return OfEachRow(len(data), {**at_risk, **counted})


def _at_risk(table: pd.DataFrame, time: float) -> frozenset[str]:
    """Just before this time, by the rule of `lib.stats.risk_sets.counts_at`."""
    entered = (table["entry"] < time) | (table["entry"] == 0)
    return patients(table[entered & (table["time"] >= time)])
