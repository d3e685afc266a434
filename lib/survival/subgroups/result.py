"""Whether the groups compare alike within the levels of each baseline variable: what a forest plot shows.

Two groups at a time; a number is split at cut-points given beforehand or at its median, never at a searched one.
Nothing is adjusted for how many are looked at. Source: `lib.stats.adjusted_cox`; Pocock et al. 2002; Lagakos 2006.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.cohort.grouping import Grouping, grouping_by
from lib.cohort.model import Cohort, Variable
from lib.stats.adjusted_cox import NAME as INTERACTION
from lib.stats.adjusted_cox import GroupTimes, interaction, subgroup_hazard_ratios
from lib.stats.estimate import Estimate, Names, TestResult, not_done
from lib.stats.firth import NAME as FIRTH
from lib.stats.small_samples import FEW_EVENTS
from lib.survival.covariates import AGE, AGE_CUT
from lib.survival.outcome import TimeToEvent

EVERYBODY: Final = "All patients"


@dataclass(frozen=True)
class Subgroup:
    """One group against the reference among the patients of a level; `of` is (n, events) of the group and the reference."""

    level: str
    of: tuple[tuple[int, int], tuple[int, int]]
    ratio: Estimate
    test: TestResult

    @property
    def n_events(self) -> int:
        return self.of[0][1] + self.of[1][1]

    @property
    def penalised(self) -> bool:
        return self.test.name == FIRTH


@dataclass(frozen=True)
class Split:
    """The levels of one variable, whether the ratios differ between them, and how many patients have no level."""

    variable: Variable
    levels: tuple[Subgroup, ...]
    interaction: TestResult
    n_missing: int


@dataclass(frozen=True)
class Subgroups:
    """`group` against `reference`: in all patients, and within each variable."""

    outcome: TimeToEvent
    group: str
    reference: str
    overall: Subgroup
    splits: tuple[Split, ...]

    @property
    def n(self) -> int:
        return self.overall.of[0][0] + self.overall.of[1][0]

    @property
    def n_subgroups(self) -> int:
        return sum(len(split.levels) for split in self.splits)


def subgroups(
    cohort: Cohort, outcome: TimeToEvent, splits: Sequence[tuple[Variable, Grouping]], group: str = ""
) -> Subgroups:
    """The forest of these splits, where the grouping has two groups or more.

    `group` is the one compared with the reference ("" = the first that is not it).
    """
    reference = outcome.grouping.reference_name
    compared = group or next(name for name in outcome.grouping.names if name != reference)
    table = outcome.table[outcome.table["group"].isin([compared, reference])]
    patients = cohort.patients.set_index("patient_id").reindex(table["patient"])
    time, event, entry = (table[name].to_numpy(float) for name in ("time", "event", "entry"))
    times = GroupTimes(time, event, table["group"].to_numpy(object), (reference, compared), reference, entry)
    (overall,) = _levels(times, np.full(len(table), EVERYBODY, dtype=object), (EVERYBODY,), (EVERYBODY,))
    found = tuple(_split(times, patients, variable, by) for variable, by in splits)
    return Subgroups(outcome, compared, reference, overall, found)


def splits_of(opened: Cohort, names: Sequence[str], age_cut: float = AGE_CUT) -> tuple[tuple[Variable, Grouping], ...]:
    """How each variable is split: a category by its levels, age at `age_cut`, any other number at its median.

    `opened` gives the median, so that subgroups stay the same whatever is selected.
    """
    chosen = [variable for name in names if (variable := opened.variable(name)) is not None]
    return tuple((each, grouping_by(each, opened, (age_cut,) if each.name == AGE else ())) for each in chosen)


def _split(times: GroupTimes, patients: pd.DataFrame, variable: Variable, by: Grouping) -> Split:
    level_of = by.of(patients).to_numpy(object)
    levels = _levels(times, level_of, by.names, by.levels)
    known = np.array([level is not None for level in level_of], dtype=bool)
    words = dict(zip(by.names, by.levels, strict=True))
    named = np.array([words.get(level, "") for level in level_of], dtype=object)
    thin = [f"fewer than {FEW_EVENTS} events with {one.level}" for one in levels if _thin(one)]
    test = (
        not_done(INTERACTION, int(known.sum()), thin[0])
        if thin
        else interaction(times.of(known), named[known], by.levels)
    )
    return Split(variable, levels, test, int((~known).sum()))


def _thin(one: Subgroup) -> bool:
    """Whether there are patients of both groups, but too few events to compare them: nor is their ratio with others."""
    return min(one.of[0][0], one.of[1][0]) > 0 and one.n_events < FEW_EVENTS


def _levels(times: GroupTimes, level_of: Names, names: Sequence[str], words: Sequence[str]) -> tuple[Subgroup, ...]:
    found = []
    for name, word in zip(names, words, strict=True):
        (row,) = subgroup_hazard_ratios(times, level_of, (name,))
        of = tuple(_counted(times, (level_of == name) & (times.group == each)) for each in reversed(times.names))
        found.append(Subgroup(word, (of[0], of[1]), row.ratio, row.test))
    return tuple(found)


def _counted(times: GroupTimes, mine: npt.NDArray[np.bool_]) -> tuple[int, int]:
    return int(mine.sum()), int(times.event[mine].sum())
