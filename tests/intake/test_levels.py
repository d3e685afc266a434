"""Levels of a group: near-equal spellings are one, under the commonest; the order is the one a reader expects.

Worst grades in a sheet of patients are adverse events, and stay columns to filter by.

Names, numbers and dates of people are read by nobody, and free text is offered nowhere.

Patients with several rows: what is the same, the first, the last or the worst; asked where it cannot be known.
"""

import datetime as dt
from pathlib import Path

import pytest
from workbooks import read, xlsx

from lib.intake.draft import read_files
from lib.intake.files.formats import read_grids_of
from lib.intake.files.grid import SourceFile
from lib.intake.infer.guess import suggest
from lib.intake.mapping import Mapping, Reading, SheetMapping
from lib.intake.sheets.block import blocks_of

CASES = Path(__file__).parent / "cases"


def levels(*cells):
    rows = [["patient_id", "arm"], *([f"P{n}", cell] for n, cell in enumerate(cells))]
    cohort = read({"Patients": rows})
    return cohort.variable("arm").levels, [each.problem for each in cohort.findings if "was taken for" in each.problem]


def test_one_level_under_its_commonest_spelling():
    cohort = read_files([SourceFile("k11.csv", (CASES / "k11.csv").read_bytes())])
    (stage,) = [each for each in cohort.variables if "stage" in each.name]
    assert stage.levels == ("III", "IV") and [each.problem for each in cohort.findings] == [
        '"iII" was taken for "III".'
    ]


@pytest.mark.parametrize(
    ("cells", "kept", "n"),
    [
        (["pom", "Pom", "Pom", "Len"], ("Len", "Pom"), 1),
        (["Tisa-cel", "Tisa cel", "Tisa-cel", "Axi"], ("Axi", "Tisa-cel"), 1),
        (["DL1", "DL 1", "DL 1", "DL 2"], ("DL 1", "DL 2"), 1),
        (["Köln", "Koln", "Köln", "Bonn"], ("Bonn", "Köln"), 1),
        (["Group  A", "Group A", "Group A", "group_a", "B"], ("B", "Group A"), 2),
        (["A", "B", "AB"], ("A", "AB", "B"), 0),
        (["CD19+", "CD19-", "CD19"], ("CD19", "CD19+", "CD19-"), 0),
        (["1", "11", "1 1"], None, 0),
    ],
)
def test_near_equal_levels(cells, kept, n):
    found, reported = levels(*cells)
    assert (kept is None or set(found) == set(kept)) and len(reported) == n


@pytest.mark.parametrize(
    "order",
    [
        ("DL 1", "DL 2", "DL 10"),
        ("Cohort 1A", "Cohort 1B", "Cohort 2A", "Cohort 10A"),
        ("no", "yes"),
        ("I", "II", "III", "IV"),
        ("Arm A", "Arm B"),
        ("dose 0.5", "dose 1", "dose 1.5", "dose 10"),
        ("<60", "60-70", ">70"),
    ],
)
def test_natural_order(order):
    assert levels(*reversed(order), *order)[0] == order


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


VISITS = [
    ("Patient", "Sex", "Age", "Visit", "ECOG", "Weight", "EMD", "OS months", "Dead"),
    ("A1", "F", 61, "v1", 1, 70.5, "no", 3, 0),
    ("A1", "F", 61, "v2", 3, 66.0, "yes", 6, 0),
    ("A1", "F", 61, "v3", 2, None, None, 9, 1),
    ("A2", "M", 55, "v1", 0, 81.2, None, 3, 0),
    ("A2", "M", 55, "v2", 0, 80.1, "no", 7, 0),
    ("A3", "F", 70, "v1", 2, 58.4, "no", 2, 1),
    ("A4", "M", 44, "v1", 1, 90.0, "no", 12, 0),
    ("A4", "M", 44, "v2", 1, 91.3, "no", 24, 0),
]


def file():
    return [SourceFile("visits.xlsx", xlsx({"Visits": VISITS}))]


