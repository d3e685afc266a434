"""The distribution of the largest |t| against a control: Dunnett's table, and the t distribution where there is one
group."""

import numpy as np
import pytest
from scipy.stats import multivariate_t, t

from lib.stats.several_groups import dunnett_quantile, largest_below


@pytest.mark.parametrize(
    "groups, df, printed",
    [
        (2, 10, 2.57),
        (4, 10, 2.89),
        (2, 20, 2.38),
        (9, 20, 2.95),
        (4, 60, 2.51),
        (3, 5, 3.29),
        (5, 5, 3.62),
    ],
)
def test_two_sided_5_percent_points_are_those_of_dunnetts_table(groups, df, printed):
    assert dunnett_quantile(0.95, np.full(groups, 0.5), df) == pytest.approx(printed, abs=0.015)


@pytest.mark.parametrize("df", [1, 2, 4, 10, 200, 5000])
@pytest.mark.parametrize("at", [0.1, 1.0, 3.0, 12.0, 60.0])
def test_one_group_is_the_t_distribution(df, at):
    assert 1 - largest_below(at, np.array([0.3]), df) == pytest.approx(2 * t.sf(at, df), abs=1e-8)


def test_groups_of_different_sizes_are_the_multivariate_t():
    shares = np.array([0.5, 0.2, 0.7])
    correlation = np.sqrt(np.outer(shares, shares))
    np.fill_diagonal(correlation, 1)
    rectangle = multivariate_t(shape=correlation, df=7).cdf(
        np.full(3, 2.1), lower_limit=np.full(3, -2.1), maxpts=200_000, random_state=1
    )
    assert largest_below(2.1, shares, 7) == pytest.approx(rectangle, abs=2e-4)


def test_more_groups_make_the_largest_larger():
    one, two, five = (largest_below(2.0, np.full(groups, 0.5), 8) for groups in (1, 2, 5))
    assert 1 > one > two > five > 1 - 5 * (1 - one)
    assert dunnett_quantile(0.95, np.array([0.5]), 8) == pytest.approx(t.ppf(0.975, 8))
