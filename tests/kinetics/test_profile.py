"""Geometric means with values below the limit, and the comparison at a day."""

import numpy as np
import pandas as pd
import pytest
from golden.reference import golden
from hypothesis import given
from hypothesis import strategies as st

from lib.derived.nominal_day import nominal_days
from lib.kinetics.profile import UNKNOWN_LIMIT, compare_at, profile


def samples(*rows, lloq: float | None = 50.0) -> pd.DataFrame:
    """Rows of (patient, group, day, value); None = below the limit."""
    table = pd.DataFrame(rows, columns=["patient", "group", "day", "value"]).astype({"day": float, "value": float})
    return table.assign(below=table["value"].isna(), lloq=np.nan if lloq is None else lloq, infusion=1.0)


def of_days(table, names):
    """The profile at the table's own nominal days."""
    return profile(table, names, nominal_days(table["day"]))


def test_the_geometric_mean_with_its_interval():
    worked = golden("nca")["EX5"]
    table = samples(*((f"p{place}", "A", 7, value) for place, value in enumerate(worked["values"])))
    (row,) = of_days(table, ("A",)).to_dict("records")
    assert row["mean"] == pytest.approx(worked["geomean"], rel=1e-9)
    assert [row["low"], row["high"]] == pytest.approx(worked["gm_ci"], rel=1e-9)
    assert (row["n"], row["n_quantifiable"], row["reason"]) == (6, 6, "")


def test_below_the_limit_enters_as_half_of_it_where_half_are_quantifiable():
    (row,) = of_days(samples(("a", "A", 28, 400), ("b", "A", 28, None)), ("A",)).to_dict("records")
    assert row["mean"] == pytest.approx((400 * 25) ** 0.5)
    (row,) = of_days(samples(("a", "A", 28, 400), ("b", "A", 28, None), ("c", "A", 28, None)), ("A",)).to_dict(
        "records"
    )
    assert np.isnan(row["mean"]) and row["reason"] == "less than half of the samples are quantifiable"
    (row,) = of_days(samples(("a", "A", 28, 400)), ("A",)).to_dict("records")
    assert np.isnan(row["mean"]) and row["reason"] == "fewer than two samples"


def test_below_a_limit_that_is_not_stated_there_is_no_mean_rather_than_one_too_high():
    table = samples(("a", "A", 28, 400), ("b", "A", 28, 900), ("c", "A", 28, None), lloq=None)
    (row,) = of_days(table, ("A",)).to_dict("records")
    assert np.isnan(row["mean"]) and row["reason"] == UNKNOWN_LIMIT and (row["n"], row["n_quantifiable"]) == (3, 2)
    assert (
        compare_at(
            pd.concat([table, samples(("d", "B", 28, 5), ("e", "B", 28, 9))]), 28, ("A", "B")
        ).as_published.reason
        == UNKNOWN_LIMIT
    )


def test_a_group_without_samples_has_its_row():
    found = of_days(samples(("a", "A", 28, 400), ("b", "A", 28, 900)), ("A", "B"))
    assert found[["group", "n"]].to_numpy().tolist() == [["A", 2], ["B", 0]]
    assert len(of_days(samples(), ("A", "B"))) == 0


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


@given(st.lists(st.floats(60, 1e6), min_size=2, max_size=12), st.randoms())
def test_a_mean_lies_within_its_interval_and_its_values(values, random):
    table = samples(*((f"p{place}", "A", 7, value) for place, value in enumerate(values)))
    (row,) = of_days(table, ("A",)).to_dict("records")
    assert min(values) * (1 - 1e-9) <= row["mean"] <= max(values) * (1 + 1e-9)
    assert row["low"] <= row["mean"] * (1 + 1e-9) and row["mean"] <= row["high"] * (1 + 1e-9)
    (again,) = of_days(table.sample(frac=1, random_state=random.randint(0, 99)), ("A",)).to_dict("records")
    assert again["mean"] == pytest.approx(row["mean"])
