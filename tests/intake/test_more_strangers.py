"""Workbooks as centres have them, invented here: kinds that were read wrong without a word, each once."""

from io import BytesIO

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from intake.drafts import cohort, open_ids, question, roles, said, sheets, survival, table, usable
from lib.intake.draft import Draft, read_draft
from lib.intake.files.grid import SourceFile

DAYS = (1, 8, 15)


def visits(head, days=DAYS):
    """Three patients with a value on each of these days."""
    return "\n".join([head, *(f"S{n},{day},{10 + n + day}" for n in range(3) for day in days)])


def marked(lines: str, percents=(), hidden=(), struck=()) -> Draft:
    """A workbook of these lines; `percents` are the places of cells formatted as such."""
    book = Workbook()
    sheet = book.active
    for line in lines.strip().splitlines():
        sheet.append([float(cell) if cell.replace(".", "", 1).isdigit() else cell or None for cell in line.split(",")])
    for place in percents:
        sheet[place].number_format = "0.0%"
    for row in hidden:
        sheet.row_dimensions[row].hidden = True
    for place in struck:
        sheet[place].font = Font(strike=True)
    out = BytesIO()
    book.save(out)
    return read_draft([SourceFile("w.xlsx", out.getvalue())])


@pytest.mark.parametrize(
    ("head", "days", "read"),
    [
        ("USUBJID,ADY,CRP", DAYS, [0, 7, 14]),
        ("USUBJID,LBDY,CRP", (1, 2, 4), [0, 1, 3]),
        ("USUBJID,ADY,CRP", (0, 7, 14), [0, 7, 14]),
        ("Subject,Relative day,CRP", (-1, 1, 8), [-1, 0, 7]),
        ("Subject,Study day,CRP", (7, 14, 28), [7, 14, 28]),
        ("Subject,Day,CRP", DAYS, [1, 8, 15]),
        ("Subject,Day (day 1 = infusion),CRP", DAYS, [0, 7, 14]),
    ],
)
def test_study_days_without_a_day_0(head, days, read):
    draft = table(visits(head, days))
    assert draft.blocking == () and cohort(draft).labs["day"].tolist() == read * 3


def test_study_days_of_which_nothing_says_it_are_asked_about():
    draft = table(visits("Subject,Study day,CRP"))
    assert question(draft, "day_one:s").is_blocking
    for answer, read in (("infusion", [0, 7, 14]), ("after", [1, 8, 15])):
        assert cohort(draft.answered("day_one:s", answer)).labs["day"].tolist() == read * 3


@pytest.mark.parametrize(("first", "read"), [(1, [0, 7, 14]), (0, [1, 8, 15])])
def test_the_dates_of_two_sheets_say_whether_days_know_a_0(first, read):
    days = "\n".join(f"S{n},2021-03-{n + 1 + day - first:02},{day},{20 + day}" for n in range(3) for day in DAYS)
    infused = "USUBJID,Infusion date\n" + "\n".join(f"S{n},2021-03-{n + 1:02}" for n in range(3))
    draft = sheets({"ADSL": infused, "ADLB": f"USUBJID,ADT,ADY,CRP\n{days}"})
    assert cohort(draft).labs["day"].tolist() == read * 3


@pytest.mark.parametrize(("last", "read"), [("2021-04-10", 99), ("2021-04-11", 100)])
def test_times_of_adam_that_count_the_first_day_as_1(last, read):
    head = "USUBJID,PARAMCD,PARAM,AVAL,AVALU,CNSR,STARTDT,ADT"
    rows = "\n".join(f"S{n},OS,Overall Survival,100,DAYS,{n % 2},2021-01-01,{last}" for n in range(6))
    assert {time for time, _ in usable(table(f"{head}\n{rows}")).values()} == {read}
    undated = table("\n".join(line.rsplit(",", 2)[0] for line in (head, *rows.splitlines())))
    assert not question(undated, "one_more:s").is_open
    assert usable(undated.answered("one_more:s", "minus"))["S1"] == (99, 0)


