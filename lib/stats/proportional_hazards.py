"""Whether hazards are proportional: the score test of a trend of each coefficient over (transformed) time.

R's cox.zph from survival 3.0 on, with "km" (1 - S just before the time), "identity" or "rank" of time. Own code because
lifelines' test is the approximation that R has left. Source: Grambsch & Therneau 1994; Therneau, vignette of survival 3.0.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from lib.stats.arrays import Floats
from lib.stats.cox_model import CoxFit, chi_squared, standardised
from lib.stats.estimate import TestResult, not_done
from lib.stats.kaplan_meier import kaplan_meier
from lib.stats.partial_likelihood import Observations, partial_likelihood

NAME: Final = "score test of proportional hazards"
SCALES: Final = {"km": "Kaplan-Meier scale", "identity": "time scale", "rank": "rank scale"}
OVERALL: Final = "all covariates"


def proportional_hazards(
    observed: Observations, fit: CoxFit, terms: Mapping[str, Sequence[int]], transform: str = "km"
) -> dict[str, TestResult]:
    """One test for each term (its columns of the design) and one for `OVERALL`; `fit` is the model of these rows."""
    name = f"{NAME} ({SCALES[transform]})"
    everything = {**terms, OVERALL: range(fit.parameters)}
    if fit.reason:
        return {term: not_done(name, fit.n, fit.reason) for term in everything}
    gradient, information = _extended(observed, fit, transform)
    return {term: _test(name, gradient, information, list(columns), fit.n) for term, columns in everything.items()}


def _extended(observed: Observations, fit: CoxFit, transform: str) -> tuple[Floats, Floats]:
    """Gradient and information with each covariate once more, times the transformed time, at coefficients 0 for these."""
    design, scale = standardised(observed.design)
    rows = Observations(observed.time, observed.event, design, observed.entry, observed.stratum)
    sets = partial_likelihood(rows)
    there = sets.at(fit.coefficients * scale)
    moment = _transformed(observed, transform)[sets.rows[sets.died]]
    moment = moment - moment.mean()
    gradient = ((sets.design[:, sets.died] - there.mean) * moment).sum(axis=1)
    plain, once, twice = (
        sets.information(there.risk, there.total, there.mean, moment**power) for power in (0.0, 1.0, 2.0)
    )
    return gradient, np.block([[plain, once], [once, twice]])


def _test(name: str, gradient: Floats, information: Floats, columns: list[int], n: int) -> TestResult:
    parameters = len(gradient)
    kept = [*range(parameters), *(parameters + column for column in columns)]
    score = np.concatenate([np.zeros(parameters), gradient[columns]])
    part = information[np.ix_(kept, kept)]
    if np.linalg.matrix_rank(part, tol=1e-10 * float(np.abs(part).max()), hermitian=True) < len(kept):
        return not_done(name, n, "too few event times to see a change over time")
    return chi_squared(name, float(score @ np.linalg.solve(part, score)), len(columns), n)


def _transformed(observed: Observations, transform: str) -> Floats:
    """The transformed time of each row, scaled so that the information is well conditioned (the test does not change)."""
    if transform == "rank":
        from scipy.stats import rankdata

        ranks: Floats = rankdata(observed.time) / len(observed.time)
        return ranks
    if transform == "identity":
        return observed.time / max(float(observed.time.max()), np.finfo(float).tiny)
    curve = kaplan_meier(observed.time, observed.event, observed.entry)
    before = np.append(1.0, curve.survival)[np.searchsorted(curve.time, observed.time)]
    fallen: Floats = 1 - before
    return fallen
