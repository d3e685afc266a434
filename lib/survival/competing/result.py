"""What is computed of competing causes: curves by group and cause, incidence at milestones, tests and ratios of each cause."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.time_unit import DAYS_PER, days_in
from lib.stats.at_risk import axis_ticks
from lib.stats.competing_risks import IncidenceCurve, cumulative_incidence, incidence_at
from lib.stats.cox import cause_specific_ratios
from lib.stats.estimate import Estimate, TestResult
from lib.stats.fine_gray import subdistribution_ratios
from lib.stats.gray import gray
from lib.survival.competing.outcome import CompetingOutcome
from lib.survival.result import DESCRIPTIVE_BELOW

OF: Final = (1, 2)  # the causes
MILESTONES: Final = (6, 12, 24)  # months
Ratios = dict[str, tuple[Estimate, TestResult]]


@dataclass(frozen=True)
class GroupIncidence:
    """One group: the curve of each cause, and its incidence at each milestone."""

    name: str
    curves: dict[int, IncidenceCurve]
    milestones: dict[int, tuple[Estimate, ...]]

    @property
    def n(self) -> int:
        return self.curves[1].n


@dataclass(frozen=True)
class CompetingResult:
    """Every group of the grouping, in its order, also those without patients; tests and ratios by cause.

    `counts` has one row a group and tick: time, at_risk, cause_1, cause_2, censored; the four add up to the group's n unless
    somebody entered late.
    """

    outcome: CompetingOutcome
    groups: tuple[GroupIncidence, ...]
    counts: pd.DataFrame
    ticks: tuple[float, ...]
    gray: dict[int, TestResult]
    cause_specific: dict[int, Ratios]
    subdistribution: dict[int, Ratios]

    @property
    def n(self) -> int:
        return len(self.outcome.table)

    def n_events(self, cause: int) -> int:
        return int((self.outcome.table["cause"] == cause).sum())

    @property
    def descriptive(self) -> bool:
        return self.n < DESCRIPTIVE_BELOW

    @property
    def compares(self) -> bool:
        """Whether at least two groups have patients."""
        return sum(group.n > 0 for group in self.groups) > 1


def competing(outcome: CompetingOutcome) -> CompetingResult:
    """Curves, milestones, Gray's tests, cause-specific and subdistribution ratios of both causes."""
    table, grouping = outcome.table, outcome.grouping
    time, cause, entry = (table[column].to_numpy(float) for column in ("time", "cause", "entry"))
    group = table["group"].to_numpy(object)
    names, reference = grouping.names, grouping.reference_name
    ticks = axis_ticks(time, outcome.unit)
    groups = tuple(_group(name, time, cause, entry, group == name, outcome.unit) for name in names)
    compared = (time, cause, group, names, reference)
    return CompetingResult(
        outcome, groups, _counts(table, names, ticks), ticks,
        {of: gray(time, cause, group, of, entry) for of in OF},
        {of: cause_specific_ratios(*compared, of, entry) if grouping.compares else {} for of in OF},
        {of: subdistribution_ratios(*compared, of, entry) if grouping.compares else {} for of in OF},
    )  # fmt: skip


def milestone_times(unit: str) -> tuple[float, ...]:
    """The milestones in another unit of time."""
    return tuple(days_in(months * DAYS_PER["months"], unit) for months in MILESTONES)


def _group(
    name: str, time: np.ndarray, cause: np.ndarray, entry: np.ndarray, mine: np.ndarray, unit: str
) -> GroupIncidence:
    curves = cumulative_incidence(time[mine], cause[mine], entry[mine], causes=OF)
    milestones = {of: tuple(incidence_at(curve, at) for at in milestone_times(unit)) for of, curve in curves.items()}
    return GroupIncidence(name, curves, milestones)


def _counts(table: pd.DataFrame, names: tuple[str, ...], ticks: tuple[float, ...]) -> pd.DataFrame:
    """At risk just before each tick; those of each cause and the censored until then."""
    rows = []
    for name in names:
        mine = table[table["group"] == name]
        time, entry, cause = mine["time"].to_numpy(), mine["entry"].to_numpy(), mine["cause"].to_numpy()
        for tick in ticks:
            past = time < tick
            at_risk = ~past & ((entry < tick) | (entry == 0))
            told = (at_risk, past & (cause == 1), past & (cause == 2), past & (cause == 0))
            rows.append((name, tick, *(int(np.sum(those)) for those in told)))
    return pd.DataFrame(rows, columns=["group", "time", "at_risk", "cause_1", "cause_2", "censored"])
