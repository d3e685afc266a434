"""Pixels: scales, limits, heights."""

import numpy as np
import pandas as pd
import pytest

from lib.patient.panels import SCREEN, Axis, Panel, axes, height


def test_linear_and_log_scales():
    linear = Axis(0, 110, False, 0, 10, (0, 5, 10)).y(pd.Series([0, 5, 10, 11, np.nan]))
    assert linear.tolist()[:3] == [105, 55, 5] and linear.isna().tolist()[3:] == [True, True]
    log = Axis(0, 110, True, 1, 100, (1, 10, 100)).y(pd.Series([1, 10, 100, 0, -3]))
    assert log.tolist()[:3] == [105, 55, 5] and log.isna().tolist()[3:] == [True, True]


def test_panels_stand_under_each_other_and_hold_values_and_limits():
    table = pd.DataFrame(
        {
            "panel": [0, 0, 1],
            "value": [3.0, np.nan, 40.0],
            "below": [False, True, False],
            "limit": [np.nan, 20.0, np.nan],
        }
    )
    lines = (None,) * 4
    first, second = axes(table, [Panel("a", "", False, lines), Panel("b", "", True, ())], [False, True])
    assert first.low <= 3 and first.high >= 20 and second.low <= 40 <= second.high and len(first.levels) <= 4
    assert first.bottom - first.top == SCREEN.panel + 2 * SCREEN.line and second.top == first.bottom + SCREEN.gap


@pytest.mark.parametrize(("n", "lanes", "pixels"), [(0, (), 0), (1, (), 105), (2, (0, 3), 277)])
def test_height(n, lanes, pixels):
    assert height([Panel("a", "", False, ())] * n, *lanes) == pixels
