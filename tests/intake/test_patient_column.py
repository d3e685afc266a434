"""Which column is the patient: by name and values together; the same patients under two ids."""

import openpyxl
import pytest

from intake.drafts import answered, case, cohort, open_ids, question, roles, said, table
from lib.intake.cells.meanings import canonical, one_spelling_of_ids
from lib.intake.draft import read_draft
from lib.intake.files.grid import SourceFile
from lib.intake.mapping import IdRule, from_json, to_json


def workbook(tmp_path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "w.xlsx"
    book.save(path)
    return read_draft([SourceFile("w.xlsx", path.read_bytes())])


def test_a_trial_that_repeats_is_no_patient_beside_a_unique_code():
    draft = case("k1.xlsx")
    assert roles(draft)["PDID"] == "patients.patient_id" and roles(draft)["Study"] == "patients.covariate"
    assert cohort(draft).n == 12 and "patient:Sheet1" not in open_ids(draft)


def test_several_rows_a_patient_under_a_short_heading():
    draft = case("k2.xlsx")
    opened = cohort(draft)
    assert opened.n == 4 and not draft.open_questions
    assert len(opened.tables["labs"]) == 12 and set(opened.tables["labs"]["test"]) == {"CRP"}
    events = opened.tables["adverse_events"]
    assert (
        list(events["term"]) == ["CRS"] * 4
        and list(events["grade"]) == [2] * 4
        and list(events["start_day"]) == [1] * 4
    )


def test_the_patients_id_with_an_apostrophe():
    opened = cohort(case("32b_patients_id.csv"))
    crs = opened.tables["adverse_events"].query("term == 'CRS'")
    arms = opened.patients.set_index("patient_id")["arm"]
    assert opened.n == 6 and dict(arms.value_counts()) == {"A": 3, "B": 3}
    assert dict(crs.groupby(crs["patient_id"].map(arms))["patient_id"].nunique()) == {"A": 3, "B": 2}


HEADINGS = [
    "SID",
    "Randomized ID",
    "Patient’s ID",
    "Patient Barcode",
    "Code",
    "Subject no.",
    "Case",
    "UPN",
    "Pat.-Nr.",
    "Nº paciente",
    "患者编号",
    "N° patient",
    "Patientennummer",
    "Codice paziente",
    "Patiëntnummer",
    "症例番号",
    "Identifiant patient",
    "Record ID",
    "Screening number",
    "Fall-Nr",
    "bcr_patient_barcode",
]
WITH_A_LETTER = ["AB-01", "AB-02", "AB-03", "AB-04", "AB-05"]


@pytest.mark.parametrize(
    ("heading", "ids"),
    [
        *((each, "12345") for each in HEADINGS),
        *((each, WITH_A_LETTER) for each in ("Code", "Case", "患者编号", "Fall-Nr")),
    ],
)
def test_headings_of_ids_with_several_rows_a_patient(heading, ids):
    rows = "\n".join(f"{patient},{event},{grade}" for patient in ids for event, grade in (("CRS", 1), ("Fever", 2)))
    draft = table(f"{heading},Adverse event,Grade\n{rows}")
    assert roles(draft)[heading] == "patients.patient_id"
    assert cohort(draft).n == 5 and not draft.open_questions


@pytest.mark.parametrize("heading", ["Site ID", "Sample volume", "Code of therapy", "Covid", "Age", "Valid"])
def test_what_is_only_nearly_named_like_an_id_is_none(heading):
    draft = table(
        f"Patient,{heading},OS months,Dead\n" + "\n".join(f"P{n},{50 + n % 3},{n + 1},{n % 2}" for n in range(9))
    )
    assert roles(draft)["Patient"] == "patients.patient_id" and cohort(draft).n == 9


def test_two_columns_that_could_be_the_patient_are_asked_about():
    rows = "\n".join(f"C{n % 3},K{n % 4},{n},{n % 2}" for n in range(12))
    draft = table(f"Code,Case,OS months,Dead\n{rows}")
    asked = question(draft, "patient:s")
    assert asked.is_blocking and [each.key for each in asked.choices] == ["Code", "Case", "none"]
    assert "3 patients" in asked.choices[0].label and "4 patients" in asked.choices[1].label
    assert cohort(answered(draft, {"patient:s": "Case"})).n == 4
    assert cohort(answered(draft, {"patient:s": "none"})).n == 12


def test_a_second_code_that_says_the_same_is_not_asked_about():
    rows = "\n".join(f"P{n},{100 + n},{n + 1},{n % 2}" for n in range(12))
    assert "patient:s" not in open_ids(table(f"Patient,Code,OS months,Dead\n{rows}"))


def test_codes_without_a_name_are_proposed_and_asked_about():
    rows = "\n".join(f"HD-{n:03},{n + 1},{n % 2},A" for n in range(12))
    asked = question(table(f"Zuordnung,OS months,Dead,Arm\n{rows}"), "patient:s")
    assert asked.is_blocking and asked.chosen == "Zuordnung"


def test_the_column_that_stands_in_the_other_sheet_too_is_the_patient(tmp_path):
    draft = workbook(
        tmp_path,
        {
            "Basis": [["Patient", "Age", "Arm"], *([f"P{n}", 50 + n, "AB"[n % 2]] for n in range(6))],
            "Tox": [
                ["Sample code", "Who", "Adverse event", "Grade"],
                *([f"S{n}", f"P{n % 6}", "CRS", 1 + n % 3] for n in range(12)),
            ],
        },
    )
    assert roles(draft)["Who"] == "patients.patient_id" and cohort(draft).n == 6


def test_the_same_patients_with_a_suffix_are_asked_about():
    draft = case("k4.xlsx")
    asked = question(draft, "ids")
    assert asked.is_blocking and '"Pat01_1" and "Pat01"' in asked.sentence and "6 of 6" in asked.sentence
    assert cohort(draft).n == 6 and draft.mapping.ids == IdRule(strip_suffix="_1")
    assert 'as "Pat01"' in said(draft)
    assert from_json(to_json(draft.mapping)).ids == draft.mapping.ids
    assert cohort(answered(draft, {"ids": "different"})).n == 12


@pytest.mark.parametrize(
    "theirs",
    [
        ["pat01", "pat02", "pat03", "pat04"],
        ["PAT 01", "PAT 02", "PAT 03", "PAT 04"],
        ["Pat-1", "Pat-2", "Pat-3", "Pat-4"],
        ["Pat1", "Pat2", "Pat3", "Pat4"],
        ["Pat01-2", "Pat02-1", "Pat03-1", "Pat04-2"],
        ["Pat01 d28", "Pat02 d28", "Pat03 d28", "Pat04 d28"],
        ["Pat01 (BM)", "Pat02 (BM)", "Pat03 (BM)", "Pat04 (PB)"],
        ["Pat01a", "Pat02a", "Pat03b", "Pat04a"],
        ["Pat01_baseline", "Pat02_baseline", "Pat03_baseline", "Pat04_baseline"],
    ],
)
def test_other_spellings_of_the_same_patients(tmp_path, theirs):
    sheets = {
        "Base": [["Patient", "Age", "Sex"], *([f"Pat0{n}", 50 + n, "FM"[n % 2]] for n in range(1, 5))],
        "Tox": [["Patient", "Adverse event", "Grade"], *([each, "CRS", 1] for each in theirs)],
    }
    draft = workbook(tmp_path, sheets)
    assert question(draft, "ids").is_blocking and cohort(draft).n == 4
    assert set(cohort(draft).tables["adverse_events"]["patient_id"]) == {"Pat01", "Pat02", "Pat03", "Pat04"}


def two_spellings(folder, ours, *theirs):
    """A sheet of patients, and sheets of adverse events in which they are written otherwise."""
    tox = {
        f"Tox{n}": [["Patient", "Adverse event", "Grade"], *([each, "CRS", 1] for each in ids)]
        for n, ids in enumerate(theirs)
    }
    base = [["Patient", "Age", "Sex"], *([each, 50 + n, "FM"[n % 2]] for n, each in enumerate(ours))]
    return workbook(folder, {"Base": base, **tox})


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (["P01", "P02", "P03", "P04"], [1, 2, 3, 4]),
        ([1, 2, 3, 4], ["P01", "P02", "P03", "P04"]),
        (["Pat 1", "Pat 2", "Pat 3", "Pat 4"], ["001", "002", "003", "004"]),
        (["CART-01", "CART-02", "CART-03", "CART-04"], [1, 2, 3, 4]),
        (["UPN12", "UPN13", "UPN14", "UPN15"], ["Pat 12", "Pat 13", "Pat 14", "Pat 15"]),
    ],
)
def test_ids_that_share_their_numbers_are_asked_about(tmp_path, ours, theirs):
    draft = two_spellings(tmp_path, ours, theirs)
    asked = question(draft, "ids")
    assert asked.is_blocking and asked.chosen == "same" and "4 of 4" in asked.sentence

    def joined(reported) -> set[str]:
        return set(cohort(reported).adverse_events["patient_id"]) & set(map(str, ours))

    assert joined(draft) == joined(draft.with_saved(from_json(to_json(draft.mapping)))) == set(map(str, ours))
    assert not joined(answered(draft, {"ids": "different"}))


