"""A saved mapping reopens for editing, and next month's file asks only about what is new in it."""

import json
from pathlib import Path

import pytest
from in_process import in_process
from openpyxl import Workbook
from workbooks import text_table

from intake.drafts import sheets
from lib import open_cohort
from lib.__main__ import CLEAN, ERRORS, UNREADABLE, main
from lib.intake.draft import read_draft
from lib.intake.files.grid import SourceFile
from lib.intake.mapping import from_json, to_json

TESTS = Path(__file__).parents[1]
HEADER = ["Patient ID", "Arm", "Age", "OS months", "OS status", "CRP"]


def rows(*more, header=HEADER):
    body = [[f"A{n}", "xy"[n % 2], 50 + n, 3 + n, (1, 2)[n % 3 == 0], 5 + n] for n in range(12)]
    return [header, *(row + list(extra) for row, extra in zip(body, more or [[]] * 12, strict=True))]


def draft(table):
    with in_process():
        return read_draft([SourceFile("s.csv", text_table(table))])


def answered(made):
    while made.open_questions:
        question = made.open_questions[0]
        if question.kind == "codes":
            made = made.answered(
                question.id,
                "|".join(f"{each.value}={'event' if each.value == '1' else 'censored'}" for each in question.values),
            )
            continue
        keys = [choice.key for choice in question.choices]
        made = made.answered(
            question.id, question.chosen or ("os" if "os" in keys else "1" if "1" in keys else keys[0])
        )
    return made


def saved():
    return from_json(to_json(answered(draft(rows())).mapping))


def test_the_same_file_asks_nothing_and_can_still_be_changed():
    again = draft(rows()).with_saved(saved())
    assert again.saved is None and not again.open_questions and again.suggestion.questions
    assert again.mapping == saved()
    event = next(each for each in again.suggestion.questions if each.subject == "event_values")
    other = next(choice.key for choice in event.choices if choice.key != event.chosen)
    assert again.answered(event.id, other).mapping != saved()


def test_a_new_column_is_the_only_question():
    again = draft(rows(*[[100 + n] for n in range(12)], header=[*HEADER, "LDH"])).with_saved(saved())
    (question,) = again.open_questions
    assert question.columns == ("LDH",) and "new since" in question.sentence
    assert "ldh" in again.opened.patients and "ldh" not in again.answered(question.id, "ignore").opened.patients
    assert not again.answered(question.id, question.chosen).open_questions


def test_a_new_code_asks_about_its_column_only():
    table = rows()
    table[5][4] = 3
    again = draft(table).with_saved(saved())
    assert {column for question in again.open_questions for column in question.columns} == {"OS status"}


def test_a_new_missing_code_asks_only_about_that():
    table = rows()
    table[5][5] = -999
    assert [question.id for question in draft(table).with_saved(saved()).open_questions] == ["missing"]


def test_a_mapping_of_version_1_gets_its_answers_back():
    written = json.loads(to_json(saved()))
    for sheet in written["sheets"]:
        del sheet["headings"]
    del written["answers"]
    again = draft(rows()).with_saved(from_json(json.dumps({**written, "version": 1})))
    assert (
        again.saved is None
        and not again.open_questions
        and again.mapping.sheets[0].readings == saved().sheets[0].readings
    )


def test_a_mapping_that_no_answers_give_is_applied_as_it_stands():
    reading = {
        "table": "labs",
        "columns": {"patient_id": "Patient ID", "value": "Age"},
        "constants": {"test": "age", "day": "3"},
    }
    by_hand = from_json(json.dumps({"version": 2, "sheets": [{"sheet": "s", "readings": [reading]}]}))
    again = draft(rows()).with_saved(by_hand)
    assert again.saved == by_hand and not again.open_questions and len(again.opened.labs) == 12
    assert draft(rows()).with_saved(by_hand).with_saved(None).open_questions


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "s.csv"
    path.write_bytes(text_table(rows()))
    return path


