"""What a survival result says in words: headline, caption, notes, alt text; and its numbers for results.json."""

from typing import Final

from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import interval, p_equals, p_value, percent, plural, short, time, time_interval
from lib.stats.compared import short_name
from lib.stats.estimate import Estimate, TestResult
from lib.stats.firth import NAME as FIRTH
from lib.stats.kaplan_meier import EXACT_START, FEWEST_AT_RISK, NOBODY, thin_from
from lib.stats.small_samples import COMPARED_FROM
from lib.survival.bias import bias, bias_notes, selection_notes
from lib.survival.censoring import censoring
from lib.survival.options import MEDIAN
from lib.survival.result import DESCRIPTIVE_BELOW, GroupSurvival, SurvivalResult

NOT_ESTIMABLE: Final = "not estimable"
PAIR: Final = 2


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
    test = result.headline
    return (f"{sentence} {headline_p(test)}." if test.p is not None and result.compares else sentence), ""


def headline_p(test: TestResult) -> str:
    """ "Log-rank p = 0.0166": the one p of a headline, named."""
    name = short_name(test)
    return f"{name[:1].upper()}{name[1:]} {p_equals(test.p)}"


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
    known = result.follow_up.value is not None
    within = f", 95 % CI {time_interval(result.follow_up.low, result.follow_up.high)}" if known else ""
    parts.append(f"Median follow-up {followed}{unit} (reverse Kaplan-Meier on {of}){within}.")
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
    return (*said, *ratio_notes(result))


def descriptive_notes(result: SurvivalResult) -> list[str]:
    """Whether a comparison is of too few, and which groups are in no comparison."""
    few = result.compares and result.descriptive
    said = [f"Fewer than {DESCRIPTIVE_BELOW} patients: descriptive."] if few else []
    return [*said, *([result.described] if result.described else [])]


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
        header = (*header, f"Hazard ratio against {reference} (95 % CI)", f"p ({p_of_rows(result)})")
    rows = tuple(_row(group, result) for group in result.groups)
    followed = "overall survival" if result.follow_up_of == "os" else outcome.label.lower()
    return Table(
        id=f"survival.{outcome.endpoint}.summary", title=f"{outcome.label}: medians and comparison", header=header, rows=rows,
        caption=f"{'Medians' if options.share == MEDIAN else 'Quantiles'} by the midpoint rule with Brookmeyer-Crowley limits ({options.transform}). "
        f"Follow-up: reverse Kaplan-Meier median on {followed}.{_ratio_method(result)}",
        notes=(*_bias(result), *comparison_notes(result)), n=result.n, numbers=numbers(result), tests=tests(result),
    )  # fmt: skip


def _bias(result: SurvivalResult) -> tuple[str, ...]:
    """The bias of the comparison, where there is one, and of the selection."""
    return bias_notes(result.outcome) if result.compares else selection_notes(result.outcome.selected_by)


def p_of_rows(result: SurvivalResult) -> str:
    """The test of the column p: of two groups that of the headline, of more the likelihood ratio test of each ratio."""
    return short_name(result.headline) if len(result.outcome.grouping.names) == PAIR else "likelihood ratio"


def comparison_notes(result: SurvivalResult) -> tuple[str, ...]:
    """What the headline's test is, and what must be known of each hazard ratio."""
    if not result.outcome.grouping.compares:
        return ()
    test = result.headline
    said = [
        f"p: {test.name}, n = {test.n}." if test.p is not None and len(result.groups) == PAIR
        else f"All groups: {headline_p(test)} ({test.name}, n = {test.n})." if test.p is not None
        else f"Groups not tested: {test.reason}."
    ]  # fmt: skip
    if result.described:
        said.append(result.described)
    return (*said, *ratio_notes(result))


def ratio_notes(result: SurvivalResult) -> tuple[str, ...]:
    """What must be known of each hazard ratio: few events, the method, hazards that are not proportional."""
    return tuple(
        f"Hazard ratio of {group.name}: {ratio.note}." for group in result.groups if (ratio := group.hazard_ratio) and ratio.note
    )  # fmt: skip


def _ratio_method(result: SurvivalResult) -> str:
    """How the hazard ratios and their p were computed; a penalised one is named."""
    if not result.outcome.grouping.compares:
        return ""
    estimated = [group for group in result.groups if group.wald and group.wald.p is not None]
    penalised = [group.name for group in estimated if group.wald and group.wald.name == FIRTH]
    cox = "Cox model, Efron ties, Wald limits" if len(penalised) < len(estimated) else ""
    of = f"{', '.join(penalised)}: " if cox else ""
    firth = f"{of}Firth's penalised Cox model, Breslow ties, profile limits" if penalised else ""
    said = "; ".join(part for part in (cox, firth) if part)
    return f" Hazard ratio: {said}." if said else ""


def numbers(result: SurvivalResult) -> Numbers:
    """Unrounded: one row a group; null with its reason where not estimable."""
    unit, share = result.outcome.unit, result.options.share
    columns = (("group", ""), ("n", "patients"), ("events", "patients"), ("median", unit), ("median_low", unit), ("median_high", unit),
               ("hazard_ratio", ""), ("hazard_ratio_low", ""), ("hazard_ratio_high", ""), ("follow_up", unit), ("follow_up_low", unit), ("follow_up_high", unit),
               ("group_follow_up", unit), ("group_follow_up_low", unit), ("group_follow_up_high", unit), ("reason", ""))  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for group, level in zip(result.groups, result.outcome.grouping.levels, strict=True):
        ratio, own = group.hazard_ratio, group.follow_up
        rows.append((level, group.curve.n, group.curve.n_events, group.median.value, group.median.low, group.median.high,
                     *((ratio.value, ratio.low, ratio.high) if ratio else (None, None, None)), result.follow_up.value,
                     result.follow_up.low, result.follow_up.high, own.value, own.low, own.high, _reasons(group, result)))  # fmt: skip
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
        **_missing("follow_up", result.follow_up),
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
    """The log-rank test, the headline's where it is another, and for each group the test of its hazard ratio."""
    if not result.outcome.grouping.compares:
        return ()
    of = " v ".join(group.name for group in result.groups if not result.described or group.curve.n >= COMPARED_FROM)
    whole = [result.logrank, *([result.headline] if result.headline.name != result.logrank.name else [])]
    lines = [TestLine(test.name, of, test.statistic, test.df, test.p, test.n, test.reason) for test in whole]
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
    p = result.headline.p if len(result.groups) == PAIR else (group.likelihood_ratio or wald).p
    return (*row, f"{short(ratio.value)} ({interval(ratio.low, ratio.high)})", p_value(p))


def _time_words(estimate: Estimate) -> str:
    limits = "" if estimate.reason == NOBODY else f" ({time_interval(estimate.low, estimate.high)})"
    return time(estimate.value, estimate.reason) + limits


def _median_words(group: GroupSurvival, unit: str) -> str:
    return group.median.reason if group.median.value is None else f"{time(group.median.value)} {unit}"


def _with(group: GroupSurvival, result: SurvivalResult) -> str:
    if not result.outcome.grouping.compares:
        return f"({plural(group.curve.n, 'patient')})"
    return f"{group.name} ({group.curve.n})"
