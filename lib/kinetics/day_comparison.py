"""Groups at one day: each patient's value nearest to it, by Mann-Whitney (Kruskal-Wallis) and, as published, by
Student's t on raw values.

Below the limit of quantification a value has the lowest rank in a rank test, and counts as half the limit in the t
test.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import SeriesKey
from lib.cohort.printed import raised
from lib.derived.sampling import near_days, window
from lib.kinetics.series import (
    KineticsOptions,
    KineticsResult,
    bias_method,
    kinetics_of,
    replicate_notes,
    series_of,
)
from lib.publication.exhibit import Table, TestLine, TypedColumn, typed_table
from lib.publication.number import p_equals, plural, short
from lib.publication.options import number
from lib.publication.spec import ExhibitSpec
from lib.publication.who import Who, events_who
from lib.stats.estimate import Floats, TestResult, not_done
from lib.stats.ranks import MANN_WHITNEY, STUDENT_T, location_test, student_t

UNKNOWN_LIMIT: Final = "a sample lies below a limit that is not stated"
LAST_DAY, WIDEST = 3650, 365


@dataclass(frozen=True)
class ComparisonOptions(KineticsOptions):
    """On which day groups are compared."""

    day: float = number(
        None,
        "Compare at day",
        0,
        LAST_DAY,
        each_variant=True,
        usual=lambda analysis, key: kinetics_of(analysis, key).month_1 if key else 28.0,
    )
    window: float | None = number(
        None,
        "± days",
        0,
        WIDEST,
        none="as usual",
        each_variant=True,
        help="The nearest sample of each patient within so many days.",
    )


@dataclass(frozen=True)
class DayComparison:
    """The groups at one day: each patient's value nearest to it, at most `within` days away.

    `values`: patient, group, value (0 = below the limit), raw (below: half the limit, NaN if not stated), lloq.
    `default` is the test of the figure; `as_published` Student's t on raw values; the others stand among the
    sensitivity analyses.
    """

    day: float
    within: float
    values: pd.DataFrame
    default: TestResult
    as_published: TestResult

    def of(self, group: str, column: str = "value") -> Floats:
        """The values of one group."""
        return self.values.loc[self.values["group"] == group, column].to_numpy(float)


def compare_at(table: pd.DataFrame, day: float, names: Sequence[str], within: float | None = None) -> DayComparison:
    """The groups at one day; `table` is a series with a column group, `within` so many days of it (None = as usual)."""
    return _compare(near_days(table[table["group"].notna()], (day,), within), day, names, within)


def _compare(near: pd.DataFrame, day: float, names: Sequence[str], within: float | None = None) -> DayComparison:
    """The groups at one day, of which each patient's nearest sample is given."""
    values = near[["patient", "group", "lloq"]].assign(
        value=near["value"].fillna(0.0), raw=near["value"].fillna(near["lloq"] / 2)
    )
    n, one = len(near), "one group only"
    window_used = window(day) if within is None else within
    if len(names) < 2:
        return DayComparison(day, window_used, values, not_done(MANN_WHITNEY, n, one), not_done(STUDENT_T, n, one))
    by_group = [values[values["group"] == name] for name in names]
    default = location_test([rows["value"].to_numpy(float) for rows in by_group])
    published = not_done(STUDENT_T, n, "not for more than two groups")
    if values["raw"].isna().any():
        published = not_done(STUDENT_T, n, UNKNOWN_LIMIT)
    elif len(names) == 2:
        published = student_t(*(rows["raw"].to_numpy(float) for rows in by_group))
    return DayComparison(day, window_used, values, default, published)


def compared_at(result: KineticsResult, day: float | None = None, within: float | None = None) -> DayComparison:
    """The groups of a series at one day, that nearest to month 1 where none is given."""
    day, names = result.month_1 if day is None else day, result.grouping.names
    if within is None and day in result.days:
        return _compare(result.near[result.near["nominal"] == day], day, names)
    return compare_at(result.table, day, names, within)


