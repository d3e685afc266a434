"""The share without the event at 6, 12 and 24 months in each group, with its limits and how many were then at risk."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.time_unit import in_unit
from lib.stats.at_risk import counts_at
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import survival_at
from lib.survival.result import SurvivalResult

MILESTONES: Final = (6, 12, 24)  # months; in days and weeks the same times


@dataclass(frozen=True)
class Milestone:
    """One group at one time, which is in the unit of the result; `n_at_risk` just before it."""

    group: str
    months: int
    time: float
    survival: Estimate
    n_at_risk: int


def milestones(result: SurvivalResult) -> tuple[Milestone, ...]:
    """Every group, in its order, at every time; not estimable beyond the last observation of the group."""
    months = pd.Series(MILESTONES, dtype=float)
    times = tuple(in_unit(months, pd.Series("months", index=months.index), result.outcome.unit).tolist())
    names = tuple(group.name for group in result.groups)
    at_risk = counts_at(result.outcome.table, names, times).set_index(["group", "time"])["at_risk"]
    return tuple(
        Milestone(group.name, month, time, survival_at(group.curve, time), int(at_risk[group.name, time]))
        for group in result.groups
        for month, time in zip(MILESTONES, times, strict=True)
    )
