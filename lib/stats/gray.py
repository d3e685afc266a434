"""Gray's test: whether the cumulative incidence of one cause is the same in two or more groups, others competing (rho =
0).

Equal to R's cmprsk::cuminc(...)$Tests, ties included. No Python library that we use has it; the comparable package
needs numba. A group of which nobody is at risk when the cause first happens says nothing, groups of one or two are not
compared: they are in no degree of freedom.
Source: Gray 1988, Ann Stat 16:1141, with the variance written as one sum over times and groups.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.estimate import Floats, TestResult, not_done
from lib.stats.small_samples import DESCRIBED, compared_groups, sizes_of

NAME: Final = "Gray's test"
LATE_ENTRY: Final = (
    "not computed where patients enter late; count from the infusion, or read the cause-specific hazard ratio, which"
    " takes late entry"
)
LEAST_VARIANCE: Final = 1e-10  # relative; below it a direction of the scores has no variance


def gray(
    time: Floats, cause: Floats, group: npt.NDArray[np.object_], of: int = 1, entry: Floats | None = None
) -> TestResult:
    """Whether the groups' incidences of cause `of` are equal; two-sided, chi-squared with groups - 1 degrees of
    freedom."""
    n = len(time)
    if entry is not None and np.any(entry > 0):
        return not_done(NAME, n, LATE_ENTRY)
    if len(set(group)) < 2:
        return not_done(NAME, n, "fewer than two groups have patients")
    if not np.any(cause == of):
        return not_done(NAME, n, "no events of this cause")
    first = time[cause == of].min()
    compared = compared_groups(sizes_of(group, tuple(sorted(set(group)))))
    if len(compared) < 2:
        return not_done(NAME, n, f"groups {DESCRIBED}")
    names = sorted(name for name in compared if np.any(time[group == name] >= first))
    if len(names) < 2:
        return not_done(NAME, n, "the groups are never at risk together")
    kept = np.isin(group.astype(str), names)
    with np.errstate(all="ignore"):  # once a whole group has had events the common incidence may run beyond 1
        scores, variance = _scores(_counts(time[kept], cause[kept], group[kept], names, of))
    return _tested(scores[:-1], variance[:-1, :-1], n)


def _tested(scores: Floats, variance: Floats, n: int) -> TestResult:
    degrees = len(scores)
    spread = np.diag(variance)
    singular = not np.all(np.isfinite(variance)) or spread.min() <= 0
    if singular or np.linalg.matrix_rank(variance, tol=LEAST_VARIANCE * spread.max(), hermitian=True) < degrees:
        return not_done(NAME, n, "no variance: the groups are never at risk together when the cause happens")
    from scipy.special import chdtrc

    statistic = float(scores @ np.linalg.solve(variance, scores))
    return TestResult(NAME, statistic, degrees, float(chdtrc(degrees, statistic)), n)


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
