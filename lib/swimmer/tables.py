"""The tables of a swimmer plot: what is drawn where, in pixels down and in time across, and what answers the
pointer."""

import itertools
import math
from typing import Final

import pandas as pd

from lib.cohort.time_unit import DAYS_PER
from lib.publication.palette import BRIDGING_COLOUR, INK, PAPER, THERAPY_COLOUR, YES_NO_COLOURS
from lib.publication.text_width import text_width
from lib.swimmer.drawing import TEXT, Drawn
from lib.swimmer.lanes import NOT_STATED, Lanes
from lib.swimmer.layout import STEP, Density, apart, in_lanes
from lib.swimmer.marks import symbols

STEPS: Final = {
    "months": (1, 2, 3, 6, 12, 24, 36),
    "weeks": (2, 4, 8, 13, 26, 52),
    "days": (7, 14, 30, 60, 90, 180, 365),
}
ROOM_OF_TICK: Final = 36  # pixels from one to the next, at least
MOST_WITHOUT_TIMES_ABOVE: Final = 24  # lanes; of more the axis is far below
LEAST_FOR_NAMES: Final = 14  # pixels of a lane in which its states can be written
DARK: Final = 0.25  # relative luminance below which words are white
OUTLINE, COMPACT_OUTLINE = "#111111", "#444444"  # the second of compact marks without a colour of their own
BARS: Final = {"maintenance": THERAPY_COLOUR, "bridging": BRIDGING_COLOUR}


def lane_tables(drawn: Drawn) -> dict[str, pd.DataFrame]:
    """The tables under the chart of the lanes, by name."""
    result, close, tops = drawn.result, drawn.close, drawn.tops
    known = _known(drawn)
    ticks = _ticks(result, drawn.plot_width)
    far = len(result.lanes) > MOST_WITHOUT_TIMES_ABOVE
    marks = _marks(drawn, known, max(_latest(result), ticks[-1]) - min(0.0, _earliest(result)))
    lane = result.lanes.drop(columns=["group", "row", "best", "status", "first"]).merge(known, on="patient")
    headers = _headers(drawn)
    return {
        "lane": lane.assign(zero=0.0, labelled=not close.compact, font=close.font),
        "segment": _segments(drawn, known),
        "therapy": _therapies(drawn, known),
        "mark": marks,
        "outside": (
            marks.loc[marks["outside"].astype(bool), ["patient", "time", "mark_y", "right", "size"]].assign(
                size=close.symbol * 3
            )
        ),
        "reference": _reference(result).assign(up=-20.0 if far else -4.0),
        "header": headers.assign(**in_lanes(headers["row"], tops, close)),
        "row": pd.DataFrame({"row": range(max(4, math.ceil(tops[-1] / STEP)))}),
        "tick": pd.DataFrame({"time": ticks, "above": [f"{tick:.0f}" if far else "" for tick in ticks]}),
    }


def _known(drawn: Drawn) -> pd.DataFrame:
    """Where each lane stands, and what is known of it as a whole, for the pointer."""
    result, lanes = drawn.result, drawn.result.lanes
    happened = result.marks.sort_values("time", kind="stable")
    said = happened["kind"] + " " + happened["time"].map("{:.1f}".format)
    followed = [
        f"{end:.1f} {result.unit}, {status.lower()}" for end, status in zip(lanes["end"], lanes["status"], strict=True)
    ]
    return (
        lanes[["patient", "row", "group"]]
        .assign(
            best=lanes["best"].fillna("none recorded"),
            followed=followed,
            course=lanes["patient"].map(said.groupby(happened["patient"]).agg("; ".join)),
            edge=_edge(drawn.close),
            **in_lanes(lanes["row"], drawn.tops, drawn.close),
        )
        .reset_index(drop=True)
    )


def _edge(close: Density) -> float:
    """The outline of a lane; none where lanes are so thin that it would be all that is seen."""
    return 0.0 if close.compact else 0.5


def _segments(drawn: Drawn, known: pd.DataFrame) -> pd.DataFrame:
    """The states with their colours; those only extended are paler and thinner."""
    segments, colours, unit = drawn.result.segments, drawn.colours, drawn.result.unit
    legible = drawn.close.pitch >= LEAST_FOR_NAMES
    how = segments["assessed"].map({True: "", False: " (extended to last contact)"})
    shown = segments.assign(
        how=segments["state"] + how,
        days=_days(segments, DAYS_PER[unit]),
        shade=segments["assessed"].map({True: 1.0, False: 0.5}).astype(float),
        colour=segments["state"].map(colours),
        ink=[PAPER if _luminance(colours[state]) < DARK else INK for state in segments["state"]],
        needs=[text_width(state, 9) + 14 if legible else math.inf for state in segments["state"]],
        **(_free(segments, drawn.result.marks) if drawn.look.named else {}),
    ).merge(known.drop(columns=["row", "best", "followed"]), on="patient")
    thinner = (shown["bottom"] - shown["top"]) * 0.2 * (~shown["assessed"].astype(bool))
    return shown.assign(top=shown["top"] + thinner, bottom=shown["bottom"] - thinner).replace(math.inf, 10**6)