def test_the_command_line_begins_where_the_mapping_ends(file, tmp_path, capsys):
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text(to_json(saved()))
    assert main(["check", str(file), "--mapping", str(first), "--suggest-mapping", str(second)]) == CLEAN
    assert "0 open questions" in capsys.readouterr().out and from_json(second.read_text()) == saved()
    table = rows()
    table[5][4] = 3
    file.write_bytes(text_table(table))
    assert main(["check", str(file), "--mapping", str(first), "--suggest-mapping", str(second)]) == ERRORS
    assert 'open: What does "3" in "OS status" mean' in capsys.readouterr().out


def test_what_mapping_refuses_is_not_written(tmp_path, capsys):
    path, out = tmp_path / "s.csv", tmp_path / "m.json"
    path.write_bytes(text_table([["what", "ever"], ["some words", "other words"], ["more words", "no words"]]))
    code = main(["check", str(path), "--suggest-mapping", str(out)])
    said = capsys.readouterr()
    if out.exists():
        assert main(["check", str(path), "--mapping", str(out)]) != UNREADABLE
    else:
        assert code == UNREADABLE and said.err.strip()


@pytest.mark.parametrize(
    "name",
    [
        "survival_lung.csv",
        "survival_veteran.csv",
        "cmv_hsct.csv",
        "asaur_pancreatic_dates.csv",
        "swimplot_cohorts.xlsx",
    ],
)
def test_public_files_reopen_with_the_same_reading(name):
    with in_process():
        made = read_draft([SourceFile(name, (TESTS / "public_data" / name).read_bytes())])
    made = answered(made)
    again = made.with_saved(None).with_saved(from_json(to_json(made.mapping)))
    assert again.saved is None and not again.open_questions and again.mapping == made.mapping


def test_a_new_code_takes_the_meaning_that_is_answered():
    table = rows()
    table[5][4] = 3
    again = draft(table).with_saved(saved())
    (question,) = again.open_questions
    assert (
        again.opened.endpoints.set_index("patient_id").loc["A4", "event"]
        != again.opened.endpoints.set_index("patient_id").loc["A4", "event"]
    )
    for choice, event in (("1", 1.0), ("0", 0.0)):
        made = again.answered(question.id, choice)
        assert not made.open_questions and made.opened.endpoints.set_index("patient_id").loc["A4", "event"] == event
        assert from_json(to_json(made.mapping)) == made.mapping


def test_a_new_code_and_a_new_column_are_two_questions():
    table = rows(*[[100 + n] for n in range(12)], header=[*HEADER, "LDH"])
    table[5][4] = 3
    again = draft(table).with_saved(saved())
    assert {question.columns for question in again.open_questions} == {("OS status",), ("LDH",)}
    assert "ldh" in again.opened.patients and "ldh" not in again.answered("role:s:LDH", "ignore").opened.patients


def test_new_codes_in_two_columns_of_one_sheet_both_take_the_meaning_that_is_answered():
    header = ["patient_id", "Arm", "Site", "Age"]
    body = [[f"A{n}", "xy"[n % 2], "mn"[n % 2], 50 + n] for n in range(8)]
    codes = {"arm": {"x": "low", "y": "high"}, "Site": {"m": "Mainz", "n": "Nice"}}
    columns = {"patient_id": "patient_id", "arm": "Arm", "age_years": "Age"}
    reading = {"table": "patients", "columns": columns, "codes": codes}
    mapping = from_json(json.dumps({"version": 2, "sheets": [{"sheet": "s", "readings": [reading]}]}))
    again = draft([header, *body, ["A9", "z", "o", 61]]).with_saved(mapping)
    for word, column, meaning in (("z", "Arm", "low"), ("o", "Site", "Nice")):
        (question,) = [each for each in again.open_questions if f'"{word}"' in each.sentence]
        assert question.columns == (column,)
        again = again.answered(question.id, meaning)
    last = again.opened.patients.set_index("patient_id").loc["A9"]
    assert (last["arm"], last["site"]) == ("low", "Nice")


MONTH = "Patient ID,Arm,OS months,OS status\n{0}1,x,3,1\n{0}2,y,5,2\n{0}3,x,8,2\n{0}4,y,9,1"
MONTHS = {"Jan 2024": MONTH.format("A"), "Feb 2024": MONTH.format("B")}


