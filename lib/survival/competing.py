"""Competing causes: who ended when with which of two, tests and ratios of each cause, and the table that compares
groups by them.

Sources: lib/stats (gray, cause_specific, fine_gray, competing_risks).
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.endpoint_choice import AS_USUAL, Definition, incidence_label, offered_incidences
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort, SelectedBy
from lib.derived.endpoint import BEST, CompetingRows, competing_rows
from lib.publication.exhibit import Exhibit, Table, TestLine, TypedColumn, typed_table
from lib.publication.number import p_equals, p_value, plural
from lib.publication.spec import ExhibitSpec
from lib.stats.competing_risks import IncidenceCurve, coarse, cumulative_incidence, incidence_at
from lib.stats.cox import cause_specific_ratios
from lib.stats.estimate import Estimate, TestResult
from lib.stats.fine_gray import subdistribution_ratios
from lib.stats.log_rank import gray
from lib.stats.risk_sets import axis_ticks
from lib.survival.caveats import bias_method, few, reasons, undated_notes
from lib.survival.curves import values
from lib.survival.outcome import EndpointOptions, analysed, milestone_times
from lib.survival.summary import ratio_words

COLUMNS: Final = ("patient", "group", "entry", "time", "cause")
OF: Final = (1, 2)  # the causes
Ratios = dict[str, tuple[Estimate, TestResult]]
OVERESTIMATES: Final = (
    "1 − Kaplan-Meier of one cause would overestimate its incidence: it treats whoever had the other cause as if the"
    " first could still come."
)


@dataclass(frozen=True)
class CompetingOutcome:
    """`table` has one row an analysed patient: patient, group, entry, time (both in `unit`), cause (0 censored, 1, 2).

    `n` counts the selected patients, `left_out` those of them who cannot be analysed, by reason; `rows` says what the
    causes are.
    """

    endpoint: str
    unit: str
    grouping: Grouping
    table: pd.DataFrame
    n: int
    left_out: tuple[tuple[str, int], ...]
    rows: CompetingRows
    selected_by: tuple[SelectedBy, ...] = ()

    @property
    def label(self) -> str:
        """The event of interest."""
        return incidence_label(self.endpoint)

    @property
    def causes(self) -> tuple[str, str]:
        """The two causes."""
        return self.rows.causes

    @property
    def numbered(self) -> tuple[tuple[int, str], ...]:
        """The causes with the numbers that they have in the table."""
        return tuple(zip(OF, self.causes, strict=True))


def competing_outcome(
    cohort: Cohort, endpoint: str, grouping: Grouping, unit: str, definition: Definition = AS_USUAL
) -> CompetingOutcome:
    """Time and cause of every selected patient, times in `unit`."""
    given = competing_rows(cohort, endpoint, definition)
    usable, left_out = analysed(cohort, grouping, given.table, unit, incidence_label(endpoint))
    rows = replace(given, table=given.table[:0])
    return CompetingOutcome(
        endpoint, unit, grouping, usable[list(COLUMNS)], cohort.n, left_out, rows, cohort.selected_by
    )


@dataclass(frozen=True)
class GroupIncidence:
    """One group: the curve of each cause, and its incidence at each milestone."""

    name: str
    curves: dict[int, IncidenceCurve]
    milestones: dict[int, tuple[Estimate, ...]]

    @property
    def n(self) -> int:
        """Its patients."""
        return self.curves[1].n


@dataclass(frozen=True)
class CompetingResult:
    """Every group of the grouping, in its order, also those without patients; tests and ratios by cause.

    `counts` has one row a group and tick: time, at_risk, cause_1, cause_2, censored; the four add up to the group's n
    unless somebody entered late.
    """

    outcome: CompetingOutcome
    groups: tuple[GroupIncidence, ...]
    counts: pd.DataFrame
    ticks: tuple[float, ...]
    gray: dict[int, TestResult]
    cause_specific: dict[int, Ratios]
    subdistribution: dict[int, Ratios]

    @property
    def n(self) -> int:
        """Analysed patients."""
        return len(self.outcome.table)

    def n_events(self, cause: int) -> int:
        """Who ended with a cause (0: censored)."""
        return int((self.outcome.table["cause"] == cause).sum())

    @property
    def compares(self) -> bool:
        """Whether at least two groups have patients."""
        return sum(group.n > 0 for group in self.groups) > 1

    def coarse(self, least: int) -> "CompetingResult":
        """With curves of which no step is of fewer patients, where small cells are masked (0: itself)."""
        groups = (
            replace(each, curves={of: coarse(curve, least) for of, curve in each.curves.items()})
            for each in self.groups
        )
        return replace(self, groups=tuple(groups))


def competing(outcome: CompetingOutcome) -> CompetingResult:
    """Curves, milestones, Gray's tests, cause-specific and subdistribution ratios of both causes."""
    table, grouping = outcome.table, outcome.grouping
    time, cause, entry = (table[column].to_numpy(float) for column in ("time", "cause", "entry"))
    group = table["group"].to_numpy(object)
    names, reference = grouping.names, grouping.reference_name
    ticks = axis_ticks(time, outcome.unit)
    groups = tuple(_group(name, time, cause, entry, group == name, outcome.unit) for name in names)
    compared = (time, cause, group, names, reference)
    return CompetingResult(
        outcome,
        groups,
        _counts(table, names, ticks),
        ticks,
        {of: gray(time, cause, group, of, entry) for of in OF},
        {of: cause_specific_ratios(*compared, of, entry) if grouping.compares else {} for of in OF},
        {of: subdistribution_ratios(*compared, of, entry) if grouping.compares else {} for of in OF},
    )


