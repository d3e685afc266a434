"""Workbooks as centres have them, invented here: what is read from each, and what is asked first."""

import pytest

from intake.drafts import cohort, question, roles, sheets, table, usable
from lib.intake.mapping import from_json, to_json
from lib.intake.read import cohort_of


def blocking(draft):
    return [each.id for each in draft.blocking]


def arms(heading):
    first = "1,50,12,0\n2,60,3,1\n3,70,8,1\n4,55,20,0"
    second = "1,51,11,1\n2,61,4,1\n3,71,9,0\n4,56,22,0"
    columns = f"{heading},Alter,OS Monate,Tod"
    return {"Arm A": f"{columns}\n{first}", "Arm B": f"{columns}\n{second}"}


@pytest.mark.parametrize("heading", ["Nr", "Patient", "ID", "患者编号"])
def test_two_arms_that_both_count_from_1_are_asked_about(heading):
    draft = sheets(arms(heading))
    assert blocking(draft) == ["own ids:Arm A"]
    parted = draft.answered("own ids:Arm A", "different")
    assert blocking(parted) == [] and cohort(parted).patients["arm"].tolist() == ["Arm A"] * 4 + ["Arm B"] * 4
    assert usable(parted)["Arm B 1"] == (11.0, 1) and len(usable(parted)) == 8
    assert len(cohort(draft.answered("own ids:Arm A", "same")).patients) == 4
    assert blocking(parted.answered("own ids:Arm A", "")) == ["own ids:Arm A"]


def test_ids_of_their_own_are_saved_edited_and_counted():
    parted = sheets(arms("Nr")).answered("own ids:Arm A", "different")
    saved = from_json(to_json(parted.mapping))
    assert len(cohort_of(parted.grids, "s", "", saved).patients) == 8
    again = sheets(arms("Nr")).with_saved(saved)
    assert again.saved is None and len(cohort(again).patients) == 8 and "own ids:Arm A" not in blocking(again)
    without = parted.answered("role:Arm A + Arm B:Alter", "ignore")
    assert without.problems == () and cohort(without).patients["age_years"].isna().all()
    assert all(each.read == 4 for each in cohort(parted).account.columns)


def test_visits_and_sheets_of_other_ids_are_no_such_question():
    later = {"Visit 1": "Pat,LDH,Tag\n1,200,0\n2,300,0", "Visit 2": "Pat,LDH,Tag\n1,210,28\n2,310,28"}
    assert not [name for name in blocking(sheets(later)) if name.startswith("own ids")]
    others = {
        "Arm A": "Nr,Alter,OS Monate,Tod\n1,50,12,0\n2,60,3,1",
        "Arm B": "Nr,Alter,OS Monate,Tod\n3,50,12,0\n4,60,3,1",
    }
    assert not [name for name in blocking(sheets(others)) if name.startswith("own ids")]


DISEASED = """{};Datum CAR-T;Datum letzte Kontrolle;{};Best Response
1;03.01.2020;05.06.2021;NED;CR
2;14.02.2020;05.03.2020;DOD;PD
3;20.02.2020;01.02.2022;AWD;PR
4;01.03.2020;04.09.2020;DOC;CR
5;09.04.2020;05.05.2021;NED;VGPR"""


@pytest.mark.parametrize("status", ["Status at last FU", "Status at last follow-up", "Vitalstatus", "Status"])
def test_dead_or_alive_with_and_of_disease(status):
    draft = table(DISEASED.format("Patientennr", status))
    assert roles(draft)["Datum CAR-T"] == "patients.infusion_date" and roles(draft)[status] == "endpoints.event"
    (codes,) = (each for each in draft.blocking if each.subject == "event_values")
    assert codes.chosen == "AWD=censored|DOC=event|DOD=event|NED=censored"
    said_so = draft.answered(codes.id, codes.chosen).answered("died:s", "yes")
    assert usable(said_so) == {"1": (519, 0), "2": (20, 1), "3": (712, 0), "4": (187, 1), "5": (391, 0)}


@pytest.mark.parametrize(
    ("heading", "yes", "no"), [("Décès (O/N)", "O", "N"), ("Exitus (S/N)", "S", "N"), ("Décédé", "o", "n")]
)
def test_initials_of_yes_and_no(heading, yes, no):
    rows = "\n".join(f"P{n};{[no, yes][n % 2]};{12 - n % 2 * 6}" for n in range(8))
    draft = table(f"Patient;{heading};OS (months)\n{rows}")
    assert sum(event for _, event in usable(draft).values()) == 4


