"""Exports of REDCap: split into patients, visits and repeated forms, coded by the labels of the data dictionary."""

import pytest
from in_process import in_process

from intake.drafts import sheets, usable
from intake.layouts import COHORT, R_ALL, R_ARMS, curve, draft_of, of_arm, opened
from lib.intake.mapping import from_json, to_json

HEAD = (
    "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,initials_code,arm,age,infusion_date,os_status,os_months,"
    "signs___1,signs___2,baseline_complete,resp_date,resp,response_complete,crp,visit_date"
)
DICTIONARY = """"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",\
"Choices, Calculations, OR Slider Labels","Field Note","Identifier?"
record_id,baseline,,text,"Record ID",,,
initials_code,baseline,,text,"Code of the clinic",,,y
arm,baseline,,radio,"Study arm","1, CAR-T | 2, CAR-T + pomalidomide",,
age,baseline,,text,"Age (years)",,,
infusion_date,baseline,,text,"Date of infusion",,,
os_status,baseline,,dropdown,"Vital status","0, Alive | 1, Dead",,
os_months,baseline,,text,"Overall survival (months)",,,
signs,baseline,,checkbox,"CRS signs","1, Fever | 2, Hypoxia",,
resp_date,response,,text,"Date of assessment",,,
resp,response,,radio,"Response","1, CR | 2, PR | 9, PD",,
crp,visit,,text,"CRP (mg/L)",,,
visit_date,visit,,text,"Date of visit",,,
"""


@pytest.fixture(autouse=True)
def _read_here():
    with in_process():
        yield


def raw() -> str:
    lines = [HEAD]
    for n, (_, age, _, arm, months, dead) in enumerate(COHORT, 1):
        code = 1 if arm == "A" else 2
        lines.append(
            f"{n},baseline_arm_1,,,XX{n},{code},{age},2022-01-01,{dead},{months},{n % 2},0,2,,,,{n},2022-01-01"
        )
        lines.append(f"{n},day_28_arm_1,,,,,,,,,,,,,,,{n * 2},2022-01-29")
        lines += [f"{n},baseline_arm_1,response,{k},,,,,,,,,,2022-0{k + 1}-01,{k},2,," for k in (1, 2)]
    return "\n".join(lines)


def labelled() -> str:
    head = (
        '"Record ID","Event Name","Repeat Instrument","Repeat Instance","Study arm","Age (years)","Vital'
        ' status","Overall survival (months)","CRS signs (choice=Fever)","Complete?","Response'
        ' date","Response","Complete?"'
    )
    lines = [head]
    for n, (_, age, _, arm, months, dead) in enumerate(COHORT, 1):
        lines.append(
            f"{n},Baseline,,,Arm"
            f" {arm},{age},{'Dead' if dead else 'Alive'},{months},{'Checked' if n % 2 else 'Unchecked'},Complete,,,"
        )
        lines += [
            f'{n},Baseline,"Response assessment",{k},,,,,,,2022-0{k + 1}-01,{("CR", "PR")[k - 1]},Complete'
            for k in (1, 2)
        ]
    return "\n".join(lines)


def test_a_raw_export_with_its_dictionary():
    draft = draft_of(raw(), "project.csv", ("project_DataDictionary.csv", DICTIONARY))
    cohort = opened(draft)
    assert curve(cohort) == R_ALL and curve(cohort, patients=of_arm(cohort, "CAR-T")) == R_ARMS["A"]
    assert len(cohort.tables["responses"]) == 32 and cohort.tables["responses"][
        "response"
    ].value_counts().to_dict() == {"CR": 16, "PR": 16}
    assert len(cohort.tables["labs"]) == 32 and set(cohort.tables["labs"]["unit"]) == {"mg/L"}
    saved = draft.with_saved(from_json(to_json(draft.mapping)))
    assert curve(opened(saved)) == R_ALL and len(opened(saved).tables["responses"]) == 32


def test_a_field_that_identifies_a_patient_stays_private():
    draft = draft_of(raw(), "project.csv", ("dictionary.csv", DICTIONARY))
    assert "initials_code" in draft.private_columns["project [part: patients]"]
    assert not any("initials" in column for column in opened(draft).patients)


