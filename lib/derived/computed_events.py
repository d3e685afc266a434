"""Grades computed from laboratory values as further adverse events, under names of their own: they never mix with
reported grades.

"Neutropenia, CTCAE v5 (computed)" has one row a day with a value of grade 1 or more, so that a period holds the values
measured in it. They count as adverse events of their own term only, not as "any adverse event".

A computed grade is a term of its own ("Neutropenia (computed)"): what was recorded and what a value gives are
never merged.
"""

from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from lib.cohort.analyte import analyte_of
from lib.cohort.ctcae import SCALES
from lib.cohort.model import Cohort, empty_table
from lib.cohort.schema import ADVERSE_EVENTS
from lib.derived.lab_grade import lab_grades

MARK: Final = " (computed)"
COMPUTED: Final = "computed_term"  # the entry of the vocabulary with these names


@dataclass(frozen=True)
class ComputedGrades:
    """`rows`: patient_id, term, grade, day (the first of that grade), without grade 0 or what could not be graded.

    `system` is the scale they were computed by ("CTCAE v5"); `terms` are those that could be graded in the opened
    cohort, in order: they keep their place whatever is selected.
    """

    rows: pd.DataFrame
    system: str
    terms: tuple[str, ...]


def with_computed(cohort: Cohort, computed: ComputedGrades) -> Cohort:
    """The cohort with the computed grades of its patients among the adverse events, each term marked as computed."""
    mine = computed.rows[computed.rows["patient_id"].isin(set(cohort.patients["patient_id"]))]
    added = pd.DataFrame(
        {
            "patient_id": mine["patient_id"],
            "infusion": float(cohort.infusion),
            "term": mine["term"] + MARK,
            "grade": mine["grade"],
            "grading_system": computed.system,
            "start_day": mine["day"],
        }
    )
    events = cohort.adverse_events
    types = empty_table(ADVERSE_EVENTS).dtypes.reindex(events.columns)
    whole = added.reindex(columns=events.columns).astype(types.to_dict())
    for name in types.index[types == "object"]:
        whole[name] = pd.Series(
            [None if pd.isna(value) else value for value in whole[name]], index=whole.index, dtype="object"
        )
    parts = [part for part in (events, whole) if len(part)]
    joined = pd.concat(parts, ignore_index=True) if parts else events
    terms = (*cohort.vocabulary.get("term", ()), *(term + MARK for term in computed.terms))
    return replace(cohort.with_table("adverse_events", joined), vocabulary={**cohort.vocabulary, "term": terms})


def with_computed_events(cohort: Cohort, version: str) -> Cohort:
    """The cohort with one more term for each laboratory test of the opened cohort that this version grades."""
    measured = _measured(cohort)
    names = {scale.term: f"{scale.term}, {version}" for scale in SCALES[version] if scale.analyte in measured}
    graded = lab_grades(cohort, version).table
    graded = graded[graded["after"] & (graded["low"] >= 1)]
    rows = graded.rename(columns={"patient": "patient_id", "low": "grade"})[["patient_id", "term", "grade", "day"]]
    rows = rows.assign(term=rows["term"].map(names).astype("object"))  # no row at all would make it a number
    terms = tuple(names.values())
    added = with_computed(cohort, ComputedGrades(rows, f"{version}, computed from values", terms))
    return replace(added, vocabulary={**added.vocabulary, COMPUTED: tuple(term + MARK for term in terms)})


def _measured(cohort: Cohort) -> set[str]:
    """The analytes that the opened cohort has tests of."""
    found = (analyte_of(words.partition("\t")[0]) for words in cohort.vocabulary.get("lab", ()))
    return {analyte.name for analyte, share in found if analyte is not None and not share}
