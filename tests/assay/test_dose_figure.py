"""The figure of an assay: over doses and over time."""

import json

import pytest

from assay.made import doses, series, series_of
from lib.assay.dose_chart import AssayAxes, assay_chart
from lib.assay.dose_figure import AssayLook, assay_figure
from lib.assay.means import assay


def test_over_time_every_dose_is_a_line_with_its_p_at_each_time():
    figure = assay_figure(assay(series()["survival_live_cells"]))
    assert {name: len(table) for name, table in figure.tables.items()} == {
        "well": 60,
        "mean": 20,
        "place": 4,
        "cell": 16,
        "row": 4,
        "group": 5,
        "heading": 1,
    }
    assert figure.id == "assay.survival_live_cells" and not figure.of_patients and len(figure.tests) == 16
    assert figure.tables["row"]["label"].tolist()[0] == "p, 1 µg/mL"


def test_by_dose_at_one_time():
    result = assay(series()["survival_live_cells"])
    figure = assay_figure(result, AssayLook(4.0))
    assert (len(figure.tables["well"]), len(figure.tables["mean"]), len(figure.tables["group"])) == (15, 5, 1)
    assert figure.tables["row"]["label"].tolist() == ["n", "p"]
    at_dose_0 = figure.tables["cell"][figure.tables["cell"]["at"] == 0]
    assert at_dose_0["text"].tolist() == ["3", "control"]
    assert sorted(figure.tables["well"]["shift"].unique()) == [-10, 0, 10]
    assert "at 4 days" in figure.tables["heading"]["text"][0]


def test_bars_are_the_mean_and_one_sd_and_the_data_hold_what_was_measured():
    result = assay(series()["killing"])
    figure, cell = assay_figure(result), result.cells[0]
    first = figure.tables["mean"].iloc[0]
    assert [first["low"], first["high"]] == pytest.approx([cell.mean - cell.sd, cell.mean + cell.sd])
    assert {"measured", "value", "replicate", "group"} <= set(figure.data.columns) and len(figure.data) == 12


def test_two_agents_stand_side_by_side():
    made = series_of(
        *doses({1: (1, 2)}, condition="a"), *doses({1: (3, 4)}, condition="b"), *doses({0: (1, 3)}, condition="control")
    )
    figure = assay_figure(assay(made))
    assert figure.tables["group"]["label"].tolist() == ["a", "b"]
    assert figure.tables["row"]["label"].tolist() == ["a: n", "a: p", "b: n", "b: p"]


def test_one_well_and_no_control():
    figure = assay_figure(assay(series_of(*doses({1: (1,)}))))
    assert len(figure.tables["well"]) == 1 and figure.tests == ()
    assert figure.tables["cell"]["text"].tolist() == ["1"]


def test_more_times_than_have_room_under_the_axis_keep_their_p_for_the_table():
    rows = [row for time in range(9) for row in doses({0: (1, 2), 1: (2, 4)}, time=time)]
    figure = assay_figure(assay(series_of(*rows)))
    assert figure.tables["row"].empty and len(figure.tests) == 9


def test_the_axis_begins_at_0_unless_asked_and_then_shows_its_break():
    result = assay(series()["killing"])
    usual, higher = (assay_figure(result, AssayLook(from_zero=zero)) for zero in (True, False))
    assert [str(figure.chart).count("'zero': True") > 0 for figure in (usual, higher)] == [True, False]
    assert len(higher.chart["layer"]) == len(usual.chart["layer"]) + 2
    assert [figure.caption.endswith("The axis does not begin at 0.") for figure in (usual, higher)] == [False, True]
    negative = assay(series_of(*doses({0: (-1, 2), 1: (3, 4)})))
    assert "does not begin" not in assay_figure(negative, AssayLook(from_zero=False)).caption


def test_lines_beside_each_other_keep_to_their_time_at_every_width():
    for width in (380, 760):
        axes = AssayAxes("Killing, %", "Time, days", True, 2, 4, width)
        assert 0 < axes.step < width / 3
    made = [assay_figure(assay(series()["survival_live_cells"]), AssayLook(width=width)) for width in (380, 760)]
    assert [figure.chart["width"] for figure in made] == [380, 760] and made[0].numbers == made[1].numbers


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
    assert '"zero": true' in written and "Killing, %" in written
