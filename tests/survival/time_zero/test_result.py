"""The three analyses of one comparison."""

from dataclasses import replace

import pytest
from golden.cohorts import by, example, selected
from golden.reference import same, survival_numbers

from lib.derived.exposure import exposure_of
from lib.derived.response_by import response_by
from lib.survival.time_zero.result import three_analyses
from survival.time_zero.compared import of_example


@pytest.mark.parametrize("endpoint", ["ttp", "os"])
def test_the_one_from_time_zero_is_that_of_the_workbook(endpoint):
    naive, expected = of_example(endpoint).naive, survival_numbers(endpoint)
    assert naive.logrank.p == same(expected["logrank"]["p"])
    assert naive.groups[1].hazard_ratio.value == same(expected["cox_efron"]["hr"])


def test_the_others_are_the_reference_whatever_the_reader_chose():
    made, split = selected(example()), replace(by(example()), reference="Pomalidomide")
    found = three_analyses(made, "os", split, exposure_of(made, split), "months")
    for each in (found.naive, found.landmark.survival, found.dependent.survival):
        assert [group.name for group in each.groups if group.hazard_ratio] == ["Pomalidomide"]


def test_something_else_that_became_known_forms_groups_of_its_own():
    made = selected(example())
    found = of_example("os", 90, known=response_by(made, "CR"))
    assert found.naive.outcome.grouping.names == ("not CR or better", "CR or better")
    assert [group.curve.n for group in found.naive.groups] == [12, 4]
    assert found.landmark.sizes[1] <= 4
