"""Hazard ratios of groups against a reference: Cox's model with Efron's ties, or Firth's penalised one where that must fail.

Firth takes over where a group or the reference has no events, the two together fewer than 10, the likelihood has no maximum,
or the logarithm of the ratio is beyond 5; below 5 events the note says how few. Groups of one or two are not compared, and are in no
model of others (lib/stats/small_samples.py). Equals R's coxph, and coxphf where Firth is named.
Source: Cox 1972; Efron 1977; Heinze & Schemper 2001.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.arrays import Floats, Names
from lib.stats.cox_model import SAME, CoxFit, chi_squared, cox_model
from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.firth import firth
from lib.stats.non_proportional import non_proportional
from lib.stats.partial_likelihood import Observations
from lib.stats.small_samples import COMPARED_FROM, DESCRIBED, few_events, penalised_from_the_start

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
        return sum(int(self.observed.event[self.members[name]].sum()) for name in names)

    def n(self, name: str) -> int:
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

    Not estimable (with the reason) for a group without patients or with too few to be compared, and without any event of the
    two. A penalised ratio says so in its note and in the name of its test.
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
    usable = [name for name, reason in reasons.items() if not reason]
    modelled = [name for name in usable if groups.events(name)]
    ordinary = _ordinary(groups, modelled, [name for name in usable if not _thin(groups, name)])
    penalised = _penalised(groups, usable) if len(ordinary) < len(usable) else {}
    found = {name: _noted(groups, name, one) for name, one in {**penalised, **ordinary}.items()}
    return {name: found.get(name) or _without(reason, groups, name) for name, reason in reasons.items()}


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
