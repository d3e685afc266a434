"""Table 1, printed: p-values only where asked for, every test told whether shown or not."""

from dataclasses import replace

import pytest
from every_exhibit import exhibits
from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic

from lib.baseline.summary import baseline
from lib.baseline.table import BaselineOptions, baseline_table


def table(made, grouping="arm", *filters, month_1=False, **options):
    return baseline_table(baseline(selected(made, *filters), by(made, grouping), month_1), BaselineOptions(**options))


def test_the_example_without_p_values():
    printed = table(example())
    assert printed.header == ("Characteristic", "Total (n = 16)", "Control (n = 8)", "Pomalidomide (n = 8)")
    assert printed.rows[0] == ("Age, years", "57.5 (53–62.2; 44–71)", "59 (55.2–63.2; 44–65)", "56 (52–59.8; 46–71)")
    assert printed.rows[1:4] == (
        ("Sex", "", "", ""), ("\u2003F", "10 (62.5 %)", "5 (62.5 %)", "5 (62.5 %)"), ("\u2003M", "6 (37.5 %)", "3 (37.5 %)", "3 (37.5 %)"))  # fmt: skip
    assert ("Extramedullary disease", "7 (43.8 %)", "2 (25 %)", "5 (62.5 %)") in printed.rows
    assert printed.notes == () and len(printed.tests) > 20


def test_p_values_at_a_click_each_test_named():
    printed = table(example(), p_values=True)
    assert printed.header[-1] == "p"
    assert printed.rows[0][-1] == "0.5235"
    assert "p for numbers: Mann-Whitney test (exact, given the ties)." in printed.notes
    assert any("not adjusted for their number" in note for note in printed.notes)
    published = table(example(), as_published=True)
    assert published.rows[0][-1] == "0.7158" and "p for numbers: Student's t test." in published.notes


def test_each_level_against_the_rest():
    printed = {row[0].strip(): row[-1] for row in table(example(), each_level=True).rows}
    assert (printed["3"], printed["4"], printed[">=5"]) == (">0.9999",) * 3
    assert printed["Prior lines of therapy"] == ""
    assert (
        "p for categories (each level against all others): Fisher's exact test."
        in table(example(), each_level=True).notes
    )


def test_p_values_of_a_single_group_are_not_shown():
    printed = table(example(), "-", p_values=True)
    assert printed.header == ("Characteristic", "Total (n = 16)") and printed.tests == ()
    assert all(len(row) == 2 for row in printed.rows)


@pytest.mark.parametrize("made", [example(), synthetic(), synthetic(1, 2)])
@pytest.mark.parametrize("grouping", ["arm", "-", "age_years"])
@pytest.mark.parametrize("options", [{}, {"p_values": True}, {"each_level": True, "as_published": True}])
def test_every_row_is_as_wide_as_the_header(made, grouping, options):
    printed = table(made, grouping, month_1=True, **options)
    assert {len(row) for row in printed.rows} == {len(printed.header)}
    assert {len(row) for row in printed.numbers.rows} == {len(printed.numbers.columns)}


def test_missing_values_have_their_row():
    made = cohort(
        [
            {"patient_id": "a1", "arm": "A", "sex": "F"},
            {"patient_id": "b1", "arm": "B"},
            {"patient_id": "b2", "arm": "B", "sex": "M"},
        ]
    )
    assert ("\u2003missing", "1", "0", "1") in table(made).rows
    assert ("\u2003F", "1 (50 %)", "1 (100 %)", "0 (0 %)") in table(made).rows


def test_nobody_and_patients_without_a_group():
    empty = baseline_table(baseline(nobody(example()), by(example())), BaselineOptions(p_values=True))
    assert empty.rows[0] == ("Age, years", "–", "–", "–", "–") and empty.n == 0
    made = cohort([*arms(A=["a1"], B=["b1"]), {"patient_id": "c1", "sex": "F"}])
    assert table(made).notes == ("1 patient without Arm in the total only.",)


def test_numbers_are_unrounded_with_five_numbers_or_counts():
    printed = table(example())
    names = [name for name, _ in printed.numbers.columns]
    assert names == [
        "characteristic",
        "level",
        "group",
        "n",
        "of",
        "missing",
        "median",
        "q1",
        "q3",
        "minimum",
        "maximum",
        "reason",
    ]
    assert ("Age", None, "Total", 16, 16, 0, 57.5, 53.0, 62.25, 44.0, 71.0, None) in printed.numbers.rows
    assert ("Sex", "M", "Control", 3, 8, 0, *[None] * 5, "a category has no median") in printed.numbers.rows


def test_the_response_at_month_1_is_marked_as_an_outcome():
    printed = table(example(), month_1=True)
    (label,) = [row[0] for row in printed.rows if row[0].startswith("Response at month 1")]
    assert label == "Response at month 1 (day 28 ± 14), outcome after infusion"
    assert any("no characteristic at baseline" in note for note in printed.notes)
    assert not any("Response at month 1" in str(row) for row in table(example()).rows)


def test_the_report_has_it_only_where_the_workbook_asks_for_it():
    asked = example()
    assert asked.study.month_1_response and "Response at month 1" in str(first_table(asked))
    assert "Response at month 1" not in str(
        first_table(replace(asked, study=replace(asked.study, month_1_response=False)))
    )


def first_table(made):
    return next(iter(exhibits(made, by(made), "months"))).rows
