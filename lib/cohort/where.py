"""One filter as it is written in a link or on the command line: of a column of Patients, or of the course."""

from lib.cohort.course_clause import CourseClause
from lib.cohort.course_parse import parse_course
from lib.cohort.model import Cohort
from lib.cohort.selection import Clause, find_variable, parse_clause


def parse_where(text: str, cohort: Cohort) -> Clause | CourseClause | str:
    """The clause written in `text`, or one sentence saying why this cohort cannot follow it. A column comes before the
    course."""
    name, equals, _ = text.partition("=")
    if equals and find_variable(cohort, name):
        return parse_clause(text, cohort)
    course = parse_course(text, cohort)
    return parse_clause(text, cohort) if course is None else course
