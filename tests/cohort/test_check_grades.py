"""A cytopenia graded below what its own counts say: boundaries of CTCAE v5, days, units, and when nothing is
certain."""

import pytest

from cohort.checked import findings_across

NAN = float("nan")
EVENT = {"term": "Neutropenia", "grade": 3, "start_day": 3, "stop_day": 10}
VALUE = {"test": "ANC", "day": 5, "value": 0.3, "unit": "10^9/L"}


def grades(event=EVENT, *values):
    found = findings_across({"adverse_events": [event], "labs": list(values) or [VALUE]})
    return [
        finding.problem.split(" is CTCAE v5 grade ")[-1].rstrip(".") for finding in found if finding.column == "grade"
    ]


BOUNDARIES = [  # term, test, unit, value, grade of the value; lower limits are strict
    ("Neutropenia", "ANC", "10^9/L", 0.5, 3),
    ("Neutropenia", "neutrophils", "10^9/L", 0.49, 4),
    ("Neutropenia", "ANC", "/µL", 499, 4),
    ("Neutropenia", "ANC", "10^9/L", 1.0, 2),
    ("Neutropenia", "ANC", "×10^9/L", 1.49, 2),
    ("Neutropenia", "ANC", "10^9/L", 1.5, None),
    ("Lymphopenia", "ALC", "10^9/L", 0.2, 3),
    ("Lymphopenia", "lymphocytes", "K/µL", 0.19, 4),
    ("Thrombocytopenia", "platelets", "10^9/L", 25, 3),
    ("Platelet count decreased", "PLT", "10^9/L", 24.9, 4),
    ("Leukopenia", "WBC", "10^9/L", 0.99, 4),
    ("Leucopenia", "leukocytes", "10^9/L", 1.0, 3),
    ("Anemia", "Hb", "g/dL", 7.9, 3),
    ("Anaemia", "haemoglobin", "g/L", 40, 3),
    ("Anemia", "Hb", "g/L", 80, 2),
]


@pytest.mark.parametrize(("term", "test", "unit", "value", "grade"), BOUNDARIES)
def test_boundaries(term, test, unit, value, grade):
    lowest = {**EVENT, "term": term, "grade": 1}
    assert grades(lowest, {**VALUE, "test": test, "unit": unit, "value": value}) == (
        [] if grade is None else [str(grade)]
    )


@pytest.mark.parametrize(
    ("event", "value"),
    [
        ({"grade": 4}, {}),
        ({"grade": NAN}, {}),
        ({"grade": 0}, {}),
        ({"grading_system": "CTCAE v6"}, {}),
        ({"grading_system": "other"}, {}),
        ({}, {"day": 2}),
        ({}, {"day": 11}),
        ({}, {"day": NAN}),
        ({}, {"value": NAN}),
        ({}, {"unit": "mmol/L"}),
        ({}, {"unit": None}),
        ({}, {"test": "WBC"}),
        ({}, {"patient_id": "P2"}),
        ({"term": "Neutropenic fever"}, {}),
        ({"stop_day": NAN}, {}),
        ({}, {"below": True, "value": NAN, "limit": NAN}),
        ({}, {"below": True, "value": NAN, "limit": 0.6}),
    ],
)
def test_where_nothing_is_certain_nothing_is_said(event, value):
    assert grades({**EVENT, **event}, {**VALUE, **value}) == []


def test_a_value_below_its_limit_counts_by_the_limit():
    assert grades(EVENT, {**VALUE, "value": NAN, "below": True, "limit": 0.5}) == ["4"]


def test_the_lowest_value_is_named_and_an_event_is_told_once():
    found = findings_across({"adverse_events": [EVENT], "labs": [VALUE, {**VALUE, "day": 6, "value": 0.1}]})
    assert [finding.problem for finding in found] == [
        "Neutropenia is written as grade 3, but ANC 0.1 10^9/L on day 6 is CTCAE v5 grade 4."
    ]


def test_an_event_without_days_is_looked_for_in_the_first_month_if_it_is_the_only_one():
    dayless = {"term": "Neutropenia", "grade": 3}
    assert grades(dayless, VALUE) == ["4"] and grades(dayless, {**VALUE, "day": 31}) == [] == grades(
        dayless, {**VALUE, "day": -1}
    )
    findings = findings_across({"adverse_events": [dayless, {**EVENT, "grade": 4}], "labs": [VALUE]})
    assert [finding for finding in findings if finding.column == "grade"] == []


def test_an_event_after_another_infusion_is_another_event():
    assert grades(EVENT, {**VALUE, "infusion": 2.0}) == []
