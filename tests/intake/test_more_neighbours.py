"""More kinds of workbooks that were read wrongly without a word, found with invented files: other languages, centres,
units, layouts."""

import datetime as dt
from io import BytesIO

import pytest
from openpyxl import Workbook

from intake.drafts import cohort, open_ids, question, roles, said, sheets, table, usable
from lib.intake.draft import Draft, read_draft
from lib.intake.files.grid import SourceFile
from lib.intake.infer.spelling import as_meant
from lib.intake.mapping import from_json, to_json
from lib.intake.read import cohort_of


def workbook(rows: list[list[object]], merged: tuple[str, ...] = ()) -> Draft:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    out = BytesIO()
    book.save(out)
    return read_draft([SourceFile("w.xlsx", out.getvalue())])


CENTRES = "Lyon,1,50,10,1\nLyon,2,51,20,0\nParis,1,52,14,0\nParis,2,53,6,1"


@pytest.mark.parametrize("heading", ["Centre", "site_id", "Zentrum-Nr.", "中心编号", "Study", "Ospedale"])
def test_centres_that_each_count_from_1_are_asked_about(heading):
    text = f"{heading},Patient,Age,OS months,Death\n{CENTRES}"
    draft = table(text)
    assert question(draft, "ids within:s").is_blocking
    parted = draft.answered("ids within:s", "different")
    assert not parted.blocking and usable(parted)["Paris 2"] == (6, 1) and len(cohort(parted).patients) == 4


def test_the_answer_about_centres_is_saved_and_may_be_the_same_patients():
    draft = table(f"Centre,Patient,Age,OS months,Death\n{CENTRES}")
    parted = draft.answered("ids within:s", "different")
    saved = from_json(to_json(parted.mapping))
    assert saved.sheets[0].ids_within == "Centre" and len(cohort_of(parted.grids, "s", "", saved).patients) == 4
    assert len(cohort(draft.with_saved(saved)).patients) == 4
    assert len(cohort(draft.answered("ids within:s", "same")).patients) == 2


def test_ids_of_centres_in_rows_of_measurements():
    text = "site,subject,day,CRP\n101,001,0,5\n101,001,7,50\n101,002,0,6\n102,001,0,7\n102,002,0,7"
    labs = cohort(table(text, {"ids within:s": "different"})).labs
    assert labs["patient_id"].nunique() == 4
    own = text.replace("102,001", "102,003").replace("102,002", "102,004")
    assert question(table(own), "ids within:s") is None


@pytest.mark.parametrize("ids", ["SITE1-00{}", "2020-A-0{}", "Pt {}"])
def test_ids_with_a_common_beginning_in_one_sheet_alone(ids):
    first = "\n".join(f"{ids.format(n)},5{n},1{n},{n % 2}" for n in (1, 2, 3))
    draft = sheets({"Baseline": f"ID,Age,OS months,Dead\n{first}", "Labs": "ID,Day,CRP\n1,0,5\n1,7,6\n2,0,4\n3,0,5"})
    assert question(draft, "ids").is_blocking and len(cohort(draft).labs) == 4


def test_no_heading_names_the_patient():
    text = "No dossier;Jour;CRP (mg/L);Grade CRS\n12;0;5,5;0\n12;7;50;2\n13;0;6;0\n13;7;40;1"
    draft = table(text)
    assert question(draft, "patient:s").is_blocking
    opened = cohort(draft.answered("patient:s", "No dossier"))
    assert len(opened.patients) == 2 and len(opened.labs) == 4 and opened.adverse_events["grade"].max() == 2


@pytest.mark.parametrize(
    "rows",
    [
        "Arm A,,,\nP1,50,10,1\nP2,60,20,0\nArm B,,,\nP3,70,5,1\nP4,66,7,0\nGesamt: 4,,,\n* OS from infusion,,,",
        "P1,50,10,1\nP2,60,20,0\nP3,70,5,1\nP4,66,7,0\n,,,\nTotal n=3,60,,67%\nSD,10,,\np-value,0.4,,",
        "P1,50,10,1\nP2,60,20,0\nP3,70,5,1\nP4,66,7,0\n,,,\nWhole cohort,60,7,2\nResponders,61,8,1",
    ],
)
def test_titles_and_totals_are_no_patients(rows):
    draft = table(f"Patient,Age,OS months,Dead\n{rows}")
    assert list(cohort(draft).patients["patient_id"]) == ["P1", "P2", "P3", "P4"] and "was left out" in said(draft)


