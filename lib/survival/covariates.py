"""Which variables a comparison may be adjusted for or looked at within, and which of them were known too late for that."""

from collections.abc import Iterable
from typing import Final

from lib.cohort.grouping import Grouping, can_compare
from lib.cohort.model import Cohort, Variable

ADJUSTED_FOR: Final = ("emd", "high_risk_cytogenetics")  # unless the reader chooses others
LOOKED_AT: Final = ("emd", "high_risk_cytogenetics", "age_years", "sex", "prior_lines")  # first in a forest plot
MOST_LOOKED_AT: Final = 5
AGE: Final = "age_years"
AGE_STEP: Final = 10.0  # years
AGE_CUT: Final = 65.0  # years


def offered(cohort: Cohort, grouping: Grouping) -> tuple[Variable, ...]:
    """Every variable but the grouping itself: first those known before infusion, then all others."""
    possible = [each for each in cohort.variables if each.name != grouping.variable and _varies(each)]
    return tuple(sorted(possible, key=lambda each: not each.known_before_infusion))


def default_covariates(cohort: Cohort, grouping: Grouping) -> tuple[str, ...]:
    """What the comparison is adjusted for where the reader says nothing: what CAR-T cohorts of myeloma are adjusted for."""
    there = {each.name for each in offered(cohort, grouping) if each.known_before_infusion}
    return tuple(name for name in ADJUSTED_FOR if name in there)


def default_subgroups(cohort: Cohort, grouping: Grouping) -> tuple[str, ...]:
    """The usual baseline variables; where a cohort has none of them, its first categories known before infusion."""
    there = [each for each in offered(cohort, grouping) if each.known_before_infusion]
    usual = [name for name in LOOKED_AT if name in {each.name for each in there}]
    return tuple(usual or [each.name for each in there if each.kind == "category"][:MOST_LOOKED_AT])


def default_steps(variables: Iterable[Variable]) -> dict[str, float]:
    """Per how much of a number a hazard ratio is given: 10 years of age, 1 of everything else."""
    return {each.name: AGE_STEP if each.name == AGE else 1.0 for each in variables if each.kind == "number"}


def known_late(variables: Iterable[Variable]) -> tuple[str, ...]:
    """Labels of those known after infusion: to use them is biased."""
    return tuple(each.label for each in variables if each.known_at is not None and not each.known_before_infusion)


def not_dated(variables: Iterable[Variable]) -> tuple[str, ...]:
    """Labels of those of which it is not stated when they were known."""
    return tuple(each.label for each in variables if each.known_at is None)


def _varies(variable: Variable) -> bool:
    return variable.kind == "number" or (can_compare(variable) and len(variable.levels) > 1)


def timing(variable: Variable) -> str:
    """Behind the label of a variable: when it was known, where that is not before infusion."""
    if variable.known_before_infusion:
        return ""
    return " (time not stated)" if variable.known_at is None else " (known after infusion)"
