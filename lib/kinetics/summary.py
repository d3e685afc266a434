"""Kinetic parameters summarised by group: geometric mean (gCV) of amounts, median [range] of days, their ratio and tests.

Patients who never rose above the limit of quantification are in no mean, but keep the lowest rank in the tests of Cmax and the areas
from day 0. Days without an end (Tbql) and days that sampling cuts short (Tlast) are not tested here: that is what the persistence curve
is for.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from lib.kinetics.parameters import KineticParameters
from lib.kinetics.result import KineticsResult
from lib.stats.estimate import Estimate, Floats, TestResult, not_done
from lib.stats.means import geometric_cv, geometric_mean, geometric_mean_ratio
from lib.stats.ranks import MANN_WHITNEY, location_test

NOT_TESTED: Final = "known only of those who reached it: see the persistence curve and its log-rank test"
CENSORED: Final = "whoever is still quantifiable in the last sample has at least that: see the persistence curve and its log-rank test"


@dataclass(frozen=True)
class Parameter:
    """One parameter: how it is read of a patient, and how it is summarised."""

    name: str
    label: str
    per_unit: str  # unit, with {unit} for that of the measurement
    geometric: bool
    counts_silent: bool  # whoever never expanded keeps the lowest rank
    of: Callable[[KineticParameters], Estimate]
    not_tested: str = ""  # why groups are not compared by it

    def unit(self, unit: str) -> str:
        return self.per_unit.format(unit=unit or "units")


CMAX: Final = Parameter("cmax", "Cmax", "{unit}", True, True, lambda each: each.cmax)
AUC_0_28: Final = Parameter("auc_0_28", "AUC0-28", "days × {unit}", True, True, lambda each: each.auc_0_28)
AUC_0_90: Final = Parameter("auc_0_90", "AUC0-90", "days × {unit}", True, True, lambda each: each.auc_0_90)
HALF_LIFE: Final = Parameter("half_life", "Half-life", "days", True, False, lambda each: each.half_life)
PARAMETERS: Final = (
    CMAX,
    Parameter("tmax", "Tmax", "days", False, False, lambda each: each.tmax),
    AUC_0_28,
    AUC_0_90,
    Parameter("tlast", "Tlast", "days", False, False, lambda each: each.tlast, CENSORED),
    Parameter("tbql", "Tbql", "days", False, False, lambda each: each.tbql, NOT_TESTED),
    HALF_LIFE,
    Parameter("fold_expansion", "Fold expansion", "fold", False, False, lambda each: each.fold.fold),
)
BY_PATIENT_ONLY: Final = (  # they depend on how long somebody was sampled: groups are not compared by them
    Parameter("auc_last", "AUClast", "days × {unit}", True, True, lambda each: each.auc_last),
    Parameter("clast", "Clast", "{unit}", True, False, lambda each: each.clast),
)
PATIENT_PARAMETERS: Final = (*PARAMETERS, *BY_PATIENT_ONLY)


@dataclass(frozen=True)
class GroupSummary:
    """`value` is the geometric mean or the median of `n` values, `low` and `high` the smallest and the largest of them.

    `gcv` in percent and `mean`, the geometric mean with its 95 % interval: of geometric means only, without limits for fewer than two.
    """

    group: str
    n: int
    value: float | None
    low: float | None
    high: float | None
    gcv: float | None
    mean: Estimate | None = None


@dataclass(frozen=True)
class ParameterSummary:
    """One parameter in every group, and the test between groups.

    `ratio` is that of the geometric means of two groups, the second over the reference (None for other parameters or more groups).
    """

    parameter: Parameter
    groups: tuple[GroupSummary, ...]
    test: TestResult
    ratio: Estimate | None = None


def parameter_summaries(result: KineticsResult) -> tuple[ParameterSummary, ...]:
    """Every parameter after the chosen infusion."""
    return tuple(_summary(parameter, result) for parameter in PARAMETERS)


def cmax_by_group(result: KineticsResult) -> tuple[GroupSummary, ...]:
    """The peaks of each group after the chosen infusion."""
    return _summary(CMAX, result).groups


def sampled(result: KineticsResult) -> dict[str, tuple[int, int]]:
    """For each group how many patients have samples after the infusion, and how many of them never rose above the limit."""
    counts = {}
    for name in result.grouping.names:
        mine = [each for each in result.of_infusion if each.group == name]
        silent = sum(each.never_quantifiable for each in mine)
        counts[name] = (silent + sum(each.expanded for each in mine), silent)
    return counts


def never_expanded(result: KineticsResult) -> dict[str, int]:
    """How many patients of each group never rose above the limit of quantification, where there are any."""
    return {name: silent for name, (_, silent) in sampled(result).items() if silent}


def at_least(result: KineticsResult) -> int:
    """How many folds are lower bounds, because the base day lies below the limit."""
    return sum(each.fold.at_least for each in result.of_infusion)


def expanded_values(result: KineticsResult, parameter: Parameter) -> dict[str, Floats]:
    """By group the values of those who expanded, without areas of 0 (nothing quantifiable until the day): they have no logarithm."""
    values = _values(result, parameter)
    return {name: each[each > 0] for name, each in values.items()} if parameter.geometric else values


def left_out(result: KineticsResult, parameter: Parameter) -> dict[str, Counter[str]]:
    """By group why those who expanded have no value of it, without the days and numbers of single patients; only groups with any."""
    found: dict[str, Counter[str]] = {name: Counter() for name in result.grouping.names}
    for each in result.of_infusion:
        if each.expanded and each.group is not None and (reason := parameter.of(each).reason):
            found[each.group][general(reason)] += 1
    return {name: counted for name, counted in found.items() if counted}


def general(reason: str) -> str:
    """A reason without the days and numbers of a single patient."""
    return re.sub(r"(?<=day )\d+(\.\d+)?(?=,|$| ,)|(?<=cover )[\d.]+|(?<=R² )[\d.]+", "…", reason)


def ranked_values(result: KineticsResult, parameter: Parameter) -> dict[str, Floats]:
    """The values as they are ranked: who never rose above the limit counts as 0 where the parameter says so."""
    values = _values(result, parameter)
    silent = {name: n if parameter.counts_silent else 0 for name, (_, n) in sampled(result).items()}
    return {name: np.concatenate([np.zeros(silent[name]), each]) for name, each in values.items()}


def _values(result: KineticsResult, parameter: Parameter) -> dict[str, Floats]:
    found: dict[str, list[float]] = {name: [] for name in result.grouping.names}
    for each in result.of_infusion:
        value = parameter.of(each).value
        if each.group is not None and each.expanded and value is not None:
            found[each.group].append(value)
    return {name: np.array(values, dtype=float) for name, values in found.items()}


def other_group(result: KineticsResult) -> str:
    """Of two groups the one that is compared with the reference."""
    return next(name for name in result.grouping.names if name != result.grouping.reference_name)


def _summary(parameter: Parameter, result: KineticsResult) -> ParameterSummary:
    names = result.grouping.names
    values = expanded_values(result, parameter)
    groups = tuple(_group(name, each, parameter.geometric) for name, each in values.items())
    n = sum(map(len, values.values()))
    if len(names) < 2:
        return ParameterSummary(parameter, groups, not_done(MANN_WHITNEY, n, "one group only"))
    if parameter.not_tested:
        return ParameterSummary(parameter, groups, not_done(MANN_WHITNEY, n, parameter.not_tested))
    test = location_test(list(ranked_values(result, parameter).values()))
    if not parameter.geometric or len(names) > 2:
        return ParameterSummary(parameter, groups, test)
    ratio, _ = geometric_mean_ratio(values[other_group(result)], values[result.grouping.reference_name])
    return ParameterSummary(parameter, groups, test, ratio)


def _group(name: str, values: Floats, geometric: bool) -> GroupSummary:
    if not len(values):
        return GroupSummary(name, 0, None, None, None, None)
    low, high = float(values.min()), float(values.max())
    if not geometric:
        return GroupSummary(name, len(values), float(np.median(values)), low, high, None)
    mean = geometric_mean(values)
    return GroupSummary(name, len(values), mean.value, low, high, geometric_cv(values), mean)
