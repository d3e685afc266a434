"""A filter is read as one of a column first, then as one of the course."""

from golden.cohorts import cohort, example

from lib.cohort.course_clause import CourseClause
from lib.cohort.selection import Clause
from lib.cohort.view import parse_where


def test_a_column_comes_before_the_course():
    made = cohort(
        [{"patient_id": "p", "response": "CR", "age_group": ">=65"}],
        adverse_events=[{"patient_id": "p", "term": "age group", "grade": 3}],
    )
    assert parse_where("response=CR", made) == Clause("response", ("CR",))
    assert parse_where("age_group=>=65", made) == Clause("age_group", (">=65",))
    assert parse_where("age group>=3", made) == CourseClause("event", "age group", 3)


def test_what_is_neither_is_told_as_of_a_column():
    assert parse_where("emd=yes", example()) == Clause("emd", ("yes",))
    assert parse_where("crs>=3", example()) == CourseClause("event", "CRS", 3)
    assert parse_where("stage=II", example()) == 'This workbook has no column "stage" to filter by.'
