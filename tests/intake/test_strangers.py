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


def eight(heading, values):
    """Eight patients with this column, survival of 3 to 10 months, four of whom died."""
    rows = "\n".join(f"P{n};{value};{n + 3};{n % 2}" for n, value in enumerate(values))
    return f"ID;{heading};OS months;Dead\n{rows}"


@pytest.mark.parametrize(
    ("heading", "out", "others"),
    [
        ("Excluded from analysis", "Yes", "No"),
        ("Exclu de l'analyse", "oui", "non"),
        ("mITT population", "0", "1"),
        ("FAS", "N", "Y"),
        ("Wykluczony", "tak", "nie"),
    ],
)
def test_more_columns_of_those_who_are_out(heading, out, others):
    draft = table(eight(heading, [out if n == 2 else others for n in range(8)]))
    assert question(draft, f"exclude:s:{heading}").is_blocking


@pytest.mark.parametrize("suffix", ["_rep1", "-aliquot2", ".sample1"])
def test_names_of_samples_behind_an_id_are_asked_about(suffix):
    labs = "\n".join(f"C{n:02}{suffix},{day},{n + day}" for n in range(4) for day in (0, 7))
    named = {"Clinical": "ID,Age\n" + "\n".join(f"C{n:02},5{n}" for n in range(4)), "CRP": f"Sample,Day,CRP\n{labs}"}
    assert question(sheets(named), "ids").is_blocking and len(cohort(sheets(named)).patients) == 4


@pytest.mark.parametrize("code", ["-7", "-88", "888"])
def test_more_codes_of_no_value(code):
    patients = cohort(table(eight("LDH", [code if n in (1, 6) else 200 + n for n in range(8)]))).patients
    assert patients["ldh"].notna().sum() == 6 and patients["ldh"].min() == 200


def test_ages_and_changes_are_no_codes():
    ages = cohort(table(eight("Age", [60, 62, 65, 68, 77, 61, 63, 88]))).patients["age_years"]
    change = cohort(table(eight("Change", [5, 12, 40, -7, 22, 3, 18, 30]))).patients["change"]
    assert ages.sum() == 544 and change.min() == -7


@pytest.mark.parametrize(
    ("cells", "heading", "years"),
    [("{} y", "Age", 51), ("{} Jahre", "Alter", 51), ("{} ans", "Âge", 51)],
)
def test_numbers_with_their_unit_behind_them(cells, heading, years):
    text = eight(heading, [cells.format(years + n) for n in range(8)])
    assert cohort(table(text)).patients["age_years"].tolist() == [years + n for n in range(8)]


@pytest.mark.parametrize(
    ("unit", "heading", "read"), [("mo", "OS", True), ("mo", "OS (months)", True), ("mo", "OS (days)", False)]
)
def test_times_with_their_unit_behind_them(unit, heading, read):
    draft = table(f"ID,{heading},Dead\n" + "\n".join(f"P{n},{n + 3} {unit},{n % 2}" for n in range(8)))
    found = cohort(draft).endpoints
    assert (len(found) == 8 and set(found["unit"]) == {"months"}) if read else found[found["problem"] == ""].empty


def test_times_in_several_units_and_times_that_go_on():
    words = ["6 months", "1 year", "30 days", "8 weeks", "2 years", "3 mo", "18 months", "1.5 y"]
    rows = "\n".join(f"P{n},{word},{n % 2}" for n, word in enumerate(words))
    draft = table(f"ID,OS,Dead\n{rows}")
    assert usable(draft.answered("event_values:s:Dead", "1=event|0=censored"))["P1"] == (365.25, 1)
    rows = "\n".join(f"P{n},{n + 3}.5{'' if n % 2 else '+'},{n % 2}" for n in range(8))
    assert len(usable(table(f"ID,OS (mo),Dead\n{rows}"))) == 8


def test_each_row_has_its_unit_behind_its_value():
    rows = "\n".join(
        f"P{n},0,{test},{n + 5} {unit}" for n in range(4) for test, unit in (("CRP", "mg/L"), ("LDH", "U/L"))
    )
    labs = cohort(table(f"Patient,Day,Test,Value\n{rows}")).labs
    assert labs.groupby(["test", "unit"])["value"].sum().to_dict() == {("CRP", "mg/L"): 26, ("LDH", "U/L"): 26}


