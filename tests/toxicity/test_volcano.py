"""The volcano's points, levels and names, which never lie on each other or on another point."""

import json
from math import log10

import pytest
from golden.cohorts import arms, by, cohort, nobody
from hypothesis import given
from hypothesis import strategies as st

from lib.publication.palette import GROUP_COLOURS
from lib.publication.text_width import SMALL, text_width
from lib.toxicity.contrasts import differences
from lib.toxicity.incidence import incidence
from lib.toxicity.volcano import (
    CLEAR_OF_POINT,
    LINE_HEIGHT,
    LONGEST_NAME,
    MOST_NAMES,
    placed_names,
    volcano_chart,
    volcano_figure,
)
from toxicity.made import many_terms, of_example, of_synthetic


def drawn(result):
    return volcano_figure(differences(result, "any grade", result.terms))


def test_points_stand_at_difference_and_p_and_equal_ones_share_a_name():
    tables = drawn(of_example()).tables
    crs = tables["point"][tables["point"]["term"] == "CRS"].iloc[0]
    assert (crs["x"], crs["y"]) == (-50, pytest.approx(-log10(0.0769230769)))
    names = tables["name"].set_index("label")
    assert names.loc["CRS; Unnamed term 11", ["to_x", "to_y"]].tolist() == [crs["x"], crs["y"]]
    assert tables["limit"]["x"].tolist() == [-60, 60] and tables["limit"]["y"].max() > 1.5
    assert tables["level"]["label"].tolist() == ["p = 0.05"]  # 0.05 / 13 is above all points


def test_of_many_points_the_outliers_have_names():
    figure = drawn(of_synthetic())
    assert len(figure.tables["point"]) == 14 and len(figure.tables["name"]) <= MOST_NAMES
    assert (figure.tables["point"]["y"] >= 0).all() and len(figure.tests) == 14


def test_nobody_has_a_frame_without_points():
    figure = drawn(incidence(nobody(many_terms()), by(many_terms())))
    assert len(figure.tables["point"]) == len(figure.tables["name"]) == 0
    assert figure.tables["limit"]["x"].tolist() == [-10, 10]


def test_no_filter_changes_the_chart():
    assert drawn(of_example()).chart == drawn(of_example("arm", "emd=yes")).chart


def test_the_axis_is_labelled_with_p_itself():
    (axis,) = {
        json.dumps(layer["encoding"]["y"].get("axis"))
        for layer in volcano_chart(GROUP_COLOURS[:2], 0)["layer"]
        if layer["encoding"].get("y", {}).get("title")
    }
    values = json.loads(axis)["values"]
    assert (
        values[:2] == [0, pytest.approx(-log10(0.5))]
        and pytest.approx(-log10(0.05)) in values
        and "pow(10, -datum.value)" in axis
    )


def test_a_long_name_is_shortened_with_an_ellipsis_and_never_like_another():
    terms = [f"Infections and infestations, other, specify in the free text of the sheet, {n}" for n in (1, 2)]
    ids = {"A": [f"a{n}" for n in range(9)], "B": [f"b{n}" for n in range(9)]}
    rows = [
        {"patient_id": f"a{n}", "term": term, "grade": 1}
        for place, term in enumerate(terms)
        for n in range(8 - 2 * place)
    ]
    made = cohort(arms(**ids), adverse_events=rows)
    names = (
        volcano_figure(differences(incidence(made, by(made)), "any grade", tuple(terms)))
        .tables["name"]["label"]
        .tolist()
    )
    assert len(set(names)) == 2 and all("…" in name and text_width(name, SMALL) <= LONGEST_NAME for name in names)


def test_the_reference_has_no_colour():
    text = json.dumps(volcano_chart(GROUP_COLOURS[:3], 1))
    assert GROUP_COLOURS[0] in text and GROUP_COLOURS[2] in text and GROUP_COLOURS[1] not in text


SIZE = (690.0, 390.0)


def box(place, name):
    width = text_width(name, SMALL)
    left = place.x if place.side > 0 else place.x - width
    return left, place.y - LINE_HEIGHT / 2, left + width, place.y + LINE_HEIGHT / 2


def apart(first, second):
    return first[2] <= second[0] or second[2] <= first[0] or first[3] <= second[1] or second[3] <= first[1]


points = st.lists(st.tuples(st.floats(0, SIZE[0]), st.floats(0, SIZE[1])), max_size=25)


@given(points, st.integers(1, 30))
def test_names_stand_free(places, length):
    names = ["x" * length] * len(places)
    found = placed_names(places, names, range(len(places)), SIZE)
    boxes = [box(each, names[each.point]) for each in found]
    assert all(apart(first, second) for at, first in enumerate(boxes) for second in boxes[:at])
    for each, (left, top, right, bottom) in zip(found, boxes, strict=True):
        assert left >= 0 and right <= SIZE[0] and top >= 0 and bottom <= SIZE[1]
        for other, (x, y) in enumerate(places):
            on_it = (
                left - CLEAR_OF_POINT < x < right + CLEAR_OF_POINT
                and top - CLEAR_OF_POINT < y < bottom + CLEAR_OF_POINT
            )
            assert other == each.point or not on_it


def test_the_first_in_order_has_its_name_beside_it():
    (place,) = placed_names([(100, 100)], ["CRS"], [0], SIZE)
    assert (place.x, place.y, place.side) == (108, 100, 1)
    (right,) = placed_names([(680, 100)], ["CRS"], [0], SIZE)
    assert right.side == -1
    assert placed_names([(100, 100)], ["x" * 200], [0], SIZE) == () == placed_names([], [], [], SIZE)
