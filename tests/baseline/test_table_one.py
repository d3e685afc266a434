"""Table 1: each row as R has it, missing values, levels, outcomes, and how it is printed."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from every_exhibit import exhibits
from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic
from golden.reference import exact_rank_p, golden, same

from lib.baseline.characteristics import BaselineOptions, CategorySummary, NumberSummary, baseline
from lib.baseline.statistic import decimals_of, median_iqr, value_range
from lib.baseline.table_one import baseline_table
from lib.intake.draft import read_files
from lib.intake.files.grid import SourceFile
from lib.intake.mapping import from_json
from lib.notebook import grouping_of


def of(made, grouping="arm", *filters, month_1=False):
    return baseline(selected(made, *filters), by(made, grouping), month_1)


def row(result, label):
    return next(row for row in result.rows if row.label == label)


def people(*rows):
    """Rows of (arm, age, sex); None = missing."""
    return cohort(
        [
            {"patient_id": f"p{place}", "arm": arm, "age_years": age, "sex": sex}
            for place, (arm, age, sex) in enumerate(rows)
        ]
    )


def test_age_as_in_r():
    age = row(of(example()), "Age")
    assert (age.as_published.p, age.as_published.statistic) == (
        same(golden("more")["student_t"]["age_synthetic"]["p"]),
        same(golden("more")["student_t"]["age_synthetic"]["t"]),
    )
    assert age.test.p == same(exact_rank_p("age, synthetic cohort"))
    assert sorted(age.total) == sorted([*age.groups[0], *age.groups[1]]) and age.missing == (0, 0, 0)


def test_the_grouping_column_is_no_row_of_its_own_unless_it_was_cut():
    assert "Arm" not in [row.label for row in of(example()).rows]
    assert "Age" in [row.label for row in of(example(), "age_years").rows]
    assert "Arm" in [row.label for row in of(example(), "emd").rows]


def test_missing_values_are_counted_and_in_no_percentage_and_no_test():
    made = people(("A", 50, "F"), ("A", None, "M"), ("A", 70, None), ("B", 60, "F"), ("B", None, None))
    age, sex = row(of(made), "Age"), row(of(made), "Sex")
    assert isinstance(age, NumberSummary) and isinstance(sex, CategorySummary)
    assert age.missing == (2, 1, 1) and len(age.total) == 3 and age.test.n == 3
    assert sex.missing == (2, 1, 1) and sex.of == (3, 2, 1) and sex.test.n == 3
    assert [(level.level, level.n) for level in sex.levels] == [("F", (2, 1, 1)), ("M", (1, 1, 0))]


def test_patients_without_a_group_are_in_the_total_only():
    made = people(("A", 50, "F"), ("B", 60, "M"), (None, 70, "F"))
    found = of(made)
    assert (found.n, found.sizes, found.n_ungrouped) == (3, (1, 1), 1)
    assert len(row(found, "Age").total) == 3 and row(found, "Age").test.n == 2
    assert row(found, "Sex").of == (3, 1, 1)


def test_nobody_one_patient_and_one_group():
    empty = baseline(nobody(example()), by(example()), True)
    assert (empty.n, empty.sizes) == (0, (0, 0))
    assert all(each.test.p is None for each in empty.rows)
    assert all(
        level.n == (0, 0, 0) for each in empty.rows if isinstance(each, CategorySummary) for level in each.levels
    )
    single = of(people(("A", 50, "F")))
    assert row(single, "Age").test.p is None and single.n == 1
    alone = of(example(), "-")
    assert {each.test.reason for each in alone.rows} == {"one group only"}


def test_all_missing_in_one_group():
    made = people(("A", 50, "F"), ("A", 52, "M"), ("B", None, None))
    found = of(made)
    assert row(found, "Age").test.reason == "fewer than two groups have values"
    assert row(found, "Age").as_published.reason == "a group has fewer than two values"
    assert row(found, "Sex").test.reason == "fewer than two groups have patients"


def test_each_level_against_the_rest_is_a_two_by_two_test():
    lines = row(of(example()), "Prior lines of therapy")
    assert [(level.level, level.n, level.test.p) for level in lines.levels] == [
        ("3", (7, 4, 3), 1.0),
        ("4", (6, 3, 3), 1.0),
        (">=5", (3, 1, 2), 1.0),
    ]
    assert lines.test.p == pytest.approx(golden("more")["fisher"]["lines"]["p"])


def test_more_than_two_groups():
    found = of(synthetic())
    assert row(found, "Age").test.name == "Kruskal-Wallis test (chi-squared approximation, corrected for ties)"
    assert row(found, "Age").as_published.reason == "not for more than two groups"
    assert row(found, "Sex").test.name == "Fisher-Freeman-Halton exact test"


def test_response_at_month_1_may_be_a_row():
    found = of(example(), month_1=True).rows[-1]
    assert found.label == "Response at month 1 (day 28 ± 14)"
    assert [(level.level, level.n) for level in found.levels] == [("VGPR", (8, 4, 4)), ("PR", (8, 4, 4))]
    none = of(cohort(arms(A=["a1"], B=["b1"])), month_1=True).rows[-1]
    assert (none.levels, none.missing, none.test.reason) == ((), (2, 1, 1), "no values")


def test_order_of_patients_is_nothing():
    made = selected(synthetic())
    turned = made.with_tables(made.patients[::-1].reset_index(drop=True), made.tables)
    first, again = (baseline(each, by(made)) for each in (made, turned))
    assert [each.test.p for each in first.rows] == pytest.approx([each.test.p for each in again.rows])
    assert [each.missing for each in first.rows] == [each.missing for each in again.rows]


def table(made, grouping="arm", *filters, month_1=False, **options):
    return baseline_table(baseline(selected(made, *filters), by(made, grouping), month_1), BaselineOptions(**options))


def test_the_example_without_p_values():
    printed = table(example())
    assert printed.header == ("Characteristic", "Total (n = 16)", "Control (n = 8)", "Pomalidomide (n = 8)")
    assert printed.rows[:2] == (
        ("Age, years", "57.5 (53.0–62.2)", "59.0 (55.2–63.2)", "56.0 (52.0–59.8)"),
        ("\u2003range", "44–71", "44–65", "46–71"),
    )
    assert printed.rows[2:5] == (
        ("Sex", "", "", ""),
        ("\u2003F", "10 (63 %)", "5 (63 %)", "5 (63 %)"),
        ("\u2003M", "6 (38 %)", "3 (38 %)", "3 (38 %)"),
    )
    assert ("Extramedullary disease", "7 (44 %)", "2 (25 %)", "5 (63 %)") in printed.rows
    assert printed.notes == () and len(printed.tests) > 20


def test_p_values_at_a_click_each_test_named():
    printed = table(example(), p_values=True)
    assert printed.header[-2:] == ("p", "Test")
    assert printed.rows[0][-2:] == ("0.52", "MW") and printed.rows[1][-2:] == ("", "")
    assert (
        "Test: MW, Mann-Whitney test (exact, given the ties); F, Fisher's exact test; FH, Fisher-Freeman-Halton exact"
        " test." in printed.notes
    )
    assert "not adjusted for their number" in printed.method
    published = table(example(), p_values=True, as_published=True)
    assert published.rows[0][-2:] == ("0.72", "t") and "t, Student's t test" in published.notes[-1]


@pytest.mark.parametrize("options", [{"each_level": True}, {"as_published": True}])
def test_no_other_option_brings_back_p_values_that_are_off(options):
    assert table(example(), **options) == table(example())


def test_a_row_that_all_or_no_patients_have_has_no_p():
    sexes = [("A", 50, "F"), ("A", 51, "F"), ("B", 52, "F"), ("B", 53, "F")]
    printed = {row[0].strip(): row[-2] for row in table(people(*sexes), p_values=True).rows}
    assert printed["Sex"] == "–" and printed["Age, years"] != "–"
    each = {row[0].strip(): row[-2] for row in table(people(*sexes), p_values=True, each_level=True).rows}
    assert each["F"] == "–"


def test_numbers_have_decimals_after_their_size_and_separators():
    assert (decimals_of(np.array([1234.0])), decimals_of(np.array([0.0123]))) == (0, 4)
    values = np.array([1234.0, 2345.6, 28_194.0])
    assert median_iqr(values, 0) == "2,346 (1,790–15,270)" and value_range(values, 0) == "1,234–28,194"
    assert value_range(np.array([1.25, 3.0]), 2) == "1.25–3.00" and median_iqr(np.array([]), 1) == "–"


def test_each_level_against_the_rest():
    made = table(example(), p_values=True, each_level=True)
    printed = {row[0].strip(): row[-2] for row in made.rows}
    assert (printed["3"], printed["4"], printed["≥5"]) == (">0.99",) * 3
    assert printed["Prior lines of therapy"] == ""
    assert made.notes[-1].endswith("F, Fisher's exact test. Categories: each level against all others.")


def test_p_values_of_a_single_group_are_not_shown():
    printed = table(example(), "-", p_values=True)
    assert printed.header == ("Characteristic", "Total (n = 16)") and printed.tests == ()
    assert all(len(row) == 2 for row in printed.rows)


@pytest.mark.parametrize("made", [example, synthetic, partial(synthetic, 1, 2)])
@pytest.mark.parametrize("grouping", ["arm", "-", "age_years"])
@pytest.mark.parametrize(
    "options", [{}, {"p_values": True}, {"p_values": True, "each_level": True, "as_published": True}]
)
def test_every_row_is_as_wide_as_the_header(made, grouping, options):
    printed = table(made(), grouping, month_1=True, **options)
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
    assert empty.rows[0] == ("Age, years", "–", "–", "–", "–", "") and empty.n == 0
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
        "mean",
        "sd",
        "smd",
    ]
    rows = [row[:12] for row in printed.numbers.rows]
    assert ("Age", None, "Total", 16, 16, 0, 57.5, 53.0, 62.25, 44.0, 71.0, None) in rows
    assert ("Sex", "M", "Control", 3, 8, 0, *[None] * 5, "a category has no median") in rows


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


TESTS = Path(__file__).parents[1]
FILE = "gbm_bivalent.xlsx"


def test_responders_by_dose_are_rs():
    expected = json.loads((TESTS / "public_data" / "reference.json").read_text(encoding="utf-8"))["gbm_bivalent"][
        "Responder_by_dose"
    ]
    mapping = from_json((TESTS / "mappings" / f"{FILE}.json").read_text(encoding="utf-8"))
    read = read_files([SourceFile(FILE, (TESTS / "public_data" / FILE).read_bytes())], mapping)
    table = baseline_table(baseline(read, grouping_of(read, "arm")), BaselineOptions(p_values=True))
    test = next(line for line in table.tests if line.comparison.casefold().startswith("responder"))
    assert test.name.startswith("Fisher") and test.p == pytest.approx(expected["fisher_two_sided_p"], rel=1e-6)
