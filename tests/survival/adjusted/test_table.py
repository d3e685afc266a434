"""The adjusted table against R, and its words about limits and bias."""

import pytest
from golden.cohorts import example, synthetic
from golden.reference import golden, same

from lib.survival.adjusted.result import adjusted
from lib.survival.adjusted.table import NOTHING_CHOSEN, adjusted_table
from lib.survival.bias import ARM_BIAS
from survival.data_sets import data_set, no_null_without_reason, outcome, pairs, rows


def table(cohort, names, grouping="arm", *where, steps=None, **asked):
    part, found = outcome(cohort, grouping, *where, **asked)
    return adjusted_table(adjusted(part, found, names, steps))


def test_lung_adjusted_for_age_and_ecog_is_rs():
    model = golden("cox")["models"]["lung_sex_age_ecog"]
    found = table(data_set("lung"), ("age_years", "ph_ecog"))
    for row, term in zip(rows(found), model["terms"].values(), strict=False):
        assert [row[name] for name in ("value", "low", "high", "p")] == [same(term[name]) for name in ("hr", "low", "high", "p")]  # fmt: skip
    together, *proportional = rows(found)[4:]
    assert together["p"] == same(model["lrt"]["p"])
    assert [row["p"] for row in proportional] == [same(test["p"]) for test in model["zph"]["km"].values()]
    assert found.n == 226 and "n = 226 of 228, 163 events. 2 left out: ph ecog not stated." in found.caption
    assert found.rows[1][0] == "Age, per 10 years" and found.rows[0][:3] == ("Arm: female v male", "90 v 136", "53 v 110")  # fmt: skip


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
    notes = table(example(), ("emd", "high_risk_cytogenetics")).notes
    assert notes[0].startswith(ARM_BIAS) and "Fewer than 30 patients: descriptive." in notes
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
    assert found.notes == (NOTHING_CHOSEN,) and found.rows == (("Arm: female v male", "90 v 138", "53 v 112", "not estimable: no covariate was chosen", "–", ""),)  # fmt: skip


def test_separation_is_penalised_and_named():
    found = table(pairs(20, 20, 20, 0, emd=lambda name: "yes" if int(name[1:]) % 2 else "no"), ("emd",))
    assert found.rows[0][5] == "Firth, profile limits, likelihood ratio test"
    assert found.rows[2][0] == "All covariates together" and found.rows[2][5] == "penalised likelihood ratio test"
    assert found.rows[-1][4] == "not done: the coefficients are penalised"


@pytest.mark.parametrize("grouping", ["arm", "emd", "-", "age"])
@pytest.mark.parametrize("made", [example(), synthetic()])
def test_every_null_has_its_reason(made, grouping):
    for names in ((), ("emd", "high_risk_cytogenetics"), ("age_years",)):
        for endpoint in made.endpoint_names:
            no_null_without_reason(table(made, names, grouping, endpoint=endpoint))
