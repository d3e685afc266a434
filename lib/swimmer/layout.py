"""Where everything of a swimmer plot stands, in pixels: the lanes, and the marks within them so that none hides
another.

Up to MOST_LANES lanes have the patients' ids beside them. More are drawn compactly: thin, without ids and on one
screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

import pandas as pd

from lib.publication.text_width import SCREEN
from lib.swimmer.options import ENDS

MOST_LANES: Final = 80  # with ids; more are drawn compactly
COMPACT_HEIGHT: Final = 540  # pixels of all lanes together in the compact form
MOST_DRAWN: Final = 270  # lanes of two pixels each; of more some are drawn
MOST_PARTS: Final = 1500  # segments and marks of these
THICKEST_COMPACT: Final = 6.0
HEADER: Final = 19.0  # pixels, at least
STEP: Final = 5  # pixels of a row of the table that makes the height
BAR: Final = 0.78  # of a lane
NARROWEST: Final = 620  # pixels of the figure in a narrow window


@dataclass(frozen=True)
class Density:
    """Of so many lanes: pixels from one to the next, area of a mark, size of the words beside a lane; whether
    compact."""

    pitch: float
    symbol: float
    font: int
    compact: bool = False

    @property
    def levels(self) -> tuple[float, ...]:
        """How far above and below its middle a lane has room for marks."""
        room = int(self.pitch // (self.reach * 2))
        return (0.0, -self.pitch / 3, self.pitch / 3) if room > 2 else (-self.pitch / 4, self.pitch / 4)

    @property
    def reach(self) -> float:
        """From the middle of a mark to its edge."""
        return float(self.symbol**0.5 / 2)


FULL: Final = {
    12: Density(26, 60, 11),
    24: Density(22, 50, 11),
    48: Density(16, 36, 10),
    MOST_LANES: Density(12, 26, 9),
}


def density(lanes: int, headers: int) -> Density:
    """How close lanes stand."""
    for most, found in FULL.items():
        if lanes <= most:
            return found
    pitch = min(THICKEST_COMPACT, (COMPACT_HEIGHT - headers * HEADER) / lanes)
    return Density(pitch, min(max(1.2 * pitch**2, 7.0), 26.0), 9, compact=True)


def row_tops(n_rows: int, headers: Sequence[int], pitch: float) -> list[float]:
    """The upper edge of every row, and the lower one of the last."""
    tops, heads = [0.0], set(headers)
    for row in range(n_rows):
        tops.append(tops[-1] + (max(HEADER, pitch) if row in heads else pitch))
    return tops


def in_lanes(rows: pd.Series, tops: Sequence[float], close: Density) -> dict[str, list[float]]:
    """Upper edge, lower edge and middle of the bar of each of these rows; compact lanes touch each other."""
    part = 1.0 if close.compact else BAR
    middle = [(tops[row] + tops[row + 1]) / 2 for row in rows.astype(int)]
    half = [(tops[row + 1] - tops[row]) * part / 2 for row in rows.astype(int)]
    pairs = list(zip(middle, half, strict=True))
    return {"top": [at - by for at, by in pairs], "bottom": [at + by for at, by in pairs], "middle_y": middle}


def apart(marks: pd.DataFrame, scale: float, close: Density) -> pd.DataFrame:
    """For each row of marks (patient, kind, time) how many pixels it stands right of its time and below the middle of
    its lane.

    `scale` is pixels of a unit of time. Progression and the end of a lane have the first choice of a place.
    """
    places: dict[object, tuple[float, float]] = {}
    for _, mine in marks.groupby("patient", sort=False):
        at = [time * scale for time in mine["time"]]
        ordered = sorted(
            zip(mine.index, at, mine["kind"], strict=True), key=lambda each: (each[2] not in ENDS, each[1])
        )
        taken: list[tuple[float, float]] = []
        for index, x, _ in ordered:
            alone = sum(abs(x - other) < 2 * close.reach for other in at) == 1
            right, down = _place(x, (0.0,) if alone else close.levels, taken, close.reach)
            taken.append((x + right, down))
            places[index] = (right, down)
    return pd.DataFrame(
        [places[index] for index in marks.index], index=marks.index, columns=["right", "down"], dtype=float
    )


def _place(
    x: float, levels: Sequence[float], taken: Sequence[tuple[float, float]], reach: float
) -> tuple[float, float]:
    """The nearest place that is free: on a level at its time, else as few pixels to the right of it as possible."""
    tried = ((float(right), down) for right in count() for down in levels)
    return next(
        place
        for place in tried
        if all(abs(x + place[0] - left) >= 2 * reach or abs(place[1] - down) >= 1.9 * reach for left, down in taken)
    )


def plot_width(width: int, gutter: float) -> float:
    """Pixels that are left for the lanes, in a narrow window where the figure is on the screen."""
    return max(80.0, (NARROWEST if width == SCREEN else width) - 22 - gutter)
