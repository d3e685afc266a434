"""The swimmer chart depends on its look, and on nothing else; strips stand side by side left of the lanes."""

import json
from dataclasses import replace

import altair as alt

from lib.export.figure_file import drawn_only
from lib.publication.palette import GROUP_COLOURS
from lib.swimmer.drawing import GROUP, PICK, TEXT, YES_NO, Strip, SwimmerLook, label_layers, strip_layers, swimmer_chart
from lib.swimmer.options import COURSE, ENDS

STATES = (("CR", "#2171B5"), ("PD", "#F4A582"))
LOOK = SwimmerLook("months", GROUP_COLOURS[:2], ("A", "B"), (Strip(GROUP), Strip(YES_NO), Strip(TEXT, 30)), "Response", STATES,
                   ("maintenance", "bridging"), (*COURSE, *ENDS), 22)  # fmt: skip


def text(look) -> str:
    return json.dumps(swimmer_chart(look), ensure_ascii=False)


def test_every_kind_of_mark_and_the_arrow_stand_in_the_legend():
    legends = [
        layer["encoding"]["shape"] for layer in swimmer_chart(LOOK)["layer"] if "shape" in layer.get("encoding", {})
    ]
    assert [bool(each["legend"]) for each in legends] == [
        False,
        False,
        True,
    ]  # one legend, for marks in the middle of lanes
    assert legends[-1]["scale"]["domain"] == [*COURSE, *ENDS] and "Ongoing" in ENDS


def test_maintenance_and_bridging_are_told_apart_by_colour_and_dash():
    found = [layer["encoding"] for layer in swimmer_chart(LOOK)["layer"] if "strokeDash" in layer.get("encoding", {})]
    assert len({str(dash) for dash in found[0]["strokeDash"]["scale"]["range"]}) == 2
    assert len(set(found[0]["stroke"]["scale"]["range"])) == 2


def test_what_the_look_leaves_out_is_not_drawn():
    assert '"Maintenance"' in text(LOOK) and '"Maintenance"' not in text(replace(LOOK, bars=()))
    assert '"Months since infusion"' in text(LOOK) and '"Days since infusion"' in text(replace(LOOK, unit="days"))
    assert '"text": {"field": "patient in 120 px' in text(LOOK)
    assert "datum.free_end" in text(replace(LOOK, named=True)) and "datum.free_end" not in text(LOOK)


def test_its_height_follows_the_lanes_and_leaves_room_for_the_legends():
    assert swimmer_chart(LOOK)["height"] == {"step": 22}
    assert (
        LOOK.least_rows
        > replace(LOOK, lane_height=40).least_rows
        > replace(LOOK, lane_height=40, marks=ENDS).least_rows
    )


def test_a_click_selects_the_patient_on_the_screen_and_nothing_in_a_file():
    chart = swimmer_chart(LOOK)
    (picked,) = chart["params"]
    assert picked["name"] == PICK and picked["select"]["fields"] == ["patient"]
    assert picked["views"][0] in {layer.get("name") for layer in chart["layer"]}
    assert "params" not in drawn_only(chart) and "views" not in json.dumps(drawn_only(chart)["layer"])


def test_words_on_dark_lanes_are_white():
    dark = text(replace(LOOK, named=True, states=(("a", "#08306B"), ("b", "#EEDD88"))))
    assert '"range": ["#FFFFFF", "#222222"]' in dark


LANE = alt.Y("row:O")


def test_strips_do_not_overlap_and_one_legend_serves_all_answers():
    strips = (Strip(GROUP), Strip(YES_NO), Strip(TEXT, 40), Strip(YES_NO))
    layers = [layer.to_dict(validate=False) for layer in strip_layers(LANE, strips, ("A",), ("#000000",), 11)]
    squares = [layer["encoding"] for layer in layers if "fill" in layer["encoding"]]
    edges = [(each["x"]["value"], each["x2"]["value"]) for each in squares]
    assert edges == [(-87, -79), (-74, -66), (-16, -8)]  # the text of 40 pixels stands between the last two
    assert [bool(each["fill"]["legend"]) for each in squares] == [True, True, False]


def test_labels_stand_left_of_all_strips():
    shown = label_layers(LANE, (Strip(TEXT, 40),), 11)
    assert shown[1].to_dict(validate=False)["encoding"]["x"]["value"] == -57
