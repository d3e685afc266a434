"""Of whom a clause about the course is so: the published cohort counted by hand, and patients made for each edge."""

from functools import cache

import pytest
from cohort.strategies import course_clauses
from golden.cohorts import arms, cohort, example, selected, synthetic
from hypothesis import given
from hypothesis import strategies as st
from workbooks import ids

from lib.cohort.course_clause import CourseClause
from lib.cohort.selection import Selection
from lib.cohort.view import parse_where
from lib.derived.adverse_events import worst_grades
from lib.derived.course_answer import answers


def kept(made, *where, **options):
    return "".join(patient[-1] for patient in ids(selected(made, *where, **options)))


def reported(made, text, **options):
    """Ids of whom it is so, and of whom it is not known."""
    (found,) = answers(made, Selection(course=(parse_where(text, made),), **options))
    return ["".join(sorted(patients)) for patients in (found.so, found.not_known)]


@pytest.mark.parametrize(
    ("where", "patients"),
    [
        ("crs>=3", "P1 C1 C2 C3 C4"),
        ("crs>=3 by day 2", "P1 C1 C2"),
        ("response>=CR by month 3", "P1 P6"),  # on days 61 and 91
        ("response>=CR by day 90", "P1"),
        ("response>=CR", "P1 P2 P3 P6"),
        ("response>=VGPR by day 28", "P2 P4 P5 P7 C4 C5 C7 C8"),
        ("received pomalidomide maintenance by day 31", "P1 P2 P4 P5 P6 P7 P8"),  # P3 began on day 61
        ("received Pomalidomide", "P1 P2 P3 P4 P5 P6 P7 P8"),
        ("received maintenance by day 0", ""),
        ("detectable at day 120", "P4"),
    ],
)
def test_the_published_cohort(where, patients):
    assert ids(selected(example(), where)) == patients.split()


def test_the_opposite_is_everybody_else_of_whom_it_is_known():
    assert selected(example(), "never crs>=3").n == 11
    detected, not_detected = (
        selected(example(), "detectable at day 120"),
        selected(example(), "not detectable at day 120"),
    )
    assert (detected.n, not_detected.n) == (1, 12)
    assert (
        not_detected.selection.endswith("3 not known (no sample near that day) left out")
        and not_detected.n_opened == 16
    )
    assert selected(example(), "detectable at day 120|?").n == 4


def test_the_counts_are_those_of_the_table_of_toxicity():
    worst = worst_grades(selected(example()))
    for term in ("CRS", "Neutropenia", "Anemia"):
        for least in (1, 2, 3, 4):
            bad = worst[(worst["term"] == term) & (worst["worst"] >= least)]
            assert selected(example(), f"{term}>={least}").n == len(bad), (term, least)


@cache
def ill():
    rows = {
        "a": [(3, 2)],
        "b": [(2, 2), (3, 20)],
        "c": [(None, 4)],
        "d": [(3, None)],
        "e": [(0, 1)],
        "f": [],
        "g": [(4, -1)],
        "h": [(None, None), (3, 1)],
    }
    events = [
        {"patient_id": patient, "term": "CRS", "grade": grade, "start_day": day}
        for patient, each in rows.items()
        for grade, day in each
    ]
    return cohort(arms(A=list(rows)), adverse_events=events)


@pytest.mark.parametrize(
    ("where", "so", "not_known"),
    [
        ("crs>=3", "abdgh", "c"),
        ("crs>=3 by day 10", "agh", "cd"),
        ("crs>=3 by day 3", "agh", "d"),  # what began on day 4 was nothing on day 3
        ("crs>=1", "abcdgh", ""),  # an event without a grade is one of grade 1 at least
        ("crs>=5", "", "ch"),
        ("crs>=4 by day 0", "g", "h"),
    ],
)
def test_an_event_without_a_grade_or_a_day_is_not_known(where, so, not_known):
    assert reported(ill(), where) == [so, not_known]


@cache
def assessed():
    rows = {
        "a": [("CR", 60)],
        "b": [("PR", 28), ("VGPR", 90)],
        "c": [("NE", 28)],
        "d": [],
        "e": [("VGPR", None)],
        "f": [("CR", -5)],
        "g": [("PD", 28)],
    }
    responses = [
        {"patient_id": patient, "response": response, "day": day}
        for patient, each in rows.items()
        for response, day in each
    ]
    return cohort(arms(A=list(rows)), responses=responses)


@pytest.mark.parametrize(
    ("where", "so", "not_known"),
    [
        ("response>=VGPR", "abe", "cdf"),
        ("response>=VGPR by day 90", "ab", "cdef"),
        ("response>=VGPR by day 89", "a", "cdef"),
        ("response>=VGPR by day 30", "", "acdef"),  # a was first assessed later
        ("response>=sCR", "", "cdf"),
    ],
)
def test_whoever_was_not_assessed_is_no_non_responder(where, so, not_known):
    assert reported(assessed(), where) == [so, not_known]


@cache
def treated():
    rows = {
        "a": ("bridging", -20, None),
        "b": ("bridging", None, None),
        "c": ("maintenance", None, None),
        "d": ("maintenance", None, 15),
        "e": ("maintenance", 40, 90),
        "f": None,
    }
    therapies = [
        {"patient_id": patient, "kind": row[0], "therapy": "Drug", "start_day": row[1], "stop_day": row[2]}
        for patient, row in rows.items()
        if row
    ]
    return cohort(arms(A=list(rows)), therapies=therapies)


