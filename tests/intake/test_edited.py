"""Changes made by hand in how a file is read: each does what it says, or one sentence says why it cannot."""

import json

import pytest
from in_process import in_process

from intake.drafts import cohort, open_ids, roles, sheets, table, usable
from lib.cohort.schema import EVENT_TABLES, PATIENTS
from lib.intake.infer.edits import edit_key
from lib.intake.infer.question import coded
from lib.intake.mapping import from_json, to_json

FLAT = """
    id,age,visit day,IL6 (pg/ml),CRS grade,best,os_months,os_event,other_event,Note
    P1,60,7,12,2,CR,10,1,0,a
    P2,61,8,13,0,PR,11,0,1,b
    P3,62,9,14,1,SD,12,0,1,c
    P4,63,9,15,3,PR,13,1,0,d
"""
ANSWERED = {"event_values:s:os_event": coded({"1": "event", "0": "censored"})}


@pytest.fixture(autouse=True)
def _here():
    with in_process():
        yield


def flat(**answers):
    return table(FLAT, ANSWERED | answers)


def with_roles(**given):
    return {f"role:s:{column}": role for column, role in given.items()}


def test_a_laboratory_value_on_a_sheet_of_patients_is_read_at_the_day_that_is_chosen():
    said = {"role:s:IL6 (pg/ml)": "labs.value", edit_key("day", "s", "IL6 (pg/ml)"): "visit day"}
    labs = cohort(flat(**said)).tables["labs"]
    assert list(labs["value"]) == [12, 13, 14, 15] and list(labs["day"]) == [7, 8, 9, 9]
    assert set(labs["unit"]) == {"pg/ml"}


def test_a_test_and_a_unit_that_were_typed_count():
    said = {
        "role:s:IL6 (pg/ml)": "labs.value",
        edit_key("day", "s", "IL6 (pg/ml)"): "=0",
        edit_key("test", "s", "IL6 (pg/ml)"): "Interleukin 6",
        edit_key("unit", "s", "IL6 (pg/ml)"): "ng/L",
    }
    labs = cohort(flat(**said)).tables["labs"]
    assert set(labs["test"]) == {"Interleukin 6"} and set(labs["unit"]) == {"ng/L"} and set(labs["day"]) == {0}


def test_a_value_without_a_day_is_one_sentence_and_no_row():
    draft = flat(**{"role:s:IL6 (pg/ml)": "labs.value"})
    assert cohort(draft).tables["labs"].empty
    assert len(draft.problems) == 1 and "IL6 (pg/ml)" in draft.problems[0] and "day" in draft.problems[0]


def test_a_response_on_a_sheet_of_patients_is_read_with_its_day():
    draft = flat(**{"role:s:best": "responses.response", "role:s:visit day": "responses.day"})
    responses = cohort(draft).tables["responses"]
    assert list(responses["response"]) == ["CR", "PR", "SD", "PR"] and list(responses["day"]) == [7, 8, 9, 9]


def test_not_read_is_not_read():
    assert len(cohort(flat()).tables["adverse_events"]) == 4
    draft = flat(**{"role:s:CRS grade": "ignore", "role:s:age": "ignore"})
    assert cohort(draft).tables["adverse_events"].empty
    assert cohort(draft).patients["age_years"].isna().all() if "age_years" in cohort(draft).patients else True
    account = {each.heading: each for each in cohort(draft).account.columns}
    assert account["CRS grade"].read == 0 and account["CRS grade"].left_out == 4


def test_a_column_with_another_role_is_nothing_else():
    draft = flat(**{"role:s:CRS grade": "patients.prior_lines"})
    assert cohort(draft).tables["adverse_events"].empty and list(cohort(draft).patients["prior_lines"]) == [
        "2",
        "0",
        "1",
        "3",
    ]