def test_percents_beside_plain_numbers_are_read_as_they_are_shown():
    mixed = marked(survival("LVEF", [0.45, 0.6, 30, 25, 0.8, 10, 5, 70]), ("B2", "B3", "B6"))
    assert cohort(mixed).patients["lvef"].tolist() == [45, 60, 30, 25, 80, 10, 5, 70]
    assert "Column B: percent cells beside plain numbers (3)" in said(mixed)
    alone = marked(survival("LVEF", [0.4 + n / 100 for n in range(8)]), [f"B{row}" for row in range(2, 10)])
    assert cohort(alone).patients["lvef"].max() < 1 and "percent" not in said(alone)


def test_rows_that_are_hidden_or_struck_through_are_told():
    draft = marked(survival("Age", range(50, 58)), hidden=(4, 5), struck=("A7",))
    assert "that are hidden: 2 (4, 5)" in said(draft) and "struck through: 1 (7)" in said(draft)


@pytest.mark.parametrize("end", [b"\0" * 40, b"\r\n\0\0\r\n"])
def test_zeros_at_the_end_of_a_text_are_left_out(end):
    draft = read_draft([SourceFile("s.csv", survival("Age", range(50, 58)).encode() + end)])
    assert len(cohort(draft).patients) == 8 and "zeros" in said(draft)


@pytest.mark.parametrize(
    ("one", "other"),
    [("OS1 months", "OS2 months"), ("OS months (2022)", "OS months (2024)"), ("OS local (mo)", "OS central (mo)")],
)
def test_two_times_of_one_endpoint_are_asked_about(one, other):
    rows = "\n".join(f"P{n},{4 + n - 2 * (n % 2)},{9.5 + n - 2 * (n % 2)},{n % 2}" for n in range(8))
    draft = table(f"ID,{one},{other},Dead\n{rows}")
    assert question(draft, "pair:s:os").is_blocking and not usable(draft)
    assert usable(draft.answered("pair:s:os", other))["P0"] == (9.5, 0)


def test_several_grades_and_responses_are_asked_about():
    grades = table(
        "ID,CRS grade (Lee),CRS grade (ASTCT)\n" + "\n".join(f"P{n},{n % 4},{(n + 1) % 4}" for n in range(8))
    )
    (asked,) = grades.blocking
    chosen = cohort(grades.answered(asked.id, "CRS grade (ASTCT)")).adverse_events
    assert chosen["grade"].tolist() == [1, 2, 3, 0] * 2
    rows = "\n".join(f"P{n},{day},{'CR' if n else 'PR'},PR" for n in range(3) for day in (28, 90))
    responses = table(f"ID,Day,Response (investigator),Response (IRC)\n{rows}")
    asked = question(responses, "which:s:the response")
    assert asked.is_blocking
    assert set(cohort(responses.answered(asked.id, "Response (IRC)")).responses["response"]) == {"PR"}


@pytest.mark.parametrize("heading", ["Alive (1=yes)", "Censored (1=yes 0=no)", "Survived (yes=1)"])
def test_a_legend_of_yes_and_no_under_a_heading_that_asks_who_lives(heading):
    rows = "\n".join(f"P{n},{3 + n - 2 * (n % 2)},{1 - n % 2}" for n in range(8))
    assert usable(table(f"ID,OS months,{heading}\n{rows}"))["P1"] == (2, 1)


@pytest.mark.parametrize(
    ("heading", "factor"), [("log10 copies/ug DNA", 1), ("Copies per ug DNA (log10)", 1), ("copies/ug DNA", 0)]
)
def test_logarithms_of_copies_are_turned_back(heading, factor):
    kinetics = cohort(table(visits(f"Patient,Day,{heading}", (0, 0.5, 1)))).kinetics
    assert kinetics["value"].tolist()[0] == (10**10 if factor else 10) and set(kinetics["unit"]) == {"copies/µg DNA"}


def test_raised_digits_are_no_digits():
    draft = table("Patient,Day,CRP\nS1,0,12²\nS1,7,8\nS2,0,9\nS2,7,10¹\nS3,0,4\nS3,7,5\nS4,0,1\nS4,7,2")
    assert cohort(draft).labs["value"].max() == 9 and '"12²" is not a number' in said(draft)


@pytest.mark.parametrize("row", ["1,2,3,4", "Patient code,Age at infusion,Survival,Death", "text,number,number,number"])
def test_a_second_row_of_headings_is_no_patient(row):
    first, *others = survival("Age", range(50, 58)).splitlines()
    draft = table("\n".join([first, row, *others]))
    assert len(cohort(draft).patients) == 8 and len(usable(draft)) == 8 and "further row of headings" in said(draft)


