"""Cox's model fitted by Newton-Raphson with step halving: coefficients, covariance, likelihoods, and the three tests.

Converged when the logarithm of the likelihood changes by no more than 1e-12 of itself; a likelihood without maximum is told
as such. Own code because lifelines stops early and is slower at every size; equals R's coxph(ties = "efron").
Source: Cox 1972; Efron 1977.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from lib.stats.arrays import Floats
from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.partial_likelihood import Likelihood, Observations, PartialLikelihood, partial_likelihood

WALD: Final = "Wald test (Cox model, Efron ties)"
SCORE: Final = "score test (Cox model, Efron ties)"
LIKELIHOOD_RATIO: Final = "likelihood ratio test (Cox model, Efron ties)"
NO_MAXIMUM: Final = "the likelihood has no maximum: the covariates separate those with from those without events"
SAME: Final = "the covariates do not differ, independently of each other, among those at risk at the events"
PRECISION: Final = 1e-12
FLAT: Final = 1e-9  # the likelihood hardly changes any more ...
STILL_MOVING: Final = 0.1  # ... while somebody's logarithm of the hazard still moves by this much: there is no maximum
MOST_STEPS, MOST_HALVINGS = 60, 30
SINGULAR: Final = 1e-10
NORMAL_975: Final = 1.959963984540054


@dataclass(frozen=True)
class CoxFit:
    """A fitted model, or the `reason` why there is none (then without coefficients and covariance).

    `score` is the statistic of the score test of no effect at all: it needs no maximum. `n` counts rows.
    """

    coefficients: Floats
    covariance: Floats
    log_likelihood: float
    log_likelihood_null: float
    score: float | None
    parameters: int
    n: int
    n_events: int
    steps: int
    reason: str = ""

    @property
    def converged(self) -> bool:
        return not self.reason

    def hazard_ratio(self, column: int, step: float = 1.0) -> Estimate:
        """exp(coefficient x step) with its Wald limits."""
        if self.reason:
            return Estimate(None, reason=self.reason)
        middle, half = self.coefficients[column] * step, NORMAL_975 * self._error(column) * abs(step)
        with np.errstate(over="ignore", under="ignore"):
            value, low, high = (float(number) for number in np.exp([middle, middle - half, middle + half]))
        if not np.isfinite(high):
            return Estimate(None, reason="too large to be told")
        return Estimate(value, low, high)

    def wald_test(self, column: int, name: str = WALD) -> TestResult:
        """Whether one coefficient is 0; the statistic is z."""
        if self.reason:
            return not_done(name, self.n, self.reason)
        from scipy.special import ndtr

        z = float(self.coefficients[column] / self._error(column))
        return TestResult(name, z, 1, float(2 * ndtr(-abs(z))), self.n)

    def likelihood_ratio_test(self, name: str = LIKELIHOOD_RATIO) -> TestResult:
        """Whether all coefficients are 0."""
        if self.reason:
            return not_done(name, self.n, self.reason)
        return chi_squared(name, 2 * (self.log_likelihood - self.log_likelihood_null), self.parameters, self.n)

    def score_test(self, name: str = SCORE) -> TestResult:
        """Whether all coefficients are 0; also where the likelihood has no maximum."""
        if self.score is None:
            return not_done(name, self.n, self.reason)
        return chi_squared(name, self.score, self.parameters, self.n)

    def _error(self, column: int) -> float:
        return float(np.sqrt(self.covariance[column, column]))


@dataclass(frozen=True)
class Start:
    """The risk sets of the standardised covariates and the likelihood without any effect; or the reason why there are none."""

    scale: Floats
    reason: str = ""
    sets: PartialLikelihood | None = None
    likelihood: Likelihood | None = None


def cox_model(observed: Observations, efron: bool = True) -> CoxFit:
    """The model of these rows, without coefficients where they cannot be estimated."""
    n, parameters = observed.design.shape
    sizes = parameters, n, int((observed.event == 1).sum())
    start = begin(observed, efron)
    if start.sets is None or start.likelihood is None:
        return CoxFit(np.zeros(0), np.zeros((0, 0)), 0.0, 0.0, None, *sizes, 0, start.reason)
    null = start.likelihood
    coefficients, end, steps, reason = _climb(start.sets, null)
    score = float(null.gradient @ np.linalg.solve(null.information, null.gradient))
    if reason:
        return CoxFit(np.zeros(0), np.zeros((0, 0)), end.value, null.value, score, *sizes, steps, reason)
    covariance = np.linalg.inv(end.information) / np.outer(start.scale, start.scale)
    return CoxFit(coefficients / start.scale, covariance, end.value, null.value, score, *sizes, steps)


def begin(observed: Observations, efron: bool) -> Start:
    """What a model of these rows starts from."""
    design, scale = standardised(observed.design)
    if reason := _reason(observed, scale):
        return Start(scale, reason)
    sets = partial_likelihood(
        Observations(observed.time, observed.event, design, observed.entry, observed.stratum), efron
    )
    if not len(sets.died):
        return Start(scale, "nobody is at risk at an event")
    null = sets.at(np.zeros(len(scale)))
    return Start(scale, SAME) if _singular(null.information) else Start(scale, "", sets, null)


def chi_squared(name: str, statistic: float, df: int, n: int) -> TestResult:
    """A test by the chi-squared distribution; a statistic that is below 0 by rounding counts as 0."""
    from scipy.special import chdtrc

    statistic = max(0.0, float(statistic))
    return TestResult(name, statistic, df, float(chdtrc(df, statistic)), n)


def standardised(design: Floats) -> tuple[Floats, Floats]:
    """The covariates with mean 0 and standard deviation 1, and their standard deviations: 0 for one that does not vary."""
    if not len(design):
        return design, np.zeros(design.shape[1])
    scale = np.where(np.ptp(design, axis=0) > 0, design.std(axis=0), 0.0)
    return (design - design.mean(axis=0)) / np.where(scale > 0, scale, 1.0), scale


def _reason(observed: Observations, scale: Floats) -> str:
    if not len(observed.time):
        return "no patients"
    if not (observed.event == 1).any():
        return "no events"
    if not len(scale):
        return "no covariates"
    return "" if (scale > 0).all() else "a covariate has the same value for everybody"


def _climb(sets: PartialLikelihood, start: Likelihood) -> tuple[Floats, Likelihood, int, str]:
    """The coefficients of the maximum, the likelihood there, and after how many steps; or the reason why there is none."""
    here, coefficients = start, np.zeros(len(sets.design))
    for steps in range(1, MOST_STEPS + 1):
        if _singular(here.information):
            return coefficients, here, steps, NO_MAXIMUM
        step = np.linalg.solve(here.information, here.gradient)
        there = sets.at(coefficients + step)
        for _ in range(MOST_HALVINGS):
            if there.value >= here.value - PRECISION * abs(here.value):
                break
            step = step / 2
            there = sets.at(coefficients + step)
        gain = abs(there.value - here.value)
        coefficients, here = coefficients + step, there
        moved = float(np.abs(np.einsum("i,in->n", step, sets.design)).max())
        if gain <= FLAT * abs(here.value) and moved > STILL_MOVING:
            return coefficients, here, steps, NO_MAXIMUM
        if gain <= PRECISION * abs(here.value):
            return coefficients, here, steps, NO_MAXIMUM if _singular(here.information) else ""
    return coefficients, here, MOST_STEPS, "the model did not converge"


def _singular(information: Floats) -> bool:
    """Whether some combination of the (standardised) covariates has next to no variance among those at risk."""
    if not np.isfinite(information).all():
        return True
    roots = np.linalg.eigvalsh(information)
    return bool(roots[0] <= SINGULAR * max(1.0, roots[-1]))
