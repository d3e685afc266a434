"""Invented sheets of every kind: what they are taken for, and what is asked."""

import datetime as dt

import pytest

from lib.intake.files.grid import Grid
from lib.intake.infer.guess import suggest
from lib.intake.read import cohort_of
from lib.intake.sheets.block import blocks_of


def cell(value):
    return float(value) if isinstance(value, int) else value  # as every reader gives numbers


def suggested(sheets, answers=None, hidden=()):
    grids = [
        Grid(name, tuple(tuple(map(cell, row)) for row in rows), visible=name not in hidden)
        for name, rows in sheets.items()
    ]
    return suggest(blocks_of(grids), answers or {})


def roles(found):
    return {guess.column: guess.role for guess in found.guesses}


def question(found, name):
    return next((each for each in found.questions if each.id == name), None)


def readings(found, table):
    return [reading for sheet in found.mapping.sheets for reading in sheet.readings if reading.table == table]


def rows(n, *cells):
    return [[cell(place) for cell in cells] for place in range(n)]


def code(place):
    return f"{place:03}"


def times(place):
    return 1.5 + 2 * place


def events(place):
    return "01"[place < 6]


@pytest.mark.parametrize(
    "header",
    [
        ["Patienten-Nr.", "Alter (Jahre)", "Geschlecht", "Gesamtüberleben (Monate)", "Verstorben"],
        ["N° patient", "Âge (ans)", "Sexe", "Survie globale (mois)", "Décès"],
        ["Nº paciente", "Edad (años)", "Sexo", "Supervivencia global (meses)", "Fallecido"],
        ["患者编号", "年龄（岁）", "性别", "总生存期（月）", "死亡"],
        ["PatientID", "AgeAtInfusion", "Gender", "OS_MONTHS", "OS_STATUS"],
    ],
    ids=["German", "French", "Spanish", "Chinese", "cBioPortal"],
)
def test_languages(header):
    body = rows(10, code, lambda n: 50 + n, lambda n: "MF"[n % 2], times, events)
    found = suggested({"Tabelle1": [header, *body]})
    assert [guess.role for guess in found.guesses] == [
        "patients.patient_id",
        "patients.age_years",
        "patients.sex",
        "endpoints.time",
        "endpoints.event",
    ]
    (reading,) = readings(found, "endpoints")
    assert reading.constants == {"endpoint": "os"} and reading.units == {"time": "months"}
    assert reading.codes["event"] == {"0": "0", "1": "1"}
    assert not question(found, f"endpoint:Tabelle1:{header[3]}")
    assert question(found, f"event_values:Tabelle1:{header[4]}").chosen == "0=censored|1=event"


def test_words_with_codes_of_cbioportal():
    body = rows(8, code, times, lambda n: "1:DECEASED" if n < 4 else "0:LIVING")
    found = suggested({"data": [["PATIENT_ID", "OS_MONTHS", "OS_STATUS"], *body]})
    assert readings(found, "endpoints")[0].codes["event"] == {"0:LIVING": "0", "1:DECEASED": "1"}


def test_lost_to_follow_up_is_neither_event_nor_silently_censored():
    words = ("Dead", "Alive", "Lost to FU")
    sheets = {"s": [["ID", "OS months", "vital status"], *rows(9, code, times, lambda n: words[n % 3])]}
    found = suggested(sheets)
    assert readings(found, "endpoints")[0].codes["event"] == {"Dead": "1", "Alive": "0", "Lost to FU": None}
    assert question(found, "event_values:s:vital status").chosen == "Alive=censored|Dead=event|Lost to FU=unknown"
    reported = suggested(sheets, {"event_values:s:vital status": "Lost to FU=censored"})
    assert readings(reported, "endpoints")[0].codes["event"] == {"Dead": "1", "Alive": "0", "Lost to FU": "0"}


@pytest.mark.parametrize("codes", ["12", "10"])
def test_numbers_that_say_nothing_are_not_taken(codes):
    body = rows(10, code, times, lambda n: codes[n < 5])  # 1 and 2 without a legend; 1s at the longer times
    name = "event_values:s:os_status"
    found = suggested({"s": [["ID", "os_months", "os_status"], *body]})
    assert question(found, name).chosen == "" and not readings(found, "endpoints")
    given = suggested({"s": [["ID", "os_months", "os_status"], *body]}, {name: f"{codes[0]}=censored|{codes[1]}=event"})
    assert question(given, name).answered and len(readings(given, "endpoints")) == 1


