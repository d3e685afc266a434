"""Onset, days covered and treatment of one event, worked by hand."""

import math
from functools import cache

from golden.cohorts import arms, cohort, example, nobody, selected

from lib.derived.adverse_events import EARLY, event_courses, event_rows, treated_with

EVENTS = [
    {
        "patient_id": "a1",
        "term": "CRS",
        "grade": 1,
        "start_day": 2,
        "stop_day": 4,
        "treatment": "Toci, then dexamethasone",
    },
    {"patient_id": "a1", "term": "CRS", "grade": 3, "start_day": 4, "stop_day": 6},
    {"patient_id": "a1", "term": "CRS", "grade": 1, "start_day": 40, "stop_day": 40},
    {"patient_id": "a2", "term": "CRS", "grade": 2, "start_day": 3},
    {"patient_id": "a3", "term": "CRS", "grade": 0, "start_day": 3, "stop_day": 4},
    {"patient_id": "a4", "term": "CRS", "grade": None},
    {"patient_id": "a5", "term": "Fever", "grade": 1, "start_day": 1, "stop_day": 2, "treatment": "tocilizumab"},
]
THERAPIES = [
    {"patient_id": "a2", "kind": "other", "therapy": "Methylprednisolone", "start_day": 5},
    {"patient_id": "a1", "kind": "other", "therapy": "Prednisolone", "start_day": 20},
]


@cache
def made():
    return cohort(arms(A=["a1", "a2", "a3", "a4", "a5"]), adverse_events=EVENTS, therapies=THERAPIES)


def courses(**options):
    return {row["patient_id"]: row for row in event_courses(made(), "CRS", **options).to_dict("records")}


def test_days_are_counted_once_and_both_ends_count():
    found = courses()
    assert (found["a1"]["onset"], found["a1"]["days"], found["a1"]["worst"]) == (2, 6, 3)  # days 2 to 6, and day 40
    assert courses(period=EARLY)["a1"]["days"] == 5


def test_what_is_not_stated_is_not_guessed():
    found = courses()
    assert set(found) == {"a1", "a2", "a4"}  # grade 0 is no event
    assert found["a2"]["onset"] == 3 and math.isnan(found["a2"]["days"])
    assert math.isnan(found["a4"]["onset"]) and math.isnan(found["a4"]["worst"])


def test_treatment_is_named_with_the_event_or_begins_while_it_lasts():
    given = treated_with(made(), "CRS")
    assert given == {"Tocilizumab": {"a1"}, "Steroids": {"a1", "a2"}}  # the course of day 20 began between two events
    assert "Tocilizumab" not in treated_with(selected(example()), "CRS")  # recorded for nobody


def test_nobody():
    assert len(event_rows(nobody(made()), "CRS")) == len(event_courses(nobody(made()), "CRS")) == 0
