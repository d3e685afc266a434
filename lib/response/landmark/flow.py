"""From landmark to landmark: how many patients went from each state to each, and where nodes and ribbons stand.

Each group has a panel of its own, as high as 100 %: a node's height is the share of the group in the state, a ribbon's the share that went
from one state to the next.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.response.landmark.result import LandmarkResult
from lib.response.state import STATES

GAP: Final = 4.0  # between the states of a column, in percent of the patients
PANEL_GAP: Final = 22.0  # between the panels of two groups
LEAST_BETWEEN: Final = 6.5  # between two labels of one column


@dataclass(frozen=True)
class Flow:
    """Nodes: landmark, group, slot, state, n, of, top, bottom, label_at. Ribbons: landmark, group, slot, start, end, n, of, and the top and
    bottom of both ends. Heights in percent of a group's patients; larger is lower.
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
