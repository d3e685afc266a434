"""How numbers are printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.publication.number import (
    count,
    day,
    interval,
    p_equals,
    p_value,
    percent,
    plural,
    ratio,
    ratio_interval,
    short,
    signed_percent,
    time,
    time_interval,
)


@pytest.mark.parametrize(
    ("p", "written"),
    [
        (None, "–"),
        (0.0, "<0.001"),
        (0.000999, "<0.001"),
        (0.001, "0.0010"),
        (0.00234, "0.0023"),
        (0.016584, "0.017"),
        (0.05, "0.050"),
        (0.0496, "0.0496"),
        (0.0504, "0.0504"),
        (0.0995, "0.100"),
        (0.7158, "0.72"),
        (0.99, "0.99"),
        (0.9901, ">0.99"),
        (1.0, ">0.99"),
    ],
)
def test_p_values(p, written):
    assert p_value(p) == written


def test_p_values_within_a_sentence():
    assert p_equals(0.016584) == "p = 0.017"
    assert p_equals(0.00001) == "p < 0.001"
    assert p_equals(1.0) == "p > 0.99"


@given(st.floats(0, 1))
def test_a_printed_p_value_stays_on_its_side_of_a_twentieth(p):
    written = p_value(p).lstrip("<>")
    assert abs(float(written) - p) <= 0.01 + 1e-9
    assert (float(written) < 0.05) == (p < 0.05) or p == 0.05 or abs(p - 0.05) < 5e-5


@pytest.mark.parametrize(
    ("n", "of", "written"),
    [
        (0, 0, "0"),
        (0, 8, "0 (0 %)"),
        (8, 8, "8 (100 %)"),
        (5, 8, "5 (63 %)"),
        (1, 16, "1 (6 %)"),
        (5, 16, "5 (31 %)"),
        (1, 3, "1 (33 %)"),
        (1, 99, "1 (1 %)"),
        (1, 100, "1 (1.0 %)"),
        (200, 200, "200 (100 %)"),
        (0, 200, "0 (0 %)"),
        (33, 200, "33 (16.5 %)"),
        (1, 2000, "1 (0.1 %)"),
        (1, 3000, "1 (<0.1 %)"),
        (2999, 3000, "2,999 (>99.9 %)"),
    ],
)
def test_counts_with_percentages_round_halves_up(n, of, written):
    assert count(n, of) == written


def test_percentages_and_differences():
    assert percent(0.5) == "50 %" and percent(0.9996) == ">99 %" and percent(0.004) == "<1 %"
    assert signed_percent(-0.5) == "−50" and signed_percent(0.375) == "+38" and signed_percent(0.375, 200) == "+37.5"
    assert signed_percent(0) == "0" and signed_percent(-0.0004) == "−<1"


@given(st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_percentage_is_right_to_half_of_its_last_digit(share):
    n, of = share
    written = percent(n / of, of).removesuffix(" %")
    if written[0] in "<>":
        assert 0 < n < of
    else:
        assert abs(float(written) - 100 * n / of) <= (0.05 if of >= 100 else 0.5) + 1e-6


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.21946, "0.22"),
        (0.0529, "0.053"),
        (0.0603, "0.060"),
        (0.000378, "0.00038"),
        (12.34, "12.3"),
        (1234.5, "1,234"),
        (1, "1.00"),
        (None, "NE"),
        (0.0996, "0.10"),
        (9.96, "10.0"),
        (99.6, "100"),
        (0, "0.00"),
    ],
)
def test_ratios(value, written):
    assert ratio(value) == written


def test_limits_of_ratios():
    assert ratio_interval(0.0573, 0.854) == "0.057–0.85" and ratio_interval(None, 0.854) == "NE–0.85"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"),
        (float("nan"), "–"),
        (0, "0"),
        (5.85, "5.85"),
        (10.7, "10.7"),
        (13, "13"),
        (528, "528"),
        (1234.4, "1,234"),
        (0.0573, "0.0573"),
        (0.00012, "0.00012"),
        (999.6, "1000"),
        (-50, "-50"),
    ],
)
def test_short_numbers(value, written):
    assert short(value) == written


def test_intervals_name_a_limit_that_does_not_exist():
    assert interval(0.0573, 0.854) == "0.0573–0.854"
    assert interval(None, 0.854) == "NE–0.854"
    assert time_interval(1.0, 10.6) == "1.0–10.6" and time_interval(7.0, None) == "7.0–NE"


def test_times_have_one_decimal_and_whole_days_none():
    assert (time(5.85), time(10.7), time(13.0), time(0.0), time(25.456)) == ("5.9", "10.7", "13.0", "0.0", "25.5")
    assert time(None) == "not reached" and time(None, "no patients") == "no patients"
    assert (day(14.0), day(7.5), day(None)) == ("14", "7.5", "not reached")
    assert float(day(1e308)) == 1e308 and day(-1e308).startswith("-1"), "a number from a misread cell stops no table"


def test_plurals():
    assert (plural(1, "patient"), plural(0, "patient"), plural(1200, "patient")) == (
        "1 patient",
        "0 patients",
        "1,200 patients",
    )
    assert plural(2, "study", "studies") == "2 studies"
