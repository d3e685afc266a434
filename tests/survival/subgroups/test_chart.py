"""The forest chart depends on the number of lines and the two groups, and on nothing else."""

import json

from lib.survival.subgroups.chart import ROW_HEIGHT, TICKS, WIDEST, forest_chart


def text(chart) -> str:
    return json.dumps(chart, sort_keys=True)


def test_the_same_wish_gives_the_same_chart():
    first = text(forest_chart(9, "B", "A"))
    forest_chart.cache_clear()
    assert text(forest_chart(9, "B", "A")) == first != text(forest_chart(9, "C", "A"))
    assert "datasets" not in first


def test_each_line_adds_a_row_and_the_width_stays():
    few, many = forest_chart(3, "B", "A"), forest_chart(40, "B" * 40, "A" * 40)
    assert many["height"] - few["height"] == 37 * ROW_HEIGHT and many["width"] == few["width"]


def test_the_axis_is_logarithmic_and_the_same_for_everybody():
    written = text(forest_chart(3, "B", "A"))
    assert '"type": "log"' in written and json.dumps(list(TICKS)) in written
    assert '"Hazard ratio, B v A"' in written


def test_a_long_name_gets_a_wider_column_up_to_a_limit():
    texts = [mark["encoding"].get("text", {}) for mark in forest_chart(3, "B" * 60, "A")["layer"]]
    assert f"group in {WIDEST - 6} px, 11 bold" in [text.get("field") for text in texts]
