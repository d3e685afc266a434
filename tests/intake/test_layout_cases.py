"""The small files of tests/intake/cases whose tables stand in unusual places, and neighbours of each kind."""

from pathlib import Path

import pytest
from in_process import in_process

from intake.layouts import book, curve, draft_of, opened
from lib.intake.draft import Draft, read_draft
from lib.intake.files.grid import SourceFile

CASES = Path(__file__).parent / "cases"
MEASURES = ("test", "day", "unit")


@pytest.fixture(autouse=True)
def _read_here():
    with in_process():
        yield


def case(name: str) -> Draft:
    return draft_of((CASES / name).read_bytes(), name)


def reported(draft: Draft) -> str:
    return "\n".join(finding.sentence() for finding in opened(draft).findings)


def labs(draft: Draft) -> dict[tuple[object, ...], list[float]]:
    """Values by test, day and unit."""
    rows = opened(draft).tables["labs"]
    return {key: list(part["value"]) for key, part in rows.groupby(list(MEASURES), dropna=False, sort=True)}


def test_lines_that_begin_with_a_hash_are_comments():
    draft = case("k3.txt")
    assert len(opened(draft).patients) == 8 and opened(draft).tables["endpoints"]["event"].sum() == 2
    assert reported(draft).count("taken for a comment") == 4


def test_missing_words_of_cbioportal():
    cohort = opened(case("06_cbioportal.txt"))
    rows = cohort.tables["endpoints"]
    usable = rows[(rows["endpoint"] == "os") & (rows["problem"].fillna("") == "") & rows["time"].notna()]
    assert (len(cohort.patients), len(usable), usable["event"].sum()) == (10, 9, 4)
    assert cohort.patients["sex"].isna().sum() == 1
    assert not any("[Not" in str(cell) for column in cohort.patients for cell in cohort.patients[column])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "#Study of May\n#Version 2\nPatient\tOS months\tDead\nP1\t3\t1\nP2\t9\t0\nP3\t5\t1\n",
            id="two lines of remarks",
        ),
        pytest.param("#Patient\tOS months\tDead\nP1\t3\t1\nP2\t9\t0\nP3\t5\t1\n", id="the header itself"),
        pytest.param(
            "\n# made by hand\n\nPatient\tOS months\tDead\nP1\t3\t1\nP2\t9\t0\nP3\t5\t1\n", id="among empty lines"
        ),
    ],
)
def test_hashes_above_a_table(text):
    draft = draft_of(text, "data.txt")
    assert curve(opened(draft))[:2] == (3, 2) and len(opened(draft).patients) == 3


def test_samples_of_cbioportal_join_their_patients():
    patients = (
        "#Patient\tMonths\tStatus\n#id\tx\ty\n#STRING\tNUMBER\tSTRING\n#1\t1\t1\nPATIENT_ID\tOS_MONTHS\tOS_STATUS\n"
    )
    patients += "A-1\t3\t1:DECEASED\nA-2\t9\t0:LIVING\nA-3\t5\t1:DECEASED\n"
    samples = (
        "#Patient\tSample\tType\n#id\tid\ttype\n#STRING\tSTRING\tSTRING\n#1\t1\t1\nPATIENT_ID\tSAMPLE_ID\tSAMPLE_TYPE\n"
    )
    samples += "A-1\tA-1-01\tPrimary\nA-2\tA-2-01\tPrimary\nA-3\tA-3-01\tMetastasis\n"
    cohort = opened(draft_of(patients, "data_clinical_patient.txt", ("data_clinical_sample.txt", samples)))
    assert len(cohort.patients) == 3 and curve(cohort)[:2] == (3, 2)
    assert list(cohort.patients["sample_type"]) == ["Primary", "Primary", "Metastasis"]


def test_bands_of_days_above_tests():
    found = labs(case("k7.xlsx"))
    assert set(found) == {
        (test, day, unit) for test, unit in (("CRP", "mg/L"), ("Ferritin", "ug/L")) for day in (0.0, 7.0)
    }
    assert found["CRP", 7.0, "mg/L"] == [9, 18, 27, 36, 45, 54]


