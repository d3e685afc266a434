"""Grades computed from laboratory values as further adverse events, under names of their own: they never mix with reported grades.

"Neutropenia (Labs, CTCAE v5)" has one row a day with a value of grade 1 or more, so that a period holds the values measured in it.
They count as adverse events of their own term only, not as "any adverse event".
"""

from dataclasses import replace
from typing import Final

import pandas as pd

from lib.cohort.analyte import analyte_of
from lib.cohort.ctcae import SCALES
from lib.cohort.model import Cohort
from lib.derived.lab_grade import lab_grades

COMPUTED: Final = "computed_term"  # the entry of the vocabulary with these names


def with_computed_events(cohort: Cohort, version: str) -> Cohort:
    """The cohort with one more term for each laboratory test of the opened cohort that this version grades."""
    names = {scale.term: f"{scale.term} (Labs, {version})" for scale in SCALES[version] if scale.analyte in _measured(cohort)}
    vocabulary = {**cohort.vocabulary, "term": (*cohort.vocabulary.get("term", ()), *names.values()), COMPUTED: tuple(names.values())}
    graded = lab_grades(cohort, version).table
    graded = graded[graded["after"] & (graded["low"] >= 1)]
    events = pd.DataFrame({
        "patient_id": graded["patient"], "infusion": float(cohort.infusion), "term": graded["term"].map(names), "grade": graded["low"],
        "grading_system": f"{version}, computed from values", "start_day": graded["day"], "stop_day": graded["day"],
    })  # fmt: skip
    reported = cohort.adverse_events
    added = events.reindex(columns=reported.columns).astype(reported.dtypes)
    every = pd.concat([reported, added], ignore_index=True) if len(reported) else added.reset_index(drop=True)
    tables = {**cohort.tables, "adverse_events": every if len(added) else reported}
    return replace(cohort, tables=tables, vocabulary=vocabulary)


def _measured(cohort: Cohort) -> set[str]:
    """The analytes that the opened cohort has tests of."""
    found = (analyte_of(words.partition("\t")[0]) for words in cohort.vocabulary.get("lab", ()))
    return {analyte.name for analyte, share in found if analyte is not None and not share}
