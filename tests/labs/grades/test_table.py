"""The table of computed grades: version named, denominators, tests, notes."""

from golden.cohorts import by, nobody, selected
from workbooks import example

from lib.cohort.ctcae import V5, V6
from lib.labs.grades.result import grades_result
from lib.labs.grades.table import grades_table


def test_one_row_a_test_and_threshold():
    table = grades_table(grades_result(selected(example()), by(example()), V5))
    assert table.header == ("Computed from Labs", "Control (8)", "Pomalidomide (8)", "Total", "p")
    assert table.rows[0] == ("Neutropenia, grade ≥ 3", "8 (100 %) of 8", "6 (75 %) of 8", "14 (87.5 %) of 16", "0.4667")
    assert (
        "CTCAE v5" in table.title
        and "CTCAE v5" in table.caption
        and len(table.tests) == len(table.rows) == len(table.numbers.rows) / 2
    )
    assert table.notes == ("Arm arises after infusion (day 61): earlier values cannot be its effect.",)


def test_one_group_nobody_and_what_v6_leaves_out():
    table = grades_table(grades_result(selected(example()), by(example(), "-"), V6))
    assert table.header == ("Computed from Labs", "n") and table.tests == ()
    assert any("CTCAE v6 has no grades by value: lymphocytes" in note for note in table.notes)
    assert grades_table(grades_result(nobody(example()), by(example()), V5)).rows == ()
