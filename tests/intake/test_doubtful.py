"""What a file leaves open and what changes numbers is asked before it opens; until then it is not read, and never read
by chance."""

import json

import pytest

from intake.drafts import cohort, open_ids, question, roles, said, sheets, table
from lib.cohort.model import Cohort
from lib.intake.draft import read_files
from lib.intake.files.grid import SourceFile
from lib.intake.infer.edits import edit_key
from lib.intake.mapping import from_json, to_json
from lib.intake.read import cohort_of

PATIENTS = "patient_id,age_years,arm\nP1,50,A\nP2,60,B\nP3,70,A"


def blocking(draft):
    return [each.id for each in draft.blocking]


def labs(*values, day="0"):
    rows = "\n".join(f"P{n},{day},Ferritin,{value},ng/ml" for n, value in enumerate(values, 1))
    return {"Patients": PATIENTS, "Labs": f"patient_id,day,test,value,unit\n{rows}"}


@pytest.mark.parametrize("high", ["> 40.000", ">40.000", "≥40.000"])
def test_a_limit_that_can_be_read_in_two_ways_is_asked(high):
    draft = sheets(labs(high, "1200", "3000"))
    assert blocking(draft) == ["decimal_sign"] and not draft.is_settled
    assert cohort(draft).labs["value"].fillna(0).tolist() == [0, 1200, 3000]
    assert cohort(draft.answered("decimal_sign", ",")).labs["value"].tolist() == [40000, 1200, 3000]
    assert cohort(draft.answered("decimal_sign", ".")).labs["value"].tolist() == [40, 1200, 3000]


def test_the_answer_is_saved_and_read_next_month():
    draft = sheets(labs("> 40.000", "1200", "3000")).answered("decimal_sign", ",")
    saved = from_json(to_json(draft.mapping))
    assert saved.decimal_sign == "," and cohort_of(draft.grids, "s", "", saved).labs["value"].max() == 40000
    assert sheets(labs("> 50.000", "1200", "3000")).with_saved(saved).open_questions == ()


def test_another_column_of_the_file_says_how_a_limit_is_read():
    draft = sheets(labs("> 40.000", "1200", "3000") | {"Patients": "patient_id,crp\nP1,3.5\nP2,4\nP3,5"})
    assert question(draft, "decimal_sign") is None and cohort(draft).labs["value"].max() == 3000


@pytest.mark.parametrize("heading", ["Ferritin", "Ferritine", "铁蛋白"])
def test_plain_numbers_are_asked_about_too(heading):
    draft = table(f"Pat;Alter;{heading}\nP1;50;1.250\nP2;60;890\nP3;70;2.400\nP4;71;310")
    assert blocking(draft) == ["decimal_sign"]
    assert "1250" in question(draft, "decimal_sign").choices[0].label


def test_a_column_that_is_no_number_of_ours_is_reported_by_its_question_alone():
    lines = b'patient_id,age_years,ferritin\nP1,50,"1,234"\nP2,51,"2,345"\nP3,52,700'
    found = [each.sentence() for each in read_files([SourceFile("s.csv", lines)]).findings if "1,234" in each.problem]
    assert len(found) == 1 and found[0].endswith('How is "1,234" to be read? Answer it on Home or with a mapping.')


def test_a_limit_is_reported_once_with_what_to_write():
    found = [each for each in cohort(sheets(labs("> 40.000", "1200", "3000"))).findings if "40.000" in each.problem]
    assert [(each.row, each.fix) for each in found] == [(2, "Write > 40000, or a decimal point.")]


def test_ids_with_a_point_are_no_numbers():
    assert question(table("Pat;Alter\n101.001;50\n101.002;60\n101.003;70"), "decimal_sign") is None


def test_one_cell_that_can_be_read_in_two_ways_is_asked_about():
    draft = table("patient_id;age_years\nP1;50\nP2;60\nP3;1,234")
    assert blocking(draft) == ["decimal_sign"] and '"1,234" can be 1234 or 1.234.' in said(draft)


def test_the_day_of_a_series_is_no_number_of_the_file():
    """Day 1.125 of a heading stays that in a file that writes 3,5."""
    rows = "\n".join(f"P{n};{n},5;1{n},5;2{n},5" for n in range(1, 6))
    days = cohort(table(f"Pat;il6_d0;il6_d1-0300;il6_d2\n{rows}")).labs["day"]
    assert sorted(set(days)) == [0, 1.125, 2]


WITH_GAPS = [f"{'' if n % 4 == 0 else f'P{n}'},{50 + n},{n},{n % 2}" for n in range(1, 13)]


@pytest.mark.parametrize("heading", ["ID", "Code", "Fall-Nr", "Nr", "编号"])
def test_a_column_that_may_be_ids_and_has_gaps_is_asked_about(heading):
    draft = table("\n".join([f"{heading},Age,OS months,OS event", *WITH_GAPS]))
    assert "patient:s" in blocking(draft) and len(cohort(draft).patients) == 9
    every = draft.answered("patient:s", "none")
    assert len(cohort(every).patients) == 12


