"""Each patient once a term, at the worst grade; 0 is absent, no grade at all is present and not stated."""

import math

from golden.cohorts import arms, cohort, example, nobody, selected, synthetic

from lib.derived.adverse_events import grading_systems, worst_grades


def events(*rows):
    return [{"patient_id": patient, "term": term, "grade": grade} for patient, term, grade in rows]


def worst_of(cohort) -> dict:
    return {(row["patient_id"], row["term"]): row["worst"] for row in worst_grades(cohort).to_dict("records")}


def test_nobody_and_no_events():
    assert worst_of(nobody(example())) == {}
    assert worst_of(selected(cohort(arms(A=["a1"])))) == {}
    assert grading_systems(nobody(example())) == {}


def test_the_worst_of_several_counts():
    made = cohort(
        arms(A=["a1", "a2"]),
        adverse_events=events(("a1", "CRS", 1), ("a1", "CRS", 3), ("a1", "CRS", 2), ("a2", "CRS", 1)),
    )
    assert worst_of(made) == {("a1", "CRS"): 3, ("a2", "CRS"): 1}


def test_grade_0_is_absent_and_no_grade_is_not_stated():
    made = cohort(
        arms(A=["a1", "a2", "a3", "a4"]),
        adverse_events=events(
            ("a1", "CRS", 0),
            ("a2", "CRS", None),
            ("a3", "CRS", None),
            ("a3", "CRS", 2),
            ("a4", "CRS", 0),
            ("a4", "CRS", 4),
        ),
    )
    found = worst_of(made)
    assert set(found) == {("a2", "CRS"), ("a3", "CRS"), ("a4", "CRS")}
    assert math.isnan(found["a2", "CRS"])
    assert (found["a3", "CRS"], found["a4", "CRS"]) == (2, 4)


def test_the_example_has_the_papers_crs():
    worst = worst_of(selected(example()))
    crs = [grade for (_, term), grade in worst.items() if term == "CRS"]
    assert (len(crs), sum(grade <= 2 for grade in crs), sum(grade >= 3 for grade in crs)) == (12, 7, 5)


def test_order_of_rows_is_nothing():
    made = selected(synthetic())
    turned = made.with_tables(
        made.patients, {**made.tables, "adverse_events": made.adverse_events[::-1].reset_index(drop=True)}
    )
    first, again = worst_of(made), worst_of(turned)
    assert first.keys() == again.keys()
    assert all(first[key] == again[key] or (math.isnan(first[key]) and math.isnan(again[key])) for key in first)


def test_grading_systems_by_term():
    assert grading_systems(selected(synthetic()))["CRS"] == ("ASTCT 2019",)
    both = [
        {**row, "grading_system": system}
        for row, system in zip(events(("a1", "CRS", 1), ("a1", "CRS", 2)), ("Lee 2014", "ASTCT 2019"), strict=True)
    ]
    assert grading_systems(cohort(arms(A=["a1"]), adverse_events=both)) == {"CRS": ("Lee 2014", "ASTCT 2019")}