def test_numbers_in_several_sheets_are_asked_about_once(tmp_path):
    draft = two_spellings(tmp_path, ["P01", "P02", "P03"], [1, 2, 3], ["Pat 1", "Pat 2", "Pat 9"])
    asked = question(draft, "ids")
    assert '"Tox0" and "Tox1"' in asked.sentence and "5 of 6" in asked.sentence and asked.chosen == ""


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (["A01", "A02", "A03"], ["B01", "B02", "B03"]),
        (["P01", "P02", "P03"], [11, 12, 13]),
        (["A01", "B01", "C02"], [1, 2, 3]),
    ],
)
def test_numbers_that_may_be_of_others_are_not_offered(tmp_path, ours, theirs):
    assert question(two_spellings(tmp_path, ours, theirs), "ids") is None


def test_102_and_102_0_in_two_sheets(tmp_path):
    sheets = {
        "Base": [["Patient", "Age", "Sex"], *([n, 50, "F"] for n in (101, 102, 103, 104))],
        "Tox": [["Patient", "Adverse event", "Grade"], *([f"{n}.0", "CRS", 1] for n in (101, 102, 103, 104))],
    }
    draft = workbook(tmp_path, sheets)
    assert question(draft, "ids") and cohort(draft).n == 4


def test_a_rule_that_would_make_one_of_two_patients_is_never_offered(tmp_path):
    sheets = {
        "Base": [["Patient", "Age", "Sex"], *([each, 50, "F"] for each in ("P1_1", "P1_2", "P2_1", "P2_2"))],
        "Tox": [["Patient", "Adverse event", "Grade"], ["P1", "CRS", 1], ["P2", "CRS", 1]],
    }
    assert question(workbook(tmp_path, sheets), "ids") is None


