"""The survival chart depends on unit, endpoint and groups, and on nothing else."""

import json

import pytest

from lib.publication.palette import GROUP_COLOURS
from lib.survival.chart import survival_chart


def text(chart) -> str:
    return json.dumps(chart, sort_keys=True)


def test_the_axis_is_named_after_what_has_not_happened_yet():
    assert '"Overall survival"' in text(survival_chart("months", "Overall survival", GROUP_COLOURS[:2], True))
    assert '"Without progression"' in text(survival_chart("months", "Time to progression", GROUP_COLOURS[:2], True))
    assert '"Days since infusion"' in text(survival_chart("days", "Overall survival", GROUP_COLOURS[:2], True))


@pytest.mark.parametrize("n", range(1, 9))
def test_each_group_adds_three_rows_of_counts(n):
    one, more = (survival_chart("months", "Overall survival", GROUP_COLOURS[:size], True) for size in (1, n))
    assert more["height"] - one["height"] == 50 * (n - 1)
    assert more["width"] == one["width"]


def test_the_same_wish_gives_the_same_chart():
    survival_chart.cache_clear()
    first = text(survival_chart("months", "Overall survival", ("#111111",), True))
    survival_chart.cache_clear()
    assert text(survival_chart("months", "Overall survival", ("#111111",), True)) == first
