"""A clause about the course as a value: what is written, what a reader is reported, whom an answer keeps."""

import pytest

from lib.cohort.course_clause import Answered, CourseClause, written_day
from lib.cohort.kinetic_series import SeriesKey

CRS = CourseClause("event", "CRS", 3)
BLOOD = SeriesKey("blood", "qPCR", "copies/µg DNA")
MONTH = 30.4375


@pytest.mark.parametrize(
    ("clause", "written", "words"),
    [
        (CRS, "ever CRS >= 3", "CRS grade ≥ 3"),
        (
            CourseClause("event", "CRS", 2, 14.0, negated=True),
            "never CRS >= 2 by day 14",
            "never CRS grade ≥ 2 by day 14",
        ),
        (CourseClause("event", "a>=b|c, 50 %?", 1), "ever a%3E%3Db%7Cc%2C 50 %25%3F >= 1", "a>=b|c, 50 %? grade ≥ 1"),
        (
            CourseClause("response", "VGPR", day=3 * MONTH),
            "response >= VGPR by month 3",
            "response VGPR or better by month 3",
        ),
        (
            CourseClause("response", "CR", negated=True, keep_missing=True),
            "not response >= CR|?",
            "no response CR or better",
        ),
        (
            CourseClause("received", "led by hand", day=-3.5),
            "received led%20by hand by day -3.5",
            "received led by hand by day -3.5",
        ),
        (CourseClause("received", "bridging", negated=True), "not received bridging", "not received bridging"),
        (
            CourseClause("detectable", day=28.0, series=BLOOD),
            "detectable at day 28 in blood, qPCR, copies/µg DNA",
            "CAR copies detectable at day 28 ± 3 (blood, qPCR, copies/µg DNA)",
        ),
        (
            CourseClause("detectable", day=MONTH, series=SeriesKey("marrow", "ddPCR", ""), negated=True),
            "not detectable at month 1 in marrow, ddPCR",
            "CAR copies not detectable at month 1 ± 3 days (marrow, ddPCR)",
        ),
    ],
)
def test_what_is_written_and_what_is_said(clause, written, words):
    assert (str(clause), clause.words) == (written, words)
    assert clause.question == written.removesuffix("|?")


def test_a_chip_leaves_out_what_was_measured():
    assert CourseClause("detectable", day=28.0, series=BLOOD).short == "CAR copies detectable at day 28 ± 3"
    assert CRS.short == CRS.words


def test_a_day_is_written_without_rounding():
    days = {
        0.0: "day 0",
        28.0: "day 28",
        3 * MONTH: "month 3",
        16 * MONTH: "day 487",
        1 / 3: f"day {1 / 3!r}",
        -7.0: "day -7",
        5e-324: "day 4.940656458e-324",
    }
    assert {day: written_day(day) for day in days} == days


def test_a_clause_without_a_day_is_known_when_all_is_over():
    assert CRS.known_at == float("inf") and CourseClause("event", "CRS", 3, 14.0).known_at == 14


@pytest.mark.parametrize(
    ("negated", "keep_missing", "kept"),
    [(False, False, "a"), (True, False, "c"), (False, True, "ab"), (True, True, "bc")],
)
def test_who_is_not_known_is_neither_yes_nor_no(negated, keep_missing, kept):
    clause = CourseClause("event", "CRS", 3, negated=negated, keep_missing=keep_missing)
    reported = Answered(clause, frozenset("abc"), frozenset("a"), frozenset("b"))
    assert reported.kept == frozenset(kept)
    what = "kept" if keep_missing else "left out"
    assert reported.words(["a", "b"]) == f"{clause.words}, 1 not known (grade not stated) {what}"
    assert reported.words(["a"]) == clause.words
