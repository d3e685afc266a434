"""The chart of step curves depends on unit, axis and groups, and on nothing else."""

import json

import pytest

from lib.publication.palette import GROUP_COLOURS
from lib.publication.step_chart import step_chart


def text(chart) -> str:
    return json.dumps(chart, sort_keys=True)


@pytest.mark.parametrize("n", range(1, 9))
def test_each_group_adds_three_rows_of_counts(n):
    one, more = (step_chart("months", "Overall survival", GROUP_COLOURS[:size], True) for size in (1, n))
    assert more["height"] - one["height"] == 50 * (n - 1)
    assert more["width"] == one["width"]


def test_the_same_wish_gives_the_same_chart():
    step_chart.cache_clear()
    first = text(step_chart("months", "Overall survival", ("#111111",), True))
    step_chart.cache_clear()
    assert text(step_chart("months", "Overall survival", ("#111111",), True)) == first
