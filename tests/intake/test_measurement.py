"""Values below a limit of quantification; measurements, responses, toxicities and deaths as registries and the
sources of figures name them.
"""

import pytest
from workbooks import of, only, read_with

from intake.drafts import cohort, question, sheets, table, usable
from intake.test_more_strangers import marked
from lib.intake.cells.response_words import said_in


def kinetics(value: object, lloq: object):
    return read_with(kinetics=[["patient_id", "day", "value", "unit", "lloq"], ["P1", 7, value, "copies", lloq]])


@pytest.mark.parametrize(
    ("value", "lloq", "below", "limit"),
    [
        (5000, 1000, False, 1000),
        (1000, 1000, False, 1000),
        (999, 1000, True, 1000),
        (0, 1000, True, 1000),
        ("<1000", None, True, 1000),
        ("<1000", 500, True, 500),
        ("BLQ", 1000, True, 1000),
        (5000, None, False, None),
        (5, 0, False, None),
        (None, 1000, False, 1000),
    ],
)
def test_below_or_not(value, lloq, below, limit):
    cohort = kinetics(value, lloq)
    row = cohort.kinetics.iloc[0]
    assert [found.severity for found in cohort.findings] == ["note"] * (value == 999)  # a number, not marked as below
    assert (row["below"], None if row.isna()["lloq"] else row["lloq"]) == (below, limit)
    assert (row["specimen"], row["assay"]) == ("blood", "assay not stated")


@pytest.mark.parametrize("value", ["BLQ", 0, "undetectable"])
def test_below_an_unknown_limit_is_told(value):
    cohort = kinetics(value, None)
    found = only(cohort)
    assert (found.severity, found.sheet, found.row, found.column) == ("warning", "Kinetics", 2, "E (lloq)")
    assert cohort.kinetics["below"].tolist() == [True]


def test_an_unreadable_value_is_missing_and_not_below():
    cohort = kinetics("lots", 1000)
    assert cohort.kinetics["below"].tolist() == [False]
    assert cohort.kinetics["value"].isna().all()
    assert len(of(cohort, "error")) == 1


def test_labs_below_a_limit():
    cohort = read_with(
        labs=[["patient_id", "day", "test", "value"], ["P1", 7, "CRP", "<0.5"], ["P1", 8, "base excess", -2]]
    )
    assert cohort.labs["below"].tolist() == [True, False]
    assert cohort.labs["limit"][0] == 0.5
    assert cohort.findings == ()


def test_one_day_measured_twice_is_told_but_two_units_are_two_series():
    header = ["patient_id", "day", "date", "value", "unit"]
    cohort = read_with(
        infusions=[["patient_id", "infusion", "date"], ["P1", 1, "2023-01-01"]],
        kinetics=[
            header,
            ["P1", 7, None, 5, "copies"],
            ["P1", 7, None, 3, "%"],
            ["P1", 7, None, 6, "copies"],
            ["P1", None, "2023-01-08", 8, "copies"],
            ["P1", None, None, 9, "copies"],
            ["P1", None, None, 9.5, "copies"],
        ],
    )
    assert cohort.kinetics["value"].tolist() == [5, 3, 6, 8, 9, 9.5]  # kept: lib/kinetics makes one of them
    reported = of(cohort, "warning")
    rows = {said: [found.row for found in reported if said in found.problem] for said in ("count as one", "no day")}
    assert rows == {"count as one": [4, 5], "no day": [6, 7]} and len(reported) == 4
    assert of(cohort, "error") == []


DAYS_ALONE = "Patient,D0,D7,D14\nA1,100,200,300\nA2,110,210,310\nA3,120,220,320"


@pytest.mark.parametrize(
    ("sheet", "title", "read"),
    [
        ("Fig. 3a", "Fig 3a: serum ferritin (ng/mL)\n", {("ferritin", "ng/mL")}),
        ("CRP", "", {("CRP", None)}),
        ("Sheet1", "LDH [U/L]\n", {("LDH", "U/L")}),
    ],
)
def test_days_alone_are_of_what_the_title_or_the_sheet_says(sheet, title, read):
    labs = cohort(sheets({sheet: title + DAYS_ALONE})).labs
    assert set(zip(labs["test"], labs["unit"], strict=True)) == read and len(labs) == 9


