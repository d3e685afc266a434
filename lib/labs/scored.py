"""Grades and scores computed for every patient, by group: who has one, and the table that counts them line by line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.lab_values import unusable
from lib.publication.exhibit import Across, Columns, Table, TypedColumn, reported, typed_table
from lib.publication.number import count, plural
from lib.publication.who import Who

REASON: Final = "– "  # begins a line that says why some have no score


@dataclass(frozen=True)
class OfPatient:
    """What is computed of one patient who belongs to a group."""

    patient: str
    group: str


Scores = TypeVar("Scores", bound=OfPatient)


@dataclass(frozen=True)
class Line:
    """One printed line: how it is called, and who counts; `key` as results.json has it, () where it has none.

    Of a `reason` why there is no score the number alone is printed, and groups without any are not reported.
    """

    words: str
    counts: Callable[[Any], bool]
    key: tuple[object, ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class Count:
    """The patients of a column who count in a line, of all of the column."""

    line: Line
    place: int
    group: str
    n: int
    of: int

    @property
    def printed(self) -> str:
        """ "3 (43 %)"."""
        return str(self.n) if self.line.words.startswith(REASON) else count(self.n, self.of)

    @property
    def is_reported(self) -> bool:
        """Whether results.json has it."""
        return bool(self.line.key) and (self.n > 0 or not self.line.words.startswith(REASON))


@dataclass(frozen=True)
class Scored(Generic[Scores]):
    """Every selected patient with a group, in the order of the cohort; `unusable`: test, reason, count of its
    values."""

    grouping: Grouping
    infusion: int
    patients: tuple[Scores, ...]
    n_selected: int
    unusable: tuple[tuple[str, str, int], ...]

    def of(self, group: str | None) -> tuple[Scores, ...]:
        """The patients of a group; of all groups for None."""
        return tuple(each for each in self.patients if group in (None, each.group))

    @property
    def columns(self) -> tuple[tuple[str, tuple[Scores, ...]], ...]:
        """The groups with their patients, and all together where there are several groups."""
        groups = tuple((name, self.of(name)) for name in self.grouping.names)
        return (*groups, ("Total", self.patients)) if self.grouping.compares else groups

    @property
    def headings(self) -> tuple[str, ...]:
        """What stands over the columns."""
        return tuple(f"{name} (n = {len(rows)})" for name, rows in self.columns)

    def counts(self, lines: Sequence[Line]) -> list[Count]:
        """Who counts, column by column."""
        return [
            Count(line, place, name, sum(map(line.counts, rows)), len(rows))
            for place, (name, rows) in enumerate(self.columns)
            for line in lines
        ]

    def table(self, heading: str, keys: Mapping[str, str], lines: Sequence[Line], **table: Any) -> Table:
        """The table of these lines; `keys` are the names and units of their key."""
        cells, groups = self.counts(lines), len(self.grouping.names)
        columns: Columns = (
            TypedColumn(heading, "group", "", lambda each: each.group, lambda each: each.line.words),
            *(_key(place, name, unit) for place, (name, unit) in enumerate(keys.items())),
            *reported("n", "of", unit="patients"),
            TypedColumn(name="reason", value=lambda each: each.line.reason),
            Across(self.headings, lambda each: id(each.line), lambda each: each.place, lambda each: each.printed),
        )
        numbers = [each for each in cells if each.is_reported and each.place < groups]
        return typed_table(columns, cells, numbers, n=len(self.patients), **table)

    def who(self, lines: Sequence[Line]) -> Who:
        """Of each line and column who is counted there."""
        return {
            (y, x): frozenset(each.patient for each in rows if line.counts(each))
            for y, line in enumerate(lines)
            for x, (_, rows) in enumerate(self.columns, start=1)
        }

    def left_out(self) -> list[str]:
        """Who has no group, and which values are not used."""
        n = self.n_selected - len(self.patients)
        said = [f"{plural(n, 'patient')} without {self.grouping.label}: left out."] if n else []
        return said + [f"{test}: {plural(n, 'value')} not used: {reason}." for test, reason, n in self.unusable]


def _key(place: int, name: str, unit: str) -> TypedColumn:
    return TypedColumn(name=name, unit=unit, value=lambda each: each.line.key[place])


def grouped(cohort: Cohort, grouping: Grouping) -> Iterator[tuple[str, str]]:
    """The selected patients who have a group, each with its name."""
    groups = zip(cohort.patients["patient_id"].astype(str), grouping.of(cohort.patients), strict=True)
    return ((patient, str(group)) for patient, group in groups if group is not None)


def not_used(values: pd.DataFrame) -> tuple[tuple[str, str, int], ...]:
    """Test, reason and count of the values that no score can use."""
    return tuple((test, reason, n) for test, _, reason, n in unusable(values))
