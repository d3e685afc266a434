"""Confidence intervals of shares and of their differences."""

from functools import cache
from typing import Final

from lib.stats.estimate import Estimate
from lib.stats.miettinen_nurminen import EMPTY_GROUP, miettinen_nurminen

NEWCOMBE: Final = "Newcombe"
MIETTINEN_NURMINEN: Final = "Miettinen-Nurminen"
INTERVALS: Final = (NEWCOMBE, MIETTINEN_NURMINEN)  # the default first


@cache
def exact_share(with_event: int, of: int) -> Estimate:
    """A share with the exact 95 % interval. Source: Clopper & Pearson 1934, as R's binom.test."""
    if of == 0:
        return Estimate(None, reason="no patients")
    from scipy.stats import binomtest

    limits = binomtest(with_event, of).proportion_ci(0.95, method="exact")
    return Estimate(with_event / of, float(limits.low), float(limits.high))


def risk_difference(
    with_event: int, of: int, with_event_reference: int, of_reference: int, method: str = NEWCOMBE
) -> Estimate:
    """The difference of two shares (group minus reference) with a score interval: Newcombe's hybrid one by default.

    An interval exists also for 0 of n and n of n. Source: Newcombe 1998, method 10, as statsmodels computes it.
    """
    if method == MIETTINEN_NURMINEN:
        return miettinen_nurminen(with_event, of, with_event_reference, of_reference)
    if of == 0 or of_reference == 0:
        return Estimate(None, reason=EMPTY_GROUP)
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        with_event, of, with_event_reference, of_reference, method="newcomb", compare="diff"
    )
    difference = with_event / of - with_event_reference / of_reference
    return Estimate(difference, max(-1.0, float(low)), min(1.0, float(high)))


def interval_excludes_zero(estimate: Estimate) -> bool:
    """Whether both limits lie on one side of no difference."""
    if estimate.low is None or estimate.high is None:
        return False
    return estimate.low > 0 or estimate.high < 0
