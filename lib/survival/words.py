"""What a survival result says in words: headline, caption, notes, alt text; and its numbers for results.json."""

from typing import Final

from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import interval, p_equals, p_value, plural, short, time, time_interval
from lib.stats.firth import NAME as FIRTH
from lib.survival.result import DESCRIPTIVE_BELOW, GroupSurvival, SurvivalResult

NOT_ESTIMABLE: Final = "not estimable"
ARM_BIAS: Final = "The groups were formed after infusion: this comparison is biased by design."


def headline(result: SurvivalResult) -> tuple[str, str]:
    """The finding in one sentence, and what is biased about it ("" if nothing is); no p-value beside a bias."""
    outcome = result.outcome
    if result.n == 0:
        return f"Nobody in this selection can be analysed for {outcome.label.lower()}.", ""
    parts = [f"{_with(group, result)} {_median_words(group, outcome.unit)}" for group in result.groups if group.curve.n]
    sentence = f"Median {outcome.label.lower()}: " + ", ".join(parts) + "."
    if result.compares and outcome.grouping.known_after_infusion:
        return sentence, ARM_BIAS
    if result.descriptive:
        return f"{sentence} Descriptive: {plural(result.n, 'patient')}.", ""
    test = result.logrank
    return (f"{sentence} Log-rank {p_equals(test.p)}." if test.p is not None and result.compares else sentence), ""


def caption(result: SurvivalResult) -> str:
    """Method and numbers, as printed under the figure."""
    outcome = result.outcome
    parts = [
        f"{outcome.label} from infusion: Kaplan-Meier estimate with pointwise 95 % limits (log-log); ticks: censored; "
        f"event: {outcome.event_word}. n = {result.n}, {plural(result.n_events, 'event')}."
    ]
    for reason, n in outcome.left_out:
        parts.append(f"{n} of {outcome.n} not evaluable: {reason}.")
    followed = time(result.follow_up.value, result.follow_up.reason)
    unit = f" {outcome.unit}" if result.follow_up.value is not None else ""
    of = "overall survival" if result.follow_up_of == "os" else outcome.label.lower()
    parts.append(f"Median follow-up {followed}{unit} (reverse Kaplan-Meier on {of}).")
    return " ".join(parts)


def notes(result: SurvivalResult) -> tuple[str, ...]:
    """What limits the figure, each in a sentence."""
    outcome, grouping = result.outcome, result.outcome.grouping
    said = []
    if grouping.known_after_infusion:
        said.append(
            f"{ARM_BIAS} {grouping.label} became known by day {grouping.known_at:g}: to live until then was a condition "
            "for some of the groups (immortal time)."
        )
    if grouping.time_not_stated:
        said.append(
            f"Time of grouping not stated: if {grouping.label} became known after infusion, the comparison is biased."
        )
    if result.compares and result.descriptive:
        said.append(f"Fewer than {DESCRIPTIVE_BELOW} patients: descriptive.")
    if outcome.deaths_censored:
        said.append(f"{plural(outcome.deaths_censored, 'death')} without progression censored at death.")
    for group in result.groups:
        if group.median.note:
            said.append(f"{group.name}: {group.median.note}.")
        if group.hazard_ratio and group.hazard_ratio.reason:
            said.append(f"Hazard ratio of {group.name} not estimable: {group.hazard_ratio.reason}.")
        if group.hazard_ratio and group.hazard_ratio.note:
            said.append(f"Hazard ratio of {group.name}: {group.hazard_ratio.note}.")
    return tuple(said)


def alt_text(result: SurvivalResult) -> str:
    """The figure for whoever cannot see it."""
    curves = "; ".join(
        f"{group.name}: {plural(group.curve.n, 'patient')}, {plural(group.curve.n_events, 'event')}, median {_median_words(group, result.outcome.unit)}"
        if group.curve.n
        else f"{group.name}: no patients"
        for group in result.groups
    )
    return f"Kaplan-Meier curves of {result.outcome.label.lower()} over {result.outcome.unit} since infusion. {curves}."


def summary_table(result: SurvivalResult) -> Table:
    """One row a group: n, events, median, hazard ratio; and the log-rank test."""
    outcome = result.outcome
    reference = outcome.grouping.reference_name
    compares = outcome.grouping.compares
    header: tuple[str, ...] = ("Group", "n", "Events", f"Median, {outcome.unit} (95 % CI)")
    if compares:
        header = (*header, f"Hazard ratio against {reference} (95 % CI)", "p")
    rows = tuple(_row(group, compares) for group in result.groups)
    test = result.logrank
    said = (
        f"Log-rank (Mantel-Cox): {p_equals(test.p)} (n = {test.n})."
        if test.p is not None
        else f"Log-rank test not done: {test.reason}."
    )
    return Table(
        id=f"survival.{outcome.endpoint}.summary", title=f"{outcome.label}: medians and comparison", header=header, rows=rows,
        caption=f"Medians by the midpoint rule with Brookmeyer-Crowley limits (log-log).{_ratio_method(result)}",
        notes=(said,) if compares else (), n=result.n, numbers=numbers(result), tests=tests(result),
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
    unit = result.outcome.unit
    columns = (("group", ""), ("n", "patients"), ("events", "patients"), ("median", unit), ("median_low", unit), ("median_high", unit),
               ("hazard_ratio", ""), ("hazard_ratio_low", ""), ("hazard_ratio_high", ""), ("follow_up", unit), ("reason", ""))  # fmt: skip
    rows = []
    for group, level in zip(result.groups, result.outcome.grouping.levels, strict=True):
        ratio = group.hazard_ratio
        rows.append((level, group.curve.n, group.curve.n_events, group.median.value, group.median.low, group.median.high,
                     *((ratio.value, ratio.low, ratio.high) if ratio else (None, None, None)), result.follow_up.value, _reasons(group, result)))  # fmt: skip
    return Numbers(columns, tuple(rows))


def _reasons(group: GroupSurvival, result: SurvivalResult) -> str | None:
    """Why a number of this group is null; None where none is."""
    median, ratio = group.median, group.hazard_ratio
    alone = "reference group" if result.outcome.grouping.compares else "one group only"
    said = {
        "median": median.reason,
        "median_low": NOT_ESTIMABLE if median.low is None and group.curve.n else "",
        "median_high": NOT_ESTIMABLE if median.high is None and group.curve.n else "",
        "hazard_ratio": ratio.reason if ratio else alone,
        "follow_up": result.follow_up.reason,
    }
    return "; ".join(f"{name}: {reason}" for name, reason in said.items() if reason) or None


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


def _row(group: GroupSurvival, compares: bool) -> tuple[str, ...]:
    median = group.median
    limits = f" ({time_interval(median.low, median.high)})" if group.curve.n else ""
    row = (group.name, str(group.curve.n), str(group.curve.n_events), time(median.value, median.reason) + limits)
    if not compares:
        return row
    ratio, wald = group.hazard_ratio, group.wald
    if ratio is None or wald is None:
        return (*row, "reference", "")
    if ratio.value is None:
        return (*row, f"not estimable: {ratio.reason}", "–")
    return (*row, f"{short(ratio.value)} ({interval(ratio.low, ratio.high)})", p_value(wald.p))


def _median_words(group: GroupSurvival, unit: str) -> str:
    return group.median.reason if group.median.value is None else f"{time(group.median.value)} {unit}"


def _with(group: GroupSurvival, result: SurvivalResult) -> str:
    if not result.outcome.grouping.compares:
        return f"({plural(group.curve.n, 'patient')})"
    return f"{group.name} ({group.curve.n})"
