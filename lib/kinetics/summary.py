"""Kinetic parameters by group: geometric mean (gCV) of amounts, median [range] of days, their ratio and tests.

Days without an end (Tbql) and days that sampling cuts short (Tlast) are not tested here: that is what the persistence
curve is for. Source of the interval and of the ratio: t and Welch's t on logarithms, lib/stats/means.py.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import SeriesKey
from lib.cohort.printed import raised
from lib.kinetics.parameter_table import Why
from lib.kinetics.parameters import (
    AUC_0_28,
    AUC_0_90,
    CMAX,
    HALF_LIFE,
    PARAMETERS,
    RULES,
    Parameter,
    brief,
    expanded_values,
    general,
    never_expanded,
    ranked_values,
    sampled,
    silent_notes,
    who_has_each,
)
from lib.kinetics.series import (
    KineticsOptions,
    KineticsResult,
    after_infusion,
    bias_method,
    kinetics_of,
    replicate_notes,
    series_of,
)
from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import (
    above_limit_notes,
    interval,
    p_equals,
    p_value,
    plural,
    ratio,
    ratio_interval,
    short,
)
from lib.publication.spec import ExhibitSpec
from lib.stats.estimate import Estimate, Floats, TestResult, not_done
from lib.stats.means import geometric_cv, geometric_mean, geometric_mean_ratio
from lib.stats.ranks import MANN_WHITNEY, location_test

SUMMARY_COLUMNS: Final = (
    ("parameter", ""),
    ("group", ""),
    ("n", "patients"),
    ("value", ""),
    ("minimum", ""),
    ("maximum", ""),
    ("gcv_percent", "%"),
    ("mean_low", ""),
    ("mean_high", ""),
    ("ratio", ""),
    ("ratio_low", ""),
    ("ratio_high", ""),
    ("reason", ""),
)


@dataclass(frozen=True)
class GroupSummary:
    """`value` is the geometric mean or the median of `n` values, `low` and `high` the smallest and the largest of them.

    `gcv` in percent and `mean`, the geometric mean with its 95 % interval: of geometric means only, without limits for
    fewer than two.
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

    `ratio` is that of the geometric means of two groups, the second over the reference (None for other parameters or
    more groups).
    """

    parameter: Parameter
    groups: tuple[GroupSummary, ...]
    test: TestResult
    ratio: Estimate | None = None


def parameter_summaries(result: KineticsResult) -> tuple[ParameterSummary, ...]:
    """Every parameter after the chosen infusion."""
    return tuple(_summary(parameter, result) for parameter in PARAMETERS)


def left_out(result: KineticsResult, parameter: Parameter) -> dict[str, Counter[str]]:
    """By group why those who expanded have no value of it, without the days and numbers of single patients; only groups
    with any.
    """
    rows, found = result.of_infusion, dict[str, Counter[str]]()
    missing = rows.expanded & (rows.why(parameter.name) != Why.KNOWN)
    for place, name in enumerate(result.grouping.names):
        mine = np.flatnonzero(missing & (rows["slot"] == place))
        codes, first, counts = np.unique(rows.why(parameter.name)[mine], return_index=True, return_counts=True)
        counted = Counter[str]()
        for each in np.argsort(first):  # in the order in which they are met
            counted[general(rows.words(int(mine[first[each]]), parameter.name))] += int(counts[each])
        found |= {name: counted} if len(codes) else {}
    return found


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
    of_two, _ = geometric_mean_ratio(values[other_group(result)], values[result.grouping.reference_name])
    return ParameterSummary(parameter, groups, test, of_two)


def _group(name: str, values: Floats, geometric: bool) -> GroupSummary:
    if not len(values):
        return GroupSummary(name, 0, None, None, None, None)
    low, high = float(values.min()), float(values.max())
    if not geometric:
        return GroupSummary(name, len(values), float(np.median(values)), low, high, None)
    mean = geometric_mean(values)
    return GroupSummary(name, len(values), mean.value, low, high, geometric_cv(values), mean)


def headline(result: KineticsResult) -> str:
    """The typical peak of each group with its interval, their ratio (with p where no bias makes it void), the days of
    the peaks."""
    if not result.n:
        return "Nobody in this selection has samples of this series."
    days = result.of_infusion["tmax"][result.of_infusion.expanded]
    if not len(days):
        return "No sample is above the limit of quantification."
    cmax = _summary(CMAX, result)
    peaks = ", ".join(_peak(group, result.grouping.compares) for group in cmax.groups if group.n)
    unit = f", {raised(result.key.unit)}" if result.key.unit else ""
    first, last = days.min(), days.max()
    when = f"day {first:g}" if first == last else f"days {first:g} to {last:g}"
    silent = int(result.of_infusion.silent.sum())
    said = f" {plural(silent, 'patient')} never rose above the limit of quantification." if silent else ""
    return f"Cmax{unit}, geometric mean (95 % CI): {peaks}{_compared(cmax, result)}. Peaks on {when}.{said}"


def _peak(group: GroupSummary, named: bool) -> str:
    limits = f" ({interval(group.mean.low, group.mean.high)})" if group.mean and group.mean.low is not None else ""
    return f"{f'{group.group} ' if named else ''}{short(group.value)}{limits}"


def _compared(cmax: ParameterSummary, result: KineticsResult) -> str:
    """Ratio and p of the groups' peaks; no p where the groups were formed after the infusion."""
    said = f"; ratio {_ratio(cmax.ratio)}" if cmax.ratio and cmax.ratio.value is not None else ""
    if cmax.test.p is None or result.grouping.known_after_infusion:
        return said
    return f"{said}; {p_equals(cmax.test.p)} ({cmax.test.name.split(' (')[0].removesuffix(' test')})"


