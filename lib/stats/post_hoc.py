"""Which groups differ after a Kruskal-Wallis test: Dunn's and Conover's tests of each pair, on the ranks of all groups.

scikit-posthocs' p-values (equal to R's); the statistic is read back from p, its sign is that of the difference of mean
ranks, first minus second. The overall test is lib.stats.hypothesis.kruskal_wallis.
Source: Dunn 1964; Conover & Iman 1979; Holm 1979.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

import numpy as np
import pandas as pd

from lib.stats.arrays import Floats
from lib.stats.estimate import TestResult, not_done
from lib.stats.multiplicity import holm

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
