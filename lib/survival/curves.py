"""A time to event by groups: for each a curve, median and follow-up, and how the groups compare. All exhibits of an
endpoint share it."""

from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.endpoint_choice import AS_USUAL, Definition
from lib.cohort.model import Cohort
from lib.publication.options import Sized, choice, number
from lib.stats.compared import compared_rows, headline_test, logrank_of
from lib.stats.competing_risks import coarse
from lib.stats.cox import compared_hazards
from lib.stats.estimate import COMPARED_FROM, Estimate, TestResult
from lib.stats.kaplan_meier import TRANSFORMS, SurvivalCurve, Transform, kaplan_meier, quantile, reverse_follow_up
from lib.stats.risk_sets import axis_ticks, counts_at
from lib.survival.outcome import EndpointOptions, TimeToEvent, arrays, outcome_of, time_to_event

MEDIAN: Final = 0.5
SHARES: Final = {"Median": MEDIAN, "25 %": 0.25, "75 %": 0.75}
CUSTOM: Final = "Custom"
DESCRIPTIVE_BELOW: Final = 30  # patients; smaller comparisons are called descriptive


@dataclass(frozen=True)
class CurveOptions(Sized):
    """`transform` is the scale of all limits; `share` of the patients had the event by the time that is marked in the
    figure."""

    transform: Transform = "log-log"
    share: float = MEDIAN


DEFAULT: Final = CurveOptions()


@dataclass(frozen=True)
class LimitOptions(EndpointOptions):
    """Which limits the curves have, and which time is marked."""

    ci_scale: str = choice("log-log", TRANSFORMS, "Scale of the confidence limits")
    share: str = choice("Median", (*SHARES, CUSTOM), "Mark the time by which this share had the event")
    share_percent: float = number(90, "Percent with the event", 1, 99, only_with=("share", CUSTOM))

    @property
    def curves(self) -> CurveOptions:
        """What the curves are computed with."""
        return CurveOptions(self.ci_scale, SHARES.get(self.share, self.share_percent / 100))  # type: ignore[arg-type]


@dataclass(frozen=True)
class GroupSurvival:
    """One group: its curve, its median, and how it compares with the reference group (None for the reference itself).

    `by_share` is the time by which the share of the options had the event; `follow_up` the group's own, by reverse
    Kaplan-Meier.
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

    `counts` has one row a group and tick: time, at_risk, censored, events, not_entered; the four add up to the group's
    n. `headline` is the test whose p stands beside the finding (lib/stats/compared.py); `described` says which groups
    are in no test. `follow_up` is the reverse Kaplan-Meier median over all, of overall survival where it is known.
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
        """Analysed patients."""
        return len(self.outcome.table)

    @property
    def n_events(self) -> int:
        """Events of them."""
        return int(self.outcome.table["event"].sum())

    @property
    def end(self) -> float:
        """Where the axis of time ends: at the last observation, or at a tick close behind it."""
        return max([self.ticks[-1], *self.outcome.table["time"]])

    @property
    def descriptive(self) -> bool:
        """Whether they are too few for more than a description."""
        return self.n < DESCRIPTIVE_BELOW

    @property
    def compares(self) -> bool:
        """Whether at least two groups have patients enough to be compared."""
        return sum(group.curve.n >= COMPARED_FROM for group in self.groups) > 1

    def coarse(self, least: int) -> "SurvivalResult":
        """With curves of which no step is of fewer patients, where small cells are masked (0: itself)."""
        return replace(self, groups=tuple(replace(each, curve=coarse(each.curve, least)) for each in self.groups))


def survival(
    outcome: TimeToEvent, cohort: Cohort, options: CurveOptions = DEFAULT, ticks: tuple[float, ...] = ()
) -> SurvivalResult:
    """All that the first view of an endpoint shows; `cohort` is the selected one, used only for its follow-up.

    `ticks` are the times of the axis, where several results share one; by default those that suit this outcome.
    """
    table, names = outcome.table, outcome.grouping.names
    time, event, entry = arrays(table)
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
        found = ratios.get(name)
        compared = (found.ratio, found.test, found.likelihood_ratio) if found else ()
        groups.append(GroupSurvival(name, curve, quantile(curve), quantile(curve, options.share), follow_up, *compared))
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


def values(estimate: Estimate | None) -> tuple[float | None, float | None, float | None]:
    """The value and its limits, None where there are none."""
    return (estimate.value, estimate.low, estimate.high) if estimate else (None, None, None)


def _followed(outcome: TimeToEvent, cohort: Cohort) -> tuple[pd.DataFrame, str]:
    """Who was followed how long, and by which endpoint: overall survival where it is known."""
    of = "os" if "os" in cohort.endpoint_names else outcome.endpoint
    if of == outcome.endpoint:
        return outcome.table, of
    return time_to_event(cohort, of, outcome.grouping, outcome.unit, outcome.definition).table, of


def _follow_up(followed: pd.DataFrame, options: CurveOptions) -> Estimate:
    return reverse_follow_up(*arrays(followed), transform=options.transform)


def curves_of(
    analysis: Analysis, endpoint: str, definition: Definition = AS_USUAL, drawn: CurveOptions = DEFAULT
) -> SurvivalResult:
    """The curves of the selected patients."""
    return survival(analysis.result(outcome_of, endpoint, definition), analysis.selected, drawn)


def curves(analysis: Analysis, endpoint: str, options: EndpointOptions) -> SurvivalResult:
    """The curves with these options, computed once for all exhibits that show them."""
    drawn = options.curves if isinstance(options, LimitOptions) else DEFAULT
    return analysis.result(curves_of, endpoint, options.definition(analysis, endpoint), drawn)
