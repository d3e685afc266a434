"""Fine-Gray ratios against R's cmprsk::crr, and where there is none."""

import numpy as np
import pytest
from golden.reference import floats, golden, same

from lib.stats.estimate import FEW_EVENTS
from lib.stats.fine_gray import LATE_ENTRY, NAME, subdistribution_ratios
from stats.competing import NUMBERS, TOYS, drawn, group_names, mgus2_by, toy


def check(found, expected):
    ratio, test = found
    assert (ratio.value, ratio.low, ratio.high) == tuple(same(expected[key]) for key in ("hr", "low", "high"))
    assert test.p == pytest.approx(expected["p"], rel=1e-5, abs=1e-12)
    assert (test.name, test.df) == (NAME, 1)


def test_mgus2_is_rs():
    by_sex, by_age = mgus2_by("sex"), mgus2_by("age_group")
    check(subdistribution_ratios(*by_sex, ["F", "M"], "F")["M"], NUMBERS["mgus2"]["fine_gray"]["M"])
    check(subdistribution_ratios(*by_sex, ["F", "M"], "F", of=2)["M"], NUMBERS["mgus2"]["fine_gray_2"]["M"])
    found = subdistribution_ratios(*by_age, ["young", "middle", "old"], "young")
    for name, expected in NUMBERS["mgus2"]["fine_gray_age"].items():
        check(found[name], expected)


def test_mgus2_is_close_to_survivals_finegray_which_parts_ties_otherwise():
    ratio, test = subdistribution_ratios(*mgus2_by("sex"), ["F", "M"], "F")["M"]
    survival = NUMBERS["mgus2"]["survival_finegray"]
    assert survival["hr"] == same(golden("survival")["mgus2_competing"]["finegray_sex_male_vs_F"]["hr"])
    assert ratio.value == pytest.approx(survival["hr"], rel=3e-4)
    assert test.p == pytest.approx(survival["robust_p_by_patient"], rel=3e-3)


@pytest.mark.parametrize("of", [1, 2])
@pytest.mark.parametrize("name", TOYS)
def test_tied_small_cases_are_rs(name, of):
    time, cause, group = toy(name)
    names = group_names(group)
    found = subdistribution_ratios(time, cause, group, names, names[0], of)
    expected = NUMBERS["toys"][name]["fine_gray" if of == 1 else "fine_gray_2"]
    for one in names[1:]:
        both = (group == one) | (group == names[0])
        if np.sum(cause[both] == of) < FEW_EVENTS:
            assert found[one][0].reason == "fewer than 5 events of this cause"
        else:
            check(found[one], expected[one])


def test_no_ratio_with_the_reason():
    def reason(time, cause, group, entry=None):
        ratio, test = subdistribution_ratios(time, cause, np.array(group, object), ["a", "b"], "a", 1, entry)["b"]
        assert ratio.value is None and test.p is None and ratio.reason == test.reason
        return ratio.reason

    assert reason(floats(), floats(), []) == "no patients in b"
    assert reason(floats(1, 2), floats(1, 1), ["b", "b"]) == "no patients in a"
    assert reason(floats(1, 2), floats(1, 2), ["b", "a"]) == "no events of this cause in a"
    assert reason(floats(1, 2), floats(0, 1), ["b", "a"]) == "no events of this cause in b"
    assert (
        reason(floats(1, 2, 3, 4, 5, 6), floats(1, 1, 1, 1, 0, 0), list("ababab"))
        == "fewer than 5 events of this cause"
    )
    assert reason(floats(1, 2), floats(1, 1), ["b", "a"], floats(0, 1)) == LATE_ENTRY
    assert reason(floats(1, 2, 3, 4), np.ones(4), list("abab")) == "b is described, not compared: fewer than 3 patients"
    assert reason(floats(1, 2, 3, 4, 5, 6, 7, 8), np.ones(8), list("aaaabbbb")) == "the model did not converge"


def test_a_group_without_events_does_not_disturb_the_others():
    time, cause, group = toy("two_groups")
    more = np.append(time, [3, 4]), np.append(cause, [0, 2]), np.append(group, ["c", "c"])
    found = subdistribution_ratios(*more, ["a", "b", "c"], "a")
    assert found["c"][0].reason == "no events of this cause in c"
    assert found["b"] == subdistribution_ratios(time, cause, group, ["a", "b"], "a")["b"]


@pytest.mark.parametrize("seed", range(10))
def test_order_and_unit_are_nothing_and_the_other_reference_gives_the_reciprocal(seed):
    time, cause, group = drawn(seed, 30)
    first = subdistribution_ratios(time, cause, group, ["a", "b"], "a")["b"][0]
    turned = np.random.default_rng(1).permutation(len(time))
    again = subdistribution_ratios(9 * time[turned], cause[turned], group[turned], ["a", "b"], "a")["b"][0]
    assert (again.value, again.low) == (pytest.approx(first.value), pytest.approx(first.low))
    swapped = subdistribution_ratios(time, cause, group, ["b", "a"], "b")["a"][0]
    assert (swapped.value, swapped.low, swapped.high) == tuple(
        pytest.approx(1 / value) for value in (first.value, first.high, first.low)
    )


@pytest.mark.parametrize("seed", range(40))
def test_thin_data_never_fail(seed):
    generator = np.random.default_rng(seed)
    n = int(generator.integers(4, 14))
    time, cause = generator.integers(0, 4, n).astype(float), generator.integers(0, 3, n).astype(float)
    group = generator.choice(np.array(["a", "b"], object), n)
    ratio, test = subdistribution_ratios(time, cause, group, ["a", "b"], "a")["b"]
    assert (ratio.value is None) == bool(ratio.reason) == (test.p is None)
    assert ratio.value is None or 0 < ratio.low <= ratio.value <= ratio.high < np.inf


def test_everybody_with_the_cause_at_one_time_has_no_variance():
    time, cause, group = np.full(16, 28.0), np.ones(16), np.array(["A"] * 8 + ["B"] * 8, dtype=object)
    ratio, test = subdistribution_ratios(time, cause, group, ["A", "B"], "A")["B"]
    assert ratio.reason.startswith("no variance") and test.p is None
