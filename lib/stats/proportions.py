"""Proportions: intervals, differences, odds ratios, trend.

Confidence intervals of shares and of their differences.

The odds ratio of a two-by-two table with its exact interval, given both margins (conditional maximum likelihood).

The estimate and the interval that belong to Fisher's exact test, as R's fisher.test defines them; scipy's solution,
which R reproduces once its root search is reported to be as exact (its default stops after four digits).
Source: Cornfield 1956; Fisher 1962.

The difference of two shares with the score interval of Miettinen and Nurminen.

The limits are the differences that a score test, with both shares estimated under that difference, would just not
reject; the variance has the factor N / (N - 1). Our own: statsmodels 0.15 gives other limits, or none where a share is
0 or 1 (its issue 10269).
Source: Miettinen & Nurminen 1985, Stat Med 4:213, with the closed form of the constrained estimate from their appendix.

The Cochran-Armitage test: whether the share of one of two groups rises or falls with an ordered grade.

The squared score statistic without continuity correction, chi-squared with one degree of freedom, as R's
prop.trend.test.
Source: Cochran 1954, Biometrics 10:417; Armitage 1955, Biometrics 11:375.

Events by person-time: exact Poisson limits, quantiles of gamma distributions (Garwood 1936, Biometrika 28:437).
"""

from collections.abc import Sequence
from functools import cache
from math import acos, copysign, cos, inf, pi, sqrt
from typing import Final

import numpy as np

from lib.stats.estimate import Estimate, TestResult, not_done

NEWCOMBE: Final = "Newcombe"
MIETTINEN_NURMINEN: Final = "Miettinen-Nurminen"
INTERVALS: Final = (NEWCOMBE, MIETTINEN_NURMINEN)  # the default first


def exact_rate(events: int, time: float) -> Estimate:
    """Events in this much time at risk, each unit of it, with exact 95 % limits; the lower is 0 where none happened."""
    from scipy.stats import gamma

    if not time > 0:
        return Estimate(None, reason="no time at risk")
    tail = 0.025
    low = float(gamma.ppf(tail, events)) / time if events else 0.0
    return Estimate(events / time, low, float(gamma.isf(tail, events + 1)) / time)


@cache
def exact_share(with_event: int, of: int) -> Estimate:
    """A share with the exact 95 % interval. Source: Clopper & Pearson 1934, as R's binom.test."""
    if of == 0:
        return Estimate(None, reason="no patients")
    from scipy.stats import binomtest

    limits = binomtest(with_event, of).proportion_ci(0.95, method="exact")
    return Estimate(with_event / of, float(limits.low), float(limits.high))


def risk_difference(
    with_event: int, of: int, with_event_reference: int, of_reference: int, method: str = NEWCOMBE
) -> Estimate:
    """The difference of two shares (group minus reference) with a score interval: Newcombe's hybrid one by default.

    An interval exists also for 0 of n and n of n. Source: Newcombe 1998, method 10, as statsmodels computes it.
    """
    if method == MIETTINEN_NURMINEN:
        return miettinen_nurminen(with_event, of, with_event_reference, of_reference)
    if of == 0 or of_reference == 0:
        return Estimate(None, reason=EMPTY_GROUP)
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        with_event, of, with_event_reference, of_reference, method="newcomb", compare="diff"
    )
    difference = with_event / of - with_event_reference / of_reference
    return Estimate(difference, max(-1.0, float(low)), min(1.0, float(high)))


def interval_excludes_zero(estimate: Estimate) -> bool:
    """Whether both limits lie on one side of no difference."""
    if estimate.low is None or estimate.high is None:
        return False
    return estimate.low > 0 or estimate.high < 0


EMPTY_GROUP: Final = "a group has no patients"
NOBODY: Final = "nobody had it"
EVERYBODY: Final = "everybody had it"
INFINITE: Final = "infinite: nobody of the reference had it, or everybody of the group"


def odds_ratio(with_event: int, of: int, with_event_reference: int, of_reference: int, level: float = 0.95) -> Estimate:
    """The odds of the group over those of the reference.

    Where the ratio is infinite or cannot be reported, `value` is None with the reason, but a limit that exists is still
    given: 0 or more below, None above for infinity.
    """
    if of == 0 or of_reference == 0:
        return Estimate(None, level=level, reason=EMPTY_GROUP)
    without, without_reference = of - with_event, of_reference - with_event_reference
    if with_event + with_event_reference == 0 or without + without_reference == 0:
        return Estimate(None, 0.0, None, level, NOBODY if with_event == 0 else EVERYBODY)
    from scipy.stats.contingency import odds_ratio as conditional

    found = conditional([[with_event, without], [with_event_reference, without_reference]], kind="conditional")
    limits = found.confidence_interval(level)
    if with_event_reference == 0 or without == 0:
        return Estimate(None, float(limits.low), None, level, INFINITE)
    return Estimate(float(found.statistic), float(limits.low), float(limits.high), level)


