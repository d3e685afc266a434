"""What a survival result says in words: headline, caption, notes, alt text; and its numbers for results.json."""

from typing import Final

from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import interval, p_equals, p_value, percent, plural, short, time, time_interval
from lib.stats.estimate import Estimate
from lib.stats.firth import NAME as FIRTH
from lib.stats.kaplan_meier import NOBODY
from lib.stats.survival_limits import EXACT_START
from lib.stats.tail import FEWEST_AT_RISK, thin_from
from lib.survival.bias import bias, bias_notes, selection_notes
from lib.survival.censoring import censoring
from lib.survival.options import MEDIAN
from lib.survival.result import DESCRIPTIVE_BELOW, GroupSurvival, SurvivalResult

NOT_ESTIMABLE: Final = "not estimable"


def headline(result: SurvivalResult) -> tuple[str, str]:
    """The finding in one sentence, and what is biased about it ("" if nothing is); no p-value beside a bias."""
    outcome = result.outcome
    if result.n == 0:
        return f"Nobody in this selection can be analysed for {outcome.label.lower()}.", ""
    parts = [f"{_with(group, result)} {_median_words(group, outcome.unit)}" for group in result.groups if group.curve.n]
    sentence = f"Median {outcome.label.lower()}: " + ", ".join(parts) + "."
    if biased := bias(outcome, result.compares):
        return sentence, biased
    if result.descriptive:
        return f"{sentence} Descriptive: {plural(result.n, 'patient')}.", ""
    test = result.logrank
    return (f"{sentence} Log-rank {p_equals(test.p)}." if test.p is not None and result.compares else sentence), ""


def caption(result: SurvivalResult, limits: bool = True, marks: bool = True) -> str:
    """Method and numbers, as printed under the figure; whether the band and the dotted lines are drawn."""
    outcome, options = result.outcome, result.options
    band = f" with pointwise 95 % limits ({options.transform}; {EXACT_START})" if limits else ""
    marked = "medians" if options.share == MEDIAN else f"time by which {percent(options.share)} had the event"
    dotted = f"dotted: {marked}; " if marks else ""
    parts = [
        f"{outcome.label} from {outcome.origin}: Kaplan-Meier estimate{band}; ticks: censored; {dotted}"
        f"event: {outcome.event_word}. n = {result.n}, {plural(result.n_events, 'event')}."
    ]
    if outcome.rows.source:
        parts.append(f"Derived from {outcome.rows.source}.")
    for reason, n in outcome.left_out:
        parts.append(f"{n} of {outcome.n} not evaluable: {reason}.")
    followed = time(result.follow_up.value, result.follow_up.reason)
    unit = f" {outcome.unit}" if result.follow_up.value is not None else ""
    of = "overall survival" if result.follow_up_of == "os" else outcome.label.lower()
    parts.append(f"Median follow-up {followed}{unit} (reverse Kaplan-Meier on {of}).")
    return " ".join(parts)


def notes(result: SurvivalResult) -> tuple[str, ...]:
    """What limits the figure, each in a sentence."""
    outcome = result.outcome
    said = list(bias_notes(outcome))
    said += descriptive_notes(result)
    said += censoring(outcome)
    said += thin_notes(("", result))
    said += late_entry_notes(result)
    for group in result.groups:
        if group.median.note:
            said.append(f"{group.name}: {group.median.note}.")
        if group.hazard_ratio and group.hazard_ratio.reason:
            said.append(f"Hazard ratio of {group.name} not estimable: {group.hazard_ratio.reason}.")
        if group.hazard_ratio and group.hazard_ratio.note:
            said.append(f"Hazard ratio of {group.name}: {group.hazard_ratio.note}.")
    return tuple(said)


def descriptive_notes(result: SurvivalResult) -> list[str]:
    """Whether a comparison is of too few."""
    few = result.compares and result.descriptive
    return [f"Fewer than {DESCRIPTIVE_BELOW} patients: descriptive."] if few else []