def _luminance(colour: str) -> float:
    """From 0 (black) to 1 (white), as WCAG 2 weighs the channels."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _therapies(drawn: Drawn, known: pd.DataFrame) -> pd.DataFrame:
    """The bars under the lanes; none under compact ones."""
    rows, thick = drawn.result.therapies, max(2.0, drawn.close.pitch / 8)
    rows = rows[:0] if drawn.close.compact else rows
    placed = rows.assign(days=_days(rows, DAYS_PER[drawn.result.unit]), thick=thick).merge(
        known[["patient", "bottom"]], on="patient"
    )
    return placed.assign(under=placed["bottom"] + thick / 2, colour=placed["kind"].map(BARS))


def _marks(drawn: Drawn, known: pd.DataFrame, span: float) -> pd.DataFrame:
    """The marks with their symbols, apart from each other."""
    result, close = drawn.result, drawn.close
    marks = result.marks[result.marks["kind"].isin(drawn.kinds)]
    looks = symbols(drawn.kinds)
    scale = drawn.plot_width / span
    moved = (
        pd.DataFrame({"right": 0.0, "down": 0.0}, index=marks.index) if close.compact else apart(marks, scale, close)
    )
    placed = marks.assign(
        day=marks["time"] * DAYS_PER[result.unit],
        what=marks["kind"] + marks["outside"].map({True: ", after the end of follow-up", False: ""}),
        shape=marks["kind"].map(lambda kind: looks[kind][0]),
        fill=marks["kind"].map(lambda kind: looks[kind][1]),
        outline=marks["kind"].map(lambda kind: _outline(looks[kind][1], close.compact)),
        size=close.symbol,
        edge=1.0,
        halo=not close.compact,
        right=moved["right"],
        down=moved["down"],
    ).merge(known[["patient", "group", "middle_y"]], on="patient")
    return placed.assign(mark_y=placed["middle_y"] + placed["down"]).drop(columns=["middle_y", "down"])


def _outline(fill: str, compact: bool) -> str:
    """Of a mark: in its own colour where it is so small that the outline is most of it."""
    return OUTLINE if not compact else COMPACT_OUTLINE if fill == PAPER else fill


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


def _headers(drawn: Drawn) -> pd.DataFrame:
    result, sizes = drawn.result, drawn.whole.lanes["group"].value_counts()
    opened = {group.name: group.size for group in result.grouping.groups}
    text = [
        f"{name} ({sizes[name]})" if sizes[name] >= opened.get(name, 0) else f"{name} ({sizes[name]} of {opened[name]})"
        for name in result.headers["group"]
    ]
    return result.headers.assign(text=text)[["row", "text"]]


def strip_tables(drawn: Drawn) -> dict[str, pd.DataFrame]:
    """For each strip its squares or texts (row, value) and its heading, which stands above the first lane."""
    result, strips = drawn.result, drawn.look.strips
    patients = drawn.cohort.patients.set_index("patient_id")
    named: list[tuple[str, pd.Series]] = []
    if len(strips) > len(drawn.columns):
        named.append((result.grouping.label, result.lanes.set_index("patient")["group"]))
    named += [(variable.short or variable.label, patients[variable.name]) for variable in drawn.columns]
    colours = dict(zip(result.grouping.names, drawn.group_colours, strict=True)) | YES_NO_COLOURS
    first = result.lanes["row"].min() if len(result.lanes) else 0
    tables = {}
    for place, ((heading, values), strip) in enumerate(zip(named, strips, strict=True)):
        value = result.lanes["patient"].map(values)
        stated = value.notna() & (value != NOT_STATED) & (strip.kind != TEXT or not drawn.close.compact)
        rows = result.lanes["row"][stated]
        shown = [_shown(each) for each in value[stated]]
        tables[f"strip_{place}"] = pd.DataFrame(
            {
                "row": rows.to_numpy(),
                "value": pd.Series(shown, dtype="object"),
                "colour": pd.Series([colours.get(each, INK) for each in shown], dtype="object"),
                "font": drawn.close.font,
                "edge": _edge(drawn.close),
                **in_lanes(rows, drawn.tops, drawn.close),
            }
        )
        tables[f"strip_head_{place}"] = pd.DataFrame({"text": [heading], "up": [drawn.tops[int(first)] - 1]})
    return tables


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _reference(result: Lanes) -> pd.DataFrame:
    day = result.options.reference_day
    if day is None:
        return pd.DataFrame({"time": pd.Series(dtype="float64"), "text": pd.Series(dtype="object")})
    time = day / DAYS_PER[result.unit]
    return pd.DataFrame({"time": [time], "text": [f"day {day:g}"]})


def _earliest(result: Lanes) -> float:
    return float(result.lanes["start"].min()) if len(result.lanes) else 0.0


def _latest(result: Lanes) -> float:
    return float(result.marks["time"].max()) if len(result.lanes) else 12.0


def _ticks(result: Lanes, pixels: float) -> list[float]:
    """Whole steps from where the earliest lane begins to where the latest one ends, as many as there is room for."""
    steps, earliest = STEPS[result.unit], _earliest(result)
    span = _latest(result) - earliest
    most = max(2.0, min(12.0, pixels / ROOM_OF_TICK))
    step = next((step for step in steps if span / step <= most), None)
    step = step or steps[-1] * math.ceil(span / steps[-1] / most)
    first, last = math.ceil(earliest / step), max(1, math.floor((span + earliest) / step))
    return [float(step * place) for place in range(first, last + 1)]
