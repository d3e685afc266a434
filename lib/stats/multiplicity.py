"""Many comparisons: p-values adjusted by Holm or by Benjamini and Hochberg, and log-rank tests of each pair of groups.

A few lines of our own: statsmodels' multipletests gives the same, but has Python collect its garbage at each call.
Source: Holm 1979; Benjamini & Hochberg 1995; equal to R's p.adjust(method="holm") and "BH".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from lib.stats.estimate import Floats, Names, TestResult
from lib.stats.log_rank import logrank


@dataclass(frozen=True)
class PairTest:
    """Two groups, their log-rank test, and its p adjusted for the number of pairs tested (None if it has no p)."""

    first: str
    second: str
    test: TestResult
    holm_p: float | None


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """The adjusted p-values in the given order; None stays None, and is not one of the comparisons counted."""
    smallest_first = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    reached = 0.0
    for done, (p, place) in enumerate(smallest_first):
        reached = max(reached, min(1.0, (len(smallest_first) - done) * p))
        adjusted[place] = reached
    return tuple(adjusted)


def benjamini_hochberg(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """The adjusted p-values (false discovery rate) in the given order; None stays None and is not counted."""
    largest_first = sorted(((p, place) for place, p in enumerate(p_values) if p is not None), reverse=True)
    adjusted: list[float | None] = [None] * len(p_values)
    reached = 1.0
    for done, (p, place) in enumerate(largest_first):
        reached = min(reached, p * len(largest_first) / (len(largest_first) - done))
        adjusted[place] = reached
    return tuple(adjusted)


def pairwise_logrank(
    time: Floats, event: Floats, group: Names, names: Sequence[str], entry: Floats | None = None
) -> tuple[PairTest, ...]:
    """Each pair of the groups in `names`, in their order, by the log-rank test of these two alone."""
    pairs = list(combinations(names, 2))
    tests = []
    for pair in pairs:
        mine = np.isin(group.astype(str), pair)
        tests.append(logrank(time[mine], event[mine], group[mine], None if entry is None else entry[mine]))
    adjusted = holm([test.p for test in tests])
    return tuple(PairTest(*pair, test, p) for pair, test, p in zip(pairs, tests, adjusted, strict=True))
