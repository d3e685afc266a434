"""Tests of curves: log-rank (plain, stratified, for a trend, weighted) with late entry, and Gray's of competing risks.

At each event time the observed events of a group are compared with those expected of its share of the risk set, with
Mantel's hypergeometric variance; the weight is S(t-)^rho (1 - S(t-))^gamma, S the curve of all groups of the stratum
just before t. With gamma = 0 this is R's survdiff(rho); lifelines' "peto" is another weight, and it has neither entry,
strata nor df by rank. The plain test is lifelines', which equals R's survdiff; its degrees of freedom are R's: a group
whose patients all left before the first event says nothing of the hazard and is in none.
Source: Mantel 1966; Harrington & Fleming 1982; Fleming & Harrington 1991.

Gray's test: whether the cumulative incidence of one cause is the same in two or more groups, others competing (rho =
0). Equal to R's cmprsk::cuminc(...)$Tests, ties included. No Python library that we use has it; the comparable package
needs numba. A group of which nobody is at risk when the cause first happens says nothing, groups of one or two are not
compared: they are in no degree of freedom.
Source: Gray 1988, Ann Stat 16:1141, with the variance written as one sum over times and groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.estimate import DESCRIBED, Floats, Names, TestResult, compared_groups, not_done, sizes_of
from lib.stats.risk_sets import RiskSets, risk_sets

MANTEL_COX: Final = "log-rank (Mantel-Cox)"
PETO_PETO: Final = "Peto & Peto modified (as R's survdiff, rho=1)"
NEVER_TOGETHER: Final = "the groups are never at risk together"
ALL_AT_ONCE: Final = "all who were at risk had the event at the same time"
GRAY: Final = "Gray's test"
LATE_ENTRY: Final = (
    "not computed where patients enter late; count from the infusion, or read the cause-specific hazard ratio, which"
    " takes late entry"
)
LEAST_VARIANCE: Final = 1e-10  # relative; below it a direction of the scores has no variance


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


def gray(
    time: Floats, cause: Floats, group: npt.NDArray[np.object_], of: int = 1, entry: Floats | None = None
) -> TestResult:
    """Whether the groups' incidences of cause `of` are equal; two-sided, chi-squared with groups - 1 degrees of
    freedom."""
    n = len(time)
    if entry is not None and np.any(entry > 0):
        return not_done(GRAY, n, LATE_ENTRY)
    if len(set(group)) < 2:
        return not_done(GRAY, n, "fewer than two groups have patients")
    if not np.any(cause == of):
        return not_done(GRAY, n, "no events of this cause")
    first = time[cause == of].min()
    compared = compared_groups(sizes_of(group, tuple(sorted(set(group)))))
    if len(compared) < 2:
        return not_done(GRAY, n, f"groups {DESCRIBED}")
    names = sorted(name for name in compared if np.any(time[group == name] >= first))
    if len(names) < 2:
        return not_done(GRAY, n, "the groups are never at risk together")
    kept = np.isin(group.astype(str), names)
    with np.errstate(all="ignore"):  # once a whole group has had events the common incidence may run beyond 1
        scores, variance = _scores(_counts(time[kept], cause[kept], group[kept], names, of))
    return _tested(scores[:-1], variance[:-1, :-1], n)


def _tested(scores: Floats, variance: Floats, n: int) -> TestResult:
    degrees = len(scores)
    spread = np.diag(variance)
    singular = not np.all(np.isfinite(variance)) or spread.min() <= 0
    if singular or np.linalg.matrix_rank(variance, tol=LEAST_VARIANCE * spread.max(), hermitian=True) < degrees:
        return not_done(GRAY, n, "no variance: the groups are never at risk together when the cause happens")
    from scipy.special import chdtrc

    statistic = float(scores @ np.linalg.solve(variance, scores))
    return TestResult(GRAY, statistic, degrees, float(chdtrc(degrees, statistic)), n)


@dataclass(frozen=True)
class _Counts:
    """At each time of any event (rows) in each group (columns): at risk, with the cause, with another cause."""

    at_risk: Floats
    of_cause: Floats
    of_others: Floats


def _counts(time: Floats, cause: Floats, group: npt.NDArray[np.object_], names: list[str], of: int) -> _Counts:
    times = np.unique(time[cause != 0])
    columns = []
    for name in names:
        mine, why = time[group == name], cause[group == name]
        at_risk = len(mine) - np.searchsorted(np.sort(mine), times)
        with_cause = np.bincount(np.searchsorted(times, mine[why == of]), minlength=len(times))
        with_others = np.bincount(np.searchsorted(times, mine[(why != of) & (why != 0)]), minlength=len(times))
        columns.append((at_risk, with_cause, with_others))
    table = np.array(columns, dtype=np.float64)  # groups by three counts by times
    return _Counts(table[:, 0].T, table[:, 1].T, table[:, 2].T)


def _scores(counts: _Counts) -> tuple[Floats, Floats]:
    """The score of every group and their covariance; the scores add up to 0.

    `free` is each group's Kaplan-Meier of any event and `reached` its incidence, `_before` just before the time. `size`
    is the risk set had nobody been censored, R = n (1 - F)/S, whose sum weighs the common hazard; `pooled` is the
    common incidence.
    """
    here = counts.at_risk > 0
    at_risk = np.where(here, counts.at_risk, 1.0)
    free = np.asarray(np.cumprod(1 - (counts.of_cause + counts.of_others) / at_risk, axis=0), dtype=np.float64)
    free_before = _before(free, 1.0)
    reached_before = _before(np.cumsum(np.where(here, free_before * counts.of_cause / at_risk, 0.0), axis=0), 0.0)
    weight = np.where(here, counts.at_risk / np.where(here, free_before, 1.0), 0.0)
    size = weight * (1 - reached_before)
    happened, total = counts.of_cause.sum(axis=1), weight.sum(axis=1)
    scores = (counts.of_cause - happened[:, None] * size / size.sum(axis=1, keepdims=True)).sum(axis=0)
    pooled = np.cumsum(happened / total)
    spread = weight[:, :, None] * (np.eye(weight.shape[1]) - weight[:, None, :] / total[:, None, None])
    hazard = happened / (total * (1 - _before(pooled, 0.0)))
    drift = np.cumsum(spread * hazard[:, None, None], axis=0)
    to_come = drift[-1] - drift  # what a later common hazard still does to the scores
    left = np.divide(1 - pooled[:, None], free, out=np.zeros_like(free), where=free > 0)
    variance = _summed(spread + (1 - left)[:, None, :] * to_come, _of_cause(counts, happened, total, free_before, here))
    others = np.where(free > 0, _of_others(counts, free_before, at_risk), 0.0)
    return scores, variance + _summed(left[:, None, :] * to_come, others)


def _of_cause(
    counts: _Counts, happened: Floats, total: Floats, free_before: Floats, here: npt.NDArray[np.bool_]
) -> Floats:
    """The variance of each group's increments of the cause under the common incidence, corrected for ties."""
    inflated = total[:, None] * free_before - 1
    many = (happened[:, None] > 1) & here
    ties = 1 - np.divide(happened[:, None] - 1, inflated, out=np.zeros_like(inflated), where=many)
    at_risk = np.where(here, counts.at_risk, 1.0)
    return np.where(here, ties * free_before * happened[:, None] / (total[:, None] * at_risk), 0.0)


def _of_others(counts: _Counts, free_before: Floats, at_risk: Floats) -> Floats:
    """The variance of each group's increments of the other causes, corrected for ties."""
    many = counts.of_others > 1
    ties = 1 - np.divide(counts.of_others - 1, at_risk - 1, out=np.zeros_like(at_risk), where=many)
    return ties * free_before**2 * counts.of_others / at_risk**2


def _summed(directions: Floats, variances: Floats) -> Floats:
    """Sum over times and groups of variance times the outer product of its direction (a column of each time's
    matrix)."""
    return np.asarray(np.einsum("tik,tjk,tk->ij", directions, directions, variances))


def _before(curves: Floats, start: float) -> Floats:
    """The left-continuous curve: each row is the one before it."""
    return np.concatenate([np.full_like(curves[:1], start), curves[:-1]])
