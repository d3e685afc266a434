"""How much the answer depends on the choice of the test: that of the figure first, then every other test beside it.

None takes its place. Definitions and sources: lib/stats (logrank, weighted_logrank, maxcombo, permutation,
multiplicity, rmst).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.publication.exhibit import Exhibit, Table, TestLine, TypedColumn, typed_table
from lib.publication.number import capital, p_equals, p_value, short, time
from lib.publication.options import several
from lib.publication.spec import ExhibitSpec
from lib.stats.compared import compared_rows, pairwise_logrank
from lib.stats.estimate import Estimate, Floats, Names, TestResult, not_done
from lib.stats.log_rank import EARLY, LATE, stratified_logrank, trend_logrank, weighted_logrank
from lib.stats.permutation import CENSORING_NAME, censoring_difference, maxcombo, permutation_logrank, permutation_note
from lib.stats.restricted_mean import default_tau, rmst_difference
from lib.survival.caveats import descriptive_notes, undated_notes
from lib.survival.curves import SurvivalResult, curves, values
from lib.survival.outcome import EndpointOptions, arrays, endpoints, parted_by, variables

LATE_ENTRY: Final = "not computed where patients enter late"
THE_FIGURES: Final = "this is the test of the figure"
ASYMPTOTIC: Final = "asymptotic: finds differences a little too often in groups this small"
CENSORING_REMARK: Final = "whether the groups are censored alike, not whether they differ"


@dataclass(frozen=True)
class SensitivityOptions(EndpointOptions):
    """Which stratified tests stand beside the others."""

    strata: tuple[str, ...] = several(
        (),
        variables,
        "Stratify by",
        none="nothing",
        help="Adds a stratified log-rank test for each to the sensitivity analyses.",
    )


@dataclass(frozen=True)
class Sensitivity:
    """One test: what was compared, the events in it, and what a reader must know of it.

    `effect` is what was estimated (a difference of restricted means, up to `tau`); `unadjusted_p` that of a pair before
    Holm's adjustment.
    """

    test: TestResult
    comparison: str
    n_events: int
    remark: str = ""
    effect: Estimate | None = None
    tau: float | None = None
    unadjusted_p: float | None = None


@dataclass(frozen=True)
class _Observed:
    """The patients of a result as arrays."""

    time: Floats
    event: Floats
    group: Names
    entry: Floats
    names: tuple[str, ...]
    comparison: str
    patients: Names

    @property
    def late(self) -> bool:
        return bool(np.any(self.entry > 0))

    def events(self, *names: str) -> int:
        return int(self.event[np.isin(self.group.astype(str), names)].sum())


def sensitivity(result: SurvivalResult, cohort: Cohort, strata: Sequence[Grouping] = ()) -> tuple[Sensitivity, ...]:
    """Every test of a result with groups, one stratified test for each of `strata`; `cohort` is the selected one.

    Groups of one or two are in none of them.
    """
    seen = _observed(result)
    everybody = seen.events(*seen.names)
    tests = [
        Sensitivity(result.headline, seen.comparison, everybody, THE_FIGURES),
        *(
            [Sensitivity(result.logrank, seen.comparison, everybody, ASYMPTOTIC)]
            if result.headline.name != result.logrank.name
            else []
        ),
        *(_stratified(seen, cohort, by) for by in strata),
        *_trend(seen, everybody),
        *(
            Sensitivity(test, seen.comparison, everybody)
            for test in (
                weighted_logrank(seen.time, seen.event, seen.group, EARLY, seen.entry),
                weighted_logrank(seen.time, seen.event, seen.group, LATE, seen.entry),
                maxcombo(seen.time, seen.event, seen.group, seen.entry),
            )
        ),
        *(each for each in _permutation(seen, everybody) if each.test.name != result.headline.name),
        *_pairs(seen),
        *_restricted_means(seen, result),
    ]
    return tuple(tests)


def _observed(result: SurvivalResult) -> _Observed:
    table, names = result.outcome.table, result.outcome.grouping.names
    (time, event, entry), group = arrays(table), table["group"].to_numpy(object)
    rows = compared_rows(time, event, group, names, entry)
    patients = table["patient"][np.isin(group.astype(str), rows.names)].to_numpy(object)
    named = rows.names or names
    return _Observed(rows.time, rows.event, rows.group, rows.entry, rows.names, " v ".join(named), patients)


def _stratified(seen: _Observed, cohort: Cohort, by: Grouping) -> Sensitivity:
    level = dict(zip(cohort.patients["patient_id"], by.of(cohort.patients), strict=True))
    stratum = np.array([level[patient] for patient in seen.patients], dtype=object)
    known = np.array([isinstance(one, str) for one in stratum], dtype=bool)
    test = stratified_logrank(seen.time[known], seen.event[known], seen.group[known], stratum[known], seen.entry[known])
    remarks = [f"{np.sum(~known)} without {by.label} left out"] if not known.all() else []
    remarks += [f"{by.label} became known after infusion"] if by.known_after_infusion else []
    return Sensitivity(
        replace(test, name=f"{test.name}, by {by.label}"),
        seen.comparison,
        int(seen.event[known].sum()),
        "; ".join(remarks),
    )


def _trend(seen: _Observed, everybody: int) -> Iterator[Sensitivity]:
    if len(seen.names) > 2:
        test = trend_logrank(seen.time, seen.event, seen.group, seen.names, seen.entry)
        yield Sensitivity(test, ", ".join(seen.names), everybody, "groups in this order")


def _permutation(seen: _Observed, everybody: int) -> Iterator[Sensitivity]:
    """The permutation test and the censoring that it assumes to be alike.

    What it assumes is part of its name, so that it stands beside the p wherever that goes.
    """
    test = permutation_logrank(seen.time, seen.event, seen.group, seen.entry)
    censoring = (
        not_done(CENSORING_NAME, len(seen.time), LATE_ENTRY)
        if seen.late
        else censoring_difference(seen.time, seen.event, seen.group)
    )
    note = "" if test.p is None else permutation_note(seen.time, seen.event, seen.group, censoring)
    yield Sensitivity(
        replace(test, name=f"{test.name}; {note}" if note else test.name), seen.comparison, everybody, note
    )
    yield Sensitivity(censoring, seen.comparison, everybody, "" if censoring.p is None else CENSORING_REMARK)


def _pairs(seen: _Observed) -> Iterator[Sensitivity]:
    if len(seen.names) < 3:
        return
    pairs = pairwise_logrank(seen.time, seen.event, seen.group, seen.names, seen.entry)
    tested = sum(pair.test.p is not None for pair in pairs)
    for pair in pairs:
        name = f"{pair.test.name} of a pair, p by Holm over {tested} pairs"
        yield Sensitivity(
            replace(pair.test, name=name, p=pair.holm_p),
            f"{pair.first} v {pair.second}",
            seen.events(pair.first, pair.second),
            unadjusted_p=pair.test.p,
        )


def _restricted_means(seen: _Observed, result: SurvivalResult) -> Iterator[Sensitivity]:
    reference = result.outcome.grouping.reference_name
    tau = default_tau(seen.time, seen.group, seen.names)
    curves = {group.name: group.curve for group in result.groups}
    for name in result.outcome.grouping.names:
        if name != reference:
            both = curves[name].n_events + curves[reference].n_events
            effect, test = rmst_difference(curves[name], curves[reference], tau or 0.0)
            named = replace(test, name=f"{test.name.removesuffix(' (z test)')} {result.outcome.unit} (z test)")
            yield Sensitivity(named, f"{name} − {reference}", both, effect.note, effect, tau)


def sensitivity_table(result: SurvivalResult, found: Sequence[Sensitivity]) -> Table:
    """One row a test, the figure's log-rank first."""
    outcome = result.outcome
    return typed_table(
        _columns(outcome.unit),
        found,
        id=f"survival.{outcome.endpoint}.sensitivity",
        title=f"{outcome.label}: sensitivity analyses",
        caption="The test of the figure stands first.",
        method=(
            "The others show how far the answer depends on the choice of the test; none takes its place, and their"
            " p-values are not adjusted for being many (pairs: Holm)."
        ),
        notes=(*undated_notes(outcome.selected_by), *descriptive_notes(result)),
        n=result.n,
        tests=tuple(TestLine.of(one.test, one.comparison) for one in found),
    )


