"""Adjusted comparisons against R, as printed and as numbers; who is left out."""

import pytest
from golden.cohorts import example, nobody, selected, synthetic
from golden.reference import golden, same

from lib.survival.adjusted import NO_COVARIATES, NOTHING_CHOSEN, adjusted, adjusted_table
from survival.data_sets import data_set, no_null_without_reason, outcome, pairs, rows
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
    assert {reason for reason, _ in found.left_out} == {
        "Extramedullary disease not stated",
        "High-risk cytogenetics not stated",
    }
    emd = next(row for row in found.rows if row.variable == "emd")
    assert sum(n for n, _ in emd.sizes) == found.model.n
    assert sum(events for _, events in emd.sizes) == found.model.n_events


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
    (one,), (ten,) = (
        [
            row.line.ratio.value
            for row in made(lung, ("age_years",), "arm", steps=steps).rows
            if row.variable == "age_years"
        ]
        for steps in ({"age_years": 1.0}, None)
    )
    assert one**10 == pytest.approx(ten)


def test_a_variable_called_group_does_not_meet_the_groups():
    found = made(pairs(20, 20, 20, 20, group=half), ("group",))
    assert [row.variable for row in found.rows] == ["group", "group"] and found.model.parameters == 2
    assert {row.line.covariate for row in found.rows} == {"Arm", "group"}


def table(cohort, names, grouping="arm", *where, steps=None, **asked):
    part, found = outcome(cohort, grouping, *where, **asked)
    return adjusted_table(adjusted(part, found, names, steps))


def test_lung_adjusted_for_age_and_ecog_is_rs():
    model = golden("cox")["models"]["lung_sex_age_ecog"]
    found = table(data_set("lung"), ("age_years", "ph_ecog"))
    for row, term in zip(rows(found), model["terms"].values(), strict=False):
        assert [row[name] for name in ("value", "low", "high", "p")] == [
            same(term[name]) for name in ("hr", "low", "high", "p")
        ]
    together, *proportional = rows(found)[4:]
    assert together["p"] == same(model["lrt"]["p"])
    assert [row["p"] for row in proportional] == [same(test["p"]) for test in model["zph"]["km"].values()]
    assert found.n == 226 and "n = 226 of 228, 163 events." in found.caption
    assert "2 left out: ph ecog not stated." in found.notes
    assert found.rows[1][0] == "Age, per 10 years" and found.rows[0][:3] == (
        "Arm: female v male",
        "90 v 136",
        "53 v 110",
    )


def test_veteran_with_four_covariates_is_rs():
    model = golden("cox")["models"]["veteran_all"]
    found = table(data_set("veteran"), ("age_years", "karno", "celltype"), steps={"karno": 10.0, "age_years": 10.0})
    values = {row["p"] for row in rows(found)[:3]}
    expected = [term["p"] for name, term in model["terms"].items() if "celltype" not in name]
    for p in expected:
        assert any(value == same(p) for value in values)
    assert rows(found)[6]["p"] == same(model["lrt"]["p"])


def test_ovarian_has_few_events_and_says_how_many():
    found = table(data_set("ovarian"), ("resid_ds",))
    assert (
        found.notes[-1] == "Few events: 12 events for 2 parameters, 6.0 each (10 are wanted): limits are approximate."
    )
    assert rows(found)[0]["value"] is not None


def test_bias_few_patients_and_the_limit_are_said():
    found = table(example(), ("emd", "high_risk_cytogenetics"))
    notes = found.notes
    assert "immortal time" in found.method and "Small sample: descriptive only." in notes
    assert (
        notes[-1]
        == "Few events: 10 events for 3 parameters, 3.3 each (10 are wanted): Firth's penalised model, profile limits."
    )


def test_covariates_known_late_or_undated_are_warned_of():
    notes = table(synthetic(), ("arm", "iss_stage"), "emd", endpoint="pfs").notes
    assert "Arm: known after infusion: adjusting for it is biased." in notes
    assert "iss stage: not stated when it was known; if after infusion, adjusting for it is biased." in notes
    assert not any("biased" in note for note in table(synthetic(), ("sex",), "emd", endpoint="pfs").notes)


def test_nothing_chosen_says_what_is_usual():
    found = table(data_set("lung"), ())
    assert found.notes == (NOTHING_CHOSEN,) and found.rows == (
        ("Arm: female v male", "90 v 138", "53 v 112", "not estimable: no covariate was chosen", "–", ""),
    )


def test_separation_is_penalised_and_named():
    found = table(pairs(20, 20, 20, 0, emd=lambda name: "yes" if int(name[1:]) % 2 else "no"), ("emd",))
    assert found.rows[0][5] == "Firth, profile limits, likelihood ratio test"
    assert found.rows[2][0] == "All covariates together" and found.rows[2][5] == "penalised likelihood ratio test"
    refused = [row for row in found.rows if row[4] == "not done: the coefficients are penalised"]
    assert [row[0] for row in refused] == ["Proportional hazards"], "once, however many covariates there are"
    assert len(found.numbers.rows) > len(found.rows), "results.json has each"


@pytest.mark.parametrize("grouping", ["arm", "emd", "-", "age"])
@pytest.mark.parametrize("made", [example(), synthetic()])
def test_every_null_has_its_reason(made, grouping):
    for names in ((), ("emd", "high_risk_cytogenetics"), ("age_years",)):
        for endpoint in made.endpoint_names:
            no_null_without_reason(table(made, names, grouping, endpoint=endpoint))


def test_a_level_that_is_called_like_a_small_group_keeps_its_ratio():
    solo = as_groups("solo", "A", site=lambda name: "Solo" if half(name) == "yes" else "Other")
    found = adjusted(solo, outcome(solo, unit="days")[1], ("site",))
    (site,) = (row.line for row in found.rows if row.variable == "site")
    assert site.level == "Solo" and site.ratio.value is not None
