"""Endpoints from the Endpoints sheet, from pairs of columns, from dates."""

import datetime as dt
import math

import pytest
from workbooks import FOUR, of, only, read, read_with

HEADER = ["patient_id", "endpoint", "time", "unit", "event"]
DATES = ["patient_id", "infusion_date", "progression_date", "death_date", "last_contact_date"]


def times(cohort, endpoint: str) -> dict[str, tuple[float, str, float]]:
    rows = cohort.endpoints[cohort.endpoints["endpoint"] == endpoint]
    return {row["patient_id"]: (row["time"], row["unit"], row["event"]) for row in rows.to_dict("records")}


def problems(cohort) -> dict[str, str]:
    """What is wrong with each endpoint of P1 that cannot be used."""
    rows = cohort.endpoints[(cohort.endpoints["patient_id"] == "P1") & (cohort.endpoints["problem"] != "")]
    return dict(zip(rows["endpoint"], rows["problem"], strict=True))


def test_no_endpoints():
    cohort = read({"Patients": FOUR})
    assert cohort.endpoints.empty
    assert cohort.endpoint_names == ()


def test_from_the_sheet_each_time_keeps_its_unit():
    cohort = read_with(
        endpoints=[
            HEADER,
            ["P1", "OS", 12.5, "Months", 1],
            ["P2", "os", 90, "days", 0],
            ["P3", "time to relapse", 8, None, "yes"],
        ]
    )
    assert cohort.findings == ()
    assert times(cohort, "os") == {"P1": (12.5, "months", 1), "P2": (90, "days", 0)}
    assert times(cohort, "time_to_relapse") == {"P3": (8, "months", 1)}
    assert cohort.endpoint_names == ("os", "time_to_relapse")


def test_the_unit_of_the_study_holds_where_none_is_given():
    cohort = read(
        {
            "Study": [["setting", "column", "value"], ["time_unit", None, "weeks"]],
            "Patients": FOUR,
            "Endpoints": [HEADER, ["P1", "os", 12, None, 1]],
        }
    )
    assert times(cohort, "os") == {"P1": (12, "weeks", 1)}


def test_a_row_without_an_endpoint_is_told_and_left_out():
    cohort = read_with(endpoints=[HEADER, ["P1", None, 5, "months", 1], ["P1", "os", 6, "months", 1]])
    found = only(cohort)
    assert (found.row, found.column, found.problem) == (
        2,
        "B (endpoint)",
        "This row does not say which endpoint it is.",
    )
    assert len(cohort.endpoints) == 1


@pytest.mark.parametrize(
    ("start", "end", "infused", "expected"),
    [
        ("2023-01-01", "2023-01-31", None, 30),
        (None, "2023-01-31", "2023-01-11", 20),
        ("2023-01-01", dt.datetime(2023, 1, 31, 9), "2023-01-11", 30),
        ("2024-02-28", "2024-03-01", None, 2),
    ],
)
def test_from_dates_in_the_sheet(start, end, infused, expected):
    rows = [["patient_id", "endpoint", "event", "start_date", "end_date"], ["P1", "os", 1, start, end]]
    cohort = read({"Patients": [["patient_id", "infusion_date"], ["P1", infused]], "Endpoints": rows})
    assert cohort.findings == ()
    assert times(cohort, "os") == {"P1": (expected, "days", 1)}


def test_an_end_date_without_a_beginning():
    cohort = read_with(endpoints=[["patient_id", "endpoint", "event", "end_date"], ["P1", "os", 1, "2023-01-31"]])
    found = only(cohort)
    assert (found.row, found.column) == (2, "D (end_date)")
    assert found.problem == 'OS of patient "P1" is not used: end date without a start date or infusion date.'
    assert "2023" not in found.sentence()


def test_a_time_goes_before_dates():
    cohort = read_with(
        endpoints=[[*HEADER, "start_date", "end_date"], ["P1", "os", 3, "months", 1, "2023-01-01", "2023-01-31"]]
    )
    assert times(cohort, "os") == {"P1": (3, "months", 1)}


