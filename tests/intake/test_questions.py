"""Of the public workbooks: what is asked, what had to be asked, and what is believed too surely, against roles.json.

A column of the key with `may_ask` cannot be known from the file; one whose `ask` is only levels, group or role may be
asked about or shown as it stands. A question is needed where it speaks of such a column, or where it leaves rows or
patients out.

What only the owner of a file can know is asked, once, and her answers are followed.
"""

from collections import defaultdict
from pathlib import Path

from intake.drafts import answered, sheets
from intake.test_guess import code, readings, rows, suggested
from intake.test_roles import KEY, found, is_right, suggestion
from lib.intake.infer.question import CodedValue


def test_choices_as_forms_export_them_lose_their_number():
    body = rows(
        9,
        code,
        lambda n: ("1, Tisa-cel", "2, Axi-cel", "3, Ide-cel")[n % 3],
        lambda n: ("0. No", "1. Yes")[n % 2],
        lambda n: 40 + n,
    )
    found = suggested({"s": [["ID", "Product", "EMD", "Age"], *body]})
    (patients,) = readings(found, "patients")
    words = next(codes for codes in patients.codes.values() if "2, Axi-cel" in codes)
    assert words == {"1, Tisa-cel": "Tisa-cel", "2, Axi-cel": "Axi-cel", "3, Ide-cel": "Ide-cel"}
    mixed = rows(9, code, lambda n: ("1, Tisa-cel", "2, Axi-cel", "none")[n % 3], lambda n: 40 + n)
    assert not readings(suggested({"s": [["ID", "Product", "Age"], *mixed]}), "patients")[0].codes


def test_a_time_without_its_event_may_be_given_one_by_its_owner():
    body = rows(12, code, lambda n: 3.5 + n, lambda n: ("alive", "dead")[n % 2], lambda n: 5.0 + n)
    sheets = {"s": [["ID", "PFS months", "Outcome", "Age"], *body]}
    asked = next(
        each
        for each in suggested(sheets).questions
        if each.columns == ("PFS months",) and each.subject == "event_values"
    )
    assert asked.chosen == "none" and "column Outcome" in [choice.key for choice in asked.choices]
    assert not readings(suggested(sheets), "endpoints")
    answered = suggested(sheets, {asked.id: "column Outcome"})
    (endpoint,) = readings(answered, "endpoints")
    assert endpoint.columns["event"] == "Outcome" and endpoint.constants == {"endpoint": "pfs"}
    assert endpoint.codes["event"] == {"alive": "0", "dead": "1"}


def test_what_part_treatments_play_is_asked_where_no_column_says_it():
    patients = [["ID", "Sex", "Age"], *rows(8, code, lambda n: "FM"[n % 2], lambda n: 40 + n)]
    courses = [
        ["ID", "Drug", "Start (months)"],
        *rows(8, code, lambda n: ("pomalidomide", "lenalidomide")[n % 2], lambda n: n + 0.5),
    ]
    sheets = {"People": patients, "Maintenance drugs": courses}
    (asked,) = [each for each in suggested(sheets).questions if each.id.startswith("kind:")]
    assert asked.chosen == "maintenance" and not asked.answered
    assert readings(suggested(sheets, {asked.id: "subsequent"}), "therapies")[0].constants == {"kind": "subsequent"}
    assert readings(suggested({"People": patients, "Drugs": courses}), "therapies")[0].constants == {"kind": "other"}


def test_an_event_that_nobody_had_can_be_said():
    body = rows(8, code, lambda n: 3.5 + n, lambda _: 0, lambda n: 5.0 + n)
    sheets = {"s": [["ID", "OS months", "Dead", "Age"], *body]}
    (asked,) = [each for each in suggested(sheets).questions if each.subject == "event_values"]
    assert asked.values == (CodedValue("0", 8, ""),) and asked.is_open and asked.blocks
    (endpoint,) = readings(suggested(sheets, {asked.id: "0=censored"}), "endpoints")
    assert endpoint.codes["event"] == {"0": "0"}
    (endpoint,) = readings(suggested(sheets, {asked.id: "0=event"}), "endpoints")
    assert endpoint.codes["event"] == {"0": "1"}


