"""Event tables: dates become days, no date goes further, further columns keep within bounds.

Which answer is the event under a heading that asks who lives or was spared: never the yes.

The sheets States and Events: read in the template's names, proposed in a stranger's, and never taken for something
else.
"""

import datetime as dt

import pytest
from golden.cohorts import arms, cohort, follow_up, selected
from workbooks import FOUR, of, only, read, read_with, xlsx

from intake.drafts import question, table
from lib.intake.draft import read_workbook
from lib.intake.files.formats import read_grids_of
from lib.intake.files.grid import SourceFile
from lib.intake.infer.guess import suggest
from lib.intake.infer.question import decoded
from lib.intake.sheets.block import blocks_of

INFUSED = [["patient_id", "infusion_date"], ["P1", dt.datetime(2023, 1, 1)], ["P2", "2023-02-01"]]


def test_dates_become_days_since_the_infusion():
    cohort = read(
        {
            "Patients": INFUSED,
            "Infusions": [
                ["patient_id", "infusion", "date"],
                ["P1", 1, "2023-01-01"],
                ["P1", 2, "2023-04-11"],
                ["P2", 1, "2023-02-01"],
            ],
            "Responses": [["patient_id", "date", "response"], ["P1", "2023-01-29", "PR"], ["P2", "2023-01-31", "SD"]],
            "Adverse events": [["patient_id", "term", "Date", "stop_date"], ["P1", "CRS", "2023-01-03", "2023-01-08"]],
            "Therapies": [["patient_id", "kind", "start_date", "infusion"], ["P1", "maintenance", "2023-05-11", 2]],
            "Labs": [["patient_id", "date", "test", "value"], ["P2", "2023-02-08", "CRP", 5]],
        }
    )
    assert [finding.problem for finding in cohort.findings] == ["A negative day is before the infusion."]
    assert cohort.infusions["day"].tolist() == [0, 100, 0]
    assert cohort.responses["day"].tolist() == [28, -1]
    assert cohort.adverse_events[["start_day", "stop_day"]].to_numpy().tolist() == [[2, 7]]
    assert cohort.therapies["start_day"].tolist() == [30], "counted from infusion 2"
    assert cohort.labs["day"].tolist() == [7]
    for name, frame in [("patients", cohort.patients), *cohort.tables.items()]:
        assert not any("date" in column for column in frame.columns), name
        assert "2023" not in frame.to_csv(), name


def test_a_date_of_an_infusion_without_a_date_is_told_without_the_date():
    cohort = read_with(responses=[["patient_id", "date", "response"], ["P1", "2023-01-29", "PR"]])
    found = only(cohort)
    assert (found.severity, found.sheet, found.row, found.column, found.value) == (
        "error",
        "Responses",
        2,
        "B (date)",
        "",
    )
    assert found.problem == "The date of infusion 1 of this patient is not given, so the date cannot become a day."
    assert cohort.responses["response"].tolist() == ["PR"]
    assert cohort.responses["day"].isna().all()


def test_a_day_goes_before_a_date_and_a_difference_is_told():
    cohort = read(
        {
            "Patients": INFUSED,
            "Responses": [
                ["patient_id", "day", "date", "response"],
                ["P1", 28, "2023-01-29", "PR"],
                ["P2", 28, "2023-03-02", "PR"],
            ],
        }
    )
    found = only(cohort)
    assert (found.severity, found.row, found.column, found.value) == ("warning", 3, "B (day)", "28")
    assert found.problem == "The date beside it is day 29; the day is used."
    assert cohort.responses["day"].tolist() == [28, 28]


def test_what_stops_before_it_starts_and_what_is_after_death_is_told_and_kept():
    cohort = read_with(
        endpoints=[
            ["patient_id", "endpoint", "time", "unit", "event"],
            ["P1", "os", 30, "days", 1],
            ["P2", "os", 60, "days", 0],
        ],
        adverse_events=[
            ["patient_id", "term", "start_day", "stop_day"],
            ["P1", "CRS", 31, 40],
            ["P1", "Fever", 40, 50],
            ["P2", "CRS", 40, 39],
        ],
    )
    assert [(found.severity, found.row, found.column, found.problem) for found in cohort.findings] == [
        ("warning", 3, "C (start_day)", "This is after the patient's death."),
        ("warning", 4, "D (stop_day)", "This is before its first day."),
    ]
    assert len(cohort.adverse_events) == 3


def test_the_infusion_is_the_first_unless_another_is_named():
    cohort = read_with(
        responses=[["patient_id", "infusion", "day", "response"], ["P1", None, 28, "PR"], ["P1", 2, 28, "CR"]]
    )
    assert cohort.responses["infusion"].tolist() == [1, 2]


