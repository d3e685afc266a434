"""Dunn's and Conover's tests of pairs against R (rstatix, and Conover and Iman's formula), and their edges."""

import numpy as np
import pytest
from golden.reference import exact_rank_p, floats, golden, same

from lib.stats.ranks import kruskal_wallis
from lib.stats.several_groups import CONOVER, DUNN, adjusted, conover, dunn

NUMBERS = {name: numbers for name, numbers in golden("several_groups").items() if name != "meta"}


def groups(name):
    numbers = NUMBERS[name]
    return {group: floats(*values) for group, values in zip(numbers["names"], numbers["groups"], strict=True)}


def r_numbers(values):
    return [same(value) for value in values]


@pytest.mark.parametrize("name", NUMBERS)
def test_dunn_is_rs(name):
    expected, found = NUMBERS[name]["dunn"], dunn(groups(name))
    assert [[pair.first, pair.second] for pair in found] == expected["pairs"]
    assert [pair.test.statistic for pair in found] == r_numbers(expected["statistic"])
    assert [pair.test.p for pair in found] == r_numbers(expected["p"])
    assert [pair.adjusted_p for pair in found] == r_numbers(expected["holm"])
    assert [pair.adjusted_p for pair in dunn(groups(name), "bonferroni")] == r_numbers(expected["bonferroni"])
    assert {pair.test.name for pair in found} == {DUNN}


@pytest.mark.parametrize("name", NUMBERS)
def test_conover_is_its_formula_in_r(name):
    expected, found = NUMBERS[name]["conover"], conover(groups(name))
    assert [pair.test.statistic for pair in found] == r_numbers(expected["statistic"])
    assert [pair.test.p for pair in found] == r_numbers(expected["p"])
    assert [pair.adjusted_p for pair in found] == r_numbers(expected["holm"])
    assert [pair.adjusted_p for pair in conover(groups(name), "bonferroni")] == r_numbers(expected["bonferroni"])
    assert {(pair.test.name, pair.test.df) for pair in found} == {(CONOVER, expected["df"])}


@pytest.mark.parametrize("name", NUMBERS)
def test_the_overall_test_on_the_same_groups_is_rs(name):
    expected, found = NUMBERS[name]["kruskal_wallis"], kruskal_wallis(list(groups(name).values()))
    exact = {"hollander_wolfe": "hollander and wolfe", "ties": "ties"}.get(name)
    df, p = (None, exact_rank_p(exact)) if exact else (expected["df"], expected["p"])
    assert (found.statistic, found.df, found.p) == (same(expected["H"]), df, same(p))


@pytest.mark.parametrize("test", [dunn, conover])
def test_counts_names_and_order_are_those_of_the_groups(test):
    shuffled = dict(reversed(groups("ties").items()))
    found = test(shuffled)
    assert [(pair.first, pair.second) for pair in found] == [("c", "b"), ("c", "a"), ("b", "a")]
    assert [(pair.n_first, pair.n_second, pair.test.n) for pair in found] == [(5, 3, 13), (5, 5, 13), (3, 5, 13)]
    assert {(pair.second, pair.first): pair.test.p for pair in test(groups("ties"))} == {
        (pair.first, pair.second): pytest.approx(pair.test.p) for pair in found
    }
    assert {pair.adjustment for pair in found} == {"Holm"}


@pytest.mark.parametrize("test", [dunn, conover])
def test_a_group_without_values_has_no_p_and_is_no_comparison(test):
    without = groups("hollander_wolfe")
    found = test({**without, "nobody": floats()})
    assert [pair.test.reason for pair in found if "nobody" in (pair.first, pair.second)] == [
        "a group has no values"
    ] * 3
    assert [pair for pair in found if "nobody" not in (pair.first, pair.second)] == list(test(without))


@pytest.mark.parametrize("test", [dunn, conover])
def test_nothing_to_compare(test):
    assert test({}) == ()
    assert test({"a": floats(1, 2)}) == ()
    (pair,) = test({"a": floats(1, 2), "b": floats()})
    assert pair.test.p is None and pair.adjusted_p is None
    assert pair.test.reason == "fewer than two groups have values"
    (pair,) = test({"a": floats(1, 1), "b": floats(1)})
    assert pair.test.reason == "all values are equal"


def test_conover_needs_a_spread_within_a_group():
    found = conover({"a": floats(1, 1), "b": floats(2, 2), "c": floats(3)})
    assert {pair.test.reason for pair in found} == {"the values within each group are all equal"}
    assert all(pair.test.p is not None for pair in dunn({"a": floats(1), "b": floats(2), "c": floats(3)}))


def test_a_p_too_small_for_a_number_has_no_statistic():
    wide = {"a": np.arange(2000.0), "b": np.arange(5000.0, 7000.0)}
    (pair,) = conover(wide)
    assert pair.test.p == 0 and pair.test.statistic is None


def test_adjusting_counts_only_what_was_tested():
    assert adjusted([0.01, None, 0.4], "bonferroni") == (0.02, None, 0.8)
    assert adjusted([0.01, None, 0.4], "none") == (0.01, None, 0.4)
    assert adjusted([0.01, None, 0.04], "holm") == (0.02, None, 0.04)
