"""The sandwich, beside the brute definition with one weight a patient and time; against R's crr in test_fine_gray."""

import numpy as np
import pytest

from lib.stats.fine_gray import sandwich, weighing
from stats.competing import drawn


def brute(time, cause, covariate, coefficient):
    """Fine & Gray's influences written out as double sums (one covariate)."""

    def uncensored_before(when):
        left = 1.0
        for one in np.unique(time[(cause == 0) & (time < when)]):
            left *= 1 - np.sum((time == one) & (cause == 0)) / np.sum(time >= one)
        return left

    events = np.unique(time[cause == 1])
    weights = np.array(
        [
            [1.0 if t >= u else uncensored_before(u) / uncensored_before(t) if c == 2 else 0.0 for u in events]
            for t, c in zip(time, cause, strict=True)
        ]
    )
    hazard = weights * np.exp(coefficient * covariate)[:, None]
    total = hazard.sum(axis=0)
    mean = (hazard * covariate[:, None]).sum(axis=0) / total
    count = np.array([np.sum((time == u) & (cause == 1)) for u in events])
    apart = covariate[:, None] - mean
    happened = (time[:, None] == events) & (cause == 1)[:, None]
    influence = (apart * (happened - hazard * count / total)).sum(axis=1)
    for one in np.unique(time[cause == 0]):
        earlier, later = (time < one) & (cause == 2), events >= one
        effect = (apart * hazard * count / total)[earlier][:, later].sum()
        at_risk = np.sum(time >= one)
        leaving = (time == one) & (cause == 0)
        influence = influence + effect / at_risk * (leaving - (time >= one) * leaving.sum() / at_risk)
    information = (count * ((hazard * covariate[:, None] ** 2).sum(axis=0) / total - mean**2)).sum()
    return (influence**2).sum() / information**2


@pytest.mark.parametrize("coefficient", [0.0, 0.7])
@pytest.mark.parametrize("seed", range(8))
def test_running_sums_are_the_double_sums(seed, coefficient):
    time, cause, group = drawn(seed, 20)
    covariate = (group == "b").astype(float)
    given = weighing(time, cause, 1, covariate[:, None])
    assert sandwich(given, np.array([coefficient]))[0, 0] == pytest.approx(brute(time, cause, covariate, coefficient))


def test_without_censoring_nothing_is_added():
    time, cause, group = drawn(2, 20)
    cause = np.where(cause == 0, 2, cause)
    covariate = (group == "b").astype(float)
    found = sandwich(weighing(time, cause, 1, covariate[:, None]), np.array([0.3]))
    assert found[0, 0] == pytest.approx(brute(time, cause, covariate, 0.3))