def comparison_of(
    analysis: Analysis, key: SeriesKey, options: KineticsOptions, day: float | None = None, within: float | None = None
) -> DayComparison:
    """The groups at one day, computed once for all exhibits that show it."""
    settings = (float(options.base_day), options.replicates)
    chosen = kinetics_of(analysis, key, KineticsOptions(*settings)).month_1 if day is None else float(day)
    return analysis.result(_compared, key, *settings, chosen, within)


def _compared(
    analysis: Analysis, key: SeriesKey, base_day: float, rule: str, day: float, within: float | None
) -> DayComparison:
    return compared_at(kinetics_of(analysis, key, KineticsOptions(base_day, rule)), day, within)


def comparison_sentence(comparison: DayComparison) -> str:
    """The default test at the day, with its name, n and window."""
    where, test = f"Day {comparison.day:g} (± {comparison.within:g})", comparison.default
    if test.p is None:
        return f"{where}: {test.name} not done: {test.reason}."
    return f"{where}: {test.name}, {p_equals(test.p)} (n = {test.n}; below the limit: lowest rank)."


def comparison_table(result: KineticsResult, comparison: DayComparison) -> Table:
    """The groups at one day: n, how many are below the limit, median [range], the default test and the one as
    published.
    """
    names, day, unit = result.grouping.names, f"{comparison.day:g}", result.key.unit
    tests = (comparison.default, comparison.as_published) if result.grouping.compares else ()
    columns = (
        TypedColumn("Group", "group", "", lambda row: row[1], lambda row: row[0]),
        TypedColumn("n", "n", "patients", lambda row: len(row[2]), lambda row: str(len(row[2]))),
        TypedColumn(
            "Below limit", "below_limit", "patients", lambda row: _below(row[2]), lambda row: str(_below(row[2]))
        ),
        TypedColumn(f"Median [range], {raised(unit) or 'units'}", "median", unit, lambda row: _median(row[2]), _spread),
        TypedColumn(name="reason", value=lambda row: None if len(row[2]) else "no values"),
    )
    return typed_table(
        columns,
        [(name, level, comparison.of(name)) for name, level in zip(names, result.grouping.levels, strict=True)],
        id=result.key.id("comparison"),
        title=f"Day {day} by {result.grouping.label or 'group'}: {result.key.label}",
        caption=comparison_sentence(comparison) if tests else f"Day {day} (± {comparison.within:g}).",
        method=" ".join(
            (
                (
                    f"The nearest sample of each patient within {plural(round(comparison.within), 'day')} of day {day};"
                    " below the limit counts as 0."
                ),
                *((_as_published(comparison.as_published), *bias_method(result.grouping)) if tests else ()),
                *replicate_notes(result),
            )
        ),
        n=len(comparison.values),
        tests=tuple(TestLine.of(test, f"day {day}: {' v '.join(names)}") for test in tests),
    )


def _below(values: Floats) -> int:
    return int((values == 0).sum())


def _median(values: Floats) -> float | None:
    return float(np.median(values)) if len(values) else None


def _spread(row: tuple[str, str, Floats]) -> str:
    values = row[2]
    return f"{short(_median(values))} [{short(values.min())}–{short(values.max())}]" if len(values) else short(None)


def _as_published(test: TestResult) -> str:
    if test.p is None:
        return f"As published: {test.name} not done: {test.reason}."
    return f"As published: {test.name} on raw values, {p_equals(test.p)} (n = {test.n}; below the limit: LLOQ/2)."


def _build(analysis: Analysis, key: SeriesKey, options: ComparisonOptions) -> Table:
    comparison = comparison_of(analysis, key, options, options.day, options.window)
    return comparison_table(kinetics_of(analysis, key, options), comparison)


def _who(analysis: Analysis, key: SeriesKey, options: ComparisonOptions) -> Who:
    values = comparison_of(analysis, key, options, options.day, options.window).values
    below = values.assign(event=(values["value"] == 0).astype(int))
    return events_who(below, analysis.grouping.names)


GROUPS_AT_DAY: Final = ExhibitSpec(
    "kinetics.comparison",
    "Groups at one day",
    "kinetics",
    _build,
    ComparisonOptions,
    series_of,
    lambda key: key.id("comparison"),
    who=_who,
)
