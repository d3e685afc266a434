"""Never alive by default: the status decides who died, and what cannot be read is told by patient and used for
nothing."""

import pytest

from intake.drafts import answered, case, cohort, not_usable, open_ids, question, roles, said, sheets, table, usable
from lib.intake.infer.question import CodedValue, coded, decoded
from lib.intake.mapping import from_json, to_json


def test_nine_is_neither_censored_nor_an_event():
    draft = case("31_event_0_1_9.csv")
    asked = question(draft, "event_values:31_event_0_1_9:OS status")
    assert asked.is_blocking and asked.kind == "codes" and asked.columns == ("OS status",)
    assert asked.values == (CodedValue("0", 5, "censored"), CodedValue("1", 6, "event"))
    assert len(usable(draft)) == 11 and sum(event for _, event in usable(draft).values()) == 6
    assert not_usable(draft) == {"P5": "event not stated"}
    assert "OS status: 9 (1)" in question(draft, "missing").sentence and "missing" in open_ids(draft)
    value = answered(draft, {"missing": "values"})
    asked = question(value, asked.id)
    assert asked.values == (CodedValue("0", 5, "censored"), CodedValue("1", 6, "event"), CodedValue("9", 1, "unknown"))
    assert asked.is_blocking and not_usable(value) == {"P5": "event not stated"} and len(usable(value)) == 11
    again = answered(value, {asked.id: "0=censored|1=event|9=censored"})
    assert usable(again)["P5"] == (18, 0) and asked.id not in open_ids(again)


@pytest.mark.parametrize("unknown", ["9", "99", "-9", "8", "999", "unk."])
def test_other_codes_of_not_known(unknown):
    rows = "\n".join(f"P{n},{5 + 3 * (n % 2 == 0) + n / 10},{n % 2}" for n in range(12))
    draft = table(f"Patient,PFS months,PFS status\n{rows}\nP13,8,{unknown}")
    assert len(usable(draft, "pfs")) == 12 and not_usable(draft, "pfs") == {"P13": "event not stated"}


def test_answers_of_codes_may_hold_any_text():
    meanings = {"a=b": "event", "c|d": "censored", "50%": "unknown", "死亡": "event"}
    assert decoded(coded(meanings)) == meanings and decoded("dead") == {}
    assert coded({"1": "event", "0": "censored", "9": ""}) == "1=event|0=censored"


def test_an_answer_for_some_codes_leaves_the_others_open():
    rows = "\n".join(f"P{n},{n + 1},{n % 3}" for n in range(12))
    draft = table(f"Patient,OS months,OS status\n{rows}")
    (name,) = [each for each in open_ids(draft) if each.startswith("event_values")]
    assert question(draft, name).chosen == "" and not usable_or_nothing(draft)
    part = answered(draft, {name: "2=event|0=censored"})
    assert question(part, name).is_blocking and question(part, name).chosen == "0=censored|2=event"
    whole = answered(draft, {name: "2=event|0=censored|1=unknown"})
    assert not question(whole, name).is_open and len(usable(whole)) == 8
    back = answered(whole, {name: ""})
    assert question(back, name).is_blocking


def usable_or_nothing(draft):
    return usable(draft) if len(cohort(draft).endpoints) else {}


def test_what_is_the_same_is_asked_once():
    rows = "\n".join(f"P{n},{9 + n % 2 - n / 99},{n % 2},{9 + n % 2 - n / 99},{n % 2}" for n in range(8))
    draft = table(f"Patient,OS,OS status,PFS,PFS status\n{rows}")
    assert {question(draft, each).columns for each in open_ids(draft)} == {("OS", "PFS"), ("OS status", "PFS status")}
    reported = answered(draft, {"unit:s:OS": "weeks", "event_values:s:OS status": "0=event|1=censored"})
    assert set(cohort(reported).endpoints["unit"]) == {"weeks"}
    assert usable(reported)["P0"][1] == 1 and usable(reported, "pfs")["P0"][1] == 1


def test_alive_in_a_column_of_death_dates_is_no_death():
    draft = case("43_alive_in_death_date.csv")
    assert sum(event for _, event in usable(draft).values()) == 6 and len(usable(draft)) == 12
    assert '"alive" (6): read as no death' in said(draft)


