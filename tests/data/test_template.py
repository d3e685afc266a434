"""The blank template: every table and column of the schema, read back without a finding once patients are filled in."""

from pathlib import Path

import make_pomalidomide_cohort
import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from workbook import CODED_ROWS, write_template
from workbooks import DATA, example, ids

from data.cells import cells_of
from lib.cohort.schema import PATIENTS, TABLES
from lib.intake.draft import read_workbook
from lib.intake.files.limits import Unsafe


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.xlsx"
    write_template(path)
    return path


def filled(written: Path, tables, folder: Path) -> bytes:
    """The template with these rows under its lines of explanation; further columns stand right of the template's."""
    workbook = load_workbook(written)
    for table in TABLES:
        sheet = workbook[table.sheet]
        places = {cell.value: cell.column for cell in sheet[1]}
        for number, row in enumerate(tables.get(table.name, []), start=3):
            for name, value in row.items():
                place = places.setdefault(name, len(places) + 1)
                sheet.cell(1, place, name)
                sheet.cell(number, place, value)
    workbook.save(folder / "filled.xlsx")
    return (folder / "filled.xlsx").read_bytes()


def test_the_template_in_the_folder_is_what_the_script_writes_now(written):
    assert cells_of(DATA / "template.xlsx") == cells_of(written), "run: python data/workbook.py"


def test_every_table_is_a_sheet_with_every_column_and_its_explanation(written):
    workbook = load_workbook(written)
    assert workbook.sheetnames == [*(table.sheet for table in TABLES), "Data dictionary"]
    for table in TABLES:
        header, explanations = ([cell.value for cell in row] for row in workbook[table.sheet].iter_rows(max_row=2))
        assert header == [column.name for column in table.columns]
        assert explanations == [column.explanation for column in table.columns]
        assert workbook[table.sheet].max_row == 2


def test_the_data_dictionary_is_a_sheet_too(written):
    rows = list(load_workbook(written)["Data dictionary"].iter_rows(min_row=2, values_only=True))
    assert [row[:2] for row in rows] == [(table.sheet, column.name) for table in TABLES for column in table.columns]
    assert [row[2] == "yes" for row in rows] == [column.required for table in TABLES for column in table.columns]


def test_words_that_may_stand_in_a_column_are_offered_as_a_list(written):
    workbook = load_workbook(written)
    for table in TABLES:
        offered = {str(each.sqref): each.formula1 for each in workbook[table.sheet].data_validations.dataValidation}
        for place, column in enumerate(table.columns, start=1):
            letter = get_column_letter(place)
            words = offered.get(f"{letter}3:{letter}{CODED_ROWS}", "")
            assert (words != "") == (bool(column.allowed) or column.kind in ("yes_no", "event", "grade")), column.name
            assert len(words) <= 255, "a spreadsheet allows no longer list"
            assert not column.allowed or words == '"' + ",".join(column.allowed) + '"'
            assert not [word for word in column.allowed if "," in word], "the comma parts the words"


def test_a_blank_template_has_no_patient_in_it(written):
    with pytest.raises(Unsafe) as refused:
        read_workbook(written.read_bytes(), "template.xlsx")
    assert str(refused.value) == "The table of patients has no patient in it. Write one row a patient."


def test_one_id_is_enough(written, tmp_path):
    cohort = read_workbook(filled(written, {"patients": [{"patient_id": "P1"}]}, tmp_path), "mine.xlsx")
    assert (ids(cohort), cohort.findings, cohort.variables) == (["P1"], (), ())
    assert all(table.empty for table in cohort.tables.values())


def test_filled_in_with_the_values_of_the_example_it_is_the_example(written, tmp_path, monkeypatch):
    made = {}
    monkeypatch.setattr(make_pomalidomide_cohort, "write_workbook", lambda _, tables: made.update(tables))
    make_pomalidomide_cohort.main()
    cohort = read_workbook(filled(written, made, tmp_path), "mine.xlsx")
    assert cohort.findings == ()
    assert (cohort.study, cohort.variables, cohort.vocabulary) == (
        example().study,
        example().variables,
        example().vocabulary,
    )
    assert cohort.patients.equals(example().patients)
    for name, table in example().tables.items():
        assert cohort.tables[name][table.columns].equals(table), name


def test_no_explanation_is_taken_for_a_patient(written, tmp_path):
    rows = [{column.name: column.explanation for column in PATIENTS.columns}, {"patient_id": "P1"}]
    assert ids(read_workbook(filled(written, {"patients": rows}, tmp_path), "mine.xlsx")) == ["P1"]