def test_canonical_ids():
    assert canonical("Pat 01", IdRule(casefold=True, zero_pad=1)) == canonical(
        "pat-1", IdRule(casefold=True, zero_pad=1)
    )
    assert canonical("P1", IdRule(zero_pad=3)) == "P001" and canonical("x", IdRule(pairs={"x": "P7"})) == "P7"
    assert canonical("_1", IdRule(strip_suffix="_1")) == "_1"
    assert one_spelling_of_ids(["P01", "p01", "P2"], IdRule(casefold=True)) == {"P01": "P01", "p01": "P01", "P2": "P2"}


@pytest.mark.parametrize("heading", ["MRN", "Hospital number", "Fallnummer", "住院号", "Case number"])
def test_a_record_number_is_asked_about_where_nothing_else_names_the_patients(heading):
    rows = "\n".join(f"{7000 + n},{event},{grade}" for n in range(5) for event, grade in (("CRS", 1), ("Fever", 2)))
    draft = table(f"{heading},Adverse event,Grade\n{rows}")
    asked = question(draft, "patient:s")
    assert asked.is_blocking and asked.chosen == "" and "7001" not in str(draft.suggestion)
    assert cohort(answered(draft, {"patient:s": heading})).n == 5
    flat = table(f"{heading},OS months,Dead\n" + "\n".join(f"{7000 + n},{n + 1},{n % 2}" for n in range(9)))
    assert question(flat, "patient:s") is None and cohort(flat).n == 9