def test_subtotals_of_groups_are_no_patients():
    first, *others = survival("Arm", "AAAABBBB").splitlines()
    draft = table("\n".join([first, *others[:4], "Subtotal A,,5,2", *others[4:], "Subtotal B,,7,2"]))
    assert len(cohort(draft).patients) == 8 and len(usable(draft)) == 8


def test_the_same_patients_in_another_order_beside_a_table():
    first, *others = survival("Age", range(50, 58)).splitlines()
    rows = [f"{row},P{n * 3 % 8},{100 + n * 3 % 8}" for n, row in enumerate(others)]
    patients = cohort(table("\n".join([f"{first},ID,LDH", *rows]))).patients
    assert patients.set_index("patient_id")["ldh"].to_dict() == {f"P{n}": 100 + n for n in range(8)}


def test_units_in_a_column_of_their_own_where_patients_are_columns():
    draft = table("Parameter,Unit,P1,P2,P3,P4\nAge,years,50,51,52,53\nOS,months,3,2,5,4\nDead,0/1,0,1,0,1")
    assert len(cohort(draft.answered("patient:s", "Parameter")).patients) == 4


def test_bands_of_three_rows_name_a_toxicity():
    draft = table("Patient,,Toxicity,\n,,CRS,ICANS\nID,Age,grade,grade\nP1,50,2,0\nP2,51,1,2\nP3,52,3,1\nP4,53,0,1")
    assert cohort(draft).adverse_events.groupby("term")["grade"].sum().to_dict() == {"CRS": 6, "ICANS": 4}


def test_copies_and_cells_in_one_long_sheet():
    rows = "\n".join(
        f"S{n},{day},{assay},{value + n},{unit}"
        for n in range(3)
        for day in (0, 7)
        for assay, value, unit in (("qPCR", 1000, "copies/ug"), ("flow", 10, "cells/uL"))
    )
    kinetics = cohort(table(f"Patient,Day,Assay,Value,Unit\n{rows}")).kinetics
    assert kinetics.groupby("assay")["value"].sum().to_dict() == {"qPCR": 6006, "flow": 66}


def test_a_summary_below_the_patients_adds_none():
    lines = f"{survival('Age', range(50, 58))}\n,,,\nArm,n,Median,\nA,40,5,\nB,38,6,\nC,12,7,"
    assert len(cohort(table(lines)).patients) == 8


def test_a_time_in_another_unit_than_all_others_is_told():
    rows = "\n".join(f"P{n},{210 if n == 4 else 3 + n - 2 * (n % 2)},{n % 2}" for n in range(8))
    assert "more than ten times as long" in said(table(f"ID,OS months,Dead\n{rows}"))


@pytest.mark.parametrize(
    "heads",
    [
        "Hasta no,Yaş,İnfüzyon tarihi,Son kontrol tarihi,Ölüm tarihi,Maksimum CRS derecesi",
        "ID do paciente,Idade,Data da infusão,Data do último contato,Data do óbito,Grau máximo de CRS",
        "Nr pacjenta,Wiek,Data infuzji CAR-T,Data ostatniego kontaktu,Data zgonu,Maksymalny stopień CRS",
        "ID paziente,Età,Data infusione CAR-T,Data ultimo contatto,Data decesso,Grado massimo CRS",
        "N.º paciente,Edad,Fecha de infusión,Fecha último contacto,Fecha de exitus,Grado máximo SLC",
        "患者番号,年齢,輸注日,最終生存確認日,死亡日,CRSグレード",
    ],
)
def test_a_list_of_patients_in_other_languages(heads):
    rows = "\n".join(
        f"P{n},5{n},2021-03-1{n},2021-12-1{n},{'' if n % 2 else f'2021-12-1{n}'},{n % 4}" for n in range(8)
    )
    draft = table(f"{heads}\n{rows}")
    found = cohort(draft)
    assert found.patients["age_years"].tolist() == [50 + n for n in range(8)] and len(usable(draft)) == 8
    assert found.adverse_events["grade"].sum() == 12 and roles(draft)[heads.split(",")[0]] == "patients.patient_id"


