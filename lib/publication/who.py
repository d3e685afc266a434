"""Who is behind the counts of an exhibit: the patients of each printed cell, for the screen alone. An exhibit itself holds none of them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from lib.cohort.analysis import Analysis

HEADING: Final = -1  # the row of the headings
Patients = Collection[str] | None  # None: what stands there counts nobody
Who = Mapping[tuple[int, int], frozenset[str]]  # by row and column of `exhibit.data`


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
    """The columns of a table with one a group, and the total of the groups first where they are compared; `before` name the row."""
    groups = tuple(groups_of(analysis).values())
    total = (frozenset().union(*groups),) if analysis.grouping.compares else ()
    return (*(None,) * before, *total, *groups)


def ids(analysis: Analysis) -> tuple[str, ...]:
    """The selected patients in the order of the workbook."""
    return tuple(map(str, analysis.selected.patients["patient_id"]))
