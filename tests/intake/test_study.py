"""Settings of the Study sheet."""

import pytest
from workbooks import FOUR, of, only, read

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
