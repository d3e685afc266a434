"""Every filled cell of a workbook is read, kept as a covariate, no value, told as unreadable, or left out with a
reason."""

from pathlib import Path

import pytest
from in_process import grids as grids_of
from workbooks import DATA, read, text_table, xlsx

from intake.accounting import unbalanced, untold
from intake.test_mutations import good
from lib.intake.draft import read_files
from lib.intake.files.grid import SourceFile
from lib.intake.files.limits import Unsafe
from lib.intake.mapping import Mapping, Reading, SheetMapping, from_json

TESTS = Path(__file__).parents[1]
NO_WORKBOOKS = (".json", ".md", ".R", ".py", ".txt.json")
FILES = [
    path
    for folder in (TESTS / "public_data", TESTS / "intake" / "cases", DATA)
    if folder.is_dir()
    for path in sorted(folder.iterdir())
    if path.is_file() and path.suffix in (".csv", ".xlsx", ".xls", ".txt")
]
FLAT = [
    ["id", "arm", "LDH", "", "Note", "Surname", "LDH"],
    ["A1", "x", 210, "seen", "a first long sentence", "Meier", 1],
    ["A2", "y", "high", "", "another long sentence", "Huber", 2],
    ["A3", "y", "n/a", "twice", "yet another sentence", "Maier", 3],
    ["A4", "x", 190, "", "the last long sentence", "Moser", 4],
    ["A5", "x", 230, "", "it is not the last one", "Mayr", 5],
    ["Total", 5],
]


def columns(cohort):
    return {each.letter: each for each in cohort.account.columns}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_cell_of_every_file_is_accounted_for(path):
    file = SourceFile(path.name, path.read_bytes())
    grids = grids_of((file,))
    try:
        cohort = read_files([file])
    except Unsafe as refusal:  # a file without a patient, such as the empty template
        assert "no patient" in str(refusal) or "No table of patients" in str(refusal)
        return
    assert unbalanced(grids, cohort.account) == [] and untold(cohort) == []


@pytest.mark.parametrize("path", sorted((TESTS / "mappings").iterdir()), ids=lambda path: path.name)
def test_every_cell_is_accounted_for_under_a_mapping(path):
    workbook = TESTS / "public_data" / path.name.removesuffix(".json")
    file = SourceFile(workbook.name, workbook.read_bytes())
    grids, cohort = grids_of((file,)), read_files([file], from_json(path.read_text(encoding="utf-8")))
    assert unbalanced(grids, cohort.account) == [] and untold(cohort) == []


def test_the_account_of_a_small_sheet_by_hand():
    cohort = read({"Patients": FLAT})
    of = columns(cohort)
    assert [of["A"].filled, of["A"].read, of["A"].heading_cells, of["A"].left_out] == [7, 5, 1, 1]
    assert "a total" in of["A"].why
    ldh = of["C"]
    assert (ldh.covariate, ldh.unreadable, ldh.no_value, ldh.heading_cells) == (3, 1, 1, 1)
    assert of["D"].covariate == 2 and of["D"].heading == "column 4 (no heading)"
    assert any(each.column == "D" and "no heading" in each.problem for each in cohort.findings)
    assert of["E"].left_out == 5 and "another text" in of["E"].why
    assert of["F"].left_out == 5 and "on purpose: as a name" in of["F"].why
    (sheet,) = cohort.account.sheets
    assert (sheet.rows, sheet.heading_rows, sheet.read, sheet.left_out) == (7, 1, 5, 1)


def test_what_is_said_to_be_read_stands_in_the_cohort():
    cohort = read(good())
    by_became = {each.became: each for each in cohort.account.columns}
    for table, column in (
        ("kinetics", "value"),
        ("adverse_events", "grade"),
        ("responses", "response"),
        ("states", "state"),
    ):
        frame = cohort.tables[table]
        sheet = next(
            each
            for name, each in by_became.items()
            if name.endswith(f": {column}") and table.replace("_", " ") == each.sheet.casefold()
        )
        n = (
            frame[column].notna().sum() + (frame["below"] & frame[column].isna()).sum()
            if "below" in frame
            else frame[column].notna().sum()
        )
        assert sheet.read == n > 0


def test_rows_that_are_set_aside_are_no_longer_read():
    rows = [["patient_id", "arm"], ["P1", "A"], ["P2", "B"], [None, "B"]]
    labs = [["patient_id", "day", "test", "value"], ["P1", 1, "CRP", 3], ["P9", 1, "CRP", 4]]
    cohort = read({"Patients": rows, "Labs": labs})
    assert {each.heading: (each.read, each.left_out) for each in cohort.account.columns} == {
        "patient_id": (1, 1),
        "arm": (2, 1),
        "day": (1, 1),
        "test": (1, 1),
        "value": (1, 1),
    }
    reported = {each.sheet: each.why for each in cohort.account.columns if each.left_out}
    assert "set aside" in reported["Labs"] and reported["Patients"] == "1 cell: a note"
    assert any(each.row == 4 and "left out: a note" in each.problem for each in cohort.findings)


