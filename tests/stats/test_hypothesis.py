"""Tests for small groups against R, and their edges: nobody, everybody, ties, one group, many groups."""

from itertools import product
from math import comb

import numpy as np
import pytest
from golden.reference import floats, golden, same
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.stats.ranks import (
    FISHER,
    FREEMAN_HALTON,
    KRUSKAL_WALLIS,
    MANN_WHITNEY,
    STUDENT_T,
    fisher,
    fisher_table,
    kruskal_wallis,
    location_test,
    mann_whitney,
    monte_carlo_error,
    student_t,
)

MORE = golden("more")


# Fisher


@pytest.mark.parametrize("name", [name for name in MORE["fisher"] if name != "job_satisfaction"])
def test_fisher_is_rs(name):
    found = fisher_table(MORE["fisher"][name]["counts"])
    assert found.p == same(MORE["fisher"][name]["p"])
    assert found.name == (FISHER if name in ("two_by_two", "lopsided") else FREEMAN_HALTON)


def test_synthetic_crs_grades_exactly():
    grades = golden("stats")["fisher_freeman_halton"]["synthetic_CRS_grade_0to4_by_arm"]
    assert fisher_table([grades["control"], grades["pom"]]).p == pytest.approx(grades["p"], abs=1e-8)


def test_a_table_too_large_to_enumerate_is_drawn_says_so_and_is_the_same_twice():
    job = MORE["fisher"]["job_satisfaction"]
    found = fisher_table(job["counts"])
    assert found.p == pytest.approx(job["p"], abs=4 * (0.78 * 0.22 / 100_000) ** 0.5)
    assert (
        found.name == f"{FREEMAN_HALTON} (Monte Carlo, 100,000 tables, 99 % limits ± {monte_carlo_error(found.p):.4f})"
    )
    assert fisher_table(job["counts"]).p == found.p


@pytest.mark.parametrize("grades", golden("toxicity")["grades"], ids=lambda grades: str(grades["counts"]))
def test_grades_by_group_are_rs(grades):
    assert fisher_table([list(column) for column in zip(*grades["counts"], strict=True)]).p == same(
        grades["freeman_halton_p"]
    )


def test_rs_job_satisfaction_lies_within_the_stated_error():
    """Four by four, 96 patients: drawn, not enumerated."""
    job = golden("stats")["fisher_freeman_halton"]["R_Job_4x4"]
    found = fisher_table([[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9], [6, 7, 12, 11]]).p
    assert abs(found - job) < monte_carlo_error(found) < 0.004


@pytest.mark.parametrize("counts", list(golden("stats")["seed_pairs"]))
def test_the_papers_pairs(counts):
    (a, n), (b, m) = (map(int, part.split("/")) for part in counts.split(" ")[1].split("-"))
    assert round(fisher([a, b], [n, m]).p, 4) == golden("stats")["seed_pairs"][counts]["fisher"]


def test_nobody_and_everybody_is_p_1():
    assert fisher([0, 0], [8, 8]).p == 1
    assert fisher([8, 8], [8, 8]).p == 1
    assert fisher([0, 0, 0], [5, 6, 7]).p == 1


def test_groups_without_patients_are_not_compared():
    for with_event, of in (([0, 3], [0, 8]), ([0, 0], [0, 0]), ([], []), ([2], [5])):
        found = fisher(with_event, of)
        assert found.p is None and found.reason == "fewer than two groups have patients"
    assert fisher([4, 0, 8], [8, 0, 8]) == fisher([4, 8], [8, 8])  # an empty third group changes nothing, nor the name


def test_missing_levels_change_nothing():
    assert fisher_table([[3, 1], [0, 0], [1, 4]]).p == pytest.approx(fisher_table([[3, 1], [1, 4]]).p)


