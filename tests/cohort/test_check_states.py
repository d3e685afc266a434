"""Two states of one measure at the same time are reported, and nothing else is."""

import pytest

from cohort.checked import findings_across, rows
from lib.cohort.check_course import check_states

FIRST = {"measure": "disease", "state": "remission", "start_day": 0, "stop_day": 30}


def found(*given):
    return [
        (each.severity, each.row, each.value, each.problem) for each in check_states(rows("states", *given), "States")
    ]


def test_a_state_that_begins_before_another_has_ended_is_told_at_the_one_that_begins_later():
    later = {**FIRST, "state": "relapse", "start_day": 20, "stop_day": 50}
    problem = 'This begins before "remission" of day 0 has ended; both are "disease".'
    assert found(FIRST, later) == [("warning", 3, "20", problem)]
    assert found(later, FIRST)[0][:3] == ("warning", 2, "20")
    assert [each[0] for each in found(FIRST, {**later, "state": "remission"})] == ["note"]


def test_of_two_that_begin_at_once_the_lower_row_is_told():
    assert [each[:2] for each in found(FIRST, {**FIRST, "state": "relapse"})] == [("warning", 3)]


@pytest.mark.parametrize(
    "other",
    [
        {"start_day": 30, "stop_day": 60},
        {"measure": "B cells"},
        {"patient_id": "P2"},
        {"infusion": 2.0},
        {"stop_day": None},
        {"start_day": None},
        {"start_day": 40, "stop_day": 35},
    ],
)
def test_states_that_touch_or_speak_of_something_else_do_not_overlap(other):
    assert found(FIRST, {**FIRST, "state": "relapse", **other}) == []


def test_nothing_is_told_of_no_states_and_a_state_backwards_is_told_once():
    assert found() == []
    reported = findings_across({"states": [{**FIRST, "stop_day": -1}]})
    assert [(each.sheet, each.problem) for each in reported] == [("States", "This is before its first day.")]
