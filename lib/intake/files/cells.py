"""One column of a sheet as one sequence of cells with its different values, which are worked out once: most work on a
column is work on these.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Codes = NDArray[np.signedinteger[Any]]
Cell = str | float | bool | dt.datetime | None

T = TypeVar("T")
NO_CODE: Final = -1


@dataclass(frozen=True)
class Distinct:
    """The different cells of a column in the order met, without what is None or not a number, and for each row which of
    them stands there (-1 = none)."""

    values: tuple[Any, ...]
    codes: Codes
    part_of: "tuple[Distinct, list[int]] | None" = field(
        default=None, compare=False, repr=False
    )  # which values of it these are

    @cached_property
    def counts(self) -> NDArray[np.intp]:
        """How often each value stands there."""
        return np.bincount(self.codes[self.codes != NO_CODE], minlength=len(self.values))

    def each(self, what: Callable[[Any], T]) -> list[T]:
        """What is found for each value, worked out once for each function."""
        if what not in self._known:
            whole, used = self.part_of or (self, [])
            known = whole._known.get(what)
            self._known[what] = list(map(what, self.values) if known is None else map(known.__getitem__, used))
        found: list[T] = self._known[what]
        return found

    @cached_property
    def _known(self) -> dict[Any, Any]:
        return {}

    def counted(self) -> Iterator[tuple[Any, int]]:
        """Each value with how often it stands there."""
        return zip(self.values, self.counts.tolist(), strict=True)

    def words(self, word: Callable[[Any], str], kept: Callable[[Any], bool] = lambda _: True) -> "Counter[str]":
        """How often each word stands there, in the order met; of the values that are `kept`."""
        found: Counter[str] = Counter()
        for value, n in self.counted():
            if kept(value):
                found[word(value)] += n
        return found

    def spread(self, results: Iterable[T], nothing: T) -> NDArray[np.object_]:
        """What was found for each value, row by row; `nothing` where none stands."""
        return objects([*results, nothing])[self.codes]

    def flags(self, results: Iterable[bool], nothing: bool) -> NDArray[np.bool_]:
        """As `spread`, for what is true or false."""
        return np.fromiter((*results, nothing), dtype=bool, count=len(self.values) + 1)[self.codes]

    def rows_with(self, results: Iterable[bool]) -> NDArray[np.intp]:
        """The places of the rows whose value is one of those."""
        return np.flatnonzero(self.flags(results, False))


class Cells(tuple[Cell, ...]):
    """The cells of one column, or of some of its rows, which remember their different values."""

    _part: "tuple[Cells, slice | NDArray[np.intp]] | None" = None

    def at(self, rows: slice | NDArray[np.intp]) -> "Cells":
        """The cells of these rows."""
        part = Cells(self[rows] if isinstance(rows, slice) else map(self.__getitem__, rows.tolist()))
        part._part = (self, rows)
        return part

    @cached_property
    def distinct(self) -> Distinct:
        """Each different cell once, and where it stands."""
        if self._part is None:
            return _distinct(self)
        whole, rows = self._part
        return _used(whole.distinct, whole.distinct.codes[rows])


def _used(found: Distinct, codes: Codes) -> Distinct:
    """Those of the values that these codes name, in the order met."""
    here, used = pd.factorize(np.where(codes == NO_CODE, len(found.values), codes))
    nothing = np.flatnonzero(used == len(found.values))
    if len(nothing):
        here = np.where(here == nothing[0], NO_CODE, here - (here > nothing[0]))
        used = np.delete(used, nothing)
    chosen = used.tolist()
    return Distinct(tuple(map(found.values.__getitem__, chosen)), _small(here, len(used)), (found, chosen))


def distinct(cells: Sequence[Any] | NDArray[Any]) -> Distinct:
    """The different values of these cells; of a column that remembers them without looking again."""
    return cells.distinct if isinstance(cells, Cells) else _distinct(cells)


def objects(cells: Sequence[Any] | NDArray[Any]) -> NDArray[np.object_]:
    """An array of these cells as they are."""
    return np.fromiter(cells, dtype=object, count=len(cells))


def _distinct(cells: Sequence[Any] | NDArray[Any]) -> Distinct:
    kinds = set(map(type, cells))
    if bool in kinds and kinds & {float, int}:  # True is 1.0, as Python compares them
        keys: dict[tuple[type, Any], int] = {}
        found = [
            NO_CODE if cell is None or pd.isna(cell) else keys.setdefault((type(cell), cell), len(keys))
            for cell in cells
        ]
        return Distinct(tuple(cell for _, cell in keys), _small(np.array(found, dtype=np.intp), len(keys)))
    codes, values = pd.factorize(objects(cells))
    return Distinct(tuple(values.tolist()), _small(codes, len(values)))


def _small(codes: Codes, n: int) -> Codes:
    """The codes of n values in as few bytes as hold them: they are kept for every column."""
    return codes.astype(np.min_scalar_type(-max(n, 1)))