@pytest.mark.parametrize(
    "bands",
    [
        ("D+0", "D+7", "D+14"),
        ("Tag 0", "Tag 7", "Tag 14"),
        ("Week 0", "Week 1", "Week 2"),
        ("Jour 0", "Jour 7", "Jour 14"),
        ("第0天", "第7天", "第14天"),
        ("0 days post infusion", "7 days post infusion", "14 days post infusion"),
    ],
)
def test_bands_of_days_in_other_words(bands):
    first, second, third = bands
    rows = [(None, first, None, second, None, third, None), ("ID", *(("LDH (U/L)", "CRP (mg/L)") * 3))]
    rows += [(f"P{n}", *(n * 10 + day for day in range(6))) for n in range(1, 7)]
    found = labs(draft_of(book({"Labs": rows}, merged={"Labs": ["B1:C1", "D1:E1", "F1:G1"]})))
    assert {key[:2] for key in found} == {(test, day) for test in ("LDH", "CRP") for day in (0.0, 7.0, 14.0)}
    assert found["CRP", 14.0, "mg/L"] == [15, 25, 35, 45, 55, 65]


def test_units_in_bands_part_two_series():
    rows = opened(case("k16.xlsx")).tables["kinetics"]
    assert rows.groupby("unit").size().to_dict() == {"copies/1000 cells": 12, "copies/µg DNA": 12}
    assert rows[(rows["unit"] == "copies/1000 cells") & (rows["day"] == 7)]["value"].tolist() == [
        60,
        120,
        180,
        240,
        300,
        360,
    ]


def test_two_series_without_a_unit_are_told_apart_by_their_names():
    rows = [("patient_id", "blood copies d7", "blood copies d14", "marrow copies d7", "marrow copies d14")]
    rows += [(f"P{n}", n, n * 2, n * 100, n * 200) for n in range(1, 7)]
    found = opened(draft_of(book({"PCR": rows}))).tables["kinetics"]
    assert len(found) == 24 and found["assay"].nunique() == 2
    assert not (found[["patient_id", "day", "assay"]].duplicated()).any()


def test_sets_of_columns():
    found = opened(case("k17.csv")).tables["responses"]
    assert found.groupby("visit").size().to_dict() == {"scan 1": 8, "scan 2": 4}
    assert found[found["visit"] == "scan 2"]["day"].tolist() == [91, 93, 95, 97]


@pytest.mark.parametrize(
    "head",
    [
        ("Patient ID", "Infusion date", "Date of response 1", "Response 1", "Date of response 2", "Response 2"),
        (
            "Patient ID",
            "Infusion date",
            "assessment1_date",
            "assessment1_response",
            "assessment2_date",
            "assessment2_response",
        ),
        (
            "Pat.-Nr.",
            "Infusionsdatum",
            "Staging 1 Datum",
            "Staging 1 Ansprechen",
            "Staging 2 Datum",
            "Staging 2 Ansprechen",
        ),
    ],
)
def test_sets_of_dates_and_responses(head):
    rows = [head] + [
        (f"P{n}", "2022-01-01", "2022-01-29", "PR", "2022-03-02" if n % 2 else None, "CR" if n % 2 else None)
        for n in range(1, 9)
    ]
    found = opened(draft_of(book({"Data": rows}))).tables["responses"]
    assert found["day"].value_counts().to_dict() == {28.0: 8, 60.0: 4}
    assert found["response"].value_counts().to_dict() == {"PR": 8, "CR": 4}


def test_a_time_of_day_in_a_heading():
    found = labs(case("k6.xlsx"))
    days = sorted(key[1] for key in found)
    assert days == pytest.approx([0, 1 + 3 / 24, 1 + 8 / 24, 1 + 15 / 24, 2], abs=1e-5)


