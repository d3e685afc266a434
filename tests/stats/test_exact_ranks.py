"""Exact rank tests beside coin::wilcox_test and all arrangements counted in R, and beside brute force here."""

from itertools import combinations

import numpy as np
import pytest
from golden.reference import floats, golden, same
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import kruskal, mannwhitneyu

from lib.stats.ranks import (
    MOST_ARRANGEMENTS,
    arrangements,
    can_be_exact,
    doubled_ranks,
    exact_kruskal_wallis_p,
    exact_rank_sum_p,
    kruskal_wallis,
    mann_whitney,
)

NUMBERS = golden("exact_ranks")


@pytest.mark.parametrize("case", NUMBERS["two"], ids=lambda case: case["name"])
def test_two_groups_are_coins(case):
    found = mann_whitney(floats(*case["x"]), floats(*case["y"]))
    assert (found.statistic, found.p) == (same(case["W"]), same(case["p"]))
    tied = len({*case["x"], *case["y"]}) < len(case["x"]) + len(case["y"])
    assert found.name == f"Mann-Whitney test ({'exact, given the ties' if tied else 'exact'})"


@pytest.mark.parametrize("case", NUMBERS["several"], ids=lambda case: case["name"])
def test_several_groups_are_all_arrangements(case):
    groups = [floats(*values) for values in case["groups"]]
    found = kruskal_wallis(groups)
    assert (found.statistic, found.p, found.df) == (same(case["H"]), same(case["p"]), None)
    assert arrangements([len(values) for values in groups]) == case["arrangements"]
    assert "exact" in found.name


def test_no_p_is_below_the_smallest_that_can_be_reached():
    """Two groups of four, wholly apart: 2 of 70 arrangements; the normal approximation says 0.0211 or 0.0247."""
    for first, second in (([1, 1, 2, 2], [3, 3, 3, 4]), ([1, 2, 3, 4], [5, 6, 7, 8]), ([1, 1, 1, 1], [2, 2, 2, 2])):
        assert mann_whitney(floats(*first), floats(*second)).p == pytest.approx(2 / 70)


def test_groups_of_twelve_are_exact_and_larger_ones_named():
    first, second = np.tile([1.0, 2.0, 2.0], 4), np.tile([2.0, 3.0, 3.0], 4)
    assert mann_whitney(first, second).name == "Mann-Whitney test (exact, given the ties)"
    found = mann_whitney(np.tile(first, 3), np.tile(second, 3))
    assert found.name == "Mann-Whitney test (normal approximation, corrected for ties)"
    assert found.p == same(mannwhitneyu(np.tile(first, 3), np.tile(second, 3), method="asymptotic").pvalue)
    many = [np.tile(first, 3), np.tile(second, 3), np.tile(second, 3) + 1]
    assert kruskal_wallis(many).name == "Kruskal-Wallis test (chi-squared approximation, corrected for ties)"
    assert kruskal_wallis(many).p == same(kruskal(*many).pvalue) and kruskal_wallis(many).df == 2
    assert (
        kruskal_wallis([np.arange(30.0), np.arange(30.0) + 0.25, np.arange(30.0) + 0.5]).name
        == "Kruskal-Wallis test (chi-squared approximation)"
    )


def test_how_many_arrangements_there_are():
    assert arrangements([4, 4]) == 70 and arrangements([2, 2, 2]) == 90 and arrangements([5]) == 1
    assert can_be_exact([12, 12]) and not can_be_exact([15, 15]) and not can_be_exact([12, 12, 12])
    assert can_be_exact([1, 1999]) and not can_be_exact([1, 2000]) and MOST_ARRANGEMENTS == 10_000_000


def test_doubled_ranks_are_whole():
    assert doubled_ranks(floats(3, 1, 1, 9)).tolist() == [6, 3, 3, 8]


few = st.lists(st.integers(0, 4).map(float), min_size=1, max_size=3)


@example([0.0, 1.0, 1.0, 2.0], [1.0, 3.0, 4.0, 4.0], [2.0, 0.0, 3.0])
@given(few, few, few)
def test_exact_is_brute_force(first, second, third):
    groups = [np.array(part) for part in (first, second, third)]
    together = np.concatenate(groups)
    if len(np.unique(together)) > 1:
        assert exact_kruskal_wallis_p(groups) == pytest.approx(_by_hand(groups))
        assert exact_kruskal_wallis_p(groups[::-1]) == pytest.approx(_by_hand(groups))
    pair = np.concatenate(groups[:2])
    if len(np.unique(pair)) > 1:
        ranks = doubled_ranks(pair)
        size, middle = len(first), len(first) * (len(pair) + 1)
        sums = np.array([ranks[list(chosen)].sum() for chosen in combinations(range(len(pair)), size)])
        seen = ranks[:size].sum()
        expected = np.mean(np.abs(sums - middle) >= abs(seen - middle))
        assert (
            exact_rank_sum_p(*groups[:2]) == pytest.approx(expected) == pytest.approx(exact_rank_sum_p(*groups[1::-1]))
        )
        assert exact_kruskal_wallis_p(groups[:2]) == pytest.approx(expected)


def _by_hand(groups):
    ranks = doubled_ranks(np.concatenate(groups))
    sizes, everybody = [len(part) for part in groups], set(range(len(ranks)))
    parts = np.split(ranks, np.cumsum(sizes)[:-1])
    seen = sum(part.sum() ** 2 / len(part) for part in parts)
    hits = []
    for one in combinations(sorted(everybody), sizes[0]):
        left = everybody - set(one)
        for two in combinations(sorted(left), sizes[1]):
            chosen = (one, two, tuple(left - set(two)))
            hits.append(sum(ranks[list(part)].sum() ** 2 / len(part) for part in chosen) >= seen - 1e-7)
    return np.mean(hits)
