"""What only the owner of a file can know is asked, once, and her answers are followed."""

from intake.drafts import answered, sheets
from intake.test_guess import code, readings, rows, suggested
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
