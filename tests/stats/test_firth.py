"""Firth's model against coxphf and firthmodels, against its own definition, and where there is none."""

import itertools

import numpy as np
import pytest
from golden.reference import arrays, golden, same, survival_data

from lib.stats.cox_model import Observations, partial_likelihood, standardised
from lib.stats.firth import NAME, NOTE, _penalised, firth
from stats.observed import observations, veteran_all

TOY = golden("survival")["monotone_toy"]


def ovarian(*names):
    rows = survival_data("ovarian")
    return observations(rows["time"], rows["ev"], rows["g"] == "rx2", *(rows[name] for name in names))


def veteran():
    rows = veteran_all()
    return Observations(rows.time, rows.event, rows.design[:, [0, 1, 3, 4, 5]])


def test_one_covariate_is_coxphfs():
    fit, expected = firth(ovarian()), golden("survival")["ovarian"]["firth_cox_breslow"]
    (ratio,), (test,) = fit.ratios, fit.tests
    found = (ratio.value, ratio.low, ratio.high, test.p)
    assert found == tuple(pytest.approx(expected[key], rel=5e-7) for key in ("hr", "lower_pl", "upper_pl", "p_plr"))
    assert (ratio.note, test.name, test.df, test.n) == (NOTE, NAME, 1, 26)
    assert fit.overall.p == test.p


def test_the_monotone_likelihood_is_coxphfs():
    fit, expected = firth(observations(TOY["time"], TOY["event"], TOY["x"])), TOY["firth"]
    assert fit.coefficients[0] == pytest.approx(expected["coef"], rel=1e-7)
    assert fit.ratios[0].high == pytest.approx(expected["upper_pl"], rel=1e-7)


@pytest.mark.parametrize(("name", "observed"), [("veteran", veteran()), ("ovarian", ovarian("age", "resid_ds"))])
def test_several_covariates_are_firthmodels(name, observed):
    fit, expected = firth(observed), golden("firth")[name]
    assert fit.coefficients.tolist() == same(expected["coef"])
    assert [ratio.low for ratio in fit.ratios] == same(expected["low"])
    assert [ratio.high for ratio in fit.ratios] == same(expected["high"])
    assert [test.p for test in fit.tests] == same(expected["p"])


SMALL = golden("small_groups")["firth"]


@pytest.mark.parametrize("name", SMALL)
def test_small_designs_are_those_of_an_independent_maximisation_in_r(name):
    expected, given = SMALL[name], SMALL[name]["given"]
    fit = firth(observations(given["time"], given["ev"], *given["x"], entry=given["entry"]))
    assert fit.coefficients.tolist() == pytest.approx(expected["coefficient"], rel=1e-5, abs=1e-6)
    for ratio, test, low, high, p in zip(
        fit.ratios, fit.tests, expected["low"], expected["high"], expected["p"], strict=True
    ):
        assert (np.log(ratio.low), np.log(ratio.high)) == pytest.approx((low, high), rel=1e-5, abs=1e-6)
        assert test.p == pytest.approx(p, rel=1e-5)
    assert fit.overall.p == pytest.approx(expected["overall_p"], rel=1e-5)


def test_five_events_the_first_alone_in_the_other_group_are_coxphfs():
    (ratio,), (test,) = (fit := firth(observations([1, 2, 3, 4, 5], [1] * 5, [1, 0, 0, 0, 0]))).ratios, fit.tests
    assert (round(ratio.value, 1), round(ratio.low, 2), round(ratio.high), round(test.p, 3)) == (
        12.0,
        0.64,
        1751,
        0.094,
    )


@pytest.mark.parametrize("n", [3, 4, 5])
def test_every_small_design_has_its_maximum_and_both_limits(n):
    for event in itertools.product((0, 1), repeat=n):
        for x in itertools.product((0,), *[(0, 1)] * (n - 1)):  # a first of 1 is the mirror of another
            fit = firth(observations(range(1, n + 1), event, x))
            assert "converge" not in fit.reason, (event, x)
            assert fit.reason or None not in (fit.ratios[0].low, fit.ratios[0].high, fit.tests[0].p), (event, x)


