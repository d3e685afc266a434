"""Small panels, one a patient: one view in which every panel is placed by hand, because facets neither stretch nor share what stands beside them.

Over the tables line, point, below, limit, frame, tick, decade, panel, group, heading: places on the sheet are columns of the tables (x in
panel widths, y in pixels), so that axes are shared by construction. It depends on options and the size of the sheet, never on the selection.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt

from lib.publication.palette import FAINT_INK, GRID, GROUP_SHAPES, INK
from lib.publication.theme import HOVER, Specification, keeps, publish, table

WIDTH: Final = 760
ABOVE: Final = 18  # for the patient's name
BELOW: Final = 10
UNDER: Final = 26  # under the last row, for the days
COLUMNS: Final = (4, 5, 6)
FEW, MEDIUM = 12, 24  # panels; of more than MEDIUM always six beside each other
BESIDE: Final = 0.2  # of a panel's width, between panels
NAME_LIMIT: Final = {4: 160, 5: 130, 6: 105}
PLOT: Final = {4: 110, 5: 92, 6: 74}  # pixels of height, by panels beside each other


@dataclass(frozen=True)
class Sheet:
    """Where each panel lies: x counts in panel widths from the left, y in pixels from the top."""

    panels: int

    @property
    def columns(self) -> int:
        """Four for up to 12 panels, else what fills the last row best, at most six."""
        if self.panels <= FEW:
            return min(COLUMNS)
        return min(
            COLUMNS,
            key=lambda columns: (self.panels > MEDIUM and columns < max(COLUMNS), -self.panels % columns, -columns),
        )

    @property
    def rows(self) -> int:
        return -(-self.panels // self.columns)

    @property
    def plot(self) -> int:
        return PLOT[self.columns]

    @property
    def width(self) -> float:
        return self.columns + BESIDE * (self.columns - 1)

    @property
    def height(self) -> int:
        return self.rows * (ABOVE + self.plot + BELOW) + UNDER

    def left(self, panel: int) -> float:
        return (panel % self.columns) * (1 + BESIDE)

    def top(self, panel: int) -> int:
        """Where the plot of a panel begins, under the name."""
        return (panel // self.columns) * (ABOVE + self.plot + BELOW) + ABOVE


@cache
def patients_chart(colours: tuple[str, ...], unit: str, spread_early_days: bool, panels: int) -> Specification:
    """The specification of a sheet with room for so many panels."""
    sheet, slots = Sheet(panels), list(range(len(colours)))
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, sheet.width], nice=False, zero=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[sheet.height, 0], nice=False, zero=False), axis=None)
    days = "Days since infusion" + (" (square-root scale)" if spread_early_days else "")
    amount = f"CAR transgene, {unit}" if unit else "CAR transgene"
    layers = [
        *_frames(x, y),
        *_series(x, y, colours, slots),
        *_words(x, y, sheet, (days, amount)),
        keeps("group"),
        keeps("heading"),
    ]
    return publish(alt.layer(*layers), width=WIDTH, height=sheet.height + 90)


def _frames(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Axes, their ticks, decades and the limit of quantification."""
    x2, y2 = alt.X2("x2:Q"), alt.Y2("y2:Q")
    tick, decade = table("tick"), table("decade")
    small: dict[str, Any] = {"fontSize": 10, "color": INK, "clip": False}
    return [
        decade.mark_rule(color=GRID).encode(x=x, x2=x2, y=y),
        table("limit").mark_rule(strokeDash=[4, 3], color=FAINT_INK, strokeWidth=0.9).encode(x=x, x2=x2, y=y),
        table("frame").mark_rule(color=FAINT_INK, strokeWidth=0.8).encode(x=x, x2=x2, y=y, y2=y2),
        tick.mark_tick(orient="vertical", color=FAINT_INK, size=4, thickness=0.8, yOffset=2).encode(x=x, y=y),
        tick.mark_text(dy=11, **small).encode(x=x, y=y, text=alt.Text("label:N")),
        decade.mark_text(align="right", baseline="middle", dx=-4, **small).encode(x=x, y=y, text=alt.Text("label:N")),
    ]


def _series(x: alt.X, y: alt.Y, colours: tuple[str, ...], slots: list[int]) -> list[alt.Chart]:
    scale = alt.Scale(domain=slots, range=list(colours))
    shapes = alt.Scale(domain=slots, range=[GROUP_SHAPES[slot % len(GROUP_SHAPES)] for slot in slots])
    colour = alt.Color("slot:N", title=None, scale=scale, legend=None)
    shape = alt.Shape("slot:N", title=None, scale=shapes, legend=None)
    told = [
        alt.Tooltip("patient:N", title="Patient"),
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("day:Q", title="Day"),
        alt.Tooltip("shown:N", title="Value"),
    ]
    return [
        table("line").mark_line(strokeWidth=1.5).encode(x=x, y=y, color=colour, detail=alt.Detail("piece:N")),
        table("point").mark_point(size=20, filled=True, opacity=1).encode(x=x, y=y, color=colour, shape=shape),
        table("below").mark_point(size=20, filled=False, fill="#FFFFFF", strokeWidth=1, opacity=1).encode(x=x, y=y, color=colour, shape=shape),
        *(
            table(name, f"{HOVER}_{name}").mark_point(size=90, filled=True, opacity=0).encode(x=x, y=y, tooltip=told)
            for name in ("point", "below")
        ),
    ]  # fmt: skip


def _words(x: alt.X, y: alt.Y, sheet: Sheet, axes: tuple[str, str]) -> list[alt.Chart]:
    """The patient's name over each panel, and the titles of the shared axes."""
    days, amount = axes
    name = table("panel").mark_text(
        align="left",
        baseline="bottom",
        dy=-3,
        fontSize=11,
        fontWeight="bold",
        color=INK,
        limit=NAME_LIMIT[sheet.columns],
    )
    once = table("heading")
    return [
        name.encode(x=x, y=y, text=alt.Text("patient:N")),
        once.mark_text(fontSize=12, color=INK, text=days, clip=False).encode(x=alt.XValue(alt.ExprRef("width / 2")), y=alt.YValue(alt.ExprRef("height + 6"))),
        once.mark_text(fontSize=12, color=INK, text=amount, angle=270, clip=False).encode(x=alt.XValue(-38), y=alt.YValue(alt.ExprRef("height / 2"))),
    ]  # fmt: skip
