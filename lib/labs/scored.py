"""Grades and scores computed for every patient, by group: who has one, and the table that counts them line by line."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.lab_values import unusable
from lib.publication.number import count, plural
from lib.publication.who import Who


@dataclass(frozen=True)
class OfPatient:
    """What is computed of one patient who belongs to a group."""

    patient: str
    group: str


Scores = TypeVar("Scores", bound=OfPatient)
Line = tuple[str, Callable[[Any], bool]]  # how it is called, and whether a patient counts


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
    def columns(self) -> dict[str, tuple[Scores, ...]]:
        """The groups with their patients, and all together where there are several groups."""
        total = {"Total": self.patients} if self.grouping.compares else {}
        return {name: self.of(name) for name in self.grouping.names} | total

    @property
    def headings(self) -> tuple[str, ...]:
        """What stands over the columns."""
        return tuple(f"{name} (n = {len(rows)})" for name, rows in self.columns.items())

    def counted(self, lines: Sequence[Line]) -> tuple[tuple[str, ...], ...]:
        """The printed lines: patients who count, of all of the column."""
        return tuple(
            (words, *(count(sum(map(counts, rows)), len(rows)) for rows in self.columns.values()))
            for words, counts in lines
        )

    def who(self, lines: Sequence[Line]) -> Who:
        """Of each line and column who is counted there."""
        return {
            (y, x): frozenset(each.patient for each in rows if counts(each))
            for y, (_, counts) in enumerate(lines)
            for x, rows in enumerate(self.columns.values(), start=1)
        }

    def left_out(self) -> list[str]:
        """Who has no group, and which values are not used."""
        n = self.n_selected - len(self.patients)
        said = [f"{plural(n, 'patient')} without {self.grouping.label}: left out."] if n else []
        return said + [f"{test}: {plural(n, 'value')} not used: {reason}." for test, reason, n in self.unusable]


def grouped(cohort: Cohort, grouping: Grouping) -> Iterator[tuple[str, str]]:
    """The selected patients who have a group, each with its name."""
    groups = zip(cohort.patients["patient_id"].astype(str), grouping.of(cohort.patients), strict=True)
    return ((patient, str(group)) for patient, group in groups if group is not None)


def not_used(values: pd.DataFrame) -> tuple[tuple[str, str, int], ...]:
    """Test, reason and count of the values that no score can use."""
    return tuple((test, reason, n) for test, _, reason, n in unusable(values))
