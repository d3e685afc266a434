"""Permutation log-rank test of two groups, and whether their censoring is alike, which it assumes.

The statistic is |O - E| = |sum of the log-rank scores of one group|, score = event - pooled Nelson-Aalen hazard at the own time;
as R's coin::logrank_test(ties.method="mid-ranks"). Every arrangement counts while there are at most MOST_ARRANGEMENTS, else
MONTE_CARLO seeded ones, and the name says so. No Python library has this test.
Source: Heinze, Gnant & Schemper 2003; Wang, Lagakos & Gray 2010; (1 + b) / (1 + B): Phipson & Smyth 2010.
"""

from math import comb
from typing import Final

import numpy as np

from lib.stats.arrays import Floats, Names
from lib.stats.estimate import TestResult, not_done
from lib.stats.logrank import logrank
from lib.stats.risk_sets import at_each, from_each

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
    """Whether the groups are censored alike: the log-rank test with event and censoring swapped.

    Whoever has the event at a time has left before those censored at that time, as the curve of events has it too.
    """
    turn = 2 * np.searchsorted(np.unique(time), time) + (1 - event)
    swapped = logrank(turn, 1 - event, group)
    reason = {"no events": "nobody is censored"}.get(swapped.reason, swapped.reason)
    return TestResult(CENSORING_NAME, swapped.statistic, swapped.df, swapped.p, swapped.n, reason)


def censoring_differs(time: Floats, event: Floats, group: Names, test: TestResult | None = None) -> bool:
    """Whether the censoring test falls below CENSORING_DIFFERS_BELOW, or one group has no censoring while another has.

    `test` is the result of censoring_difference where that is known already.
    """
    complete = {bool(np.all(event[group == name] == 1)) for name in set(group)}
    p = (test or censoring_difference(time, event, group)).p
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
