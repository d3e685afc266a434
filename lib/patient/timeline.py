"""The treatment timeline of one patient: therapy lines, transplant, cells, maintenance and responses on an axis without
dates.

The chart stands over the tables row, lane, bar, state, symbol, visit, infusion, entry, beside, before, within, span,
rule, tick, axis. Nothing in it depends on the patient: names of lanes, ticks and the title of the axis stand
in tables, its height follows the rows.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.cohort.time_unit import DAYS_PER
from lib.patient.course import Course, CourseOptions, course, patients
from lib.patient.timeline_lanes import CELLS, LEAST_BAR, RESPONSE, Item, Timeline, plot_pixels, timeline
from lib.publication.exhibit import Figure, TypedColumn, typed_numbers
from lib.publication.number import plural, short
from lib.publication.options import choice
from lib.publication.palette import INK, RESPONSE_COLOURS, THERAPY_COLOUR
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SCREEN
from lib.publication.theme import HOVER, Specification, keeps, publish, table, text_layer, tooltips

UNITS: Final = {**DAYS_PER, "years": 12 * DAYS_PER["months"]}
STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
STEPS_IN_DAYS: Final = (1, 7, 14, 28, 56, 112, 224, 448)
MOST_TICKS: Final = 14
ROOM_OF_TICK: Final = 34  # pixels
DAYS_UP_TO, MONTHS_UP_TO = 200.0, 3660.0  # longer courses are shown in months, in years
DARK_STATES: Final = ("sCR", "CR")
LANE_COLOURS: Final = {
    "Earlier lines": "#A9B4C2",
    "Transplant": "#5E7FB1",
    "Bridging": "#B8860B",
    "Lymphodepletion": "#C2573A",
    "CAR T cells": "#111111",
    "Maintenance": THERAPY_COLOUR,
    "Later lines": "#A3B18A",
    "Other therapy": "#7FB7BE",
}
INFUSION_RULE: Final = "#A8A8A8"
ROW_HEIGHT: Final = 21
BAR: Final = 12
ARROW: Final = "M0,1L-.75,-.5L-.25,-.5L-.25,-1.2L.25,-1.2L.25,-.5L.75,-.5Z"
CAPTION: Final = "Arrows and dashed lines: infusions; diamonds: one assessment."


def timeline_unit(result: Timeline) -> str:
    """The unit of time in which the whole course is best read."""
    span = result.high - result.low
    return "days" if span <= DAYS_UP_TO else "months" if span <= MONTHS_UP_TO else "years"


def _fitting(analysis: Analysis, patient: str | None) -> str:
    return str(analysis.opened.fact(_unit_of, patient)) if patient else next(iter(UNITS))


def _unit_of(opened: Cohort, patient: str) -> str:
    return timeline_unit(timeline(course(opened, patient)))


@dataclass(frozen=True)
class TimelineOptions(CourseOptions):
    """The unit of the timeline."""

    timeline_unit: str = choice(None, tuple(UNITS), "Timeline in", usual=_fitting)


def timeline_figure(
    result: Timeline, seen: Course, unit: str = "", size: tuple[int, int] = (SCREEN, ROW_HEIGHT)
) -> Figure:
    """The figure; `unit` is days, weeks, months or years, "" for what fits the length of the course; `size` is the
    width and the height of a row.
    """
    unit = unit or timeline_unit(result)
    return Figure(
        id="patient.timeline",
        title="Treatment timeline",
        chart=timeline_chart(*size),
        tables=_tables(result, seen, unit),
        data=_data(result, seen),
        caption=CAPTION,
        method=METHOD,
        alt=_alt(result),
        notes=_notes(result),
        n=1,
        numbers=typed_numbers(_columns(seen), result.items),
        of_patients=False,
    )


def _tables(result: Timeline, seen: Course, unit: str) -> dict[str, pd.DataFrame]:
    per = UNITS[unit]
    scale = result.pixels / (result.high - result.low)
    rows = [
        {
            "patient": seen.patient,
            "row": item.row,
            "lane": item.lane,
            "start": item.start / per,
            "end": item.end / per,
            "label": item.label,
            "reported": item.reported,
            "when": _when(item),
            "state": item.state,
            "side": item.side,
            "tone": (
                "#FFFFFF" if item.state in DARK_STATES or item.lane in ("Maintenance", "Lymphodepletion") else "#222222"
            ),
            "drawn": _drawn(item, scale),
        }
        for item in result.items
    ]
    entries = pd.DataFrame(rows)
    ticks = _ticks(result.low / per, result.high / per, (unit, result.pixels))
    by = {
        name: entries[entries["drawn"] == name].drop(columns="drawn")
        for name in ("bar", "state", "symbol", "visit", "infusion")
    }
    sides = {"inside": "within", "right": "beside", "left": "before"}
    labels = {
        name: entries.loc[entries["side"] == side, ["row", "start", "end", "label", "tone"]]
        for side, name in sides.items()
    }
    return {
        **by,
        **labels,
        "entry": entries.drop(columns="drawn"),
        "row": _bands(result),
        "lane": pd.DataFrame(list(result.lanes), columns=["lane", "row"]),
        "span": pd.DataFrame({"start": [result.low / per, result.high / per]}),
        "rule": pd.DataFrame({"start": seen.infusions["at"] / per}),
        "tick": pd.DataFrame({"at": ticks}),
        "axis": pd.DataFrame({"text": [f"{unit.capitalize()} since infusion {seen.origin}"]}),
    }


def _drawn(item: Item, scale: float) -> str:
    """By which mark: a bar where it has a length that can be seen."""
    if item.lane == CELLS:
        return "infusion"
    seen = item.is_bar and (item.end - item.start) * scale >= LEAST_BAR
    if item.lane == RESPONSE:
        return "state" if seen else "visit"
    return "bar" if seen else "symbol"


def _bands(result: Timeline) -> pd.DataFrame:
    """Every row; those of every second lane are shaded."""
    starts = [row for _, row in result.lanes]
    lane = [sum(start <= row for start in starts) for row in range(result.n_rows)]
    return pd.DataFrame({"row": range(result.n_rows), "shade": [0.045 if number % 2 else 0.0 for number in lane]})


def _ticks(low: float, high: float, on: tuple[str, float]) -> list[float]:
    unit, most = on[0], min(MOST_TICKS, on[1] / ROOM_OF_TICK)
    steps = STEPS_IN_DAYS if unit == "days" else STEPS
    step = next((step for step in steps if (high - low) / step <= most), steps[-1])
    return [float(number * step) for number in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _when(item: Item) -> str:
    if not item.is_bar:
        return f"from day {item.start:g}, end not stated" if item.open_ended else f"day {item.start:g}"
    return f"day {item.start:g} to {item.end:g}"


def _data(result: Timeline, seen: Course) -> pd.DataFrame:
    rows = [(seen.patient, item.lane, item.reported, item.start, item.end, item.open_ended) for item in result.items]
    return pd.DataFrame(rows, columns=["patient", "lane", "what", "from_day", "to_day", "end_not_stated"])


METHOD: Final = (
    "Bars: courses from first to last day; squares: courses too short to be seen as bars, or without a stated end. "
    "A response lasts to its stated end, else to the next assessment."
)


def _notes(result: Timeline) -> tuple[str, ...]:
    if not result.n_unplaced:
        return ()
    return (f"{plural(result.n_unplaced, 'therapy or response', 'therapies or responses')} without a day: not drawn.",)


def _alt(result: Timeline) -> str:
    said = "; ".join(
        f"{item.lane}: {item.reported}, {_when(item)}" for item in sorted(result.items, key=lambda item: item.start)
    )
    return f"Timeline from day {short(result.low)} to day {short(result.high)}. {said}."


def _columns(seen: Course) -> tuple[TypedColumn, ...]:
    return (
        TypedColumn(name="patient", value=lambda _: seen.patient),
        TypedColumn(name="lane"),
        TypedColumn(name="what", value=lambda item: item.reported),
        TypedColumn(name="from_day", unit="days", value=lambda item: item.start),
        TypedColumn(name="to_day", unit="days", value=lambda item: None if item.open_ended else item.end),
        TypedColumn(name="reason", value=lambda item: "to_day: not stated" if item.open_ended else None),
    )


@cache
def timeline_chart(width: int = SCREEN, row_height: int = ROW_HEIGHT) -> Specification:
    """The specification."""
    row = alt.Y("row:O", title=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    at = _at("start")
    layers = [*_frame(row, at), *_entries(row, at), *_labels(row, at), *_pointer(row, at), keeps("tick")]
    chart = alt.layer(*layers).resolve_scale(color="independent", fill="independent")
    made = publish(chart, width=width, height=alt.Step(row_height))
    return {part: value for part, value in made.items() if part != "title"}


def _at(field: str) -> alt.X:
    axis = alt.Axis(values=alt.ExprRef("pluck(data('tick'), 'at')"), format=".12~g", grid=False, labelFlush=False)
    return alt.X(f"{field}:Q", title=None, scale=alt.Scale(nice=False, zero=False), axis=axis)


def _frame(row: alt.Y, at: alt.X) -> list[alt.Chart]:
    """Lanes shaded in turn with their names, and a rule at each infusion."""
    shade = alt.FillOpacity("shade:Q", scale=None, legend=None)
    band = table("row").mark_rect(fill="#000000", clip=False)
    name = {"align": "right", "baseline": "middle", "dx": -10, "fontSize": 11, "fontWeight": "bold"}
    below = alt.XValue(alt.ExprRef("width / 2")), alt.YValue(alt.ExprRef("height"))
    return [
        band.encode(x=alt.XValue(0), x2=alt.X2Value("width"), y=row, fillOpacity=shade),
        table("span").mark_rule(opacity=0).encode(x=at),
        table("rule").mark_rule(color=INFUSION_RULE, strokeDash=[3, 3], strokeWidth=0.8).encode(x=at),
        text_layer(table("lane"), "lane", alt.XValue(0), row, **name),
        text_layer(table("axis"), "text", *below, baseline="top", dy=30, fontSize=12, color=INK),
    ]


def _entries(row: alt.Y, at: alt.X) -> list[alt.Chart]:
    lanes, states = list(LANE_COLOURS), list(RESPONSE_COLOURS)
    lane = alt.Scale(domain=lanes, range=list(LANE_COLOURS.values()))
    state = alt.Scale(domain=states, range=list(RESPONSE_COLOURS.values()))
    kind, response = alt.Fill("lane:N", scale=lane, legend=None), alt.Fill("state:N", scale=state, legend=None)
    bar: dict[str, Any] = {"height": BAR, "stroke": "#555555", "strokeWidth": 0.4}
    point: dict[str, Any] = {"opacity": 1, "filled": True}
    return [
        table("bar").mark_bar(**bar).encode(x=at, x2=alt.X2("end:Q"), y=row, fill=kind),
        table("state").mark_bar(**bar).encode(x=at, x2=alt.X2("end:Q"), y=row, fill=response),
        table("symbol")
        .mark_point(shape="square", size=46, stroke="#555555", strokeWidth=0.4, **point)
        .encode(x=at, y=row, fill=kind),
        table("visit")
        .mark_point(shape="diamond", size=75, stroke="#555555", strokeWidth=0.6, **point)
        .encode(x=at, y=row, fill=response),
        table("infusion").mark_point(shape=ARROW, size=85, fill="#111111", **point).encode(x=at, y=row),
    ]


def _labels(row: alt.Y, at: alt.X) -> list[alt.Chart]:
    """Beside an entry, before it at the right edge, or within its bar."""
    light = alt.Color("tone:N", scale=None, legend=None)
    small: dict[str, Any] = {"baseline": "middle", "fontSize": 10.5}
    return [
        text_layer(table("beside"), "label", _at("end"), row, align="left", dx=8, color=INK, **small),
        text_layer(table("before"), "label", at, row, align="right", dx=-8, color=INK, **small),
        text_layer(table("within"), "label", at, row, align="left", dx=5, **small).encode(color=light),
    ]


def _pointer(row: alt.Y, at: alt.X) -> list[alt.Chart]:
    tooltip = tooltips({"reported": "What", "when": "When"})
    entry = table("entry", HOVER).mark_bar(opacity=0, height=ROW_HEIGHT)
    return [entry.encode(x=at, x2=alt.X2("end:Q"), y=row, tooltip=tooltip)]


def _build(analysis: Analysis, patient: str, options: TimelineOptions) -> Figure:
    seen = options.seen(analysis, patient)
    found: Figure = seen.once(options, lambda: _figure(seen, options))
    return found


def _figure(seen: Course, options: TimelineOptions) -> Figure:
    result = timeline(seen, plot_pixels(options.width))
    return timeline_figure(result, seen, options.timeline_unit, (options.width, ROW_HEIGHT))


PATIENT_TIMELINE: Final = ExhibitSpec(
    "patient.timeline", "Treatment timeline", "patients", _build, TimelineOptions, patients
)
