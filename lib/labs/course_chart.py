"""The laboratory chart: a faint line a patient, medians (means) of groups, limits, bands of CTCAE grades, n under the
axis.

Over the tables band, ribbon, line, single, below, sample, median, reference, detection, level, place, tick, count,
group; it depends on the groups, on test, unit and visits of the opened cohort and on the options, never on the
selection.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Any, Final

import altair as alt
import numpy as np
import numpy.typing as npt

from lib.cohort.analyte import analyte_of, factor_of
from lib.cohort.ctcae import Scale, scale_of
from lib.labs.profile import LabResult
from lib.publication.palette import FAINT_INK, GRID, INK, group_shapes, line_dashes
from lib.publication.text_width import SCREEN, SMALL, broken, text_width
from lib.publication.theme import HOVER, Specification, by_slot, keeps, publish, table, text_layer, tooltips
from lib.stats.estimate import Floats
from lib.stats.risk_sets import GREATEST_POWER, LEAST_POWER, thinned_powers

STEPS: Final = (1.0, 2.0, 5.0, 10.0)
MOST_LEVELS: Final = 7
FEW_DECADES: Final = 3  # on a log axis of fewer decades 2 and 5 are ticks, too
LEAST_SPAN: Final = 1e-290
LABEL: Final = 30.0  # pixels of the axis that a day with the numbers below it needs
NOTHING: Final = (0.0, 1.0)
PLOT_HEIGHT: Final = 310
FIRST_ROW: Final = 62
ROW_HEIGHT: Final = 15
SLANT: Final = -35
DODGE: Final = 5  # pixels between the medians of two groups at one place
BETWEEN_LABELS: Final = 8
LABEL_LINE, MOST_LINES = 13, 3  # pixels of a line of a label, lines of one at most
LONGEST_LABEL_PIXELS: Final = 110
NARROWEST: Final = 620  # pixels to which a window may press a figure
AXIS: Final = 70  # pixels of the axis of amounts, and of the edges
NAMES_SHARE: Final = 0.15  # of the width: wider names stand above their numbers


def levels(amounts: Iterable[float], log: bool) -> tuple[float, ...]:
    """Round amounts that enclose those given (on a log axis: the positive ones)."""
    drawn = np.array([amount for amount in amounts if not log or amount > 0], dtype=float)
    if not len(drawn):
        return (1.0, 10.0) if log else NOTHING
    low, high = float(drawn.min()), float(drawn.max())
    return _log_levels(low, high) if log else _linear_levels(low, high)


def _linear_levels(low: float, high: float) -> tuple[float, ...]:
    span = max((high - low) or abs(high) or 1.0, LEAST_SPAN)
    if not math.isfinite(span * STEPS[-1]):  # more than a number can hold: the ends and the middle
        return low, low / 2 + high / 2, high
    size = 10.0 ** math.floor(math.log10(span / MOST_LEVELS))
    step = next(size * factor for factor in STEPS if span / (size * factor) <= MOST_LEVELS)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(float(f"{number * step:.12g}") for number in range(first, max(last, first + 1) + 1))


def _log_levels(low: float, high: float) -> tuple[float, ...]:
    first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    factors = STEPS[:3] if last - first <= FEW_DECADES else STEPS[:1]
    powers = thinned_powers(max(LEAST_POWER, first), max(LEAST_POWER, min(GREATEST_POWER, last)))
    ticks = [float(f"{factor * 10.0**power:.12g}") for power in powers for factor in factors]
    below = max((tick for tick in ticks if tick <= low * (1 + 1e-9)), default=ticks[0])
    above = min((tick for tick in ticks if tick >= high * (1 - 1e-9)), default=ticks[-1])
    return tuple(tick for tick in ticks if below <= tick <= max(above, below))


def labelled(days: Floats, weights: Floats, square_root: bool, pixels: float) -> npt.NDArray[np.bool_]:
    """Which of these days have room for a label on an axis of so many pixels: those with the greatest weight first."""
    places = np.sign(days) * np.sqrt(np.abs(days)) if square_root else days
    chosen = np.zeros(len(days), dtype=bool)
    least = LABEL / pixels * float(np.ptp(places)) if len(days) else 0.0
    for number in np.argsort(-weights, kind="stable"):
        chosen[number] = not (np.abs(places[chosen] - places[number]) < least).any()
    return chosen


@dataclass(frozen=True)
class LabAxes:
    """What the axes say: `amount` with its unit, `visits` () where time is in days; their scales."""

    amount: str
    visits: tuple[str, ...]
    log: bool
    spread_early_days: bool
    mean: bool = False
    width: int = SCREEN
    names: float = 0.0  # pixels of the widest name of a group

    @property
    def plot(self) -> float:
        """About how many pixels the plot has where it is narrowest."""
        return min(self.width, NARROWEST) - max(AXIS, 0 if self.names_above else self.names + 40)

    @property
    def names_above(self) -> bool:
        """Whether the names of the groups stand above their numbers and not in front of them."""
        return self.names > NAMES_SHARE * self.width

    @property
    def row(self) -> int:
        """Pixels of a group under the axis."""
        return ROW_HEIGHT * (2 if self.names_above else 1)

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the visits, broken to stand side by side; whole where that is not possible."""
        room = self.plot / max(1, len(self.visits)) - BETWEEN_LABELS
        if any(text_width(word, SMALL) > room for visit in self.visits for word in visit.split()):
            return self.visits
        lines = [broken(visit, room, SMALL) for visit in self.visits]
        return self.visits if any(len(each) > MOST_LINES for each in lines) else tuple(map("\n".join, lines))

    @property
    def slanted(self) -> bool:
        """Whether the names of the visits are too long to stand side by side."""
        room = self.plot / max(1, len(self.visits)) - BETWEEN_LABELS
        return any(text_width(line, SMALL) > room for label in self.labels for line in label.split("\n"))

    @property
    def first_row(self) -> int:
        """Where the numbers under the axis begin, in pixels below it."""
        first = FIRST_ROW + (ROW_HEIGHT if self.names_above else 0)
        if self.slanted:
            widest = max(text_width(visit, SMALL) for visit in self.visits)
            return first + round(0.58 * min(LONGEST_LABEL_PIXELS, widest))
        return first + LABEL_LINE * max((label.count("\n") for label in self.labels), default=0)


