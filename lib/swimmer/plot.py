"""The swimmer plot: one lane a patient, strips at the left, events on the lane, therapies under it."""

import itertools
import math
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort, Variable
from lib.cohort.time_unit import DAYS_PER
from lib.publication.exhibit import Figure
from lib.publication.palette import RESPONSE_COLOURS, STATE_COLOURS, YES_NO_COLOURS, group_colours
from lib.publication.spec import ExhibitSpec
from lib.swimmer.captions import alt_text, caption, notes
from lib.swimmer.drawing import GROUP, TALL_LANE, TEXT, YES_NO, Strip, SwimmerLook, swimmer_chart
from lib.swimmer.lanes import NOT_STATED, Lanes, drawn_rows, lane_numbers, lanes
from lib.swimmer.marks import lifted
from lib.swimmer.options import (
    BAR_KINDS,
    RESPONSE,
    SwimmerOptions,
    colour_label,
    ends_of,
    marks_of,
    states_of,
)

STEPS: Final = {
    "months": (1, 2, 3, 6, 12, 24, 36),
    "weeks": (2, 4, 8, 13, 26, 52),
    "days": (7, 14, 30, 60, 90, 180, 365),
}
MOST_TICKS: Final = 13
LETTER, WIDEST_TEXT, NUMBER_WIDTH = 7.0, 110, 28  # pixels
LEAST_FOR_LIFT: Final = 14  # pixels of a lane in which marks can stand above one another
LEAST_FOR_NAMES: Final = 14  # pixels of a lane in which its states can be written
LEAST_FOR_TEXT: Final = 11  # pixels of a lane beside which text can be read
FEW, TALLEST, ROOM_OF_LEGENDS = 12, 40, 330
DENSITIES: Final = {24: TALL_LANE, 70: 16, 130: 12, 320: 9, 10**9: 6}  # up to so many patients, so many pixels a lane


def swimmer_figure(result: Lanes, cohort: Cohort) -> Figure:
    """The figure; `cohort` gives the strips and the words in the legends."""
    strips = _strips(result, cohort)
    look = _look(result, cohort, strips)
    tables = _tables(result, cohort, look) | _strip_tables(result, cohort, strips)
    blank = any(len(tables[f"strip_{place}"]) < len(result.lanes) for place in range(len(strips)))
    return Figure(
        id="swimmer.plot",
        title="Course of each patient",
        chart=swimmer_chart(look),
        tables=tables,
        data=drawn_rows(result),
        caption=caption(result, blank),
        alt=alt_text(result),
        notes=notes(result),
        n=len(result.lanes),
        numbers=lane_numbers(result),
    )


def _strips(result: Lanes, cohort: Cohort) -> tuple[Variable, ...]:
    chosen = [cohort.variable(name) for name in result.options.strips or ()]
    return tuple(variable for variable in chosen if variable and variable.name != result.grouping.variable)


def _look(result: Lanes, cohort: Cohort, strips: tuple[Variable, ...]) -> SwimmerLook:
    drawn = tuple(_strip(variable) for variable in strips)
    height = _lane_height(cohort.n_opened, any(strip.kind == TEXT for strip in drawn))
    groups = result.grouping.groups if result.grouping.compares else ()
    colour, names, kinds = result.options.colour, marks_of(cohort), cohort.vocabulary.get("therapy_kind", ())
    return SwimmerLook(
        unit=result.unit,
        colours=group_colours([group.colour for group in groups]),
        group_names=tuple(group.name for group in groups),
        strips=(Strip(GROUP), *drawn) if groups else drawn,
        state_title=colour_label(colour),
        states=_coloured(states_of(cohort, colour), result),
        bars=tuple(kind for kind in BAR_KINDS if kind in kinds),
        marks=(*(names[mark] for mark in result.options.marks or ()), *ends_of(cohort)),
        lane_height=height,
        named=colour != RESPONSE and height >= LEAST_FOR_NAMES,
    )


