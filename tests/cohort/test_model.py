"""The cohort as a value: tables without rows, what a variable knows of itself, and that nothing is edited."""

from dataclasses import FrozenInstanceError

import pytest
from golden.cohorts import arms, cohort, example, synthetic

from lib.cohort.model import Variable, empty_table
from lib.cohort.schema import EVENT_TABLES, KINETICS, TABLES


def test_a_table_without_rows_has_every_column_in_its_type():
    for table in TABLES:
        empty = empty_table(table)
        assert len(empty) == 0 and {column.name for column in table.columns} <= set(empty.columns)
    kinetics = empty_table(KINETICS)
    assert kinetics.dtypes[["patient_id", "day", "value", "below", "limit"]].astype(str).tolist() == [
        "object",
        "float64",
        "float64",
        "bool",
        "float64",
    ]


def test_a_cohort_has_every_table_also_where_the_workbook_has_none():
    bare = cohort(arms(A=["a1"]))
    assert set(bare.tables) == {*(table.name for table in EVENT_TABLES), "assays"}
    assert all(len(table) == 0 for table in bare.tables.values()) and bare.endpoint_names == ()


@pytest.mark.parametrize("name", [table.name for table in EVENT_TABLES])
def test_an_empty_table_has_the_columns_and_types_of_a_full_one(name):
    empty, full = cohort(arms(A=["a1"])).tables[name], synthetic().tables[name]
    assert set(empty.columns) == set(full.columns)
    assert empty[full.columns].dtypes.tolist() == full.dtypes.tolist()


@pytest.mark.parametrize(("known_at", "before"), [(None, False), (-3.0, True), (0.0, True), (1.0, False)])
def test_what_is_known_before_infusion(known_at, before):
    assert Variable("x", "X", "number", known_at=known_at).known_before_infusion is before


def test_what_cannot_be_filtered_is_no_variable():
    assert example().variable("emd").levels == ("no", "yes")
    assert [example().variable(name) for name in ("patient_id", "analysis_set", "Age", "")] == [None] * 4


def test_a_cohort_is_not_edited():
    with pytest.raises(FrozenInstanceError):
        example().infusion = 2
    fewer = example().with_tables(example().patients[:3], example().tables)
    assert (fewer.n, example().n, fewer.n_opened, fewer.fingerprint) == (3, 17, 16, example().fingerprint)
