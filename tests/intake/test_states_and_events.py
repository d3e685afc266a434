"""The sheets States and Events: read in the template's names, proposed in a stranger's, and never taken for something
else."""

import pytest
from golden.cohorts import arms, cohort, follow_up, selected
from workbooks import xlsx

from lib.intake.draft import read_workbook
from lib.intake.files.formats import read_grids_of
from lib.intake.files.grid import SourceFile
from lib.intake.infer.guess import suggest
from lib.intake.sheets.block import blocks_of

PATIENTS = [["patient_id", "arm"], ["P1", "A"], ["P2", "B"], ["P3", "B"]]


def suggested(**sheets):
    return suggest(blocks_of(read_grids_of([SourceFile("made.xlsx", xlsx(sheets))])))


def read_as(suggestion) -> dict[str, list[str]]:
    return {sheet.sheet: [reading.table for reading in sheet.readings] for sheet in suggestion.mapping.sheets}


def test_in_the_templates_names_they_are_read_with_dates_and_without_a_measure():
    made = cohort(
        [{**row, "infusion_date": "2023-01-10"} for row in arms(A=["a1"])],
        endpoints=follow_up("os", a1=(5, 1)),
        states=[
            {"patient_id": "a1", "state": "Aplasia", "start_day": 3, "stop_day": 60},
            {"patient_id": "a1", "state": "aplasia", "start_date": "2023-03-21", "ongoing": "yes"},
        ],
        events=[{"patient_id": "a1", "event": "biopsy", "date": "2023-01-20"}],
    )
    assert made.states[["measure", "state", "start_day"]].values.tolist() == [
        ["State", "Aplasia", 3],
        ["State", "Aplasia", 70],
    ]
    assert made.states["stop_day"].isna().tolist() == [False, True] and made.states["infusion"].tolist() == [1, 1]
    assert made.events["day"].tolist() == [10]
    assert (made.vocabulary["state"], made.vocabulary["event"]) == (("State\tAplasia",), ("biopsy",))


def test_states_and_events_of_another_infusion_stay_when_one_is_chosen():
    made = cohort(
        arms(A=["a1", "a2"]),
        endpoints=follow_up("os", a1=(5, 1)),
        infusions=[{"patient_id": "a1", "infusion": 1, "day": 0}, {"patient_id": "a1", "infusion": 2, "day": 60}],
        states=[
            {"patient_id": patient, "infusion": number, "state": "x", "start_day": 1}
            for patient, number in (("a1", 1), ("a1", 2), ("a2", 1))
        ],
        events=[{"patient_id": "a1", "infusion": 2, "event": "y", "day": 1}],
    )
    second = selected(made, infusion=2)
    assert second.states["infusion"].tolist() == [1, 2] and len(second.events) == 1
    assert len(selected(made).states) == 3


@pytest.mark.parametrize(
    ("sheet", "rows", "table"),
    [
        (
            "States",
            [
                ["pt_id", "disease_assessment", "start_time", "end_time"],
                ["P1", "CR", 0, 30],
                ["P1", "RD", 30, 60],
                ["P2", "CR", 1, 9],
            ],
            "states",
        ),
        (
            "Events",
            [["subject", "event", "study_day"], ["P1", "biopsy", 12], ["P2", "admission", 40], ["P2", "biopsy", 60]],
            "events",
        ),
    ],
)
def test_a_strangers_sheet_is_proposed_by_its_name_and_columns(sheet, rows, table):
    patients = [["pt_id", "cohort", "age"], ["P1", "A", 50], ["P2", "B", 61], ["P3", "B", 70]]
    assert table in read_as(suggested(People=patients, **{sheet: rows}))[sheet]


@pytest.mark.parametrize(
    "rows",
    [
        [["patient_id", "time", "event"], ["P1", 5, 1], ["P2", 7, 0], ["P3", 9, 1]],
        [["patient_id", "term", "grade", "day"], ["P1", "CRS", 2, 3], ["P2", "CRS", 1, 4], ["P1", "ICANS", 3, 6]],
    ],
)
def test_an_endpoint_or_a_toxicity_in_a_sheet_called_events_is_not_taken_for_events_of_ones_own(rows):
    found = suggested(Patients=[["id", "age"], *([row[0], 60] for row in PATIENTS[1:])], Events=rows)
    assert "events" not in read_as(found).get("Events", [])


def test_without_a_name_of_its_own_no_sheet_becomes_states_or_events():
    one = read_workbook(
        xlsx({"Patients": PATIENTS, "Sheet2": [["patient_id", "event", "day"], ["P1", "x", 3]]}), "made.xlsx"
    )
    assert len(one.events) == 0
