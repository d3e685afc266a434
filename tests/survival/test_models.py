"""Unadjusted comparisons against R, as printed and as numbers."""

import pytest
from golden.cohorts import example, nobody, synthetic
from golden.reference import DATA_SETS, SEED, golden, same, survival_numbers

from lib.stats.estimate import TOO_FEW
from lib.stats.firth import NAME as FIRTH
from lib.survival.models import models
from lib.survival.models_table import models_table
from survival.data_sets import REFERENCE, data_set, no_null_without_reason, outcome, pairs, rows
from survival.made import as_groups


def made(cohort, grouping="arm", *where, tau=None, **asked):
    return models(outcome(cohort, grouping, *where, **asked)[1], tau)


def test_tau_is_the_smallest_of_the_groups_largest_times_and_says_whose():
    found = made(example(), endpoint="ttp")
    assert (found.tau, found.tau_of) == (14.0, "Control")
    chosen = made(example(), endpoint="ttp", tau=6.0)
    assert (chosen.tau, chosen.tau_of) == (6.0, "")
    assert chosen.groups[0].restricted_mean.value < found.groups[0].restricted_mean.value
    assert made(synthetic(), endpoint="os").tau_of == "Pomalidomide"


def test_a_time_that_a_group_never_reached_has_no_mean_but_a_reason():
    beyond = made(example(), endpoint="os", tau=60.0)
    control, other = beyond.groups
    assert control.restricted_mean.value == pytest.approx(10.025)  # all died: the curve is 0 from there on
    assert other.restricted_mean.value is None and "observed only until" in other.restricted_mean.reason
    assert other.difference[0].value is None and other.difference[1].p is None


def test_nobody_and_one_group():
    empty = models(outcome(nobody(example()))[1])
    assert empty.tau is None and empty.n == 0
    assert all(group.restricted_mean.reason for group in empty.groups) and empty.groups[1].hazard.ratio.reason
    assert all(test.p is None and test.reason for test in empty.proportional.values())
    alone = made(example(), "-")
    assert [group.hazard for group in alone.groups] == [None] and not alone.compares
    assert alone.groups[0].restricted_mean.value > 0
    filtered = made(example(), "arm", "arm=Control")
    assert "no patients in Pomalidomide" in filtered.groups[1].hazard.ratio.reason
    assert filtered.groups[1].difference[0].reason == "no patients"


@pytest.mark.parametrize(
    ("events", "ratio", "means"), [((2, 2), True, False), ((3, 2), True, True), ((0, 0), False, False)]
)
def test_below_five_events_the_ratio_is_firths_and_means_are_not_compared(events, ratio, means):
    group = made(pairs(6, 6, *events)).groups[1]
    assert [each.value is not None for each in (group.hazard.ratio, group.difference[0], group.ratio[0])] == [
        ratio,
        means,
        means,
    ]
    assert group.restricted_mean.value is not None
    assert means or (group.difference[0].reason, group.difference[1].reason) == (TOO_FEW, TOO_FEW)
    assert not ratio or group.hazard.ratio.note.startswith("few events (4)") == (sum(events) == 4)


def test_where_hazards_are_not_proportional_the_ratio_is_given_by_period_as_in_r():
    expected = golden("small_groups")["periods"]
    found = models(outcome(as_groups("crossing", "A"), unit="days")[1])
    early, late = found.groups[1].periods
    assert (early.until, late.since, early.since, late.until) == (expected["cut"], expected["cut"], None, None)
    for one, numbers in ((early, expected["early"]), (late, expected["late"])):
        ratio, test = one.hazard.ratio, one.hazard.test
        assert [ratio.value, ratio.low, ratio.high, test.p] == [
            same(numbers[key]) for key in ("hr", "low", "high", "p")
        ]
    assert found.proportional["km"].p == same(expected["zph"])
    assert sum(n for n, _ in early.sizes) == 60 and sum(e for one in (early, late) for _, e in one.sizes) == 53
    assert made(data_set("lung")).groups[1].periods == ()


def test_firth_where_it_must_and_no_test_of_proportional_hazards_of_it():
    found = made(pairs(8, 8, 5, 3))
    assert found.groups[1].penalised and found.groups[1].hazard.test.name == FIRTH
    assert found.proportional_of == () and found.proportional["km"].reason == "the hazard ratios are penalised"
    assert not made(data_set("ovarian")).groups[1].penalised


def test_the_order_of_the_groups_does_not_change_the_test_of_proportional_hazards():
    one = made(data_set("lung")).proportional["km"]
    assert one.n == 228 and one.df == 1
    assert made(synthetic(), endpoint="pfs").proportional["rank"].df == 2


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
    assert [difference[each] for each in ("value", "low", "high", "p")] == [
        same(rmst[each]) for each in ("diff_2_minus_1", "lower", "upper", "p")
    ]
    assert [ratio[each] for each in ("value", "low", "high", "p")] == [
        same(more["ratio"][each]) for each in ("value", "low", "high", "p")
    ]


def test_each_p_has_its_test_and_n_beside_it():
    found = table(example(), endpoint="ttp")
    assert found.id == "survival.ttp.models" and found.header == (
        "Statistic",
        "Groups",
        "n",
        "Events",
        "Estimate (95 % CI)",
        "p",
        "Method",
    )
    assert found.rows[0] == (
        "Hazard ratio",
        "Pomalidomide v Control",
        "8 v 8",
        "4 v 8",
        "0.22 (0.057–0.85)",
        "0.029",
        "Cox, Wald limits and test",
    )
    assert found.rows[1][4:] == ("", "0.019", "Cox, likelihood ratio test")
    assert found.rows[2] == (
        "Proportional hazards",
        "Control v Pomalidomide",
        "16",
        "12",
        "",
        "0.72",
        "score test, Kaplan-Meier scale",
    )
    assert found.rows[5][0] == "Difference of means, months" and found.rows[5][4] == "5.4 (1.5 to 9.2)"
    assert all(line.n == 16 for line in found.tests)
    assert "up to 14.0 months, the longest time of Control" in found.method
    assert "up to 6.0 months, as chosen" in table(example(), endpoint="ttp", tau=6.0).method


def test_an_interval_that_holds_0_is_written_with_signs():
    assert table(example(), "emd", endpoint="ttp").rows[-2][4] == "−0.2 (−5.4 to 4.9)"


def test_bias_and_few_patients_are_said():
    assert "immortal time" in table(example()).method and "Small sample: descriptive only." in table(example()).notes
    assert "immortal time" not in table(synthetic(), "emd").method
    assert table(synthetic(), "emd").notes == ("4 of 60 not evaluable: Extramedullary disease not stated.",)
    assert table(example(), "-").notes == ()


def test_a_penalised_ratio_is_named_with_its_one_test():
    found = table(pairs(8, 8, 5, 3))
    assert found.rows[0][6] == "Firth, profile limits, likelihood ratio test" and not of(
        found, "hazard_ratio_likelihood"
    )
    assert "Firth's model for B" in found.method
    assert found.rows[1][5] == "not done: the hazard ratios are penalised"


@pytest.mark.parametrize("made", [example(), synthetic(), pairs(4, 4, 2, 2), pairs(5, 5, 0, 5), pairs(3, 0, 3, 0)])
@pytest.mark.parametrize("grouping", ["arm", "-"])
def test_every_null_has_its_reason(made, grouping):
    no_null_without_reason(table(made, grouping, endpoint=made.endpoint_names[0]))