def _by_hand(table: np.ndarray) -> float:
    """The exact p of a 2 x k table, over all fillings of its first row."""
    of, total = table.sum(axis=0), int(table[0].sum())
    weights = {
        row: np.prod([comb(int(n), k) for n, k in zip(of, row, strict=True)], dtype=float)
        for row in product(*(range(n + 1) for n in of))
        if sum(row) == total
    }
    observed = weights[tuple(table[0])]
    return sum(weight for weight in weights.values() if weight <= observed * (1 + 1e-7)) / sum(weights.values())


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=4))
def test_the_enumeration_is_the_sum_over_all_tables(groups):
    of = [a + b for a, b in groups]
    found = fisher([a for a, _ in groups], of)
    kept = np.array([group for group in groups if sum(group)]).T
    if found.p is None:
        assert kept.size == 0 or kept.shape[1] < 2
    else:
        assert found.p == pytest.approx(_by_hand(kept))
        assert fisher([a for a, _ in reversed(groups)], of[::-1]).p == pytest.approx(found.p)


# Mann-Whitney, Kruskal-Wallis


@pytest.mark.parametrize("name", MORE["mann_whitney"])
def test_mann_whitney_is_rs(name):
    expected = MORE["mann_whitney"][name]
    found = mann_whitney(floats(*expected["x"]), floats(*expected["y"]))
    assert found.statistic == same(expected["W"]) and found.n == len(expected["x"]) + len(expected["y"])
    if "given the ties" not in found.name:  # those: test_exact_ranks
        assert found.p == same(expected["p"])
        assert ("exact" in found.name) == ("exact" in expected["method"])


def test_mann_whitney_of_nobody_one_and_equal_values():
    assert mann_whitney(floats(), floats(1, 2)).reason == "fewer than two groups have values"
    assert mann_whitney(floats(), floats()).n == 0
    assert mann_whitney(floats(1), floats(2)).p == 1
    assert mann_whitney(floats(3, 3), floats(3, 3, 3)).reason == "all values are equal"


@pytest.mark.parametrize("name", MORE["kruskal_wallis"])
def test_kruskal_wallis_is_rs(name):
    expected = MORE["kruskal_wallis"][name]
    found = kruskal_wallis([floats(*values) for values in expected["groups"]])
    assert found.statistic == same(expected["H"])
    if "exact" not in found.name:  # those: test_exact_ranks
        assert (found.p, found.df) == (same(expected["p"]), expected["df"])


def test_kruskal_wallis_leaves_out_groups_without_values():
    three, two = [floats(1, 2, 3), floats(), floats(2, 5, 6)], [floats(1, 2, 3), floats(2, 5, 6)]
    assert kruskal_wallis(three) == kruskal_wallis(two)
    assert kruskal_wallis([floats(1, 2), floats(), floats()]).reason == "fewer than two groups have values"
    assert kruskal_wallis([floats(1), floats(1), floats(1)]).reason == "all values are equal"


def test_the_default_test_follows_the_number_of_groups():
    assert location_test([floats(1, 2), floats(3, 4)]).name == f"{MANN_WHITNEY} (exact)"
    assert location_test([floats(1, 2), floats(3, 4), floats(5)]).name == f"{KRUSKAL_WALLIS} (exact)"


values = st.lists(st.integers(0, 12).map(float), min_size=1, max_size=9)


@settings(deadline=None)
@given(values, values, st.randoms())
def test_rank_tests_see_order_and_nothing_else(first, second, random):
    shuffled = random.sample(first, len(first))
    found = mann_whitney(floats(*first), floats(*second))
    assert mann_whitney(floats(*shuffled), floats(*second)) == found
    stretched = mann_whitney(np.exp(floats(*first)), np.exp(floats(*second)))
    assert (stretched.statistic, stretched.p, stretched.reason) == (found.statistic, found.p, found.reason)
    assert found.p is None or 0 < found.p <= 1


# Student's t


@pytest.mark.parametrize("name", MORE["student_t"])
def test_student_t_is_rs(name):
    expected = MORE["student_t"][name]
    found = student_t(floats(*expected["x"]), floats(*expected["y"]))
    assert (found.statistic, found.df, found.p) == (same(expected["t"]), expected["df"], same(expected["p"]))


def test_student_t_needs_two_values_a_group_and_some_spread():
    assert student_t(floats(1), floats(1, 2)).reason == "a group has fewer than two values"
    assert student_t(floats(), floats()).reason == "a group has fewer than two values"
    assert student_t(floats(2, 2), floats(3, 3)).reason == "the values of each group are all equal"
    assert student_t(floats(1, 2), floats(3, 4)).name == STUDENT_T
