"""From landmark to landmark: how many patients went from each state to each, as bands as wide as their share of the
group.

Each group has a panel of its own, as high as 100 %: a node's height is the share of the group in the state, a ribbon's
the share that went from one state to the next. The chart depends on the landmarks, the states and the groups of the
opened cohort, never on the selection.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Final

import altair as alt
import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SCREEN, SMALL, text_width
from lib.publication.theme import HOVER, Specification, keeps, publish, table, text_layer, tooltips
from lib.response.at_landmarks import SHORT, LandmarkOptions, LandmarkResult, at_landmarks, method, notes
from lib.response.landmark_bars import alt_text, state_numbers
from lib.response.state import FAILED, OUTLINE, STATES, silent_colour, state_colour, state_words, states_of, untitled

GAP: Final = 4.0  # between the states of a column, in percent of the patients
PANEL_GAP: Final = 22.0  # between the panels of two groups
LEAST_BETWEEN: Final = 6.5  # between two labels of one column
PANEL_HEIGHT: Final = 250
LEFT: Final = 0.06  # of the distance between two landmarks, before the first
LABEL_ROOM: Final = 0.14  # of the width, behind the last
NODE: Final = 0.008  # half the width of a node, of the width of the plot
NARROWEST: Final = 620  # pixels of the figure in a narrow window
AROUND_LABEL: Final = 10  # pixels beside the label of a node
POINTS: Final = 24  # of a ribbon, so that its edges are smooth


@dataclass(frozen=True)
class Flow:
    """Nodes: landmark, group, slot, state, n, of, top, bottom, label_at. Ribbons: landmark, group, slot, start, end, n,
    of, and the top and bottom of both ends. Heights in percent of a group's patients; larger is lower.
    """

    nodes: pd.DataFrame
    ribbons: pd.DataFrame
    panel_tops: tuple[float, ...]


def flow(result: LandmarkResult) -> Flow:
    """Of every group; nobody is lost between two landmarks."""
    nodes, ribbons = [], []
    tops = panel_tops(result)
    for slot, name in enumerate(result.grouping.names):
        rows = result.table[result.table["group"] == name]
        wide = rows.pivot(index="patient", columns="landmark", values="state")
        here = [_nodes(wide[number], number, tops[slot]) for number in range(len(result.landmarks)) if len(wide)]
        nodes += [node.assign(group=name, slot=slot, of=len(wide)) for node in here]
        for number in range(len(here) - 1):
            ribbons.append(
                _ribbons(wide, (here[number], here[number + 1]), number).assign(group=name, slot=slot, of=len(wide))
            )
    node_names = ["landmark", "group", "slot", "state", "n", "of", "top", "bottom", "label_at"]
    ribbon_names = ["landmark", "group", "slot", "start", "end", "n", "of", "top_0", "bottom_0", "top_1", "bottom_1"]
    return Flow(_together(nodes, node_names), _together(ribbons, ribbon_names), tops)


def panel_tops(result: LandmarkResult) -> tuple[float, ...]:
    """Where the panel of each group begins, with room for the column that has most states."""
    most = int(result.counts.groupby(["landmark", "group"]).size().max()) if len(result.counts) else 1
    height = 100.0 + GAP * (most - 1) + PANEL_GAP
    return tuple(slot * height for slot in range(len(result.grouping.names)))


def _together(parts: list[pd.DataFrame], names: list[str]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)[names] if parts else pd.DataFrame(columns=names)


def _nodes(state: pd.Series, landmark: int, top: float) -> pd.DataFrame:
    """The states of one column one under the other, best on top."""
    n, rows = state.value_counts(), []
    for name in (name for name in STATES if n.get(name, 0)):
        height = 100.0 * n[name] / len(state)
        rows.append((landmark, name, int(n[name]), top, top + height))
        top += height + GAP
    nodes = pd.DataFrame(rows, columns=["landmark", "state", "n", "top", "bottom"])
    return nodes.assign(label_at=_spread(list((nodes["top"] + nodes["bottom"]) / 2)))


def _spread(places: list[float]) -> list[float]:
    """The places of labels, moved apart as little as needed and none above the first."""
    below = [*places]
    for place in range(1, len(below)):
        below[place] = max(below[place], below[place - 1] + LEAST_BETWEEN)
    return below


def _ribbons(wide: pd.DataFrame, columns: tuple[pd.DataFrame, pd.DataFrame], landmark: int) -> pd.DataFrame:
    """Every pair of states that occurs; ribbons leave and arrive in the order of the states."""
    one = 100.0 / len(wide)
    tops = [nodes.set_index("state")["top"].to_dict() for nodes in columns]
    pairs = Counter(zip(wide[landmark], wide[landmark + 1], strict=True))
    rows = []
    for start, end in sorted(pairs, key=lambda pair: (STATES.index(pair[0]), STATES.index(pair[1]))):
        height = one * pairs[start, end]
        left, right = tops[0][start], tops[1][end]
        rows.append((landmark, start, end, pairs[start, end], left, left + height, right, right + height))
        tops[0][start], tops[1][end] = left + height, right + height
    return pd.DataFrame(rows, columns=["landmark", "start", "end", "n", "top_0", "bottom_0", "top_1", "bottom_1"])


def flow_figure(result: LandmarkResult, flows: Flow, states: tuple[str, ...], width: int = SCREEN) -> Figure:
    """Bands from landmark to landmark, as wide as the share of a group's patients."""
    label = {number: landmark.label for number, landmark in enumerate(result.landmarks)}
    places = [
        (f"{name} ({result.size(name)})" if result.grouping.compares else "", flows.panel_tops[slot])
        for slot, name in enumerate(result.grouping.names)
    ]
    ribbons = flows.ribbons.assign(ribbon=range(len(flows.ribbons)))
    listed = ribbons.assign(
        from_landmark=ribbons["landmark"].map(label), to_landmark=(ribbons["landmark"] + 1).map(label)
    )
    return Figure(
        id="response.flow",
        title=f"Responses from landmark to landmark{result.grouping.by}",
        chart=flow_chart(len(result.landmarks), states, len(result.grouping.names), width),
        tables={
            "node": _node_table(flows, label, width),
            "ribbon": _bands(ribbons, node_half(len(label))),
            "middle": _middles(ribbons),
            "column": pd.DataFrame({"at": list(map(float, label)), "label": list(label.values())}),
            "group": pd.DataFrame(places, columns=["label", "top"]),
        },
        data=listed[["group", "from_landmark", "start", "to_landmark", "end", "n", "of"]],
        caption=(
            f"Width: share of {'a group' if result.grouping.compares else 'the patients'}; every patient is in every"
            " column."
        ),
        method=method(result),
        alt=alt_text(result, "Flows between response states"),
        notes=notes(result),
        n=result.n,
        numbers=state_numbers(result),
    )


