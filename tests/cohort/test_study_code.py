"""P01, P02 ... instead of ids, from the door on."""

from golden.cohorts import example, synthetic
from workbooks import read_with

from lib.cohort.analysis import study_codes, with_study_codes
from lib.cohort.selection import Selection, select


def test_codes_in_order_with_as_many_digits_as_needed():
    assert study_codes([]) == {}
    assert study_codes(["x", "y"]) == {"x": "P01", "y": "P02"}
    many = study_codes([f"x{number}" for number in range(120)])
    assert many["x0"] == "P001" and many["x119"] == "P120"


def test_no_id_is_left_anywhere():
    coded = with_study_codes(synthetic())
    everything = coded.patients.to_csv() + "".join(table.to_csv() for table in coded.tables.values())
    assert "ZQX" not in everything and everything.count("P01") > 5
    assert [len(table) for table in coded.tables.values()] == [len(table) for table in synthetic().tables.values()]


def test_nothing_else_changes():
    coded, plain = with_study_codes(example()), example()
    assert coded.n == plain.n and coded.variables == plain.variables and coded.fingerprint == plain.fingerprint
    assert select(coded, Selection()).n == select(plain, Selection()).n == 16


def test_findings_keep_their_place_and_lose_the_words_they_quote():
    cohort = read_with(responses=[["patient_id", "day", "response"], ["Hidden-7", 28, "CR"], ["P1", "soon", "CR"]])
    unknown, bad = sorted(with_study_codes(cohort).findings, key=lambda finding: finding.row)
    assert (unknown.row, bad.row) == (2, 3)
    assert "Hidden" not in unknown.sentence() + unknown.value + bad.sentence() + bad.value
    assert unknown.fix and unknown.problem.endswith("the row was set aside.")
