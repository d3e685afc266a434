"""Where the names of points stand so that none lies on another name or on a point: tried around each point, nearer places first.

All in pixels. A name for which there is no room is left off.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

PER_LETTER: Final = 6.4  # of the figure's font at its small size
HEIGHT: Final = 14.0
CLEAR_OF_POINT: Final = 6.0
DISTANCES: Final = (8.0, 16.0, 28.0, 42.0, 58.0)
DIRECTIONS: Final = (
    (1, 0),
    (-1, 0),
    (1, -0.7),
    (-1, -0.7),
    (1, 0.7),
    (-1, 0.7),
    (1, -1.4),
    (-1, -1.4),
    (1, 1.4),
    (-1, 1.4),
)
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Placed:
    """The name of the point with this place in the list: where its near end stands, and to which side (1 right, -1 left) it runs."""

    point: int
    x: float
    y: float
    side: int


def placed_names(
    points: Sequence[tuple[float, float]], names: Sequence[str], order: Sequence[int], size: tuple[float, float]
) -> tuple[Placed, ...]:
    """A place for the names of the points in `order` (the most important first) within a plot of this width and height."""
    taken: list[Box] = []
    found = []
    for point in order:
        place = _free_place(points, point, len(names[point]) * PER_LETTER, taken, size)
        if place:
            found.append(place)
            taken.append(_box(place, len(names[point]) * PER_LETTER))
    return tuple(found)


def _free_place(
    points: Sequence[tuple[float, float]], point: int, width: float, taken: list[Box], size: tuple[float, float]
) -> Placed | None:
    x, y = points[point]
    for distance in DISTANCES:
        for side, rise in DIRECTIONS:
            place = Placed(point, x + side * distance, y + rise * distance, side)
            box = _box(place, width)
            if (
                _within(box, size)
                and not any(_overlap(box, other) for other in taken)
                and not _on_a_point(box, points, point)
            ):
                return place
    return None


def _box(place: Placed, width: float) -> Box:
    left = place.x if place.side > 0 else place.x - width
    return left, place.y - HEIGHT / 2, left + width, place.y + HEIGHT / 2


def _within(box: Box, size: tuple[float, float]) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= size[0] and box[3] <= size[1]


def _overlap(first: Box, second: Box) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def _on_a_point(box: Box, points: Sequence[tuple[float, float]], own: int) -> bool:
    return any(
        box[0] - CLEAR_OF_POINT < x < box[2] + CLEAR_OF_POINT and box[1] - CLEAR_OF_POINT < y < box[3] + CLEAR_OF_POINT
        for place, (x, y) in enumerate(points)
        if place != own
    )
