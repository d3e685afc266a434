"""The state at a landmark: nearest assessment, failures before, nothing carried unless asked for; everybody has exactly one."""

import pytest
from golden.cohorts import example, nobody, selected, synthetic

from derived.courses import all_of
from derived.courses import made as courses
from lib.response.state import (
    FAILED,
    MONTH_3,
    MONTHS,
    NOT_ASSESSED,
    STATES,
    Landmark,
    followed_to,
    states_at,
    states_of,
    usual_landmarks,
)

DAY_30 = Landmark("Day 30", 30.0, 10.0)


def state(*responses, landmark=DAY_30, carried=False, **tables):
    cohort = all_of(courses("a", responses=[("a", *row) for row in responses], **tables))
    return states_at(cohort, landmark, carried=carried).loc["a", "state"]


def test_nobody_and_no_assessments():
    assert states_at(nobody(example()), MONTH_3).empty
    assert state() == NOT_ASSESSED and state((19, "CR"), (41, "CR")) == NOT_ASSESSED


def test_the_nearest_in_the_window_the_edges_inside():
    assert state((20, "PR")) == "PR" and state((40, "PR")) == "PR"
    assert state((24, "PR"), (33, "CR")) == "CR" and state((27, "PR"), (33, "CR")) == "PR"
    assert state((30, "NE"), (38, "MR")) == "MR" and state((30, "NE")) == "NE"
    assert state((None, "CR")) == NOT_ASSESSED


def test_whoever_failed_before_the_day_has_failed():
    assert state((28, "PR"), ttp={"a": (29, 1)}) == FAILED
    assert state((28, "PR"), os={"a": (29, 1)}) == FAILED
    assert state((20, "PR"), (32, "CR"), therapies=[("a", "subsequent", "X", 25)]) == FAILED
    assert state((28, "PR"), ttp={"a": (31, 1)}) == "PR"


def test_progression_in_the_window_is_pd_and_what_comes_after_it_does_not_count():
    assert state((35, "PD"), ttp={"a": (35, 1)}) == "PD"
    assert state((28, "PD"), (30, "CR")) == "PD"


def test_carried_forward_only_if_asked_and_free_of_progression():
    rows = [(10, "VGPR"), (60, "PD")]
    assert state(*rows) == NOT_ASSESSED and state(*rows, carried=True) == "VGPR"
    assert state((10, "VGPR"), carried=True) == NOT_ASSESSED  # nobody knows whether it held
    assert state((10, "VGPR"), carried=True, ttp={"a": (45, 0)}) == "VGPR"


@pytest.mark.parametrize("landmark", MONTHS)
def test_everybody_has_one_state(landmark):
    cohort = selected(synthetic())
    found = states_at(cohort, landmark)
    assert list(found.index) == list(cohort.patients["patient_id"]) and set(found["state"]) <= set(STATES)


def test_who_was_followed_to_month_3():
    followed = followed_to(selected(example()), MONTH_3)
    assert list(followed.index[~followed]) == ["P7", "P8"]


def test_landmarks_at_which_enough_were_assessed():
    assert [landmark.label for landmark in usual_landmarks(selected(example()))] == ["Month 1", "Month 3"]
    assert len(usual_landmarks(all_of(courses("a", responses=[("a", 600, "CR")])))) >= 1


def test_states_of_the_legend_are_those_of_the_opened_cohort():
    assert states_of(example()) == ("CR", "VGPR", "PR", "PD", FAILED, NOT_ASSESSED)
    assert states_of(nobody(example())) == states_of(example())
