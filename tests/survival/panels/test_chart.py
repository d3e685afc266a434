"""Panels do not overlap, and the chart depends on how many there are, never on who is in them."""

import json

import pytest

from lib.publication.palette import GROUP_COLOURS
from lib.survival.panels.chart import PLOT, PanelGrid, panel_chart


@pytest.mark.parametrize("n_panels", range(1, 9))
@pytest.mark.parametrize("n_groups", [1, 2, 8])
def test_panels_lie_beside_and_under_each_other(n_panels, n_groups):
    grid = PanelGrid(n_panels, n_groups)
    for panel in range(n_panels):
        assert 0 <= grid.left(panel) <= grid.width - 1
        assert grid.row(panel, 0) > grid.top(panel) + PLOT
        assert grid.row(panel, 3 * n_groups - 1) < grid.height
        if panel >= grid.columns:
            assert grid.top(panel) > grid.row(panel - grid.columns, 3 * n_groups - 1)


def test_the_chart_grows_with_rows_of_panels():
    heights = [panel_chart("months", "Overall survival", GROUP_COLOURS[:2], True, n)["height"] for n in (1, 2, 3, 4)]
    assert heights[0] == heights[1] < heights[2] == heights[3]


def test_no_band_without_limits():
    drawn = [
        json.dumps(panel_chart("months", "Overall survival", GROUP_COLOURS[:2], limits, 2)) for limits in (True, False)
    ]
    assert "area" in drawn[0] and "area" not in drawn[1]