def test_days_alone_of_which_nothing_says_what_was_measured_are_asked_about():
    draft = sheets({"Sheet1": DAYS_ALONE})
    (asked,) = draft.blocking
    assert len(cohort(draft.answered(asked.id, "yes")).kinetics) == 9
    assert cohort(draft.answered(asked.id, "no")).kinetics.empty
    named = sheets({"Fig. 2": f"CAR-T cell expansion (copies/µg DNA)\n{DAYS_ALONE}"})
    assert not named.blocking and set(cohort(named).kinetics["unit"]) == {"copies/µg DNA"}


def test_results_below_a_limit_that_only_the_text_beside_the_numbers_has():
    rows = "\n".join(
        f"S{n},CRP,{day},{n + day if day else ''},{n + day if day else '<5'}" for n in (1, 2) for day in (0, 7, 14)
    )
    labs = cohort(table(f"USUBJID,LBTESTCD,LBDY,LBSTRESN,LBSTRESC\n{rows}", {"day_one:s": "after"})).labs
    assert len(labs) == 6 and labs["below"].sum() == 2


REGISTRY = """CRID,{0},Date of cellular therapy infusion,Maximum grade of CRS,Date of CRS onset,{1},Date of relapse
A1,2021-06-01,2021-01-01,2,2021-01-04,Dead,
A2,2021-09-01,2021-01-01,0,,Alive,2021-03-01
A3,2022-02-01,2021-01-01,1,2021-01-02,Alive,
A4,2021-04-11,2021-01-01,3,2021-01-03,Dead,2021-02-01"""


def test_a_status_at_the_date_of_last_contact_is_no_date_and_tells_of_deaths_without_progression():
    asked = "Specify the recipient's survival status at the date of last contact"
    draft = table(REGISTRY.format("Date of actual contact with the recipient", asked))
    assert [each.id for each in draft.blocking] == ["died:s"]
    draft = draft.answered("died:s", "yes")
    assert usable(draft) == {"A1": (151, 1), "A2": (243, 0), "A3": (396, 0), "A4": (100, 1)}
    assert usable(draft, "pfs") == {"A1": (151, 1), "A2": (59, 1), "A3": (396, 0), "A4": (31, 1)}
    assert cohort(draft).adverse_events["start_day"].dropna().tolist() == [3, 1, 2]


def test_the_beginning_of_a_toxicity_is_no_day_of_the_infusion():
    rows = "\n".join(f"A{n},{n % 3},2021-01-0{n + 2},2021-01-01,,2021-05-0{n + 1}" for n in range(6))
    draft = table(f"ID,CRS_grade,CRS_start,DOI,DOD,LFU\n{rows}")
    assert not draft.blocking and cohort(draft).adverse_events["start_day"].min() == 1


def test_the_best_response_beside_the_patient_is_a_response_and_stays_a_column():
    rows = "\n".join(f"A{n},{'CR' if n % 2 else 'PR'},{5 + n}.5,{n % 2}" for n in range(8))
    found = cohort(table(f"Patient,Best response,OS months,Dead\n{rows}"))
    assert found.responses["response"].tolist() == ["PR", "CR"] * 4 and "best_response" in found.patients
    days = "\n".join(f"A{n},{day},PR" for n in range(8) for day in (28, 90))
    both = {"pts": f"Patient,Best response,OS months,Dead\n{rows}", "Responses": f"Patient,Day,Response\n{days}"}
    assert len(cohort(sheets(both)).responses) == 16


def test_empty_cells_beside_crosses_are_no_event_where_their_owner_says_absent():
    rows = "\n".join(f"A{n},{5 + n},{'x' if n % 2 else ''}" for n in range(8))
    draft = table(f"Patient,OS months,Exitus\n{rows}", {"blank:s:Exitus": "absent", "event_values:s:Exitus": "x=event"})
    assert usable(draft)["A0"] == (5, 0) and usable(draft)["A1"] == (6, 1)


