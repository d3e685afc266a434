"""Responses at landmarks: one stacked bar of all infused a landmark and group.

The chart depends on the landmarks, the states and the groups of the opened cohort, never on the selection.
"""

from functools import cache
from typing import Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.number import count
from lib.publication.palette import INK
from lib.publication.spec import ExhibitSpec
from lib.publication.theme import HOVER, Specification, keeps, publish, table
from lib.response.at_landmarks import (
    SHORT,
    LandmarkOptions,
    LandmarkResult,
    alt_text,
    at_landmarks,
    caption,
    heading,
    notes,
    state_numbers,
)
from lib.response.rates import by_group, colours_of
from lib.response.state import OUTLINE, on, state_colour, state_words, states_of

ROW_HEIGHT: Final = 24
ROW_GAP: Final = 0.5  # of a row, between two landmarks
GROUP_LABEL: Final = 140  # pixels for a group's name beside the axis
LANDMARK_LABEL: Final = 70
BAR_HEIGHT: Final = 0.84  # of a row
PIXELS_OF_BAR: Final = 5.4  # for one percent
PIXELS_OF_LETTER: Final = 6.8


def landmark_figure(result: LandmarkResult, states: tuple[str, ...]) -> Figure:
    """Stacked bars; `states` are those that the opened cohort can have, and stand in the legend."""
    part, row = _parts(result), _rows(result)
    middle = [
        (landmark.label, _top(result, number, 0) + (len(result.grouping.names) - 1 + BAR_HEIGHT) / 2)
        for number, landmark in enumerate(result.landmarks)
    ]
    return Figure(
        id="response.landmark", title=f"Response at landmarks{by_group(result.grouping)}", chart=bars_chart(len(result.landmarks), states, colours_of(result.grouping)),
        tables={
            "part": part, "row": row, "landmark": pd.DataFrame(middle, columns=["label", "middle"]),
            "heading": pd.DataFrame({"text": [heading(result)]}),
        },
        data=part[["landmark", "group", "state", "n", "of", "carried"]], caption=f"All infused patients: the parts of a bar add up to all of them. {caption(result)}",
        alt=alt_text(result, "Stacked bars of response states"), notes=notes(result), n=result.n, numbers=state_numbers(result),
    )  # fmt: skip


def _top(result: LandmarkResult, landmark: int, slot: int) -> float:
    return landmark * (len(result.grouping.names) + ROW_GAP) + slot + ROW_GAP / 2


def _parts(result: LandmarkResult) -> pd.DataFrame:
    """One row a landmark, group and state, as a stretch of its bar."""
    slot = {name: slot for slot, name in enumerate(result.grouping.names)}
    rows, start, last = [], 0.0, (-1, "")
    for row in result.counts.to_dict("records"):
        bar = (row["landmark"], row["group"])
        start = start if bar == last else 0.0
        share, top, last = 100 * row["n"] / row["of"], _top(result, row["landmark"], slot[row["group"]]), bar
        rows.append((
            result.landmarks[row["landmark"]].label, row["group"], row["state"], state_words(row["state"]), row["n"], row["of"], row["carried"],
            start, start + share, top, top + BAR_HEIGHT, start + share / 2, top + BAR_HEIGHT / 2, _label(row), on(row["state"]),
        ))  # fmt: skip
        start += share
    names = [
        "landmark",
        "group",
        "state",
        "words",
        "n",
        "of",
        "carried",
        "start",
        "end",
        "top",
        "bottom",
        "center",
        "middle",
        "label",
        "ink",
    ]
    return pd.DataFrame(rows, columns=names)


def _label(row: dict) -> str:  # type: ignore[type-arg]  # a pandas record
    """The longest of its names that has room in the bar."""
    name = SHORT.get(row["state"], row["state"])
    room = PIXELS_OF_BAR * 100 * row["n"] / row["of"] / PIXELS_OF_LETTER - 1
    names = (
        f"{state_words(row['state'])} {count(row['n'], row['of'])}",
        f"{name} {count(row['n'], row['of'])}",
        f"{name} {row['n']}",
        str(row["n"]),
    )
    return next((each for each in names if len(each) <= room), "")


def _rows(result: LandmarkResult) -> pd.DataFrame:
    """The name of each group beside each of its bars."""
    rows = [
        (slot, f"{name} ({result.size(name)})" if result.grouping.compares else "", _top(result, number, slot) + BAR_HEIGHT / 2)
        for number in range(len(result.landmarks)) for slot, name in enumerate(result.grouping.names)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["slot", "label", "middle"])


@cache
def bars_chart(n_landmarks: int, states: tuple[str, ...], colours: tuple[str, ...]) -> Specification:
    """The specification of the stacked bars."""
    rows = n_landmarks * (len(colours) + ROW_GAP)
    axis = alt.Axis(values=[0, 25, 50, 75, 100], grid=True, labelFlush=False)
    share = alt.X("start:Q", title="All infused, %", scale=alt.Scale(domain=[0, 100], nice=False), axis=axis)
    down = alt.Scale(domain=[0, rows], nice=False, reverse=True)
    place = alt.Y("top:Q", title=None, scale=down, axis=None)
    middle = alt.Y("middle:Q", scale=down, axis=None)
    told = {
        "landmark": "Landmark",
        "group": "Group",
        "words": "State",
        "n": "Patients",
        "of": "of",
        "carried": "Carried forward",
    }
    bar = table("part").mark_bar(stroke=OUTLINE, strokeWidth=0.6)
    label = table("part").mark_text(baseline="middle", fontSize=11)
    name = table("row").mark_text(align="right", baseline="middle", fontSize=11, limit=GROUP_LABEL, clip=False)
    landmark = table("landmark").mark_text(
        align="right", baseline="middle", fontSize=12, fontWeight="bold", limit=LANDMARK_LABEL + 20, clip=False
    )
    slots = list(range(len(colours)))
    group = alt.Color("slot:N", legend=None, scale=alt.Scale(domain=slots, range=list(colours)))
    left = -8 if len(colours) == 1 else -(GROUP_LABEL + 18)
    ends = {"x": share, "x2": alt.X2("end:Q"), "y": place, "y2": alt.Y2("bottom:Q")}
    layers = [
        bar.encode(**ends, color=state_colour(states)),
        table("part", HOVER).mark_bar(opacity=0).encode(**ends, tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in told.items()]),
        label.encode(x=alt.X("center:Q", scale=share["scale"], axis=axis, title=share["title"]), y=middle, text=alt.Text("label:N"), color=alt.Color("ink:N", scale=None)),
        name.encode(x=alt.XValue(-8), y=middle, text=alt.Text("label:N"), color=group),
        landmark.encode(x=alt.XValue(left), y=middle, text=alt.Text("label:N"), color=alt.ColorValue(INK)),
        keeps("heading"),
    ]  # fmt: skip
    chart = alt.layer(*layers).resolve_scale(color="independent")
    return publish(chart, width=780, height=int(150 + ROW_HEIGHT * rows))


def _build(analysis: Analysis, options: LandmarkOptions) -> Exhibit:
    return landmark_figure(at_landmarks(analysis, options), states_of(analysis.opened))


LANDMARK: Final = ExhibitSpec(
    "response.landmark", needs="responses", title="Response at landmarks", build=_build, options=LandmarkOptions
)