@pytest.mark.parametrize(
    ("where", "so", "not_known"),
    [
        ("received bridging by day 0", "ab", ""),  # over by the infusion, whenever it began
        ("received bridging by day -1", "a", "b"),
        ("received maintenance by day 30", "d", "c"),  # d had ended by then
        ("received maintenance by day 14", "", "cd"),
        ("received drug", "abcde", ""),
        ("received bridging drug", "ab", ""),
    ],
)
def test_a_course_without_a_start_is_not_known_unless_it_was_over(where, so, not_known):
    assert reported(treated(), where) == [so, not_known]


@cache
def sampled():
    rows = {
        "a": [(28, 900)],
        "b": [(28, "<50")],
        "c": [(25, 900), (31, "<50")],
        "d": [(31, 900), (26, "<50")],
        "e": [(32, 900)],
        "f": [],
        "g": [(28, None)],
        "h": [(28, 0)],
    }
    values = [
        {"patient_id": patient, "day": day, "value": value, "lloq": 50}
        for patient, each in rows.items()
        for day, value in each
    ]
    values += [
        {"patient_id": "b", "day": 28, "value": 700, "specimen": "marrow"},
        {"patient_id": "e", "day": 0, "value": 700},
    ]
    return cohort(arms(A=list(rows)), kinetics=values)


@pytest.mark.parametrize(
    ("where", "so", "not_known"),
    [
        ("detectable at day 28 in blood", "ac", "efg"),  # of samples equally near the earlier; of d that of day 26
        ("detectable at day 28 in marrow", "b", "acdefgh"),
        ("detectable at day 0 in blood", "e", "abcdfgh"),
        ("detectable at day 1 in blood", "", "abcdefgh"),  # what was before the infusion stands for nothing after it
    ],
)
def test_the_sample_nearest_to_the_day(where, so, not_known):
    assert reported(sampled(), where) == [so, not_known]


def test_what_is_detected_on_a_day_is_known_when_the_last_sample_was_taken():
    clause = parse_where("detectable at day 28 in blood", sampled())
    (found,) = answers(sampled(), Selection(course=(clause,)))
    assert found.known_at == 28
    (found,) = answers(sampled(), Selection(course=(parse_where("detectable at day 30 in blood", sampled()),)))
    assert found.known_at == 32
    assert [each.known_at for each in selected(example(), "received maintenance by day 0", "crs>=3").selected_by] == [
        0,
        float("inf"),
    ]


@cache
def twice():
    """p1 had two infusions: CRS 3 and copies after the first, CR after the second; p2 one with CRS 3."""
    both = [
        {"patient_id": "p1", "infusion": 1, "day": 0},
        {"patient_id": "p1", "infusion": 2, "day": 300},
        {"patient_id": "p2", "infusion": 1, "day": 0},
    ]
    return cohort(
        arms(A=["p1", "p2"]),
        infusions=both,
        adverse_events=[
            {"patient_id": patient, "infusion": 1, "term": "CRS", "grade": 3, "start_day": 1}
            for patient in ("p1", "p2")
        ],
        responses=[
            {"patient_id": "p1", "infusion": 2, "day": 28, "response": "CR"},
            {"patient_id": "p1", "infusion": 1, "day": 28, "response": "PR"},
        ],
        kinetics=[
            {"patient_id": "p1", "infusion": number, "day": 7, "value": value, "lloq": 50}
            for number, value in ((1, 900), (2, "<50"))
        ],
    )


def test_only_rows_of_the_counted_infusion_count():
    assert (kept(twice(), "crs>=3"), kept(twice(), "crs>=3", infusion=2)) == ("12", "")
    assert (kept(twice(), "response>=CR by day 28"), kept(twice(), "response>=CR by day 28", infusion=2)) == ("", "1")
    assert (kept(twice(), "detectable at day 7"), kept(twice(), "not detectable at day 7", infusion=2)) == ("1", "1")
    assert (
        selected(twice(), "response>=CR", infusion=2).selection == "response CR or better; counted from infusion 2"
    ), "p2 was not asked"


def test_one_patient_and_nobody():
    made = cohort(arms(A=["p1"]), adverse_events=[{"patient_id": "p1", "term": "CRS", "grade": 2, "start_day": 1}])
    assert (kept(made, "crs>=2"), kept(made, "crs>=3"), kept(made, "never crs>=3")) == ("1", "", "1")
    nobody = selected(made, "crs>=3")
    assert nobody.n == 0 and nobody.n_opened == 1 and nobody.adverse_events.empty
    assert answers(nobody, Selection(course=(parse_where("crs>=3", made),)))[0].kept == frozenset()


def test_excluded_patients_are_counted_only_where_asked_for():
    made = cohort(
        [*arms(A=["p1"]), {"patient_id": "p2", "arm": "A", "analysis_set": "excluded"}],
        adverse_events=[
            {"patient_id": patient, "term": "CRS", "grade": None, "start_day": 1} for patient in ("p1", "p2")
        ],
    )
    assert "1 not known" in selected(made, "crs>=3").selection
    assert "2 not known" in selected(made, "crs>=3", include_excluded=True).selection


@given(st.data())
def test_yes_no_and_not_known_are_everybody_and_a_later_day_never_takes_a_yes_back(data):
    made = synthetic()
    clause = data.draw(course_clauses(made))
    (found,) = answers(made, Selection(course=(clause,)))
    assert found.so | found.not_known <= found.asked == frozenset(ids(made)) and not found.so & found.not_known
    turned = made.with_tables(made.patients[::-1], {name: table[::-1] for name, table in made.tables.items()})
    assert answers(turned, Selection(course=(clause,))) == (found,)
    if clause.kind != "detectable" and clause.day is not None:
        (ever,) = answers(made, Selection(course=(CourseClause(clause.kind, clause.name, clause.least),)))
        assert found.so <= ever.so