@pytest.mark.parametrize(
    "word", ["lebt", "vivant", "vivo", "vive en", "存活", "Alive at last contact", "no", "in leven"]
)
def test_alive_in_other_words_and_languages(word):
    draft = table(f"""Patient,Infusion date,Date of death,Last contact
        P1,2022-01-01,2022-06-01,2022-06-01
        P2,2022-01-01,{word},2022-07-01
        P3,2022-01-01,{word},2022-08-01""")
    known = word != "vive en"
    assert usable(draft) == {"P1": (151, 1)} | ({"P2": (181, 0), "P3": (212, 0)} if known else {})
    assert known or not_usable(draft).keys() == {"P2", "P3"}


def test_dead_without_a_readable_date_is_never_censored():
    draft = case("44_bad_death_date.csv")
    assert usable(draft) == {"P5": (151, 1), "P6": (243, 0)}
    unread = "dead, and the date of death is not readable"
    assert not_usable(draft) == {
        **dict.fromkeys(("P1", "P2", "P3", "P4", "P8"), unread),
        "P7": "last contact after death",
    }


def test_a_column_of_death_dates_that_nobody_can_read_leaves_nobody_alive():
    draft = table("""Patient,Infusionsdatum,Sterbedatum,Letzter Kontakt,Progressionsdatum
        P1,2022-01-01,Mai 22,2022-05-01,
        P2,2022-01-01,,2022-07-01,
        P3,2022-01-01,unbekannt,2022-08-01,2022-03-01""")
    assert roles(draft)["Sterbedatum"] == "patients.death_date"
    assert usable(draft) == {"P2": (181, 0)} and set(not_usable(draft)) == {"P1", "P3"}
    assert usable(draft, "pfs") == {"P2": (181, 0), "P3": (59, 1)} and set(not_usable(draft, "pfs")) == {"P1"}


@pytest.mark.parametrize("word", ["unknown", "?", "[Unknown]", "inconnu", "不详"])
def test_a_date_of_death_that_is_said_to_be_unknown_leaves_nobody_alive(word):
    rows = f"""Patient,Infusion date,Date of death,Last contact
        P1,2022-01-01,2022-06-01,2022-06-01
        P2,2022-01-01,{word},2022-07-01
        P3,2022-01-01,,2022-08-01"""
    draft = table(rows)
    assert usable(draft) == {"P1": (151, 1), "P3": (212, 0)}
    assert not_usable(draft) == {"P2": "whether the patient died is not stated"}
    progressed = table(
        "\n".join(
            f"{line.strip()}," for line in rows.replace("Date of death", "Progressionsdatum").splitlines()
        ).replace("contact,", "contact,Date of death", 1)
    )
    assert set(not_usable(progressed, "pfs")) == {"P2"} and usable(progressed)["P2"] == (181, 0)
    status = [
        f"{line},{said}" for line, said in zip(rows.splitlines(), ("Status", "Dead", "Alive", "Alive"), strict=True)
    ]
    assert usable(table("\n".join(status))) == {"P1": (151, 1), "P2": (181, 0), "P3": (212, 0)}


def test_a_status_without_a_date_and_a_date_against_the_status():
    draft = case("53a_status_without_date.csv")
    assert usable(draft) == {"P1": (151, 1), "P3": (365, 0), "P4": (59, 1), "P6": (396, 0)}
    dead = "dead by the status, and there is no readable date of death"
    assert not_usable(draft) == {"P2": dead, "P7": dead, "P5": "alive by the status, and there is a date of death"}
    assert not open_ids(draft)
    saved = from_json(to_json(draft.mapping))
    assert saved == draft.mapping and usable(draft.with_saved(saved)) == usable(draft)


def test_one_date_for_death_or_last_follow_up():
    draft = case("53b_death_or_last_follow_up.csv")
    assert usable(draft) == {"P1": (151, 1), "P2": (181, 1), "P3": (365, 0), "P4": (59, 1), "P5": (251, 0)}