def test_the_unit_of_start_and_stop_is_asked_once():
    patients = [["ID", "Sex", "Age"], *rows(8, code, lambda n: "FM"[n % 2], lambda n: 40 + n)]
    courses = [
        ["ID", "Drug", "start", "end"],
        *rows(8, code, lambda _: "pomalidomide", lambda n: n + 0.5, lambda n: n + 3.5),
    ]
    sheets = {"People": patients, "Drugs": courses}
    (asked,) = [each for each in suggested(sheets).questions if each.subject == "unit"]
    assert asked.columns == ("start", "end")
    assert readings(suggested(sheets, {asked.id: "weeks"}), "therapies")[0].units == {
        "start_day": "weeks",
        "stop_day": "weeks",
    }


def test_one_unit_of_a_heading_in_two_sheets_is_asked_once():
    """Both sheets are read in the unit that is said."""
    deaths = "Patient,Time from infusion,Label\nP1,3.5,Deceased\nP2,8.25,Completed study\nP3,9.5,Completed study"
    events = "Patient,Time from infusion,Infusion\nP1,0,First\nP2,0,First\nP3,0,First\nP1,2.5,Second"
    draft = sheets({"Infusions": events, "End study": deaths})
    (asked,) = [each for each in draft.suggestion.questions if each.subject == "unit"]
    assert asked.is_about("Infusions", "Time from infusion") and asked.is_about("End study", "Time from infusion")
    units = [
        reading.units for sheet in answered(draft, {asked.id: "weeks"}).mapping.sheets for reading in sheet.readings
    ]
    assert [found for each in units for found in each.values()] == ["weeks", "weeks"]


# a status whose 1s stand at the longer times (twice) or hardly at shorter ones, a word that is neither, a kind of
# course
NEEDLESS = 6  # the last: whether patients outside of the safety set count, which is for their owner to say
SUBJECTS = {"endpoint", "event_values", "unit"}  # what changes numbers, and what no file says by itself
SAME = {"time_zero": "role"}  # what the key calls it
ALWAYS = ("rows", "group", "date_order", "disease")  # a choice about patients or rows, whatever the columns say


def read_sheets():
    for entry in KEY:
        if entry["columns"]:
            yield entry["file"], entry["sheet"] or Path(entry["file"]).stem, entry["columns"]


def may_ask(file):
    """(sheet, column) -> the subjects of which the key says that one question is right."""
    return {
        (sheet, column["column"]): set(column.get("ask", ())) if column.get("may_ask") else set()
        for each, sheet, columns in read_sheets()
        if each == file
        for column in columns
    }


def needless(file):
    """Open questions that change nothing that the key calls open."""
    key = may_ask(file)
    return [
        question.id
        for question in suggestion(file).questions
        if question.is_open
        and question.subject not in ALWAYS
        and not any(
            SAME.get(question.subject, question.subject) in subjects
            for (sheet, column), subjects in key.items()
            if sheet == question.sheet and column in question.columns
        )
        and any((question.sheet, column) in key for column in question.columns)
    ]


def unasked(file):
    """Columns of which the key says that something that changes numbers must be asked, and no question does."""
    missing = []
    for (sheet, column), subjects in may_ask(file).items():
        asked = {each.subject for each in suggestion(file).questions if each.is_open and each.is_about(sheet, column)}
        guess = found(file, sheet, {"column": column})
        if subjects & SUBJECTS and guess and guess.role.startswith("endpoints.") and not asked:
            missing.append(f"{sheet}/{column}: {', '.join(subjects)}")
    return missing


def wrongly_sure(file):
    return [
        f"{sheet}/{column['column']}: {guess.role}"
        for each, sheet, columns in read_sheets()
        if each == file
        for column in columns
        if (guess := found(file, sheet, column)) and guess.certainty == "certain" and not is_right(file, sheet, column)
    ]


def test_what_is_asked_of_the_public_workbooks(capsys):
    reported = defaultdict(list)
    with capsys.disabled():
        print()
        for file in dict.fromkeys(each for each, _, _ in read_sheets()):
            asked = [question for question in suggestion(file).questions if question.is_open]
            found_here = {"needless": needless(file), "unasked": unasked(file), "wrongly sure": wrongly_sure(file)}
            counts = ", ".join(f"{len(lines)} {what}" for what, lines in found_here.items())
            print(f"{file:50} {len(asked)} asked, {len(asked) - len(found_here['needless'])} needed, {counts}")
            for what, lines in found_here.items():
                reported[what] += lines
                print(*(f"    {what}: {line}\n" for line in lines), sep="", end="")
    assert not reported["unasked"] and not reported["wrongly sure"]
    assert len(reported["needless"]) <= NEEDLESS
