"""Columns that the schema does not know: their type, the order of their levels, and which of them are private."""

import datetime as dt

import pandas as pd
import pytest
from workbooks import FOUR, read

from lib.intake.apply.variables import FREE_TEXT, HOLDS_DATES, LOOKS_PRIVATE, one_spelling, typed_extra

DAYS = [dt.datetime(2023, 1, day) for day in range(1, 9)]


def typed(cells: list[object], heading: str = "further"):
    return typed_extra(pd.Series(cells, dtype="object"), heading)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        pytest.param([1.5, "2,5", None, 4.0, "NA", 6.0, 7.0], [1.5, 2.5, None, 4.0, None, 6.0, 7.0], id="numbers"),
        pytest.param(
            [210.0, 250.0, 300.0, 410.0, 500.0], [210, 250, 300, 410, 500], id="few patients, all with another number"
        ),
        pytest.param(
            [1.0, 2.0, 1.0, 2.0, 0.0, 1.0, 2.0], ["1", "2", "1", "2", "0", "1", "2"], id="few whole numbers are groups"
        ),
        pytest.param([0.0, 1.0, 0.0, 1.0, None], ["0", "1", "0", "1", None], id="0 and 1 may mean anything"),
        pytest.param(["y", "N", "1", "0", None, True], ["yes", "no", "yes", "no", None, "yes"], id="yes and no"),
        pytest.param(["I", "II", "II", "I", "unknown"], ["I", "II", "II", "I", None], id="words"),
        pytest.param(
            ["3", "4", ">=5", "3", "4", "3"], ["3", "4", ">=5", "3", "4", "3"], id="numbers and a word are groups"
        ),
        pytest.param(["I", "II", "III", "I"], ["I", "II", "III", "I"], id="three levels in four patients"),
        pytest.param(["a"], ["a"], id="one patient"),
        pytest.param([], [], id="nobody"),
        pytest.param([None, "NA"], [None, None], id="all missing"),
    ],
)
def test_types(cells, values):
    result = typed(cells)
    assert [None if pd.isna(value) else value for value in result.values] == values
    assert (result.why_not, result.bad) == ("", ())


@pytest.mark.parametrize(
    ("cells", "heading", "why_not"),
    [
        pytest.param(["a", "b", "c", "d", "e"], "further", FREE_TEXT, id="all different"),
        pytest.param(["x" * 80, "a", "a", "a", "a"], "further", FREE_TEXT, id="one long text"),
        pytest.param(["x" * 80, *map(float, range(20))], "further", FREE_TEXT, id="a long text among numbers"),
        pytest.param(list(DAYS), "further", HOLDS_DATES, id="dates"),
        pytest.param(["01.02.2023"] * 3 + ["03.02.2023"] * 3, "further", HOLDS_DATES, id="dates as text"),
        pytest.param(["2023-02-01 10:30", "2023/2/1", None], "further", HOLDS_DATES, id="dates, year first"),
        pytest.param([44444.0, 44445.0], "Relapse date", HOLDS_DATES, id="dates as numbers"),
    ],
)
def test_left_out(cells, heading, why_not):
    assert typed(cells, heading).why_not == why_not


@pytest.mark.parametrize(
    "heading",
    [
        "Name",
        "PATIENT NAME",
        "patientname",
        "First name",
        "lastname",
        "Surname",
        "Initials",
        "MRN",
        "mrn_2",
        "Medical record",
        "Hospital number",
        "DOB",
        "Date of birth",
        "birth date",
        "Birthday",
        "birth year",
        "Geburtsdatum",
        "Geb.-Dat.",
        "Vorname",
        "Nachname",
        "E-mail",
        "email address",
        "Phone",
        "ZIP",
        "PLZ",
        "SSN",
        "NHS no",
        "姓名",
        "住院号",
    ],
)
def test_private_names(heading):
    assert typed(["a", "a", "b", "b"], heading).why_not == LOOKS_PRIVATE


@pytest.mark.parametrize("heading", ["nominal", "enamel", "birthmark", "zippy", "Stage", "phoneme", "tel el"])
def test_harmless_names(heading):
    assert typed(["a", "a", "b", "b"], heading).why_not == ""


@pytest.mark.parametrize(
    ("cell", "shown", "problem"),
    [
        ("lysed", "lysed", '"lysed" is not a number.'),
        ("1,234", "1,234", '"1,234" can be 1234 or 1.234.'),
        (DAYS[0], "", "This cell holds a date."),
        ("#REF!", "#REF!", '"#REF!" is a spreadsheet error.'),
    ],
)
def test_a_slip_among_numbers_is_missing_with_its_reason(cell, shown, problem):
    result = typed([1.5, 2.5, 3.5, 4.5, cell, 5.5])
    assert result.values.dtype == "float64"
    assert result.values.isna().tolist() == [False, False, False, False, True, False]
    ((place, seen, coded),) = result.bad
    assert (place, seen, coded.problem) == (4, shown, problem)


