"""The table of unadjusted comparisons against R, and what it says of each number."""

import pytest
from golden.cohorts import example, synthetic
from golden.reference import DATA_SETS, SEED, golden, same, survival_numbers

from lib.survival.bias import ARM_BIAS
from lib.survival.models.result import models
from lib.survival.models.table import HEADER, models_table
from survival.data_sets import REFERENCE, data_set, no_null_without_reason, outcome, pairs, rows


def table(cohort, grouping="arm", *where, tau=None, **asked):
    return models_table(models(outcome(cohort, grouping, *where, **asked)[1], tau))


def of(exhibit, statistic):
    return [row for row in rows(exhibit) if row["statistic"] == statistic]


@pytest.mark.parametrize("name", [*DATA_SETS, *SEED])
def test_hazard_ratio_and_its_tests_are_rs(name):
    cox, zph = survival_numbers(name)["cox_efron"], survival_numbers(name)["cox_zph"]
    found = table(data_set(name))
    (ratio,), (likelihood,) = of(found, "hazard_ratio"), of(found, "hazard_ratio_likelihood")
    assert (ratio["value"], ratio["low"], ratio["high"]) == (same(cox["hr"]), same(cox["lower"]), same(cox["upper"]))
    assert (ratio["p"], likelihood["p"]) == (same(cox["p_wald"]), same(cox["p_lrt"]))
    assert ratio["reference"] == REFERENCE[name]
    for scale in ("km", "identity", "rank"):
        (test,) = of(found, f"proportional_hazards_{scale}")
        assert test["p"] == same(zph[scale]["p"]), scale
    assert sum("proportional" in row[0].lower() for row in found.rows) == 1


@pytest.mark.parametrize("name", [*DATA_SETS, *SEED])
def test_restricted_means_are_rs(name):
    rmst, more = survival_numbers(name)["rmst"], golden("survival_more")["rmst"][name]
    found = table(data_set(name), tau=rmst["tau"])
    means = {row["group"]: row["value"] for row in of(found, "restricted_mean")}
    assert means == {group: same(value) for group, value in more["mean"].items()}
    (difference,), (ratio,) = of(found, "restricted_mean_difference"), of(found, "restricted_mean_ratio")
    if name == "os":  # nobody of one group died before tau: R's limits leave that group out of account
        assert difference["value"] is ratio["value"] is None and "no spread of events" in difference["reason"]
        return
    assert [difference[each] for each in ("value", "low", "high", "p")] == [same(rmst[each]) for each in ("diff_2_minus_1", "lower", "upper", "p")]  # fmt: skip
    assert [ratio[each] for each in ("value", "low", "high", "p")] == [same(more["ratio"][each]) for each in ("value", "low", "high", "p")]  # fmt: skip


def test_each_p_has_its_test_and_n_beside_it():
    found = table(example(), endpoint="ttp")
    assert found.id == "survival.ttp.models" and found.header == HEADER
    assert found.rows[0] == ("Hazard ratio", "Pomalidomide v Control", "8 v 8", "4 v 8", "0.221 (0.0573–0.854)", "0.0287", "Cox, Wald limits and test")  # fmt: skip
    assert found.rows[1][4:] == ("", "0.0187", "Cox, likelihood ratio test")
    assert found.rows[2] == ("Proportional hazards", "Control v Pomalidomide", "16", "12", "", "0.7172", "score test, Kaplan-Meier scale")  # fmt: skip
    assert found.rows[5][0] == "Difference of means, months" and found.rows[5][4] == "5.37 (1.5–9.23)"
    assert all(line.n == 16 for line in found.tests)
    assert "up to 14 months, the longest time of Control" in found.caption
    assert "up to 6 months, as chosen" in table(example(), endpoint="ttp", tau=6.0).caption


def test_an_interval_that_holds_0_is_written_with_signs():
    assert table(example(), "emd", endpoint="ttp").rows[-2][4] == "−0.248 (−5.41 to 4.92)"


def test_bias_and_few_patients_are_said():
    assert table(example()).notes[0].startswith(ARM_BIAS) and "Fewer than 30 patients: descriptive." in table(example()).notes  # fmt: skip
    assert not any("biased" in note for note in table(synthetic(), "emd").notes)
    assert table(synthetic(), "emd").notes == () and table(example(), "-").notes == ()


def test_a_penalised_ratio_is_named_with_its_one_test():
    found = table(pairs(8, 8, 5, 3))
    assert found.rows[0][6] == "Firth, profile limits, likelihood ratio test" and not of(found, "hazard_ratio_likelihood")  # fmt: skip
    assert any(note.startswith("Firth's model for B") for note in found.notes)
    assert found.rows[1][5] == "not done: the hazard ratios are penalised"


@pytest.mark.parametrize("made", [example(), synthetic(), pairs(4, 4, 2, 2), pairs(5, 5, 0, 5), pairs(3, 0, 3, 0)])
@pytest.mark.parametrize("grouping", ["arm", "-"])
def test_every_null_has_its_reason(made, grouping):
    no_null_without_reason(table(made, grouping, endpoint=made.endpoint_names[0]))