def summary_table(result: KineticsResult) -> Table:
    """One row a parameter: geometric mean (gCV) or median [range] by group, ratio of two geometric means, default
    test."""
    names, compares, two = result.grouping.names, result.grouping.compares, len(result.grouping.names) == 2
    summaries = parameter_summaries(result)
    of_two = (f"Ratio {other_group(result)} / {result.grouping.reference_name} (95 % CI)",) if two else ()
    tests = (
        tuple(TestLine.of(one.test, f"{one.parameter.label}: {' v '.join(names)}") for one in summaries)
        if compares
        else ()
    )
    sizes = sampled(result)
    return Table(
        id=result.key.id("summary"),
        title=f"Kinetic parameters by group: {result.key.label}",
        header=(
            "Parameter",
            *(f"{name} (n = {n})" for name, (n, _) in sizes.items()),
            *of_two,
            *(("p",) if compares else ()),
        ),
        rows=(*_silent_row(result, len(of_two) + compares), *(_summary_row(one, result) for one in summaries)),
        caption=f"Geometric mean (95 % CI; gCV) or median [range]{after_infusion(result)}; n where not all have it.",
        method=_method(result, tests),
        notes=_summary_notes(result),
        n=len(result.of_infusion),
        numbers=_summary_numbers(summaries, result),
        tests=tests,
    )


def _method(result: KineticsResult, tests: tuple[TestLine, ...]) -> str:
    """How parameters are computed and compared."""
    done = "; ".join(dict.fromkeys(test.name for test in tests if test.p is not None)) or "not done"
    said = [RULES, "Intervals by t on logarithms; gCV: geometric coefficient of variation."]
    if result.grouping.compares:
        said.append(f"p: {done}; whoever never rose above the limit has the lowest rank.")
    if len(result.grouping.names) == 2:
        said.append("Ratio: of geometric means, by Welch's t on logarithms.")
    said += [
        "Tlast: described, not compared: whoever is still quantifiable in the last sample has at least that.",
        "Tbql: of those whose transgene became undetectable; the others are still in the persistence curve.",
    ]
    return " ".join((*said, *replicate_notes(result), *bias_method(result.grouping)))


def _silent_row(result: KineticsResult, empty: int) -> list[tuple[str, ...]]:
    """How many never rose above the limit, where there are any."""
    cells = [str(silent) for _, silent in sampled(result).values()]
    return [("Never above the LLOQ", *cells, *("",) * empty)] if never_expanded(result) else []


def _summary_row(summary: ParameterSummary, result: KineticsResult) -> tuple[str, ...]:
    parameter, sizes = summary.parameter, sampled(result)
    label = f"{parameter.label}, {raised(parameter.unit(result.key.unit))}".removesuffix(", fold")
    row = (label, *(_printed(group, parameter, sizes[group.group][0]) for group in summary.groups))
    if not result.grouping.compares:
        return row
    if len(summary.groups) > 2:
        return (*row, p_value(summary.test.p))
    compared = summary.ratio
    cell = _ratio(compared) if compared and compared.value is not None else "–"
    return (*row, cell, p_value(summary.test.p))


