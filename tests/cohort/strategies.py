"""Whatever a reader may ask of a cohort: clauses, selections, groupings and views, for property tests."""

from dataclasses import replace

from hypothesis import strategies as st

from lib.cohort.course_clause import CourseClause
from lib.cohort.grouping import Group, Grouping, can_compare, everybody, grouping_by, sized
from lib.cohort.kinetic_series import series_keys
from lib.cohort.model import Cohort, Variable
from lib.cohort.response_scale import IMWG
from lib.cohort.selection import Clause, Selection
from lib.cohort.time_unit import UNITS
from lib.cohort.view import GRADES, LATEST, View, infusion_numbers

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: float(f"{value:.8g}") + 0.0)
NAMES = st.text(min_size=1, max_size=12)
COLOURS = st.one_of(st.just(""), st.from_regex("#[0-9a-fA-F]{6}", fullmatch=True))


def clauses(variable: Variable) -> st.SearchStrategy[Clause]:
    """What the panel can ask of this variable: a range, or at least one level or "not stated"."""
    if variable.kind == "number":
        ends = st.tuples(st.floats(allow_nan=False), st.floats(allow_nan=False)).map(lambda ends: tuple(sorted(ends)))
        return st.builds(Clause, st.just(variable.name), interval=ends, keep_missing=st.booleans())
    levels = st.lists(st.sampled_from(variable.levels), unique=True).map(tuple)
    asked = st.builds(Clause, st.just(variable.name), levels, keep_missing=st.booleans())
    return asked.filter(lambda clause: clause.levels or clause.keep_missing)


def course_clauses(cohort: Cohort) -> st.SearchStrategy[CourseClause]:
    """What the panel can ask about the course: a term, response, series or therapy of this cohort, by or at any day."""
    later = st.floats(0, LATEST).map(lambda day: day + 0.0)
    months = st.integers(0, 60).map(lambda months: months * 30.4375)
    days = st.one_of(later, st.integers(0, 400).map(float), months)
    by, flags = st.one_of(st.none(), days), {"negated": st.booleans(), "keep_missing": st.booleans()}
    therapies = sorted({part for course in cohort.vocabulary["course"] for part in course.split("\t") if part})
    kinds = [
        st.builds(
            CourseClause,
            st.just("event"),
            st.sampled_from(cohort.vocabulary["term"]),
            st.sampled_from(GRADES),
            by,
            **flags,
        ),
        st.builds(CourseClause, st.just("response"), st.sampled_from(IMWG.thresholds), day=by, **flags),
        st.builds(CourseClause, st.just("detectable"), day=days, series=st.sampled_from(series_keys(cohort)), **flags),
        st.builds(CourseClause, st.just("received"), st.sampled_from(therapies), day=by, **flags),
    ]
    return st.one_of(kinds)


@st.composite
def selections(draw: st.DrawFn, cohort: Cohort) -> Selection:
    asked = draw(st.lists(st.sampled_from(cohort.variables), unique_by=lambda variable: variable.name, max_size=3))
    return Selection(
        tuple(draw(clauses(variable)) for variable in asked),
        draw(st.sampled_from(infusion_numbers(cohort))),
        draw(st.booleans()),
        tuple(draw(st.lists(course_clauses(cohort), unique_by=lambda clause: clause.question, max_size=2))),
    )


@st.composite
def groupings(draw: st.DrawFn, cohort: Cohort) -> Grouping:
    """Everybody, or a variable with its levels or cut-points, as the workbook has them or as the reader wants them."""
    variable = draw(st.sampled_from([None, *filter(can_compare, cohort.variables)]))
    if variable is None:
        return everybody(cohort)
    cuts = draw(st.lists(NUMBERS, max_size=7, unique=True).map(sorted)) if variable.kind == "number" else ()
    grouping = grouping_by(variable, cohort, tuple(cuts))
    return draw(customised(grouping, cohort)) if draw(st.booleans()) else grouping


@st.composite
def customised(draw: st.DrawFn, grouping: Grouping, cohort: Cohort) -> Grouping:
    """The grouping with its groups in another order, some merged, under other names and colours."""
    order = draw(st.permutations(grouping.groups))
    places = draw(st.lists(st.integers(0, len(order) - 1), min_size=len(order), max_size=len(order)))
    parts = [[group for group, at in zip(order, places, strict=True) if at == place] for place in sorted(set(places))]
    names = draw(st.lists(NAMES, min_size=len(parts), max_size=len(parts), unique=True))
    groups = tuple(
        Group(name, tuple(member for group in part for member in group.members), draw(COLOURS))
        for name, part in zip(names, parts, strict=True)
    )
    return sized(replace(grouping, groups=groups, reference=draw(st.sampled_from(["", *names]))), cohort)


def views(cohort: Cohort) -> st.SearchStrategy[View]:
    return st.builds(View, selections(cohort), groupings(cohort), st.sampled_from(UNITS))
