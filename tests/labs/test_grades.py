"""Grades by value: the published counts, denominators, and the table."""

from golden.cohorts import by, nobody, selected
from workbooks import example

from labs.made import with_labs
from lib.cohort.ctcae import V5, V6
from lib.labs.grades import grades_result, grades_table

PUBLISHED = {
    "Neutropenia": (8, 6),
    "Lymphopenia": (7, 5),
    "Anaemia": (7, 3),
    "Thrombocytopenia": (3, 4),
}  # control, pomalidomide


def test_the_published_counts():
    made = selected(example())
    found = {
        row.term: (row.n, round(row.test.p, 4))
        for row in grades_result(made, by(example()), V5).rows
        if row.threshold == 3
    }
    assert {term: found[term][0] for term in PUBLISHED} == PUBLISHED
    assert [found[term][1] for term in PUBLISHED] == [0.4667, 0.5692, 0.1189, 1.0]
    assert found["ALT increased"][0] == (0, 0) == found["AST increased"][0]
    six = {(row.term, row.threshold): row.n for row in grades_result(made, by(example()), V6).rows}
    assert (
        six["Neutropenia", 3] == (0, 0)
        and not any(term == "Lymphopenia" for term, _ in six)
        and ("Anaemia", 4) not in six
    )


def test_denominators_uncertain_values_and_who_has_none():
    rows = [
        {"patient_id": "a1", "day": 3, "test": "ANC", "unit": "10^9/L", "value": "<2"},
        {"patient_id": "b1", "day": 3, "test": "ANC", "unit": "10^9/L", "value": 0.9},
    ]
    made = with_labs(rows)
    found = grades_result(made, by(made), V5)
    first = found.rows[0]
    assert (first.n, first.of, first.n_uncertain) == ((0, 1), (1, 1), (1, 0)) and (found.n, found.n_without) == (2, 4)
    empty = grades_result(nobody(made), by(made), V5)
    assert (empty.rows, empty.n, empty.n_without) == ((), 0, 0)


def test_one_row_a_test_and_threshold():
    table = grades_table(grades_result(selected(example()), by(example()), V5))
    assert table.header == ("Computed from Labs", "Control (8)", "Pomalidomide (8)", "Total", "p")
    assert table.rows[0] == ("Neutropenia, grade ≥ 3", "8 (100 %) of 8", "6 (75 %) of 8", "14 (88 %) of 16", "0.47")
    assert (
        "CTCAE v5" in table.title
        and "CTCAE v5" in table.method
        and len(table.tests) == len(table.rows) == len(table.numbers.rows) / 2
    )
    assert (
        table.notes == () and "Arm became known by day 61: values before that day cannot be its effect." in table.method
    )


def test_one_group_nobody_and_what_v6_leaves_out():
    table = grades_table(grades_result(selected(example()), by(example(), "-"), V6))
    assert table.header == ("Computed from Labs", "n") and table.tests == ()
    assert any("CTCAE v6 has no grades by value: lymphocytes" in note for note in table.notes)
    assert grades_table(grades_result(nobody(example()), by(example()), V5)).rows == ()
