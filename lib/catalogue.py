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
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
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
from lib.kinetics.series import SeriesKey, series_keys
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
from lib.publication.attempt import Attempts, Failed, later, one, several
from lib.publication.exhibit import Exhibit
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
from lib.survival_catalogue import survival_exhibits
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
from lib.toxicity.onset.figure import onset_figure, slug
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
Maker = Callable[[Cohort, Grouping, str], Attempts]


@dataclass(frozen=True)
class Entry:
    """One question: the table without which it has no answer, and the maker of its exhibits with the default options."""

    question: str
    needs: str
    make: Maker


def exhibits(cohort: Cohort, grouping: Grouping, unit: str, opened: Cohort | None = None) -> Iterator[Exhibit]:
    """Every exhibit for which the selected cohort has data, in the order of the menu; of one patient alone, that patient's too.

    `opened` is the cohort before the selection, which keeps the rows of one infusion only; None: nothing was selected.
    Raises whatever an exhibit raises; `attempts` goes on.
    """
    for each in attempts(cohort, grouping, unit, opened):
        if isinstance(each, Failed):
            raise each.error
        yield each


def attempts(cohort: Cohort, grouping: Grouping, unit: str, opened: Cohort | None = None) -> Attempts:
    """The same, where an exhibit that cannot be made is told as Failed and all others stand."""
    for entry in CATALOGUE:
        if (cohort.n or entry.needs == "assays") and _has(cohort, entry.needs):
            yield from several(entry.question, entry.make(cohort, grouping, unit))
    if cohort.n == 1:
        patient = str(cohort.patients["patient_id"].iloc[0])
        yield from several("patient", patient_exhibits(opened or cohort, cohort, patient))


def _has(cohort: Cohort, needs: str) -> bool:
    """Whether the question has an answer; that none of those selected had an adverse event is one."""
    if needs == "adverse_events":
        return bool(cohort.vocabulary.get("term"))
    return needs == "patients" or len(cohort.tables[needs]) > 0


def _toxicity(cohort: Cohort, grouping: Grouping, _unit: str) -> Attempts:
    result = incidence(cohort, grouping)
    yield from one("toxicity.grades", toxicity_figure, result)
    yield from one("toxicity.table", toxicity_table, result)
    found = syndromes(cohort, grouping)
    if found.found:
        yield from one("toxicity.crs_icans", crs_icans_table, found)
    if has_classes(cohort):
        yield from one("toxicity.by_class", by_class_table, lambda: by_class(cohort, grouping, result))
    if grouping.compares and result.terms:
        yield from _toxicity_compared(result)
    for term in timed_terms(cohort)[:1]:
        yield from one("toxicity.timeline", timeline_figure, later(timeline, cohort, grouping, term))
    for term in timed_terms(cohort, followed=True)[:MOST_ONSETS]:
        yield from one(f"toxicity.onset.{slug(term)}", onset_figure, later(onset, cohort, grouping, term))


def _toxicity_compared(result: Incidence) -> Attempts:
    terms = room_for(result.terms, len(result.of))
    yield from one("toxicity.differences", differences_figure, lambda: differences(result, ANY_GRADE, terms))
    if len(result.of) == PAIR:
        yield from one("toxicity.butterfly", butterfly_figure, result)
    yield from one("toxicity.volcano", volcano_figure, lambda: differences(result, ANY_GRADE, result.terms))
    yield from one("toxicity.sensitivity", toxicity_sensitivity_table, lambda: toxicity_sensitivity(result, terms))


def _labs(cohort: Cohort, grouping: Grouping, _unit: str) -> Attempts:
    for series in lab_series(cohort):
        result = later(labs, cohort, series, grouping)
        yield from one(f"labs.{series.slug}", lab_figure, result)
        yield from one(f"labs.{series.slug}.summary", lab_table, result)
    yield from several("labs.grades", _lab_grades(cohort, grouping))
    if can_show(cohort):
        yield from one("labs.hys_law", hys_law_figure, lambda: hys_law(cohort, grouping))
    yield from several("labs.scores", score_tables(cohort, grouping))


