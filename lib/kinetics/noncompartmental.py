"""Kinetic parameters of one patient's series after one infusion: peak, areas, last quantifiable and first undetectable
day, half-life, fold.

Rules (PKNCA's defaults): below the limit of quantification before the first and after the last quantifiable value
counts as 0, between them it is left out; areas linear up, logarithmic down, never beyond the last sample. The half-life
is a log-linear fit over the last values after the peak: the window with the best adjusted R2, of nearly equal ones the
longest; reported only where it spans two half-lives with R2 of 0.9 or more. Fold expansion is the peak over the value
of a base day, or over the limit where that day lies below it (then at least that). Source: PKNCA 0.12; Gabrielsson &
Weiner.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.derived.nominal_day import window
from lib.stats.estimate import Estimate, Floats

NOT_SAMPLED: Final = "no sample after the infusion"
NON_EXPANDER: Final = "never above the limit of quantification"
AUC_DAYS: Final = (28.0, 90.0)
BASE_DAY: Final = 1.0  # of the fold expansion
FEWEST_POINTS: Final = 3  # of a half-life
SAME_AMOUNT: Final = 1e-9  # values whose logarithms differ by no more are flat: no decline, and no R2 (0 / 0)
SAME_FIT: Final = 1e-4  # windows whose adjusted R2 is this close to the best count as equally good
LEAST_SPAN: Final = 2.0  # half-lives that the window must cover
LEAST_R2: Final = 0.9
PERSISTENCE_FROM_DAY: Final = 28.0
TOO_FEW: Final = "fewer than three falling values after the peak"


@dataclass(frozen=True, eq=False)
class Samples:
    """The samples of one patient after one infusion, arrays of the same length in order of day.

    `value` is read only where not `below`; `lloq` is NaN where no limit is stated.
    """

    day: Floats
    value: Floats
    below: npt.NDArray[np.bool_]
    lloq: Floats

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Samples":
        """The samples for which `chosen` is True."""
        return Samples(self.day[chosen], self.value[chosen], self.below[chosen], self.lloq[chosen])

    @property
    def amount(self) -> Floats:
        """The values, 0 below the limit of quantification."""
        return np.where(self.below, 0.0, self.value)


@dataclass(frozen=True)
class HalfLife:
    """A terminal half-life in days: its window, fit, and whether it is fit to be reported."""

    days: float
    n: int
    first_day: float
    last_day: float
    adjusted_r2: float
    span: float
    reason: str = ""  # why it should not be reported, or nothing

    @property
    def phase(self) -> str:
        """Persistence if the window begins on day 28 or later, else contraction."""
        return "persistence" if self.first_day >= PERSISTENCE_FROM_DAY else "contraction"


@dataclass(frozen=True)
class FoldExpansion:
    """`at_least`: the base lies below the limit, so the fold is a lower bound. `day` is when the base was taken, None
    without one.
    """

    fold: Estimate
    at_least: bool = False
    day: float | None = None


@dataclass(frozen=True)
class Subject:
    """Whose samples they are: the key of a series is patient and infusion."""

    patient: str
    infusion: int
    group: str | None


@dataclass(frozen=True)
class KineticParameters:
    """The parameters of one patient and infusion; each is an Estimate without limits, or the reason why there is none.

    `tbql` is the first day below the limit after the last quantifiable one (`tlast`); `fit` the half-life as it was
    fitted, also where it is not fit to be reported.
    """

    patient: str
    infusion: int
    group: str | None
    cmax: Estimate
    tmax: Estimate
    auc_0_28: Estimate
    auc_0_90: Estimate
    auc_last: Estimate
    clast: Estimate
    tlast: Estimate
    tbql: Estimate
    half_life: Estimate
    fit: HalfLife | None
    fold: FoldExpansion
    n_samples: int

    @property
    def expanded(self) -> bool:
        """Whether any sample after the infusion is above the limit of quantification."""
        return self.cmax.value is not None

    @property
    def never_quantifiable(self) -> bool:
        """Whether there are samples after the infusion, none of them above the limit of quantification."""
        return self.cmax.reason == NON_EXPANDER


def parameters(subject: Subject, samples: Samples, base_day: float = BASE_DAY) -> KineticParameters:
    """The parameters of samples in order of day; the fold is that over `base_day`.

    Samples before the day of infusion are of the cells of an earlier one: they are in no parameter.
    """
    samples = samples.where(samples.day >= 0)
    day, amount = samples.day, samples.amount
    if not np.any(day > 0):
        return _without(subject, NOT_SAMPLED, len(day))
    quantifiable = np.flatnonzero(amount > 0)
    if not len(quantifiable):
        nothing = _without(subject, NON_EXPANDER, len(day))
        areas = [Estimate(0.0) if day[-1] >= end else nothing.cmax for end in AUC_DAYS]
        return replace(nothing, auc_0_28=areas[0], auc_0_90=areas[1])
    peak, last = int(np.argmax(amount)), int(quantifiable[-1])
    fitted, areas = half_life(day, amount), [auc_from_0(day, amount, end) for end in AUC_DAYS]
    cmax, tmax = float(amount[peak]), float(day[peak])
    return KineticParameters(
        patient=subject.patient,
        infusion=subject.infusion,
        group=subject.group,
        cmax=Estimate(cmax),
        tmax=Estimate(tmax),
        auc_0_28=areas[0],
        auc_0_90=areas[1],
        auc_last=auc_to_last(day, amount),
        clast=Estimate(float(amount[last])),
        tlast=Estimate(float(day[last])),
        tbql=_first_below(day, last),
        half_life=_reported(fitted),
        fit=fitted,
        fold=fold_expansion(samples, cmax, tmax, base_day),
        n_samples=len(day),
    )


def _without(subject: Subject, reason: str, n_samples: int) -> KineticParameters:
    none = Estimate(None, reason=reason)
    return KineticParameters(
        subject.patient, subject.infusion, subject.group, *(none,) * 9, None, FoldExpansion(none), n_samples
    )


def _first_below(day: Floats, last: int) -> Estimate:
    """The day of the sample after the last quantifiable one, which is below the limit as are all later ones."""
    if last == len(day) - 1:
        return Estimate(None, reason=f"still quantifiable in the last sample, on day {day[last]:g}")
    return Estimate(float(day[last + 1]), note=f"between day {day[last]:g} and day {day[last + 1]:g}")


def _reported(fitted: HalfLife | None) -> Estimate:
    if fitted is None:
        return Estimate(None, reason=TOO_FEW)
    if fitted.reason:
        return Estimate(None, reason=fitted.reason)
    return Estimate(fitted.days, note=f"{fitted.phase}, {fitted.n} points from day {fitted.first_day:g}")


def auc_from_0(day: Floats, amount: Floats, end: float) -> Estimate:
    """Area under the curve from day 0 to `end`; amounts are 0 below the limit of quantification.

    Not calculated where sampling ends before `end` while the transgene is still quantifiable. Where day 0 was not
    sampled, the curve starts there at 0. After the last quantifiable value the area does not grow.
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
    return Estimate(_area(day[: last + 1], amount[: last + 1]))


