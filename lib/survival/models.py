"""How the groups of an endpoint compare without adjustment: hazard ratios, whether hazards are proportional, restricted
means.

Ratios: Cox (1972), or Firth's where `lib.stats.cox` must take it; restricted means: Royston & Parmar 2013; cox.zph of
R. Compared is each group with the reference, by the one policy for small samples (lib/stats/estimate.py).
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lib.publication.options import number
from lib.stats.cox import OVERALL, SAID, SCALES, HazardRatio, compared_hazards, proportional_hazards
from lib.stats.cox import PROPORTIONAL_NAME as PROPORTIONAL
from lib.stats.cox_model import Observations, cox_model
from lib.stats.estimate import Estimate, Floats, Names, TestResult, not_done
from lib.stats.firth import NAME as FIRTH_TEST
from lib.stats.kaplan_meier import SurvivalCurve, kaplan_meier
from lib.stats.restricted_mean import default_tau, restricted_mean, rmst_difference, rmst_ratio
from lib.survival.outcome import EndpointOptions, TimeToEvent, arrays

Compared = tuple[Estimate, TestResult]
AREA: Final = "area under the curve"


@dataclass(frozen=True)
class ModelOptions(EndpointOptions):
    """Unadjusted comparisons."""

    restricted_mean_to: float | None = number(
        None,
        "Restricted mean to",
        0,
        none="the smallest of the groups' longest",
        each_variant=True,
        in_unit=True,
        help="In the unit of time that is shown. Empty: the smallest of the groups' longest times.",
    )


@dataclass(frozen=True)
class Period:
    """The hazard ratio of a group until `until`, or from `since` on; `n` and events are those of the group and the
    reference in it."""

    since: float | None
    until: float | None
    sizes: tuple[tuple[int, int], tuple[int, int]]
    hazard: HazardRatio


@dataclass(frozen=True)
class GroupModel:
    """One group, and how it compares with the reference: nothing of that (None) for the reference itself."""

    name: str
    n: int
    n_events: int
    restricted_mean: Estimate
    hazard: HazardRatio | None = None
    difference: Compared | None = None
    ratio: Compared | None = None
    periods: tuple[Period, ...] = ()

    @property
    def penalised(self) -> bool:
        """Whether its ratio is of Firth's model."""
        return self.hazard is not None and self.hazard.test.name == FIRTH_TEST


@dataclass(frozen=True)
class Models:
    """Every group in its order; `proportional` has a test for each scale of time, of the groups in `proportional_of`.

    `tau` is None where nobody is observed; `tau_of` names the group whose longest time it is, "" where the reader chose
    it.
    """

    outcome: TimeToEvent
    groups: tuple[GroupModel, ...]
    proportional: dict[str, TestResult]
    proportional_of: tuple[str, ...]
    tau: float | None
    tau_of: str = ""

    @property
    def n(self) -> int:
        """Analysed patients."""
        return len(self.outcome.table)

    @property
    def compares(self) -> bool:
        """Whether there are groups to compare."""
        return self.outcome.grouping.compares


@dataclass(frozen=True)
class _Rows:
    time: Floats
    event: Floats
    group: Names
    entry: Floats

    def curve(self, name: str) -> SurvivalCurve:
        """The curve of a group."""
        mine = self.group == name
        return kaplan_meier(self.time[mine], self.event[mine], self.entry[mine])


def models(outcome: TimeToEvent, tau: float | None = None) -> Models:
    """The comparison of all groups; restricted means up to `tau`, or to the smallest of the groups' largest times."""
    time, event, entry = arrays(outcome.table)
    rows = _Rows(time, event, outcome.table["group"].to_numpy(object), entry)
    names, reference = outcome.grouping.names, outcome.grouping.reference_name
    hazards = compared_hazards(rows.time, rows.event, rows.group, names, reference, rows.entry)
    curves = {name: rows.curve(name) for name in names}
    upto = tau if tau is not None else default_tau(rows.time, rows.group, names)
    groups = tuple(_group(name, curves, reference, upto, hazards.get(name)) for name in names)
    compared = [group.name for group in groups if _has_cox_ratio(group)]
    proportional_of = (reference, *compared) if compared else ()
    groups = tuple(replace(group, periods=_periods(rows, group, reference)) for group in groups)
    return Models(
        outcome,
        groups,
        _proportional(rows, reference, compared, groups),
        proportional_of,
        upto,
        "" if tau is not None else _shortest(rows, names, upto),
    )