def test_bracketed_signs_answer_each_other():
    rows = "\n".join(f"{n},{'(+)' if n % 2 else '(-)'},{'(-)' if n % 2 else f'CRS G{n % 3 + 1}'}" for n in range(6))
    found = cohort(table(f"Pt No.,Prior ASCT,CRS\n{rows}"))
    assert found.patients["prior_asct"].tolist() == ["no", "yes"] * 3
    assert found.adverse_events["grade"].tolist() == [1, 0, 3, 0, 2, 0]
    mrd = table("Pt No.,Response D28,MRD D28\n" + "\n".join(f"{n},CR,{'(+)' if n else '(-)'}" for n in range(4)))
    assert cohort(mrd).responses["mrd"].tolist() == ["negative", *["positive"] * 3]


def test_a_legend_below_that_commas_cut_into_cells_is_no_patient():
    notes = "* Withdrew before infusion\n† Data cut-off 31 May 2024\nNR, not reached; NE, not evaluable"
    draft = table(survival("Age", range(50, 58), notes))
    assert len(cohort(draft).patients) == 8 and len(usable(draft)) == 8


@pytest.mark.parametrize(
    ("young", "old"),
    [("Età alla diagnosi", "Età all'infusione"), ("age_dx", "age_inf"), ("Age at onset", "Age at CAR-T")],
)
def test_the_age_at_the_infusion_comes_before_that_at_diagnosis(young, old):
    rows = "\n".join(f"P{n},{40 + n},{50 + n}" for n in range(8))
    draft = table(f"ID,{young},{old}\n{rows}")
    assert question(draft, "which:s:age_years").is_open
    assert cohort(draft).patients["age_years"].tolist() == [50 + n for n in range(8)]


YES = {"present": "yes", "absent": "no", "+": "yes", "-": "no", "(+)": "yes", "(-)": "no", "O": "yes", "N": "no"}


@pytest.mark.parametrize(
    ("yes", "no"),
    [("present", "absent"), ("+", "-"), ("＋", "－"), ("(+)", "(-)"), ("O", "N"), ("S", "N"), ("ja", "keine")],
)
@pytest.mark.parametrize("heading", ["EMD", "Maladie extramédullaire", "EMD at baseline", "Malattia extramidollare"])
def test_signs_and_first_letters_of_yes_and_no(heading, yes, no):
    draft = table("\n".join([f"ID,Age,{heading}", *(f"P{n},{50 + n},{(no, yes, '')[n % 3]}" for n in range(9))]))
    assert cohort(draft).patients["emd"].tolist() == ["no", "yes", None] * 3


def test_a_minus_without_a_plus_is_no_value():
    draft = table("\n".join(["ID,Age,EMD", *(f"P{n},{50 + n},{('yes', '-', 'no')[n % 3]}" for n in range(9))]))
    assert cohort(draft).patients["emd"].tolist() == ["yes", None, "no"] * 3


def test_an_event_of_progression_or_death_is_not_that_of_survival():
    rows = [f"P{n},{10 + n},{'muerto' if n % 2 else 'vivo'},{9 + n},{'sí' if n % 3 else 'no'}" for n in range(9)]
    draft = table("\n".join(["Paciente,SG (meses),Estado,SLP (meses),Progresión o muerte", *rows]))
    assert draft.blocking == ()
    assert [event for _, event in usable(draft).values()] == [n % 2 for n in range(9)]
    assert [event for _, event in usable(draft, "pfs").values()] == [int(n % 3 > 0) for n in range(9)]


@pytest.mark.parametrize("ids", ["{:04d}", "{}", "MAD-{}", "A{:02d}"])
def test_patients_under_a_heading_that_says_nothing_are_those_of_another_sheet(ids):
    """Never numbered, and counted twice."""
    patients = [f"{ids.format(n)},{50 + n},{3 + n}.5,{n % 2}" for n in (5, 2, 1, 4, 3, 6)]
    events = [f"{ids.format(n)},Fever,{n % 4 + 1}" for n in range(1, 6)]
    named = {
        "Data": "\n".join(["Ref. int.,Age,OS months,Dead", *patients]),
        "AE": "\n".join(["Patient,Term,Grade", *events]),
    }
    draft = sheets(named)
    asked = {each.id: each.choices[0].key for each in draft.blocking if each.subject == "patient"}
    opened = cohort(sheets(named, asked))
    assert len(opened.patients) == 6 and opened.patients["patient_id"].tolist()[0] == ids.format(5)


