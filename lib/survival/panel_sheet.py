"""The sheet of small multiples: one view in which every panel is placed by hand, because facets neither stretch nor align counts.

Over the tables line, band, censored, curve, counts, group, frame, tick, share, panel, side, heading: places on the sheet are columns of
the tables (x in panel widths, y in pixels), so that axes are shared by construction. It depends on options and levels, never on the selection.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt

from lib.publication.palette import FAINT_INK, GRID, INK
from lib.publication.step_chart import (
    CENSOR_TICK,
    LABEL_WIDTH,
    PALER,
    PALER_FILL,
    CountRows,
    band_area,
    dashes,
    group_colour,
    hover,
    step_line,
    tooltip,
)
from lib.publication.theme import Specification, keeps, publish, table
from lib.survival.kaplan_meier import share_title

PLOT: Final = 200  # pixels from 100 % to 0
ABOVE: Final = 64  # for the three lines of a panel's heading
ROWS: Final = CountRows()  # of the numbers under each axis
BELOW: Final = 20
ACROSS: Final = 2  # panels beside each other
BETWEEN: Final = 0.2  # of a panel's width
WIDTH: Final = 700
LEFT: Final[dict[str, Any]] = {"align": "left", "color": INK}
RIGHT: Final[dict[str, Any]] = {"align": "right", "baseline": "middle"}


@dataclass(frozen=True)
class PanelGrid:
    """Where each panel lies: x counts in panel widths from the left, y in pixels from the top."""

    n_panels: int
    n_groups: int

    @property
    def columns(self) -> int:
        """Panels beside each other."""
        return min(ACROSS, self.n_panels)

    @property
    def width(self) -> float:
        """The width of a line of panels."""
        return self.columns + BETWEEN * (self.columns - 1)

    @property
    def panel_height(self) -> int:
        """A panel with its heading and the numbers under it."""
        return ABOVE + PLOT + ROWS.first + ROWS.total(self.n_groups) + BELOW

    @property
    def height(self) -> int:
        """The height of the sheet."""
        return self.panel_height * -(-self.n_panels // ACROSS) - BELOW

    def left(self, panel: int) -> float:
        """Where the plot of a panel begins from the left."""
        return (panel % ACROSS) * (1 + BETWEEN)

    def top(self, panel: int) -> int:
        """Where the plot of a panel begins, under its heading."""
        return (panel // ACROSS) * self.panel_height + ABOVE

    def row(self, panel: int, row: int) -> int:
        """Where a row of counts stands."""
        return self.top(panel) + PLOT + ROWS.first + ROWS.height * row + ROWS.gap * (row // ROWS.each)


@cache
def panel_chart(
    unit: str, label: str, colours: tuple[str, ...], limits: bool, n_panels: int, origin: str = "infusion"
) -> Specification:
    """The specification for this many groups and panels; `limits` draws the confidence bands."""
    grid, colour = PanelGrid(n_panels, len(colours)), group_colour(colours)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, grid.width], nice=False, zero=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[grid.height, 0], nice=False, zero=False), axis=None)
    layers = [
        *_frames(x, y),
        _band(x, colour) if limits else keeps("band"),
        *_curves(x, y, colour, unit),
        *_words(x, y, colour, f"{unit.capitalize()} since {origin}", share_title(label)),
    ]
    return publish(alt.layer(*layers, keeps("heading")), width=WIDTH, height=grid.height + 80)


def _frames(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Axes, their ticks and faint rules at the ticks."""
    lines, ticks = table("frame").mark_rule(color=INK), table("tick")
    return [
        ticks.mark_rule(color=GRID).encode(x=x, y=alt.Y("top:Q", axis=None), y2=alt.Y2("y:Q")),
        lines.encode(x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q")),
        ticks.mark_tick(orient="vertical", color=INK, size=5, thickness=1, yOffset=3).encode(x=x, y=y),
        ticks.mark_text(fontSize=11, dy=15, color=INK, clip=False).encode(
            x=x, y=y, text=alt.Text("time:Q", format="d")
        ),
        table("share").mark_tick(orient="horizontal", color=INK, size=5, thickness=1, xOffset=-3).encode(x=x, y=y),
    ]


def _band(x: alt.X, colour: alt.Color) -> alt.Chart:
    drawn = band_area().encode(x=x, y=alt.Y("y:Q", axis=None), y2=alt.Y2("y2:Q"), color=colour)
    return drawn.encode(fillOpacity=PALER_FILL, detail=alt.Detail("stretch:N"))


def _curves(x: alt.X, y: alt.Y, colour: alt.Color, unit: str) -> list[alt.Chart]:
    censored = table("censored").mark_point(shape=CENSOR_TICK, size=80, strokeWidth=1.6, filled=False, opacity=1)
    shown = [alt.Tooltip("panel:N", title="Panel"), *tooltip(unit)]
    stretch = alt.Detail("stretch:N")
    return [
        step_line().encode(x=x, y=y, color=colour, strokeDash=dashes(colour), opacity=PALER, detail=stretch),
        censored.encode(x=x, y=y, color=colour),
        hover(x, y, shown, colour, ("x", "y", "group")),
    ]


def _words(x: alt.X, y: alt.Y, colour: alt.Color, time: str, share: str) -> list[alt.Chart]:
    """Headings, titles of the axes, counts, and what the rows of counts are."""
    panel, share_ticks, group = table("panel"), table("share"), table("group")
    said, words, at_left = alt.Text("said:N"), alt.Text("words:N"), -22
    return [
        panel.mark_text(**LEFT, fontSize=12, fontWeight="bold", dy=-46).encode(x=x, y=y, text=alt.Text("name:N")),
        panel.mark_text(**LEFT, fontSize=11, dy=-30).encode(x=x, y=y, text=said),
        panel.mark_text(**LEFT, fontSize=11, dy=-14).encode(x=x, y=y, text=alt.Text("test:N")),
        panel.mark_text(fontSize=12, color=INK, text=time).encode(
            x=alt.X("middle:Q", axis=None), y=alt.Y("under:Q", axis=None)
        ),
        table("side").mark_text(fontSize=12, color=INK, angle=270, text=share).encode(x=alt.XValue(-52), y=y),
        share_ticks.mark_text(**RIGHT, fontSize=11, color=INK).encode(x=alt.XValue(-9), y=y, text=alt.Text("label:N")),
        table("counts").mark_text(fontSize=11, baseline="middle", color=INK).encode(x=x, y=y, text=alt.Text("text:N")),
        group.mark_text(**RIGHT, fontSize=11, color=FAINT_INK).encode(x=alt.XValue(at_left), y=y, text=words),
        group.mark_text(**RIGHT, fontSize=11, fontWeight="bold", limit=LABEL_WIDTH).encode(
            x=alt.XValue(at_left - 60), y=y, text=alt.Text("row_label:N"), color=colour
        ),
    ]
