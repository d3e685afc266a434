"""Worst grades in a sheet of patients are adverse events, and stay columns to filter by."""

from workbooks import read

HEADER = ("Patient ID", "Alter", "EMD", "CRS Grad", "max ICANS", "ICU", "OS (Monate)", "Vitalstatus")
ROWS = [
    ("A1", 61, "ja", "II", 0, "x", 12.5, "lebt"),
    ("A2", 55, "nein", "III", 1, None, 3.1, "verstorben"),
    ("A3", 47, "ja", None, None, None, 7.2, "lebt"),
    ("A4", 70, "nein", "0", 2, None, 1.4, "verstorben"),
]


def test_grades_become_events_and_an_empty_cell_is_none():
    cohort = read({"Tabelle1": [HEADER, *ROWS]})
    events = cohort.adverse_events
    crs = events[events["term"] == "CRS"].set_index("patient_id")["grade"].to_dict()
    assert crs == {"A1": 2, "A2": 3, "A4": 0}
    assert events.loc[events["term"] == "ICANS", "grade"].tolist() == [0, 1, 2]
    assert {"crs_grad", "max_icans"} <= {variable.name for variable in cohort.variables}


def test_yes_and_no_are_no_grades():
    rows = [("P1", 50, 0), ("P2", 51, 1), ("P3", 52, 1)]
    assert read({"s": [("Patient ID", "Alter", "CRS"), *rows]}).adverse_events.empty


def test_vital_status_is_the_event_of_overall_survival():
    cohort = read({"Tabelle1": [HEADER, *ROWS]})
    assert cohort.endpoint_names == ("os",)
    assert cohort.endpoints.set_index("patient_id")["event"].to_dict() == {"A1": 0, "A2": 1, "A3": 0, "A4": 1}
