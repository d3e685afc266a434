"""Hazard ratios adjusted for covariates and within subgroups.

Cox's model with several covariates: an adjusted hazard ratio for each level of a category and each step of a number.

Patients without a covariate are left out and counted. By the one policy for small samples (lib/stats/estimate.py)
the whole model is Firth's below five events a parameter, and where the likelihood has no maximum; below two there is
none. Equals R's coxph (Efron ties), anova and cox.zph.
Source: Cox 1972; Peduzzi et al. 1995, Vittinghoff & McCulloch 2007 (events per parameter); Heinze & Schemper 2001.

Whether a hazard ratio differs between subgroups, and the hazard ratio within each: what a forest plot shows.

The likelihood ratio test of the products group x subgroup in Cox's model (Efron ties), as R's anova(coxph(y ~ group +
subgroup), coxph(y ~ group * subgroup)). Source: Cox 1972; Pocock et al. 2002 (subgroup analyses).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.stats.cox import LARGEST, OVERALL, SCALES, hazard_ratios, proportional_hazards
from lib.stats.cox import PROPORTIONAL_NAME as PROPORTIONAL
from lib.stats.cox_model import LIKELIHOOD_RATIO, NO_MAXIMUM, WALD, CoxFit, Observations, chi_squared, cox_model
from lib.stats.estimate import (
    FEW_EVENTS,
    LEAST_PER_PARAMETER,
    PENALISED_PER_PARAMETER,
    Estimate,
    Floats,
    Names,
    TestResult,
    not_done,
)
from lib.stats.firth import NAME as FIRTH
from lib.stats.firth import FirthFit, firth

PENALISED: Final = "the coefficients are penalised"


@dataclass(frozen=True)
class Category:
    """A covariate with levels, one of them the reference; a value that is no level counts as missing."""

    column: str
    label: str
    levels: tuple[str, ...]
    reference: str


@dataclass(frozen=True)
class Measure:
    """A number; its ratio is that for `step` more of its `unit`: Measure("age", "Age", "years", 10) is per 10 years."""

    column: str
    label: str
    unit: str = ""
    step: float = 1.0


@dataclass(frozen=True)
class AdjustedRatio:
    """One line: a level `against` the reference, or a step of a number (then `against` is "")."""

    covariate: str
    level: str
    against: str
    ratio: Estimate
    test: TestResult


@dataclass(frozen=True)
class AdjustedModel:
    """The lines in the order of the covariates, the test of all of them together, and of proportional hazards.

    `proportional` has a test for each covariate that varies and one for all. `n` patients are in the model, `left_out`
    are not, because a covariate was missing. `reason` says why there is no model; then every line carries it too.
    """

    rows: tuple[AdjustedRatio, ...]
    overall: TestResult
    proportional: dict[str, TestResult]
    n: int
    n_events: int
    left_out: int
    parameters: int
    reason: str = ""

    @property
    def penalised(self) -> bool:
        """Whether it is Firth's model."""
        return self.overall.name == FIRTH


@dataclass(frozen=True)
class _Line:
    """A line of the result and its column of the design, or the reason why it has none."""

    covariate: Category | Measure
    level: str
    values: Floats
    reason: str = ""


def adjusted_cox(
    time: Floats,
    event: Floats,
    covariates: pd.DataFrame,
    wanted: Sequence[Category | Measure],
    entry: Floats | None = None,
) -> AdjustedModel:
    """The model of these covariates; `covariates` has a row for each time, and a column for each that is wanted."""
    known: npt.NDArray[np.bool_] = np.logical_and.reduce(
        [np.ones(len(time), dtype=bool), *(_known(covariates, one) for one in wanted)]
    )
    kept = covariates.loc[known]
    lines = [line for one in wanted for line in _lines(kept, one)]
    usable = [line for line in lines if not line.reason]
    design = np.array([line.values for line in usable], dtype=float).reshape(len(usable), len(kept)).T
    observed = Observations(time[known], event[known], design, None if entry is None else entry[known])
    n_events = int((observed.event == 1).sum())
    reason = _reason(kept, wanted, len(usable), n_events)
    fitted = _fitted(observed, usable, bool(reason), n_events < PENALISED_PER_PARAMETER * len(usable))
    reason = reason or fitted.reason
    return AdjustedModel(
        _rows(lines, fitted, reason, len(kept)),
        _overall(fitted, reason, len(kept)),
        _proportional(observed, fitted, usable, reason),
        len(kept),
        n_events,
        len(time) - len(kept),
        len(usable),
        reason,
    )


