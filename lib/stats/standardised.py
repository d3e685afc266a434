"""Standardised mean differences: how far two groups are apart in one characteristic, in units of its spread, whatever
their size.

Numbers: the difference of the means over the root of the mean of the two variances (n - 1). Categories: Mahalanobis's
distance of the shares of the levels with the mean of the two multinomial covariance matrices, which for two levels is
the difference of two shares over the root of the mean of p (1 - p). Always positive. Of more than two groups the
largest of all pairs.
Source: Yang & Dalton 2012, SAS Global Forum, paper 335; Austin 2009, Stat Med 28:3083. As R's tableone, and its cobalt
for numbers (R's smd divides variances of numbers by n since its version 0.7).
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any, Final

import numpy as np

from lib.stats.estimate import Estimate, Floats

INFINITE: Final = "infinite: the groups are completely separated"
TOO_FEW: Final = "a group has fewer than two values"
NOBODY: Final = "a group has no values"
NOTHING: Final = 1e-9  # of a share
ROUNDING: Final = 1e-14  # of the largest number


def number_difference(groups: Sequence[Floats]) -> Estimate:
    """Of numbers, one array a group."""
    return _largest(groups, _of_numbers)


def category_difference(counts: Sequence[Sequence[int]]) -> Estimate:
    """Of a category: one row a level, one column a group."""
    columns = [
        np.array([row[place] for row in counts], dtype=np.float64) for place in range(len(counts[0]) if counts else 0)
    ]
    return _largest(columns, _of_shares)


def _largest(groups: Sequence[Floats], between: Callable[[Floats, Floats], Estimate]) -> Estimate:
    """The largest difference of two groups; none where one of them cannot be estimated: it may be larger than all
    others."""
    found = [between(first, second) for first, second in combinations(groups, 2)]
    without = next((each for each in found if each.value is None), None)
    return without or max(found, key=_value, default=Estimate(None, reason="one group only"))


def _value(estimate: Estimate) -> Any:
    return estimate.value


def _of_numbers(first: Floats, second: Floats) -> Estimate:
    if min(len(first), len(second)) < 2:
        return Estimate(None, reason=TOO_FEW)
    largest = float(max(np.abs(first).max(), np.abs(second).max())) or 1.0
    first, second = first / largest, second / largest  # squares of huge numbers stay finite
    difference = abs(float(first.mean() - second.mean()))
    spread = float(np.sqrt((first.var(ddof=1) + second.var(ddof=1)) / 2))
    if spread <= ROUNDING:
        return Estimate(0.0) if difference <= ROUNDING else Estimate(None, reason=INFINITE)
    return Estimate(difference / spread)


def _of_shares(first: Floats, second: Floats) -> Estimate:
    if min(first.sum(), second.sum()) == 0:
        return Estimate(None, reason=NOBODY)
    shares = [counts / counts.sum() for counts in (first, second)]
    difference = shares[0] - shares[1]
    covariance = sum(np.diag(share) - np.outer(share, share) for share in shares) / 2
    solved = np.linalg.pinv(covariance, rcond=NOTHING, hermitian=True) @ difference
    if np.abs(covariance @ solved - difference).max() > NOTHING:  # apart where nobody of either group differs
        return Estimate(None, reason=INFINITE)
    return Estimate(float(np.sqrt(max(0.0, difference @ solved))))
