"""The partial likelihood against sums written out risk set by risk set, and its derivatives against differences."""

import numpy as np
import pytest

from lib.stats.cox_model import partial_likelihood
from stats.observed import observations


def written_out(observed, coefficients, efron):
    """Value, gradient and information by a loop over strata, times and tied events."""
    entry = (
        np.full(len(observed.time), -np.inf)
        if observed.entry is None
        else np.where(observed.entry > 0, observed.entry, -np.inf)
    )
    stratum = np.zeros(len(observed.time)) if observed.stratum is None else observed.stratum
    risk = np.exp(observed.design @ coefficients)
    value, gradient, information = 0.0, np.zeros(len(coefficients)), np.zeros((len(coefficients),) * 2)
    for place in np.unique(stratum):
        mine = (stratum == place) & (entry < observed.time)
        for time in np.unique(observed.time[mine & (observed.event == 1)]):
            at_risk = mine & (observed.time >= time) & (entry < time)
            died = mine & (observed.time == time) & (observed.event == 1)
            for number in range(died.sum()):
                weight = risk * (at_risk - died * (number / died.sum() if efron else 0.0))
                mean = weight @ observed.design / weight.sum()
                centred = observed.design - mean
                information += (centred * weight[:, None]).T @ centred / weight.sum()
                value -= np.log(weight.sum())
                gradient -= mean
            value += np.log(risk[died]).sum()
            gradient += observed.design[died].sum(axis=0)
    return value, gradient, information


def drawn(seed, n=40, late=False, strata=False, covariates=2):
    draw = np.random.default_rng(seed)
    time = np.ceil(draw.exponential(6, n))
    entry = np.floor(draw.uniform(0, 8, n)) if late else None  # some enter only after their time: never at risk
    stratum = draw.integers(0, 3, n) if strata else None
    columns = [draw.normal(0, 1, n) for _ in range(covariates)]
    return observations(time, draw.random(n) < 0.6, *columns, entry=entry, stratum=stratum)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("efron", [True, False])
@pytest.mark.parametrize(("late", "strata"), [(False, False), (True, False), (False, True), (True, True)])
def test_it_is_the_sum_over_the_risk_sets(seed, efron, late, strata):
    observed, coefficients = drawn(seed, late=late, strata=strata), np.array([0.7, -0.4])
    there = partial_likelihood(observed, efron).at(coefficients)
    for found, expected in zip(
        (there.value, there.gradient, there.information), written_out(observed, coefficients, efron), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def test_derivatives_are_those_of_the_value():
    sets, small = partial_likelihood(drawn(3, late=True, strata=True)), 1e-5
    middle = np.array([0.2, 0.1])
    for column in range(2):
        step = np.eye(2)[column] * small
        up, down = sets.at(middle + step), sets.at(middle - step)
        assert (up.value - down.value) / (2 * small) == pytest.approx(sets.at(middle).gradient[column], rel=1e-6)
        np.testing.assert_allclose(
            (down.gradient - up.gradient) / (2 * small), sets.at(middle).information[column], rtol=1e-5
        )


def test_who_enters_at_an_event_is_at_risk_after_it():
    sets = partial_likelihood(observations([5, 9, 9], [1, 1, 0], [1, 2, 3], entry=[0, 5, 4]))
    there = sets.at(np.zeros(1))
    assert there.total.tolist() == [2, 2]  # at 9: the second and third; at 5: the first and third
    assert there.mean.tolist() == [[2.5, 2.0]]


def test_an_entry_at_0_is_from_the_beginning():
    sets = partial_likelihood(observations([0, 3], [1, 1], [0, 1], entry=[0, 0]))
    assert sets.at(np.zeros(1)).total.tolist() == [1, 2]
    assert sets.by_entry is None


def test_efron_takes_out_a_share_of_the_tied_and_breslow_does_not():
    tied = observations([4, 4, 7], [1, 1, 0], [0, 1, 0])
    assert partial_likelihood(tied).at(np.zeros(1)).total.tolist() == [3, 2]
    assert partial_likelihood(tied, efron=False).at(np.zeros(1)).total.tolist() == [3, 3]


def test_weighted_information_is_the_sum_of_its_parts():
    sets = partial_likelihood(drawn(5, late=True))
    there = sets.at(np.array([0.3, 0.3]))
    parts = [sets.information(there.risk, there.total, there.mean, weight) for weight in np.eye(len(there.total))]
    np.testing.assert_allclose(sum(parts), there.information, rtol=1e-9)


@pytest.mark.parametrize(("time", "event", "entry"), [((), (), None), ((1, 2), (0, 0), None), ((1, 2), (1, 1), (1, 3))])
def test_without_events_at_risk_there_are_no_sets(time, event, entry):
    sets = partial_likelihood(observations(time, event, np.zeros(len(time)), entry=entry))
    assert (len(sets.died), len(sets.reach)) == (0, 0)


def test_coefficients_beyond_reach_give_no_number_and_no_exception():
    assert partial_likelihood(observations([1, 2, 3], [1, 1, 1], [1, 0, 0])).at(np.array([2000.0])).value == -np.inf
