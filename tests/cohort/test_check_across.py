"""Each doubt about event tables: what raises it, what nearly does, and that missing values raise nothing."""

import datetime as dt

import pytest
from workbooks import example, of, synthetic

from cohort.checked import endpoints, findings_across, reported
from lib.cohort.check import check_across
from lib.cohort.check_endpoints import check_endpoints
from lib.cohort.model import empty_table
from lib.cohort.schema import EVENT_TABLES

NAN = float("nan")
DEAD, ALIVE = endpoints(("P1", "os", 100, 1)), endpoints(("P1", "os", 100, 0))
BLOOD = {"specimen": "blood", "assay": "qPCR", "unit": "copies", "lloq": 50.0}
CHECKS = {  # table, row that raises it, changes that do not, endpoints, severity and problem
    "response after death": (
        "responses",
        {"day": 102, "response": "CR"},
        ({"day": 101}, {"day": NAN}, {"patient_id": "P2"}),
        DEAD,
        "warning",
        "This is after the patient's death.",
    ),
    "response after last contact": (
        "responses",
        {"day": 102, "response": "CR"},
        ({"day": 101}, {"day": NAN}),
        ALIVE,
        "warning",
        "This is after the patient's last contact.",
    ),
    "response that ends before it begins": (
        "responses",
        {"response": "PR", "day": 28, "stop_day": 27},
        ({"stop_day": 28}, {"stop_day": NAN}, {"day": NAN}),
        None,
        "warning",
        "This is before its first day.",
    ),
    "lab after last contact": (
        "labs",
        {"day": 102, "test": "CRP"},
        ({"day": 100}, {"day": NAN}),
        ALIVE,
        "warning",
        "This is after the patient's last contact.",
    ),
    "event before infusion": (
        "adverse_events",
        {"term": "CRS", "start_day": -1},
        ({"start_day": 0}, {"start_day": NAN}),
        None,
        "note",
        "A negative day is before the infusion.",
    ),
    "response before infusion": (
        "responses",
        {"response": "SD", "day": -1},
        ({"day": 0}, {"day": NAN}),
        None,
        "warning",
        "A negative day is before the infusion.",
    ),
    "event backwards": (
        "adverse_events",
        {"term": "CRS", "start_day": 5, "stop_day": 4},
        ({"stop_day": 5}, {"stop_day": NAN}, {"start_day": NAN}),
        None,
        "warning",
        "This is before its first day.",
    ),
    "therapy backwards": (
        "therapies",
        {"kind": "maintenance", "start_day": 5, "stop_day": 4},
        ({"stop_day": 5}, {"stop_day": NAN}),
        None,
        "warning",
        "This is before its first day.",
    ),
    "day of another unit": (
        "labs",
        {"test": "CRP", "day": 45_000},
        ({"day": 7000}, {"day": NAN}),
        None,
        "warning",
        "This day is more than 20 years from the infusion.",
    ),
    "fatal, but alive": (
        "adverse_events",
        {"term": "Sepsis", "grade": 5, "start_day": 9},
        ({"grade": 4}, {"grade": NAN}, {"patient_id": "P2"}),
        ALIVE,
        "warning",
        "Grade 5 is death, but OS is censored.",
    ),
    "infusion 2 without 1": (
        "infusions",
        {"infusion": 2, "day": 90},
        ({"infusion": 1}, {"infusion": NAN}),
        None,
        "warning",
        'Patient "P1" has infusion 2, but no infusion 1.',
    ),
    "below its own limit": (
        "kinetics",
        {**BLOOD, "day": 7, "value": 20},
        ({"value": 50}, {"value": 0}, {"value": NAN}, {"lloq": NAN}),
        None,
        "note",
        "20 is below its limit of quantification, 50, but not marked so; it counts as below the limit.",
    ),
    "copies before infusion": (
        "kinetics",
        {**BLOOD, "day": -1, "value": 90},
        ({"day": 0}, {"value": NAN}, {"infusion": 2.0}, {"value": NAN, "below": True}),
        None,
        "warning",
        "The highest value of this series stands before the infusion.",
    ),
}


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_tells_what_is_wrong_and_nothing_else(name):
    table, row, others, ends, severity, problem = CHECKS[name]
    assert [(found.severity, found.row, found.problem) for found in findings_across({table: [row]}, ends)] == [
        (severity, 2, problem)
    ]
    for change in others:
        assert findings_across({table: [{**row, **change}]}, ends) == [], change


@pytest.mark.parametrize("unit", ["months", "days"])
def test_times_in_whole_months_are_no_more_exact_than_that(unit):
    ends = endpoints(("P1", "os", 3 if unit == "months" else 91, 0), unit=unit)
    late = {"responses": [{"day": 91 + 25, "response": "CR"}]}
    assert len(findings_across(late, ends)) == (unit == "days")


def test_days_of_a_second_infusion_count_on_from_its_day():
    infusions = [{"infusion": 1, "day": 0}, {"infusion": 2, "day": 60}]
    late = {"day": 50, "response": "PR", "infusion": 2.0}
    assert [found.problem for found in findings_across({"infusions": infusions, "responses": [late]}, DEAD)] == [
        "This is after the patient's death."
    ]
    assert findings_across({"infusions": infusions, "responses": [{**late, "day": 30}]}, DEAD) == []
    unknown_day = [{"infusion": 1, "day": 0}, {"infusion": 2, "day": NAN}]
    assert findings_across({"infusions": unknown_day, "responses": [late]}, DEAD) == []


