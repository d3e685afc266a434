"""Subdistribution hazard ratios by the model of Fine and Gray.

The risk sets of the Fine-Gray model: who had another cause stays in them with the weight G(t-)/G(T-).

G is the Kaplan-Meier curve of censoring over all patients; who is censored at a time is at risk of the cause at it, and
events at a time are at risk of censoring (as in cmprsk::crr). The weight is a product of a part of the patient and a
part of the time, so that sums over a risk set are running sums: no table of patients by times is made. Source: Fine &
Gray 1999, J Am Stat Assoc 94:496.

The variance of Fine-Gray coefficients: a sandwich that counts that the curve of censoring is estimated.

Each patient's influence is a score residual of the weighted martingale of the cause, and what the patient adds by being
censored or not. Equal to the variance of R's cmprsk::crr. Source: Fine & Gray 1999, J Am Stat Assoc 94:496, section 4.

Subdistribution hazard ratios (Fine-Gray): who ends up with one cause, by group, others competing.

Who had another cause stays at risk with the weight G(t-)/G(T-), G the Kaplan-Meier curve of censoring; the sandwich
variance counts that G is estimated. Equal to R's cmprsk::crr(time, cause, dummies), Breslow ties. survival::finegray +
coxph(cluster = id) takes G after the events of a tie, and its robust variance takes G as known: mgus2 gives 0.7951 (se
0.18578) here, 0.7953 (0.18577) there. No Python library that we use has it. Source: Fine & Gray 1999, J Am Stat Assoc
94:496.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.estimate import COMPARED_FROM, DESCRIBED, FEW_EVENTS, Estimate, Floats, TestResult, not_done
from lib.stats.log_rank import LATE_ENTRY


@dataclass(frozen=True)
class Weighing:
    """The patients, the distinct `events` times of the cause with their `count`, and G just before each time.

    `after` holds who had another cause: at risk for good, and weighted once the time of that cause is past.
    """

    time: Floats
    censored: npt.NDArray[np.bool_]
    happened: npt.NDArray[np.bool_]
    after: npt.NDArray[np.bool_]
    covariates: Floats
    uncensored: Floats
    events: Floats
    count: Floats
    uncensored_at_events: Floats


def weighing(time: Floats, cause: Floats, of: int, covariates: Floats) -> Weighing:
    """What the sums over risk sets need of these patients; `covariates` has one row a patient."""
    events, count = np.unique(time[cause == of], return_counts=True)
    censored, happened = cause == 0, cause == of
    leaving = np.unique(time[censored])
    at_risk = len(time) - np.searchsorted(np.sort(time), leaving)
    lost = np.bincount(np.searchsorted(leaving, time[censored]), minlength=len(leaving))
    curve = np.append(1.0, np.cumprod(1 - lost / at_risk))
    before, before_events = (curve[np.searchsorted(leaving, one)] for one in (time, events))
    return Weighing(
        time, censored, happened, ~censored & ~happened, covariates, before, events, count.astype(float), before_events
    )


@dataclass(frozen=True)
class Sums:
    """At each time of the cause: the weighted number at risk, the mean of the covariates, their covariance."""

    total: Floats
    mean: Floats
    covariance: Floats


def sums_at_risk(given: Weighing, coefficients: Floats) -> Sums:
    """The weighted risk set at each time of the cause, each patient weighted also by his hazard."""
    hazard = np.exp(given.covariates @ coefficients)
    products = given.covariates[:, :, None] * given.covariates[:, None, :]
    flat = (
        np.column_stack([np.ones(len(hazard)), given.covariates, products.reshape(len(hazard), -1)]) * hazard[:, None]
    )
    summed = _at_risk(given, flat)
    width = given.covariates.shape[1]
    mean = summed[:, 1 : 1 + width] / summed[:, :1]
    squares = (summed[:, 1 + width :] / summed[:, :1]).reshape(-1, width, width)
    return Sums(summed[:, 0], mean, squares - mean[:, :, None] * mean[:, None, :])


def _at_risk(given: Weighing, values: Floats) -> Floats:
    """The sum of each column over who is at risk at each time of the cause, weighted."""
    order = np.argsort(given.time, kind="stable")
    place = np.searchsorted(given.time[order], given.events)  # who is before this place has left or had another cause
    still = np.cumsum(values[order][::-1], axis=0)[::-1]
    weighted = np.where(given.after[:, None], values / given.uncensored[:, None], 0.0)[order]
    past = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(weighted, axis=0)])
    return np.asarray(still[place] + given.uncensored_at_events[:, None] * past[place])


def log_likelihood(given: Weighing, coefficients: Floats) -> float:
    """The logarithm of the weighted partial likelihood, Breslow ties."""
    own = given.covariates[given.happened] @ coefficients
    return float(own.sum() - given.count @ np.log(sums_at_risk(given, coefficients).total))


def sandwich(given: Weighing, coefficients: Floats) -> Floats:
    """The covariance of the coefficients: inverse information, sum of squared influences, inverse information."""
    sums = sums_at_risk(given, coefficients)
    inverse = np.linalg.inv(np.einsum("t,tij->ij", given.count, sums.covariance))
    hazards = given.count / sums.total
    influences = _score_residuals(given, sums, hazards, coefficients) + _of_censoring(
        given, sums, hazards, coefficients
    )
    return np.asarray(inverse @ influences.T @ influences @ inverse)


def _score_residuals(given: Weighing, sums: Sums, hazards: Floats, coefficients: Floats) -> Floats:
    """Each patient's covariates minus the mean, summed over the weighted martingale of the cause."""
    upto = np.searchsorted(given.events, given.time, side="right")
    hazard = np.exp(given.covariates @ coefficients)[:, None]
    whole, mean = _sums_before(hazards), _sums_before(hazards[:, None] * sums.mean)
    faded = hazards * given.uncensored_at_events
    later, later_mean = _sums_after(faded), _sums_after(faded[:, None] * sums.mean)
    expected = hazard * (given.covariates * whole[upto][:, None] - mean[upto])
    weighted = hazard / given.uncensored[:, None] * (given.covariates * later[upto][:, None] - later_mean[upto])
    expected = expected + np.where(given.after[:, None], weighted, 0.0)
    own = np.clip(upto - 1, 0, None)
    return np.where(given.happened[:, None], given.covariates - sums.mean[own], 0.0) - expected


