"""Means and geometric means with their intervals.

The mean of values and its confidence interval by Student's t distribution, as R's t.test(x)$conf.int gives it.

The geometric mean of positive values, its interval, the geometric coefficient of variation, and the ratio of two means.
"""

from typing import Final

import numpy as np

from lib.stats.estimate import Estimate, Floats, TestResult, not_done


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
