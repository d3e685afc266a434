"""Unadjusted comparisons: what is compared with what, up to when, and what is not given."""

import pytest
from golden.cohorts import example, nobody, synthetic
from golden.reference import golden, same

from lib.stats.firth import NAME as FIRTH
from lib.stats.small_samples import TOO_FEW
from lib.survival.models.result import models
from survival.data_sets import data_set, outcome, pairs
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