def _of_censoring(given: Weighing, sums: Sums, hazards: Floats, coefficients: Floats) -> Floats:
    """What each patient adds to the scores by being censored, or not, while G is estimated."""
    leaving, lost = np.unique(given.time[given.censored], return_counts=True)
    if not len(leaving):
        return np.zeros_like(given.covariates)
    hazard = np.where(given.after, np.exp(given.covariates @ coefficients) / given.uncensored, 0.0)
    order = np.argsort(given.time, kind="stable")
    place = np.searchsorted(given.time[order], leaving)
    total = _sums_before(hazard[order])[place][:, None]
    of_covariates = _sums_before((hazard[:, None] * given.covariates)[order])[place]
    faded = hazards * given.uncensored_at_events
    row = np.searchsorted(given.events, leaving)
    effect = of_covariates * _sums_after(faded)[row][:, None] - total * _sums_after(faded[:, None] * sums.mean)[row]
    at_risk = (len(given.time) - place)[:, None]
    compensated = _sums_before(effect * lost[:, None] / at_risk**2)
    own = np.where(
        given.censored[:, None],
        (effect / at_risk)[np.clip(np.searchsorted(leaving, given.time), 0, len(leaving) - 1)],
        0.0,
    )
    return np.asarray(own - compensated[np.searchsorted(leaving, given.time, side="right")])


def _sums_before(values: Floats) -> Floats:
    """The sum of the first 0, 1, 2 ... rows."""
    return np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, axis=0)])


def _sums_after(values: Floats) -> Floats:
    """The sum of all rows but the first 0, 1, 2 ..."""
    return np.concatenate([np.cumsum(values[::-1], axis=0)[::-1], np.zeros_like(values[:1])])


NOT_CONVERGED: Final = "the model did not converge"
NAME: Final = "Wald test of the subdistribution hazard ratio (Fine-Gray model)"
MOST_STEPS: Final = 50
PRECISION: Final = 1e-10
NO_SPREAD: Final = 1e-8  # a standard error that is rounding: everybody had the cause at one time
LARGEST_COEFFICIENT: Final = 15.0  # a ratio of three million: the likelihood has no maximum


