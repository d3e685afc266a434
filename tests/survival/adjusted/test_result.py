"""Adjusted models: who is in them, the limit of a parameter for ten events, and what is not fitted."""

import pytest
from golden.cohorts import example, nobody, selected, synthetic

from lib.survival.adjusted.result import NO_COVARIATES, adjusted
from survival.data_sets import data_set, outcome, pairs
from survival.made import as_groups


def made(cohort, names, grouping="arm", *where, steps=None, **asked):
    part, found = outcome(cohort, grouping, *where, **asked)
    return adjusted(part, found, names, steps)


def half(name):
    return "yes" if int(name[1:]) % 2 else "no"


def test_below_five_events_a_parameter_the_model_is_firths():
    found = made(example(), ("emd", "high_risk_cytogenetics"))
    assert found.model.penalised and (found.model.n_events, found.model.parameters) == (10, 3)
    assert all(row.line.ratio.low < row.line.ratio.value < row.line.ratio.high for row in found.rows)


@pytest.mark.parametrize(
    ("events", "penalised", "fits"),
    [(20, False, True), (10, False, True), (9, True, True), (4, True, True), (3, False, False)],
)
def test_two_parameters_need_four_events_and_ten_for_coxs_model(events, penalised, fits):
    found = made(pairs(20, 20, events // 2, events - events // 2, emd=half), ("emd",))
    assert ((found.model.reason == ""), found.model.penalised) == (fits, penalised) and found.model.parameters == 2


def test_a_group_of_one_is_in_no_adjusted_model():
    solo = as_groups("solo", "A", emd=half)
    found = adjusted(solo, outcome(solo, unit="days")[1], ("emd",))
    assert found.model.reason == "" and not found.model.penalised
    assert (
        found.model.n == 24
        and found.rows[1].line.ratio.reason
        and (found.left_out[-1][1], found.described[:5]) == (1, "Solo:")
    )


def test_patients_without_a_covariate_are_left_out_and_counted_once():
    found = made(synthetic(), ("emd", "high_risk_cytogenetics"), "sex", endpoint="pfs")
    assert sum(n for _, n in found.left_out) == found.model.left_out == 5
    assert {reason for reason, _ in found.left_out} == {"Extramedullary disease not stated", "High-risk cytogenetics not stated"}  # fmt: skip
    emd = next(row for row in found.rows if row.variable == "emd")
    assert emd.counted.n + emd.counted.n_against == found.model.n
    assert emd.counted.n_events + emd.counted.events_against == found.model.n_events


def test_nothing_chosen_is_no_adjusted_model():
    found = made(data_set("lung"), ())
    assert found.model.reason == NO_COVARIATES and [row.line.ratio.reason for row in found.rows] == [NO_COVARIATES]
    assert made(data_set("lung"), (), "-").rows == ()


def test_nobody_no_events_all_in_one_level_and_a_level_with_nobody():
    empty = nobody(example())
    assert adjusted(empty, outcome(empty)[1], ("emd",)).model.reason == "no patients"
    assert made(pairs(6, 6, 0, 0, emd=half), ("emd",)).model.reason == "no events"
    alone = made(pairs(20, 20, 20, 20, emd=half), ("emd",), "arm", "emd=no")
    assert alone.model.reason == "Extramedullary disease has the same value for everybody"
    one_arm = made(pairs(20, 20, 20, 20, emd=half), ("emd",), "arm", "arm=A")
    assert one_arm.model.reason and one_arm.rows[0].line.ratio.value is None


def test_a_covariate_of_which_nobody_has_a_value():
    part = selected(example())
    bare = part.with_tables(part.patients.assign(emd=None), part.tables)
    found = adjusted(bare, outcome(example())[1], ("emd",))
    assert found.model.n == 0 and found.left_out == (("Extramedullary disease not stated", 16),)
    assert found.model.reason == "no patients"


def test_a_step_is_a_power_of_the_ratio():
    lung = data_set("lung")
    (one,), (ten,) = ([row.line.ratio.value for row in made(lung, ("age_years",), "arm", steps=steps).rows if row.variable == "age_years"]
                      for steps in ({"age_years": 1.0}, None))  # fmt: skip
    assert one**10 == pytest.approx(ten)


def test_a_variable_called_group_does_not_meet_the_groups():
    found = made(pairs(20, 20, 20, 20, group=half), ("group",))
    assert [row.variable for row in found.rows] == ["group", "group"] and found.model.parameters == 2
    assert {row.line.covariate for row in found.rows} == {"Arm", "group"}
