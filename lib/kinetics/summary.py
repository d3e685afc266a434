"""Kinetic parameters summarised by group: geometric mean (gCV) of amounts, median (range) of days, and their tests.

Patients who never rose above the limit of quantification are in no mean, but keep the
lowest rank in the tests of Cmax and AUC0-28.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from lib.kinetics.parameters import KineticParameters
from lib.kinetics.result import KineticsResult
from lib.stats.arrays import Floats
from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.geometric_mean import geometric_cv, geometric_mean
from lib.stats.hypothesis import MANN_WHITNEY, location_test


@dataclass(frozen=True)
class Parameter:
    """One parameter: how it is read of a patient, and how it is summarised."""

    name: str
    label: str
    per_unit: str  # unit, with {unit} for that of the measurement
    geometric: bool
    counts_silent: bool  # whoever never expanded keeps the lowest rank
    of: Callable[[KineticParameters], Estimate]

    def unit(self, unit: str) -> str:
        return self.per_unit.format(unit=unit or "units")


PARAMETERS: Final = (
    Parameter("cmax", "Cmax", "{unit}", True, True, lambda each: each.cmax),
    Parameter("tmax", "Tmax", "days", False, False, lambda each: each.tmax),
    Parameter("auc_0_28", "AUC0-28", "days × {unit}", True, True, lambda each: each.auc_0_28),
    Parameter("tlast", "Tlast", "days", False, False, lambda each: each.tlast),
    Parameter("half_life", "Half-life", "days", True, False, lambda each: each.half_life),
)
PATIENT_PARAMETERS: Final = (  # the area to the last sample depends on how long somebody was sampled: groups are not compared by it
    *PARAMETERS,
    Parameter("auc_last", "AUClast", "days × {unit}", True, True, lambda each: each.auc_last),
)


@dataclass(frozen=True)
class GroupSummary:
    """`value` is the geometric mean or the median of `n` values; `gcv` in percent, None for fewer than two values."""

    group: str
    n: int
    value: float | None
    low: float | None
    high: float | None
    gcv: float | None


@dataclass(frozen=True)
class ParameterSummary:
    """One parameter in every group, and the test between groups."""

    parameter: Parameter
    groups: tuple[GroupSummary, ...]
    test: TestResult


def parameter_summaries(result: KineticsResult) -> tuple[ParameterSummary, ...]:
    """Every parameter after the chosen infusion."""
    return tuple(_summary(parameter, result) for parameter in PARAMETERS)


def cmax_by_group(result: KineticsResult) -> tuple[GroupSummary, ...]:
    """The peaks of each group after the chosen infusion."""
    return _summary(PARAMETERS[0], result).groups


def never_expanded(result: KineticsResult) -> dict[str, int]:
    """How many patients of each group never rose above the limit of quantification, where there are any."""
    counts = {
        name: sum(each.never_quantifiable for each in result.of_infusion if each.group == name)
        for name in result.grouping.names
    }
    return {name: n for name, n in counts.items() if n}


def _summary(parameter: Parameter, result: KineticsResult) -> ParameterSummary:
    names = result.grouping.names
    by_group = [[each for each in result.of_infusion if each.group == name] for name in names]
    values = [_values(patients, parameter) for patients in by_group]
    groups = tuple(_group(name, each, parameter.geometric) for name, each in zip(names, values, strict=True))
    if not result.grouping.compares:
        return ParameterSummary(parameter, groups, not_done(MANN_WHITNEY, sum(map(len, values)), "one group only"))
    ranked = [
        np.concatenate(
            [np.zeros(sum(one.never_quantifiable for one in patients) if parameter.counts_silent else 0), each]
        )
        for patients, each in zip(by_group, values, strict=True)
    ]
    return ParameterSummary(parameter, groups, location_test(ranked))


def _values(patients: list[KineticParameters], parameter: Parameter) -> Floats:
    """The values of those who expanded."""
    found = [parameter.of(each).value for each in patients if each.expanded]
    return np.array([value for value in found if value is not None], dtype=float)


def _group(name: str, values: Floats, geometric: bool) -> GroupSummary:
    if not len(values):
        return GroupSummary(name, 0, None, None, None, None)
    low, high = float(values.min()), float(values.max())
    if not geometric:
        return GroupSummary(name, len(values), float(np.median(values)), low, high, None)
    return GroupSummary(name, len(values), geometric_mean(values).value, low, high, geometric_cv(values))
