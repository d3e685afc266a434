"""Neighbours of the cases in tests/intake/cases: other headings and layouts that were once read wrongly without a
word."""

import pytest

from intake.drafts import cohort, not_usable, open_ids, question, roles, said, sheets, table, usable


def test_a_numeric_id_under_an_unusual_heading_and_a_time_point_in_days():
    opened = cohort(
        table("Enrollment,Timepoint (d),CRP,CRS grade\n11,0,5,0\n11,7,50,2\n12,0,6,0\n12,7,40,1\n13,0,7,0\n13,7,9,0")
    )
    assert list(opened.patients["patient_id"]) == ["11", "12", "13"] and opened.labs["day"].tolist() == [0, 7] * 3
    assert opened.adverse_events["grade"].max() == 2 and set(opened.adverse_events["start_day"]) == {0, 7}


@pytest.mark.parametrize(
    ("heads", "days"),
    [
        ("CRP+0h,CRP+12h,CRP+24h", [0, 0.5, 1]),
        ("D0 CRP,D7 CRP,D14 CRP", [0, 7, 14]),
        ("Day 0 CRP,Day 7 CRP,Day 14 CRP", [0, 7, 14]),
        ("CRP W1,CRP W2,CRP W4", [7, 14, 28]),
    ],
)
def test_days_before_and_behind_the_test(heads, days):
    labs = cohort(table(f"Patient,{heads}\nP1,5,50,60\nP2,6,40,45")).labs
    assert sorted(set(labs["day"])) == days and set(labs["test"]) == {"CRP"} and len(labs) == 6


def test_a_test_that_nobody_knows_beside_one_that_is_known():
    labs = cohort(
        table(
            "Patient,CRP D0,CRP D7,Vitamin D D0,Vitamin D D7,CRS grade D0,CRS grade"
            " D7\nP1,5,50,6,7,0,1\nP2,6,40,4,5,0,2"
        )
    ).labs
    assert labs.groupby("test").size().to_dict() == {"CRP": 4, "vitamin d": 4}


@pytest.mark.parametrize(
    "head",
    [
        "Day 28 response,Day 90 response,Day 28 MRD,Day 90 MRD",
        "M1 response,M3 response,M1 MRD,M3 MRD",
        "Response at month 1,Response at month 3,MRD at month 1,MRD at month 3",
    ],
)
def test_responses_and_mrd_at_days_in_the_headings(head):
    found = cohort(table(f"ID,{head}\nP1,CR,PD,neg,pos\nP2,PR,CR,pos,neg")).responses
    assert found["response"].tolist() == ["CR", "PR", "PD", "CR"] and found["day"].nunique() == 2
    assert found["mrd"].tolist() == ["negative", "positive", "positive", "negative"]


def test_numbered_assessments():
    head = "1st assessment day,1st assessment result,2nd assessment day,2nd assessment result"
    found = cohort(table(f"ID,{head}\nP1,28,CR,90,PD\nP2,30,PR,88,CR")).responses
    assert found["day"].tolist() == [28, 30, 90, 88] and found["response"].tolist() == ["CR", "PR", "PD", "CR"]


@pytest.mark.parametrize(
    ("head", "first"),
    [
        ("CRS onset (d),CRS end (d),CRS max grade", "2,5,1"),
        ("CRS start,CRS end,CRS grade", "2,5,1"),
        ("Day of CRS,CRS resolution (d),CRS grade", "2,5,1"),
    ],
)
def test_days_beside_a_worst_grade(head, first):
    events = cohort(table(f"ID,{head}\nP1,{first}\nP2,3,6,2\nP3,,,0")).adverse_events
    assert (
        events["start_day"].tolist()[:2] == [2, 3]
        and events["stop_day"].tolist()[:2] == [5, 6]
        and events["grade"].tolist() == [1, 2, 0]
    )


@pytest.mark.parametrize(
    "heading", ["Eligible", "Infused", "Per protocol", "Received CAR-T", "Infusion given", "Efficacy set"]
)
def test_whoever_was_not_treated_or_evaluable_is_asked_about(heading):
    draft = table(f"ID,arm,{heading},OS months,Dead\nP1,A,yes,3,1\nP2,B,no,5,0\nP3,A,yes,8,1\nP4,A,yes,9,0")
    assert question(draft, f"exclude:s:{heading}").is_blocking


