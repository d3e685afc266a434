"""The same comparison within each level of a second variable: arm within EMD, one panel a level.

Every panel is the analysis of its own patients, with its own log-rank test; axis and colours are those of all together.
"""

from dataclasses import dataclass, replace

from lib.cohort.grouping import Group, Grouping
from lib.cohort.model import Cohort
from lib.survival.result import SurvivalResult, survival


@dataclass(frozen=True)
class Panel:
    """One level of the second variable, `size` patients of the opened cohort, and the comparison within it."""

    name: str
    size: int
    result: SurvivalResult


@dataclass(frozen=True)
class PanelsResult:
    """`whole` is the comparison of all; `not_stated` of its patients belong to no panel."""

    by: Grouping
    panels: tuple[Panel, ...]
    whole: SurvivalResult
    not_stated: int


def panels(whole: SurvivalResult, cohort: Cohort, by: Grouping) -> PanelsResult:
    """The result parted by another grouping; `cohort` is the selected one, from which the result was computed."""
    outcome = whole.outcome
    level = dict(zip(cohort.patients["patient_id"], by.of(cohort.patients), strict=True))
    levels = outcome.table["patient"].map(level)
    parts = []
    for group in by.groups:
        table = outcome.table[levels == group.name].reset_index(drop=True)
        part = replace(outcome, table=table, n=len(table), left_out=(), deaths_censored=0)
        parts.append(Panel(_name(group, by), group.size, survival(part, cohort, whole.options, whole.ticks)))
    return PanelsResult(by, tuple(parts), whole, int(levels.isna().sum()))


def _name(group: Group, by: Grouping) -> str:
    """A level that stands alone with the name of its variable: "Sex F"; others have it: "EMD yes"."""
    return group.name if group.name != group.level else f"{by.label} {group.name}"