def test_the_gradient_is_that_of_the_penalised_likelihood():
    observed = veteran()
    design, _ = standardised(observed.design)
    sets, small = partial_likelihood(Observations(observed.time, observed.event, design), efron=False), 1e-5
    middle = np.array([0.3, -0.2, 0.5, 0.1, -0.4])
    for column, step in enumerate(np.eye(5) * small):
        slope = (_penalised(sets, middle + step).value - _penalised(sets, middle - step).value) / (2 * small)
        assert _penalised(sets, middle).gradient[column] == pytest.approx(slope, rel=1e-5, abs=1e-6)


def test_it_comes_to_coxs_own_with_many_events():
    draw = np.random.default_rng(1)
    group = draw.integers(0, 2, 4000)
    time = draw.exponential(np.where(group == 1, 1.5, 1.0))
    assert firth(observations(time, np.ones(4000), group)).ratios[0].value == pytest.approx(1 / 1.5, rel=0.05)


def test_a_hundred_thousand_patients_and_a_group_without_events_have_limits():
    draw = np.random.default_rng(12)  # its likelihood is known to fewer digits than a limit asks for
    group = np.arange(100_000) % 7 == 0
    time, died = draw.exponential(20, 100_000), draw.random(100_000) < 0.7
    (ratio,) = firth(observations(time, died & ~group, group)).ratios
    assert 0 < ratio.low < ratio.value < ratio.high < 1e-3


def test_order_and_scale_of_time_and_unit_of_a_covariate_are_nothing():
    plain, observed = firth(ovarian("age")), ovarian("age")
    order = np.random.default_rng(4).permutation(26)
    mixed = firth(observations(observed.time[order] ** 2, observed.event[order], *(observed.design[order] * [1, 12]).T))
    for column, power in ((0, 1), (1, 12)):
        one, other = plain.ratios[column], mixed.ratios[column]
        assert (other.value**power, other.low**power, other.high**power) == (
            same(one.value),
            same(one.low),
            same(one.high),
        )


def test_late_entry_counts():
    time, event, group = arrays(survival_data("ovarian"))
    late = firth(observations(time, event, group == "rx2", entry=np.where(group == "rx2", time / 2, 0)))
    assert late.ratios[0].value > firth(ovarian()).ratios[0].value  # fewer of rx2 at risk at the early events


@pytest.mark.parametrize(
    ("observed", "reason"),
    [
        (observations([], [], []), "no patients"),
        (observations([1, 2], [0, 0], [0, 1]), "no events"),
        (observations([1, 2], [1, 1]), "no covariates"),
        (observations([1, 2], [1, 1], [1, 1]), "a covariate has the same value for everybody"),
        (observations([1, 2], [1, 1], [0, 1], entry=[1, 2]), "nobody is at risk at an event"),
        (
            observations([1, 2, 3, 4], [1, 0, 0, 1], [0, 1, 0, 1], [0, 1, 0, 1]),
            "the covariates do not differ, independently of each other, among those at risk at the events",
        ),
    ],
)
def test_no_model_with_its_reason(observed, reason):
    fit = firth(observed)
    assert (fit.reason, fit.overall.reason, len(fit.coefficients)) == (reason, reason, 0)
    assert all(one.reason == reason for one in (*fit.ratios, *fit.tests))
    assert len(fit.ratios) == observed.design.shape[1]


@pytest.mark.parametrize("seed", range(40))
def test_never_an_exception_and_limits_that_enclose(seed):
    draw = np.random.default_rng(seed)
    n = int(draw.integers(2, 12))
    entry = draw.integers(0, 4, n) if seed % 2 else None
    covariates = [draw.integers(0, 2, n) for _ in range(1 + seed % 3 // 2)]
    fit = firth(observations(draw.integers(0, 8, n), draw.random(n) < 0.7, *covariates, entry=entry))
    for ratio, test in zip(fit.ratios, fit.tests, strict=True):
        if ratio.value is None:
            assert ratio.reason and test.reason
        else:
            assert ratio.low is None or ratio.low < ratio.value
            assert ratio.high is None or ratio.high > ratio.value
            assert 0 <= test.p <= 1
            if ratio.low is not None and ratio.high is not None:
                assert (test.p < 0.05) == (not ratio.low < 1 < ratio.high)
