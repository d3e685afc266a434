"""Hazard ratios of groups by Cox's model, and whether hazards are proportional.

Hazard ratios of groups against a reference: Cox's model with Efron's ties, or Firth's penalised one where that must
fail.

Firth takes over where a group or the reference has no events, the two together fewer than 10, the likelihood has no
maximum, or the logarithm of the ratio is beyond 5; below 5 events the note says how few. Groups of one or two are not
compared, and are in no model of others (lib/stats/estimate.py). Equals R's coxph, and coxphf where Firth is named.
Source: Cox 1972; Efron 1977; Heinze & Schemper 2001.

Cause-specific hazard ratios: Cox's model of one cause, with every other cause censored when it happens.

It answers what drives the cause among those still free of every cause; the subdistribution ratio (fine_gray.py) answers
who ends up with it. Equal to R's coxph(Surv(time, cause == of) ~ group). Source: Prentice et al. 1978; Latouche et al.
2013.

Whether one hazard ratio can stand for a whole follow-up: the score test of proportional hazards, and curves that cross.

Curves cross where one lies at least FAR above the other and, at another time, as far below it, while at least
COMPARED_FROM of each group are at risk. Source: Grambsch & Therneau 1994 (as R's cox.zph); Royston & Parmar 2013
(restricted means instead).

Whether hazards are proportional: the score test of a trend of each coefficient over (transformed) time.

R's cox.zph from survival 3.0 on, with "km" (1 - S just before the time), "identity" or "rank" of time. Own code because
lifelines' test is the approximation that R has left. Source: Grambsch & Therneau 1994; Therneau, vignette of survival
3.0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.cox_model import SAME, CoxFit, Observations, chi_squared, cox_model, partial_likelihood, standardised
from lib.stats.estimate import (
    COMPARED_FROM,
    DESCRIBED,
    Estimate,
    Floats,
    Names,
    TestResult,
    few_events,
    not_done,
    penalised_from_the_start,
)
from lib.stats.firth import firth
from lib.stats.kaplan_meier import SurvivalCurve, kaplan_meier

NAME: Final = "Wald test of the hazard ratio (Cox model, Efron ties)"
LIKELIHOOD_RATIO: Final = "likelihood ratio test of the hazard ratio (Cox model, Efron ties)"
LARGEST: Final = 5.0  # logarithm of a hazard ratio


@dataclass(frozen=True)
class HazardRatio:
    """The ratio of a group with its test (Wald's, or Firth's), and the likelihood ratio test of the same."""

    ratio: Estimate
    test: TestResult
    likelihood_ratio: TestResult


@dataclass(frozen=True)
class Groups:
    """What was observed (without covariates), and which rows are of each group."""

    observed: Observations
    reference: str
    members: dict[str, npt.NDArray[np.bool_]]

    def events(self, *names: str) -> int:
        """Events of these groups."""
        return sum(int(self.observed.event[self.members[name]].sum()) for name in names)

    def n(self, name: str) -> int:
        """Patients of this group and the reference."""
        return int(self.members[name].sum() + self.members[self.reference].sum())

    def rows(self, modelled: list[str]) -> Observations:
        """The rows of these groups and the reference, with a column of 0 and 1 for each group."""
        kept = np.logical_or.reduce([self.members[name] for name in (*modelled, self.reference)])
        design = np.array([self.members[name][kept] for name in modelled], dtype=float).T
        observed, entry = self.observed, self.observed.entry
        return Observations(observed.time[kept], observed.event[kept], design, None if entry is None else entry[kept])


def hazard_ratios(
    time: Floats,
    event: Floats,
    group: Names,
    names: Sequence[str],
    reference: str,
    entry: Floats | None = None,
) -> dict[str, tuple[Estimate, TestResult]]:
    """The hazard ratio of each group in `names` but the reference, with its interval and test.

    Not estimable (with the reason) for a group without patients or with too few to be compared, and without any event
    of the two. A penalised ratio says so in its note and in the name of its test.
    """
    found = compared_hazards(time, event, group, names, reference, entry)
    return {name: (one.ratio, one.test) for name, one in found.items()}


def compared_hazards(
    time: Floats,
    event: Floats,
    group: Names,
    names: Sequence[str],
    reference: str,
    entry: Floats | None = None,
) -> dict[str, HazardRatio]:
    """As `hazard_ratios`, with the likelihood ratio tests."""
    groups = Groups(
        Observations(time, event, np.zeros((len(time), 0)), entry),
        reference,
        {name: group == name for name in {*names, reference}},
    )
    reasons = {name: _reason(groups, name) for name in names if name != reference}
    found = _estimated(groups, [name for name, reason in reasons.items() if not reason])
    return {name: found.get(name) or _without(reason, groups, name) for name, reason in reasons.items()}


def _estimated(groups: Groups, usable: list[str]) -> dict[str, HazardRatio]:
    """Those that can be estimated, by Cox's model where it serves and else by the penalised one."""
    modelled = [name for name in usable if groups.events(name)]
    ordinary = _ordinary(groups, modelled, [name for name in usable if not _thin(groups, name)])
    penalised = _penalised(groups, usable) if len(ordinary) < len(usable) else {}
    return {name: _noted(groups, name, one) for name, one in {**penalised, **ordinary}.items()}


