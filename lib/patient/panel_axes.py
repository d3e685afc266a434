"""Where values stand in the panels: pixels from the top of the first panel, each panel with its own scale of amounts.

A value below its limit stands at the limit; where the limit is not stated, at the foot of the panel.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.labs.course_chart import levels
from lib.patient.panels import Panel
from lib.stats.estimate import Floats

INSET: Final = 5.0  # pixels between the highest and lowest level and the edges
MOST_LEVELS: Final = 4


@dataclass(frozen=True)
class Sizes:
    """Pixels of a panel, of the gap above it for its title, of a lane, and more of a panel for each line beyond the
    second.
    """

    panel: float = 80.0
    gap: float = 25.0
    lane: float = 14.0
    line: float = 12.0


SCREEN: Final = Sizes()


@dataclass(frozen=True)
class Axis:
    """One panel in its place. `levels` are the amounts that carry a number, `low` and `high` the ends of its scale."""

    top: float
    bottom: float
    log: bool
    low: float
    high: float
    levels: tuple[float, ...]

    def y(self, amounts: pd.Series) -> pd.Series:
        """The pixel of each amount; NaN for what cannot stand on this axis (0 or less on a log axis) or lies outside
        it.
        """
        given = amounts.astype(float)
        inside = given.between(self.low, self.high)
        numbers = given.where(inside & ((given > 0) | (not self.log))).to_numpy()
        share = (self._scaled(numbers) - self._scaled(self.low)) / (self._scaled(self.high) - self._scaled(self.low))
        return pd.Series(self.bottom - INSET - share * (self.bottom - self.top - 2 * INSET), index=amounts.index)

    def _scaled(self, numbers: npt.ArrayLike) -> Floats:
        given = np.asarray(numbers, dtype=np.float64)
        return np.log10(given) if self.log else given


def axes(table: pd.DataFrame, shown: Sequence[Panel], logs: Sequence[bool], sizes: Sizes = SCREEN) -> tuple[Axis, ...]:
    """The axes of the panels one under the other, for the values of `table` (as panels.values gives them)."""
    found, top = [], sizes.gap
    for number, (each, log) in enumerate(zip(shown, logs, strict=True)):
        found.append(_axis(top, _height(each, sizes), table[table["panel"] == number], log))
        top = found[-1].bottom + sizes.gap
    return tuple(found)


def height(shown: Sequence[Panel], *lanes: int, sizes: Sizes = SCREEN) -> int:
    """Pixels of these panels with blocks of lanes under them; a block without lanes takes no room."""
    blocks = sum(sizes.gap + n * sizes.lane for n in lanes if n)
    return round(sum(sizes.gap + _height(each, sizes) for each in shown) + blocks)


def _height(panel: Panel, sizes: Sizes) -> float:
    return sizes.panel + sizes.line * max(0, len(panel.lines) - 2)


def _axis(top: float, pixels: float, rows: pd.DataFrame, log: bool) -> Axis:
    amounts = [*rows["value"].dropna(), *rows.loc[rows["below"], "limit"].dropna()]
    ticks = levels(amounts, log)
    one = len(ticks) == 1  # round amount on a log axis
    low, high = (ticks[0] / 2, ticks[0] * 2) if one else (ticks[0], ticks[-1])
    return Axis(top, top + pixels, log, low, high, ticks[:: math.ceil(len(ticks) / MOST_LEVELS)])
