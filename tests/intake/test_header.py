"""Which row is the header, which rows below it are data."""

import pytest

from intake.drafts import cohort, roles, sheets, survival, table
from lib.cohort.schema import ADVERSE_EVENTS, KINETICS, PATIENTS, STUDY, Table
from lib.intake.files.grid import Grid
from lib.intake.sheets.header import SEARCHED_ROWS, data_rows, find_header, table_of, unique_headings

HEADER = ("patient_id", "arm", "age_years")


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        pytest.param((HEADER, ("P1", "A", 50.0)), 0, id="at once"),
        pytest.param((("Our cohort",), (), (None, None), HEADER, ("P1", "A", 50.0)), 3, id="below a title"),
        pytest.param((("id",), HEADER, ("P1", "A", 50.0)), 1, id="the row that names most"),
        pytest.param((("P1", "A", 50.0), ("P2", "B", 60.0)), None, id="none"),
        pytest.param((), None, id="an empty sheet"),
        pytest.param((("arm", "age_years"), ("A", 50.0)), None, id="without a patient id"),
        pytest.param(((None,),) * SEARCHED_ROWS + (HEADER,), None, id="too far down"),
        pytest.param(((1.0, True, None), HEADER), 1, id="below numbers"),
    ],
)
def test_the_header(rows, index):
    assert find_header(Grid("Sheet1", rows)) == index


@pytest.mark.parametrize(
    ("name", "header", "table"),
    [
        ("Patients", HEADER, PATIENTS),
        ("Baseline", HEADER, PATIENTS),
        ("Sheet1", HEADER, PATIENTS),
        ("TOXICITY", ("patient_id", "term"), ADVERSE_EVENTS),
        ("AEs", ("patient_id", "term"), ADVERSE_EVENTS),
        ("Sheet1", ("patient_id", "day", "value", "lloq"), KINETICS),
        ("car kinetics", ("patient_id", "day"), KINETICS),
        ("Settings", ("setting", "value"), STUDY),
        ("Sheet1", ("patient_id",), None),
        ("Sheet1", ("setting", "arm"), STUDY),
    ],
)
def test_the_table_of_a_sheet(name: str, header: tuple[str, ...], table: Table | None):
    assert table_of(Grid(name, (header,)), 0) is table


def test_empty_rows_and_the_templates_explanation_are_no_data():
    explanation = tuple(column.explanation for column in PATIENTS.columns[:3])
    grid = Grid("Patients", (HEADER, explanation, (), (None, " ", "NA"), ("P1", None, None), ("P2", "A", 3.0)))
    assert data_rows(grid, 0, PATIENTS) == [4, 5]


def test_an_explanation_with_a_further_one_beside_it_is_no_data():
    explanation = tuple(column.explanation for column in PATIENTS.columns[:3])
    grid = Grid("Patients", ((*HEADER, "ldh"), (*explanation, "in U/L"), ("P1", "A", 50.0, 200.0)))
    assert data_rows(grid, 0, PATIENTS) == [2]


def test_headings_stay_apart_from_those_that_are_numbered_in_the_file():
    assert unique_headings([("x",), ("x",), ("x (2)",)]) == ("x", "x (2)", "x (2) (2)")
    assert unique_headings([("x (2)",), ("x",), ("x",)]) == ("x (2)", "x", "x (3)")


def test_a_header_of_two_levels_with_the_name_of_the_first_column_below():
    lines = "\n".join(f"P{n},{n},{n + 1},{n + 2},{n + 3}" for n in range(8))
    labs = cohort(table(f",CRP,CRP,IL6,IL6\nday,0,7,0,7\npatient,,,,\n{lines}")).labs
    assert set(zip(labs["test"], labs["day"], strict=True)) == {
        (test, day) for test in ("CRP", "IL6") for day in (0, 7)
    }
    assert labs[labs["patient_id"] == "P2"]["value"].tolist() == [2, 3, 4, 5]
    described = table(f",CRP,CRP,IL6,IL6\n,mean,max,mean,max\npatient,,,,\n{lines}")
    assert roles(described)["patient"] == "patients.patient_id" and "CRP | max" in roles(described)


def test_days_over_headings_that_come_again_need_no_merged_cells():
    """D0 and D7 stand over the first of their columns alone."""
    values = "\n".join(f"P{n},{n}.5,{n + 10},{n + 20},{n + 30},{n + 40},{n + 50}" for n in range(5))
    named = {"Patients": survival("Age", range(50, 58)), "Labs": f",D0,,D7,,D14,\nID,CRP,LDH,CRP,LDH,CRP,LDH\n{values}"}
    labs = cohort(sheets(named)).labs
    assert labs.groupby("test")["day"].unique().map(list).to_dict() == {"CRP": [0, 7, 14], "LDH": [0, 7, 14]}
    assert labs[(labs["patient_id"] == "P2") & (labs["test"] == "CRP")]["value"].tolist() == [2.5, 22, 42]


def test_a_count_with_its_unit_behind_it_is_a_number():
    rows = "\n".join(f"P{n},{day},{n + day}.5 10^9/L" for n in range(4) for day in (0, 7))
    labs = cohort(sheets({"Patients": survival("Age", range(50, 58)), "Labs": f"ID,Day,Platelets\n{rows}"})).labs
    assert labs["value"].tolist() == [n + day + 0.5 for n in range(4) for day in (0, 7)] and set(labs["unit"]) == {
        "10^9/L"
    }