NEAR: Final = 1e-9  # how close to -1 and 1 the limits are searched
NOTHING: Final = 1e-15
Counts = tuple[int, int, int, int]  # with the event and all, of the group; with the event and all, of the reference


def miettinen_nurminen(
    with_event: int, of: int, with_event_reference: int, of_reference: int, level: float = 0.95
) -> Estimate:
    """The difference (group minus reference) with its interval, which exists also for 0 of n and n of n."""
    if of == 0 or of_reference == 0:
        return Estimate(None, level=level, reason=EMPTY_GROUP)
    from scipy.special import ndtri

    counts = (with_event, of, with_event_reference, of_reference)
    reach = float(ndtri((1 + level) / 2))
    difference = with_event / of - with_event_reference / of_reference
    return Estimate(difference, _limit(counts, difference, -1.0, reach), _limit(counts, difference, 1.0, reach), level)


def _limit(counts: Counts, difference: float, end: float, reach: float) -> float:
    """The difference between the observed one and `end` (-1 or 1) at which the score is `reach`; `end` if it is
    nowhere."""
    from scipy.optimize import brentq

    edge = end * (1 - NEAR)
    if end * (edge - difference) <= 0 or end * _score(counts, edge) + reach >= 0:
        return end
    return float(brentq(lambda assumed: end * _score(counts, assumed) + reach, difference, edge, xtol=1e-12))


def _score(counts: Counts, assumed: float) -> float:
    """The standardised distance of the observed difference from the assumed one."""
    with_event, of, with_event_reference, of_reference = counts
    share, reference = constrained(counts, assumed)
    total = of + of_reference
    variance = (share * (1 - share) / of + reference * (1 - reference) / of_reference) * total / (total - 1)
    distance = with_event / of - with_event_reference / of_reference - assumed
    if variance > NOTHING:
        return distance / sqrt(variance)
    return 0.0 if abs(distance) < NEAR else copysign(inf, distance)


def constrained(counts: Counts, assumed: float) -> tuple[float, float]:
    """The two shares that are most likely among those which differ by `assumed`: a root of a cubic."""
    with_event, of, with_event_reference, of_reference = counts
    total, events = of + of_reference, with_event + with_event_reference
    second = (of + 2 * of_reference) * assumed - total - events
    first = (of_reference * assumed - total - 2 * with_event_reference) * assumed + events
    constant = with_event_reference * assumed * (1 - assumed)
    shift = second / (3 * total)
    q = shift**3 - first * second / (6 * total**2) + constant / (2 * total)
    p = copysign(sqrt(max(0.0, shift**2 - first / (3 * total))), q)
    angle = (pi + acos(max(-1.0, min(1.0, q / p**3)) if p else 0.0)) / 3
    reference = max(0.0, min(1.0, 2 * p * cos(angle) - shift))
    return max(0.0, min(1.0, reference + assumed)), reference


COCHRAN_ARMITAGE: Final = "Cochran-Armitage test for trend"


def cochran_armitage(first: Sequence[int], second: Sequence[int], scores: Sequence[float] | None = None) -> TestResult:
    """Two-sided; `first` and `second` count the two groups at each level, `scores` are the levels' (0, 1, 2 ... by
    default)."""
    counted, of = np.array(first, dtype=float), np.array(first, dtype=float) + np.array(second, dtype=float)
    score = np.arange(len(of), dtype=float) if scores is None else np.array(scores, dtype=float)
    n, n_first = of.sum(), counted.sum()
    if n_first in (0, n):
        return not_done(COCHRAN_ARMITAGE, int(n), "fewer than two groups have patients")
    share = n_first / n
    centred = score - (of * score).sum() / n
    spread = share * (1 - share) * (of * centred**2).sum()
    if spread <= 0:
        return TestResult(COCHRAN_ARMITAGE, 0.0, 1, 1.0, int(n))  # everybody has the same grade
    from scipy.special import chdtrc

    statistic = float((counted * centred).sum() ** 2 / spread)
    return TestResult(COCHRAN_ARMITAGE, statistic, 1, float(chdtrc(1, statistic)), int(n))
