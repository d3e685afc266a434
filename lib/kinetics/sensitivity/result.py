"""How much the answer depends on the choice of the test: the default one of each comparison first, then every other beside it.

None replaces the default. Definitions and sources: lib/stats (hypothesis, geometric_mean, post_hoc, multiplicity).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lib.kinetics.profile import DayComparison
from lib.kinetics.result import KineticsResult
from lib.kinetics.summary import AUC_0_28, AUC_0_90, CMAX, Parameter, expanded_values, ranked_values
from lib.stats.estimate import Estimate, Floats, TestResult, not_done
from lib.stats.means import WELCH_ON_LOGS, geometric_mean_ratio
from lib.stats.ranks import location_test
from lib.stats.several_groups import GroupPair, conover, dunn

DEFAULT: Final = "the default test"
PUBLISHED: Final = "as published (month 1); below the limit: LLOQ/2"
WITHOUT_SILENT: Final = "only whoever rose above the limit"
QUANTIFIABLE_ONLY: Final = "quantifiable samples only"
TESTED: Final = (CMAX, AUC_0_28, AUC_0_90)
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


def sensitivity(result: KineticsResult) -> tuple[Sensitivity, ...]:
    """Every test of Cmax, the areas from day 0 and the values at the chosen day; () for one group."""
    if not result.grouping.compares:
        return ()
    return (*_of_day(result), *(one for parameter in TESTED for one in _of_parameter(result, parameter)))


def _of_day(result: KineticsResult) -> Iterator[Sensitivity]:
    comparison, names = result.comparison, result.grouping.names
    what = f"day {comparison.day:g}"
    ranked = {name: comparison.of(name) for name in names}
    yield Sensitivity(what, _all(names), comparison.default, DEFAULT)
    if len(names) == 2:
        yield Sensitivity(what, _all(names), comparison.as_published, PUBLISHED)
    yield from _pairs(what, ranked)
    yield from _ratios(what, {name: each[each > 0] for name, each in ranked.items()}, result, QUANTIFIABLE_ONLY)
    yield from _ratios(what, _halved(comparison, names), result, "below the limit: LLOQ/2")


def _halved(comparison: DayComparison, names: tuple[str, ...]) -> Values:
    """The values with half the limit where below it; nobody where a limit is not stated, because the rest would be too high."""
    values = {name: comparison.of(name, "raw") for name in names}
    known = all(np.all(each > 0) for each in values.values())
    return values if known else {name: each[:0] for name, each in values.items()}


def _of_parameter(result: KineticsResult, parameter: Parameter) -> Iterator[Sensitivity]:
    names, ranked, expanded = (
        result.grouping.names,
        ranked_values(result, parameter),
        expanded_values(result, parameter),
    )
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
            ratio, test = geometric_mean_ratio(values[name], values[reference])
            if not any(map(len, values.values())):
                test = not_done(WELCH_ON_LOGS, 0, "no values, or a limit that is not stated")
                ratio = Estimate(None, reason=test.reason)
            yield Sensitivity(what, f"{name} / {reference}", test, remark, ratio)