def _ratio(found: Estimate) -> str:
    return f"{ratio(found.value)} ({ratio_interval(found.low, found.high)})"


def _summary_notes(result: KineticsResult) -> tuple[str, ...]:
    lower = int(result.of_infusion["at_least"].sum())
    bounds = plural(lower, "value is a lower bound", "values are lower bounds")
    return (
        *silent_notes(result),
        *_left_out_notes(result),
        *above_limit_notes(int(result.table["above"].sum())),
        *([f"Fold expansion: {bounds}, because day {result.base_day:g} lies below the limit."] if lower else []),
    )


def _left_out_notes(result: KineticsResult) -> list[str]:
    """Who is missing from a comparison, group by group and why: those who persist longest are likely among them."""
    notes = []
    for parameter in (AUC_0_28, AUC_0_90, HALF_LIFE):
        missing = left_out(result, parameter)
        if missing:
            counts = ", ".join(f"{name} {_reasons(counted)}" for name, counted in missing.items())
            notes.append(f"{parameter.label} missing: {counts}.")
    return notes


def _reasons(counted: Counter[str]) -> str:
    """How many, and why; without the days and numbers that differ between patients."""
    return ", ".join(f"{n} ({brief(reason)})" for reason, n in counted.most_common())


def _summary_numbers(summaries: tuple[ParameterSummary, ...], result: KineticsResult) -> Numbers:
    rows: list[tuple[object, ...]] = []
    no_ratio = (None, None, None)
    levels = result.grouping.level_of
    for name, (n, silent) in sampled(result).items():
        rows.append(
            ("never_quantifiable", levels[name], n, float(silent), *(None,) * 5, *no_ratio, "a count of patients")
        )
    for one in summaries:
        for group in one.groups:
            compared = one.ratio is not None and group.group != result.grouping.reference_name
            of_two = (one.ratio.value, one.ratio.low, one.ratio.high) if compared and one.ratio else no_ratio
            reasons = (_why_not(group, one.parameter.geometric), _why_no_ratio(one, compared))
            said = "; ".join(reason for reason in reasons if reason) or None
            limits = (group.mean.low, group.mean.high) if group.mean else (None, None)
            numbers = (group.value, group.low, group.high, group.gcv, *limits)
            rows.append((one.parameter.name, levels[group.group], group.n, *numbers, *of_two, said))
    return Numbers(SUMMARY_COLUMNS, tuple(rows))


def _why_not(group: GroupSummary, geometric: bool) -> str:
    """Why a number of the summary is missing."""
    if not group.n:
        return "no values"
    if not geometric:
        return "a median has no gCV and no interval here"
    return "" if group.n > 1 else "one value has no gCV and no interval"


def _why_no_ratio(summary: ParameterSummary, compared: bool) -> str:
    if compared and summary.ratio is not None:
        return f"ratio: {summary.ratio.reason}" if summary.ratio.reason else ""
    return (
        "ratio: of the other group to the reference" if summary.ratio is not None else "no ratio of two geometric means"
    )


def _printed(group: GroupSummary, parameter: Parameter, of: int) -> str:
    if group.value is None:
        return "n = 0"
    limits = f"[{parameter.written(group.low)}–{parameter.written(group.high)}]"
    if parameter.geometric:
        gcv = f"{group.gcv:.0f} %" if group.gcv is not None else "NC"
        mean = group.mean
        known = mean is not None and mean.low is not None
        between = f"{parameter.written(mean.low)}–{parameter.written(mean.high)}; " if mean and known else ""
        limits = f"({between}{gcv})"
    return f"{parameter.written(group.value)} {limits}{f', n = {group.n}' if group.n < of else ''}"


def _build(analysis: Analysis, key: SeriesKey, options: KineticsOptions) -> Table:
    return summary_table(kinetics_of(analysis, key, options))


PARAMETERS_BY_GROUP: Final = ExhibitSpec(
    "kinetics.summary",
    "Parameters by group",
    "kinetics",
    _build,
    KineticsOptions,
    series_of,
    lambda key: key.id("summary"),
    who=lambda *of: who_has_each(kinetics_of(*of)),
)