def thin_notes(*results: tuple[str, SurvivalResult]) -> list[str]:
    """Which curves are drawn paler from when on; each result comes with the words before its groups."""
    told = [f"{before}{words}" for before, result in results if (words := _thin_words(result))]
    return (
        [f"Paler where fewer than {FEWEST_AT_RISK} patients of a group are at risk: {'; '.join(told)}."] if told else []
    )


def _thin_words(result: SurvivalResult) -> str:
    since = [(group.name, thin_from(group.curve)) for group in result.groups]
    return ", ".join(
        f"{name} from {time(start)} {result.outcome.unit}" if start else f"{name} throughout"
        for name, start in since
        if start is not None
    )


def late_entry_notes(result: SurvivalResult) -> list[str]:
    """Who is in none of the rows under the axis because the observation began later."""
    entry, missing = result.outcome.table["entry"], result.counts[result.counts["not_entered"] > 0]
    if not (entry > 0).any():
        return []
    each = "; ".join(f"{row['group']} {row['not_entered']} at {row['time']:g}" for row in missing.to_dict("records"))
    n = int((entry > 0).sum())
    said = f"{plural(n, 'patient')} enter{'s' * (n == 1)} observation after time 0 and {'is' if n == 1 else 'are'} at risk from then on"
    return [f"{said}; under the axis not yet entered: {each or 'nobody at these times'}."]


def alt_text(result: SurvivalResult) -> str:
    """The figure for whoever cannot see it."""
    curves = "; ".join(
        f"{group.name}: {plural(group.curve.n, 'patient')}, {plural(group.curve.n_events, 'event')}, median {_median_words(group, result.outcome.unit)}"
        if group.curve.n
        else f"{group.name}: no patients"
        for group in result.groups
    )
    return f"Kaplan-Meier curves of {result.outcome.label.lower()} over {result.outcome.unit} since {result.outcome.origin}. {curves}."


def summary_table(result: SurvivalResult) -> Table:
    """One row a group: n, events, median (and another quantile), follow-up, hazard ratio; and the log-rank test."""
    outcome, options = result.outcome, result.options
    reference, compares = outcome.grouping.reference_name, outcome.grouping.compares
    header: tuple[str, ...] = ("Group", "n", "Events", f"Median, {outcome.unit} (95 % CI)")
    if options.share != MEDIAN:
        header = (*header, f"{percent(options.share)} had the event by, {outcome.unit} (95 % CI)")
    header = (*header, f"Follow-up, {outcome.unit} (95 % CI)")
    if compares:
        header = (*header, f"Hazard ratio against {reference} (95 % CI)", "p")
    rows = tuple(_row(group, result) for group in result.groups)
    test = result.logrank
    said = (
        f"Log-rank (Mantel-Cox): {p_equals(test.p)} (n = {test.n})."
        if test.p is not None
        else f"Log-rank test not done: {test.reason}."
    )
    followed = "overall survival" if result.follow_up_of == "os" else outcome.label.lower()
    return Table(
        id=f"survival.{outcome.endpoint}.summary", title=f"{outcome.label}: medians and comparison", header=header, rows=rows,
        caption=f"{'Medians' if options.share == MEDIAN else 'Quantiles'} by the midpoint rule with Brookmeyer-Crowley limits ({options.transform}). "
        f"Follow-up: reverse Kaplan-Meier median on {followed}.{_ratio_method(result)}",
        notes=(*selection_notes(outcome.selected_by), *((said,) if compares else ())), n=result.n, numbers=numbers(result), tests=tests(result),
    )  # fmt: skip


def _ratio_method(result: SurvivalResult) -> str:
    """How the hazard ratios and their p were computed; a penalised one is named."""
    if not result.outcome.grouping.compares:
        return ""
    penalised = [group.name for group in result.groups if group.wald and group.wald.name == FIRTH]
    firth = (
        f"; {', '.join(penalised)}: Firth's penalised model, profile limits and likelihood ratio test"
        if penalised
        else ""
    )
    return f" Hazard ratio: Cox model, Efron ties, Wald limits and test{firth}."