def _group(
    name: str, time: np.ndarray, cause: np.ndarray, entry: np.ndarray, mine: np.ndarray, unit: str
) -> GroupIncidence:
    curves = cumulative_incidence(time[mine], cause[mine], entry[mine], causes=OF)
    milestones = {of: tuple(incidence_at(curve, at) for at in milestone_times(unit)) for of, curve in curves.items()}
    return GroupIncidence(name, curves, milestones)


def _counts(table: pd.DataFrame, names: tuple[str, ...], ticks: tuple[float, ...]) -> pd.DataFrame:
    """At risk just before each tick; those of each cause and the censored until then."""
    rows = []
    for name in names:
        mine = table[table["group"] == name]
        time, entry, cause = mine["time"].to_numpy(), mine["entry"].to_numpy(), mine["cause"].to_numpy()
        for tick in ticks:
            past = time < tick
            at_risk = ~past & ((entry < tick) | (entry == 0))
            counted = (at_risk, past & (cause == 1), past & (cause == 2), past & (cause == 0))
            rows.append((name, tick, *(int(np.sum(those)) for those in counted)))
    return pd.DataFrame(rows, columns=["group", "time", "at_risk", "cause_1", "cause_2", "censored"])


def within(cause: str) -> str:
    """The name of a cause within a sentence."""
    return cause[:1].lower() + cause[1:]


def notes(result: CompetingResult) -> tuple[str, ...]:
    """What limits the figure, each in a sentence."""
    outcome = result.outcome
    said = [*undated_notes(outcome.selected_by), *(few(result.n) if result.compares else ())]
    if outcome.endpoint == BEST:
        said.append(
            "The best response is the best seen so far: a better one may still come, and the time would be longer."
        )
    if outcome.rows.died_later:
        said.append(
            f"{plural(outcome.rows.died_later, 'patient')} died after follow-up for {within(outcome.causes[0])} had"
            " ended, and are censored when it ended: what happened between is not known."
        )
    return tuple(said)


def method_of(result: CompetingResult) -> str:
    """What the causes are derived from, what competing means, why the comparison is biased."""
    rows = result.outcome.rows
    late = "Counted from apheresis: patients enter at their infusion." if rows.origin == "apheresis" else ""
    said = (f"Derived from {rows.source}.", OVERESTIMATES, late, *bias_method(result.outcome))
    return " ".join(part for part in said if part)


def gray_lines(result: CompetingResult) -> tuple[TestLine, ...]:
    """Gray's test of each cause."""
    grouping = result.outcome.grouping
    between = " v ".join(grouping.names)
    named = result.outcome.numbered if grouping.compares else ()
    return tuple(TestLine.of(result.gray[of], f"{cause}: {between}") for of, cause in named)


def gray_notes(result: CompetingResult) -> tuple[str, ...]:
    """Gray's test of each cause in a sentence."""
    tests = [(within(cause), result.gray[of]) for of, cause in result.outcome.numbered]
    return tuple(
        f"Gray's test, {cause}: {f'not done: {test.reason}' if test.reason else f'{p_equals(test.p)} (n = {test.n})'}."
        for cause, test in tests
    )


def incidences(analysis: Analysis) -> tuple[str, ...]:
    """The events of interest, where somebody selected can be analysed."""
    return tuple(name for name in offered_incidences(analysis.opened) if analysis.result(incidence_of, name).n)


def incidence_of(analysis: Analysis, endpoint: str, definition: Definition = AS_USUAL) -> CompetingResult:
    """The competing causes of the selected patients."""
    return competing(competing_outcome(analysis.selected, endpoint, analysis.grouping, analysis.unit, definition))