def test_infusions_that_are_called_first_infusion_and_reinfusion():
    rows = "A1,0,First infusion\nA1,90,Reinfusion\nA2,0,First infusion\nA3,0,First infusion"
    both = {"Patients": "patient,age\nA1,50\nA2,60\nA3,70", "CAR-T infusions": f"patient,day,infusion_type\n{rows}"}
    given = cohort(sheets(both)).infusions
    assert given["infusion"].tolist() == [1, 2, 1, 1] and given["day"].tolist() == [0, 90, 0, 0]


PATIENTS = "ID,Arm,FU days,Status\nK01,A,700,alive\nK02,B,650,dead\nK03,A,300,dead\nK04,B,900,alive"


def test_follow_up_beside_dead_and_alive_is_survival():
    assert usable(table(PATIENTS)) == {"K01": (700, 0), "K02": (650, 1), "K03": (300, 1), "K04": (900, 0)}


def test_initials_of_alive_and_dead_are_proposed_and_asked():
    draft = table(PATIENTS.replace("alive", "A").replace("dead", "D").replace("FU days", "OS days"))
    asked = question(draft, "event_values:s:Status")
    assert asked.is_blocking and {each.value: each.meaning for each in asked.values} == {"A": "censored", "D": "event"}


def test_a_second_table_beside_patients_who_are_called_id():
    left = [line.split(",") for line in PATIENTS.splitlines()]
    right = [
        ["Patient", "Day", "copies/ug DNA"],
        *([f"K0{n}", str(day), str(500 + 10 * n + day)] for n in (1, 2, 3, 4) for day in (0, 7)),
    ]
    rows = [[*(left[place] if place < len(left) else [""] * 4), "", *cells] for place, cells in enumerate(right)]
    opened = cohort(sheets({"Data": "\n".join(map(",".join, rows))}))
    assert len(opened.patients) == 4 and len(opened.endpoints) == 4 and len(opened.kinetics) == 8


@pytest.mark.parametrize("name", ["CRS", "Cytokine release syndrome"])
def test_a_sheet_named_after_a_toxicity_holds_its_grades(name):
    events = "Patient,Max grade,Day of onset\nK01,2,3\nK02,0,\nK03,1,5\nK04,0,"
    found = cohort(sheets({"Patients": PATIENTS, name[:31]: events})).adverse_events
    assert found[["term", "grade", "start_day"]].iloc[0].tolist() == ["CRS", 2, 3] and len(found) == 4


def test_tests_beside_copies_are_read_and_each_row_counts_from_its_infusion():
    rows = "Patient,Infusion no,Day,CRP mg/L,CAR copies/µg DNA\n" + "\n".join(
        f"K0{n},{infusion},{day},{n + day},{100 * n + day}" for n in (1, 2) for infusion in (1, 2) for day in (0, 7)
    )
    opened = cohort(sheets({"Patients": PATIENTS, "Follow-up": rows}))
    assert opened.kinetics["infusion"].tolist() == opened.labs["infusion"].tolist() == [1, 1, 2, 2, 1, 1, 2, 2]
    assert set(opened.labs["test"]) == {"CRP"} and opened.labs["value"].tolist()[:2] == [1, 8]


def test_a_title_says_that_copies_are_logarithms_and_a_column_may_be_negative_throughout():
    rows = "CAR-T expansion\nvalues log10 copies/ug\nPat,d0,d7,d14\nK01,neg,4,3\nK02,neg,3,neg\nK03,neg,2,2"
    found = cohort(table(rows)).kinetics.set_index(["patient_id", "day"])
    assert found.loc[("K01", 7), "value"] == 10_000 and found.loc[("K02", 0), "below"] and len(found) == 9


