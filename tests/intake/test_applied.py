"""What a mapping makes of sheets that are not quite as it expects: every row is reported, every column keeps its own
name.

Settings of the Study sheet.
"""

import pytest
from workbooks import FOUR, of, only, read, xlsx

from lib.cohort.finding import rows_set_aside
from lib.intake.draft import read_files, read_workbook
from lib.intake.files.grid import SourceFile
from lib.intake.mapping import Mapping, Reading, SheetMapping

PATIENTS = [("id", "sex"), ("A1", "F"), ("A2", "M")]
OF_PATIENTS = SheetMapping("P", (Reading("patients", {"patient_id": "id", "sex": "sex"}),))


def mapped(sheets, *mappings):
    return read_files([SourceFile("own.xlsx", xlsx(sheets))], Mapping(sheets=mappings))


def test_rows_that_hold_no_patient_are_told_and_can_be_downloaded():
    rows = [*PATIENTS, ("Total", "2"), ("id", "sex"), ("A3", "F"), ("n = 3", None), ("* as of May",)]
    cohort = mapped({"P": rows}, OF_PATIENTS)
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
    cohort = mapped({"P": PATIENTS, "I": infusions}, OF_PATIENTS, sheet)
    assert list(cohort.infusions["infusion (extra)"]) == [
        "First",
        "First",
    ]  # the second row of A1 stands among the findings
    assert cohort.infusions["infusion"].isna().all() or set(cohort.infusions["infusion"]) == {1.0}
    assert any("set aside" in finding.problem for finding in cohort.findings)


def test_two_columns_for_the_arm_are_both_kept():
    rows = [("id", "arm", "cohort"), ("A1", "old", "one"), ("A2", "new", "two")]
    cohort = mapped({"P": rows}, SheetMapping("P", (Reading("patients", {"patient_id": "id", "arm": "cohort"}),)))
    assert list(cohort.patients["arm"]) == ["one", "two"] and list(cohort.patients["arm_extra"]) == ["old", "new"]


def test_a_column_that_varies_within_patients_of_a_second_sheet_is_left_out_with_a_note():
    visits = [("id", "visit", "bmi"), ("A1", "v1", 22), ("A1", "v2", 22), ("A2", "v1", 25), ("A2", "v2", 25)]
    sheet = SheetMapping("Q", (Reading("patients", {"patient_id": "id"}, extras=("visit", "bmi")),))
    cohort = mapped({"P": PATIENTS, "Q": visits}, OF_PATIENTS, sheet)
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
    cohort = mapped({"P": rows}, sheet)
    assert list(cohort.patients["patient_id"]) == ["A1", "A2"]
    assert list(cohort.patients["stage"]) == ["II", "I"] and list(cohort.patients["size"]) == ["3", "2"]


def test_header_rows_that_the_sheet_does_not_have_are_found_again():
    sheet = SheetMapping("P", (Reading("patients", {"patient_id": "id", "sex": "sex"}),), header_rows=(40,))
    assert mapped({"P": PATIENTS}, sheet).n == 2


HEADER = ["setting", "column", "value"]


def study(*rows):
    return read({"Study": [HEADER, *rows], "Patients": FOUR})


def variable(cohort, name="arm"):
    found = cohort.variable(name)
    assert found
    return found


def test_without_a_study_sheet_there_are_defaults():
    cohort = read({"Patients": FOUR})
    assert (cohort.study.title, cohort.study.synthetic, cohort.study.time_unit, cohort.study.data_cutoff) == (
        "",
        False,
        "months",
        "",
    )
    assert (variable(cohort).levels, variable(cohort).known_at) == (("A", "B"), None)


def test_about_the_study():
    cohort = study(
        ["title", None, "Ours"],
        ["synthetic", None, "yes"],
        ["note", None, "drawn"],
        ["data_cutoff", None, "2023-07-31"],
        ["Time unit", None, "Days"],
        ["group_by", None, "EMD"],
    )
    assert cohort.findings == ()
    assert (cohort.study.title, cohort.study.synthetic, cohort.study.note) == ("Ours", True, "drawn")
    assert (cohort.study.data_cutoff, cohort.study.time_unit, cohort.study.group_by) == ("2023-07-31", "days", "emd")


