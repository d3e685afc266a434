"""Expansion beside one factor: each patient's Cmax or area, Spearman's correlation, and the spread within each level.

Whoever never rose above the limit of quantification keeps the lowest rank. Response and CRS arise after the infusion: what is shown is
that two things go together, not that one brings the other about.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.model import Cohort
from lib.kinetics.area import NON_EXPANDER
from lib.kinetics.expansion.factor import Factor, factor_values
from lib.kinetics.parameters import NOT_SAMPLED
from lib.kinetics.result import KineticsResult
from lib.kinetics.summary import AUC_0_28, CMAX, Parameter
from lib.stats.correlation import Correlation, spearman
from lib.stats.estimate import Floats

MEASURES: Final = (CMAX, AUC_0_28)
FEWEST_FOR_BOX: Final = 5  # of fewer only the median is drawn
FEWEST_FOR_MEDIAN: Final = 2


@dataclass(frozen=True)
class LevelSpread:
    """The values of one level: median from two on, quartiles from five on (None before); non-expanders count as lowest."""

    level: str
    n: int
    n_silent: int
    median: float | None
    q1: float | None
    q3: float | None


@dataclass(frozen=True)
class ExpansionResult:
    """`table` has one row a patient with both: patient, group, amount (0 = never above the limit), silent, value (number or place of the level).

    `left_out` counts the others of `n_selected` patients, by reason.
    """

    series: KineticsResult
    factor: Factor
    measure: Parameter
    table: pd.DataFrame
    correlation: Correlation
    levels: tuple[LevelSpread, ...]
    left_out: tuple[tuple[str, int], ...]
    n_selected: int

    @property
    def n(self) -> int:
        return len(self.table)


def expansion(cohort: Cohort, series: KineticsResult, factor: Factor, measure: Parameter = CMAX) -> ExpansionResult:
    """The measure of expansion after the chosen infusion beside the factor; `cohort` is the selected one."""
    values = factor_values(cohort, factor)
    of_patient = {each.patient: each for each in series.parameters if each.infusion == series.infusion}
    rows, reasons = [], []
    for patient in cohort.patients["patient_id"]:
        each, value = of_patient.get(patient), float(values[patient])
        estimate = measure.of(each) if each else None
        if estimate is None or each is None:
            reasons.append(NOT_SAMPLED)
        elif np.isnan(value):
            reasons.append(f"{factor.label} not known")
        elif estimate.value is None and not each.never_quantifiable:
            reasons.append(f"{measure.label} not calculated: {_general(estimate.reason)}")
        elif each.group is None:
            reasons.append(f"{series.grouping.label or 'group'} not stated")
        else:
            rows.append((patient, each.group, estimate.value or 0.0, each.never_quantifiable, value))
    table = pd.DataFrame(rows, columns=["patient", "group", "amount", "silent", "value"]).astype(
        {"amount": float, "silent": bool}
    )
    amounts, of_factor = table["amount"].to_numpy(float), table["value"].to_numpy(float)
    spreads = tuple(_spread(level, table[table["value"] == place]) for place, level in enumerate(factor.levels))
    found = tuple(Counter(reasons).most_common())
    return ExpansionResult(series, factor, measure, table, spearman(of_factor, amounts), spreads, found, cohort.n)


def _general(reason: str) -> str:
    return (
        "sampling ended earlier, still quantifiable" if reason != NON_EXPANDER and "last sample" in reason else reason
    )


def _spread(level: str, rows: pd.DataFrame) -> LevelSpread:
    values: Floats = rows["amount"].to_numpy(float)
    median = float(np.median(values)) if len(values) >= FEWEST_FOR_MEDIAN else None
    box = [float(each) for each in np.quantile(values, (0.25, 0.75))] if len(values) >= FEWEST_FOR_BOX else [None, None]
    return LevelSpread(level, len(values), int(rows["silent"].sum()), median, *box)