def _group(
    name: str, curves: dict[str, SurvivalCurve], reference: str, tau: float | None, hazard: HazardRatio | None
) -> GroupModel:
    curve, other = curves[name], curves[reference]
    mean = Estimate(None, reason="no patients") if tau is None else restricted_mean(curve, tau)
    if hazard is None:
        return GroupModel(name, curve.n, curve.n_events, mean)
    if tau is not None and curve.n and other.n:
        pair = rmst_difference(curve, other, tau), rmst_ratio(curve, other, tau)
    else:
        pair = _withheld(curve, other, reference), _withheld(curve, other, reference)
    return GroupModel(name, curve.n, curve.n_events, mean, hazard, *pair)


def _periods(rows: _Rows, group: GroupModel, reference: str) -> tuple[Period, ...]:
    """The ratio before and after the middle one of the two groups' event times, where hazards are not proportional."""
    if group.hazard is None or SAID not in group.hazard.ratio.note:
        return ()
    mine = np.isin(rows.group.astype(str), [group.name, reference])
    time, event, named, entry = rows.time[mine], rows.event[mine], rows.group[mine], rows.entry[mine]
    cut = float(np.quantile(time[event == 1], 0.5, method="inverted_cdf"))
    early = _Rows(np.minimum(time, cut), event * (time <= cut), named, entry)
    beyond = time > cut
    late = _Rows(time[beyond], event[beyond], named[beyond], np.maximum(entry[beyond], cut))
    return (_period(early, (None, cut), group.name, reference), _period(late, (cut, None), group.name, reference))


def _period(rows: _Rows, between: tuple[float | None, float | None], name: str, reference: str) -> Period:
    hazard = compared_hazards(rows.time, rows.event, rows.group, (name, reference), reference, rows.entry)[name]
    one, other = (
        (int(np.sum(mine)), int(rows.event[mine].sum())) for mine in (rows.group == name, rows.group == reference)
    )
    return Period(*between, (one, other), hazard)


def _withheld(curve: SurvivalCurve, other: SurvivalCurve, reference: str) -> Compared:
    reason = "no patients" if not curve.n else f"no patients in {reference}"
    name = "comparison of restricted mean survival times"
    return Estimate(None, reason=reason), not_done(name, curve.n + other.n, reason)


def _has_cox_ratio(group: GroupModel) -> bool:
    return group.hazard is not None and group.hazard.ratio.value is not None and not group.penalised


def _proportional(
    rows: _Rows, reference: str, compared: list[str], groups: tuple[GroupModel, ...]
) -> dict[str, TestResult]:
    """Of the groups with a ratio of Cox's model and the reference, in one model; there is no test of a penalised
    one."""
    if not compared:
        everybody = len(rows.time)
        reasons = {group.hazard.ratio.reason or "the hazard ratios are penalised" for group in groups if group.hazard}
        reason = "; ".join(sorted(reasons)) or "one group only"
        return {scale: not_done(f"{PROPORTIONAL} ({said})", everybody, reason) for scale, said in SCALES.items()}
    kept = np.isin(rows.group.astype(str), [reference, *compared])
    design = np.array([rows.group[kept] == name for name in compared], dtype=float).T
    observed = Observations(rows.time[kept], rows.event[kept], design, rows.entry[kept])
    fit = cox_model(observed)
    return {scale: proportional_hazards(observed, fit, {}, scale)[OVERALL] for scale in SCALES}


def _shortest(rows: _Rows, names: tuple[str, ...], tau: float | None) -> str:
    """The group whose longest time is tau."""
    return next(
        (name for name in names if np.any(rows.group == name) and rows.time[rows.group == name].max() == tau), ""
    )
