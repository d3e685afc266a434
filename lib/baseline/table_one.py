"""Table 1: each patient column summarised in total and by group, with the test that fits it.

A number gets Mann-Whitney (Kruskal-Wallis for more than two groups), a category Fisher's exact test (Fisher-Freeman-Halton
for more than two levels or groups). Missing values are counted, and are in no percentage and no test. Printed: median (IQR), below it the
range; n (%); missing counts; p-values only where asked for, and none where all patients are alike.
"""

import math
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort, Variable
from lib.derived.response_at import MONTH_1_DAY, MONTH_1_WINDOW, response_at, response_levels
from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import count, p_value, plural
from lib.publication.options import Sized, flag
from lib.publication.spec import ExhibitSpec
from lib.stats.estimate import Floats, TestResult, not_done
from lib.stats.ranks import FISHER, fisher, fisher_table, location_test, student_t

INDENT: Final = "\u2003"
MOST_DECIMALS: Final = 4
OUTCOME: Final = ", outcome after infusion"


def _compares(analysis: Analysis, _variant: Any) -> bool:
    return analysis.grouping.compares


@dataclass(frozen=True)
class BaselineOptions(Sized):
    """What Table 1 shows beside the numbers: p-values, each level against the rest, the t test "as published", an outcome."""

    p_values: bool = flag(
        False,
        "p-values",
        help="Off by default: patients were not randomised, so they say little about who is alike.",
        when=_compares,
    )
    each_level: bool = flag(False, "Each level against the rest", when=_compares, only_with=("p_values", True))
    as_published: bool = flag(
        False, "As published (Student's t for numbers)", when=_compares, only_with=("p_values", True)
    )
    month_1: bool = flag(
        None, "Response at month 1", help="An outcome after infusion, marked as such: it is no characteristic at baseline.",
        usual=lambda analysis, _: analysis.opened.study.month_1_response and not analysis.opened.responses.empty,
        when=lambda analysis, _: not analysis.opened.responses.empty,
    )  # fmt: skip


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


def baseline_table(result: Baseline, options: BaselineOptions) -> Table:
    """The printed table; its tests hold every test, shown or not."""
    shows_p = result.grouping.compares and options.p_values
    header: tuple[str, ...] = ("Characteristic", f"Total (n = {result.n:,})")
    if result.grouping.compares:
        sizes = zip(result.grouping.names, result.sizes, strict=True)
        header += tuple(f"{_signs(name)} (n = {size:,})" for name, size in sizes)
    rows: list[tuple[str, ...]] = []
    for row in result.rows:
        rows += _number_rows(row, options) if isinstance(row, NumberSummary) else _category_rows(row, options)
    width = len(header)
    printed = tuple(row[:width] + ((row[-1],) if shows_p else ()) for row in rows)
    return Table(
        id="baseline.table_one",
        title="Patient characteristics",
        header=(*header, "p") if shows_p else header,
        rows=printed,
        caption="Median (interquartile range), range below it; n (%) of patients with a value.",
        method=" ".join(("Quartiles: R's type 7.", *(_of_p(result, options) if shows_p else ()))),
        notes=_notes(result),
        n=result.n,
        numbers=_numbers(result),
        tests=_tests(result),
        whole=True,
    )


def _signs(words: str) -> str:
    """≥5 for >=5."""
    return words.replace(">=", "≥").replace("<=", "≤")


def _number_rows(row: NumberSummary, options: BaselineOptions) -> list[tuple[str, ...]]:
    unit = f", {row.unit}" if row.unit else ""
    test = row.as_published if options.as_published else row.test
    every = (row.total, *row.groups)
    decimals = _decimals(row.total)
    median = (f"{row.label}{unit}", *(_median(values, decimals) for values in every), p_value(test.p))
    of_range = (f"{INDENT}range", *(_range(values, decimals) for values in every), "")
    return [median, *([of_range] if len(row.total) else []), *_missing_row(row.missing)]


def _category_rows(row: CategorySummary, options: BaselineOptions) -> list[tuple[str, ...]]:
    overall = "" if options.each_level else _p(row.test, row.levels, row.of)
    if [level.level for level in row.levels] in (["no", "yes"], ["yes"]):
        yes = row.levels[-1]
        return [(row.label, *_shares(yes, row.of), _p(yes.test, (yes,), row.of)), *_missing_row(row.missing)]
    label = f"{row.label}{OUTCOME if row.outcome else ''}"
    printed: list[tuple[str, ...]] = [(label, *("" for _ in row.of), overall)]
    for level in row.levels:
        p = _p(level.test, (level,), row.of) if options.each_level else ""
        printed.append((f"{INDENT}{_signs(level.level)}", *_shares(level, row.of), p))
    return printed + _missing_row(row.missing)


def _p(test: TestResult, levels: tuple[LevelSummary, ...], of: tuple[int, ...]) -> str:
    """The p of a row; none where all or none of the patients have a level, and nobody differs from anybody."""
    counted, everybody = [sum(level.n[1:]) for level in levels], sum(of[1:])
    return p_value(None if everybody in counted or not any(counted) else test.p)


