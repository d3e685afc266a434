"""When a grouping was known, as far as the therapies tell."""

import pytest
from golden.cohorts import STUDY, arms, by, cohort, example

from lib.cohort.grouping import ProposedDay, everybody
from lib.derived.exposure import proposed_known_at

GROUPS = {"Pomalidomide": ["a1", "a2"], "Control": ["b1", "b2"]}


def proposal(*courses, groups=GROUPS):
    therapies = [
        {"patient_id": patient, "kind": "maintenance", "therapy": therapy, "start_day": day}
        for patient, therapy, day in courses
    ]
    made = cohort(arms(**groups), STUDY[:3], therapies=therapies)
    return proposed_known_at(made, by(made))


def test_the_example_is_proposed_what_its_workbook_says():
    assert proposed_known_at(example(), by(example())) == ProposedDay(
        61, "Courses of Pomalidomide began on days 30 to 61 (8 of 8 patients)."
    )
    assert by(example()).known_at == 61


def test_the_latest_first_start_of_the_group_alone():
    found = proposal(
        ("a1", "Pomalidomide", 30), ("a1", "Pomalidomide", 200), ("a2", "Pomalidomide", 45), ("b1", "Pomalidomide", 300)
    )
    assert found == ProposedDay(45, "Courses of Pomalidomide began on days 30 to 45 (2 of 2 patients).")


def test_who_has_no_start_is_told():
    found = proposal(("a1", "Pomalidomide", 30), ("a2", "Pomalidomide", None))
    assert found == ProposedDay(
        30, "Courses of Pomalidomide began on day 30 (1 of 2 patients; of 1 no start after the infusion is recorded)."
    )


@pytest.mark.parametrize(
    "courses",
    [
        (),
        (("a1", "Elotuzumab", 30),),
        (("a1", "Pomalidomide", None),),
        (("a1", "Pomalidomide", -40), ("a2", "Pomalidomide", 0)),
        (("a1", "Pomalidomide", 30), ("b1", "Control", 30)),
        (("b1", "Pomalidomide", 30),),
        (("a1", "Pomalidomide", 90_000),),
    ],
)
def test_nothing_is_proposed(courses):
    assert proposal(*courses) is None


def test_three_groups_of_which_one_is_named():
    assert proposal(("a1", "Pomalidomide", 30), groups={**GROUPS, "Other": ["c1"]}).day == 30


def test_all_patients_as_one_group():
    assert proposed_known_at(example(), everybody(example())) is None
