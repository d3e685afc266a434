"""What limits an analysis of an endpoint, in words: bias by design, who is censored, small numbers, few at risk, late
entry.

Groups formed after the infusion, and patients selected by what was known after it, had to live until then (immortal
time).
Source: Anderson, Cain & Gelber 1983; Suissa 2008.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from lib.cohort.grouping import GROUPED_LATE, Grouping, selection_bias
from lib.cohort.model import SelectedBy, not_dated
from lib.publication.number import plural, time
from lib.stats.kaplan_meier import FEWEST_AT_RISK, thin_from
from lib.survival.curves import DESCRIPTIVE_BELOW, SurvivalResult
from lib.survival.outcome import TimeToEvent

BIASED: Final = "Immortal-time bias"
SMALL_SAMPLE: Final = "Small sample: descriptive only."
SELECTED_LATE: Final = (
    "Whoever had the event too early could not be selected, or only among the others (immortal time)."
)
GIVEN: Final = {
    "os": ("death of any cause", "the living are censored at their last contact ({n})"),
    "pfs": ("progression or death, whichever comes first", "without either censored at the last assessment ({n})"),
    "ttp": ("progression", "others without progression are censored at their last assessment ({n})"),
    "dor": ("progression or death after a response", "without either censored at the last assessment ({n})"),
    "ttnt": ("next therapy", "others without one are censored at their last contact ({n})"),
}
OWN: Final = ("as the workbook counts it", "the others are censored at the end of their time ({n})")


class Outcome(Protocol):
    """How the patients of an outcome are grouped, by what they were selected, and who of them is left out."""

    @property
    def grouping(self) -> Grouping:
        """How patients are compared."""

    @property
    def selected_by(self) -> tuple[SelectedBy, ...]:
        """What the selection is made by."""

    @property
    def n(self) -> int:
        """Analysed patients."""

    @property
    def left_out(self) -> tuple[tuple[str, int], ...]:
        """Why patients are not analysed, and how many."""


def bias(outcome: Outcome, compares: bool = True) -> str:
    """What is biased by design, to stand beside the finding; "" where nothing is. `compares`: whether groups are
    compared at all."""
    grouped = GROUPED_LATE if compares and outcome.grouping.known_after_infusion else ""
    return " ".join(part for part in (grouped, selection_bias(outcome.selected_by)) if part)


def biased_words(outcome: Outcome) -> str:
    """The same within a figure, in the place of the comparison: the sentence stands above it."""
    if not bias(outcome):
        return ""
    return BIASED + (": groups are not compared here" if outcome.grouping.compares else "")


def bias_method(outcome: Outcome) -> tuple[str, ...]:
    """Why the grouping and the selection bias the analysis, where they do."""
    late = outcome.grouping.late("to live until then was a condition for some of the groups (immortal time)")
    return tuple(filter(None, (late, SELECTED_LATE if selection_bias(outcome.selected_by) else "")))


def selection_notes(selected_by: Sequence[SelectedBy], since: str = "the infusion") -> tuple[str, ...]:
    """The bias of the selection with why; or that nobody says when that was known by which patients were selected."""
    biased = selection_bias(selected_by, since)
    return (*([f"{biased} {SELECTED_LATE}"] if biased else []), *undated_notes(selected_by, since))


def undated_notes(selected_by: Sequence[SelectedBy], since: str = "the infusion") -> tuple[str, ...]:
    """That nobody says when that was known by which patients were selected."""
    undated = listed([each.words for each in not_dated(selected_by)])
    return (
        (f"Not stated when {undated} was known: if after {since}, selecting by it biases the analysis.",)
        if undated
        else ()
    )


def censoring(outcome: TimeToEvent) -> tuple[str, ...]:
    """The rules behind the endpoint; of a given one as it is defined where the workbook keeps to the usual
    definition."""
    rows, table = outcome.rows, outcome.table
    others = int((table["event"] == 0).sum()) - outcome.deaths_censored
    event, rule = (rows.event, rows.rule) if rows.source else GIVEN.get(outcome.endpoint, OWN)
    said = [f"{outcome.label} from {rows.origin}: event = {event}; {rule.format(n=plural(others, 'patient'))}."]
    if outcome.pfs_events is not None:
        events = int(table["event"].sum())
        said.append(
            f"Progression-free survival of the same patients counts {plural(outcome.pfs_events, 'event')}, time to"
            f" progression {plural(events, 'event')}."
        )
    if rows.source:
        said.append(f"Derived from {rows.source}: the workbook gives no {outcome.label.lower()}.")
    if rows.origin == "apheresis":
        said.append("Patients enter at their infusion, before which nobody in this cohort could fail.")
    return tuple(said)


def deaths_notes(outcome: TimeToEvent) -> tuple[str, ...]:
    """Deaths that are censored: the curve is then no probability among patients who may die."""
    if not outcome.deaths_censored:
        return ()
    without = {"ttp": "without progression", "ttnt": "without next therapy"}.get(outcome.endpoint, "without event")
    return (
        (
            f"{plural(outcome.deaths_censored, 'death')} {without} censored at death, as if the event could still come:"
            " see the cumulative incidence."
        ),
    )


def descriptive_notes(result: SurvivalResult) -> list[str]:
    """Whether a comparison is of too few, and which groups are in no comparison."""
    said = few(result.n) if result.compares else []
    return [*said, *([result.described] if result.described else [])]


def few(n: int) -> list[str]:
    """That so few patients are only described."""
    return [SMALL_SAMPLE] if n < DESCRIPTIVE_BELOW else []


def limits_of_comparison(outcome: TimeToEvent, n: int) -> tuple[str, ...]:
    """That it is not stated when patients were selected, and that few are compared."""
    return (*undated_notes(outcome.selected_by), *(few(n) if outcome.grouping.compares else ()))


def left_out_words(outcome: Outcome) -> tuple[str, ...]:
    """Who of the selected patients is in no analysis of this endpoint."""
    return tuple(f"{n} of {outcome.n} not evaluable: {reason}." for reason, n in outcome.left_out)


def listed(labels: Sequence[str]) -> str:
    """ "EMD", "EMD and Age", "EMD, Age and Sex"."""
    return " and ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)


def reasons(why: Mapping[str, str]) -> str | None:
    """Why numbers are null, each by its name; None where none is."""
    return "; ".join(f"{name}: {reason}" for name, reason in why.items() if reason) or None


def thin_notes(*results: tuple[str, SurvivalResult]) -> list[str]:
    """Which curves are faded from when on; each result comes with the words before its groups."""
    faded = [f"{before}{words}" for before, result in results if (words := _thin_words(result))]
    return [f"Faded: <{FEWEST_AT_RISK} at risk ({'; '.join(faded)})."] if faded else []


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
    said = (
        f"{plural(n, 'patient')} enter{'s' * (n == 1)} observation after time 0 and {'is' if n == 1 else 'are'} at risk"
        " from then on"
    )
    return [f"{said}; under the axis not yet entered: {each or 'nobody at these times'}."]
