"""The printed table of sensitivity analyses."""

from golden.cohorts import by, nobody

from lib.stats.estimate import Estimate
from lib.toxicity.incidence import incidence
from lib.toxicity.sensitivity.result import sensitivity
from lib.toxicity.sensitivity.table import ratio_words, toxicity_sensitivity_table
from toxicity.made import many_terms, of_example, of_synthetic


def test_the_rows_of_crs():
    table = toxicity_sensitivity_table(sensitivity(of_example(), ("CRS",)))
    rows = [row for row in table.rows if row[0].startswith("CRS")]
    assert rows[0] == ("CRS, any grade", "Fisher's exact test", "0.0769", "0.3077", "0.3077", "−50 (−78.5 to −6.8)", "−50 (−79.1 to −8.1)", "0 (0–1.23)")  # fmt: skip
    assert [row[1:3] for row in rows[2:]] == [
        ("Fisher-Freeman-Halton exact test", "0.2280"),
        ("Cochran-Armitage test for trend", "0.0180"),
    ]
    assert table.notes[0].startswith("Tests: 4 of shares, 1 of all grades")


def test_numbers_and_tests_have_their_reasons():
    table = toxicity_sensitivity_table(sensitivity(of_synthetic(), ("CRS",)))
    names = [name for name, _ in table.numbers.columns]
    assert len(table.numbers.rows) == len(table.rows) == len(table.tests)
    for row in table.numbers.rows:
        told = dict(zip(names, row, strict=True))
        assert told["reason"] or all(value is not None for name, value in told.items() if name != "reason")
    assert any("Monte Carlo" in note and "±" in note for note in table.notes)
    assert any(row[0].endswith(", Pomalidomide") for row in table.rows)


def test_ratios_in_words():
    assert ratio_words(Estimate(4.4742, 0.40866, 75.97)) == "4.47 (0.409–76)"
    assert ratio_words(Estimate(0.0, 0.0, 1.2298)) == "0 (0–1.23)"
    assert ratio_words(Estimate(None, 0.813, None, reason="infinite: nobody")) == "∞ (0.813–∞)"
    assert ratio_words(Estimate(None, 0.0, None, reason="nobody had it")) == "not estimable (0–∞)"
    assert ratio_words(None) == ratio_words(Estimate(None, reason="a group has no patients")) == "–"


def test_nobody():
    empty = toxicity_sensitivity_table(sensitivity(incidence(nobody(many_terms()), by(many_terms())), ("Term 00",)))
    assert {row[2] for row in empty.rows} == {"–"} and all(test.reason for test in empty.tests)
