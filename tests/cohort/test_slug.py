"""Parts of ids: plain, short, never twice."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.cohort.printed import LONGEST, slug_of, unused


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("CRP", "crp"),
        ("IFN-γ", "ifn_gamma"),
        ("CD4+", "cd4_plus"),
        ("copies/µg DNA", "copies_ug_dna"),
        ("Müdigkeit", "mudigkeit"),
        ("% CAR", "percent_car"),
        ("发热", "test"),
        ("", "test"),
        ("x" * 90, "x" * 60),
        ("a" * 59 + " b", "a" * 59),
    ],
)
def test_words_in_plain_signs(words, expected):
    assert slug_of(words, "test") == expected


@given(st.text())
def test_nothing_else_is_left(words):
    slug = slug_of(words)
    assert re.fullmatch(r"([a-z0-9]+(_[a-z0-9]+)*)?", slug) and len(slug) <= LONGEST


def test_no_slug_is_given_twice():
    given_away: set[str] = set()
    assert [unused(slug, given_away) for slug in ("a", "a", "b", "a", "x" * 60, "x" * 60)] == [
        "a",
        "a_2",
        "b",
        "a_3",
        "x" * 60,
        "x" * 56 + "_2",
    ]
