"""Which scores a cohort has: by what was measured in the opened cohort, whatever is selected."""

from golden.cohorts import arms, by, cohort, nobody

from labs.scores.made import scored_cohort
from lib.labs.scores.table import score_tables

ICAHT = ["labs.icaht", "labs.icaht.patients"]
HEMATOTOX = ["labs.hematotox", "labs.hematotox.patients"]


def ids(*tests):
    labs = [{"patient_id": "a1", "day": -5, "test": test, "value": 1, "unit": unit} for test, unit in tests]
    made = cohort(arms(A=["a1"]), labs=labs)
    return [table.id for table in score_tables(made, by(made, "-"))]


def test_scores_where_the_values_allow_them():
    made = scored_cohort()
    assert [table.id for table in score_tables(made, by(made))] == ICAHT + HEMATOTOX
    assert [table.id for table in score_tables(nobody(made), by(made))] == ICAHT + HEMATOTOX
    assert ids(("ANC", "G/L")) == ICAHT and ids(("CRP", "mg/L")) == ids() == []
    assert ids(("Hb", "g/L"), ("CRP", "mg/L"), ("PLT", "G/L")) == HEMATOTOX
