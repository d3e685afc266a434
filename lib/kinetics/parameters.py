"""Kinetic parameters of one patient's series after one infusion: Cmax, Tmax, AUC0-28, AUClast, Tlast, half-life.

Rules (PKNCA's defaults): below the limit before the first and after the last quantifiable value counts as 0, between them it
is left out; linear up, logarithmic down; no extrapolation beyond the last sample. Source: PKNCA 0.12; Gabrielsson & Weiner.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.arrays import Floats
from lib.stats.estimate import Estimate

NON_EXPANDER: Final = "never above the limit of quantification"
NOT_SAMPLED: Final = "no sample after the infusion"
FEWEST_POINTS: Final = 3
SAME_FIT: Final = 1e-4  # windows whose adjusted R2 is this close to the best count as equally good
LEAST_SPAN: Final = 2.0  # half-lives that the window must cover
LEAST_R2: Final = 0.9
PERSISTENCE_FROM_DAY: Final = 28.0
AUC_END_DAY: Final = 28.0


@dataclass(frozen=True)
class HalfLife:
    """A terminal half-life in days: its window, fit, and whether it is fit to be reported."""

    days: float
    n: int
    first_day: float
    adjusted_r2: float
    span: float
    reason: str = ""  # why it should not be reported, or nothing

    @property
    def phase(self) -> str:
        """Persistence if the window begins on day 28 or later, else contraction."""
        return "persistence" if self.first_day >= PERSISTENCE_FROM_DAY else "contraction"


@dataclass(frozen=True)
class KineticParameters:
    """The parameters of one patient and infusion; each is an Estimate without limits, or the reason why there is none."""

    patient: str
    infusion: int
    group: str | None
    cmax: Estimate
    tmax: Estimate
    auc_0_28: Estimate
    auc_last: Estimate
    tlast: Estimate
    half_life: Estimate
    n_samples: int

    @property
    def expanded(self) -> bool:
        return self.cmax.value is not None

    @property
    def never_quantifiable(self) -> bool:
        """Whether there are samples after the infusion, none of them above the limit of quantification."""
        return self.cmax.reason == NON_EXPANDER


def parameters(
    patient: str, infusion: int, group: str | None, day: Floats, value: Floats, below: npt.NDArray[np.bool_]
) -> KineticParameters:
    """The parameters of samples in order of day; `value` is read only where not `below`.

    Samples before the day of infusion are of the cells of an earlier one: they are in no parameter.
    """
    since = day >= 0
    day, amount = day[since], np.where(below, 0.0, value)[since]
    quantifiable = amount > 0
    if not np.any(day > 0):
        return _without(patient, infusion, group, Estimate(None, reason=NOT_SAMPLED), len(day))
    if not quantifiable.any():
        nothing = _without(patient, infusion, group, Estimate(None, reason=NON_EXPANDER), len(day))
        return replace(nothing, auc_0_28=Estimate(0.0)) if day[-1] >= AUC_END_DAY else nothing
    peak = int(np.argmax(amount))
    return KineticParameters(
        patient,
        infusion,
        group,
        Estimate(float(amount[peak])),
        Estimate(float(day[peak])),
        auc_from_0(day, amount, AUC_END_DAY),
        auc_to_last(day, amount),
        Estimate(float(day[np.flatnonzero(quantifiable)[-1]])),
        _reported(half_life(day, amount)),
        len(day),
    )


def _without(patient: str, infusion: int, group: str | None, none: Estimate, n_samples: int) -> KineticParameters:
    return KineticParameters(patient, infusion, group, none, none, none, none, none, none, n_samples)


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


def half_life(day: Floats, amount: Floats) -> HalfLife | None:
    """The terminal half-life: log-linear regression over the last points after the peak that fits best.

    None where there are fewer than three quantifiable values after the peak, or no window declines. Among windows whose
    adjusted R2 is within 1e-4 of the best, the one with most points is taken (PKNCA).
    """
    quantifiable = amount > 0
    day, amount = day[quantifiable], amount[quantifiable]
    after = day > day[int(np.argmax(amount))]
    day, log_amount = day[after], np.log(amount[after])
    fits = [_fit(day[-n:], log_amount[-n:]) for n in range(FEWEST_POINTS, len(day) + 1)]
    best = max((fit.adjusted_r2 for fit in fits), default=0.0)
    good = [fit for fit in fits if fit.days > 0 and fit.adjusted_r2 > best - SAME_FIT]
    return max(good, key=lambda fit: fit.n) if good else None


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


def _fit(day: Floats, log_amount: Floats) -> HalfLife:
    n = len(day)
    slope, intercept = np.polyfit(day, log_amount, 1)
    spread = float(((log_amount - log_amount.mean()) ** 2).sum())
    r2 = 1 - float(((log_amount - intercept - slope * day) ** 2).sum()) / spread if spread else 0.0
    days = float(np.log(2) / -slope) if slope < 0 else -1.0
    span = float(day[-1] - day[0]) / days if days > 0 else 0.0
    reason = "" if span >= LEAST_SPAN else f"the samples cover {span:.1f} half-lives, fewer than {LEAST_SPAN:g}"
    if not reason and r2 < LEAST_R2:
        reason = f"R² {r2:.2f} is below {LEAST_R2:g}"
    return HalfLife(days, n, float(day[0]), 1 - (1 - r2) * (n - 1) / (n - 2), span, reason)


def _reported(fitted: HalfLife | None) -> Estimate:
    if fitted is None:
        return Estimate(None, reason="fewer than three falling values after the peak")
    if fitted.reason:
        return Estimate(None, reason=fitted.reason)
    return Estimate(fitted.days, note=f"{fitted.phase}, {fitted.n} points from day {fitted.first_day:g}")
