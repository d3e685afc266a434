"""S at 6, 12 and 24 months: R's numbers, the same times in every unit, and a reason where a group ends before."""

import pytest
from golden.cohorts import arms, by, cohort, example, follow_up, nobody
from golden.reference import survival_numbers

from lib.stats.proportions import exact_share
from lib.survival.milestone import MILESTONES, milestones
from lib.survival.outcome import time_to_event
from lib.survival.result import survival
from survival.made import late, result


def test_the_example_by_hand():
    control = [one for one in milestones(result(example(), "ttp")) if one.group == "Control"]
    assert [(one.months, one.survival.value, one.n_at_risk) for one in control] == [
        (6, 0.5, 4),
        (12, 0.125, 1),
        (24, 0, 0),
    ]
    assert control[2].survival.low is None


@pytest.mark.parametrize(("unit", "factor"), [("days", 30.4375), ("weeks", 30.4375 / 7), ("months", 1)])
def test_the_same_times_in_every_unit(unit, factor):
    found, months = milestones(result(example(), "os", unit=unit)), milestones(result(example(), "os"))
    assert [one.time for one in found] == pytest.approx([month * factor for month in MILESTONES] * 2)
    assert [(one.survival.value, one.n_at_risk) for one in found] == [
        (one.survival.value, one.n_at_risk) for one in months
    ]


@pytest.mark.parametrize("endpoint", ["ttp", "os"])
def test_r_has_the_same_numbers(endpoint):
    at = survival_numbers(endpoint)["survfit"]["log-log"]["by_group"]["surv_at"]
    compared = 0
    for one in milestones(result(example(), endpoint)):
        numbers = at["groups"][one.group]
        for time, share, low, high, n in zip(at["times"], *(numbers[name] for name in ("surv", "lower", "upper", "n_risk")), strict=True):  # fmt: skip
            if time == one.months and one.survival.value is not None:
                compared += 1
                assert (one.survival.value, one.n_at_risk) == (pytest.approx(share, rel=1e-6), n)
                flat = share == 1  # where R has none
                assert one.survival.low == pytest.approx(exact_share(n, n).low if flat else low, rel=1e-6)
                assert one.survival.high == pytest.approx(1 if flat else high, rel=1e-6)
    assert compared >= 4


def test_beyond_the_last_observation_and_nobody():
    made = cohort(arms(A=["a1", "a2"]), endpoints=follow_up("os", a1=(5, 1), a2=(9, 0)))
    assert [one.survival.reason for one in milestones(result(made))] == ["", *["beyond the last observation"] * 2]
    empty = survival(time_to_event(nobody(example()), "os", by(example()), "months"), nobody(example()))
    assert {one.survival.reason for one in milestones(empty)} == {"no patients"}


def test_who_enters_later_is_not_at_risk_yet():
    made = late(("A", 0, 20, 0), ("A", 10, 30, 1), ("A", 6, 30, 0))
    assert [one.n_at_risk for one in milestones(result(made))] == [1, 3, 2]