def _lab_grades(cohort: Cohort, grouping: Grouping) -> Attempts:
    grades = grades_result(cohort, grouping, VERSIONS[0])
    graded = {row.analyte for row in grades.rows}
    if graded:
        yield from one("labs.grades", grades_table, grades)
    for analyte, series in series_of_analytes(lab_series(cohort)).items():
        name = f"labs.{series.slug}"
        if analyte in graded:
            yield from one(f"{name}.shift", shift_table, later(shift, grades, analyte), series.slug)
        if analyte in THRESHOLDS:
            recovered = later(recovery, cohort, grouping, analyte, THRESHOLDS[analyte][0])
            yield from one(f"{name}.recovery", recovery_figure, recovered, series.slug)
            yield from one(f"{name}.recovery.summary", recovery_table, recovered, series.slug)


def _kinetics(cohort: Cohort, grouping: Grouping, _unit: str) -> Attempts:
    for key in series_keys(cohort):
        yield from several(key.id("profile"), _of_series(cohort, key, grouping))


def _of_series(cohort: Cohort, key: SeriesKey, grouping: Grouping) -> Attempts:
    result = kinetics(cohort, key, grouping)
    yield from one(key.id("profile"), kinetics_figure, result)
    yield from one(key.id("summary"), summary_table, result)
    yield from one(key.id("comparison"), comparison_table, result)
    if grouping.compares:
        others = later(kinetics_sensitivity, result)
        yield from one(key.id("sensitivity"), kinetics_sensitivity_table, result, others)
    yield from one(key.id("parameters"), parameters_table, result)
    yield from one(key.id("patients"), patients_figure, result)
    persisting = later(persistence, cohort, result)
    yield from one(key.id("persistence"), persistence_figure, persisting)
    yield from one(f"{key.id('persistence')}.summary", persistence_table, persisting)
    for factor in default_factors(cohort) if cohort.n_opened >= FEWEST_BESIDE else ():
        beside = later(expansion, cohort, result, factor)
        yield from one(key.id(f"expansion.{factor.slug}"), expansion_figure, beside)


def _assays(cohort: Cohort, _grouping: Grouping, _unit: str) -> Attempts:
    for series in assay_series(cohort):
        name, result = f"assay.{series.slug}", later(assay, series)
        yield from one(name, assay_figure, result)
        yield from one(f"{name}.table", assay_table, result)
        yield from one(f"{name}.sensitivity", sensitivity_of_assay, result, lambda found=result: all_tests(found()))


def _baseline(cohort: Cohort, grouping: Grouping, _unit: str) -> Attempts:
    result = later(baseline, cohort, grouping, month_1_response=not cohort.responses.empty)
    yield from one("baseline.table_one", baseline_table, result, BaselineOptions())


def _swimmer(cohort: Cohort, grouping: Grouping, unit: str) -> Attempts:
    yield from one("swimmer.plot", swimmer_figure, lambda: lanes(cohort, grouping, unit), cohort)


def _response(cohort: Cohort, grouping: Grouping, _unit: str) -> Attempts:
    best = later(best_response, cohort, grouping)
    yield from one("response.rates", rates_figure, best)
    yield from one("response.best", best_table, best)
    yield from several("response.landmark", _response_over_time(cohort, grouping))
    responses = cohort.vocabulary.get("response", ())
    yield from one("response.depth", depth_figure, lambda: depth(cohort, grouping), cohort.n_opened, responses)
    for series in marker_series(cohort):
        changes = later(marker_change, cohort, series, grouping)
        yield from one(f"response.waterfall.{series.slug}", waterfall_figure, changes, responses)
        yield from one(f"response.spider.{series.slug}", spider_figure, changes)


def _response_over_time(cohort: Cohort, grouping: Grouping) -> Attempts:
    """At those landmarks of months 1, 2, 3, 6 and 12 at which enough were assessed."""
    states, at_landmarks = states_of(cohort), landmark_responses(cohort, grouping, usual_landmarks(cohort))
    yield from one("response.landmark", landmark_figure, at_landmarks, states)
    yield from one("response.landmark.table", landmark_table, at_landmarks)
    if len(at_landmarks.landmarks) > 1:
        yield from one("response.flow", flow_figure, at_landmarks, lambda: flow(at_landmarks), states)


CATALOGUE: Final = (
    Entry("baseline", "patients", _baseline),
    Entry("swimmer", "endpoints", _swimmer),
    Entry("response", "responses", _response),
    Entry("survival", "endpoints", survival_exhibits),
    Entry("toxicity", "adverse_events", _toxicity),
    Entry("labs", "labs", _labs),
    Entry("kinetics", "kinetics", _kinetics),
    Entry("assay", "assays", _assays),
)
