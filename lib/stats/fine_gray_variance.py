"""The variance of Fine-Gray coefficients: a sandwich that counts that the curve of censoring is estimated.

Each patient's influence is a score residual of the weighted martingale of the cause, and what the patient adds by being censored
or not. Equal to the variance of R's cmprsk::crr. Source: Fine & Gray 1999, J Am Stat Assoc 94:496, section 4.
"""

import numpy as np

from lib.stats.arrays import Floats
from lib.stats.subdistribution import Sums, Weighing, sums_at_risk


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
