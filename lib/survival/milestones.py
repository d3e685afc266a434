"""The share without the event at 6, 12 and 24 months in each group, with its limits and how many were then at risk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Numbers, Table
from lib.publication.spec import ExhibitSpec
from lib.publication.who import Who, at_risk_who
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import EXACT_START, survival_at
from lib.stats.risk_sets import counts_at
from lib.survival.caveats import reasons, undated_notes
from lib.survival.curves import LimitOptions, SurvivalResult, curves, values
from lib.survival.outcome import MILESTONE_MONTHS, endpoints, milestone_times
from lib.survival.summary import share_words


@dataclass(frozen=True)
class Milestone:
    """One group at one time, which is in the unit of the result; `n_at_risk` just before it."""

    group: str
    months: int
    time: float
    survival: Estimate
    n_at_risk: int


def milestones(result: SurvivalResult) -> tuple[Milestone, ...]:
    """Every group, in its order, at every time; not estimable beyond the last observation of the group."""
    times = milestone_times(result.outcome.unit)
    names = tuple(group.name for group in result.groups)
    at_risk = counts_at(result.outcome.table, names, times).set_index(["group", "time"])["at_risk"]
    return tuple(
        Milestone(group.name, month, time, survival_at(group.curve, time), int(at_risk[group.name, time]))
        for group in result.groups
        for month, time in zip(MILESTONE_MONTHS, times, strict=True)
    )


def milestones_table(result: SurvivalResult, found: Sequence[Milestone]) -> Table:
    """One row a group: S at 6, 12 and 24 months with its limits and the number at risk."""
    outcome = result.outcome
    times = {one.months: "" if outcome.unit == "months" else f" ({one.time:.1f} {outcome.unit})" for one in found}
    header = ("Group", "n", *(f"{months} months{at} (95 % CI)" for months, at in times.items()))
    rows = tuple(
        (group.name, str(group.curve.n), *(_printed(one, group.curve.n) for one in found if one.group == group.name))
        for group in result.groups
    )
    columns = (
        ("group", ""),
        ("time", outcome.unit),
        ("survival", ""),
        ("survival_low", ""),
        ("survival_high", ""),
        ("n_at_risk", "patients"),
        ("reason", ""),
    )
    numbers = tuple(
        (outcome.level(one.group), one.time, *values(one.survival), one.n_at_risk, _why(one.survival)) for one in found
    )
    return Table(
        id=f"survival.{outcome.endpoint}.milestones",
        title=f"{outcome.label}: milestones",
        header=header,
        rows=rows,
        caption=f"{outcome.label}: Kaplan-Meier estimate at fixed times. NE: not estimable.",
        method=f"Pointwise 95 % limits ({result.options.transform}; {EXACT_START}); at risk: just before the time.",
        notes=undated_notes(outcome.selected_by),
        n=result.n,
        numbers=Numbers(columns, numbers),
    )


def _printed(one: Milestone, of: int) -> str:
    found = one.survival
    if found.reason:
        return found.reason
    return f"{share_words(found, of)}; {one.n_at_risk} at risk"


def _why(survival: Estimate) -> str | None:
    limits = "not estimable at 0" if survival.low is None and not survival.reason else ""
    return reasons({"survival": survival.reason, "survival_low, survival_high": limits})


def _milestones(analysis: Analysis, endpoint: str, options: LimitOptions) -> Exhibit:
    found = curves(analysis, endpoint, options)
    return milestones_table(found, milestones(found))


def _who(analysis: Analysis, endpoint: str, options: LimitOptions) -> Who:
    """Nobody where the curve is not estimable any more: no number at risk is printed there."""
    found = curves(analysis, endpoint, options)
    of = [[one for one in milestones(found) if one.group == group.name] for group in found.groups]
    ends = {(y, x) for y, row in enumerate(of) for x, one in enumerate(row, start=2) if one.survival.reason}
    cells = at_risk_who(found.outcome.table, found.outcome.grouping.names, milestone_times(found.outcome.unit))
    return {place: who for place, who in cells.items() if place not in ends}


MILESTONES: Final = ExhibitSpec(
    "survival.{endpoint}.milestones",
    "Survival at 6, 12 and 24 months",
    "endpoints",
    _milestones,
    LimitOptions,
    endpoints,
    who=_who,
)
