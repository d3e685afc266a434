"""The test of proportional hazards against R's cox.zph, and where it cannot be done."""

import numpy as np
import pytest
from golden.reference import DATA_SETS, SEED, arrays, golden, same, survival_data, survival_numbers

from lib.stats.cox import OVERALL, proportional_hazards
from lib.stats.cox_model import NO_MAXIMUM, cox_model
from stats.observed import MODELS, observations

R = golden("cox")["models"]
TRANSFORMS = ("km", "identity", "rank")


def zph(observed, transform="km", terms=None):
    return proportional_hazards(observed, cox_model(observed), terms or {"x": [0]}, transform)


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("name", (*DATA_SETS, *SEED))
def test_two_groups_are_rs(name, transform):
    time, event, group = arrays(survival_data(name))
    numbers = survival_numbers(name)
    found = zph(observations(time, event, group != numbers["reference_group"]), transform)
    expected = numbers["cox_zph"][transform]
    assert (found["x"].statistic, found["x"].p) == (same(expected["chisq"]), same(expected["p"]))
    assert found[OVERALL].p == same(expected["p"])


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("name", MODELS)
def test_several_covariates_late_entry_and_strata_are_rs(name, transform):
    make, terms = MODELS[name]
    found, expected = zph(make(), transform, terms), R[name]["zph"][transform]
    for test, numbers in zip(found.values(), expected.values(), strict=True):
        assert (test.statistic, test.df, test.p) == tuple(same(numbers[key]) for key in ("chisq", "df", "p"))
    assert list(found) == [*terms, OVERALL]


def test_the_name_says_the_scale():
    observed = MODELS["ovarian_rx"][0]()
    names = [zph(observed, transform)["x"].name for transform in TRANSFORMS]
    assert names == [
        f"score test of proportional hazards ({scale} scale)" for scale in ("Kaplan-Meier", "time", "rank")
    ]


def test_scale_of_time_and_order_of_rows_are_nothing():
    make, terms = MODELS["lung_late"]
    observed = make()
    order = np.random.default_rng(3).permutation(len(observed.time))
    mixed = observations(
        observed.time[order] / 30.4375,
        observed.event[order],
        *observed.design[order].T,
        entry=observed.entry[order] / 30.4375,
    )
    for transform in TRANSFORMS:
        plain, other = zph(observed, transform, terms), zph(mixed, transform, terms)
        assert [test.statistic for test in other.values()] == [
            pytest.approx(test.statistic, rel=1e-8) for test in plain.values()
        ]


def test_crossing_hazards_are_seen_and_proportional_ones_are_not():
    draw = np.random.default_rng(7)
    group = np.repeat([0, 1], 500)
    proportional = draw.exponential(np.where(group == 1, 2.0, 1.0))
    crossing = np.where(group == 1, draw.weibull(3, 1000), draw.exponential(1, 1000))
    assert zph(observations(proportional, np.ones(1000), group))["x"].p > 0.01
    assert zph(observations(crossing, np.ones(1000), group))["x"].p < 1e-10


@pytest.mark.parametrize(
    ("observed", "reason"),
    [
        (observations([], [], []), "no patients"),
        (observations([1, 2], [0, 0], [0, 1]), "no events"),
        (observations(range(1, 11), [1] * 10, [0] * 5 + [1] * 5), NO_MAXIMUM),
        (observations([4] * 10, [1] * 10, [0] * 5 + [1] * 5), "too few event times to see a change over time"),
    ],
)
@pytest.mark.parametrize("transform", TRANSFORMS)
def test_not_done_with_its_reason(observed, reason, transform):
    found = zph(observed, transform)
    assert [(test.p, test.reason, test.n) for test in found.values()] == [(None, reason, len(observed.time))] * 2
