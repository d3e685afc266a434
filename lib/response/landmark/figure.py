"""The figures of responses at landmarks: stacked bars of all infused, and flows from landmark to landmark."""

from typing import Final

import numpy as np
import pandas as pd

from lib.publication.exhibit import Figure
from lib.publication.number import count
from lib.publication.palette import group_colours
from lib.response.chart import on
from lib.response.landmark.chart import ROW_GAP, bars_chart, flow_chart, node_half
from lib.response.landmark.flow import Flow
from lib.response.landmark.result import LandmarkResult
from lib.response.landmark.words import (
    FAILED_SHORT,
    SHORT,
    alt_text,
    caption,
    heading,
    notes,
    state_numbers,
    state_words,
)
from lib.response.state import FAILED

BAR_HEIGHT: Final = 0.84  # of a row
PIXELS_OF_BAR: Final = 5.4  # for one percent
PIXELS_OF_LETTER: Final = 6.8
POINTS: Final = 24  # of a ribbon, so that its edges are smooth


def landmark_figure(result: LandmarkResult, states: tuple[str, ...]) -> Figure:
    """Stacked bars; `states` are those that the opened cohort can have, and stand in the legend."""
    part, row = _parts(result), _rows(result)
    middle = [
        (landmark.label, _top(result, number, 0) + (len(result.grouping.names) - 1 + BAR_HEIGHT) / 2)
        for number, landmark in enumerate(result.landmarks)
    ]
    return Figure(
        id="response.landmark", title=f"Response at landmarks{_by(result)}", chart=bars_chart(len(result.landmarks), states, _colours(result)),
        tables={
            "part": part, "row": row, "landmark": pd.DataFrame(middle, columns=["label", "middle"]),
            "heading": pd.DataFrame({"text": [heading(result)]}),
        },
        data=part[["landmark", "group", "state", "n", "of", "carried"]], caption=f"All infused patients: the parts of a bar add up to all of them. {caption(result)}",
        alt=alt_text(result, "Stacked bars of response states"), notes=notes(result), n=result.n, numbers=state_numbers(result),
    )  # fmt: skip


def flow_figure(result: LandmarkResult, flows: Flow, states: tuple[str, ...]) -> Figure:
    """Bands from landmark to landmark, as wide as the share of a group's patients."""
    label = {number: landmark.label for number, landmark in enumerate(result.landmarks)}
    places = [
        (slot, f"{name} ({result.size(name)})" if result.grouping.compares else "", flows.panel_tops[slot])
        for slot, name in enumerate(result.grouping.names)
    ]
    ribbons = flows.ribbons.assign(ribbon=range(len(flows.ribbons)))
    listed = ribbons.assign(
        from_landmark=ribbons["landmark"].map(label), to_landmark=(ribbons["landmark"] + 1).map(label)
    )
    return Figure(
        id="response.flow", title=f"Responses from landmark to landmark{_by(result)}", chart=flow_chart(len(result.landmarks), states, _colours(result)),
        tables={
            "node": _node_table(flows, label), "ribbon": _bands(ribbons, node_half(len(label))), "middle": _middles(ribbons),
            "column": pd.DataFrame({"at": list(map(float, label)), "label": list(label.values())}),
            "group": pd.DataFrame(places, columns=["slot", "label", "top"]), "heading": pd.DataFrame({"text": [heading(result)]}),
        },
        data=listed[["group", "from_landmark", "start", "to_landmark", "end", "n", "of"]],
        caption=f"Width: share of {'a group' if result.grouping.compares else 'the patients'}; every patient is in every column. {caption(result)}",
        alt=alt_text(result, "Flows between response states"), notes=notes(result), n=result.n, numbers=state_numbers(result),
    )  # fmt: skip


def _by(result: LandmarkResult) -> str:
    return f" by {result.grouping.label}" if result.grouping.compares else ""


def _colours(result: LandmarkResult) -> tuple[str, ...]:
    return group_colours([group.colour for group in result.grouping.groups])


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
    wishes = (
        f"{state_words(row['state'])} {count(row['n'], row['of'])}",
        f"{name} {count(row['n'], row['of'])}",
        f"{name} {row['n']}",
        str(row["n"]),
    )
    return next((wish for wish in wishes if len(wish) <= room), "")


def _rows(result: LandmarkResult) -> pd.DataFrame:
    """The name of each group beside each of its bars."""
    rows = [
        (slot, f"{name} ({result.size(name)})" if result.grouping.compares else "", _top(result, number, slot) + BAR_HEIGHT / 2)
        for number in range(len(result.landmarks)) for slot, name in enumerate(result.grouping.names)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["slot", "label", "middle"])


def _node_table(flows: Flow, label: dict[int, str]) -> pd.DataFrame:
    nodes = flows.nodes
    words = [
        f"{FAILED_SHORT if row['state'] == FAILED else state_words(row['state'])} {row['n']}"
        for row in nodes.to_dict("records")
    ]
    at, half = nodes["landmark"].astype(float), node_half(len(label))
    shown = nodes.assign(
        left=at - half,
        right=at + half,
        label=words,
        words=nodes["state"].map(state_words),
        landmark=nodes["landmark"].map(label),
    )
    return shown.drop(columns=["slot"])


def _bands(ribbons: pd.DataFrame, half: float) -> pd.DataFrame:
    """Every ribbon as points along an S-shaped way between its two ends."""
    way = np.linspace(0.0, 1.0, POINTS)
    turned = way * way * (3 - 2 * way)
    parts = [
        pd.DataFrame({
            "ribbon": row["ribbon"], "state": row["start"], "at": row["landmark"] + half + way * (1 - 2 * half),
            "top": row["top_0"] + turned * (row["top_1"] - row["top_0"]), "bottom": row["bottom_0"] + turned * (row["bottom_1"] - row["bottom_0"]),
        })
        for row in ribbons.to_dict("records")
    ]  # fmt: skip
    return (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=["ribbon", "state", "at", "top", "bottom"])
    )


def _middles(ribbons: pd.DataFrame) -> pd.DataFrame:
    """The middle of every ribbon, where the pointer asks."""
    top = (ribbons["top_0"] + ribbons["bottom_0"] + ribbons["top_1"] + ribbons["bottom_1"]) / 4
    told = ribbons.assign(
        at=ribbons["landmark"] + 0.5,
        top=top,
        start=ribbons["start"].map(state_words),
        end=ribbons["end"].map(state_words),
    )
    return told[["at", "top", "start", "end", "group", "n", "of"]]