def test_another_event_keeps_the_endpoint():
    draft = flat(**{"role:s:other_event": "endpoints.event", "role:s:os_event": "extra"})
    draft = draft.answered("event_values:s:other_event", coded({"1": "event", "0": "censored"}))
    assert usable(draft) == {"P1": (10, 0), "P2": (11, 1), "P3": (12, 1), "P4": (13, 0)}


def test_an_event_that_is_taken_away_is_told():
    draft = flat(**{"role:s:os_event": "ignore"})
    assert usable(draft) == {} and "event_values:s:os_months" in open_ids(draft)


def test_units_codes_and_missing_values_by_hand():
    said = {
        edit_key("unit", "s", "os_months"): "weeks",
        edit_key("codes", "s", "best"): coded({"SD": "no value"}),
        edit_key("missing", "s", "age"): json.dumps(["63"]),
        edit_key("exclude", "s", "Note"): json.dumps(["d"]),
    }
    opened = cohort(flat(**said))
    assert set(opened.endpoints["unit"]) == {"weeks"}
    by_id = opened.patients.set_index("patient_id")
    assert by_id["age_years"].isna()["P4"] and by_id.loc["P4", "analysis_set"] == "excluded" and opened.n_opened == 3


def test_the_header_can_be_moved():
    lines = "id,age,sex,arm\nid,alter,geschlecht,gruppe\nP1,60,F,A\nP2,61,M,B\nP3,62,F,B"
    draft = table(lines, {edit_key("header", "s"): "2"})
    assert set(roles(draft)) == {"id", "alter", "geschlecht", "gruppe"} and draft.mapping.sheets[0].header_rows == (2,)
    assert "age" in roles(draft.answered(edit_key("header", "s"), "")) and draft.preview("s").header == (2,)


def test_a_sheet_can_be_left_out_and_be_another_table():
    two = {"People": "id,age\nP1,60\nP2,61\nP3,62", "Visits": "id,day,CRP\nP1,1,5\nP1,2,6\nP2,1,7\nP2,3,8"}
    assert len(cohort(sheets(two)).tables["labs"]) == 4
    assert cohort(sheets(two, {edit_key("table", "Visits"): "unused"})).tables["labs"].empty
    kinetics = cohort(
        sheets(two, {edit_key("table", "Visits"): "kinetics", "role:Visits:CRP": "kinetics.value"})
    ).tables["kinetics"]
    assert list(kinetics["value"]) == [5, 6, 7, 8]


def test_two_ways_to_write_an_id_become_one_by_a_table_of_pairs():
    two = {"People": "id,age\nP1,60\nP2,61\nP3,62", "Visits": "id,day,CRP\nP1,1,5\nX9,2,6\nP2,1,7\nP2,3,8"}
    rule = json.dumps({"pairs": {"X9": "P3"}})
    assert cohort(sheets(two, {edit_key("ids"): rule})).tables["labs"]["patient_id"].tolist() == [
        "P1",
        "P3",
        "P2",
        "P2",
    ]


def test_changes_are_saved_and_opened_again():
    said = {"role:s:IL6 (pg/ml)": "labs.value", edit_key("day", "s", "IL6 (pg/ml)"): "visit day"}
    saved = from_json(to_json(flat(**said).mapping))
    again = table(FLAT).with_saved(saved)
    assert again.saved is None and len(cohort(again).tables["labs"]) == 4
    assert cohort(again.answered("role:s:IL6 (pg/ml)", "")).tables["labs"].empty


def test_a_preview_has_real_cells_and_nothing_private():
    draft = table("Study of 2024,,\nid,Patient name,age\nP1,Zyx Abc,60\nP2,Zyx Def,61\nP3,Zyx Ghi,61")
    preview = draft.preview("s")
    assert preview.header == (2,) and preview.rows[0][0] == "Study of 2024" and preview.last_row == 5
    assert "Zyx" not in repr(preview) and preview.rows[2] == ("P1", "•••", "60")
    assert preview.columns[2].values == (("61", 2), ("60", 1)) and preview.columns[1].values == ()


