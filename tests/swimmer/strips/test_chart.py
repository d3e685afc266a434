"""Strips stand side by side left of the lanes: squares for groups and yes or no, text for the rest."""

import altair as alt

from lib.swimmer.strips.chart import GROUP, TEXT, YES_NO, Strip, label_layers, strip_layers

LANE = alt.Y("row:O")


def test_strips_do_not_overlap_and_one_legend_serves_all_answers():
    strips = (Strip(GROUP), Strip(YES_NO), Strip(TEXT, 40), Strip(YES_NO))
    layers = [layer.to_dict(validate=False) for layer in strip_layers(LANE, strips, ("A",), ("#000000",), 11)]
    squares = [layer["encoding"] for layer in layers if "fill" in layer["encoding"]]
    edges = [(each["x"]["value"], each["x2"]["value"]) for each in squares]
    assert edges == [(-87, -79), (-74, -66), (-16, -8)]  # the text of 40 pixels stands between the last two
    assert [bool(each["fill"]["legend"]) for each in squares] == [True, True, False]


def test_labels_stand_left_of_all_strips_or_are_left_out():
    shown = label_layers(LANE, (Strip(TEXT, 40),), True, 11)
    assert shown[1].to_dict(validate=False)["encoding"]["x"]["value"] == -57
    assert len(label_layers(LANE, (), False, 11)) == 1