def auc_to_last(day: Floats, amount: Floats) -> Estimate:
    """Area under the curve from the first sample to the last quantifiable one; nothing is added before or beyond
    (AUClast).
    """
    day, amount = _usable(day, amount)
    quantifiable = np.flatnonzero(amount > 0)
    if len(day) < 2 or not len(quantifiable):
        return Estimate(None, reason=NON_EXPANDER if len(day) > 1 else "one sample")
    last = int(quantifiable[-1])
    return Estimate(_area(day[: last + 1], amount[: last + 1]))


def _usable(day: Floats, amount: Floats) -> tuple[Floats, Floats]:
    """Without what lies below the limit between two quantifiable values."""
    above = np.flatnonzero(amount > 0)
    if not len(above):
        return day, amount
    place = np.arange(len(amount))
    dropped = (place > above[0]) & (place < above[-1]) & (amount == 0)
    return day[~dropped], amount[~dropped]


def _area(day: Floats, amount: Floats) -> float:
    """The area between neighbouring samples: logarithmic where it falls to a value above 0, else linear."""
    width, left, right = np.diff(day), amount[:-1], amount[1:]
    falls = (right > 0) & (right < left)
    area = width * (left + right) / 2
    area[falls] = width[falls] * (right[falls] - left[falls]) / np.log(right[falls] / left[falls])
    return float(area.sum())


def _between(day: Floats, amount: Floats, place: int, when: float) -> float:
    left, right = amount[place - 1], amount[place]
    share = (when - day[place - 1]) / (day[place] - day[place - 1])
    return float(left * (right / left) ** share if 0 < right < left else left + share * (right - left))


