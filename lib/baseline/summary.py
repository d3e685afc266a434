"""Table 1, computed: each patient column summarised in total and by group, with the test that fits it.

A number gets Mann-Whitney (Kruskal-Wallis for more than two groups), a category Fisher's exact test (Fisher-Freeman-Halton
for more than two levels or groups). Missing values are counted, and are in no percentage and no test.
"""

from dataclasses import dataclass, replace

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort, Variable
from lib.derived.response_at import MONTH_1_DAY, MONTH_1_WINDOW, response_at, response_levels
from lib.stats.estimate import Floats, TestResult, not_done
from lib.stats.ranks import FISHER, fisher, fisher_table, location_test, student_t


@dataclass(frozen=True)
class NumberSummary:
    """A number: the values of everybody and of each group, how many are missing, and the tests between groups."""

    label: str
    unit: str
    total: Floats
    groups: tuple[Floats, ...]
    missing: tuple[int, ...]  # total first, then one a group
    test: TestResult
    as_published: TestResult


@dataclass(frozen=True)
class LevelSummary:
    """One level of a category: how many in total and in each group, and the level against all others."""

    level: str
    n: tuple[int, ...]  # total first, then one a group
    test: TestResult


@dataclass(frozen=True)
class CategorySummary:
    """A category: its levels, how many have a value (total, then groups), how many have none, and the test over all levels."""

    label: str
    levels: tuple[LevelSummary, ...]
    of: tuple[int, ...]
    missing: tuple[int, ...]
    test: TestResult
    outcome: bool = False  # known only after the infusion: no characteristic at baseline


@dataclass(frozen=True)
class Baseline:
    """All rows of Table 1, and the size of the whole and of each group."""

    grouping: Grouping
    n: int
    sizes: tuple[int, ...]
    n_ungrouped: int
    rows: tuple[NumberSummary | CategorySummary, ...]


def baseline(cohort: Cohort, grouping: Grouping, month_1_response: bool = False) -> Baseline:
    """The characteristics of the selected patients; those without a group are in the total only.

    The grouping variable itself is left out.
    """
    group = grouping.of(cohort.patients)
    sizes = tuple(int((group == name).sum()) for name in grouping.names)
    rows: list[NumberSummary | CategorySummary] = []
    for variable in cohort.variables:
        if variable.name != grouping.variable or grouping.cuts:
            rows.append(_row(variable, cohort.patients[variable.name], group, grouping))
    if month_1_response:
        responses = response_at(cohort)
        label = f"Response at month 1 (day {MONTH_1_DAY:g} ± {MONTH_1_WINDOW:g})"
        row = _category(label, response_levels(responses), responses, group, grouping)
        rows.append(replace(row, outcome=True))
    return Baseline(grouping, cohort.n, sizes, int(group.isna().sum()), tuple(rows))


def _row(
    variable: Variable, values: pd.Series, group: pd.Series, grouping: Grouping
) -> NumberSummary | CategorySummary:
    if variable.kind == "category":
        return _category(variable.label, variable.levels, values, group, grouping)
    parts = [values[group == name].dropna().to_numpy(float) for name in grouping.names]
    missing = (int(values.isna().sum()), *(int(values[group == name].isna().sum()) for name in grouping.names))
    total = values.dropna().to_numpy(float)
    if not grouping.compares:
        none = not_done("", len(total), "one group only")
        return NumberSummary(variable.label, variable.unit, total, tuple(parts), missing, none, none)
    published = (
        student_t(*parts)
        if len(parts) == 2
        else not_done("Student's t test", len(total), "not for more than two groups")
    )
    return NumberSummary(variable.label, variable.unit, total, tuple(parts), missing, location_test(parts), published)


def _category(
    label: str, levels: tuple[str, ...], values: pd.Series, group: pd.Series, grouping: Grouping
) -> CategorySummary:
    masks = [group == name for name in grouping.names]
    counts = [[int((values[mask] == level).sum()) for mask in masks] for level in levels]
    of = (int(values.notna().sum()), *(int(values[mask].notna().sum()) for mask in masks))
    missing = (int(values.isna().sum()), *(int(values[mask].isna().sum()) for mask in masks))
    alone = not_done(FISHER, of[0], "one group only")
    summaries = tuple(
        LevelSummary(level, (int((values == level).sum()), *row), fisher(row, of[1:]) if grouping.compares else alone)
        for level, row in zip(levels, counts, strict=True)
    )
    none = not_done(FISHER, of[0], "no values")
    test = (fisher_table(counts) if counts else none) if grouping.compares else alone
    return CategorySummary(label, summaries, of, missing, test)