def test_about_a_column():
    cohort = study(
        ["order", "Arm", "B; A"],
        ["reference", "arm", "b"],
        ["label", "arm", "Maintenance"],
        ["known_at", "arm", "day 30"],
        ["unit", "age", "yr"],
    )
    assert cohort.findings == ()
    arm = variable(cohort)
    assert (arm.levels, arm.reference, arm.label, arm.known_at) == (("B", "A"), "B", "Maintenance", 30)
    assert variable(cohort, "age_years").unit == "yr"


def test_levels_get_other_names_and_keep_order_and_reference():
    cohort = study(
        ["label", "arm", "A = Zero; B = Alpha; C = ; = D"], ["order", "arm", "A; B"], ["reference", "arm", "A"]
    )
    assert cohort.findings == ()
    assert (variable(cohort).levels, variable(cohort).reference) == (("Zero", "Alpha"), "Zero")
    assert cohort.patients["arm"].tolist() == ["Zero", "Zero", "Alpha", "Alpha"]


@pytest.mark.parametrize(
    ("written", "day"),
    [("before infusion", 0), ("Baseline", 0), ("30", 30), ("day 30", 30), ("-7", -7), ("unknown", None)],
)
def test_known_at(written, day):
    assert variable(study(["known_at", "arm", written])).known_at == day


def test_a_baseline_column_is_known_before_infusion_unless_study_says_otherwise():
    assert variable(study(), "emd").known_before_infusion
    assert not variable(study(["known_at", "emd", "unknown"]), "emd").known_before_infusion
    assert not variable(study()).known_before_infusion


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["colour", None, "red"], '"colour" is not a setting.'),
        (["order", None, "A; B"], "The setting order does not say which column it is for."),
        (["synthetic", None, "perhaps"], '"perhaps" is neither yes nor no.'),
        (["data_cutoff", None, "31.07.2023"], '"31.07.2023" is not a date.'),
        (["time_unit", None, "years"], '"years" is not a unit of time.'),
        (["known_at", "arm", "later"], '"later" does not say when it was known.'),
    ],
)
def test_an_unreadable_setting(row, problem):
    found = only(study(["title", None, "Ours"], row))
    assert (found.severity, found.sheet, found.row, found.column, found.value, found.problem) == (
        "error",
        "Study",
        3,
        "C (value)",
        row[2],
        problem,
    )


def test_an_unreadable_synthetic_is_not_synthetic_and_an_unreadable_cut_off_is_none():
    cohort = study(["synthetic", None, "perhaps"], ["data_cutoff", None, "soon"], ["time_unit", None, "years"])
    assert (cohort.study.synthetic, cohort.study.data_cutoff, cohort.study.time_unit) == (False, "", "months")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            ["order", "arn", "B; A"],
            '"arn" is no column of Patients that holds groups or numbers, so this setting changes nothing.',
        ),
        (
            ["group_by", None, "arn"],
            '"arn" is no column of Patients that holds groups or numbers, so this setting changes nothing.',
        ),
        (["reference", "arm", "C"], 'Nobody has "C" in Arm.'),
    ],
)
def test_a_setting_that_changes_nothing_is_told(row, problem):
    found = only(study(row))
    assert (found.severity, found.sheet, found.row, found.problem) == ("warning", "Study", 2, problem)


def test_a_setting_without_a_value_is_nothing():
    assert study(["title", None, None], [None, None, None], ["order", "arm", "NA"]).findings == ()


def test_a_value_without_a_setting_is_told():
    assert len(of(study([None, None, "A; B"]), "error")) == 1


def test_a_study_sheet_without_its_columns():
    cohort = read({"Study": [["setting"], ["title"]], "Patients": FOUR})
    assert (cohort.n, cohort.study.title) == (4, "")
