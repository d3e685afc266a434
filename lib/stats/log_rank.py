"""Log-rank tests: plain, stratified, trend, weighted.

Log-rank tests with Fleming-Harrington weights, for any number of groups, with late entry and strata.

At each event time the observed events of a group are compared with those expected of its share of the risk set, with
Mantel's hypergeometric variance; the weight is S(t-)^rho (1 - S(t-))^gamma, S the curve of all groups of the stratum
just before t. With gamma = 0 this is R's survdiff(rho); lifelines' "peto" is another weight, and it has neither entry,
strata nor df by rank.
Source: Mantel 1966; Harrington & Fleming 1982; Fleming & Harrington 1991.

Log-rank (Mantel-Cox) tests: of two or more groups, within strata, and for a trend over ordered groups.

The plain test is lifelines', which equals R's survdiff; its degrees of freedom are R's: a group whose patients all left
before the first event says nothing of the hazard and is in none. Late entry, strata and trend are our own
(lib/stats/log_rank.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lib.stats.estimate import Floats, Names, TestResult, not_done
from lib.stats.risk_sets import RiskSets, risk_sets

MANTEL_COX: Final = "log-rank (Mantel-Cox)"
PETO_PETO: Final = "Peto & Peto modified (as R's survdiff, rho=1)"
NEVER_TOGETHER: Final = "the groups are never at risk together"
ALL_AT_ONCE: Final = "all who were at risk had the event at the same time"


@dataclass(frozen=True)
class Weighting:
    """The exponents of S(t-) and of 1 - S(t-): rho stresses early differences, gamma late ones."""

    rho: float = 0
    gamma: float = 0

    @property
    def name(self) -> str:
        """The test's name as it is to be printed."""
        if self == EQUAL:
            return MANTEL_COX
        if self == EARLY:
            return PETO_PETO
        return f"Fleming-Harrington weighted log-rank (rho={self.rho:g}, gamma={self.gamma:g})"


EQUAL: Final = Weighting()
EARLY: Final = Weighting(rho=1)
LATE: Final = Weighting(gamma=1)


def weighted_logrank(
    time: Floats,
    event: Floats,
    group: Names,
    weighting: Weighting = EQUAL,
    entry: Floats | None = None,
    stratum: Names | None = None,
) -> TestResult:
    """Whether the groups' hazards are equal; chi-squared with as many degrees of freedom as comparisons there are."""
    sets = risk_sets(time, event, group, entry=entry, stratum=stratum)
    name = weighting.name if stratum is None else f"stratified {weighting.name}, {_strata(sets)}"
    weight = weights(sets, weighting)
    reason = why_not(sets, weight)
    if reason:
        return not_done(name, sets.n, reason)
    statistic, df = chi_squared(excess(sets, weight), covariance(sets, weight**2))
    from scipy.special import chdtrc

    return TestResult(name, statistic, df, float(chdtrc(df, statistic)), sets.n)


def weights(sets: RiskSets, weighting: Weighting) -> Floats:
    """The weight of each event time."""
    before = sets.survival_before
    return np.asarray(before**weighting.rho * (1 - before) ** weighting.gamma)


def excess(sets: RiskSets, weight: Floats) -> Floats:
    """Observed minus expected events of each group, weighted."""
    expected = sets.events.sum(axis=1, keepdims=True) * _shares(sets)
    return np.asarray(weight @ (sets.events - expected))


def covariance(sets: RiskSets, weight: Floats) -> Floats:
    """Mantel's covariance of the groups' excess, `weight` being the product of the two weights of each event time.

    The diagonal is made of the rest, so that it is exactly 0 for a group that is never at risk beside another.
    """
    shares = _shares(sets)
    between = -(shares * (weight * _spread(sets))[:, None]).T @ shares
    np.fill_diagonal(between, 0)
    np.fill_diagonal(between, -between.sum(axis=1))
    return np.asarray(between)


def chi_squared(scores: Floats, variance: Floats) -> tuple[float, int]:
    """The quadratic form of the scores and its rank: groups compared, less one for each set of groups that ever
    meet."""
    from scipy.sparse.csgraph import connected_components

    used = np.diag(variance) > 0
    scale = np.sqrt(np.diag(variance)[used])
    correlation = variance[np.ix_(used, used)] / np.outer(scale, scale)
    separate = connected_components(correlation != 0)[0]
    values, vectors = np.linalg.eigh(correlation)
    parts = (scores[used] / scale) @ vectors
    return float(np.sum(parts[separate:] ** 2 / values[separate:])), int(used.sum()) - separate


def why_not(sets: RiskSets, weight: Floats) -> str:
    """Why there is no test with these weights; empty if there is one."""
    if sets.groups_with_patients < 2:
        return "fewer than two groups have patients"
    if len(sets.events) == 0:
        return "no events"
    together = np.sum(sets.at_risk > 0, axis=1) > 1
    if not together.any():
        return NEVER_TOGETHER if sets.strata == 1 else f"{NEVER_TOGETHER} within a stratum"
    comparing = together & (_spread(sets) > 0)
    if not comparing.any():
        return ALL_AT_ONCE
    return "" if np.any(weight[comparing] > 0) else "the events at which the groups can be compared have weight 0"


def _spread(sets: RiskSets) -> Floats:
    """d (n - d) / (n - 1) of each event time; 0 with one patient at risk."""
    n, events = sets.at_risk.sum(axis=1), sets.events.sum(axis=1)
    return np.asarray(events * (n - events) / np.maximum(n - 1, 1))


def _shares(sets: RiskSets) -> Floats:
    """The share of each group in those at risk."""
    return np.asarray(sets.at_risk / sets.at_risk.sum(axis=1, keepdims=True))


def _strata(sets: RiskSets) -> str:
    return "1 stratum" if sets.strata == 1 else f"{sets.strata} strata"


NAME: Final = MANTEL_COX


def logrank(time: Floats, event: Floats, group: Names, entry: Floats | None = None) -> TestResult:
    """Whether the groups' hazards are equal; two-sided, chi-squared with one degree of freedom fewer than groups at
    risk.

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
    """Whether hazards are equal within each stratum: excess and variance summed over strata. As R's survdiff with
    strata().

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