def numbers(result: SurvivalResult) -> Numbers:
    """Unrounded: one row a group; null with its reason where not estimable."""
    unit, share = result.outcome.unit, result.options.share
    columns = (("group", ""), ("n", "patients"), ("events", "patients"), ("median", unit), ("median_low", unit), ("median_high", unit),
               ("hazard_ratio", ""), ("hazard_ratio_low", ""), ("hazard_ratio_high", ""), ("follow_up", unit),
               ("group_follow_up", unit), ("group_follow_up_low", unit), ("group_follow_up_high", unit), ("reason", ""))  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for group, level in zip(result.groups, result.outcome.grouping.levels, strict=True):
        ratio, own = group.hazard_ratio, group.follow_up
        rows.append((level, group.curve.n, group.curve.n_events, group.median.value, group.median.low, group.median.high,
                     *((ratio.value, ratio.low, ratio.high) if ratio else (None, None, None)), result.follow_up.value,
                     own.value, own.low, own.high, _reasons(group, result)))  # fmt: skip
    if share == MEDIAN:
        return Numbers(columns, tuple(rows))
    more = (("quantile_share", ""), ("quantile", unit), ("quantile_low", unit), ("quantile_high", unit))
    told = [(share, one.by_share.value, one.by_share.low, one.by_share.high) for one in result.groups]
    return Numbers((*columns, *more), tuple((*row, *quantile) for row, quantile in zip(rows, told, strict=True)))


def _reasons(group: GroupSurvival, result: SurvivalResult) -> str | None:
    """Why a number of this group is null; None where none is."""
    median, ratio = group.median, group.hazard_ratio
    alone = "reference group" if result.outcome.grouping.compares else "one group only"
    said = {
        **_missing("median", median),
        "hazard_ratio": ratio.reason if ratio else alone,
        "follow_up": result.follow_up.reason,
        **_missing("group_follow_up", group.follow_up),
        **(_missing("quantile", group.by_share) if result.options.share != MEDIAN else {}),
    }
    return "; ".join(f"{name}: {reason}" for name, reason in said.items() if reason) or None


def _missing(name: str, estimate: Estimate) -> dict[str, str]:
    """Why a time or one of its limits is null."""
    some = estimate.reason != NOBODY
    return {
        name: estimate.reason,
        f"{name}_low": NOT_ESTIMABLE if estimate.low is None and some else "",
        f"{name}_high": NOT_ESTIMABLE if estimate.high is None and some else "",
    }


def tests(result: SurvivalResult) -> tuple[TestLine, ...]:
    """The log-rank test, and for each group the test of its hazard ratio."""
    if not result.outcome.grouping.compares:
        return ()
    test = result.logrank
    lines = [
        TestLine(
            test.name, " v ".join(result.outcome.grouping.names), test.statistic, test.df, test.p, test.n, test.reason
        )
    ]
    reference = result.outcome.grouping.reference_name
    for group in result.groups:
        if wald := group.wald:
            lines.append(
                TestLine(wald.name, f"{group.name} v {reference}", wald.statistic, wald.df, wald.p, wald.n, wald.reason)
            )
    return tuple(lines)


def _row(group: GroupSurvival, result: SurvivalResult) -> tuple[str, ...]:
    times = [group.median, *([group.by_share] if result.options.share != MEDIAN else []), group.follow_up]
    row = (group.name, str(group.curve.n), str(group.curve.n_events), *map(_time_words, times))
    if not result.outcome.grouping.compares:
        return row
    ratio, wald = group.hazard_ratio, group.wald
    if ratio is None or wald is None:
        return (*row, "reference", "")
    if ratio.value is None:
        return (*row, f"not estimable: {ratio.reason}", "–")
    return (*row, f"{short(ratio.value)} ({interval(ratio.low, ratio.high)})", p_value(wald.p))


def _time_words(estimate: Estimate) -> str:
    limits = "" if estimate.reason == NOBODY else f" ({time_interval(estimate.low, estimate.high)})"
    return time(estimate.value, estimate.reason) + limits


def _median_words(group: GroupSurvival, unit: str) -> str:
    return group.median.reason if group.median.value is None else f"{time(group.median.value)} {unit}"


def _with(group: GroupSurvival, result: SurvivalResult) -> str:
    if not result.outcome.grouping.compares:
        return f"({plural(group.curve.n, 'patient')})"
    return f"{group.name} ({group.curve.n})"