def test_the_endpoint_is_asked_where_the_header_does_not_say():
    sheets = {"s": [["ID", "time", "status"], *rows(10, code, lambda n: 30 + 90 * n, events)]}
    found = suggested(sheets)
    assert question(found, "endpoint:s:time").chosen == ""
    reported = suggested(sheets, {"endpoint:s:time": "pfs"})
    assert readings(reported, "endpoints")[0].constants == {"endpoint": "pfs"}
    assert not readings(suggested(sheets, {"endpoint:s:time": "none"}), "endpoints")


def test_an_endpoint_without_events_borrows_none():
    body = rows(10, code, times, lambda n: 3 + 2 * n, events)
    found = suggested({"s": [["ID", "PFS", "OS", "PFS event (1=yes)"], *body]})
    assert [reading.constants["endpoint"] for reading in readings(found, "endpoints")] == ["pfs"]
    assert question(found, "event_values:s:OS").chosen == "none"


def test_dates_go_to_the_patient():
    def day(years):
        return lambda n: dt.datetime(2020 + years, 1 + n, 1)

    header = ["MRN", "Study ID", "Date of birth", "CART_date", "relapse date", "date of death", "LFU_date"]
    found = suggested({"s": [header, *rows(6, lambda n: 9000 + n, code, day(-50), day(0), day(1), day(2), day(2))]})
    assert list(roles(found).values()) == [
        "private",
        "patients.patient_id",
        "private",
        "patients.infusion_date",
        "patients.progression_date",
        "patients.death_date",
        "patients.last_contact_date",
    ]
    assert found.mapping.sheets[0].set_aside == ("MRN", "Date of birth")
    assert all(not guess.examples for guess in found.guesses if guess.role == "private")


def test_private_columns_are_read_only_if_the_reader_insists():
    sheets = {"s": [["ID", "Surname", "age"], *rows(5, code, lambda n: f"Name{n}", lambda n: 50 + n)]}
    assert roles(suggested(sheets))["Surname"] == "private"
    reported = suggested(sheets, {"role:s:Surname": "patients.covariate"})
    assert roles(reported)["Surname"] == "patients.covariate" and reported.mapping.sheets[0].set_aside == ()


def test_a_date_that_can_be_read_two_ways_is_asked_once():
    body = rows(5, code, lambda n: f"0{n + 1}/02/2021", lambda n: f"0{n + 1}/03/2022")
    found = suggested({"s": [["ID", "infusion date", "date of death"], *body]})
    assert [each.id for each in found.questions if each.subject == "date_order"] == ["date_order"]


@pytest.mark.parametrize(
    ("names", "table", "constants"),
    [
        (["copies_0", "copies_7", "copies_14"], "kinetics", [{"day": "0"}, {"day": "7"}, {"day": "14"}]),
        (["D0", "D7", "D14"], "kinetics", [{"day": "0"}, {"day": "7"}, {"day": "14"}]),
        (["CRP_d-3", "CRP_d0", "CRP_d28"], "labs", [{"day": day, "test": "CRP"} for day in ("-3", "0", "28")]),
    ],
)
def test_wide_series(names, table, constants):
    body = rows(6, code, *[lambda n: 100.5 + n] * 3)
    (reading,) = readings(suggested({"s": [["ID", *names], *body]}), table)
    assert [wide.column for wide in reading.wide] == names and [
        dict(wide.constants) for wide in reading.wide
    ] == constants


def test_responses_at_days_and_months():
    body = rows(6, code, lambda n: ("CR", "VGPR", "PR")[n % 3], lambda n: ("CR", "PD", "SD")[n % 3])
    (reading,) = readings(suggested({"s": [["ID", "30 day response", "response_M3"], *body]}), "responses")[:1]
    assert reading.wide[0].constants == {"day": "30"}


def test_merged_days_under_copies():
    head = [["Patient", "Copies per µg DNA", None, None], [None, "7", "14", "28"]]
    found = suggested({"s": [*head, *rows(5, code, *[lambda n: 1000 + n] * 3)]})
    (reading,) = readings(found, "kinetics")
    assert [wide.constants["day"] for wide in reading.wide] == ["7", "14", "28"]