def test_patients_below_an_empty_row_stay():
    draft = table("Patient,Age,OS months,Dead\nP1,50,10,1\nP2,60,20,0\nP3,70,5,1\n,,,\nP4,66,7,0\nP5,67,8,0")
    assert len(cohort(draft).patients) == 5


FOLLOWED = "ID,Infusion date,Last contact,Date of death\n"


def test_dates_of_two_orders_in_one_column_are_asked_about():
    draft = table(
        f"{FOLLOWED}P1,03/05/2022,15/06/2023,\nP2,2022-03-17,06/19/2022,06/19/2022\nP3,11/02/2022,10/07/2023,"
    )
    assert question(draft, "date_order").is_blocking and usable(draft) == {"P2": (94, 1)}
    assert usable(draft.answered("date_order", "month first"))["P1"] == (467, 0)


def test_years_of_two_digits_may_stand_first():
    draft = table(f"{FOLLOWED}P1,22-05-03,23-06-16,\nP2,22-03-14,22-06-17,22-06-17\nP3,22-12-11,23-10-07,")
    assert question(draft, "date_order").is_blocking
    assert usable(draft.answered("date_order", "year first")) == {"P1": (409, 0), "P2": (95, 1), "P3": (300, 0)}
    late = table(f"{FOLLOWED}P1,22-05-31,23-06-30,\nP2,22-03-14,22-06-17,22-06-17\nP3,22-12-11,23-10-07,")
    assert not late.blocking and usable(late)["P1"] == (395, 0)


@pytest.mark.parametrize("first", ["3-May-22,16-Jun-23", "3-Mai-22,16-Jun-23", "03.05.22,16.06.23"])
def test_days_before_months_with_years_of_two_digits(first):
    draft = table(f"{FOLLOWED}P1,{first},\nP2,14-Mär-22,17-Jun-22,17-Jun-22\nP3,11-Dez-22,7-Okt-23,")
    assert not draft.blocking and usable(draft)["P1"] == (409, 0) and len(usable(draft)) == 3


DATED = (
    "ID,OS months,Dead,Date of infusion,Date of death,Last contact\n1,{},1,2019-01-01,2020-01-01,2020-01-01\n"
    "2,{},0,2018-01-01,,2020-01-01\n3,{},1,2019-07-01,2020-01-01,2020-01-01\n4,{},0,2019-01-01,,2020-01-01"
)


def test_a_time_that_is_not_the_one_of_the_dates_is_asked_about():
    draft = table(DATED.format(60, 48, 30, 90))
    asked = question(draft, "apart:s:OS months")
    assert asked.is_blocking and [choice.key for choice in asked.choices] == ["column", "dates"]
    dates = draft.answered(asked.id, "dates").answered("event_values:s:Dead", "1=event|0=censored")
    assert usable(dates) == {"1": (365, 1), "2": (730, 0), "3": (184, 1), "4": (365, 0)}
    assert usable(draft.answered(asked.id, "column"))["1"] == (60, 1)
    assert question(table(DATED.format(12, 24, 6, 12)), asked.id) is None


def test_outcomes_of_patients_are_no_adverse_events():
    rows = "1,2020-01-01,2020-06-01,{}\n2,2020-01-01,2020-07-01,Alive\n"
    rows += "3,2020-01-01,2020-08-01,Alive\n4,2020-01-01,2021-07-01,{}"
    head = "ID,Infusion date,Date of event,Event\n"
    vital = table(head + rows.format("Death", "Death"))
    assert usable(vital) == {"1": (152, 1), "2": (182, 0), "3": (213, 0), "4": (547, 1)}
    mixed = cohort(table(head + rows.format("Progression", "Relapse")))
    assert mixed.adverse_events.empty and (mixed.endpoints.empty or set(mixed.endpoints["event"].dropna()) <= {0})


@pytest.mark.parametrize(
    "status", ["Manufacturing failure", "excluded - withdrew consent", "nicht infundiert", "Ausgeschlossen (Lymphom)"]
)
def test_whoever_was_excluded_in_words_is_asked_about_before_opening(status):
    assert question(table(f"ID,Status,Age\n1,Infused,50\n2,{status},60\n3,Infused,70"), "rows:s:Status").is_blocking


