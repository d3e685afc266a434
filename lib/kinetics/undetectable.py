"""How long the transgene stayed quantifiable: the time to the first sample below the limit that no quantifiable one
follows, and its curves.

The event lies somewhere between the last quantifiable sample and that one; it is dated to the latter. Whoever was still
quantifiable is censored at the last sample; what follows the next anti-myeloma therapy, another infusion or death is
not looked at. Source: the order of events as in cellular-kinetic analyses of CAR T-cell labels (Tbql).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.model import Cohort
from lib.derived.follow_up import death_days, next_therapies, other_treatment
from lib.kinetics.parameter_table import NON_EXPANDER, NOT_SAMPLED
from lib.kinetics.series import KineticsResult
from lib.stats.compared import compared_rows, logrank_of
from lib.stats.estimate import Estimate, Floats, TestResult
from lib.stats.kaplan_meier import SurvivalCurve, kaplan_meier, quantile, survival_at
from lib.stats.risk_sets import axis_ticks, counts_at

UNDETECTABLE: Final = "undetectable"
LAST_SAMPLE: Final = "last sample still quantifiable"
TREATED: Final = "next therapy or infusion"
DIED: Final = "death"
MILESTONES: Final = (90.0, 180.0)  # days
NO_SAMPLES: Final = (np.zeros(0), np.zeros(0))
COLUMNS: Final = ("patient", "group", "entry", "time", "event", "last_quantifiable", "first_below", "ended")


@dataclass(frozen=True)
class Persistence:
    """`table` has one row a patient: patient, group, entry (0), time (days), event (1 = undetectable),
    last_quantifiable, first_below, ended.

    `last_quantifiable` and `first_below` are the days between which the event lies; `first_below` is NaN where
    censored. `ended` says why observation ended. `left_out` counts the others of `n` selected patients by reason;
    `undated` those with a subsequent therapy whose start is not stated: they are not censored at it.
    """

    table: pd.DataFrame
    n: int
    left_out: tuple[tuple[str, int], ...]
    undated: int


@dataclass(frozen=True)
class GroupPersistence:
    """One group: its curve, the median time to undetectable, and the share still quantifiable at each milestone."""

    name: str
    level: str  # what it stands for, as the workbook writes it
    size: int
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
        """How many patients are in the curves."""
        return len(self.outcome.table)

    @property
    def n_events(self) -> int:
        """How many of them became undetectable."""
        return int(self.outcome.table["event"].sum())


def persistence(cohort: Cohort, result: KineticsResult) -> PersistenceResult:
    """The persistence of one series; `cohort` is the selected one, from which `result` was computed."""
    outcome = persistence_of(cohort, result)
    table, names = outcome.table, result.grouping.names
    time, event = table["time"].to_numpy(float), table["event"].to_numpy(float)
    group = table["group"].to_numpy(object)
    ticks = axis_ticks(time, "days")
    groups = []
    for each in result.grouping.groups:
        mine = group == each.name
        curve = kaplan_meier(time[mine], event[mine])
        shares = tuple(survival_at(curve, day) for day in MILESTONES)
        groups.append(GroupPersistence(each.name, each.level, each.size, curve, quantile(curve), shares))
    logrank = logrank_of(compared_rows(time, event, group, names))
    return PersistenceResult(result, outcome, tuple(groups), counts_at(table, names, ticks), ticks, logrank)


def persistence_of(cohort: Cohort, result: KineticsResult) -> Persistence:
    """Time to undetectable after the chosen infusion of every selected patient; `result` is the series that is looked
    at.
    """
    group = dict(zip(cohort.patients["patient_id"], result.grouping.of(cohort.patients), strict=True))
    until = {TREATED: _days(other_treatment(cohort)), DIED: _days(death_days(cohort))}
    samples, rows, reasons = _samples(result), [], []
    for patient, name in group.items():
        day, amount = samples.get(patient, NO_SAMPLES)
        if reason := _why_not(name, day, amount, result):
            reasons.append(reason)
            continue
        ended = _ended(day, amount, {why: days.get(patient, np.inf) for why, days in until.items()})
        if ended is None:
            reasons.append("not quantifiable before the next therapy, infusion or death")
        else:
            rows.append((patient, name, 0.0, *ended))
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"time": float, "event": float, "first_below": float})
    undated = int((next_therapies(cohort)["problem"] != "").sum())
    return Persistence(table, cohort.n, tuple(Counter(reasons).most_common()), undated)


def _samples(result: KineticsResult) -> dict[str, tuple[Floats, Floats]]:
    """By patient the days from the infusion on and the amounts, 0 below the limit."""
    table = result.table[result.table["day"] >= 0]
    day, amount = table["day"].to_numpy(float), table["value"].fillna(0.0).to_numpy(float)
    found = table.reset_index(drop=True).groupby("patient", sort=False).indices
    return {str(patient): (day[places], amount[places]) for patient, places in found.items()}


def _why_not(group: object, day: Floats, amount: Floats, result: KineticsResult) -> str:
    if not isinstance(group, str):
        return f"{result.grouping.label or 'group'} not stated"
    if not (day > 0).any():
        return NOT_SAMPLED
    return "" if (amount > 0).any() else NON_EXPANDER


def _days(days: pd.Series) -> dict[str, float]:
    return {str(patient): day for patient, day in days.dropna().items()}


def _ended(day: Floats, amount: Floats, stops: Mapping[str, float]) -> tuple[float, float, float, float, str] | None:
    """time, event, last_quantifiable, first_below, ended; None where nothing was quantifiable before observation
    stopped.
    """
    why, stop = min(stops.items(), key=lambda each: each[1])
    until = int(np.searchsorted(day, stop, side="right"))
    quantifiable = np.flatnonzero(amount[:until] > 0)
    if not len(quantifiable):
        return None
    last = int(quantifiable[-1])
    if last < until - 1:
        first_below = float(day[last + 1])
        return first_below, 1.0, float(day[last]), first_below, UNDETECTABLE
    if until < len(day) and amount[until] > 0:  # quantifiable on both sides of the therapy, and so at its start
        return float(stop), 0.0, float(day[last]), np.nan, why
    ended = f"{LAST_SAMPLE}, then {why}" if np.isfinite(stop) else LAST_SAMPLE
    return float(day[last]), 0.0, float(day[last]), np.nan, ended
