"""The table is found wherever it stands in a sheet."""

import pytest

from intake.drafts import cohort, question, roles, said, sheets, table, usable
from intake.test_more_strangers import survival
from lib.intake.files.grid import Grid
from lib.intake.sheets.block import find_block

SIMPLE = (("Patient", "Age", "Arm"), ("P1", "50", "A"), ("P2", "60", "B"))


def block(*rows, **more):
    return find_block(Grid("Sheet", tuple(rows), **more))


def test_a_plain_table():
    found = block(*SIMPLE)
    assert found.header == (0,) and found.rows == (1, 2) and found.headings == ("Patient", "Age", "Arm")
    assert list(found.cells("Age")) == ["50", "60"]


def test_titles_above_and_notes_and_totals_below():
    wide = [("Patient", "Age", "Arm", "CRP")] + [(f"P{n}", str(50 + n), "A", "5") for n in range(5)]
    found = block(
        ("Our CAR-T patients",), (), ("as of May", None), *wide, (), ("Total", "5", None, None), ("* two were lost",)
    )
    assert found.header == (3,) and len(found.rows) == 5
    assert [reason for _, reason in found.left_out] == ["a total", "a note"]


def test_merged_headers_with_days_below():
    rows = (
        ("Patient", "Age", "Copies per µg", None, None),
        (None, None, "0", "7", "14"),
        ("P1", "50", "3", "4", "5"),
        ("P2", "51", "3", "4", "5"),
    )
    for merged in ((), ((1, 3, 1, 5),)):
        found = block(*rows, merged=merged)
        assert found.header == (0, 1) and found.rows == (2, 3)
        assert found.path("7") == ("Copies per µg", "7")


def test_one_heading_of_two_columns_without_merged_cells():
    head, data = ("Patient", "Arm", "Remission", None, "Age"), [(f"P{n}", "A", n, "CR", 50) for n in range(4)]
    found = block(head, (None, None, "Tag", "Best", None), *data)
    assert found.header == (0, 1) and found.path("Best") == ("Remission", "Best") and len(found.rows) == 4
    for other in ((None, None, "Tag", None, None), (None, None, 28, "PR", None), ("P9", None, "Tag", "Best", None)):
        assert block(head, other, *data).header == (0,), f"{other} is a row of data"


def test_a_row_of_units_becomes_part_of_the_names():
    found = block(("Patient", "Age", "Hb"), ("", "years", "g/dL"), ("P1", "50", "12.5"), ("P2", "61", "9.5"))
    assert found.headings == ("Patient", "Age (years)", "Hb (g/dL)") and found.rows == (2, 3)


def test_a_header_that_comes_again_and_blank_rows():
    found = block(*SIMPLE, (), SIMPLE[0], ("P3", "70", "A"))
    assert found.rows == (1, 2, 5) and found.left_out == ((4, "the header again"),)


def test_a_blank_column_has_no_name():
    assert block(("Patient", None, "Age"), ("P1", None, "5"), ("P2", None, "6")).headings == ("Patient", "", "Age")


def test_words_alone_are_data_not_a_second_header():
    found = block(
        ("id", "arm", "answer"), ("P1", "A", "good"), ("P2", "B", "bad"), ("P3", "A", "good"), ("P4", "B", "bad")
    )
    assert found.header == (0,) and len(found.rows) == 4


def test_sheets_without_a_table():
    assert block() is None
    assert block(("Read me",), ("one line",)) is None


def names_of(*first_cells):
    """Which of these stand as the last row's first cell and are taken for a total."""
    rows = [("Patient", "Age", "Arm", "CRP"), *((f"P{n}", "50", "A", "5") for n in range(5))]
    found = {cell: block(*rows, (cell, "5", None, None)).left_out for cell in first_cells}
    return [cell for cell, left in found.items() if left]