def test_ids_written_once_for_several_rows_are_filled_where_that_is_said():
    draft = table("ID,Day,LDH\nP1,0,200\n,28,300\n,90,100\nP2,0,200\n,28,300\nP3,0,1\n,28,5\nP4,0,1\n,28,5")
    assert {"filled:s", "patient:s"} <= set(blocking(draft))
    filled = draft.answered("filled:s", "repeat")
    assert blocking(filled) == [] and len(cohort(filled).patients) == 4


def test_where_another_column_names_the_patients_gaps_in_a_number_are_no_question():
    rows = "\n".join(f"P{n},{n if n % 2 else ''},{50 + n}" for n in range(1, 9))
    assert open_ids(table(f"Pat,Nr,Alter\n{rows}")) == []


@pytest.mark.parametrize(
    "names", [("Follow-up 1", "Follow-up 2"), ("Visit 1", "Visit 2"), ("Besuch I", "Besuch II"), ("随访1", "随访2")]
)
@pytest.mark.parametrize("headings", ["patient_id,day,response", "Pat,Tag,Remission"])
def test_numbered_follow_ups_are_one_table(names, headings):
    first, second = names
    one, other = "P1,28,CR\nP2,28,PR\nP3,30,SD", "P1,90,CR\nP2,92,PD\nP3,90,PR"
    draft = sheets({"Patients": PATIENTS, first: f"{headings}\n{one}", second: f"{headings}\n{other}"})
    assert len(cohort(draft).responses) == 6 and not draft.is_settled and "read as one" in said(draft)


@pytest.mark.parametrize("names", [("Local", "Central"), ("Responses", "Responses (2)"), ("Cohort 1", "Cohort 2")])
def test_two_sheets_of_one_table_of_the_template_are_asked_about(names):
    first, second = names
    one, other = "P1,28,CR\nP2,28,PR\nP3,30,SD", "P1,90,CR\nP2,92,PD\nP3,90,PR"
    headings = "patient_id,day,response"
    draft = sheets({"Patients": PATIENTS, first: f"{headings}\n{one}", second: f"{headings}\n{other}"})
    assert blocking(draft) == ["same table:responses"] and len(cohort(draft).responses) == 3
    assert len(cohort(draft.answered("same table:responses", "all")).responses) == 6
    only = cohort(draft.answered("same table:responses", f"only {second}"))
    assert set(only.responses["day"]) == {90, 92}


OF_EVENTS = {
    "Responses": "patient_id,day,response\nP1,28,CR\nP2,28,PR\nP1,90,SD",
    "Adverse events": "patient_id,term,grade,start_day\nP1,CRS,1,2\nP3,CRS,2,3\nP1,ICANS,1,4",
}


@pytest.mark.parametrize(
    ("names", "n"), [(["Responses"], 2), (["Adverse events"], 2), (["Responses", "Adverse events"], 3)]
)
def test_the_patients_of_a_template_without_patients_are_asked_about(names, n):
    draft = sheets({name: OF_EVENTS[name] for name in names})
    assert blocking(draft) == ["all patients"] and f"Are the {n} patients" in question(draft, "all patients").sentence
    assert len(cohort(draft.answered("all patients", "all")).patients) == n
    assert isinstance(draft.answered("all patients", "more").opened, str)


def test_settings_of_the_study_name_no_patients():
    study = {"Study": "setting,column,value\ntitle,,Ours\ndisease,,myeloma"}
    draft = sheets(study | {"Responses": OF_EVENTS["Responses"]})
    asked = question(draft, "all patients")
    assert "Study" not in asked.sentence and asked.sheet == "Responses" and isinstance(cohort(draft), Cohort)


def test_a_sheet_of_laboratory_values_alone_opens_without_that_question():
    draft = sheets({"Labs": "patient_id,day,test,value\nP1,0,CRP,5\nP2,0,CRP,6"})
    assert open_ids(draft) == [] and len(cohort(draft).patients) == 2


BLOOD = {"Blutwerte": "Pat,Tag,LDH\nP1,1,200\nP2,1,210\nP1,5,300\nP3,8,200"}


@pytest.mark.parametrize("more", [{}, BLOOD])
@pytest.mark.parametrize(
    ("sheet", "lines"),
    [
        (
            "Adverse events",
            "patient_id,term,grade,start_day,,Geburtsdatum\nP1,CRS,1,2,7,1950-01-01\nP2,CRS,2,3,8,1951-01-01",
        ),
        ("Labs", "patient_id,day,test,value,,Date of birth\nP1,0,CRP,4,7,1950-01-01\nP2,0,CRP,5,8,1951-01-01"),
        ("Patients", "patient_id,age_years,arm,,,Name\nP1,50,A,,,Ann\nP2,60,B,,,Bob\nP3,70,A,,,Eve"),
    ],
)
def test_what_a_sheet_of_the_template_leaves_out_is_a_finding(sheet, lines, more):
    found = cohort(sheets({"Patients": PATIENTS, sheet: lines, **more})).findings
    private = [each for each in found if each.sheet == sheet and each.column.startswith("F (")]
    assert len(private) == 1 and "name, record number, address or date of birth" in private[0].problem
    if sheet != "Patients":
        unread = [each for each in found if each.column == "E"]
        assert [each.problem for each in unread] == ["This column has no heading and was not read (2 cells)."]
        assert unread[0].severity == "warning"


