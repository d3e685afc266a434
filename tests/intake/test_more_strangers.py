"""Workbooks as centres have them, invented here: kinds that were read wrong without a word, each once."""

from io import BytesIO

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from intake.drafts import cohort, question, roles, said, sheets, table, usable
from lib.intake.draft import Draft, read_draft
from lib.intake.files.grid import SourceFile
from lib.intake.mapping import from_json, to_json

DAYS = (1, 8, 15)


def visits(head, days=DAYS):
    """Three patients with a value on each of these days."""
    return "\n".join([head, *(f"S{n},{day},{10 + n + day}" for n in range(3) for day in days)])


def survival(heading, values, more=""):
    """Eight patients of whom four died, at the shorter times."""
    rows = [f"P{n},{value},{3 + n - 2 * (n % 2)},{n % 2}" for n, value in enumerate(values)]
    return "\n".join([f"ID,{heading},OS months,Dead", *rows, more])


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


@pytest.mark.parametrize("first", ["25%", "1st quartile", "90%"])
def test_percentiles_below_the_patients_are_none(first):
    below = "\n".join(["count,8,8,8", "mean,9,9,0.5", f"{first},4,4,0", "50%,9,9,0", "75%,12,12,1", "max,12,12,1"])
    draft = table(f"{survival('Age', range(50, 58))}\n{below}")
    assert len(cohort(draft).patients) == 8 and len(usable(draft)) == 8


def test_yes_beside_an_empty_grade_is_an_event_of_no_known_grade():
    draft = table("""Subject,CRS Y/N,CRS Max Grade,CRS Onset Day,ICANS Y/N,ICANS Max Grade
    1,Y,2,1,N,0\n2,N,,,Y,\n3,Y,1,3,N,\n4,Y,,2,N,""")
    events = cohort(draft).adverse_events
    crs = events[events["term"] == "CRS"].set_index("patient_id")
    assert set(crs.index) == {"1", "3", "4"} and crs["grade"].sum() == 3 and crs.loc["4", "start_day"] == 2
    assert set(events[(events["term"] == "ICANS") & (events["grade"] != 0)]["patient_id"]) == {"2"}


@pytest.mark.parametrize(
    "heading", ["Motivo de exclusión", "Motif d'exclusion", "Grund für Ausschluss", "Reason for exclusion"]
)
def test_every_reason_of_an_exclusion_is_asked_in_one_question(heading):
    reasons = {2: "no infundido", 5: "withdrew"}
    draft = table(survival(heading, [reasons.get(n, "") for n in range(8)]))
    left = cohort(draft.answered(f"exclude:s:{heading}", "leave")).patients
    assert [each.id for each in draft.blocking] == [f"exclude:s:{heading}"]
    assert left["analysis_set"].tolist().count("excluded") == 2


@pytest.mark.parametrize(
    ("heading", "out", "others"), [("qc_pass", "FALSE", "TRUE"), ("keep", "no", "yes"), ("SAFFL", "N", "Y")]
)
def test_flags_of_who_counts(heading, out, others):
    draft = table(survival(heading, [out if n == 3 else others for n in range(8)]))
    assert question(draft, f"exclude:s:{heading}").is_blocking


def test_initials_of_yes_and_no_are_no_prior_lines():
    rows = "\n".join(f"P{n},{n % 3 + 1},{'SN'[n % 2]}" for n in range(8))
    draft = table(f"ID,Nº líneas previas,Auto-TPH previo (S/N)\n{rows}")
    assert cohort(draft).patients["prior_lines"].tolist() == [f"{n % 3 + 1}" for n in range(8)]


@pytest.mark.parametrize("plus", ["+", " +"])
def test_a_plus_behind_a_time_is_asked_about_and_means_censored(plus):
    rows = "\n".join(f"P{n};{n + 3},5{'' if n % 2 else plus};{n + 1},5{plus if n % 2 else ''}" for n in range(8))
    draft = table(f"Paciente;SG (meses);SLP (meses)\n{rows}")
    (asked,) = draft.blocking
    assert asked.chosen == "yes" and set(asked.columns) == {"SG (meses)", "SLP (meses)"}
    said_so = draft.answered(asked.id, "yes")
    assert usable(said_so) == {f"P{n}": (n + 3.5, n % 2) for n in range(8)}
    assert usable(said_so, "pfs") == {f"P{n}": (n + 1.5, 1 - n % 2) for n in range(8)}
    assert usable(draft.answered(asked.id, "no")) == {}
    again = table(f"Paciente;SG (meses);SLP (meses)\n{rows}").with_saved(from_json(to_json(said_so.mapping)))
    assert usable(again) == usable(said_so) and again.blocking == ()


