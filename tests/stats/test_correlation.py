"""Spearman's correlation against R, and where there is none."""

import numpy as np
import pytest
from golden.reference import floats, golden, same
from hypothesis import given
from hypothesis import strategies as st

from lib.stats.correlation import FEWEST_PAIRS, spearman

R = golden("kinetics")["spearman"]


@pytest.mark.parametrize("name", R)
def test_spearman_is_rs(name):
    expected = R[name]
    found = spearman(floats(*expected["x"]), floats(*expected["y"]))
    assert found.rho.value == same(expected["rho"]) and found.test.p == same(expected["p"])
    assert (found.rho.low, found.rho.high) == (same(expected["low"]), same(expected["high"]))
    assert found.test.n == len(expected["x"])
    assert found.test.name.endswith("(exact)" if len(expected["x"]) < 10 else "(t approximation)")


def test_the_same_order_has_no_interval_and_for_few_pairs_an_honest_p():
    found = spearman(floats(1, 2, 3, 4), floats(10, 20, 30, 40))
    assert found.rho.value == 1 and found.rho.low is None and found.rho.note
    assert found.test.p == pytest.approx(2 / 24)
    many = spearman(np.arange(12.0), -np.arange(12.0))
    assert many.rho.value == -1 and many.test.p == 0


def test_too_few_or_all_equal_have_a_reason():
    assert f"fewer than {FEWEST_PAIRS}" in spearman(floats(1, 2, 3), floats(1, 2, 3)).rho.reason
    assert "equal" in spearman(floats(1, 1, 1, 1), floats(1, 2, 3, 4)).test.reason
    assert spearman(floats(), floats()).test.n == 0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=4, max_size=7))
def test_it_is_symmetric_and_knows_only_ranks(pairs):
    first, second = (np.array(values, dtype=float) for values in zip(*pairs, strict=True))
    one, other, stretched = spearman(first, second), spearman(second, first), spearman(np.exp(first), second)
    assert one.test.p == pytest.approx(other.test.p) if one.test.p else other.test.p is None
    assert one.rho.value == stretched.rho.value or one.rho.value == pytest.approx(stretched.rho.value)