@pytest.mark.parametrize("heading", ["Death (0/1)", "Death", "Verstorben", "Exitus", "Décès"])
def test_a_death_without_a_time_is_asked_for_its_time(heading):
    rows = "\n".join(f"P{n},{['CR', 'PR', 'SD', 'PD'][n % 4]},{n % 2},{n * 3},{200 + n}" for n in range(1, 13))
    draft = table(f"patient_id,Best response,{heading},Beobachtet,LDH\n{rows}")
    assert "time:s" in open_ids(draft) and cohort(draft).endpoints.empty
    timed = draft.answered("time:s", "column Beobachtet")
    assert roles(timed)[heading] == "endpoints.event" and roles(timed)["Beobachtet"] == "endpoints.time"
    (unit,) = (each for each in timed.blocking if each.subject == "unit")
    opened = cohort(timed.answered(unit.id, "months")).endpoints
    assert set(opened["endpoint"]) == {"os"} and set(opened["unit"]) == {"months"} and opened["event"].sum() == 6


def test_a_death_with_its_time_or_dates_elsewhere_is_no_such_question():
    rows = "\n".join(f"P{n},{n % 2},{n * 3}" for n in range(1, 13))
    assert "time:s" not in open_ids(table(f"patient_id,Death (0/1),OS months\n{rows}"))
    deaths = "patient_id,infusion_date,death_date,last_contact_date\nP1,2020-01-01,2021-01-01,2021-01-01"
    assert "time:Status" not in open_ids(sheets({"Patients": deaths, "Status": "Pat,Verstorben\nP1,1"}))


@pytest.mark.parametrize("written", ["3-Feb-22", "3. März 2022", "2022年2月3日", "20220203", "Feb 3, 2022"])
def test_dates_are_known_by_one_list_of_spellings(written):
    others = ["2-May-22", "4. Mai 2022", "2022年5月4日", "20220504", "May 4, 2022"]
    pair = [written, others[["3-Feb-22", "3. März 2022", "2022年2月3日", "20220203", "Feb 3, 2022"].index(written)]]
    draft = table("Pat;Letzter Kontakt\n" + "\n".join(f"P{n};{pair[n % 2]}" for n in range(6)))
    assert roles(draft)["Letzter Kontakt"] == "patients.last_contact_date"


ARM = ["ID,age,sex,x", "1,60,m,a", "2,61,f,b", "3,70,m,c", "4,71,f,d"]


def test_two_arms_beside_each_other_in_one_sheet_have_patients_of_their_own():
    draft = sheets({"S": "\n".join(f"{line},,,{line}" for line in ARM)})
    assert '"S [A1:D5]" and "S [G1:J5]"' in question(draft, "own ids:S").sentence
    draft = draft.answered("own ids:S", "different")
    ids = [f"S {area} {n}" for area in ("[A1:D5]", "[G1:J5]") for n in range(1, 5)]
    assert list(cohort(draft).patients["patient_id"]) == ids
    saved = from_json(to_json(draft.mapping))
    assert list(cohort_of(draft.grids, "s", "", saved).patients["patient_id"]) == ids


def test_own_ids_said_by_hand_are_not_asked_about():
    arms = {"Arm A": "\n".join(ARM), "Arm B": "\n".join(ARM)}
    layout = json.dumps({"appended": ["Arm B"], "own_ids": True})
    draft = sheets(arms).answered(edit_key("layout", "Arm A"), layout)
    assert "own ids:Arm A" not in open_ids(draft) and len(cohort(draft).patients) == 8


def test_own_ids_take_the_column_that_the_mapping_names():
    rows = "\n".join(["who,age,sex,x", *ARM[1:]])
    reading = {"table": "patients", "columns": {"patient_id": "who", "age_years": "age"}}
    sheet = {"sheet": "Arm A", "appended": ["Arm B"], "own_ids": True, "readings": [reading]}
    grids = sheets({"Arm A": rows, "Arm B": rows}).grids
    opened = cohort_of(grids, "s", "", from_json(json.dumps({"version": 2, "sheets": [sheet]})))
    assert opened.patients["patient_id"].tolist() == [f"Arm {arm} {n}" for arm in "AB" for n in range(1, 5)]


def test_a_decimal_sign_said_by_hand_is_not_asked_about():
    draft = sheets(labs("> 40.000", "1200", "3000")).answered(edit_key("decimal_sign"), ",")
    assert blocking(draft) == [] and cohort(draft).labs["value"].max() == 40000
    saved = from_json(to_json(draft.mapping))
    assert cohort(draft.with_saved(saved)).labs["value"].max() == 40000
