"""Firth's penalised Cox model: finite hazard ratios also where a group has no events, with profile likelihood limits.

The partial likelihood (Breslow's ties, as R's coxphf and firthmodels) times the root of the determinant of the
information, that of all covariates also where one is held fixed. Own code because R's coxphf has no counterpart here
but firthmodels, which brings scikit-learn with it. Source: Firth 1993; Heinze & Schemper 2001.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.cox_model import NORMAL_975, Likelihood, Observations, PartialLikelihood, begin, chi_squared
from lib.stats.estimate import Estimate, Floats, TestResult, not_done

NAME: Final = "penalised likelihood ratio test (Firth)"
NOTE: Final = "Firth's penalised likelihood, profile limits"
NO_LOW: Final = "; no lower limit: the profile does not fall far enough towards 0"
NO_HIGH: Final = "; no upper limit: the profile does not fall far enough towards infinity"
NOT_CONVERGED: Final = "the penalised model did not converge"
SHORTEST: Final = 1e-9  # the climb ends with a step of this length, in standard deviations of a covariate
ROUNDING: Final = 1e-13  # of the logarithm of the likelihood, a sum over all events
LONGEST: Final = 2.0  # of a step, likewise
MOST_STEPS, MOST_HALVINGS, MOST_TRIALS = 200, 40, 60
DIFFERENCE: Final = 1e-4  # of a coefficient, to see how the gradient changes
LEAST_CURVED: Final = 1e-6  # of the information
CLOSE: Final = 1e-9
REACH: Final = NORMAL_975  # of the root of twice the drop of the log-likelihood, at a 95 % limit


@dataclass(frozen=True)
class FirthFit:
    """One ratio and test for each covariate, all with the `reason` where the model could not be fitted."""

    coefficients: Floats
    ratios: tuple[Estimate, ...]
    tests: tuple[TestResult, ...]
    overall: TestResult
    reason: str = ""


@dataclass(frozen=True)
class Penalised:
    """The penalised likelihood at some coefficients: its logarithm, gradient and the information of the likelihood."""

    coefficients: Floats
    value: float
    gradient: Floats
    information: Floats


def firth(observed: Observations) -> FirthFit:
    """The penalised model of these rows: hazard ratios with 95 % profile limits, and penalised likelihood ratio
    tests."""
    n, parameters = observed.design.shape
    start = begin(observed, efron=False)
    sets, scale = start.sets, start.scale
    if sets is None:
        return _without(start.reason, n, parameters)
    null = _penalised(sets, np.zeros(parameters))
    free = np.ones(parameters, dtype=bool)
    best = _climb(sets, null, free)
    if best is None:
        return _without(NOT_CONVERGED, n, parameters)
    each = [_one(sets, best, null, column, float(scale[column]), n) for column in range(parameters)]
    overall = chi_squared(NAME, 2 * (best.value - null.value), parameters, n)
    return FirthFit(
        best.coefficients / scale, tuple(ratio for ratio, _ in each), tuple(test for _, test in each), overall
    )


def _without(reason: str, n: int, parameters: int) -> FirthFit:
    ratio, test = Estimate(None, reason=reason), not_done(NAME, n, reason)
    return FirthFit(np.zeros(0), (ratio,) * parameters, (test,) * parameters, test, reason)


def _one(
    sets: PartialLikelihood, best: Penalised, null: Penalised, column: int, scale: float, n: int
) -> tuple[Estimate, TestResult]:
    """The ratio of one covariate with its profile limits, and its test."""
    value = _finite(float(best.coefficients[column]), scale)
    low, high = (_finite(_limit(sets, best, column, side), scale) for side in (-1, 1))
    note = "".join([NOTE, "" if low is not None else NO_LOW, "" if high is not None else NO_HIGH])
    ratio = Estimate(None, reason=NOT_CONVERGED) if value is None else Estimate(value, low, high, note=note)
    held = null if len(null.coefficients) == 1 else _profile(sets, best, column, 0.0)
    if held is None:
        return ratio, not_done(NAME, n, NOT_CONVERGED)
    return ratio, chi_squared(NAME, 2 * (best.value - held.value), 1, n)


def _finite(logarithm: float | None, scale: float) -> float | None:
    """The ratio of this logarithm, None where it is 0 or infinite."""
    if logarithm is None:
        return None
    with np.errstate(over="ignore", under="ignore"):
        ratio = float(np.exp(logarithm / scale))
    return ratio if np.isfinite(ratio) and ratio > 0 else None


def _limit(sets: PartialLikelihood, best: Penalised, column: int, side: int) -> float | None:
    """Where the profile has dropped by half of 3.84: Newton on the root of twice the drop, kept within a bracket.

    None where it never does: the interval is open on this side.
    """
    middle = best.coefficients[column]
    inside, outside = 0.0, np.inf
    distance = NORMAL_975 * float(np.sqrt(np.linalg.inv(best.information)[column, column]))
    start = best
    for _ in range(MOST_TRIALS):
        there = _profile(sets, start, column, middle + side * distance)
        if there is None:
            return None
        start = there
        drop = float(np.sqrt(max(0.0, 2 * (best.value - there.value))))
        slope = -side * there.gradient[column] / drop if drop > 0 else 0.0
        if abs(drop - REACH) < CLOSE + ROUNDING * abs(best.value):
            return float(middle + side * distance)
        inside, outside = (distance, outside) if drop < REACH else (inside, distance)
        distance = distance + (REACH - drop) / slope if slope > 0 else np.inf
        if not inside < distance < outside:
            distance = (inside + outside) / 2 if np.isfinite(outside) else 2 * inside + 1
    return None


def _profile(sets: PartialLikelihood, start: Penalised, column: int, value: float) -> Penalised | None:
    """The maximum with one coefficient held at a value."""
    coefficients = start.coefficients.copy()
    coefficients[column] = value
    free = np.arange(len(coefficients)) != column
    return _climb(sets, _penalised(sets, coefficients), free)


def _climb(sets: PartialLikelihood, start: Penalised, free: npt.NDArray[np.bool_]) -> Penalised | None:
    """Newton's steps in the free coefficients, halved until they climb; None where they do not arrive."""
    here = start
    for _ in range(MOST_STEPS):
        if not np.isfinite(here.value):
            return None
        step = np.zeros(len(here.coefficients))
        if free.any():
            step[free] = _uphill(sets, here, free)
        longest = float(np.abs(step).max())
        if longest < SHORTEST:
            return here
        step = step * min(1.0, LONGEST / longest)
        for _ in range(MOST_HALVINGS):
            there = _penalised(sets, here.coefficients + step)
            if there.value >= here.value - ROUNDING * abs(here.value):
                break
            step = step / 2
        else:
            return here
        here = there
    return None


