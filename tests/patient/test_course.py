"""Everything of one patient on one axis, whichever infusion its day counts from; and what stands at the head of the
page."""

import math

import pytest
from golden.cohorts import example

from lib.patient.course import best_responses, course, course_facts, facts, follow_up
from patient.cases import NAMES, PATIENT, case, case_course, one


@pytest.mark.parametrize(
    ("origin", "begun"), [(None, [-458, -179, 0]), (1, [0, 279, 458]), (2, [-279, 0, 179]), (9, [-458, -179, 0])]
)
def test_day_0_is_the_chosen_infusion_and_the_last_one_at_first(origin, begun):
    seen = course(case(), PATIENT, origin)
    assert list(seen.infusions["at"]) == begun and seen.numbers == (1, 2, 3)
    assert seen.begins(seen.origin) == 0 and seen.begins(7) == 0


def test_rows_of_every_infusion_have_their_place():
    seen = case_course()
    copies = seen.tables["kinetics"].query("assay == 'qPCR' and specimen == 'blood' and `origin (extra)` != 'invented'")
    assert sorted(zip(copies["infusion"], copies["at"], strict=True)) == [(2, -178), (2, -173), (3, 1), (3, 5)]
    assert list(seen.tables["responses"]["at"]) == [-151, 14] and seen.tables["responses"]["until"].iloc[1] == 244
    depletion = seen.tables["therapies"].query("kind == 'lymphodepletion'")
    assert list(depletion["at"]) == [-183, -3] and depletion["until"].iloc[0] == -181


def test_what_has_no_day_is_counted():
    assert dict(case_course(NAMES[0]).unplaced) == {"adverse_events": 7, "kinetics": 1, "labs": 2}
    lab = {"test": "CRP", "value": 3, "infusion": 2, "day": 4}
    assert dict(course(one(infusions=[{"infusion": 2, "product": "x"}], labs=[lab]), "a1").unplaced) == {"labs": 1}


def test_a_patient_without_any_rows_has_one_infusion_on_day_0():
    seen = course(one(), "a1")
    assert (
        list(seen.infusions["at"]) == [0]
        and seen.numbers == (1,)
        and all(table.empty for table in seen.tables.values())
    )


def test_follow_up_counts_from_the_origin():
    assert list(case_course(origin=1).ends["at"]) == [732, 732, 732]
    unused = one(endpoints=[{"endpoint": "os", "time": 9, "unit": "days", "event": 1}])
    unused.tables["endpoints"]["problem"] = "not used"
    assert course(unused, "a1").ends.empty
    assert math.isclose(
        course(one(endpoints=[{"endpoint": "os", "time": 2, "unit": "months", "event": 1}]), "a1").ends["at"].iloc[0],
        60.875,
    )


def test_facts_of_the_case():
    known = {fact.label: fact.value for fact in facts(case(), case_course())}
    assert known["Best response"] == "MR (infusion 2), VGPR (infusion 3)" and known["CAR T-cell infusions"] == "3"
    assert known["Follow-up"] == "9.0 months since infusion 3" and known["Status"].startswith("alive, followed on")
    assert known["isotype"] == "IgD lambda" and "Arm" not in known


def test_facts_of_a_patient_of_the_example():
    known = {fact.label: fact.value for fact in facts(example(), course(example(), "P1"))}
    assert (known["Age"], known["Arm"], known["Best response"], known["Follow-up"]) == (
        "62 years",
        "Pomalidomide",
        "CR",
        "27.0 months since infusion 1",
    )


@pytest.mark.parametrize(
    ("seen", "best"),
    [
        ([(28, "PR"), (90, "CR"), (200, "VGPR")], {1: "CR"}),
        ([(28, "PR"), (60, "PD"), (90, "CR")], {1: "PR"}),
        ([(28, "PD")], {1: "PD"}),
        ([(-5, "CR"), (28, "SD")], {1: "SD"}),
        ([(None, "MR")], {1: "MR"}),
        ([], {}),
    ],
)
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