def _reason(groups: Groups, name: str) -> str:
    for one in (name, groups.reference):
        if not groups.members[one].any():
            return f"no patients in {one}"
    for one in (name, groups.reference):
        if groups.members[one].sum() < COMPARED_FROM:
            return f"{one} is {DESCRIBED}"
    return "" if groups.events(name, groups.reference) else f"no events in {name} and {groups.reference}"


def _thin(groups: Groups, name: str) -> bool:
    """Whether Firth takes over from the start."""
    return penalised_from_the_start((groups.events(name), groups.events(groups.reference)))


def _noted(groups: Groups, name: str, found: HazardRatio) -> HazardRatio:
    """The ratio with what a reader must know of it: few events, the method, hazards that are not proportional."""
    ratio = found.ratio
    if ratio.value is None:
        return found
    said = few_events(groups.events(name, groups.reference))
    crossing = non_proportional(groups.rows([name]), tested=found.test.name == NAME)
    note = "; ".join(part for part in (said, ratio.note, crossing) if part)
    return replace(found, ratio=replace(ratio, note=note))


def _ordinary(groups: Groups, modelled: list[str], wanted: list[str]) -> dict[str, HazardRatio]:
    """Cox's ratios of the wanted groups, in one model of all groups with events; none where it cannot hold."""
    if not wanted:
        return {}
    rows = groups.rows(modelled)
    fit = cox_model(rows)
    return {
        name: HazardRatio(
            fit.hazard_ratio(column),
            replace(fit.wald_test(column, NAME), n=groups.n(name)),
            replace(_without_one(rows, fit, column), n=groups.n(name)),
        )
        for column, name in enumerate(modelled)
        if name in wanted and fit.converged and abs(fit.coefficients[column]) <= LARGEST
    }


def _without_one(rows: Observations, fit: CoxFit, column: int) -> TestResult:
    """The likelihood ratio test of one group: against the model in which it is as the reference."""
    if fit.parameters == 1:
        return fit.likelihood_ratio_test(LIKELIHOOD_RATIO)
    less = cox_model(replace(rows, design=np.delete(rows.design, column, axis=1)))
    if less.reason:
        return not_done(LIKELIHOOD_RATIO, fit.n, less.reason)
    return chi_squared(LIKELIHOOD_RATIO, 2 * (fit.log_likelihood - less.log_likelihood), 1, fit.n)


def _penalised(groups: Groups, usable: list[str]) -> dict[str, HazardRatio]:
    """Firth's ratios of all usable groups, in one model; each alone with the reference where that cannot be."""
    fit = firth(groups.rows(usable))
    if fit.reason and len(usable) > 1:
        return {name: _penalised(groups, [name])[name] for name in usable}
    if fit.reason:
        reason = "the groups are never at risk together" if fit.reason == SAME else fit.reason
        return {name: _without(reason, groups, name) for name in usable}
    tests = [replace(test, n=groups.n(name)) for name, test in zip(usable, fit.tests, strict=True)]
    return {name: HazardRatio(ratio, test, test) for name, ratio, test in zip(usable, fit.ratios, tests, strict=True)}


