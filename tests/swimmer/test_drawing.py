"""The swimmer chart depends on its look, and on nothing else; strips stand side by side left of the lanes."""

import json
from dataclasses import replace

from lib.export.figure_file import drawn_only
from lib.swimmer.drawing import GROUP, PICK, TEXT, YES_NO, Strip, SwimmerLook, label_layers, strip_layers, swimmer_chart

LOOK = SwimmerLook("months", (Strip(GROUP), Strip(YES_NO), Strip(TEXT, 30)), "Response")
MOST_TOLD = 5  # rows of what answers the pointer


def text(look) -> str:
    return json.dumps(swimmer_chart(look), ensure_ascii=False)


def test_what_the_look_leaves_out_is_not_drawn():
    assert '"Months since infusion"' in text(LOOK) and '"Days since infusion"' in text(replace(LOOK, unit="days"))
    assert "datum.free_end" in text(replace(LOOK, named=True)) and "datum.free_end" not in text(LOOK)
    assert "strip_2" in text(LOOK) and "strip_2" not in text(replace(LOOK, strips=LOOK.strips[:2]))


def test_ids_have_a_part_of_the_width_and_no_empty_title_stands_above():
    assert '"patient in 122 px' in text(LOOK) and '"patient in 61 px' in text(replace(LOOK, width=380))
    assert "title" not in swimmer_chart(LOOK)


def test_a_click_selects_the_patient_on_the_screen_and_nothing_in_a_file():
    chart = swimmer_chart(LOOK)
    (picked,) = chart["params"]
    assert picked["name"] == PICK and picked["select"]["fields"] == ["patient"]
    assert picked["views"][0] in {layer.get("name") for layer in chart["layer"]}
    assert "params" not in drawn_only(chart) and "views" not in json.dumps(drawn_only(chart)["layer"])


def test_nothing_tells_the_pointer_more_than_five_rows():
    reported = [layer["encoding"].get("tooltip", ()) for layer in swimmer_chart(LOOK)["layer"]]
    assert 0 < max(map(len, reported)) <= MOST_TOLD


def test_strips_do_not_overlap():
    strips = (Strip(GROUP), Strip(YES_NO), Strip(TEXT, 40), Strip(YES_NO))
    layers = [layer.to_dict(validate=False)["encoding"] for layer in strip_layers(strips)]
    edges = [(each["x"]["value"], each["x2"]["value"]) for each in layers if "fill" in each]
    assert edges == [(-87, -79), (-74, -66), (-16, -8)]  # the text of 40 pixels stands between the last two


def test_labels_stand_left_of_all_strips():
    shown = label_layers(replace(LOOK, strips=(Strip(TEXT, 40),)))
    assert shown[1].to_dict(validate=False)["encoding"]["x"]["value"] == -57
