"""What may be adjusted for: before infusion first; what is known later is named."""

from golden.cohorts import STUDY, arms, by, cohort, example, follow_up, synthetic

from lib.survival.covariates import (
    default_covariates,
    default_steps,
    default_subgroups,
    known_late,
    not_dated,
    offered,
)


def test_known_before_infusion_comes_first_and_the_grouping_is_not_offered():
    names = [each.name for each in offered(synthetic(), by(synthetic(), "emd"))]
    assert "emd" not in names and names[-2:] == ["arm", "iss_stage"]
    assert "prior_imid" not in [each.name for each in offered(example(), by(example()))]  # has one level


def test_what_is_taken_where_the_reader_says_nothing():
    assert default_covariates(example(), by(example())) == ("emd", "high_risk_cytogenetics")
    assert default_covariates(example(), by(example(), "emd")) == ("high_risk_cytogenetics",)
    assert default_subgroups(example(), by(example(), "sex")) == ("emd", "high_risk_cytogenetics", "age_years", "prior_lines")  # fmt: skip


def test_other_categories_where_the_usual_are_not_there():
    patients = [{**row, "stage": "I" if place % 2 else "II", "ldh": place} for place, row in enumerate(arms(A=["a", "b"], B=["c", "d"]))]  # fmt: skip
    study = (*STUDY, ("known_at", "stage", "before"), ("known_at", "ldh", "before"))
    made = cohort(patients, study, endpoints=follow_up("os", a=(1, 1), b=(2, 1), c=(3, 1), d=(4, 1)))
    assert default_covariates(made, by(made)) == () and default_subgroups(made, by(made)) == ("stage",)
    late = cohort(patients, STUDY, endpoints=follow_up("os", a=(1, 1)))
    assert default_subgroups(late, by(late)) == ()


def test_late_and_undated_variables_are_named():
    variables = offered(synthetic(), by(synthetic(), "emd"))
    assert known_late(variables) == ("Arm",) and not_dated(variables) == ("iss stage",)
    assert default_steps(variables) == {"age_years": 10.0, "ldh": 1.0}
