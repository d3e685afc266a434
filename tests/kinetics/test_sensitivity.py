"""Every test beside the default one: for two groups and for three."""

import numpy as np
import pytest
from golden.cohorts import by, example, nobody, selected, synthetic
from golden.reference import exact_rank_p, floats, golden, same

from lib.cohort.kinetic_series import series_keys
from lib.kinetics.day_comparison import compared_at
from lib.kinetics.parameters import CMAX, ranked_values
from lib.kinetics.sensitivity import DEFAULT, PUBLISHED, sensitivity, sensitivity_table
from lib.kinetics.series import kinetics
from lib.stats.ranks import kruskal_wallis


def result(made, grouping="arm"):
    return kinetics(selected(made), series_keys(made)[0], by(made, grouping))


def found_of(result):
    return sensitivity(result, compared_at(result))


def test_month_1_of_the_paper_is_among_them_and_named():
    found = found_of(result(example()))
    (published,) = [one for one in found if one.remark == PUBLISHED]
    assert (published.what, published.test.name, published.test.n) == ("day 28", "Student's t test", 16)
    assert round(published.test.p, 4) == 0.7491
    assert [one.what for one in found if one.remark == DEFAULT] == ["day 28", "Cmax", "AUC0-28", "AUC0-90"]


def test_another_day_and_window_change_the_day_alone():
    whole = result(example())
    found, other = found_of(whole), sensitivity(whole, compared_at(whole, 60.0, 2.0))
    assert other[0].what == "day 60" and other[0].test.n == 13
    assert [one for one in found if one.what == "Cmax"] == [one for one in other if one.what == "Cmax"]


def test_three_groups_have_pairs_by_dunn_and_conover_and_ratios_to_the_reference():
    whole = result(synthetic())
    found = [one for one in found_of(whole) if one.what == "Cmax"]
    names = [one.test.name for one in found]
    assert sum(name.startswith("Dunn") for name in names) == sum(name.startswith("Conover") for name in names) == 3
    assert all(one.test.p >= one.unadjusted_p for one in found if one.unadjusted_p is not None)
    assert [one.comparison for one in found if one.ratio] == [
        "Lenalidomide / No maintenance",
        "Pomalidomide / No maintenance",
    ]
    assert found[0].test.n == 60 and found[1].test.n == 57, "non-expanders keep the lowest rank in the default test"
    assert found[0].test.p == kruskal_wallis(list(ranked_values(whole, CMAX).values())).p
    logs = {name: np.log(values[values > 0]) for name, values in ranked_values(whole, CMAX).items()}
    ratio = next(one.ratio for one in found if one.comparison.startswith("Lenalidomide /"))
    assert ratio.value == pytest.approx(np.exp(logs["Lenalidomide"].mean() - logs["No maintenance"].mean()))


def test_kruskal_wallis_with_lowest_ranks_is_rs():
    expected = golden("kinetics")["kruskal_wallis"]["silent"]
    found = kruskal_wallis([floats(*values) for values in expected["groups"]])
    assert (found.statistic, found.p) == (same(expected["H"]), same(exact_rank_p("silent, three groups")))


def test_nobody_and_one_group():
    empty = kinetics(nobody(example()), series_keys(example())[0], by(example()))
    assert all(one.test.p is None and one.test.reason for one in found_of(empty))
    assert found_of(result(example(), "-")) == ()


def test_one_row_a_test_each_with_its_name_n_and_p():
    whole = result(example())
    table = sensitivity_table(whole, compared_at(whole))
    assert table.id == "kinetics.sensitivity" and len(table.rows) == len(table.tests) == len(table.numbers.rows)
    assert table.rows[0] == (
        "day 28",
        "Control v Pomalidomide",
        "Mann-Whitney test (exact)",
        "16",
        "–",
        "0.96",
        "the default test",
    )
    assert table.rows[1][5:] == ("0.75", "as published (month 1); below the limit: LLOQ/2")
    assert all(
        test.n == 16 and (test.p is not None or test.reason) for test in table.tests if "AUC0-90" not in test.comparison
    )
    names = [name for name, _ in table.numbers.columns]
    assert all(len(row) == len(names) for row in table.numbers.rows)
    assert "the course until then may have led to it" in table.method and not table.notes
