"""The tables of a selection, each cut when it is first looked at: a page of survival has no use for a million
laboratory values."""

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

Cut = Callable[[], pd.DataFrame]


class LazyTables(Mapping[str, pd.DataFrame]):
    """Tables by name, in order; a table, or what makes it."""

    def __init__(self, tables: Mapping[str, pd.DataFrame | Cut]) -> None:
        self._tables = dict(tables)

    def __getitem__(self, name: str) -> pd.DataFrame:
        found = self._tables[name]
        if not isinstance(found, pd.DataFrame):
            found = self._tables[name] = found()
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def changed(self, **tables: pd.DataFrame | Cut) -> "LazyTables":
        """The same tables but for these; none is looked at."""
        return LazyTables({**self._tables, **tables})


def changed(tables: Mapping[str, pd.DataFrame], **others: pd.DataFrame | Cut) -> LazyTables:
    """These tables with others in the place of some; none is looked at."""
    kept = tables if isinstance(tables, LazyTables) else LazyTables(tables)
    return kept.changed(**others)
