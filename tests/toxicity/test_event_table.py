"""The printed adverse event table."""

import pytest
from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic

from lib.cohort.analysis import Analysis
from lib.publication.options import NotAllowed, offers, parsed
from lib.toxicity.event_table import TABLE, TableOptions, toxicity_table
from lib.toxicity.incidence import incidence


def table(made, grouping="arm", *filters, thresholds=None):
    found = incidence(selected(made, *filters), by(made, grouping))
    return toxicity_table(found, TableOptions(rows=thresholds) if thresholds else None)


def test_the_examples_first_rows():
    printed = table(example())
    assert printed.header == (
        "Adverse event",
        "Total (n = 16)",
        "Control (n = 8)",
        "Pomalidomide (n = 8)",
        "Pomalidomide − Control, % points (95 % CI)",
        "p",
    )
    assert printed.rows[0] == (
        "Any adverse event, any grade",
        "14 (88 %)",
        "8 (100 %)",
        "6 (75 %)",
        "−25 (−59 to +12)",
        "0.47",
    )
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
    printed = toxicity_table(found, TableOptions(rows=("grade >= 3",), adjustment="Holm"))
    assert printed.header[-2:] == ("p", "p (Holm)") and printed.rows[1][-2:] == ("0.28", ">0.99")
    assert printed.method.endswith(f"Last column: adjusted by Holm for the {len(printed.rows)} tests of this table.")
    alone = toxicity_table(incidence(selected(example()), by(example(), "-")), TableOptions(adjustment="Holm"))
    assert alone.header == ("Adverse event", "All patients (n = 16)")


def test_terms_above_the_minimum_incidence_and_any_event():
    found = incidence(selected(example()), by(example()))
    printed = toxicity_table(found, TableOptions(rows=("any grade",)), ("CRS",))
    assert [row[0] for row in printed.rows] == ["Any adverse event, any grade", "CRS, any grade"]
    assert len(printed.numbers.rows) == 14 * 5


def chosen(made, *filters, **options):
    analysis = Analysis(made, selected(made, *filters), by(made), "months")
    known = {offer.name: offer for offer in offers(TABLE.options, analysis)}
    return TABLE.make(analysis, None, {name: parsed(known[name], text) for name, text in options.items()})


PAPER = (
    "CRS: any grade; grade 1-2; grade >= 3|ICANS: any grade; grade 1-2; grade >= 3|Neutropenia: grade >= 3|Lymphopenia:"
    " grade >= 3|Anemia: grade >= 3|Thrombocytopenia: grade >= 3|"
    + "|".join(f"Unnamed term {number}: any grade" for number in range(11, 18))
)


def test_table_2_of_the_paper_row_by_row():
    made = chosen(example(), lines=PAPER, differences="no", names="Unnamed term 11: Fever")
    assert made.header == ("Adverse event", "Total (n = 16)", "Control (n = 8)", "Pomalidomide (n = 8)", "p")
    cells = [(*(cell.split(" (")[0] for cell in row[1:4]), row[4]) for row in made.rows]
    assert cells == [
        ("12", "8", "4", "0.077"),
        ("7", "4", "3", ">0.99"),
        ("5", "4", "1", "0.28"),
        ("1", "0", "1", ">0.99"),
        ("1", "0", "1", ">0.99"),
        ("0", "0", "0", ">0.99"),
        ("14", "8", "6", "0.47"),
        ("12", "7", "5", "0.57"),
        ("10", "7", "3", "0.12"),
        ("7", "3", "4", ">0.99"),
        ("12", "8", "4", "0.077"),
        ("6", "3", "3", ">0.99"),
        ("5", "3", "2", ">0.99"),
        ("1", "1", "0", ">0.99"),
        ("6", "4", "2", "0.61"),
        ("5", "2", "3", ">0.99"),
        ("2", "1", "1", ">0.99"),
    ]
    assert [made.rows[place][0] for place in (0, 2, 6, 10)] == [
        "CRS, any grade",
        "CRS, grade ≥ 3",
        "Neutropenia, grade ≥ 3",
        "Fever, grade not stated",
    ]


def test_a_term_without_grades_has_no_row_of_0_by_grade():
    made = chosen(example(), lines="Unnamed term 11: grade >= 3|CRS: grade >= 3")
    assert [row[0] for row in made.rows] == ["CRS, grade ≥ 3"]
    assert "No grade is stated of Unnamed term 11: no row by grade." in made.notes
    nobody_had_it = chosen(example(), "age_years=71..71", lines="ICANS: grade >= 3")
    assert [row[0] for row in nobody_had_it.rows] == ["ICANS, grade ≥ 3"] and nobody_had_it.rows[0][1].startswith("0")


def test_a_threshold_that_there_is_not_is_refused():
    with pytest.raises(NotAllowed, match='CRS has no "grade 9"'):
        chosen(example(), lines="CRS: grade 9")
