"""Medians and comparison: the table of an endpoint, one row a group; its numbers and tests go with the curves too.

The share without the event at 6, 12 and 24 months in each group, with its limits and how many were then at risk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import (
    Across,
    Columns,
    Exhibit,
    Numbers,
    Table,
    TestLine,
    TypedColumn,
    estimate_columns,
    group_column,
    typed_numbers,
    typed_table,
)
from lib.publication.number import capital, p_equals, p_value, percent, ratio, ratio_interval, time, time_interval
from lib.publication.spec import ExhibitSpec
from lib.publication.who import Who, at_risk_who, events_who
from lib.stats.compared import short_name
from lib.stats.estimate import COMPARED_FROM, Estimate, TestResult
from lib.stats.firth import NAME as FIRTH
from lib.stats.kaplan_meier import EXACT_START, NOBODY, survival_at
from lib.stats.risk_sets import counts_at
from lib.survival.caveats import bias_method, reasons, undated_notes
from lib.survival.curves import MEDIAN, GroupSurvival, LimitOptions, SurvivalResult, curves
from lib.survival.outcome import MILESTONE_MONTHS, endpoints, milestone_times, outcome
from lib.survival.r_script import r_script

PAIR: Final = 2


def summary_table(result: SurvivalResult) -> Table:
    """One row a group: n, events, median (and another quantile), follow-up, hazard ratio; and the log-rank test."""
    outcome = result.outcome
    return typed_table(
        _columns(result),
        result.groups,
        id=f"survival.{outcome.endpoint}.summary",
        title=f"{outcome.label}: medians and comparison",
        caption=f"{outcome.label}. NE: not estimable.",
        method=_method(result),
        notes=(*undated_notes(outcome.selected_by), *comparison_notes(result)),
        n=result.n,
        tests=curve_tests(result),
    )


def curve_numbers(result: SurvivalResult) -> Numbers:
    """Unrounded: one row a group; null with its reason where not estimable."""
    return typed_numbers(_columns(result), result.groups)


def _columns(result: SurvivalResult) -> tuple[TypedColumn, ...]:
    grouping, unit, share = result.outcome.grouping, result.outcome.unit, result.options.share
    other = share != MEDIAN
    by_then, followed = f"{percent(share)} had the event by, {unit} (95 % CI)", f"Follow-up, {unit} (95 % CI)"
    return (
        group_column(grouping.level_of),
        TypedColumn("n", "n", "patients", lambda group: group.curve.n),
        TypedColumn("Events", "events", "patients", lambda group: group.curve.n_events),
        *_times("median", lambda group: group.median, unit, f"Median, {unit} (95 % CI)"),
        TypedColumn(by_then if other else "", printed=lambda group: _time_words(group.by_share)),
        TypedColumn(followed, printed=lambda group: _time_words(group.follow_up)),
        *_ratio_columns(result),
        *_times("follow_up", lambda _: result.follow_up, unit),
        *_times("group_follow_up", lambda group: group.follow_up, unit),
        TypedColumn(name="reason", value=lambda group: _why(group, result)),
        TypedColumn(name="quantile_share" if other else "", value=lambda _: share),
        *(_times("quantile", lambda group: group.by_share, unit) if other else ()),
    )


def _times(name: str, of: Callable[[GroupSurvival], Estimate], unit: str, heading: str = "") -> tuple[TypedColumn, ...]:
    return estimate_columns(name, of, unit, heading, lambda group: _time_words(of(group)))


def _ratio_columns(result: SurvivalResult) -> tuple[TypedColumn, ...]:
    """The hazard ratio against the reference, and its p: printed where groups are compared."""
    grouping, pair = result.outcome.grouping, len(result.groups) == PAIR
    heading = f"Hazard ratio against {grouping.reference_name} (95 % CI)"
    test = short_name(result.headline) if pair else "likelihood ratio"

    def words(group: GroupSurvival) -> str:
        return ratio_words(group.hazard_ratio) if group.hazard_ratio and group.wald else "reference"

    def p_words(group: GroupSurvival) -> str:
        if group.hazard_ratio is None or group.wald is None:
            return ""
        p = result.headline.p if pair else (group.likelihood_ratio or group.wald).p
        return p_value(None if group.hazard_ratio.reason else p)

    return (
        *estimate_columns("hazard_ratio", lambda group: group.hazard_ratio, "", heading * grouping.compares, words),
        TypedColumn(f"p ({test})" if grouping.compares else "", printed=p_words),
    )


def _method(result: SurvivalResult) -> str:
    options, said = result.options, list(bias_method(result.outcome) if result.compares else ())
    quantiles = "Medians" if options.share == MEDIAN else "Quantiles"
    said.insert(0, f"{quantiles} by the midpoint rule with Brookmeyer-Crowley limits ({options.transform}).")
    said.append(f"Follow-up: reverse Kaplan-Meier median on {followed_by(result)}.{_ratio_method(result)}")
    return " ".join([*said, *ratio_notes(result)])


def _time_words(estimate: Estimate) -> str:
    limits = "" if estimate.reason == NOBODY else f" ({time_interval(estimate.low, estimate.high)})"
    return time(estimate.value, estimate.reason) + limits


def ratio_words(found: Estimate) -> str:
    """ "0.15 (0.032–0.73)", or why it is not estimable."""
    if found.reason:
        return f"not estimable: {found.reason}"
    return f"{ratio(found.value)} ({ratio_interval(found.low, found.high)})"


def share_words(found: Estimate, of: int) -> str:
    """ "60 % (38–77)" of so many patients, "NE" where there are no limits."""
    share = percent(found.value or 0.0, of)
    if found.low is None or found.high is None:
        return f"{share} (NE)"
    return f"{share} ({percent(found.low, of)}–{percent(found.high, of)})".replace(" %–", "–").replace(" %)", ")")


def followed_by(result: SurvivalResult) -> str:
    """By which endpoint follow-up is counted."""
    return "overall survival" if result.follow_up_of == "os" else result.outcome.label.lower()


def headline_p(test: TestResult) -> str:
    """ "Log-rank p = 0.0166": the one p of a headline, named."""
    return capital(named_p(test))


def named_p(test: TestResult) -> str:
    """ "log-rank p = 0.0166", within a sentence."""
    return f"{short_name(test)} {p_equals(test.p)}"


def comparison_notes(result: SurvivalResult) -> tuple[str, ...]:
    """What the headline's test is, and what must be known of each hazard ratio."""
    if not result.outcome.grouping.compares:
        return ()
    test = result.headline
    if test.p is None:
        said = f"Groups not tested: {test.reason}."
    elif len(result.groups) == PAIR:
        said = f"p: {test.name}, n = {test.n}."
    else:
        said = f"All groups: {headline_p(test)} ({test.name}, n = {test.n})."
    return (said, *([result.described] if result.described else []), *_disagreement(result))