def _node_table(flows: Flow, label: dict[int, str], width: int) -> pd.DataFrame:
    nodes, right = flows.nodes, right_of_last(len(label))
    step = (min(width, NARROWEST) - 22) / (len(label) - 1 + LEFT + right)
    room = [step * (right if row == len(label) - 1 else 1) - AROUND_LABEL for row in nodes["landmark"]]
    words = [_label(*row) for row in zip(nodes["state"], nodes["n"], room, strict=True)]
    at, half = nodes["landmark"].astype(float), node_half(len(label))
    shown = nodes.assign(
        left=at - half,
        right=at + half,
        label=words,
        words=nodes["state"].map(state_words),
        landmark=nodes["landmark"].map(label),
    )
    return shown.drop(columns=["slot"])


def _label(state: str, n: int, room: float) -> str:
    """The longest of the names of a state that has room."""
    names = (FAILED if state == FAILED else state_words(state), SHORT.get(state, state))
    return next((f"{name} {n}" for name in names if text_width(f"{name} {n}", SMALL) <= room), f"{names[-1]} {n}")


def _bands(ribbons: pd.DataFrame, half: float) -> pd.DataFrame:
    """Every ribbon as points along an S-shaped way between its two ends."""
    way = np.linspace(0.0, 1.0, POINTS)
    turned = way * way * (3 - 2 * way)
    parts = [
        pd.DataFrame(
            {
                "ribbon": row["ribbon"],
                "state": row["start"],
                "at": row["landmark"] + half + way * (1 - 2 * half),
                "top": row["top_0"] + turned * (row["top_1"] - row["top_0"]),
                "bottom": row["bottom_0"] + turned * (row["bottom_1"] - row["bottom_0"]),
            }
        )
        for row in ribbons.to_dict("records")
    ]
    return (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=["ribbon", "state", "at", "top", "bottom"])
    )


