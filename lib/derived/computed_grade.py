"""Grades computed from measured values, laid beside the recorded adverse events and marked as computed.

A computed grade is a term of its own ("Neutropenia (computed)"): what was recorded and what a value gives are never
merged.
"""

from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort, empty_table
from lib.cohort.schema import ADVERSE_EVENTS

MARK: Final = " (computed)"


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
