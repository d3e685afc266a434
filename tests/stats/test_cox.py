"""Hazard ratios against R's coxph (Efron), where Firth's take over, and where there is none to give."""

import numpy as np
import pytest
from golden.reference import DATA_SETS, SEED, arrays, floats, golden, same, survival_data, survival_numbers

from lib.stats import firth
from lib.stats.cox import LIKELIHOOD_RATIO, NAME, compared_hazards, hazard_ratios

MORE = golden("more")["groups"]
TOY = golden("survival")["monotone_toy"]


def given(time, event, group):
    return floats(*time), floats(*event), np.array(list(group), dtype=object)


def ratio(time, event, group, names=("a", "b"), reference="a", entry=None):
    return hazard_ratios(*given(time, event, group), names, reference, entry)


def is_firths(estimate, test):
    return (estimate.note, test.name) == (firth.NOTE, firth.NAME)


@pytest.mark.parametrize("name", (*DATA_SETS, *SEED))
def test_two_groups_are_rs(name):
    numbers = survival_numbers(name)
    names, reference = tuple(numbers["groups"]), numbers["reference_group"]
    found = hazard_ratios(*arrays(survival_data(name)), names, reference)
    (other,) = (name for name in names if name != reference)
    estimate, test = found[other]
    expected = numbers["cox_efron"]
    assert (estimate.value, estimate.low, estimate.high) == (
        same(expected["hr"]),
        same(expected["lower"]),
        same(expected["upper"]),
    )
    assert test.p == same(expected["p_wald"])
    assert (test.name, test.n, test.df) == (NAME, numbers["n"], 1)
    assert reference not in found
    likelihood_ratio = compared_hazards(*arrays(survival_data(name)), names, reference)[other].likelihood_ratio
    assert (likelihood_ratio.name, likelihood_ratio.p) == (LIKELIHOOD_RATIO, same(expected["p_lrt"]))


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
            same(expected[key]) for key in ("hr", "low", "high", "p")
        )
    both = compared_hazards(*arrays(rows.assign(g=rows["celltype"])), names, "squamous")
    for name, p in golden("cox")["celltype_likelihood_ratio_p"].items():
        assert (both[name].likelihood_ratio.p, both[name].likelihood_ratio.df) == (same(p), 1)


def test_late_entry_is_rs():
    rows = survival_data("lung")
    time, event, group = arrays(rows)
    entry = np.where((rows["id"] % 3 == 0) & (time > 30), 30.0, 0.0)
    estimate, test = hazard_ratios(time, event, group, ("male", "female"), "male", entry)["female"]
    expected = MORE["lung_every_third_enters_on_day_30"]["hazard_ratios"]["female"]
    assert (estimate.value, estimate.low, estimate.high, test.p) == tuple(
        same(expected[key]) for key in ("hr", "low", "high", "p")
    )


@pytest.mark.parametrize(
    ("time", "event", "group", "reason"),
    [
        ((), (), "", "no patients in b"),
        ((1, 2), (1, 1), "aa", "no patients in b"),
        ((1, 2), (1, 1), "bb", "no patients in a"),
        ((1, 2, 3, 4, 5, 6), (0, 0, 0, 0, 0, 0), "aaabbb", "no events in b and a"),
        ((1, 2, 3, 4, 5), (1, 1, 0, 1, 1), "aaabb", "b is described, not compared: fewer than 3 patients"),
        ((1, 2, 3, 4), (1, 1, 0, 1), "abbb", "a is described, not compared: fewer than 3 patients"),
    ],
)
def test_not_estimable_with_its_reason(time, event, group, reason):
    estimate, test = ratio(time, event, group)["b"]
    assert (estimate.value, estimate.reason, test.p, test.reason) == (None, reason, None, reason)


@pytest.mark.parametrize("name", ["no_events_in_one", "tied"])
def test_below_five_events_the_ratio_is_firths_and_few_events_is_said(name):
    expected, given_ = golden("small_groups")["firth"][name], golden("small_groups")["firth"][name]["given"]
    group = ["b" if x else "a" for x in given_["x"][0]]
    if name == "tied":  # its groups are of 2 and 4
        assert ratio(given_["time"], given_["ev"], group)["b"][0].reason.startswith("a is described")
        return
    estimate, test = ratio(given_["time"], given_["ev"], group)["b"]
    assert (np.log(estimate.low), np.log(estimate.value), np.log(estimate.high)) == pytest.approx(
        (expected["low"][0], expected["coefficient"][0], expected["high"][0]), rel=1e-5
    )
    assert test.p == pytest.approx(expected["p"][0], rel=1e-5)
    assert estimate.note.startswith("few events (4); Firth")


def test_a_group_of_one_replaces_no_cox_model():
    expected, rows = golden("small_groups")["solo"], survival_data("solo")
    found = hazard_ratios(*arrays(rows), ("A", "B", "Solo"), "A")
    estimate, test = found["B"]
    assert (estimate.value, estimate.low, estimate.high, test.p) == tuple(
        same(expected[key]) for key in ("hr", "low", "high", "p")
    )
    assert test.name == NAME and not estimate.note
    assert found["Solo"][0].reason == "Solo is described, not compared: fewer than 3 patients"


