"""The grades and scores that a cohort's laboratory values allow: ICAHT (experimental) and CAR-HEMATOTOX, each by group and by patient."""

from typing import Final

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.hematotox import ITEMS
from lib.derived.lab_values import analytes_of
from lib.labs.hematotox.result import USUAL_START, hematotox_scores
from lib.labs.hematotox.table import hematotox_patients, hematotox_table
from lib.labs.icaht.result import NEUTROPHILS, PLATELETS, icaht_grades
from lib.labs.icaht.table import icaht_patients, icaht_table
from lib.publication.exhibit import Table

FEWEST_ITEMS: Final = 3  # of fewer than three of its five items a score says too little


def score_tables(cohort: Cohort, grouping: Grouping, assumed: float = USUAL_START) -> tuple[Table, ...]:
    """ICAHT where the opened cohort has counts of neutrophils, T-ICAHT of platelets, CAR-HEMATOTOX where it has at least three of its five items.

    `assumed`: the first day of lymphodepletion of patients for whom it is not stated.
    """
    measured, tables = analytes_of(cohort), []
    if NEUTROPHILS in measured:
        grades = icaht_grades(cohort, grouping)
        tables += [icaht_table(grades), icaht_patients(grades)]
    if PLATELETS in measured:
        grades = icaht_grades(cohort, grouping, PLATELETS)
        tables += [icaht_table(grades), icaht_patients(grades)]
    if sum(item.analyte in measured for item in ITEMS) >= FEWEST_ITEMS:
        scores = hematotox_scores(cohort, grouping, assumed)
        tables += [hematotox_table(scores), hematotox_patients(scores)]
    return tuple(tables)
