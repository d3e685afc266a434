"""One sheet -> one table in the schema's types."""

import math

import pytest

from lib.cohort.schema import KINETICS, LABS, PATIENTS, RESPONSE_TABLE, TABLES
from lib.intake.apply.applied import applied
from lib.intake.files.grid import Grid
from lib.intake.infer.template_sheet import template_sheet
from lib.intake.mapping import Mapping
from lib.intake.sheets.block import find_block


def read_sheet(grid, header, table):
    block = find_block(grid, (header,))
    return applied([block], Mapping((template_sheet(block, table),), by_name=True))


def read_table(grid, header, table):
    return read_sheet(grid, header, table).reads[table.name]


HEADER = ("patient_id", "day", "value", "unit", "lloq")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_header_alone_gives_every_column_in_its_type_and_no_row(table):
    read = read_table(Grid(table.sheet, (tuple(column.name for column in table.columns),)), 0, table)
    assert (len(read.frame), read.findings, read.extras) == (0, (), ())
    assert set(read.frame.columns) >= {column.name for column in table.columns if column.kind != "measurement"}


def test_short_rows_and_cells_beyond_the_header():
    read = read_table(Grid("Kinetics", (HEADER, ("P1",), ("P2", 7.0, 5.0, None, 1.0, "beyond"))), 0, KINETICS)
    assert read.findings == ()
    assert read.frame["patient_id"].tolist() == ["P1", "P2"]
    assert math.isnan(read.frame["value"][0]) and read.frame["value"][1] == 5


def test_rows_and_letters_are_those_of_the_spreadsheet():
    read = read_table(
        Grid("Kinetics", (("title",), HEADER, ("P1", "x", 1.0)), first_row=4, first_column=27), 1, KINETICS
    )
    assert read.frame["source_row"].tolist() == [6]
    assert read.letters["day"] == "AB (day)"
    assert [(finding.row, finding.column) for finding in read.findings] == [(6, "AB (day)")]


def test_columns_without_a_heading_and_empty_further_columns_are_left_out():
    read = read_table(
        Grid("Kinetics", ((*HEADER, None, "", "empty"), ("P1", 1.0, 2.0, "c", 3.0, "a", "b", "NA"))), 0, KINETICS
    )
    assert (read.extras, read.findings) == ((), ())


def test_words_of_the_schema_are_written_its_way():
    read = read_table(
        Grid("Responses", (("patient_id", "response", "mrd"), ("P1", "vgpr", "Negative"), ("P2", "CR", "perhaps"))),
        0,
        RESPONSE_TABLE,
    )
    assert read.frame["response"].tolist() == ["VGPR", "CR"]
    assert read.frame["mrd"].tolist() == ["negative", "perhaps"]


def test_measurements_are_three_columns():
    read = read_table(
        Grid(
            "Labs",
            (
                ("patient_id", "day", "test", "value"),
                ("P1", 1.0, "CRP", "<0,5"),
                ("P1", 2.0, "CRP", 7.0),
                ("P1", 3.0, "CRP", None),
            ),
        ),
        0,
        LABS,
    )
    assert read.frame["below"].tolist() == [True, False, False]
    assert read.frame["limit"].fillna(-1).tolist() == [0.5, -1, -1]
    assert read.frame["value"].fillna(-1).tolist() == [-1, 7, -1]


def test_every_missing_required_column_is_told():
    read = read_table(Grid("Labs", (("patient_id", "day"), ("P1", 1.0))), 0, LABS)
    assert [(finding.row, finding.column) for finding in read.findings] == [(1, "test"), (1, "value")]
    assert read.frame["test"].isna().all()


def test_a_column_that_is_empty_is_not_missing():
    read = read_table(Grid("Patients", (("patient_id", "arm"), ("P1", None))), 0, PATIENTS)
    assert read.findings == ()


def test_of_a_column_that_stands_twice_the_first_is_read():
    found = read_sheet(
        Grid("Patients", (("patient_id", "arm", "ldh", "arm", "LDH"), ("P1", "A", 1.0, "B", 2.0))), 0, PATIENTS
    )
    read = found.reads["patients"]
    assert read.frame["arm"].tolist() == ["A"] and read.extras == ("ldh",)
    assert [(each.row, each.column, each.value) for each in found.findings] == [
        (1, "D (arm)", "arm"),
        (1, "E (LDH)", "LDH"),
    ]