def test_what_is_after_the_data_cut_off():
    infused, cutoff = {("P1", 1): dt.date(2023, 1, 1)}, dt.date(2023, 1, 31)
    row = {"test": "CRP", "day": 32}
    assert [found.problem for found in findings_across({"labs": [row]}, None, cutoff, infused)] == [
        "This is after the data cut-off."
    ]
    for given in ({**row, "day": 31}, {**row, "day": NAN}, {**row, "patient_id": "P2"}):
        assert findings_across({"labs": [given]}, None, cutoff, infused) == []
    assert findings_across({"labs": [row]}, None, None, infused) == findings_across({"labs": [row]}, None, cutoff) == []
    again = {"infusions": [{"infusion": 1, "day": 0}, {"infusion": 2, "day": 40}]}
    assert [found.row for found in findings_across(again, None, cutoff, infused)] == [3]


def test_no_rows_give_no_findings():
    assert findings_across({}) == []
    tables = {table.name: empty_table(table).assign(source_row=[]) for table in EVENT_TABLES}
    checked, _ = check_endpoints(endpoints(), None, {})
    assert check_across(tables, {table.name: table.sheet for table in EVENT_TABLES}, checked, None, {}) == []


def test_the_example_has_no_findings_at_all():
    assert example().findings == ()


@pytest.mark.parametrize(("n", "seed"), [(16, 2), (60, 1)])
def test_made_cohorts_raise_no_alarm(n, seed):
    assert of(synthetic(n, seed), "error") == of(synthetic(n, seed), "warning") == []


def test_two_responses_on_one_day():
    day = [{"day": 28, "response": "CR"}, {"day": 28, "response": "PR"}]
    assert reported(findings_across({"responses": day})) == [
        ("warning", 3, "response", 'Another response, "CR", stands for the same day.')
    ]
    assert findings_across({"responses": [day[0], {**day[1], "day": 29}]}) == []
    assert findings_across({"responses": [day[0], {**day[1], "response": None}]}) == []
    assert findings_across({"responses": [{**row, "day": NAN} for row in day]}) == []


@pytest.mark.parametrize(
    ("given", "cause", "responses", "n"),
    [
        (("P1", "ttp", 80, 1), None, ["CR"], 1),
        (("P1", "ttp", 80, 1), None, ["CR", "PD"], 0),
        (("P1", "ttp", 80, 1), None, [], 0),
        (("P1", "ttp", 80, 0), None, ["CR"], 0),
        (("P1", "pfs", 80, 1), "progression", ["CR"], 1),
        (("P1", "pfs", 80, 1), None, ["CR"], 0),
        (("P1", "ttp", NAN, 1), None, ["CR"], 0),
        (("P1", "ttp", 80, 1), None, [None], 0),
    ],
)
def test_progression_that_no_response_names(given, cause, responses, n):
    seen = [{"day": 28 + place, "response": response} for place, response in enumerate(responses)]
    found = findings_across({"responses": seen}, endpoints(given, cause=cause))
    problem = f'Patient "P1" progressed by {given[1].upper()}, but no response is PD.'
    assert reported(found) == [("note", 2, "time", problem)] * n


@pytest.mark.parametrize(
    ("day", "end", "event", "n"), [(50, 80, 0, 1), (80, 80, 0, 0), (50, 80, 1, 0), (NAN, 80, 0, 0), (50, NAN, 0, 0)]
)
def test_a_pd_after_which_ttp_goes_on(day, end, event, n):
    found = findings_across({"responses": [{"day": day, "response": "PD"}]}, endpoints(("P1", "ttp", end, event)))
    problem = 'Patient "P1" has PD on day 50, but TTP goes on without an event.'
    assert reported(found) == [("note", 2, "time", problem)] * n


@pytest.mark.parametrize(
    ("second", "therapy", "n"),
    [
        ({"day": 60, "response": "VGPR"}, {}, 1),
        ({"day": 60, "response": "PD"}, {}, 0),
        ({"day": 60, "response": "NE"}, {}, 0),
        ({"day": NAN, "response": "CR"}, {}, 0),
        ({"day": 20, "response": "CR"}, {}, 0),
        ({"day": 60, "response": "CR"}, {"kind": "subsequent", "start_day": 45}, 0),
        ({"day": 60, "response": "CR"}, {"kind": "subsequent", "start_day": NAN}, 0),
        ({"day": 60, "response": "CR"}, {"kind": "subsequent", "start_day": 70}, 1),
        ({"day": 60, "response": "CR"}, {"kind": "bridging", "start_day": 45}, 1),
    ],
)
def test_a_response_after_progression(second, therapy, n):
    given = {"responses": [{"day": 40, "response": "PD"}, second], "therapies": [therapy] if therapy else []}
    problem = f'"{second["response"]}" follows PD of day 40, and no new therapy stands between them.'
    assert reported(findings_across(given)) == [("note", 3, "response", problem)] * n


def test_cells_given_again_explain_a_response_after_progression():
    responses = [{"day": 40, "response": "PD"}, {"day": 90, "response": "CR"}]
    infusions = [{"infusion": 1, "day": 0}, {"infusion": 2, "day": 60}]
    assert findings_across({"responses": responses, "infusions": infusions}) == []


def test_an_infusion_that_infusions_does_not_have():
    row = {"test": "CRP", "day": 1, "infusion": 2.0}
    assert reported(findings_across({"infusions": [{"infusion": 1}], "labs": [row]})) == [
        ("warning", 2, "infusion", 'Infusion 2 of patient "P1" is not in Infusions.')
    ]
    assert findings_across({"infusions": [{"infusion": 1}, {"infusion": 2}], "labs": [row]}) == []
    assert findings_across({"labs": [row]}) == [], "without a table of infusions nothing is known"
    assert findings_across({"infusions": [{"infusion": 1}], "labs": [{**row, "infusion": NAN}]}) == []
