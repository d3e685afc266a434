"""Areas under a series: linear up, logarithmic down, never beyond the last sample.

Below the limit of quantification before the first and after the last quantifiable value counts as 0, between them it is left
out (PKNCA's defaults). Source: PKNCA 0.12; Gabrielsson & Weiner.
"""

from typing import Final

import numpy as np

from lib.stats.estimate import Estimate, Floats

NON_EXPANDER: Final = "never above the limit of quantification"


def auc_from_0(day: Floats, amount: Floats, end: float) -> Estimate:
    """Area under the curve from day 0 to `end`; amounts are 0 below the limit of quantification.

    Not calculated where sampling ends before `end` while the transgene is still quantifiable. Where day 0 was not sampled,
    the curve starts there at 0. After the last quantifiable value the area does not grow.
    """
    day, amount = _usable(day[day >= 0], amount[day >= 0])
    if not len(day) or not (amount > 0).any():
        return Estimate(0.0) if len(day) and day[-1] >= end else Estimate(None, reason=NON_EXPANDER)
    if day[0] > 0:
        day, amount = np.concatenate([[0.0], day]), np.concatenate([[0.0], amount])
    if day[-1] < end and amount[-1] > 0:
        return Estimate(None, reason=f"last sample on day {day[-1]:g}, still quantifiable")
    end = min(end, float(day[np.flatnonzero(amount > 0)[-1]]))
    if end < day[-1] and end not in day:
        place = int(np.searchsorted(day, end))
        amount = np.insert(amount, place, _between(day, amount, place, end))
        day = np.insert(day, place, end)
    within = day <= end
    day, amount = day[within], amount[within]
    last = int(np.flatnonzero(amount > 0)[-1]) if (amount > 0).any() else 0
    return Estimate(float(sum(_piece(day, amount, place) for place in range(last))))


def auc_to_last(day: Floats, amount: Floats) -> Estimate:
    """Area under the curve from the first sample to the last quantifiable one; nothing is added before or beyond (AUClast)."""
    day, amount = _usable(day, amount)
    quantifiable = np.flatnonzero(amount > 0)
    if len(day) < 2 or not len(quantifiable):
        return Estimate(None, reason=NON_EXPANDER if len(day) > 1 else "one sample")
    return Estimate(float(sum(_piece(day, amount, place) for place in range(int(quantifiable[-1])))))


def _usable(day: Floats, amount: Floats) -> tuple[Floats, Floats]:
    """Without what lies below the limit between two quantifiable values."""
    above = np.flatnonzero(amount > 0)
    if not len(above):
        return day, amount
    place = np.arange(len(amount))
    dropped = (place > above[0]) & (place < above[-1]) & (amount == 0)
    return day[~dropped], amount[~dropped]


def _piece(day: Floats, amount: Floats, place: int) -> float:
    """The area between two neighbouring samples: logarithmic where it falls to a value above 0, else linear."""
    width, left, right = day[place + 1] - day[place], amount[place], amount[place + 1]
    if 0 < right < left:
        return float(width * (right - left) / np.log(right / left))
    return float(width * (left + right) / 2)


def _between(day: Floats, amount: Floats, place: int, when: float) -> float:
    left, right = amount[place - 1], amount[place]
    share = (when - day[place - 1]) / (day[place] - day[place - 1])
    return float(left * (right / left) ** share if 0 < right < left else left + share * (right - left))
