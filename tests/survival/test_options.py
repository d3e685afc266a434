"""Defaults that can be printed, and views that fit the groups."""

from golden.cohorts import by, example, synthetic

from lib.survival.options import DEFAULT, DIFFERENCE_VIEW, SHARES, VIEWS, views


def test_the_defaults_are_log_log_limits_and_medians():
    assert (DEFAULT.transform, DEFAULT.share) == ("log-log", 0.5)
    assert next(iter(SHARES.values())) == DEFAULT.share


def test_only_two_groups_have_a_difference():
    assert views(by(example()), True) == VIEWS and views(by(example())) == VIEWS[:2]
    assert DIFFERENCE_VIEW not in views(by(example(), "-"))
    assert DIFFERENCE_VIEW not in views(by(synthetic()))