@cache
def lab_chart(colours: tuple[str, ...], axes: LabAxes) -> Specification:
    """The specification for groups of these colours."""
    at, amount, colour = _at(axes), _amount(axes), by_slot(alt.Color, colours)
    layers = [
        *_bands(amount),
        *_frame(at, amount),
        _ribbon(at, amount, colour),
        *_patients(at, amount, colour),
        *_limits(amount),
        *_medians(at, amount, colour, axes),
        _grades(),
        *_counts(at, axes),
        keeps("tick"),
    ]
    below = axes.first_row + 34 + axes.row * len(colours)
    published = publish(alt.layer(*layers), width=axes.width, height=PLOT_HEIGHT + below)
    return {name: part for name, part in published.items() if name != "title"}


def _at(axes: LabAxes) -> alt.X:
    spread = axes.spread_early_days and not axes.visits
    scale = alt.Scale(type="sqrt" if spread else "linear", nice=False, zero=False, padding=18)
    label = "split(pluck(data('place'), 'label')[indexof(pluck(data('place'), 'at'), datum.value)], '\\n')"
    axis = alt.Axis(
        values=alt.ExprRef("pluck(data('tick'), 'at')"),
        labelExpr=label,
        grid=False,
        labelOverlap="greedy",
        labelFlush=False,
        labelAngle=SLANT if axes.slanted else 0,
        labelAlign="right" if axes.slanted else "center",
        labelLimit=LONGEST_LABEL_PIXELS,
    )
    scaled = " (square-root scale)" if axes.width >= NARROWEST else " (√ scale)"
    days = f"Days since infusion{scaled if spread else ''}"
    return alt.X("at:Q", title="Visit" if axes.visits else days, scale=scale, axis=axis)


def _amount(axes: LabAxes) -> alt.Y:
    axis = alt.Axis(
        values=alt.ExprRef("pluck(data('level'), 'amount')"), format=",.12~g", grid=False, titleLimit=PLOT_HEIGHT
    )
    scale = alt.Scale(type="log" if axes.log else "linear", nice=False, zero=False)
    return alt.Y("amount:Q", title=axes.amount + (" (log scale)" if axes.log else ""), scale=scale, axis=axis)


def _frame(at: alt.X, amount: alt.Y) -> list[alt.Chart]:
    return [table("level").mark_rule(color=GRID).encode(y=amount), table("place").mark_rule(opacity=0).encode(x=at)]


def _patients(at: alt.X, amount: alt.Y, colour: alt.Color) -> list[alt.Chart]:
    near = alt.selection_point(name="near", on="pointerover", clear="pointerout", empty=False, fields=["patient"])
    strength = alt.StrokeOpacity("strength:Q", scale=None, legend=None)
    faint = alt.condition(near, alt.StrokeOpacityValue(0.95), strength)
    tooltip = tooltips({"patient": "Patient", "group": "Group", "when": "Time", "shown": "Value"})
    return [
        table("line")
        .mark_line(strokeWidth=1.1, opacity=1)
        .encode(x=at, y=amount, color=colour, detail=alt.Detail("piece:N"), strokeOpacity=faint),
        table("single").mark_point(size=16, filled=True, opacity=0.4).encode(x=at, y=amount, color=colour),
        table("below")
        .mark_point(size=28, filled=False, fill="#FFFFFF", strokeWidth=1.1, opacity=0.8)
        .encode(x=at, y=amount, color=colour),
        table("sample", HOVER)
        .mark_point(size=90, filled=True, opacity=0)
        .encode(x=at, y=amount, tooltip=tooltip)
        .add_params(near),
    ]


def _bands(amount: alt.Y) -> list[alt.Chart]:
    """Pale stretches of grades 2 to 4."""
    return [table("band").mark_rect(opacity=0.3).encode(y=amount, y2="high:Q", fill=alt.Fill("paint:N", scale=None))]


