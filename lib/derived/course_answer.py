"""Of whom a clause about the course is so, of whom it is not, and of whom it is not known: an event, a response,
copies, a therapy.

Only rows of the chosen infusion count, with days from it. Not known is never "no": it is reported, and left out unless
asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from lib.cohort.course_clause import Answered, CourseClause
from lib.cohort.model import Cohort
from lib.cohort.schema import RESPONSES
from lib.cohort.selection import Selection, select
from lib.derived.exposure import EVALUABLE, OVER_BY_INFUSION, named_courses
from lib.derived.sampling import merged, window


@dataclass(frozen=True)
class _Found:
    """Ids of whom it is so, and of whom it may be (whoever is in both, is); the last day on which any of it was
    seen."""

    so: Iterable[str]
    perhaps: Iterable[str]
    last_day: float | None = None


def selected(cohort: Cohort, selection: Selection) -> Cohort:
    """What the selection leaves of the opened cohort, its clauses about the course answered."""
    return select(cohort, selection, answers(cohort, selection))


def answers(cohort: Cohort, selection: Selection) -> tuple[Answered, ...]:
    """The answer to every clause about the course, for each patient of the opened cohort with the chosen infusion."""
    if not selection.course:
        return ()
    asked = select(cohort, Selection(infusion=selection.infusion, include_excluded=True))
    return tuple(answer(asked, clause) for clause in selection.course)


def answer(cohort: Cohort, clause: CourseClause) -> Answered:
    """The answer to one clause, for each patient of this cohort."""
    finders = {"event": _event, "response": _response, "detectable": _detectable, "received": _received}
    found = finders[clause.kind](cohort, clause)
    everybody = frozenset(cohort.patients["patient_id"])
    so = everybody & frozenset(found.so)
    known_at = max(clause.known_at, found.last_day if found.last_day is not None else clause.known_at)
    return Answered(clause, everybody, so, (everybody & frozenset(found.perhaps)) - so, known_at)


def _event(cohort: Cohort, clause: CourseClause) -> _Found:
    """The worst grade, as the tables of toxicity count it; an event without a grade is at least grade 1."""
    events = cohort.adverse_events
    events = events[(events["term"] == clause.name) & ~(events["grade"] == 0)]
    bad = (events["grade"] >= clause.least) | (events["grade"].isna() & (clause.least <= 1))
    perhaps_bad = bad | events["grade"].isna()
    return _by_day(events, bad, perhaps_bad, "start_day", clause.day)


def _response(cohort: Cohort, clause: CourseClause) -> _Found:
    """Assessments from the infusion on; whoever had none that could be evaluated by then is not called a
    non-responder."""
    rows = cohort.responses[~(cohort.responses["day"] < 0)]
    good = rows["response"].isin(RESPONSES[: RESPONSES.index(clause.name) + 1])
    found = _by_day(rows, good, good, "day", clause.day)
    evaluable = rows[rows["response"].isin(EVALUABLE)]
    assessed = evaluable if clause.day is None else evaluable[evaluable["day"] <= clause.day]
    without = cohort.patients.loc[~cohort.patients["patient_id"].isin(assessed["patient_id"]), "patient_id"]
    return _Found(found.so, (*found.perhaps, *without))


def _received(cohort: Cohort, clause: CourseClause) -> _Found:
    """Courses begun by then, before the infusion too; whoever has no such row is taken to have had no such course."""
    rows = cohort.therapies[named_courses(cohort.therapies, clause.name)]
    last = rows["stop_day"].mask(rows["stop_day"].isna() & rows["kind"].isin(OVER_BY_INFUSION), 0.0)
    rows = rows.assign(
        begun=rows["start_day"].fillna(last.where(last <= clause.day) if clause.day is not None else last)
    )
    every = pd.Series(True, index=rows.index)
    return _by_day(rows, every, every, "begun", clause.day)


def _detectable(cohort: Cohort, clause: CourseClause) -> _Found:
    """The sample nearest to the day within its window (of two equally near, the earlier); below the limit is not
    detectable."""
    rows, key, day = cohort.kinetics, clause.series, clause.day or 0.0
    if key is None:
        return _Found((), cohort.patients["patient_id"])
    mine = (rows["specimen"] == key.specimen) & (rows["assay"] == key.assay) & (rows["unit"].fillna("") == key.unit)
    mine &= (rows["infusion"] == cohort.infusion) & (rows["value"].notna() | rows["below"])
    measured = rows[mine].assign(value=rows["value"].mask(rows["below"]))
    samples = merged(measured.reset_index(drop=True), ["patient_id", "day"])
    samples = samples.assign(distance=(samples["day"] - day).abs())
    near = samples[(samples["distance"] <= window(day)) & ((samples["day"] > 0) == (day > 0))]
    nearest = near[near["distance"] == near.groupby("patient_id")["distance"].transform("min")]
    nearest = nearest[nearest["day"] == nearest.groupby("patient_id")["day"].transform("min")]
    sampled = set(nearest["patient_id"])
    without = [patient for patient in cohort.patients["patient_id"] if patient not in sampled]
    last_day = float(nearest["day"].max()) if len(nearest) else None
    return _Found(nearest.loc[~nearest["below"].astype(bool), "patient_id"], without, last_day)


def _by_day(rows: pd.DataFrame, so: pd.Series, perhaps: pd.Series, column: str, day: float | None) -> _Found:
    """Whose rows say it by that day, and whose rows may: a row without a day, or one that only perhaps says it."""
    if day is None:
        return _Found(rows.loc[so, "patient_id"], rows.loc[perhaps, "patient_id"])
    by_then = rows[column] <= day
    return _Found(
        rows.loc[so & by_then, "patient_id"], rows.loc[perhaps & (by_then | rows[column].isna()), "patient_id"]
    )
