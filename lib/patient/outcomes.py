"""The supplement of a manuscript: one row a patient with the derived outcomes, unrounded in the numbers, each missing
one with its reason.

Nothing is computed here: every value is that of the exhibit of its own question, with the usual options.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.baseline.participants import NOT_EVALUABLE, NOT_SAMPLED
from lib.cohort.analysis import Analysis
from lib.cohort.grouping import everybody
from lib.cohort.printed import slug_of
from lib.cohort.response_scale import scale_of
from lib.cohort.schema import endpoint_label
from lib.derived.adverse_events import worst_grades
from lib.derived.best_response import best_overall_responses, first_responses
from lib.derived.endpoint import endpoint_rows, left_out_because
from lib.derived.follow_up import followed
from lib.derived.icaht import NEUTROPHILS
from lib.kinetics.parameter_table import ParameterTable
from lib.kinetics.parameters import PARAMETERS, Parameter
from lib.kinetics.series import KineticsOptions, kinetics_of, series_of
from lib.labs.icaht import icaht_grades
from lib.labs.series import measured
from lib.publication.exhibit import Table, TypedColumn, typed_table
from lib.publication.number import day, short
from lib.publication.number import time as time_words
from lib.publication.options import FollowUpOptions
from lib.publication.spec import ExhibitSpec
from lib.survival.outcome import endpoints, time_to_event
from lib.toxicity.crs_icans import syndrome_terms

KINETIC: Final = ("cmax", "tmax", "auc_0_28", "tlast")
NO_VALUE: Final = "–"
SHORT_NAME: Final = 5  # letters from which on an endpoint is written out
NOTES: Final = (
    "Grade 0: no such event is recorded.",
    "Censored because: as the workbook gives it; times are in the unit of the page.",
)
HAS_EVENT: Final = "has the event"


@dataclass(frozen=True)
class Value:
    """One outcome of one patient: unrounded and printed; None exactly where there is a reason."""

    value: object
    printed: str
    reason: str = ""


@dataclass(frozen=True)
class Outcome:
    """A column: its heading, its name and unit in results.json, and the value of every patient."""

    heading: str
    name: str
    unit: str
    values: dict[str, Value]


def outcomes(analysis: Analysis, until_next: bool = True) -> tuple[Outcome, ...]:
    """Every outcome that the opened cohort has data for, in the order of the pages."""
    found = [
        *_responses(analysis),
        *_times(analysis),
        *_events(analysis, until_next),
        *_kinetics(analysis),
        *_icaht(analysis),
    ]
    return tuple(found)


def _patients(analysis: Analysis) -> list[str]:
    return [str(each) for each in analysis.selected.patients["patient_id"]]


def _missing(reason: str) -> Value:
    return Value(None, NO_VALUE, reason)


def _responses(analysis: Analysis) -> Iterator[Outcome]:
    """Best response, and the first day of CR or better."""
    cohort = analysis.selected
    if analysis.opened.responses.empty:
        return
    best = best_overall_responses(cohort).to_dict()
    complete = first_responses(cohort, scale_of(cohort).complete).to_dict()
    yield Outcome(
        "Best response",
        "best_response",
        "",
        {
            each: Value(best[each], str(best[each])) if isinstance(best[each], str) else _missing(NOT_EVALUABLE)
            for each in _patients(analysis)
        },
    )
    yield Outcome(
        "Day of CR",
        "complete_response_day",
        "days",
        {
            each: (
                Value(complete[each], day(complete[each]))
                if pd.notna(complete[each])
                else _missing("no complete response")
            )
            for each in _patients(analysis)
        },
    )


def _times(analysis: Analysis) -> Iterator[Outcome]:
    """Of each endpoint the time, whether the event happened, and why a patient without it was censored."""
    for name in endpoints(analysis):
        label = endpoint_label(name)
        said = name.upper() if len(name) < SHORT_NAME else label
        times, why = _followed(analysis, name), _left_out(analysis, name, label)
        printed = {each: Value(time, time_words(time)) for each, (time, _) in times.items()}
        events = {each: Value(event, "yes" if event else "no") for each, (_, event) in times.items()}
        yield Outcome(f"{said}, {analysis.unit}", f"{name}_time", analysis.unit, {**why, **printed})
        yield Outcome(f"{said} event", f"{name}_event", "", {**why, **events})
        if name in analysis.opened.endpoint_names:
            censored = {each: event == 0 for each, (_, event) in times.items()}
            heading, key = f"{said} censored because", f"{name}_censored_because"
            yield Outcome(heading, key, "", _censored(analysis, name, censored))


def _followed(analysis: Analysis, name: str) -> dict[str, tuple[float, int]]:
    """Time and event of every patient who can be analysed, in a group or not."""
    cohort = analysis.selected
    table = time_to_event(cohort, name, everybody(cohort), analysis.unit).table
    return {str(row.patient): (float(row.time), int(row.event)) for row in table.itertuples()}  # type: ignore[arg-type]


def _left_out(analysis: Analysis, name: str, label: str) -> dict[str, Value]:
    """Why every other patient cannot be analysed."""
    rows = endpoint_rows(analysis.selected, name).table
    problems = dict(zip(rows["patient_id"], rows["problem"], strict=True))
    return {
        each: _missing(left_out_because(problems.get(each, float("nan")), "", label, ""))
        for each in _patients(analysis)
    }


def _censored(analysis: Analysis, name: str, censored: dict[str, bool]) -> dict[str, Value]:
    given = analysis.selected.endpoints
    given = given[given["endpoint"] == name]
    reasons = dict(zip(given["patient_id"].astype(str), given["censoring_reason"], strict=True))
    found = {}
    for each in _patients(analysis):
        said = reasons.get(each)
        if not censored.get(each):
            found[each] = _missing(HAS_EVENT if each in censored else "not analysed")
        else:
            found[each] = Value(str(said), str(said)) if isinstance(said, str) and said else _missing("not stated")
    return found


def _events(analysis: Analysis, until_next: bool) -> Iterator[Outcome]:
    """The worst grades of CRS and ICANS."""
    worst = worst_grades(followed(analysis, until_next).cohort)
    for term in syndrome_terms(analysis.opened):
        graded = worst[worst["term"] == term].set_index("patient_id")["worst"].to_dict()
        yield Outcome(
            f"Worst {term} grade",
            f"worst_{slug_of(term)}_grade",
            "",
            {
                each: _grade(graded[each], "grade not stated") if each in graded else Value(0, "0")
                for each in _patients(analysis)
            },
        )


def _grade(grade: float | None, reason: str) -> Value:
    return _missing(reason) if grade is None or pd.isna(grade) else Value(int(grade), f"{grade:.0f}")


def _kinetics(analysis: Analysis) -> Iterator[Outcome]:
    """Cmax, Tmax, area and Tlast of the first series."""
    keys = series_of(analysis)
    if not keys:
        return
    every = kinetics_of(analysis, keys[0], KineticsOptions()).of_each
    found = every.where(every["infusion"] == analysis.selected.infusion)
    place = {patient: place for place, patient in enumerate(found["patient"])}
    for parameter in (each for each in PARAMETERS if each.name in KINETIC):
        yield Outcome(
            f"{parameter.label}, {parameter.unit(keys[0].unit)}",
            parameter.name,
            parameter.unit(keys[0].unit),
            {
                each: _measured(parameter, found, place[each]) if each in place else _missing(NOT_SAMPLED)
                for each in _patients(analysis)
            },
        )


def _measured(parameter: Parameter, found: ParameterTable, place: int) -> Value:
    if reason := found.words(place, parameter.name):
        return _missing(reason)
    value = float(found[parameter.name][place])
    return Value(value, day(value) if parameter.per_unit == "days" else short(value))


def _icaht(analysis: Analysis) -> Iterator[Outcome]:
    """Early and late ICAHT, where neutrophils are measured."""
    if not measured(analysis, {NEUTROPHILS}):
        return
    graded = {each.patient: each for each in icaht_grades(analysis.selected, everybody(analysis.selected)).patients}
    for late in (False, True):
        words = "Late" if late else "Early"
        grades = {each: graded[each].grade(late) for each in _patients(analysis)}
        yield Outcome(
            f"{words} ICAHT grade",
            f"{words.lower()}_icaht_grade",
            "",
            {each: _grade(found.grade, found.reason) for each, found in grades.items()},
        )


def _column(outcome: Outcome) -> TypedColumn:
    def of(patient: str) -> Value:
        return outcome.values[patient]

    return TypedColumn(
        outcome.heading, outcome.name, outcome.unit, lambda each: of(each).value, lambda each: of(each).printed
    )


def outcomes_table(analysis: Analysis, options: FollowUpOptions) -> Table:
    """One row a patient; the last column says of every missing value why."""
    found = outcomes(analysis, options.until_next)
    group = dict(zip(_patients(analysis), analysis.grouping.of(analysis.selected.patients), strict=True))
    columns = [TypedColumn("Patient", "patient", value=str)]
    if analysis.grouping.compares:
        columns.append(
            TypedColumn(
                analysis.grouping.label, "group", "", lambda each: group[each], lambda each: group[each] or NO_VALUE
            )
        )
    columns += map(_column, found)
    columns.append(
        TypedColumn(
            "No value, because",
            "reason",
            "",
            lambda each: _why(found, each, group) or None,
            lambda each: _printed_why(found, each, group),
        )
    )
    return typed_table(
        columns,
        _patients(analysis),
        id="patient.outcomes",
        title="Outcomes by patient",
        caption="One row a patient.",
        method=_method(analysis),
        notes=(*NOTES, *followed(analysis, options.until_next).of_events),
        n=analysis.selected.n,
    )


def _why(found: tuple[Outcome, ...], patient: str, group: dict[str, str | None]) -> str:
    said = [f"{one.name}: {one.values[patient].reason}" for one in found if one.values[patient].reason]
    return "; ".join([*([] if group[patient] else ["group: not stated"]), *said])


def _printed_why(found: tuple[Outcome, ...], patient: str, group: dict[str, str | None]) -> str:
    """The same in the words of the headings; that nobody is censored who has the event needs no words."""
    said = [
        f"{one.heading}: {one.values[patient].reason}"
        for one in found
        if one.values[patient].reason not in ("", HAS_EVENT)
    ]
    return "; ".join([*([] if group[patient] else ["group: not stated"]), *said])


def _method(analysis: Analysis) -> str:
    keys = series_of(analysis)
    of_series = f" Kinetics: {keys[0].label}." if keys else ""
    return (
        "Best response: unconfirmed, before progression or other treatment. Worst grade over the whole"
        f" time.{of_series}"
    )


PATIENT_OUTCOMES: Final = ExhibitSpec(
    "patient.outcomes", "Outcomes by patient", "patients", outcomes_table, FollowUpOptions
)
