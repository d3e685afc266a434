"""The assay chart: every well as a point, mean and SD of each dose, over doses or over time; adjusted p under the axis.

Over the tables well, mean, place, cell, row, group, heading. It depends on the doses, conditions and times of the
opened workbook alone.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt

from lib.publication.palette import FAINT_INK, INK, PAPER, group_shapes, line_dashes
from lib.publication.text_width import SCREEN
from lib.publication.theme import HOVER, Specification, by_slot, keeps, labelled, publish, table, text_layer, tooltips

PLOT_HEIGHT: Final = 320
FIRST_ROW: Final = 62  # pixels under the axis
ROW_HEIGHT: Final = 16
WIDEST_DODGE: Final = {True: 13.0, False: 44.0}  # pixels between lines at one place: over time, over doses
SHARE_OF_TIME: Final = 0.5  # of the room between two times, that lines beside each other may take
BESIDE_PLOT: Final = 120  # pixels of the width that are axis, title and margins
ENDS: Final = 0.08  # of the width, that the first and last place stand from the ends
BREAK: Final = "M-1,0.1L1,-0.5M-1,0.5L1,-0.1"  # across an axis that does not begin at 0
BESIDE_MEAN: Final = 5  # over time: how far wells stand beside their mean
TICK: Final = 30
LEFT_OF_AXIS: Final = -16


@dataclass(frozen=True)
class AssayAxes:
    """`over_time`: time is the axis and doses are lines; else doses are the axis and `lines` (agents) stand side by
    side."""

    amount: str
    across: str
    over_time: bool
    n_rows: int
    n_places: int
    width: int = SCREEN
    from_zero: bool = True

    @property
    def ends(self) -> int:
        """Pixels from the first and last place to the ends of the axis."""
        return round(ENDS * self.width)

    @property
    def step(self) -> float:
        """Pixels between two places."""
        return (self.width - BESIDE_PLOT - 2 * self.ends) / max(1, self.n_places - 1)


@cache
def assay_chart(colours: tuple[str, ...], axes: AssayAxes) -> Specification:
    """The specification for lines of these colours."""
    at, amount, colour = _at(axes), _amount(axes), by_slot(alt.Color, colours)
    layers = [
        table("place").mark_rule(opacity=0).encode(x=at),
        *_wells(at, amount, colour, axes),
        *_means(at, amount, colour, axes),
        *_under_the_axis(at),
        *_hover(at, amount, axes, len(colours)),
        *([] if axes.from_zero else _break()),
        keeps("group"),
        keeps("heading"),
    ]
    return publish(alt.layer(*layers), width=axes.width, height=PLOT_HEIGHT + FIRST_ROW + 30 + ROW_HEIGHT * axes.n_rows)


def _at(axes: AssayAxes) -> alt.X:
    axis = labelled("place", labelFlush=False, labelOverlap=False, labelLimit=round(max(30.0, axes.step)))
    scale = alt.Scale(nice=False, zero=False, padding=axes.ends)
    return alt.X("at:Q", title=axes.across, scale=scale, axis=axis)


def _amount(axes: AssayAxes) -> alt.Y:
    axis = alt.Axis(grid=True, tickCount=6, format=",.12~g", titleLimit=PLOT_HEIGHT, domain=True)
    return alt.Y("amount:Q", title=axes.amount, scale=alt.Scale(nice=True, zero=axes.from_zero), axis=axis)


def _break() -> list[alt.Chart]:
    """Two strokes across the axis of values, near its lower end."""
    here = {"x": alt.XValue(0), "y": alt.YValue(alt.ExprRef("height - 9"))}
    strokes = table("heading").mark_point(
        shape=BREAK, size=120, filled=False, stroke=INK, strokeWidth=1, opacity=1, clip=False
    )
    gap = table("heading").mark_point(shape="square", size=30, filled=True, color=PAPER, opacity=1, clip=False)
    return [gap.encode(**here), strokes.encode(**here)]


def _dodge(axes: AssayAxes, n_slots: int) -> str:
    room = SHARE_OF_TIME * axes.step / n_slots if axes.over_time else axes.step / (n_slots + 1)
    return f"{min(WIDEST_DODGE[axes.over_time], room):.1f} * (datum.slot - {(n_slots - 1) / 2})"


def _wells(at: alt.X, amount: alt.Y, colour: alt.Color, axes: AssayAxes) -> list[alt.Chart]:
    beside = alt.ExprRef(
        f"{_dodge(axes, len(colour['scale']['domain']))} + datum.shift + {BESIDE_MEAN if axes.over_time else 0}"
    )
    points = table("well").mark_point(
        size=14 if axes.over_time else 46, filled=False, strokeWidth=1.2, opacity=0.75, xOffset=beside
    )
    shape = by_slot(alt.Shape, group_shapes(len(colour["scale"]["domain"])))
    return [points.encode(x=at, y=amount, color=colour, shape=shape)]


def _means(at: alt.X, amount: alt.Y, colour: alt.Color, axes: AssayAxes) -> list[alt.Chart]:
    """SD as a bar with caps; the mean as a short line, over time as a filled symbol on its line."""
    n_slots = len(colour["scale"]["domain"])
    beside = alt.ExprRef(_dodge(axes, n_slots))
    mean, ink = table("mean"), colour if n_slots > 1 else alt.ColorValue(INK)
    caps = 6 if axes.over_time else 12
    bars = [
        mean.mark_rule(strokeWidth=1.4, xOffset=beside).encode(
            x=at, y=alt.Y("low:Q", title=axes.amount), y2="high:Q", color=ink
        ),
        *(
            mean.mark_tick(thickness=1.4, size=caps, orient="horizontal", opacity=1, xOffset=beside).encode(
                x=at, y=alt.Y(f"{end}:Q", title=axes.amount), color=ink
            )
            for end in ("low", "high")
        ),
    ]
    if not axes.over_time:
        tick = mean.mark_tick(thickness=2.8, size=TICK, orient="horizontal", opacity=1, xOffset=beside)
        return [*bars, tick.encode(x=at, y=amount, color=ink)]
    dash, shape = by_slot(alt.StrokeDash, line_dashes(n_slots)), by_slot(alt.Shape, group_shapes(n_slots))
    fill = alt.Fill("slot:N", scale=colour["scale"], legend=None)
    return [
        mean.mark_line(strokeWidth=2, xOffset=beside).encode(x=at, y=amount, color=colour, strokeDash=dash),
        *bars,
        mean.mark_point(size=55, filled=True, opacity=1, stroke="#FFFFFF", strokeWidth=0.8, xOffset=beside).encode(
            x=at, y=amount, fill=fill, shape=shape
        ),
    ]


def _under_the_axis(at: alt.X) -> list[alt.Chart]:
    place = alt.YValue(alt.ExprRef(f"height + {FIRST_ROW} + {ROW_HEIGHT} * datum.row"))
    small: dict[str, Any] = {"fontSize": 11, "baseline": "middle"}
    named = {"fontWeight": "bold", "align": "right", "limit": 150, **small}
    name = text_layer(table("row"), "label", alt.XValue(LEFT_OF_AXIS), place, **named)
    return [text_layer(table("cell"), "text", at, place, **small), name.encode(color=alt.ColorValue(FAINT_INK))]


def _hover(at: alt.X, amount: alt.Y, axes: AssayAxes, n_slots: int) -> list[alt.Chart]:
    own = _dodge(axes, n_slots)
    beside = alt.ExprRef(f"{own} + datum.shift + {BESIDE_MEAN if axes.over_time else 0}")
    well = tooltips({"group": "Group", "when": "Time", "replicate": "Replicate", "shown": axes.amount})
    of_mean = tooltips({"group": "Group", "when": "Time", "shown": "Mean ± SD", "n": "n"})
    return [
        table("mean", f"{HOVER}_mean")
        .mark_point(size=160, filled=True, opacity=0, xOffset=alt.ExprRef(own))
        .encode(x=at, y=amount, tooltip=of_mean),
        table("well", HOVER)
        .mark_point(size=70, filled=True, opacity=0, xOffset=beside)
        .encode(x=at, y=amount, tooltip=well),
    ]
