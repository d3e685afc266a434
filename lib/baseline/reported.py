"""Table 1 as numbers: every level and group unrounded, and every test, shown or not."""

import numpy as np

from lib.baseline.characteristics import Baseline, NumberSummary
from lib.baseline.statistic import mean_and_sd
from lib.publication.exhibit import Numbers, TestLine
from lib.stats.estimate import Floats

COLUMNS = (
    ("characteristic", ""),
    ("level", ""),
    ("group", ""),
    ("n", "patients"),
    ("of", "patients"),
    ("missing", "patients"),
    ("median", ""),
    ("q1", ""),
    ("q3", ""),
    ("minimum", ""),
    ("maximum", ""),
    ("reason", ""),
    ("mean", ""),
    ("sd", ""),
    ("smd", ""),
)


def numbers(result: Baseline) -> Numbers:
    """One row a number or level and column of the table: n, of, missing, and for numbers the five-number summary, mean
    and SD.

    The standardised difference between the groups stands in every row of its characteristic."""
    names = ("Total", *result.grouping.levels) if result.grouping.compares else ("Total",)
    rows: list[tuple[object, ...]] = []
    for row in result.rows:
        smd = row.difference.value
        if isinstance(row, NumberSummary):
            for name, values, missing in zip(names, (row.total, *row.groups), row.missing, strict=False):
                why = "; ".join(filter(None, (_too_few(values), row.difference.reason))) or None
                of = (len(values), len(values) + missing, missing)
                rows.append((row.label, None, name, *of, *_five(values), why, *mean_and_sd(values), smd))
        else:
            for level in row.levels:
                for name, n, of_level, missing in zip(names, level.n, row.of, row.missing, strict=False):
                    why = "; ".join(filter(None, ("a category has no median", row.difference.reason)))
                    rows.append((row.label, level.level, name, n, of_level, missing, *[None] * 5, why, None, None, smd))
    return Numbers(COLUMNS, tuple(rows))


def _too_few(values: Floats) -> str:
    return ("nobody has a value", "one value has no deviation", "")[min(len(values), 2)]


def _five(values: Floats) -> tuple[float | None, ...]:
    if not len(values):
        return (None,) * 5
    low, middle, high = (float(value) for value in np.quantile(values, [0.25, 0.5, 0.75]))
    return middle, low, high, float(values.min()), float(values.max())


def tests(result: Baseline) -> tuple[TestLine, ...]:
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