@pytest.mark.parametrize("code", ["999", "-9", "n.d.", "ND"])
def test_a_sign_for_no_value_among_words_is_no_group(code):
    rows = [f"P{n},{50 + n if n else code},{(code, 'A', 'B')[n % 3]}" for n in range(12)]
    draft = table("\n".join(["ID,Age,Arm", *rows]))
    assert sorted(cohort(draft).patients["arm"].dropna().unique()) == ["A", "B"]
    assert "Arm" in question(draft, "missing").columns


def test_a_sheet_called_patients_may_lie_on_its_side():
    lines = [
        "Patient,MAD-1,BCN-2,MAD-3,BCN-4",
        "Age,61,62,63,64",
        "Sexe,F,H,F,H",
        "Bras,A,B,A,B",
        "Décès,1,0,1,0",
        "OS (mois),4.5,8.5,6.5,9.5",
    ]
    opened = cohort(sheets({"Patients": "\n".join(lines)}))
    assert (
        opened.patients["age_years"].tolist() == [61, 62, 63, 64] and opened.patients["arm"].tolist() == ["A", "B"] * 2
    )


def test_patients_with_a_response_and_dates_of_their_course_are_no_list_of_responses():
    rows = [f"{n},2022-0{n}-03,{'dead' if n % 2 else 'alive'},2021-0{n}-03,CR" for n in range(1, 8)]
    draft = table("\n".join(["Pt,Death or last contact,Vital status,Infusion date,Best response", *rows]))
    assert len(usable(draft)) == 7


def test_endpoints_whose_name_and_part_run_together_and_a_censoring_in_the_direction_of_cdisc():
    rows = "\n".join(f"P{n},{6 + n},{n % 2},{3 + n},{1 - n % 2}" for n in range(8))
    draft = table(f"USUBJID,OSMO,OSCNSR,PFSMO,PFSCNSR\n{rows}")
    assert usable(draft)["P0"] == (6, 1) and usable(draft)["P1"] == (7, 0) and not open_ids(draft)
    assert usable(draft, "pfs")["P0"] == (3, 0) and usable(draft, "pfs")["P1"] == (4, 1)
    alone = table("\n".join(f"P{n},{280 + n},{50 + n}" for n in range(8)).join(("ID,Osmo,Age\n", "")))
    assert roles(alone)["Osmo"] == "patients.covariate"


def flagged(more, rows):
    return table(f"USUBJID,TRTSDT,DTHFL,LSTALVDT{more}\n{rows}")


def test_a_flag_of_death_beside_the_last_contact_says_who_died():
    rows = "\n".join(f"P{n},2021-01-01,{'Y' if n % 2 else ''},2021-06-{n + 1:02}" for n in range(8))
    draft = flagged("", rows)
    assert set(open_ids(draft)) == {"event_values:s:DTHFL", "died:s"}
    assert not {"P1", "P3", "P5", "P7"} & set(usable(draft)) and usable(draft)["P0"] == (151, 0)
    assert usable(draft.answered("died:s", "yes"))["P1"] == (152, 1)


def test_whoever_died_by_the_flag_and_has_no_date_of_death_is_not_alive():
    def died(n):
        return "2021-03-01" if n in (1, 3) else ""

    rows = "\n".join(f"P{n},2021-01-01,{'Y' if n in (1, 3, 5) else ''},2021-02-{n + 1:02},{died(n)}" for n in range(8))
    draft = flagged(",DTHDT", rows)
    assert usable(draft)["P1"] == (59, 1) and usable(draft)["P0"] == (31, 0) and "P5" not in usable(draft)
    dated = flagged(",DTHDT", rows.replace("P5,2021-01-01,Y", "P5,2021-01-01,"))
    assert not open_ids(dated) and usable(dated)["P5"] == (36, 0)


def test_times_of_a_registry_of_transplants_are_months():
    rows = "\n".join(f"P{n},{n % 2},{9.5 + n - 2 * (n % 2)},{n % 2},{6.5 + n - 2 * (n % 2)}" for n in range(1, 9))
    draft = table(f"pseudoid,dead,intxsurv,rel,intxrel\n{rows}")
    assert usable(draft)["P1"] == (8.5, 1) and usable(draft, "ttp")["P2"] == (8.5, 0)
    assert not [each for each in draft.suggestion.questions if each.subject == "unit"]
