"""Time-dependent analysis of an endpoint: each patient counts with the others until it became known, and in the group
from then on.

Cox's model with late entry, the Mantel-Byar test, Simon-Makuch curves (lib/stats/time_dependent.py): numbers at risk
fall as patients leave and rise as they come in.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.exposure import BecameKnown
from lib.publication.exhibit import Exhibit, Figure, Numbers
from lib.publication.number import plural
from lib.publication.step_curve import curve_rows, drawn_tables
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import reverse_follow_up
from lib.stats.time_dependent import ExposureComparison, compare_exposure
from lib.survival.caveats import left_out_words, selection_notes
from lib.survival.curves import SurvivalResult, survival
from lib.survival.kaplan_meier import PLAIN, Look, caption, method, survival_figure
from lib.survival.outcome import arrays
from lib.survival.regrouping import (
    NOT_RANDOMISED,
    EndpointChoice,
    LandmarkOptions,
    curves_alt,
    followed,
    known_since,
    logrank_words,
    of_landmark,
    others,
    regrouped,
    thin_data_notes,
)

CHANGED: Final = "No. at risk (no. who had changed groups)"


@dataclass(frozen=True)
class DependentResult:
    """`survival` has the Simon-Makuch curves: its rows are stretches of time, one or two a patient, not patients.

    `moves` has one row a tick: time, out (patients who have left the others until then). `n_unsure` patients are in
    neither group, because the day is not stated; `first` is when the first patient came into the group, None where
    nobody did.
    """

    known: BecameKnown
    comparison: ExposureComparison
    survival: SurvivalResult
    moves: pd.DataFrame
    n_unsure: int
    first: float | None


def dependent_survival(
    cohort: Cohort, chosen: EndpointChoice, known: BecameKnown, grouping: Grouping
) -> DependentResult:
    """The analysis from time zero, in which nobody belongs to a group before it was known."""
    whole = followed(cohort, chosen, known)
    sure = whole.table[~whole.table["unsure"].astype(bool)].reset_index(drop=True)
    time, event, entry = arrays(sure)
    comparison = compare_exposure(time, event, sure["known"].to_numpy(float), entry)
    rows = comparison.rows
    names = np.where(rows.exposed == 1, known.label, others(known)).astype(object)
    patients = sure["patient"].to_numpy(object)[rows.patient]
    table = pd.DataFrame(
        {"patient": patients, "group": names, "entry": rows.entry, "time": rows.time, "event": rows.event}
    )
    result = _compared(survival(regrouped(whole, table, known, grouping), cohort, chosen.options), comparison, known)
    result = replace(result, follow_up=reverse_follow_up(time, event, entry), follow_up_of=chosen.endpoint)
    begins = rows.entry[rows.exposed == 1]
    first = float(begins.min()) if len(begins) else None
    return DependentResult(
        known, comparison, result, _moves(comparison, result.ticks), len(whole.table) - len(sure), first
    )


def _compared(result: SurvivalResult, comparison: ExposureComparison, known: BecameKnown) -> SurvivalResult:
    """The result with the tests of patients, not of rows: Mantel-Byar, and the ratio with its n."""
    alike = [replace(group, follow_up=Estimate(None, reason="patients change groups")) for group in result.groups]
    groups = tuple(
        (
            replace(group, hazard_ratio=comparison.hazard_ratio, wald=comparison.test)
            if group.name == known.label
            else group
        )
        for group in alike
    )
    return replace(result, groups=groups, logrank=comparison.mantel_byar, headline=comparison.mantel_byar)


def _moves(comparison: ExposureComparison, ticks: tuple[float, ...]) -> pd.DataFrame:
    """How many have gone from the others into the group before each tick."""
    rows = comparison.rows
    switched = np.intersect1d(rows.patient[rows.exposed == 1], rows.patient[rows.exposed == 0])
    at = rows.entry[(rows.exposed == 1) & np.isin(rows.patient, switched)]
    return pd.DataFrame({"time": list(ticks), "out": [int(np.sum(at < tick)) for tick in ticks]})


def dependent_figure(result: DependentResult, look: Look = PLAIN) -> Figure:
    """Simon-Makuch curves: numbers at risk fall as patients leave and rise as they come in; with the Mantel-Byar
    test."""
    outcome, found, look = result.survival.outcome, result.comparison, replace(look, counted=CHANGED)
    figure = survival_figure(_counting_moves(result), look)
    curve = _curve(curve_rows(result.survival.groups), result)
    tables = {
        **figure.tables,
        **drawn_tables(curve, look.limits),
        "heading": pd.DataFrame({"text": [f"{outcome.label}, time-dependent"]}),
    }
    added = (("switched", "patients"), ("n_patients", "patients"))
    rows = tuple((*row, found.n_switched, found.n) for row in figure.numbers.rows)
    return replace(
        figure,
        id=f"time_dependent.{outcome.endpoint}",
        title=f"{outcome.label} by {outcome.grouping.label}, time-dependent",
        tables=tables,
        data=curve.drop(columns=["slot", "thin"]),
        caption=dependent_caption(result, look),
        method=dependent_method(result, look),
        alt=curves_alt(result.survival, "infusion"),
        notes=dependent_notes(result),
        n=found.n,
        numbers=Numbers((*figure.numbers.columns, *added), rows),
    )


def _curve(curve: pd.DataFrame, result: DependentResult) -> pd.DataFrame:
    """The curves, that of the later group from its first patient on; who goes into it is no longer marked as
    censored."""
    label, rows = result.known.label, result.comparison.rows
    moved = rows.time[(rows.exposed == 0) & pd.Series(rows.patient).duplicated(keep="last").to_numpy()]
    left = pd.Series(moved).value_counts()
    mine = curve["group"] != label
    switched = curve["time"].map(left).where(mine, 0.0).fillna(0.0)
    first = result.first if result.first is not None else 0.0
    begins = ~mine & (curve["time"] == 0) & (curve["n_at_risk"] == 0)
    return curve.assign(
        time=curve["time"].mask(begins, first), censored=curve["censored"] - switched, switched=switched
    )


def _counting_moves(result: DependentResult) -> SurvivalResult:
    """The result whose numbers under the axis are, instead of the censored, those who have left a group or come into it
    until then."""
    moves = dict(zip(result.moves["time"], result.moves["out"], strict=True))
    counts = result.survival.counts
    return replace(result.survival, counts=counts.assign(censored=counts["time"].map(moves)))


def dependent_caption(result: DependentResult, look: Look = PLAIN) -> str:
    """What is drawn; who changed groups when."""
    found, label, other = result.comparison, result.known.label, others(result.known)
    drawn = caption(result.survival, look).partition(" n = ")[0]
    events = f"{found.events[0]} in {other} time, {found.events[1]} in {label} time"
    return (
        f"{drawn} Each patient counts in {other} until {label} begins. n = {found.n}, of them {found.n_exposed} ever in"
        f" {label}, {found.n_switched} of them after time zero; {plural(sum(found.events), 'event')}: {events}."
    )


def dependent_method(result: DependentResult, look: Look = PLAIN) -> str:
    """What the curves are and how to read them, and the test."""
    label = result.known.label
    return (
        f"Simon-Makuch curves (product-limit with late entry). Numbers at risk in {label} rise as patients come in. A"
        " curve is not the fate of one set of patients: it shows what would happen to somebody who stayed in that"
        f" group throughout. {method(result.survival, look)} {logrank_words(result.survival)} {NOT_RANDOMISED}"
    )


def dependent_notes(result: DependentResult) -> tuple[str, ...]:
    """What the analysis does not remove, and who is left out."""
    outcome, label = result.survival.outcome, result.known.label
    unsure = (f"{plural(result.n_unsure, 'patient')} left out: day of {label} not stated.",) if result.n_unsure else ()
    return (
        *selection_notes(outcome.selected_by),
        *unsure,
        *left_out_words(outcome),
        *thin_data_notes(result.survival, result.comparison.n),
    )


def dependent_of(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> DependentResult:
    """The time-dependent analysis with these options; the day of the landmark is none of them."""
    return analysis.result(_analysis, options.chosen(analysis, endpoint), options.formed_by)


def _analysis(analysis: Analysis, chosen: EndpointChoice, key: str) -> DependentResult:
    return dependent_survival(analysis.selected, chosen, known_since(analysis, key), analysis.grouping)


def _dependent(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> Exhibit:
    result = dependent_of(analysis, endpoint, options)
    return dependent_figure(result, options.look_of(result.survival))


DEPENDENT: Final = of_landmark("time_dependent.{endpoint}", "Time-dependent analysis", build=_dependent)
