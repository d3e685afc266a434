"""The Cochran-Armitage test: whether the share of one of two groups rises or falls with an ordered grade.

The squared score statistic without continuity correction, chi-squared with one degree of freedom, as R's prop.trend.test.
Source: Cochran 1954, Biometrics 10:417; Armitage 1955, Biometrics 11:375.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from lib.stats.estimate import TestResult, not_done

COCHRAN_ARMITAGE: Final = "Cochran-Armitage test for trend"


def cochran_armitage(first: Sequence[int], second: Sequence[int], scores: Sequence[float] | None = None) -> TestResult:
    """Two-sided; `first` and `second` count the two groups at each level, `scores` are the levels' (0, 1, 2 ... by default)."""
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
