"""Names of sheets and columns as people write them."""

import pytest

from lib.cohort.schema import ADVERSE_EVENTS, ENDPOINTS, KINETICS, PATIENTS
from lib.intake.sheets.role import column_for, columns_for, endpoint_parts, is_whole_endpoint, normalised


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Patient ID", "patient_id"),
        ("patient-id ", "patient_id"),
        ("LDH [U/L]", "ldh"),
        ("Age (years)", "age"),
        ("  EMD  ", "emd"),
        ("", ""),
        ("≥5", "5"),
        ("(extra)", "extra"),
        ("Größe", "grosse"),
        ("PatientID", "patient_id"),
        ("del(17p)", "del_17p"),
        ("Stadium（Ann Arbor）", "stadium"),
        ("姓名", "姓名"),
        ("!!", ""),
    ],
)
def test_normalised(written, name):
    assert normalised(written) == name
    assert normalised(name) == name


@pytest.mark.parametrize(
    ("header", "table", "name"),
    [
        ("Patient", PATIENTS, "patient_id"),
        ("USUBJID", KINETICS, "patient_id"),
        ("Group", PATIENTS, "arm"),
        ("gender", PATIENTS, "sex"),
        ("day", KINETICS, "day"),
        ("day", ADVERSE_EVENTS, "start_day"),
        ("Date", ADVERSE_EVENTS, "start_date"),
        ("date", ENDPOINTS, None),
        ("day", ENDPOINTS, None),
        ("iss", PATIENTS, None),
    ],
)
def test_the_column_of_a_header(header, table, name):
    column = column_for(header, table)
    assert (column.name if column else None) == name


def test_a_synonym_gives_way_to_the_name_itself_and_to_an_earlier_synonym():
    found = columns_for(["group", "arm", "pt", "subject", "Arm"], PATIENTS)
    assert [column.name if column else None for column in found] == [None, "arm", "patient_id", None, "arm"]


def test_parts_of_endpoints():
    parts = endpoint_parts(
        ["OS months", "os_event", "pfs_days", "event", "ldh", "time to relapse_weeks", "time_to_relapse_event"]
    )
    assert parts == {
        "os": {"months": "OS months", "event": "os_event"},
        "pfs": {"days": "pfs_days"},
        "time_to_relapse": {"weeks": "time to relapse_weeks", "event": "time_to_relapse_event"},
    }
    assert [is_whole_endpoint(part) for part in parts.values()] == [True, False, True]