def _missing_row(missing: tuple[int, ...]) -> list[tuple[str, ...]]:
    return [(f"{INDENT}missing", *map(str, missing), "")] if missing[0] else []


def _shares(level: LevelSummary, of: tuple[int, ...]) -> list[str]:
    return [count(n, total) for n, total in zip(level.n, of, strict=True)]


def _decimals(values: Floats) -> int:
    """So many decimals that the median has three digits."""
    size = abs(float(np.median(values))) if len(values) else 0.0
    return min(MOST_DECIMALS, max(0, 2 - math.floor(math.log10(size)))) if size else 1


def _median(values: Floats, decimals: int) -> str:
    if not len(values):
        return "–"
    low, middle, high = (f"{value:,.{decimals}f}" for value in np.quantile(values, [0.25, 0.5, 0.75]))
    return f"{middle} ({low}–{high})"


def _range(values: Floats, decimals: int) -> str:
    """The smallest and largest value, whole numbers as such."""
    if not len(values):
        return "–"
    shown = 0 if np.all(values == np.round(values)) else decimals
    return f"{values.min():,.{shown}f}–{values.max():,.{shown}f}"


def _notes(result: Baseline) -> tuple[str, ...]:
    said = []
    outcomes = [row.label for row in result.rows if isinstance(row, CategorySummary) and row.outcome]
    if outcomes:
        said.append(f"{', '.join(outcomes)}: an outcome after infusion, no characteristic at baseline.")
    if result.n_ungrouped:
        said.append(f"{plural(result.n_ungrouped, 'patient')} without {result.grouping.label} in the total only.")
    return tuple(said)


def _of_p(result: Baseline, options: BaselineOptions) -> list[str]:
    """Which tests the p-values are of."""
    numbers = [row for row in result.rows if isinstance(row, NumberSummary)]
    categories = [row for row in result.rows if isinstance(row, CategorySummary)]
    of_numbers = [row.as_published if options.as_published else row.test for row in numbers]
    said = [f"p for numbers: {_names(of_numbers)}."] if numbers else []
    if options.each_level:
        levels = [level.test for row in categories for level in row.levels]
        said.append(f"p for categories (each level against all others): {_names(levels)}.")
    else:
        said.append(f"p for categories: {_names([row.test for row in categories])}.")
    return [
        *said, "p-values of baseline differences are not adjusted for their number, and do not show that groups are alike.",
    ]  # fmt: skip


def _names(tests: list[TestResult]) -> str:
    return "; ".join(dict.fromkeys(test.name for test in tests if test.p is not None)) or "not done"


def _numbers(result: Baseline) -> Numbers:
    """One row a number or level and column of the table: n, of, missing, and for numbers the five-number summary."""
    columns = (("characteristic", ""), ("level", ""), ("group", ""), ("n", "patients"), ("of", "patients"), ("missing", "patients"),
               ("median", ""), ("q1", ""), ("q3", ""), ("minimum", ""), ("maximum", ""), ("reason", ""))  # fmt: skip
    names = ("Total", *result.grouping.levels) if result.grouping.compares else ("Total",)
    rows: list[tuple[object, ...]] = []
    for row in result.rows:
        if isinstance(row, NumberSummary):
            for name, values, missing in zip(names, (row.total, *row.groups), row.missing, strict=False):
                why = None if len(values) else "nobody has a value"
                rows.append((row.label, None, name, len(values), len(values) + missing, missing, *_five(values), why))
        else:
            for level in row.levels:
                for name, n, of, missing in zip(names, level.n, row.of, row.missing, strict=False):
                    rows.append((row.label, level.level, name, n, of, missing, *[None] * 5, "a category has no median"))
    return Numbers(columns, tuple(rows))


def _five(values: Floats) -> tuple[float | None, ...]:
    if not len(values):
        return (None,) * 5
    low, middle, high = (float(value) for value in np.quantile(values, [0.25, 0.5, 0.75]))
    return middle, low, high, float(values.min()), float(values.max())


def _tests(result: Baseline) -> tuple[TestLine, ...]:
    """Every test: the default one of each row, each level against the rest, and the t test of each number."""
    if not result.grouping.compares:
        return ()
    groups = " v ".join(result.grouping.names)
    lines = []
    for row in result.rows:
        if isinstance(row, NumberSummary):
            lines += [
                TestLine.of(row.test, f"{row.label}: {groups}"),
                TestLine.of(row.as_published, f"{row.label}: {groups}"),
            ]
        else:
            lines.append(TestLine.of(row.test, f"{row.label}: {groups}"))
            lines += [
                TestLine.of(level.test, f"{row.label} {level.level} against the rest: {groups}") for level in row.levels
            ]
    return tuple(lines)


def _build(analysis: Analysis, options: BaselineOptions) -> Table:
    month_1 = options.month_1 and not analysis.selected.responses.empty
    return baseline_table(baseline(analysis.selected, analysis.grouping, month_1_response=month_1), options)


TABLE_ONE: Final = ExhibitSpec("baseline.table_one", "Table 1", "patients", _build, BaselineOptions)
