"""Which date is day 0 where no heading says the infusion: asked once among the dates, and only where something is
counted from it.

A column with the time of progression or relapse, empty in whoever had none, beside overall survival: PFS and TTP,
asked first.
"""

import pytest

from intake.drafts import answered, cohort, not_usable, open_ids, question, roles, sheets, table, usable
from lib.intake.mapping import from_json, to_json

DATES = "P1,2022-01-01,2022-03-01,2022-03-01\nP2,2022-01-05,,2022-06-01\nP3,2022-02-05,,2022-07-01"
COUNTED = {"P1": (59, 1), "P2": (147, 0), "P3": (146, 0)}


def dated(heading: str):
    return table(f"Patient,{heading},Death date,Last contact date\n{DATES}")


@pytest.mark.parametrize(
    "heading",
    [
        "Date of cellular therapy",
        "Treatment date",
        "Datum der Therapie",
        "Date du traitement",
        "Date of reinfusion",
        "治疗日期",
        "T0 date",
    ],
)
def test_a_likely_date_is_proposed_and_blocks_until_it_is_confirmed(heading):
    draft = dated(heading)
    asked = question(draft, "day_zero:s")
    assert asked.is_blocking and asked.chosen == heading
    reported = answered(draft, {"day_zero:s": heading})
    assert usable(reported) == COUNTED and not open_ids(reported)


def test_an_unclear_date_is_asked_without_a_proposal():
    draft = dated("Procedure date")
    assert question(draft, "day_zero:s").chosen == "" and question(draft, "day_zero:s").is_blocking
    assert usable(answered(draft, {"day_zero:s": "Procedure date"})) == COUNTED
    assert not usable(answered(draft, {"day_zero:s": "none"}))


def test_several_dates_are_asked_about_once():
    draft = table(
        "Patient,Diagnosis date,Apheresis date,Procedure date,Last"
        " contact\nP1,2020-01-01,2021-12-01,2022-01-01,2022-03-01\nP2,2020-02-01,2021-11-01,2022-01-05,2022-06-01"
    )
    assert open_ids(draft) == ["day_zero:s"]
    assert question(draft, "day_zero:s").columns == ("Diagnosis date", "Apheresis date", "Procedure date")


def test_a_refused_start_leaves_the_other_dates_to_choose_from():
    draft = table(
        "Patient,Transplant date,Procedure date,Last"
        " contact\nP1,2020-01-01,2022-01-01,2022-03-01\nP2,2020-02-01,2022-01-05,2022-06-01"
    )
    reported = answered(draft, {"day_zero:s:Transplant date": "no"})
    assert question(reported, "day_zero:s").columns == ("Procedure date",)


@pytest.mark.parametrize(
    "lines",
    [
        "Patient,Diagnosis date,Age\nP1,2020-01-01,50\nP2,2020-02-01,60",
        "Patient,Visit date,OS months,Death\nP1,2020-01-01,5,1\nP2,2020-02-01,6,0",
    ],
)
def test_where_nothing_is_counted_from_a_date_nobody_is_asked(lines):
    assert not [each for each in open_ids(table(lines)) if each.startswith("day_zero")]


def test_a_day_0_in_another_sheet_is_enough():
    draft = sheets(
        {
            "Patients": "Patient,Diagnosis date,Last contact\nP1,2020-01-01,2022-03-01\nP2,2020-02-01,2022-06-01",
            "Infusions": "Patient,Infusion date,Dose\nP1,2022-01-01,1\nP2,2022-01-05,2",
        }
    )
    assert not [each for each in open_ids(draft) if each.startswith("day_zero")]


TIMES = "100,200,1\n2,,400,0\n3,50,300,0\n4,NA,150,1\n5,120,500,0"
PFS = {"1": (100, 1), "2": (400, 0), "3": (50, 1), "4": (150, 1), "5": (120, 1)}
TTP = PFS | {"4": (150, 0)}


@pytest.mark.parametrize(
    ("heading", "time", "event"),
    [
        ("Relapse (days)", "OS (days)", "Dead"),
        ("Progress (days)", "OS (days)", "Dead"),
        ("Rezidiv (Tage)", "OS (Tage)", "Tod"),
        ("Days to progression", "OS (days)", "Dead"),
        ("Rechute (jours)", "SG (jours)", "Décès"),
        ("Recaída (días)", "SG (días)", "Exitus"),
        ("Relapse (days)", "Last follow-up (days)", "Dead"),
        ("复发（天）", "OS（天）", "死亡"),
        ("PD (days)", "OS (days)", "Dead"),
    ],
)
def test_the_time_of_progression_beside_overall_survival(heading, time, event):
    draft = table(f"ID;{heading};{time};{event}\n1;{TIMES}".replace(",", ";"))
    asked = question(draft, "progression:s")
    assert asked.is_blocking and asked.chosen == "" and asked.columns == (heading,)
    read = draft.answered("progression:s", "yes")
    assert usable(read, "pfs") == PFS and usable(read, "ttp") == TTP and len(usable(read)) == 5