def test_adam_counts_events_the_other_way_round():
    header = ["USUBJID", "PARAMCD", "AVAL", "CNSR"]
    body = [[code(n), name, 20 + n * 3, n % 2] for n in range(8) for name in ("OS", "PFS")]
    (reading,) = readings(suggested({"ADTTE": [header, *body]}), "endpoints")
    assert reading.codes == {"event": {"0": "1", "1": "0"}, "endpoint": {"OS": "os", "PFS": "pfs"}}


def test_rows_that_do_not_count_are_asked_about():
    header = ["USUBJID", "AEDECOD", "AETOXGR", "TRTEMFL"]
    body = rows(
        12,
        lambda n: code(n // 3),
        lambda n: ("CRS", "ICANS")[n % 2],
        lambda n: 1 + n % 4,
        lambda n: "Y" if n % 4 else None,
    )
    sheets = {"ADAE": [header, *body]}
    assert readings(suggested(sheets), "adverse_events")[0].keep == {"TRTEMFL": ("Y",)}
    assert not readings(suggested(sheets, {"rows:ADAE:TRTEMFL": "read"}), "adverse_events")[0].keep


def test_several_rows_a_patient_and_attributes_on_one_of_them():
    header = ["Subject", "Sex", "day", "conc"]
    body = [[code(n // 4), "F" if n % 4 == 2 else None, n % 4, 10.5 + n] for n in range(20)]
    found = suggested({"pk": [header, *body]})
    (patients,) = readings(found, "patients")
    assert patients.one_row == "" and patients.columns["sex"] == "Sex"
    assert readings(found, "kinetics")[0].columns["value"] == "conc"


def test_lesions_are_offered_as_high_risk_and_never_assumed():
    body = rows(6, code, lambda n: "x" if n % 2 else None, lambda n: "x" if n % 3 else None)
    sheets = {"s": [["ID", "del(17p)", "t(4;14)"], *body]}
    assert suggested(sheets).mapping.high_risk is None
    reported = suggested(sheets, {"high_risk": "use"})
    assert len(reported.mapping.high_risk.lesions) == 2 and not reported.mapping.high_risk.blank_is_absent
    assert suggested(sheets, {"high_risk": "use, blank is absent"}).mapping.high_risk.blank_is_absent
    assert question(suggested(sheets), "blank:s:del(17p)").chosen == ""


def test_a_hidden_sheet_is_offered_and_not_taken():
    sheet = [["ID", "age"], *rows(4, code, lambda n: 40 + n)]
    found = suggested({"new": sheet, "old": sheet}, hidden=["old"])
    assert [each.sheet for each in found.mapping.sheets] == ["new"] and question(found, "sheet:old").chosen == "leave"
    reported = suggested({"new": sheet, "old": sheet}, {"sheet:old": "read"}, hidden=["old"])
    assert [each.sheet for each in reported.mapping.sheets] == ["new", "old"]


def test_the_template_is_never_asked_about():
    found = suggested({"Patients": [["patient_id", "arm", "my score", "os_months", "os_event"], ["P1", "A", 3, 4, 1]]})
    assert found.is_template and not found.questions


def test_a_long_sheet_is_guessed_the_same_every_time():
    header = ["ID", "age", "sex", "time", "status", *(f"x{n}y" for n in range(15))]
    body = [
        [str(n), 50.0 + n % 30, "MF"[n % 2], float(n % 900), "01"[n % 2], *[float(n % 7)] * 15] for n in range(5_000)
    ]
    blocks = blocks_of([Grid("s", (tuple(header), *map(tuple, body)))])
    assert suggest(blocks, {}) == suggest(blocks, {})


def test_of_a_template_column_that_stands_twice_the_first_is_read_with_and_without_a_saved_mapping():
    rows = [["patient_id", "arm", "arm", "age_years"], ["P1", "A", "B", 60], ["P2", "A", "B", 61]]
    grids = [Grid("Patients", tuple(map(tuple, rows)))]
    suggestion = suggest(blocks_of(grids), {})
    for mapping in (None, suggestion.mapping):
        assert cohort_of(grids, "twice.xlsx", "x", mapping).patients["arm"].tolist() == ["A", "A"]
