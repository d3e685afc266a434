"""Which groups of a time to event are compared, by which test, and the one p of the headline.

The one policy for small samples (lib/stats/estimate.py): groups of one or two are described and in no test. The
headline's p is that of the log-rank test from LOGRANK_FROM patients and FIRTH_BELOW events on; below, where it errs too
often, that of the permutation test where it can be done and the groups are censored alike, else of the (penalised)
likelihood ratio test. How that was chosen: docs/simulation.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
