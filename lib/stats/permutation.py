"""Tests of two curves whose null distribution is computed: permutation of the log-rank statistic, and MaxCombo.

Permutation log-rank test of two groups, and whether their censoring is alike, which it assumes.

The statistic is |O - E| = |sum of the log-rank scores of one group|, score = event - pooled Nelson-Aalen hazard at the
own time; as R's coin::logrank_test(ties.method="mid-ranks"). Every arrangement counts while there are at most
MOST_ARRANGEMENTS, else MONTE_CARLO seeded ones, and the name says so. No Python library has this test.
Source: Heinze, Gnant & Schemper 2003; Wang, Lagakos & Gray 2010; (1 + b) / (1 + B): Phipson & Smyth 2010.

MaxCombo: the largest of four weighted log-rank tests of two groups, for differences that come early, late or in
between.

Weights Fleming-Harrington (0,0), (0,1), (1,0), (1,1); p is the probability that the largest |z| of a normal vector with
the estimated correlation is as large. Since three of the four are linearly independent, that probability is an integral
over a half sphere, done here on a fixed grid: scipy's and mvtnorm's are drawn at random and no good for small p.
Source: Lin et al. 2020 (Cross-Pharma NPH working group); Karrison 2016; radial integration as Deak 1980.
"""

from functools import cache
from math import comb
from typing import Final

import numpy as np

from lib.stats.estimate import Floats, Names, TestResult, not_done
from lib.stats.log_rank import Weighting, covariance, excess, logrank, weighted_logrank, weights, why_not
from lib.stats.risk_sets import RiskSets, at_each, from_each, risk_sets

MOST_ARRANGEMENTS: Final = 200_000
MONTE_CARLO: Final = 10_000
SEED: Final = 1
TOLERANCE: Final = 1e-9  # sums of scores this close are equal
Z_99: Final = 2.5758  # of the 99 % interval of a p by random arrangements, which its name tells
AT_ONCE: Final = 4_000_000  # random numbers drawn at a time
CENSORING_DIFFERS_BELOW: Final = 0.1  # a small group shows little: a p below this already counts
NAME: Final = "permutation log-rank (|O-E|)"
CENSORING_NAME: Final = "log-rank of censoring (reverse Kaplan-Meier)"
ASSUMES: Final = "permutation p, assumes equal censoring"
DOES_NOT_HOLD: Final = f"{ASSUMES}, which does not hold here"


def permutation_logrank(time: Floats, event: Floats, group: Names, entry: Floats | None = None) -> TestResult:
    """How many of the ways to deal the patients into groups of these sizes give an |O - E| at least as large.

    Print it only together with permutation_note. Not done with late entry, which would have to be alike as well.
    """
    n, sizes = len(time), {name: int(np.sum(group == name)) for name in set(group)}
    reason = _why_not(sizes, event, entry)
    if reason:
        return not_done(NAME, n, reason)
    scores = logrank_scores(time, event)
    smaller = min(sizes, key=lambda name: (sizes[name], name))
    observed = abs(float(scores[group == smaller].sum()))
    if np.ptp(scores) < TOLERANCE:
        return not_done(NAME, n, "every arrangement gives the same")
    arrangements = comb(n, sizes[smaller])
    if arrangements <= MOST_ARRANGEMENTS:
        as_large = np.abs(_all_sums(scores, sizes[smaller])) >= observed - TOLERANCE
        name, p = f"permutation log-rank (|O-E|, all {arrangements:,} arrangements)", float(as_large.mean())
    else:
        as_large = np.abs(_drawn_sums(np.sort(scores), sizes[smaller])) >= observed - TOLERANCE
        p = (1 + int(as_large.sum())) / (1 + MONTE_CARLO)
        error = Z_99 * float(np.sqrt(p * (1 - p) / MONTE_CARLO))
        name = f"permutation log-rank (|O-E|, {MONTE_CARLO:,} random arrangements, p within {error:.4f})"
    return TestResult(name, observed, None, p, n)


def logrank_scores(time: Floats, event: Floats) -> Floats:
    """Observed minus expected events of each patient under one hazard for all; they add up to 0."""
    times = np.unique(time[event == 1])
    hazard = np.cumsum(np.concatenate([[0.0], at_each(times, time[event == 1]) / from_each(times, time)]))
    return np.asarray(event - hazard[np.searchsorted(times, time, side="right")])


def censoring_difference(time: Floats, event: Floats, group: Names) -> TestResult:
    """Whether the groups are censored alike: the log-rank test with event and censoring swapped."""
    swapped = logrank(_turns(time, event), 1 - event, group)
    reason = {"no events": "nobody is censored"}.get(swapped.reason, swapped.reason)
    return TestResult(CENSORING_NAME, swapped.statistic, swapped.df, swapped.p, swapped.n, reason)


def _turns(time: Floats, event: Floats) -> Floats:
    """The order in which patients leave: whoever has the event at a time has left before those censored at that time,
    as the curve of events has it too."""
    return 2 * np.searchsorted(np.unique(time), time) + (1 - event)


