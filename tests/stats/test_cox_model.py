"""The fitted model against R's coxph, and where there is none to fit."""

import numpy as np
import pytest
from golden.reference import DATA_SETS, SEED, arrays, golden, same, survival_data, survival_numbers

from lib.stats.cox_model import NO_MAXIMUM, cox_model
from stats.observed import MODELS, observations, veteran_all

R = golden("cox")["models"]


def two_groups(name):
    time, event, group = arrays(survival_data(name))
    return observations(time, event, group != survival_numbers(name)["reference_group"])


@pytest.mark.parametrize("name", (*DATA_SETS, *SEED))
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_two_groups_are_rs(name, ties):
    fit, expected = cox_model(two_groups(name), ties == "efron"), survival_numbers(name)[f"cox_{ties}"]
    assert fit.coefficients[0] == same(expected["coef"])
    assert np.sqrt(fit.covariance[0, 0]) == same(expected["se"])
    assert [fit.log_likelihood_null, fit.log_likelihood] == same(expected["loglik"])
    assert fit.wald_test(0).p == same(expected["p_wald"])
    assert fit.likelihood_ratio_test().p == same(expected["p_lrt"])
    assert fit.score_test().p == same(expected["p_score"])


@pytest.mark.parametrize("name", MODELS)
def test_several_covariates_late_entry_and_strata_are_rs(name):
    fit, expected = cox_model(MODELS[name][0]()), R[name]
    assert (fit.n, fit.n_events) == (expected["n"], expected["events"])
    assert [fit.log_likelihood_null, fit.log_likelihood] == same(expected["loglik"])
    for column, term in enumerate(expected["terms"].values()):
        ratio, test = fit.hazard_ratio(column), fit.wald_test(column)
        assert (ratio.value, ratio.low, ratio.high) == tuple(same(term[key]) for key in ("hr", "low", "high"))
        assert (test.statistic, test.p) == (same(term["z"]), same(term["p"]))
    for test, key in ((fit.likelihood_ratio_test(), "lrt"), (fit.score_test(), "score")):
        assert (test.statistic, test.df, test.p) == tuple(same(expected[key][part]) for part in ("chisq", "df", "p"))


SEPARATED = observations(range(1, 11), [1] * 10, [0] * 5 + [1] * 5)


@pytest.mark.parametrize(
    ("observed", "reason"),
    [
        (observations([], [], []), "no patients"),
        (observations([1, 2], [0, 0], [0, 1]), "no events"),
        (observations([1, 2], [1, 1]), "no covariates"),
        (observations([3], [1], [1]), "a covariate has the same value for everybody"),
        (observations([1, 2], [1, 1], [1, 1]), "a covariate has the same value for everybody"),
        (observations([1, 2], [1, 1], [0, 1], entry=[1, 2]), "nobody is at risk at an event"),
        (
            observations([1, 2, 3, 4, 5], [1, 0, 1, 1, 0], [0, 1, 0, 1, 1], [0, 2, 0, 2, 2]),
            "the covariates do not differ, independently of each other, among those at risk at the events",
        ),
        (
            observations([2, 3, 8, 9], [1, 1, 1, 1], [0, 0, 1, 1], entry=[0, 0, 5, 5]),
            "the covariates do not differ, independently of each other, among those at risk at the events",
        ),
        (SEPARATED, NO_MAXIMUM),
        (observations([1, 2, 3, 4, 5, 6], [1, 0, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1]), NO_MAXIMUM),
        (observations([1, 2, 3, 4, 5, 6], [1, 0, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1], [3, 1, 4, 1, 5, 9]), NO_MAXIMUM),
    ],
)
def test_no_model_with_its_reason(observed, reason):
    fit = cox_model(observed)
    assert (fit.reason, fit.converged, len(fit.coefficients)) == (reason, False, 0)
    assert fit.hazard_ratio(0).reason == fit.wald_test(0).reason == fit.likelihood_ratio_test().reason == reason


def test_the_score_test_needs_no_maximum():
    """Against the log-rank test of the same, which without ties is the score test (5 and 5, all events of one
    first)."""
    from lifelines.statistics import logrank_test

    time, group = SEPARATED.time, SEPARATED.design[:, 0] == 1
    expected = logrank_test(time[group], time[~group]).p_value
    assert cox_model(SEPARATED).score_test().p == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("far", [1e-3, 1, 1e4])
def test_unit_and_origin_of_a_covariate_are_nothing(far):
    plain = cox_model(veteran_all())
    moved = veteran_all()
    moved = cox_model(observations(moved.time * far, moved.event, *((moved.design * far + 100 * far).T)))
    np.testing.assert_allclose(moved.coefficients * far, plain.coefficients, rtol=1e-7)
    assert moved.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-10)


def test_a_ratio_for_a_step_is_the_power_of_that_for_one():
    fit = cox_model(veteran_all())
    one, ten = fit.hazard_ratio(2), fit.hazard_ratio(2, 10)
    assert (ten.value, ten.low, ten.high) == (
        pytest.approx(one.value**10),
        pytest.approx(one.low**10),
        pytest.approx(one.high**10),
    )


def test_order_of_rows_and_split_rows_are_nothing():
    """A patient cut in two rows at any time between events counts the same."""
    time, event, group = arrays(survival_data("lung"))
    whole = cox_model(observations(time, event, group == "female"))
    order = np.random.default_rng(2).permutation(len(time))
    mixed = cox_model(observations(time[order], event[order], (group == "female")[order]))
    cut = np.flatnonzero(time > 200)
    split = cox_model(
        observations(
            np.concatenate([np.where(time > 200, 200.0, time), time[cut]]),
            np.concatenate([np.where(time > 200, 0, event), event[cut]]),
            np.concatenate([group == "female", (group == "female")[cut]]),
            entry=np.concatenate([np.zeros(len(time)), np.full(len(cut), 200.0)]),
        )
    )
    for other in (mixed, split):
        assert other.coefficients[0] == pytest.approx(whole.coefficients[0], rel=1e-10)
        assert other.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_never_an_exception_nor_a_number_that_is_none(seed):
    draw = np.random.default_rng(seed)
    n = int(draw.integers(1, 9))
    time = draw.integers(0, 5, n)
    entry = draw.integers(0, 5, n) if seed % 2 else None
    fit = cox_model(observations(time, draw.random(n) < 0.7, draw.integers(0, 2, n), draw.normal(0, 1, n), entry=entry))
    if fit.converged:
        assert np.isfinite(fit.coefficients).all() and (np.diag(fit.covariance) > 0).all()
        assert fit.log_likelihood >= fit.log_likelihood_null - 1e-9
    else:
        assert fit.reason
