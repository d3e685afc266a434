"""Every exhibit there is: what it needs, and how it is made of a selected cohort, a grouping and a unit of time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from lib.assay.figure import assay_figure
from lib.assay.result import all_tests, assay
from lib.assay.series import assay_series
from lib.assay.table import assay_table
from lib.assay.table import sensitivity_table as sensitivity_of_assay
from lib.baseline.summary import baseline
from lib.baseline.table import BaselineOptions, baseline_table
from lib.cohort.ctcae import VERSIONS
from lib.cohort.endpoint_choice import offered_endpoints, offered_incidences
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.exposure import exposure_of
from lib.derived.until_next import until_next
from lib.kinetics.expansion.factor import default_factors
from lib.kinetics.expansion.figure import expansion_figure
from lib.kinetics.expansion.result import expansion
from lib.kinetics.figure import kinetics_figure
from lib.kinetics.patients.figure import patients_figure
from lib.kinetics.persistence.figure import persistence_figure
from lib.kinetics.persistence.result import persistence
from lib.kinetics.persistence.table import persistence_table
from lib.kinetics.result import kinetics
from lib.kinetics.sensitivity.result import sensitivity as kinetics_sensitivity
from lib.kinetics.sensitivity.table import comparison_table
from lib.kinetics.sensitivity.table import sensitivity_table as kinetics_sensitivity_table
from lib.kinetics.series import series_keys
from lib.kinetics.table import parameters_table, summary_table
from lib.labs.figure import lab_figure
from lib.labs.grades.result import grades_result
from lib.labs.grades.table import grades_table
from lib.labs.hys_law.figure import hys_law_figure
from lib.labs.hys_law.result import can_show, hys_law
from lib.labs.recovery.figure import recovery_figure
from lib.labs.recovery.result import THRESHOLDS, recovery
from lib.labs.recovery.table import recovery_table
from lib.labs.result import labs
from lib.labs.scores.table import score_tables
from lib.labs.series import lab_series, series_of_analytes
from lib.labs.shift.result import shift
from lib.labs.shift.table import shift_table
from lib.labs.table import lab_table
from lib.patient.figure import patient_exhibits
from lib.publication.exhibit import Exhibit, noted
from lib.response.best.figure import rates_figure
from lib.response.best.result import best_response
from lib.response.best.table import best_table
from lib.response.change.figure import spider_figure, waterfall_figure
from lib.response.change.result import marker_change
from lib.response.change.series import marker_series
from lib.response.depth.figure import depth_figure
from lib.response.depth.result import depth
from lib.response.landmark.figure import flow_figure, landmark_figure
from lib.response.landmark.flow import flow
from lib.response.landmark.result import landmark_responses
from lib.response.landmark.table import landmark_table
from lib.response.state import states_of, usual_landmarks
from lib.survival.adjusted.result import adjusted
from lib.survival.adjusted.table import adjusted_table
from lib.survival.competing.figure import incidence_figure
from lib.survival.competing.outcome import competing_outcome
from lib.survival.competing.result import competing
from lib.survival.competing.table import incidence_table, ratio_table
from lib.survival.covariates import default_covariates, default_subgroups
from lib.survival.difference.figure import difference_figure
from lib.survival.difference.result import difference
from lib.survival.figure import survival_figure
from lib.survival.milestone import milestones
from lib.survival.models.result import models
from lib.survival.models.table import models_table
from lib.survival.outcome import TimeToEvent, time_to_event
from lib.survival.result import SurvivalResult, survival
from lib.survival.sensitivity import sensitivity
from lib.survival.subgroups.figure import forest_figure
from lib.survival.subgroups.result import splits_of, subgroups
from lib.survival.table import milestones_table, sensitivity_table
from lib.survival.time_zero.figure import time_zero_exhibits
from lib.survival.time_zero.followed import Asked, why_not
from lib.survival.time_zero.result import three_analyses
from lib.survival.words import summary_table as survival_summary
from lib.swimmer.figure import swimmer_figure
from lib.swimmer.lane import lanes
from lib.toxicity.butterfly.figure import butterfly_figure
from lib.toxicity.by_class.result import by_class, has_classes
from lib.toxicity.by_class.table import by_class_table
from lib.toxicity.counting import ANY_GRADE
from lib.toxicity.crs_icans.result import syndromes
from lib.toxicity.crs_icans.table import crs_icans_table
from lib.toxicity.differences.figure import differences_figure
from lib.toxicity.differences.result import differences
from lib.toxicity.figure import toxicity_figure
from lib.toxicity.incidence import Incidence, incidence
from lib.toxicity.onset.figure import onset_figure
from lib.toxicity.onset.result import onset
from lib.toxicity.sensitivity.result import sensitivity as toxicity_sensitivity
from lib.toxicity.sensitivity.table import toxicity_sensitivity_table
from lib.toxicity.shown import room_for, timed_terms
from lib.toxicity.table import toxicity_table
from lib.toxicity.timeline.figure import timeline_figure
from lib.toxicity.timeline.result import timeline
from lib.toxicity.volcano.figure import volcano_figure

FEWEST_BESIDE: Final = 3  # patients: of fewer the report does not set expansion beside anything
MOST_ONSETS: Final = 2  # terms whose cumulative incidence is in the report: CRS and ICANS, or the commonest
PAIR: Final = 2
Maker = Callable[[Cohort, Grouping, str], Iterator[Exhibit]]


@dataclass(frozen=True)
class Entry:
    """One question: the table without which it has no answer, and the maker of its exhibits with the default options."""

    question: str
    needs: str
    make: Maker


def exhibits(cohort: Cohort, grouping: Grouping, unit: str, opened: Cohort | None = None) -> Iterator[Exhibit]:
    """Every exhibit for which the selected cohort has data, in the order of the menu; of one patient alone, that patient's too.

    `opened` is the cohort before the selection, which keeps the rows of one infusion only; None: nothing was selected.
    """
    for entry in CATALOGUE:
        if (cohort.n or entry.needs == "assays") and _has(cohort, entry.needs):
            yield from entry.make(cohort, grouping, unit)
    if cohort.n == 1:
        yield from patient_exhibits(opened or cohort, cohort, str(cohort.patients["patient_id"].iloc[0]))


def _has(cohort: Cohort, needs: str) -> bool:
    """Whether the question has an answer; that none of those selected had an adverse event is one."""
    if needs == "adverse_events":
        return bool(cohort.vocabulary.get("term"))
    return needs == "patients" or len(cohort.tables[needs]) > 0


def _survival(cohort: Cohort, grouping: Grouping, unit: str) -> Iterator[Exhibit]:
    for endpoint in offered_endpoints(cohort):
        result = survival(time_to_event(cohort, endpoint, grouping, unit), cohort)
        if endpoint in cohort.endpoint_names or result.n:
            yield from _curves(result, cohort)
            yield from _models(cohort, result.outcome)
            yield from _time_zero(cohort, endpoint, grouping, unit)
    yield from _competing(cohort, grouping, unit)


def _curves(result: SurvivalResult, cohort: Cohort) -> Iterator[Exhibit]:
    yield survival_figure(result)
    yield from (survival_summary(result), milestones_table(result, milestones(result)))
    groups = result.outcome.grouping.groups
    if len(groups) == 2:
        yield difference_figure(difference(result))
    if len(groups) > 1:
        yield sensitivity_table(result, sensitivity(result, cohort))


def _competing(cohort: Cohort, grouping: Grouping, unit: str) -> Iterator[Exhibit]:
    for endpoint in offered_incidences(cohort):
        result = competing(competing_outcome(cohort, endpoint, grouping, unit))
        if result.n:
            yield incidence_figure(result)
            yield incidence_table(result)
            yield from (ratio_table(result),) if grouping.compares else ()


def _time_zero(cohort: Cohort, endpoint: str, grouping: Grouping, unit: str) -> Iterator[Exhibit]:
    """For groups known after the infusion that can be formed anew: by what was known at 1 month, and as it came about."""
    known = exposure_of(cohort, grouping)
    if not isinstance(known, str) and not why_not(endpoint):
        yield from time_zero_exhibits(three_analyses(cohort, Asked(endpoint, unit), grouping, known))


def _models(cohort: Cohort, outcome: TimeToEvent) -> Iterator[Exhibit]:
    grouping = outcome.grouping
    yield models_table(models(outcome))
    yield adjusted_table(adjusted(cohort, outcome, default_covariates(cohort, grouping)))
    if grouping.compares:
        splits = splits_of(cohort, default_subgroups(cohort, grouping))
        yield forest_figure(subgroups(cohort, outcome, splits))


def _toxicity(cohort: Cohort, grouping: Grouping, _unit: str) -> Iterator[Exhibit]:
    """Until the next therapy or infusion, as on the page unless it is asked otherwise."""
    until = until_next(cohort)
    yield from (noted(exhibit, until.of_events) for exhibit in _events(until.cohort, grouping))


def _events(cohort: Cohort, grouping: Grouping) -> Iterator[Exhibit]:
    result = incidence(cohort, grouping)
    yield toxicity_figure(result)
    yield toxicity_table(result)
    found = syndromes(cohort, grouping)
    if found.found:
        yield crs_icans_table(found)
    if has_classes(cohort):
        yield by_class_table(by_class(cohort, grouping, result))
    if grouping.compares and result.terms:
        yield from _toxicity_compared(result)
    for term in timed_terms(cohort)[:1]:
        yield timeline_figure(timeline(cohort, grouping, term))
    for term in timed_terms(cohort, followed=True)[:MOST_ONSETS]:
        yield onset_figure(onset(cohort, grouping, term))


def _toxicity_compared(result: Incidence) -> Iterator[Exhibit]:
    terms = room_for(result.terms, len(result.of))
    yield differences_figure(differences(result, ANY_GRADE, terms))
    if len(result.of) == PAIR:
        yield butterfly_figure(result)
    yield volcano_figure(differences(result, ANY_GRADE, result.terms))
    yield toxicity_sensitivity_table(toxicity_sensitivity(result, terms))


def _labs(cohort: Cohort, grouping: Grouping, _unit: str) -> Iterator[Exhibit]:
    for series in lab_series(cohort):
        result = labs(cohort, series, grouping)
        yield lab_figure(result)
        yield lab_table(result)
    until = until_next(cohort)
    yield from (noted(exhibit, until.of_values) for exhibit in _graded_values(until.cohort, grouping))
    yield from score_tables(cohort, grouping)


def _graded_values(cohort: Cohort, grouping: Grouping) -> Iterator[Exhibit]:
    grades = grades_result(cohort, grouping, VERSIONS[0])
    graded = {row.analyte for row in grades.rows}
    if graded:
        yield grades_table(grades)
    for analyte, series in series_of_analytes(lab_series(cohort)).items():
        if analyte in graded:
            yield shift_table(shift(grades, analyte), series.slug)
        if analyte in THRESHOLDS:
            recovered = recovery(cohort, grouping, analyte, THRESHOLDS[analyte][0])
            yield from (recovery_figure(recovered, series.slug), recovery_table(recovered, series.slug))
    if can_show(cohort):
        yield hys_law_figure(hys_law(cohort, grouping))


def _kinetics(cohort: Cohort, grouping: Grouping, _unit: str) -> Iterator[Exhibit]:
    for key in series_keys(cohort):
        result = kinetics(cohort, key, grouping)
        yield kinetics_figure(result)
        yield from (summary_table(result), comparison_table(result))
        if grouping.compares:
            yield kinetics_sensitivity_table(result, kinetics_sensitivity(result))
        yield from (parameters_table(result), patients_figure(result))
        persisting = persistence(cohort, result)
        yield from (persistence_figure(persisting), persistence_table(persisting))
        for factor in default_factors(cohort) if cohort.n_opened >= FEWEST_BESIDE else ():
            yield expansion_figure(expansion(cohort, result, factor))


def _assays(cohort: Cohort, _grouping: Grouping, _unit: str) -> Iterator[Exhibit]:
    for series in assay_series(cohort):
        result = assay(series)
        yield assay_figure(result)
        yield from (assay_table(result), sensitivity_of_assay(result, all_tests(result)))


def _baseline(cohort: Cohort, grouping: Grouping, _unit: str) -> Iterator[Exhibit]:
    yield baseline_table(
        baseline(cohort, grouping, month_1_response=cohort.study.month_1_response and not cohort.responses.empty),
        BaselineOptions(),
    )


def _swimmer(cohort: Cohort, grouping: Grouping, unit: str) -> Iterator[Exhibit]:
    yield swimmer_figure(lanes(cohort, grouping, unit), cohort)


def _response(cohort: Cohort, grouping: Grouping, _unit: str) -> Iterator[Exhibit]:
    """Landmarks: those of months 1, 2, 3, 6 and 12 at which enough were assessed."""
    best, states = best_response(cohort, grouping), states_of(cohort)
    yield from (rates_figure(best), best_table(best))
    at_landmarks = landmark_responses(cohort, grouping, usual_landmarks(cohort))
    yield from (landmark_figure(at_landmarks, states), landmark_table(at_landmarks))
    if len(at_landmarks.landmarks) > 1:
        yield flow_figure(at_landmarks, flow(at_landmarks), states)
    responses = cohort.vocabulary.get("response", ())
    yield depth_figure(depth(cohort, grouping), cohort.n_opened, responses)
    for series in marker_series(cohort):
        changes = marker_change(cohort, series, grouping)
        yield from (waterfall_figure(changes, responses), spider_figure(changes))


CATALOGUE: Final = (
    Entry("baseline", "patients", _baseline),
    Entry("swimmer", "endpoints", _swimmer),
    Entry("response", "responses", _response),
    Entry("survival", "endpoints", _survival),
    Entry("toxicity", "adverse_events", _toxicity),
    Entry("labs", "labs", _labs),
    Entry("kinetics", "kinetics", _kinetics),
    Entry("assay", "assays", _assays),
)