def patients(choice):
    reading = Reading(
        "patients", {"patient_id": "Patient", "sex": "Sex", "age_years": "Age", "emd": "EMD"}, one_row=choice
    )
    return read_files(file(), Mapping((SheetMapping("Visits", (reading,)),)))


@pytest.mark.parametrize(
    ("choice", "ecog", "weight", "emd"),
    [
        ("first", [1, 0, 2, 1], [70.5, 81.2, 58.4, 90.0], ["no", "no", "no", "no"]),
        ("last", [2, 0, 2, 1], [66.0, 80.1, 58.4, 91.3], ["yes", "no", "no", "no"]),
        ("worst", [3, 0, 2, 1], [70.5, 81.2, 58.4, 91.3], ["yes", "no", "no", "no"]),
    ],
)
def test_the_row_that_was_chosen_counts_in_every_column(choice, ecog, weight, emd):
    read = patients(choice)
    assert list(read.patients["patient_id"]) == ["A1", "A2", "A3", "A4"]
    assert [float(each) for each in read.patients["ecog"]] == ecog and list(read.patients["weight"]) == weight
    assert list(read.patients["emd"]) == emd
    notes = {finding.column: finding.problem for finding in read.findings if "different values" in finding.problem}
    assert notes["F (Weight)"] == f"3 patients have different values in their rows; the {choice} counts."
    assert notes["E (ECOG)"].startswith("1 patients") and "B (Sex)" not in notes
    assert not any(finding.severity == "warning" and "in one row" in finding.problem for finding in read.findings)


def test_without_a_choice_contradictions_are_told_and_what_changes_is_left_out():
    read = patients("")
    assert "weight" not in read.patients.columns
    assert any(
        finding.column == "F (Weight)" and "changes from row to row" in finding.problem for finding in read.findings
    )
    assert any('"no" in one row and "yes" in another' in finding.problem for finding in read.findings)


def asked(answers):
    return suggest(blocks_of(read_grids_of(file())), answers)


def test_which_row_counts_is_asked_once_and_names_what_differs():
    (question,) = [each for each in asked({}).questions if each.id == "which row:Visits"]
    assert "ECOG" in question.sentence and "Sex" not in question.sentence
    assert question.chosen == "same" and not question.answered
    readings = asked({"which row:Visits": "worst"}).mapping.sheets[0].readings
    assert next(each for each in readings if each.table == "patients").one_row == "worst"


@pytest.mark.parametrize(
    ("answer", "time", "event"),
    [
        ("last", [9, 7, 2, 24], [1, 0, 1, 0]),
        ("first", [3, 3, 2, 12], [0, 0, 1, 0]),
        ("worst", [9, 3, 2, 12], [1, 0, 1, 0]),
    ],
)
def test_follow_up_that_is_written_anew_at_every_visit(answer, time, event):
    first = asked({})
    (question,) = [each for each in first.questions if "OS months" in each.columns and each.subject == "rows"]
    assert "changes from row to row" in question.sentence and question.chosen == "last"
    answers = {question.id: answer} | {
        each.id: each.chosen for each in first.questions if each.subject == "event_values"
    }
    read = read_files(file(), asked(answers).mapping)
    os = read.endpoints.set_index("patient_id")
    assert list(os["time"]) == time and list(os["event"]) == event


def test_follow_up_can_be_left_out():
    (question,) = [each for each in asked({}).questions if "OS months" in each.columns and each.subject == "rows"]
    assert all(each.table != "endpoints" for each in asked({question.id: "leave"}).mapping.sheets[0].readings)


def test_nothing_is_asked_where_all_rows_of_a_patient_say_the_same():
    rows = [("Patient", "Sex", "Visit"), ("A1", "F", "v1"), ("A1", "F", "v2"), ("A2", "M", "v1"), ("A2", "M", "v2")]
    found = suggest(blocks_of(read_grids_of([SourceFile("v.xlsx", xlsx({"Patients": [row[:2] for row in rows]}))])), {})
    assert not [each for each in found.questions if each.id.startswith("which row")]
