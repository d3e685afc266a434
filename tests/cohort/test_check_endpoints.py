"""Contradictions between times, and what becomes of the endpoints concerned."""

import datetime as dt

import pytest

from cohort.checked import endpoints
from lib.cohort.check_endpoints import check_endpoints

NOBODY: dict[tuple[str, int], dt.date] = {}


def test_no_endpoints():
    checked, findings = check_endpoints(endpoints(), None, NOBODY)
    assert (len(checked), findings) == (0, [])
    assert "fix" not in checked.columns


@pytest.mark.parametrize("endpoint", ["pfs", "ttp", "efs", "dor", "ttnt"])
@pytest.mark.parametrize(("event", "what"), [(1, "after death"), (0, "followed beyond death")])
def test_nothing_happens_after_death(endpoint, event, what):
    checked, findings = check_endpoints(
        endpoints(("P1", "os", 100, 1), ("P1", endpoint, 102, event), ("P2", endpoint, 102, event)), None, NOBODY
    )
    assert what in checked["problem"][1]
    assert checked["problem"][[0, 2]].tolist() == ["", ""]
    assert len(findings) == 1


def test_less_than_a_day_after_death_is_rounding():
    checked, _ = check_endpoints(endpoints(("P1", "os", 100, 1), ("P1", "pfs", 101, 1)), None, NOBODY)
    assert checked["problem"].tolist() == ["", ""]


def test_a_death_that_is_itself_unusable_contradicts_nothing():
    checked, _ = check_endpoints(endpoints(("P1", "os", -5, 1), ("P1", "pfs", 50, 1)), None, NOBODY)
    assert checked["problem"].tolist() == ["negative time", ""]


def test_followed_beyond_the_last_contact_is_no_contradiction():
    checked, _ = check_endpoints(endpoints(("P1", "os", 100, 0), ("P1", "pfs", 120, 1)), None, NOBODY)
    assert checked["problem"].tolist() == ["", ""]


def test_units_are_compared_as_times():
    table = endpoints(("P1", "os", 10, 1), ("P1", "pfs", 300, 1), ("P1", "ttp", 44, 1)).assign(
        unit=["months", "days", "weeks"]
    )
    checked, _ = check_endpoints(table, None, NOBODY)
    assert checked["problem"].tolist() == ["", "", "progression after death"]


@pytest.mark.parametrize(
    ("entry", "time", "problem"),
    [
        (10.0, 5.0, "observation begins after it ends"),
        (5.0, 5.0, "observation begins after it ends"),
        (4.0, 5.0, ""),
        (float("nan"), 0.0, ""),
    ],
)
def test_late_entry(entry, time, problem):
    checked, _ = check_endpoints(endpoints(("P1", "os", time, 1)).assign(entry=entry), None, NOBODY)
    assert checked["problem"].tolist() == [problem]


def test_a_problem_known_before_is_kept_with_its_own_fix():
    _, findings = check_endpoints(
        endpoints(("P1", "os", float("nan"), 1)).assign(problem="no start", fix="Add it."), None, NOBODY
    )
    assert [(finding.problem, finding.fix, finding.value) for finding in findings] == [
        ('OS of patient "P1" is not used: no start.', "Add it.", "")
    ]


@pytest.mark.parametrize(
    ("time", "event", "problem"), [(31, 1, ""), (32, 1, "event after the data cut-off"), (32, 0, "")]
)
def test_the_data_cut_off(time, event, problem):
    checked, _ = check_endpoints(
        endpoints(("P1", "os", time, event)), dt.date(2023, 1, 31), {("P1", 1): dt.date(2023, 1, 1)}
    )
    assert checked["problem"].tolist() == [problem]


@pytest.mark.parametrize(
    ("pfs", "event", "dor", "problem"),
    [
        (100, 1, 102, "longer than progression-free survival"),
        (100, 1, 101, ""),
        (100, 0, 102, ""),
        (float("nan"), 1, 102, ""),
        (100, 1, float("nan"), "time missing"),
    ],
)
def test_a_response_lasts_no_longer_than_survival_without_progression(pfs, event, dor, problem):
    checked, _ = check_endpoints(endpoints(("P1", "pfs", pfs, event), ("P1", "dor", dor, 1)), None, NOBODY)
    assert checked["problem"].tolist()[1] == problem


def test_where_the_time_stands_is_kept_for_later_checks():
    checked, _ = check_endpoints(endpoints(("P1", "os", 1, 1)), None, NOBODY)
    assert checked["column"].tolist() == ["time"]


def test_a_cut_off_speaks_only_of_patients_whose_infusion_is_dated():
    known = {("P1", 1): dt.date(2023, 1, 1)}
    rows = endpoints(("P1", "os", 99, 1), ("P2", "os", 99, 1))
    checked, _ = check_endpoints(rows, dt.date(2023, 1, 31), known)
    assert checked["problem"].tolist() == ["event after the data cut-off", ""]
