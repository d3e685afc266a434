"""Log-rank (Mantel-Cox) test for two or more groups. lifelines' statistic equals R's survdiff; the degrees of freedom are R's.

A group whose patients all left observation before the first event says nothing of the hazard: it is in no degree of freedom.
"""

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
    """Whether the groups' hazards are equal; two-sided, chi-squared with one degree of freedom fewer than groups at risk.

    Source: Mantel 1966; Peto & Peto 1972.
    """
    n = len(time)
    if entry is not None and np.any(entry > 0):
        return not_done(NAME, n, "not computed where patients enter late")
    if len(set(group)) < 2:
        return not_done(NAME, n, "fewer than two groups have patients")
    if not np.any(event):
        return not_done(NAME, n, "no events")
    first = time[event == 1].min()
    if np.all(event[time >= first] == 1) and np.all(time[time >= first] == first):
        return not_done(NAME, n, "all who were at risk had the event at the same time")
    known = np.isin(group.astype(str), [name for name in set(group) if time[group == name].max() >= first])
    compared = len(set(group[known]))
    if compared < 2:
        return not_done(NAME, n, "the groups are never at risk together")
    from lifelines.statistics import multivariate_logrank_test

    result = multivariate_logrank_test(time[known], group[known], event[known])
    return TestResult(NAME, float(result.test_statistic), compared - 1, float(result.p_value), n)