def _fitted(observed: Observations, usable: list[_Line], refused: bool, few: bool) -> CoxFit | FirthFit:
    """Cox's model; the penalised one where events are few, or the likelihood has no maximum worth the name."""
    fit = cox_model(observed)
    penalised = few or fit.reason == NO_MAXIMUM or _beyond(fit, usable)
    return firth(observed) if penalised and not refused else fit


def _known(covariates: pd.DataFrame, one: Category | Measure) -> npt.NDArray[np.bool_]:
    column = covariates[one.column]
    if isinstance(one, Category):
        among: npt.NDArray[np.bool_] = column.isin(one.levels).to_numpy(bool)
        return among
    numbers: Floats = pd.to_numeric(column, errors="coerce").to_numpy(float, na_value=np.nan)
    return np.isfinite(numbers)


def _lines(kept: pd.DataFrame, one: Category | Measure) -> list[_Line]:
    if isinstance(one, Measure):
        values = pd.to_numeric(kept[one.column]).to_numpy(float) / one.step
        level = f"per {one.step:g} {one.unit}".strip()
        return [_Line(one, level, values)]
    found = []
    for level in (level for level in one.levels if level != one.reference):
        of = (kept[one.column] == level).to_numpy(bool).astype(np.float64)
        found.append(_Line(one, level, of, "" if of.any() else f"no patients with {one.label} {level}"))
    return found


def _reason(kept: pd.DataFrame, wanted: Sequence[Category | Measure], parameters: int, events: int) -> str:
    """Why the model is not fitted."""
    if not len(kept):
        return "no patients"
    if not events:
        return "no events"
    for one in wanted:
        if isinstance(one, Category) and not (kept[one.column] == one.reference).any():
            return f"no patients with {one.label} {one.reference}, the reference"
        if kept[one.column].nunique() < 2:
            return f"{one.label} has the same value for everybody"
    if events < parameters * LEAST_PER_PARAMETER:
        many = "1 parameter needs" if parameters == 1 else f"{parameters} parameters need"
        there = "there is 1" if events == 1 else f"there are {events}"
        return f"{many} {parameters * LEAST_PER_PARAMETER} events at least; {there}"
    return "" if parameters else "no covariates"


def _beyond(fit: CoxFit, usable: list[_Line]) -> bool:
    """Whether a level's ratio is so large or small that the likelihood is nearly flat; a number's depends on its
    step."""
    coefficients = zip(usable, fit.coefficients, strict=False)
    return any(isinstance(line.covariate, Category) and abs(one) > LARGEST for line, one in coefficients)


def _rows(lines: list[_Line], fitted: CoxFit | FirthFit, reason: str, n: int) -> tuple[AdjustedRatio, ...]:
    rows, column = [], 0
    for line in lines:
        against = line.covariate.reference if isinstance(line.covariate, Category) else ""
        if why := line.reason or reason:
            ratio, test = Estimate(None, reason=why), not_done(WALD, n, why)
        elif isinstance(fitted, CoxFit):
            ratio, test = fitted.hazard_ratio(column), fitted.wald_test(column)
        else:
            ratio, test = fitted.ratios[column], fitted.tests[column]
        column += not line.reason
        rows.append(AdjustedRatio(line.covariate.label, line.level, against, ratio, test))
    return tuple(rows)


def _overall(fitted: CoxFit | FirthFit, reason: str, n: int) -> TestResult:
    if reason:
        return not_done(LIKELIHOOD_RATIO, n, reason)
    return fitted.likelihood_ratio_test() if isinstance(fitted, CoxFit) else fitted.overall