def causes(analysis: Analysis, endpoint: str, options: EndpointOptions) -> CompetingResult:
    """The competing causes with these options."""
    return analysis.result(incidence_of, endpoint, options.definition(analysis, endpoint))


@dataclass(frozen=True)
class CauseRow:
    """One cause of one group: its ratios against the reference (None of the reference itself) by kind."""

    cause: str
    name: str
    level: str
    n: int
    n_events: int
    ratios: dict[str, tuple[Estimate, TestResult] | None]

    @property
    def reason(self) -> str | None:
        """Why a ratio is null; None where none is."""
        return reasons(
            {f"{kind}_hazard_ratio": one[0].reason if one else "reference group" for kind, one in self.ratios.items()}
        )


def _rows(result: CompetingResult) -> list[CauseRow]:
    kinds = {"cause_specific": result.cause_specific, "subdistribution": result.subdistribution}
    return [
        CauseRow(
            cause,
            group.name,
            level,
            group.n,
            group.curves[of].n_events,
            {kind: ratios[of].get(group.name) for kind, ratios in kinds.items()},
        )
        for of, cause in result.outcome.numbered
        for group, level in zip(result.groups, result.outcome.grouping.levels, strict=True)
    ]


def ratio_table(result: CompetingResult) -> Table:
    """One row a cause and group against the reference: Gray's test, cause-specific and subdistribution hazard ratio."""
    outcome, rows = result.outcome, _rows(result)
    reference = outcome.grouping.reference_name
    columns = (
        TypedColumn("Cause", "cause"),
        TypedColumn("Group", "group", "", lambda row: row.level, lambda row: row.name),
        TypedColumn(name="n", unit="patients"),
        TypedColumn("Events", "events", "patients", lambda row: row.n_events, lambda row: f"{row.n_events} of {row.n}"),
        *_ratio_columns("cause_specific", f"Cause-specific hazard ratio against {reference} (95 % CI)", "Wald p"),
        *_ratio_columns(
            "subdistribution", f"Subdistribution hazard ratio against {reference} (95 % CI)", "Wald p (Fine-Gray)"
        ),
        TypedColumn(name="reason"),
    )
    found = [(row, *one) for kind in ("cause_specific", "subdistribution") for row in rows if (one := row.ratios[kind])]
    found.sort(key=lambda each: outcome.causes.index(each[0].cause))
    return typed_table(
        columns,
        rows,
        id=f"cumulative_incidence.{outcome.endpoint}.models",
        title=f"{outcome.label}: competing risks",
        caption="Hazard ratios of each cause, not adjusted for the number of comparisons.",
        method=(
            "Cause-specific hazard ratio: Cox model of the cause with the other censored (what drives the cause among"
            " those still at risk). Subdistribution hazard ratio: Fine-Gray model (who ends up with it). Efron ties in"
            f" the first, Breslow in the second. {method_of(result)}"
        ),
        notes=(
            *gray_notes(result),
            *(f"{row.cause}, {row.name}: {ratio.note}." for row, ratio, _ in found if ratio.note),
            *notes(result),
        ),
        n=result.n,
        tests=(
            *gray_lines(result),
            *(TestLine.of(wald, f"{row.cause}: {row.name} v {reference}") for row, _, wald in found),
        ),
    )


def _ratio_columns(kind: str, heading: str, p: str) -> tuple[TypedColumn, ...]:
    def ratio(row: CauseRow) -> Estimate | None:
        return one[0] if (one := row.ratios[kind]) else None

    def p_words(row: CauseRow) -> str:
        return p_value(None if one[0].reason else one[1].p) if (one := row.ratios[kind]) else ""

    def words(row: CauseRow) -> str:
        return ratio_words(one) if (one := ratio(row)) else "reference"

    return (
        TypedColumn(heading, f"{kind}_hazard_ratio", "", lambda row: values(ratio(row))[0], words),
        TypedColumn(name=f"{kind}_low", value=lambda row: values(ratio(row))[1]),
        TypedColumn(name=f"{kind}_high", value=lambda row: values(ratio(row))[2]),
        TypedColumn(p, printed=p_words),
    )


def _incidence_models(analysis: Analysis, endpoint: str, options: EndpointOptions) -> Exhibit:
    return ratio_table(causes(analysis, endpoint, options))


INCIDENCE_MODELS: Final = ExhibitSpec(
    "cumulative_incidence.{endpoint}.models",
    "Competing risks",
    "endpoints",
    _incidence_models,
    EndpointOptions,
    incidences,
    when=lambda analysis, *_: analysis.grouping.compares,
)