def _disagreement(result: SurvivalResult) -> list[str]:
    """That the interval of the hazard ratio of two groups and the p beside it lie on different sides of 0.05."""
    hazard, p = next((group.hazard_ratio for group in result.groups if group.hazard_ratio), None), result.headline.p
    if len(result.groups) != PAIR or hazard is None or hazard.low is None or hazard.high is None or p is None:
        return []
    excludes = not hazard.low <= 1 <= hazard.high
    if excludes == (p < 0.05):
        return []
    said = "excludes 1 although p > 0.05" if excludes else "includes 1 although p < 0.05"
    return [f"95 % CI {said}: interval and p come from different tests."]


def ratio_notes(result: SurvivalResult) -> tuple[str, ...]:
    """What must be known of each hazard ratio: few events, the method, hazards that are not proportional."""
    hazards = ((group.name, group.hazard_ratio) for group in result.groups)
    return tuple(f"Hazard ratio of {name}: {hazard.note}." for name, hazard in hazards if hazard and hazard.note)


def _ratio_method(result: SurvivalResult) -> str:
    """How the hazard ratios and their p were computed; a penalised one is named."""
    estimated = {group.name: group.wald for group in result.groups if group.wald and group.wald.p is not None}
    penalised = [name for name, wald in estimated.items() if wald.name == FIRTH]
    said = ["Cox model, Efron ties, Wald limits"] if len(penalised) < len(estimated) else []
    if penalised:
        of = f"{', '.join(penalised)}: " if said else ""
        said.append(f"{of}Firth's penalised Cox model, Breslow ties, profile limits")
    return f" Hazard ratio: {'; '.join(said)}." if said else ""