ADTTE = "USUBJID,PARAM,AVAL,CNSR"


def test_the_name_of_an_endpoint_says_its_unit():
    one = "\n".join(f"S{n},Overall Survival (months),{n + 3}.5,{n % 2}" for n in range(6))
    assert set(cohort(table(f"{ADTTE}\n{one}")).endpoints["unit"]) == {"months"}
    other = "\n".join(f"S{n},Progression-Free Survival (days),{n + 40},{n % 2}" for n in range(6))
    found = cohort(table(f"{ADTTE}\n{one}\n{other}")).endpoints
    assert found.groupby("endpoint")["unit"].unique().map(list).to_dict() == {"os": ["months"], "pfs": ["days"]}
    bare = one.replace(" (months)", "")
    assert any(each.subject == "unit" for each in table(f"{ADTTE}\n{bare}").blocking)


@pytest.mark.parametrize(
    "heads",
    ["CRS grade,CRS (day),ICANS grade,ICANS (day)", "Grade CRS,Jour CRS,Grade ICANS,Jour ICANS"],
)
def test_days_of_a_toxicity_are_no_grades(heads):
    events = cohort(table(f"ID,{heads}\nP1,1,2,0,5\nP2,3,2,1,5\nP3,2,2,1,4")).adverse_events
    assert events["grade"].tolist() == [1, 3, 2, 0, 1, 1] and events["start_day"].tolist() == [2, 2, 2, 5, 5, 4]


def test_toxicities_without_a_grade_are_asked_about():
    draft = table("ID,CRS,Any ICANS\nP1,yes,N\nP2,no,Y\nP3,yes,N")
    assert cohort(draft).adverse_events.empty
    events = cohort(draft.answered("levels:s:CRS", "event")).adverse_events
    assert events["term"].tolist() == ["CRS", "CRS", "ICANS"] and events["grade"].isna().all()
    assert cohort(draft.answered("levels:s:CRS", "keep")).adverse_events.empty


@pytest.mark.parametrize(
    ("heads", "days"),
    [
        ("D-5 CRP,D0 CRP,D7 CRP", {-5, 0, 7}),
        ("CRP (day -5),CRP (day 0),CRP (day 7)", {-5, 0, 7}),
        ("CRP d−5,CRP d0,CRP d7", {-5, 0, 7}),
        ("Day-5 CRP,Day-0 CRP,Day-7 CRP", {5, 0, 7}),
    ],
)
def test_a_minus_before_a_day_is_one_unless_day_0_has_it_too(heads, days):
    assert set(cohort(table(f"ID,{heads}\nP1,5,50,20\nP2,6,40,30")).labs["day"]) == days


@pytest.mark.parametrize(
    ("heading", "visits", "days"),
    [
        ("Day", "D-5 D0 D+3", [-5, 0, 3]),
        ("Visit", "Day-0 Day-7 Day-14", [0, 7, 14]),
        ("Time", "D1_03:00 D1_15:00 D2_03:00", [1.125, 1.625, 2.125]),
        ("Visit", "Pre-LD_(D-6) Infusion_(D0) D7", [-6, 0, 7]),
    ],
)
def test_names_of_visits_that_say_a_day(heading, visits, days):
    words = [each.replace("_", " ") for each in visits.split()]
    rows = "\n".join(f"P{n},{word},{n + place}" for n in range(3) for place, word in enumerate(words))
    assert cohort(table(f"Patient,{heading},CRP\n{rows}")).labs["day"].tolist() == days * 3


@pytest.mark.parametrize("word", ["above 100000", "100000+", "über 100000", "supérieur à 100000", ">100000"])
def test_a_limit_in_words(word):
    rows = "\n".join(f"P{n};{day};{word if (n, day) == (2, 7) else 100 + n + day}" for n in range(4) for day in (0, 7))
    labs = cohort(table(f"Patient;Day;Ferritin\n{rows}")).labs
    assert labs["above"].sum() == 1 and labs["value"].max() == 100000
