"""Restricted means against R's summary(survfit, rmean=tau), by hand, and where they cannot be given."""

import numpy as np
import pytest
from golden.reference import DATA_SETS, SEED, arrays, floats, golden, same, survival_data, survival_numbers
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from lib.stats.kaplan_meier import kaplan_meier
from lib.stats.restricted_mean import (
    CUT_AT_TAU,
    LITTLE,
    ONE_NO_SPREAD,
    default_tau,
    restricted_mean,
    rmst_difference,
    rmst_ratio,
)

MORE = golden("survival_more")["rmst"]


def curves_of(case: str):
    """The curves of both groups of a golden case, in R's order."""
    name = case if case in (*DATA_SETS, *SEED) else "lung"
    rows = survival_data(name)
    time, event, group = arrays(rows)
    late = case == "lung_every_third_enters_on_day_30"
    entry = np.where((rows["id"] % 3 == 0) & (time > 30), 30.0, 0.0) if late else np.zeros(len(time))
    return [kaplan_meier(*(column[group == g] for column in (time, event, entry))) for g in MORE[case]["mean"]]


def names(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


@pytest.mark.parametrize("case", MORE)
def test_each_group_is_rs(case):
    expected = MORE[case]
    for curve, group in zip(curves_of(case), expected["mean"], strict=True):
        found, error = restricted_mean(curve, expected["tau"]), expected["se"][group]
        assert found.value == same(expected["mean"][group])
        if error == 0:
            assert (found.low, found.high, found.note) == (None, None, "no spread of events before tau: no interval")
        else:
            assert found.high - found.low == same(2 * norm.ppf(0.975) * error)


@pytest.mark.parametrize("name", (*DATA_SETS, *SEED))
def test_the_difference_is_rs(name):
    expected = survival_numbers(name)["rmst"]
    reference, curve = curves_of(name)
    found, test = rmst_difference(curve, reference, expected["tau"])
    if name == "os":  # nobody of one group died before month 14: R's limits leave that group out of account
        assert found.reason == test.reason == ONE_NO_SPREAD
        return
    assert found.value == same(expected["diff_2_minus_1"])
    assert (found.low, found.high) == (same(expected["lower"]), same(expected["upper"]))
    assert (test.p, test.n) == (same(expected["p"]), survival_numbers(name)["n"])
    assert test.name == f"difference in restricted mean survival time to {expected['tau']} (z test)"


@pytest.mark.parametrize("case", MORE)
def test_the_ratio_is_rs(case):
    expected = MORE[case]["ratio"]
    reference, curve = curves_of(case)
    found, test = rmst_ratio(curve, reference, MORE[case]["tau"])
    if case == "os":
        assert found.reason == test.reason == ONE_NO_SPREAD
        return
    assert (found.value, found.low, found.high) == tuple(same(expected[key]) for key in ("value", "low", "high"))
    assert test.p == same(expected["p"])


def test_by_hand():
    curve = kaplan_meier(floats(1, 2, 3, 4), floats(1, 0, 1, 0))
    found = restricted_mean(curve, 4)
    assert found.value == pytest.approx(1 + 0.75 * 2 + 0.375)
    error = np.sqrt(1.875**2 * 1 / 12 + 0.375**2 * 1 / 2)
    assert found.low == pytest.approx(found.value - norm.ppf(0.975) * error)


def test_without_censoring_it_is_the_mean_and_its_error_that_of_the_mean():
    time = floats(1, 2, 2, 5, 9)
    found = restricted_mean(kaplan_meier(time, np.ones(5)), 20)
    assert found.value == pytest.approx(time.mean())
    assert found.high - found.value == pytest.approx(norm.ppf(0.975) * time.std() / np.sqrt(5))


def test_default_tau_is_the_shorter_follow_up():
    time, _, group = arrays(survival_data("ttp"))
    assert default_tau(time, group, ("Control", "Pomalidomide")) == 14
    assert default_tau(floats(3, 5, 9), names("a", "a", "b"), ("a", "b", "nobody")) == 5
    assert default_tau(floats(), names(), ("a", "b")) is None


def test_not_estimable():
    followed, nobody = kaplan_meier(floats(1, 5), floats(1, 0)), kaplan_meier(floats(), floats())
    assert restricted_mean(nobody, 3).reason == "no patients"
    assert restricted_mean(followed, 5).value == pytest.approx(1 + 0.5 * 4)
    beyond = restricted_mean(followed, 5.1)
    assert beyond.reason == "observed only until 5, when the curve had not reached 0"
    assert restricted_mean(followed, 0).reason == restricted_mean(followed, -1).reason == "tau is not above 0"
    for compared in (rmst_difference, rmst_ratio):
        estimate, test = compared(followed, nobody, 3)
        assert estimate.reason == test.reason == "reference: no patients" and test.n == 2
        estimate, test = compared(nobody, followed, 3)
        assert estimate.reason == test.reason == "no patients"


def test_beyond_a_curve_that_has_reached_0_nothing_is_added():
    died = kaplan_meier(floats(2, 4), floats(1, 1))
    assert restricted_mean(died, 4).value == restricted_mean(died, 400).value == 3


def test_no_events_and_all_events_at_one_time():
    alive, once = kaplan_meier(floats(4, 6, 6), floats(0, 0, 0)), kaplan_meier(floats(*[4] * 5), np.ones(5))
    assert (restricted_mean(alive, 5).value, restricted_mean(once, 5).value) == (5, 4)
    for compared in (rmst_difference, rmst_ratio):
        estimate, test = compared(alive, once, 5)
        assert (estimate.value, test.p) == (None, None) and estimate.reason == test.reason == ONE_NO_SPREAD


def test_a_mean_of_0_has_no_ratio():
    at_once, other = kaplan_meier(floats(0, 0, 0), np.ones(3)), kaplan_meier(floats(1, 3, 3), np.ones(3))
    estimate, test = rmst_ratio(other, at_once, 3)
    assert estimate.reason == test.reason == "a restricted mean is 0"


def test_few_events_groups_of_two_and_a_group_without_spread_are_not_compared():
    few = (
        kaplan_meier(floats(1, 2, 3, 4, 6, 6, 6, 6), floats(1, 1, 1, 1, 0, 0, 0, 0)),
        kaplan_meier(floats(*[6] * 8), np.zeros(8)),
    )
    for compared in (rmst_difference, rmst_ratio):
        estimate, test = compared(*few, 6)
        assert estimate.reason == test.reason == "fewer than 5 events in the two groups: the limits would not hold"
        pair = compared(kaplan_meier(floats(1, 2), np.ones(2)), kaplan_meier(floats(1, 2, 3, 4), np.ones(4)), 2)
        assert {each.reason for each in pair} == {"described, not compared: fewer than 3 patients"}


def test_below_ten_events_the_note_says_that_the_limits_are_narrow():
    one, other = (
        kaplan_meier(floats(*times), floats(1, 1, 1, 0, 0, 0)) for times in ((1, 2, 5, 8, 8, 8), (2, 4, 6, 9, 9, 9))
    )
    assert rmst_difference(one, other, 8)[0].note == rmst_ratio(one, other, 8)[0].note == LITTLE
    twice = [
        kaplan_meier(np.repeat(curve, 2), np.tile([1.0, 1, 1, 1, 1, 1], 2))
        for curve in (floats(1, 2, 5, 7, 7, 8), floats(2, 4, 6, 7, 8, 8))
    ]
    assert rmst_difference(*twice, 8)[0].note == ""


def test_limits_end_at_0_and_tau():
    found = restricted_mean(kaplan_meier(floats(5, 9, 9, 9), floats(1, 0, 0, 0)), 9)
    assert (found.high, found.note) == (9, CUT_AT_TAU) and 0 < found.low < found.value


def test_a_group_of_one_or_two_does_not_set_tau():
    time, group = floats(3, 5, 9, 12, 2, 20, 30), names("a", "a", "a", "a", "solo", "b", "b")
    assert default_tau(time, group, ("a", "b", "solo")) == 12
    assert default_tau(time[4:], group[4:], ("b", "solo")) == 2  # there are no others


observations = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 1)), min_size=1, max_size=20)


