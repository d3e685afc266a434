"""Cause-specific hazard ratios against R's coxph with the other causes censored."""

import numpy as np
import pytest
from golden.reference import floats, golden, same

from lib.stats.cox import cause_specific_ratios, hazard_ratios
from stats.competing import NUMBERS, mgus2_by, toy


@pytest.mark.parametrize(("of", "numbers"), [(1, "cause_specific"), (2, "cause_specific_2")])
def test_mgus2_is_rs(of, numbers):
    ratio, test = cause_specific_ratios(*mgus2_by("sex"), ["F", "M"], "F", of)["M"]
    expected = NUMBERS["mgus2"][numbers]["M"]
    assert (ratio.value, ratio.low, ratio.high) == tuple(same(expected[key]) for key in ("hr", "low", "high"))
    assert test.p == pytest.approx(expected["p"], rel=1e-5)
    assert test.name.startswith("Cause-specific: ")


def test_mgus2_has_the_numbers_told_before():
    reported = golden("survival")["mgus2_competing"]
    ratio, test = cause_specific_ratios(*mgus2_by("sex"), ["F", "M"], "F")["M"]
    assert (ratio.value, test.p) == (same(reported["cause_specific_hr"]), same(reported["cause_specific_p"]))


def test_three_groups_are_rs():
    found = cause_specific_ratios(*mgus2_by("age_group"), ["young", "middle", "old"], "young")
    for name, expected in NUMBERS["mgus2"]["cause_specific_age"].items():
        ratio = found[name][0]
        assert (ratio.value, ratio.low, ratio.high) == tuple(same(expected[key]) for key in ("hr", "low", "high"))


def test_other_causes_are_censored_and_late_entry_goes_through():
    time, cause, group = toy("two_groups")
    entry = np.where(time > 4, 1.0, 0.0)
    found = cause_specific_ratios(time, cause, group, ["a", "b"], "a", entry=entry)["b"]
    expected = hazard_ratios(time, (cause == 1).astype(float), group, ["a", "b"], "a", entry)["b"]
    assert found[0] == expected[0]


def test_thin_data_have_a_reason():
    nobody = cause_specific_ratios(floats(), floats(), np.array([], object), ["a", "b"], "a")["b"]
    assert nobody[0].reason and nobody[1].reason
    only_others = cause_specific_ratios(floats(1, 2), floats(2, 2), np.array(["a", "b"], object), ["a", "b"], "a")["b"]
    assert only_others[0].value is None
