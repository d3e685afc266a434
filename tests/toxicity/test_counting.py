"""Rows of counts, and grades that are not compared because they come from different scales."""

from golden.cohorts import by, selected

from lib.toxicity.counting import THRESHOLDS, Frame, counted
from lib.toxicity.incidence import ANY_EVENT, incidence
from lib.toxicity.table import toxicity_table
from toxicity.made import of_example, two_scales


def test_a_row_for_every_name_and_threshold_also_where_nobody_had_it():
    result = of_example()
    rows = counted(result.worst, "term", ("CRS", "never seen"), result.frame)
    assert [(row.term, row.threshold) for row in rows] == [
        (term, name) for term in ("CRS", "never seen") for name in THRESHOLDS
    ]
    assert {(row.n, row.test.p, row.differences[1].value) for row in rows if row.term == "never seen"} == {
        ((0, 0), 1, 0)
    }
    assert all(row.differences[1].low < 0 < row.differences[1].high for row in rows if row.term == "never seen")


def test_grades_of_two_scales_are_counted_and_not_compared():
    made = two_scales()
    result = incidence(selected(made), by(made))
    of_crs = [row for row in result.rows if row.term == "CRS"]
    assert of_crs[0].n == (3, 3)
    for row in of_crs:
        assert row.test.p is None and row.differences[1].value is None
        assert (
            "Lee 2014" in row.test.reason
            and "ASTCT 2019" in row.test.reason
            and "not interchangeable" in row.test.reason
        )
    assert all(row.test.p is not None for row in result.rows if row.term in ("Fever", ANY_EVENT))
    table = toxicity_table(result)
    assert [row[-1] for row in table.rows if row[0].startswith("CRS")] == ["–"] * 3
    assert any("Groups are not compared for it" in note for note in table.notes)


def test_patients_of_one_scale_are_compared_again():
    made = two_scales()
    frame = Frame(by(made), (4, 4))
    result = incidence(selected(made), by(made))
    assert all(row.test.p is not None for row in counted(result.worst, "term", ("CRS",), frame))
