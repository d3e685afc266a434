"""More than two groups: overall tests and pairs.

Which groups differ after a Kruskal-Wallis test: Dunn's and Conover's tests of each pair, on the ranks of all groups.

scikit-posthocs' p-values (equal to R's); the statistic is read back from p, its sign is that of the difference of mean
ranks, first minus second. The overall test is lib.stats.ranks.kruskal_wallis.
Source: Dunn 1964; Conover & Iman 1979; Holm 1979.

Means of several groups: one-way ANOVA, Tukey's test of all pairs, Dunnett's and Student's tests against a control.

Equal to R's aov, TukeyHSD, t.test and multcomp's glht; by scipy, but for Dunnett's (lib/stats/several_groups.py), which
scipy integrates with random points. All assume normal values with one variance.
Source: Fisher 1925; Tukey 1949, Kramer 1956; Dunnett 1955; Student 1908.

The distribution behind Dunnett's test: the largest |t| of several groups that share one control and one variance.

Given the control's mean and the estimated variance the groups are independent, so that two integrals give it, whatever
the number of groups; by Gauss and Legendre, to 1e-8. scipy's dunnett draws random points and errs by up to 3e-4 of p.
Source: Dunnett 1955; Hsu 1996, ch. 3 (sizes of groups may differ).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Final, Literal

import numpy as np
import pandas as pd

from lib.stats.compared import holm
from lib.stats.estimate import Estimate, Floats, TestResult, not_done
from lib.stats.ranks import student_t

DUNN: Final = "Dunn's test"
CONOVER: Final = "Conover-Iman test"
Adjustment = Literal["holm", "bonferroni", "none"]
ADJUSTMENTS: Final[dict[Adjustment, str]] = {"holm": "Holm", "bonferroni": "Bonferroni", "none": "not adjusted"}
Groups = Mapping[str, Floats]


@dataclass(frozen=True)
class GroupPair:
    """Two of several groups and their test; `adjusted_p` is p adjusted for the pairs tested (None if there is no p).

    `test.p` is not adjusted; `test.n` counts the values of all groups, because they are ranked (or pooled) together.
    """

    first: str
    second: str
    n_first: int
    n_second: int
    test: TestResult
    adjusted_p: float | None
    adjustment: str


def dunn(groups: Groups, adjust: Adjustment = "holm") -> tuple[GroupPair, ...]:
    """Dunn's z test of each pair of groups, in the order of `groups` (values by name, without NaN); ties corrected.

    A group without values is in no comparison, and its pairs say so.
    """
    reason = _why_no_ranks(groups)
    if reason:
        return _all_pairs(groups, {}, DUNN, None, adjust, reason)
    from scikit_posthocs import posthoc_dunn
    from scipy.special import ndtri

    raw = posthoc_dunn(_long(groups), "value", "group", sort=False)
    tests = {pair: (p, float(-ndtri(p / 2))) for pair, p in _of_pairs(groups, raw).items()}
    return _all_pairs(groups, tests, DUNN, None, adjust)


def conover(groups: Groups, adjust: Adjustment = "holm") -> tuple[GroupPair, ...]:
    """Conover and Iman's t test of each pair of groups on n - k degrees of freedom; otherwise as `dunn`."""
    df = sum(map(len, groups.values())) - sum(len(values) > 0 for values in groups.values())
    reason = _why_no_ranks(groups)
    if not reason and all(len(np.unique(values)) < 2 for values in groups.values()):
        reason = "the values within each group are all equal"
    if reason:
        return _all_pairs(groups, {}, CONOVER, df, adjust, reason)
    from scikit_posthocs import posthoc_conover
    from scipy.special import stdtrit

    raw = posthoc_conover(_long(groups), "value", "group", sort=False)
    tests = {pair: (p, float(-stdtrit(df, p / 2))) for pair, p in _of_pairs(groups, raw).items()}
    return _all_pairs(groups, tests, CONOVER, df, adjust)


def adjusted(p_values: Sequence[float | None], adjust: Adjustment) -> tuple[float | None, ...]:
    """The p-values adjusted for their number; None stays None and is not counted."""
    if adjust == "holm":
        return holm(p_values)
    times = sum(p is not None for p in p_values) if adjust == "bonferroni" else 1
    return tuple(None if p is None else min(1.0, times * p) for p in p_values)


def _why_no_ranks(groups: Groups) -> str:
    filled = [values for values in groups.values() if len(values)]
    if len(filled) < 2:
        return "fewer than two groups have values"
    return "all values are equal" if len(np.unique(np.concatenate(filled))) == 1 else ""