def test_from_pairs_of_columns():
    header = ["patient_id", "OS_months", "os_event", "PFS_days", "PFS_event", "relapse weeks", "relapse event"]
    cohort = read(
        {"Patients": [header, ["P1", "12,5", "dead", 100, 1, 3, "no"], ["P2", 20, "alive", None, None, 4, None]]}
    )
    assert times(cohort, "os") == {"P1": (12.5, "months", 1), "P2": (20, "months", 0)}
    assert times(cohort, "pfs") == {"P1": (100, "days", 1)}
    assert times(cohort, "relapse")["P1"] == (3, "weeks", 0)
    assert cohort.variables == ()
    assert [(found.row, found.column, found.problem) for found in cohort.findings] == [
        (3, "F (relapse weeks)", 'RELAPSE of patient "P2" is not used: event not stated.')
    ]


def test_unreadable_cells_of_a_pair_name_their_own_columns():
    cohort = read(
        {"Patients": [["patient_id", "os_months", "os_event"], ["P1", "long", "?!"], ["P2", "=A1", 1], ["P3", 5, 2]]}
    )
    assert [(found.row, found.column, found.value) for found in of(cohort, "error")][:4] == [
        (2, "B (os_months)", "long"),
        (2, "C (os_event)", "?!"),
        (3, "B (os_months)", "=A1"),
        (4, "C (os_event)", "2"),
    ]
    assert all(math.isnan(event) for event in cohort.endpoints["event"][[0, 2]])
    assert (cohort.endpoints["problem"] != "").all()
    assert cohort.n == 3


def test_from_dates_of_patients():
    rows = [
        ["P1", "2023-01-01", "2023-02-01", "2023-03-01", None],
        ["P2", "2023-01-01", None, "2023-03-01", "2023-02-01"],
        ["P3", "2023-01-01", None, None, "2023-04-01"],
        ["P4", "2023-01-01", "2023-02-01", None, "2023-04-01"],
        ["P5", "2023-01-01", "2023-02-01", None, None],
        ["P6", None, "2023-02-01", "2023-03-01", None],
        ["P7", "2023-01-01", None, None, None],
    ]
    cohort = read({"Patients": [DATES, *rows]})
    assert {found.problem for found in cohort.findings} == {
        f'{name} of patient "P6" is not used: date of infusion missing.' for name in ("OS", "PFS", "TTP")
    }

    def without_p6(endpoint):
        return {patient: each for patient, each in times(cohort, endpoint).items() if patient != "P6"}

    day = "days"
    assert without_p6("os") == {"P1": (59, day, 1), "P2": (59, day, 1), "P3": (90, day, 0), "P4": (90, day, 0)}
    assert without_p6("pfs") == {
        "P1": (31, day, 1),
        "P2": (59, day, 1),
        "P3": (90, day, 0),
        "P4": (31, day, 1),
        "P5": (31, day, 1),
    }
    assert without_p6("ttp") == {
        "P1": (31, day, 1),
        "P2": (59, day, 0),
        "P3": (90, day, 0),
        "P4": (31, day, 1),
        "P5": (31, day, 1),
    }
    reasons = cohort.endpoints.set_index(["patient_id", "endpoint"])["censoring_reason"]
    assert reasons["P2", "ttp"] == "death without progression"
    assert not any("date" in column for column in cohort.patients.columns)


@pytest.mark.parametrize(
    ("row", "unusable"),
    [
        (
            ["P1", "2023-01-01", "2023-05-01", "2023-03-01", None],
            {"pfs": "progression after death", "ttp": "progression after death"},
        ),
        (
            ["P1", "2023-01-01", None, "2022-12-01", None],
            {"os": "negative time", "pfs": "negative time", "ttp": "negative time"},
        ),
        (["P1", "2023-01-01", "2022-12-01", None, "2023-03-01"], {"pfs": "negative time", "ttp": "negative time"}),
        (["P1", "2023-01-01", None, "2023-02-01", "2023-03-01"], {"os": "last contact after death"}),
        (["P1", "2023-01-01", "2023-05-01", None, "2023-03-01"], {"os": "progression after last contact"}),
    ],
)
def test_contradictions_between_dates(row, unusable):
    cohort = read({"Patients": [DATES, row, ["P2", "2023-01-01", None, None, "2023-04-01"]]})
    assert problems(cohort) == unusable
    assert {found.problem.split(": ")[1].rstrip(".") for found in of(cohort, "error")} == set(unusable.values())
    assert {found.column for found in of(cohort, "error")} <= {
        f"{letter} ({name})" for letter, name in zip("ABCDE", DATES, strict=True)
    }
    assert all("2023" not in found.sentence() and "2022" not in found.sentence() for found in cohort.findings)
    assert cohort.n == 2
    assert (cohort.endpoints[cohort.endpoints["patient_id"] == "P2"]["problem"] == "").all()