def test_a_status_with_a_code_of_not_known_is_no_time():
    draft = table("ID,PFS months,PFS status\nP1,3,2\nP2,5,1\nP3,8,2\nP4,9,8\nP5,4,2\nP6,5,1")
    assert roles(draft)["PFS months"] == "endpoints.time" and roles(draft)["PFS status"] == "endpoints.event"


def test_one_time_in_two_units_is_one_endpoint():
    draft = table("ID,OS (months),OS (days),OS event\nP1,10,304,1\nP2,20,608,0\nP3,5,152,0\nP4,7.5,228,0")
    assert not open_ids(draft) and usable(draft)["P1"][1] == 1


def test_two_times_of_one_endpoint_that_differ_are_asked():
    draft = table("ID,OS (months),OS (days),OS event\nP1,10,404,1\nP2,20,608,0\nP3,5,352,0\nP4,7.5,228,0")
    assert question(draft, "pair:s:os").is_blocking


def test_the_german_word_for_dead_beside_a_time():
    assert usable(table("Pat.;OS (Monate);tot\nP1;12,5;1\nP2;31;0\nP3;9,8;0")) == {
        "P1": (12.5, 1),
        "P2": (31, 0),
        "P3": (9.8, 0),
    }


FOLLOWED = (
    "ID,Infusion date,{}Last"
    " contact\nP1,2022-01-01,{}2022-09-01\nP2,2022-01-01,{}2022-08-01\nP3,2022-02-01,{}2023-08-01"
)


def test_nobody_is_alive_where_no_column_says_who_died():
    draft = table(FOLLOWED.format("", "", "", ""))
    assert not usable(draft) and set(not_usable(draft).values()) == {
        "no column says who died, so nobody can be taken for alive"
    }
    assert len(usable(table(FOLLOWED.format("Date of death,", ",", ",", ",")))) == 3


@pytest.mark.parametrize("heading", ["Alive Y/N", "Alive (y/n)", "Still alive", "Lebt noch", "Vivant O/N"])
def test_alive_asked_with_its_answers_is_the_status(heading):
    draft = table(FOLLOWED.format(f"{heading},", "N,", "Y,", "Y,"))
    assert (
        question(draft, f"event_values:s:{heading}").chosen == "N=event|Y=censored"
        and question(draft, "died:s").is_blocking
    )


def test_sheets_of_two_years_with_the_same_patients_ask_which_counts():
    draft = sheets({"2022": "ID,OS months,Dead\nP1,3,1\nP2,5,0", "2023": "ID,OS months,Dead\nP2,17,0\nP3,5,1"})
    assert usable(draft) == {"P1": (3, 1), "P2": (17, 0), "P3": (5, 1)} and any(
        name.startswith("rows:") for name in open_ids(draft)
    )


def test_two_sheets_that_say_otherwise_of_a_patient_are_told():
    draft = sheets({"Old": "ID,OS months,Dead\nP1,3,1\nP2,5,0", "New": "ID,OS months,Dead\nP2,17,0\nP1,3,1"})
    assert "os of patient P2 stands before this with another time or event" in said(
        draft
    ) and "patient P1 stands" not in said(draft)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("1-Jan-22", "1-Feb-22"),
        ("1 gennaio 2022", "1 feb 2022"),
        ("20220101", "20220201"),
        ("1 januari 2022", "1 februari 2022"),
    ],
)
def test_more_ways_to_write_a_date(first, last):
    draft = table(
        f"ID,Infusion date,Death date,Last FU\nP1,{first},{last},{last}\nP2,{first},,{last}\nP3,{first},,{last}"
    )
    assert usable(draft) == {"P1": (31, 1), "P2": (31, 0), "P3": (31, 0)}


def test_one_odd_cell_does_not_lose_the_grades_of_a_toxicity():
    """It is reported, and the others are read."""
    draft = table("ID,CRS grade\nP1,1\nP2,2\nP3,1-2\nP4,3\nP5,0")
    grades = cohort(draft).adverse_events["grade"]
    assert grades.tolist()[:2] == [1, 2] and grades.isna().sum() == 1 and '"1-2" is not a grade' in said(draft)