@pytest.mark.parametrize(
    ("heading", "status", "dead", "alive"),
    [
        ("Todesdatum oder letzter Kontakt", "Vitalstatus", "verstorben", "lebt"),
        ("Date de décès ou dernières nouvelles", "Etat", "décédé", "vivant"),
        ("Fecha de muerte o último contacto", "Estado vital", "muerto", "vivo"),
        ("Data di morte o ultimo contatto", "Stato", "deceduto", "vivo"),
        ("Datum overlijden of laatste contact", "Vitale status", "overleden", "levend"),
        ("死亡或末次随访日期", "生存状态", "死亡", "存活"),
        ("Date of last contact/death", "Survival status", "1: Dead", "0: Alive"),
        ("Date of death or censoring", "Dead", "yes", "no"),
    ],
)
def test_death_or_last_follow_up_in_other_words(heading, status, dead, alive):
    rows = f"P1,2022-01-01,2022-06-01,{dead}\nP2,2022-01-01,2022-07-01,{alive}\nP3,2022-01-01,2022-08-01,"
    draft = table(f"Patient,Infusion date,{heading},{status}\n{rows}")
    assert usable(draft) == {"P1": (151, 1), "P2": (181, 0)} and set(not_usable(draft)) == {"P3"}


def test_death_or_last_follow_up_without_a_status_is_nobodys_death():
    rows = "\n".join(f"P{n},2022-01-01,2022-0{n + 2}-01,{'AB'[n % 2]}" for n in range(6))
    draft = table(f"Patient,Infusion date,Death or last follow-up date,Arm\n{rows}")
    (asked,) = [question(draft, each) for each in open_ids(draft)]
    assert "no column that says whether the event happened" in asked.sentence and asked.chosen == "none"
    assert len(cohort(draft).endpoints) == 0


def test_the_last_contact_of_the_dead_is_their_death_only_if_its_owner_says_so():
    rows = "P1,2022-01-01,2022-06-01,Dead\nP2,2022-01-01,2022-07-01,Alive"
    draft = table(f"Patient,Infusion date,Last follow-up date,Status\n{rows}")
    assert question(draft, "died:s").is_blocking
    assert usable(draft) == {"P2": (181, 0)} and set(not_usable(draft)) == {"P1"}
    assert usable(answered(draft, {"died:s": "yes"})) == {"P1": (151, 1), "P2": (181, 0)}
    assert usable(answered(draft, {"died:s": "no"})) == {"P2": (181, 0)}


def test_lost_to_follow_up_is_told_and_used_for_nothing_until_it_is_said():
    rows = "P1,2022-01-01,2022-06-01,2022-06-01,Dead\nP2,2022-01-01,,2022-07-01,Alive\nP3,2022-01-01,,2022-08-01,lost"
    draft = table(f"Patient,Infusion date,Date of death,Last contact,Status\n{rows}")
    assert usable(draft) == {"P1": (151, 1), "P2": (181, 0)} and not_usable(draft) == {"P3": "event not stated"}
    name = "event_values:s:Status"
    assert usable(answered(draft, {name: "Dead=event|Alive=censored|lost=censored"}))["P3"] == (212, 0)


def test_a_status_that_nothing_explains_uses_nobody():
    rows = "\n".join(f"P{n},2022-01-01,,2022-0{n + 1}-11,{n % 2 + 1}" for n in range(1, 7))
    draft = table(f"Patient,Infusion date,Date of death,Last contact,Vital status\n{rows}")
    assert question(draft, "event_values:s:Vital status").is_blocking and usable(draft) == {}


def test_progression_free_survival_of_the_dead_without_a_date():
    draft = table("""Patient,Infusion date,Date of progression,Date of death,Last contact,Status
        P1,2022-01-01,2022-03-01,,2022-06-01,Dead
        P2,2022-01-01,,,2022-07-01,Dead
        P3,2022-01-01,,2022-07-01,2022-07-01,Alive
        P4,2022-01-01,,,2022-07-01,
        P5,2022-01-01,,,2022-07-01,Alive""")
    assert usable(draft, "pfs") == {"P1": (59, 1), "P5": (181, 0)}
    assert set(not_usable(draft, "pfs")) == {"P2", "P3", "P4"}


