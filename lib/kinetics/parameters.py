"""Kinetic parameters of one patient's series after one infusion: peak, areas, last quantifiable and first undetectable day, half-life, fold.

Rules (PKNCA's defaults): below the limit before the first and after the last quantifiable value counts as 0, between them it
is left out; linear up, logarithmic down; no extrapolation beyond the last sample. Source: PKNCA 0.12; Gabrielsson & Weiner.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lib.kinetics.area import NON_EXPANDER, auc_from_0, auc_to_last
from lib.kinetics.fold import BASE_DAY, FoldExpansion, fold_expansion
from lib.kinetics.half_life import TOO_FEW, HalfLife, half_life
from lib.kinetics.samples import Samples
from lib.stats.estimate import Estimate, Floats

NOT_SAMPLED: Final = "no sample after the infusion"
AUC_DAYS: Final = (28.0, 90.0)


@dataclass(frozen=True)
class Subject:
    """Whose samples they are: the key of a series is patient and infusion."""

    patient: str
    infusion: int
    group: str | None


@dataclass(frozen=True)
class KineticParameters:
    """The parameters of one patient and infusion; each is an Estimate without limits, or the reason why there is none.

    `tbql` is the first day below the limit after the last quantifiable one (`tlast`); `fit` the half-life as it was fitted, also
    where it is not fit to be reported.
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
        patient=subject.patient, infusion=subject.infusion, group=subject.group,
        cmax=Estimate(cmax), tmax=Estimate(tmax), auc_0_28=areas[0], auc_0_90=areas[1], auc_last=auc_to_last(day, amount),
        clast=Estimate(float(amount[last])), tlast=Estimate(float(day[last])), tbql=_first_below(day, last),
        half_life=_reported(fitted), fit=fitted, fold=fold_expansion(samples, cmax, tmax, base_day), n_samples=len(day),
    )  # fmt: skip


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