@pytest.mark.parametrize(
    ("headings", "days"),
    [
        (("crp_d0", "crp_d1_0600", "crp_d1_1800"), [0, 1.25, 1.75]),
        (("IL-6 day 0", "IL-6 day 1 06:00", "IL-6 day 1 18:00"), [0, 1.25, 1.75]),
        (("crp d-1", "crp d0", "crp d14"), [-1, 0, 14]),
        (("CRP (d0)", "CRP (d7)", "CRP (d14)"), [0, 7, 14]),
        (("IL-6 (day 0)", "IL-6 (day 1, 06:00)", "IL-6 (day 1, 18:00)"), [0, 1.25, 1.75]),
        (("ferritin_6h", "ferritin_12h", "ferritin_24h"), [0.25, 0.5, 1]),
    ],
)
def test_times_in_headings(headings, days):
    rows = [("patient_id", *headings)] + [(f"P{n}", n, n + 1, n + 2) for n in range(1, 7)]
    assert sorted(key[1] for key in labs(draft_of(book({"labs": rows})))) == days


def test_a_code_of_four_digits_is_no_day():
    rows = [("patient_id", "crp_0300", "crp_0800", "crp_1500")] + [(f"P{n}", n, n + 1, n + 2) for n in range(1, 7)]
    found = opened(draft_of(book({"labs": rows}))).tables["labs"]
    assert not found["day"].isin([300, 800]).any()


def test_a_column_without_a_heading():
    draft = case("k8.csv")
    (guess,) = [each for each in draft.suggestion.guesses if each.column == "column 3 (no heading)"]
    assert guess.examples == ("12.5", "25", "37.5", "50") and "This column has no heading" in reported(draft)
    assert opened(draft).patients["column_3"].tolist() == [12.5, 25, 37.5, 50]


def test_cells_merged_downwards():
    cohort = opened(case("23_merged_down.xlsx"))
    arms = dict(zip(cohort.patients["patient_id"], cohort.patients["arm"], strict=True))
    assert [arms[f"P{n}"] for n in range(1, 9)] == ["POM"] * 5 + ["Ctrl"] * 3
    events = cohort.tables["adverse_events"]
    assert set(events[events["term"] == "CRS"]["patient_id"]) == {"P1", "P2", "P3", "P7"} and len(events) == 9


def test_rows_that_are_merged_for_their_height_alone_are_one():
    rows = [("patient_id", "age_years"), ("P1", 50), (None, None), ("P2", 60), (None, None)]
    areas = ["A2:A3", "B2:B3", "A4:A5", "B4:B5"]
    assert len(opened(draft_of(book({"Patients": rows}, merged={"Patients": areas}))).patients) == 2


def test_equal_headings_keep_their_own_values():
    patients = opened(case("34_same_heading.csv")).patients
    assert sorted(patients[name].median() for name in patients if name.startswith("crp")) == [22.5, 27, 31.5]


def test_headings_that_differ_in_brackets():
    patients = opened(case("34_il6_baseline_peak.csv")).patients
    medians = {name: patients[name].median() for name in patients if name.startswith("il_6")}
    assert medians == {"il_6_baseline": 17.5, "il_6_peak": 2100, "il_6_discharge": 24.5}


def test_summary_rows_are_left_out_and_told():
    draft = case("40a_summary_rows.xlsx")
    assert len(opened(draft).patients) == 10 and reported(draft).count("a total") == 3


@pytest.mark.parametrize(
    "words",
    [
        ("Mittelwert", "Median", "Spannweite"),
        ("Moyenne", "Médiane", "Étendue"),
        ("Media", "Mediana", "Rango"),
        ("平均", "中央値", "範囲"),
        ("N", "Mean (SD)", "Median (IQR)"),
        ("Min", "Max", "SD"),
    ],
)
def test_summary_rows_in_other_words(words):
    rows = [("Pat. Nr.", "Age", "OS months", "Dead"), *((f"C{n}", 50 + n, n * 2, n % 2) for n in range(1, 11))]
    rows += [(word, 55.5, 11, None) for word in words]
    draft = draft_of(book({"a": rows}))
    assert len(opened(draft).patients) == 10 and reported(draft).count("a total") == 3


