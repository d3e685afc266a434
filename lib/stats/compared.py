"""Which groups of a time to event are compared, by which test, and the one p of the headline; p adjusted for many
comparisons.

The one policy for small samples (lib/stats/estimate.py): groups of one or two are described and in no test. The
headline's p is that of the log-rank test from LOGRANK_FROM patients and FIRTH_BELOW events on; below, where it errs too
often, that of the permutation test where it can be done and the groups are censored alike, else of the (penalised)
likelihood ratio test. How that was chosen: docs/simulation.md.

Adjusted by Holm or by Benjamini and Hochberg: a few lines of our own, since statsmodels' multipletests gives the same,
but has Python collect its garbage at each call. Source: Holm 1979; Benjamini & Hochberg 1995; equal to R's
p.adjust(method="holm") and "BH".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import numpy as np

from lib.stats.cox_model import Observations
from lib.stats.estimate import (
    FIRTH_BELOW,
    LOGRANK_FROM,
    Floats,
    Names,
    TestResult,
    compared_groups,
    not_done,
    sizes_of,
    why_described,
)
from lib.stats.firth import NAME as FIRTH
from lib.stats.firth import firth
from lib.stats.log_rank import NAME as LOGRANK
from lib.stats.log_rank import logrank
from lib.stats.permutation import ASSUMES, censoring_differs, permutation_logrank

SHORT: Final = {
    LOGRANK: "log-rank",
    FIRTH: "penalised likelihood ratio",
    "permutation": "permutation log-rank",
    "likelihood": "likelihood ratio",
    "Mantel": "Mantel-Byar",
}
PAIR: Final = 2


@dataclass(frozen=True)
class Rows:
    """The patients of the groups that are compared, in the order of `names`; `described` says of the other groups why
    they are not."""

    time: Floats
    event: Floats
    group: Names
    entry: Floats
    names: tuple[str, ...]
    described: str = ""

    @property
    def n_events(self) -> int:
        """Events of all groups."""
        return int(self.event.sum())

    @property
    def late(self) -> bool:
        """Whether anybody enters after time 0."""
        return bool(np.any(self.entry > 0))


def compared_rows(time: Floats, event: Floats, group: Names, names: Sequence[str], entry: Floats | None = None) -> Rows:
    """The rows of the groups that are large enough."""
    sizes = sizes_of(group, tuple(names))
    compared = compared_groups(sizes)
    mine = np.isin(group.astype(str), compared)
    entry = np.zeros(len(time)) if entry is None else entry
    return Rows(time[mine], event[mine], group[mine], entry[mine], compared, why_described(sizes))


def logrank_of(rows: Rows) -> TestResult:
    """The log-rank test of the groups that are compared."""
    if rows.described and len(rows.names) < PAIR:
        return not_done(LOGRANK, len(rows.time), rows.described.removesuffix("."))
    return logrank(rows.time, rows.event, rows.group, rows.entry)


def headline_test(rows: Rows, asymptotic: TestResult) -> TestResult:
    """The test whose p stands in the headline; `asymptotic` is the log-rank test of the same rows."""
    if asymptotic.p is None or (len(rows.time) >= LOGRANK_FROM and rows.n_events >= FIRTH_BELOW):
        return asymptotic
    if len(rows.names) == PAIR and not rows.late and not censoring_differs(rows.time, rows.event, rows.group):
        test = permutation_logrank(rows.time, rows.event, rows.group)
        if test.p is not None:
            return replace(test, name=f"{test.name}; {ASSUMES}")
    design = np.array([rows.group == name for name in rows.names[1:]], dtype=float).T
    fit = firth(Observations(rows.time, rows.event, design, rows.entry))
    return asymptotic if fit.overall.p is None else fit.overall


def short_name(test: TestResult) -> str:
    """The test as a heading names it."""
    return next((short for begins, short in SHORT.items() if test.name.startswith(begins)), test.name)


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