@pytest.mark.parametrize("heads", ["R1 date,R1,R2 date,R2", "Scan 1,Scan 1 response,Scan 2,Scan 2 response"])
def test_numbered_assessments_whose_heading_is_the_number_alone(heads):
    draft = table(
        "ID,Infusion"
        f" date,{heads}\nP1,2022-01-01,2022-01-29,CR,2022-04-01,PD\nP2,2022-02-01,2022-03-01,PR,2022-05-01,CR"
    )
    found = cohort(draft).responses
    assert found["response"].tolist() == ["CR", "PR", "PD", "CR"] and found["day"].tolist() == [28, 28, 90, 89]


def test_one_test_in_another_unit_each_day_is_one_test():
    labs = cohort(
        table("ID,Ferritin d0 (ng/mL),Ferritin d7 (µg/L),Ferritin d14 (mg/L)\nP1,500,600,0.7\nP2,400,300,0.5")
    ).labs
    assert labs["value"].tolist() == [500, 400, 600, 300, 700, 500] and labs["unit"].nunique() == 1


def test_whoever_had_no_product_is_asked_about():
    assert "rows:s:Arm" in open_ids(table("ID,Arm,Age\nP1,A,50\nP2,A,60\nP3,Manufacturing failure,40"))


def test_a_row_of_signs_for_no_value_above_a_total():
    draft = table("Patient,Age,Sex\nP1,50,F\nn.a.,n.a.,n.a.\nP2,60,M\nTotal,55,")
    assert list(cohort(draft).patients["patient_id"]) == ["P1", "P2"]


def test_numbers_behind_a_test_without_a_unit_are_days_or_visits_as_their_owner_says():
    draft = table("Patient,Arm,CRP 1,CRP 2,CRP 3\nP1,A,10,20,30\nP2,B,12,25,31\nP3,A,9,21,28")
    (asked,) = draft.blocking
    assert asked.sentence == 'What do the numbers of "CRP 1" and its neighbours count?'
    days, visits = (cohort(draft.answered(asked.id, answer)).labs for answer in ("days", "visits"))
    assert sorted(set(days["day"])) == [1, 2, 3] and days["visit"].isna().all()
    assert visits["day"].isna().all() and set(visits["visit"]) == {"1", "2", "3"}
    assert sorted(days["value"]) == sorted(visits["value"])


def test_sheets_of_other_patients_may_be_the_groups():
    named = {
        "KarMMa": "ID,Age,OS months,Dead\nP1,50,10,1\nP2,60,20,0",
        "Control": "ID,Age,OS days,Dead\nP4,51,300,1\nP5,61,720,0",
    }
    draft = sheets(named, {"group of sheets": "group"})
    assert cohort(draft).patients["arm"].tolist() == ["KarMMa"] * 2 + ["Control"] * 2
    assert question(sheets(named), "group of sheets").chosen == "no"
    more = {"Base": "ID,Age\nP1,50\nP2,60", "More": "ID,Weight\nP1,50\nP2,60"}
    assert question(sheets(more), "group of sheets") is None


def test_one_sex_in_two_spellings():
    def sexes(words: str) -> list[str]:
        return (
            cohort(table("ID,Sex\n" + "\n".join(f"{n},{word}" for n, word in enumerate(words.split()))))
            .patients["sex"]
            .tolist()
        )

    assert sexes("female f Female male M male") == ["female"] * 3 + ["male"] * 3
    assert sexes("M H M H hombre") == ["M", "H", "M", "H", "hombre"]


def test_a_laboratory_test_is_no_response():
    opened = cohort(table("Pt,Day,Lab,Result\n1,0,CRP,5\n1,7,CRP,50\n2,0,CRP,6\n2,7,CRP,9"))
    assert opened.responses.empty and opened.labs["value"].tolist() == [5, 50, 6, 9]


def test_a_heading_says_the_order_of_its_dates():
    head = "ID,Infusion date (MM/DD/YYYY),Last contact (MM/DD/YYYY),Date of death"
    assert usable(table(f"{head}\nP1,03/05/2022,05/06/2023,\nP2,04/03/2022,06/07/2022,06/07/2022"))["P1"] == (427, 0)