def test_the_answer_about_the_time_of_progression_is_saved_and_may_be_no():
    draft = table(f"ID;Relapse (days);OS (days);Dead\n1;{TIMES}".replace(",", ";"))
    saved = draft.answered("progression:s", "yes").mapping
    again = draft.with_saved(from_json(to_json(saved)))
    assert again.saved is None and usable(again, "pfs") == PFS and not again.blocking
    assert set(cohort(draft.answered("progression:s", "no")).endpoints["endpoint"]) == {"os"}


def test_beside_days_to_death_and_to_the_last_contact():
    draft = table(
        """ID;Rezidiv (Tage);Tod (Tage);Letzter Kontakt (Tage)
        1;100;200;200
        2;;;400
        3;50;;300
        4;;150;150
        5;120;;500""",
        {"alive:s": "yes", "progression:s": "yes"},
    )
    assert usable(draft, "pfs") == PFS and usable(draft, "ttp") == TTP and not draft.blocking


def test_beside_dates_nobody_is_alive_by_default():
    draft = table(
        """ID,Date of infusion,Relapse (months),Status,Date of death,Date of last contact
        1,2020-01-01,2,Dead,2020-07-19,2020-07-19
        2,2020-01-01,,Alive,,2021-07-19
        3,2020-01-01,,Dead,2020-05-01,2020-05-01
        4,2020-01-01,,Dead,,2021-03-01""",
        {"progression:s": "yes"},
    )
    assert usable(draft, "pfs") == {"1": (2, 1), "2": (565, 0), "3": (121, 1)} and set(not_usable(draft, "pfs")) == {
        "4"
    }
    assert usable(draft, "ttp") == {"1": (2, 1), "2": (565, 0), "3": (121, 0)} and set(not_usable(draft, "ttp")) == {
        "4"
    }


def test_a_status_beside_the_time_decides_who_progressed():
    draft = table(
        """ID,Relapse,Relapse (days),OS (days),Dead
        1,1,100,200,1
        2,0,,400,0
        3,1,50,300,0
        4,0,,150,1
        5,1,,500,0""",
        {"progression:s": "yes"},
    )
    assert usable(draft, "pfs") == {name: of for name, of in PFS.items() if name != "5"}
    assert set(not_usable(draft, "pfs")) == set(not_usable(draft, "ttp")) == {"5"}


def test_a_time_that_everybody_has_is_that_of_the_status_beside_it():
    draft = table("ID,Relapse,Days to relapse or last FU,OS (days),Dead\n1,1,100,200,1\n2,0,400,400,0\n3,1,50,300,0")
    assert usable(draft, "ttp") == {"1": (100, 1), "2": (400, 0), "3": (50, 1)} and not draft.blocking


@pytest.mark.parametrize(
    "heading", ["Prior relapse (months)", "Months since relapse", "Relapse-free (days)", "Last progression (days)"]
)
def test_other_times_of_relapses_are_none(heading):
    draft = table(f"ID,{heading},OS (days),Dead\n1,{TIMES}")
    assert question(draft, "progression:s") is None and roles(draft)[heading] != "patients.progression_date"


def test_dates_of_progression_beside_one_column_of_death_or_the_last_contact():
    rows = "1,03/04/2020,05/06/2020,N,01/02/2021\n2,04/05/2020,,Y,07/08/2020\n"
    rows += "3,06/07/2020,,N,08/09/2021\n4,06/07/2020,,,08/09/2021"
    head = "ID,Infusion (DD/MM/YYYY),Date of progression (DD/MM/YYYY),Death (Y/N),Date of death or last FU (DD/MM/YYYY)"
    draft = table(f"{head}\n{rows}")
    assert not draft.blocking and usable(draft) == {"1": (304, 0), "2": (95, 1), "3": (429, 0)}
    assert usable(draft, "pfs") == {"1": (63, 1), "2": (95, 1), "3": (429, 0)} and set(not_usable(draft, "pfs")) == {
        "4"
    }
    assert usable(draft, "ttp") == {"1": (63, 1), "2": (95, 0), "3": (429, 0)}
