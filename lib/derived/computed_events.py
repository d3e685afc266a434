"""Grades computed from laboratory values as further adverse events, under names of their own: they never mix with
reported grades.

"Neutropenia, CTCAE v5 (computed)" has one row a day with a value of grade 1 or more, so that a period holds the values
measured in it. They count as adverse events of their own term only, not as "any adverse event".
"""

from dataclasses import replace
from typing import Final

from lib.cohort.analyte import analyte_of
from lib.cohort.ctcae import SCALES
from lib.cohort.model import Cohort
from lib.derived.computed_grade import MARK, ComputedGrades, with_computed
from lib.derived.lab_grade import lab_grades

COMPUTED: Final = "computed_term"  # the entry of the vocabulary with these names


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