@pytest.mark.parametrize(
    ("time", "event", "endpoint"),
    [
        ("SG (meses)", "Exitus", "os"),
        ("SG (mois)", "Décès", "os"),
        ("SLP (meses)", "SLP evento", "pfs"),
        ("SSP (mois)", "SSP évènement", "pfs"),
        ("PFS (years)", "Progressed or dead", "pfs"),
        ("PFS (Monate)", "Progress oder Tod", "pfs"),
    ],
)
def test_survival_under_the_names_of_other_languages(time, event, endpoint):
    rows = "\n".join(f"P{n};{n % 2};{12.5 - n % 2 * 6}" for n in range(8))
    draft = table(f"Patient;{event};{time}\n{rows}")
    assert len(usable(draft, endpoint)) == 8


def test_an_event_of_progression_or_death_is_no_rival_of_death():
    rows = "\n".join(f"P{n},{1.5 - n % 2},{n % 2},{1.2 - n % 2},{n % 3 % 2}" for n in range(9))
    draft = table(f"Patient,OS (years),Dead,PFS (years),Progressed or dead\n{rows}")
    assert "event_column:s:OS (years)" not in [each.id for each in draft.suggestion.questions]


@pytest.mark.parametrize("heading", ["Infusion", "infusion"])
def test_dates_of_the_infusion_in_a_list_of_events_are_no_numbers_of_infusions(heading):
    draft = table(f"""Subject,AE,Grade,AE start date,{heading}
    1,CRS,2,2020-01-05,2020-01-03\n1,Neutropenia,4,2020-01-10,2020-01-03
    2,CRS,1,2020-02-22,2020-02-20\n2,ICANS,2,2020-02-25,2020-02-20""")
    assert roles(draft)[heading] == "patients.infusion_date"
    assert cohort(draft).adverse_events["start_day"].tolist() == [2, 7, 2, 5]


def test_an_export_of_a_hospital_laboratory():
    draft = table(
        """MRN;Pat_Study_ID;Component;Result;Units;Collected (dd/mm/yyyy hh:mm)
    111;S01;Ferritin;1,250;ng/mL;03/04/2023 08:15\n111;S01;Ferritin;>40,000;ng/mL;13/04/2023 08:15
    222;S02;Ferritin;850;ng/mL;05/04/2023 07:00
    222;S02;CRP;0.5;mg/L;05/04/2023 07:00
    333;S03;CRP;12.7;mg/L;25/05/2023 07:00
    333;S03;Ferritin;920;ng/mL;25/05/2023 07:00"""
    )
    found = roles(draft)
    assert (found["MRN"], found["Pat_Study_ID"], found["Component"]) == ("private", "patients.patient_id", "labs.test")
    assert found["Collected (dd/mm/yyyy hh:mm)"] == "labs.date"
    assert cohort(draft).labs["value"].tolist() == [1250, 40000, 850, 0.5, 12.7, 920]


def test_which_of_two_follow_ups_counts_is_answered_before_opening():
    rows = "CT-01,12,0\nCT-02,3,1\nCT-02,3,1\nCT-03,16,0\nCT-03,18,1\nCT-04,7,1"
    draft = table(f"Study ID,OS_months,OS_status\n{rows}")
    assert "rows:s:OS_months" in blocking(draft) and question(draft, "rows:s:OS_months").chosen == "last"


RELAPSED = ["101,520,N,", "102,42,Y,30", "103,600,Y,210", "104,230,N,", "105,710,N,", "106,95,Y,60"]


@pytest.mark.parametrize(
    ("followed", "event", "time"),
    [
        ("Days to last contact", "Relapse", "Days to relapse"),
        ("Follow-up (days)", "Progression", "Days to progression"),
    ],
)
def test_a_time_of_the_events_alone_is_asked_for_the_time_of_the_others(followed, event, time):
    draft = table("\n".join([f"UPN,{followed},{event},{time}", *RELAPSED]))
    (asked,) = (each for each in draft.blocking if each.id.startswith("others:"))
    assert cohort(draft).endpoints.empty or not cohort(draft).endpoints["time"].isin([30, 210]).any()
    opened = cohort(draft.answered(asked.id, f"column {followed}")).endpoints
    rows = opened[opened["time"].isin([30, 210, 60, 520, 230, 710])].groupby("endpoint")
    (times,) = (
        {row.patient_id: (row.time, row.event) for row in group.itertuples()} for _, group in rows if len(group) == 6
    )
    assert times == {"101": (520, 0), "102": (30, 1), "103": (210, 1), "104": (230, 0), "105": (710, 0), "106": (60, 1)}
    assert cohort(draft.answered(asked.id, "none")).endpoints["time"].isin([30, 210]).sum() == 0