@pytest.mark.parametrize(
    "sheet", ["Infusions", "Endpoints", "Responses", "Adverse events", "Therapies", "Kinetics", "Labs"]
)
def test_a_sheet_with_only_a_header(sheet):
    cohort = read({"Patients": FOUR, sheet: [["patient_id"]]})
    assert all(table.empty for table in cohort.tables.values())
    assert {finding.severity for finding in cohort.findings} <= {"error"}
    assert all("is missing" in finding.problem for finding in cohort.findings)


def test_a_cohort_without_events_has_every_table_in_its_types():
    with_rows = read_with(
        kinetics=[["patient_id", "day", "value", "lloq"], ["P1", 7, 500, 50]],
        responses=[["patient_id", "day", "response"], ["P1", 28, "CR"]],
    )
    without = read({"Patients": FOUR})
    for name in ("kinetics", "responses"):
        assert without.tables[name].dtypes.to_dict() == with_rows.tables[name].dtypes.to_dict()


def test_further_columns_of_event_tables_are_typed_and_private_ones_dropped():
    header = ["patient_id", "term", "serious", "dose mg", "seen on", "comment", "physician name"]
    rows = [
        ["P1", f"Term {place}", "yn"[place % 2], 1.5 * place, dt.datetime(2023, 1, 1), f"called on {place}", "Dr Who"]
        for place in range(8)
    ]
    cohort = read_with(adverse_events=[header, *rows])
    assert cohort.adverse_events["serious"].tolist() == ["yes", "no"] * 4
    assert cohort.adverse_events["dose mg (extra)"].dtype == "float64"
    assert [(finding.severity, finding.column) for finding in cohort.findings] == [
        ("note", "E (seen on)"),
        ("note", "F (comment)"),
        ("note", "G (physician name)"),
    ]
    dropped = ("seen on", "comment", "physician name")
    assert not any(name.startswith(dropped) for name in cohort.adverse_events.columns)
    assert of(cohort, "error") == []


YES_NO = (("Yes", "No"), ("Y", "N"), ("1", "0"), ("ja", "nein"), ("oui", "non"), ("O", "N"), ("是", "否"))


def proposed(heading: str, yes: str, no: str, time: str = "OS months") -> dict[str, str]:
    """What each value is proposed to mean where the longer times stand beside yes."""
    cells = ((3, no), (20, yes), (5, no), (25, yes), (6, no), (18, yes))
    lines = "\n".join(f"P{n},{months},{cell}" for n, (months, cell) in enumerate(cells))
    asked = question(table(f"Patient,{time},{heading}\n{lines}"), f"event_values:s:{heading}")
    assert asked, heading
    return decoded(asked.chosen)


ALIVE = [
    "Alive at last follow-up",
    "Alive",
    "Patient alive?",
    "Surviving",
    "Survived",
    "Vivant",
    "Patient lebt",
    "Am Leben",
    "In vita",
    "Vivo",
    "In leven",
    "En vie",
    "生存",
    "是否存活",
    "健在",
]


@pytest.mark.parametrize(
    ("heading", "yes", "no"), [*((each, "Yes", "No") for each in ALIVE), *(("生存", *each) for each in YES_NO[1:])]
)
def test_whoever_lives_had_no_event(heading, yes, no):
    assert proposed(heading, yes, no) == {yes: "censored", no: "event"}


@pytest.mark.parametrize(("yes", "no"), [("Yes", "No"), ("1", "0")])
@pytest.mark.parametrize("heading", ["Progression-free Y/N", "Progression free", "PFS: no progression", "无进展"])
def test_whoever_was_spared_had_no_event(heading, yes, no):
    assert proposed(heading, yes, no, "PFS months") == {yes: "censored", no: "event"}


@pytest.mark.parametrize("heading", ["Progression-free survival event", "PFS event", "Death", "Death without relapse"])
def test_an_event_that_is_named_after_its_absence_is_an_event(heading):
    time = "PFS months" if "P" in heading else "OS months"
    assert proposed(heading, "Yes", "No", time) == {"Yes": "event", "No": "censored"}


@pytest.mark.parametrize("heading", ["Dead or alive", "Vital status"])
def test_a_heading_that_may_ask_either_proposes_nothing(heading):
    assert proposed(heading, "Yes", "No") == {}


def test_one_and_two_without_a_legend_propose_nothing():
    assert proposed("Alive", "1", "2") == {}


@pytest.mark.parametrize(
    ("legend", "meant"), [("alive=1", {"1": "censored", "0": "event"}), ("1=dead", {"1": "event", "0": "censored"})]
)
def test_half_a_legend_says_both(legend, meant):
    assert proposed(f"Status ({legend})", "1", "0") == meant


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
