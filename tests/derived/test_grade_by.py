"""The day on which an adverse event reached a grade."""

import numpy as np
from golden.cohorts import arms, cohort, example, nobody, selected

from lib.derived.adverse_events import worst_grades
from lib.derived.exposure import grade_by


def made(*rows):
    keys = ("patient_id", "term", "grade", "start_day")
    return selected(
        cohort(arms(A=["a1", "a2", "a3"]), adverse_events=[dict(zip(keys, row, strict=True)) for row in rows])
    )


def days(known):
    return [None if np.isnan(day) else day for day in known.day]


def test_nobody_and_no_events():
    assert days(grade_by(nobody(example()), "CRS", 3)) == []
    known = grade_by(made(), "CRS", 3)
    assert (days(known), known.not_stated) == ([None] * 3, ())


def test_the_first_day_at_the_grade_and_the_day_of_the_worst():
    one = made(
        ("a1", "CRS", 1, 2),
        ("a1", "CRS", 3, 5),
        ("a1", "CRS", 4, 9),
        ("a2", "CRS", 2, 4),
        ("a3", "ICANS", 4, 6),
        ("a3", "CRS", 0, 1),
    )
    assert days(grade_by(one, "CRS", 3)) == [5, None, None]
    assert days(grade_by(one, "CRS", 1)) == [2, 4, None]


def test_a_missing_day_or_grade_is_told():
    one = made(("a1", "CRS", 3, None), ("a2", "CRS", None, 4), ("a3", "CRS", 1, None))
    known = grade_by(one, "CRS", 3)
    assert (days(known), known.not_stated) == ([None] * 3, ("a1", "a2"))
    assert known.group_at(30, one.patients["patient_id"]).tolist() == [None, None, "CRS grade < 3"]


def test_the_example_has_as_many_severe_as_the_worst_grades_say():
    opened = selected(example())
    worst = worst_grades(opened)
    severe = worst[(worst["term"] == "CRS") & (worst["worst"] >= 3)]
    known = grade_by(opened, "CRS", 3)
    assert known.day.notna().sum() + len(known.not_stated) == len(severe)
