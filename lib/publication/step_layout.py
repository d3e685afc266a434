"""Where the parts of a chart of step curves stand: gutter, names, numbers under the axis and the box of the comparison,
in pixels.

All but the place of the box depends on the names and the number of patients of the opened cohort, never on the
selection.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.publication.text_width import SCREEN, SMALL, broken, text_width

NARROWEST: Final = 620  # pixels to which a browser may press a figure for the screen
NARROW: Final = 600  # below: less height
GUTTER_SHARE, ENDS_SHARE = (
    0.15,
    0.17,
)  # of the width: at most for the left gutter, and for the names at the curves' ends
PADDING: Final = 8
RIGHT_PADDING: Final = 14
AXIS: Final = 44  # pixels that labels and title of the vertical axis need
LINE: Final = 15  # under the axis
FIRST: Final = 58  # from the axis to the middle of the first head under it
HEADING: Final = 26  # title of the figure
SYMBOL: Final = 14  # the line before a name at the end of a curve
BESIDE_PLOT: Final = 6
MOST_ENDS: Final = 4  # curves with their names at their ends
AT_RISK: Final = "No. at risk (no. censored)"
EVENTS: Final = "Cumulative no. of events"
EDGE: Final = 0.01  # of the height: names at the ends keep off the corners
BOX_LINE: Final = 14
BOX_EDGE: Final = 5
BOX_SHARE: Final = 0.62  # of the plot: no wider
TRIED: Final = 12  # heights at which the box may stand
COVERED_MEDIAN: Final = 0.3  # how much a covered dotted line counts against a covered curve
COVERED_BAND: Final = 0.005  # how much a covered pixel of a band counts against a covered pixel of a curve
BOX: Final = ("text", "share", "wide", "top", "high")
SHARES: Final = (1.0, 0.02, 0.5, 0.75, 0.25)  # of the free width left of the box
Lines = NDArray[np.float64]


@dataclass(frozen=True)
class StepLayout:
    """The layout for groups of these names (none known: above their rows) with at most so many patients, at a width in
    pixels.

    `blocks` are the heads of the numbers under the axis: below each stands a row for every group.
    """

    n_groups: int
    names: tuple[str, ...] = ()
    patients: int = 99
    width: int = SCREEN
    blocks: tuple[str, ...] = (AT_RISK,)
    most_ends: int = MOST_ENDS  # curves that may have their names at their ends; 0: none of them
    has_key: bool = True  # above, where the names are not at the ends

    @property
    def narrow(self) -> bool:
        """Whether it is for one column of a journal."""
        return self.width < NARROW

    @property
    def plot_height(self) -> int:
        """From 0 to 100 %."""
        return 230 if self.narrow else 330

    @property
    def named(self) -> bool:
        """Whether the rows have names: of one group there is nothing to tell apart."""
        return self.n_groups > 1

    @property
    def beside(self) -> bool:
        """Whether the names stand left of their numbers; else above them."""
        return not self.named or (bool(self.names) and self._beside <= GUTTER_SHARE * self.width - PADDING)

    @cached_property
    def _beside(self) -> float:
        return max(text_width(name, SMALL) for name in self.names) + text_width(f"{self.patients} (0)", SMALL) / 2 + 10

    @property
    def gutter(self) -> int:
        """Left of the plot."""
        return max(AXIS, int(self._beside)) if self.named and self.beside else AXIS

    @property
    def at_ends(self) -> bool:
        """Whether the names stand at the ends of the curves; else in a key above."""
        return 1 < len(self.names) <= self.most_ends and self.right <= ENDS_SHARE * self.width

    @property
    def keyed(self) -> bool:
        """Whether there is a key above."""
        return self.named and self.has_key and not self.at_ends

    @cached_property
    def right(self) -> float:
        """Pixels that the names at the ends need."""
        return max(text_width(name, SMALL) for name in self.names) + SYMBOL + 2 * BESIDE_PLOT if self.names else 0.0

    @cached_property
    def plot_width(self) -> float:
        """At the least."""
        whole = NARROWEST if self.width == SCREEN else self.width
        return whole - PADDING - RIGHT_PADDING - self.gutter - (self.right if self.at_ends else 0)

    @property
    def each(self) -> int:
        """Lines of a group within a block."""
        return 1 if self.beside else 2

    @property
    def block_lines(self) -> int:
        """Lines of a block with its head."""
        return 1 + self.each * self.n_groups

    @property
    def below(self) -> int:
        """From the axis to the end of the numbers."""
        return FIRST + LINE * self.block_lines * len(self.blocks) - LINE // 2

    @property
    def height(self) -> int:
        """Of the whole figure without a key."""
        return self.plot_height + HEADING + self.below + 2 * PADDING

    def shown_ticks(self, ticks: Sequence[float], texts: Iterable[str], last: float) -> tuple[float, ...]:
        """Every tick, or every second, third ... where the numbers under them would touch; `last` is the end of the
        axis."""
        widest = max([text_width(text, SMALL) for text in texts] or [0.0]) + 7
        step = max([*ticks[1:2], 0.0]) / last * self.plot_width if last else 0.0
        return tuple(ticks[:: max(1, int(np.ceil(widest / step)) if step else 1)])


def layout_of(groups: Sequence[Any], width: int = SCREEN, blocks: tuple[str, ...] = (AT_RISK,)) -> StepLayout:
    """The layout for these groups of the opened cohort."""
    most = max([99, *(group.size for group in groups)])
    return StepLayout(len(groups), tuple(group.name for group in groups), most, width, blocks)


def ends(last: Sequence[tuple[int, str, float]], layout: StepLayout, colours: Sequence[str]) -> pd.DataFrame:
    """The names at the ends of the curves, given as (slot, name, value at the end): none over another."""
    least = LINE / layout.plot_height
    places = sorted((1 - value, slot, name) for slot, name, value in last)
    heights, free = [], EDGE
    for y, _, _ in places:
        heights.append(max(y, free))
        free = heights[-1] + least
    room = 1 - EDGE
    for place in reversed(range(len(heights))):
        heights[place] = min(heights[place], room)
        room = heights[place] - least
    rows = [(slot, name, y, colours[slot]) for (_, slot, name), y in zip(places, heights, strict=True)]
    return pd.DataFrame(rows, columns=["slot", "name", "y", "ink"])


def box(
    lines: Sequence[str],
    curves: Sequence[pd.DataFrame],
    marks: pd.DataFrame,
    layout: StepLayout,
    last: float,
    limits: bool = False,
) -> pd.DataFrame:
    """The box of the comparison where it covers least of the `curves` (steps: time, value), of their bands where
    `limits` are drawn (low, high), and of the dotted `marks` (time, left).

    `share` is that of the free width which lies left of it, `top` its distance from the upper edge of the plot.
    """
    room = BOX_SHARE * layout.plot_width
    words = [part for line in lines for part in broken(line, room, SMALL)]
    if not words:
        return pd.DataFrame(columns=list(BOX))
    wide = max(text_width(line, SMALL) for line in words) + 2 * BOX_EDGE
    high = BOX_LINE * len(words) + 2 * BOX_EDGE
    drawn, dotted = _steps(curves, layout, last), _dotted(marks, layout, last)
    filled = _bands(curves if limits else (), layout, last)
    places = [(share, float(top)) for share in SHARES for top in np.linspace(2, layout.plot_height - high - 2, TRIED)]

    def covered(place: tuple[float, float]) -> float:
        left = place[0] * (layout.plot_width - wide)
        area = left, left + wide, place[1], place[1] + high
        return _covered(drawn, area) + COVERED_MEDIAN * _covered(dotted, area) + COVERED_BAND * _filled(filled, area)

    share, top = min(places, key=covered)  # of equals the first: at the upper right
    return pd.DataFrame([("\n".join(words), share, wide, top, high)], columns=list(BOX))


def _steps(curves: Sequence[pd.DataFrame], layout: StepLayout, last: float) -> Lines:
    """The lines of the curves as (left, right, top, bottom) in pixels."""
    parts = []
    for curve in curves:
        x = curve["time"].to_numpy(float) / (last or 1.0) * layout.plot_width
        y = (1 - curve["value"].to_numpy(float)) * layout.plot_height
        parts.append(np.column_stack([x[:-1], x[1:], y[:-1], y[:-1]]))
        parts.append(np.column_stack([x[1:], x[1:], np.minimum(y[:-1], y[1:]), np.maximum(y[:-1], y[1:])]))
    return np.vstack([np.empty((0, 4)), *parts])


def _bands(curves: Sequence[pd.DataFrame], layout: StepLayout, last: float) -> Lines:
    """The bands of the curves as rectangles (left, right, top, bottom) in pixels."""
    parts = []
    for curve in curves:
        x = curve["time"].to_numpy(float) / (last or 1.0) * layout.plot_width
        low, high = ((1 - curve[name].to_numpy(float)) * layout.plot_height for name in ("low", "high"))
        parts.append(np.column_stack([x[:-1], x[1:], high[:-1], low[:-1]]))
    return np.vstack([np.empty((0, 4)), *parts])


def _dotted(marks: pd.DataFrame, layout: StepLayout, last: float) -> Lines:
    """The dotted lines from the axes to the marked times."""
    x = marks["time"].to_numpy(float) / (last or 1.0) * layout.plot_width
    y = (1 - marks["left"].to_numpy(float)) * layout.plot_height
    whole = np.full(len(x), float(layout.plot_height))
    return np.vstack([np.column_stack([0 * x, x, y, y]), np.column_stack([x, x, y, whole])])


def _filled(parts: Lines, area: tuple[float, float, float, float]) -> float:
    """Square pixels of the rectangles that lie within an area."""
    left, right, top, bottom = area
    across = np.minimum(parts[:, 1], right) - np.maximum(parts[:, 0], left)
    down = np.minimum(parts[:, 3], bottom) - np.maximum(parts[:, 2], top)
    return float(np.nansum(np.clip(across, 0, None) * np.clip(down, 0, None)))


def _covered(lines: Lines, area: tuple[float, float, float, float]) -> float:
    """Pixels of the lines that lie within an area."""
    left, right, top, bottom = area
    across = np.minimum(lines[:, 1], right) - np.maximum(lines[:, 0], left)
    down = np.minimum(lines[:, 3], bottom) - np.maximum(lines[:, 2], top)
    return float(np.where((across >= 0) & (down >= 0), across + down, 0.0).sum())
