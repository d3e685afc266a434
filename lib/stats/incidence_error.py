"""The standard error of a cumulative incidence: the infinitesimal jackknife, as R's survfit prints it for several causes.

The root of the sum over patients of the squared derivative of F(t) by the patient's weight, here from running sums over time: no
table of patients by times is made. Without competitors it is Greenwood's. Source: Jaeckel 1972; Aalen & Johansen 1978.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.arrays import Floats

TOLERANCE: Final = 1e-8
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Steps:
    """At each time: the share free of every cause after it, what one more event takes of it, the hazard of any cause."""

    time: Floats
    free: Floats
    share: Floats
    hazard: Floats


@dataclass(frozen=True)
class Followed:
    """Of each patient the row of the last time, and the row from which on he is at risk (-1 = from the beginning)."""

    last: npt.NDArray[np.intp]
    first: npt.NDArray[np.intp]
    rows: int

    @classmethod
    def of(cls, times: Floats, time: Floats, since: Floats) -> "Followed":
        first = np.where(since > 0, np.searchsorted(times, since, side="right") - 1, -1)
        return cls(np.searchsorted(times, time), first, len(times))

    def gone(self, values: Floats) -> Floats:
        """The sum over who has left by each time."""
        return np.cumsum(np.bincount(self.last, values, self.rows))

    def there(self, values: Floats) -> Floats:
        """The sum over who has come and not yet left at each time."""
        return np.cumsum(np.bincount(np.maximum(self.first, 0), values, self.rows)) - self.gone(values)


def std_error_of(
    steps: Steps, followed: Followed, incidence: Floats, hazard: Floats, happened: tuple[Flags, Flags]
) -> Floats:
    """The root of the sum over patients of the squared derivative of F(t) by the patient's weight.

    One more event of any cause at u changes F(t) by -share(u) (F(t) - F(u)) / S(u), one of this cause also by share(u). So a
    patient's derivative is own - F(t) slope, which no longer change once he has left: their squares are running sums.
    `happened` says who had this cause, and who any.
    """
    this, any_cause = happened
    slopes = np.divide(steps.share, steps.free, out=np.zeros_like(steps.share), where=steps.free > 0)
    owns = slopes * incidence
    of_own, of_slope = np.cumsum(owns * steps.hazard + steps.share * hazard), np.cumsum(slopes * steps.hazard)
    own_before, slope_before = (np.append(sums, 0.0)[followed.first] for sums in (of_own, of_slope))
    last = followed.last
    own = owns[last] * any_cause + steps.share[last] * this - of_own[last] + own_before
    slope = slopes[last] * any_cause - of_slope[last] + slope_before
    left = _squared(followed.gone, own, slope, incidence)
    expected = of_own - incidence * of_slope  # of who has been at risk from the beginning
    mixed = followed.there(own_before) - incidence * followed.there(slope_before)
    staying = expected**2 * followed.there(np.ones(len(last))) - 2 * expected * mixed
    staying = staying + _squared(followed.there, own_before, slope_before, incidence)
    error = np.sqrt(np.maximum(left + staying, 0.0))
    return np.where(incidence > 1 - TOLERANCE, 0.0, error)


def _squared(summed: Callable[[Floats], Floats], own: Floats, slope: Floats, incidence: Floats) -> Floats:
    """The sum of (own - F slope) squared at each time."""
    return summed(own**2) - 2 * incidence * summed(own * slope) + incidence**2 * summed(slope**2)
