"""Names never lie on each other or on another point; what has no room is left off."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lib.toxicity.volcano.place import CLEAR_OF_POINT, HEIGHT, PER_LETTER, placed_names

SIZE = (690.0, 390.0)


def box(place, name):
    width = len(name) * PER_LETTER
    left = place.x if place.side > 0 else place.x - width
    return left, place.y - HEIGHT / 2, left + width, place.y + HEIGHT / 2


def apart(first, second):
    return first[2] <= second[0] or second[2] <= first[0] or first[3] <= second[1] or second[3] <= first[1]


points = st.lists(st.tuples(st.floats(0, SIZE[0]), st.floats(0, SIZE[1])), max_size=25)


@given(points, st.integers(1, 30))
@settings(max_examples=60, deadline=None)
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