def test_a_date_or_an_error_among_words_is_not_kept():
    result = typed(["I", "I", DAYS[0], "II", "#NAME?", "II"])
    assert result.values.tolist() == ["I", "I", None, "II", None, "II"]
    assert [(place, shown) for place, shown, _ in result.bad] == [(2, ""), (4, "#NAME?")]


def test_capitals_and_spaces_make_no_other_group():
    words, merged = one_spelling(pd.Series(["No therapy", "no  therapy", None, "Pom", "POM"], dtype="object"))
    assert words.tolist() == ["No therapy", "No therapy", None, "Pom", "Pom"]
    assert merged == {"no  therapy": "No therapy", "POM": "Pom"}


def levels(values: list[object], *study: list[object]) -> tuple[str, ...]:
    sheets = {
        "Study": [["setting", "column", "value"], *study],
        "Patients": [["patient_id", "group x"], *([f"P{place}", value] for place, value in enumerate(values * 3))],
    }
    (variable,) = read(sheets).variables
    return variable.levels


@pytest.mark.parametrize(
    ("values", "ordered"),
    [
        (["yes", "no"], ("no", "yes")),
        (["b", "A", "c"], ("A", "b", "c")),
        ([">=5", "3", "4", "10"], ("3", "4", ">=5", "10")),
        ([">60", "<60"], ("<60", ">60")),
        (["x", "2"], ("2", "x")),
    ],
)
def test_the_order_of_levels(values, ordered):
    assert levels(values) == ordered


def test_study_orders_the_levels_and_others_follow():
    assert levels(["a", "b", "c"], ["order", "Group x", "C; b; gone"]) == ("c", "b", "a")


def test_variables_stand_in_the_order_of_the_sheet():
    header = ["patient_id", "LDH (U/L)", "sex", "arm", "Stage"]
    rows = [[f"P{place}", 200.5 + place, "FM"[place % 2], "AB"[place % 2], "I"] for place in range(6)]
    assert [variable.name for variable in read({"Patients": [header, *rows]}).variables] == [
        "ldh",
        "sex",
        "arm",
        "stage",
    ]


def test_half_of_an_endpoint_is_a_column_like_any_other():
    cohort = read(
        {
            "Patients": [
                [*FOUR[0], "icu_days", "os_months", "os_event"],
                *([*row, [0, 2, 0, 2][place], 3, 1] for place, row in enumerate(FOUR[1:])),
            ]
        }
    )
    assert [variable.name for variable in cohort.variables] == ["arm", "emd", "age_years", "icu_days"]
    assert [(finding.severity, finding.column) for finding in cohort.findings] == [("warning", "E (icu_days)")]
    assert cohort.endpoint_names == ("os",)


def test_two_spellings_of_a_level_are_one_and_told():
    cohort = read({"Patients": [["patient_id", "arm"], ["P1", "Control"], ["P2", "control"], ["P3", "Pom"]]})
    assert cohort.variables[0].levels == ("Control", "Pom")
    assert [(finding.severity, finding.column, finding.value) for finding in cohort.findings] == [
        ("warning", "B (arm)", "control")
    ]


def test_a_heading_without_a_letter_is_still_a_column():
    cohort = read({"Patients": [["patient_id", "≥", "§"], ["P1", "a", "c"], ["P2", "b", "d"]]})
    assert [variable.name for variable in cohort.variables] == ["≥", "§"]


def test_groups_called_x_and_y_are_not_both_yes():
    assert list(typed_extra(pd.Series(["x", "y", "x", None]), "group").values)[:3] == ["x", "y", "x"]
    assert list(typed_extra(pd.Series(["x", None, "x"]), "seen").values)[::2] == ["yes", "yes"]
    assert list(typed_extra(pd.Series(["y", "n", "Y"]), "seen").values) == ["yes", "no", "yes"]


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(["3-Feb-22", "4-Mar-22", "3-Feb-22"], id="with the month's name"),
        pytest.param(["3 février 2022", "3. März 2022"], id="in other languages"),
        pytest.param(["Feb 3, 2022", "March 4, 2022"], id="month first"),
        pytest.param(["03.02.2022 12:30", "04.02.2022 08:00"], id="with the time of day"),
        pytest.param(["2022年2月3日", "2022年2月3日"], id="Chinese"),
        pytest.param([20220203.0, 20220304.0, 20220203.0], id="in eight digits"),
    ],
)
def test_dates_in_any_spelling_go_no_further(cells):
    assert typed(cells).why_not == HOLDS_DATES


def test_a_date_among_groups_is_no_group():
    result = typed(["a", "b", "a", "3-Feb-22", "b", "03.02.1950", "a"])
    assert result.values.tolist() == ["a", "b", "a", None, "b", None, "a"]
    assert [(place, shown) for place, shown, _ in result.bad] == [(3, ""), (5, "")]


def test_codes_of_letters_between_numbers_are_no_dates():
    assert typed(["1-abc-22", "2-abc-22", "1-abc-22", "2-abc-22"]).why_not == ""
