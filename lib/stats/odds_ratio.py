"""The odds ratio of a two-by-two table with its exact interval, given both margins (conditional maximum likelihood).

The estimate and the interval that belong to Fisher's exact test, as R's fisher.test defines them; scipy's solution, which R
reproduces once its root search is told to be as exact (its default stops after four digits).
Source: Cornfield 1956; Fisher 1962.
"""

from typing import Final

from lib.stats.estimate import Estimate

EMPTY_GROUP: Final = "a group has no patients"
NOBODY: Final = "nobody had it"
EVERYBODY: Final = "everybody had it"
INFINITE: Final = "infinite: nobody of the reference had it, or everybody of the group"


def odds_ratio(with_event: int, of: int, with_event_reference: int, of_reference: int, level: float = 0.95) -> Estimate:
    """The odds of the group over those of the reference.

    Where the ratio is infinite or cannot be told, `value` is None with the reason, but a limit that exists is still given: 0 or
    more below, None above for infinity.
    """
    if of == 0 or of_reference == 0:
        return Estimate(None, level=level, reason=EMPTY_GROUP)
    without, without_reference = of - with_event, of_reference - with_event_reference
    if with_event + with_event_reference == 0 or without + without_reference == 0:
        return Estimate(None, 0.0, None, level, NOBODY if with_event == 0 else EVERYBODY)
    from scipy.stats.contingency import odds_ratio as conditional

    found = conditional([[with_event, without], [with_event_reference, without_reference]], kind="conditional")
    limits = found.confidence_interval(level)
    if with_event_reference == 0 or without == 0:
        return Estimate(None, float(limits.low), None, level, INFINITE)
    return Estimate(float(found.statistic), float(limits.low), float(limits.high), level)