def _grades() -> alt.Chart:
    """The names of the bands at the right edge, over all lines."""
    name = table("band").mark_text(align="right", baseline="top", dx=-4, dy=3, fontSize=11, color=INK)
    return name.encode(x=alt.XValue("width"), y=alt.Y("high:Q"), text=alt.Text("words:N"))


def _ribbon(at: alt.X, amount: alt.Y, colour: alt.Color) -> alt.Chart:
    """Between quartiles (limits of the mean) of each group, where single patients are too many to be drawn."""
    fill = alt.Fill("slot:N", scale=colour["scale"], legend=None)
    return table("ribbon").mark_area(fillOpacity=0.18, opacity=1).encode(x=at, y=amount, y2="high:Q", fill=fill)


def _limits(amount: alt.Y) -> list[alt.Chart]:
    """Thin rules with their words at the right edge: of the reference range unbroken, of detection dashed."""
    layers = []
    style: dict[str, Any] = {"align": "left", "baseline": "middle", "dx": 4, "fontSize": 11, "color": FAINT_INK}
    for name, dash in (("reference", [1, 0]), ("detection", [5, 4])):
        layers += [
            table(name).mark_rule(color=FAINT_INK, strokeDash=dash, strokeWidth=0.9).encode(y=amount),
            text_layer(table(name), "words", alt.XValue("width"), amount, **style),
        ]
    return layers


def _medians(at: alt.X, amount: alt.Y, colour: alt.Color, axes: LabAxes) -> list[alt.Chart]:
    """Lines, symbols and quartiles of the groups, a little beside each other."""
    n_slots = len(colour["scale"]["domain"])
    dash, shape = by_slot(alt.StrokeDash, line_dashes(n_slots)), by_slot(alt.Shape, group_shapes(n_slots))
    beside = alt.ExprRef(f"{DODGE} * (datum.slot - {(n_slots - 1) / 2})")
    shown = "Mean (95 % CI)" if axes.mean else "Median (quartiles)"
    tooltip = tooltips({"group": "Group", "when": "Time", "shown": shown, "n": "n"})
    size, thick = (75, 2.6) if axes.width >= NARROWEST else (42, 2.0)
    median, fill = table("median"), alt.Fill("slot:N", scale=colour["scale"], legend=None)
    return [
        median.mark_rule(strokeWidth=1.8, xOffset=beside).encode(x=at, y=amount, y2="high:Q", color=colour),
        median.mark_rule(strokeWidth=1.8, xOffset=beside).encode(x=at, y=amount, y2="low:Q", color=colour),
        median.mark_line(strokeWidth=thick, xOffset=beside).encode(x=at, y=amount, color=colour, strokeDash=dash),
        median.mark_point(size=size, filled=True, opacity=1, stroke="#FFFFFF", strokeWidth=0.8, xOffset=beside).encode(
            x=at, y=amount, fill=fill, shape=shape
        ),
        table("median", f"{HOVER}_median")
        .mark_point(size=160, filled=True, opacity=0, xOffset=beside)
        .encode(x=at, y=amount, tooltip=tooltip),
    ]


def _counts(at: alt.X, axes: LabAxes) -> list[alt.Chart]:
    """The numbers of patients, with the name of the group in front of them or above."""
    above, place = axes.names_above, f"height + {axes.first_row} + {axes.row} * datum.slot"
    small: dict[str, Any] = {"fontSize": SMALL, "baseline": "middle"}
    named = {"fontWeight": "bold", "align": "left" if above else "right", "limit": axes.width - 60, **small}
    y, x = alt.YValue(alt.ExprRef(f"{place} - {ROW_HEIGHT}" if above else place)), alt.XValue(-44 if above else -16)
    return [
        text_layer(table("count"), "n", at, alt.YValue(alt.ExprRef(place)), **small),
        text_layer(table("group"), "name", x, y, **named),
    ]


@dataclass(frozen=True)
class Band:
    """A grade from 2 to 4, from `low` to `high` in the unit of the series."""

    grade: int
    low: float
    high: float


def grade_bands(result: LabResult, version: str) -> tuple[Band, ...]:
    """Grades 2 and above; none where the test has no scale, its unit is not known, or the ULN is not the same for all
    values."""
    analyte, share = analyte_of(result.series.test)
    scale = scale_of(analyte.name, version) if analyte and not share else None
    if scale is None:
        return ()
    unit = _unit(result, scale)
    if unit is None:
        return ()
    bounds = {grade: bound * unit for grade, bound in sorted(scale.bounds.items()) if grade > 1}
    beyond = 0.0 if scale.direction == "below" else inf
    ends = [*list(bounds.values())[1:], beyond]
    return tuple(
        Band(grade, min(start, end), max(start, end)) for (grade, start), end in zip(bounds.items(), ends, strict=True)
    )


def _unit(result: LabResult, scale: Scale) -> float | None:
    """What a bound of the scale is multiplied with."""
    if scale.relative_to:
        return result.reference_limits.get("upper" if scale.relative_to == "ULN" else "lower")
    factor, _ = factor_of(result.series.test, result.series.unit)
    return 1 / factor if factor else None