@pytest.mark.parametrize(
    ("heading", "word"),
    [("Screen failure", "x"), ("Not infused", "yes"), ("CAR-T infused", "no"), ("Withdrawn consent", "1")],
)
def test_columns_of_those_who_are_out(heading, word):
    other = {"no": "yes", "yes": "no"}.get(word, "")
    draft = table(
        f"ID,{heading},Age,OS months,Dead\n1,{other},50,3,1\n2,{word},60,4,1\n3,{other},70,9,0\n4,{other},71,10,0"
    )
    assert question(draft, f"exclude:s:{heading}").is_blocking and not any(
        each.startswith("blank") for each in open_ids(draft)
    )


@pytest.mark.parametrize(
    ("heads", "days"),
    [
        ("IL6 Tag 1 (08:00),IL6 Tag 1 (20:00),IL6 Tag 2 (08:00)", [8 / 24 + 1, 20 / 24 + 1, 8 / 24 + 2]),
        ("IL6_T0h,IL6_T12h,IL6_T1d", [0, 0.5, 1]),
        ("CRP第0天,CRP第7天,CRP第14天", [0, 7, 14]),
        ("铁蛋白第0天,铁蛋白第7天,铁蛋白第14天", [0, 7, 14]),
    ],
)
def test_more_days_in_headings(heads, days):
    labs = cohort(table(f"ID,{heads}\nP1,5,50,20\nP2,6,40,30")).labs
    assert sorted(set(labs["day"])) == pytest.approx(days, abs=1e-4) and len(labs) == 6 and labs["unit"].isna().all()


@pytest.mark.parametrize("heads", ["第28天疗效,第90天疗效", "Staging Tag 28,Staging Tag 90"])
def test_more_headings_of_responses(heads):
    found = cohort(table(f"ID,{heads}\n1,CR,PD\n2,完全缓解,CR\n3,PR,PR")).responses
    assert sorted(set(found["day"])) == [28, 90] and len(found) == 6


@pytest.mark.parametrize(
    "heads",
    [
        "Staging 1 (Tag),Staging 1 Ergebnis,Staging 2 (Tag),Staging 2 Ergebnis",
        "Tag 1. Bewertung,1. Bewertung,Tag 2. Bewertung,2. Bewertung",
    ],
)
def test_more_sets_of_a_day_and_a_response(heads):
    found = cohort(table(f"ID,{heads}\n1,28,CR,90,PD\n2,30,PR,95,CR")).responses
    assert found["day"].tolist() == [28, 30, 90, 95] and found["response"].tolist() == ["CR", "PR", "PD", "CR"]


def test_several_measures_of_the_cells_are_several_series():
    rows = [["Patient", "Day", "qPCR", None, "Flow"], [None, None, "copies/µg DNA", "copies/mL", "CAR+ cells/µL"]]
    rows += [
        [f"P{n}", day, 1000 * day + n, None if day == 7 else 200 * day + 1, day * 3 + 1]
        for n in (1, 2, 3)
        for day in (0, 7, 14)
    ]
    draft = workbook(rows, ("C1:D1",))
    found = cohort(draft).kinetics
    assert found.groupby("unit").size().to_dict() == {"copies/µg DNA": 9, "copies/mL": 6, "cells/µL": 9}
    assert not draft.blocking and set(found.loc[found["unit"] == "copies/mL", "day"]) == {0, 14}


def test_percents_in_a_band_are_no_copies():
    rows = [["Patient", "copies/µg DNA", None, "% of CD3", None], [None, "D0", "D7", "D0", "D7"]]
    draft = workbook([*rows, *([f"P{n}", 1, 1000, 2, 10] for n in (1, 2, 3))], ("B1:C1", "D1:E1"))
    opened = cohort(draft)
    assert set(opened.kinetics["unit"]) == {"copies/µg DNA"} and set(opened.labs["unit"]) == {"%"}


def test_headings_that_a_program_numbered_are_no_days():
    draft = table("ID,CRP,CRP.1,CRP.2\n1,5,50,20\n2,6,40,30\n3,7,45,35")
    assert (
        not draft.blocking
        and cohort(draft).labs.empty
        and set(roles(draft).values()) == {"patients.patient_id", "patients.covariate"}
    )