def test_sheets_that_are_read_as_one_reopen_for_editing():
    first = answered(sheets(MONTHS))
    kept = from_json(to_json(first.mapping))
    assert kept.sheets[0].appended
    again = sheets(MONTHS).with_saved(kept)
    assert again.saved is None and not again.open_questions and again.mapping == kept
    event = next(each for each in again.suggestion.questions if each.subject == "event_values")
    assert again.answered(event.id, "1=censored|2=event").mapping != kept


def test_a_new_sheet_of_the_same_kind_is_reported_and_not_taken_along():
    kept = from_json(to_json(answered(sheets(MONTHS)).mapping))
    again = sheets({**MONTHS, "Mar 2024": MONTH.format("C")}).with_saved(kept)
    assert len(again.opened.patients) == 8 and any(
        "Mar 2024" in finding.sentence() for finding in again.opened.findings
    )


REDCAP = "record_id,redcap_repeat_instrument,redcap_repeat_instance,arm,age,day,response\n" + "".join(
    f"{n},,,{'xy'[n % 2]},{50 + n},,\n{n},response,1,,,28,CR\n{n},response,2,,,90,PD\n" for n in range(1, 6)
)


def test_the_parts_of_a_redcap_export_reopen_for_editing():
    first = answered(read_draft([SourceFile("project.csv", REDCAP.encode())]))
    kept = from_json(to_json(first.mapping))
    assert any(sheet.part for sheet in kept.sheets)
    again = read_draft([SourceFile("project.csv", REDCAP.encode())]).with_saved(kept)
    assert again.saved is None and not again.open_questions and again.mapping == kept


@pytest.mark.parametrize(("unit", "first"), [("months", 5), ("days", 152)])
def test_an_endpoint_in_its_own_sheet_counts_before_one_in_patients_however_the_file_is_read(unit, first, tmp_path):
    book, file, mapping = Workbook(), tmp_path / "twice.xlsx", tmp_path / "mapping.json"
    patients, endpoints = book.active, book.create_sheet("Endpoints")
    patients.title = "Patients"
    second = {"months": 9, "days": 274}[unit]  # B is the same but for rounding
    for row in (["patient_id", f"os_{unit}", "os_event"], ["A", first, 1], ["B", second, 0]):
        patients.append(row)
    for row in (
        ["patient_id", "endpoint", "time", "unit", "event"],
        ["A", "os", 7, "months", 1],
        ["B", "os", 9, "months", 0],
    ):
        endpoints.append(row)
    book.save(file)
    assert main(["check", str(file), "--suggest-mapping", str(mapping)]) == CLEAN
    for opened in (open_cohort(file), open_cohort(file, mapping=mapping)):
        assert dict(zip(opened.endpoints["patient_id"], opened.endpoints["time"], strict=True)) == {"A": 7, "B": 9}
        (told,) = [each for each in opened.findings if "with another time or event" in each.problem]
        assert (told.sheet, told.row) == ("Patients", 2)


def test_an_endpoint_of_a_later_infusion_says_nothing_of_the_first(tmp_path):
    book, file = Workbook(), tmp_path / "two.xlsx"
    patients, infusions, endpoints = book.active, book.create_sheet("Infusions"), book.create_sheet("Endpoints")
    patients.title = "Patients"
    patients.append(["patient_id", "os_months", "os_event"])
    patients.append(["A", 12, 1])
    for row in (["patient_id", "infusion", "day"], ["A", 1, 0], ["A", 2, 150]):
        infusions.append(row)
    for row in (["patient_id", "infusion", "endpoint", "time", "unit", "event"], ["A", 2, "os", 7, "months", 1]):
        endpoints.append(row)
    book.save(file)
    opened = open_cohort(file)
    found = opened.tables["endpoints"]
    assert sorted(zip(found["infusion"], found["time"], strict=True)) == [(1, 12), (2, 7)]
    assert not [each for each in opened.findings if "with another time or event" in each.problem]
