"""Adjusted p-values, other intervals, tests of all grades."""

import pytest
from golden.cohorts import by, nobody, selected
from golden.reference import golden

from lib.stats.compared import holm
from lib.stats.estimate import Estimate
from lib.toxicity.incidence import incidence
from lib.toxicity.sensitivity import (
    GRADES,
    NO_TREND,
    SHARE,
    TREND,
    grade_counts,
    printed_ratio,
    sensitivity,
    toxicity_sensitivity_table,
)
from toxicity.made import many_terms, of_example, of_synthetic, two_scales


def test_the_synthetic_crs_grades_are_rs():
    grades = golden("stats")["fisher_freeman_halton"]["synthetic_CRS_grade_0to4_by_arm"]
    assert grade_counts("CRS", of_example()) == [[*grades["control"], 0], [*grades["pom"], 0]]
    lines = {line.family: line for line in sensitivity(of_example(), ("CRS",)).lines if line.threshold == "all grades"}
    assert lines[GRADES].test.p == pytest.approx(grades["p"], abs=1e-8)
    assert lines[TREND].test.p == pytest.approx(golden("stats")["cochran_armitage"]["synthetic_CRS_grade"], abs=1e-8)


def test_p_is_adjusted_within_a_family():
    found = sensitivity(of_example(), of_example().terms)
    for family in (SHARE, GRADES, TREND):
        mine = [line for line in found.lines if line.family == family]
        assert [line.holm_p for line in mine] == list(holm([line.test.p for line in mine]))
        assert all(line.test.p <= line.bh_p <= line.holm_p for line in mine) and found.n_tests(family) == len(mine)
    assert (found.n_tests(SHARE), found.n_tests(GRADES)) == (21, 6)


def test_both_intervals_and_the_odds_ratio_of_crs():
    line = next(
        line
        for line in sensitivity(of_example(), ("CRS",)).lines
        if (line.term, line.threshold) == ("CRS", "any grade")
    )
    published = golden("stats")["seed_pairs"]["CRS_any 4/8-8/8"]
    assert [line.newcombe.low, line.newcombe.high] == pytest.approx(published["newcombe"], abs=5e-5)
    assert [line.miettinen_nurminen.low, line.miettinen_nurminen.high] == pytest.approx(published["mn"], abs=5e-5)
    assert (line.odds_ratio.value, line.odds_ratio.low, round(line.odds_ratio.high, 4)) == (0, 0, 1.2298)


def test_a_trend_needs_two_groups_and_scales_are_not_mixed():
    three = sensitivity(of_synthetic(), ("CRS",)).lines
    assert {line.test.reason for line in three if line.family == TREND} == {NO_TREND}
    assert len([line for line in three if line.term == "CRS" and line.family == SHARE]) == 4
    made = two_scales()
    mixed = [line for line in sensitivity(incidence(selected(made), by(made)), ("CRS",)).lines if line.term == "CRS"]
    assert len(mixed) == 4 and all("not interchangeable" in line.test.reason for line in mixed)


def test_a_term_without_grades_has_no_test_of_grades():
    assert {line.family for line in sensitivity(of_example(), ("Unnamed term 11",)).lines if "11" in line.term} == {
        SHARE
    }


def test_the_rows_of_crs():
    table = toxicity_sensitivity_table(sensitivity(of_example(), ("CRS",)))
    rows = [row for row in table.rows if row[0].startswith("CRS")]
    assert rows[0] == (
        "CRS, any grade",
        "Fisher's exact test",
        "0.077",
        "0.31",
        "0.31",
        "−50 (−78 to −7)",
        "−50 (−79 to −8)",
        "0.00 (0.00–1.23)",
    )
    assert [row[1:3] for row in rows[2:]] == [
        ("Fisher-Freeman-Halton exact test", "0.23"),
        ("Cochran-Armitage test for trend", "0.018"),
    ]
    assert table.method.startswith("Tests: 4 of shares, 1 of all grades")


def test_numbers_and_tests_have_their_reasons():
    table = toxicity_sensitivity_table(sensitivity(of_synthetic(), ("CRS",)))
    names = [name for name, _ in table.numbers.columns]
    assert len(table.numbers.rows) == len(table.rows) == len(table.tests)
    for row in table.numbers.rows:
        reported = dict(zip(names, row, strict=True))
        assert reported["reason"] or all(value is not None for name, value in reported.items() if name != "reason")
    assert "by Monte Carlo" in table.method and "±" in table.method
    assert any(row[0].endswith(", Pomalidomide") for row in table.rows)


def test_ratios_in_words():
    assert printed_ratio(Estimate(4.4742, 0.40866, 75.97)) == "4.47 (0.41–76.0)"
    assert printed_ratio(Estimate(0.0, 0.0, 1.2298)) == "0.00 (0.00–1.23)"
    assert printed_ratio(Estimate(None, 0.813, None, reason="infinite: nobody")) == "∞ (0.81–∞)"
    assert printed_ratio(Estimate(None, 0.0, None, reason="nobody had it")) == "NE (0.00–∞)"
    assert printed_ratio(None) == printed_ratio(Estimate(None, reason="a group has no patients")) == "–"


def test_nobody():
    empty = toxicity_sensitivity_table(sensitivity(incidence(nobody(many_terms()), by(many_terms())), ("Term 00",)))
    assert {row[2] for row in empty.rows} == {"–"} and all(test.reason for test in empty.tests)