def _uphill(sets: PartialLikelihood, here: Penalised, free: npt.NDArray[np.bool_]) -> Floats:
    """Newton's step, or where the penalised likelihood is not curved downwards one by the information alone.

    The information of the likelihood alone overshoots where few events make the penalty as curved as the likelihood is.
    """
    gradient, information = here.gradient[free], here.information[np.ix_(free, free)]
    curved = np.array([_slope(sets, here, int(column))[free] for column in np.flatnonzero(free)])
    curved = -(curved + curved.T) / 2
    if np.isfinite(curved).all() and np.linalg.eigvalsh(curved)[0] > LEAST_CURVED * np.trace(information):
        return np.asarray(np.linalg.solve(curved, gradient))
    return np.asarray(np.linalg.solve(information, gradient))


def _slope(sets: PartialLikelihood, here: Penalised, column: int) -> Floats:
    """How the gradient changes with one coefficient, by a central difference."""
    step = np.zeros(len(here.coefficients))
    step[column] = DIFFERENCE
    up, down = (_penalised(sets, here.coefficients + way * step).gradient for way in (1, -1))
    return (up - down) / (2 * DIFFERENCE)


def _penalised(sets: PartialLikelihood, coefficients: Floats) -> Penalised:
    """The value is minus infinity where the information is not positive definite."""
    plain = sets.at(coefficients)
    sign, logarithm = np.linalg.slogdet(plain.information) if np.isfinite(plain.information).all() else (0.0, 0.0)
    if sign <= 0 or not np.isfinite(plain.value):
        return Penalised(coefficients, -np.inf, plain.gradient, plain.information)
    gradient = plain.gradient + _slope_of_penalty(sets, plain)
    return Penalised(coefficients, plain.value + logarithm / 2, gradient, plain.information)


def _slope_of_penalty(sets: PartialLikelihood, plain: Likelihood) -> Floats:
    """Half the trace of the inverse information times its derivative, for each coefficient.

    The derivative of a variance is the third central moment; with J the inverse, the sum over the events of
    E[(x - m)' J (x - m) (x_r - m_r)] = cov(x' J x, x_r) - 2 m' J cov(x, x_r).
    """
    inverse = np.linalg.inv(plain.information)
    design, parameters = sets.design, len(sets.design)
    form = np.einsum("in,ij,jn->n", design, inverse, design)
    products = (design[:, None, :] * design[None, :, :]).reshape(parameters * parameters, -1)
    sums = sets.per_event(np.vstack([form, form * design, products]) * plain.risk) / plain.total
    middle, with_form, second = sums[0], sums[1 : parameters + 1], sums[parameters + 1 :]
    covariance = second.reshape(parameters, parameters, -1) - plain.mean[:, None, :] * plain.mean[None, :, :]
    turned = np.einsum("ij,jn->in", inverse, plain.mean)
    slope: Floats = (with_form - middle * plain.mean).sum(axis=1) - 2 * np.einsum("in,irn->r", turned, covariance)
    return slope / 2
