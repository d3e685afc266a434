"""The timeline as a figure: therapy lines, transplant, cells, maintenance and responses of one patient on an axis without dates."""

import math
from typing import Final

import pandas as pd

from lib.cohort.time_unit import DAYS_PER
from lib.patient.course import Course
from lib.patient.facts import course_facts
from lib.patient.timeline.chart import ROW_HEIGHT, timeline_chart
from lib.patient.timeline.layout import CELLS, LEAST_BAR, PIXELS, RESPONSE, Item, Timeline
from lib.publication.exhibit import Figure, Numbers
from lib.publication.number import plural, short

UNITS: Final = {**DAYS_PER, "years": 12 * DAYS_PER["months"]}
STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
STEPS_IN_DAYS: Final = (1, 7, 14, 28, 56, 112, 224, 448)
MOST_TICKS: Final = 14
DAYS_UP_TO, MONTHS_UP_TO = 200.0, 3660.0  # longer courses are shown in months, in years
DARK_STATES: Final = ("sCR", "CR")


def timeline_unit(result: Timeline) -> str:
    """The unit of time in which the whole course is best read."""
    span = result.high - result.low
    return "days" if span <= DAYS_UP_TO else "months" if span <= MONTHS_UP_TO else "years"


def timeline_figure(
    result: Timeline, seen: Course, unit: str = "", size: tuple[int, int] = (780, ROW_HEIGHT)
) -> Figure:
    """The figure; `unit` is days, weeks, months or years, "" for what fits the length of the course; `size` is the width and the height of a row."""
    unit = unit or timeline_unit(result)
    return Figure(
        id="patient.timeline", title="Treatment timeline", chart=timeline_chart(*size), tables=_tables(result, seen, unit), data=_data(result, seen),
        caption=_caption(seen, unit), alt=_alt(result), notes=_notes(result), n=1, numbers=_numbers(result, seen),
    )  # fmt: skip


def _tables(result: Timeline, seen: Course, unit: str) -> dict[str, pd.DataFrame]:
    per = UNITS[unit]
    scale = PIXELS / (result.high - result.low)
    rows = [
        {
            "patient": seen.patient, "row": item.row, "lane": item.lane, "start": item.start / per, "end": item.end / per, "label": item.label,
            "told": item.told, "when": _when(item), "state": item.state, "side": item.side,
            "tone": "#FFFFFF" if item.state in DARK_STATES or item.lane in ("Maintenance", "Lymphodepletion") else "#222222",
            "drawn": _drawn(item, scale),
        }
        for item in result.items
    ]  # fmt: skip
    entries = pd.DataFrame(rows)
    ticks = _ticks(result.low / per, result.high / per, unit)
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
        **by, **labels,
        "entry": entries.drop(columns="drawn"),
        "row": _bands(result),
        "lane": pd.DataFrame(list(result.lanes), columns=["lane", "row"]),
        "span": pd.DataFrame({"start": [result.low / per, result.high / per]}),
        "rule": pd.DataFrame({"start": seen.infusions["at"] / per}),
        "tick": pd.DataFrame({"at": ticks}),
        "axis": pd.DataFrame({"text": [f"{unit.capitalize()} since infusion {seen.origin}"]}),
        "heading": pd.DataFrame({"text": ["; ".join(f"{fact.label}: {fact.value}" for fact in course_facts(seen)[:3])]}),
    }  # fmt: skip


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


def _ticks(low: float, high: float, unit: str) -> list[float]:
    steps = STEPS_IN_DAYS if unit == "days" else STEPS
    step = next((step for step in steps if (high - low) / step <= MOST_TICKS), steps[-1])
    return [float(number * step) for number in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _when(item: Item) -> str:
    if not item.is_bar:
        return f"from day {item.start:g}, end not stated" if item.open_ended else f"day {item.start:g}"
    return f"day {item.start:g} to {item.end:g}"


def _data(result: Timeline, seen: Course) -> pd.DataFrame:
    rows = [(seen.patient, item.lane, item.told, item.start, item.end, item.open_ended) for item in result.items]
    return pd.DataFrame(rows, columns=["patient", "lane", "what", "from_day", "to_day", "end_not_stated"])


def _caption(seen: Course, unit: str) -> str:
    return (
        f"Time in {unit} since infusion {seen.origin}. Bars: courses from first to last day; squares: courses too short to be seen as bars, "
        "or without a stated end; arrows and dashed lines: infusions; diamonds: a response at one assessment. A response lasts to its stated "
        "end, else to the next assessment."
    )


def _notes(result: Timeline) -> tuple[str, ...]:
    if not result.n_unplaced:
        return ()
    return (f"{plural(result.n_unplaced, 'therapy or response', 'therapies or responses')} without a day: not drawn.",)


def _alt(result: Timeline) -> str:
    said = "; ".join(
        f"{item.lane}: {item.told}, {_when(item)}" for item in sorted(result.items, key=lambda item: item.start)
    )
    return f"Timeline from day {short(result.low)} to day {short(result.high)}. {said}."


def _numbers(result: Timeline, seen: Course) -> Numbers:
    columns = (("patient", ""), ("lane", ""), ("what", ""), ("from_day", "days"), ("to_day", "days"), ("reason", ""))
    rows = tuple(
        (seen.patient, item.lane, item.told, item.start, None if item.open_ended else item.end, "to_day: not stated" if item.open_ended else None)
        for item in result.items
    )  # fmt: skip
    return Numbers(columns, rows)
