"""The difference of two shares with the score interval of Miettinen and Nurminen.

The limits are the differences that a score test, with both shares estimated under that difference, would just not reject; the
variance has the factor N / (N - 1). Our own: statsmodels 0.15 gives other limits, or none where a share is 0 or 1 (its issue 10269).
Source: Miettinen & Nurminen 1985, Stat Med 4:213, with the closed form of the constrained estimate from their appendix.
"""

from math import acos, copysign, cos, inf, pi, sqrt
from typing import Final

from lib.stats.estimate import Estimate

EMPTY_GROUP: Final = "a group has no patients"
NEAR: Final = 1e-9  # how close to -1 and 1 the limits are searched
NOTHING: Final = 1e-15
Counts = tuple[int, int, int, int]  # with the event and all, of the group; with the event and all, of the reference


def miettinen_nurminen(
    with_event: int, of: int, with_event_reference: int, of_reference: int, level: float = 0.95
) -> Estimate:
    """The difference (group minus reference) with its interval, which exists also for 0 of n and n of n."""
    if of == 0 or of_reference == 0:
        return Estimate(None, level=level, reason=EMPTY_GROUP)
    from scipy.special import ndtri

    counts = (with_event, of, with_event_reference, of_reference)
    reach = float(ndtri((1 + level) / 2))
    difference = with_event / of - with_event_reference / of_reference
    return Estimate(difference, _limit(counts, difference, -1.0, reach), _limit(counts, difference, 1.0, reach), level)


def _limit(counts: Counts, difference: float, end: float, reach: float) -> float:
    """The difference between the observed one and `end` (-1 or 1) at which the score is `reach`; `end` if it is nowhere."""
    from scipy.optimize import brentq

    edge = end * (1 - NEAR)
    if end * (edge - difference) <= 0 or end * _score(counts, edge) + reach >= 0:
        return end
    return float(brentq(lambda assumed: end * _score(counts, assumed) + reach, difference, edge, xtol=1e-12))


def _score(counts: Counts, assumed: float) -> float:
    """The standardised distance of the observed difference from the assumed one."""
    with_event, of, with_event_reference, of_reference = counts
    share, reference = constrained(counts, assumed)
    total = of + of_reference
    variance = (share * (1 - share) / of + reference * (1 - reference) / of_reference) * total / (total - 1)
    distance = with_event / of - with_event_reference / of_reference - assumed
    if variance > NOTHING:
        return distance / sqrt(variance)
    return 0.0 if abs(distance) < NEAR else copysign(inf, distance)


def constrained(counts: Counts, assumed: float) -> tuple[float, float]:
    """The two shares that are most likely among those which differ by `assumed`: a root of a cubic."""
    with_event, of, with_event_reference, of_reference = counts
    total, events = of + of_reference, with_event + with_event_reference
    second = (of + 2 * of_reference) * assumed - total - events
    first = (of_reference * assumed - total - 2 * with_event_reference) * assumed + events
    constant = with_event_reference * assumed * (1 - assumed)
    shift = second / (3 * total)
    q = shift**3 - first * second / (6 * total**2) + constant / (2 * total)
    p = copysign(sqrt(max(0.0, shift**2 - first / (3 * total))), q)
    angle = (pi + acos(max(-1.0, min(1.0, q / p**3)) if p else 0.0)) / 3
    reference = max(0.0, min(1.0, 2 * p * cos(angle) - shift))
    return max(0.0, min(1.0, reference + assumed)), reference
