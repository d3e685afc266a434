"""Doubts about endpoints that stay in use: each hit, near miss and missing value; and event codes turned round."""

import datetime as dt

import numpy as np
import pytest
from make_cohort import synthetic_cohort

from cohort.checked import endpoints, reported
from lib.cohort.check_endpoints import check_endpoints, check_follow_up
from lib.cohort.finding import Finding

NAN = float("nan")
INVERTED = "stand at the longest times: the code may be inverted."


def found(*given: tuple[object, ...], **common: object) -> list[Finding]:
    """The doubts about endpoints (patient, endpoint, days, event) that are used."""
    checked, _ = check_endpoints(endpoints(*given, **common), None, {})
    return check_follow_up(checked, None, {})


def test_no_endpoints_no_doubts():
    assert found() == found(("P1", "os", NAN, 1)) == []


@pytest.mark.parametrize("endpoint", ["pfs", "ttp", "efs", "ttnt"])
@pytest.mark.parametrize(
    ("days", "event", "os", "n"),
    [(102, 1, 100, 1), (102, 0, 100, 1), (101, 1, 100, 0), (99, 1, 100, 0), (102, 1, NAN, 0)],
)
def test_an_endpoint_that_goes_on_after_last_contact(endpoint, days, event, os, n):
    problem = f'{endpoint.upper()} of patient "P1" goes on after the last contact of OS.'
    assert reported(found(("P1", "os", os, 0), ("P1", endpoint, days, event))) == [("warning", 3, "time", problem)] * n


def test_another_patient_another_infusion_or_no_survival_is_no_contradiction():
    assert found(("P1", "os", 100, 0), ("P2", "pfs", 200, 1)) == []
    assert found(("P2", "pfs", 200, 1)) == []


@pytest.mark.parametrize(
    ("pfs", "pfs_event", "os_event", "n"),
    [(100, 0, 1, 1), (99, 0, 1, 1), (100, 1, 1, 0), (100, 0, 0, 0), (80, 0, 1, 0), (NAN, 0, 1, 0), (100, NAN, 1, 0)],
)
def test_a_death_that_pfs_calls_censored(pfs, pfs_event, os_event, n):
    problem = 'PFS of patient "P1" is censored at the time of death.'
    assert (
        reported(found(("P1", "os", 100, os_event), ("P1", "pfs", pfs, pfs_event)))
        == [("warning", 3, "time", problem)] * n
    )


@pytest.mark.parametrize(
    ("ttp", "ttp_event", "cause", "os_event", "n"),
    [
        (100, 0, None, 0, 1),
        (100, 1, None, 0, 0),
        (NAN, 0, None, 0, 0),
        (100, 1, "death", 0, 1),
        (100, 0, None, 1, 0),
        (100, 1, "progression", 0, 0),
    ],
)
def test_a_pfs_event_that_is_a_death_os_does_not_know(ttp, ttp_event, cause, os_event, n):
    given = [("P1", "os", 100, os_event), ("P1", "ttp", ttp, ttp_event), ("P1", "pfs", 100, 1)]
    problem = 'PFS of patient "P1" ends with death, but OS is censored.'
    assert reported(found(*given, cause=cause)) == [("warning", 4, "time", problem)] * n


@pytest.mark.parametrize(("dor", "pfs", "n"), [(90, 80, 1), (80, 80, 0), (90, NAN, 0), (NAN, 80, 0)])
def test_a_response_that_lasts_beyond_censored_pfs(dor, pfs, n):
    problem = 'DOR of patient "P1" goes on after the end of PFS.'
    assert reported(found(("P1", "pfs", pfs, 0), ("P1", "dor", dor, 0))) == [("warning", 3, "time", problem)] * n


@pytest.mark.parametrize(("days", "event", "n"), [(0, 1, 1), (0, 0, 0), (0.5, 1, 0), (0, NAN, 0)])
def test_an_event_at_time_0(days, event, n):
    assert (
        reported(found(("P1", "os", days, event)))
        == [("warning", 2, "time", 'OS of patient "P1" has its event at time 0.')] * n
    )


@pytest.mark.parametrize(("time", "unit", "n"), [(900, "months", 1), (900, "days", 0), (NAN, "months", 0)])
def test_more_than_twenty_years(time, unit, n):
    (*doubts,) = found(("P1", "os", time, 0), unit=unit)
    assert reported(doubts) == [("warning", 2, "time", 'OS of patient "P1" is longer than 20 years.')] * n
    assert [doubt.value for doubt in doubts] == ["900 months"] * n


