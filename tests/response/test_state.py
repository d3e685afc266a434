"""The state of a patient at a landmark, edges of the window and of failure first; its colour."""

import json
from functools import cache

import pytest
from derived.courses import all_of
from derived.courses import made as courses
from golden.cohorts import example, nobody, selected, synthetic

from lib.publication.palette import INK, PAPER
from lib.response.state import (
    FAILED,
    MONTH_3,
    MONTHS,
    NOT_ASSESSED,
    STATE_COLOURS,
    STATES,
    Landmark,
    followed_to,
    on,
    silent_colour,
    state_colour,
    states_at,
    states_of,
    usual_landmarks,
)

DAY_30 = Landmark("Day 30", 30.0, 10.0)
CASES = {  # patient: what is known of the patient, and the state on day 30 ± 10
    "a": ([], NOT_ASSESSED),
    "b": ([(19, "CR"), (41, "CR")], NOT_ASSESSED),
    "c": ([(20, "PR")], "PR"),
    "d": ([(40, "PR")], "PR"),
    "e": ([(24, "PR"), (33, "CR")], "CR"),
    "f": ([(27, "PR"), (33, "CR")], "PR"),
    "g": ([(30, "NE"), (38, "MR")], "MR"),
    "h": ([(30, "NE")], "NE"),
    "i": ([(None, "CR")], NOT_ASSESSED),
    "j": ([(20, "PR"), (32, "CR")], FAILED),  # another therapy on day 25
    "k": ([(28, "PD"), (30, "CR")], "PD"),
    "l": ([(10, "VGPR"), (60, "PD")], NOT_ASSESSED),
    "m": ([(10, "VGPR")], NOT_ASSESSED),
}
WITH_ENDPOINTS = {
    "a": ([(28, "PR")], (29, 1), (90, 0), FAILED),
    "b": ([(28, "PR")], (20, 0), (29, 1), FAILED),
    "c": ([(28, "PR")], (31, 1), (90, 0), "PR"),
    "d": ([(35, "PD")], (35, 1), (90, 0), "PD"),
    "e": ([(10, "VGPR")], (45, 0), (90, 0), NOT_ASSESSED),
}


@cache
def cases():
    rows = [(patient, *row) for patient, (responses, _) in CASES.items() for row in responses]
    return all_of(courses("".join(CASES), responses=rows, therapies=[("j", "subsequent", "X", 25)]))


@cache
def with_endpoints():
    rows = [(patient, *row) for patient, (responses, *_) in WITH_ENDPOINTS.items() for row in responses]
    ttp, os = ({patient: case[place] for patient, case in WITH_ENDPOINTS.items()} for place in (1, 2))
    return all_of(courses("".join(WITH_ENDPOINTS), responses=rows, ttp=ttp, os=os))


def test_nobody():
    assert states_at(nobody(example()), MONTH_3).empty


@pytest.mark.parametrize("patient", CASES)
def test_the_nearest_in_the_window_the_edges_inside(patient):
    assert states_at(cases(), DAY_30).loc[patient, "state"] == CASES[patient][1]


@pytest.mark.parametrize("patient", WITH_ENDPOINTS)
def test_whoever_failed_before_the_day_has_failed(patient):
    assert states_at(with_endpoints(), DAY_30).loc[patient, "state"] == WITH_ENDPOINTS[patient][3]


def test_carried_forward_only_if_asked_and_free_of_progression():
    found = states_at(cases(), DAY_30, carried=True)
    assert found.loc["l", "state"] == "VGPR" and found.loc["l", "carried"]
    assert found.loc["m", "state"] == NOT_ASSESSED  # nobody knows whether it held
    assert states_at(with_endpoints(), DAY_30, carried=True).loc["e", "state"] == "VGPR"
    assert not states_at(cases(), DAY_30)["carried"].any()


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


def test_every_state_has_its_own_colour():
    assert set(STATE_COLOURS) == set(STATES) and len(set(STATE_COLOURS.values())) == len(STATES)


def test_words_are_white_on_dark_only():
    for state, colour in STATE_COLOURS.items():
        light = sum(
            int(colour[place : place + 2], 16) * weight for place, weight in ((1, 0.299), (3, 0.587), (5, 0.114))
        )
        assert on(state) == (PAPER if light < 125 else INK), state


def test_the_legend_says_what_a_state_means():
    written = json.dumps(state_colour(("CR", "NE"), 760).to_dict())
    assert "Not evaluable (NE)" in written and silent_colour(("CR",)).to_dict()["legend"] is None
