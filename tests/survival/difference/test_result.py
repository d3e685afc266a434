"""The difference is that of the group less the reference, R's numbers, and has a reason where there is none."""

import pytest
from golden.cohorts import example
from golden.reference import golden

from lib.stats.restricted_mean import difference_at
from lib.survival.difference.result import difference
from survival.made import data_set, result


@pytest.mark.parametrize("name", ["lung", "ovarian", "ttp"])
def test_r_has_the_same_numbers(name):
    found, expected = difference(result(data_set(name), unit="days")), golden("small_groups")["difference"][name]
    values = [difference_at(found.curve, time) for time in expected["time"]]
    assert [value.value for value in values] == pytest.approx(expected["difference"], abs=1e-9)
    for value, low, high in zip(values, expected["low"], expected["high"], strict=True):
        assert (value.low, value.high) == (pytest.approx(low, rel=1e-6), pytest.approx(high, rel=1e-6))


def test_a_group_of_one_or_two_is_described_and_not_compared():
    found = difference(result(example(), "ttp", "arm", "emd=yes"))
    assert found.curve.reason == "Control is described, not compared: fewer than 3 patients"


def test_it_is_the_group_less_the_reference():
    found = difference(result(example(), "ttp"))
    assert (found.group, found.reference) == ("Pomalidomide", "Control")
    assert difference_at(found.curve, 6).value == pytest.approx(0.5)


def test_a_group_without_patients_has_a_reason():
    found = difference(result(example(), "ttp", "arm", "arm=Control"))
    assert found.curve.reason == "no patients in Pomalidomide" and len(found.curve.time) == 0
