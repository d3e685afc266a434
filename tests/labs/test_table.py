"""The table of medians, and how the groups compare at each time."""

import pytest
from golden.cohorts import by, nobody

from labs.made import result, sixteen, with_labs
from lib.labs.result import labs
from lib.labs.series import lab_series
from lib.labs.table import lab_table


def test_one_row_a_day_and_group():
    table = lab_table(result(sixteen()))
    assert table.id == "labs.crp.summary"
    assert table.header == ("Day", "Group", "n", "Median, mg/L", "Quartiles", "Min–max", "p")
    assert table.rows[0] == ("0", "Control", "8", "< 4", "< 4 – < 4", "< 4 – < 4", "–")
    assert table.rows[1][:2] == ("0", "Pomalidomide") and table.rows[1][-1] == ""
    assert len(table.rows) == len(table.numbers.rows) == 2 * len(table.tests)


def test_the_tests_have_their_name_n_and_place():
    table = lab_table(result(sixteen()))
    first, second, *_ = table.tests
    assert (first.comparison, first.reason, first.n) == ("day 0: Control v Pomalidomide", "all values are equal", 16)
    assert second.name == "Mann-Whitney test (exact)" and second.p == pytest.approx(0.06495726)
    done = sum(test.p is not None for test in table.tests)
    assert table.notes[0] == f"{done} comparisons looked at, p not adjusted for their number."
    assert "p: Mann-Whitney test (exact)" in table.caption


def test_one_group_has_no_tests():
    table = lab_table(result(sixteen(), 1, "-"))
    assert table.header == ("Day", "n", "Median, 10^9/L", "Quartiles", "Min–max")
    assert table.tests == () and "p:" not in table.caption and not any("looked at" in note for note in table.notes)


def test_visits_and_limits_that_are_not_stated():
    rows = [{"patient_id": patient, "visit": visit, "value": value, "unit": None}
            for patient, value in (("a1", "BLQ"), ("b1", 5)) for visit in ("first", "second")]  # fmt: skip
    table = lab_table(result(with_labs(rows)))
    assert table.header[0] == "Visit" and table.header[3] == "Median"
    assert table.rows[0] == ("first", "A", "1", "below limit", "below limit – below limit", "below limit – below limit", ">0.9999")  # fmt: skip
    assert table.tests[0].comparison == "first: A v B"


def test_nobody():
    made = sixteen()
    table = lab_table(labs(nobody(made), lab_series(made)[0], by(made)))
    assert (table.n, table.rows, table.tests) == (0, (), ()) and table.caption.endswith("p: no test could be done.")