PATIENTS = "patient_id,age_years,arm\nP1,50,A\nP2,60,B\nP3,61,B"


def test_sheets_of_the_template_with_other_headings():
    responses = "patient_id,assessment,day,IMWG\nP1,M1,28,CR\nP1,M3,90,PD\nP2,M1,30,VGPR\nP3,M1,29,sCR"
    events = "Patient,Toxicity,CTC,Start day\nP1,CRS,2,1\nP2,ICANS,1,3\nP2,CRS,1,3"
    endpoints = "patient_id,endpoint,time_days,status\nP1,OS,10,alive\nP2,OS,20,dead\nP3,OS,5,dead"
    draft = sheets({"Patients": PATIENTS, "Responses": responses, "Adverse events": events, "Endpoints": endpoints})
    opened = cohort(draft)
    assert opened.responses["response"].tolist() == ["CR", "PD", "VGPR", "sCR"]
    assert opened.adverse_events["grade"].tolist() == [2, 1, 1]
    assert usable(draft) == {"P1": (10, 0), "P2": (20, 1), "P3": (5, 1)}


def test_a_laboratory_sheet_beside_the_templates_own_lists_nobody():
    responses = "patient_id,day,response\nP1,28,CR\nP1,90,PD\nP2,28,PR"
    labs = "Patient,Tag,CRP\nP1,0,5\nP1,7,50\nP2,0,6\nP3,0,7"
    for more in ({}, {"Study": "setting,value\ntitle,X"}):
        assert question(sheets({**more, "Responses": responses, "Labs": labs}), "all patients").is_blocking


@pytest.mark.parametrize("heading", ["collection_datetime", "Abnahme", "prélevé le"])
def test_the_only_dates_that_change_are_those_of_the_measurements(heading):
    text = (
        f"Patient,hemoglobin,{heading},Infusion date\n1,9,2020-01-01,2020-01-01\n1,10,2020-01-08,2020-01-01\n"
        "2,8,2020-01-13,2020-01-13\n2,9,2020-01-20,2020-01-13"
    )
    assert cohort(table(text)).labs["day"].tolist() == [0, 7, 0, 7]


@pytest.mark.parametrize("heading", ["天数", "d", "Tag", "日数"])
def test_a_heading_that_is_a_unit_of_time_needs_no_question(heading):
    draft = table(f"Patient,{heading},CRP\n1,0,5\n1,7,50\n2,0,6\n2,7,40")
    assert not open_ids(draft) and cohort(draft).labs["day"].tolist() == [0, 7, 0, 7]


def test_times_and_events_of_registries():
    text = (
        "Patient ID,Overall Survival (Months),Overall Survival Status,Progression Free Status,Progress Free Survival"
        " (Months)\n"
    )
    rows = "P1,12,0:LIVING,0:CENSORED,12\nP2,5,1:DECEASED,1:PROGRESSION,3\n"
    rows += "P3,8,1:DECEASED,1:PROGRESSION,3\nP4,30,0:LIVING,1:PROGRESSION,13"
    draft = table(text + rows)
    assert not draft.blocking and usable(draft, "pfs")["P4"] == (13, 1) and usable(draft)["P4"] == (30, 0)
    registry = table("CRID,dead,intxsurv,pfs,intxpfs\n1,1,12.5,1,8.2\n2,0,20.1,0,20.1\n3,1,3.2,1,3.0\n4,0,13,1,3.5")
    assert roles(registry)["intxsurv"] == roles(registry)["intxpfs"] == "endpoints.time"
    assert usable(
        table("ID,SG desde diagnóstico (meses),SG desde CAR-T (meses),Exitus\n1,60,12,1\n2,48,20,0\n3,30,6,1")
    )["1"] == (12, 1)


def test_patients_as_columns_under_an_empty_corner():
    text = (
        ";P01;P02;P03\nAlter;50;60;70\nGeschlecht;w;m;m\nCAR-T"
        " Datum;01.01.2020;02.02.2020;03.03.2020\nTodesdatum;;05.06.2020;\nLetzter"
        " Kontakt;01.01.2021;05.06.2020;03.03.2021"
    )
    assert usable(table(text)) == {"P01": (366, 0), "P02": (124, 1), "P03": (365, 0)}