def test_dates_counted_from_another_day_are_counted_so_for_survival():
    rows = "\n".join(f"p{n},{18274 + 25 * n},{18354 + 58 * n - 80 * (n % 2)},{n % 2}" for n in range(8))
    draft = table(f"patient,infusion_date,last_date,dead\n{rows}")
    asked = [each.id for each in draft.blocking if each.subject == "unit"]
    draft = draft.all_answered(dict.fromkeys(asked, "days since 1970-01-01")).answered("died:s", "yes")
    assert asked and usable(draft) == {f"p{n}": (80 + 33 * n - 80 * (n % 2), n % 2) for n in range(8)}


def test_equal_values_at_all_visits_of_a_sheet_each_are_measured():
    visit = {f"Day {day}": "ID,CRP,LDH\n" + "\n".join(f"P{n},{10 + n},{200 + n}" for n in range(5)) for day in (0, 7)}
    draft = sheets({"Pts": "ID,Age\n" + "\n".join(f"P{n},5{n}" for n in range(5)), **visit})
    assert cohort(draft).labs.groupby("test")["value"].count().tolist() == [10, 10]


@pytest.mark.parametrize("heads", ["time,status", "Months,Event"])
def test_a_sheet_named_after_its_endpoint_says_which_it_is(heads):
    rows = "\n".join(f"P{n},{n + 3}.5,{n % 2}" for n in range(8))
    draft = sheets(dict.fromkeys(("OS", "PFS"), f"patient,{heads}\n{rows}"))
    for each in draft.blocking:
        draft = draft.answered(each.id, "months" if each.subject == "unit" else "0=censored|1=event")
    assert draft.blocking == () and len(usable(draft)) == 8 == len(usable(draft, "pfs"))


@pytest.mark.parametrize(
    ("levels", "ordered"),
    [
        ("high low intermediate", ["low", "intermediate", "high"]),
        ("severe mild moderate none", ["none", "mild", "moderate", "severe"]),
        ("high low-intermediate low high-intermediate", ["low", "low-intermediate", "high-intermediate", "high"]),
    ],
)
def test_levels_of_degree_stand_by_degree(levels, ordered):
    words = levels.split()
    found = cohort(table(survival("Burden", [words[n % len(words)] for n in range(8)])))
    assert [each.levels for each in found.variables if set(each.levels) == set(ordered)] == [tuple(ordered)]


def test_a_dose_level_below_1_stands_before_it():
    found = cohort(table(survival("Dose level", ["DL 10", "DL 2", "DL -1", "DL 1"] * 2)))
    assert [each.levels for each in found.variables if "DL 2" in each.levels] == [("DL -1", "DL 1", "DL 2", "DL 10")]


@pytest.mark.parametrize("units", [("pg/mL", "pg per ml", "pg·mL-1"), ("g/dL", "gm/dL", "g/dl")])
def test_units_in_other_words_are_one_unit(units):
    rows = "\n".join(f"P{n},X,{day},{n + 1},{unit}" for n in range(4) for day, unit in enumerate(units))
    assert cohort(table(f"patient,analyte,day,value,unit\n{rows}")).labs["unit"].nunique() == 1


def test_a_unit_of_a_test_makes_a_laboratory_value_of_a_column():
    rows = "\n".join(
        f"{n},{'HM'[n % 2]},{day},{10 + n + day},{n if day == 7 else ''}" for n in range(4) for day in (0, 7)
    )
    found = cohort(table(f"Caso,Sexo,Día,PCR (mg/L),Grado SLC\n{rows}"))
    assert len(found.labs) == 8 and found.adverse_events["grade"].tolist() == [0, 1, 2, 3]


def test_a_grade_with_its_days_behind_it():
    events = cohort(table("Patient,CRS grade\n1,2 (D3-D7)\n2,1 (D1-D2)\n3,0\n4,3 (D2-D9)")).adverse_events
    assert events["grade"].tolist() == [2, 1, 0, 3]


def test_a_date_of_death_that_half_of_them_have_is_no_date_of_an_assessment():
    rows = "\n".join(
        f"P{n};{13 + n}/01/2022;{'vivant' if n % 2 else f'{14 + n}/04/2022'};{14 + n}/04/2022;{['RC', 'RP'][n % 2]}"
        for n in range(6)
    )
    draft = table(f"N° patient;Date injection;Date décès;Date dernières nouvelles;Réponse M3\n{rows}")
    assert usable(draft) == {f"P{n}": (91, 1 - n % 2) for n in range(6)}


def test_a_stray_mark_does_not_hide_what_parts_the_cells():
    notes = ['"alta', "ok", '6" x', "", "y", '"z', "", "a"]
    rows = "\n".join(f"P{n};{note};{3 + n - 2 * (n % 2)},5;{n % 2}" for n, note in enumerate(notes))
    assert len(usable(table(f"Paciente;Nota;SG (meses);Exitus\n{rows}"))) == 8
