"""Contradictions, and what becomes of the rows concerned."""

import datetime as dt

import pandas as pd
import pytest

from lib.cohort.check import analysis_sets, check_days, check_endpoints, usable_rows, without_duplicates

NOBODY: dict[tuple[str, int], dt.date] = {}


def rows(**columns: list[object]) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    return pd.DataFrame({"source_row": range(2, n + 2), **columns})


def endpoints(*given: tuple[str, str, float, float]) -> pd.DataFrame:
    """Endpoints in days: patient, endpoint, time, event."""
    blank = {
        "sheet": "Endpoints",
        "column": "time",
        "infusion": 1.0,
        "entry": float("nan"),
        "unit": "days",
        "problem": "",
        "mend": "",
    }
    frame = pd.DataFrame(
        [
            {
                **blank,
                "source_row": float(place),
                "patient_id": patient,
                "endpoint": endpoint,
                "time": time,
                "event": event,
            }
            for place, (patient, endpoint, time, event) in enumerate(given, start=2)
        ]
    )
    return (
        frame
        if given
        else pd.DataFrame(columns=[*blank, "source_row", "patient_id", "endpoint", "time", "event"]).astype(
            {"time": float, "entry": float, "event": float}
        )
    )


@pytest.mark.parametrize("name", ["patients", "infusions", "endpoints", "kinetics", "responses"])
def test_no_rows_give_no_findings(name):
    empty = rows(patient_id=[], infusion=[], endpoint=[], day=[], specimen=[], assay=[], unit=[]).astype({"day": float})
    kept, findings = usable_rows(empty, name, "S", set())
    assert (len(kept), findings) == (0, [])


def test_rows_without_an_id_unknown_and_double_ones_are_set_aside_once_each():
    table = rows(patient_id=["P1", None, "P9", "P1", "P1"], value=[1, 2, 3, 1, 2])
    kept, findings = usable_rows(table, "labs", "Labs", {"P1"})
    assert kept["value"].tolist() == [1, 2]
    assert kept.index.tolist() == [0, 1]
    assert [(finding.severity, finding.row, finding.value) for finding in findings] == [
        ("error", 3, ""),
        ("error", 4, "P9"),
        ("warning", 5, "P1"),
    ]


def test_a_patient_is_a_duplicate_by_id_alone_and_the_first_row_stays():
    kept, findings = without_duplicates(
        rows(patient_id=["P1", "P1", "P2"], arm=["A", "B", "A"]), "patients", "Patients"
    )
    assert kept["arm"].tolist() == ["A", "A"]
    assert [(finding.severity, finding.row) for finding in findings] == [("error", 3)]


def test_missing_values_are_equal_when_rows_are_compared():
    kept, findings = without_duplicates(
        rows(patient_id=["P1", "P1"], note=[None, None], value=[float("nan")] * 2), "labs", "Labs"
    )
    assert (len(kept), len(findings)) == (1, 1)


def test_kinetics_without_a_day_are_not_compared():
    table = rows(
        patient_id=["P1", "P1"],
        infusion=[1.0, 1.0],
        day=[float("nan")] * 2,
        specimen=["blood"] * 2,
        assay=["qPCR"] * 2,
        unit=["c"] * 2,
    )
    assert len(without_duplicates(table, "kinetics", "Kinetics")[0]) == 2


@pytest.mark.parametrize(
    ("written", "known", "n_findings"),
    [(["included", "excluded"], ["included", "excluded"], 0), ([None, "EXCLUDED"], ["included", "excluded"], 0), (["no", "exclude"], ["included", "included"], 2), ([None, None], ["included", "included"], 0), ([], [], 0)],
)  # fmt: skip
def test_analysis_sets(written, known, n_findings):
    table = rows(analysis_set=pd.Series(written, dtype="object"))
    sets, findings = analysis_sets(table, "Patients")
    assert (sets.tolist(), len(findings)) == (known, n_findings)


def test_no_endpoints():
    checked, findings = check_endpoints(endpoints(), None, NOBODY)
    assert (len(checked), findings) == (0, [])
    assert not {"mend", "column"} & set(checked.columns)


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


def test_a_problem_known_before_is_kept_with_its_own_mend():
    _, findings = check_endpoints(
        endpoints(("P1", "os", float("nan"), 1)).assign(problem="no start", mend="Add it."), None, NOBODY
    )
    assert [(finding.problem, finding.mend, finding.value) for finding in findings] == [
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


def test_days_after_death_before_infusion_and_backwards():
    died, _ = check_endpoints(endpoints(("P1", "os", 30, 1), ("P2", "os", -3, 1)), None, NOBODY)
    table = rows(
        patient_id=["P1", "P1", "P2", "P1"],
        infusion=[1.0, 1.0, 1.0, 2.0],
        start_day=[31.0, 32.0, 50.0, 90.0],
        stop_day=[31.0, 33.0, 49.0, float("nan")],
    )
    findings = check_days(table, "adverse_events", "Adverse events", died)
    assert [(finding.severity, finding.row, finding.column, finding.value) for finding in findings] == [
        ("warning", 3, "start_day", "32"), ("warning", 4, "stop_day", "49"),
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "n"), [("responses", 1), ("kinetics", 1), ("labs", 0)])
def test_only_some_tables_hold_nothing_from_before_the_infusion(name, n):
    table = rows(patient_id=["P1", "P1"], infusion=[1.0, 1.0], day=[-1.0, 0.0])
    assert len(check_days(table, name, "S", check_endpoints(endpoints(), None, NOBODY)[0])) == n
