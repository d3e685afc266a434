"""Which covariates are offered, and a row of the tables of models: as printed, as numbers, as a test."""

from golden.cohorts import STUDY, arms, by, cohort, example, follow_up, synthetic

from lib.stats.estimate import Estimate, TestResult, not_done
from lib.survival.caveats import listed
from lib.survival.models_table import (
    ModelRow,
    default_covariates,
    default_steps,
    default_subgroups,
    model_table,
    offered,
    timing_notes,
)


def test_known_before_infusion_comes_first_and_the_grouping_is_not_offered():
    names = [each.name for each in offered(synthetic(), by(synthetic(), "emd"))]
    assert "emd" not in names and names[-2:] == ["arm", "iss_stage"]
    assert "prior_imid" not in [each.name for each in offered(example(), by(example()))]  # has one level


def test_what_is_taken_where_the_reader_says_nothing():
    assert default_covariates(example(), by(example())) == ("emd", "high_risk_cytogenetics")
    assert default_covariates(example(), by(example(), "emd")) == ("high_risk_cytogenetics",)
    assert default_subgroups(example(), by(example(), "sex")) == (
        "emd",
        "high_risk_cytogenetics",
        "age_years",
        "prior_lines",
    )


def test_other_categories_where_the_usual_are_not_there():
    patients = [
        {**row, "stage": "I" if place % 2 else "II", "ldh": place}
        for place, row in enumerate(arms(A=["a", "b"], B=["c", "d"]))
    ]
    study = (*STUDY, ("known_at", "stage", "before"), ("known_at", "ldh", "before"))
    made = cohort(patients, study, endpoints=follow_up("os", a=(1, 1), b=(2, 1), c=(3, 1), d=(4, 1)))
    assert default_covariates(made, by(made)) == () and default_subgroups(made, by(made)) == ("stage",)
    late = cohort(patients, STUDY, endpoints=follow_up("os", a=(1, 1)))
    assert default_subgroups(late, by(late)) == ()


def test_late_and_undated_variables_are_named():
    variables = offered(synthetic(), by(synthetic(), "emd"))
    assert timing_notes(variables, "it is biased", "it may be") == [
        "Arm: known after infusion: it is biased.",
        "iss stage: not stated when it was known; if after infusion, it may be.",
    ]
    assert default_steps(variables) == {"age_years": 10.0, "ldh": 1.0, "dose_per_kg": 1.0}


TEST = TestResult("a test", 2.0, 1, 0.04551, 12)


def row(estimate, test, sizes=((5, 2), (7, 4))):
    return ModelRow("hazard_ratio", "Hazard ratio", "B v A", sizes, estimate, test, "Cox", "B", "A")


def table(made):
    """The table of one row."""
    return model_table((("Row", "label"),), (made,), "Estimate", id="a", title="A")


def cells(made):
    return table(made).rows[0][1:]


def test_an_estimate_with_its_test():
    made = row(Estimate(0.5, 0.25, 1.5), TEST)
    assert cells(made) == ("5 v 7", "2 v 4", "0.50 (0.25–1.50)", "0.046", "Cox") and made.reason is None
    assert table(made).numbers.rows == (
        ("hazard_ratio", "B", "A", 5, 2, 7, 4, 0.5, 0.25, 1.5, "", 0.04551, "Cox", None),
    )
    assert [(line.comparison, line.n) for line in table(made).tests] == [("B v A", 12)]


def test_what_is_missing_has_its_reason():
    alone = row(None, TEST, ((12, 6),))
    assert (
        cells(alone)[:4] == ("12", "6", "", "0.046") and alone.reason == "value: a test only; n_reference: no reference"
    )
    mean = row(Estimate(7.0, note="no spread"), None)
    assert cells(mean)[2:4] == ("7.00 (NE–NE)", "") and mean.reason == "limits: no spread; p: no comparison"
    neither = row(Estimate(None, reason="no events"), not_done("a test", 12, "no events"))
    assert cells(neither)[2:4] == ("not estimable: no events", "–")
    assert cells(row(None, not_done("a test", 12, "no events")))[3] == "not done: no events"
    assert table(mean).tests == ()


def test_a_list_reads_as_a_sentence():
    assert [listed(("A", "B", "C")[:n]) for n in (1, 2, 3)] == ["A", "A and B", "A, B and C"]
