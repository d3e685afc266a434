"""The risk sets of the Fine-Gray model: who had another cause stays in them with the weight G(t-)/G(T-).

G is the Kaplan-Meier curve of censoring over all patients; who is censored at a time is at risk of the cause at it, and events at
a time are at risk of censoring (as in cmprsk::crr). The weight is a product of a part of the patient and a part of the time, so
that sums over a risk set are running sums: no table of patients by times is made. Source: Fine & Gray 1999, J Am Stat Assoc 94:496.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.stats.arrays import Floats


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