def test_a_raw_export_alone_says_what_it_cannot_know():
    draft = draft_of(raw(), "project.csv")
    cohort = opened(draft)
    assert len(cohort.patients) == 16 and cohort.tables["responses"].empty and len(cohort.tables["labs"]) == 32
    (form,) = [question for question in draft.open_questions if question.id.startswith("form:")]
    assert '"response"' in form.sentence and "data dictionary" in form.why


def test_a_labelled_export():
    draft = draft_of(labelled(), "labels.csv")
    cohort = opened(draft)
    assert curve(cohort) == R_ALL and curve(cohort, patients=of_arm(cohort, "Arm B")) == R_ARMS["B"]
    assert len(cohort.tables["responses"]) == 32
    (box,) = [name for name in cohort.patients if name.startswith("crs_signs")]
    assert cohort.patients[box].value_counts().to_dict() == {"yes": 8, "no": 8}


def test_form_status_is_told_and_not_read():
    cohort = opened(draft_of(raw(), "project.csv"))
    assert any("baseline_complete, response_complete" in finding.problem for finding in cohort.findings)
    assert not any(name.endswith("_complete") for name in cohort.patients)


def test_a_finding_names_the_row_of_the_export():
    text = (
        raw()
        .replace("1,baseline_arm_1,,,XX1,1,51", "1,baseline_arm_1,,,XX1,1,old")
        .replace("3,baseline_arm_1,,,XX3,1,58", "3,baseline_arm_1,,,XX3,1,eld")
    )
    found = {each.value: (each.sheet, each.row, each.column) for each in opened(draft_of(text, "project.csv")).findings}
    assert found["eld"] == ("project", 10, "G (age)") and found["old"] == ("project", 2, "G (age)")


def test_a_sheet_without_events_is_no_export():
    cohort = opened(draft_of("record_id,os_months,os_status\n1,3,1\n2,9,0\n3,5,1\n", "plain.csv"))
    assert len(cohort.patients) == 3 and curve(cohort)[:2] == (3, 2)


def test_a_field_of_a_later_event_is_named_in_its_own_row():
    text = "record_id,redcap_event_name,age,os_months,os_status\n"
    text += "".join(
        f"{n},baseline_arm_1,{50 + n},,\n{n},follow_up_arm_1,,{'x' if n == 3 else n * 2},{n % 2}\n" for n in range(1, 9)
    )
    cohort = opened(draft_of(text, "project.csv"))
    assert len(cohort.patients) == 8
    assert {(each.row, each.column) for each in cohort.findings if each.value == "x"} == {(7, "D (os_months)")}


MEANT = """Variable,Label,Coding
sex,Sex,1=male; 2=female
product,CAR-T product,1=ide-cel; 2=cilta-cel
os_m,Overall survival in months,
os_c,Death,0=no; 1=yes"""


def test_a_sheet_that_explains_the_headings_of_another_gives_its_words_and_no_patients():
    data = "id,sex,product,os_m,os_c\n" + "\n".join(f"A{n},{n % 2 + 1},{n % 2 + 1},{5 + n}.5,{n % 2}" for n in range(8))
    draft = sheets({"data": data, "codebook": MEANT}, {"unit:data:os_m": "months"})
    found = opened(draft)
    assert len(found.patients) == 8 and set(found.patients["arm"]) == {"ide-cel", "cilta-cel"}
    assert usable(draft)["A1"] == (6.5, 1) and usable(draft)["A0"] == (5.5, 0)


def test_the_dictionary_of_a_project_without_events_gives_the_words_of_its_choices():
    data = "record_id,arm,age,os_status,os_months\n" + "\n".join(
        f"{n},{n % 2 + 1},6{n},{n % 2},{5 + n}.5" for n in range(8)
    )
    draft = draft_of(data, "DATA.csv", ("DataDictionary.csv", DICTIONARY))
    assert set(opened(draft).patients["arm"]) == {"CAR-T", "CAR-T + pomalidomide"} and not draft.blocking
    assert usable(draft)["1"] == (6.5, 1) and usable(draft)["0"] == (5.5, 0)
