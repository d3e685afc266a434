"""Every test and interval that is tried on a drawn data set, under the names that the report prints."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from stats.observed import difference_at

from lib.stats.compared import compared_rows, headline_test
from lib.stats.competing_risks import cumulative_incidence, incidence_at
from lib.stats.cox import hazard_ratios
from lib.stats.cox_model import CoxFit, cox_model
from lib.stats.estimate import FEW_EVENTS, Estimate, TestResult
from lib.stats.fine_gray import subdistribution_ratios
from lib.stats.firth import FirthFit, Observations, firth
from lib.stats.kaplan_meier import greenwood_terms, kaplan_meier, quantile, survival_at
from lib.stats.log_rank import gray, logrank
from lib.stats.means import geometric_mean
from lib.stats.permutation import permutation_logrank
from lib.stats.proportions import risk_difference
from lib.stats.ranks import fisher, mann_whitney
from lib.stats.restricted_mean import default_tau, rmst_difference, survival_difference
from simulation.scenario import EARLY, FIRST, MEDIAN, NAMES, SECOND, Drawn

Z: Final = 1.959963984540054
TRANSFORMS: Final = ("log-log", "log", "plain")
BY_CHOICE: Final = "hazard ratio as the program gives it (Cox, or Firth below 10 events)"
HEADLINE: Final = "p of the headline, as the program gives it"
FEW: Final = "hazard ratio, profile (Firth), fewer than 5 events"
MOVER, PLAIN = "MOVER of log-log limits", "Greenwood, plain scale"


@dataclass(frozen=True)
class Fitted:
    """The models of a data set, each fitted once for its test and its interval."""

    drawn: Drawn

    @cached_property
    def cox(self) -> CoxFit:
        return cox_model(_observed(self.drawn))

    @cached_property
    def penalised(self) -> FirthFit:
        return firth(_observed(self.drawn))

    @cached_property
    def chosen(self) -> tuple[Estimate, TestResult]:
        return hazard_ratios(self.drawn.time, self.drawn.event, self.drawn.group, NAMES, FIRST)[SECOND]

    @cached_property
    def fine_gray(self) -> tuple[Estimate, TestResult]:
        return subdistribution_ratios(self.drawn.time, self.drawn.cause, self.drawn.group, NAMES, FIRST)[SECOND]

    @cached_property
    def means(self) -> tuple[Estimate, TestResult]:
        return _rmst(self.drawn)


def tests(fitted: Fitted) -> dict[str, TestResult]:
    """Tests of time to event; no group differs, so that each should reject 5 times in 100."""
    drawn = fitted.drawn
    given = drawn.time, drawn.event, drawn.group
    cox, penalised = fitted.cox, fitted.penalised
    return {
        HEADLINE: headline_test(compared_rows(*given, NAMES), logrank(*given)),
        "log-rank (score test of Cox's model)": logrank(*given),
        "permutation log-rank": permutation_logrank(*given),
        "Cox, Wald": cox.wald_test(0, "Wald"),
        "Cox, likelihood ratio": cox.likelihood_ratio_test("likelihood ratio"),
        "Firth, penalised likelihood ratio": penalised.tests[0],
        BY_CHOICE: fitted.chosen[1],
        "RMST difference, z, as the program gives it": fitted.means[1],
        "Gray, cause 1": gray(drawn.time, drawn.cause, drawn.group),
        "Fine-Gray, Wald, cause 1": fitted.fine_gray[1],
    }


def intervals(fitted: Fitted) -> dict[str, tuple[Estimate, float]]:
    """Intervals of what follows from times and causes, each with the value it should hold."""
    drawn = fitted.drawn
    mine = drawn.of(FIRST)
    curves = {
        transform: kaplan_meier(drawn.time[mine], drawn.event[mine], transform=transform) for transform in TRANSFORMS
    }
    incidence = cumulative_incidence(drawn.time[mine], drawn.cause[mine])[1]
    times = (("quartile", EARLY, 0.75), ("median", MEDIAN, 0.5))
    survival = {
        f"S(t) at the {word} time, {transform}": (survival_at(curve, time), share)
        for word, time, share in times
        for transform, curve in curves.items()
    }
    medians = {
        f"median, Brookmeyer-Crowley, {transform}": (quantile(curve), MEDIAN) for transform, curve in curves.items()
    }
    incidences = {
        f"cumulative incidence at the {word} time, log-log": (incidence_at(incidence, time), (1 - share) / 2)
        for word, time, share in times
    }
    penalised = fitted.penalised.ratios[0]
    ratios = {
        "hazard ratio, Wald (Cox)": fitted.cox.hazard_ratio(0),
        "hazard ratio, profile (Firth)": penalised,
        FEW: penalised if drawn.event.sum() < FEW_EVENTS else Estimate(None, reason="enough events"),
        BY_CHOICE: fitted.chosen[0],
        "subdistribution hazard ratio, Wald (Fine-Gray)": fitted.fine_gray[0],
    }
    differences = {"RMST difference, as the program gives it": (fitted.means[0], 0.0)}
    for word, time, _ in times:
        for name, estimate in _differences(drawn, time).items():
            differences[f"difference of curves at the {word} time, {name}"] = (estimate, 0.0)
    return {
        **survival,
        **medians,
        **incidences,
        **{name: (ratio, 1.0) for name, ratio in ratios.items()},
        **differences,
    }


def other_tests(drawn: Drawn) -> dict[str, TestResult]:
    """Tests that know no time."""
    first, second = drawn.of(FIRST), drawn.of(SECOND)
    return {
        "Fisher's exact test of a response of 60 %": fisher(
            [int(drawn.responded[second].sum()), int(drawn.responded[first].sum())],
            [int(second.sum()), int(first.sum())],
        ),
        "Mann-Whitney test of a biomarker": mann_whitney(drawn.biomarker[second], drawn.biomarker[first]),
    }


def other_intervals(drawn: Drawn) -> dict[str, tuple[Estimate, float]]:
    first, second = drawn.of(FIRST), drawn.of(SECOND)
    difference = risk_difference(
        int(drawn.responded[second].sum()), int(second.sum()), int(drawn.responded[first].sum()), int(first.sum())
    )
    return {
        "difference of two responses of 60 %, Newcombe": (difference, 0.0),
        "geometric mean of a log-normal biomarker": (geometric_mean(drawn.biomarker[first]), 1.0),
    }


def rejects(result: TestResult) -> bool | None:
    """Whether p is below 0.05; None where the test could not be done."""
    return None if result.p is None else result.p < 0.05


def covers(estimate: Estimate, truth: float) -> bool | None:
    """Whether the interval holds the truth; a limit that is not reached is open. None where there is no interval."""
    if estimate.low is None and estimate.high is None:
        return None
    low, high = (
        (-np.inf if estimate.low is None else estimate.low),
        (np.inf if estimate.high is None else estimate.high),
    )
    return bool(low <= truth <= high)


def outcomes(drawn: Drawn) -> Mapping[str, Mapping[str, bool | None]]:
    """All of it for one data set, in the four parts of the report."""
    fitted = Fitted(drawn)
    return {
        "tests": {name: rejects(result) for name, result in tests(fitted).items()},
        "intervals": {name: covers(*pair) for name, pair in intervals(fitted).items()},
        "other tests": {name: rejects(result) for name, result in other_tests(drawn).items()},
        "other intervals": {name: covers(*pair) for name, pair in other_intervals(drawn).items()},
    }


def _observed(drawn: Drawn) -> Observations:
    return Observations(drawn.time, drawn.event, drawn.of(SECOND).astype(float)[:, None])


def _rmst(drawn: Drawn) -> tuple[Estimate, TestResult]:
    first, second = (kaplan_meier(drawn.time[drawn.of(name)], drawn.event[drawn.of(name)]) for name in NAMES)
    return rmst_difference(second, first, default_tau(drawn.time, drawn.group, NAMES) or 0.0)


def _differences(drawn: Drawn, time: float) -> dict[str, Estimate]:
    """The difference of the two curves by the program's limits, and by Greenwood's on the plain scale."""
    pair = survival_difference(drawn.time, drawn.event, drawn.group, (SECOND, FIRST))
    found = difference_at(pair, time)
    if found.low is None or found.value is None:
        return {MOVER: found, PLAIN: Estimate(None, reason="no interval")}
    errors = []
    for name in NAMES:
        curve = kaplan_meier(drawn.time[drawn.of(name)], drawn.event[drawn.of(name)])
        row = np.searchsorted(curve.time, time, side="right") - 1
        errors.append(curve.survival[row] * np.sqrt(np.cumsum(greenwood_terms(curve.n_at_risk, curve.events))[row]))
    half = Z * float(np.hypot(*errors))
    return {MOVER: found, PLAIN: Estimate(found.value, found.value - half, found.value + half)}