def test_a_sheet_that_is_not_read_says_why():
    other = [["what", "ever"], ["x", 1], ["y", 2]]
    cohort = read(
        {"Patients": [["patient_id", "arm"], ["P1", "A"]], "Old": [["patient_id", "arm"], ["P7", "B"]], "Other": other},
        hidden=["Old"],
    )
    why = {each.sheet: each.why for each in cohort.account.sheets}
    assert "hidden" in why["Old"] and why["Other"] and not why["Patients"]


def test_rows_that_a_mapping_leaves_out_and_columns_that_it_does_not_name():
    mapping = Mapping(
        (SheetMapping("s", (Reading("patients", {"patient_id": "ID"}, keep={"Arm": ("A",)}, extras=("Age",)),)),)
    )
    rows = [["ID", "Arm", "Age", "Other"], ["P1", "A", 50, "u"], ["P2", "B", 60, "v"]]
    cohort = read_files([SourceFile("s.csv", text_table(rows))], mapping)
    of = columns(cohort)
    assert (
        (of["A"].read, of["A"].left_out) == (1, 1)
        and of["B"].read == 2
        and of["B"].became == "chooses the rows that are read"
    )
    assert (of["C"].covariate, of["C"].left_out) == (1, 1) and of["D"].left_out == 2 and "mapping" in of["D"].why


def test_table_csv_and_json_say_the_same():
    account = read({"Patients": [*FLAT[:-1], ["A6", "x", "=1+1"]]}).account
    table = account.table()
    assert len(table) == len(account.columns) == 7 and table["Read"].sum() == account.total("read")
    assert account.csv().decode("utf-8-sig").splitlines()[0].startswith("Sheet,Column,Heading,Became,Why")
    said = account.as_json()
    assert said["cells"]["filled"] == account.total("filled") == sum(each["filled"] for each in said["columns"])
    assert f"{account.total('filled'):,} filled cells" in account.sentence()


def test_a_heading_is_no_formula_in_the_csv():
    cohort = read({"Patients": [["patient_id", "=1+1", "arm"], ["P1", 3, "A"], ["P2", 4, "B"]]})
    assert ",=1" not in cohort.account.csv().decode()


def test_a_workbook_in_bytes_is_the_same_in_the_child():
    cohort = read_files([SourceFile("a.xlsx", xlsx({"Patients": FLAT}))])
    assert cohort.account == read({"Patients": FLAT}).account


def test_a_table_made_of_parts_of_a_sheet_is_accounted_for_where_the_sheet_has_it():
    from dataclasses import dataclass

    from lib.intake.apply.account import Kept, account_of
    from lib.intake.apply.applied import Applied
    from lib.intake.apply.table import Use
    from lib.intake.files.grid import Grid
    from lib.intake.sheets.block import find_block

    @dataclass(frozen=True)
    class Turned(Grid):
        """The sheet with its columns as rows."""

        def cell_place(self, index, place):
            return "s", place + 1, index + 1

    sheet = Grid("s", (("id", "P1", "P2"), ("LDH", 200.0, "?!"), ("note", None, "x")))
    block = find_block(Turned("s", tuple(zip(*sheet.rows, strict=True))), (0,))
    use = Use(block.grid, 1, "labs", "value", False, (1, 2), (True, False), (1, 2))
    found = Applied({}, (), (), blocks=(block,), uses=(use,))
    account = account_of((sheet,), found, Kept({"labs": {1, 2}}, {}), ())
    assert unbalanced((sheet,), account) == []
    assert [(each.letter, each.read, each.no_value, each.left_out, each.heading_cells) for each in account.columns] == [
        ("A", 0, 0, 0, 3),
        ("B", 1, 0, 1, 0),
        ("C", 0, 1, 2, 0),
    ]


def test_the_heading_of_a_sheet_with_one_column_of_patients_is_a_heading():
    cohort = read(
        {
            "Patients": [["patient_id"], ["P1"], ["P2"], ["P3"]],
            "Endpoints": [["patient_id", "endpoint", "time", "event"], ["P1", "os", 5, 1], ["P2", "os", 7, 0]],
        }
    )
    assert len(cohort.patients) == 3
    patients = next(each for each in cohort.account.columns if each.sheet == "Patients")
    assert (patients.heading, patients.read, patients.heading_cells, patients.left_out) == ("patient_id", 3, 1, 0)