def _without(reason: str, groups: Groups, name: str) -> HazardRatio:
    test = not_done(NAME, groups.n(name), reason)
    return HazardRatio(Estimate(None, reason=reason), test, replace(test, name=LIKELIHOOD_RATIO))


def cause_specific_ratios(
    time: Floats,
    cause: Floats,
    group: npt.NDArray[np.object_],
    names: Sequence[str],
    reference: str,
    of: int = 1,
    entry: Floats | None = None,
) -> dict[str, tuple[Estimate, TestResult]]:
    """The hazard ratio of cause `of` for each group in `names` but the reference; reasons as in cox.hazard_ratios."""
    ratios = hazard_ratios(time, (cause == of).astype(float), group, names, reference, entry)
    return {name: (ratio, replace(test, name=f"Cause-specific: {test.name}")) for name, (ratio, test) in ratios.items()}


LEVEL: Final = 0.05
FAR: Final = 0.1  # of the difference of two curves
SAID: Final = "hazards not proportional"
INSTEAD: Final = "the ratio is an average over the follow-up; compare restricted means, or the ratios by period"


def non_proportional(pair: Observations, tested: bool) -> str:
    """What speaks against one ratio of two groups (`design` is 0 and 1), in words for a note; "" where nothing does.

    `tested`: whether the ratio is Cox's; there is no score test of a penalised one.
    """
    second = pair.design[:, 0] == 1
    reasons = []
    p = _score_p(pair) if tested else None
    if p is not None and p < LEVEL:
        reasons.append(f"score test p {'< 0.0001' if p < 0.0001 else f'= {p:.4f}'}")
    if curves_cross(*(_curve(pair, mine) for mine in (second, ~second))):
        reasons.append("the curves cross")
    return f"{SAID} ({', '.join(reasons)}): {INSTEAD}" if reasons else ""


def curves_cross(one: SurvivalCurve, other: SurvivalCurve) -> bool:
    """Whether each of two curves lies far above the other at some time."""
    times = np.union1d(one.time, other.time)
    times = times[np.minimum(one.at_risk_at(times), other.at_risk_at(times)) >= COMPARED_FROM]
    first, second = (each.survival[np.searchsorted(each.time, times, side="right") - 1] for each in (one, other))
    apart: Floats = first - second
    return bool(len(apart)) and float(apart.max()) >= FAR and float(apart.min()) <= -FAR


def _score_p(pair: Observations) -> float | None:
    fit = cox_model(pair)
    return None if fit.reason else proportional_hazards(pair, fit, {})[OVERALL].p


def _curve(pair: Observations, mine: np.ndarray) -> SurvivalCurve:
    return kaplan_meier(pair.time[mine], pair.event[mine], None if pair.entry is None else pair.entry[mine])


PROPORTIONAL_NAME: Final = "score test of proportional hazards"
SCALES: Final = {"km": "Kaplan-Meier scale", "identity": "time scale", "rank": "rank scale"}
OVERALL: Final = "all covariates"


def proportional_hazards(
    observed: Observations, fit: CoxFit, terms: Mapping[str, Sequence[int]], transform: str = "km"
) -> dict[str, TestResult]:
    """One test for each term (its columns of the design) and one for `OVERALL`; `fit` is the model of these rows."""
    name = f"{PROPORTIONAL_NAME} ({SCALES[transform]})"
    everything = {**terms, OVERALL: range(fit.parameters)}
    if fit.reason:
        return {term: not_done(name, fit.n, fit.reason) for term in everything}
    gradient, information = _extended(observed, fit, transform)
    return {term: _test(name, gradient, information, list(columns), fit.n) for term, columns in everything.items()}


def _extended(observed: Observations, fit: CoxFit, transform: str) -> tuple[Floats, Floats]:
    """Gradient and information with each covariate once more, times the transformed time, at coefficients 0 for
    these."""
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
    """The transformed time of each row, scaled so that the information is well conditioned (the test does not
    change)."""
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
