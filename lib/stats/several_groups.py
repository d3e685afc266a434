"""Means of several groups: one-way ANOVA, Tukey's test of all pairs, Dunnett's and Student's tests against a control.

Equal to R's aov, TukeyHSD, t.test and multcomp's glht; by scipy, but for Dunnett's (lib/stats/dunnett.py), which scipy
integrates with random points. All assume normal values with one variance.
Source: Fisher 1925; Tukey 1949, Kramer 1956; Dunnett 1955; Student 1908.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from lib.stats.arrays import Floats
from lib.stats.dunnett import dunnett_quantile, largest_below
from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.hypothesis import student_t
from lib.stats.multiplicity import holm
from lib.stats.post_hoc import GroupPair, Groups

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
    empty = not len(groups[control])
    reason = "the control has no values" if empty else _why_not([groups[name] for name in (control, *filled)])
    if reason:
        return tuple(_not_compared((name, control), groups, DUNNETT, reason) for name in others)
    values = [groups[name] for name in filled]
    (variance, df), n_control = _pooled([groups[control], *values]), len(groups[control])
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
