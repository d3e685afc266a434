"""Subdistribution hazard ratios (Fine-Gray): who ends up with one cause, by group, others competing.

Who had another cause stays at risk with the weight G(t-)/G(T-), G the Kaplan-Meier curve of censoring; the sandwich variance counts
that G is estimated. Equal to R's cmprsk::crr(time, cause, dummies), Breslow ties. survival::finegray + coxph(cluster = id) takes G
after the events of a tie, and its robust variance takes G as known: mgus2 gives 0.7951 (se 0.18578) here, 0.7953 (0.18577) there.
No Python library that we use has it. Source: Fine & Gray 1999, J Am Stat Assoc 94:496.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.arrays import Floats
from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.fine_gray_variance import sandwich
from lib.stats.gray import LATE_ENTRY
from lib.stats.small_samples import COMPARED_FROM, DESCRIBED, FEW_EVENTS
from lib.stats.subdistribution import Weighing, log_likelihood, sums_at_risk, weighing

NAME: Final = "Wald test of the subdistribution hazard ratio (Fine-Gray model)"
MOST_STEPS: Final = 50
PRECISION: Final = 1e-10
NO_SPREAD: Final = 1e-8  # a standard error that is rounding: everybody had the cause at one time
LARGEST_COEFFICIENT: Final = 15.0  # a ratio of three million: the likelihood has no maximum


def subdistribution_ratios(
    time: Floats, cause: Floats, group: npt.NDArray[np.object_], names: Sequence[str], reference: str, of: int = 1,
    entry: Floats | None = None,
) -> dict[str, tuple[Estimate, TestResult]]:  # fmt: skip
    """The ratio of each group in `names` but the reference for cause `of` (0 = censored), with its Wald interval and test.

    Not estimable (with the reason) for a group without patients or without events of the cause, when the reference has none,
    below FEW_EVENTS in the two, for groups of one or two, and where patients enter late.
    """
    late = entry is not None and bool(np.any(entry > 0))
    happened = cause == of
    others = [name for name in names if name != reference]
    reasons = {name: LATE_ENTRY if late else _reason(happened, group, name, reference) for name in others}
    usable = [name for name in others if not reasons[name]]
    fitted = _ratios(time, cause, group, usable, reference, of) if usable else {}
    n = {name: int(np.sum((group == name) | (group == reference))) for name in others}
    return {
        name: _told(*fitted[name], n[name])
        if name in fitted
        else _without(reasons[name] or "the model did not converge", n[name])
        for name in others
    }


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