def test_the_sheet_goes_before_columns_and_columns_before_dates():
    patients = [
        [*DATES, "os_months", "os_event"],
        ["P1", "2023-01-01", "2023-02-01", "2023-03-01", None, 7, 1],
        ["P2", "2023-01-01", None, "2023-04-01", None, 8, 1],
    ]
    cohort = read({"Patients": patients, "Endpoints": [HEADER, ["P1", "os", 5, "months", 0]]})
    assert times(cohort, "os") == {"P1": (5, "months", 0), "P2": (8, "months", 1)}
    assert set(times(cohort, "pfs")) == {"P1", "P2"}


def test_an_event_after_the_data_cut_off():
    study = [["setting", "column", "value"], ["data_cutoff", None, "2023-07-31"]]
    rows = [
        ["P1", "2023-01-01", None, "2023-12-01", None],
        ["P2", "2023-01-01", None, None, "2023-12-01"],
        ["P3", "2023-01-01", None, "2023-07-31", None],
    ]
    cohort = read({"Study": study, "Patients": [DATES, *rows]})
    assert problems(cohort) == {"os": "event after the data cut-off", "pfs": "event after the data cut-off"}
    assert {(found.severity, found.row, found.column) for found in cohort.findings} == {
        ("error", 2, "D (death_date)"),
        ("warning", 2, "D (death_date)"),
        ("warning", 3, "E (last_contact_date)"),
    }


def test_a_cut_off_without_infusion_dates_says_nothing():
    study = [["setting", "column", "value"], ["data_cutoff", None, "2023-07-31"]]
    cohort = read({"Study": study, "Patients": FOUR, "Endpoints": [HEADER, ["P1", "os", 90, "months", 1]]})
    assert cohort.findings == ()


@pytest.mark.parametrize("reverse", [False, True])
def test_the_order_of_rows_is_nothing(reverse):
    rows = [
        ["P1", "os", 6, "months", 1],
        ["P1", "pfs", 9, "months", 1],
        ["P2", "pfs", 3, "months", 1],
        ["P2", "os", 9, "months", 0],
    ]
    cohort = read_with(endpoints=[HEADER, *(rows[::-1] if reverse else rows)])
    assert problems(cohort) == {"pfs": "progression after death"}
    assert len(cohort.findings) == 1


def test_a_second_infusion_has_endpoints_of_its_own():
    header = [*HEADER, "infusion"]
    cohort = read_with(
        infusions=[["patient_id", "infusion", "day"], ["P1", 1, 0], ["P1", 2, 100]],
        endpoints=[
            header,
            ["P1", "os", 6, "months", 1, 1],
            ["P1", "os", 2.7, "months", 1, 2],
            ["P1", "pfs", 5, "months", 1, None],
            ["P1", "pfs", 5, "months", 1, 2],
        ],
    )
    assert [finding.row for finding in cohort.findings] == [5], "of infusion 2 the patient died at 2.7 months"
    assert cohort.endpoints["infusion"].tolist() == [1, 2, 1, 2]


def test_without_a_column_of_progression_dates_there_is_overall_survival_only():
    rows = [("P1", "2023-01-01", "2023-06-01", None), ("P2", "2023-01-01", None, "2023-09-01")]
    dated = read({"Patients": [("patient_id", "infusion_date", "death_date", "last_contact_date"), *rows]})
    assert dated.endpoint_names == ("os",)
