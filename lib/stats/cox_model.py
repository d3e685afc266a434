"""Cox's model of any covariates: fit, variance, partial likelihood.

Cox's partial likelihood: its value, gradient and information at any coefficients, for rows (entry, time, event].

Efron's or Breslow's handling of ties; strata; late entry (whoever enters at a time is at risk after it). Sorted once,
then sums along the time axis: O(n log n). Own code because lifelines is 7 to 21 times slower than R's coxph and refuses
late entries.
Source: Cox 1972; Efron 1977; Breslow 1974; Andersen & Gill 1982.

Cox's model fitted by Newton-Raphson with step halving: coefficients, covariance, likelihoods, and the three tests.

Converged when the logarithm of the likelihood changes by no more than 1e-12 of itself; a likelihood without maximum is
reported as such. Own code because lifelines stops early and is slower at every size; equals R's coxph(ties = "efron").
Source: Cox 1972; Efron 1977.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.estimate import Estimate, Floats, TestResult, not_done

Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Observations:
    """Rows (entry, time, event] with their covariates, a column each in `design`; a patient may have several rows.

    An entry at or before 0 means from the beginning. `stratum` holds whole numbers from 0 on.
    """

    time: Floats
    event: Floats
    design: Floats
    entry: Floats | None = None
    stratum: Places | None = None


@dataclass(frozen=True)
class Likelihood:
    """The partial likelihood at some coefficients. `risk` is exp(x b) of each row, in the order of the risk sets.

    For each event: `total` is the sum of `risk` over its risk set, `mean` the covariates' weighted mean there (a column
    each).
    """

    value: float
    gradient: Floats
    information: Floats
    risk: Floats
    total: Floats
    mean: Floats


@dataclass(frozen=True)
class PartialLikelihood:
    """The rows at risk at each event time, latest time first; rows are sorted by time, latest first.

    `rows` are places in the observations; `design` has a line for each covariate. Of each set: `reach`, how many rows
    last until its time, `deaths`, and `late`, how many of the rows `by_entry` enter only then or later. Of each event:
    its row `died`, the set it is `of`, and the `share` of its tied events that have left the set (0 with Breslow's
    ties).
    """

    rows: Places
    time: Floats
    design: Floats
    reach: Places
    deaths: Places
    died: Places
    of: Places
    share: Floats
    by_entry: Places | None
    late: Places | None

    def at(self, coefficients: Floats) -> Likelihood:
        """The likelihood at these coefficients; its value is minus infinity where it cannot be computed."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            predictor = np.einsum("i,in->n", coefficients, self.design)
            predictor = predictor - predictor.max(initial=-np.inf)
            risk = np.exp(predictor)
            sums = self.per_event(np.vstack([risk, risk * self.design]))
            total, mean = sums[0], sums[1:] / sums[0]
            value = float(predictor[self.died].sum() - np.log(total).sum())
            information = self.information(risk, total, mean)
        gradient = self.design[:, self.died].sum(axis=1) - mean.sum(axis=1)
        usable = bool(np.isfinite(value)) and bool((total > 0).all())
        return Likelihood(value if usable else -np.inf, gradient, information, risk, total, mean)

    def per_event(self, lines: Floats) -> Floats:
        """Sums over the risk set of each event, of lines that hold a number for each row."""
        sums = np.cumsum(lines, axis=1)[:, self.reach - 1]
        if self.by_entry is not None and self.late is not None:
            entering = np.cumsum(lines[:, self.by_entry], axis=1)
            sums = sums - np.where(self.late > 0, entering[:, self.late - 1], 0.0)
        if len(self.reach) == len(self.died):
            return sums  # no two events at one time
        spread = sums[:, self.of]
        if not self.share.any():
            return spread
        starts = np.cumsum(self.deaths) - self.deaths
        return spread - self.share * np.add.reduceat(lines[:, self.died], starts, axis=1)[:, self.of]

    def information(self, risk: Floats, total: Floats, mean: Floats, weight: Floats | None = None) -> Floats:
        """The sum over the events of the covariates' variance in the risk set, times a `weight` for each event.

        The second moments are gathered by row: each row stands in the sets between its entry and its time.
        """
        weight = np.ones_like(total) if weight is None else weight
        hazard = weight / total
        starts = np.cumsum(self.deaths) - self.deaths
        steps = np.add.reduceat(hazard, starts)
        later = np.append(np.cumsum(steps[::-1])[::-1], 0.0)  # the hazard from each set on, back to the first time
        lived = np.repeat(later, np.diff(self.reach, prepend=0, append=len(self.rows)))
        if self.by_entry is not None and self.late is not None:
            lived[self.by_entry] -= np.repeat(later, np.diff(self.late, prepend=0, append=len(self.rows)))
        if self.share.any():
            lived[self.died] -= np.add.reduceat(hazard * self.share, starts)[self.of]
        # einsum, not @: on long thin matrices the threads of a linear algebra library cost more than they save
        second = np.einsum("in,jn->ij", self.design * (risk * lived), self.design)
        information: Floats = second - np.einsum("in,jn->ij", mean * weight, mean)
        return information


