"""The difference of two curves against R's, and where it is not defined."""

import numpy as np
import pytest
from golden.reference import arrays, floats, golden, same, survival_data
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.stats.restricted_mean import survival_difference
from stats.observed import difference_at

MORE = golden("small_groups")["difference"]
PAIRS = {"lung": ("female", "male"), "ovarian": ("rx2", "rx1"), "ttp": ("Pomalidomide", "Control"), "few": ("b", "a")}
FEW = golden("small_groups")["firth"]["no_events_in_one"]["given"]


def names(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


@pytest.mark.parametrize("name", MORE)
def test_differences_and_limits_are_rs(name):
    few = floats(*FEW["time"]), floats(*FEW["ev"]), names(*("b" if x else "a" for x in FEW["x"][0]))
    found, expected = (
        survival_difference(*(few if name == "few" else arrays(survival_data(name))), PAIRS[name]),
        MORE[name],
    )
    for place, time in enumerate(expected["time"]):
        at = difference_at(found, time)
        assert at.value == same(expected["difference"][place])
        assert (at.low, at.high) == (same(expected["low"][place]), same(expected["high"][place]))


def test_while_nothing_has_happened_the_limits_are_those_of_two_exact_ones():
    found = difference_at(survival_difference(*arrays(survival_data("ttp")), PAIRS["ttp"]), 0)
    assert (found.value, found.low, found.high) == (
        0,
        pytest.approx(0.025 ** (1 / 8) - 1),
        pytest.approx(1 - 0.025 ** (1 / 8)),
    )


def test_it_ends_where_one_group_has_nobody_left():
    found = survival_difference(floats(1, 4, 2, 9), floats(1, 0, 1, 1), names("a", "a", "b", "b"), ("a", "b"))
    assert found.time.tolist() == [0, 1, 2, 4]
    assert found.difference.tolist() == pytest.approx([0, -0.5, 0, 0])
    assert difference_at(found, 3).value == pytest.approx(0)
    assert difference_at(found, 4.1).reason == "one of the groups has nobody at risk then"
    assert difference_at(found, -1).reason == "one of the groups has nobody at risk then"


def test_no_limits_where_a_curve_is_0():
    found = survival_difference(floats(1, 2, 1, 5), floats(1, 1, 1, 0), names("a", "a", "b", "b"), ("a", "b"))
    assert found.difference.tolist() == pytest.approx([0, 0, -0.5])
    assert np.isnan(found.low).tolist() == np.isnan(found.high).tolist() == [False, False, True]
    assert difference_at(found, 2).value == -0.5 and difference_at(found, 2).low is None


def test_limits_stay_between_minus_1_and_1():
    found = survival_difference(floats(1, 2, 3, 9, 9, 9), floats(1, 1, 0, 1, 0, 0), names(*"aaabbb"), ("a", "b"))
    assert -1 <= np.nanmin(found.low) < -0.9 and np.nanmax(found.high) <= 1


def test_nobody_to_compare():
    nobody = survival_difference(floats(), floats(), names(), ("a", "b"))
    assert (nobody.reason, nobody.n, len(nobody.time)) == ("no patients in a", 0, 0)
    one = survival_difference(floats(1), floats(1), names("a"), ("a", "b"))
    assert one.reason == difference_at(one, 1).reason == "no patients in b"
    apart = survival_difference(floats(3, 9), floats(1, 1), names("a", "b"), ("a", "b"), floats(0, 5))
    assert apart.reason == "the groups are never at risk together"


def test_late_entry_counts_only_while_both_are_there():
    time, event, group = floats(2, 6, 8, 5, 9), floats(1, 1, 0, 1, 1), names("a", "a", "a", "b", "b")
    found = survival_difference(time, event, group, ("a", "b"), floats(0, 0, 0, 3, 3))
    assert found.time.tolist() == [5, 6, 8]
    assert found.difference.tolist() == pytest.approx([2 / 3 - 1 / 2, 1 / 3 - 1 / 2, 1 / 3 - 1 / 2])


rows = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1), st.sampled_from("abx")), min_size=1, max_size=20)


@settings(deadline=None)
@given(rows, st.randoms())
def test_swapping_mirrors_and_order_and_other_groups_are_nothing(observed, random):
    def difference(rows, pair=("a", "b")):
        columns = [floats(*(row[place] for row in rows)) for place in (0, 1)]
        return survival_difference(*columns, names(*(g for *_, g in rows)), pair)

    found, swapped = difference(observed), difference(observed, ("b", "a"))
    assert np.array_equal(swapped.difference, -found.difference)
    assert np.allclose(swapped.low, -found.high, equal_nan=True)
    for other in (difference(random.sample(observed, len(observed))), difference([r for r in observed if r[2] != "x"])):
        assert np.array_equal(other.time, found.time) and np.array_equal(other.low, found.low, equal_nan=True)
    assert bool(found.reason) == (len(found.time) == 0)
    defined = ~np.isnan(found.low)
    assert np.all(found.low[defined] <= found.difference[defined])
    assert np.all(found.difference[defined] <= found.high[defined])