def test_a_patient_named_like_a_total_stays():
    totals = [
        "Total",
        "Total:",
        "Total (n)",
        "Mean age",
        "SD",
        "n = 5",
        "Median, range",
        "Summe",
        "合计 5",
        "Mean ± SD",
    ]
    assert names_of(*totals) == totals
    assert names_of("SD-001", "Sum 12", "n =", "N-04", "Mean-1", "Countess", "SD 3", "Total3") == []


def test_stated_header_rows_are_read_like_those_that_were_found():
    rows = (
        ("Patient", "Copies", None, None),
        (None, "7", "14", "28"),
        ("P1", "3", "4", "5"),
        ("P2", "3", "4", "5"),
        (),
        ("Total", "2", None, None),
    )
    grid = Grid("Sheet", rows, merged=((1, 2, 1, 4),))
    stated = find_block(grid, (0, 1))
    assert stated == find_block(grid)
    assert stated.headings == ("Patient", "7", "14", "28") and stated.path("28") == ("Copies", "28")
    assert stated.rows == (2, 3) and stated.left_out == ((5, "a total"),)


def repeated(heading, day="Day"):
    """Four patients with CRP on three days each."""
    rows = "\n".join(f"{n},5{n},{at},{10 * n + at + 1}" for n in range(1, 5) for at in (0, 3, 7))
    return table(f"{heading},Age,{day},CRP\n{rows}")


@pytest.mark.parametrize("heading", ["#", "lfd. Nr.", "No.", "N° d'inclusion", "Screening number"])
def test_a_number_that_comes_again_counts_patients_and_no_rows(heading):
    assert len(cohort(repeated(heading)).patients) == 4 and len(cohort(repeated(heading)).labs) == 12


def test_rows_at_days_without_a_patient_are_asked_about():
    assert question(repeated("Potilas"), "patient:s").is_blocking
    assert len(cohort(repeated("Potilas").answered("patient:s", "Potilas")).labs) == 12


def test_a_french_number_of_lines_is_no_name():
    assert roles(table("Patient,Nombre de lignes antérieures\nA,1\nB,2\nC,3"))["Nombre de lignes antérieures"] == (
        "patients.prior_lines"
    )
    assert roles(table("Paciente,Nombre del paciente\n1,Ana\n2,Eva\n3,Leo"))["Nombre del paciente"] == "private"


def test_a_dose_level_below_the_first_is_a_level_of_its_own():
    doses = cohort(table(survival("Dose level", ["DL-1", "DL1", "DL1", "DL2", "DL-1", "DL1", "DL2", "DL2"]))).patients
    assert doses["dose_level"].value_counts().to_dict() == {"DL1": 3, "DL2": 3, "DL-1": 2}


@pytest.mark.parametrize(("heading", "word"), [("Not evaluable", "1"), ("Exclusion reason", "withdrew")])
def test_reasons_to_leave_a_patient_out_are_asked_about(heading, word):
    draft = table(survival(heading, [word if n == 2 else "" for n in range(8)]))
    assert question(draft, f"exclude:s:{heading}").is_blocking


def test_a_numbered_day_beside_a_numbered_response():
    rows = "\n".join(f"P{n},{28 + n},PR,{90 + n},{'CR' if n % 2 else 'PD'}" for n in range(6))
    found = cohort(table(f"ID,day_1,response_1,day_2,response_2\n{rows}")).responses
    assert sorted(found["day"])[::6] == [28, 90] and len(found) == 12


@pytest.mark.parametrize("per", [7, 30.4375])
def test_times_of_adam_in_weeks_and_months_count_the_first_day_as_1_too(per):
    unit = "WEEKS" if per == 7 else "MONTHS"
    head = "USUBJID,PARAMCD,PARAM,AVAL,AVALU,CNSR,STARTDT,ADT"
    rows = "\n".join(f"S{n},OS,OS,{100 / per:.4f},{unit},{n % 2},2021-01-01,2021-04-10" for n in range(6))
    assert {round(time * per, 1) for time, _ in usable(table(f"{head}\n{rows}")).values()} == {99}


