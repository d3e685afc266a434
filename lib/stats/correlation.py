"""Spearman's rank correlation: exact for few pairs, else by the t approximation; interval by Fisher's z (Bonett and
Wright).

As R's cor.test(method = "spearman"): exact for fewer than 10 pairs (here also with ties, by all arrangements), else
exact = FALSE. Tied values share their mean rank. Source: Spearman 1904; Bonett & Wright 2000.
"""

from dataclasses import dataclass
from functools import cache
from itertools import permutations
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.estimate import Estimate, Floats, TestResult, not_done

SPEARMAN: Final = "Spearman's rank correlation"
FEWEST_PAIRS: Final = 4
EXACT_BELOW: Final = 10
SAME: Final = 1e-9
NORMAL_975: Final = 1.959963984540054


@dataclass(frozen=True)
class Correlation:
    """Spearman's rho with its 95 % interval (None where |rho| is 1), and the test of no association."""

    rho: Estimate
    test: TestResult


def spearman(first: Floats, second: Floats) -> Correlation:
    """The rank correlation of pairs without NaN; the statistic of the test is rho itself."""
    n = len(first)
    if n < FEWEST_PAIRS:
        return _none(n, f"fewer than {FEWEST_PAIRS} patients have both")
    if len(np.unique(first)) < 2 or len(np.unique(second)) < 2:
        return _none(n, "all values of one of the two are equal")
    from scipy.stats import rankdata

    ranks = _scaled(rankdata(first)), _scaled(rankdata(second))
    rho = float(np.clip(ranks[0] @ ranks[1], -1, 1))
    exact = n < EXACT_BELOW
    p = _of_all_arrangements(*ranks) if exact else _by_t(rho, n)
    name = f"{SPEARMAN} ({'exact' if exact else 't approximation'})"
    return Correlation(_with_limits(rho, n), TestResult(name, rho, None, p, n))


def _scaled(ranks: Floats) -> Floats:
    """Ranks about 0 with length 1: their product is the correlation."""
    centred = ranks - ranks.mean()
    return np.asarray(centred / np.sqrt(centred @ centred))


def _of_all_arrangements(first: Floats, second: Floats) -> float:
    """The share of arrangements whose correlation is as far from 0 as the one seen."""
    found = second[_arrangements(len(first))] @ first
    return float(np.mean(np.abs(found) >= abs(first @ second) - SAME))


@cache
def _arrangements(n: int) -> npt.NDArray[np.int8]:
    return np.array(list(permutations(range(n))), dtype=np.int8)


def _by_t(rho: float, n: int) -> float:
    if abs(rho) > 1 - SAME:
        return 0.0
    from scipy.special import stdtr

    return 2 * float(stdtr(n - 2, -abs(rho) * np.sqrt((n - 2) / (1 - rho**2))))


def _with_limits(rho: float, n: int) -> Estimate:
    if abs(rho) > 1 - SAME:
        return Estimate(float(np.sign(rho)), note="no interval: the order is the same throughout")
    half = NORMAL_975 * float(np.sqrt((1 + rho**2 / 2) / (n - 3)))
    middle = float(np.arctanh(rho))
    return Estimate(rho, float(np.tanh(middle - half)), float(np.tanh(middle + half)))


def _none(n: int, reason: str) -> Correlation:
    return Correlation(Estimate(None, reason=reason), not_done(SPEARMAN, n, reason))
