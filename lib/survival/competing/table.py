"""Tables of competing causes: incidence at 6, 12 and 24 months; and how groups compare by each cause."""

from typing import Final

from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import interval, p_equals, p_value, percent, short
from lib.stats.estimate import Estimate, TestResult
from lib.stats.kaplan_meier import EXACT_START
from lib.survival.bias import selection_notes
from lib.survival.competing.result import MILESTONES, OF, CompetingResult
from lib.survival.competing.words import gray_lines, notes, numbers, within

BEYOND: Final = "beyond the last observation"


def incidence_table(result: CompetingResult) -> Table:
    """One row a cause and group: n, events, cumulative incidence at each milestone."""
    outcome = result.outcome
    rows = tuple(
        (cause, group.name, str(group.n), str(group.curves[of].n_events), *map(_incidence, group.milestones[of]))
        for of, cause in zip(OF, outcome.causes, strict=True)
        for group in result.groups
    )
    said = tuple(
        f"Gray's test, {within(cause)}: {_told(result.gray[of])}" for of, cause in zip(OF, outcome.causes, strict=True)
    )
    return Table(
        id=f"cumulative_incidence.{outcome.endpoint}.summary", title=f"{outcome.label}: cumulative incidence of each cause",
        header=("Cause", "Group", "n", "Events", *(f"At {months} months (95 % CI)" for months in MILESTONES)), rows=rows,
        caption=f"Aalen-Johansen estimate with pointwise 95 % limits (log-log; {EXACT_START}); NE: not estimable, follow-up ends earlier.",
        notes=(*selection_notes(outcome.selected_by), *(said if outcome.grouping.compares else ())), n=result.n, numbers=numbers(result), tests=gray_lines(result),
    )  # fmt: skip


def ratio_table(result: CompetingResult) -> Table:
    """One row a cause and group against the reference: Gray's test, cause-specific and subdistribution hazard ratio."""
    outcome = result.outcome
    reference = outcome.grouping.reference_name
    rows = []
    for of, cause in zip(OF, outcome.causes, strict=True):
        for group in result.groups:
            cells = [_ratio(ratios[of].get(group.name)) for ratios in (result.cause_specific, result.subdistribution)]
            events = f"{group.curves[of].n_events} of {group.n}"
            rows.append((cause, group.name, events, *(cell for pair in cells for cell in pair)))
    header = ("Cause", "Group", "Events", f"Cause-specific hazard ratio against {reference} (95 % CI)", "Wald p",
              f"Subdistribution hazard ratio against {reference} (95 % CI)", "Wald p (Fine-Gray)")  # fmt: skip
    tests = tuple(
        f"Gray's test, {within(cause)}: {_told(result.gray[of])}" for of, cause in zip(OF, outcome.causes, strict=True)
    )
    return Table(
        id=f"cumulative_incidence.{outcome.endpoint}.models", title=f"{outcome.label}: competing risks", header=header,
        rows=tuple(rows),
        caption="Cause-specific hazard ratio: Cox model of the cause with the other censored (what drives the cause among those still at "
        "risk). Subdistribution hazard ratio: Fine-Gray model (who ends up with it). Efron ties in the first, Breslow in the second. "
        "Not adjusted for the number of comparisons.",
        notes=(*tests, *_ratio_notes(result), *notes(result)), n=result.n, numbers=_ratio_numbers(result), tests=(*gray_lines(result), *_wald_lines(result)),
    )  # fmt: skip


def _incidence(one: Estimate) -> str:
    if one.value is None:
        return "NE" if one.reason == BEYOND else one.reason
    if one.low is None or one.high is None:
        return percent(one.value)
    return f"{percent(one.value)} ({percent(one.low)}–{percent(one.high)})".replace(" %–", "–").replace(" %)", ")")


def _told(test: TestResult) -> str:
    return f"{p_equals(test.p)} (n = {test.n})." if test.p is not None else f"not done: {test.reason}."


def _ratio(found: tuple[Estimate, TestResult] | None) -> tuple[str, str]:
    if found is None:
        return "reference", ""
    ratio, wald = found
    if ratio.value is None:
        return f"not estimable: {ratio.reason}", "–"
    return f"{short(ratio.value)} ({interval(ratio.low, ratio.high)})", p_value(wald.p)


def _ratio_notes(result: CompetingResult) -> tuple[str, ...]:
    """What a reader must know of a ratio: that it is penalised."""
    return tuple(
        f"{cause}, {name}: {ratio.note}."
        for of, cause in zip(OF, result.outcome.causes, strict=True)
        for ratios in (result.cause_specific, result.subdistribution)
        for name, (ratio, _) in ratios[of].items()
        if ratio.note
    )


def _ratio_numbers(result: CompetingResult) -> Numbers:
    """Unrounded: one row a cause and group; null with its reason."""
    kinds = {"cause_specific": result.cause_specific, "subdistribution": result.subdistribution}
    names = [f"{kind}{part}" for kind in kinds for part in ("_hazard_ratio", "_low", "_high")]
    columns = (
        ("cause", ""),
        ("group", ""),
        ("n", "patients"),
        ("events", "patients"),
        *((name, "") for name in names),
        ("reason", ""),
    )
    rows = []
    for of, cause in zip(OF, result.outcome.causes, strict=True):
        for group, level in zip(result.groups, result.outcome.grouping.levels, strict=True):
            found = {kind: ratios[of].get(group.name) for kind, ratios in kinds.items()}
            cells = [
                limit
                for one in found.values()
                for limit in ((one[0].value, one[0].low, one[0].high) if one else (None,) * 3)
            ]
            reasons = "; ".join(
                f"{kind}_hazard_ratio: {one[0].reason if one else 'reference group'}"
                for kind, one in found.items()
                if one is None or one[0].reason
            )
            rows.append((cause, level, group.n, group.curves[of].n_events, *cells, reasons or None))
    return Numbers(columns, tuple(rows))


def _wald_lines(result: CompetingResult) -> tuple[TestLine, ...]:
    reference = result.outcome.grouping.reference_name
    return tuple(
        TestLine(wald.name, f"{cause}: {name} v {reference}", wald.statistic, wald.df, wald.p, wald.n, wald.reason)
        for of, cause in zip(OF, result.outcome.causes, strict=True)
        for ratios in (result.cause_specific, result.subdistribution)
        for name, (_, wald) in ratios[of].items()
    )
