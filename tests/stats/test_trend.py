"""Cochran-Armitage against R's prop.trend.test, and its edges."""

import pytest
from golden.reference import golden, same

from lib.stats.proportions import cochran_armitage

GRADES = [each for each in golden("toxicity")["grades"] if len(each["counts"]) == 2]


@pytest.mark.parametrize("grades", GRADES, ids=lambda grades: str(grades["counts"]))
def test_it_is_rs(grades):
    found = cochran_armitage(*grades["counts"])
    assert [found.statistic, found.p] == [same(number) for number in grades["trend"]]
    assert (found.df, found.n) == (1, sum(map(sum, grades["counts"])))


def test_rs_smokers_and_the_synthetic_grades():
    smokers = golden("stats")["cochran_armitage"]["R_prop.trend.test_smokers"]
    found = cochran_armitage(smokers["x"], [n - x for n, x in zip(smokers["n"], smokers["x"], strict=True)])
    assert (found.statistic, found.p) == (same(smokers["chisq"]), same(smokers["p"]))
    grades = golden("stats")["fisher_freeman_halton"]["synthetic_CRS_grade_0to4_by_arm"]
    assert cochran_armitage(grades["pom"], grades["control"]).p == same(
        golden("stats")["cochran_armitage"]["synthetic_CRS_grade"]
    )


def test_scores_matter_only_by_their_distances():
    first, second = [4, 2, 1, 1], [0, 2, 2, 4]
    assert cochran_armitage(first, second, [1, 3, 5, 7]).p == pytest.approx(cochran_armitage(first, second).p)
    assert cochran_armitage(first, second, [0, 1, 2, 9]).p != pytest.approx(cochran_armitage(first, second).p)
    assert cochran_armitage(second, first).p == pytest.approx(cochran_armitage(first, second).p)


def test_one_grade_one_group_nobody():
    assert cochran_armitage([5, 0, 0], [7, 0, 0]).p == 1
    for counts in (([0, 0], [3, 4]), ([3, 4], [0, 0]), ([0, 0], [0, 0]), ([], [])):
        assert cochran_armitage(*counts).reason == "fewer than two groups have patients"