@settings(deadline=None)
@given(observations, observations, st.floats(0.1, 12))
def test_swapping_mirrors_and_scaling_time_scales(one, other, tau):
    def curve(rows, unit=1.0):
        return kaplan_meier(floats(*(t * unit for t, _ in rows)), floats(*(e for _, e in rows)))

    first, second = curve(one), curve(other)
    forth, back = rmst_difference(first, second, tau), rmst_difference(second, first, tau)
    scaled = rmst_difference(curve(one, 30.5), curve(other, 30.5), tau * 30.5)
    assert (forth[0].value is None) == (back[0].value is None) == (scaled[0].value is None)
    if forth[0].value is None:
        return
    assert 0 <= restricted_mean(first, tau).value <= tau * (1 + 1e-12)
    assert back[0].value == pytest.approx(-forth[0].value, abs=1e-9)
    assert scaled[0].value == pytest.approx(forth[0].value * 30.5, abs=1e-9)
    assert (forth[1].p is None) == (back[1].p is None) == (scaled[1].p is None)
    if forth[1].p is not None:
        assert back[1].p == pytest.approx(forth[1].p) and scaled[1].p == pytest.approx(forth[1].p)
        assert back[0].low == pytest.approx(-forth[0].high, abs=1e-9)
        assert 0 <= forth[1].p <= 1


def test_the_mean_grows_with_tau_and_less_and_less():
    curve = kaplan_meier(*arrays(survival_data("lung"))[:2])
    means = np.array([restricted_mean(curve, tau).value for tau in range(50, 1000, 50)])
    assert np.all(np.diff(means) > 0) and np.all(np.diff(means, 2) <= 1e-9)
