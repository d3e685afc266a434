"""Sentinels, the order of dates, which of several rows counts, and cells and headings that were read wrong without a
word. Hand-worked."""

import datetime as dt
import math

import pandas as pd
import pytest

from intake.drafts import cohort, question, sheets, survival, table, usable
from lib.cohort.schema import ADVERSE_EVENTS, ENDPOINTS, LABS, RESPONSE_TABLE
from lib.intake.apply.patient_rows import one_row_each
from lib.intake.cells.dates import date_coder
from lib.intake.mapping import from_json, to_json


def read(order, *cells):
    code = date_coder(order, cells)
    return [code(cell).value or code(cell).problem for cell in cells]


@pytest.mark.parametrize(
    ("order", "cells", "expected"),
    [
        ("", ("13/04/2021", "03/04/2021"), [dt.date(2021, 4, 13), dt.date(2021, 4, 3)]),  # 13 settles the column
        ("", ("04/13/2021", "03/04/2021"), [dt.date(2021, 4, 13), dt.date(2021, 3, 4)]),
        ("", ("03.04.2021",), [dt.date(2021, 4, 3)]),  # dots: the day stands first
        ("", ("05/05/2021",), [dt.date(2021, 5, 5)]),  # either way the same
        ("day first", ("03/04/2021",), [dt.date(2021, 4, 3)]),
        ("month first", ("03/04/21", "03/04/75"), [dt.date(2021, 3, 4), dt.date(1975, 3, 4)]),
        (
            "",
            ("2021-04-03", "3 Apr 2021", "Mai 4, 2021", "44289", dt.datetime(2021, 4, 3, 8)),
            [dt.date(2021, 4, 3), dt.date(2021, 4, 3), dt.date(2021, 5, 4), dt.date(2021, 4, 3), dt.date(2021, 4, 3)],
        ),
    ],
)
def test_dates(order, cells, expected):
    assert read(order, *cells) == expected


def test_an_ambiguous_date_names_both_and_an_impossible_one_is_none():
    assert read("", "03/04/2021") == ['"03/04/2021" can be 2021-04-03 or 2021-03-04.']
    assert read("", "13/04/2021", "04/13/2021", "03/04/2021")[2].startswith(
        '"03/04/2021" can be'
    )  # the column contradicts itself
    assert read("day first", "31/02/2021", "sometime") == ['"31/02/2021" is not a date.', '"sometime" is not a date.']


def chosen(table, choice, columns, *rows):
    kept, findings = one_row_each(pd.DataFrame(rows, columns=columns), table, choice, "Sheet")
    return kept.values.tolist(), [finding.problem for finding in findings]


EVENT_COLUMNS = ["patient_id", "infusion", "term", "grade", "start_day"]
EVENTS = (
    ("P1", 1, "CRS", 1.0, 3.0),
    ("P1", 1, "CRS", 3.0, 1.0),
    ("P1", 1, "ICANS", 2.0, 2.0),
    ("P2", 1, "CRS", None, 4.0),
    ("P2", 1, "CRS", 2.0, 5.0),
)


@pytest.mark.parametrize(
    ("choice", "grades"),
    [("first", [3.0, 2.0, None]), ("last", [1.0, 2.0, 2.0]), ("worst", [3.0, 2.0, 2.0])],
)
def test_one_row_a_patient_and_term(choice, grades):
    kept, (note,) = chosen(ADVERSE_EVENTS, choice, EVENT_COLUMNS, *EVENTS)
    assert [None if math.isnan(row[3]) else row[3] for row in kept] == grades
    assert note.startswith("2 rows of Adverse events were left out") and f"the {choice} one counts" in note


def test_without_a_choice_or_repeats_nothing_is_left_out():
    assert len(chosen(ADVERSE_EVENTS, "", EVENT_COLUMNS, *EVENTS)[0]) == 5
    assert chosen(ADVERSE_EVENTS, "last", EVENT_COLUMNS, EVENTS[0], EVENTS[2])[1] == []


def test_the_worst_endpoint_is_the_earliest_event():
    columns = ["patient_id", "infusion", "endpoint", "time", "event"]
    rows = (
        ("P1", 1, "pfs", 9.0, 1.0),
        ("P1", 1, "pfs", 4.0, 1.0),
        ("P1", 1, "pfs", 2.0, 0.0),
        ("P2", 1, "pfs", 5.0, 0.0),
        ("P2", 1, "pfs", 3.0, 0.0),
    )
    kept, _ = chosen(ENDPOINTS, "worst", columns, *rows)
    assert [row[3] for row in kept] == [4.0, 3.0]


def test_the_worst_response_and_the_worst_laboratory_grade():
    columns = ["patient_id", "infusion", "day", "response"]
    rows = (("P1", 1, 28.0, "CR"), ("P1", 1, 90.0, "PD"), ("P1", 1, 60.0, "NE"))
    assert chosen(RESPONSE_TABLE, "worst", columns, *rows)[0][0][3] == "PD"
    columns = ["patient_id", "infusion", "day", "visit", "test", "value", "grade"]
    rows = (
        ("P1", 1, 7.0, None, "ANC", 0.2, 4.0),
        ("P1", 1, 7.0, None, "ANC", 0.9, 3.0),
        ("P1", 1, 8.0, None, "ANC", 0.9, 3.0),
    )
    assert [row[5] for row in chosen(LABS, "worst", columns, *rows)[0]] == [0.2, 0.9]  # each day by itself


def test_rows_without_days_count_in_the_order_of_the_sheet():
    columns = ["patient_id", "infusion", "term", "grade", "start_day"]
    rows = (("P1", 1, "CRS", 1.0, None), ("P1", 1, "CRS", 2.0, 3.0))
    assert chosen(ADVERSE_EVENTS, "last", columns, *rows)[0][0][3] == 2.0


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