def _proportional(
    observed: Observations, fitted: CoxFit | FirthFit, usable: list[_Line], reason: str
) -> dict[str, TestResult]:
    terms: dict[str, list[int]] = {}
    for column, line in enumerate(usable):
        terms.setdefault(line.covariate.label, []).append(column)
    if not reason and isinstance(fitted, CoxFit):
        return proportional_hazards(observed, fitted, terms)
    name = f"{PROPORTIONAL} ({SCALES['km']})"
    return {term: not_done(name, len(observed.time), reason or PENALISED) for term in [*terms, OVERALL]}


NAME: Final = "likelihood ratio test of interaction (Cox model, Efron ties)"


@dataclass(frozen=True)
class GroupTimes:
    """Times of patients in groups, the reference among `names`."""

    time: Floats
    event: Floats
    group: Names
    names: tuple[str, ...]
    reference: str
    entry: Floats | None = None

    def of(self, kept: npt.NDArray[np.bool_]) -> "GroupTimes":
        """Those whom the mask keeps."""
        entry = None if self.entry is None else self.entry[kept]
        return replace(self, time=self.time[kept], event=self.event[kept], group=self.group[kept], entry=entry)


@dataclass(frozen=True)
class SubgroupRatio:
    """One group against the reference among the patients of one level."""

    level: str
    group: str
    n: int
    n_events: int
    ratio: Estimate
    test: TestResult


def subgroup_hazard_ratios(times: GroupTimes, subgroup: Names, levels: Sequence[str]) -> tuple[SubgroupRatio, ...]:
    """For each level, each group against the reference; n and events are those of the two groups in the level."""
    found = []
    for level in levels:
        mine = times.of(subgroup == level)
        ratios = hazard_ratios(mine.time, mine.event, mine.group, mine.names, mine.reference, mine.entry)
        for name, (ratio, test) in ratios.items():
            events = mine.event[(mine.group == name) | (mine.group == mine.reference)].sum()
            found.append(SubgroupRatio(level, name, test.n, int(events), ratio, test))
    return tuple(found)


def interaction(times: GroupTimes, subgroup: Names, levels: Sequence[str]) -> TestResult:
    """Whether the hazard ratios are the same in all levels. Patients of other groups or levels are left out.

    Not done where a group has no patients or no events in a level: its ratio there, and so their difference, is not
    finite.
    """
    kept = np.isin(times.group.astype(str), times.names) & np.isin(subgroup.astype(str), levels)
    mine, level_of = times.of(kept), subgroup[kept]
    groups = [name for name in times.names if np.any(mine.group == name)]
    present = [level for level in levels if np.any(level_of == level)]
    if reason := _no_interaction(mine, level_of, groups, present):
        return not_done(NAME, len(level_of), reason)
    of_groups = [(mine.group == name).astype(float) for name in groups[1:]]
    of_levels = [(level_of == level).astype(float) for level in present[1:]]
    apart, products = [*of_groups, *of_levels], [one * other for one, other in product(of_groups, of_levels)]
    without, together = (
        cox_model(Observations(mine.time, mine.event, np.array(columns, dtype=float).T, mine.entry))
        for columns in (apart, [*apart, *products])
    )
    if reason := without.reason or together.reason:
        return not_done(NAME, len(level_of), reason)
    return chi_squared(NAME, 2 * (together.log_likelihood - without.log_likelihood), len(products), len(level_of))


def _no_interaction(times: GroupTimes, subgroup: Names, groups: Sequence[str], levels: Sequence[str]) -> str:
    if len(groups) < 2:
        return "fewer than two groups have patients"
    if len(levels) < 2:
        return "fewer than two subgroups have patients"
    if times.event.sum() < FEW_EVENTS:
        return f"fewer than {FEW_EVENTS} events"
    for level in levels:
        for name in groups:
            cell = (subgroup == level) & (times.group == name)
            if not cell.any():
                return f"no patients in {name} with {level}"
            if not times.event[cell].any():
                return f"no events in {name} with {level}"
    return ""
