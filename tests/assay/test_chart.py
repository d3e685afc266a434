"""The chart: the wells never hidden behind bars, nothing of it from the data."""

import json

from lib.assay.chart import AssayAxes, assay_chart


def marks(over_time):
    chart = assay_chart(("#000000", "#111111"), AssayAxes("Killing, %", "Time, days", over_time, 2, 4))
    return chart, [layer["mark"]["type"] for layer in chart["layer"]]


def test_means_are_lines_over_time_and_ticks_over_doses_and_never_bars():
    (over_time, with_lines), (by_dose, with_ticks) = marks(True), marks(False)
    assert "line" in with_lines and "line" not in with_ticks
    assert with_ticks.count("tick") == 3 and not {"bar", "area"} & {*with_lines, *with_ticks}
    assert over_time["height"] == by_dose["height"]


def test_the_chart_holds_no_data_and_tells_lines_apart_without_colour():
    written = json.dumps(marks(True)[0])
    assert '"datasets"' not in written and '"strokeDash"' in written and '"shape"' in written
    assert '"zero": false' in written and "Killing, %" in written
