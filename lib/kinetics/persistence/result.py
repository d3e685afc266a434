"""Persistence of each group: the Kaplan-Meier curve of still being quantifiable, its median, and the log-rank test."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort
from lib.kinetics.persistence.outcome import Persistence, persistence_of
from lib.kinetics.result import KineticsResult
from lib.stats.at_risk import axis_ticks, counts_at
from lib.stats.compared import compared_rows, logrank_of
from lib.stats.estimate import Estimate, TestResult
from lib.stats.kaplan_meier import SurvivalCurve, kaplan_meier, quantile, survival_at

MILESTONES: Final = (90.0, 180.0)  # days


@dataclass(frozen=True)
class GroupPersistence:
    """One group: its curve, the median time to undetectable, and the share still quantifiable at each milestone."""

    name: str
    curve: SurvivalCurve
    median: Estimate
    milestones: tuple[Estimate, ...]


@dataclass(frozen=True)
class PersistenceResult:
    """Every group of the grouping, in its order; `counts` as under survival curves; `series` is what was measured."""

    series: KineticsResult
    outcome: Persistence
    groups: tuple[GroupPersistence, ...]
    counts: pd.DataFrame
    ticks: tuple[float, ...]
    logrank: TestResult

    @property
    def n(self) -> int:
        return len(self.outcome.table)

    @property
    def n_events(self) -> int:
        return int(self.outcome.table["event"].sum())


def persistence(cohort: Cohort, result: KineticsResult) -> PersistenceResult:
    """The persistence of one series; `cohort` is the selected one, from which `result` was computed."""
    outcome = persistence_of(cohort, result)
    table, names = outcome.table, result.grouping.names
    time, event = table["time"].to_numpy(float), table["event"].to_numpy(float)
    group = table["group"].to_numpy(object)
    ticks = axis_ticks(time, "days")
    groups = []
    for name in names:
        curve = kaplan_meier(time[group == name], event[group == name])
        groups.append(
            GroupPersistence(name, curve, quantile(curve), tuple(survival_at(curve, day) for day in MILESTONES))
        )
    return PersistenceResult(
        result,
        outcome,
        tuple(groups),
        counts_at(table, names, ticks),
        ticks,
        logrank_of(compared_rows(time, event, group, names)),
    )
