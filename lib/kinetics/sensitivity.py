"""How much the answer depends on the choice of the test: the default one of each comparison first, then every other
beside it.

None replaces the default. Definitions and sources: lib/stats (hypothesis, geometric_mean, post_hoc, multiplicity).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import SeriesKey
from lib.kinetics.day_comparison import ComparisonOptions, DayComparison, comparison_of
from lib.kinetics.parameters import AUC_0_28, AUC_0_90, CMAX, Parameter, expanded_values, ranked_values
from lib.kinetics.series import KineticsResult, after_infusion, bias_method, kinetics_of, series_of
from lib.publication.exhibit import Table, TestLine, TypedColumn, typed_table
from lib.publication.number import p_value, plural, ratio, ratio_interval
from lib.publication.spec import ExhibitSpec
from lib.stats.estimate import Estimate, Floats, TestResult, not_done
from lib.stats.means import WELCH_ON_LOGS, geometric_mean_ratio
from lib.stats.ranks import location_test
from lib.stats.several_groups import GroupPair, conover, dunn

DEFAULT: Final = "the default test"
PUBLISHED: Final = "as published (month 1); below the limit: LLOQ/2"
WITHOUT_SILENT: Final = "only whoever rose above the limit"
QUANTIFIABLE_ONLY: Final = "quantifiable samples only"
TESTED: Final = (CMAX, AUC_0_28, AUC_0_90)
NO_RATIO: Final = Estimate(None, reason="the test has none")
Values = Mapping[str, Floats]


@dataclass(frozen=True)
class Sensitivity:
    """One test of one comparison; `ratio` is that of geometric means (None where the test has none).

    `unadjusted_p` is the p of a pair before Holm's adjustment.
    """

    what: str
    comparison: str
    test: TestResult
    remark: str = ""
    ratio: Estimate | None = None
    unadjusted_p: float | None = None


def sensitivity(result: KineticsResult, comparison: DayComparison) -> tuple[Sensitivity, ...]:
    """Every test of Cmax, the areas from day 0 and the values at the chosen day; () for one group."""
    if not result.grouping.compares:
        return ()
    return (*_of_day(result, comparison), *(one for parameter in TESTED for one in _of_parameter(result, parameter)))


def _of_day(result: KineticsResult, comparison: DayComparison) -> Iterator[Sensitivity]:
    names = result.grouping.names
    what = f"day {comparison.day:g}"
    ranked = {name: comparison.of(name) for name in names}
    yield Sensitivity(what, _all(names), comparison.default, DEFAULT)
    if len(names) == 2:
        yield Sensitivity(what, _all(names), comparison.as_published, PUBLISHED)
    yield from _pairs(what, ranked)
    yield from _ratios(what, {name: each[each > 0] for name, each in ranked.items()}, result, QUANTIFIABLE_ONLY)
    yield from _ratios(what, _halved(comparison, names), result, "below the limit: LLOQ/2")


def _halved(comparison: DayComparison, names: tuple[str, ...]) -> Values:
    """The values with half the limit where below it; nobody where a limit is not stated, because the rest would be too
    high.
    """
    values = {name: comparison.of(name, "raw") for name in names}
    known = all(np.all(each > 0) for each in values.values())
    return values if known else {name: each[:0] for name, each in values.items()}


def _of_parameter(result: KineticsResult, parameter: Parameter) -> Iterator[Sensitivity]:
    names = result.grouping.names
    ranked, expanded = ranked_values(result, parameter), expanded_values(result, parameter)
    yield Sensitivity(parameter.label, _all(names), location_test(list(ranked.values())), DEFAULT)
    if sum(map(len, ranked.values())) > sum(map(len, expanded.values())):
        yield Sensitivity(parameter.label, _all(names), location_test(list(expanded.values())), WITHOUT_SILENT)
    yield from _pairs(parameter.label, ranked)
    yield from _ratios(parameter.label, expanded, result, WITHOUT_SILENT)


def _all(names: tuple[str, ...]) -> str:
    return " v ".join(names)


def _pairs(what: str, values: Values) -> Iterator[Sensitivity]:
    """Each pair of three or more groups by Dunn and by Conover and Iman, p by Holm."""
    if len(values) < 3:
        return
    for pair in (*dunn(values), *conover(values)):
        yield Sensitivity(what, f"{pair.first} v {pair.second}", _adjusted(pair), unadjusted_p=pair.test.p)


def _adjusted(pair: GroupPair) -> TestResult:
    return replace(pair.test, name=f"{pair.test.name} of a pair, p by {pair.adjustment}", p=pair.adjusted_p)


def _ratios(what: str, values: Values, result: KineticsResult, remark: str) -> Iterator[Sensitivity]:
    """The ratio of geometric means of each group to the reference."""
    reference = result.grouping.reference_name
    for name in result.grouping.names:
        if name != reference:
            of_means, test = geometric_mean_ratio(values[name], values[reference])
            if not any(map(len, values.values())):
                test = not_done(WELCH_ON_LOGS, 0, "no values, or a limit that is not stated")
                of_means = Estimate(None, reason=test.reason)
            yield Sensitivity(what, f"{name} / {reference}", test, remark, of_means)


def sensitivity_table(result: KineticsResult, comparison: DayComparison) -> Table:
    """One row a test: what was compared, the test, n, ratio of geometric means, p, remark."""
    found = sensitivity(result, comparison)
    within = plural(round(comparison.within), "day")
    return typed_table(
        COLUMNS,
        found,
        id=result.key.id("sensitivity"),
        title=f"Sensitivity analyses of expansion: {result.key.label}",
        caption=(
            f"Day {comparison.day:g} (± {within}) and parameters{after_infusion(result)}; p of single tests not"
            " adjusted, of pairs by Holm."
        ),
        method=" ".join(
            (
                (
                    "Rank tests: whoever never rose above the limit has the lowest rank, and so has a sample below it."
                    " Ratio: of geometric means, Welch's t on logarithms."
                ),
                *bias_method(result.grouping),
            )
        ),
        n=result.n,
        tests=tuple(
            TestLine.of(one.test, f"{one.what}: {one.comparison}" + (f" ({one.remark})" if one.remark else ""))
            for one in found
        ),
    )


def _printed_ratio(one: Sensitivity) -> str:
    found = one.ratio or NO_RATIO
    return f"{ratio(found.value)} ({ratio_interval(found.low, found.high)})" if found.value is not None else "–"


def _remark(one: Sensitivity) -> str:
    return "; ".join(part for part in (one.remark, one.test.reason and f"not done: {one.test.reason}") if part)


def _why(one: Sensitivity) -> str | None:
    """Why a number of the row is missing."""
    why = [one.test.reason] if one.test.reason else []
    why += ["ratio: the test has none"] if one.ratio is None else []
    why += ["df: in the test's name or none"] if one.test.df is None and not one.test.reason else []
    return "; ".join(why) or None


COLUMNS: Final = (
    TypedColumn("Value", "value", "", lambda one: one.what, lambda one: one.what),
    TypedColumn("Comparison", "comparison"),
    TypedColumn("Test", "test", "", lambda one: one.test.name, lambda one: one.test.name),
    TypedColumn(name="statistic", value=lambda one: one.test.statistic),
    TypedColumn(name="df", value=lambda one: one.test.df),
    TypedColumn("n", "n", "patients", lambda one: one.test.n, lambda one: str(one.test.n)),
    TypedColumn(
        "Ratio of geometric means (95 % CI)", "ratio", "", lambda one: (one.ratio or NO_RATIO).value, _printed_ratio
    ),
    TypedColumn(name="ratio_low", value=lambda one: (one.ratio or NO_RATIO).low),
    TypedColumn(name="ratio_high", value=lambda one: (one.ratio or NO_RATIO).high),
    TypedColumn("p", "p", "", lambda one: one.test.p, lambda one: p_value(one.test.p)),
    TypedColumn(name="unadjusted_p"),
    TypedColumn("Remark", "remark", "", lambda one: one.remark or None, _remark),
    TypedColumn(name="reason", value=_why),
)


def _build(analysis: Analysis, key: SeriesKey, options: ComparisonOptions) -> Table:
    comparison = comparison_of(analysis, key, options, options.day, options.window)
    return sensitivity_table(kinetics_of(analysis, key, options), comparison)


KINETIC_SENSITIVITY: Final = ExhibitSpec(
    "kinetics.sensitivity",
    "Sensitivity analyses of kinetics",
    "kinetics",
    _build,
    ComparisonOptions,
    series_of,
    lambda key: key.id("sensitivity"),
    lambda analysis, *_: analysis.grouping.compares,
)
