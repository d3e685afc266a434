"""The table of persistence: events, median and shares still quantifiable by group, and the log-rank test."""

from lib.kinetics.persistence.result import MILESTONES, GroupPersistence, PersistenceResult
from lib.kinetics.persistence.words import ASSAY, title
from lib.kinetics.words import bias_notes
from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import p_equals, percent, time, time_interval
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import EXACT_START, NOBODY


def persistence_table(result: PersistenceResult) -> Table:
    """One row a group."""
    at = tuple(f"Still quantifiable on day {day:g} (95 % CI)" for day in MILESTONES)
    test = result.logrank
    said = (
        f"Log-rank (Mantel-Cox): {p_equals(test.p)} (n = {test.n})."
        if test.p is not None
        else f"Log-rank test not done: {test.reason}."
    )
    grouping = result.series.grouping
    return Table(
        id=f"{result.series.key.id('persistence')}.summary",
        title=title(result),
        header=("Group", "n", "Undetectable", "Median days to undetectable (95 % CI)", *at),
        rows=tuple(_row(group) for group in result.groups),
        caption=f"Kaplan-Meier estimates, limits log-log ({EXACT_START}); medians by the midpoint rule with Brookmeyer-Crowley limits (log-log).",
        notes=(*((*bias_notes(grouping), said) if grouping.compares else ()), ASSAY),
        n=result.n,
        numbers=numbers(result),
        tests=logrank_line(result),
    )


def _row(group: GroupPersistence) -> tuple[str, ...]:
    median = group.median
    limits = "" if median.reason == NOBODY else f" ({time_interval(median.low, median.high)})"
    shares = (_share(one) for one in group.milestones)
    return (
        group.name,
        str(group.curve.n),
        str(group.curve.n_events),
        time(median.value, median.reason) + limits,
        *shares,
    )


def _share(one: Estimate) -> str:
    if one.value is None:
        return f"NE: {one.reason}"
    limits = f" ({percent(one.low)}–{percent(one.high)})" if one.low is not None and one.high is not None else " (NE)"
    return percent(one.value) + limits


def numbers(result: PersistenceResult) -> Numbers:
    """Unrounded: one row a group; null with its reason where not estimable."""
    names = [f"quantifiable_day_{day:g}{part}" for day in MILESTONES for part in ("", "_low", "_high")]
    columns = (
        ("group", ""), ("n", "patients"), ("events", "patients"), ("median", "days"), ("median_low", "days"), ("median_high", "days"),
        *((name, "") for name in names), ("reason", ""),
    )  # fmt: skip
    rows = []
    for group, level in zip(result.groups, result.series.grouping.levels, strict=True):
        median = group.median
        shares = [part for one in group.milestones for part in (one.value, one.low, one.high)]
        limits = (median.value, median.low, median.high)
        rows.append((level, group.curve.n, group.curve.n_events, *limits, *shares, _reasons(group)))
    return Numbers(columns, tuple(rows))


def _reasons(group: GroupPersistence) -> str | None:
    median = group.median
    said = {
        "median": median.reason,
        "limits of the median": "not estimable" if None in (median.low, median.high) else "",
    }
    for day, one in zip(MILESTONES, group.milestones, strict=True):
        said[f"day {day:g}"] = one.reason or ("no interval" if one.low is None else "")
    return "; ".join(f"{name}: {reason}" for name, reason in said.items() if reason) or None


def logrank_line(result: PersistenceResult) -> tuple[TestLine, ...]:
    """The log-rank test between groups."""
    test, grouping = result.logrank, result.series.grouping
    line = TestLine(test.name, " v ".join(grouping.names), test.statistic, test.df, test.p, test.n, test.reason)
    return (line,) if grouping.compares else ()