def censoring_differs(time: Floats, event: Floats, group: Names, test: TestResult | None = None) -> bool:
    """Whether the censoring test falls below CENSORING_DIFFERS_BELOW, or one group has no censoring while another has.

    `test` is the result of censoring_difference where that is known already; else the same p is found here in a
    twentieth of its time.
    """
    complete = {bool(np.all(event[group == name] == 1)) for name in set(group)}
    p = (test or weighted_logrank(_turns(time, event), 1 - event, group)).p
    return len(complete) == 2 or (p is not None and p < CENSORING_DIFFERS_BELOW)


def permutation_note(time: Floats, event: Floats, group: Names, test: TestResult | None = None) -> str:
    """What is to stand beside every permutation p; `test` as in censoring_differs."""
    return DOES_NOT_HOLD if censoring_differs(time, event, group, test) else ASSUMES


def _why_not(sizes: dict[str, int], event: Floats, entry: Floats | None) -> str:
    if entry is not None and np.any(entry > 0):
        return "not computed where patients enter late"
    if len(sizes) < 2:
        return "fewer than two groups have patients"
    if len(sizes) > 2:
        return "made for two groups"
    return "" if np.any(event == 1) else "no events"


def _all_sums(scores: Floats, size: int) -> Floats:
    """The sum of each subset of this size: those whose last member is m are the smaller ones of the first m, plus m."""
    sums = scores
    for many in range(2, size + 1):
        members = range(many - 1, len(scores))
        sums = np.concatenate([sums[: comb(member, many - 1)] + scores[member] for member in members])
    return sums


def _drawn_sums(scores: Floats, size: int) -> Floats:
    """The sums of MONTE_CARLO random subsets of this size, the same ones each time."""
    rng, sums, left = np.random.default_rng(SEED), [], MONTE_CARLO
    while left:
        rows = min(left, max(1, AT_ONCE // len(scores)))
        chosen = np.argpartition(rng.random((rows, len(scores))), size - 1, axis=1)[:, :size]
        sums.append(scores[chosen].sum(axis=1))
        left -= rows
    return np.concatenate(sums)


WEIGHTINGS: Final = (Weighting(0, 0), Weighting(0, 1), Weighting(1, 0), Weighting(1, 1))
MAXCOMBO_NAME: Final = "MaxCombo (largest |z| of Fleming-Harrington (0,0), (0,1), (1,0), (1,1))"
DIMENSIONS: Final = 3  # (0,1) is (0,0) less (1,0)
HEIGHTS, TURNS = 150, 500  # points of the grid: p is right to about 1e-5 of itself


def maxcombo(
    time: Floats, event: Floats, group: Names, entry: Floats | None = None, stratum: Names | None = None
) -> TestResult:
    """Whether the hazards of two groups differ under any of the four weights; the statistic is the largest |z|.

    A weight without variance (as (0,1) when there is one event time) takes no part.
    """
    sets = risk_sets(time, event, group, entry=entry, stratum=stratum)
    name = MAXCOMBO_NAME if stratum is None else f"stratified {MAXCOMBO_NAME}"
    reason = why_not(sets, np.ones(len(sets.events)))
    if not reason and sets.groups_with_patients > 2:
        reason = "made for two groups"
    if reason:
        return not_done(name, sets.n, reason)
    z, correlation = standardised(sets)
    usable = np.diag(correlation) > 0
    largest = float(np.abs(z).max())
    return TestResult(name, largest, None, _exceeded(largest, correlation[np.ix_(usable, usable)]), sets.n)


def standardised(sets: RiskSets) -> tuple[Floats, Floats]:
    """z of the second of two groups under each weight (above 0: more events than expected), and their correlation.

    A weight without variance has z 0 and zeros in its row and column.
    """
    each = [weights(sets, weighting) for weighting in WEIGHTINGS]
    variance = np.array([[covariance(sets, first * second)[1, 1] for second in each] for first in each])
    spread = np.sqrt(np.diag(variance))
    inverse = np.divide(1, spread, out=np.zeros_like(spread), where=spread > 0)
    z = np.array([excess(sets, weight)[1] for weight in each]) * inverse
    return z, variance * np.outer(inverse, inverse)


def _exceeded(largest: float, correlation: Floats) -> float:
    """P(some |Z| >= largest): in each direction of the sphere the tail of a chi with 3 df beyond the nearest face."""
    if largest == 0:
        return 1.0
    from scipy.special import chdtrc

    values, vectors = np.linalg.eigh(correlation)
    axes = vectors[:, -DIMENSIONS:] * np.sqrt(np.maximum(values[-DIMENSIONS:], 0))
    directions, shares = _half_sphere()
    nearest = largest / np.abs(directions[:, : axes.shape[1]] @ axes.T).max(axis=1)
    return float(min(1.0, shares @ chdtrc(DIMENSIONS, nearest**2)))


@cache
def _half_sphere() -> tuple[Floats, Floats]:
    """Directions over a half sphere, and the share of its surface that each stands for."""
    heights, parts = np.polynomial.legendre.leggauss(HEIGHTS)
    heights, parts = (heights + 1) / 2, parts / 2
    turns = (np.arange(TURNS) + 0.5) * 2 * np.pi / TURNS
    flat = np.sqrt(1 - heights**2)[:, None]
    directions = [flat * np.cos(turns), flat * np.sin(turns), np.repeat(heights[:, None], TURNS, axis=1)]
    return np.stack([part.ravel() for part in directions], axis=1), np.repeat(parts / TURNS, TURNS)
