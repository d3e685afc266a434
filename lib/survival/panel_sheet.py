"""The sheet of small multiples: one view in which every panel is placed by hand, because facets neither stretch nor
align counts.

Over the tables line, band, censored, curve, counts, group, frame, tick, share, panel, side, heading: places on the
sheet are columns of the tables (x in panel widths, y in pixels), so that axes are shared by construction. It depends on
options and levels, never on the selection.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt

from lib.publication.palette import GRID, INK
from lib.publication.step_chart import (
    CENSOR_TICK,
    KEY_ROW,
    PALER,
    PALER_FILL,
    band_area,
    dashes,
    group_colour,
    hover,
    step_line,
    tooltip,
)
from lib.publication.step_layout import AT_RISK, HEADING, LINE, PADDING, StepLayout
from lib.publication.text_width import NORMAL, SMALL
from lib.publication.theme import Specification, keeps, publish, table
from lib.survival.kaplan_meier import share_title

PLOT: Final = 200  # pixels from 100 % to 0
ABOVE: Final = 58  # for the lines of a panel's heading
FIRST: Final = 56  # from an axis to the head of the numbers under it
BELOW: Final = 20
ACROSS: Final = 2  # panels beside each other where there is room
BETWEEN: Final = 0.16  # of a panel's width
LEFT: Final[dict[str, Any]] = {"align": "left", "color": INK}


@dataclass(frozen=True)
class PanelGrid:
    """Where each panel lies: x counts in panel widths from the left, y in pixels from the top. The layout is that of
    one alone."""

    n_panels: int
    layout: StepLayout

    @property
    def columns(self) -> int:
        """Panels beside each other."""
        return 1 if self.layout.narrow else min(ACROSS, self.n_panels)

    @property
    def width(self) -> float:
        """The width of a line of panels."""
        return self.columns + BETWEEN * (self.columns - 1)

    @property
    def panel_width(self) -> float:
        """Of one in pixels, at the least."""
        return self.layout.plot_width / self.width

    @property
    def panel_height(self) -> int:
        """A panel with its heading and the numbers under it."""
        return ABOVE + PLOT + FIRST + LINE * self.layout.block_lines + BELOW

    @property
    def height(self) -> int:
        """The height of the sheet."""
        return self.panel_height * -(-self.n_panels // self.columns) - BELOW

    def left(self, panel: int) -> float:
        """Where the plot of a panel begins from the left."""
        return (panel % self.columns) * (1 + BETWEEN)

    def top(self, panel: int) -> int:
        """Where the plot of a panel begins, under its heading."""
        return (panel // self.columns) * self.panel_height + ABOVE

    def row(self, panel: int, line: int) -> int:
        """Where a line of numbers stands; line 0 is their head."""
        return self.top(panel) + PLOT + FIRST + LINE * line


@cache
def panel_chart(
    unit: str, label: str, colours: tuple[str, ...], grid: PanelGrid, origin: str = "infusion"
) -> Specification:
    """The specification for this many groups and panels."""
    colour = group_colour(colours)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, grid.width], nice=False, zero=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[grid.height, 0], nice=False, zero=False), axis=None)
    layers = [
        *_frames(x, y),
        _band(x, colour),
        *_curves(x, y, colour, unit),
        *_words(x, y, f"{unit.capitalize()} since {origin}", f"{share_title(label)} (%)", grid.layout.gutter),
    ]
    height = grid.height + HEADING + 2 * PADDING + (KEY_ROW if grid.layout.keyed else 0)
    chart = publish(alt.layer(*layers, keeps("heading")), width=grid.layout.width, height=height)
    chart["title"]["fontWeight"] = "bold"
    return chart


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
    shown = [alt.Tooltip("whose:N", title="Group"), *tooltip(unit)[1:]]
    whose = "datum.group ? datum.panel + ', ' + datum.group : datum.panel"
    stretch = alt.Detail("stretch:N")
    return [
        step_line().encode(x=x, y=y, color=colour, strokeDash=dashes(colour), opacity=PALER, detail=stretch),
        censored.encode(x=x, y=y, color=colour),
        hover(x, y, shown, colour, ("x", "y", "group")).transform_calculate(whose=whose),
    ]


def _words(x: alt.X, y: alt.Y, time: str, share: str, gutter: int) -> list[alt.Chart]:
    """Headings, titles of the axes, counts, and what the rows of counts are."""
    panel = table("panel")
    middle: dict[str, Any] = {"fontSize": SMALL, "baseline": "middle", "color": INK}
    left = alt.XValue(-gutter)
    under = panel.mark_text(fontSize=NORMAL, color=INK, text=time)
    title = table("side").mark_text(fontSize=NORMAL, color=INK, angle=270, text=share, baseline="middle")
    head = table("side").mark_text(**middle, align="left", fontWeight="bold", text=AT_RISK)
    test = panel.mark_text(**LEFT, fontSize=SMALL, dy=-26, lineBreak="\n", lineHeight=14)
    return [
        panel.mark_text(**LEFT, fontSize=NORMAL, fontWeight="bold", dy=-42).encode(x=x, y=y, text=alt.Text("name:N")),
        test.encode(x=x, y=y, text=alt.Text("test:N")),
        under.encode(x=alt.X("middle:Q", axis=None), y=alt.Y("under:Q", axis=None)),
        title.encode(x=alt.XValue(-36), y=y),
        head.encode(x=left, y=alt.Y("head:Q", axis=None)),
        table("share").mark_text(**middle, align="right").encode(x=alt.XValue(-9), y=y, text=alt.Text("label:N")),
        table("counts").mark_text(**middle).encode(x=x, y=y, text=alt.Text("text:N")),
        table("group")
        .transform_filter("datum.name")
        .mark_text(**middle, align="left")
        .encode(x=left, y=y, text=alt.Text("name:N")),
    ]
