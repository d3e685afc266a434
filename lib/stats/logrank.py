"""Log-rank (Mantel-Cox) tests: of two or more groups, within strata, and for a trend over ordered groups.

The plain test is lifelines', which equals R's survdiff; its degrees of freedom are R's: a group whose patients all left before
the first event says nothing of the hazard and is in none. Late entry, strata and trend are our own (lib/stats/weighted_logrank.py).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from lib.stats.arrays import Floats, Names
from lib.stats.estimate import TestResult, not_done
from lib.stats.risk_sets import risk_sets
from lib.stats.weighted_logrank import (
    ALL_AT_ONCE,
    EQUAL,
    MANTEL_COX,
    NEVER_TOGETHER,
    covariance,
    excess,
    weighted_logrank,
    why_not,
)

NAME: Final = MANTEL_COX


def logrank(time: Floats, event: Floats, group: Names, entry: Floats | None = None) -> TestResult:
    """Whether the groups' hazards are equal; two-sided, chi-squared with one degree of freedom fewer than groups at risk.

    Source: Mantel 1966; Peto & Peto 1972.
    """
    if entry is not None and np.any(entry > 0):
        return weighted_logrank(time, event, group, EQUAL, entry)
    n = len(time)
    if len(set(group)) < 2:
        return not_done(NAME, n, "fewer than two groups have patients")
    if not np.any(event):
        return not_done(NAME, n, "no events")
    first = time[event == 1].min()
    if np.all(event[time >= first] == 1) and np.all(time[time >= first] == first):
        return not_done(NAME, n, ALL_AT_ONCE)
    known = np.isin(group.astype(str), [name for name in set(group) if time[group == name].max() >= first])
    compared = len(set(group[known]))
    if compared < 2:
        return not_done(NAME, n, NEVER_TOGETHER)
    from lifelines.statistics import multivariate_logrank_test

    result = multivariate_logrank_test(time[known], group[known], event[known])
    return TestResult(NAME, float(result.test_statistic), compared - 1, float(result.p_value), n)


def stratified_logrank(
    time: Floats, event: Floats, group: Names, stratum: Names, entry: Floats | None = None
) -> TestResult:
    """Whether hazards are equal within each stratum: excess and variance summed over strata. As R's survdiff with strata().

    `stratum` holds one value a patient; patients alone in theirs are in n, but say nothing. Source: Mantel 1966.
    """
    return weighted_logrank(time, event, group, EQUAL, entry, stratum)


def trend_logrank(
    time: Floats,
    event: Floats,
    group: Names,
    names: Sequence[str],
    entry: Floats | None = None,
    stratum: Names | None = None,
) -> TestResult:
    """Whether hazards rise or fall over groups in the order of `names`, scored 1 to k; chi-squared with 1 df.

    A group without patients keeps its score, patients of groups not named are left out. Source: Tarone 1975.
    """
    sets = risk_sets(time, event, group, names, entry, stratum)
    name = f"log-rank test for trend (scores 1 to {len(names)}{'' if stratum is None else ', stratified'})"
    weight = np.ones(len(sets.events))
    reason = why_not(sets, weight)
    if reason:
        return not_done(name, sets.n, reason)
    scores = np.arange(1.0, len(names) + 1)
    statistic = float((scores @ excess(sets, weight)) ** 2 / (scores @ covariance(sets, weight) @ scores))
    from scipy.special import chdtrc

    return TestResult(name, statistic, 1, float(chdtrc(1, statistic)), sets.n)
