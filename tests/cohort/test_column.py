"""A table knows its columns by name."""

from lib.cohort.column import Column, Table


def test_a_column_is_found_by_its_name_and_no_other():
    table = Table("states", "States", "", (Column("state", "category", ""), Column("day", "day", "")))
    assert table.column("day") is table.columns[1] and table.column("days") is None