def test_days_to_death_beside_days_to_the_last_follow_up():
    draft = case("07_days_to_death.csv")
    assert open_ids(draft) == ["survival:07_days_to_death"] and question(draft, open_ids(draft)[0]).blocks
    assert usable(draft) == {
        "TX-01": (400, 1),
        "TX-02": (900, 0),
        "TX-03": (250, 1),
        "TX-04": (1200, 0),
        "TX-05": (610, 1),
        "TX-06": (90, 1),
        "TX-09": (700, 0),
    }
    assert set(not_usable(draft)) == {"TX-07", "TX-08"}
    assert len(cohort(answered(draft, {"survival:07_days_to_death": "no"})).endpoints) == 0


@pytest.mark.parametrize(
    "heading",
    [
        "time to death (months),time to last follow-up (months)",
        "Death (months),Last contact (months)",
        "Tod [Monate],Letzter Kontakt [Monate]",
        "Décès (mois),Dernières nouvelles (mois)",
    ],
)
def test_days_to_death_without_a_status(heading):
    draft = table(f"ID,{heading}\nP1,4,3\nP2,,9\nP3,x,8\nP4,6,5")
    assert question(draft, "alive:s").is_blocking and len(cohort(draft).endpoints) == 0
    reported = answered(draft, {"alive:s": "yes"})
    assert usable(reported) == {"P1": (4, 1), "P2": (9, 0), "P4": (6, 1)} and set(not_usable(reported)) == {"P3"}


def test_survival_counts_from_the_infusion():
    draft = case("52_os_from_diagnosis.csv")
    assert usable(draft)["P1"] == (12, 1) and usable(draft)["P4"] == (15, 0) and not open_ids(draft)
    zero = question(draft, "time_zero:52_os_from_diagnosis:OS from CAR-T (months)")
    assert zero.blocks and not zero.needed
    assert usable(answered(draft, {zero.id: "OS from diagnosis (months)"}))["P1"] == (60, 1)
    assert len(cohort(answered(draft, {zero.id: "leave"})).endpoints) == 0


@pytest.mark.parametrize(
    ("other", "mine"),
    [
        ("OS ab Erstdiagnose (Monate)", "OS ab Infusion (Monate)"),
        ("Survie globale depuis le diagnostic (mois)", "Survie globale depuis la réinjection (mois)"),
        ("OS_dx_months", "OS_cart_months"),
        ("OS since transplant (months)", "OS months"),
        ("总生存期 自诊断（月）", "总生存期 自回输（月）"),
    ],
)
def test_other_time_zeros_in_other_words(other, mine):
    draft = table(f"Patient,{other},{mine},Dead\nP1,60,12,1\nP2,48,20,0\nP3,30,6,1\nP4,90,15,0")
    first = question(draft, f"time_zero:s:{mine}")
    draft = answered(draft, {first.id: mine}) if first and first.is_open else draft
    assert usable(draft)["P1"] == (12, 1)


def test_a_lone_time_from_diagnosis_is_left_out_until_its_owner_wants_it():
    draft = table("Patient,OS from diagnosis (months),Dead\nP1,60,1\nP2,88,0\nP3,30,1\nP4,90,0")
    asked = question(draft, "time_zero:s:OS from diagnosis (months)")
    assert asked.is_blocking and len(cohort(draft).endpoints) == 0
    assert usable(answered(draft, {asked.id: "read"}))["P1"] == (60, 1)


def test_two_columns_of_death_that_differ_are_asked_about():
    rows = "\n".join(f"P{n},{20 - n},{int(n > 4)},{'yes' if n > 5 else 'no'}" for n in range(9))
    draft = table(f"Patient,OS months,OS event,Death\n{rows}")
    asked = question(draft, "event_column:s:OS months")
    assert asked.is_blocking and asked.chosen == "OS event"
    assert sum(event for _, event in usable(answered(draft, {asked.id: "Death"})).values()) == 3


def test_predicted_survival_is_no_survival():
    draft = table(
        "UPN,Predicted OS months,Predicted OS event,OS months,OS"
        " event\nU1,10,1,3,1\nU2,11,1,20,0\nU3,12,0,14,0\nU4,13,1,6,1"
    )
    assert usable(draft)["U1"] == (3, 1) and roles(draft)["Predicted OS months"] == "patients.covariate"