def _columns(unit: str) -> tuple[TypedColumn, ...]:
    return (
        TypedColumn("Test", "test", "", lambda one: one.test.name, _name),
        TypedColumn("Comparison", "comparison"),
        TypedColumn("n", "n", "patients", lambda one: one.test.n, lambda one: str(one.test.n)),
        TypedColumn("Events", "events", "patients", lambda one: one.n_events, lambda one: str(one.n_events)),
        TypedColumn(
            "Statistic", "statistic", "", lambda one: one.test.statistic, lambda one: short(one.test.statistic)
        ),
        TypedColumn(
            "df", "df", "", lambda one: one.test.df, lambda one: "" if one.test.df is None else str(one.test.df)
        ),
        TypedColumn("p", "p", "", lambda one: one.test.p, lambda one: p_value(one.test.p)),
        TypedColumn(name="unadjusted_p"),
        TypedColumn(name="difference", unit=unit, value=lambda one: values(one.effect)[0]),
        TypedColumn(name="difference_low", unit=unit, value=lambda one: values(one.effect)[1]),
        TypedColumn(name="difference_high", unit=unit, value=lambda one: values(one.effect)[2]),
        TypedColumn(name="tau", unit=unit, value=lambda one: one.tau if one.effect else None),
        TypedColumn(name="reason", value=lambda one: one.test.reason or None),
        TypedColumn("Remark", "remark", "", lambda one: one.remark or None, lambda one: _remarks(one, unit)),
    )


def _name(one: Sensitivity) -> str:
    return capital(one.test.name.removesuffix(f"; {one.remark}"))


def _remarks(one: Sensitivity, unit: str) -> str:
    undone = f"not done: {one.test.reason}" if one.test.reason else ""
    unadjusted = "" if one.unadjusted_p is None else f"unadjusted {p_equals(one.unadjusted_p)}"
    effect = _effect(one.effect, one.tau, unit)
    return "; ".join(remark for remark in (undone, effect, one.remark, unadjusted) if remark)


def _effect(effect: Estimate | None, tau: float | None, unit: str) -> str:
    if effect is None or effect.value is None or tau is None:
        return ""
    limits = f" (95 % CI {_signed(effect.low)} to {_signed(effect.high)})" if effect.low is not None else ""
    return f"{_signed(effect.value)}{limits} {unit}, tau = {time(tau)} {unit}"


def _signed(value: float | None) -> str:
    return time(value, "NE").replace("-", "−")


def _sensitivity(analysis: Analysis, endpoint: str, options: SensitivityOptions) -> Exhibit:
    found = curves(analysis, endpoint, options)
    strata = [parted_by(analysis, name) for name in options.strata]
    return sensitivity_table(found, sensitivity(found, analysis.selected, strata))


SENSITIVITY: Final = ExhibitSpec(
    "survival.{endpoint}.sensitivity",
    "Sensitivity analyses",
    "endpoints",
    _sensitivity,
    SensitivityOptions,
    endpoints,
    when=lambda analysis, *_: analysis.grouping.compares,
)
