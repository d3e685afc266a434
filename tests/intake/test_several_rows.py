"""Patients with several rows: what is the same, the first, the last or the worst; asked where it cannot be known."""

import pytest
from workbooks import xlsx

from lib.intake.draft import read_files
from lib.intake.files.formats import read_grids_of
from lib.intake.files.grid import SourceFile
from lib.intake.infer.guess import suggest
from lib.intake.mapping import Mapping, Reading, SheetMapping
from lib.intake.sheets.block import blocks_of

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
