"""Geometric means and their ratio against R."""

import pytest
from golden.reference import exact_rank_p, floats, golden, same

from lib.stats.means import geometric_cv, geometric_mean, geometric_mean_ratio
from lib.stats.ranks import mann_whitney, student_t

FIVE = golden("nca")["EX5"]
R = golden("kinetics")


def test_the_worked_example():
    values = floats(*FIVE["values"])
    found = geometric_mean(values)
    assert found.value == pytest.approx(FIVE["geomean"], rel=1e-9)
    assert [found.low, found.high] == pytest.approx(FIVE["gm_ci"], rel=1e-9)
    assert geometric_cv(values) == pytest.approx(FIVE["gcv_pct"], rel=1e-9)


@pytest.mark.parametrize("name", R["ratio"])
def test_ratios_are_rs(name):
    expected = R["ratio"][name]
    ratio, test = geometric_mean_ratio(floats(*expected["x"]), floats(*expected["y"]))
    assert (ratio.value, ratio.low, ratio.high) == tuple(same(expected[part]) for part in ("ratio", "low", "high"))
    assert (test.statistic, test.p) == (same(expected["t"]), same(expected["p"]))
    assert test.name == f"Welch's t test of logarithms (df {expected['df']:.3g})"
    assert student_t(floats(*expected["x"]), floats(*expected["y"])).p == same(expected["p_raw"])


@pytest.mark.parametrize("name", R["mann_whitney"])
def test_rank_tests_with_tied_lowest_ranks_are_rs(name):
    expected = R["mann_whitney"][name]
    found = mann_whitney(floats(*expected["x"]), floats(*expected["y"]))
    p = exact_rank_p("silent") if name == "silent" else expected["p"]  # with ties: not the approximation of wilcox.test
    assert (found.statistic, found.p) == (same(expected["W"]), same(p))


def test_what_has_no_mean_no_interval_or_no_ratio_says_why():
    assert geometric_mean(floats()).reason == "no values"
    one = geometric_mean(floats(7))
    assert one.value == pytest.approx(7) and one.low is None and geometric_cv(floats(7)) is None
    assert geometric_mean_ratio(floats(1), floats(2, 3))[0].reason == "a group has fewer than two values"
    assert geometric_mean_ratio(floats(2, 2), floats(3, 3))[1].reason == "the values of each group are all equal"
