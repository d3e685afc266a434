"""Which scores a cohort has: by what was measured in the opened cohort, whatever is selected."""

from golden.cohorts import arms, by, cohort, nobody, selected

from labs.scored import scored_cohort
from lib.cohort.analysis import Analysis
from lib.exhibits import SCORES
from lib.publication.masking import pseudonymised_table

ICAHT = ["labs.icaht", "labs.icaht.patients"]
T_ICAHT = ["labs.t_icaht", "labs.t_icaht.patients"]
HEMATOTOX = ["labs.hematotox", "labs.hematotox.patients"]


def tables(opened, chosen=None, grouping="arm"):
    analysis = Analysis(opened, chosen or selected(opened), by(opened, grouping), "months")
    return [spec.make(analysis) for spec in SCORES if spec.is_offered(analysis)]


def ids(*tests):
    labs = [{"patient_id": "a1", "day": -5, "test": test, "value": 1, "unit": unit} for test, unit in tests]
    return [table.id for table in tables(cohort(arms(A=["a1"]), labs=labs), grouping="-")]


def test_scores_where_the_values_allow_them():
    made = scored_cohort()
    for chosen in (None, nobody(made)):
        assert [table.id for table in tables(made, chosen)] == ICAHT + T_ICAHT + HEMATOTOX
    assert ids(("ANC", "G/L")) == ICAHT and ids(("CRP", "mg/L")) == ids() == []
    assert ids(("Hb", "g/L"), ("CRP", "mg/L"), ("PLT", "G/L")) == T_ICAHT + HEMATOTOX


def test_patients_can_be_given_other_names():
    made = scored_cohort()
    names = {patient: f"P{number:02}" for number, patient in enumerate(made.patients["patient_id"], start=1)}
    for table in tables(made):
        renamed = pseudonymised_table(table, names)
        cells = {cell for row in (*renamed.rows, *renamed.numbers.rows) for cell in row}
        assert not cells & set(names) and (table.id.endswith("patients") == ("P01" in cells)), table.id
