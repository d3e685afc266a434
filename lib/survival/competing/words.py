"""What competing causes say in words: headline, caption, notes, alt text; and their numbers for results.json."""

from typing import Final

from lib.derived.competing import BEST
from lib.publication.exhibit import Numbers, TestLine
from lib.publication.number import percent, plural
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import EXACT_START
from lib.survival.bias import bias, bias_notes
from lib.survival.competing.result import MILESTONES, OF, CompetingResult, GroupIncidence
from lib.survival.result import DESCRIPTIVE_BELOW

OVERESTIMATES: Final = (
    "1 − Kaplan-Meier of one cause would overestimate its incidence: it treats whoever had the other cause as if the first could "
    "still come."
)


def headline(result: CompetingResult) -> tuple[str, str]:
    """The incidence of each cause at 12 months in one sentence, and what is biased about it; no p-value."""
    if result.n == 0:
        return f"Nobody in this selection can be analysed for {result.outcome.label.lower()}.", ""
    compares = result.outcome.grouping.compares
    parts = []
    for of, cause in zip(OF, result.outcome.causes, strict=True):
        found = [(group.name, group.milestones[of][1]) for group in result.groups if group.n]
        shares = [(f"{name} " if compares else "") + (one.reason or percent(one.value or 0.0)) for name, one in found]
        parts.append(f"{within(cause)}: {', '.join(shares)}")
    return f"By {MILESTONES[1]} months, {'; '.join(parts)}.", bias(result.outcome, result.compares)


def within(cause: str) -> str:
    """The name of a cause within a sentence."""
    return cause[:1].lower() + cause[1:]


def caption(result: CompetingResult) -> str:
    """Method, causes and numbers, as printed under the figure."""
    outcome, rows = result.outcome, result.outcome.rows
    first, second = outcome.causes
    parts = [
        f"Cumulative incidence from {rows.origin}: Aalen-Johansen estimate with pointwise 95 % limits (log-log; {EXACT_START}). "
        f"Solid, first cause: {within(first)} ({result.n_events(1)} of {result.n}). Dashed, other cause: {within(second)} "
        f"({result.n_events(2)}); {rows.censored} ({result.n_events(0)}). Told from {rows.source}."
    ]
    parts += [f"{n} of {outcome.n} not evaluable: {reason}." for reason, n in outcome.left_out]
    return " ".join(parts)


def notes(result: CompetingResult) -> tuple[str, ...]:
    """What limits the figure, each in a sentence."""
    outcome = result.outcome
    said = [OVERESTIMATES, *bias_notes(outcome)]
    if result.compares and result.descriptive:
        said.append(f"Fewer than {DESCRIPTIVE_BELOW} patients: descriptive.")
    if outcome.endpoint == BEST:
        said.append(
            "The best response is the best seen so far: a better one may still come, and the time would be longer."
        )
    if outcome.rows.died_later:
        said.append(
            f"{plural(outcome.rows.died_later, 'patient')} died after follow-up for the first cause had ended, and are censored "
            "when it ended: what happened between is not known."
        )
    if outcome.rows.origin == "apheresis":
        said.append("Counted from apheresis: patients enter at their infusion.")
    return tuple(said)


def alt_text(result: CompetingResult) -> str:
    """The figure for whoever cannot see it."""
    outcome = result.outcome
    curves = "; ".join(
        f"{group.name}: {plural(group.n, 'patient')}, "
        + ", ".join(f"{within(cause)} {group.curves[of].n_events} and at the end {percent(group.curves[of].incidence[-1])}"
                    for of, cause in zip(OF, outcome.causes, strict=True))
        if group.n
        else f"{group.name}: no patients"
        for group in result.groups
    )  # fmt: skip
    return f"Cumulative-incidence curves over {outcome.unit} since {outcome.rows.origin}. {curves}."


def numbers(result: CompetingResult) -> Numbers:
    """Unrounded: one row a group and cause; null with its reason where not estimable."""
    names = [f"incidence_{months}_months{part}" for months in MILESTONES for part in ("", "_low", "_high")]
    columns = (
        ("group", ""),
        ("cause", ""),
        ("n", "patients"),
        ("events", "patients"),
        *((name, "") for name in names),
        ("reason", ""),
    )
    rows = []
    for group, level in zip(result.groups, result.outcome.grouping.levels, strict=True):
        for of, cause in zip(OF, result.outcome.causes, strict=True):
            found = [limit for one in group.milestones[of] for limit in (one.value, one.low, one.high)]
            rows.append((level, cause, group.n, group.curves[of].n_events, *found, _reasons(group, of)))
    return Numbers(columns, tuple(rows))


def gray_lines(result: CompetingResult) -> tuple[TestLine, ...]:
    """Gray's test of each cause."""
    if not result.outcome.grouping.compares:
        return ()
    between = " v ".join(result.outcome.grouping.names)
    return tuple(
        TestLine(test.name, f"{cause}: {between}", test.statistic, test.df, test.p, test.n, test.reason)
        for (_, test), cause in zip(result.gray.items(), result.outcome.causes, strict=True)
    )


def _reasons(group: GroupIncidence, of: int) -> str | None:
    """Why a number is null; None where none is."""
    said = []
    for months, one in zip(MILESTONES, group.milestones[of], strict=True):
        said += [f"incidence_{months}_months{part}: {reason}" for part, reason in _why(one) if reason]
    return "; ".join(said) or None


def _why(one: Estimate) -> list[tuple[str, str]]:
    if one.reason:
        return [("", one.reason)]
    return [("_low and _high", "no event of this cause by then, or everybody" if one.low is None else "")]
