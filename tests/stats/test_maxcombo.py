"""MaxCombo against the golden Monte Carlo numbers and mvtnorm, closed forms, and where it cannot be done."""

import numpy as np
import pytest
from golden.reference import (
    DATA_SETS,
    SEED,
    arrays,
    floats,
    golden,
    maxcombo_numbers,
    same,
    survival_data,
    survival_numbers,
)
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from lib.stats.permutation import MAXCOMBO_NAME, maxcombo, standardised
from lib.stats.risk_sets import risk_sets

MORE = golden("survival_more")["maxcombo"]
DRAWS = 4_000_000  # behind the golden p


def names(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


@pytest.mark.parametrize("name", (*DATA_SETS, *SEED))
def test_the_golden_numbers(name):
    found, expected = maxcombo(*arrays(survival_data(name))), maxcombo_numbers(name)
    assert found.statistic == same(expected["maxcombo_abs_z"])
    p = expected["maxcombo_p_mc"]
    assert found.p == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / DRAWS))
    assert (found.name, found.n) == (MAXCOMBO_NAME, survival_numbers(name)["n"])


@pytest.mark.parametrize("name", (*DATA_SETS, *SEED))
def test_the_probability_is_that_of_mvtnorm_and_z_points_to_the_second_group(name):
    time, event, group = arrays(survival_data(name))
    expected = MORE[name]
    assert maxcombo(time, event, group).p == pytest.approx(expected["p"], abs=1e-6)
    second = "female" if name == "lung" else sorted(set(group))[1]
    first = next(iter(set(group) - {second}))
    z, _ = standardised(risk_sets(time, event, group, (first, second)))
    assert z.tolist() == [same(value) for value in expected["z"]]


def test_strata_are_summed():
    rows = survival_data("veteran")
    found = maxcombo(*arrays(rows), stratum=rows["celltype"].to_numpy(object))
    expected = MORE["veteran_stratified_celltype"]
    assert (found.statistic, found.name) == (same(expected["statistic"]), f"stratified {MAXCOMBO_NAME}")
    assert found.p == pytest.approx(expected["p"], abs=1e-6)


def test_nothing_to_compare():
    assert maxcombo(floats(), floats(), names()).reason == "fewer than two groups have patients"
    assert maxcombo(floats(1, 2), floats(0, 0), names("a", "b")).reason == "no events"
    three = maxcombo(floats(1, 2, 3), floats(1, 1, 1), names("a", "b", "c"))
    assert three.reason == "made for two groups" and three.p is None
    late = maxcombo(floats(3, 9), floats(1, 1), names("a", "b"), floats(0, 5))
    assert late.reason == "the groups are never at risk together"


def test_with_one_event_time_it_is_one_normal_test():
    found = maxcombo(floats(1, 2, 2, 2), floats(1, 0, 0, 0), names("a", "a", "b", "b"))
    assert found.statistic == pytest.approx(1)
    assert found.p == pytest.approx(2 * norm.sf(1), rel=1e-6)


def test_with_two_event_times_it_is_a_probability_in_the_plane():
    time, event, group = floats(1, 2, 3, 3, 3, 3), floats(1, 1, 0, 0, 0, 0), names("a", "b", "a", "b", "b", "b")
    z, correlation = standardised(risk_sets(time, event, group))
    assert np.linalg.matrix_rank(correlation, tol=1e-9) == 2
    drawn = np.random.default_rng(3).multivariate_normal(np.zeros(4), correlation, 1_000_000, method="eigh")
    share = np.mean(np.abs(drawn).max(axis=1) >= np.abs(z).max())
    assert maxcombo(time, event, group).p == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 1_000_000))


def test_a_tiny_p_is_still_a_probability():
    found = maxcombo(np.arange(1.0, 401), np.ones(400), np.repeat(names("a", "b"), 200))
    single = 2 * norm.sf(found.statistic)
    assert 0 < single < found.p < 4 * single < 1e-20


rows = st.lists(
    st.tuples(st.integers(0, 4), st.integers(1, 8), st.integers(0, 1), st.sampled_from("ab")), min_size=2, max_size=24
)


@given(rows, st.randoms())
def test_order_of_rows_names_of_groups_and_unit_are_nothing(observed, random):
    def test(observed, unit=1.0):
        entry, event = (floats(*(row[place] for row in observed)) for place in (0, 2))
        length = floats(*(row[1] for row in observed))
        return maxcombo((entry + length) * unit, event, names(*(row[3] for row in observed)), entry * unit)

    found = test(observed)
    swapped = [(start, length, e, {"a": "b", "b": "a"}[g]) for start, length, e, g in observed]
    for other in (test(random.sample(observed, len(observed))), test(swapped), test(observed, 30.5)):
        assert other.reason == found.reason
        assert other.p == (None if found.p is None else pytest.approx(found.p, rel=1e-6))
    if found.p is not None:
        single = 2 * norm.sf(found.statistic)  # between one test and Bonferroni over four
        assert single * (1 - 1e-5) <= found.p <= min(1, 4 * single) * (1 + 1e-5)
