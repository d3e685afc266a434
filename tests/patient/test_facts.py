"""The head of the page: columns, best response of each infusion, follow-up, status."""

import pytest
from golden.cohorts import example

from lib.patient.course import course
from lib.patient.facts import best_responses, course_facts, facts, follow_up
from patient.cases import case, case_course, one


def test_of_the_case():
    known = {fact.label: fact.value for fact in facts(case(), case_course())}
    assert known["Best response"] == "MR (infusion 2), VGPR (infusion 3)" and known["CAR T-cell infusions"] == "3"
    assert known["Follow-up"] == "9.0 months since infusion 3" and known["Status"].startswith("alive, followed on")
    assert known["isotype"] == "IgD lambda" and "Arm" not in known


def test_of_a_patient_of_the_example():
    known = {fact.label: fact.value for fact in facts(example(), course(example(), "P1"))}
    assert (known["Age"], known["Arm"], known["Best response"], known["Follow-up"]) == (
        "62 years", "Pomalidomide", "CR", "27.0 months since infusion 1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("seen", "best"),
    [
        ([(28, "PR"), (90, "CR"), (200, "VGPR")], {1: "CR"}), ([(28, "PR"), (60, "PD"), (90, "CR")], {1: "PR"}), ([(28, "PD")], {1: "PD"}),
        ([(-5, "CR"), (28, "SD")], {1: "SD"}), ([(None, "MR")], {1: "MR"}), ([], {}),
    ],
)  # fmt: skip
def test_best_response_until_progression(seen, best):
    opened = one(responses=[{"day": day, "response": response} for day, response in seen])
    assert best_responses(course(opened, "a1")) == best


def test_follow_up_and_status():
    died = one(endpoints=[{"endpoint": "os", "time": 40, "unit": "days", "event": 1, "cause": "sepsis"}])
    assert [fact.value for fact in course_facts(course(died, "a1"))] == [
        "1",
        "40 days since infusion 1",
        "died (sepsis)",
    ]
    seen = follow_up(course(one(labs=[{"test": "CRP", "value": 1, "day": 12}]), "a1"))
    assert seen is not None and (seen.days, seen.status) == (12, "survival not recorded")
    assert follow_up(course(one(), "a1")) is None
