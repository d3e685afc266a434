"""Tables of the comparison at a day, and of every test beside the default one."""

from typing import Final

import numpy as np

from lib.kinetics.result import KineticsResult
from lib.kinetics.sensitivity.result import Sensitivity
from lib.kinetics.words import bias_notes, comparison_sentence, replicate_notes
from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import interval, p_equals, p_value, plural, short
from lib.stats.estimate import TestResult

COLUMNS: Final = (
    ("value", ""), ("comparison", ""), ("test", ""), ("statistic", ""), ("df", ""), ("n", "patients"), ("ratio", ""), ("ratio_low", ""),
    ("ratio_high", ""), ("p", ""), ("unadjusted_p", ""), ("remark", ""), ("reason", ""),
)  # fmt: skip


def comparison_table(result: KineticsResult) -> Table:
    """The groups at one day: n, how many are below the limit, median [range], the default test and the one as published."""
    comparison, names = result.comparison, result.grouping.names
    rows, numbers = [], []
    for name, level in zip(names, result.grouping.levels, strict=True):
        values = comparison.of(name)
        below = int((values == 0).sum())
        middle = float(np.median(values)) if len(values) else None
        spread = f" [{short(values.min())}–{short(values.max())}]" if len(values) else ""
        rows.append((name, str(len(values)), str(below), f"{short(middle)}{spread}"))
        numbers.append((level, len(values), below, middle, None if len(values) else "no values"))
    tests = (comparison.default, comparison.as_published) if result.grouping.compares else ()
    day = f"{comparison.day:g}"
    said = (*bias_notes(result.grouping), comparison_sentence(result), _as_published(comparison.as_published))
    return Table(
        id=result.key.id("comparison"),
        title=f"Day {day} by {result.grouping.label or 'group'}: {result.key.label}",
        header=("Group", "n", "Below limit", f"Median [range], {result.key.unit or 'units'}"),
        rows=tuple(rows),
        caption=f"Samples within {plural(round(comparison.within), 'day')} of day {day}, the nearest of a patient; below the limit counts as 0.",
        notes=(*(said if tests else ()), *replicate_notes(result)),
        n=len(comparison.values),
        numbers=Numbers((("group", ""), ("n", "patients"), ("below_limit", "patients"), ("median", result.key.unit), ("reason", "")), tuple(numbers)),
        tests=tuple(
            TestLine(test.name, f"day {day}: {' v '.join(names)}", test.statistic, test.df, test.p, test.n, test.reason)
            for test in tests
        ),
    )  # fmt: skip


def _as_published(test: TestResult) -> str:
    if test.p is None:
        return f"As published: {test.name} not done: {test.reason}."
    return f"As published: {test.name} on raw values, {p_equals(test.p)} (n = {test.n}; below the limit: LLOQ/2)."


def sensitivity_table(result: KineticsResult, found: tuple[Sensitivity, ...]) -> Table:
    """One row a test: what was compared, the test, n, ratio of geometric means, p, remark."""
    comparison = result.comparison
    return Table(
        id=result.key.id("sensitivity"),
        title=f"Sensitivity analyses of expansion: {result.key.label}",
        header=("Value", "Comparison", "Test", "n", "Ratio of geometric means (95 % CI)", "p", "Remark"),
        rows=tuple(_row(one) for one in found),
        caption=f"After infusion {result.infusion}. Day {comparison.day:g}: samples within {plural(round(comparison.within), 'day')} of it. Rank tests: whoever never "
        "rose above the limit has the lowest rank, and so has a sample below it. Ratio: Welch's t on logarithms.",
        notes=(*bias_notes(result.grouping), "p-values of single tests are not adjusted for being several, those of pairs are (Holm)."),
        n=result.n,
        numbers=Numbers(COLUMNS, tuple(_numbers(one) for one in found)),
        tests=tuple(
            TestLine(one.test.name, f"{one.what}: {one.comparison}" + (f" ({one.remark})" if one.remark else ""), one.test.statistic, one.test.df,
                     one.test.p, one.test.n, one.test.reason)
            for one in found
        ),
    )  # fmt: skip


def _row(one: Sensitivity) -> tuple[str, ...]:
    ratio = one.ratio
    written = f"{short(ratio.value)} ({interval(ratio.low, ratio.high)})" if ratio and ratio.value is not None else "–"
    reason = f"not done: {one.test.reason}" if one.test.reason else ""
    remark = "; ".join(part for part in (one.remark, reason) if part)
    return (one.what, one.comparison, one.test.name, str(one.test.n), written, p_value(one.test.p), remark)


def _numbers(one: Sensitivity) -> tuple[object, ...]:
    ratio = one.ratio
    limits = (ratio.value, ratio.low, ratio.high) if ratio else (None, None, None)
    why = [one.test.reason] if one.test.reason else []
    why += ["ratio: the test has none"] if ratio is None else []
    why += ["df: in the test's name or none"] if one.test.df is None and not one.test.reason else []
    return (
        one.what, one.comparison, one.test.name, one.test.statistic, one.test.df, one.test.n, *limits, one.test.p, one.unadjusted_p,
        one.remark or None, "; ".join(why) or None,
    )  # fmt: skip