@pytest.mark.parametrize("kind", ["ids", "high_risk", "study", "date_order"])
def test_a_saved_file_with_something_else_there_is_read_without_it(kind):
    assert cohort(flat(**{edit_key(kind): "{nonsense"})).n_opened == 4


def test_header_rows_that_are_none_are_found_again():
    assert cohort(flat(**{edit_key("header", "s"): "x,99"})).n_opened == 4


def test_the_table_can_end_earlier_and_stand_between_other_columns():
    area = {edit_key("area", "s"): "1,1,4,7"}  # A1:G4, without the last patient and the columns after os_months
    draft = flat(**area)
    assert cohort(draft).n_opened == 3 and set(roles(draft)) == {
        "id",
        "age",
        "visit day",
        "IL6 (pg/ml)",
        "CRS grade",
        "best",
        "os_months",
    }
    account = cohort(draft).account
    assert account.total("filled") == sum(
        account.total(kind) for kind in ("read", "covariate", "no_value", "unreadable", "left_out", "heading_cells")
    )
    outside = [each for each in account.columns if each.letter in "HIJ"]
    assert len(outside) == 3 and all(each.left_out and "outside the area that you drew" in each.why for each in outside)
    assert draft.preview("s").last_row == 4 and len(draft.preview("s").columns) == 7
    assert cohort(draft.answered(edit_key("area", "s"), "")).n_opened == 4


def test_an_area_that_is_none_counts_for_nothing():
    assert cohort(flat(**{edit_key("area", "s"): "4,1"})).n_opened == 4


def test_settings_of_the_whole_file():
    said = {
        edit_key("missing"): json.dumps(["61"]),
        edit_key("true_dates"): "exchanged",
        edit_key("study"): json.dumps({"title": "Ours", "label:age": "Age"}),
        edit_key("known_at", "s", "Note"): "60",
        edit_key("high_risk"): json.dumps({"Note": ["a"]}),
        edit_key("blank_is_absent"): "yes",
    }
    mapping = flat(**said).mapping
    assert mapping.missing["*"] == ("61",) and mapping.true_dates == "exchanged" and mapping.study["title"] == "Ours"
    assert mapping.known_at["Note"] == "60" and mapping.high_risk.blank_is_absent
    again = flat(**(said | {edit_key("study"): json.dumps({"title": ""})})).mapping
    assert "title" not in again.study and from_json(to_json(mapping)) == mapping


def test_long_texts_can_be_given_a_meaning_as_they_stand():
    long = "progression of the disease after the third line of treatment, then lost"
    preview = table(f"id,why\nP1,{long.replace(',', ';')}\nP2,x\nP3,x").preview("s")
    assert preview.columns[1].values[1][0] == long.replace(",", ";")


def test_no_role_is_passed_over_in_silence():
    base = flat()
    silent = []
    for one in [
        f"{each.name}.{column.name}"
        for each in (PATIENTS, *EVENT_TABLES)
        for column in each.columns[:6]
        if column.name != "patient_id"
    ]:
        draft = base.answered("role:s:IL6 (pg/ml)", one)
        name, _, column = one.partition(".")
        readings = [each for sheet in draft.mapping.sheets for each in sheet.readings if each.table == name]
        read = any(
            each.columns.get(column) == "IL6 (pg/ml)" or any(wide.column == "IL6 (pg/ml)" for wide in each.wide)
            for each in readings
        )
        asked = any("IL6 (pg/ml)" in each.columns for each in draft.open_questions)
        silent += [] if read or asked or draft.problems else [one]
    assert silent == []


@pytest.mark.parametrize("kind", [each.name for each in (PATIENTS, *EVENT_TABLES)])
def test_what_one_row_is_counts_or_one_sentence_says_what_is_missing(kind):
    draft = flat(**{edit_key("table", "s"): kind})
    assert (
        any(each.table == kind for sheet in draft.mapping.sheets for each in sheet.readings)
        or "no row of it is read as" in draft.problems[0]
    )
