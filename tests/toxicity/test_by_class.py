"""Classes: each patient once a class, the commonest first."""

from functools import cache

from golden.cohorts import arms, by, cohort, example, selected, synthetic

from lib.derived.adverse_events import EARLY, MIDDLE, WHOLE
from lib.toxicity.by_class import by_class, by_class_table, has_classes
from lib.toxicity.incidence import incidence

ROWS = [
    {"patient_id": "a1", "term": "Anemia", "grade": 1, "system_organ_class": "Blood", "start_day": 1},
    {"patient_id": "a1", "term": "Neutropenia", "grade": 4, "system_organ_class": "Blood", "start_day": 40},
    {"patient_id": "b1", "term": "Rash", "grade": None, "system_organ_class": "Skin", "start_day": 2},
    {"patient_id": "b2", "term": "Anemia", "grade": 2, "system_organ_class": "Blood", "start_day": 3},
    {"patient_id": "b2", "term": "Fever", "grade": 2, "start_day": 3},
]


@cache
def made():
    return cohort(arms(A=["a1", "a2"], B=["b1", "b2"]), adverse_events=ROWS)


def classes(period=WHOLE):
    return by_class(selected(made()), incidence(selected(made()), by(made()), period))


def test_each_patient_counts_once_a_class_at_the_worst_grade():
    found = classes()
    of_class = [line for line in found.lines if not line.term]
    assert [line.organ_class for line in of_class] == ["Blood", "Skin"] and found.n_unclassed == 1
    assert [(line.any_grade.n, line.severe.n) for line in of_class] == [((1, 1), (1, 0)), ((0, 1), (0, 0))]
    assert {line.term for line in found.lines if line.organ_class == "Blood"} == {"", "Anemia", "Neutropenia"}


def test_the_period_is_that_of_the_terms():
    blood = classes(EARLY).lines[0]
    assert [blood.any_grade.n, blood.severe.n] == [(1, 1), (0, 0)]
    assert {line.organ_class for line in classes(MIDDLE).lines} == {"Blood"}


def test_where_there_are_classes():
    assert has_classes(example()) and has_classes(made()) and not has_classes(synthetic())


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
    assert [row[0] for row in table.rows] == ["Blood", "\u2003Anemia", "\u2003Neutropenia", "Skin", "\u2003Rash"]
    assert table.rows[0][1:] == ("1 (50 %)", "1 (50 %)", "1 (50 %)", "0 (0 %)", ">0.99")
    assert "1 term without a class not shown; the table of adverse events has all." in table.notes
    assert table.numbers.rows[0][:3] == ("Blood", "", "any grade") and table.numbers.rows[2][:3] == (
        "Blood",
        "Anemia",
        "any grade",
    )
    assert len(table.tests) == 5 and all(len(row) == len(table.numbers.columns) for row in table.numbers.rows)


def test_one_group_has_no_p():
    result = incidence(selected(example()), by(example(), "-"))
    table = by_class_table(by_class(selected(example()), result))
    assert table.header[-1] == "All patients, grade ≥ 3" and table.tests == ()
