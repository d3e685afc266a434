"""The printed table by class."""

from golden.cohorts import by, example, selected

from lib.toxicity.by_class.result import by_class
from lib.toxicity.by_class.table import by_class_table
from lib.toxicity.incidence import incidence
from toxicity.by_class.test_result import classes


def test_terms_stand_under_their_class():
    table = by_class_table(classes())
    assert table.header == (
        "Class, event",
        "A (n = 2), any grade",
        "A, grade ≥ 3",
        "B (n = 2), any grade",
        "B, grade ≥ 3",
        "p, any grade",
    )
    assert [row[0] for row in table.rows] == ["Blood", "    Anemia", "    Neutropenia", "Skin", "    Rash"]
    assert table.rows[0][1:] == ("1 (50 %)", "1 (50 %)", "1 (50 %)", "0 (0 %)", ">0.9999")
    assert "1 term without a class not shown; toxicity.table has all." in table.notes
    assert table.numbers.rows[0][:3] == ("Blood", "", "any grade") and table.numbers.rows[2][:3] == (
        "Blood",
        "Anemia",
        "any grade",
    )
    assert len(table.tests) == 5 and all(len(row) == len(table.numbers.columns) for row in table.numbers.rows)


def test_one_group_has_no_p():
    result = incidence(selected(example()), by(example(), "-"))
    table = by_class_table(by_class(selected(example()), by(example(), "-"), result))
    assert table.header[-1] == "All patients, grade ≥ 3" and table.tests == ()
