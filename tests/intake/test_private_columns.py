"""Names, numbers and dates of people are read by nobody, and free text is offered nowhere."""

import datetime as dt

import pytest
from workbooks import read

SECRETS = {
    "name": "Erika Mustermann",
    "Patient name": "Max Muster",
    "LastName": "Kowalski",
    "Initials": "EM",
    "MRN": 9876543,
    "Hospital No.": "H-445566",
    "DOB": dt.datetime(1950, 2, 3),
    "date of birth": "03.02.1950",
    "Geburtsdatum": "3.2.50",
    "e-mail": "a@b.example",
    "姓名": "王小明",
    "first seen": dt.datetime(2021, 5, 6),
    "relapse date": 44444,
    "seen on": "06.05.2021",
    "comment": "Fell from the stairs on the way to the ward",
    "remarks": "a long story about the patient that goes on and on and has no end in sight, really",
}


@pytest.mark.parametrize("n", [1, 6])
def test_private_columns_go_no_further(n):
    rows = [[f"P{place}", *(_as_of(place, value) for value in SECRETS.values())] for place in range(n)]
    cohort = read(
        {
            "Patients": [["patient_id", *SECRETS], *rows],
            "Labs": [
                ["patient_id", "day", "test", "value", *SECRETS],
                *(["P0", place, "CRP", 5, *row[1:]] for place, row in enumerate(rows)),
            ],
        }
    )
    free_text = {"comment"} if n == 1 else set()
    assert {variable.label for variable in cohort.variables} == free_text, (
        "one short text of one patient cannot be told from a category"
    )
    everything = " ".join(
        [
            cohort.patients.to_csv(),
            *(table.to_csv() for table in cohort.tables.values()),
            *(found.sentence() + found.value for found in cohort.findings),
            str(cohort),
        ]
    )
    for heading, value in SECRETS.items():
        if heading not in free_text:
            written = value.strftime("%Y-%m-%d") if isinstance(value, dt.datetime) else str(value)
            assert written not in everything, heading


def _as_of(place: int, value: object) -> object:
    """A different value for every patient; the first has the value itself."""
    if isinstance(value, dt.datetime):
        return value + dt.timedelta(days=place)
    if isinstance(value, int):
        return value + place
    return f"{value}{'!' * place}" if place and "." not in value else value