def _why(group: GroupSurvival, result: SurvivalResult) -> str | None:
    """Why a number of this group is null; None where none is."""
    hazard = group.hazard_ratio
    alone = "reference group" if result.outcome.grouping.compares else "one group only"
    return reasons(
        {
            **_missing("median", group.median),
            "hazard_ratio": hazard.reason if hazard else alone,
            **_missing("follow_up", result.follow_up),
            **_missing("group_follow_up", group.follow_up),
            **(_missing("quantile", group.by_share) if result.options.share != MEDIAN else {}),
        }
    )


def _missing(name: str, estimate: Estimate) -> dict[str, str]:
    """Why a time or one of its limits is null."""
    some = estimate.reason != NOBODY
    limits = {"low": estimate.low, "high": estimate.high}
    why = {f"{name}_{part}": "not estimable" for part, limit in limits.items() if limit is None and some}
    return {name: estimate.reason, **why}


def curve_tests(result: SurvivalResult) -> tuple[TestLine, ...]:
    """The headline's test, the log-rank test where that is another, and for each group the test of its hazard ratio."""
    if not result.outcome.grouping.compares:
        return ()
    of = " v ".join(group.name for group in result.groups if not result.described or group.curve.n >= COMPARED_FROM)
    whole = [result.headline, *([result.logrank] if result.headline.name != result.logrank.name else [])]
    reference = result.outcome.grouping.reference_name
    return (
        *(TestLine.of(test, of) for test in whole),
        *(TestLine.of(group.wald, f"{group.name} v {reference}") for group in result.groups if group.wald),
    )


def _summary(analysis: Analysis, endpoint: str, options: LimitOptions) -> Exhibit:
    return summary_table(curves(analysis, endpoint, options))


def _who(analysis: Analysis, endpoint: str, options: LimitOptions) -> Who:
    found = outcome(analysis, endpoint, options)
    return events_who(found.table, found.grouping.names)


SUMMARY: Final = ExhibitSpec(
    "survival.{endpoint}.summary",
    "Medians and comparison",
    "endpoints",
    _summary,
    LimitOptions,
    endpoints,
    in_r=r_script,
    who=_who,
)


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
    outcome, n_of = result.outcome, {group.name: group.curve.n for group in result.groups}
    times = {one.months: "" if outcome.unit == "months" else f" ({one.time:.1f} {outcome.unit})" for one in found}
    columns: Columns = (
        TypedColumn("Group", "group", "", lambda one: outcome.level(one.group), lambda one: one.group),
        TypedColumn("n", printed=lambda one: str(n_of[one.group])),
        TypedColumn(name="time", unit=outcome.unit),
        *estimate_columns("survival", lambda one: one.survival),
        TypedColumn(name="n_at_risk", unit="patients"),
        TypedColumn(name="reason", value=lambda one: _no_milestone(one.survival)),
        Across(
            tuple(f"{months} months{at} (95 % CI)" for months, at in times.items()),
            lambda one: one.group,
            lambda one: list(times).index(one.months),
            lambda one: _printed(one, n_of[one.group]),
        ),
    )
    return typed_table(
        columns,
        found,
        id=f"survival.{outcome.endpoint}.milestones",
        title=f"{outcome.label}: milestones",
        caption=f"{outcome.label}: Kaplan-Meier estimate at fixed times. NE: not estimable.",
        method=f"Pointwise 95 % limits ({result.options.transform}; {EXACT_START}); at risk: just before the time.",
        notes=undated_notes(outcome.selected_by),
        n=result.n,
    )


def _printed(one: Milestone, of: int) -> str:
    found = one.survival
    if found.reason:
        return found.reason
    return f"{share_words(found, of)}; {one.n_at_risk} at risk"


def _no_milestone(survival: Estimate) -> str | None:
    limits = "not estimable at 0" if survival.low is None and not survival.reason else ""
    return reasons({"survival": survival.reason, "survival_low, survival_high": limits})


def _milestones(analysis: Analysis, endpoint: str, options: LimitOptions) -> Exhibit:
    found = curves(analysis, endpoint, options)
    return milestones_table(found, milestones(found))


def _milestones_who(analysis: Analysis, endpoint: str, options: LimitOptions) -> Who:
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
    who=_milestones_who,
)
