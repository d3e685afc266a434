"""Running sums beside the derivative of every patient carried forward; against R's survfit in test_competing_risks."""

import numpy as np
import pytest
from golden.reference import floats

from lib.stats.competing_risks import cumulative_incidence
from stats.competing import drawn


def brute_std_error(time, cause, entry, of):
    """Each patient's derivative carried forward from time to time."""
    free, reached = 1.0, 0.0
    of_free, of_reached = np.zeros(len(time)), np.zeros(len(time))
    errors = []
    for now in np.unique(np.append(time, 0.0)):
        here = (time >= now) & ((entry < now) | (entry <= 0))
        any_cause, this = (time == now) & (cause > 0), (time == now) & (cause == of)
        at_risk = max(1, here.sum())
        total, hazard = any_cause.sum() / at_risk, this.sum() / at_risk
        of_reached = of_reached + of_free * hazard + free * (this - here * hazard) / at_risk
        of_free = of_free * (1 - total) - free * (any_cause - here * total) / at_risk
        reached, free = reached + free * hazard, free * (1 - total)
        errors.append(np.sqrt((of_reached**2).sum()))
    return errors


@pytest.mark.parametrize("seed", range(30))
def test_running_sums_are_the_derivatives_of_every_patient(seed):
    time, cause, _ = drawn(seed)
    generator = np.random.default_rng(seed)
    entry = np.where(generator.random(len(time)) < 0.4, np.floor(time * generator.random(len(time))), 0.0)
    for of, curve in cumulative_incidence(time, cause, entry, causes=(1, 2)).items():
        assert curve.std_error == pytest.approx(brute_std_error(time, cause, entry, of), abs=1e-7)


def test_by_hand():
    curve = cumulative_incidence(floats(1, 2), floats(1, 0))[1]
    assert curve.std_error == pytest.approx([0, np.sqrt(1 / 8), np.sqrt(1 / 8)])  # of 1 in 2


def test_who_is_certain_has_no_error():
    assert cumulative_incidence(floats(1, 2, 3), floats(1, 1, 1))[1].std_error[-1] == 0


def test_many_patients_take_no_table_of_patients_by_times():
    generator = np.random.default_rng(1)
    time, cause = generator.exponential(1, 50_000), generator.integers(0, 3, 50_000).astype(float)
    curve = cumulative_incidence(time, cause)[1]
    assert np.isfinite(curve.std_error).all() and curve.std_error[25_000] < 0.01