def _long(groups: Groups) -> pd.DataFrame:
    """One row a value; groups are numbered, so that no name is sorted or read as a number."""
    number = np.repeat(np.arange(len(groups)), [len(values) for values in groups.values()])
    return pd.DataFrame({"group": number, "value": np.concatenate(list(groups.values()))})


def _of_pairs(groups: Groups, raw: pd.DataFrame) -> dict[tuple[str, str], float]:
    """The p of each pair of groups that have values; `raw` has a row and a column for each of these, in their order."""
    p_values, filled = raw.to_numpy(dtype=float), [name for name in groups if len(groups[name])]
    return {
        (filled[one], filled[other]): float(p_values[one, other]) for one, other in combinations(range(len(filled)), 2)
    }


def _all_pairs(
    groups: Groups,
    tests: Mapping[tuple[str, str], tuple[float, float]],
    name: str,
    df: int | None,
    adjust: Adjustment,
    reason: str = "",
) -> tuple[GroupPair, ...]:
    n = sum(map(len, groups.values()))
    pairs = list(combinations(groups, 2))
    after = adjusted([tests[pair][0] if pair in tests else None for pair in pairs], adjust)
    higher = _mean_ranks(groups)
    found = []
    for (first, second), adjusted_p in zip(pairs, after, strict=True):
        if (first, second) in tests:
            p, size = tests[first, second]
            statistic = float(np.copysign(size, higher[first] - higher[second])) if np.isfinite(size) else None
            test = TestResult(name, statistic, df, p, n)
        else:
            test = not_done(name, n, reason or "a group has no values")
        counts = (len(groups[first]), len(groups[second]))
        found.append(GroupPair(first, second, *counts, test, adjusted_p, ADJUSTMENTS[adjust]))
    return tuple(found)


def _mean_ranks(groups: Groups) -> dict[str, float]:
    """The mean rank of the values of each group; NaN for a group without values."""
    from scipy.stats import rankdata

    values = [groups[name] for name in groups]
    ranks = rankdata(np.concatenate(values)) if values else np.array([])
    parts = np.split(ranks, np.cumsum([len(each) for each in values])[:-1])
    return {name: float(part.mean()) if len(part) else float("nan") for name, part in zip(groups, parts, strict=False)}


ANOVA: Final = "one-way ANOVA"
TUKEY: Final = "Tukey's test (all pairs)"
DUNNETT: Final = "Dunnett's test"


@dataclass(frozen=True)
class MeanDifference:
    """Two groups, the difference of their means (first minus second), and its test.

    The test's p is the adjusted one: these tests have no other. Limits (Dunnett's) are simultaneous ones of 95 %.
    """

    first: str
    second: str
    difference: Estimate
    test: TestResult


def anova(groups: Sequence[Floats]) -> TestResult:
    """Whether the means of groups differ; F on k - 1 and n - k degrees of freedom, of which `df` is the first."""
    filled = [values for values in groups if len(values)]
    n = sum(map(len, filled))
    if reason := _why_not(filled):
        return not_done(ANOVA, n, reason)
    from scipy.stats import f_oneway

    result = f_oneway(*filled)
    return TestResult(ANOVA, float(result.statistic), len(filled) - 1, float(result.pvalue), n)


def tukey(groups: Groups) -> tuple[MeanDifference, ...]:
    """Tukey's (Tukey-Kramer) test of every pair of groups, in the order of `groups`."""
    filled = {name: values for name, values in groups.items() if len(values)}
    reason, pairs = _why_not(list(filled.values())), list(combinations(groups, 2))
    if reason:
        return tuple(_not_compared(pair, groups, TUKEY, reason) for pair in pairs)
    from scipy.stats import studentized_range

    variance, df = _pooled(list(filled.values()))
    n = sum(map(len, filled.values()))

    def one(pair: tuple[str, str]) -> MeanDifference:
        if not all(name in filled for name in pair):
            return _not_compared(pair, groups, TUKEY, "a group has no values")
        first, second = (filled[name] for name in pair)
        means = float(first.mean() - second.mean())
        q = means / float(np.sqrt(variance / 2 * (1 / len(first) + 1 / len(second))))
        p = float(np.clip(studentized_range.sf(abs(q), len(filled), df), 0, 1))
        return MeanDifference(*pair, Estimate(means), TestResult(TUKEY, q, df, p, n))

    return tuple(map(one, pairs))