def _lane_height(n: int, with_text: bool) -> int:
    """Pixels a lane: a handful of lanes are taller, since the legends beside them need their room."""
    height = next(height for most, height in DENSITIES.items() if n <= most)
    if n <= FEW:
        height = max(height, min(TALLEST, ROOM_OF_LEGENDS // (n + 2)))
    return max(height, LEAST_FOR_TEXT) if with_text else height


def _strip(variable: Variable) -> Strip:
    """Squares for yes and no, text for everything else: as wide as its longest level."""
    if variable.kind == "number":
        return Strip(TEXT, NUMBER_WIDTH)
    if set(variable.levels) <= set(YES_NO_COLOURS):
        return Strip(YES_NO)
    longest = max((len(level) for level in variable.levels), default=1)
    return Strip(TEXT, min(WIDEST_TEXT, round(LETTER * longest) + 5))


def _coloured(states: tuple[str, ...], result: Lanes) -> tuple[tuple[str, str], ...]:
    """IMWG responses and groups in the colours that they have everywhere; other states in the order in which they
    come."""
    if set(states) <= set(RESPONSE_COLOURS):
        return tuple((state, RESPONSE_COLOURS[state]) for state in states)
    colours = group_colours([group.colour for group in result.grouping.groups])
    bound = dict(zip(result.grouping.levels, colours, strict=True)) if result.grouping.compares else {}
    return tuple(
        (state, bound.get(state, STATE_COLOURS[place % len(STATE_COLOURS)])) for place, state in enumerate(states)
    )


def _tables(result: Lanes, cohort: Cohort, look: SwimmerLook) -> dict[str, pd.DataFrame]:
    known = _known(result, cohort)
    factor = DAYS_PER[result.unit]
    lanes, segments = result.lanes.assign(zero=0.0), result.segments
    every = max(1, math.ceil(LEAST_FOR_TEXT / look.lane_height))
    segments = segments.assign(
        how=segments["assessed"].map({True: "assessed", False: "carried on after the last assessment"}),
        days=_days(segments, factor),
        **_free(segments, result.marks),
    )
    marks = result.marks.assign(
        day=result.marks["time"] * factor,
        where=result.marks["outside"].map({True: "after the end of follow-up", False: "within follow-up"}),
    )
    lifts = lifted(marks, _span(result)) if look.lane_height >= LEAST_FOR_LIFT else 0
    placed_marks = marks.assign(lift=lifts).merge(known[["patient", "row", "group", "facts"]], on="patient")
    return {
        "lane": lanes.drop(columns=["group", "row", "best"])
        .merge(known, on="patient")
        .assign(labelled=lambda each: each["row"] % every == 0),
        "segment": segments.merge(known, on="patient"),
        "therapy": result.therapies.assign(
            days=_days(result.therapies, factor), legend=result.therapies["kind"].str.capitalize()
        ).merge(known[["patient", "row"]], on="patient"),
        "mark": placed_marks,
        "outside": placed_marks.loc[placed_marks["outside"].astype(bool), ["patient", "row", "time"]],
        "reference": _reference(result),
        "header": _headers(result),
        "row": pd.DataFrame({"row": range(max(result.n_rows, look.least_rows))}),
        "tick": pd.DataFrame({"time": _ticks(result)}),
        "heading": pd.DataFrame({"text": [""]}),
    }


def _known(result: Lanes, cohort: Cohort) -> pd.DataFrame:
    """What is known of every lane as a whole, for the pointer: patient, row, group, best, followed, course, facts."""
    facts, unit = _facts(cohort), result.unit
    happened = result.marks.sort_values("time", kind="stable")
    course = (
        (happened["kind"] + " " + happened["time"].map("{:.1f}".format)).groupby(happened["patient"]).agg("; ".join)
    )
    lanes = result.lanes
    return pd.DataFrame(
        {
            "patient": lanes["patient"],
            "row": lanes["row"],
            "group": lanes["group"],
            "best": lanes["best"].fillna("none recorded"),
            "followed": [
                f"{end:.1f} {unit}, {status.lower()}" for end, status in zip(lanes["end"], lanes["status"], strict=True)
            ],
            "course": lanes["patient"].map(course),
            "facts": lanes["patient"].map(facts),
        }
    ).reset_index(drop=True)


def _facts(cohort: Cohort) -> dict[str, str]:
    """What is known of each patient before infusion."""
    shown = [variable for variable in cohort.variables if variable.known_before_infusion]
    return {
        row["patient_id"]: "; ".join(
            f"{variable.label}: {_shown(row[variable.name])}" for variable in shown if not pd.isna(row[variable.name])
        )
        for row in cohort.patients.to_dict("records")
    }


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _free(segments: pd.DataFrame, marks: pd.DataFrame) -> dict[str, list[float]]:
    """The longest part of each segment without a mark in it, where its name can be read: from, to and middle."""
    times = {patient: sorted(rows) for patient, rows in marks.groupby("patient")["time"]}
    parts = []
    for patient, start, end in zip(segments["patient"], segments["start"], segments["end"], strict=True):
        edges = [start, *(time for time in times.get(patient, ()) if start < time < end), end]
        parts.append(max(itertools.pairwise(edges), key=lambda part: part[1] - part[0]))
    return {
        "free_start": [left for left, _ in parts],
        "free_end": [right for _, right in parts],
        "middle": [(left + right) / 2 for left, right in parts],
    }


def _days(rows: pd.DataFrame, factor: float) -> list[str]:
    return [
        f"{start * factor:.0f} to {end * factor:.0f}" for start, end in zip(rows["start"], rows["end"], strict=True)
    ]


def _headers(result: Lanes) -> pd.DataFrame:
    sizes = result.lanes["group"].value_counts()
    opened = {group.name: group.size for group in result.grouping.groups}
    text = [
        f"{name} ({sizes[name]})" if sizes[name] >= opened.get(name, 0) else f"{name} ({sizes[name]} of {opened[name]})"
        for name in result.headers["group"]
    ]
    return result.headers.assign(text=text)[["row", "text"]]


def _strip_tables(result: Lanes, cohort: Cohort, strips: tuple[Variable, ...]) -> dict[str, pd.DataFrame]:
    """For each strip its squares or texts (row, value) and its heading."""
    patients = cohort.patients.set_index("patient_id")
    named: list[tuple[str, pd.Series]] = []
    if result.grouping.compares:
        named.append((result.grouping.label, result.lanes.set_index("patient")["group"]))
    named += [(variable.short or variable.label, patients[variable.name]) for variable in strips]
    tables = {}
    for place, (heading, values) in enumerate(named):
        value = result.lanes["patient"].map(values)
        stated = value.notna() & (value != NOT_STATED)
        tables[f"strip_{place}"] = pd.DataFrame(
            {"row": result.lanes["row"][stated], "value": [_shown(each) for each in value[stated]]}
        )
        tables[f"strip_head_{place}"] = pd.DataFrame({"text": [heading]})
    return tables


def _reference(result: Lanes) -> pd.DataFrame:
    day = result.options.reference_day
    if day is None:
        return pd.DataFrame({"time": pd.Series(dtype="float64"), "text": pd.Series(dtype="object")})
    time = day / DAYS_PER[result.unit]
    return pd.DataFrame({"time": [time], "text": [f"day {day:g}"]})


def _span(result: Lanes) -> float:
    """From where the earliest lane begins to the latest mark."""
    return float(result.marks["time"].max() - result.lanes["start"].min()) if len(result.lanes) else 12.0


def _ticks(result: Lanes) -> list[float]:
    """Whole steps from before the earliest lane begins to after the latest one ends."""
    steps, span = STEPS[result.unit], _span(result)
    earliest = float(result.lanes["start"].min()) if len(result.lanes) else 0.0
    step = next((step for step in steps if span / step <= MOST_TICKS - 1), None)
    step = step or steps[-1] * math.ceil(span / steps[-1] / (MOST_TICKS - 1))
    first, last = math.ceil(earliest / step), max(1, math.ceil((span + earliest) / step))
    return [float(step * place) for place in range(first, last + 1)]


def lanes_of(analysis: Analysis, options: SwimmerOptions) -> Lanes:
    """The lanes of the selected patients."""
    return lanes(analysis.selected, analysis.grouping, analysis.unit, options)


def _swimmer(analysis: Analysis, options: SwimmerOptions) -> Figure:
    return swimmer_figure(analysis.result(lanes_of, options), analysis.selected)


SWIMMER: Final = ExhibitSpec("swimmer.plot", "Swimmer plot", "endpoints", _swimmer, SwimmerOptions)
