"""Which date is day 0 where no heading says the infusion: asked once among the dates, and only where something is
counted from it."""

import pytest

from intake.drafts import answered, open_ids, question, sheets, table, usable

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
