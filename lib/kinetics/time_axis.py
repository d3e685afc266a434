"""The axis of time under kinetics: the first four weeks in days, stretched, then months; and which labels have room.

Places run from 0 (the first day shown) to 1 (the last). Where the scale changes stands a break.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.publication.text_width import text_width
from lib.stats.estimate import Floats

WEEKS: Final = 28.0  # days that are stretched
WORTH: Final = 1.25  # nothing is stretched where the last day is no later than so many times that
SHARE: Final = 0.6  # of the axis, for them
BREAK: Final = 0.035  # of the axis, between them and the months
MONTH: Final = 30.4375  # days
ROUND: Final = 0.03  # a day this near to a whole month, as a share of it, is labelled as that month
IMPORTANT: Final = (28, 14, 7, 90, 180, 365, 21, 60, 730, 3, 10, 120)  # days that keep their labels where room is short
APART: Final = 5.0  # pixels between two labels


@dataclass(frozen=True)
class TimeAxis:
    """Where days stand between `first` and `last`."""

    first: float
    last: float
    stretched: bool

    @property
    def broken(self) -> bool:
        """Whether months follow the stretched weeks."""
        return self.stretched and self.last > WORTH * WEEKS and self.first < WEEKS

    def at(self, day: float) -> float:
        """The place of a day, 0 to 1."""
        return float(self._at(np.array(day, dtype=float)))

    def places(self, days: pd.Series) -> pd.Series:
        """The places of many days."""
        return pd.Series(self._at(days.to_numpy(float)), days.index)

    def _at(self, days: Floats) -> Floats:
        if not self.broken:
            return (days - self.first) / (self.last - self.first or 1.0)
        early, after = SHARE * (days - self.first) / (WEEKS - self.first), SHARE + BREAK
        return np.where(days <= WEEKS, early, after + (1 - after) * (days - WEEKS) / (self.last - WEEKS))

    def label(self, day: float) -> str:
        """14; M3 for a day near three months and D100 for one near none, where months follow."""
        if not self.broken or day <= WEEKS:
            return f"{day:g}"
        month = round(day / MONTH)
        return f"M{month}" if month and abs(day / MONTH - month) <= ROUND * month else f"D{day:g}"

    @property
    def title(self) -> str:
        """The title of the axis."""
        return "Days since infusion, then months (M)" if self.stretched else "Days since infusion"


def axis_of(days: Sequence[float], stretched: bool) -> TimeAxis:
    """The axis of these days, from 0 or before to day 28 at least where there are none."""
    return TimeAxis(min([0.0, *days]), max(days, default=WEEKS) or WEEKS, stretched)


def with_room(
    days: Sequence[float], places: Sequence[float], words: Sequence[Sequence[str]], size: float
) -> set[float]:
    """The days whose words (one or more under each other) do not run into others; both ends and round days first.

    `places` in pixels.
    """
    order = sorted(range(len(days)), key=lambda number: _rank(days, number))
    kept: list[tuple[float, float]] = []
    found: set[float] = set()
    for number in order:
        half = max((text_width(each, size) for each in words[number]), default=0.0) / 2 + APART / 2
        left, right = places[number] - half, places[number] + half
        if all(right <= start or left >= end for start, end in kept):
            kept.append((left, right))
            found.add(days[number])
    return found


def _rank(days: Sequence[float], number: int) -> tuple[int, int]:
    if number in (0, len(days) - 1):
        return 0, number
    near = (place for place, round_day in enumerate(IMPORTANT, 1) if abs(days[number] - round_day) <= 0.05 * round_day)
    return next(near, len(IMPORTANT) + 1), number
