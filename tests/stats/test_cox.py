"""Hazard ratios against R's coxph (Efron), and where there is none to give."""

import numpy as np
import pytest
from golden.reference import DATA_SETS, SEED, arrays, floats, golden, same, survival_data, survival_numbers

from lib.stats.cox import NAME, hazard_ratios

MORE = golden("more")["groups"]


def ratio(time, event, group, names=("a", "b"), reference="a", entry=None):
    return hazard_ratios(floats(*time), floats(*event), np.array(list(group), dtype=object), names, reference, entry)


@pytest.mark.parametrize("name", (*DATA_SETS, *SEED))
def test_two_groups_are_rs(name):
    numbers = survival_numbers(name)
    names, reference = tuple(numbers["groups"]), numbers["reference_group"]
    found = hazard_ratios(*arrays(survival_data(name)), names, reference)
    (other,) = (name for name in names if name != reference)
    estimate, test = found[other]
    expected = numbers["cox_efron"]
    assert (estimate.value, estimate.low, estimate.high) == (
        same(expected["hr"]), same(expected["lower"]), same(expected["upper"]))  # fmt: skip
    assert test.p == same(expected["p_wald"])
    assert (test.name, test.n, test.df) == (NAME, numbers["n"], 1)
    assert reference not in found


def test_the_other_way_round_is_the_reciprocal():
    time, event, group = arrays(survival_data("lung"))
    there = hazard_ratios(time, event, group, ("male", "female"), "male")["female"][0]
    back = hazard_ratios(time, event, group, ("male", "female"), "female")["male"][0]
    assert back.value == pytest.approx(1 / there.value, rel=1e-6)
    assert (back.low, back.high) == (pytest.approx(1 / there.high, rel=1e-6), pytest.approx(1 / there.low, rel=1e-6))


def test_four_groups_are_rs():
    rows = survival_data("veteran")
    names = ("squamous", "smallcell", "adeno", "large")
    found = hazard_ratios(*arrays(rows.assign(g=rows["celltype"])), names, "squamous")
    for name, expected in MORE["veteran_celltype"]["hazard_ratios"].items():
        estimate, test = found[name]
        assert (estimate.value, estimate.low, estimate.high, test.p) == tuple(
            same(expected[key]) for key in ("hr", "low", "high", "p"))  # fmt: skip


def test_late_entry_is_rs():
    rows = survival_data("lung")
    time, event, group = arrays(rows)
    entry = np.where((rows["id"] % 3 == 0) & (time > 30), 30.0, 0.0)
    estimate, test = hazard_ratios(time, event, group, ("male", "female"), "male", entry)["female"]
    expected = MORE["lung_every_third_enters_on_day_30"]["hazard_ratios"]["female"]
    assert (estimate.value, estimate.low, estimate.high, test.p) == tuple(
        same(expected[key]) for key in ("hr", "low", "high", "p"))  # fmt: skip


@pytest.mark.parametrize(
    ("time", "event", "group", "reason"),
    [
        ((), (), "", "no patients in b"),
        ((1, 2), (1, 1), "aa", "no patients in b"),
        ((1, 2), (1, 1), "bb", "no patients in a"),
        ((1, 2, 3, 4), (1, 1, 0, 0), "aabb", "no events in b"),
        ((1, 2, 3, 4), (0, 0, 1, 1), "aabb", "no events in a"),
        ((1, 2, 3, 4), (1, 1, 1, 1), "aabb", "fewer than 5 events"),
        (range(1, 11), [1] * 10, "aaaaabbbbb", "the model did not converge"),  # every event of a before every one of b
    ],
)
def test_not_estimable_with_its_reason(time, event, group, reason):
    estimate, test = ratio(time, event, group)["b"]
    assert (estimate.value, estimate.reason, test.p, test.reason) == (None, reason, None, reason)


def test_a_group_without_a_ratio_leaves_the_others_theirs():
    time, event, group = arrays(survival_data("ovarian"))
    time, event, group = np.append(time, [3, 9]), np.append(event, [0, 0]), np.append(group, ["c", "c"])
    found = hazard_ratios(time, event, group, ("rx1", "rx2", "c", "d"), "rx1")
    assert found["rx2"][0].value == same(survival_numbers("ovarian")["cox_efron"]["hr"])
    assert (found["c"][0].reason, found["d"][0].reason) == ("no events in c", "no patients in d")


def test_the_monotone_toy_gives_no_number():
    toy = golden("survival")["monotone_toy"]
    group = ["b" if x else "a" for x in toy["x"]]
    assert ratio(toy["time"], toy["event"], group)["b"][0].reason == "no events in b"


def test_all_events_at_one_time_say_nothing():
    estimate, test = ratio([4] * 10, [1] * 10, "aaaaabbbbb")["b"]
    assert (estimate.value, test.p) == (pytest.approx(1), pytest.approx(1))


def test_order_of_rows_is_nothing():
    time, event, group = arrays(survival_data("veteran"))
    order = np.random.default_rng(1).permutation(len(time))
    first = hazard_ratios(time, event, group, ("standard", "test"), "standard")["test"][0]
    again = hazard_ratios(time[order], event[order], group[order], ("standard", "test"), "standard")["test"][0]
    assert again.value == pytest.approx(first.value, rel=1e-9)
