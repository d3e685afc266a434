"""The charts of change depend on titles, states and groups."""

from lib.response.change.chart import spider_chart, waterfall_chart


def test_minus_100_is_on_the_axis():
    for chart in (waterfall_chart("Change, %", ("CR",), ("#1",)), spider_chart("Change, %", ("#1",))):
        assert "[-105, 108]" in str(chart) and "Change, %" in str(chart)
