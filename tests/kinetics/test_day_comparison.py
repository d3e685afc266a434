"""Groups at one day: below the limit the lowest rank, another day, the paper's month 1, nobody."""

import numpy as np
import pandas as pd
import pytest
from golden.cohorts import arms, by, cohort, example, nobody, selected

from lib.cohort.kinetic_series import series_keys
from lib.kinetics.day_comparison import compare_at, compared_at, comparison_table
from lib.kinetics.series import kinetics


def samples(*rows, lloq: float | None = 50.0) -> pd.DataFrame:
    """Rows of (patient, group, day, value); None = below the limit."""
    table = pd.DataFrame(rows, columns=["patient", "group", "day", "value"]).astype({"day": float, "value": float})
    return table.assign(below=table["value"].isna(), lloq=np.nan if lloq is None else lloq, infusion=1.0)


def result(made, grouping="arm", *filters):
    return kinetics(selected(made, *filters), series_keys(made)[0], by(made, grouping))


def table(result, day=None):
    return comparison_table(result, compared_at(result, day))


def test_groups_at_a_day_below_the_limit_ranks_lowest():
    table = samples(
        ("a", "A", 28, None), ("b", "A", 28, 60), ("c", "B", 28, 70), ("d", "B", 28, 80), ("e", None, 28, 90)
    )
    found = compare_at(table, 28, ("A", "B"))
    assert sorted(found.values["value"]) == [0, 60, 70, 80]
    assert found.default.p == pytest.approx(1 / 3) and found.default.n == 4
    assert found.as_published.name == "Student's t test" and found.as_published.n == 4


def test_groups_at_a_day_without_a_comparison():
    one = compare_at(samples(("a", "A", 28, 60)), 28, ("A",))
    assert one.default.reason == one.as_published.reason == "one group only"
    empty = compare_at(samples(), 28, ("A", "B"))
    assert empty.default.reason == "fewer than two groups have values" and empty.default.n == 0
    three = compare_at(samples(("a", "A", 28, 60), ("b", "B", 28, 70), ("c", "C", 28, 80)), 28, ("A", "B", "C"))
    assert (
        three.default.name == "Kruskal-Wallis test (exact)"
        and three.as_published.reason == "not for more than two groups"
    )


def test_groups_are_compared_at_another_day():
    month_1, day_90 = (compared_at(result(example()), day) for day in (None, 90))
    assert (month_1.day, day_90.day) == (28, 90) and day_90.default.p != month_1.default.p


def test_the_papers_month_1():
    found = table(result(example()))
    assert found.title == "Day 28 by Arm: blood, qPCR, copies/µg DNA"
    assert "within 3 days of day 28" in found.method
    assert [(test.name, round(test.p, 4)) for test in found.tests] == [
        ("Mann-Whitney test (exact)", 0.9591),
        ("Student's t test", 0.7491),
    ]
    assert "As published: Student's t test on raw values, p = 0.75 (n = 16; below the limit: LLOQ/2)." in found.method
    assert "within 1 day of day 3" in table(result(example()), 3).method


def test_nobody_one_group_and_one_sample():
    empty = table(kinetics(nobody(example()), series_keys(example())[0], by(example())))
    assert empty.n == 0 and all(test.p is None for test in empty.tests)
    assert [row[1:] for row in empty.rows] == [("0", "0", "–")] * 2
    assert [row[-1] for row in empty.numbers.rows] == ["no values"] * 2
    assert table(result(example(), "-")).tests == ()
    made = cohort(arms(A=["a1"], B=["b1"]), kinetics=[{"patient_id": "a1", "day": 7, "value": "BLQ"}])
    assert table(result(made)).n == 1