def test_a_flag_of_the_censored_is_turned_round_and_asked_about():
    draft = table("ID,OS months,Censored\n1,3,0\n2,20,1\n3,14,1\n4,6,0")
    assert question(draft, "event_values:s:Censored").is_blocking and usable(draft)["1"] == (3, 1)
    words = table("ID,OS months,Alive\n1,3,no\n2,20,yes\n3,14,yes\n4,6,no")
    assert usable(words) == {"1": (3, 1), "2": (20, 0), "3": (14, 0), "4": (6, 1)}


def test_changing_the_event_never_loses_the_endpoint():
    draft = table("ID,OS months,OS event,Second status\n1,3,1,0\n2,20,0,1\n3,14,0,1\n4,6,1,0")
    other = answered(draft, {"role:s:OS event": "patients.covariate", "role:s:Second status": "endpoints.event"})
    name = "event_values:s:Second status"
    assert usable(answered(other, {name: "0=event|1=censored"})) == {
        "1": (3, 1),
        "2": (20, 0),
        "3": (14, 0),
        "4": (6, 1),
    }
    none = answered(draft, {"role:s:OS event": "patients.covariate"})
    asked = next(each for each in none.suggestion.questions if each.columns == ("OS months",))
    again = answered(none, {asked.id: "column Second status", name: "0=event|1=censored"})
    assert usable(again)["1"] == (3, 1)
    assert usable(answered(none, {"role:s:OS event": ""})) == usable(draft)


def test_the_status_stands_in_one_sheet_and_the_dates_in_another():
    patients = (
        "Patient,Infusion date,Vital"
        " status\nP1,2022-01-01,Dead\nP2,2022-01-01,Dead\nP3,2022-01-01,Alive\nP4,2022-01-01,Alive\nP5,2022-01-01,Alive"
    )
    visits = (
        "Patient,Date of death,Last"
        " contact\nP1,2022-06-01,2022-06-01\nP2,,2022-06-01\nP3,,2022-07-01\nP4,2022-07-01,2022-07-01"
    )
    draft = sheets({"Base": patients, "Outcome": visits})
    assert usable(draft) == {"P1": (151, 1), "P3": (181, 0)}
    assert not_usable(draft) == {
        "P2": "dead by the status, and there is no date of death",
        "P4": "alive by the status, and there is a date of death",
        "P5": "alive by the status, and there is no date of the last contact",
    }
    assert "vital_status" not in set(cohort(draft).endpoints["endpoint"])


def test_time_to_a_transplant_does_not_count_from_it():
    draft = table("Patient,Time to transplant (months),Transplant,Arm\nP1,3,1,A\nP2,20,0,B\nP3,14,0,A\nP4,6,1,B")
    assert not [each for each in draft.suggestion.questions if each.subject == "time_zero"]


def test_endpoints_row_by_row_count_from_the_infusion():
    rows = "\n".join(
        f"P{n},{name},{n + add},{n % 2}" for n in range(1, 9) for name, add in (("OS from diagnosis", 40), ("OS", 0))
    )
    draft = table("Patient,endpoint,time,event,unit\n" + "\n".join(f"{line},months" for line in rows.splitlines()))
    asked = question(draft, "time_zero:s:endpoint:OS from diagnosis")
    assert asked is None or asked.is_blocking
    assert {time for time, _ in usable(draft).values()} == set(range(1, 9))


def test_a_follow_up_with_dead_and_alive_is_overall_survival():
    draft = table("Patient,Follow-up (months),Status\nP1,3,dead\nP2,20,alive\nP3,14,alive\nP4,6,dead")
    assert usable(draft) == {"P1": (3, 1), "P2": (20, 0), "P3": (14, 0), "P4": (6, 1)} and not open_ids(draft)
    other = table(
        "Patient,Time to death or last follow-up (months),Status\nP1,3,dead\nP2,20,alive\nP3,14,alive\nP4,6,dead"
    )
    assert usable(other) == usable(draft)
