"""How numbers are printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.publication.number import (
    count,
    interval,
    p_equals,
    p_value,
    percent,
    plural,
    short,
    signed_percent,
    time,
    time_interval,
)


@pytest.mark.parametrize(
    ("p", "written"),
    [
        (None, "–"), (0.0, "<0.0001"), (0.00009999, "<0.0001"), (0.0001, "0.0001"), (0.016584, "0.0166"), (0.05, "0.0500"),
        (0.7158, "0.7158"), (0.9999, "0.9999"), (0.99991, ">0.9999"), (1.0, ">0.9999"),
    ],
)  # fmt: skip
def test_p_values(p, written):
    assert p_value(p) == written


def test_p_values_within_a_sentence():
    assert p_equals(0.016584) == "p = 0.0166"
    assert p_equals(0.00001) == "p < 0.0001"
    assert p_equals(1.0) == "p > 0.9999"


@given(st.floats(0, 1))
def test_every_p_value_has_four_decimals_and_keeps_its_side(p):
    written = p_value(p)
    assert len(written.lstrip("<>")) == 6
    assert abs(float(written.lstrip("<>")) - p) <= 0.0001


@pytest.mark.parametrize(
    ("n", "of", "written"),
    [
        (0, 0, "0"), (0, 8, "0 (0 %)"), (8, 8, "8 (100 %)"), (5, 8, "5 (62.5 %)"), (1, 16, "1 (6.3 %)"), (7, 16, "7 (43.8 %)"),
        (5, 16, "5 (31.3 %)"), (3, 16, "3 (18.8 %)"), (1, 3, "1 (33.3 %)"), (2, 3, "2 (66.7 %)"), (1, 8, "1 (12.5 %)"), (1, 2000, "1 (0.1 %)"),
    ],
)  # fmt: skip
def test_counts_with_percentages_round_halves_up(n, of, written):
    assert count(n, of) == written


def test_percentages_and_differences():
    assert percent(0.5) == "50 %" and percent(0.9996) == "100 %"
    assert signed_percent(-0.5) == "−50" and signed_percent(0.375) == "+37.5" and signed_percent(0) == "0"
    assert signed_percent(-0.0004) == "0" and signed_percent(-0.00050001) == "−0.1"


@given(st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_percentage_is_right_to_a_twentieth(share):
    n, of = share
    assert abs(float(percent(n / of).removesuffix(" %")) - 100 * n / of) <= 0.05 + 1e-6


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, "–"), (float("nan"), "–"), (0, "0"), (5.85, "5.85"), (10.7, "10.7"), (13, "13"), (528, "528"), (1234.4, "1,234"),
     (0.0573, "0.0573"), (0.00012, "0.00012"), (999.6, "1000"), (-50, "-50")],
)  # fmt: skip
def test_short_numbers(value, written):
    assert short(value) == written


def test_intervals_name_a_limit_that_does_not_exist():
    assert interval(0.0573, 0.854) == "0.0573–0.854"
    assert interval(None, 0.854) == "NE–0.854"
    assert time_interval(1.0, 10.6) == "1–10.6" and time_interval(7.0, None) == "7–NE"


def test_times_have_at_most_two_decimals():
    assert (time(5.85), time(10.7), time(13.0), time(0.0), time(25.456)) == ("5.85", "10.7", "13", "0", "25.46")
    assert time(None) == "not reached" and time(None, "no patients") == "no patients"


def test_plurals():
    assert (plural(1, "patient"), plural(0, "patient"), plural(1200, "patient")) == (
        "1 patient",
        "0 patients",
        "1,200 patients",
    )
    assert plural(2, "study", "studies") == "2 studies"