def test_a_test_called_total_is_data():
    rows = [("Test", "patient_id", "day", "value")]
    rows += [(test, f"P{n}", 0, n + 60) for test in ("Albumin", "Total protein") for n in range(1, 6)]
    patients = [("patient_id", "age_years"), *((f"P{n}", 50 + n) for n in range(1, 6))]
    assert len(opened(draft_of(book({"Patients": patients, "Labs": rows}))).tables["labs"]) == 10


def test_titles_of_groups():
    draft = case("40c_summary_rows.xlsx")
    cohort = opened(draft)
    assert len(cohort.patients) == 10
    assert cohort.patients["arm"].value_counts().to_dict() == {
        "Cohort A (dose level 1)": 5,
        "Cohort B (dose level 2)": 5,
    }
    assert any(question.columns == ("Group (title rows)",) for question in draft.suggestion.questions)


def test_one_test_with_dates():
    cohort = opened(case("k18.csv"))
    found = cohort.tables["labs"]
    assert set(found["test"]) == {"ANC"} and len(found) == 15 and len(cohort.patients) == 3
    assert found[found["patient_id"] == "2"]["day"].tolist() == [0, 2, 4, 6, 8]


@pytest.mark.parametrize(
    "head",
    [("Patient ID", "Infusion date", "Date", "Ferritin (µg/L)"), ("Pat.-Nr.", "Infusionsdatum", "Datum", "Ferritin")],
)
def test_one_other_test_with_dates(head):
    rows = [head] + [
        (f"P{n}", "2022-01-01", f"2022-01-{1 + 7 * k:02d}", n * 100 + k) for n in range(1, 5) for k in range(3)
    ]
    found = opened(draft_of(book({"x": rows}))).tables["labs"]
    assert len(found) == 12 and sorted(set(found["day"])) == [0, 7, 14]


def test_a_band_of_baseline_beside_bands_of_days():
    rows = [(None, "Baseline", None, "Day 7", None, "Day 14", None), ("ID", *(("CRP (mg/L)", "LDH (U/L)") * 3))]
    rows += [(f"P{n}", *(n * 10 + day for day in range(6))) for n in range(1, 7)]
    found = opened(draft_of(book({"Labs": rows}, merged={"Labs": ["B1:C1", "D1:E1", "F1:G1"]}))).tables["labs"]
    assert len(found) == 36 and len(found[found["visit"] == "Baseline"]) == 12
    assert found[found["visit"] == "Baseline"]["day"].isna().all()


def test_two_methods_in_bands_are_two_series():
    rows = [(None, "ddPCR (copies/µg DNA)", None, "Flow (cells/µL)", None), ("ID", "D7", "D14", "D7", "D14")]
    rows += [(f"P{n}", n * 1000, n * 500, n, n * 2) for n in range(1, 7)]
    found = opened(draft_of(book({"PCR": rows}, merged={"PCR": ["B1:C1", "D1:E1"]}))).tables["kinetics"]
    assert found.groupby("unit").size().to_dict() == {"cells/µL": 12, "copies/µg DNA": 12}
    assert found[(found["unit"] == "cells/µL") & (found["day"] == 14)]["value"].tolist() == [2, 4, 6, 8, 10, 12]


@pytest.mark.parametrize("codes", [list("abcdefghijklmn"), ["AB", "CD", "EF", "GH", "SD"]])
def test_a_patient_whose_code_is_also_the_word_of_a_total_is_a_patient(codes):
    rows = [f"{code},{50 + place},{'yes' if place % 2 else 'no'}" for place, code in enumerate(codes)]
    cohort = read_draft([SourceFile("a.csv", "\n".join(["patient_id,age_years,emd", *rows]).encode())]).opened
    assert list(cohort.patients["patient_id"]) == codes


def test_a_total_below_codes_of_other_lengths_is_none_of_them():
    rows = ["P01,50,no", "P02,60,yes", "P03,55,no", "n,3,3"]
    cohort = read_draft([SourceFile("a.csv", "\n".join(["patient_id,age_years,emd", *rows]).encode())]).opened
    assert list(cohort.patients["patient_id"]) == ["P01", "P02", "P03"]