@pytest.mark.parametrize(("days", "event", "n"), [(32, 0, 1), (31, 0, 0), (NAN, 0, 0), (32, 1, 0)])
def test_censored_after_the_data_cut_off(days, event, n):
    dates, cutoff = {("P1", 1): dt.date(2023, 1, 1)}, dt.date(2023, 1, 31)
    checked, _ = check_endpoints(endpoints(("P1", "os", days, event), ("P2", "os", 99, 0)), cutoff, dates)
    problem = 'OS of patient "P1" is censored after the data cut-off.'
    assert reported(check_follow_up(checked, cutoff, dates)) == [("warning", 2, "time", problem)] * n


def cohort(days: list[float], event: list[int]) -> list[tuple[object, ...]]:
    return [(f"P{place}", "os", time, happened) for place, (time, happened) in enumerate(zip(days, event, strict=True))]


@pytest.mark.parametrize(
    ("days", "event", "problem"),
    [
        ([90, 90, 90, 90, 50, 70], [1, 1, 1, 1, 0, 0], "All 4 events of OS have the same time."),
        ([90, 90, 90, 90], [1, 1, 1, 1], None),
        ([90, 90, 90, 50], [1, 1, 1, 0], None),
        ([90, 90, 91, 90, 50], [1, 1, 1, 1, 0], None),
        ([90, 90, NAN, NAN, 50], [1, 1, 1, 1, 0], None),
        ([80, 85, 90, 95, 99, 10, 20, 30, 40, 50], [1] * 5 + [0] * 5, f"The events of OS {INVERTED}"),
        ([80, 85, 90, 95, 99, 10, 20, 30, 40, 50], [0] * 5 + [1] * 5, None),
        ([80, 85, 90, 95, 10, 20, 30, 40], [1] * 4 + [0] * 4, None),
        ([0, 0, 0, 50, 60], [0, 0, 0, 1, 0], "At least half of the times of OS are 0, so the median follow-up is 0."),
        ([0, 0, 1, 50, 60], [0, 0, 0, 1, 0], None),
    ],
)
def test_what_a_whole_column_says(days, event, problem):
    doubts = found(*cohort(days, event))
    column = "time" if problem and "median" in problem else "event"
    assert reported(doubts) == ([("warning", None, column, problem)] if problem else [])


def test_events_on_one_date_are_suspicious_whatever_their_times():
    infused = {(f"P{place}", 1): dt.date(2023, 1, 1 + 3 * place) for place in range(6)}
    rows = cohort([100 - 3 * place for place in range(4)] + [30, 20], [1, 1, 1, 1, 0, 0])
    checked, _ = check_endpoints(endpoints(*rows), None, infused)
    assert reported(check_follow_up(checked, None, infused)) == [
        ("warning", None, "event", "All 4 events of OS are on the same date.")
    ]
    unknown = {key: day for key, day in infused.items() if key != ("P0", 1)}
    assert check_follow_up(checked, None, unknown) == check_follow_up(checked, None, {}) == []
    checked, _ = check_endpoints(endpoints(*rows[:3], ("P3", "os", 92, 1), *rows[4:]), None, infused)
    assert check_follow_up(checked, None, infused) == []


def test_each_endpoint_and_infusion_is_looked_at_by_itself():
    high, low = [80, 85, 90, 95, 99], [10, 20, 30, 40, 50]
    both = [
        *cohort(high + low, [0] * 5 + [1] * 5),
        *(
            (patient, "efs", time, event)
            for patient, _, time, event in cohort([*low, 9, 8, 7, 6, 5], [1] * 5 + [0] * 5)
        ),
    ]
    assert [doubt.problem for doubt in found(*both)] == [f"The events of EFS {INVERTED}"]


@pytest.mark.parametrize("n", [60, 200])
def test_codes_turned_round_are_mostly_noticed_and_true_ones_never_suspected(n):
    noticed = 0
    for seed in range(20):
        rows = synthetic_cohort(n, seed)["endpoints"]
        for turned in (False, True):
            given = [
                (row["patient_id"], row["endpoint"], float(row["time"]) * 30, abs(row["event"] - turned))
                for row in rows
            ]
            said = [doubt for doubt in found(*given) if INVERTED in doubt.problem]
            assert turned or not said
            noticed += bool(said)
    assert noticed >= 12, "of 20"


def test_the_order_of_rows_is_nothing():
    rows = cohort([80, 85, 90, 95, 99, 10, 20, 30, 40, 50], [1] * 5 + [0] * 5)
    turned = [rows[place] for place in np.random.default_rng(1).permutation(len(rows))]
    assert found(*rows) == found(*turned)


def test_a_code_in_the_table_of_patients_is_told_where_the_time_stands():
    rows = cohort([80, 85, 90, 95, 99, 10, 20, 30, 40, 50], [1] * 5 + [0] * 5)
    assert [doubt.column for doubt in found(*rows, column="D (os_months)", sheet="Patients")] == ["D (os_months)"]
