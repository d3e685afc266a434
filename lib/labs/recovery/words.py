"""What recovery says in words, and its numbers for results.json."""

from lib.labs.recovery.result import DEATH_WITHIN, DIED, MILESTONES, WINDOW, GroupRecovery, Recovery
from lib.publication.exhibit import Numbers, TestLine
from lib.publication.number import interval, p_equals, percent, plural, short
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import EXACT_START

CELLS = "× 10⁹/L"


def threshold_words(result: Recovery) -> str:
    """The threshold as it is said: neutrophils ≥ 1 × 10⁹/L."""
    return f"{result.analyte} ≥ {short(result.threshold)} {CELLS}"


def title(result: Recovery) -> str:
    by = f" by {result.grouping.label}" if result.grouping.compares else ""
    return f"Recovery of {threshold_words(result)}{by}"


def headline(result: Recovery) -> str:
    """How many fell below, and how soon they recovered, group by group."""
    if not result.n_measured:
        return f"Nobody in this selection has {result.analyte} from day 0 to {WINDOW:g}."
    told = [_group_words(group, result.grouping.compares) for group in result.groups if group.n_measured]
    return f"Below {short(result.threshold)} {CELLS} and back ({result.analyte}): {'; '.join(told)}."


def _group_words(group: GroupRecovery, compares: bool) -> str:
    name = f"{group.name} " if compares else ""
    if not group.n_below:
        return f"{name}0 of {group.n_measured} fell below"
    median = "median not reached" if group.median is None else f"median {median_words(group)} days"
    return f"{name}{group.n_below} of {group.n_measured}, {group.curve.n_events} recovered, {median}"


def median_words(group: GroupRecovery) -> str:
    """ "9 (5–NE)"; "not reached (5–NE)" where fewer than half recovered."""
    value = "not reached" if group.median is None else short(group.median)
    return f"{value} ({interval(*group.median_limits)})"


def heading(result: Recovery) -> str:
    """What stands in the figure itself; Gray's test only where the groups were formed before the infusion."""
    deaths = int((result.patients["cause"] == DIED).sum())
    recovered = sum(group.curve.n_events for group in result.groups)
    died = f", {deaths} died before" if deaths else ""
    said = f"{plural(result.n, 'patient')} below {short(result.threshold)} {CELLS}: {recovered} recovered{died}"
    if result.gray.p is None or result.grouping.known_after_infusion or not result.grouping.compares:
        return said
    return f"{said}. Gray's test: {p_equals(result.gray.p)}"


def caption(result: Recovery) -> str:
    """Method and definitions."""
    return (
        f"Cumulative incidence of recovery to {threshold_words(result)} (Aalen-Johansen, 95 % log-log limits, from which those of the median; {EXACT_START}) of {plural(result.n, 'patient')} with a "
        f"value below it from day 0 to {WINDOW:g}. Time from the first value below to the first at or above that the next value does not fall "
        f"below again. Death within {DEATH_WITHIN:g} days of the last value competes; others are censored at the last value."
    )


def notes(result: Recovery) -> tuple[str, ...]:
    """Who never fell below, who has no values, and what is not known."""
    said = []
    if never := result.n_measured - result.n:
        said.append(f"{plural(never, 'patient')} of {result.n_measured} never fell below: not in the curves.")
    if without := result.n_selected - result.n_measured:
        said.append(f"{plural(without, 'patient')} without a value from day 0 to {WINDOW:g} or without a group.")
    if not result.has_survival:
        said.append("The workbook has no overall survival: deaths cannot compete.")
    if result.grouping.known_after_infusion:
        said.append(f"{result.grouping.label} arises after infusion: groups are shown, not tested.")
    said.append("Values are days apart: a time to recovery is the day it was seen, not the day it happened.")
    return tuple(said)


def alt_text(result: Recovery) -> str:
    return f"Cumulative-incidence curves of recovery over days since the first value below the threshold. {headline(result)}"


def tests(result: Recovery) -> tuple[TestLine, ...]:
    """Gray's test; none where groups were formed after the infusion."""
    if not result.grouping.compares or result.grouping.known_after_infusion:
        return ()
    groups, test = " v ".join(result.grouping.names), result.gray
    return (TestLine(test.name, f"recovery: {groups}", test.statistic, test.df, test.p, test.n, test.reason),)


def numbers(result: Recovery) -> Numbers:
    """One row a group."""
    shares = tuple((f"recovered_by_{day:g}{end}", "share") for day in MILESTONES for end in ("", "_low", "_high"))
    columns = (
        ("group", ""), ("threshold", "10^9/L"), ("n_measured", "patients"), ("n_below", "patients"), ("recovered", "patients"), ("died", "patients"),
        ("median", "days"), ("median_low", "days"), ("median_high", "days"), ("nadir", "10^9/L"), ("nadir_min", "10^9/L"), ("nadir_max", "10^9/L"), ("nadir_day", "days"), ("nadir_day_min", "days"),
        ("nadir_day_max", "days"), *shares, ("reason", ""),
    )  # fmt: skip
    rows = tuple(
        (
            level, result.threshold, group.n_measured, group.n_below, group.curve.n_events, group.death.n_events, group.median, *group.median_limits,
            *(group.nadir or (None,) * 3), *(group.nadir_day or (None,) * 3),
            *(number for one in group.milestones for number in (one.value, one.low, one.high)), _reason(group),
        )
        for level, group in zip(result.grouping.levels, result.groups, strict=True)
    )  # fmt: skip
    return Numbers(columns, rows)


def _reason(group: GroupRecovery) -> str | None:
    said = (
        []
        if group.median is not None
        else ["median: fewer than half recovered" if group.n_below else "median: nobody fell below"]
    )
    if not group.n_measured:
        said = ["no values"]
    elif group.n_below and None in group.median_limits:
        said.append("median: a limit of the curve does not reach one half")
    said += [
        f"day {day:g}: {_missing(one)}" for day, one in zip(MILESTONES, group.milestones, strict=True) if _missing(one)
    ]
    return "; ".join(said) or None


def _missing(one: Estimate) -> str:
    return one.reason or ("no limits: nobody had recovered by then, or everybody" if one.low is None else "")


def share(one: Estimate) -> str:
    """A share with its limits as a cell."""
    if one.value is None:
        return "–"
    return percent(one.value) + (
        f" ({percent(one.low)}–{percent(one.high)})" if one.low is not None and one.high is not None else ""
    )
