"""The cumulative-incidence chart depends on unit, origin, causes and groups, and on nothing else."""

import json

import pytest

from lib.publication.palette import GROUP_COLOURS
from lib.survival.competing.chart import incidence_chart

CAUSES = ("Progression or relapse", "Death without progression")


def text(*wish) -> str:
    return json.dumps(incidence_chart(*wish), sort_keys=True)


def test_the_axis_says_since_when_and_the_legend_names_the_causes():
    drawn = text("months", "apheresis", CAUSES, GROUP_COLOURS[:2], True)
    assert '"Months since apheresis"' in drawn and all(f'"{cause}"' in drawn for cause in CAUSES)


@pytest.mark.parametrize("n", range(1, 9))
def test_each_group_adds_four_rows_of_counts(n):
    one, more = (incidence_chart("months", "infusion", CAUSES, GROUP_COLOURS[:size], True) for size in (1, n))
    assert more["height"] - one["height"] == 65 * (n - 1)


def test_the_same_wish_gives_the_same_chart_and_limits_can_be_left_out():
    first = text("days", "infusion", CAUSES, GROUP_COLOURS[:2], True)
    incidence_chart.cache_clear()
    assert text("days", "infusion", CAUSES, GROUP_COLOURS[:2], True) == first
    assert text("days", "infusion", CAUSES, GROUP_COLOURS[:2], False) != first
