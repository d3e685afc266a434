"""The printed adverse event table."""

from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic

from lib.toxicity.event_table import toxicity_table
from lib.toxicity.incidence import incidence


def table(made, grouping="arm", *filters, thresholds=None):
    found = incidence(selected(made, *filters), by(made, grouping))
    return toxicity_table(found, thresholds) if thresholds else toxicity_table(found)


def test_the_examples_first_rows():
    printed = table(example())
    assert printed.header == (
        "Adverse event", "Total (n = 16)", "Control (n = 8)", "Pomalidomide (n = 8)", "Pomalidomide − Control, % points (95 % CI)", "p")  # fmt: skip
    assert printed.rows[0] == (
        "Any adverse event, any grade", "14 (88 %)", "8 (100 %)", "6 (75 %)", "−25 (−59 to +12)", "0.47")  # fmt: skip
    assert [row for row in printed.rows if row[0].startswith("CRS")] == [
        ("CRS, any grade", "12 (75 %)", "8 (100 %)", "4 (50 %)", "−50 (−78 to −7)", "0.077"),
        ("CRS, grade 1–2", "7 (44 %)", "4 (50 %)", "3 (38 %)", "−13 (−50 to +30)", ">0.99"),
        ("CRS, grade ≥ 3", "5 (31 %)", "4 (50 %)", "1 (13 %)", "−38 (−68 to +7)", "0.28"),
    ]


def test_an_ungraded_term_has_one_row_that_says_so():
    rows = [row[0] for row in table(example()).rows if "term 11" in row[0]]
    assert rows == ["Unnamed term 11, grade not stated"]


def test_a_graded_term_shows_grade_3_also_where_nobody_had_it():
    made = cohort(arms(A=["a1"], B=["b1"]), adverse_events=[{"patient_id": "a1", "term": "ICANS", "grade": 1}])
    assert [row[0] for row in table(made).rows] == ["ICANS, any grade", "ICANS, grade 1–2", "ICANS, grade ≥ 3"]
    assert [row[0] for row in table(made, thresholds=("grade >= 3",)).rows] == ["ICANS, grade ≥ 3"]


def test_numbers_hold_every_row_shown_or_not():
    printed = table(example(), thresholds=("grade >= 3",))
    names = [name for name, _ in printed.numbers.columns]
    assert names[:7] == ["term", "threshold", "n_Control", "of_Control", "n_Pomalidomide", "of_Pomalidomide", "p"]
    assert len(printed.numbers.rows) == len(printed.tests) == (13 + 1) * 5
    assert all(len(row) == len(names) for row in printed.numbers.rows)


def test_nobody_one_group_and_none_without_events():
    empty = toxicity_table(incidence(nobody(example()), by(example())))
    assert empty.rows == () and empty.n == 0
    assert "Groups not compared: fewer than two groups have patients." in empty.notes
    alone = table(example(), "-")
    assert alone.header == ("Adverse event", "All patients (n = 16)") and alone.tests == ()
    assert (
        alone.rows[0] == ("Any adverse event, any grade", "14 (88 %)") and ("CRS, any grade", "12 (75 %)") in alone.rows
    )
    assert table(cohort(arms(A=["a1"]))).rows == ()


def test_a_null_difference_has_its_reason():
    printed = table(synthetic(), "arm", "arm=Lenalidomide|Pomalidomide")
    names = [name for name, _ in printed.numbers.columns]
    for row in printed.numbers.rows:
        reported = dict(zip(names, row, strict=True))
        assert reported["difference_Lenalidomide"] is None and "a group has no patients" in reported["reason"]
        assert reported["p"] is not None


def test_notes_name_test_scales_timing_and_disagreement():
    made = table(example())
    assert all(
        words in made.method
        for words in ("Fisher's exact test, two-sided, not adjusted for", "Arm became known by day 61", "Graded by")
    )
    assert made.notes[0].startswith("95 % CI excludes 0 although p ≥ 0.05: CRS, any grade")


def test_adjusted_p_values_are_of_the_rows_shown():
    found = incidence(selected(example()), by(example()))
    printed = toxicity_table(found, ("grade >= 3",), None, "Holm")
    assert printed.header[-2:] == ("p", "p (Holm)") and printed.rows[1][-2:] == ("0.28", ">0.99")
    assert printed.method.endswith(f"Last column: adjusted by Holm for the {len(printed.rows)} tests of this table.")
    alone = toxicity_table(incidence(selected(example()), by(example(), "-")), adjustment="Holm")
    assert alone.header == ("Adverse event", "All patients (n = 16)")


def test_terms_above_the_minimum_incidence_and_any_event():
    found = incidence(selected(example()), by(example()))
    printed = toxicity_table(found, ("any grade",), ("CRS",))
    assert [row[0] for row in printed.rows] == ["Any adverse event, any grade", "CRS, any grade"]
    assert len(printed.numbers.rows) == 14 * 5