def test_hazards_that_are_not_proportional_are_told_at_the_ratio():
    estimate, test = hazard_ratios(*arrays(survival_data("crossing")), ("A", "B"), "A")["B"]
    assert estimate.value == same(golden("small_groups")["periods"]["whole"]["hr"]) and test.name == NAME
    assert estimate.note.startswith("hazards not proportional (score test p < 0.0001, the curves cross): ")
    assert not hazard_ratios(*arrays(survival_data("lung")), ("male", "female"), "male")["female"][0].note


def test_a_group_without_events_gets_firths_ratio_and_leaves_the_others_theirs():
    time, event, group = arrays(survival_data("ovarian"))
    time, event, group = np.append(time, [300, 600, 900]), np.append(event, [0, 0, 0]), np.append(group, ["c"] * 3)
    found = hazard_ratios(time, event, group, ("rx1", "rx2", "c", "d"), "rx1")
    assert found["rx2"][0].value == same(survival_numbers("ovarian")["cox_efron"]["hr"])
    assert found["rx2"][1].name == NAME
    assert is_firths(*found["c"]) and found["c"][1].n == 16
    assert found["d"][0].reason == "no patients in d"


def test_a_group_gone_before_the_first_event_has_no_ratio_and_leaves_the_others_theirs():
    time, event, group = arrays(survival_data("ovarian"))
    event = np.where(time > np.where(group == "rx1", 350, 500), 0.0, event)  # fewer than 10 events: Firth's
    without = hazard_ratios(time, event, group, ("rx1", "rx2"), "rx1")["rx2"]
    group = np.append(group, ["c"] * 3)
    found = hazard_ratios(np.append(time, [3, 6, 9]), np.append(event, [0, 0, 0]), group, ("rx1", "rx2", "c"), "rx1")
    assert found["c"][0].reason == found["c"][1].reason == "the groups are never at risk together"
    assert found["rx2"] == without and is_firths(*without)


def test_the_monotone_toy_is_coxphfs():
    group, expected = ["b" if x else "a" for x in TOY["x"]], TOY["firth"]
    estimate, test = ratio(TOY["time"], TOY["event"], group)["b"]
    assert is_firths(estimate, test)
    assert estimate.value == pytest.approx(expected["hr"], rel=2e-7)  # as many digits as are kept
    assert estimate.high == pytest.approx(expected["upper_pl"], rel=2e-7)
    assert estimate.low == pytest.approx(expected["lower_pl"], rel=1e-5)
    assert test.p == pytest.approx(expected["p_plr"], rel=3e-6)


def test_a_reference_without_events_is_the_same_mirrored():
    group = ["b" if x else "a" for x in TOY["x"]]
    there, test = ratio(TOY["time"], TOY["event"], group)["b"]
    back, again = ratio(TOY["time"], TOY["event"], group, ("a", "b"), "b")["a"]
    assert (back.value, back.low, back.high) == (same(1 / there.value), same(1 / there.high), same(1 / there.low))
    assert again.p == same(test.p)


@pytest.mark.parametrize(
    ("time", "event", "group"),
    [
        (range(1, 11), [1] * 10, "aaaaabbbbb"),  # every event of a before every one of b: separated
        (range(1, 11), [1] * 9 + [0], "ababababab"),  # 9 events
        (range(1, 401), [1] * 400, "a" * 199 + "ba" + "b" * 199),  # not separated, but hardly
    ],
)
def test_firth_takes_over(time, event, group):
    found = compared_hazards(*given(time, event, group), ("a", "b"), "a")["b"]
    assert is_firths(found.ratio, found.test)
    assert 0 < found.ratio.low < found.ratio.value < found.ratio.high < np.inf
    assert found.likelihood_ratio == found.test


def test_ten_events_are_coxs_own():
    assert ratio(range(1, 11), [1] * 10, "ababababab")["b"][1].name == NAME


def test_all_events_at_one_time_say_nothing():
    estimate, test = ratio([4] * 10, [1] * 10, "aaaaabbbbb")["b"]
    assert (estimate.value, test.p) == (pytest.approx(1), pytest.approx(1))


def test_order_of_rows_is_nothing():
    time, event, group = arrays(survival_data("veteran"))
    order = np.random.default_rng(1).permutation(len(time))
    first = hazard_ratios(time, event, group, ("standard", "test"), "standard")["test"][0]
    again = hazard_ratios(time[order], event[order], group[order], ("standard", "test"), "standard")["test"][0]
    assert again.value == pytest.approx(first.value, rel=1e-9)


@pytest.mark.parametrize("seed", range(60))
def test_never_an_exception_and_always_a_number_or_a_reason(seed):
    draw = np.random.default_rng(seed)
    n = int(draw.integers(0, 14))
    time, event = draw.integers(0, 7, n).astype(float), (draw.random(n) < 0.8).astype(float)
    group = np.array(list("abc"), dtype=object)[draw.integers(0, 3, n)]
    entry = draw.integers(0, 7, n).astype(float) if seed % 2 else None
    found = compared_hazards(time, event, group, ("a", "b", "c", "d"), "b", entry)
    assert list(found) == ["a", "c", "d"]
    for one in found.values():
        assert (one.ratio.value is None) == (one.test.p is None)
        assert one.ratio.value is None or 0 < one.ratio.value < np.inf
        assert one.test.p is None or 0 <= one.test.p <= 1
