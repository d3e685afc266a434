"""Landmarks of the example: the paper's trap of two denominators; counts that add up; own landmarks."""

import pytest
from golden.cohorts import by, example, nobody, selected, synthetic

from lib.cohort.response_scale import CR, VGPR
from lib.cohort.response_scale import OVERALL as ORR
from lib.response.landmark.result import landmark_responses
from lib.response.rate import EVALUABLE, INFUSED
from lib.response.state import MONTH_3, MONTHS, Landmark
from response.made import example_landmarks


def of(row):
    return [(rate.n, rate.of) for rate in row.groups]


def test_month_3_in_both_denominators():
    evaluable, infused = (example_landmarks().rate(MONTH_3, VGPR, name) for name in (EVALUABLE, INFUSED))
    assert of(evaluable) == [(5, 8), (6, 6)] and evaluable.test.p == pytest.approx(0.2087912, abs=1e-6)
    assert of(infused) == [(5, 8), (6, 8)] and infused.test.p == pytest.approx(1.0)
    high = [(rate.share.low, rate.share.high) for rate in evaluable.groups]
    assert high == [pytest.approx((0.24486322, 0.91476659), abs=1e-8), pytest.approx((0.54074187, 1.0), abs=1e-8)]


def test_month_1_as_published():
    assert of(example_landmarks().rate(MONTHS[0], ORR, INFUSED)) == [(8, 8), (8, 8)]


@pytest.mark.parametrize("carried", [False, True])
def test_states_add_up_to_all_infused(carried):
    counts = example_landmarks(carried).counts
    assert counts.groupby(["landmark", "group"])["n"].sum().tolist() == [8] * 10


def test_carried_forward_is_marked_and_counted():
    assert int(example_landmarks().table["carried"].sum()) == 0
    carried = example_landmarks(True)
    assert int(carried.table["carried"].sum()) == 22 and of(carried.rate(MONTHS[4], CR, INFUSED)) == [(0, 8), (3, 8)]


def test_own_landmarks_stand_in_order_of_their_days():
    opened = selected(example())
    own = Landmark("Day 60", 60.0, 5.0)
    assert landmark_responses(opened, by(opened), (MONTH_3, own, MONTHS[0])).landmarks == (MONTHS[0], own, MONTH_3)


def test_nobody_and_three_groups():
    nothing = landmark_responses(nobody(example()), by(example()))
    assert nothing.n == 0 and nothing.counts.empty and len(nothing.rates) == 30
    three = landmark_responses(selected(synthetic()), by(synthetic()))
    assert three.rate(MONTH_3, VGPR, INFUSED).test.name.startswith("Fisher-Freeman-Halton") and three.n == 60
