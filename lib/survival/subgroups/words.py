"""What the forest plot says in words: caption, notes with how many comparisons were looked at, alt text, numbers, tests."""

from typing import Final

from lib.publication.exhibit import Numbers, TestLine
from lib.publication.number import interval, p_equals, plural, short
from lib.stats.small_samples import COMPARED_FROM, FEW_EVENTS
from lib.survival.covariates import known_late, not_dated
from lib.survival.models.words import COX, FIRTH, left_out_words, limits_of_comparison, listed
from lib.survival.subgroups.result import EVERYBODY, Subgroup, Subgroups

COLUMNS: Final = (
    ("variable", ""), ("level", ""), ("group", ""), ("reference", ""), ("n", "patients"), ("events", "patients"),
    ("n_reference", "patients"), ("events_reference", "patients"), ("hazard_ratio", ""), ("hazard_ratio_low", ""),
    ("hazard_ratio_high", ""), ("p", ""), ("method", ""), ("interaction_p", ""), ("reason", ""),
)  # fmt: skip


def method(one: Subgroup) -> str:
    """How a ratio was estimated; "" where it was not."""
    return "" if one.ratio.value is None else FIRTH if one.penalised else COX


def caption(result: Subgroups) -> str:
    """Method and numbers, as printed under the figure."""
    outcome = result.outcome
    lines = [result.overall, *(level for split in result.splits for level in split.levels)]
    used = {method(one) for one in lines}
    firth, cox = FIRTH in used, COX in used
    parts = [
        f"{outcome.label}: hazard ratio of {result.group} against {result.reference} in all patients of the two groups (diamond) and within subgroups, not "
        "adjusted. Squares grow with the number of events; an arrow: the limit, or the ratio itself, lies beyond the axis.",
        "Full symbols: Cox's model, Efron ties, Wald 95 % limits." if cox else "",
        "Open symbols: Firth's penalised model, Breslow ties, profile limits (fewer than 10 events, or a group without any)." if firth else "",
        f"p for interaction: likelihood ratio test of group by subgroup in Cox's model. n = {result.n}, {plural(result.overall.n_events, 'event')}.",
        *left_out_words(outcome),
        *(f"{split.variable.label} not stated: {split.n_missing} in none of its subgroups." for split in result.splits if split.n_missing),
    ]  # fmt: skip
    return " ".join(part for part in parts if part)


def notes(result: Subgroups) -> tuple[str, ...]:
    """What limits the figure, each in a sentence."""
    variables = tuple(split.variable for split in result.splits)
    tested = sum(split.interaction.p is not None for split in result.splits)
    said = [*limits_of_comparison(result.outcome, result.n)]
    if late := known_late(variables):
        said.append(f"{listed(late)}: known after infusion: subgroups of it are biased.")
    if undated := not_dated(variables):
        said.append(f"{listed(undated)}: not stated when it was known; if after infusion, its subgroups are biased.")
    if not variables:
        said.append("No variable to look at: none is known to be from before the infusion, or none was chosen.")
        return tuple(said)
    said.append(
        f"Looked at: {plural(result.n_subgroups, 'subgroup')} of {plural(len(variables), 'variable')}, {plural(tested, 'interaction')} tested. "
        "Nothing is adjusted for their number: of twenty interactions one is expected below 0.05 by chance. A subgroup is read by its "
        "interaction, not by its own interval."
    )  # fmt: skip
    said.append(f"No ratio where a group has fewer than {COMPARED_FROM} patients, and no interaction where a subgroup has fewer than {FEW_EVENTS} events.")  # fmt: skip
    if few := [
        f"{one.level} {one.n_events}"
        for split in result.splits
        for one in split.levels
        if one.ratio.value is not None and one.n_events < FEW_EVENTS
    ]:
        said.append(f"Few events: {', '.join(few)}.")
    return tuple(said)


def alt_text(result: Subgroups) -> str:
    """The figure for whoever cannot see it."""
    words = [f"{EVERYBODY}: {_in_words(result.overall)}"]
    for split in result.splits:
        levels = ", ".join(f"{one.level} {_in_words(one)}" for one in split.levels)
        test = split.interaction
        tested = f"interaction {p_equals(test.p)}" if test.p is not None else f"interaction not tested, {test.reason}"
        words.append(f"{split.variable.label}: {levels}; {tested}")
    return (
        f"Forest plot of the hazard ratio of {result.group} against {result.reference} for {result.outcome.label.lower()}. "
        + ". ".join(words)
        + "."
    )


def _in_words(one: Subgroup) -> str:
    if one.ratio.value is None:
        return f"not estimable ({one.ratio.reason})"
    return f"{short(one.ratio.value)} ({interval(one.ratio.low, one.ratio.high)})"


def numbers(result: Subgroups) -> Numbers:
    """Unrounded: one row for all patients, then one a level; null with its reason where not estimable."""
    grouping = result.outcome.grouping
    level_of = dict(zip(grouping.names, grouping.levels, strict=True))
    pair = level_of[result.group], level_of[result.reference]
    rows = [(EVERYBODY, "", *pair, *_row(result.overall), None, _reason(result.overall, "all patients"))]
    for split in result.splits:
        test = split.interaction
        rows += [
            (split.variable.name, one.level, *pair, *_row(one), test.p, _reason(one, test.reason)) for one in split.levels
        ]  # fmt: skip
    return Numbers(COLUMNS, tuple(rows))


def _row(one: Subgroup) -> tuple[object, ...]:
    (n, events), (n_reference, events_reference) = one.of
    return n, events, n_reference, events_reference, one.ratio.value, one.ratio.low, one.ratio.high, one.test.p, method(one)  # fmt: skip


def _reason(one: Subgroup, interaction: str) -> str | None:
    limits = (
        "" if one.ratio.reason or None not in (one.ratio.low, one.ratio.high) else one.ratio.note or "not estimable"
    )
    said = {"hazard_ratio": one.ratio.reason, "limits": limits, "p": one.test.reason, "interaction_p": interaction}
    return "; ".join(f"{name}: {reason}" for name, reason in said.items() if reason) or None


def tests(result: Subgroups) -> tuple[TestLine, ...]:
    """The interaction of each variable, and the test of each ratio."""
    pair = f"{result.group} v {result.reference}"
    found = [(result.overall.test, pair)]
    for split in result.splits:
        found.append((split.interaction, f"{pair} by {split.variable.label}"))
        found += [(one.test, f"{pair}, {split.variable.label} {one.level}") for one in split.levels]
    return tuple(
        TestLine(test.name, of, test.statistic, test.df, test.p, test.n, test.reason) for test, of in found
    )  # fmt: skip
