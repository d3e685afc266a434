"""Curves of which no step is of a few patients: the same values at the times that stay, and nothing between them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.stats.competing_risks import coarse, cumulative_incidence
from lib.stats.kaplan_meier import kaplan_meier

PATIENTS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 1)), min_size=1, max_size=120)


@given(PATIENTS, st.sampled_from([0, 5, 10]))
def test_no_step_is_small_and_what_stays_is_as_it_was(patients, least):
    time, event = np.array(patients, dtype=float).T
    whole = kaplan_meier(time, event)
    made = coarse(whole, least)
    if not least:
        assert made is whole
        return
    assert not ((made.events > 0) & (made.events < least)).any() and not made.censored.any()
    gone = -np.diff(made.n_at_risk)
    assert not ((gone > 0) & (gone < least)).any()
    assert ((made.n_at_risk >= least) | (len(made.time) == 1)).all()
    at = np.searchsorted(whole.time, made.time)
    stays = made.events > 0
    assert made.survival[stays] == pytest.approx(whole.survival[at][stays])
    assert (np.diff(made.survival)[~stays[1:]] == 0).all()
    assert (made.n, made.n_events) == (whole.n, whole.n_events)


def test_steps_wait_for_each_other_until_five_had_it():
    time = np.arange(1.0, 31)
    made = coarse(kaplan_meier(time, np.ones(30)), 5)
    assert made.time.tolist() == [0, 6, 11, 16, 21, 26] and made.n_at_risk.tolist() == [30, 25, 20, 15, 10, 5]
    assert made.survival[1] == pytest.approx(24 / 30) and made.events.tolist() == [0, 6, 5, 5, 5, 5]


def test_incidence_of_two_causes():
    time, cause = np.arange(1.0, 41), np.tile([1.0, 2.0], 20)
    curves = cumulative_incidence(time, cause, causes=(1, 2))
    for curve in curves.values():
        made = coarse(curve, 5)
        assert (
            (made.events[1:-1] >= 5).all()
            and made.incidence[-1] <= curve.incidence[-1]
            and len(made.time) == len(made.incidence) < 10
        )