def subdistribution_ratios(
    time: Floats,
    cause: Floats,
    group: npt.NDArray[np.object_],
    names: Sequence[str],
    reference: str,
    of: int = 1,
    entry: Floats | None = None,
) -> dict[str, tuple[Estimate, TestResult]]:
    """The ratio of each group in `names` but the reference for cause `of` (0 = censored), with its Wald interval and
    test.

    Not estimable (with the reason) for a group without patients or without events of the cause, when the reference has
    none, below FEW_EVENTS in the two, for groups of one or two, and where patients enter late.
    """
    late = entry is not None and bool(np.any(entry > 0))
    others = [name for name in names if name != reference]
    reasons = {name: LATE_ENTRY if late else _reason(cause == of, group, name, reference) for name in others}
    usable = [name for name, reason in reasons.items() if not reason]
    fitted = _ratios(time, cause, group, usable, reference, of) if usable else {}
    found = {}
    for name, reason in reasons.items():
        n = int(np.isin(group.astype(str), (name, reference)).sum())
        found[name] = _told(*fitted[name], n) if name in fitted else _without(reason or NOT_CONVERGED, n)
    return found


def _reason(happened: npt.NDArray[np.bool_], group: npt.NDArray[np.object_], name: str, reference: str) -> str:
    for one in (name, reference):
        if not np.any(group == one):
            return f"no patients in {one}"
        if not np.any(happened[group == one]):
            return f"no events of this cause in {one}"
    for one in (name, reference):
        if np.sum(group == one) < COMPARED_FROM:
            return f"{one} is {DESCRIBED}"
    both = (group == name) | (group == reference)
    return f"fewer than {FEW_EVENTS} events of this cause" if happened[both].sum() < FEW_EVENTS else ""


def _told(coefficient: float, std_error: float, n: int) -> tuple[Estimate, TestResult]:
    from scipy.special import ndtr, ndtri

    if not std_error > NO_SPREAD:
        return _without("no variance: the groups do not differ in when the cause happened", n)
    reach, z = float(ndtri(0.975)) * std_error, coefficient / std_error
    low, high = float(np.exp(coefficient - reach)), float(np.exp(coefficient + reach))
    ratio = Estimate(float(np.exp(coefficient)), low, high)
    return ratio, TestResult(NAME, z, 1, 2 * float(ndtr(-abs(z))), n)


def _without(reason: str, n: int) -> tuple[Estimate, TestResult]:
    return Estimate(None, reason=reason), not_done(NAME, n, reason)


def _ratios(
    time: Floats, cause: Floats, group: npt.NDArray[np.object_], usable: list[str], reference: str, of: int
) -> dict[str, tuple[float, float]]:
    """Coefficient and standard error of each usable group in one model; empty where it has no maximum."""
    kept = np.isin(group.astype(str), [*usable, reference])
    covariates = np.column_stack([group[kept] == name for name in usable]).astype(float)
    given = weighing(time[kept], cause[kept], of, covariates)
    coefficients = _maximum(given)
    if coefficients is None:
        return {}
    spread = np.sqrt(np.diag(sandwich(given, coefficients)))
    return {name: (float(one), float(error)) for name, one, error in zip(usable, coefficients, spread, strict=True)}


def _maximum(given: Weighing) -> Floats | None:
    """Newton's steps, halved while they do not climb."""
    coefficients = np.zeros(given.covariates.shape[1])
    for _ in range(MOST_STEPS):
        sums = sums_at_risk(given, coefficients)
        score = given.covariates[given.happened].sum(axis=0) - given.count @ sums.mean
        information = np.einsum("t,tij->ij", given.count, sums.covariance)
        if np.linalg.eigvalsh(information)[0] < PRECISION or np.abs(coefficients).max() > LARGEST_COEFFICIENT:
            return None
        step = np.linalg.solve(information, score)
        if np.abs(step).max() < PRECISION:
            return coefficients
        here = log_likelihood(given, coefficients)
        while log_likelihood(given, coefficients + step) < here - PRECISION:
            step = step / 2
        coefficients = coefficients + step
    return None
