"""What a mapping makes of sheets that are not quite as it expects: every row is reported, every column keeps its own
name."""

from workbooks import xlsx

from lib.cohort.finding import rows_set_aside
from lib.intake.draft import read_files, read_workbook
from lib.intake.files.grid import SourceFile
from lib.intake.mapping import Mapping, Reading, SheetMapping

PATIENTS = [("id", "sex"), ("A1", "F"), ("A2", "M")]
OF_PATIENTS = SheetMapping("P", (Reading("patients", {"patient_id": "id", "sex": "sex"}),))


def read(sheets, *mappings):
    return read_files([SourceFile("own.xlsx", xlsx(sheets))], Mapping(sheets=mappings))


def test_rows_that_hold_no_patient_are_told_and_can_be_downloaded():
    rows = [*PATIENTS, ("Total", "2"), ("id", "sex"), ("A3", "F"), ("n = 3", None), ("* as of May",)]
    cohort = read({"P": rows}, OF_PATIENTS)
    assert list(cohort.patients["patient_id"]) == ["A1", "A2", "A3"]
    aside = rows_set_aside(cohort.findings)
    assert [(each.row, each.why) for each in aside] == [
        (4, "This row was left out: a total."),
        (5, "This row was left out: the header again."),
        (7, "This row was left out: a total."),
        (8, "This row was left out: a note."),
    ]
    assert not any(finding.value for finding in cohort.findings if finding.sets_aside)


def test_a_workbook_of_the_template_tells_them_too():
    rows = [
        ("patient_id", "arm", "sex", "age_years"),
        ("P1", "A", "F", 50),
        ("P2", "B", "M", 60),
        (),
        ("Mean", None, None, 55),
    ]
    cohort = read_workbook(xlsx({"Patients": rows}), "own.xlsx")
    assert list(cohort.patients["patient_id"]) == ["P1", "P2"]
    assert [(each.row, each.why) for each in rows_set_aside(cohort.findings)] == [
        (5, "This row was left out: a total.")
    ]


def test_a_further_column_named_like_one_of_the_table_is_neither_lost_nor_taken_for_it():
    infusions = [("id", "day", "infusion"), ("A1", 0, "First"), ("A1", 200, "Second"), ("A2", 0, "First")]
    sheet = SheetMapping("I", (Reading("infusions", {"patient_id": "id", "day": "day"}),))
    cohort = read({"P": PATIENTS, "I": infusions}, OF_PATIENTS, sheet)
    assert list(cohort.infusions["infusion (extra)"]) == [
        "First",
        "First",
    ]  # the second row of A1 stands among the findings
    assert cohort.infusions["infusion"].isna().all() or set(cohort.infusions["infusion"]) == {1.0}
    assert any("set aside" in finding.problem for finding in cohort.findings)


def test_two_columns_for_the_arm_are_both_kept():
    rows = [("id", "arm", "cohort"), ("A1", "old", "one"), ("A2", "new", "two")]
    cohort = read({"P": rows}, SheetMapping("P", (Reading("patients", {"patient_id": "id", "arm": "cohort"}),)))
    assert list(cohort.patients["arm"]) == ["one", "two"] and list(cohort.patients["arm_extra"]) == ["old", "new"]


def test_a_column_that_varies_within_patients_of_a_second_sheet_is_left_out_with_a_note():
    visits = [("id", "visit", "bmi"), ("A1", "v1", 22), ("A1", "v2", 22), ("A2", "v1", 25), ("A2", "v2", 25)]
    sheet = SheetMapping("Q", (Reading("patients", {"patient_id": "id"}, extras=("visit", "bmi")),))
    cohort = read({"P": PATIENTS, "Q": visits}, OF_PATIENTS, sheet)
    assert list(cohort.patients["bmi"]) == ["22", "25"] and "visit" not in cohort.patients.columns
    assert any(
        "changes from row to row" in finding.problem and "visit" in finding.column for finding in cohort.findings
    )


def test_stated_header_rows():
    rows = [
        ("Our patients",),
        ("Who", "Tumour", None),
        (None, "stage", "size"),
        ("A1", "II", 3),
        ("A2", "I", 2),
        ("Total", None, 5),
    ]
    sheet = SheetMapping("P", (Reading("patients", {"patient_id": "Who"}),), header_rows=(2, 3))
    cohort = read({"P": rows}, sheet)
    assert list(cohort.patients["patient_id"]) == ["A1", "A2"]
    assert list(cohort.patients["stage"]) == ["II", "I"] and list(cohort.patients["size"]) == ["3", "2"]


def test_header_rows_that_the_sheet_does_not_have_are_found_again():
    sheet = SheetMapping("P", (Reading("patients", {"patient_id": "id", "sex": "sex"}),), header_rows=(40,))
    assert read({"P": PATIENTS}, sheet).n == 2