def _middles(ribbons: pd.DataFrame) -> pd.DataFrame:
    """The middle of every ribbon, where the pointer asks."""
    top = (ribbons["top_0"] + ribbons["bottom_0"] + ribbons["top_1"] + ribbons["bottom_1"]) / 4
    reported = ribbons.assign(
        at=ribbons["landmark"] + 0.5,
        top=top,
        start=ribbons["start"].map(state_words),
        end=ribbons["end"].map(state_words),
    )
    return reported[["at", "top", "start", "end", "group", "n", "of"]]


def node_half(n_landmarks: int) -> float:
    """Half the width of a node, in distances between two landmarks."""
    return NODE * (n_landmarks - 1 + LEFT + right_of_last(n_landmarks))


def right_of_last(n_landmarks: int) -> float:
    """The room for labels behind the last landmark, in distances between two landmarks."""
    return LABEL_ROOM * (n_landmarks - 1 + LEFT) / (1 - LABEL_ROOM)


@cache
def flow_chart(n_landmarks: int, states: tuple[str, ...], groups: int, width: int) -> Specification:
    """The specification of the flows in so many groups."""
    across = alt.Scale(domain=[-LEFT, n_landmarks - 1 + right_of_last(n_landmarks)], nice=False, zero=False)
    down = alt.Scale(nice=False, zero=False, reverse=True)
    x, y = alt.X("at:Q", scale=across, axis=None), alt.Y("top:Q", scale=down, axis=None)
    ends = {"x": alt.X("left:Q", scale=across, axis=None), "x2": alt.X2("right:Q"), "y": y, "y2": alt.Y2("bottom:Q")}
    colour, silent = state_colour(states, width, offset=38), silent_colour(states)
    tooltip = tooltips({"landmark": "Landmark", "group": "Group", "words": "State", "n": "Patients", "of": "of"})
    ribbon = table("ribbon").mark_area(opacity=1, fillOpacity=0.55, stroke=OUTLINE, strokeWidth=0.4, strokeOpacity=0.6)
    node = table("node").mark_rect(stroke="#555555", strokeWidth=0.7, opacity=1)
    bold = {"fontSize": 12, "fontWeight": "bold", "align": "left", "baseline": "bottom"}
    group = text_layer(table("group"), "label", alt.XValue(0), y, **bold)
    column = {"fontSize": 12, "fontWeight": "bold", "baseline": "top"}
    label_at = alt.X("right:Q", scale=across, axis=None), alt.Y("label_at:Q", scale=down, axis=None)
    label = text_layer(table("node"), "label", *label_at, align="left", baseline="middle", fontSize=SMALL)
    ways = tooltips({"start": "From", "end": "To", "group": "Group", "n": "Patients", "of": "of"})
    layers = [
        ribbon.encode(x=x, y=y, y2=alt.Y2("bottom:Q"), detail=alt.Detail("ribbon:N"), color=silent),
        table("middle", HOVER).mark_point(size=200, opacity=0).encode(x=x, y=y, tooltip=ways),
        node.encode(**ends, color=colour, tooltip=tooltip),
        label.encode(xOffset=alt.XOffsetValue(5)),
        text_layer(table("column"), "label", x, alt.YValue(alt.ExprRef("height + 10")), **column),
        group.encode(yOffset=alt.YOffsetValue(-5)) if groups > 1 else keeps("group"),
    ]
    chart = alt.layer(*layers).resolve_scale(color="independent")
    height = 130 + (PANEL_HEIGHT if groups > 1 else 330) * groups
    return untitled(publish(chart, width=width, height=height))


def _build(analysis: Analysis, options: LandmarkOptions) -> Exhibit:
    found = at_landmarks(analysis, options)
    return flow_figure(found, flow(found), states_of(analysis.opened), options.width)


FLOW: Final = ExhibitSpec(
    "response.flow",
    needs="responses",
    title="Flows between landmarks",
    build=_build,
    options=LandmarkOptions,
    when=lambda *of: len(at_landmarks(*of).landmarks) > 1,
)
