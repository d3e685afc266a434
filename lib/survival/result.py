"""What is computed of a time to event: a curve, median and follow-up for each group, and how the groups compare."""

from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort
from lib.stats.at_risk import axis_ticks, counts_at
from lib.stats.compared import compared_rows, headline_test, logrank_of
from lib.stats.cox import compared_hazards
from lib.stats.estimate import Estimate, TestResult
from lib.stats.kaplan_meier import SurvivalCurve, kaplan_meier, quantile, reverse_follow_up
from lib.stats.small_samples import COMPARED_FROM
from lib.survival.options import DEFAULT, CurveOptions
from lib.survival.outcome import TimeToEvent, time_to_event

DESCRIPTIVE_BELOW: Final = 30  # patients; smaller comparisons are called descriptive


@dataclass(frozen=True)
class GroupSurvival:
    """One group: its curve, its median, and how it compares with the reference group (None for the reference itself).

    `by_share` is the time by which the share of the options had the event; `follow_up` the group's own, by reverse Kaplan-Meier.
    """

    name: str
    curve: SurvivalCurve
    median: Estimate
    by_share: Estimate
    follow_up: Estimate
    hazard_ratio: Estimate | None = None
    wald: TestResult | None = None
    likelihood_ratio: TestResult | None = None


@dataclass(frozen=True)
class SurvivalResult:
    """Every group of the grouping, in its order, also those without patients.

    `counts` has one row a group and tick: time, at_risk, censored, events, not_entered; the four add up to the group's n.
    `headline` is the test whose p stands beside the finding (lib/stats/compared.py); `described` says which groups are in no test.
    `follow_up` is the reverse Kaplan-Meier median over all, of overall survival where it is known.
    """

    outcome: TimeToEvent
    groups: tuple[GroupSurvival, ...]
    counts: pd.DataFrame
    ticks: tuple[float, ...]
    logrank: TestResult
    follow_up: Estimate
    follow_up_of: str
    headline: TestResult
    described: str = ""
    options: CurveOptions = DEFAULT

    @property
    def n(self) -> int:
        return len(self.outcome.table)

    @property
    def n_events(self) -> int:
        return int(self.outcome.table["event"].sum())

    @property
    def descriptive(self) -> bool:
        return self.n < DESCRIPTIVE_BELOW

    @property
    def compares(self) -> bool:
        """Whether at least two groups have patients enough to be compared."""
        return sum(group.curve.n >= COMPARED_FROM for group in self.groups) > 1


def survival(
    outcome: TimeToEvent,
    cohort: Cohort,
    options: CurveOptions = DEFAULT,
    ticks: tuple[float, ...] = (),
) -> SurvivalResult:
    """All that the first view of an endpoint shows; `cohort` is the selected one, asked only for its follow-up.

    `ticks` are the times of the axis, where several results share one; by default those that suit this outcome.
    """
    table, names = outcome.table, outcome.grouping.names
    time, event, entry = (table[column].to_numpy(float) for column in ("time", "event", "entry"))
    group = table["group"].to_numpy(object)
    ticks = ticks or axis_ticks(time, outcome.unit)
    reference = outcome.grouping.reference_name
    ratios = compared_hazards(time, event, group, names, reference, entry) if len(names) > 1 else {}
    rows = compared_rows(time, event, group, names, entry)
    asymptotic = logrank_of(rows)
    followed, follow_up_of = _followed(outcome, cohort)
    groups = []
    for name in names:
        mine = group == name
        curve = kaplan_meier(time[mine], event[mine], entry[mine], transform=options.transform)
        follow_up = _follow_up(followed[followed["group"] == name], options)
        own = GroupSurvival(name, curve, quantile(curve), quantile(curve, options.share), follow_up)
        found = ratios.get(name)
        groups.append(
            replace(own, hazard_ratio=found.ratio, wald=found.test, likelihood_ratio=found.likelihood_ratio)
            if found
            else own
        )
    return SurvivalResult(
        outcome,
        tuple(groups),
        counts_at(table, names, ticks),
        ticks,
        asymptotic,
        _follow_up(followed, options),
        follow_up_of,
        headline_test(rows, asymptotic),
        rows.described if len(names) > 1 else "",
        options,
    )


def followed_by_itself(result: SurvivalResult) -> SurvivalResult:
    """The result with follow-up by its own endpoint, over all and by group, instead of by overall survival."""
    table = result.outcome.table
    groups = (
        replace(group, follow_up=_follow_up(table[table["group"] == group.name], result.options))
        for group in result.groups
    )
    over_all = _follow_up(table, result.options)
    return replace(result, groups=tuple(groups), follow_up=over_all, follow_up_of=result.outcome.endpoint)


def _followed(outcome: TimeToEvent, cohort: Cohort) -> tuple[pd.DataFrame, str]:
    """Who was followed how long, and by which endpoint: overall survival where it is known."""
    of = "os" if "os" in cohort.endpoint_names else outcome.endpoint
    if of == outcome.endpoint:
        return outcome.table, of
    return time_to_event(cohort, of, outcome.grouping, outcome.unit, outcome.definition).table, of


def _follow_up(followed: pd.DataFrame, options: CurveOptions) -> Estimate:
    time, event, entry = (followed[column].to_numpy(float) for column in ("time", "event", "entry"))
    return reverse_follow_up(time, event, entry, transform=options.transform)