def test_ids_that_differ_by_another_rule_in_each_sheet_are_asked_about_once():
    ids = ["PAT-001", "PAT-002", "PAT-003", "PAT-004"]
    patients = PATIENTS.replace("K0", "PAT-00")
    tox = "Patient,CRS grade\n" + "\n".join(f"pat-{n},1" for n in (1, 2, 3, 4))
    seen = "Patient,Day,Response\n" + "\n".join(f"{each}_1,{day},PR" for each in ids for day in (28, 90))
    draft = sheets({"Patients": patients, "Tox": tox, "Response": seen}).answered("ids", "same")
    opened = cohort(draft)
    assert sorted(opened.patients["patient_id"]) == ids
    assert len(opened.responses) == 8 and len(opened.adverse_events) == 4


def test_percent_cells_under_a_percent_are_read_as_they_are_shown():
    lines = "Patient,Day,CAR T cells (% of CD3)\n" + "\n".join(
        f"K0{n},{day},0.{n}{day}" for n in (1, 2) for day in (7, 8)
    )
    draft = marked(lines, percents=["C2", "C3", "C4", "C5"])
    assert cohort(draft.answered("all patients", "all")).kinetics["value"].tolist() == [17, 18, 27, 28]


def test_sets_of_a_response_with_its_start_and_stop():
    lines = "Patient,Response 1,Start 1 (mo),Stop 1 (mo),Response 2,Start 2 (mo),Stop 2 (mo)\n" + "\n".join(
        f"K0{n},PR,1,{n + 3},PD,{n + 3},{n + 6}" for n in (1, 2, 3)
    )
    found = cohort(table(lines)).responses
    assert found["response"].tolist() == ["PR"] * 3 + ["PD"] * 3
    assert found["stop_day"].iloc[0] == pytest.approx(4 * 30.4375) and found["day"].iloc[3] == pytest.approx(
        4 * 30.4375
    )


def test_a_sheet_of_samples_adds_no_patients_unasked():
    wells = "Sample,Well,Droplets\nS1-00,A1,15000\nS1-07,A2,15100\nS2-00,A3,15500"
    draft = sheets({"Patients": PATIENTS, "ddPCR": wells})
    assert question(draft, "strangers:ddPCR").is_blocking and len(cohort(draft).patients) == 4
    assert len(cohort(draft.answered("strangers:ddPCR", "read")).patients) == 7


def test_visits_counted_in_days_and_copies_in_brackets_have_a_day():
    lines = "Patient ID,Visit (day),Response\nK01,28,PR\nK01,90,CR\nK02,28,SD\nK03,30,PR\nK04,90,PD"
    assert cohort(sheets({"Patients": PATIENTS, "Seen": lines})).responses["day"].tolist() == [28, 90, 28, 30, 90]
    copies = "Patient,Timepoint,log10 (copies/µg DNA)\n" + "\n".join(
        f"K0{n},Week {week},{n + week}" for n in (1, 2) for week in (1, 2)
    )
    found = cohort(sheets({"Patients": PATIENTS, "qPCR": copies})).kinetics
    assert found["day"].tolist() == [7, 14, 7, 14] and found["value"].tolist() == [100, 1000, 1000, 10_000]


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("ddPCR copies/ug d{}", "copies/µg"),
        ("CAR copies/µg DNA day {}", "copies/µg DNA"),
        ("cells/uL D+{}", "cells/uL"),
    ],
)
def test_a_unit_before_the_day_of_a_heading_is_that_of_the_values(heading, unit):
    days = (7, 14, 28)
    lines = ",".join(["Patient", *map(heading.format, days)])
    lines += "".join("\n" + ",".join([f"K0{n}", *(str(1000 * n + day) for day in days)]) for n in range(1, 7))
    found = cohort(sheets({"Patients": PATIENTS, "qPCR": lines}).answered("all patients", "all")).kinetics
    assert set(found["unit"]) == {unit} and found["value"].tolist()[:3] == [1007, 2007, 3007]


def test_words_for_responses_that_could_mean_two_things_are_no_response():
    assert not said_in("PM").response and said_in("PE").response == "PD"