def half_life(day: Floats, amount: Floats) -> HalfLife | None:
    """The terminal half-life: log-linear regression over the last points after the peak that fits best.

    None where there are fewer than three quantifiable values after the peak, or no window declines (a flat one has no
    R2, and is none). Among windows whose adjusted R2 is within 1e-4 of the best, the one with most points is taken
    (PKNCA).
    """
    quantifiable = amount > 0
    day, amount = day[quantifiable], amount[quantifiable]
    after = day > day[int(np.argmax(amount))]
    day, log_amount = day[after], np.log(amount[after])
    lengths = np.arange(FEWEST_POINTS, len(day) + 1)
    fits = _fits(day, log_amount, lengths) if len(lengths) else []
    best = max((fit.adjusted_r2 for fit in fits), default=0.0)
    good = [fit for fit in fits if fit.days > 0 and fit.adjusted_r2 > best - SAME_FIT]
    return max(good, key=lambda fit: fit.n) if good else None


def _fits(day: Floats, log_amount: Floats, lengths: npt.NDArray[np.int64]) -> list[HalfLife]:
    """The fit of each window of the last so many samples, but of flat ones: all of them by the formulas of least
    squares at once."""
    within = np.arange(len(day)) >= len(day) - lengths[:, None]
    x, y = _centred(day, within, lengths), _centred(log_amount, within, lengths)
    spread = (y**2).sum(axis=1)
    slope = (x * y).sum(axis=1) / (x**2).sum(axis=1)
    r2 = 1 - ((y - slope[:, None] * x) ** 2).sum(axis=1) / np.where(spread > 0, spread, 1.0)
    flat = np.maximum.accumulate(log_amount[::-1]) - np.minimum.accumulate(log_amount[::-1]) <= SAME_AMOUNT
    found = zip(lengths.tolist(), slope.tolist(), r2.tolist(), strict=True)
    return [_fit(day[-n:], of, fitted) for n, of, fitted in found if not flat[n - 1]]


def _centred(values: Floats, within: npt.NDArray[np.bool_], lengths: npt.NDArray[np.int64]) -> Floats:
    """The values less their mean in each window (a row), 0 outside it."""
    mean = np.where(within, values, 0.0).sum(axis=1) / lengths
    return np.where(within, values - mean[:, None], 0.0)


def _fit(day: Floats, slope: float, r2: float) -> HalfLife:
    n = len(day)
    days = float(np.log(2) / -slope) if slope < 0 else -1.0
    span = float(day[-1] - day[0]) / days if days > 0 else 0.0
    reason = "" if span >= LEAST_SPAN else f"the samples cover {span:.1f} half-lives, fewer than {LEAST_SPAN:g}"
    if not reason and r2 < LEAST_R2:
        reason = f"R² {r2:.2f} is below {LEAST_R2:g}"
    return HalfLife(days, n, float(day[0]), float(day[-1]), 1 - (1 - r2) * (n - 1) / (n - 2), span, reason)


def fold_expansion(samples: Samples, peak: float, peak_day: float, base_day: float = BASE_DAY) -> FoldExpansion:
    """The peak over the base of samples in order of day; of two samples equally near the base day, the earlier.

    A sample belongs to the base day within a tenth of it, at least a day; the day of infusion itself is no base for a
    later day.
    """
    apart = np.abs(samples.day - base_day)
    near = np.flatnonzero((apart <= window(base_day)) & ((samples.day > 0) == (base_day > 0)))
    if not len(near):
        return _none(f"no sample on day {base_day:g}")
    base = int(near[np.argmin(apart[near])])
    day = float(samples.day[base])
    if peak_day < day:
        return _none(f"the peak lies before day {base_day:g}")
    if not samples.below[base] and samples.value[base] > 0:
        return FoldExpansion(Estimate(peak / float(samples.value[base])), day=day)
    limit = float(samples.lloq[base])
    if not limit > 0:
        return _none(f"day {base_day:g} lies below a limit that is not stated")
    return FoldExpansion(Estimate(peak / limit, note=f"at least: day {base_day:g} is below the limit"), True, day)


def _none(reason: str) -> FoldExpansion:
    return FoldExpansion(Estimate(None, reason=reason))