@pytest.mark.parametrize(
    "heads", ["CRP mg/L;LDH U/L", "CRP, mg/L;LDH, U/L", "CRP [mg/L];LDH [U/L]", "CRP in mg/L;LDH in U/L"]
)
def test_units_behind_a_test_without_brackets(heads):
    rows = "\n".join(f"P{n};{day};{n + day};{200 + n + day}" for n in range(4) for day in (0, 7))
    labs = cohort(table(f"Patient;Day;{heads}\n{rows}")).labs
    assert labs.groupby("test")["unit"].first().to_dict() == {"CRP": "mg/L", "LDH": "U/L"}


@pytest.mark.parametrize("heads", ["il6.d1.0300,il6.d1.1500", "IL6 D+1 (0300),IL6 D+1 (1500)"])
def test_times_of_day_in_four_digits(heads):
    assert sorted(set(cohort(table(f"ID,{heads}\nA,1,2\nB,3,4\nC,5,6")).labs["day"])) == [1.125, 1.625]


@pytest.mark.parametrize("last", ["Events,,,4", ",,7.5,4"])
def test_sums_below_the_patients_are_none(last):
    draft = table(survival("Age", range(50, 58), last))
    assert len(cohort(draft).patients) == 8 and len(usable(draft)) == 8 and "a total" in said(draft)


def test_codes_like_quartiles_are_patients():
    assert (
        len(cohort(table("\n".join(["ID,Age,OS months,Dead", *(f"Q{n},5{n},{n},1" for n in (0, 2, 1, 3))]))).patients)
        == 4
    )


def test_a_stray_quote_in_the_last_line_loses_nothing():
    lines = [
        "ID,Remark,OS months,Dead",
        *(f"P{n},text,{3 + n - 2 * (n % 2)},{n % 2}" for n in range(7)),
        'P7,"cut,20,0',
    ]
    assert len(usable(table("\n".join(lines)))) == 8


def test_a_limit_keeps_its_mark_before_a_unit():
    rows = "\n".join(
        f"P{n},{day},{'>100000 ng/mL' if n + day == 8 else 100 + n + day}" for n in range(4) for day in (0, 7)
    )
    labs = cohort(table(f"Patient,Day,Ferritin\n{rows}")).labs
    assert labs["above"].sum() == 1 and labs["value"].max() == 100000


@pytest.mark.parametrize("written", ["P{}_PB", "Study-P{}"])
def test_ids_with_a_specimen_or_a_study_around_them_are_asked_about(written):
    labs = "\n".join(f"{written.format(n)},{day},{n + day}" for n in range(4) for day in (0, 7))
    draft = sheets({"Clinical": "ID,Age\n" + "\n".join(f"P{n},5{n}" for n in range(4)), "CRP": f"ID,Day,CRP\n{labs}"})
    assert question(draft, "ids").is_blocking and len(cohort(draft.answered("ids", "same")).labs) == 8


@pytest.mark.parametrize(
    ("names", "heading", "days"),
    [
        (("Baseline", "Day 7", "Day 14"), "CRP (mg/L)", {7, 14}),
        (("D0", "D7", "D14"), "CAR copies/µg", {0, 7, 14}),
        (("Woche 2", "Woche 4"), "CRP (mg/L)", {14, 28}),
        (("Month 1", "Month 3"), "Response", {30.4375, 91.3125}),
    ],
)
def test_a_sheet_a_visit_is_one_table_on_the_days_of_their_names(names, heading, days):
    words = ["SD", "PR", "CR", "PD", "VGPR"] if heading == "Response" else ["11", "20", "35", "48", "60"]
    visits = {
        name: f"ID,{heading}\n" + "\n".join(f"P{n},{words[n + place]}" for n in range(3))
        for place, name in enumerate(names)
    }
    opened = cohort(sheets({"Clinical": "ID,Age\nP0,50\nP1,51\nP2,62"} | visits))
    (found,) = (table for table in (opened.labs, opened.kinetics, opened.responses) if len(table))
    assert set(found["day"].dropna()) == days and len(found) == 3 * len(names) and len(opened.patients) == 3
