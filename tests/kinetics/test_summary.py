"""Parameters by group: geometric means and gCV, medians, and those who never rose above the limit."""

import numpy as np
import pytest
from golden.cohorts import arms, by, cohort, example, nobody, selected
from golden.reference import golden

from lib.kinetics.result import kinetics
from lib.kinetics.series import series_keys
from lib.kinetics.summary import PARAMETERS, _group, never_expanded, parameter_summaries


def peaks(**values):
    """One patient a value: below on day 0, the peak on day 7, a tenth of it on day 28."""
    groups, rows = {}, []
    for group, amounts in values.items():
        groups[group] = [f"{group}{place}" for place in range(len(amounts))]
        for patient, amount in zip(groups[group], amounts, strict=True):
            rows += [{"patient_id": patient, "day": day, "value": value, "lloq": 50}
                     for day, value in ((0, 0), (7, amount), (28, amount / 10))]  # fmt: skip
    made = cohort(arms(**groups), kinetics=rows)
    return kinetics(selected(made), series_keys(made)[0], by(made))


def summary(result, name):
    return next(each for each in parameter_summaries(result) if each.parameter.name == name)


def test_the_worked_geometric_mean_and_gcv():
    worked = golden("nca")["EX5"]
    found = _group("A", np.array(worked["values"]), True)
    assert found.value == pytest.approx(worked["geomean"], rel=1e-9)
    assert found.gcv == pytest.approx(worked["gcv_pct"], rel=1e-9)
    assert (found.n, found.low, found.high) == (6, 5000, 210_000)
    assert _group("A", np.array(worked["values"]), False).value == worked["median"]


def test_no_values_and_one_value():
    empty, one = _group("A", np.array([]), True), _group("A", np.array([400.0]), True)
    assert (empty.n, empty.value, empty.low, empty.high, empty.gcv) == (0, None, None, None, None)
    assert (one.n, one.value, one.gcv) == (1, pytest.approx(400), None)


def test_who_never_rose_above_the_limit_is_in_no_mean_and_ranks_lowest():
    found = peaks(A=[900, 2500], B=[0, 0, 3600])
    assert never_expanded(found) == {"B": 2}
    cmax = summary(found, "cmax")
    assert [group.n for group in cmax.groups] == [2, 1]
    assert cmax.groups[0].value == pytest.approx((900 * 2500) ** 0.5)
    assert cmax.test.n == 5
    assert summary(found, "tmax").test.n == 3  # a day that does not exist has no rank


def test_who_was_not_sampled_after_the_infusion_is_no_non_expander():
    rows = [{"patient_id": patient, "day": day, "value": value, "lloq": 50}
            for patient, day, value in (("a1", 0, 0), ("b1", 7, 900), ("b2", 7, 800))]  # fmt: skip
    made = cohort(arms(A=["a1"], B=["b1", "b2"]), kinetics=rows)
    found = kinetics(selected(made), series_keys(made)[0], by(made))
    assert never_expanded(found) == {} and summary(found, "cmax").test.n == 2


def test_nobody_one_group_and_the_example():
    empty = kinetics(nobody(example()), series_keys(example())[0], by(example()))
    for each in parameter_summaries(empty):
        assert each.test.p is None and [group.n for group in each.groups] == [0, 0]
    alone = kinetics(selected(example()), series_keys(example())[0], by(example(), "-"))
    assert {each.test.reason for each in parameter_summaries(alone)} == {"one group only"}
    assert [each.parameter for each in parameter_summaries(alone)] == list(PARAMETERS)
    both = kinetics(selected(example()), series_keys(example())[0], by(example()))
    assert [group.value for group in summary(both, "tlast").groups] == [75, 100]
