"""Log-rank (Mantel-Cox) test for two or more groups. lifelines' result equals R's survdiff."""

from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.estimate import TestResult, not_done

NAME: Final = "log-rank (Mantel-Cox)"


def logrank(
    time: npt.NDArray[np.float64],
    event: npt.NDArray[np.float64],
    group: npt.NDArray[np.object_],
    entry: npt.NDArray[np.float64] | None = None,
) -> TestResult:
    """Whether the groups' hazards are equal; two-sided, chi-squared with k - 1 degrees of freedom.

    Source: Mantel 1966; Peto & Peto 1972.
    """
    n = len(time)
    if entry is not None and np.any(entry > 0):
        return not_done(NAME, n, "not computed where patients enter late")
    if len(set(group)) < 2:
        return not_done(NAME, n, "fewer than two groups have patients")
    if not np.any(event):
        return not_done(NAME, n, "no events")
    from lifelines.statistics import multivariate_logrank_test

    result = multivariate_logrank_test(time, group, event)
    if not np.isfinite(result.p_value):
        return not_done(NAME, n, "the groups are never at risk together")
    return TestResult(NAME, float(result.test_statistic), len(set(group)) - 1, float(result.p_value), n)