def test_grades_with_a_sign_of_degree_and_the_word_before_the_toxicity():
    events = cohort(table("ID;CRS (Grad 0-4);Grade ICANS\nA1;1;0\nA2;2°;1°\nA3;0;0\nA4;3;2")).adverse_events
    assert events["grade"].tolist() == [1, 2, 0, 3, 0, 1, 0, 2]


def test_the_age_at_the_injection_comes_before_that_at_diagnosis():
    draft = table("ID;Âge au diagnostic;Âge à l'injection\n1;50;55\n2;51;60\n3;52;58")
    assert question(draft, "which:s:age_years").chosen == "Âge à l'injection"


@pytest.mark.parametrize(
    "word", ["progresion", "creatinina", "leukozyten", "citogenetica", "produkt", "resposta", "transplantatie"]
)
def test_words_of_other_languages_are_no_mistakes(word):
    assert as_meant(word) == word


def test_powers_of_ten_are_numbers():
    copies = cohort(table("Patient;Copies\nP1;1,2E+04\nP2;2,4e3\nP3;9,8x10^3\nP4;1.2*10^4")).patients["copies"]
    assert copies.astype(float).tolist() == [12000, 2400, 9800, 12000]


def test_a_reference_date_of_a_trial_is_asked_about():
    sheet = "USUBJID,AGE,RFSTDTC,DTHDTC,RFPENDTC\n"
    sheet += "X-1,50,2020-01-01,2020-05-01,2020-05-01\nX-2,60,2020-01-01,,2021-01-01\nX-3,61,2020-01-01,,2021-01-01"
    assert question(sheets({"dm": sheet}), "day_zero:dm:RFSTDTC").is_blocking


def test_true_dates_and_one_odd_text_stay_dates():
    rows = [["ID", "Infusion date", "Last contact"], ["P1", dt.datetime(2022, 5, 3), dt.datetime(2022, 6, 3)]]
    draft = workbook([*rows, ["P2", dt.datetime(2022, 5, 14), "2022-07-14"], ["P3", dt.datetime(2022, 5, 20), None]])
    assert not draft.blocking and roles(draft)["Last contact"] == "patients.last_contact_date"


@pytest.mark.parametrize("value", ["CRP", "Copies/µg DNA", "CAR T cells/µL"])
def test_visits_that_are_named_after_their_day(value):
    rows = "1,Screening,9\n1,Day 0,8\n1,Day 7,7\n1,Week 4,9\n2,D+7,9\n2,Month 3,10"
    opened = cohort(table(f"Patient,Timepoint,{value}\n{rows}"))
    found = opened.labs if value == "CRP" else opened.kinetics
    assert found["day"].tolist() == pytest.approx([float("nan"), 0, 7, 28, 7, 91.3125], nan_ok=True)


def test_units_that_say_from_when_they_count():
    draft = table(
        "Patient,AE term,Max CTCAE,Start (d post infusion),Stop (days after"
        " CAR-T)\n1,CRS,2,1,5\n1,Rash,1,0,30\n2,ICANS,1,3,4"
    )
    events = cohort(draft).adverse_events
    assert not open_ids(draft) and events["start_day"].tolist() == [1, 0, 3] and events["grade"].tolist() == [2, 1, 1]
    bare = table("Patient,AE term,Grade,Onset,Resolved\n1,CRS,2,1,5\n1,Rash,1,0,30\n2,ICANS,1,3,4")
    assert [each.chosen for each in bare.blocking] == ["days"]


@pytest.mark.parametrize(
    "head", ["Subject,Param,Unit,Day 0,Day 7", "Pat.-Nr.,Laborwert,Einheit,Tag 0,Tag 7", "Patient,Analyse,Unité,J0,J7"]
)
def test_a_test_in_each_row_and_days_as_columns(head):
    rows = "1,CRP,mg/L,5,50\n1,Ferritin,µg/L,100,900\n2,CRP,mg/L,6,40\n2,Ferritin,µg/L,120,700"
    opened = cohort(table(f"{head}\n{rows}"))
    assert opened.kinetics.empty and opened.labs.groupby(["test", "unit"]).size().to_dict() == {
        ("CRP", "mg/L"): 4,
        ("Ferritin", "µg/L"): 4,
    }
    assert opened.labs.groupby("test")["value"].max().to_dict() == {"CRP": 50, "Ferritin": 900}
