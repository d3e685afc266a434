"""Means and geometric means with their intervals.

The mean of values and its confidence interval by Student's t distribution, as R's t.test(x)$conf.int gives it.

The geometric mean of positive values, its interval, the geometric coefficient of variation, and the ratio of two means.

Standardised mean differences: how far two groups are apart in one characteristic, in units of its spread, whatever
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

from lib.stats.estimate import Estimate, Floats, TestResult, not_done

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


def mean(values: Floats) -> Estimate:
    """The mean with its 95 % interval (from two values on)."""
    if not len(values):
        return Estimate(None, reason="no values")
    middle = float(values.mean())
    if len(values) < 2:
        return Estimate(middle, note="one value: no interval")
    from scipy.special import stdtrit

    half = float(stdtrit(len(values) - 1, 0.975) * values.std(ddof=1) / np.sqrt(len(values)))
    return Estimate(middle, middle - half, middle + half)


WELCH_ON_LOGS: Final = "Welch's t test of logarithms"


def geometric_mean(values: Floats) -> Estimate:
    """The geometric mean of values above 0, with its 95 % interval by t on the logarithms (from two values on)."""
    if not len(values):
        return Estimate(None, reason="no values")
    logs = np.log(values)
    middle = float(logs.mean())
    if len(logs) < 2:
        return Estimate(float(np.exp(middle)), note="one value: no interval")
    from scipy.special import stdtrit

    half = float(stdtrit(len(logs) - 1, 0.975) * logs.std(ddof=1) / np.sqrt(len(logs)))
    return Estimate(float(np.exp(middle)), float(np.exp(middle - half)), float(np.exp(middle + half)))


def geometric_cv(values: Floats) -> float | None:
    """The geometric coefficient of variation in percent, 100 sqrt(exp(var(ln x)) - 1); None for fewer than two
    values."""
    return 100 * float(np.sqrt(np.exp(np.log(values).var(ddof=1)) - 1)) if len(values) > 1 else None


def geometric_mean_ratio(values: Floats, reference: Floats) -> tuple[Estimate, TestResult]:
    """The ratio of two geometric means with its 95 % interval, and the test of ratio 1: Welch's t on logarithms of
    values above 0.

    The degrees of freedom are no whole number and stand in the test's name. As exp of R's t.test(log(x), log(y)).
    Source: Welch 1947.
    """
    n = len(values) + len(reference)
    if min(len(values), len(reference)) < 2:
        return _no_ratio(n, "a group has fewer than two values")
    first, second = np.log(values), np.log(reference)
    errors = first.var(ddof=1) / len(first), second.var(ddof=1) / len(second)
    error = float(np.sqrt(sum(errors)))
    difference = float(first.mean() - second.mean())
    if error < 1e-12 * max(1.0, abs(difference)):
        return _no_ratio(n, "the values of each group are all equal")
    from scipy.special import stdtr, stdtrit

    df = float(sum(errors) ** 2 / (errors[0] ** 2 / (len(first) - 1) + errors[1] ** 2 / (len(second) - 1)))
    half = float(stdtrit(df, 0.975)) * error
    low, high = (float(np.exp(difference + side * half)) for side in (-1, 1))
    test = TestResult(
        f"{WELCH_ON_LOGS} (df {df:.3g})", difference / error, None, 2 * float(stdtr(df, -abs(difference / error))), n
    )
    return Estimate(float(np.exp(difference)), low, high), test


def _no_ratio(n: int, reason: str) -> tuple[Estimate, TestResult]:
    return Estimate(None, reason=reason), not_done(WELCH_ON_LOGS, n, reason)
