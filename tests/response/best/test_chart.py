"""The chart of rates grows with its rows and knows the colours of the groups."""

from lib.response.best.chart import ROW_HEIGHT, rates_chart


def test_height_follows_the_rows():
    few, many = rates_chart(8, ("#111111",)), rates_chart(20, ("#111111", "#222222"))
    assert many["height"] - few["height"] == 12 * ROW_HEIGHT and "#222222" in str(many)