def dunnett(groups: Groups, control: str) -> tuple[MeanDifference, ...]:
    """Dunnett's two-sided test of every other group against `control`: first the group, second the control.

    `statistic` is Dunnett's t on `df` degrees of freedom, n - k; limits are simultaneous.
    """
    others = [name for name in groups if name != control]
    filled = [name for name in others if len(groups[name])]
    compared = [groups[name] for name in (control, *filled)]
    reason = _why_not(compared) if len(groups[control]) else "the control has no values"
    if reason:
        return tuple(_not_compared((name, control), groups, DUNNETT, reason) for name in others)
    values, n_control = compared[1:], len(groups[control])
    variance, df = _pooled(compared)
    sizes = np.array([len(each) for each in values], dtype=float)
    means = np.array([each.mean() for each in values]) - groups[control].mean()
    errors = np.sqrt(variance * (1 / sizes + 1 / n_control))
    shares = sizes / (sizes + n_control)
    half = dunnett_quantile(0.95, shares, df) * errors
    p_values = [1 - largest_below(abs(float(t)), shares, df) for t in means / errors]
    n = int(sizes.sum()) + n_control

    def one(name: str) -> MeanDifference:
        if name not in filled:
            return _not_compared((name, control), groups, DUNNETT, "a group has no values")
        at = filled.index(name)
        mean, error, limit = float(means[at]), float(errors[at]), float(half[at])
        test = TestResult(DUNNETT, mean / error, df, max(0.0, p_values[at]), n)
        return MeanDifference(name, control, Estimate(mean, mean - limit, mean + limit), test)

    return tuple(map(one, others))


def student_against(groups: Groups, control: str) -> tuple[GroupPair, ...]:
    """Student's unpaired two-sided t test of every other group against `control` alone, and Holm's p of these tests."""
    others = [name for name in groups if name != control]
    tests = [student_t(groups[name], groups[control]) for name in others]
    adjusted = holm([test.p for test in tests])
    return tuple(
        GroupPair(name, control, len(groups[name]), len(groups[control]), test, p, "Holm")
        for name, test, p in zip(others, tests, adjusted, strict=True)
    )


def _why_not(filled: Sequence[Floats]) -> str:
    if len(filled) < 2:
        return "fewer than two groups have values"
    if all(len(values) < 2 for values in filled):
        return "no group has two values"
    return "the values of each group are all equal" if all(np.ptp(values) == 0 for values in filled) else ""


def _pooled(groups: Sequence[Floats]) -> tuple[float, int]:
    """The variance within groups and its degrees of freedom."""
    df = sum(map(len, groups)) - len(groups)
    return sum(float(((values - values.mean()) ** 2).sum()) for values in groups) / df, df


def _not_compared(pair: tuple[str, str], groups: Groups, name: str, reason: str) -> MeanDifference:
    n = sum(map(len, groups.values()))
    return MeanDifference(*pair, Estimate(None, reason=reason), not_done(name, n, reason))


NODES: Final = 96
FARTHEST: Final = 8.5  # of a standard normal: beyond it less than 1e-16
TAIL: Final = 1e-15  # of the estimated standard deviation


def largest_below(t: float, shares: Floats, df: int) -> float:
    """The probability that no |t| of any group exceeds `t`; `shares` holds n / (n + n of the control) of each group."""
    from scipy.special import ndtr

    z, of_z, s, of_s = _grid(df)
    within = np.ones((len(s), len(z)))
    for share in shares:
        middle, spread = np.sqrt(share) * z[np.newaxis, :], np.sqrt(1 - share)
        reach = t * s[:, np.newaxis]
        within *= ndtr((middle + reach) / spread) - ndtr((middle - reach) / spread)
    return float(of_s @ within @ of_z)


def dunnett_quantile(probability: float, shares: Floats, df: int) -> float:
    """The t that `largest_below` says is not exceeded with this probability."""
    from scipy.optimize import brentq
    from scipy.special import stdtrit

    alone = float(stdtrit(df, (1 + probability) / 2))
    bonferroni = float(stdtrit(df, 1 - (1 - probability) / 2 / len(shares)))
    if len(shares) == 1:
        return alone
    return float(
        brentq(lambda t: largest_below(t, shares, df) - probability, alone * 0.99, bonferroni * 1.01, xtol=1e-7)
    )


@cache
def _grid(df: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Places and weights: of a standard normal, and of an estimated standard deviation on `df` degrees of freedom."""
    from scipy.special import gammainccinv, gammaincinv, gammaln

    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    z = FARTHEST * nodes
    of_z = FARTHEST * weights * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    low, high = np.sqrt(2 * gammaincinv(df / 2, TAIL) / df), np.sqrt(2 * gammainccinv(df / 2, TAIL) / df)
    s = (high - low) / 2 * nodes + (high + low) / 2
    density = np.exp((df / 2) * np.log(df / 2) + np.log(2) - gammaln(df / 2) + (df - 1) * np.log(s) - df * s**2 / 2)
    return z, of_z, s, (high - low) / 2 * weights * density
