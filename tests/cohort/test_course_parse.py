"""The grammar of clauses about the course: what is written reads back, and what cannot be followed gets one
sentence."""

import re
from dataclasses import replace
from functools import cache

import pytest
from golden.cohorts import cohort, example, synthetic
from hypothesis import given
from hypothesis import strategies as st

from cohort.strategies import course_clauses
from lib.cohort.course_clause import CourseClause
from lib.cohort.kinetic_series import SeriesKey
from lib.cohort.view import parse_course, parse_where

ODD = (
    "a|b",
    "50%",
    "who?",
    "x>=3",
    "≥5",
    "by day 3",
    "led by day 3",
    "in blood",
    "ever",
    "never CRS",
    "response",
    "not response",
    "received X",
    "混合 型",
    "grade",
    "CRS grade",
    "a,b",
    "detectable at day 3",
    "x|?",
)


@cache
def odd():
    """A cohort whose terms and therapies have odd names."""
    return replace(
        cohort([{"patient_id": "p"}]), vocabulary={"term": ODD, "course": tuple(f"other\t{name}" for name in ODD)}
    )


@given(st.data())
def test_a_clause_reads_as_it_was_written(data):
    clause = data.draw(course_clauses(synthetic()))
    assert parse_course(str(clause), synthetic()) == parse_where(str(clause), synthetic()) == clause


@pytest.mark.parametrize("name", ODD)
def test_odd_names_read_as_they_were_written(name):
    for day in (None, 3.0):
        for negated in (False, True):
            event = CourseClause("event", name, 2, day, negated=negated, keep_missing=negated)
            assert parse_where(str(event), odd()) == event
            course = CourseClause("received", name, day=day, negated=negated)
            assert parse_where(str(course), odd()) == course


NAMES = st.text(min_size=1, max_size=12).map(lambda word: re.sub(r"[\x00-\x1f\x7f]+", " ", word).strip()).filter(bool)


@given(NAMES)
def test_any_name_of_a_term_reads_as_it_was_written(name):
    made = replace(odd(), vocabulary={"term": (name,)})
    clause = CourseClause("event", name, 4, 7.5)
    assert parse_course(str(clause), made) == clause


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("crs>=3", "ever CRS >= 3"),
        ("CRS ≥ grade 3", "ever CRS >= 3"),
        ("ever crs grade >= 3 by day 10", "ever CRS >= 3 by day 10"),
        ("never icans>=2 by week 2|?", "never ICANS >= 2 by day 14|?"),
        ("unnamed term 11>=1", "ever Unnamed term 11 >= 1"),
        ("response>=vgpr by day 90", "response >= VGPR by day 90"),
        ("no response >= CR by 3 months", "not response >= CR by month 3"),
        ("detectable at day 28", "detectable at day 28 in blood, qPCR, copies/µg DNA"),
        ("not detectable at month 3 in Blood", "not detectable at month 3 in blood, qPCR, copies/µg DNA"),
        ("received Pomalidomide by day 0", "received Pomalidomide by day 0"),
        ("never received pomalidomide maintenance", "not received pomalidomide maintenance"),
    ],
)
def test_short_forms(written, canonical):
    assert str(parse_where(written, example())) == canonical


def test_the_same_parts_mean_the_series_of_just_these_parts():
    rows = [
        {"patient_id": "p", "day": day, "value": 5, "assay": "qPCR", "unit": unit}
        for day, unit in ((1, "copies"), (2, "copies"), (1, None))
    ]
    made = cohort([{"patient_id": "p"}], kinetics=rows)
    assert parse_course("detectable at day 1 in blood, qPCR", made) == CourseClause(
        "detectable", day=1.0, series=SeriesKey("blood", "qPCR", "")
    )
    assert parse_course("detectable at day 1 in blood", made) == CourseClause(
        "detectable", day=1.0, series=SeriesKey("blood", "qPCR", "copies")
    )


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("cough>=3", 'This workbook has no adverse event "cough".'),
        ("age>=60", 'This workbook has no adverse event "age". Of the column write a range: "age_years=60..inf".'),
        ("crs>=6", 'CRS: "6" is not a grade to filter by; write a whole number from 1 to 5.'),
        ("crs>=0", 'CRS: "0" is not a grade to filter by; write a whole number from 1 to 5.'),
        ("crs>=", 'CRS: "" is not a grade to filter by; write a whole number from 1 to 5.'),
        ("crs>=²", 'CRS: "²" is not a grade to filter by; write a whole number from 1 to 5.'),
        ("crs>=3 by day -1", '"day -1" is before the infusion; write day 0 or a later one.'),
        ("crs>=3 by Easter", '"Easter" is not a day; write for example "day 28" or "month 3".'),
        ("crs>=3 by day nan", '"day nan" is not a day; write for example "day 28" or "month 3".'),
        ("crs>=3 by day 99999", '"day 99999" is not a day; write for example "day 28" or "month 3".'),
        ("response>=PD", '"PD" is not a response to filter by; write one of sCR, CR, VGPR, PR, MR, SD.'),
        ("response>=CR by 90", '"90" is not a day; write for example "day 28" or "month 3".'),
        ("detectable", 'Say the day on which copies are looked for, for example "detectable at day 28".'),
        ("detectable in blood", 'Say the day on which copies are looked for, for example "detectable at day 28".'),
        ("detectable at day 28 in marrow", 'This workbook has no CAR copies in "marrow".'),
        ("received bridging by day 0", 'Therapies of this workbook do not name "bridging".'),
        ("received pomalidomide by", '"" is not a day; write for example "day 28" or "month 3".'),
    ],
)
def test_what_cannot_be_followed_gets_one_sentence(written, sentence):
    assert parse_course(written, example()) == sentence


def test_a_workbook_without_the_table_says_so():
    made = cohort([{"patient_id": "p"}])
    said = [parse_course(text, made) for text in ("response>=CR", "detectable at day 28", "crs>=3", "received x")]
    assert said == [
        "This workbook has no responses to filter by.",
        "This workbook has no CAR copies to filter by.",
        'This workbook has no adverse event "crs".',
        'Therapies of this workbook do not name "x".',
    ]


@pytest.mark.parametrize("text", ["", "emd=yes", "age=40..60", "foo", "arm=>=3", "ever", "responses"])
def test_other_words_are_no_clause_about_the_course(text):
    assert parse_course(text, example()) is None