def partial_likelihood(observed: Observations, efron: bool = True) -> PartialLikelihood:
    """The risk sets of all events. Rows whose entry is at or after their time were never at risk: they are left out."""
    entry = None if observed.entry is None else np.where(observed.entry > 0, observed.entry, -np.inf)
    kept = np.arange(len(observed.time)) if entry is None else np.flatnonzero(entry < observed.time)
    time = observed.time[kept]
    entry = None if entry is None or np.isneginf(entry).all() else entry[kept]
    if observed.stratum is not None and len(kept):
        time, entry = _one_axis(time, entry, observed.stratum[kept])
    order = np.argsort(-time)
    time, rows = time[order], kept[order]
    event = observed.event[rows] == 1
    ends = np.flatnonzero(np.append(time[1:] != time[:-1], True)) + 1 if len(time) else np.zeros(0, dtype=np.intp)
    deaths = np.diff(np.cumsum(np.append(0, event))[ends], prepend=0)
    reach, deaths = ends[deaths > 0], deaths[deaths > 0]
    of = np.repeat(np.arange(len(reach)), deaths)
    place = np.arange(len(of)) - np.repeat(np.cumsum(deaths) - deaths, deaths)
    share = place / deaths[of] if efron else np.zeros(len(of))
    by_entry, late = (None, None) if entry is None else _entering(entry[order], time[reach - 1])
    return PartialLikelihood(
        rows,
        observed.time[rows],
        np.ascontiguousarray(observed.design[rows].T),
        reach,
        deaths,
        np.flatnonzero(event),
        of,
        share,
        by_entry,
        late,
    )


def _one_axis(time: Floats, entry: Floats | None, stratum: Places) -> tuple[Floats, Floats]:
    """Strata laid one after another on one axis: those of a later stratum enter when the earlier one has ended."""
    entry = np.full(len(time), -np.inf) if entry is None else entry
    values = np.unique(np.concatenate([time, entry[np.isfinite(entry)]]))
    start: Floats = (stratum * (len(values) + 1)).astype(np.float64)
    begin: Floats = np.where(np.isfinite(entry), np.searchsorted(values, entry) + 1.0, 0.0)
    return start + np.searchsorted(values, time) + 1.0, start + begin


def _entering(entry: Floats, times: Floats) -> tuple[Places, Places]:
    """The rows in the order of their entry, latest first; and how many enter at or after each of the times."""
    by_entry = np.argsort(-entry)
    return by_entry, np.searchsorted(-entry[by_entry], -times, side="right")


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
        """Whether the likelihood has a maximum."""
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
    """The risk sets of the standardised covariates and the likelihood without any effect; or the reason why there are
    none."""

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
    """The covariates with mean 0 and standard deviation 1, and their standard deviations: 0 for one that does not
    vary."""
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
    """The coefficients of the maximum, the likelihood there, and after how many steps; or the reason why there is
    none."""
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
