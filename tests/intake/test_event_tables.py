"""Event tables: dates become days, no date goes further, further columns keep within bounds."""

import datetime as dt

import pytest
from workbooks import FOUR, of, only, read, read_with

INFUSED = [["patient_id", "infusion_date"], ["P1", dt.datetime(2023, 1, 1)], ["P2", "2023-02-01"]]


def test_dates_become_days_since_the_infusion():
    cohort = read(
        {
            "Patients": INFUSED,
            "Infusions": [
                ["patient_id", "infusion", "date"],
                ["P1", 1, "2023-01-01"],
                ["P1", 2, "2023-04-11"],
                ["P2", 1, "2023-02-01"],
            ],
            "Responses": [["patient_id", "date", "response"], ["P1", "2023-01-29", "PR"], ["P2", "2023-01-31", "SD"]],
            "Adverse events": [["patient_id", "term", "Date", "stop_date"], ["P1", "CRS", "2023-01-03", "2023-01-08"]],
            "Therapies": [["patient_id", "kind", "start_date", "infusion"], ["P1", "maintenance", "2023-05-11", 2]],
            "Labs": [["patient_id", "date", "test", "value"], ["P2", "2023-02-08", "CRP", 5]],
        }
    )
    assert [finding.problem for finding in cohort.findings] == ["A negative day is before the infusion."]
    assert cohort.infusions["day"].tolist() == [0, 100, 0]
    assert cohort.responses["day"].tolist() == [28, -1]
    assert cohort.adverse_events[["start_day", "stop_day"]].to_numpy().tolist() == [[2, 7]]
    assert cohort.therapies["start_day"].tolist() == [30], "counted from infusion 2"
    assert cohort.labs["day"].tolist() == [7]
    for name, table in [("patients", cohort.patients), *cohort.tables.items()]:
        assert not any("date" in column for column in table.columns), name
        assert "2023" not in table.to_csv(), name


def test_a_date_of_an_infusion_without_a_date_is_told_without_the_date():
    cohort = read_with(responses=[["patient_id", "date", "response"], ["P1", "2023-01-29", "PR"]])
    found = only(cohort)
    assert (found.severity, found.sheet, found.row, found.column, found.value) == (
        "error",
        "Responses",
        2,
        "B (date)",
        "",
    )
    assert found.problem == "The date of infusion 1 of this patient is not given, so the date cannot become a day."
    assert cohort.responses["response"].tolist() == ["PR"]
    assert cohort.responses["day"].isna().all()


def test_a_day_goes_before_a_date_and_a_difference_is_told():
    cohort = read(
        {
            "Patients": INFUSED,
            "Responses": [
                ["patient_id", "day", "date", "response"],
                ["P1", 28, "2023-01-29", "PR"],
                ["P2", 28, "2023-03-02", "PR"],
            ],
        }
    )
    found = only(cohort)
    assert (found.severity, found.row, found.column, found.value) == ("warning", 3, "B (day)", "28")
    assert found.problem == "The date beside it is day 29; the day is used."
    assert cohort.responses["day"].tolist() == [28, 28]


def test_what_stops_before_it_starts_and_what_is_after_death_is_told_and_kept():
    cohort = read_with(
        endpoints=[
            ["patient_id", "endpoint", "time", "unit", "event"],
            ["P1", "os", 30, "days", 1],
            ["P2", "os", 60, "days", 0],
        ],
        adverse_events=[
            ["patient_id", "term", "start_day", "stop_day"],
            ["P1", "CRS", 31, 40],
            ["P1", "Fever", 40, 50],
            ["P2", "CRS", 40, 39],
        ],
    )
    assert [(found.severity, found.row, found.column, found.problem) for found in cohort.findings] == [
        ("warning", 3, "C (start_day)", "This is after the patient's death."),
        ("warning", 4, "D (stop_day)", "This is before its first day."),
    ]
    assert len(cohort.adverse_events) == 3


def test_the_infusion_is_the_first_unless_another_is_named():
    cohort = read_with(
        responses=[["patient_id", "infusion", "day", "response"], ["P1", None, 28, "PR"], ["P1", 2, 28, "CR"]]
    )
    assert cohort.responses["infusion"].tolist() == [1, 2]


@pytest.mark.parametrize(
    "sheet", ["Infusions", "Endpoints", "Responses", "Adverse events", "Therapies", "Kinetics", "Labs"]
)
def test_a_sheet_with_only_a_header(sheet):
    cohort = read({"Patients": FOUR, sheet: [["patient_id"]]})
    assert all(table.empty for table in cohort.tables.values())
    assert {finding.severity for finding in cohort.findings} <= {"error"}
    assert all("is missing" in finding.problem for finding in cohort.findings)


def test_a_cohort_without_events_has_every_table_in_its_types():
    with_rows = read_with(
        kinetics=[["patient_id", "day", "value", "lloq"], ["P1", 7, 500, 50]],
        responses=[["patient_id", "day", "response"], ["P1", 28, "CR"]],
    )
    without = read({"Patients": FOUR})
    for name in ("kinetics", "responses"):
        assert without.tables[name].dtypes.to_dict() == with_rows.tables[name].dtypes.to_dict()


def test_further_columns_of_event_tables_are_typed_and_private_ones_dropped():
    header = ["patient_id", "term", "serious", "dose mg", "seen on", "comment", "physician name"]
    rows = [
        ["P1", f"Term {place}", "yn"[place % 2], 1.5 * place, dt.datetime(2023, 1, 1), f"called on {place}", "Dr Who"]
        for place in range(8)
    ]
    cohort = read_with(adverse_events=[header, *rows])
    assert cohort.adverse_events["serious"].tolist() == ["yes", "no"] * 4
    assert cohort.adverse_events["dose mg (extra)"].dtype == "float64"
    assert [(finding.severity, finding.column) for finding in cohort.findings] == [
        ("note", "E (seen on)"),
        ("note", "F (comment)"),
        ("note", "G (physician name)"),
    ]
    dropped = ("seen on", "comment", "physician name")
    assert not any(name.startswith(dropped) for name in cohort.adverse_events.columns)
    assert of(cohort, "error") == []
