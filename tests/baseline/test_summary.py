"""Table 1, computed: missing values are counted, in no percentage and in no test; each kind of column has its test."""

import pytest
from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic
from golden.reference import exact_rank_p, golden, same

from lib.baseline.summary import CategorySummary, NumberSummary, baseline


def of(made, grouping="arm", *filters, month_1=False):
    return baseline(selected(made, *filters), by(made, grouping), month_1)


def row(result, label):
    return next(row for row in result.rows if row.label == label)


def people(*rows):
    """Rows of (arm, age, sex); None = missing."""
    return cohort([{"patient_id": f"p{place}", "arm": arm, "age_years": age, "sex": sex}
                   for place, (arm, age, sex) in enumerate(rows)])  # fmt: skip


def test_age_as_in_r():
    age = row(of(example()), "Age")
    assert (age.as_published.p, age.as_published.statistic) == (
        same(golden("more")["student_t"]["age_synthetic"]["p"]), same(golden("more")["student_t"]["age_synthetic"]["t"]))  # fmt: skip
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
        ("3", (7, 4, 3), 1.0), ("4", (6, 3, 3), 1.0), (">=5", (3, 1, 2), 1.0)]  # fmt: skip
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
